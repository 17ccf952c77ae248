//! The catalogue: portals, services, dependencies, channels, procedures, templates, rules, probes. What changes rarely.

use serde::{Deserialize, Serialize};
use wire::{ChannelKind, Kind};

use super::{probe::Probe, rule::Rule};
use crate::{
    access::{Grants, Role, Where},
    notice::content::Content,
    text::{
        Language, Localized,
        link::{read_link, read_optional_link},
    },
    time::LocalHoliday,
    words::{ChannelId, PortalId, ProcedureId, ServiceId, Share, TemplateId},
};

/// Everything that a catalogue file holds. In TOML each list is an array of tables: `[[portal]]`, `[[service]]`, …
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    #[serde(default, rename = "portal", skip_serializing_if = "Vec::is_empty")]
    pub portals: Vec<Portal>,
    #[serde(default, rename = "service", skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
    #[serde(default, rename = "channel", skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    #[serde(default, rename = "procedure", skip_serializing_if = "Vec::is_empty")]
    pub procedures: Vec<Procedure>,
    #[serde(default, rename = "template", skip_serializing_if = "Vec::is_empty")]
    pub templates: Vec<Template>,
    #[serde(default, rename = "rule", skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    #[serde(default, rename = "probe", skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<Probe>,
}

impl Catalogue {
    /// Whether whoever holds these grants has to show a second factor: some portal asks it of a role that they hold there.
    pub fn asks_second_factor(&self, grants: &Grants) -> bool {
        let asks = |portal: &Portal| portal.second_factor.is_some_and(|role| grants.may(role, Where::On(&portal.id)));
        self.portals.iter().any(asks)
    }
}

/// A website that embeds the widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CataloguePortal"))]
#[serde(deny_unknown_fields)]
pub struct Portal {
    pub id: PortalId,
    pub name: Localized,
    /// Its default language first.
    pub languages: Vec<Language>,
    /// IANA name, such as `Europe/Berlin`.
    pub time_zone: String,
    /// ISO 3166-2, such as `DE-BE`: which public holidays count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Days that are public holidays here and not in the whole region.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<LocalHoliday>,
    /// Host names that mean this portal.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// The services that it offers.
    pub services: Vec<ServiceId>,
    /// Which of its pages stand for which services, so that one tag serves the whole site.
    #[serde(default, rename = "page", skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Page>,
    /// The authority that issues its notices.
    pub issuer: Localized,
    /// For how many minutes a notice that is over is still shown.
    #[serde(default = "two_hours")]
    pub linger_minutes: u32,
    /// For how many minutes before its beginning announced work is told at full size; before that it is one line.
    #[serde(default = "an_hour")]
    pub approach_minutes: u32,
    /// The kinds of notices that take a second person before people see them: `maintenance`, `information`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub four_eyes: Vec<Kind>,
    /// Whoever holds this role here, or a higher one, shows a second factor beside the password; none: nobody has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<Role>,
    /// Whether its monthly reports are for everyone; else they are for its staff.
    #[serde(default, skip_serializing_if = "is_not")]
    pub public_reports: bool,
    pub links: PortalLinks,
}

const fn two_hours() -> u32 {
    120
}

const fn an_hour() -> u32 {
    60
}

/// Pages that stand for certain services: there, only what concerns these is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CataloguePage"))]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// A path (`/kfz/neu`) or a host with a path (`kfz.musterstadt.example/neu`); a star at the end means: and whatever follows.
    pub at: String,
    pub services: Vec<ServiceId>,
    /// Whether a notice stands there unfolded from the start.
    #[serde(default, skip_serializing_if = "is_not")]
    pub open: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_not(value: &bool) -> bool {
    !*value
}

/// What the law asks a German portal to link to from every page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PortalLinks {
    /// The portal's start page.
    #[serde(deserialize_with = "read_link")]
    pub home: String,
    #[serde(deserialize_with = "read_link")]
    pub imprint: String,
    #[serde(deserialize_with = "read_link")]
    pub privacy: String,
    #[serde(deserialize_with = "read_link")]
    pub accessibility: String,
    #[serde(deserialize_with = "read_link")]
    pub feedback: String,
}

/// Something that people use, or that other services use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CatalogueService"))]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub id: ServiceId,
    pub name: Localized,
    /// Without these it does not work: their trouble is its own, with the same severity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<ServiceId>,
    /// Their trouble makes it `degraded` at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<ServiceId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<ChannelId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub procedures: Vec<ProcedureId>,
    /// For how many minutes people usually need it, from the beginning until they are done: who begins shortly before planned work is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual_minutes: Option<u32>,
    /// For which share of the time it is agreed to work, planned work left out; `None`: nothing is agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Share>,
    /// The body that is responsible for it, as staff are to know.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub responsible: Localized,
    /// Who looks after it within the house, as staff are to know: a team, a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What people need for it technically, as staff are to know who answer questions. With the notations of `domain::text::markdown`.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub prerequisites: Localized,
}

/// A way to reach a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CatalogueChannel"))]
#[serde(deny_unknown_fields)]
pub struct Channel {
    pub id: ChannelId,
    pub kind: ChannelKind,
    pub name: Localized,
    /// The number, address or name as people read it; for phone, fax and 115 without `href` one number and nothing else.
    pub value: String,
    /// Where a click leads; left out, it follows from `value` for phone, fax and e-mail.
    #[serde(default, deserialize_with = "read_optional_link", skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// For 115: the full number, for callers from abroad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abroad: Option<String>,
    /// With the notations of `domain::text::markdown`.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub note: Localized,
    /// OpenStreetMap's `opening_hours` syntax (`docs/opening-hours.md`); left out: it has no hours, like a form or a postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
}

/// Ordered steps to get the job done without the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CatalogueProcedure"))]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    pub id: ProcedureId,
    pub name: Localized,
    /// What happens to deadlines. With the notations of `domain::text::markdown`.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub deadline: Localized,
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CatalogueStep"))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// With the notations of `domain::text::markdown`.
    pub text: Localized,
    /// A form: its address, or one that was uploaded, as `FormFile` is written.
    #[serde(default, deserialize_with = "read_optional_link", skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub form_name: Localized,
}

/// A prepared notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CatalogueTemplate"))]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub id: TemplateId,
    /// What ops staff choose it by.
    pub name: Localized,
    pub notice: Content,
}
