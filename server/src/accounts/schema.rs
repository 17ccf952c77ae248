//! The tables beside the journal.

use sqlx::{AssertSqlSafe, SqlitePool};

const TABLES: &str = r"
CREATE TABLE IF NOT EXISTS account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS session (
    token_hash TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS known_browser (
    token_hash TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (token_hash, account)
) STRICT;
CREATE TABLE IF NOT EXISTS api_token (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    expires_at TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS setup_link (token_hash TEXT PRIMARY KEY) STRICT;
";

/// Columns that came after the first release, as table, column and type. Older releases leave them alone.
const LATER: [(&str, &str, &str); 3] = [
    ("account", "disabled_at", "TEXT"),
    ("api_token", "revoked_at", "TEXT"),
    ("api_token", "owner", "TEXT REFERENCES account (id)"),
];

/// Makes the tables where there are none, and the columns that they lack. Where nothing can be written, what was published is shown all
/// the same; whoever signs in then is told that it cannot be done.
pub(super) async fn prepare(pool: &SqlitePool) -> sqlx::Result<()> {
    match complete(pool).await {
        Err(error) if is_unwritable(&error) => {
            tracing::warn!(%error, "accounts cannot be written");
            Ok(())
        }
        completed => completed,
    }
}

/// Whether the reason is that disk, folder or file take nothing: `SQLITE_READONLY`, `SQLITE_IOERR`, `SQLITE_FULL`, `SQLITE_CANTOPEN`.
fn is_unwritable(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 8 | 10 | 13 | 14))
}

async fn complete(pool: &SqlitePool) -> sqlx::Result<()> {
    sqlx::raw_sql(TABLES).execute(pool).await?;
    let mut missing = Vec::new();
    for later in LATER {
        let there: Option<i64> = sqlx::query_scalar("SELECT 1 FROM pragma_table_info(?) WHERE name = ?")
            .bind(later.0)
            .bind(later.1)
            .fetch_optional(pool)
            .await?;
        if there.is_none() {
            missing.push(later);
        }
    }
    for (table, column, kind) in missing {
        let added = sqlx::query(AssertSqlSafe(format!("ALTER TABLE {table} ADD COLUMN {column} {kind}")))
            .execute(pool)
            .await;
        // Another process on the same data may have been faster.
        if let Err(error) = added
            && !error.to_string().contains("duplicate column")
        {
            return Err(error);
        }
    }
    Ok(())
}
