//! Who is told of notices by mail: how somebody asks for it, confirms it, changes it and ends it. Addresses stand beside the journal; of whoever has
//! ended it nothing is left.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::words::{PortalId, ServiceId, Wanted};
use engine::{Publisher, driver::Report};
use jiff::SignedDuration;
use lettre::Address;
use store::{
    subscriptions::{Count, Subscription, Subscriptions},
    tables::TableError,
    webhooks::Secret,
};
use wire::Kind;

use crate::{
    levels::{Key, Levels, Rate, prefix},
    reactors::MAIL,
};

/// So many bytes of chance lead to a subscription.
const SECRET: usize = 16;

/// Nobody is sent a link more often than that, whoever asks for it.
const BETWEEN_LINKS: SignedDuration = SignedDuration::from_hours(1);

/// What comes from one network: a household, or an office.
const NETWORK: Rate = Rate {
    at_once: 10,
    interval: Duration::from_secs(30),
};

/// What comes from anywhere: more is no rush of people, but somebody who has strangers written to.
const ANYWHERE: Rate = Rate {
    at_once: 300,
    interval: Duration::from_millis(250),
};

/// What comes for one mailbox, however it is spelled and on whichever portal.
const MAILBOX: Rate = Rate {
    at_once: 3,
    interval: Duration::from_secs(3_600),
};

/// The longest address that there is (RFC 5321, section 4.5.3.1.3, without its brackets).
const LONGEST: usize = 254;

/// Those who are told by mail.
pub(crate) struct Subscribers {
    publisher: Arc<Publisher>,
    subscriptions: Subscriptions,
    report: Arc<Report>,
    /// Whether this server sends mails.
    is_sent: bool,
    random: RandomState,
    levels: Mutex<Levels>,
    /// Those of mailboxes, which take hours to drain, lie apart: they would be taken for others.
    of_mailboxes: Mutex<Levels>,
}

/// Somebody asks for it.
pub(crate) struct Asked<'a> {
    pub(crate) portal: &'a PortalId,
    /// As it was typed.
    pub(crate) address: &'a str,
    /// The language in which it was asked for.
    pub(crate) language: &'a str,
    /// The words under which it was.
    pub(crate) agreed_to: String,
    /// From where, if that is known.
    pub(crate) from: Option<IpAddr>,
}

/// Why somebody is not told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    #[error("that is no address")]
    Address,
    #[error("too many ask at the moment")]
    TooMany,
    #[error("no secret could be made: {0}")]
    Chance(#[from] getrandom::Error),
    #[error(transparent)]
    Tables(#[from] TableError),
}

impl Subscribers {
    pub(crate) fn new(publisher: Arc<Publisher>, subscriptions: Subscriptions, report: Arc<Report>, is_sent: bool) -> Self {
        Self {
            publisher,
            subscriptions,
            report,
            is_sent,
            random: RandomState::new(),
            levels: Mutex::default(),
            of_mailboxes: Mutex::default(),
        }
    }

    /// Whether anybody can be told: this server sends mails.
    pub(crate) const fn can_be_told(&self) -> bool {
        self.is_sent
    }

    /// Has a link sent to an address, by which whoever reads the mailbox confirms that they want to be told. It is the same for one that is told
    /// already: nobody finds out who is. The address as it is written to.
    ///
    /// # Errors
    /// When it is no address, too many ask, or the database fails.
    pub(crate) async fn ask(&self, asked: Asked<'_>) -> Result<String, AskError> {
        let address = address(asked.address).ok_or(AskError::Address)?;
        let network = (Key(self.random.hash_one(asked.from.map(prefix))), NETWORK);
        let anywhere = (Key(self.random.hash_one("anywhere")), ANYWHERE);
        if !self.are_within(&self.levels, &[network, anywhere]) {
            return Err(AskError::TooMany);
        }
        if !self.are_within(&self.of_mailboxes, &[(Key(self.random.hash_one(mailbox(&address))), MAILBOX)]) {
            // They have had enough links; whoever asks for them learns nothing.
            return Ok(address);
        }
        let (state, now) = self.publisher.present();
        let mut secret = [0; SECRET];
        getrandom::fill(&mut secret)?;
        let subscription = Subscription {
            id: format!("mail-{:012x}", getrandom::u64()? >> 16),
            portal: asked.portal.clone(),
            address: address.clone(),
            secret: Secret(URL_SAFE_NO_PAD.encode(secret)),
            language: asked.language.to_owned(),
            wanted: Wanted {
                portals: Some(BTreeSet::from([asked.portal.clone()])),
                ..Wanted::default()
            },
            created_at: now,
            agreed_to: asked.agreed_to,
            confirmed_at: None,
            position: state.position(),
            link_asked_at: None,
            link_sent_at: None,
            failing_since: None,
            failure: None,
            orphaned_at: None,
        };
        let not_since = now.saturating_sub(BETWEEN_LINKS).unwrap_or(now);
        self.subscriptions.ask(&subscription, not_since, MAIL).await?;
        self.report.look_again();
        Ok(address)
    }

    /// Whether one more is within all of these rates; it is counted then.
    fn are_within(&self, levels: &Mutex<Levels>, all: &[(Key, Rate)]) -> bool {
        let now = self.publisher.clock().steady();
        let mut levels = levels.lock().unwrap_or_else(PoisonError::into_inner);
        let is_within = all.iter().all(|(key, rate)| levels.have_room(*key, *rate, now));
        if is_within {
            for (key, rate) in all {
                levels.charge(*key, *rate, now);
            }
        }
        is_within
    }

    /// The one to which a secret leads.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn find(&self, secret: &str) -> Result<Option<Subscription>, TableError> {
        // What is none is asked of no database: one of them refuses some signs.
        if URL_SAFE_NO_PAD.decode(secret).map_or(0, |bytes| bytes.len()) != SECRET {
            return Ok(None);
        }
        let now = self.publisher.clock().now();
        let found = self.subscriptions.by_secret(secret).await?;
        Ok(found.filter(|found| !found.is_stale(now)))
    }

    /// Says of what somebody is told, and confirms it; `None`: of all, also of what is added later.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn settle(
        &self,
        subscription: &Subscription,
        services: Option<BTreeSet<ServiceId>>,
        kinds: Option<Vec<Kind>>,
    ) -> Result<(), TableError> {
        let wanted = Wanted {
            portals: subscription.wanted.portals.clone(),
            services,
            kinds,
        };
        let (state, now) = self.publisher.present();
        self.subscriptions.settle(&subscription.id, &wanted, state.position(), now).await?;
        self.report.look_again();
        Ok(())
    }

    /// Forgets somebody.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn end(&self, id: &str) -> Result<(), TableError> {
        self.subscriptions.end(id, MAIL).await?;
        self.report.look_again();
        Ok(())
    }

    /// The one with this id.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn get(&self, id: &str) -> Result<Option<Subscription>, TableError> {
        self.subscriptions.get(id).await
    }

    /// Those of an address, on all portals.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn of_address(&self, address: &str) -> Result<Vec<Subscription>, TableError> {
        self.subscriptions.of_address(address).await
    }

    /// How many there are on each portal, by its id.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn count(&self) -> Result<BTreeMap<String, Count>, TableError> {
        self.subscriptions.count().await
    }
}

/// An address as it is written to: its domain in small letters. `None`: it is none.
pub(crate) fn address(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.len() > LONGEST || typed.chars().any(char::is_control) {
        return None;
    }
    let address: Address = typed.parse().ok()?;
    // One without a dot is a machine of this house.
    let domain = address.domain().to_lowercase();
    let is_public = domain.contains('.') && !domain.starts_with('[') && !address.user().contains('"');
    is_public.then(|| format!("{}@{domain}", address.user()))
}

/// Whose mailbox it is, as far as it can be known: most take what stands behind a plus sign for a remark, and all take capitals for small letters.
fn mailbox(address: &str) -> String {
    let plain = address.to_lowercase();
    let (user, domain) = plain.rsplit_once('@').unwrap_or((&plain, ""));
    format!("{}@{domain}", user.split('+').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_type_them() {
        for (typed, taken) in [
            (" Erika.Muster@Beispiel.Example ", Some("Erika.Muster@beispiel.example")),
            ("erika+amt@beispiel.example", Some("erika+amt@beispiel.example")),
            ("erika@müller.example", Some("erika@müller.example")),
            ("\"erika muster\"@beispiel.example", None),
            ("erika@localhost", None),
            ("erika@[127.0.0.1]", None),
            ("erika", None),
            ("@beispiel.example", None),
            ("erika@beispiel.example\r\nBcc: alle@beispiel.example", None),
            ("a@b.example, c@d.example", None),
            ("", None),
        ] {
            assert_eq!(address(typed).as_deref(), taken, "{typed}");
        }
        assert_eq!(address(&format!("{}@b.example", "a".repeat(300))), None);
    }

    #[test]
    fn one_mailbox_is_one_however_it_is_spelled() {
        for spelled in ["Erika@beispiel.example", "erika+amt@beispiel.example", "ERIKA+x+y@beispiel.example"] {
            assert_eq!(mailbox(spelled), "erika@beispiel.example");
        }
        assert_ne!(mailbox("erika.m@beispiel.example"), "erika@beispiel.example");
    }
}
