//! The document of a portal. `PublicState`, version 1, is a contract; fields are added, never changed.
//!
//! Times are strings on purpose, RFC 3339 with the portal's offset (`2026-03-03T09:10:00+01:00`): a reader in a browser
//! gets the portal's clock time without a time-zone database.

use serde::{Deserialize, Serialize};

use crate::{ByLanguage, Change, ChannelKind, EndCertainty, Entries, Kind, RichText, Severity, Stage, Status, Text, Timing};

/// The version of the document, its field `v`.
pub const VERSION: u32 = 1;

/// An instant, RFC 3339 with the portal's offset, whole seconds.
pub type Instant = String;

/// What one portal shows: the document at `/p/{portal}/state.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublicState {
    /// The version of this shape, 1.
    pub v: u32,
    /// The portal's id.
    pub portal: String,
    /// Opaque; equal revisions mean equal documents.
    pub revision: String,
    /// The instant from which this document is valid (not when it was rendered).
    pub generated_at: Instant,
    /// The portal's IANA time zone.
    pub time_zone: String,
    /// The portal's languages, its default first.
    pub languages: Vec<String>,
    /// The gravest status of the portal's services. Announced maintenance and resolved notices do not count.
    pub status: Status,
    /// The services that are not operational, those first that cause others trouble.
    pub services: Vec<Service>,
    /// Current notices (gravest first), then announced ones, then those that ended a short while ago.
    pub notices: Vec<Notice>,
    /// The channels that these notices name.
    pub channels: Vec<Channel>,
    /// The procedures that these notices name.
    pub procedures: Vec<Procedure>,
    /// Which of the portal's pages stand for which services, the narrowest first; sent only where there are notices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageRule>,
    /// The ids of all the portal's services, so that a page that names another one by mistake can know; sent only where there are notices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<String>,
    /// Where times of this document lie in an hour that comes twice because the portal's clocks go back: from its first beginning to its
    /// second end. In the first half of such a stretch the clocks show summer time, in the second what follows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated_hours: Vec<Interval>,
    /// The words on what a banner can be handled with, in each of the portal's languages; sent only where there are notices.
    #[serde(default, skip_serializing_if = "ByLanguage::is_empty")]
    pub controls: ByLanguage<Controls>,
}

/// The words on what a banner can be handled with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Controls {
    /// What this language calls itself.
    pub name: String,
    /// What there is to choose with these names.
    pub language: String,
    /// On the control that unfolds the rest.
    pub unfold: String,
    /// The same where more notices are behind it than are named, with `{}` for how many.
    pub others: String,
    /// While the rest is on its way.
    pub coming: String,
    /// Whose clocks all times go by, for a reader whose clock shows another time.
    pub zone: String,
}

/// Pages of the portal that stand for certain services.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageRule {
    /// A path (`/kfz/neu`) or a host with a path (`kfz.musterstadt.example/neu`); a star at the end means: and whatever follows.
    pub at: String,
    /// The services, by id.
    pub services: Vec<String>,
    /// Whether a notice stands there unfolded from the start.
    #[serde(default, skip_serializing_if = "is_not")]
    pub open: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_not(value: &bool) -> bool {
    !*value
}

const fn unsaid() -> Severity {
    Severity::Information
}

/// A service that is not operational right now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Service {
    pub id: String,
    pub name: Text,
    pub status: Status,
    /// How grave that is for those who use it, also where the status is `maintenance`. Earlier releases do not say.
    #[serde(default = "unsaid")]
    pub severity: Severity,
    /// The id of the service whose trouble this is, when it came through a dependency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// One published record, as a portal shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notice {
    /// Speakable on the phone: `2026-0042`.
    pub id: String,
    /// Counts the changes to this notice, from 1.
    pub revision: u32,
    pub kind: Kind,
    pub severity: Severity,
    pub stage: Stage,
    pub timing: Timing,
    /// Whether it is announced and about to begin: within the time before it that the portal has set (`approach_minutes`).
    #[serde(default, skip_serializing_if = "is_not")]
    pub approaching: bool,
    /// The services it names, by id.
    pub services: Vec<String>,
    /// The portal's services that it touches, by name or through a dependency. Empty: it concerns the portal as a whole.
    pub affected: Vec<Affected>,
    pub title: Text,
    /// What people notice, in their words.
    pub impact: RichText,
    /// What to do instead.
    pub guidance: RichText,
    pub still_works: RichText,
    pub entries: Entries,
    /// Until when begun entries are kept.
    pub entries_until: Option<Instant>,
    /// What happened to applications that were already sent.
    pub applications: RichText,
    pub deadline_note: RichText,
    /// Where the note on deadlines is laid down.
    pub deadline_source: Option<String>,
    pub starts_at: Instant,
    /// The announced end; for a notice that is over, its actual end. Of one that was called off, the end that had been planned.
    pub ends_at: Option<Instant>,
    pub end_certainty: EndCertainty,
    /// When there will be news at the latest.
    pub next_update_at: Option<Instant>,
    /// The channels to offer, by id, in this order.
    pub channels: Vec<String>,
    /// The procedures to offer, by id, in this order.
    pub procedures: Vec<String>,
    /// Newest first.
    pub updates: Vec<Update>,
    /// Who issued it.
    pub issuer: Text,
    pub published_at: Instant,
    pub updated_at: Instant,
    /// Path of the permanent page, relative to the origin that serves this document.
    pub url: String,
    /// Address of a sign-language video.
    pub video: Option<String>,
    /// The notice in a few lines, for a reader without words of its own: told for each of the portal's languages.
    #[serde(default, skip_serializing_if = "ByLanguage::is_empty")]
    pub brief: ByLanguage<Brief>,
}

/// A notice in a few lines, ready to be shown: what a page paints before it has anything else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Brief {
    /// The language of the words around the texts; a line in another one says so itself.
    pub lang: String,
    /// How that language is written: `ltr` or `rtl`.
    pub dir: String,
    /// How it looks: `danger`, `warning`, `info` or `success`.
    pub tone: String,
    /// What kind of notice it is.
    pub kicker: String,
    pub title: Line,
    /// Whether one line is all that it takes on somebody's page: what is over, or far ahead.
    #[serde(default, skip_serializing_if = "is_not")]
    pub short: bool,
    /// The newest thing said, else what is noticed; what to do, where nothing leads there; and at the end when, in one line.
    pub lines: Vec<Line>,
    /// The first thing to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<Call>,
    /// Numbers to call, each with the hours of the day, up to one that is always there; and last an address to write to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Call>,
    /// The words of the link to the whole notice.
    pub more: String,
    /// What is read out when the notice comes or changes.
    pub say: Line,
    /// What to say when nothing newer has come through for a while, with `{}` for since when.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stale: String,
}

/// Something that leads further at a touch: a number to call, an address, a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Call {
    /// Whom or what it reaches, and a number as people read it.
    pub s: String,
    /// The language of the name, where it is another one than that of the words around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// `tel:…`, `mailto:…`, where the catalogue or an author says that a click leads, or a path below the origin that serves this document.
    pub href: String,
    /// When someone is there: pairs of milliseconds since 1970-01-01T00:00:00Z, up to the next midnight or so. Left out: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Vec<(i64, i64)>>,
}

/// A line of text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Line {
    pub s: String,
    /// Its language, where it is another one than that of the words around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// A service of the portal that a notice touches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Affected {
    pub id: String,
    pub name: Text,
    /// What the notice makes of it.
    pub status: Status,
    /// How grave that is for those who use it, also where the status is `maintenance`. Earlier releases do not say.
    #[serde(default = "unsaid")]
    pub severity: Severity,
    /// The id of the service whose trouble this is, when it came through a dependency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// The name of that service.
    #[serde(default, skip_serializing_if = "ByLanguage::is_empty")]
    pub because_name: Text,
    /// The part of the notice's channels that serves this service.
    pub channels: Vec<String>,
    /// The part of the notice's procedures that serves this service.
    pub procedures: Vec<String>,
    /// For how many minutes people usually need it, from the beginning until they are done; left out: nobody has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual_minutes: Option<u32>,
    /// Whether whoever begins now will probably not be done before planned work makes it stop: the usual time and ten minutes more are longer
    /// than what is left. A portal may then keep people from beginning.
    #[serde(default, skip_serializing_if = "is_not")]
    pub too_late: bool,
}

/// A text that was added to a notice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Update {
    pub at: Instant,
    /// The stage that began with it.
    pub stage: Option<Stage>,
    pub text: RichText,
    /// What the notice said before and says no longer since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// From when it was to be before, where its window moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    /// Until when it was to be before, where that moved and was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Instant>,
}

/// A way to reach a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Channel {
    pub id: String,
    pub kind: ChannelKind,
    pub name: Text,
    /// The number, address or name as people read it.
    pub value: String,
    /// Where a click leads (`https:`, `mailto:`, `tel:`).
    pub href: Option<String>,
    /// For 115: the full number, for callers from abroad.
    pub abroad: Option<String>,
    pub note: RichText,
    /// The coming intervals in which someone is there, for at least seven days; where today has the last of them, the next one within
    /// two months too. `null`: it has no hours (a form, an address).
    pub open: Option<Vec<Interval>>,
    /// Whether someone is there day and night, for a month at least.
    pub always: bool,
}

/// A span of time, `from` included, `to` excluded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Interval {
    pub from: Instant,
    pub to: Instant,
}

/// Steps to get the job done without the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Procedure {
    pub id: String,
    pub name: Text,
    pub steps: Vec<Step>,
    /// What happens to deadlines.
    pub deadline: RichText,
}

/// One step of a procedure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    pub text: RichText,
    /// Address of a form. One that begins with `/` is of the server or the copy that the document came from, as a notice's `url` is.
    pub form: Option<String>,
    pub form_name: Text,
}
