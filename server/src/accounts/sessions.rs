//! Signing in and out.

use std::net::IpAddr;

use domain::access::TOKEN;
use jiff::{SignedDuration, Timestamp};
use store::{
    identity::{Holders, Identity, NewSession},
    tables::Change,
};

use super::{AccountError, Accounts, Secret, fingerprint, hashing::For, names::usual_form, passwords, throttle::Source};

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
    /// A code of their device, or one for when it is lost.
    pub code: Option<String>,
    /// The address that it comes from, if it is known.
    pub address: Option<IpAddr>,
    /// What came as the secret of a browser in which somebody has signed in before.
    pub browsers: Vec<String>,
}

/// A browser in which somebody has signed in before. Several people may share one.
pub(super) struct KnownBrowser {
    pub(super) secret: Secret,
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

/// Somebody who has shown that they know the password.
pub(super) struct Proven {
    pub(super) person: Identity,
    browser: Option<Secret>,
    /// The fingerprint of the browser in which this person has signed in before.
    familiar: Option<String>,
    address: Option<IpAddr>,
}

impl Proven {
    /// Where they come from.
    pub(super) fn source(&self) -> Source<'_> {
        self.familiar.as_deref().map_or(Source::Address(self.address), Source::KnownBrowser)
    }
}

impl Accounts {
    /// Signs a person in. Whoever makes too many attempts waits for a turn first.
    ///
    /// # Errors
    /// [`AccountError::WrongCredentials`], without telling which of the two; [`AccountError::TooManyAttempts`] when no turn came. Only who knows
    /// both is told [`AccountError::CodeNeeded`], [`AccountError::PasskeyNeeded`] or [`AccountError::WrongCode`].
    pub async fn sign_in(&self, attempt: Attempt) -> Result<SignedIn, AccountError> {
        let code = attempt.code.clone();
        let proven = self.prove(attempt).await?;
        let mut change = self.identities.change().await?;
        self.show_code(&mut change, &proven, code.as_deref()).await?;
        let signed_in = self.begin_session(&mut change, proven.person, proven.browser).await?;
        change.commit().await?;
        Ok(signed_in)
    }

    /// Looks whether somebody knows the password. Whoever makes too many attempts waits for a turn first.
    ///
    /// # Errors
    /// [`AccountError::WrongCredentials`], [`AccountError::TooManyAttempts`].
    pub(super) async fn prove(&self, attempt: Attempt) -> Result<Proven, AccountError> {
        let Attempt {
            name,
            password,
            address,
            browsers,
            ..
        } = attempt;
        let found = self.identities.credentials(&name, &usual_form(&name)).await?;
        let (person, hash) = found.map(|found| (found.identity, found.password_hash)).unzip();
        // However a name is written, its attempts count together.
        let counted = person.as_ref().map_or(&name, |person| &person.actor.id);
        let browser = self.known_browser(browsers, person.as_ref()).await?;
        let familiar = browser.as_ref().filter(|browser| browser.of == Familiar::WithPerson);
        let familiar = familiar.map(|browser| fingerprint(browser.secret.as_str()));
        let (source, whose) = match &familiar {
            Some(print) => (Source::KnownBrowser(print), For::Known),
            None => (Source::Address(address), For::Stranger),
        };
        let turn = self.throttle.turn(counted, source, &*self.clock).await?;
        let hash = match hash {
            Some(hash) => hash,
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
        Ok(Proven {
            person,
            browser: browser.map(|browser| browser.secret),
            familiar,
            address,
        })
    }

    /// Gives whoever knows their password another one: all their sessions end, and one begins. The old one is asked for as at a sign-in, and
    /// guessing it is slowed down as there.
    ///
    /// # Errors
    /// [`AccountError::WrongCredentials`], [`AccountError::TooManyAttempts`]; or the new password is easily guessed.
    pub async fn change_password(&self, attempt: Attempt, password: String) -> Result<SignedIn, AccountError> {
        passwords::check(&password, &attempt.name)?;
        let Proven { person, browser, .. } = self.prove(attempt).await?;
        let hash = self.hashing.hash(password, For::Known).await?;
        let mut change = self.identities.change().await?;
        change.set_password(&person.actor.id, &hash).await?;
        let signed_in = self.begin_session(&mut change, person, browser).await?;
        change.commit().await?;
        Ok(signed_in)
    }

    /// Ends all sessions of a person; their browsers are unknown again. `who` is an id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out_everywhere(&self, who: &str) -> Result<(), AccountError> {
        let mut change = self.identities.change().await?;
        change.forget_sessions(who).await?;
        Ok(change.commit().await?)
    }

    /// Takes note that somebody is here.
    pub(super) fn is_here(&self, identity: Option<&Identity>) {
        let Some(Identity { actor, .. }) = identity else { return };
        let now = self.clock.now();
        if !self.last_use.is_due(&actor.id, now) {
            return;
        }
        let (identities, id) = (self.identities.clone(), actor.id.clone());
        let holders = if id.starts_with(TOKEN) {
            Holders::Programs
        } else {
            Holders::People
        };
        tokio::spawn(async move {
            // A database that takes nothing right now keeps nobody out.
            if let Err(error) = identities.note_use(holders, &id, now).await {
                tracing::debug!(%error, "a last use was not noted");
            }
        });
    }

    /// Whichever of these secrets is that of a browser in which somebody has signed in before, best this person.
    pub(super) async fn known_browser(
        &self,
        browsers: Vec<String>,
        person: Option<&Identity>,
    ) -> Result<Option<KnownBrowser>, AccountError> {
        let account = person.map(|person| person.actor.id.as_str());
        let found = self
            .identities
            .known_browser(&fingerprints(&browsers), account, self.clock.now())
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
        change: &mut Change,
        identity: Identity,
        browser: Option<Secret>,
    ) -> Result<SignedIn, AccountError> {
        let now = self.clock.now();
        let after = |time| now.saturating_add(time).unwrap_or(Timestamp::MAX);
        let session = Secret::new()?;
        let browser = browser.map_or_else(Secret::new, Ok)?;
        let new = NewSession {
            account: &identity.actor.id,
            session: &fingerprint(session.as_str()),
            session_until: after(SESSION_LASTS),
            browser: &fingerprint(browser.as_str()),
            browser_until: after(BROWSER_IS_KNOWN),
            browsers: KNOWN_BROWSERS,
            now,
        };
        change.begin_session(new).await?;
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
        let found = self.identities.by_sessions(&fingerprints(secrets), self.clock.now()).await?;
        self.is_here(found.as_ref());
        Ok(found)
    }

    /// Ends sessions. The browser stays known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, secrets: &[&str]) -> Result<(), AccountError> {
        Ok(self.identities.end_sessions(&fingerprints(secrets)).await?)
    }
}

pub(super) fn fingerprints(secrets: &[impl AsRef<str>]) -> Vec<String> {
    secrets.iter().map(|secret| fingerprint(secret.as_ref())).collect()
}
