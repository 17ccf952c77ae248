//! The numbered steps by which a database comes to hold what this release needs.

use sqlx::{
    PgConnection, SqlSafeStr,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

/// Takes the steps that the database lacks, one node at a time. Those of a later release stay: steps only add, so that nodes of
/// neighbouring releases can share a database.
///
/// # Errors
/// When the database fails.
pub(super) async fn run(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let steps = [
        (1, "base", include_str!("../../migrations/postgres/0001_base.sql")),
        (2, "release", include_str!("../../migrations/postgres/0002_release.sql")),
    ];
    let steps = steps.map(|(number, name, sql)| Migration::new(number, name.into(), MigrationType::Simple, sql.into_sql_str(), false));
    // Where all were taken, nothing is written, which a server may refuse.
    if taken(connection).await? >= steps.len() {
        return Ok(());
    }
    let migrated = Migrator::with_migrations(steps.into())
        .set_ignore_missing(true)
        .run_direct(None, connection, false)
        .await;
    migrated.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error,
        error => sqlx::Error::Migrate(Box::new(error)),
    })
}

/// How many steps were taken.
async fn taken(connection: &mut PgConnection) -> Result<usize, sqlx::Error> {
    let is_there: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !is_there {
        return Ok(0);
    }
    let taken: i64 = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations WHERE success")
        .fetch_one(connection)
        .await?;
    Ok(usize::try_from(taken).unwrap_or_default())
}
