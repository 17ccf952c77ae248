//! The documents of Statuspage's API, version 2, as its clients know them: what a portal shows, in somebody else's words. Fields are neither
//! more nor fewer than there, so that a strict client reads them too. Times are RFC 3339 in UTC with milliseconds.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An instant: `2026-03-03T08:10:00.000Z`.
pub type Instant = String;

/// An instant as these documents have it.
pub fn instant(at: Timestamp) -> Instant {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident as $called:literal { $($(#[$of:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(rename = $called))]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant),+ }
    };
}

words! {
    /// How the portal as a whole does, and how grave an incident is.
    Indicator as "StatuspageIndicator" { None, Minor, Major, Critical, Maintenance }
}

words! {
    /// How a service does.
    ComponentStatus as "StatuspageComponentStatus" { Operational, DegradedPerformance, PartialOutage, MajorOutage, UnderMaintenance }
}

words! {
    /// Where an outage or a maintenance stands.
    IncidentStatus as "StatuspageIncidentStatus" {
        Investigating,
        Identified,
        Monitoring,
        Resolved,
        Postmortem,
        Scheduled,
        InProgress,
        Verifying,
        Completed,
    }
}

/// The portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StatuspagePage"))]
pub struct Page {
    /// The portal's id.
    pub id: String,
    pub name: String,
    /// Its status page.
    pub url: String,
    /// IANA name.
    pub time_zone: String,
    pub updated_at: Instant,
}

/// How the portal as a whole does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StatuspageOverall"))]
pub struct Overall {
    pub indicator: Indicator,
    /// The same in English words, which clients compare with.
    pub description: String,
}

/// A service of the portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StatuspageComponent"))]
pub struct Component {
    /// The service's id.
    pub id: String,
    pub name: String,
    pub status: ComponentStatus,
    pub created_at: Instant,
    /// When its status became what it is.
    pub updated_at: Instant,
    /// From 1, in the order of the portal.
    pub position: usize,
    pub description: Option<String>,
    pub showcase: bool,
    pub start_date: Option<String>,
    pub group_id: Option<String>,
    pub page_id: String,
    pub group: bool,
    pub only_show_if_degraded: bool,
}

/// What an update has made of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StatuspageAffectedComponent"))]
pub struct AffectedComponent {
    /// The service's id.
    pub code: String,
    pub name: String,
    pub old_status: ComponentStatus,
    pub new_status: ComponentStatus,
}

/// Something that was told of an outage or a maintenance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StatuspageUpdate"))]
pub struct Update {
    pub id: String,
    pub status: IncidentStatus,
    /// Without formatting.
    pub body: String,
    pub incident_id: String,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub display_at: Instant,
    pub affected_components: Option<Vec<AffectedComponent>>,
    pub deliver_notifications: bool,
    pub custom_tweet: Option<String>,
    pub tweet_id: Option<String>,
}

/// An outage, or a maintenance: that has a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StatuspageIncident"))]
pub struct Incident {
    /// The notice's id.
    pub id: String,
    pub name: String,
    pub status: IncidentStatus,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub monitoring_at: Option<Instant>,
    pub resolved_at: Option<Instant>,
    pub impact: Indicator,
    /// The notice's permanent page.
    pub shortlink: String,
    pub started_at: Instant,
    pub page_id: String,
    /// Newest first.
    pub incident_updates: Vec<Update>,
    pub components: Vec<Component>,
    pub reminder_intervals: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_for: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_until: Option<Instant>,
}

/// `summary.json`: everything that holds now or is announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StatuspageSummary"))]
pub struct Summary {
    pub page: Page,
    pub components: Vec<Component>,
    /// Those that are not over.
    pub incidents: Vec<Incident>,
    /// Those that are announced or run.
    pub scheduled_maintenances: Vec<Incident>,
    pub status: Overall,
}

/// `status.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StatuspageStatus"))]
pub struct Status {
    pub page: Page,
    pub status: Overall,
}

/// `components.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StatuspageComponents"))]
pub struct Components {
    pub page: Page,
    pub components: Vec<Component>,
}

/// `incidents.json`, `incidents/unresolved.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StatuspageIncidents"))]
pub struct Incidents {
    pub page: Page,
    /// Newest first.
    pub incidents: Vec<Incident>,
}

/// `scheduled-maintenances.json`, `…/upcoming.json`, `…/active.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "StatuspageMaintenances"))]
pub struct Maintenances {
    pub page: Page,
    /// Newest first.
    pub scheduled_maintenances: Vec<Incident>,
}
