//! Who someone is: people and their sessions, programs and their tokens, the set-up link. Secrets come in as fingerprints. The journal
//! knows opaque ids only.

mod grants;
mod people;
mod sessions;
mod setup_link;
mod tokens;

use domain::access::Actor;

use crate::tables::{Change, TableError, Tables};

pub use grants::Holders;
pub use people::{NewPerson, Person};
pub use sessions::{Credentials, NewSession};
pub use tokens::{NewToken, Token};

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    pub actor: Actor,
}

/// The tables of accounts, sessions and tokens.
#[derive(Clone, Debug)]
pub struct Identities(Tables);

impl Identities {
    pub(crate) const fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// Begins a change, which others wait for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change(&self) -> Result<Change, TableError> {
        self.0.change().await
    }

    /// Every opaque id with the name behind it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names(&self) -> Result<Vec<(String, String)>, TableError> {
        let names = sqlx::query_as("SELECT id, name FROM account UNION ALL SELECT id, name FROM api_token");
        self.0.within(names.fetch_all(&self.0.pool)).await
    }
}
