//! The hashing of passwords, which takes memory and time on purpose: a few at once, and none for a request that has gone.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many passwords are hashed at once. Each takes [`Params::DEFAULT_M_COST`] KiB of memory and a processor.
const AT_ONCE: usize = 2;

/// How many of those may be attempts of strangers: an attack leaves the rest to everyone else.
const STRANGERS_AT_ONCE: usize = 1;

/// How many blocks of one KiB the memory of a hash is asked for with. glibc maps what is larger than 32 MiB apart and gives it back to
/// the system at once, where it would keep smaller pieces for every thread; pages that are not used are never there.
const ROOM: usize = 33 * 1024;

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum HashingError {
    #[error("the system gives no random numbers: {0}")]
    Randomness(#[from] getrandom::Error),
    #[error(transparent)]
    Argon2(#[from] argon2::Error),
    #[error("a hash is malformed: {0}")]
    Malformed(String),
    #[error("the hashing was broken off: {0}")]
    BrokenOff(String),
}

/// For whom a password is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// A browser that somebody has signed in with before, a set-up link, the command line.
    Known,
    /// Whoever sends a name and a password.
    Stranger,
}

/// Hashes and compares passwords. Requests wait for their turn here; one that goes away gives up its turn, and a hash that has begun
/// keeps its permit to its end, whether somebody waits for it or not.
#[derive(Clone)]
pub(super) struct Hashing {
    all: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
}

impl Default for Hashing {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(AT_ONCE)),
            strangers: Arc::new(Semaphore::new(STRANGERS_AT_ONCE)),
        }
    }
}

/// The permits of a hash that runs.
struct Turn {
    _all: OwnedSemaphorePermit,
    _strangers: Option<OwnedSemaphorePermit>,
}

impl Hashing {
    /// The hash of a new password, in the PHC string format.
    pub(super) async fn hash(&self, password: String, whose: For) -> Result<String, HashingError> {
        self.in_turn(whose, move || new_hash(&password)).await
    }

    /// Whether the password is the one of this hash.
    pub(super) async fn verify(&self, password: String, hash: String, whose: For) -> Result<bool, HashingError> {
        self.in_turn(whose, move || is_password_of(&password, &hash)).await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        whose: For,
        work: impl FnOnce() -> Result<T, HashingError> + Send + 'static,
    ) -> Result<T, HashingError> {
        let broken_off = |error: &dyn std::error::Error| HashingError::BrokenOff(error.to_string());
        // First among strangers: whoever waits here stands in nobody else's way.
        let strangers = match whose {
            For::Stranger => Some(self.strangers.clone().acquire_owned().await.map_err(|error| broken_off(&error))?),
            For::Known => None,
        };
        let all = self.all.clone().acquire_owned().await.map_err(|error| broken_off(&error))?;
        let turn = Turn {
            _all: all,
            _strangers: strangers,
        };
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|error| broken_off(&error))?
    }
}

fn new_hash(password: &str) -> Result<String, HashingError> {
    let malformed = |error: argon2::password_hash::Error| HashingError::Malformed(error.to_string());
    let (algorithm, version, params) = (Algorithm::default(), Version::default(), Params::default());
    let mut salt = [0; Salt::RECOMMENDED_LENGTH];
    getrandom::fill(&mut salt)?;
    let hash = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params).map_err(malformed)?,
        salt: Some(Salt::new(&salt).map_err(|error| HashingError::Malformed(error.to_string()))?),
        hash: Some(output(&Argon2::new(algorithm, version, params), password, &salt)?),
    };
    Ok(hash.to_string())
}

fn is_password_of(password: &str, hash: &str) -> Result<bool, HashingError> {
    let malformed = |reason: String| HashingError::Malformed(reason);
    let hash = PasswordHash::new(hash).map_err(|error| malformed(error.to_string()))?;
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
        return Err(malformed("it lacks its salt or its hash".to_owned()));
    };
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).map_err(|error| malformed(error.to_string()))?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from)?;
    let params = Params::try_from(&hash).map_err(|error| malformed(error.to_string()))?;
    // Compared in constant time.
    Ok(output(&Argon2::new(algorithm, version, params), password, salt)? == *expected)
}

fn output(argon2: &Argon2<'_>, password: &str, salt: &[u8]) -> Result<Output, HashingError> {
    let blocks = argon2.params().block_count();
    let mut memory = Vec::with_capacity(blocks.max(ROOM));
    memory.resize(blocks, Block::default());
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, &mut memory[..])?;
    Output::new(&output).map_err(|error| HashingError::Malformed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::*;

    #[test]
    fn hashes_are_those_of_the_library() {
        let theirs = Argon2::default().hash_password(b"correct horse battery").unwrap();
        assert!(is_password_of("correct horse battery", &theirs.to_string()).unwrap());
        assert!(!is_password_of("correct horse batterie", &theirs.to_string()).unwrap());
        let ours = new_hash("correct horse battery").unwrap();
        let parsed = PasswordHash::new(&ours).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse battery", &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"correct horse batterie", &parsed).is_err());
        assert_eq!(parsed.params, theirs.params);
        assert_eq!(parsed.algorithm, theirs.algorithm);
        assert_eq!(parsed.version, theirs.version);
        assert_ne!(new_hash("correct horse battery").unwrap(), ours);
    }

    #[test]
    fn what_is_no_hash_is_an_error() {
        for bad in ["", "plain", "$argon2id$v=19$m=19456,t=2,p=1", "$md5$abc"] {
            assert!(is_password_of("plain", bad).is_err(), "{bad}");
        }
    }
}
