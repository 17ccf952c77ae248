//! What people ask for of a channel.

use super::model::Report;
use crate::words::ChannelId;

/// A request to say whether a channel works. `expected` is the revision that the author saw; `None`: whichever it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// It is out of order. What was said before is said no more.
    Report {
        id: ChannelId,
        expected: Option<u32>,
        report: Box<Report>,
    },
    /// It works, and goes on working.
    Clear { id: ChannelId, expected: Option<u32> },
}

impl Command {
    /// The channel that it is about.
    pub(crate) const fn id(&self) -> &ChannelId {
        match self {
            Self::Report { id, .. } | Self::Clear { id, .. } => id,
        }
    }

    /// The revision that its author saw.
    pub(crate) const fn expected(&self) -> Option<u32> {
        match self {
            Self::Report { expected, .. } | Self::Clear { expected, .. } => *expected,
        }
    }
}
