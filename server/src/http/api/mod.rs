//! The management API: what staff and their programs ask for.

pub(crate) mod approvals;
pub(crate) mod arrivals;
pub(crate) mod catalogue;
pub(crate) mod channels;
pub(crate) mod clock;
pub(crate) mod freezes;
pub(crate) mod health;
pub(crate) mod invitations;
pub(crate) mod journal;
pub(crate) mod metrics;
pub(crate) mod names;
pub(crate) mod notice;
pub(crate) mod notice_list;
pub(crate) mod notices;
pub(crate) mod oneself;
pub(crate) mod people;
pub(crate) mod preview;
pub(crate) mod seen;
pub(crate) mod series;
pub(crate) mod session;
pub(crate) mod setup;
pub(crate) mod storage;
pub(crate) mod tokens;
pub(crate) mod transitions;
pub(crate) mod updates;
pub(crate) mod webhooks;
