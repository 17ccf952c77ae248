//! What everyone may read.

pub(crate) mod archive;
pub(crate) mod assets;
pub(crate) mod contract;
pub(crate) mod events;
pub(crate) mod feeds;
pub(crate) mod form;
pub(crate) mod loader;
pub(crate) mod pages;
pub(crate) mod state;
pub(crate) mod statuspage;
pub(crate) mod subscriptions;
pub(crate) mod worker;
