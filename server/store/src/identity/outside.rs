//! People for whom a provider elsewhere vouches: by what it knows them, and who has gone there and is to come back.

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use super::{
    Identities, Identity,
    grants::{Holders, identities, select},
};
use crate::tables::{Change, TableError, parameters, sortable};

/// What stands in the place of the hash of a password where there is none. Nobody signs in by it.
pub const NO_PASSWORD: &str = "";

/// Somebody who goes to the provider.
#[derive(Clone, Copy, Debug)]
pub struct NewDeparture<'a> {
    /// The fingerprint of what they come back with.
    pub state: &'a str,
    /// That of the browser that goes.
    pub browser: &'a str,
    /// What the provider has to say of this sign-in.
    pub nonce: &'a str,
    /// What shows the provider that whoever asks is who has sent them.
    pub verifier: &'a str,
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

/// What has to be known of somebody who comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    pub nonce: String,
    pub verifier: String,
}

/// Somebody for whom the provider has vouched before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsidePerson {
    pub identity: Identity,
    pub is_disabled: bool,
}

impl Identities {
    /// Waits for somebody to come back. Those who stayed away too long are forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_departure(&self, new: NewDeparture<'_>) -> Result<(), TableError> {
        let forget = sqlx::query("DELETE FROM departure WHERE expires_at <= $1").bind(sortable(new.now));
        self.0.execute(forget).await?;
        let query =
            sqlx::query("INSERT INTO departure (state_hash, browser_hash, nonce, verifier, expires_at) VALUES ($1, $2, $3, $4, $5)")
                .bind(new.state)
                .bind(new.browser)
                .bind(new.nonce)
                .bind(new.verifier)
                .bind(sortable(new.expires_at));
        self.0.execute(query).await
    }

    /// The departure with the fingerprint of this state, if one of these browsers went and is still waited for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn departure(&self, state: &str, browsers: &[String], now: Timestamp) -> Result<Option<Departure>, TableError> {
        if browsers.is_empty() {
            return Ok(None);
        }
        let places = parameters(2, browsers.len());
        let query =
            format!("SELECT nonce, verifier FROM departure WHERE state_hash = $1 AND expires_at > $2 AND browser_hash IN ({places})");
        let mut query = sqlx::query(AssertSqlSafe(query)).bind(state).bind(sortable(now));
        for browser in browsers {
            query = query.bind(browser.as_str());
        }
        let found = self.0.within(query.fetch_optional(&self.0.pool)).await?;
        let read = |row: sqlx::any::AnyRow| {
            Ok(Departure {
                nonce: row.try_get(0)?,
                verifier: row.try_get(1)?,
            })
        };
        found.map(read).transpose()
    }

    /// Waits for somebody no longer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_departure(&self, state: &str) -> Result<(), TableError> {
        let query = sqlx::query("DELETE FROM departure WHERE state_hash = $1").bind(state);
        self.0.execute(query).await
    }
}

impl Change {
    /// Lets somebody come back; whether they were still waited for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_departure(&mut self, state: &str) -> Result<bool, TableError> {
        let query = sqlx::query("DELETE FROM departure WHERE state_hash = $1").bind(state);
        Ok(self.execute(query).await? > 0)
    }

    /// The person whom this provider knows as this.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn outside_person(&mut self, issuer: &str, subject: &str) -> Result<Option<OutsidePerson>, TableError> {
        let rest = "JOIN outside_identity ON outside_identity.account = account.id
             WHERE outside_identity.issuer = $1 AND outside_identity.subject = $2";
        let query = sqlx::query(select(Holders::People, "account.disabled_at", rest));
        let rows = self.rows(query.bind(issuer).bind(subject)).await?;
        let Some((identity, row)) = identities(&rows)?.into_iter().next() else {
            return Ok(None);
        };
        Ok(Some(OutsidePerson {
            identity,
            is_disabled: row.try_get::<Option<String>, _>(5)?.is_some(),
        }))
    }

    /// From now on this provider vouches for a person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_outside_identity(&mut self, account: &str, issuer: &str, subject: &str, now: Timestamp) -> Result<(), TableError> {
        let query = sqlx::query("INSERT INTO outside_identity (issuer, subject, account, created_at) VALUES ($1, $2, $3, $4)")
            .bind(issuer)
            .bind(subject)
            .bind(account)
            .bind(now.to_string());
        self.execute(query).await.map(drop)
    }

    /// Whether a provider vouches for a person; `account` is an id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_from_outside(&mut self, account: &str) -> Result<bool, TableError> {
        let query = sqlx::query("SELECT account FROM outside_identity WHERE account = $1").bind(account);
        Ok(!self.rows(query).await?.is_empty())
    }
}
