//! The accounts of people: adding, listing, disabling and enabling them, and a new password.

use domain::{access::Role, words::Actor};
use serde::Serialize;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::{AccountError, Accounts, OLDEST_FIRST, Secret, hashing::For, identity, names::Name, passwords};

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

impl Accounts {
    /// Adds a person.
    ///
    /// # Errors
    /// When the name may not be taken or looks like another one, or the password is easily guessed.
    pub async fn add(&self, name: &str, role: Role, password: String) -> Result<Actor, AccountError> {
        let name = Name::parse(name)?;
        passwords::check(&password, name.as_str())?;
        let hash = self.hashing.hash(password, For::Known).await?;
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let actor = self.insert(&mut transaction, &name, role, &hash).await?;
        transaction.commit().await?;
        Ok(actor)
    }

    /// Adds a person whose password is hashed already. With an administrator there is no more use for a set-up link.
    pub(super) async fn insert(
        &self,
        connection: &mut SqliteConnection,
        name: &Name,
        role: Role,
        hash: &str,
    ) -> Result<Actor, AccountError> {
        let others: Vec<String> = sqlx::query_scalar("SELECT name FROM account").fetch_all(&mut *connection).await?;
        name.refuse_taken(others)?;
        let id = format!("account-{}", &Secret::new()?.as_str()[..12]);
        sqlx::query("INSERT INTO account (id, name, role, password_hash, created_at) VALUES (?, ?, ?, ?, ?)")
            .bind(&id)
            .bind(name.as_str())
            .bind(role.word())
            .bind(hash)
            .bind(self.clock.now().to_string())
            .execute(&mut *connection)
            .await?;
        if role == Role::Admin {
            sqlx::query("DELETE FROM setup_link").execute(connection).await?;
        }
        Ok(Actor { id, role })
    }

    /// Everybody, the oldest account first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people(&self) -> Result<Vec<Person>, AccountError> {
        let rows = sqlx::query(AssertSqlSafe(format!(
            "SELECT id, name, role, created_at, disabled_at FROM account ORDER BY {OLDEST_FIRST}"
        )))
        .fetch_all(&self.pool)
        .await?;
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

    /// Keeps a person out from now on: no more signing in, and sessions and tokens of theirs end. `who` is a name or an id.
    ///
    /// # Errors
    /// When there is nobody of this name, or it is the last administrator.
    pub async fn disable(&self, who: &str) -> Result<Person, AccountError> {
        let person = self.person(who).await?;
        let now = self.clock.now().to_string();
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM account WHERE role = ? AND disabled_at IS NULL AND id <> ?")
            .bind(Role::Admin.word())
            .bind(&person.id)
            .fetch_one(&mut *transaction)
            .await?;
        if person.role == Role::Admin && left == 0 {
            return Err(AccountError::LastAdministrator(person.name));
        }
        sqlx::query("UPDATE account SET disabled_at = coalesce(disabled_at, ?) WHERE id = ?")
            .bind(&now)
            .bind(&person.id)
            .execute(&mut *transaction)
            .await?;
        forget_sessions(&mut transaction, &person.id).await?;
        sqlx::query("UPDATE api_token SET revoked_at = coalesce(revoked_at, ?) WHERE owner = ?")
            .bind(&now)
            .bind(&person.id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        self.person(&person.id).await
    }

    /// Lets a person sign in again. What has ended stays ended.
    ///
    /// # Errors
    /// When there is nobody of this name.
    pub async fn enable(&self, who: &str) -> Result<Person, AccountError> {
        let person = self.person(who).await?;
        sqlx::query("UPDATE account SET disabled_at = NULL WHERE id = ?")
            .bind(&person.id)
            .execute(&self.pool)
            .await?;
        self.person(&person.id).await
    }

    /// Gives a person a new password; all their sessions end.
    ///
    /// # Errors
    /// When there is nobody of this name, or the password is easily guessed.
    pub async fn set_password(&self, who: &str, password: String) -> Result<Person, AccountError> {
        let person = self.person(who).await?;
        passwords::check(&password, &person.name)?;
        let hash = self.hashing.hash(password, For::Known).await?;
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("UPDATE account SET password_hash = ? WHERE id = ?")
            .bind(hash)
            .bind(&person.id)
            .execute(&mut *transaction)
            .await?;
        forget_sessions(&mut transaction, &person.id).await?;
        transaction.commit().await?;
        Ok(person)
    }

    /// The person of this id or of exactly this name, or else the only one whose name looks like it.
    pub(super) async fn person(&self, who: &str) -> Result<Person, AccountError> {
        let mut people = self.people().await?;
        let exact = people.iter().position(|person| person.id == who || person.name == who);
        let similar = || {
            let name = Name::parse(who).ok()?;
            let mut found = people.iter().enumerate().filter(|(_, person)| name.looks_like(&person.name));
            let (place, _) = found.next()?;
            found.next().is_none().then_some(place)
        };
        let place = exact
            .or_else(similar)
            .ok_or_else(|| AccountError::NoPerson(who.chars().take(100).collect()))?;
        Ok(people.swap_remove(place))
    }
}

/// Ends all sessions of a person; their browsers are unknown again.
async fn forget_sessions(connection: &mut SqliteConnection, account: &str) -> Result<(), AccountError> {
    for delete in [
        "DELETE FROM session WHERE account = ?",
        "DELETE FROM known_browser WHERE account = ?",
    ] {
        sqlx::query(delete).bind(account).execute(&mut *connection).await?;
    }
    Ok(())
}
