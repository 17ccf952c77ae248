//! What happens to a channel.

use serde::{Deserialize, Serialize};

use super::model::Terms;
use crate::words::ChannelId;

/// What happened to a channel. Kept forever, so variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// It was said to be out of order.
    #[serde(rename = "channel_out")]
    Out { id: ChannelId, terms: Box<Terms> },
    /// It was said to work.
    #[serde(rename = "channel_back")]
    Back { id: ChannelId },
}

impl Event {
    /// The channel that it is about.
    pub const fn id(&self) -> &ChannelId {
        match self {
            Self::Out { id, .. } | Self::Back { id } => id,
        }
    }
}
