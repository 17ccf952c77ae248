//! A notice as it is sent and answered. Instants are RFC 3339, in UTC.

use std::collections::{BTreeSet, HashMap};

use domain::{
    notice::{self, Author, Content, Decided, Origin, Update},
    text::Localized,
    words::{ChannelId, NoticeId, PortalId, ProcedureId, ServiceId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wire::{AtEnd, EndCertainty, Entries, Kind, Severity, Stage};

/// A notice that is to be written.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("additionalProperties" = false)))]
pub struct NewNotice {
    #[serde(flatten)]
    pub content: Content,
    /// Whether it is published at once; otherwise it is a draft.
    #[cfg_attr(feature = "schema", schemars(with = "Option<bool>"))]
    pub publish: bool,
}

/// A draft whose looks are asked for.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("additionalProperties" = false)))]
pub struct Preview {
    #[serde(flatten)]
    pub content: Content,
    /// The portal on which it is looked at; left out: the first that it concerns.
    pub portal: Option<String>,
    /// Means nothing here, so that what would be sent can be tried as it is.
    pub publish: Option<bool>,
    /// Means nothing here either.
    pub freeze_reason: Option<String>,
    /// Nor does this,
    pub ask_approval: Option<bool>,
    /// or this.
    pub break_glass: Option<String>,
}

/// A notice with its history. Other than in the journal, each of its fields is there, also those that are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ManagedNotice"))]
pub struct Notice {
    pub id: NoticeId,
    /// Counts the changes, from 1; the `ETag`.
    pub revision: u32,
    /// The stage that a person set last; `null`: a draft.
    pub stage: Option<Stage>,
    /// The stage that time has made of it; `null`: a draft.
    pub current_stage: Option<Stage>,
    pub kind: Kind,
    pub severity: Severity,
    pub services: Vec<ServiceId>,
    pub portals: Vec<PortalId>,
    pub title: Localized,
    pub impact: Localized,
    pub guidance: Localized,
    pub still_works: Localized,
    pub entries: Entries,
    pub entries_until: Option<Timestamp>,
    pub applications: Localized,
    pub deadline_note: Localized,
    pub deadline_source: Option<String>,
    pub video: Option<String>,
    pub channels: Option<Vec<ChannelId>>,
    pub procedures: Option<Vec<ProcedureId>>,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub end_certainty: Option<EndCertainty>,
    pub next_update_at: Option<Timestamp>,
    pub announce_from: Option<Timestamp>,
    pub at_end: AtEnd,
    /// How long it takes to undo the work, in minutes.
    pub rollback_minutes: Option<u16>,
    pub created_at: Timestamp,
    pub created_by: Option<Author>,
    /// When it was first published.
    pub published_at: Option<Timestamp>,
    pub published_by: Option<Author>,
    pub updated_at: Timestamp,
    /// Whoever changed it last.
    pub updated_by: Option<Author>,
    /// When a person ended it. One that ended by time has none.
    pub ended_at: Option<Timestamp>,
    /// What was last decided at its point of no return, which is so long before its end as rolling back takes.
    pub decided: Option<Decided>,
    /// The oldest first.
    pub updates: Vec<Update>,
    /// Where it was told before it was imported; all its updates come from there. `null`: it was written here.
    pub origin: Option<Origin>,
    /// The journal entry that changed it last.
    pub position: u64,
    /// The portals that it concerned when it was published or changed.
    pub shown_on: BTreeSet<PortalId>,
}

impl Notice {
    /// A notice as it is at an instant. `names` has the name behind each author's id, for as long as there is one.
    pub fn new(notice: &notice::Notice, now: Timestamp, names: &HashMap<String, String>) -> Self {
        let current_stage = notice.stage_at(now);
        let named = |author: Option<Author>| {
            author.map(|author| Author {
                name: names.get(&author.id).cloned(),
                ..author
            })
        };
        let notice = notice.clone();
        let content = notice.content;
        Self {
            id: notice.id,
            revision: notice.revision,
            stage: notice.stage,
            current_stage,
            kind: content.kind,
            severity: content.severity,
            services: content.services,
            portals: content.portals,
            title: content.title,
            impact: content.impact,
            guidance: content.guidance,
            still_works: content.still_works,
            entries: content.entries,
            entries_until: content.entries_until,
            applications: content.applications,
            deadline_note: content.deadline_note,
            deadline_source: content.deadline_source,
            video: content.video,
            channels: content.channels,
            procedures: content.procedures,
            starts_at: content.starts_at,
            ends_at: content.ends_at,
            end_certainty: content.end_certainty,
            next_update_at: content.next_update_at,
            announce_from: content.announce_from,
            at_end: content.at_end,
            rollback_minutes: content.rollback_minutes,
            created_at: notice.created_at,
            created_by: named(notice.created_by),
            published_at: notice.published_at,
            published_by: named(notice.published_by),
            updated_at: notice.updated_at,
            updated_by: named(notice.updated_by),
            ended_at: notice.ended_at,
            decided: notice.decided.map(|decided| Decided {
                by: Author {
                    name: names.get(&decided.by.id).cloned(),
                    ..decided.by
                },
                ..decided
            }),
            updates: notice
                .updates
                .into_iter()
                .map(|update| Update {
                    by: named(update.by),
                    ..update
                })
                .collect(),
            origin: notice.origin,
            position: notice.position,
            shown_on: notice.shown_on,
        }
    }
}

/// As the rules know it; what time has made of it they work out themselves.
impl From<Notice> for notice::Notice {
    fn from(notice: Notice) -> Self {
        Self {
            id: notice.id,
            revision: notice.revision,
            stage: notice.stage,
            content: Content {
                kind: notice.kind,
                severity: notice.severity,
                services: notice.services,
                portals: notice.portals,
                title: notice.title,
                impact: notice.impact,
                guidance: notice.guidance,
                still_works: notice.still_works,
                entries: notice.entries,
                entries_until: notice.entries_until,
                applications: notice.applications,
                deadline_note: notice.deadline_note,
                deadline_source: notice.deadline_source,
                video: notice.video,
                channels: notice.channels,
                procedures: notice.procedures,
                starts_at: notice.starts_at,
                ends_at: notice.ends_at,
                end_certainty: notice.end_certainty,
                next_update_at: notice.next_update_at,
                announce_from: notice.announce_from,
                at_end: notice.at_end,
                rollback_minutes: notice.rollback_minutes,
            },
            created_at: notice.created_at,
            created_by: notice.created_by,
            published_at: notice.published_at,
            published_by: notice.published_by,
            updated_at: notice.updated_at,
            updated_by: notice.updated_by,
            ended_at: notice.ended_at,
            decided: notice.decided,
            updates: notice.updates,
            promises: Vec::new(),
            rests: Vec::new(),
            origin: notice.origin,
            position: notice.position,
            shown_on: notice.shown_on,
        }
    }
}

/// Which notices, and from where on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticeQuery {
    /// Only drafts and what is not over.
    pub open: Option<bool>,
    /// Only those that stand here.
    pub stage: Option<Part>,
    /// Those that show on this portal, or that it showed.
    pub portal: Option<PortalId>,
    /// Those that name this service.
    pub service: Option<ServiceId>,
    /// Those with this in their id or in their title in any language, in whatever case.
    pub text: Option<String>,
    /// How many a page has: 1 to 500; left out: 100.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 500)))]
    pub limit: Option<usize>,
    /// The last notice of the page before. Ids only grow, so a notice that is new meanwhile moves nothing.
    pub after: Option<NoticeId>,
}

/// Where a notice stands, as seen by ops staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Draft,
    Announced,
    Current,
    Past,
}

/// A page of notices, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoticePage {
    pub notices: Vec<Notice>,
    /// The server's time.
    pub now: Timestamp,
    /// What to ask for next as `after`; `null`: this is the last page.
    pub next: Option<NoticeId>,
}
