//! The set-up link: how the first administrator is made.

use domain::access::Role;

use super::{AccountError, Accounts, Identity, Secret, fingerprint, hashing::For, names::Name, passwords, sessions::SignedIn};

impl Accounts {
    /// The token of a new set-up link, when there is no administrator yet; older links stop working.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn setup_link(&self) -> Result<Option<Secret>, AccountError> {
        // Looked at first without the right to write, which a database may lack.
        if self.identities.has_administrator().await? {
            return Ok(None);
        }
        let secret = Secret::new()?;
        let mut change = self.identities.change().await?;
        if change.has_administrator().await? {
            return Ok(None);
        }
        change.offer_setup_link(&fingerprint(secret.as_str())).await?;
        change.commit().await?;
        Ok(Some(secret))
    }

    /// Makes the first administrator, against the set-up link, and signs them in.
    ///
    /// # Errors
    /// When the link was used, there is an administrator already, or name or password may not be taken; the link then works on.
    pub async fn set_up(&self, link: &str, name: &str, password: String) -> Result<SignedIn, AccountError> {
        let link = fingerprint(link);
        // Before anything else, so that strangers cost nothing.
        if !self.identities.knows_setup_link(&link).await? {
            return Err(AccountError::WrongSetupLink);
        }
        let name = Name::parse(name)?;
        passwords::check(&password, name.as_str())?;
        let hash = self.hashing.hash(password, For::Known).await?;
        let mut change = self.identities.change().await?;
        // The link is taken by whoever comes first; should anything fail from here on, it is as if nobody had come.
        if !change.take_setup_link(&link).await? || change.has_administrator().await? {
            return Err(AccountError::WrongSetupLink);
        }
        let actor = self.insert(&mut change, &name, Role::Admin.into(), &hash).await?;
        let identity = Identity {
            name: name.as_str().to_owned(),
            actor,
            has_second_factor: false,
            is_from_outside: false,
        };
        let signed_in = self.begin_session(&mut change, identity, None).await?;
        change.commit().await?;
        Ok(signed_in)
    }
}
