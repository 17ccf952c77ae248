//! The tokens of programs.

use domain::access::Role;
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{AssertSqlSafe, Row, sqlite::SqliteRow};

use super::{AccountError, Accounts, Identity, OLDEST_FIRST, Secret, fingerprint, identity, names::Name, sortable};

/// A token, as those see it who manage tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Token {
    pub id: String,
    pub name: String,
    pub role: Role,
    /// RFC 3339.
    pub created_at: String,
    /// From when on it does not work any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Since when it does not work any more; RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<String>,
    /// The id of the person with whom it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// For what a token is to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub name: String,
    pub role: Role,
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
    pub async fn create_token(&self, name: &str, role: Role, expires_at: Option<Timestamp>) -> Result<Secret, AccountError> {
        let name = name.to_owned();
        let owner = None;
        self.make_token(NewToken {
            name,
            role,
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
        let name = Name::parse(&token.name)?;
        let owner = match &token.owner {
            Some(owner) => Some(self.person(owner).await?.id),
            None => None,
        };
        let secret = Secret::new()?;
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let others = sqlx::query_scalar("SELECT name FROM api_token")
            .fetch_all(&mut *transaction)
            .await?;
        name.refuse_taken(others)?;
        sqlx::query("INSERT INTO api_token (id, name, role, token_hash, created_at, expires_at, owner) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(format!("token-{}", &Secret::new()?.as_str()[..12]))
            .bind(name.as_str())
            .bind(token.role.word())
            .bind(fingerprint(secret.as_str()))
            .bind(self.clock.now().to_string())
            .bind(token.expires_at.map(sortable))
            .bind(owner)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(secret)
    }

    /// Which program holds this token, if it is still valid.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_token(&self, secret: &str) -> Result<Option<Identity>, AccountError> {
        let row = sqlx::query(
            "SELECT id, name, role FROM api_token
             WHERE token_hash = ? AND (expires_at IS NULL OR expires_at > ?) AND revoked_at IS NULL",
        )
        .bind(fingerprint(secret))
        .bind(sortable(self.clock.now()))
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(identity).transpose()
    }

    /// All tokens, the oldest first, those included that do not work any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens(&self) -> Result<Vec<Token>, AccountError> {
        let rows = sqlx::query(AssertSqlSafe(format!(
            "SELECT id, name, role, created_at, expires_at, revoked_at, owner FROM api_token ORDER BY {OLDEST_FIRST}"
        )))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(token).collect()
    }

    /// Ends a token now. `which` is a name or an id.
    ///
    /// # Errors
    /// When there is none of this name.
    pub async fn revoke(&self, which: &str) -> Result<Token, AccountError> {
        let mut tokens = self.tokens().await?;
        let place = tokens.iter().position(|token| token.id == which || token.name == which);
        let place = place.ok_or_else(|| AccountError::NoToken(which.chars().take(100).collect()))?;
        let mut token = tokens.swap_remove(place);
        let now = self.clock.now().to_string();
        sqlx::query("UPDATE api_token SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?")
            .bind(&now)
            .bind(&token.id)
            .execute(&self.pool)
            .await?;
        token.revoked_at.get_or_insert(now);
        Ok(token)
    }
}

fn token(row: &SqliteRow) -> Result<Token, AccountError> {
    let known = identity(row)?;
    let expires_at: Option<String> = row.try_get(4)?;
    let instant = |text: String| {
        let milliseconds = text.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Timestamp::from_millisecond(milliseconds).map_err(|error| sqlx::Error::Decode(Box::new(error)))
    };
    Ok(Token {
        id: known.actor.id,
        name: known.name,
        role: known.actor.role,
        created_at: row.try_get(3)?,
        expires_at: expires_at.map(instant).transpose()?,
        revoked_at: row.try_get(5)?,
        owner: row.try_get(6)?,
    })
}
