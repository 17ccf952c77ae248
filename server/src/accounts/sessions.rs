//! Signing in and out.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{
    AccountError, Accounts, Identity, Secret, fingerprint,
    hashing::For,
    identity,
    names::usual_form,
    sortable,
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

/// A browser in which somebody has signed in before. Several people may share one.
struct KnownBrowser {
    secret: Secret,
    of: Familiar,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Familiar {
    WithPerson,
    WithOthers,
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
        let row = self.row_of(&name).await?;
        let person = row.as_ref().map(identity).transpose()?;
        // However a name is written, its attempts count together.
        let counted = person.as_ref().map_or(&name, |person| &person.actor.id);
        let browser = self.known_browser(browsers, person.as_ref()).await?;
        let print = browser.as_ref().filter(|browser| browser.of == Familiar::WithPerson);
        let print = print.map(|browser| fingerprint(browser.secret.as_str()));
        let (source, whose) = match &print {
            Some(print) => (Source::KnownBrowser(print), For::Known),
            None => (Source::Address(address), For::Stranger),
        };
        let turn = self
            .throttle
            .turn(counted, source, &*self.clock)
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
        let secret = browser.map(|browser| browser.secret);
        let signed_in = self.begin_session(&mut transaction, person, secret).await?;
        transaction.commit().await?;
        Ok(signed_in)
    }

    /// Id, name, role and hash of a person who may sign in, by their name as it is stored or as it is written otherwise.
    async fn row_of(&self, name: &str) -> Result<Option<SqliteRow>, AccountError> {
        sqlx::query(
            "SELECT id, name, role, password_hash FROM account
             WHERE name IN (?1, ?2) AND disabled_at IS NULL ORDER BY name = ?1 DESC LIMIT 1",
        )
        .bind(name)
        .bind(usual_form(name))
        .fetch_optional(&self.pool)
        .await
        .map_err(AccountError::from)
    }

    /// Whichever of these secrets is that of a browser in which somebody has signed in before, best this person.
    async fn known_browser(&self, browsers: Vec<String>, person: Option<&Identity>) -> Result<Option<KnownBrowser>, AccountError> {
        let found: Option<(String, bool)> = sqlx::query_as(
            "SELECT token_hash, account IS ?2 FROM known_browser
             WHERE token_hash IN (SELECT value FROM json_each(?1)) AND expires_at > ?3 ORDER BY 2 DESC LIMIT 1",
        )
        .bind(fingerprints(&browsers))
        .bind(person.map(|person| &person.actor.id))
        .bind(sortable(self.clock.now()))
        .fetch_optional(&self.pool)
        .await?;
        let Some((print, is_theirs)) = found else { return Ok(None) };
        let secret = browsers.into_iter().find(|browser| fingerprint(browser) == print);
        let of = if is_theirs { Familiar::WithPerson } else { Familiar::WithOthers };
        Ok(secret.map(|secret| KnownBrowser {
            secret: Secret(secret),
            of,
        }))
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
             WHERE expires_at > ? AND account.disabled_at IS NULL ORDER BY given.key LIMIT 1",
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
