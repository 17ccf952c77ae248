//! The SQLite file in which everything is stored: opened once, watched so that nothing is answered for a file that is no longer there, and
//! written through connections that are thrown away after any failure.

use std::{
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::Duration,
};

use sqlx::{
    AnyPool, Connection, Sqlite, SqliteConnection, SqlitePool,
    any::{AnyConnectOptions, AnyPoolOptions},
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    failure::Failure,
    journal::{Gone, JournalError},
    tables::{Engine, Queue, Tables, Turn},
};

mod files;
pub(crate) mod journal;
pub(crate) mod marker;
mod migrations;

pub(crate) use files::OpenFile;
use files::{Identity, standing, with_suffix};
pub(crate) use journal::SqliteJournal;

/// For how long a writer waits for the lock of another.
const PATIENCE: Duration = Duration::from_secs(10);

/// For how long a trial waits for it.
const PATIENCE_OF_A_TRIAL: Duration = Duration::from_secs(2);

/// How many bytes a trial writes: more than most entries have, so that where it passes they pass.
const TRIAL: i64 = 32 * 1024;

/// So many rows may be on their way from the thread that reads them.
const ROWS: usize = 512;

/// How the connections to the tables are set, as [`Database::options`] sets those to the journal.
const SETTINGS: &str = "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON";

/// Opens the file, and makes what is missing in it. Another process that does the same at this moment is let finish: SQLite itself does not wait
/// for the turn of a new file.
async fn first_connection(options: &SqliteConnectOptions, access: Access) -> Result<SqliteConnection, sqlx::Error> {
    const PAUSE: Duration = Duration::from_millis(50);
    let mut left = PATIENCE.as_millis() / PAUSE.as_millis();
    loop {
        let opened = async {
            let mut connection = SqliteConnection::connect_with(options).await?;
            match access {
                Access::Full => migrations::run(&mut connection).await?,
                Access::ReadOnly => {
                    sqlx::raw_sql("SELECT seq FROM journal LIMIT 0").execute(&mut connection).await?;
                }
            }
            Ok(connection)
        };
        match opened.await {
            Err(error) if left > 0 && matches!(Failure::of(&error), Failure::Busy | Failure::Taken) => {
                left -= 1;
                tokio::time::sleep(PAUSE).await;
            }
            opened => return opened,
        }
    }
}

/// Whether the file can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Full,
    /// Because disk, folder or file are read-only.
    ReadOnly,
}

/// An open database.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    file: PathBuf,
    options: SqliteConnectOptions,
    access: Access,
    /// For reading the journal. One connection stays for as long as the server runs: with the last one, SQLite would remove the
    /// write-ahead log, whose identity is watched. Readers wait for no writer.
    readers: SqlitePool,
    /// For appending to the journal, one at a time.
    writers: SqlitePool,
    /// For the tables beside the journal.
    tables: AnyPool,
    /// Where whoever writes waits, be it into the journal or the tables.
    queue: Queue,
    identity: Arc<OnceLock<Identity>>,
}

impl Database {
    /// Opens the file, and makes it where there is none. A file that cannot be written is opened for reading.
    ///
    /// # Errors
    /// When the file cannot be opened or is no database.
    async fn open(file: &Path) -> Result<Self, JournalError> {
        let error = match Self::prepared(file, Access::Full).await {
            Ok(database) => return Ok(database),
            Err(error) => error,
        };
        // A disk that is full or read-only must not keep from people what was published.
        let reading = Self::prepared(file, Access::ReadOnly).await;
        reading.map_err(|_| error.into())
    }

    async fn prepared(file: &Path, access: Access) -> Result<Self, sqlx::Error> {
        // One connection before all others: two that turn a new file into one with a write-ahead log at the same time do not wait for each other.
        let first = first_connection(&Self::options(file, access), access).await?;
        let database = Self::with(file, access)?;
        let identity = database.identify().await;
        if identity.is_err() {
            database.close().await;
        }
        first.close().await?;
        identity.map(|()| database)
    }

    fn options(file: &Path, access: Access) -> SqliteConnectOptions {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .busy_timeout(PATIENCE)
            .foreign_keys(true)
            // A page of the journal is handed over at once, and not row by row from one thread to the other.
            .row_buffer_size(ROWS);
        match access {
            Access::Full => options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                // What is taken out is overwritten, not only unlinked.
                .pragma("secure_delete", "ON"),
            // Without a folder that can be written, or on a full disk, there can be no index of a write-ahead log; where anything is in
            // the log already, it is read.
            Access::ReadOnly => options.read_only(true).immutable(has_no_log(file)),
        }
    }

    fn with(file: &Path, access: Access) -> Result<Self, sqlx::Error> {
        let options = Self::options(file, access);
        let identity = Arc::new(OnceLock::new());
        let pool = |connections| {
            let identity: Arc<OnceLock<Identity>> = identity.clone();
            SqlitePoolOptions::new()
                .max_connections(connections)
                .after_connect(move |_, _| {
                    let standing = standing(&identity);
                    Box::pin(async move { standing })
                })
                .after_release(|connection, _| {
                    Box::pin(async move {
                        // Lets a rollback that is still under way come to its end; where it failed, the connection is of no more use.
                        connection.ping().await?;
                        Ok(!connection.is_in_transaction())
                    })
                })
        };
        Ok(Self {
            file: file.to_owned(),
            access,
            readers: pool(3)
                .min_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .connect_lazy_with(options.clone()),
            writers: pool(1).connect_lazy_with(options.clone()),
            tables: tables(file, access, identity.clone())?,
            queue: Queue::default(),
            options,
            identity,
        })
    }

    /// Takes note of which file it is, once a connection that stays holds it.
    async fn identify(&self) -> Result<(), sqlx::Error> {
        self.readers.acquire().await?.ping().await?;
        let _ = self.identity.set(Identity::of(&self.file)?);
        Ok(())
    }

    /// The tables beside the journal.
    pub(crate) fn tables(&self) -> Tables {
        Tables {
            pool: self.tables.clone(),
            engine: Engine::Sqlite,
            queue: Some(self.queue.clone()),
            file: Some(OpenFile {
                identity: self.identity.clone(),
                _readers: self.readers.clone(),
            }),
        }
    }

    /// The connections for reading the journal, for one question. What is mapped into memory and was cut off would end the process that looks at
    /// it, so the files are looked at before.
    ///
    /// # Errors
    /// [`Gone`], as [`Database::check`].
    fn readers(&self) -> Result<&SqlitePool, Gone> {
        self.check()?;
        Ok(&self.readers)
    }

    /// Whether the files are still those that were opened.
    ///
    /// # Errors
    /// [`Gone`] when one was deleted, moved, replaced or emptied.
    fn check(&self) -> Result<(), Gone> {
        self.identity.get().map_or(Ok(()), Identity::check)
    }

    /// When anything was written last, by whomever, as far as the files say.
    fn touched(&self) -> Option<String> {
        let written = |file: &Path| file.metadata().and_then(|metadata| metadata.modified()).ok();
        let both = [written(&self.file), written(&with_suffix(&self.file, "-wal"))];
        Some(format!("{both:?}"))
    }

    /// Begins to write; waits for other processes that do.
    async fn write(&self) -> Result<Write, JournalError> {
        self.check()?;
        if self.access == Access::ReadOnly {
            return Err(JournalError::ReadOnly);
        }
        let turn = self.queue.turn().await;
        let mut write = Write(Some(self.writers.acquire().await?), turn);
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(write.connection()?).await?;
        Ok(write)
    }

    /// Writes something that means nothing, durably, on a connection of its own.
    ///
    /// # Errors
    /// When the file is gone or cannot be written.
    async fn try_to_write(&self) -> Result<(), JournalError> {
        self.check()?;
        if self.access == Access::ReadOnly {
            return Err(JournalError::ReadOnly);
        }
        let options = self.options.clone().create_if_missing(false).busy_timeout(PATIENCE_OF_A_TRIAL);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let written = sqlx::query("INSERT OR REPLACE INTO write_trial (one, content) VALUES (1, randomblob(?))")
            .bind(TRIAL)
            .execute(&mut connection)
            .await;
        connection.close().await?;
        written?;
        self.check()?;
        Ok(())
    }

    /// Lets go of the file. One that is gone is not tidied up: its name may be another's by now.
    async fn close(&self) {
        if self.check().is_ok() {
            self.tables.close().await;
            self.writers.close().await;
            self.readers.close().await;
        }
    }
}

/// A transaction that writes. Unless it was committed or taken back without a failure, its connection is closed: what SQLite makes of a
/// transaction after an error is different from error to error.
struct Write(
    Option<PoolConnection<Sqlite>>,
    #[expect(dead_code, reason = "it is held")] Option<Turn>,
);

impl Write {
    /// The connection in the transaction.
    fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.0.as_deref_mut().ok_or(sqlx::Error::WorkerCrashed)
    }

    /// Makes it last.
    async fn commit(self) -> Result<(), sqlx::Error> {
        self.end("COMMIT").await
    }

    /// Lets it be as if nothing had been written.
    async fn take_back(self) -> Result<(), sqlx::Error> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(statement).execute(self.connection()?).await?;
        self.0 = None;
        Ok(())
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        if let Some(connection) = &mut self.0 {
            connection.close_on_drop();
        }
    }
}

/// The connections to the tables beside the journal.
fn tables(file: &Path, access: Access, identity: Arc<OnceLock<Identity>>) -> Result<AnyPool, sqlx::Error> {
    sqlx::any::install_default_drivers();
    let mode = match access {
        Access::Full => "mode=rw",
        Access::ReadOnly if has_no_log(file) => "mode=ro&immutable=true",
        Access::ReadOnly => "mode=ro",
    };
    // Without links and steps back, which an address would resolve in its own way.
    let options: AnyConnectOptions = format!("sqlite://{}?{mode}", in_address(&file.canonicalize()?)).parse()?;
    let pool = AnyPoolOptions::new()
        .max_connections(4)
        .after_connect(move |connection, _| {
            let standing = standing(&identity);
            Box::pin(async move {
                standing?;
                if access == Access::Full {
                    sqlx::raw_sql(SETTINGS).execute(connection).await?;
                }
                Ok(())
            })
        })
        .after_release(|connection, _| {
            Box::pin(async move {
                // Lets a rollback that is still under way come to its end.
                connection.ping().await?;
                Ok(true)
            })
        });
    Ok(pool.connect_lazy_with(options))
}

/// A path as it stands in an address.
fn in_address(file: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_');
    let bytes = file.as_os_str().as_bytes().iter();
    bytes
        .map(|byte| {
            if plain(*byte) {
                char::from(*byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// Whether nothing waits in a write-ahead log.
fn has_no_log(file: &Path) -> bool {
    !with_suffix(file, "-wal").metadata().is_ok_and(|log| log.len() > 0)
}

/// Whether SQLite failed while it wrote, and not while it synced what was written.
fn is_unwritten(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    // SQLITE_FULL, SQLITE_IOERR_WRITE (<https://www.sqlite.org/rescode.html>)
    matches!(code, Some(13 | 778))
}
