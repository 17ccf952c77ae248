//! What is done to the journal itself: entries are redacted, and the clock by which it is written is confirmed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access::{Context, Role, Where},
    catalogue::InForce,
    rejection::{Rejection, need},
    text::{Shape, rules::check_text},
    time::plausible,
    words::{Code, Faults},
};

/// A request that concerns the journal itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Put a tombstone in the place of an entry's payload.
    Redact { seq: u64, reason: String },
    /// Say that the machine's clock is right, although the journal doubts it.
    ConfirmClock { reason: String },
}

/// What happened to the journal itself. Kept forever, so variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The payload of an earlier entry was replaced by a tombstone.
    #[serde(rename = "entry_redacted")]
    Redacted { seq: u64, reason: String },
    /// The machine's clock was confirmed: time counts from this entry on, whatever the entries before it are dated.
    #[serde(rename = "clock_confirmed")]
    ClockConfirmed { reason: String },
}

/// What is known of the journal itself.
#[derive(Clone, Debug, Default)]
pub struct Upkeep {
    /// The number of the last entry; 0 before the first.
    pub(crate) position: u64,
    /// When the first entry was written; `None`: nothing tells.
    pub(crate) first_at: Option<Timestamp>,
    /// When the last entry was written; `None`: nothing tells.
    pub(crate) last_at: Option<Timestamp>,
    /// The entry by which the clock was confirmed last; 0: none.
    pub(crate) clock_confirmed: u64,
    /// The entries that record a redaction; without them a tombstone could not be told from a theft.
    redactions: BTreeSet<u64>,
}

impl Upkeep {
    /// Takes note that there is an entry of this number and time, whatever it says.
    pub(crate) fn note(&mut self, seq: u64, at: Timestamp) {
        self.position = seq;
        if plausible::is_evidence(at) {
            self.first_at = self.first_at.or(Some(at));
            self.last_at = Some(at);
        }
    }

    /// Takes note of what happened to the journal itself.
    pub(crate) fn apply(&mut self, event: &Event, seq: u64) {
        match event {
            Event::Redacted { .. } => {
                self.redactions.insert(seq);
            }
            Event::ClockConfirmed { .. } => self.clock_confirmed = seq,
        }
    }

    /// The entry that records the last redaction.
    pub(crate) fn last_redaction(&self) -> Option<u64> {
        self.redactions.last().copied()
    }

    /// Whether this entry records a redaction.
    pub(crate) fn is_redaction(&self, seq: u64) -> bool {
        self.redactions.contains(&seq)
    }
}

/// Turns a command into what happens.
///
/// # Errors
/// A [`Rejection`] that names what would be right.
pub(crate) fn decide(upkeep: &Upkeep, catalogue: &InForce, command: Command, context: &Context) -> Result<Vec<Event>, Rejection> {
    need(Role::Admin, Where::Everywhere, context)?;
    let mut faults = Faults::default();
    let (reason, event) = match command {
        Command::ConfirmClock { reason } => (reason.clone(), Event::ClockConfirmed { reason }),
        Command::Redact { seq, reason } => {
            if seq == 0 || seq > upkeep.position {
                return Err(Rejection::UnknownEntry(seq));
            }
            if upkeep.is_redaction(seq) {
                faults.add("/seq", Code::Kept, format!("is {seq}, which records a redaction; that has to stay"));
            }
            if catalogue.entry() == seq {
                faults.add(
                    "/seq",
                    Code::Kept,
                    format!("is {seq}, which holds the catalogue in force; apply another catalogue first"),
                );
            }
            (reason.clone(), Event::Redacted { seq, reason })
        }
    };
    check_text(&reason, "/reason", Shape::Line, &mut faults);
    faults.into_result()?;
    Ok(vec![event])
}
