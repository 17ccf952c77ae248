//! What is wrong with an installation, and what to do about it: the data, what they hold, and the way from people to the server.
//!
//! Each look ([`data`], [`content`], [`reach`]) adds what it found to a [`Report`], also what is sound: whoever reads it sees what was looked at.

mod content;
mod data;
mod reach;
mod report;

use std::sync::Arc;

use store::clock::Clock;

pub use report::{Finding, Installation, Report};

/// Looks at an installation. The data are opened as a server opens them, and like a server it tries whether it can write; nothing else is written.
pub async fn examine(installation: &Installation, clock: Arc<dyn Clock>) -> Report {
    let mut report = Report::default();
    let portals = match data::look(&installation.place, &mut report).await {
        Some(store) => content::look(store, clock.clone(), &mut report).await,
        None => Vec::new(),
    };
    reach::look(installation, portals.first(), clock, &mut report).await;
    report
}
