//! Passkeys: the public halves of the keys with which people sign in, and what devices have to sign.

use jiff::Timestamp;
use sqlx::{
    Any, Row,
    any::{AnyArguments, AnyRow},
    query::Query,
};

use super::{
    Identities, Identity,
    grants::{Holders, identities, select},
};
use crate::tables::{Change, OLDEST_FIRST, TableError, instant, sortable};

/// A key with which a person signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    pub id: String,
    /// As the person calls it.
    pub name: String,
    /// How the device knows it: Base64url.
    pub credential_id: String,
    /// JSON: the public half, and what the device has told of it last.
    pub credential: String,
    pub created_at: Timestamp,
    /// When somebody signed in with it last.
    pub used_at: Option<Timestamp>,
}

/// Something that a device has to sign.
#[derive(Clone, Copy, Debug)]
pub struct NewChallenge<'a> {
    pub fingerprint: &'a str,
    /// The id of whoever adds a passkey; `None`: somebody signs in.
    pub account: Option<&'a str>,
    /// JSON: by what the answer is judged.
    pub state: &'a str,
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

/// What stands for nobody where challenges are compared by whose they are.
const NOBODY: &str = "";

impl Identities {
    /// The passkeys of a person, the oldest first. `account` is an id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn passkeys(&self, account: &str) -> Result<Vec<Passkey>, TableError> {
        let rows = self.0.within(all(account).fetch_all(&self.0.pool)).await?;
        rows.iter().map(|row| read(row, 0)).collect()
    }

    /// The passkey that a device knows by this id, and whose it is, if they may sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn passkey(&self, credential_id: &str) -> Result<Option<(Identity, Passkey)>, TableError> {
        let columns = "passkey.id, passkey.name, passkey.credential_id, passkey.credential, passkey.created_at, passkey.used_at";
        let rest = "JOIN passkey ON passkey.account = account.id WHERE passkey.credential_id = $1 AND account.disabled_at IS NULL";
        let query = sqlx::query(select(Holders::People, columns, rest)).bind(credential_id);
        let rows = self.0.within(query.fetch_all(&self.0.pool)).await?;
        let found = identities(&rows)?.into_iter().next();
        found.map(|(identity, row)| Ok((identity, read(row, 5)?))).transpose()
    }

    /// By what the answer to a challenge is judged, if it waits for one; `account` is whose it is, as in [`NewChallenge`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn passkey_challenge(&self, fingerprint: &str, account: Option<&str>, now: Timestamp) -> Result<Option<String>, TableError> {
        let query = "SELECT state FROM passkey_challenge WHERE challenge_hash = $1 AND coalesce(account, '') = $2 AND expires_at > $3";
        let query = sqlx::query_scalar(query)
            .bind(fingerprint)
            .bind(account.unwrap_or(NOBODY))
            .bind(sortable(now));
        self.0.within(query.fetch_optional(&self.0.pool)).await
    }

    /// Waits for the answer to a challenge. Those that have run out are forgotten, and the one that the same person has begun with before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_passkey_challenge(&self, new: NewChallenge<'_>) -> Result<(), TableError> {
        let forget = sqlx::query("DELETE FROM passkey_challenge WHERE expires_at <= $1 OR account = $2")
            .bind(sortable(new.now))
            .bind(new.account.unwrap_or(NOBODY));
        self.0.execute(forget).await?;
        let query = sqlx::query("INSERT INTO passkey_challenge (challenge_hash, account, state, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(new.fingerprint)
            .bind(new.account)
            .bind(new.state)
            .bind(sortable(new.expires_at));
        self.0.execute(query).await
    }
}

fn all(account: &str) -> Query<'_, Any, AnyArguments> {
    let query =
        format!("SELECT id, name, credential_id, credential, created_at, used_at FROM passkey WHERE account = $1 ORDER BY {OLDEST_FIRST}");
    sqlx::query(sqlx::AssertSqlSafe(query)).bind(account)
}

/// Reads a passkey whose columns stand behind so many others.
fn read(row: &AnyRow, behind: usize) -> Result<Passkey, TableError> {
    let created_at: String = row.try_get(behind + 4)?;
    Ok(Passkey {
        id: row.try_get(behind)?,
        name: row.try_get(behind + 1)?,
        credential_id: row.try_get(behind + 2)?,
        credential: row.try_get(behind + 3)?,
        created_at: created_at.parse().map_err(TableError::decode)?,
        used_at: row.try_get::<Option<String>, _>(behind + 5)?.as_deref().map(instant).transpose()?,
    })
}

impl Change {
    /// The same as [`Identities::passkeys`], for as long as this change lasts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn passkeys(&mut self, account: &str) -> Result<Vec<Passkey>, TableError> {
        self.rows(all(account)).await?.iter().map(|row| read(row, 0)).collect()
    }

    /// Uses a challenge up; whether it was still there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_passkey_challenge(&mut self, fingerprint: &str) -> Result<bool, TableError> {
        let query = sqlx::query("DELETE FROM passkey_challenge WHERE challenge_hash = $1").bind(fingerprint);
        Ok(self.execute(query).await? > 0)
    }

    /// Adds a passkey; whether no device knew another by the same id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_passkey(&mut self, account: &str, new: &Passkey) -> Result<bool, TableError> {
        let query = sqlx::query(
            "INSERT INTO passkey (id, account, name, credential_id, credential, created_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (credential_id) DO NOTHING",
        )
        .bind(new.id.as_str())
        .bind(account)
        .bind(new.name.as_str())
        .bind(new.credential_id.as_str())
        .bind(new.credential.as_str())
        .bind(new.created_at.to_string());
        Ok(self.execute(query).await? > 0)
    }

    /// Keeps what the device has told; whether nobody else has used the passkey since `seen` was read, and its person may still sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_passkey(&mut self, seen: &Passkey, credential: &str, now: Timestamp) -> Result<bool, TableError> {
        let query = sqlx::query(
            "UPDATE passkey SET credential = $1, used_at = $2 WHERE id = $3 AND credential = $4
             AND EXISTS (SELECT id FROM account WHERE account.id = passkey.account AND account.disabled_at IS NULL)",
        )
        .bind(credential)
        .bind(sortable(now))
        .bind(seen.id.as_str())
        .bind(seen.credential.as_str());
        Ok(self.execute(query).await? > 0)
    }

    /// Removes a passkey of a person; whether they had it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_passkey(&mut self, account: &str, id: &str) -> Result<bool, TableError> {
        let query = sqlx::query("DELETE FROM passkey WHERE account = $1 AND id = $2");
        let removed = self.execute(query.bind(account).bind(id)).await? > 0;
        self.forget_idle_recovery_codes(account).await?;
        Ok(removed)
    }

    /// Removes all passkeys of a person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_passkeys(&mut self, account: &str) -> Result<(), TableError> {
        self.execute(sqlx::query("DELETE FROM passkey WHERE account = $1").bind(account))
            .await?;
        self.forget_idle_recovery_codes(account).await
    }
}
