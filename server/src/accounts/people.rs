//! The accounts of people.

use domain::{command::Actor, role::Role};
use sqlx::SqliteConnection;

use super::{AccountError, Accounts, LONGEST_NAME, Secret, hashing::For, taken};

/// The shortest password, in characters (NIST SP 800-63B-4 asks for 15 without a second factor; BSI for 8 with complexity).
pub const PASSWORD_LENGTH: usize = 12;

impl Accounts {
    /// Adds a person.
    ///
    /// # Errors
    /// When the name is taken or the password too short.
    pub async fn add(&self, name: &str, role: Role, password: String) -> Result<Actor, AccountError> {
        check_credentials(name, &password)?;
        let hash = self.hashing.hash(password, For::Known).await?;
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let actor = self.insert(&mut transaction, name, role, &hash).await?;
        transaction.commit().await?;
        Ok(actor)
    }

    /// Adds a person whose password is hashed already. With an administrator there is no more use for a set-up link.
    pub(super) async fn insert(
        &self,
        connection: &mut SqliteConnection,
        name: &str,
        role: Role,
        hash: &str,
    ) -> Result<Actor, AccountError> {
        let id = format!("account-{}", &Secret::new()?.as_str()[..12]);
        sqlx::query("INSERT INTO account (id, name, role, password_hash, created_at) VALUES (?, ?, ?, ?, ?)")
            .bind(&id)
            .bind(name)
            .bind(role.word())
            .bind(hash)
            .bind(self.clock.now().to_string())
            .execute(&mut *connection)
            .await
            .map_err(|error| taken(error, name))?;
        if role == Role::Admin {
            sqlx::query("DELETE FROM setup_link").execute(connection).await?;
        }
        Ok(Actor { id, role })
    }
}

/// Refuses what may not become a name or a password.
pub(super) fn check_credentials(name: &str, password: &str) -> Result<(), AccountError> {
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(AccountError::BadName);
    }
    if password.chars().count() < PASSWORD_LENGTH {
        return Err(AccountError::ShortPassword);
    }
    Ok(())
}
