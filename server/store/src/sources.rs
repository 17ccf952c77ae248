//! The programs that tell of alerts, and what their tokens are known by.

use domain::words::{Mapping, SourceId, SourceKind};
use jiff::Timestamp;
use sqlx::{Row, any::AnyRow};

use crate::tables::{self, OLDEST_FIRST, TableError, Tables, sortable};

/// The table of sources.
#[derive(Clone, Debug)]
pub struct Sources(Tables);

/// A program that tells of alerts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub id: SourceId,
    pub kind: SourceKind,
    /// Where what is asked stands in what it sends; for [`SourceKind::Json`].
    pub mapping: Option<Mapping>,
    /// Where it is read ([`SourceKind::Statuspage`]), or told in which times it may be silent ([`SourceKind::Alertmanager`]).
    pub address: Option<String>,
    pub created_at: Timestamp,
    /// The opaque id of whoever made it, or `command-line`.
    pub created_by: String,
    /// When it was last heard of.
    pub heard_at: Option<Timestamp>,
    /// Since when it cannot be reached; `None`: it can, or need not be.
    pub failing_since: Option<Timestamp>,
    pub failure: Option<String>,
}

const COLUMNS: &str = "id, kind, mapping, created_at, created_by, heard_at, address, failing_since, failure";

impl Sources {
    pub(crate) const fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// All of them, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&self) -> Result<Vec<Source>, TableError> {
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM source ORDER BY {OLDEST_FIRST}"));
        let rows = self.0.within(sqlx::query(query).fetch_all(&self.0.pool)).await?;
        rows.iter().map(source).collect()
    }

    /// The one whose token has this fingerprint.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_token(&self, fingerprint: &str) -> Result<Option<Source>, TableError> {
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM source WHERE token_hash = $1"));
        let query = sqlx::query(query).bind(fingerprint);
        let row = self.0.within(query.fetch_optional(&self.0.pool)).await?;
        row.as_ref().map(source).transpose()
    }

    /// Adds one; whether its id was free.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add(&self, source: &Source, fingerprint: &str) -> Result<bool, TableError> {
        let mut change = self.0.begin().await?;
        let mapping = source.mapping.as_ref().map(serde_json::to_string).transpose();
        let query = sqlx::query(
            "INSERT INTO source (id, kind, mapping, token_hash, created_at, created_by, address) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(source.id.as_str())
        .bind(source.kind.word())
        .bind(mapping.map_err(TableError::decode)?)
        .bind(fingerprint)
        .bind(source.created_at.to_string())
        .bind(source.created_by.as_str())
        .bind(source.address.as_deref());
        let is_added = change.execute(query).await? == 1;
        change.commit().await?;
        Ok(is_added)
    }

    /// Ends one, with all that it has told; whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(&self, id: &str) -> Result<bool, TableError> {
        let mut change = self.0.begin().await?;
        change.execute(sqlx::query("DELETE FROM alert WHERE source = $1").bind(id)).await?;
        let ended = change.execute(sqlx::query("DELETE FROM source WHERE id = $1").bind(id)).await?;
        change.commit().await?;
        Ok(ended == 1)
    }

    /// Gives one another token; the one from before works no more. Whether there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew(&self, id: &str, fingerprint: &str) -> Result<bool, TableError> {
        let mut change = self.0.begin().await?;
        let query = sqlx::query("UPDATE source SET token_hash = $2 WHERE id = $1")
            .bind(id)
            .bind(fingerprint);
        let renewed = change.execute(query).await?;
        change.commit().await?;
        Ok(renewed == 1)
    }

    /// One could be reached again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reached(&self, id: &SourceId) -> Result<(), TableError> {
        let query = sqlx::query("UPDATE source SET failing_since = NULL, failure = NULL WHERE id = $1 AND failing_since IS NOT NULL");
        self.0.execute(query.bind(id.as_str())).await
    }

    /// One could not be reached, for this reason.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failed(&self, id: &SourceId, now: Timestamp, failure: &str) -> Result<(), TableError> {
        let query = sqlx::query("UPDATE source SET failing_since = coalesce(failing_since, $2), failure = $3 WHERE id = $1")
            .bind(id.as_str())
            .bind(sortable(now))
            .bind(failure);
        self.0.execute(query).await
    }
}

fn source(row: &AnyRow) -> Result<Source, TableError> {
    let text = |column: usize| row.try_get::<String, _>(column);
    let mapping: Option<String> = row.try_get(2)?;
    let moment = |column: usize| tables::moment(row, column);
    Ok(Source {
        id: SourceId::parse(&text(0)?).map_err(TableError::decode)?,
        kind: text(1)?.parse().map_err(|reason: String| TableError::decode(reason))?,
        mapping: mapping
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(TableError::decode)?,
        created_at: text(3)?.parse().map_err(TableError::decode)?,
        created_by: text(4)?,
        heard_at: moment(5)?,
        address: row.try_get(6)?,
        failing_since: moment(7)?,
        failure: row.try_get(8)?,
    })
}
