//! Who someone is: people and their sessions, programs and their tokens, the set-up link. Secrets come in as fingerprints. The journal
//! knows opaque ids only.

mod grants;
mod invitations;
mod outside;
mod passkeys;
mod people;
mod second_factor;
mod sessions;
mod setup_link;
mod tokens;

use domain::access::Actor;
use jiff::Timestamp;

use crate::tables::{Change, TableError, Tables, sortable};

pub use grants::Holders;
pub use invitations::Invitation;
pub use outside::{Departure, NO_PASSWORD, NewDeparture, OutsidePerson};
pub use passkeys::{NewChallenge, Passkey};
pub use people::{NewPerson, Person};
pub use second_factor::SecondFactor;
pub use sessions::{Credentials, NewSession};
pub use tokens::{NewToken, Token};

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    pub actor: Actor,
    /// Whether more than the password is asked of them; a program has none.
    pub has_second_factor: bool,
    /// Whether a provider elsewhere vouches for them, who asks what it sees fit; they have no password here.
    pub is_from_outside: bool,
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

    /// Notes that somebody uses what is theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_use(&self, holders: Holders, id: &str, now: Timestamp) -> Result<(), TableError> {
        let update = sqlx::AssertSqlSafe(format!("UPDATE {} SET used_at = $1 WHERE id = $2", holders.table()));
        self.0.execute(sqlx::query(update).bind(sortable(now)).bind(id)).await
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
