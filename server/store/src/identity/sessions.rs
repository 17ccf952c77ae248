//! Sessions, and browsers in which somebody has signed in before.

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use super::{
    Identities, Identity,
    grants::{Holders, identities, select},
};
use crate::tables::{Change, TableError, parameters, sortable};

/// With what a person signs in.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub identity: Identity,
    pub password_hash: String,
}

/// A session that begins in a browser, with the fingerprints of both.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    pub account: &'a str,
    pub session: &'a str,
    pub session_until: Timestamp,
    pub browser: &'a str,
    pub browser_until: Timestamp,
    /// In how many browsers an account stays known, this one included.
    pub browsers: i64,
    pub now: Timestamp,
}

impl Identities {
    /// The credentials of the person of exactly this name, or else of the name in its usual form, if they may sign in and have a password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn credentials(&self, name: &str, usual: &str) -> Result<Option<Credentials>, TableError> {
        // What no database stores nobody is called.
        if name.contains('\0') {
            return Ok(None);
        }
        let query = select(
            Holders::People,
            "password_hash",
            "WHERE name IN ($1, $2) AND disabled_at IS NULL AND password_hash <> '' ORDER BY CASE WHEN name = $1 THEN 0 ELSE 1 END, id",
        );
        let query = sqlx::query(query).bind(name).bind(usual);
        let rows = self.0.within(query.fetch_all(&self.0.pool)).await?;
        let Some((identity, row)) = identities(&rows)?.into_iter().next() else {
            return Ok(None);
        };
        Ok(Some(Credentials {
            identity,
            password_hash: row.try_get(5)?,
        }))
    }

    /// Whichever of these fingerprints is that of a browser in which somebody has signed in before, best this person, and whether it was
    /// this person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known_browser(
        &self,
        fingerprints: &[String],
        account: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<(String, bool)>, TableError> {
        if fingerprints.is_empty() {
            return Ok(None);
        }
        let places = parameters(1, fingerprints.len());
        let query = format!("SELECT token_hash, account FROM known_browser WHERE expires_at > $1 AND token_hash IN ({places})");
        let mut query = sqlx::query_as(AssertSqlSafe(query)).bind(sortable(now));
        for fingerprint in fingerprints {
            query = query.bind(fingerprint.as_str());
        }
        let rows: Vec<(String, String)> = self.0.within(query.fetch_all(&self.0.pool)).await?;
        let found = rows.into_iter().map(|(print, of)| (print, account == Some(of.as_str())));
        Ok(found.max_by_key(|(_, is_theirs)| *is_theirs))
    }

    /// Who holds the first of the sessions with these fingerprints that is still valid.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_sessions(&self, fingerprints: &[String], now: Timestamp) -> Result<Option<Identity>, TableError> {
        if fingerprints.is_empty() {
            return Ok(None);
        }
        let places = parameters(1, fingerprints.len());
        let rest = format!(
            "JOIN session ON account.id = session.account
             WHERE session.expires_at > $1 AND account.disabled_at IS NULL AND session.token_hash IN ({places})"
        );
        let mut query = sqlx::query(select(Holders::People, "session.token_hash", &rest)).bind(sortable(now));
        for fingerprint in fingerprints {
            query = query.bind(fingerprint.as_str());
        }
        let rows = self.0.within(query.fetch_all(&self.0.pool)).await?;
        for fingerprint in fingerprints {
            let mut of_session = Vec::new();
            for row in &rows {
                if row.try_get::<String, _>(5)? == *fingerprint {
                    of_session.push(row);
                }
            }
            if let Some((identity, _)) = identities(of_session)?.into_iter().next() {
                return Ok(Some(identity));
            }
        }
        Ok(None)
    }

    /// Ends sessions. The browser stays known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_sessions(&self, fingerprints: &[String]) -> Result<(), TableError> {
        for fingerprint in fingerprints {
            let query = sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(fingerprint.as_str());
            self.0.execute(query).await?;
        }
        Ok(())
    }
}

impl Change {
    /// Begins a session, and forgets what has run out, and the browsers before the last few.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_session(&mut self, new: NewSession<'_>) -> Result<(), TableError> {
        for delete in [
            "DELETE FROM session WHERE expires_at <= $1",
            "DELETE FROM known_browser WHERE expires_at <= $1",
        ] {
            self.execute(sqlx::query(delete).bind(sortable(new.now))).await?;
        }
        let session = sqlx::query("INSERT INTO session (token_hash, account, expires_at) VALUES ($1, $2, $3)")
            .bind(new.session)
            .bind(new.account)
            .bind(sortable(new.session_until));
        self.execute(session).await?;
        let browser = sqlx::query(
            "INSERT INTO known_browser (token_hash, account, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT (token_hash, account) DO UPDATE SET expires_at = excluded.expires_at",
        )
        .bind(new.browser)
        .bind(new.account)
        .bind(sortable(new.browser_until));
        self.execute(browser).await?;
        let forget = sqlx::query(
            "DELETE FROM known_browser WHERE account = $1 AND token_hash <> $2 AND token_hash NOT IN
                (SELECT token_hash FROM known_browser WHERE account = $1 AND token_hash <> $2 ORDER BY expires_at DESC, token_hash LIMIT $3)",
        )
        .bind(new.account)
        .bind(new.browser)
        .bind(new.browsers - 1);
        self.execute(forget).await?;
        Ok(())
    }
}
