//! Reads the journal into memory, entry by entry, and follows its chain: what is altered, unreadable or put back is noticed.

use domain::{record::Entry, words::Subject};

use crate::known::Known;
use store::journal::{Found, chain::Walk};

/// How many entries are read at once.
pub(super) const PAGE: u32 = 2_000;

/// Where the reading of the journal stands.
#[derive(Default)]
pub(super) struct Follower {
    pub(super) walk: Walk,
    /// Where the chain is broken.
    pub(super) breaks: Vec<String>,
    /// The entries that were left out because they cannot be read.
    pub(super) left_out: Vec<String>,
}

impl Follower {
    /// The next entry, whatever it is like. One that cannot be read stands for nothing but its number.
    pub(super) fn take(&mut self, found: Found, known: &mut Known) {
        let entry = match found.record {
            Ok(record) => {
                if let Err(broken) = self.walk.step(&record) {
                    self.breaks.push(broken.to_string());
                    self.walk.step_over(&record);
                }
                record.entry().unwrap_or_else(|error| {
                    self.left_out.push(error.to_string());
                    Entry {
                        seq: record.seq,
                        at: record.at,
                        actor: record.actor,
                        subject: record.subject,
                        event: None,
                    }
                })
            }
            Err(reason) => {
                self.left_out.push(format!("entry {}: {reason}", found.seq));
                self.walk.leave_out(found.seq);
                Entry {
                    seq: found.seq,
                    at: known.state.last_at().unwrap_or_default(),
                    actor: String::new(),
                    subject: Subject::Whole,
                    event: None,
                }
            }
        };
        known.take(&entry);
    }
}

/// What is wrong with a journal.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Faults {
    /// Where the chain is broken.
    pub(super) breaks: Vec<String>,
    /// The entries that cannot be read.
    pub(super) unreadable: Vec<String>,
}
