//! What the public reads: the types of `state.json` and the words in them.
//!
//! Invariant: serde and nothing else. Fields and words are added, never changed: documents are read by pages that were put up years ago.

mod dial;
mod language;
mod node;
mod state;
mod untold;
mod words;

pub use dial::dial;
pub use language::{ByLanguage, Text, is_right_to_left, lookup};
pub use node::{Node, RichText};
pub use state::{
    Affected, Brief, Call, Channel, Controls, Instant, Interval, Line, Notice, PageRule, Procedure, PublicState, Service, Step, Update,
    VERSION,
};
pub use untold::Untold;
pub use words::{AtEnd, Change, ChannelKind, EndCertainty, Entries, Kind, Severity, Stage, Status, Timing};
