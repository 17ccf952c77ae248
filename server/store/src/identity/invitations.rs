//! Invitations: links by which somebody makes an account of their own.

use domain::access::Grants;
use jiff::Timestamp;
use sqlx::{Row, any::AnyRow};

use super::Identities;
use crate::tables::{Change, OLDEST_FIRST, TableError, instant, sortable};

/// An invitation that was neither used nor withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: String,
    /// For whom it is, as those who manage people call them.
    pub label: String,
    /// What comes with the account.
    pub grants: Grants,
    pub created_at: Timestamp,
    /// The opaque id of whoever invites.
    pub created_by: String,
    /// From when on the link does not work any more.
    pub expires_at: Timestamp,
}

const COLUMNS: &str = "id, label, grants, created_at, created_by, expires_at";

impl Identities {
    /// All invitations, the oldest first, those included that have run out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, TableError> {
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM invitation ORDER BY {OLDEST_FIRST}"));
        let rows = self.0.within(sqlx::query(query).fetch_all(&self.0.pool)).await?;
        rows.iter().map(invitation).collect()
    }

    /// The invitation with this fingerprint of its link, if it has not run out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invitation_by(&self, fingerprint: &str, now: Timestamp) -> Result<Option<Invitation>, TableError> {
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM invitation WHERE link_hash = $1 AND expires_at > $2"));
        let query = sqlx::query(query).bind(fingerprint).bind(sortable(now));
        let row = self.0.within(query.fetch_optional(&self.0.pool)).await?;
        row.as_ref().map(invitation).transpose()
    }

    /// Takes an invitation back, if it is there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdraw_invitation(&self, id: &str) -> Result<(), TableError> {
        self.0.execute(sqlx::query("DELETE FROM invitation WHERE id = $1").bind(id)).await
    }
}

impl Change {
    /// Adds an invitation, and forgets those that have run out long since.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_invitation(&mut self, new: &Invitation, fingerprint: &str, forget_before: Timestamp) -> Result<(), TableError> {
        let old = sqlx::query("DELETE FROM invitation WHERE expires_at < $1").bind(sortable(forget_before));
        self.execute(old).await?;
        let grants = serde_json::to_string(&new.grants).map_err(TableError::decode)?;
        let query = sqlx::query(
            "INSERT INTO invitation (id, link_hash, label, grants, created_at, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(new.id.as_str())
        .bind(fingerprint)
        .bind(new.label.as_str())
        .bind(grants)
        .bind(new.created_at.to_string())
        .bind(new.created_by.as_str())
        .bind(sortable(new.expires_at));
        self.execute(query).await?;
        Ok(())
    }

    /// Uses an invitation up; whether it was still there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_invitation(&mut self, id: &str) -> Result<bool, TableError> {
        let query = sqlx::query("DELETE FROM invitation WHERE id = $1").bind(id);
        Ok(self.execute(query).await? > 0)
    }
}

fn invitation(row: &AnyRow) -> Result<Invitation, TableError> {
    let (grants, created_at, expires_at): (String, String, String) = (row.try_get(2)?, row.try_get(3)?, row.try_get(5)?);
    Ok(Invitation {
        id: row.try_get(0)?,
        label: row.try_get(1)?,
        grants: serde_json::from_str(&grants).map_err(TableError::decode)?,
        created_at: created_at.parse().map_err(TableError::decode)?,
        created_by: row.try_get(4)?,
        expires_at: instant(&expires_at)?,
    })
}
