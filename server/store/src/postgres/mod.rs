//! The database on a PostgreSQL server, which several nodes share.

mod journal;
mod migrations;
mod news;

use std::{str::FromStr, time::Duration};

use sqlx::{AnyPool, Connection, Executor, PgConnection, PgPool, any::AnyConnectOptions, pool::PoolOptions, postgres::PgConnectOptions};

use crate::{
    failure::{Failure, within},
    journal::{Gone, JournalError},
    tables::{Engine, Tables},
};

pub(crate) use journal::PostgresJournal;

/// For how long an answer is waited for.
const PATIENCE: Duration = Engine::Postgres.patience();

/// For how long a connection is waited for. Where nobody listens it is tried again and again until then.
const CONNECTING: Duration = Duration::from_secs(2);

/// For how long a connection that comes back may take to be as new. One that takes longer is thrown away, so that a server that has fallen
/// silent keeps no place in a pool.
const COMING_BACK: Duration = Duration::from_secs(2);

/// For how long the tables may be made or changed at a start, and waited for while another node does.
const MIGRATING: Duration = Duration::from_secs(120);

/// What every connection is set to. Locks are given up before the answer is, so that the reason is known; whoever falls silent amid a
/// transaction loses its locks; and what is said to be written is on disk, however the server is set.
const SETTINGS: &str = "
SET client_min_messages = error;
SET statement_timeout = '4s';
SET lock_timeout = '4s';
SET idle_in_transaction_session_timeout = '10s';
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local');
";

/// A database on a server.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    options: PgConnectOptions,
    /// For the journal.
    pool: PgPool,
    /// For the tables beside it.
    tables: AnyPool,
}

impl Database {
    /// Connects, and makes the tables where there are none.
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    async fn open(address: &str) -> Result<Self, JournalError> {
        let database = Self::connect(address).await?;
        // On a connection of its own, which nothing hurries.
        let migrated = async {
            let mut connection = PgConnection::connect_with(&database.options).await?;
            migrations::run(&mut connection).await?;
            connection.close().await
        };
        within(MIGRATING, migrated).await.map_err(JournalError::from_postgres)?;
        Ok(database)
    }

    /// Connects to whatever is there.
    async fn connect(address: &str) -> Result<Self, JournalError> {
        sqlx::any::install_default_drivers();
        let options = PgConnectOptions::from_str(address)?.application_name("umleitung");
        // By itself first, because a pool does not say what was wrong.
        let first = async {
            let mut connection = PgConnection::connect_with(&options).await?;
            let encoding: String = sqlx::query_scalar("SELECT current_setting('server_encoding')")
                .fetch_one(&mut connection)
                .await?;
            connection.close().await?;
            Ok(encoding)
        };
        let encoding = within(PATIENCE, first).await.map_err(JournalError::from_postgres)?;
        if encoding != "UTF8" {
            let reason = format!("the database has the encoding {encoding}, which cannot hold all texts; make one with the encoding UTF8");
            return Err(sqlx::Error::Configuration(reason.into()).into());
        }
        let pool = pool_options().connect_lazy_with(options.clone());
        let tables = pool_options().connect_lazy_with(AnyConnectOptions::from_str(address)?);
        Ok(Self { options, pool, tables })
    }

    /// Whether there are tables of ours.
    async fn exists(&self) -> Result<bool, JournalError> {
        let query = sqlx::query_scalar("SELECT to_regclass('journal') IS NOT NULL");
        within(PATIENCE, query.fetch_one(&self.pool))
            .await
            .map_err(JournalError::from_postgres)
    }

    fn tables(&self) -> Tables {
        Tables {
            pool: self.tables.clone(),
            engine: Engine::Postgres,
            queue: None,
            file: None,
        }
    }
}

/// How a pool is set, whichever way its connections speak.
fn pool_options<DB: sqlx::Database>() -> PoolOptions<DB>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    PoolOptions::new()
        .max_connections(4)
        .acquire_timeout(CONNECTING)
        .after_connect(|connection: &mut DB::Connection, _| Box::pin(async move { connection.execute(SETTINGS).await.map(drop) }))
        // Whoever went away while a transaction began has left it open: the library knows of it only once that is answered. So it is
        // taken back here, whether there is one or not.
        .after_release(|connection: &mut DB::Connection, _| {
            Box::pin(async move { within(COMING_BACK, connection.execute("ROLLBACK")).await.map(|_| true) })
        })
}

impl JournalError {
    fn from_postgres(error: sqlx::Error) -> Self {
        match Failure::of(&error) {
            Failure::Unreachable => Self::Gone(Gone(format!("the database server does not answer: {error}"))),
            _ => Self::Storage(error),
        }
    }
}
