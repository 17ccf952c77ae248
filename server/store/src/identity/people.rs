//! The accounts of people.

use domain::access::{Grants, Role};
use jiff::Timestamp;
use sqlx::{
    Any, Row,
    any::{AnyArguments, AnyRow},
    query::Query,
};

use super::{
    Identities, Identity,
    grants::{Holders, NO_ROLE, identities, select},
};
use crate::tables::{Change, OLDEST_FIRST, TableError, instant};

/// A person, as those see it who manage people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: String,
    pub name: String,
    /// The highest that they hold anywhere; `None`: they hold none.
    pub role: Option<Role>,
    pub grants: Grants,
    /// RFC 3339.
    pub created_at: String,
    /// Since when they cannot sign in; RFC 3339.
    pub disabled_at: Option<String>,
    /// When they were here last, to the hour.
    pub used_at: Option<Timestamp>,
    /// Whether more than the password is asked of them.
    pub has_second_factor: bool,
    /// Whether a provider elsewhere vouches for them.
    pub is_from_outside: bool,
}

/// An account that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewPerson<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub grants: &'a Grants,
    pub password_hash: &'a str,
    pub created_at: Timestamp,
}

impl Identities {
    /// Everybody, the oldest account first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people(&self) -> Result<Vec<Person>, TableError> {
        let rows = self.0.within(everybody().fetch_all(&self.0.pool)).await?;
        people(&rows)
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

fn everybody() -> Query<'static, Any, AnyArguments> {
    let query = select(
        Holders::People,
        "created_at, disabled_at, used_at",
        &format!("ORDER BY {OLDEST_FIRST}"),
    );
    sqlx::query(query)
}

fn people(rows: &[AnyRow]) -> Result<Vec<Person>, TableError> {
    let person = |(known, row): (Identity, &AnyRow)| {
        Ok(Person {
            id: known.actor.id,
            name: known.name,
            role: known.actor.grants.highest(),
            grants: known.actor.grants,
            created_at: row.try_get(5)?,
            disabled_at: row.try_get(6)?,
            used_at: row.try_get::<Option<String>, _>(7)?.as_deref().map(instant).transpose()?,
            has_second_factor: known.has_second_factor,
            is_from_outside: known.is_from_outside,
        })
    };
    identities(rows)?.into_iter().map(person).collect()
}

impl Change {
    /// Everybody, the oldest account first, as they are for as long as this change lasts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people(&mut self) -> Result<Vec<Person>, TableError> {
        people(&self.rows(everybody()).await?)
    }

    /// The names of all people.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names_of_people(&mut self) -> Result<Vec<String>, TableError> {
        self.all(sqlx::query_scalar("SELECT name FROM account")).await
    }

    /// Adds a person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_person(&mut self, person: NewPerson<'_>) -> Result<(), TableError> {
        let query = sqlx::query("INSERT INTO account (id, name, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(person.id)
            .bind(person.name)
            .bind(NO_ROLE)
            .bind(person.password_hash)
            .bind(person.created_at.to_string());
        self.execute(query).await?;
        self.set_grants(Holders::People, person.id, person.grants).await
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
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_sessions(&mut self, id: &str) -> Result<(), TableError> {
        for delete in [
            "DELETE FROM session WHERE account = $1",
            "DELETE FROM known_browser WHERE account = $1",
        ] {
            self.execute(sqlx::query(delete).bind(id)).await?;
        }
        Ok(())
    }
}
