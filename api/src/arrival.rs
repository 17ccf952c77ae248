//! Whether notices have arrived where people read. Instants are RFC 3339, in UTC.

use domain::words::{NoticeId, ObstacleKind, PlaceKind, PortalId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen at the last looks, of the portals that the caller may read and that have something on show, by their ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Arrivals {
    /// Whether anybody looks; `false`: that is switched off.
    pub looks: bool,
    pub portals: Vec<PortalArrival>,
    /// The server's time.
    pub now: Timestamp,
}

/// What was seen of a portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortalArrival {
    pub portal: PortalId,
    /// What it has on show.
    pub notices: Vec<NoticeArrival>,
    /// Where people read what it shows: its page, the mirrors that the page names, this server's own public address. Empty: nobody has
    /// looked yet.
    pub places: Vec<Place>,
}

/// Whether a notice, in the revision and stage that it has now, was seen on a portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoticeArrival {
    pub notice: NoticeId,
    /// When it was first seen at the last of the portal's places; `null`: it was not seen at all of them yet.
    pub since: Option<Timestamp>,
}

/// A place at which people read, as it was at the last look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ArrivalPlace"))]
pub struct Place {
    pub kind: PlaceKind,
    pub address: String,
    pub looked_at: Timestamp,
    /// The notices that it is to show and did not.
    pub missing: Vec<NoticeId>,
    /// Why it does not show what it is to show; `null`: nothing is in the way.
    pub obstacle: Option<Obstacle>,
}

/// What is in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Obstacle {
    pub kind: ObstacleKind,
    /// The address at which it was met: the place's, or that of something which the place leads to.
    pub at: String,
    /// More of it: a status, the portal that is there instead, the failure of the network. May be empty.
    pub detail: String,
}
