//! `umleitung bounce`.

use std::io::Read;

use anyhow::Context;
use store::{
    clock::{Clock, SystemClock},
    subscriptions::Refusal,
};

use super::data::Data;
use crate::{
    reactors::{MAIL, is_no_mailbox},
    sensors::{Bounce, read_bounce},
};

/// More than that is read of no report.
const LIMIT: u64 = 4 * 1024 * 1024;

/// Take in a mail that came back, from standard input: a mail server hands it over.
///
/// It ends well also where nothing follows from the mail: whoever hands it over would send it back otherwise.
#[derive(clap::Args)]
pub(super) struct BounceCommand {
    #[command(flatten)]
    data: Data,
}

impl BounceCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let mut mail = Vec::new();
        std::io::stdin()
            .take(LIMIT)
            .read_to_end(&mut mail)
            .context("the mail cannot be read")?;
        let Some(Bounce { subscription, status }) = read_bounce(&String::from_utf8_lossy(&mail)) else {
            say!("That is no report that a mail could not be delivered.");
            return Ok(());
        };
        let store = self.data.existing_store().await?;
        let (subscriptions, now) = (store.subscriptions, SystemClock.now());
        let failure = format!("a mail came back: {status}");
        if subscriptions.get(&subscription).await?.is_none() {
            say!("Whoever it was for is written to no more.");
        } else if !is_no_mailbox(&status) {
            subscriptions
                .failed(&subscription, now, failure.trim_end_matches([':', ' ']))
                .await?;
            say!("{subscription}: noted.");
        } else if subscriptions.refused(&subscription, Refusal::CameBack, &failure, now, MAIL).await? {
            say!("{subscription}: there is no such mailbox, for the third day; it is written to no more.");
        } else {
            say!("{subscription}: there is no such mailbox; noted.");
        }
        store.journal.close().await;
        Ok(())
    }
}
