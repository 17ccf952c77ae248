//! What failed when a database did.

use std::{future::Future, io, time::Duration};

use sqlx::{Error, postgres::PgDatabaseError, sqlite::SqliteError};

/// What an error of a database comes down to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Another process keeps a lock.
    Busy,
    /// Disk, folder, file or server take nothing.
    Unwritable,
    /// The file itself is at fault.
    Damaged,
    /// No server answers.
    Unreachable,
    /// What was to be new is there already.
    Taken,
    Other,
}

impl Failure {
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed => {
                Self::Unreachable
            }
            Error::Database(error) => {
                let code = error.code().unwrap_or_default();
                if error.try_downcast_ref::<SqliteError>().is_some() {
                    Self::of_sqlite(code.parse().unwrap_or_default())
                } else if error.try_downcast_ref::<PgDatabaseError>().is_some() {
                    Self::of_postgres(&code)
                } else {
                    Self::Other
                }
            }
            _ => Self::Other,
        }
    }

    /// By the result code (<https://www.sqlite.org/rescode.html>). Extended codes have more bits above the lowest eight.
    const fn of_sqlite(code: u32) -> Self {
        match code & 0xff {
            // BUSY, LOCKED
            5 | 6 => Self::Busy,
            // READONLY, IOERR, FULL, CANTOPEN
            8 | 10 | 13 | 14 => Self::Unwritable,
            // CORRUPT, NOTADB
            11 | 26 => Self::Damaged,
            // CONSTRAINT
            19 => Self::Taken,
            _ => Self::Other,
        }
    }

    /// By the condition's code (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
    fn of_postgres(code: &str) -> Self {
        match code {
            // lock_not_available, query_canceled (a statement that took too long), deadlock_detected
            "55P03" | "57014" | "40P01" => Self::Busy,
            // read_only_sql_transaction; insufficient_privilege
            "25006" | "42501" => Self::Unwritable,
            "23505" => Self::Taken,
            // Connection exceptions; shutdowns and start-ups; sessions that were ended
            code if code.starts_with("08") || code.starts_with("57P") || code.starts_with("25P") => Self::Unreachable,
            // Insufficient resources: disk, memory, connections. System errors: input and output
            code if code.starts_with("53") || code.starts_with("58") => Self::Unwritable,
            code if code.starts_with("XX") => Self::Damaged,
            _ => Self::Other,
        }
    }
}

/// The same, or an error once it has taken too long: a server that is stopped or cut off says nothing by itself.
pub(crate) async fn within<T>(patience: Duration, doing: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let silent = || Error::Io(io::Error::new(io::ErrorKind::TimedOut, "the database does not answer"));
    tokio::time::timeout(patience, doing).await.unwrap_or_else(|_| Err(silent()))
}
