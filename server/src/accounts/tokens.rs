//! The tokens of programs.

use domain::access::{Grants, TOKEN};
use jiff::Timestamp;
use store::identity::{Identity, NewToken as NewRow, Token};

use super::{AccountError, Accounts, Secret, fingerprint, names::Name};

/// For what a token is to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub name: String,
    pub grants: Grants,
    /// `None`: it works until it is revoked.
    pub expires_at: Option<Timestamp>,
    /// The name or id of the person with whom it ends, if there is one.
    pub owner: Option<String>,
}

impl Accounts {
    /// Makes a token for a program; it is told only now.
    ///
    /// # Errors
    /// When the name is taken.
    pub async fn create_token(&self, name: &str, grants: impl Into<Grants>, expires_at: Option<Timestamp>) -> Result<Secret, AccountError> {
        let name = name.to_owned();
        let owner = None;
        self.make_token(NewToken {
            name,
            grants: grants.into(),
            expires_at,
            owner,
        })
        .await
    }

    /// Makes a token for a program, which may end with a person's account.
    ///
    /// # Errors
    /// When the name is taken, or there is no such person.
    pub async fn make_token(&self, token: NewToken) -> Result<Secret, AccountError> {
        Ok(self.make_known_token(token).await?.1)
    }

    /// The same with the id of the token.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn make_known_token(&self, token: NewToken) -> Result<(String, Secret), AccountError> {
        let name = Name::parse(&token.name)?;
        let owner = match &token.owner {
            Some(owner) => Some(self.person(owner).await?.id),
            None => None,
        };
        let secret = Secret::new()?;
        let mut change = self.identities.change().await?;
        name.refuse_taken(change.names_of_programs().await?)?;
        let id = format!("{TOKEN}{}", &Secret::new()?.as_str()[..12]);
        let row = NewRow {
            id: &id,
            name: name.as_str(),
            grants: &token.grants,
            fingerprint: &fingerprint(secret.as_str()),
            created_at: self.clock.now(),
            expires_at: token.expires_at,
            owner: owner.as_deref(),
        };
        change.add_token(row).await?;
        change.commit().await?;
        Ok((id, secret))
    }

    /// Which program holds this token, if it is still valid.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_token(&self, secret: &str) -> Result<Option<Identity>, AccountError> {
        let found = self.identities.by_token(&fingerprint(secret), self.clock.now()).await?;
        self.is_here(found.as_ref());
        Ok(found)
    }

    /// All tokens, the oldest first, those included that do not work any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens(&self) -> Result<Vec<Token>, AccountError> {
        Ok(self.identities.tokens().await?)
    }

    /// Ends a token now. `which` is a name or an id.
    ///
    /// # Errors
    /// When there is none of this name.
    pub async fn revoke(&self, which: &str) -> Result<Token, AccountError> {
        let mut token = self.token(which).await?;
        let now = self.clock.now();
        self.identities.revoke(&token.id, now).await?;
        token.revoked_at.get_or_insert(now.to_string());
        Ok(token)
    }

    /// The token of this name or id.
    ///
    /// # Errors
    /// When there is none.
    pub async fn token(&self, which: &str) -> Result<Token, AccountError> {
        let mut tokens = self.tokens().await?.into_iter();
        let found = tokens.find(|token| token.id == which || token.name == which);
        found.ok_or_else(|| AccountError::NoToken(which.chars().take(100).collect()))
    }
}
