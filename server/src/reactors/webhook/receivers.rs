//! The receivers of webhooks, as staff manage them.

use std::{collections::BTreeSet, net::IpAddr, sync::Arc};

use api::{NewWebhook, Tried};
use domain::{
    access::{Actor, Grants, Role, Where},
    words::{Code, Fault, Signing, Wanted},
};
use engine::{Publisher, driver::Report};
use jiff::Timestamp;
use store::{
    Store,
    outbox::Outbox,
    tables::TableError,
    webhooks::{Webhook, Webhooks},
};
use url::{Host, Url};

use super::{
    delivery::{Answer, Sender},
    message,
    signature::{new_secret, verification_key},
};
use crate::reactors::network::Network;

/// Under this the tasks are kept by which they are told.
pub(super) const NAME: &str = "webhook";

/// The most characters of an address.
const LONGEST_ADDRESS: usize = 2000;

/// So many receivers may work at once, which are all told at once.
pub(super) const MOST: usize = 500;

/// So many of them may be made by one administrator of some portals, so that enough are left for those of others.
const MOST_OF_ONE: usize = 50;

/// What there is to manage.
#[derive(Clone)]
pub(crate) struct Receivers {
    pub(super) publisher: Arc<Publisher>,
    pub(super) webhooks: Webhooks,
    pub(super) sender: Arc<Sender>,
    outbox: Outbox,
    network: Network,
    report: Arc<Report>,
}

/// A receiver, and what waits for it.
#[derive(Clone, Debug)]
pub(crate) struct Receiver {
    pub(crate) webhook: Webhook,
    /// How many messages wait, and how many were given up.
    pub(crate) open: u64,
    pub(crate) given_up: u64,
    /// When the first of those that wait is sent next.
    pub(crate) next_attempt_at: Option<Timestamp>,
    /// What a receiver checks signatures with, where that is no secret; with a new one also a secret, told only once.
    pub(crate) verification_key: Option<String>,
}

impl From<Receiver> for api::Webhook {
    fn from(receiver: Receiver) -> Self {
        let Receiver {
            webhook,
            open,
            given_up,
            next_attempt_at,
            verification_key,
        } = receiver;
        Self {
            id: webhook.id,
            address: webhook.address,
            wanted: webhook.wanted,
            shape: webhook.shape,
            signing: webhook.signing,
            created_at: webhook.created_at,
            created_by: webhook.created_by,
            ended_at: webhook.ended_at,
            ended_because: webhook.ended_because,
            delivered_at: webhook.delivered_at,
            failing_since: webhook.failing_since,
            failure: webhook.failure,
            open,
            given_up,
            next_attempt_at,
            verification_key,
        }
    }
}

/// Why a receiver cannot be managed so.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReceiverError {
    #[error("there is no webhook `{0}`")]
    Unknown(String),
    #[error("the webhook `{0}` has ended; make a new one")]
    Ended(String),
    #[error("{}", .0.iter().map(|fault| format!("`{}` {}", fault.pointer, fault.detail)).collect::<Vec<_>>().join("; "))]
    Faults(Vec<Fault>),
    #[error("no secret could be made: {0}")]
    Chance(#[from] getrandom::Error),
    #[error(transparent)]
    Tables(#[from] TableError),
}

impl Receivers {
    pub(crate) fn new(publisher: Arc<Publisher>, webhooks: Webhooks, outbox: Outbox, network: Network, report: Arc<Report>) -> Self {
        Self {
            publisher,
            webhooks,
            sender: Arc::new(Sender::new(network.clone())),
            outbox,
            network,
            report,
        }
    }

    /// For whoever may send anywhere, or sends nothing.
    pub(crate) fn unlimited(publisher: Arc<Publisher>, store: &Store) -> Self {
        let network = Network::anywhere();
        Self::new(publisher, store.webhooks.clone(), store.outbox.clone(), network, Arc::default())
    }

    /// Those that somebody manages, the oldest first, those included that have ended.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn all(&self, by: &Grants) -> Result<Vec<Receiver>, ReceiverError> {
        // In this order: for one that has ended nothing waits any more.
        let all = self.webhooks.all().await?.into_iter();
        let lanes = self.outbox.lanes(NAME).await?;
        let told = |webhook: Webhook| {
            let lane = lanes.iter().find(|lane| lane.name == webhook.id);
            Receiver {
                open: lane.map_or(0, |lane| lane.open),
                given_up: lane.map_or(0, |lane| lane.given_up),
                next_attempt_at: lane.and_then(|lane| lane.due_at),
                verification_key: verification_key(&webhook.secret).filter(|_| webhook.signing == Signing::Ed25519),
                webhook,
            }
        };
        Ok(all.filter(|webhook| may_manage(by, &webhook.wanted)).map(told).collect())
    }

    /// The one with this id, if somebody manages it.
    ///
    /// # Errors
    /// When there is none, or the database fails.
    pub(crate) async fn get(&self, by: &Grants, id: &str) -> Result<Receiver, ReceiverError> {
        let mut all = self.all(by).await?.into_iter();
        let found = all.find(|receiver| receiver.webhook.id == id);
        found.ok_or_else(|| ReceiverError::Unknown(id.chars().take(100).collect()))
    }

    /// What a new receiver of somebody's would be told of.
    ///
    /// # Errors
    /// When it names what the catalogue does not have, or an address to which nothing may be sent.
    pub(crate) fn wanted(&self, by: &Grants, new: &NewWebhook) -> Result<Wanted, ReceiverError> {
        let mut faults: Vec<Fault> = address(&new.address, &self.network).err().into_iter().collect();
        let (state, _) = self.publisher.present();
        // Portals are public; what is behind them is for whoever may read it.
        let catalogue = state.readable_catalogue(by);
        let portals = known(
            "portals",
            new.portals.as_deref(),
            state.catalogue().portals.iter().map(|portal| &portal.id),
            &mut faults,
        );
        let services = known(
            "services",
            new.services.as_deref(),
            catalogue.services.iter().map(|service| &service.id),
            &mut faults,
        );
        if new.kinds.as_ref().is_some_and(Vec::is_empty) {
            faults.push(empty("kinds"));
        }
        if faults.is_empty() {
            let kinds = new.kinds.clone();
            Ok(Wanted { portals, services, kinds })
        } else {
            Err(ReceiverError::Faults(faults))
        }
    }

    /// Adds a receiver, which is told what happens from now on. Its verification key is told this once, also where it is secret.
    ///
    /// # Errors
    /// When it is not what it has to be, or the database fails.
    pub(crate) async fn add(&self, by: &Actor, new: NewWebhook) -> Result<Receiver, ReceiverError> {
        let wanted = self.wanted(&by.grants, &new)?;
        let address = address(&new.address, &self.network).map_err(|fault| ReceiverError::Faults(vec![fault]))?;
        let mut working = self.webhooks.all().await?;
        working.retain(|webhook| webhook.ended_at.is_none());
        let own = working.iter().filter(|webhook| webhook.created_by == by.id).count();
        let is_too_much = own >= MOST_OF_ONE && !by.grants.may(Role::Admin, Where::Everywhere);
        if is_too_much || working.len() >= MOST {
            let there = if is_too_much { own } else { working.len() };
            return Err(ReceiverError::Faults(vec![Fault {
                pointer: String::new(),
                code: Code::TooLong,
                detail: format!("is one too many: there are {there} webhooks; end one that nobody needs"),
            }]));
        }
        let (state, now) = self.publisher.present();
        let webhook = Webhook {
            id: format!("hook-{:012x}", getrandom::u64()? >> 16),
            address,
            wanted,
            shape: new.shape,
            signing: new.signing,
            created_at: now,
            created_by: by.id.clone(),
            position: state.position(),
            ended_at: None,
            ended_because: None,
            delivered_at: None,
            failing_since: None,
            failure: None,
            secret: new_secret(new.signing)?,
        };
        self.webhooks.add(&webhook, NAME).await?;
        self.report.look_again();
        Ok(Receiver {
            open: 0,
            given_up: 0,
            next_attempt_at: None,
            verification_key: verification_key(&webhook.secret),
            webhook,
        })
    }

    /// Ends one; what was still to be sent is dropped.
    ///
    /// # Errors
    /// When there is none, or the database fails.
    pub(crate) async fn end(&self, by: &Grants, id: &str) -> Result<Receiver, ReceiverError> {
        self.get(by, id).await?;
        self.webhooks.end(id, "ended by hand", self.publisher.clock().now(), NAME).await?;
        self.report.look_again();
        self.get(by, id).await
    }

    /// Sends again what was given up, and at once what waits.
    ///
    /// # Errors
    /// When there is none, it has ended, or the database fails.
    pub(crate) async fn replay(&self, by: &Grants, id: &str) -> Result<Receiver, ReceiverError> {
        self.working(by, id).await?;
        self.outbox.take_up_again(NAME, id, self.publisher.clock().now()).await?;
        self.report.look_again();
        self.get(by, id).await
    }

    /// Sends a message that says nothing, once, and tells what came of it.
    ///
    /// # Errors
    /// When there is none, it has ended, or the database fails.
    pub(crate) async fn test(&self, by: &Grants, id: &str) -> Result<Tried, ReceiverError> {
        let webhook = self.working(by, id).await?;
        let now = self.publisher.clock().now();
        let failure = match self.sender.send(&webhook, message::test(id, webhook.shape, now), now).await {
            Answer::Taken => {
                self.webhooks.delivered(id, now).await?;
                None
            }
            Answer::Gone => Some("it answered 410 Gone; after a message this would end the webhook".to_owned()),
            Answer::Failed(reason, _) => Some(reason),
        };
        Ok(Tried {
            delivered: failure.is_none(),
            failure,
        })
    }

    async fn working(&self, by: &Grants, id: &str) -> Result<Webhook, ReceiverError> {
        let webhook = self.get(by, id).await?.webhook;
        if webhook.ended_at.is_some() {
            return Err(ReceiverError::Ended(webhook.id));
        }
        Ok(webhook)
    }
}

/// Whether somebody manages a receiver: an administrator of all that it is told of.
pub(crate) fn may_manage(by: &Grants, wanted: &Wanted) -> bool {
    match &wanted.portals {
        None => by.may(Role::Admin, Where::Everywhere),
        Some(portals) => by.may(Role::Admin, Where::OnEach(portals)),
    }
}

/// Those of these names that there are; what there is not is a fault. None given: all.
fn known<'a, Id: Ord + Clone + AsRef<str> + 'a>(
    field: &str,
    given: Option<&[String]>,
    there: impl Iterator<Item = &'a Id> + Clone,
    faults: &mut Vec<Fault>,
) -> Option<BTreeSet<Id>> {
    let given = given?;
    if given.is_empty() {
        faults.push(empty(field));
    }
    let mut found = BTreeSet::new();
    for (at, name) in given.iter().enumerate() {
        if let Some(id) = there.clone().find(|id| id.as_ref() == name) {
            found.insert(id.clone());
        } else {
            faults.push(Fault {
                pointer: format!("/{field}/{at}"),
                code: Code::NotInCatalogue,
                detail: "is not in the catalogue".to_owned(),
            });
        }
    }
    Some(found)
}

fn empty(field: &str) -> Fault {
    Fault {
        pointer: format!("/{field}"),
        code: Code::Empty,
        detail: "names nothing; leave it out to be told of all".to_owned(),
    }
}

/// An address as it is asked for.
///
/// # Errors
/// What is wrong with it, as far as it can be known without asking.
pub(crate) fn address(given: &str, network: &Network) -> Result<String, Fault> {
    let fault = |code, detail: String| {
        let pointer = "/address".to_owned();
        Fault { pointer, code, detail }
    };
    if given.chars().count() > LONGEST_ADDRESS {
        return Err(fault(Code::TooLong, format!("has more than {LONGEST_ADDRESS} characters")));
    }
    let malformed = || {
        fault(
            Code::Malformed,
            "is no address such as https://receiver.example/umleitung".to_owned(),
        )
    };
    let mut url = Url::parse(given.trim()).map_err(|_| malformed())?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(fault(Code::Link, "has to begin with https://".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(fault(Code::Link, "names a user; put a secret into the path instead".to_owned()));
    }
    let is_tls = url.scheme() == "https";
    let checked = match url.host() {
        Some(Host::Ipv4(ip)) => network.check(IpAddr::V4(ip), is_tls),
        Some(Host::Ipv6(ip)) => network.check(IpAddr::V6(ip), is_tls),
        _ => Ok(()),
    };
    checked.map_err(|refused| fault(Code::Link, format!("cannot be used: {refused}")))?;
    if !is_tls && !network.has_exceptions() {
        return Err(fault(Code::Link, "has to begin with https://".to_owned()));
    }
    url.set_fragment(None);
    // What is looked at has to be what is asked for.
    let uri: hyper::Uri = url.as_str().parse().map_err(|_| malformed())?;
    if uri.host().is_none() {
        return Err(malformed());
    }
    Ok(url.into())
}
