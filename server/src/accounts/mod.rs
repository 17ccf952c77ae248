//! People and programs that may do things: accounts, sessions, tokens. They live in tables beside the journal ([`store::identity`]), which
//! knows only opaque ids. What names, passwords and attempts are taken is decided here.

mod hashing;
mod invitations;
mod last_use;
mod names;
mod outside;
mod passkeys;
mod passwords;
mod people;
mod second_factor;
mod sessions;
mod setup_link;
mod throttle;
mod tokens;

use std::{collections::HashMap, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    access::{COMMAND_LINE, SCHEDULE},
    words::Code,
};
use sha2::{Digest, Sha256};
use store::{clock::Clock, identity::Identities, tables::TableError};
use tokio::sync::OnceCell;

use self::{
    hashing::Hashing,
    last_use::LastUse,
    throttle::{Refused, Throttle},
};
pub use self::{
    hashing::HashingError,
    outside::{DEPARTURE_LASTS, Leaving, Newcomer, Turned},
    passkeys::{AddedPasskey, RelyingParty},
    passwords::PASSWORD_LENGTH,
    second_factor::Device,
    sessions::{Attempt, BROWSER_IS_KNOWN, SESSION_LASTS, SignedIn},
    tokens::NewToken,
};
use crate::demo;
pub use store::identity::{Identity, Invitation, Passkey, Person, SecondFactor, Token};

/// Why an account matter failed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("the name or the password is wrong")]
    WrongCredentials,
    #[error("too many attempts from this address or for this name; the next one is worth the while in {0} seconds")]
    TooManyAttempts(i64),
    #[error("a code is needed beside the password: send one of your device, or a recovery code, as `code`")]
    CodeNeeded,
    #[error(
        "the code does not hold: it was used, has run out, or is another's; wait for the next one of your device, or use a recovery code"
    )]
    WrongCode,
    #[error("something is needed beside the password: sign in with a passkey, or send a recovery code as `code`")]
    PasskeyNeeded,
    #[error(
        "the passkey does not hold: it is not known here, or was asked too long ago or twice; try once more, or sign in by the password"
    )]
    WrongPasskey,
    #[error("there is no such passkey")]
    NoPasskey,
    #[error("what is kept of a passkey cannot be read or written: {0}")]
    KeptPasskey(#[from] serde_json::Error),
    #[error("there is a second factor already; remove it before you add another")]
    HasSecondFactor,
    #[error("there is no second factor of which this could be a code; add one first")]
    NoSecondFactor,
    #[error("the set-up link is not valid; it works once, and a start of the server without any administrator prints a new one")]
    WrongSetupLink,
    #[error("the invitation is not valid: it works once and for a week; ask for a new one")]
    WrongInvitation,
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
    #[error("{} signs in at the provider, and has no password here", .0.escape_debug())]
    FromOutside(String),
    #[error("the account database failed: {0}")]
    Storage(#[from] TableError),
    #[error("a password could not be hashed: {0}")]
    Hashing(#[from] HashingError),
}

impl From<Refused> for AccountError {
    fn from(Refused { seconds }: Refused) -> Self {
        Self::TooManyAttempts(seconds)
    }
}

/// A fresh secret, which is told once and stored only as a hash.
#[derive(Clone, Debug)]
pub struct Secret(String);

impl Secret {
    pub(crate) fn new() -> Result<Self, AccountError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(HashingError::from)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The secret itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Everybody who may do things.
#[derive(Clone)]
pub struct Accounts {
    identities: Identities,
    clock: Arc<dyn Clock>,
    hashing: Hashing,
    throttle: Arc<Throttle>,
    last_use: Arc<LastUse>,
    /// The hash that stands for names that do not exist.
    nobody: Arc<OnceCell<String>>,
}

impl Accounts {
    /// The accounts in these tables.
    pub fn new(identities: Identities, clock: Arc<dyn Clock>) -> Self {
        Self {
            identities,
            clock,
            hashing: Hashing::default(),
            throttle: Arc::default(),
            last_use: Arc::default(),
            nobody: Arc::default(),
        }
    }

    /// The name behind an opaque id, for showing the journal to people.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names(&self) -> Result<HashMap<String, String>, AccountError> {
        // These have neither account nor token; their ids are their names.
        let own = [COMMAND_LINE, SCHEDULE, demo::AUTHOR].map(|id| (id.to_owned(), id.to_owned()));
        Ok(self.identities.names().await?.into_iter().chain(own).collect())
    }
}

/// Secrets are random and long, so a fast hash protects them.
pub(crate) fn fingerprint(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}
