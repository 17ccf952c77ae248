//! The numbered steps by which a database comes to hold what this release needs. They only add, so that processes of neighbouring releases
//! can share a database: a step that a later one has taken stays.

use sqlx::{
    SqlSafeStr,
    migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator},
};

/// A step: its number, its name, and what it does.
pub(crate) type Step = (i64, &'static str, &'static str);

/// Whether a step is a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Each {
    InATransaction,
    /// The caller has begun one for all of them.
    WithinOne,
}

/// How many steps a database has taken.
pub(crate) const TAKEN: &str = "SELECT count(*) FROM _sqlx_migrations WHERE success";

/// Takes the steps that the database lacks.
///
/// # Errors
/// When the database cannot be read or written.
pub(crate) async fn take(connection: &mut impl Migrate, steps: &[Step], each: Each) -> Result<(), sqlx::Error> {
    let bare = each == Each::WithinOne;
    let step = |(number, name, sql): &Step| Migration::new(*number, (*name).into(), MigrationType::Simple, sql.into_sql_str(), bare);
    let taken = Migrator::with_migrations(steps.iter().map(step).collect())
        .set_ignore_missing(true)
        .run_direct(None, connection, false)
        .await;
    taken.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error,
        error => sqlx::Error::Migrate(Box::new(error)),
    })
}
