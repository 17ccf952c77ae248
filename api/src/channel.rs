//! Whether the channels work. Instants are RFC 3339, in UTC.

use std::collections::{BTreeSet, HashMap};

use domain::{
    access::{Grants, Role, Where},
    catalogue, channel_state,
    notice::Author,
    project::{self, Without},
    state::State,
    text::Localized,
    words::{ChannelId, NoticeId, PortalId, ServiceId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wire::ChannelKind;

/// A channel, and whether it works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StaffChannel"))]
pub struct Channel {
    pub id: ChannelId,
    /// How often something was said of it; the `ETag`.
    pub revision: u32,
    pub kind: ChannelKind,
    pub name: Localized,
    /// The number, address or name as people read it.
    pub value: String,
    /// The portals that offer it with one of their services, of those that the caller may read.
    pub portals: BTreeSet<PortalId>,
    /// Whether the caller may say whether it works: that takes the role `publisher` on each portal that offers it.
    pub may_report: bool,
    /// That it is out of order, or will be; `null`: nobody has said so, or it is over.
    pub outage: Option<ChannelOutage>,
}

/// That a channel is out of order, or will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChannelOutage {
    /// The first instant at which it does not work.
    pub from: Timestamp,
    /// The first instant at which it works again, by itself; `null`: nobody knows.
    pub until: Option<Timestamp>,
    /// What staff are to know.
    pub note: Option<String>,
    pub reported_at: Timestamp,
    pub reported_by: Author,
}

impl Channel {
    /// A channel as it is told to somebody at an instant, with the name behind the id of whoever reported it, for as long as there is one.
    pub fn new(channel: &catalogue::Channel, names: &HashMap<String, String>, state: &State, grants: &Grants, now: Timestamp) -> Self {
        let all = state.portals_offering(&channel.id);
        let outage = state.outages().get(&channel.id);
        let outage = outage.filter(|outage| outage.terms.is_not_over(now)).map(|outage| {
            let channel_state::Terms { from, until, note } = outage.terms.clone();
            ChannelOutage {
                from,
                until,
                note,
                reported_at: outage.reported_at,
                reported_by: Author {
                    name: names.get(&outage.reported_by.id).cloned(),
                    ..outage.reported_by.clone()
                },
            }
        });
        Self {
            id: channel.id.clone(),
            revision: state.outages().revision(&channel.id),
            kind: channel.kind,
            name: channel.name.clone(),
            value: channel.value.clone(),
            portals: all
                .iter()
                .filter(|portal| grants.may(Role::Viewer, Where::On(portal)))
                .cloned()
                .collect(),
            may_report: grants.may(Role::Publisher, Where::OnEach(all)),
            outage,
        }
    }
}

/// All channels that the caller may read of, in the order of the catalogue, and whoever has nobody left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Channels {
    pub channels: Vec<Channel>,
    /// Where no channel works any more, or will not, in the order in which that begins.
    pub left: Vec<Left>,
    /// The server's time.
    pub now: Timestamp,
}

/// Something on a portal for which no channel works, or none for some people. Procedures are not looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Left {
    pub portal: PortalId,
    /// The notice whose readers have nobody; `null`: it is a service.
    pub notice: Option<NoticeId>,
    /// The service whose users would have nobody, should it fail; `null`: it is a notice.
    pub service: Option<ServiceId>,
    pub lack: Lack,
    /// From when on; that is now, or when an outage begins that was told in advance.
    pub from: Timestamp,
}

/// What is lacking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// No channel works.
    Nobody,
    /// Those that work are for people who speak and hear; the others have nobody.
    OnlyVoice,
}

impl From<project::Left> for Left {
    fn from(left: project::Left) -> Self {
        let (notice, service) = match left.without {
            Without::Notice(id) => (Some(id), None),
            Without::Service(id) => (None, Some(id)),
        };
        Self {
            portal: left.portal,
            notice,
            service,
            lack: match left.lack {
                project::Lack::Nobody => Lack::Nobody,
                project::Lack::OnlyVoice => Lack::OnlyVoice,
            },
            from: left.from,
        }
    }
}
