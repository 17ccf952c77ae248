//! Who is told by a web request: where to, of what, and how it goes.

use std::fmt;

use domain::words::{Shape, Signing, Wanted};
use jiff::Timestamp;
use sqlx::{Row, any::AnyRow};

use crate::tables::{self, OLDEST_FIRST, TableError, Tables, sortable};

/// The table of webhooks.
#[derive(Clone, Debug)]
pub struct Webhooks(Tables);

/// A receiver, and how it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    /// Where messages are sent. It may hold a secret.
    pub address: String,
    pub wanted: Wanted,
    pub shape: Shape,
    pub signing: Signing,
    pub created_at: Timestamp,
    /// The opaque id of whoever made it, or `command-line`.
    pub created_by: String,
    /// What stands in the journal up to this entry is not told.
    pub position: u64,
    /// Since when nothing is sent to it any more; `None`: it works.
    pub ended_at: Option<Timestamp>,
    pub ended_because: Option<String>,
    /// When a message last arrived.
    pub delivered_at: Option<Timestamp>,
    /// Since when none has arrived; `None`: the last one did.
    pub failing_since: Option<Timestamp>,
    /// Why the last one did not arrive.
    pub failure: Option<String>,
    /// What messages are signed with: `whsec_…` or `whsk_…`, as Standard Webhooks writes it.
    pub secret: Secret,
}

/// Something that is neither told nor logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

const COLUMNS: &str = "id, address, wanted, shape, signing, secret, created_at, created_by, position, ended_at, ended_because, \
    delivered_at, failing_since, failure";

impl Webhooks {
    pub(crate) const fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// All of them, the oldest first, those included that have ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&self) -> Result<Vec<Webhook>, TableError> {
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM webhook ORDER BY {OLDEST_FIRST}"));
        let rows = self.0.within(sqlx::query(query).fetch_all(&self.0.pool)).await?;
        rows.iter().map(webhook).collect()
    }

    /// The one with this id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, id: &str) -> Result<Option<Webhook>, TableError> {
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM webhook WHERE id = $1"));
        let row = self.0.within(sqlx::query(query).bind(id).fetch_optional(&self.0.pool)).await?;
        row.as_ref().map(webhook).transpose()
    }

    /// Adds one. What is told to it begins behind the entry of its `position`, also where `reactor`, which tells it, has never run.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add(&self, webhook: &Webhook, reactor: &str) -> Result<(), TableError> {
        let mut change = self.0.begin().await?;
        let wanted = serde_json::to_string(&webhook.wanted).map_err(TableError::decode)?;
        let row = sqlx::query(
            "INSERT INTO webhook (id, address, wanted, shape, signing, secret, created_at, created_by, position)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(webhook.id.as_str())
        .bind(webhook.address.as_str())
        .bind(wanted)
        .bind(webhook.shape.word())
        .bind(webhook.signing.word())
        .bind(webhook.secret.0.as_str())
        .bind(webhook.created_at.to_string())
        .bind(webhook.created_by.as_str())
        .bind(webhook.position.cast_signed());
        change.execute(row).await?;
        let bookmark = sqlx::query("INSERT INTO bookmark (reactor, seq, turned_at) VALUES ($1, $2, $3) ON CONFLICT (reactor) DO NOTHING")
            .bind(reactor)
            .bind(webhook.position.cast_signed())
            .bind(sortable(webhook.created_at));
        change.execute(bookmark).await?;
        change.commit().await
    }

    /// Nothing is sent to it from now on, for this reason; what was still to be sent is dropped, and its secret forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(&self, id: &str, because: &str, now: Timestamp, reactor: &str) -> Result<(), TableError> {
        let mut change = self.0.begin().await?;
        let row = sqlx::query("UPDATE webhook SET ended_at = $2, ended_because = $3, secret = '' WHERE id = $1 AND ended_at IS NULL")
            .bind(id)
            .bind(sortable(now))
            .bind(because);
        change.execute(row).await?;
        let tasks = sqlx::query("DELETE FROM task WHERE reactor = $1 AND lane = $2")
            .bind(reactor)
            .bind(id);
        change.execute(tasks).await?;
        change.commit().await
    }

    /// A message has arrived.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delivered(&self, id: &str, now: Timestamp) -> Result<(), TableError> {
        let query = sqlx::query("UPDATE webhook SET delivered_at = $2, failing_since = NULL, failure = NULL WHERE id = $1")
            .bind(id)
            .bind(sortable(now));
        self.0.execute(query).await
    }

    /// A message has not arrived, for this reason.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failed(&self, id: &str, now: Timestamp, failure: &str) -> Result<(), TableError> {
        let query = sqlx::query("UPDATE webhook SET failing_since = coalesce(failing_since, $2), failure = $3 WHERE id = $1")
            .bind(id)
            .bind(sortable(now))
            .bind(failure);
        self.0.execute(query).await
    }
}

fn webhook(row: &AnyRow) -> Result<Webhook, TableError> {
    let text = |column: usize| row.try_get::<String, _>(column);
    let moment = |column: usize| tables::moment(row, column);
    Ok(Webhook {
        id: text(0)?,
        address: text(1)?,
        wanted: serde_json::from_str(&text(2)?).map_err(TableError::decode)?,
        shape: text(3)?.parse().map_err(|reason: String| TableError::decode(reason))?,
        signing: text(4)?.parse().map_err(|reason: String| TableError::decode(reason))?,
        secret: Secret(text(5)?),
        created_at: text(6)?.parse().map_err(TableError::decode)?,
        created_by: text(7)?,
        position: row.try_get::<i64, _>(8)?.cast_unsigned(),
        ended_at: moment(9)?,
        ended_because: row.try_get(10)?,
        delivered_at: moment(11)?,
        failing_since: moment(12)?,
        failure: row.try_get(13)?,
    })
}
