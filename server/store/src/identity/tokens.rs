//! The tokens of programs.

use domain::access::{Grants, Role};
use jiff::Timestamp;
use sqlx::{
    Any, Row,
    any::{AnyArguments, AnyRow},
    query::Query,
};

use super::{
    Identities, Identity,
    grants::{Holders, NO_ROLE, identities, select},
};
use crate::tables::{Change, OLDEST_FIRST, TableError, instant, sortable};

/// A token, as those see it who manage tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub id: String,
    pub name: String,
    /// The highest that it holds anywhere; `None`: it holds none.
    pub role: Option<Role>,
    pub grants: Grants,
    /// RFC 3339.
    pub created_at: String,
    /// From when on it does not work any more.
    pub expires_at: Option<Timestamp>,
    /// Since when it does not work any more; RFC 3339.
    pub revoked_at: Option<String>,
    /// The id of the person with whom it ends.
    pub owner: Option<String>,
    /// When it was used last, to the hour.
    pub used_at: Option<Timestamp>,
}

/// A token that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub grants: &'a Grants,
    pub fingerprint: &'a str,
    pub created_at: Timestamp,
    /// `None`: it works until it is revoked.
    pub expires_at: Option<Timestamp>,
    /// The id of the person with whom it ends.
    pub owner: Option<&'a str>,
}

impl Identities {
    /// Which program holds the token with this fingerprint, if it is still valid.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_token(&self, fingerprint: &str, now: Timestamp) -> Result<Option<Identity>, TableError> {
        let rest = "WHERE token_hash = $1 AND (expires_at IS NULL OR expires_at > $2) AND revoked_at IS NULL";
        let query = select(Holders::Programs, "expires_at", rest);
        let query = sqlx::query(query).bind(fingerprint).bind(sortable(now));
        let rows = self.0.within(query.fetch_all(&self.0.pool)).await?;
        Ok(identities(&rows)?.into_iter().next().map(|(identity, _)| identity))
    }

    /// All tokens, the oldest first, those included that do not work any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens(&self) -> Result<Vec<Token>, TableError> {
        let rows = self.0.within(all().fetch_all(&self.0.pool)).await?;
        identities(&rows)?.into_iter().map(token).collect()
    }

    /// Ends a token, unless it has ended before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke(&self, id: &str, now: Timestamp) -> Result<(), TableError> {
        let query = sqlx::query("UPDATE api_token SET revoked_at = coalesce(revoked_at, $1) WHERE id = $2")
            .bind(now.to_string())
            .bind(id);
        self.0.execute(query).await
    }
}

fn all() -> Query<'static, Any, AnyArguments> {
    let columns = "created_at, expires_at, revoked_at, owner, used_at";
    sqlx::query(select(Holders::Programs, columns, &format!("ORDER BY {OLDEST_FIRST}")))
}

impl Change {
    /// All tokens, as they are for as long as this change lasts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens(&mut self) -> Result<Vec<Token>, TableError> {
        identities(&self.rows(all()).await?)?.into_iter().map(token).collect()
    }

    /// The names of all programs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names_of_programs(&mut self) -> Result<Vec<String>, TableError> {
        self.all(sqlx::query_scalar("SELECT name FROM api_token")).await
    }

    /// Adds a token.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_token(&mut self, token: NewToken<'_>) -> Result<(), TableError> {
        let query = sqlx::query(
            "INSERT INTO api_token (id, name, role, token_hash, created_at, expires_at, owner) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(token.id)
        .bind(token.name)
        .bind(NO_ROLE)
        .bind(token.fingerprint)
        .bind(token.created_at.to_string())
        .bind(token.expires_at.map(sortable))
        .bind(token.owner);
        self.execute(query).await?;
        self.set_grants(Holders::Programs, token.id, token.grants).await
    }
}

fn token((known, row): (Identity, &AnyRow)) -> Result<Token, TableError> {
    let expires_at: Option<String> = row.try_get(6)?;
    Ok(Token {
        id: known.actor.id,
        name: known.name,
        role: known.actor.grants.highest(),
        grants: known.actor.grants,
        created_at: row.try_get(5)?,
        expires_at: expires_at.as_deref().map(instant).transpose()?,
        revoked_at: row.try_get(7)?,
        owner: row.try_get(8)?,
        used_at: row.try_get::<Option<String>, _>(9)?.as_deref().map(instant).transpose()?,
    })
}
