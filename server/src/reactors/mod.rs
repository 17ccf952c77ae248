//! What goes out of the server by itself: each reactor a file or a folder. [`engine::driver`] drives them.

mod announcing;
mod arrival;
mod client;
mod mail;
mod mirror;
mod network;
mod news;
mod reasons;
mod silencing;
mod submitted;
mod visitor;
mod watching;
mod webhook;

pub(crate) use announcing::Announcing;
pub(crate) use arrival::{Arrival, mark};
pub(crate) use client::{Client, Connections, client};
pub(crate) use mail::{Mailing, NAME as MAIL, Post, is_enhanced, is_no_mailbox};
pub use mail::{PostError, Relay};
pub(crate) use mirror::{Mirror, MirrorError};
pub use mirror::{Mirrored, Target, TargetError};
pub(crate) use network::{Door, Network};
pub(crate) use reasons::reasons;
pub(crate) use silencing::Silencing;
pub(crate) use visitor::{Came, Visitor, is_loader};
pub(crate) use watching::Watching;
pub(crate) use webhook::{Receiver, ReceiverError, Receivers, Telling, address, may_manage};
