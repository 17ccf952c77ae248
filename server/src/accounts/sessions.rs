//! Signing in and out.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use sqlx::{Row, SqliteConnection};

use super::{
    AccountError, Accounts, Identity, LONGEST_NAME, Secret, fingerprint,
    hashing::For,
    identity, sortable,
    throttle::{Refused, Source},
};

/// For how long a sign-in lasts.
pub const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(12);

/// For how long a browser stays known after a sign-in.
pub const BROWSER_IS_KNOWN: SignedDuration = SignedDuration::from_hours(180 * 24);

/// In how many browsers an account is known; more than that, and the oldest is forgotten.
const KNOWN_BROWSERS: i64 = 20;

/// An attempt to sign in.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub name: String,
    pub password: String,
    /// The address that it comes from, if it is known.
    pub address: Option<IpAddr>,
    /// What came as the secret of a browser in which somebody has signed in before.
    pub browsers: Vec<String>,
}

/// A session that has begun.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub identity: Identity,
    pub session: Secret,
    /// What makes the browser known from now on.
    pub browser: Secret,
}

impl Accounts {
    /// Signs a person in. Whoever makes too many attempts waits for a turn first.
    ///
    /// # Errors
    /// [`AccountError::WrongCredentials`], without telling which of the two; [`AccountError::TooManyAttempts`] when no turn came.
    pub async fn sign_in(&self, attempt: Attempt) -> Result<SignedIn, AccountError> {
        let Attempt {
            name,
            password,
            address,
            browsers,
        } = attempt;
        if name.chars().count() > LONGEST_NAME {
            return Err(AccountError::WrongCredentials);
        }
        let row = sqlx::query("SELECT id, name, role, password_hash FROM account WHERE name = ?")
            .bind(&name)
            .fetch_optional(&self.pool)
            .await?;
        let person = row.as_ref().map(identity).transpose()?;
        let browser = match &person {
            Some(person) => self.known_browser(person, browsers).await?,
            None => None,
        };
        let print = browser.as_ref().map(|browser| fingerprint(browser.as_str()));
        let (source, whose) = match &print {
            Some(print) => (Source::KnownBrowser(print), For::Known),
            None => (Source::Address(address), For::Stranger),
        };
        let turn = self
            .throttle
            .turn(&name, source, &*self.clock)
            .await
            .map_err(|Refused { seconds }| AccountError::TooManyAttempts(seconds))?;
        let hash = match &row {
            Some(row) => row.try_get(3)?,
            // The same work for a name that does not exist, so that time does not tell.
            None => self
                .nobody
                .get_or_try_init(|| self.hashing.hash("nobody has this password".to_owned(), whose))
                .await?
                .clone(),
        };
        let is_right = self.hashing.verify(password, hash, whose).await?;
        let person = person.filter(|_| is_right).ok_or(AccountError::WrongCredentials)?;
        turn.was_right(self.clock.steady());
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let signed_in = self.begin_session(&mut transaction, person, browser).await?;
        transaction.commit().await?;
        Ok(signed_in)
    }

    /// Whichever of these secrets is that of a browser in which this person has signed in before.
    async fn known_browser(&self, person: &Identity, browsers: Vec<String>) -> Result<Option<Secret>, AccountError> {
        let known: Option<String> = sqlx::query_scalar(
            "SELECT token_hash FROM known_browser
             WHERE token_hash IN (SELECT value FROM json_each(?)) AND account = ? AND expires_at > ? LIMIT 1",
        )
        .bind(fingerprints(&browsers))
        .bind(&person.actor.id)
        .bind(sortable(self.clock.now()))
        .fetch_optional(&self.pool)
        .await?;
        let of_known = |browser: &String| Some(fingerprint(browser)) == known;
        Ok(browsers.into_iter().find(of_known).map(Secret))
    }

    /// Begins the session of a person who has shown who they are, in this browser or in a new one.
    pub(super) async fn begin_session(
        &self,
        connection: &mut SqliteConnection,
        identity: Identity,
        browser: Option<Secret>,
    ) -> Result<SignedIn, AccountError> {
        let now = self.clock.now();
        let after = |time| sortable(now.saturating_add(time).unwrap_or(Timestamp::MAX));
        let session = Secret::new()?;
        let browser = browser.map_or_else(Secret::new, Ok)?;
        sqlx::query("DELETE FROM session WHERE expires_at <= ?")
            .bind(sortable(now))
            .execute(&mut *connection)
            .await?;
        sqlx::query("DELETE FROM known_browser WHERE expires_at <= ?")
            .bind(sortable(now))
            .execute(&mut *connection)
            .await?;
        sqlx::query("INSERT INTO session (token_hash, account, expires_at) VALUES (?, ?, ?)")
            .bind(fingerprint(session.as_str()))
            .bind(&identity.actor.id)
            .bind(after(SESSION_LASTS))
            .execute(&mut *connection)
            .await?;
        sqlx::query("INSERT OR REPLACE INTO known_browser (token_hash, account, expires_at) VALUES (?, ?, ?)")
            .bind(fingerprint(browser.as_str()))
            .bind(&identity.actor.id)
            .bind(after(BROWSER_IS_KNOWN))
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "DELETE FROM known_browser WHERE account = ?1 AND token_hash NOT IN
                (SELECT token_hash FROM known_browser WHERE account = ?1 ORDER BY expires_at DESC, rowid DESC LIMIT ?2)",
        )
        .bind(&identity.actor.id)
        .bind(KNOWN_BROWSERS)
        .execute(connection)
        .await?;
        Ok(SignedIn {
            identity,
            session,
            browser,
        })
    }

    /// Who holds the first of these sessions that is still valid.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_sessions(&self, secrets: &[&str]) -> Result<Option<Identity>, AccountError> {
        let row = sqlx::query(
            "SELECT account.id, account.name, account.role
             FROM json_each(?) AS given
             JOIN session ON session.token_hash = given.value
             JOIN account ON account.id = session.account
             WHERE expires_at > ? ORDER BY given.key LIMIT 1",
        )
        .bind(fingerprints(secrets))
        .bind(sortable(self.clock.now()))
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(identity).transpose()
    }

    /// Ends sessions. The browser stays known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, secrets: &[&str]) -> Result<(), AccountError> {
        sqlx::query("DELETE FROM session WHERE token_hash IN (SELECT value FROM json_each(?))")
            .bind(fingerprints(secrets))
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// Fingerprints as a JSON array, which the database takes for a table.
fn fingerprints(secrets: &[impl AsRef<str>]) -> String {
    let prints: Vec<String> = secrets.iter().map(|secret| fingerprint(secret.as_ref())).collect();
    serde_json::Value::from(prints).to_string()
}
