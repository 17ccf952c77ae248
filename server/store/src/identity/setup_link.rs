//! The set-up link.

use domain::access::Role;

use super::Identities;
use crate::tables::{Change, TableError};

const AN_ADMINISTRATOR: &str = "SELECT id FROM account WHERE role = $1 AND disabled_at IS NULL LIMIT 1";

impl Identities {
    /// Whether there is an administrator who may sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_administrator(&self) -> Result<bool, TableError> {
        let query = sqlx::query_scalar(AN_ADMINISTRATOR).bind(Role::Admin.word());
        let found: Option<String> = self.0.within(query.fetch_optional(&self.0.pool)).await?;
        Ok(found.is_some())
    }

    /// Whether the set-up link with this fingerprint was not used yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn knows_setup_link(&self, fingerprint: &str) -> Result<bool, TableError> {
        let query = sqlx::query_scalar("SELECT token_hash FROM setup_link WHERE token_hash = $1").bind(fingerprint);
        let found: Option<String> = self.0.within(query.fetch_optional(&self.0.pool)).await?;
        Ok(found.is_some())
    }
}

impl Change {
    /// Whether there is an administrator who may sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_administrator(&mut self) -> Result<bool, TableError> {
        let query = sqlx::query_scalar(AN_ADMINISTRATOR).bind(Role::Admin.word());
        let found: Vec<String> = self.all(query).await?;
        Ok(!found.is_empty())
    }

    /// Makes this the only set-up link.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer_setup_link(&mut self, fingerprint: &str) -> Result<(), TableError> {
        self.execute(sqlx::query("DELETE FROM setup_link")).await?;
        let query = sqlx::query("INSERT INTO setup_link (token_hash) VALUES ($1)").bind(fingerprint);
        self.execute(query).await?;
        Ok(())
    }

    /// Uses the set-up link; whether it was there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_setup_link(&mut self, fingerprint: &str) -> Result<bool, TableError> {
        let query = sqlx::query("DELETE FROM setup_link WHERE token_hash = $1").bind(fingerprint);
        Ok(self.execute(query).await? > 0)
    }
}
