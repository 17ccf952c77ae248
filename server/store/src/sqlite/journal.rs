//! The journal in an embedded SQLite file, in write-ahead mode and synced at each commit.

use std::{path::Path, time::Duration};

use async_trait::async_trait;
use domain::{
    record::{NewEntry, chain::GENESIS},
    words::Subject,
};
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{Database, is_unwritten, marker::Marker};
use crate::{
    journal::{Carried, Found, Gone, Journal, JournalError, KEY_LASTS, Mark, Record, RequestKey, chain, position, redaction},
    tables::Tables,
};

/// How often the file is looked at for what other processes have appended.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The hash of one entry.
const HASH_OF: &str = "SELECT hash FROM journal WHERE seq = ?";

/// The columns of an entry, in the order in which they are read.
const COLUMNS: &str = "seq, at, actor, subject, payload, payload_hash, previous, hash";

/// A journal in a SQLite file.
#[derive(Clone, Debug)]
pub(crate) struct SqliteJournal {
    database: Database,
    marker: Marker,
}

impl SqliteJournal {
    /// Opens the file, and makes it where there is none.
    ///
    /// # Errors
    /// When the file cannot be opened or is no database.
    pub(crate) async fn open(file: &Path) -> Result<Self, JournalError> {
        Ok(Self {
            database: Database::open(file).await?,
            marker: Marker::beside(file),
        })
    }

    /// The tables beside the journal.
    pub(crate) fn tables(&self) -> Tables {
        self.database.tables()
    }

    fn note_mark(&self, mark: &Mark) {
        if let Err(error) = self.marker.note(mark) {
            tracing::debug!(%error, "should the end of the journal be lost, the next start will not notice");
        }
    }

    /// The random name of this database, which its copies and backups keep.
    ///
    /// # Errors
    /// When it cannot be read, or has none yet and cannot be given one.
    pub(crate) async fn id(&self) -> Result<String, JournalError> {
        const KNOWN: &str = "SELECT id FROM identity";
        if let Some(id) = sqlx::query_scalar(KNOWN).fetch_optional(self.database.readers()?).await? {
            return Ok(id);
        }
        let mut write = self.database.write().await?;
        sqlx::raw_sql("INSERT OR IGNORE INTO identity (one, id) VALUES (1, lower(hex(randomblob(16))))")
            .execute(write.connection()?)
            .await?;
        let id = sqlx::query_scalar(KNOWN).fetch_one(write.connection()?).await?;
        write.commit().await?;
        Ok(id)
    }

    /// Moves everything out of the write-ahead log, so that no copy of a redacted payload stays there.
    async fn empty_log(&self, seq: u64) -> Result<(), JournalError> {
        // The redaction itself is done, whatever happens here.
        let lingering = || JournalError::Lingering { seq };
        let readers = self.database.readers().map_err(|_| lingering())?;
        let emptied = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(readers).await;
        if matches!(emptied, Ok(0_i64)) { Ok(()) } else { Err(lingering()) }
    }

    /// Says what has become of entries whose commit failed. Where they are not in the journal, something else is written over what may have
    /// been left of them in the write-ahead log: after a power cut, SQLite would take that for a commit.
    async fn settle(&self, records: &[Record], error: sqlx::Error) -> Result<(), JournalError> {
        // The mark of a commit is written last; where writing failed, it is not there.
        if is_unwritten(&error) {
            return Err(error.into());
        }
        let unsettled = |second: JournalError| JournalError::Unsettled(format!("{error}; {second}"));
        if let Some(last) = records.last() {
            // They are there all or none.
            let found = self.find(last.seq - 1, 1).await.map_err(unsettled)?;
            if found.into_iter().any(|found| found.record.as_ref() == Ok(last)) {
                return Ok(());
            }
        }
        self.database.try_to_write().await.map_err(unsettled)?;
        Err(error.into())
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn tip(&self) -> Result<Option<(u64, String)>, JournalError> {
        let row = sqlx::query("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
            .fetch_optional(self.database.readers()?)
            .await?;
        row.map(|row| Ok((row.try_get::<i64, _>(0)?.cast_unsigned(), row.try_get(1)?)))
            .transpose()
    }

    async fn find(&self, after: u64, limit: u32) -> Result<Vec<Found>, JournalError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?"
        )))
        .bind(position(after))
        .bind(i64::from(limit))
        .fetch_all(self.database.readers()?)
        .await?;
        rows.iter().map(found).collect()
    }

    async fn append(&self, entries: &[NewEntry], key: Option<&RequestKey>) -> Result<Vec<Record>, JournalError> {
        let Some(first) = entries.first() else { return Ok(Vec::new()) };
        let mut write = self.database.write().await?;
        let last = sqlx::query("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
            .fetch_optional(write.connection()?)
            .await?;
        let (seq, hash) = match last {
            Some(row) => (row.try_get::<i64, _>(0)?.cast_unsigned(), row.try_get(1)?),
            None => (0, GENESIS.to_owned()),
        };
        if seq + 1 != first.seq {
            write.take_back().await?;
            return Err(JournalError::Conflict);
        }
        // A mark that the journal does not hold any more stays until that was said.
        let goes_on = match self.marker.mark() {
            None => true,
            Some(mark) if mark.seq == seq => mark.hash == hash,
            Some(mark) => {
                let query = sqlx::query_scalar(HASH_OF).bind(position(mark.seq));
                let there: Option<String> = query.fetch_optional(write.connection()?).await?;
                there == Some(mark.hash)
            }
        };
        let mut records = Vec::with_capacity(entries.len());
        let mut previous = hash;
        for entry in entries {
            let record = chain::seal(previous, entry)?;
            insert(write.connection()?, &record).await?;
            previous = record.hash.clone();
            records.push(record);
        }
        if let (Some(key), Some(record)) = (key, records.first()) {
            note(write.connection()?, record, key).await?;
        }
        let redacted: Vec<u64> = entries.iter().filter_map(redaction).collect();
        for target in &redacted {
            sqlx::query("UPDATE journal SET payload = NULL WHERE seq = ?")
                .bind(target.cast_signed())
                .execute(write.connection()?)
                .await?;
        }
        if let Err(error) = write.commit().await {
            self.settle(&records, error).await?;
        }
        // Committed, but perhaps into a file that has no name any more.
        self.database.check().map_err(|gone| JournalError::Unsettled(gone.to_string()))?;
        if let Some(last) = records.last().filter(|_| goes_on) {
            let (seq, hash) = (last.seq, last.hash.clone());
            self.note_mark(&Mark { seq, hash });
        }
        for target in redacted {
            self.empty_log(target).await?;
        }
        Ok(records)
    }

    async fn carried(&self, actor: &str, key: &str, since: Timestamp) -> Result<Option<Carried>, JournalError> {
        let row = sqlx::query("SELECT request, subject FROM request_key WHERE actor = ? AND key = ? AND at >= ?")
            .bind(actor)
            .bind(key)
            .bind(since.as_millisecond())
            .fetch_optional(self.database.readers()?)
            .await?;
        row.map(|row| {
            let subject = Subject::parse(row.try_get(1)?).unwrap_or_default();
            Ok(Carried {
                request: row.try_get(0)?,
                subject,
            })
        })
        .transpose()
    }

    async fn fill(&self, records: Vec<Record>) -> Result<(), JournalError> {
        let mut write = self.database.write().await?;
        let taken: Option<i64> = sqlx::query_scalar("SELECT seq FROM journal LIMIT 1")
            .fetch_optional(write.connection()?)
            .await?;
        if taken.is_some() {
            write.take_back().await?;
            return Err(JournalError::NotEmpty);
        }
        for record in &records {
            insert(write.connection()?, record).await?;
        }
        write.commit().await?;
        self.database.check()?;
        Ok(())
    }

    async fn news(&self) {
        tokio::time::sleep(LOOK_EVERY).await;
    }

    async fn touched(&self) -> Option<String> {
        self.database.touched()
    }

    async fn missing(&self) -> Result<Option<Mark>, JournalError> {
        let Some(mark) = self.marker.mark() else { return Ok(None) };
        let hash: Option<String> = sqlx::query_scalar(HASH_OF)
            .bind(position(mark.seq))
            .fetch_optional(self.database.readers()?)
            .await?;
        Ok((hash.as_ref() != Some(&mark.hash)).then_some(mark))
    }

    async fn take_as_it_is(&self) -> Result<(), JournalError> {
        if let Some((seq, hash)) = self.tip().await? {
            self.note_mark(&Mark { seq, hash });
        }
        Ok(())
    }

    async fn try_to_write(&self) -> Result<(), JournalError> {
        self.database.try_to_write().await
    }

    fn check(&self) -> Result<(), Gone> {
        self.database.check()
    }

    async fn close(&self) {
        self.database.close().await;
    }
}

async fn insert(connection: &mut SqliteConnection, record: &Record) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO journal (seq, at, actor, subject, payload, payload_hash, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(record.seq.cast_signed())
        .bind(record.at.to_string())
        .bind(&record.actor)
        .bind(record.subject.name())
        .bind(&record.payload)
        .bind(&record.payload_hash)
        .bind(&record.previous)
        .bind(&record.hash)
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that a request was carried out, and forgets those of long ago.
async fn note(connection: &mut SqliteConnection, record: &Record, key: &RequestKey) -> Result<(), sqlx::Error> {
    let old = record.at.saturating_sub(KEY_LASTS).unwrap_or(Timestamp::MIN);
    sqlx::query("DELETE FROM request_key WHERE at < ?")
        .bind(old.as_millisecond())
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO request_key (actor, key, request, seq, subject, at) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(&record.actor)
        .bind(&key.key)
        .bind(&key.request)
        .bind(record.seq.cast_signed())
        .bind(record.subject.name())
        .bind(record.at.as_millisecond())
        .execute(connection)
        .await?;
    Ok(())
}

/// Reads [`COLUMNS`].
fn found(row: &SqliteRow) -> Result<Found, JournalError> {
    let seq = row.try_get::<i64, _>(0)?.cast_unsigned();
    Ok(Found {
        seq,
        record: record(seq, row).map_err(|error| error.to_string()),
    })
}

fn record(seq: u64, row: &SqliteRow) -> Result<Record, Box<dyn std::error::Error>> {
    let subject = Subject::parse(row.try_get(3)?)?;
    Ok(Record {
        seq,
        at: row.try_get::<&str, _>(1)?.parse()?,
        actor: row.try_get(2)?,
        subject,
        payload: row.try_get(4)?,
        payload_hash: row.try_get(5)?,
        previous: row.try_get(6)?,
        hash: row.try_get(7)?,
    })
}
