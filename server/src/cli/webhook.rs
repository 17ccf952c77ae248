//! `umleitung webhook`.

use std::sync::Arc;

use api::NewWebhook;
use clap::Args;
use domain::{
    access::{Grants, Role},
    words::{Shape, Signing, Wanted},
};
use store::clock::SystemClock;
use wire::Kind;

use super::{
    data::{Data, operator},
    terminal::{complain, shown},
};
use crate::reactors::{Receiver, Receivers};
use engine::Publisher;

/// Tell programs of others by web requests (Standard Webhooks 1.0).
#[derive(clap::Subcommand)]
pub(super) enum Webhook {
    /// Tell an address of all that happens to notices from now on; prints what signatures are checked with, alone.
    Add(Box<Add>),
    /// Show all webhooks: id, state, what waits, what was given up, of what they are told, and the address.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Send nothing more to one.
    End {
        /// The id, as `list` shows it.
        id: String,
        #[command(flatten)]
        data: Data,
    },
    /// Send again what was given up, and at once what waits.
    Replay {
        /// The id, as `list` shows it.
        id: String,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Args)]
pub(super) struct Add {
    /// Where to, such as https://receiver.example/umleitung.
    address: String,
    /// Only of what shows on this portal; may be given several times.
    #[arg(long = "portal", value_name = "ID")]
    portals: Vec<String>,
    /// Only of what touches this service; may be given several times.
    #[arg(long = "service", value_name = "ID")]
    services: Vec<String>,
    /// Only of this kind of notice: outage, maintenance or information; may be given several times.
    #[arg(long = "kind", value_name = "KIND", value_parser = kind)]
    kinds: Vec<Kind>,
    /// How messages are written: umleitung, statuspage as receivers of its webhooks know it, or for a chat slack, teams, mattermost or matrix.
    #[arg(long, default_value = "umleitung")]
    shape: Shape,
    /// How messages are signed: hmac, or ed25519, where the receiver needs no secret.
    #[arg(long, default_value = "hmac")]
    signing: Signing,
    #[command(flatten)]
    data: Data,
}

fn kind(word: &str) -> Result<Kind, String> {
    let known = [Kind::Outage, Kind::Maintenance, Kind::Information];
    let found = known.into_iter().find(|kind| kind.word() == word);
    found.ok_or_else(|| "is none of outage, maintenance and information".to_owned())
}

impl Webhook {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let everything = Grants::from(Role::Admin);
        match self {
            Self::Add(add) => add.run().await?,
            Self::List { data } => {
                for receiver in receivers(&data).await?.all(&everything).await? {
                    tell(&receiver)?;
                }
            }
            Self::End { id, data } => {
                receivers(&data).await?.end(&everything, &id).await?;
                say!("Ended {}.", shown(&id));
            }
            Self::Replay { id, data } => {
                let Receiver { open, .. } = receivers(&data).await?.replay(&everything, &id).await?;
                say!("{open} to be sent to {}.", shown(&id));
            }
        }
        Ok(())
    }
}

impl Add {
    async fn run(self) -> anyhow::Result<()> {
        let some = |names: Vec<String>| (!names.is_empty()).then_some(names);
        let new = NewWebhook {
            address: self.address,
            portals: some(self.portals),
            services: some(self.services),
            kinds: (!self.kinds.is_empty()).then_some(self.kinds),
            shape: self.shape,
            signing: self.signing,
        };
        let receiver = receivers(&self.data).await?.add(&operator(), new).await?;
        say!("{}", receiver.verification_key.unwrap_or_default());
        complain(format_args!(
            "{} is told from now on. What is printed is what it checks signatures with{}.",
            receiver.webhook.id,
            match receiver.webhook.signing {
                Signing::Hmac => ": a secret, told only once",
                Signing::Ed25519 => ": a public key",
            }
        ));
        Ok(())
    }
}

/// Where a server may send to is the server's matter; it looks before each message.
async fn receivers(data: &Data) -> anyhow::Result<Receivers> {
    let store = data.existing_store().await?;
    let publisher = Publisher::open(store.journal.clone(), Arc::new(SystemClock), Arc::new(())).await?;
    Ok(Receivers::unlimited(Arc::new(publisher), &store))
}

fn tell(receiver: &Receiver) -> anyhow::Result<()> {
    let webhook = &receiver.webhook;
    let state = match (&webhook.ended_at, &webhook.failing_since) {
        (Some(_), _) => format!("ended: {}", webhook.ended_because.as_deref().unwrap_or_default()),
        (None, Some(since)) => format!("failing since {since}: {}", webhook.failure.as_deref().unwrap_or_default()),
        (None, None) => "works".to_owned(),
    };
    say!(
        "{}\t{}\t{} open\t{} given up\t{}\t{}",
        webhook.id,
        shown(&state),
        receiver.open,
        receiver.given_up,
        wanted(&webhook.wanted),
        shown(&webhook.address)
    );
    Ok(())
}

fn wanted(wanted: &Wanted) -> String {
    let portals = wanted.portals.iter().flatten().map(|portal| portal.as_str());
    let services = wanted.services.iter().flatten().map(|service| service.as_str());
    let kinds = wanted.kinds.iter().flatten().map(|kind| kind.word());
    let named: Vec<&str> = portals.chain(services).chain(kinds).collect();
    if named.is_empty() {
        "everything".to_owned()
    } else {
        named.join(" ")
    }
}
