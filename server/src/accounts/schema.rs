//! The tables beside the journal.

use sqlx::SqlitePool;

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

/// Makes the tables where there are none.
pub(super) async fn prepare(pool: &SqlitePool) -> sqlx::Result<()> {
    sqlx::raw_sql(TABLES).execute(pool).await?;
    Ok(())
}
