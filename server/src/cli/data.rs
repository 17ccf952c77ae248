//! Where the data is, and how commands get at it.

use std::{path::PathBuf, sync::Arc};

use anyhow::bail;
use clap::Args;
use domain::{
    access::{Actor, COMMAND_LINE, Role},
    record::{Command, Event, upkeep},
    rejection::Rejection,
};

use crate::accounts::Accounts;
use engine::{Publisher, SubmitError};
use store::{Place, Store, StoreError, clock::SystemClock};

/// Where the data is.
#[derive(Args)]
pub(super) struct Data {
    /// The folder with the data.
    #[arg(long, value_name = "DIR", default_value = "./data")]
    data: PathBuf,
    /// The database, instead of a folder: sqlite:FILE, or postgres://USER@HOST/DATABASE, which several servers may share.
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    database: Option<String>,
}

impl Data {
    pub(super) fn place(&self) -> Result<Place, StoreError> {
        self.database
            .as_deref()
            .map_or_else(|| Ok(Place::folder(&self.data)), Place::address)
    }

    /// The place as it may be told, without a password.
    pub(super) fn shown(&self) -> String {
        self.place().map(|place| place.to_string()).unwrap_or_default()
    }

    pub(super) async fn store(&self) -> Result<Store, StoreError> {
        self.place()?.open().await
    }

    pub(super) async fn existing_store(&self) -> Result<Store, StoreError> {
        self.place()?.open_existing().await
    }

    pub(super) async fn accounts(&self) -> anyhow::Result<Accounts> {
        Ok(Accounts::new(self.store().await?.identities, Arc::new(SystemClock)))
    }

    /// The accounts of a journal that is there: what only looks or takes away must not take a slip of the finger for an empty folder.
    pub(super) async fn existing_accounts(&self) -> anyhow::Result<Accounts> {
        Ok(Accounts::new(self.existing_store().await?.identities, Arc::new(SystemClock)))
    }

    pub(super) async fn existing_publisher(&self) -> anyhow::Result<Publisher> {
        Ok(Publisher::open(self.existing_store().await?.journal, Arc::new(SystemClock), Arc::new(())).await?)
    }

    pub(super) async fn publisher(&self) -> anyhow::Result<Publisher> {
        Ok(Publisher::open(self.store().await?.journal, Arc::new(SystemClock), Arc::new(())).await?)
    }
}

/// Whether a clock that the journal contradicts is believed.
#[derive(Args)]
pub(super) struct Force {
    /// Believe the machine's clock, also where the journal contradicts it. That is recorded.
    #[arg(long)]
    force: bool,
}

impl Force {
    /// Confirms the clock, where that is asked for and needed.
    pub(super) async fn confirm(&self, publisher: &Publisher) -> anyhow::Result<()> {
        if let Some(doubt) = publisher.doubt().filter(|_| self.force) {
            let reason = format!("--force, although {doubt}");
            submit(publisher, operator(), upkeep::Command::ConfirmClock { reason }).await?;
        }
        Ok(())
    }
}

/// Whoever may open the data on this machine may do everything with it.
pub(super) fn operator() -> Actor {
    Actor::new(COMMAND_LINE, Role::Admin)
}

/// Carries out a command and words a refusal for the terminal.
pub(super) async fn submit(publisher: &Publisher, actor: Actor, command: impl Into<Command>) -> anyhow::Result<Vec<Event>> {
    match publisher.submit(actor, command).await {
        Err(SubmitError::Rejected(Rejection::Invalid(faults))) => {
            let faults = faults.into_vec();
            bail!(
                "{}",
                faults
                    .iter()
                    .map(|fault| format!("{} {}", fault.pointer.trim_start_matches('/'), fault.detail))
                    .collect::<Vec<_>>()
                    .join("\n")
            )
        }
        done => Ok(done?),
    }
}
