//! The steps in a file.

use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::steps::{self, Each, Step, TAKEN};

/// The first step. What it makes is made again where somebody has taken it away.
const BASE: &str = include_str!("../../migrations/sqlite/0001_base.sql");

const STEPS: [Step; 14] = [
    (1, "base", BASE),
    (2, "release", include_str!("../../migrations/sqlite/0002_release.sql")),
    (3, "grant", include_str!("../../migrations/sqlite/0003_grant.sql")),
    (4, "outbox", include_str!("../../migrations/sqlite/0004_outbox.sql")),
    (5, "webhook", include_str!("../../migrations/sqlite/0005_webhook.sql")),
    (6, "arrival", include_str!("../../migrations/sqlite/0006_arrival.sql")),
    (7, "invitation", include_str!("../../migrations/sqlite/0007_invitation.sql")),
    (8, "second_factor", include_str!("../../migrations/sqlite/0008_second_factor.sql")),
    (9, "form", include_str!("../../migrations/sqlite/0009_form.sql")),
    (10, "passkey", include_str!("../../migrations/sqlite/0010_passkey.sql")),
    (
        11,
        "outside_identity",
        include_str!("../../migrations/sqlite/0011_outside_identity.sql"),
    ),
    (12, "source", include_str!("../../migrations/sqlite/0012_source.sql")),
    (13, "probe", include_str!("../../migrations/sqlite/0013_probe.sql")),
    (14, "subscription", include_str!("../../migrations/sqlite/0014_subscription.sql")),
];

/// Columns that came while there were no numbers yet, as table, column and type.
const BEFORE_NUMBERS: [(&str, &str, &str); 3] = [
    ("account", "disabled_at", "TEXT"),
    ("api_token", "revoked_at", "TEXT"),
    ("api_token", "owner", "TEXT REFERENCES account (id)"),
];

/// Takes the steps that the file lacks.
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
    // Where there is no table of steps, none was taken.
    let taken: i64 = sqlx::query_scalar(TAKEN).fetch_one(&mut *connection).await.unwrap_or_default();
    if usize::try_from(taken).is_ok_and(|taken| taken >= STEPS.len()) {
        return Ok(());
    }
    // One process at a time: what another has made meanwhile is seen then.
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    steps::take(connection, &STEPS, Each::WithinOne).await?;
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(())
}
