//! A notice: what its author wrote, where it stands, and how its stages follow each other.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    id::{ChannelId, NoticeId, PortalId, ProcedureId, ServiceId},
    text::{Localized, read_optional_link},
};
use wire::{AtEnd, EndCertainty, Entries, Kind, Severity, Stage};

/// All that an author writes. On the wire it is the body of `POST /api/v1/notices`; fields that are left out, or `null`, are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub kind: Kind,
    pub severity: Severity,
    /// The services that are in trouble; their dependents follow by themselves.
    #[serde(default, deserialize_with = "or_default")]
    pub services: Vec<ServiceId>,
    /// Portals that it concerns as a whole, for notices that concern no single service.
    #[serde(default, deserialize_with = "or_default")]
    pub portals: Vec<PortalId>,
    pub title: Localized,
    /// What people notice. With the notations of `domain::markdown`, like all longer texts.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Localized::is_empty")]
    pub impact: Localized,
    /// What to do instead.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Localized::is_empty")]
    pub guidance: Localized,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Localized::is_empty")]
    pub still_works: Localized,
    #[serde(default = "entries_unknown")]
    pub entries: Entries,
    /// Until when entries that people had begun are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries_until: Option<Timestamp>,
    /// What happened to applications that were already sent.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Localized::is_empty")]
    pub applications: Localized,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Localized::is_empty")]
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

/// Whoever did something to a notice. The public never learns of persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The opaque id of an account or token, or [`crate::command::COMMAND_LINE`].
    pub id: String,
    /// The name behind it: none in the state, which knows no names, and none of what was removed.
    #[serde(default)]
    pub name: Option<String>,
}

impl Author {
    /// The author with this id.
    pub fn of(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: None,
        }
    }
}

/// A text added to a notice, and what changed with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// When it was added.
    pub at: Timestamp,
    /// The stage that began with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub text: Localized,
    /// Whoever added it; `None`: it came by time.
    #[serde(default)]
    pub by: Option<Author>,
    /// What else changed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Alteration>,
}

/// What a published notice said before and says no longer. It leaves a trace in the history, so that nobody who has read it once is misled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Alteration {
    /// Its window moved; this was it before.
    Moved { from: Timestamp, to: Option<Timestamp> },
    /// Its end moved; this was it before. `None`: it was not known.
    EndMoved { to: Option<Timestamp> },
    /// Something else that people read.
    Edited,
}

impl Alteration {
    /// What becomes other for those who have read a notice with the old content; `None`: nothing.
    pub fn between(old: &Notice, new: &Content) -> Option<Self> {
        let before = &old.content;
        if before.kind != Kind::Outage && before.starts_at != new.starts_at {
            return Some(Self::Moved {
                from: old.starts_at(),
                to: before.ends_at,
            });
        }
        if before.ends_at != new.ends_at {
            return Some(Self::EndMoved { to: before.ends_at });
        }
        // From when it is shown and how it ends is nothing that people read.
        let as_read = |content: &Content| Content {
            announce_from: None,
            at_end: AtEnd::Confirm,
            ..content.clone()
        };
        (as_read(before) != as_read(new)).then_some(Self::Edited)
    }
}

/// A notice with its history. On the wire it is the answer of the management API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: NoticeId,
    /// Counts the changes, from 1; the API's `ETag`.
    pub revision: u32,
    /// The stage that a person set last; `None`: a draft. What time makes of it: [`Notice::stage_at`].
    pub stage: Option<Stage>,
    #[serde(flatten)]
    pub content: Content,
    pub created_at: Timestamp,
    #[serde(default)]
    pub created_by: Option<Author>,
    /// When it was first published.
    pub published_at: Option<Timestamp>,
    #[serde(default)]
    pub published_by: Option<Author>,
    pub updated_at: Timestamp,
    /// Whoever changed it last.
    #[serde(default)]
    pub updated_by: Option<Author>,
    /// When a person ended it. One that ended by time has none.
    pub ended_at: Option<Timestamp>,
    /// Oldest first.
    pub updates: Vec<Update>,
    /// The journal entry that changed it last.
    pub position: u64,
    /// The portals that it concerned when it was published or changed; its permanent pages outlive changes of the catalogue.
    pub shown_on: BTreeSet<PortalId>,
}

/// A change of stage that a person asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transition {
    Publish,
    /// Begin a maintenance ahead of its window.
    Start,
    /// Give a new end.
    Extend,
    /// End an outage.
    Resolve,
    /// End a maintenance.
    Complete,
    /// Call off what has not begun, withdraw an information, discard a draft.
    Cancel,
    /// Take back what was published by mistake.
    Withdraw,
    /// Take up again what was ended, called off or withdrawn too early.
    Reopen,
}

impl Transition {
    /// Every transition.
    pub const ALL: [Self; 8] = [
        Self::Publish,
        Self::Start,
        Self::Extend,
        Self::Resolve,
        Self::Complete,
        Self::Cancel,
        Self::Withdraw,
        Self::Reopen,
    ];

    /// The word in the API's path.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Start => "start",
            Self::Extend => "extend",
            Self::Resolve => "resolve",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
            Self::Withdraw => "withdraw",
            Self::Reopen => "reopen",
        }
    }

    /// The stage that it leads to from here (`None`: a draft); `Err` where it is not allowed.
    ///
    /// # Errors
    /// [`NotAllowed`], when such a notice cannot make this transition.
    pub fn leads_to(self, kind: Kind, stage: Option<Stage>) -> Result<Stage, NotAllowed> {
        use Stage::{Cancelled, Completed, InProgress, Overrunning, Published, Resolved, Scheduled, Withdrawn};
        let next = match (self, kind, stage) {
            (Self::Publish, _, None) => opening(kind),
            (Self::Start, Kind::Maintenance, Some(Scheduled)) => InProgress,
            (Self::Extend, Kind::Maintenance, Some(Overrunning)) => InProgress,
            (Self::Extend, _, Some(now)) if !now.is_final() => now,
            (Self::Resolve, Kind::Outage, Some(now)) if !now.is_final() => Resolved,
            (Self::Complete, Kind::Maintenance, Some(InProgress | Overrunning)) => Completed,
            (Self::Cancel, _, None) | (Self::Cancel, Kind::Maintenance, Some(Scheduled)) => Cancelled,
            (Self::Cancel, Kind::Information, Some(Published)) => Withdrawn,
            // Also what has ended: otherwise the record would go on saying that it was true.
            (Self::Withdraw, _, Some(now)) if now != Withdrawn => Withdrawn,
            (Self::Reopen, Kind::Maintenance, Some(Completed)) => InProgress,
            (Self::Reopen, _, Some(now)) if now.is_final() => opening(kind),
            _ => {
                return Err(NotAllowed {
                    transition: self.word(),
                    kind,
                    stage,
                });
            }
        };
        Ok(next)
    }
}

/// The notice is not in a stage from which this is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a notice of kind `{kind}` that is `{stage}` cannot {transition}", kind = .kind.word(), stage = .stage.map_or("a draft", Stage::word))]
pub struct NotAllowed {
    pub transition: &'static str,
    pub kind: Kind,
    pub stage: Option<Stage>,
}

/// The stage in which a notice of this kind is published.
pub const fn opening(kind: Kind) -> Stage {
    match kind {
        Kind::Outage => Stage::Investigating,
        Kind::Maintenance => Stage::Scheduled,
        Kind::Information => Stage::Published,
    }
}

/// The stages that an update may set from this one. Overrunning is set by time alone.
pub const fn successors(stage: Stage) -> &'static [Stage] {
    match stage {
        Stage::Investigating => &[Stage::Identified, Stage::Monitoring, Stage::Resolved],
        Stage::Identified => &[Stage::Investigating, Stage::Monitoring, Stage::Resolved],
        Stage::Monitoring => &[Stage::Investigating, Stage::Identified, Stage::Resolved],
        Stage::Scheduled => &[Stage::InProgress, Stage::Cancelled],
        Stage::InProgress | Stage::Overrunning => &[Stage::Completed],
        Stage::Published => &[Stage::Withdrawn],
        Stage::Resolved | Stage::Completed | Stage::Cancelled | Stage::Withdrawn => &[],
    }
}

impl Notice {
    /// The stage at an instant: windows open and close because time has passed, not because a job ran. `None`: a draft.
    pub fn stage_at(&self, now: Timestamp) -> Option<Stage> {
        let stage = self.stage?;
        if stage.is_final() {
            return Some(stage);
        }
        let past = |instant: Option<Timestamp>| instant.is_some_and(|instant| instant <= now);
        let ended = past(self.content.ends_at);
        Some(match (self.content.kind, self.content.at_end) {
            (Kind::Outage, AtEnd::Complete) if ended => Stage::Resolved,
            (Kind::Information, AtEnd::Complete) if ended => Stage::Withdrawn,
            (Kind::Maintenance, AtEnd::Complete) if ended => Stage::Completed,
            (Kind::Maintenance, AtEnd::Confirm) if ended => Stage::Overrunning,
            (Kind::Maintenance, _) if past(self.content.starts_at) => Stage::InProgress,
            _ => stage,
        })
    }

    /// When it ended, as seen from `now`; `None` while it goes on.
    pub fn ended_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.stage_at(now)?
            .is_final()
            .then(|| self.ended_at.or(self.content.ends_at))
            .flatten()
    }

    /// Since when: as written, else since it was published.
    pub fn starts_at(&self) -> Timestamp {
        self.content.starts_at.or(self.published_at).unwrap_or(self.created_at)
    }

    /// From when people see it; `None`: a draft.
    pub fn visible_from(&self) -> Option<Timestamp> {
        let published = self.published_at?;
        let announced = match self.content.kind {
            Kind::Outage => published,
            Kind::Maintenance | Kind::Information => self.content.announce_from.map_or(published, |from| from.min(self.starts_at())),
        };
        Some(announced.max(published))
    }

    /// The instants at which time alone changes what it says.
    pub fn turning_points(&self) -> impl Iterator<Item = Timestamp> {
        let open = self.stage.is_some_and(|stage| !stage.is_final());
        let begins = self.content.starts_at.filter(|_| open && self.content.kind != Kind::Outage);
        // An end that passes is an end, or a promise that is overdue from then on; so is the next update.
        let promises = [self.content.ends_at, self.content.next_update_at].map(|promise| promise.filter(|_| open));
        [self.visible_from(), begins].into_iter().chain(promises).flatten()
    }
}
