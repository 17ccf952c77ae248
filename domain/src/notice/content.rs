//! What the author of a notice writes.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use wire::{AtEnd, EndCertainty, Entries, Kind, Severity, Status};

use crate::{
    text::{Localized, link::read_optional_link},
    words::{ChannelId, PortalId, ProcedureId, ServiceId},
};

/// All that an author writes. On the wire it is the body of `POST /api/v1/notices`; fields that are left out, or `null`, are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub kind: Kind,
    pub severity: Severity,
    /// The services that are in trouble; their dependents follow by themselves.
    #[serde(default, deserialize_with = "or_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<ServiceId>>"))]
    pub services: Vec<ServiceId>,
    /// Portals that it concerns as a whole, for notices that concern no single service.
    #[serde(default, deserialize_with = "or_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<PortalId>>"))]
    pub portals: Vec<PortalId>,
    pub title: Localized,
    /// What people notice. With the notations of `domain::text::markdown`, like all longer texts.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Localized::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Localized>"))]
    pub impact: Localized,
    /// What to do instead.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Localized::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Localized>"))]
    pub guidance: Localized,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Localized::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Localized>"))]
    pub still_works: Localized,
    #[serde(default = "entries_unknown")]
    pub entries: Entries,
    /// Until when entries that people had begun are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries_until: Option<Timestamp>,
    /// What happened to applications that were already sent.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Localized::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Localized>"))]
    pub applications: Localized,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Localized::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Localized>"))]
    pub deadline_note: Localized,
    /// The rule on which the note on deadlines rests, such as a paragraph of a law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_source: Option<String>,
    /// Address of a sign-language video.
    #[serde(default, deserialize_with = "read_optional_link", skip_serializing_if = "Option::is_none")]
    pub video: Option<String>,
    /// The channels to offer; `None`: those of the services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelId>>,
    /// The procedures to offer; `None`: those of the services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedures: Option<Vec<ProcedureId>>,
    /// Since when, or from when. Left out: the moment of publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// Left out: `exact` for a maintenance, otherwise `estimated` where there is an end and `unknown` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_certainty: Option<EndCertainty>,
    /// When there will be news at the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update_at: Option<Timestamp>,
    /// From when a maintenance or an information is shown; left out: at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announce_from: Option<Timestamp>,
    /// What happens at the announced end when nobody says anything.
    #[serde(default = "confirm")]
    pub at_end: AtEnd,
    /// How long it takes to undo the work, in minutes; for a maintenance. So long before its end somebody decides whether it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback_minutes: Option<u16>,
}

const fn entries_unknown() -> Entries {
    Entries::Unknown
}

const fn confirm() -> AtEnd {
    AtEnd::Confirm
}

/// Reads what may be left out: `null` is no more than that.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl Content {
    /// What it makes of the services that it names, while it holds.
    pub fn status(&self) -> Status {
        match self.kind {
            Kind::Outage => self.severity.into(),
            Kind::Maintenance if self.severity == Severity::Information => Status::Information,
            Kind::Maintenance => Status::Maintenance,
            Kind::Information => Status::Information,
        }
    }

    /// How sure the end is, with the default for this kind.
    pub fn certainty(&self) -> EndCertainty {
        match (self.end_certainty, self.ends_at, self.kind) {
            (Some(certainty), _, _) => certainty,
            (None, None, _) => EndCertainty::Unknown,
            (None, Some(_), Kind::Maintenance) => EndCertainty::Exact,
            (None, Some(_), _) => EndCertainty::Estimated,
        }
    }
}
