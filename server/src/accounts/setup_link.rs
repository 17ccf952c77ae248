//! The set-up link: how the first administrator is made.

use domain::access::Role;
use sqlx::SqliteConnection;

use super::{AccountError, Accounts, Secret, fingerprint, hashing::For, names::Name, passwords, sessions::SignedIn};

impl Accounts {
    /// The token of a new set-up link, when there is no administrator yet; older links stop working.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn setup_link(&self) -> Result<Option<Secret>, AccountError> {
        // Looked at first without the right to write, which a database may lack.
        if has_administrator(&mut *self.pool.acquire().await?).await? {
            return Ok(None);
        }
        let secret = Secret::new()?;
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        if has_administrator(&mut transaction).await? {
            return Ok(None);
        }
        sqlx::query("DELETE FROM setup_link").execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO setup_link (token_hash) VALUES (?)")
            .bind(fingerprint(secret.as_str()))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Some(secret))
    }

    /// Makes the first administrator, against the set-up link, and signs them in.
    ///
    /// # Errors
    /// When the link was used, there is an administrator already, or name or password may not be taken; the link then works on.
    pub async fn set_up(&self, link: &str, name: &str, password: String) -> Result<SignedIn, AccountError> {
        let link = fingerprint(link);
        let is_there: Option<i64> = sqlx::query_scalar("SELECT 1 FROM setup_link WHERE token_hash = ?")
            .bind(&link)
            .fetch_optional(&self.pool)
            .await?;
        // Before anything else, so that strangers cost nothing.
        if is_there.is_none() {
            return Err(AccountError::WrongSetupLink);
        }
        let name = Name::parse(name)?;
        passwords::check(&password, name.as_str())?;
        let hash = self.hashing.hash(password, For::Known).await?;
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        // The link is taken by whoever comes first; should anything fail from here on, it is as if nobody had come.
        let taken = sqlx::query("DELETE FROM setup_link WHERE token_hash = ?")
            .bind(&link)
            .execute(&mut *transaction)
            .await?;
        if taken.rows_affected() == 0 || has_administrator(&mut transaction).await? {
            return Err(AccountError::WrongSetupLink);
        }
        let actor = self.insert(&mut transaction, &name, Role::Admin, &hash).await?;
        let signed_in = self
            .begin_session(
                &mut transaction,
                super::Identity {
                    name: name.as_str().to_owned(),
                    actor,
                },
                None,
            )
            .await?;
        transaction.commit().await?;
        Ok(signed_in)
    }
}

async fn has_administrator(connection: &mut SqliteConnection) -> Result<bool, AccountError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM account WHERE role = ? AND disabled_at IS NULL LIMIT 1")
        .bind(Role::Admin.word())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}
