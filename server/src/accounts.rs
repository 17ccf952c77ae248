//! People and programs that may do things: accounts, sessions, tokens. They live in tables beside the journal, which knows only opaque ids.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{command::Actor, role::Role};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use sqlx::{Row, SqlitePool, sqlite::SqliteRow};
use tokio::sync::{OnceCell, Semaphore};

use crate::clock::Clock;

const SCHEMA: &str = r"
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

/// For how long a sign-in lasts.
pub const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(12);

/// The shortest password, in characters (NIST SP 800-63B-4 asks for 15 without a second factor; BSI for 8 with complexity).
pub const PASSWORD_LENGTH: usize = 12;

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;

/// Why an account matter failed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("the name or the password is wrong")]
    WrongCredentials,
    #[error("too many wrong attempts for this name; try again in {0} seconds")]
    TooManyAttempts(i64),
    #[error("the set-up link is not valid; it works once, and a start of the server without any account prints a new one")]
    WrongSetupLink,
    #[error("the password is too short; use at least {PASSWORD_LENGTH} characters")]
    ShortPassword,
    #[error("the name `{0}` is taken already")]
    NameTaken(String),
    #[error("the name is empty or longer than 100 characters")]
    BadName,
    #[error("the account database failed: {0}")]
    Storage(#[from] sqlx::Error),
    #[error("the password could not be hashed: {0}")]
    Hashing(String),
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
        getrandom::fill(&mut bytes).map_err(|error| AccountError::Hashing(error.to_string()))?;
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
    /// Hashing a password takes memory and time on purpose; a few at once must do.
    hashing: Arc<Semaphore>,
    attempts: Arc<Mutex<HashMap<String, Attempts>>>,
    /// The hash that stands for names that do not exist.
    nobody: Arc<OnceCell<String>>,
}

/// Attempts for one name since the last right one.
#[derive(Clone, Copy)]
struct Attempts {
    wrong: u32,
    last: Timestamp,
}

impl Attempts {
    /// From when the next attempt is taken. The first few cost nothing, then the wait doubles, up to half a minute. Whoever keeps
    /// guessing delays the owner of the name as well, but for no longer than that after the last guess.
    fn next(self) -> Timestamp {
        let seconds = if self.wrong < 5 { 0 } else { 1_i64 << (self.wrong - 4).min(5) };
        self.last
            .saturating_add(SignedDuration::from_secs(seconds.min(30)))
            .unwrap_or(self.last)
    }
}

/// How many names with wrong attempts are remembered.
const REMEMBERED: usize = 10_000;

impl Accounts {
    /// Opens the tables, and makes them where there are none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(pool: SqlitePool, clock: Arc<dyn Clock>) -> Result<Self, AccountError> {
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Self {
            pool,
            clock,
            hashing: Arc::new(Semaphore::new(2)),
            attempts: Arc::default(),
            nobody: Arc::default(),
        })
    }

    /// Adds a person.
    ///
    /// # Errors
    /// When the name is taken or the password too short.
    pub async fn add(&self, name: &str, role: Role, password: String) -> Result<Actor, AccountError> {
        check_credentials(name, &password)?;
        let id = format!("account-{}", &Secret::new()?.0[..12]);
        let hash = self.hash(password).await?;
        sqlx::query("INSERT INTO account (id, name, role, password_hash, created_at) VALUES (?, ?, ?, ?, ?)")
            .bind(&id)
            .bind(name)
            .bind(role.word())
            .bind(hash)
            .bind(self.clock.now().to_string())
            .execute(&self.pool)
            .await
            .map_err(|error| taken(error, name))?;
        sqlx::query("DELETE FROM setup_link").execute(&self.pool).await?;
        Ok(Actor { id, role })
    }

    /// Signs a person in.
    ///
    /// # Errors
    /// [`AccountError::WrongCredentials`], without telling which of the two; [`AccountError::TooManyAttempts`] after many of those.
    pub async fn sign_in(&self, name: &str, password: String) -> Result<(Identity, Secret), AccountError> {
        if name.chars().count() > LONGEST_NAME {
            return Err(AccountError::WrongCredentials);
        }
        self.count_attempt(name)?;
        let signed_in = self.try_sign_in(name, password).await;
        if signed_in.is_ok() {
            self.with_attempts(|attempts| attempts.remove(name));
        }
        signed_in
    }

    /// Counts an attempt before its password is looked at, so that many at once count as many.
    fn count_attempt(&self, name: &str) -> Result<(), AccountError> {
        let now = self.clock.now();
        self.with_attempts(|attempts| {
            let known = attempts.get(name).copied();
            if let Some(next) = known.map(Attempts::next).filter(|next| now < *next) {
                return Err(AccountError::TooManyAttempts(next.as_second() - now.as_second() + 1));
            }
            if attempts.len() >= REMEMBERED {
                attempts.clear();
            }
            let wrong = known.map_or(0, |known| known.wrong) + 1;
            attempts.insert(name.to_owned(), Attempts { wrong, last: now });
            Ok(())
        })
    }

    fn with_attempts<T>(&self, work: impl FnOnce(&mut HashMap<String, Attempts>) -> T) -> T {
        work(&mut self.attempts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn try_sign_in(&self, name: &str, password: String) -> Result<(Identity, Secret), AccountError> {
        let row = sqlx::query("SELECT id, name, role, password_hash FROM account WHERE name = ?")
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        let hash = match &row {
            Some(row) => row.try_get(3)?,
            // The same work for a name that does not exist, so that time does not tell.
            None => self
                .nobody
                .get_or_try_init(|| self.hash("nobody has this password".to_owned()))
                .await?
                .clone(),
        };
        if !self.verify(password, hash).await? {
            return Err(AccountError::WrongCredentials);
        }
        let identity = identity(&row.ok_or(AccountError::WrongCredentials)?)?;
        let secret = Secret::new()?;
        let now = self.clock.now();
        sqlx::query("DELETE FROM session WHERE expires_at <= ?")
            .bind(sortable(now))
            .execute(&self.pool)
            .await?;
        sqlx::query("INSERT INTO session (token_hash, account, expires_at) VALUES (?, ?, ?)")
            .bind(fingerprint(secret.as_str()))
            .bind(&identity.actor.id)
            .bind(sortable(now.saturating_add(SESSION_LASTS).unwrap_or(Timestamp::MAX)))
            .execute(&self.pool)
            .await?;
        Ok((identity, secret))
    }

    /// Who holds this session, if it is still valid.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_session(&self, secret: &str) -> Result<Option<Identity>, AccountError> {
        let row = sqlx::query(
            "SELECT account.id, account.name, account.role FROM session JOIN account ON account.id = session.account WHERE token_hash = ? AND expires_at > ?",
        )
        .bind(fingerprint(secret))
        .bind(sortable(self.clock.now()))
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(identity).transpose()
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, secret: &str) -> Result<(), AccountError> {
        sqlx::query("DELETE FROM session WHERE token_hash = ?")
            .bind(fingerprint(secret))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Makes a token for a program; it is told only now.
    ///
    /// # Errors
    /// When the name is taken.
    pub async fn create_token(&self, name: &str, role: Role, expires_at: Option<Timestamp>) -> Result<Secret, AccountError> {
        if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(AccountError::BadName);
        }
        let secret = Secret::new()?;
        sqlx::query("INSERT INTO api_token (id, name, role, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(format!("token-{}", &Secret::new()?.0[..12]))
            .bind(name)
            .bind(role.word())
            .bind(fingerprint(secret.as_str()))
            .bind(self.clock.now().to_string())
            .bind(expires_at.map(sortable))
            .execute(&self.pool)
            .await
            .map_err(|error| taken(error, name))?;
        Ok(secret)
    }

    /// Which program holds this token, if it is still valid.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_token(&self, secret: &str) -> Result<Option<Identity>, AccountError> {
        let row = sqlx::query("SELECT id, name, role FROM api_token WHERE token_hash = ? AND (expires_at IS NULL OR expires_at > ?)")
            .bind(fingerprint(secret))
            .bind(sortable(self.clock.now()))
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(identity).transpose()
    }

    /// The token of a new set-up link, when there is no account yet; older links stop working.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn setup_link(&self) -> Result<Option<Secret>, AccountError> {
        if self.any().await? {
            return Ok(None);
        }
        let secret = Secret::new()?;
        sqlx::query("DELETE FROM setup_link").execute(&self.pool).await?;
        sqlx::query("INSERT INTO setup_link (token_hash) VALUES (?)")
            .bind(fingerprint(secret.as_str()))
            .execute(&self.pool)
            .await?;
        Ok(Some(secret))
    }

    /// Makes the first administrator, against the set-up link.
    ///
    /// # Errors
    /// When the link was used or there is an account already.
    pub async fn set_up(&self, link: &str, name: &str, password: String) -> Result<(), AccountError> {
        check_credentials(name, &password)?;
        // The link is taken by whoever comes first.
        let taken = sqlx::query("DELETE FROM setup_link WHERE token_hash = ?")
            .bind(fingerprint(link))
            .execute(&self.pool)
            .await?;
        if taken.rows_affected() == 0 || self.any().await? {
            return Err(AccountError::WrongSetupLink);
        }
        self.add(name, Role::Admin, password).await.map(|_| ())
    }

    /// The name behind an opaque id, for showing the journal to people.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names(&self) -> Result<HashMap<String, String>, AccountError> {
        let rows = sqlx::query("SELECT id, name FROM account UNION ALL SELECT id, name FROM api_token")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    async fn any(&self) -> Result<bool, AccountError> {
        Ok(sqlx::query("SELECT 1 FROM account LIMIT 1")
            .fetch_optional(&self.pool)
            .await?
            .is_some())
    }

    async fn hash(&self, password: String) -> Result<String, AccountError> {
        self.blocking(move || {
            Argon2::default()
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| AccountError::Hashing(error.to_string()))
        })
        .await
    }

    async fn verify(&self, password: String, hash: String) -> Result<bool, AccountError> {
        self.blocking(move || {
            let hash = PasswordHash::new(&hash).map_err(|error| AccountError::Hashing(error.to_string()))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AccountError> + Send + 'static,
    ) -> Result<T, AccountError> {
        let gone = |error: String| AccountError::Hashing(error);
        let _permit = self.hashing.acquire().await.map_err(|error| gone(error.to_string()))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| gone(error.to_string()))?
    }
}

fn check_credentials(name: &str, password: &str) -> Result<(), AccountError> {
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(AccountError::BadName);
    }
    if password.chars().count() < PASSWORD_LENGTH {
        return Err(AccountError::ShortPassword);
    }
    Ok(())
}

fn identity(row: &SqliteRow) -> Result<Identity, AccountError> {
    let role: &str = row.try_get(2)?;
    let role = Role::parse(role).ok_or_else(|| sqlx::Error::Decode(format!("`{role}` is no role").into()))?;
    Ok(Identity {
        name: row.try_get(1)?,
        actor: Actor { id: row.try_get(0)?, role },
    })
}

fn taken(error: sqlx::Error, name: &str) -> AccountError {
    let unique = error.as_database_error().is_some_and(|error| error.is_unique_violation());
    if unique {
        AccountError::NameTaken(name.to_owned())
    } else {
        error.into()
    }
}

/// Secrets are random and long, so a fast hash protects them.
fn fingerprint(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

/// Milliseconds since 1970, as text of fixed length, so that the database can compare.
fn sortable(instant: Timestamp) -> String {
    format!("{:020}", instant.as_millisecond().max(0))
}
