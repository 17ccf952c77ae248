//! The numbered steps by which a file comes to hold what this release needs.

use sqlx::{
    AssertSqlSafe, SqlSafeStr, SqliteConnection,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

/// The first step. What it makes is made again where somebody has taken it away.
const BASE: &str = include_str!("../../migrations/sqlite/0001_base.sql");

/// Columns that came while there were no numbers yet, as table, column and type.
const BEFORE_NUMBERS: [(&str, &str, &str); 3] = [
    ("account", "disabled_at", "TEXT"),
    ("api_token", "revoked_at", "TEXT"),
    ("api_token", "owner", "TEXT REFERENCES account (id)"),
];

/// Takes the steps that the file lacks. Those of a later release stay: steps only add, so that neighbouring releases can share a file.
///
/// # Errors
/// When the file cannot be read or written.
pub(super) async fn run(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(BASE).execute(&mut *connection).await?;
    for (table, column, kind) in BEFORE_NUMBERS {
        let there: Option<i64> = sqlx::query_scalar("SELECT 1 FROM pragma_table_info(?) WHERE name = ?")
            .bind(table)
            .bind(column)
            .fetch_optional(&mut *connection)
            .await?;
        if there.is_none() {
            let add = AssertSqlSafe(format!("ALTER TABLE {table} ADD COLUMN {column} {kind}"));
            let added = sqlx::query(add).execute(&mut *connection).await;
            // Another process on the same data may have been faster.
            added.map(drop).or_else(|error| {
                let is_there = error.to_string().contains("duplicate column");
                if is_there { Ok(()) } else { Err(error) }
            })?;
        }
    }
    let steps = [
        (1, "base", BASE),
        (2, "release", include_str!("../../migrations/sqlite/0002_release.sql")),
    ];
    let steps = steps.map(|(number, name, sql)| Migration::new(number, name.into(), MigrationType::Simple, sql.into_sql_str(), false));
    let migrated = Migrator::with_migrations(steps.into())
        .set_ignore_missing(true)
        .run_direct(None, connection, false)
        .await;
    migrated.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error,
        error => sqlx::Error::Migrate(Box::new(error)),
    })
}
