//! The tokens of programs.

use domain::role::Role;
use jiff::Timestamp;

use super::{AccountError, Accounts, Identity, LONGEST_NAME, Secret, fingerprint, identity, sortable, taken};

impl Accounts {
    /// Makes a token for a program; it is told only now.
    ///
    /// # Errors
    /// When the name is taken.
    pub async fn create_token(&self, name: &str, role: Role, expires_at: Option<Timestamp>) -> Result<Secret, AccountError> {
        if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(AccountError::BadName);
        }
        let secret = Secret::new()?;
        sqlx::query("INSERT INTO api_token (id, name, role, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(format!("token-{}", &Secret::new()?.as_str()[..12]))
            .bind(name)
            .bind(role.word())
            .bind(fingerprint(secret.as_str()))
            .bind(self.clock.now().to_string())
            .bind(expires_at.map(sortable))
            .execute(&self.pool)
            .await
            .map_err(|error| taken(error, name))?;
        Ok(secret)
    }

    /// Which program holds this token, if it is still valid.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_token(&self, secret: &str) -> Result<Option<Identity>, AccountError> {
        let row = sqlx::query("SELECT id, name, role FROM api_token WHERE token_hash = ? AND (expires_at IS NULL OR expires_at > ?)")
            .bind(fingerprint(secret))
            .bind(sortable(self.clock.now()))
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(identity).transpose()
    }
}
