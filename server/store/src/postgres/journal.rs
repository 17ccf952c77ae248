//! The journal on a PostgreSQL server. Whoever appends locks its table for others that append; readers wait for nobody.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    record::{NewEntry, chain::GENESIS},
    words::Subject,
};
use jiff::Timestamp;
use sqlx::{Connection, PgConnection, Postgres, QueryBuilder, Row, Transaction, postgres::PgRow};
use tokio::time::{Instant, sleep};

use super::{
    Database, PATIENCE,
    news::{CHANNEL, News},
};
use crate::{
    failure::{Failure, within},
    journal::{Carried, Found, Gone, Journal, JournalError, KEY_LASTS, Mark, Record, RequestKey, chain, position, redaction},
    tables::Tables,
};

/// The columns of an entry, in the order in which they are written and read.
const COLUMNS: &str = "seq, at, actor, subject, payload, payload_hash, previous, hash";

/// An entry that means nothing, of so many times 32 bytes that are hard to compress.
const TRIAL: &str = "
INSERT INTO journal (seq, at, actor, payload, payload_hash, previous, hash)
SELECT (SELECT coalesce(max(seq), 0) + 1 FROM journal), '', '', string_agg(md5(random()::text), ''), '', '', '' FROM generate_series(1, $1)";

/// Whether anybody may still see what was there before: a transaction that has begun, one that was prepared, a replica that reads.
const OLDER_READERS: &str = "
SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database())
    OR EXISTS (SELECT 1 FROM pg_prepared_xacts) OR EXISTS (SELECT 1 FROM pg_replication_slots WHERE xmin IS NOT NULL)";

/// How many entries one statement writes.
const AT_ONCE: usize = 1_000;

/// For how long a whole journal may be written.
const FILLING: Duration = Duration::from_secs(600);

/// A journal on a PostgreSQL server.
#[derive(Clone, Debug)]
pub(crate) struct PostgresJournal {
    database: Database,
    news: Arc<News>,
    /// An entry could not be written, and none of its kind since, whatever else can.
    is_full: Arc<AtomicBool>,
}

impl PostgresJournal {
    /// Connects, and makes the tables where there are none.
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    pub(crate) async fn open(address: &str) -> Result<Self, JournalError> {
        let database = Database::open(address).await?;
        let (news, is_full) = Default::default();
        Ok(Self { database, news, is_full })
    }

    /// Whether there is a journal at this address.
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    pub(crate) async fn is_at(address: &str) -> Result<bool, JournalError> {
        Database::connect(address).await?.exists().await
    }

    /// The tables beside the journal.
    pub(crate) fn tables(&self) -> Tables {
        self.database.tables()
    }

    /// Begins to write, alone.
    async fn write(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        let mut transaction = self.database.pool.begin().await?;
        sqlx::raw_sql("LOCK TABLE journal IN EXCLUSIVE MODE")
            .execute(&mut *transaction)
            .await?;
        Ok(transaction)
    }

    /// Writes entries behind the last one and all that goes with them; gives the transaction that is to be committed.
    async fn prepare(
        &self,
        entries: &[NewEntry],
        key: Option<&RequestKey>,
    ) -> Result<Result<(Vec<Record>, Transaction<'static, Postgres>), JournalError>, sqlx::Error> {
        let mut transaction = self.write().await?;
        let last = tip(&mut transaction).await?;
        let (seq, mut previous) = last.unwrap_or_else(|| (0, GENESIS.to_owned()));
        if entries.first().is_none_or(|first| first.seq != seq + 1) {
            return Ok(Err(JournalError::Conflict));
        }
        let mut records = Vec::with_capacity(entries.len());
        for entry in entries {
            let record = match chain::seal(previous, entry) {
                Ok(record) => record,
                Err(error) => return Ok(Err(error)),
            };
            previous = record.hash.clone();
            records.push(record);
        }
        insert(&mut transaction, &records).await?;
        if let (Some(key), Some(record)) = (key, records.first()) {
            note(&mut transaction, record, key).await?;
        }
        for target in entries.iter().filter_map(redaction) {
            sqlx::query("UPDATE journal SET payload = NULL WHERE seq = $1")
                .bind(position(target))
                .execute(&mut *transaction)
                .await?;
        }
        call(&mut transaction).await?;
        Ok(Ok((records, transaction)))
    }

    /// Writes the table's file anew, without what was taken out of it: its place in the old one would only be free, and still hold it.
    ///
    /// # Errors
    /// When somebody still reads what it was before, or the database fails.
    async fn write_anew(&self) -> Result<(), sqlx::Error> {
        let written = async {
            let mut connection = PgConnection::connect_with(&self.database.options).await?;
            let asked = Instant::now();
            while sqlx::query_scalar(OLDER_READERS).fetch_one(&mut connection).await? {
                if asked.elapsed() > PATIENCE {
                    return Err(sqlx::Error::PoolTimedOut);
                }
                sleep(Duration::from_millis(50)).await;
            }
            // Whoever waits for the table keeps all others waiting behind it.
            sqlx::raw_sql("SET lock_timeout = '4s'").execute(&mut connection).await?;
            sqlx::raw_sql("VACUUM FULL journal").execute(&mut connection).await?;
            connection.close().await
        };
        within(FILLING, written).await
    }

    /// Writes entries of the usual kind, a short one and a long one, and takes them back.
    async fn try_entries(&self) -> Result<(), sqlx::Error> {
        let mut transaction = self.write().await?;
        for lines in [60, 1_000] {
            sqlx::query(TRIAL).bind(lines).execute(&mut *transaction).await?;
        }
        transaction.rollback().await
    }

    /// Says what has become of entries whose commit got no answer. The lock is held until it is decided.
    async fn settle(&self, records: &[Record], error: sqlx::Error) -> Result<(), JournalError> {
        let Some(last) = records.last() else { return Ok(()) };
        let asked = Instant::now();
        loop {
            let found = async {
                let mut transaction = self.write().await?;
                find(&mut transaction, last.seq - 1, 1).await
            };
            match within(PATIENCE, found).await {
                // They are there all or none.
                Ok(found) if found.iter().any(|found| found.record.as_ref() == Ok(last)) => return Ok(()),
                Ok(_) => return Err(JournalError::from_postgres(error)),
                Err(second) if asked.elapsed() > PATIENCE => return Err(JournalError::Unsettled(format!("{error}; {second}"))),
                Err(_) => sleep(Duration::from_millis(100)).await,
            }
        }
    }
}

#[async_trait]
impl Journal for PostgresJournal {
    async fn tip(&self) -> Result<Option<(u64, String)>, JournalError> {
        let asked = async { tip(&mut *self.database.pool.acquire().await?).await };
        within(PATIENCE, asked).await.map_err(JournalError::from_postgres)
    }

    async fn find(&self, after: u64, limit: u32) -> Result<Vec<Found>, JournalError> {
        let asked = async { find(&mut *self.database.pool.acquire().await?, after, limit).await };
        within(PATIENCE, asked).await.map_err(JournalError::from_postgres)
    }

    async fn append(&self, entries: &[NewEntry], key: Option<&RequestKey>) -> Result<Vec<Record>, JournalError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let prepared = within(PATIENCE, self.prepare(entries, key)).await;
        if prepared.as_ref().is_err_and(|error| Failure::of(error) == Failure::Unwritable) {
            self.is_full.store(true, Ordering::Relaxed);
        }
        let (records, transaction) = prepared.map_err(JournalError::from_postgres)??;
        if let Err(error) = within(PATIENCE, transaction.commit()).await {
            self.settle(&records, error).await?;
        }
        if let Some(seq) = entries.iter().find_map(redaction) {
            self.write_anew().await.map_err(|_| JournalError::Lingering { seq })?;
        }
        Ok(records)
    }

    async fn fill(&self, records: Vec<Record>) -> Result<(), JournalError> {
        let written = async {
            let mut transaction = self.write().await?;
            if tip(&mut transaction).await?.is_some() {
                return Ok(Err(JournalError::NotEmpty));
            }
            insert(&mut transaction, &records).await?;
            call(&mut transaction).await?;
            Ok(Ok(transaction))
        };
        let written = within(FILLING, written).await.map_err(JournalError::from_postgres)??;
        let committed = within(PATIENCE, written.commit()).await;
        committed.map_err(|error| JournalError::Unsettled(error.to_string()))
    }

    async fn carried(&self, actor: &str, key: &str, since: Timestamp) -> Result<Option<Carried>, JournalError> {
        let query = sqlx::query_as("SELECT request, subject FROM request_key WHERE actor = $1 AND key = $2 AND at >= $3")
            .bind(actor)
            .bind(key)
            .bind(since.as_millisecond());
        let row: Option<(String, Option<String>)> = within(PATIENCE, query.fetch_optional(&self.database.pool))
            .await
            .map_err(JournalError::from_postgres)?;
        Ok(row.map(|(request, subject)| Carried {
            request,
            subject: Subject::parse(subject.as_deref()).unwrap_or_default(),
        }))
    }

    async fn news(&self) {
        self.news.next(&self.database.options).await;
    }

    /// The server's own counters of what was written into the table.
    async fn touched(&self) -> Option<String> {
        let query = sqlx::query_scalar(
            "SELECT concat_ws(' ', relid, n_tup_ins, n_tup_upd, n_tup_del) FROM pg_stat_user_tables WHERE relid = to_regclass('journal')",
        );
        within(PATIENCE, query.fetch_optional(&self.database.pool)).await.ok().flatten()
    }

    /// Nothing beside the server knows.
    async fn missing(&self) -> Result<Option<Mark>, JournalError> {
        Ok(None)
    }

    async fn take_as_it_is(&self) -> Result<(), JournalError> {
        Ok(())
    }

    async fn try_to_write(&self) -> Result<(), JournalError> {
        let query = sqlx::query(
            "INSERT INTO write_trial (one, content) VALUES (1, 'x') ON CONFLICT (one) DO UPDATE SET content = excluded.content",
        );
        let written = within(PATIENCE, query.execute(&self.database.pool)).await;
        written.map_err(JournalError::from_postgres)?;
        if self.is_full.load(Ordering::Relaxed) {
            within(PATIENCE, self.try_entries()).await.map_err(JournalError::from_postgres)?;
            self.is_full.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// A server that is another one by now is noticed by whoever reads from it.
    fn check(&self) -> Result<(), Gone> {
        Ok(())
    }

    async fn close(&self) {
        self.database.tables.close().await;
        self.database.pool.close().await;
    }
}

async fn tip(connection: &mut PgConnection) -> Result<Option<(u64, String)>, sqlx::Error> {
    let last: Option<(i64, String)> = sqlx::query_as("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
        .fetch_optional(connection)
        .await?;
    Ok(last.map(|(seq, hash)| (seq.cast_unsigned(), hash)))
}

async fn find(connection: &mut PgConnection, after: u64, limit: u32) -> Result<Vec<Found>, sqlx::Error> {
    let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2"));
    let rows = sqlx::query(query)
        .bind(position(after))
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    rows.iter().map(found).collect()
}

async fn insert(connection: &mut PgConnection, records: &[Record]) -> Result<(), sqlx::Error> {
    for records in records.chunks(AT_ONCE) {
        let mut query = QueryBuilder::<Postgres>::new(format!("INSERT INTO journal ({COLUMNS}) "));
        query.push_values(records, |mut row, record| {
            row.push_bind(position(record.seq))
                .push_bind(record.at.to_string())
                .push_bind(&record.actor)
                .push_bind(record.subject.name())
                .push_bind(&record.payload)
                .push_bind(&record.payload_hash)
                .push_bind(&record.previous)
                .push_bind(&record.hash);
        });
        query.build().persistent(false).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Notes that a request was carried out, and forgets those of long ago.
async fn note(connection: &mut PgConnection, record: &Record, key: &RequestKey) -> Result<(), sqlx::Error> {
    let old = record.at.saturating_sub(KEY_LASTS).unwrap_or(Timestamp::MIN);
    sqlx::query("DELETE FROM request_key WHERE at < $1")
        .bind(old.as_millisecond())
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO request_key (actor, key, request, seq, subject, at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(&record.actor)
        .bind(&key.key)
        .bind(&key.request)
        .bind(position(record.seq))
        .bind(record.subject.name())
        .bind(record.at.as_millisecond())
        .execute(connection)
        .await?;
    Ok(())
}

/// Tells the other nodes, once it is committed.
async fn call(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(connection).await?;
    Ok(())
}

/// Reads [`COLUMNS`].
fn found(row: &PgRow) -> Result<Found, sqlx::Error> {
    let seq = row.try_get::<i64, _>(0)?.cast_unsigned();
    Ok(Found {
        seq,
        record: record(seq, row).map_err(|error| error.to_string()),
    })
}

fn record(seq: u64, row: &PgRow) -> Result<Record, Box<dyn std::error::Error>> {
    Ok(Record {
        seq,
        at: row.try_get::<&str, _>(1)?.parse()?,
        actor: row.try_get(2)?,
        subject: Subject::parse(row.try_get(3)?)?,
        payload: row.try_get(4)?,
        payload_hash: row.try_get(5)?,
        previous: row.try_get(6)?,
        hash: row.try_get(7)?,
    })
}
