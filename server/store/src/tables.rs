//! The tables beside the journal: one text of SQL for SQLite and PostgreSQL. Whatever is stored is text, a whole number or bytes;
//! parameters are `$1`, `$2`, which both understand.

use std::{future::Future, sync::Arc, time::Duration};

use jiff::Timestamp;
use sqlx::{
    Any, AnyPool, FromRow, Row, Transaction,
    any::{AnyArguments, AnyRow},
    query::{Query, QueryScalar},
};

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::{failure::within, sqlite::OpenFile};

/// Why the tables could not do it. Nothing was changed, unless it is unsettled.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub struct TableError {
    source: sqlx::Error,
    is_unsettled: bool,
}

impl From<sqlx::Error> for TableError {
    fn from(source: sqlx::Error) -> Self {
        let is_unsettled = false;
        Self { source, is_unsettled }
    }
}

impl TableError {
    /// Whether it is not known what became of a change: its answer did not arrive.
    pub const fn is_unsettled(&self) -> bool {
        self.is_unsettled
    }

    /// What failed once it was sent.
    fn sent(source: sqlx::Error) -> Self {
        let is_unsettled = matches!(source, sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed);
        Self { source, is_unsettled }
    }

    /// What is stored is not what may be there.
    pub(crate) fn decode(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        sqlx::Error::Decode(what.into()).into()
    }
}

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// For how long an answer is waited for. Waiting for a lock is in it, which the database itself gives up before.
    pub(crate) const fn patience(self) -> Duration {
        match self {
            Self::Sqlite => Duration::from_secs(15),
            Self::Postgres => Duration::from_secs(5),
        }
    }
}

/// The tables of one database.
#[derive(Clone, Debug)]
pub struct Tables {
    pub(crate) pool: AnyPool,
    pub(crate) engine: Engine,
    /// Where whoever writes into the file waits, one after the other; `None`: a database server sees to it.
    pub(crate) queue: Option<Queue>,
    /// The file, which has to be there and stays open; `None`: there is a database server.
    pub(crate) file: Option<OpenFile>,
}

impl Tables {
    /// Whether the tables can be looked at.
    fn check(&self) -> Result<(), sqlx::Error> {
        self.file.as_ref().map_or(Ok(()), OpenFile::check)
    }

    /// Does it, or gives up when the database does not answer.
    pub(crate) async fn within<T>(&self, doing: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, TableError> {
        self.check()?;
        Ok(within(self.engine.patience(), doing).await?)
    }

    /// Changes something by one statement.
    pub(crate) async fn execute(&self, query: Query<'_, Any, AnyArguments>) -> Result<(), TableError> {
        let _turn = self.turn().await;
        self.check()?;
        let done = within(self.engine.patience(), query.execute(&self.pool)).await;
        done.map(drop).map_err(TableError::sent)
    }

    /// Begins to change what belongs to accounts, alone: others that would change it wait.
    pub(crate) async fn change(&self) -> Result<Change, TableError> {
        let mut change = self.begin().await?;
        if self.engine == Engine::Postgres {
            let lock = sqlx::raw_sql("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE").execute(&mut *change.transaction);
            self.within(lock).await?;
        }
        Ok(change)
    }

    /// Begins a change. In a file, all others that would write wait.
    pub(crate) async fn begin(&self) -> Result<Change, TableError> {
        let begin = async {
            match self.engine {
                Engine::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await,
                Engine::Postgres => self.pool.begin().await,
            }
        };
        // Before a connection is taken: whoever only reads does not wait for those who write.
        let turn = self.turn().await;
        Ok(Change {
            transaction: self.within(begin).await?,
            patience: self.engine.patience(),
            _turn: turn,
        })
    }

    async fn turn(&self) -> Option<(Turn, Turn)> {
        let queue = self.queue.as_ref()?;
        // One of those who write beside the journal at a time: whoever appends to the journal then waits for two at most.
        let beside = queue.beside().await?;
        Some((beside, queue.turn().await?))
    }
}

/// Those of this process who write into a file, in the order in which they came. SQLite lets whoever waits ask again from time to time, and
/// so whoever writes all the time keeps all others out; here nobody does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    all: Arc<Mutex<()>>,
    beside: Arc<Mutex<()>>,
}

/// Somebody's turn to write, until it is dropped.
pub(crate) type Turn = OwnedMutexGuard<()>;

impl Queue {
    /// Waits for one's turn; `None` after so long that it is left to the file's own lock.
    pub(crate) async fn turn(&self) -> Option<Turn> {
        Self::of(&self.all).await
    }

    /// Waits for one's turn among those who write beside the journal.
    async fn beside(&self) -> Option<Turn> {
        Self::of(&self.beside).await
    }

    async fn of(turns: &Arc<Mutex<()>>) -> Option<Turn> {
        tokio::time::timeout(Engine::Sqlite.patience(), turns.clone().lock_owned())
            .await
            .ok()
    }
}

/// A change of several tables, all of it or nothing: dropped, it is as if nothing had been done.
pub struct Change {
    transaction: Transaction<'static, Any>,
    patience: Duration,
    /// Given back after the transaction has ended.
    _turn: Option<(Turn, Turn)>,
}

impl Change {
    /// The only column of all rows.
    pub(crate) async fn all<T>(&mut self, query: QueryScalar<'_, Any, T, AnyArguments>) -> Result<Vec<T>, TableError>
    where
        T: Send + Unpin,
        (T,): for<'r> FromRow<'r, AnyRow>,
    {
        Ok(within(self.patience, query.fetch_all(&mut *self.transaction)).await?)
    }

    /// All rows.
    pub(crate) async fn rows(&mut self, query: Query<'_, Any, AnyArguments>) -> Result<Vec<AnyRow>, TableError> {
        Ok(within(self.patience, query.fetch_all(&mut *self.transaction)).await?)
    }

    /// Carries out one statement; how many rows it has changed.
    pub(crate) async fn execute(&mut self, query: Query<'_, Any, AnyArguments>) -> Result<u64, TableError> {
        let done = within(self.patience, query.execute(&mut *self.transaction)).await?;
        Ok(done.rows_affected())
    }

    /// Makes it last.
    ///
    /// # Errors
    /// When the database fails; it may then be unsettled.
    pub async fn commit(self) -> Result<(), TableError> {
        let Self {
            transaction,
            patience,
            _turn,
        } = self;
        within(patience, transaction.commit()).await.map_err(TableError::sent)
    }
}

/// So many parameters as a list, behind those that are there.
pub(crate) fn parameters(behind: usize, count: usize) -> String {
    let places: Vec<String> = (1..=count).map(|place| format!("${}", behind + place)).collect();
    places.join(", ")
}

/// Milliseconds since 1970, as text of fixed length, so that the database can compare.
pub(crate) fn sortable(instant: Timestamp) -> String {
    format!("{:020}", instant.as_millisecond().max(0))
}

/// Reads what [`sortable`] wrote.
pub(crate) fn instant(text: &str) -> Result<Timestamp, TableError> {
    let milliseconds = text.parse().map_err(TableError::decode)?;
    Timestamp::from_millisecond(milliseconds).map_err(TableError::decode)
}

/// What [`sortable`] wrote into a column that may be empty.
pub(crate) fn moment(row: &AnyRow, column: usize) -> Result<Option<Timestamp>, TableError> {
    let found: Option<String> = row.try_get(column)?;
    found.as_deref().map(instant).transpose()
}

/// The order of what has a `created_at`. It is RFC 3339 with only as many digits of a second as it needs, and a `Z` is greater than any
/// digit: only without it does `05.12` come before `05.125`, and `05` before both.
pub(crate) const OLDEST_FIRST: &str = "rtrim(created_at, 'Z'), id";
