//! The accounts of people.

use domain::access::Role;
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{AssertSqlSafe, Row};

use super::{Identities, identity};
use crate::tables::{Change, OLDEST_FIRST, TableError};

/// A person, as those see it who manage people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub role: Role,
    /// RFC 3339.
    pub created_at: String,
    /// Since when they cannot sign in; RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<String>,
}

/// An account that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewPerson<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub password_hash: &'a str,
    pub created_at: Timestamp,
}

impl Identities {
    /// Everybody, the oldest account first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people(&self) -> Result<Vec<Person>, TableError> {
        let query = format!("SELECT id, name, role, created_at, disabled_at FROM account ORDER BY {OLDEST_FIRST}");
        let rows = self.0.within(sqlx::query(AssertSqlSafe(query)).fetch_all(&self.0.pool)).await?;
        let person = |row| {
            let known = identity(row)?;
            Ok(Person {
                id: known.actor.id,
                name: known.name,
                role: known.actor.role,
                created_at: row.try_get(3)?,
                disabled_at: row.try_get(4)?,
            })
        };
        rows.iter().map(person).collect()
    }

    /// Lets a person sign in again. What has ended stays ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enable(&self, id: &str) -> Result<(), TableError> {
        let query = sqlx::query("UPDATE account SET disabled_at = NULL WHERE id = $1").bind(id);
        self.0.execute(query).await
    }
}

impl Change {
    /// The names of all people.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names_of_people(&mut self) -> Result<Vec<String>, TableError> {
        self.all(sqlx::query_scalar("SELECT name FROM account")).await
    }

    /// Adds a person. With an administrator there is no more use for a set-up link.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_person(&mut self, person: NewPerson<'_>) -> Result<(), TableError> {
        let query = sqlx::query("INSERT INTO account (id, name, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(person.id)
            .bind(person.name)
            .bind(person.role.word())
            .bind(person.password_hash)
            .bind(person.created_at.to_string());
        self.execute(query).await?;
        if person.role == Role::Admin {
            self.execute(sqlx::query("DELETE FROM setup_link")).await?;
        }
        Ok(())
    }

    /// Whether an administrator may sign in beside this person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_other_administrator(&mut self, id: &str) -> Result<bool, TableError> {
        let query = sqlx::query_scalar("SELECT id FROM account WHERE role = $1 AND disabled_at IS NULL AND id <> $2 LIMIT 1")
            .bind(Role::Admin.word())
            .bind(id);
        let found: Vec<String> = self.all(query).await?;
        Ok(!found.is_empty())
    }

    /// Keeps a person out; their sessions and tokens end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn disable(&mut self, id: &str, now: Timestamp) -> Result<(), TableError> {
        let now = now.to_string();
        for update in [
            "UPDATE account SET disabled_at = coalesce(disabled_at, $1) WHERE id = $2",
            "UPDATE api_token SET revoked_at = coalesce(revoked_at, $1) WHERE owner = $2",
        ] {
            self.execute(sqlx::query(update).bind(now.as_str()).bind(id)).await?;
        }
        self.forget_sessions(id).await
    }

    /// Gives a person a new password; their sessions end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_password(&mut self, id: &str, hash: &str) -> Result<(), TableError> {
        let query = sqlx::query("UPDATE account SET password_hash = $1 WHERE id = $2")
            .bind(hash)
            .bind(id);
        self.execute(query).await?;
        self.forget_sessions(id).await
    }

    /// Ends all sessions of a person; their browsers are unknown again.
    async fn forget_sessions(&mut self, id: &str) -> Result<(), TableError> {
        for delete in [
            "DELETE FROM session WHERE account = $1",
            "DELETE FROM known_browser WHERE account = $1",
        ] {
            self.execute(sqlx::query(delete).bind(id)).await?;
        }
        Ok(())
    }
}
