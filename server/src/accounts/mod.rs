//! People and programs that may do things: accounts, sessions, tokens. They live in tables beside the journal, which knows only opaque ids.

mod hashing;
mod levels;
mod names;
mod passwords;
mod people;
mod schema;
mod sessions;
mod setup_link;
mod throttle;
mod tokens;

use std::{collections::HashMap, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    access::Role,
    words::{Actor, COMMAND_LINE, Code},
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::{Row, SqlitePool, sqlite::SqliteRow};
use tokio::sync::OnceCell;

use self::{hashing::Hashing, throttle::Throttle};
pub use self::{
    hashing::HashingError,
    passwords::PASSWORD_LENGTH,
    people::Person,
    sessions::{Attempt, BROWSER_IS_KNOWN, SESSION_LASTS, SignedIn},
    tokens::{NewToken, Token},
};
use crate::demo;
use store::clock::Clock;

/// Why an account matter failed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("the name or the password is wrong")]
    WrongCredentials,
    #[error("too many attempts from this address or for this name; the next one is worth the while in {0} seconds")]
    TooManyAttempts(i64),
    #[error("the set-up link is not valid; it works once, and a start of the server without any administrator prints a new one")]
    WrongSetupLink,
    #[error("the password {1}")]
    BadPassword(Code, String),
    #[error("the name is taken already, or could be confused with the one that is: {}", .0.escape_debug())]
    NameTaken(String),
    #[error("the name {1}")]
    BadName(Code, String),
    #[error("there is nobody with the name or id `{}`; `umleitung user list` shows all", .0.escape_debug())]
    NoPerson(String),
    #[error("there is no token with the name or id `{}`; `umleitung token list` shows all", .0.escape_debug())]
    NoToken(String),
    #[error("{} is the last administrator; make another one first", .0.escape_debug())]
    LastAdministrator(String),
    #[error("the account database failed: {0}")]
    Storage(#[from] sqlx::Error),
    #[error("a password could not be hashed: {0}")]
    Hashing(#[from] HashingError),
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    pub actor: Actor,
}

/// A fresh secret, which is told once and stored only as a hash.
#[derive(Clone, Debug)]
pub struct Secret(String);

impl Secret {
    fn new() -> Result<Self, AccountError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(HashingError::from)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The secret itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The tables of accounts, sessions and tokens.
#[derive(Clone)]
pub struct Accounts {
    pool: SqlitePool,
    clock: Arc<dyn Clock>,
    hashing: Hashing,
    throttle: Arc<Throttle>,
    /// The hash that stands for names that do not exist.
    nobody: Arc<OnceCell<String>>,
}

impl Accounts {
    /// Opens the tables, and makes them where there are none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(pool: SqlitePool, clock: Arc<dyn Clock>) -> Result<Self, AccountError> {
        schema::prepare(&pool).await?;
        Ok(Self {
            pool,
            clock,
            hashing: Hashing::default(),
            throttle: Arc::default(),
            nobody: Arc::default(),
        })
    }

    /// The name behind an opaque id, for showing the journal to people.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names(&self) -> Result<HashMap<String, String>, AccountError> {
        let rows = sqlx::query("SELECT id, name FROM account UNION ALL SELECT id, name FROM api_token")
            .fetch_all(&self.pool)
            .await?;
        let stored = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
        // These have neither account nor token; their ids are their names.
        let own = [COMMAND_LINE, demo::AUTHOR].map(|id| Ok((id.to_owned(), id.to_owned())));
        stored.chain(own).collect()
    }
}

/// Reads id, name and role.
fn identity(row: &SqliteRow) -> Result<Identity, AccountError> {
    let role: &str = row.try_get(2)?;
    let role = Role::parse(role).ok_or_else(|| sqlx::Error::Decode(format!("`{role}` is no role").into()))?;
    Ok(Identity {
        name: row.try_get(1)?,
        actor: Actor { id: row.try_get(0)?, role },
    })
}

/// Secrets are random and long, so a fast hash protects them.
fn fingerprint(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

/// The order of what has a `created_at`. It is RFC 3339 with only as many digits of a second as it needs, and a `Z` is greater than any
/// digit: only without it does `05.12` come before `05.125`, and `05` before both.
const OLDEST_FIRST: &str = "rtrim(created_at, 'Z'), id";

/// Milliseconds since 1970, as text of fixed length, so that the database can compare.
fn sortable(instant: Timestamp) -> String {
    format!("{:020}", instant.as_millisecond().max(0))
}
