//! All outages of channels, and what events make of them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    event::Event,
    model::{Outage, Terms},
};
use crate::{notice::Author, words::ChannelId};

/// What was said last of each channel of which anything was ever said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outages(BTreeMap<ChannelId, LastWord>);

/// What was said last of a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct LastWord {
    /// Counts what was said, from 1, redacted or not.
    revision: u32,
    /// The entry by which it was said.
    entry: u64,
    outage: Option<Outage>,
}

impl Outages {
    /// The outage of a channel: that which is, is to come, or was the last one and is over by time alone.
    pub fn get(&self, id: &ChannelId) -> Option<&Outage> {
        self.0.get(id)?.outage.as_ref()
    }

    /// What was said of a channel, if it matters at an instant or after it.
    pub fn ahead(&self, id: &ChannelId, now: Timestamp) -> Option<&Terms> {
        Some(&self.get(id)?.terms).filter(|terms| terms.is_not_over(now))
    }

    /// How often something was said of a channel; 0: never.
    pub fn revision(&self, id: &ChannelId) -> u32 {
        self.0.get(id).map_or(0, |word| word.revision)
    }

    /// All outages, in the order of their channels.
    pub fn iter(&self) -> impl Iterator<Item = (&ChannelId, &Outage)> {
        self.0.iter().filter_map(|(id, word)| Some((id, word.outage.as_ref()?)))
    }

    /// Whether an entry has to stay, and for the sake of which channel: without the last word on it, the one before would hold again, or none.
    pub(crate) fn keeps(&self, seq: u64) -> Option<&ChannelId> {
        self.0.iter().find(|(_, word)| word.entry == seq).map(|(id, _)| id)
    }

    /// Takes note that something was said, so that no revision is given twice.
    pub(crate) fn count(&mut self, id: &ChannelId) {
        self.0.entry(id.clone()).or_default().revision += 1;
    }

    /// Takes note of what happened to a channel.
    pub(crate) fn apply(&mut self, event: &Event, seq: u64, at: Timestamp, actor: &str) {
        let outage = match event {
            Event::Back { .. } => None,
            Event::Out { terms, .. } => Some(Outage {
                terms: terms.as_ref().clone(),
                reported_at: at,
                reported_by: Author::of(actor),
            }),
        };
        let word = self.0.entry(event.id().clone()).or_default();
        word.entry = seq;
        word.outage = outage;
    }
}
