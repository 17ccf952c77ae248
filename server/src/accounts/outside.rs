//! People for whom a provider elsewhere vouches: they go there, come back in the same browser, and have an account from then on. What they may do
//! is what the provider says of them each time.

use std::net::IpAddr;

use domain::access::{Actor, Grants};
use jiff::{SignedDuration, Timestamp};
use store::{
    identity::{Departure, Holders, Identity, NO_PASSWORD, NewDeparture},
    tables::{Change, TableError},
};

use super::{
    AccountError, Accounts, Secret, fingerprint,
    names::Name,
    sessions::{SignedIn, fingerprints},
};

/// For how long somebody may be away.
pub const DEPARTURE_LASTS: SignedDuration = SignedDuration::from_mins(10);

/// The longest name that gets a number, in characters.
const LONGEST_NUMBERED: usize = 90;

/// What somebody is called whose names may all not be taken.
const NAMELESS: &str = "Person";

/// Somebody who goes to the provider. What it is told, and what is kept, no other browser knows.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// What they come back with.
    pub state: Secret,
    /// What stays in their browser.
    pub browser: Secret,
    pub nonce: Secret,
    pub verifier: Secret,
}

/// Somebody for whom a provider vouches.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub issuer: String,
    pub subject: String,
    /// What people call them, the best first.
    pub names: Vec<String>,
    pub grants: Grants,
}

/// Why somebody who has come back is not let in.
#[derive(Debug, thiserror::Error)]
pub enum Turned {
    #[error("nobody is waited for who comes with this state in this browser")]
    Unexpected,
    #[error("none of their groups gives a role")]
    NoRole,
    #[error("they are disabled")]
    Disabled,
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<TableError> for Turned {
    fn from(error: TableError) -> Self {
        Self::Account(error.into())
    }
}

impl Accounts {
    /// Lets somebody go to the provider.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn leave(&self, address: Option<IpAddr>) -> Result<Leaving, AccountError> {
        self.throttle.challenge(address, self.clock.steady())?;
        let now = self.clock.now();
        let leaving = Leaving {
            state: Secret::new()?,
            browser: Secret::new()?,
            nonce: Secret::new()?,
            verifier: Secret::new()?,
        };
        let new = NewDeparture {
            state: &fingerprint(leaving.state.as_str()),
            browser: &fingerprint(leaving.browser.as_str()),
            nonce: leaving.nonce.as_str(),
            verifier: leaving.verifier.as_str(),
            now,
            expires_at: now.saturating_add(DEPARTURE_LASTS).unwrap_or(Timestamp::MAX),
        };
        self.identities.add_departure(new).await?;
        Ok(leaving)
    }

    /// How somebody went who comes back with this state; `browsers` is what their browser holds.
    ///
    /// # Errors
    /// [`Turned::Unexpected`].
    pub async fn departure(&self, state: &str, browsers: &[&str]) -> Result<Departure, Turned> {
        let found = self
            .identities
            .departure(&fingerprint(state), &fingerprints(browsers), self.clock.now())
            .await?;
        found.ok_or(Turned::Unexpected)
    }

    /// Waits no longer for whoever went with this state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_departure(&self, state: &str) -> Result<(), AccountError> {
        Ok(self.identities.forget_departure(&fingerprint(state)).await?)
    }

    /// Signs in somebody who has come back with this state, and gives them what their groups give now; an account is made for whoever has none.
    ///
    /// # Errors
    /// [`Turned`]. Whose groups give nothing holds nothing from then on, and all their sessions end.
    pub async fn come_back(&self, state: &str, newcomer: Newcomer) -> Result<SignedIn, Turned> {
        let mut change = self.identities.change().await?;
        if !change.take_departure(&fingerprint(state)).await? {
            return Err(Turned::Unexpected);
        }
        let person = match self.identity_of(&mut change, newcomer).await {
            Ok(person) => person,
            Err(turned @ (Turned::NoRole | Turned::Disabled)) => {
                change.commit().await?;
                return Err(turned);
            }
            Err(failure) => return Err(failure),
        };
        let signed_in = self.begin_session(&mut change, person, None).await?;
        change.commit().await?;
        Ok(signed_in)
    }

    /// Who a newcomer is here, with what they may do now.
    async fn identity_of(&self, change: &mut Change, newcomer: Newcomer) -> Result<Identity, Turned> {
        let Newcomer {
            issuer,
            subject,
            names,
            grants,
        } = newcomer;
        let may_nothing = grants.highest().is_none();
        let Some(known) = change.outside_person(&issuer, &subject).await? else {
            if may_nothing {
                return Err(Turned::NoRole);
            }
            let name = free_name(&names, &change.names_of_people().await?)?;
            let actor = self.insert(change, &name, grants, NO_PASSWORD).await?;
            change.add_outside_identity(&actor.id, &issuer, &subject, self.clock.now()).await?;
            return Ok(Identity {
                name: name.as_str().to_owned(),
                actor,
                has_second_factor: false,
                is_from_outside: true,
            });
        };
        if known.is_disabled {
            return Err(Turned::Disabled);
        }
        let Identity { name, actor, .. } = known.identity;
        change.set_grants(Holders::People, &actor.id, &grants).await?;
        if may_nothing {
            change.forget_sessions(&actor.id).await?;
            return Err(Turned::NoRole);
        }
        Ok(Identity {
            name,
            actor: Actor::new(actor.id, grants),
            has_second_factor: false,
            is_from_outside: true,
        })
    }
}

/// The first of these names that may be taken, with a number if somebody else has it.
///
/// # Errors
/// [`AccountError::NameTaken`], which cannot be: there are more numbers than names.
fn free_name(names: &[String], taken: &[String]) -> Result<Name, AccountError> {
    let names = names.iter().map(String::as_str).chain([NAMELESS]);
    let names = names.filter_map(|name| Name::parse(name).ok());
    let is_free = |name: &Name| !taken.iter().any(|other| name.looks_like(other));
    let mut free = names.flat_map(|name| {
        let short: String = name.as_str().chars().take(LONGEST_NUMBERED).collect();
        let numbered = (2..=taken.len() + 2).filter_map(move |number| Name::parse(&format!("{short} {number}")).ok());
        [name].into_iter().chain(numbered)
    });
    free.find(is_free).ok_or(AccountError::NameTaken(NAMELESS.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_or_none_at_all_becomes_another() {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let long = "x".repeat(100);
        let shortened = format!("{} 2", "x".repeat(90));
        for (given, taken, expected) in [
            (&["Ada Lovelace", "ada"][..], &[][..], "Ada Lovelace"),
            (&["Ada Lovelace", "ada"], &["ada lovelace"], "Ada Lovelace 2"),
            (&["Ada"], &["ada", "ADA 2", "Ada 4"], "Ada 3"),
            (&["<b>", "ada"], &[], "ada"),
            (&["\u{202e}nimda", ""], &[], "Person"),
            (&["demo"], &["Person"], "Person 2"),
            (&[&long], &[&long], &shortened),
        ] {
            assert_eq!(free_name(&texts(given), &texts(taken)).unwrap().as_str(), expected, "{given:?}");
        }
    }
}
