//! The journal in an embedded SQLite file, in write-ahead mode and synced at each commit.

use std::path::Path;

use domain::{
    chain::GENESIS,
    event::{Entry, Event},
    id::NoticeId,
};
use jiff::Timestamp;
use sqlx::{
    Row, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};

use super::{Journal, JournalError, NewEntry, Record, chain};

/// The tables. Triggers keep the journal append-only even for someone with a database shell: the one change that they let
/// pass takes a payload out.
const SCHEMA: &str = r"
CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    subject TEXT,
    payload TEXT,
    payload_hash TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS journal_is_not_deleted BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS journal_is_not_changed BEFORE UPDATE ON journal
WHEN NEW.payload IS NOT NULL OR NEW.seq <> OLD.seq OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor OR NEW.subject IS NOT OLD.subject
    OR NEW.payload_hash <> OLD.payload_hash OR NEW.previous <> OLD.previous OR NEW.hash <> OLD.hash
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
";

/// A journal in a SQLite file.
#[derive(Clone, Debug)]
pub struct SqliteJournal {
    pool: SqlitePool,
}

impl SqliteJournal {
    /// Opens the file, and makes it where there is none.
    ///
    /// # Errors
    /// When the file cannot be opened or is no database.
    pub async fn open(file: &Path) -> Result<Self, JournalError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(std::time::Duration::from_secs(10))
            .foreign_keys(true)
            // What is taken out is overwritten, not only unlinked.
            .pragma("secure_delete", "ON");
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Self { pool })
    }

    /// The database, for the tables beside the journal.
    pub const fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Lets go of the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Puts verified records into an empty journal, all or none.
    pub(super) async fn fill(&self, records: Vec<Record>) -> Result<(), JournalError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let taken: Option<i64> = sqlx::query_scalar("SELECT seq FROM journal LIMIT 1")
            .fetch_optional(&mut *transaction)
            .await?;
        if taken.is_some() {
            return Err(JournalError::NotEmpty);
        }
        for record in &records {
            insert(&mut transaction, record).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Moves everything out of the write-ahead log, so that no copy of a redacted payload stays there.
    async fn empty_log(&self, seq: u64) -> Result<(), JournalError> {
        let busy: i64 = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&self.pool)
            .await?
            .try_get(0)?;
        if busy == 0 { Ok(()) } else { Err(JournalError::Lingering { seq }) }
    }
}

impl Journal for SqliteJournal {
    async fn head(&self) -> Result<u64, JournalError> {
        let seq: Option<i64> = sqlx::query_scalar("SELECT max(seq) FROM journal").fetch_one(&self.pool).await?;
        Ok(seq.map_or(0, i64::cast_unsigned))
    }

    async fn read(&self, after: u64, limit: u32) -> Result<Vec<Record>, JournalError> {
        let rows = sqlx::query(
            "SELECT seq, at, actor, subject, payload, payload_hash, previous, hash FROM journal WHERE seq > ? ORDER BY seq LIMIT ?",
        )
        .bind(position(after))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(record).collect()
    }

    async fn entries(&self, after: u64, limit: u32) -> Result<Vec<Entry>, JournalError> {
        let rows = sqlx::query("SELECT seq, at, actor, subject, payload FROM journal WHERE seq > ? ORDER BY seq LIMIT ?")
            .bind(position(after))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(entry).collect()
    }

    async fn append(&self, head: u64, entry: NewEntry) -> Result<Record, JournalError> {
        let redacted = if let Event::EntryRedacted { seq, .. } = entry.event {
            Some(seq)
        } else {
            None
        };
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let last = sqlx::query("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
            .fetch_optional(&mut *transaction)
            .await?;
        let (seq, hash) = match last {
            Some(row) => (row.try_get::<i64, _>(0)?.cast_unsigned(), row.try_get(1)?),
            None => (0, GENESIS.to_owned()),
        };
        if seq != head {
            return Err(JournalError::Conflict);
        }
        let record = chain::seal(seq + 1, hash, entry)?;
        insert(&mut transaction, &record).await?;
        if let Some(target) = redacted {
            sqlx::query("UPDATE journal SET payload = NULL WHERE seq = ?")
                .bind(target.cast_signed())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        if let Some(target) = redacted {
            self.empty_log(target).await?;
        }
        Ok(record)
    }
}

/// A number as the database counts; beyond the greatest that it has there is no entry.
fn position(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

async fn insert(transaction: &mut sqlx::Transaction<'_, sqlx::Sqlite>, record: &Record) -> Result<(), JournalError> {
    sqlx::query("INSERT INTO journal (seq, at, actor, subject, payload, payload_hash, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(record.seq.cast_signed())
        .bind(record.at.to_string())
        .bind(&record.actor)
        .bind(record.subject.as_ref().map(NoticeId::as_str))
        .bind(&record.payload)
        .bind(&record.payload_hash)
        .bind(&record.previous)
        .bind(&record.hash)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Reads the columns `seq, at, actor, subject, payload`.
fn entry(row: &SqliteRow) -> Result<Entry, JournalError> {
    let seq = row.try_get::<i64, _>(0)?.cast_unsigned();
    let unreadable = |reason: String| JournalError::Unreadable { seq, reason };
    let at = row
        .try_get::<&str, _>(1)?
        .parse()
        .map_err(|error: jiff::Error| unreadable(error.to_string()))?;
    let subject = row.try_get::<Option<&str>, _>(3)?;
    let subject = subject
        .map(NoticeId::parse)
        .transpose()
        .map_err(|error| unreadable(error.to_string()))?;
    Ok(Entry {
        seq,
        at,
        actor: row.try_get(2)?,
        subject,
        event: super::event(seq, row.try_get(4)?)?,
    })
}

fn record(row: &SqliteRow) -> Result<Record, JournalError> {
    let seq = row.try_get::<i64, _>(0)?.cast_unsigned();
    let unreadable = |reason: String| JournalError::Unreadable { seq, reason };
    let at: Timestamp = row
        .try_get::<&str, _>(1)?
        .parse()
        .map_err(|error: jiff::Error| unreadable(error.to_string()))?;
    let subject = row
        .try_get::<Option<&str>, _>(3)?
        .map(NoticeId::parse)
        .transpose()
        .map_err(|error| unreadable(error.to_string()))?;
    Ok(Record {
        seq,
        at,
        actor: row.try_get(2)?,
        subject,
        payload: row.try_get(4)?,
        payload_hash: row.try_get(5)?,
        previous: row.try_get(6)?,
        hash: row.try_get(7)?,
    })
}
