//! A notice with its history, and what time makes of it.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use wire::{AtEnd, Kind, Stage};

use super::{content::Content, imported::Origin};
use crate::{
    catalogue::InForce,
    text::Localized,
    words::{NoticeId, PortalId},
};

/// Whoever did something to a notice. The public never learns of persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Author {
    /// The opaque id of an account or token, or [`crate::access::COMMAND_LINE`].
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ManagedUpdate"))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
        // From when it is shown, how it ends and how it could be undone is nothing that people read.
        let as_read = |content: &Content| Content {
            announce_from: None,
            at_end: AtEnd::Confirm,
            rollback_minutes: None,
            ..content.clone()
        };
        (as_read(before) != as_read(new)).then_some(Self::Edited)
    }
}

/// That people would hear more by an instant, as they were told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    pub until: Timestamp,
    /// When they did; `None`: they have not yet.
    pub kept_at: Option<Timestamp>,
}

impl Promise {
    /// Whether they did in time, as seen from `now`; `None`: there is still time. A promise is made by the minute.
    pub fn is_kept(&self, now: Timestamp) -> Option<bool> {
        let late = minute_after(self.until);
        match self.kept_at {
            Some(kept) => Some(kept < late),
            None => (late <= now).then_some(false),
        }
    }
}

/// The first instant that is later than a time that was told by the minute.
pub(crate) fn minute_after(told: Timestamp) -> Timestamp {
    told.saturating_add(SignedDuration::from_mins(1)).unwrap_or(Timestamp::MAX)
}

/// What is decided about work at its point of no return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The work goes on; rolling back would outlast the window from here on.
    GoOn,
    /// The work is given up, and what was there before is put back.
    RollBack,
}

/// A decision that somebody has taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decided {
    pub decision: Decision,
    pub at: Timestamp,
    pub by: Author,
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
    /// The last decision at its point of no return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
    /// Oldest first.
    pub updates: Vec<Update>,
    /// When people were to hear more, oldest first; the last one may be open still.
    #[serde(skip)]
    pub promises: Vec<Promise>,
    /// From when to when it was over, before it was taken up again; oldest first.
    #[serde(skip)]
    pub rests: Vec<(Timestamp, Timestamp)>,
    /// Where it was told before it came into this record; its updates are all that was told there. `None`: it was written here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The journal entry that changed it last.
    pub position: u64,
    /// The portals that it concerned when it was published or changed; its permanent pages outlive changes of the catalogue.
    pub shown_on: BTreeSet<PortalId>,
}

impl Notice {
    /// The portals whose staff it is about: on which it would show now, or was shown.
    pub fn portals(&self, catalogue: &InForce) -> BTreeSet<PortalId> {
        let mut portals = catalogue.portals_of(&self.content);
        portals.extend(self.shown_on.iter().cloned());
        portals
    }

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

    /// Until when it was to last, as people were told first; `None`: they never were. What is put off before it begins is told anew.
    pub fn first_told_end(&self) -> Option<Timestamp> {
        let mut first = None;
        for update in &self.updates {
            match update.change {
                Some(Alteration::Moved { from, .. }) if update.at < from => first = None,
                Some(Alteration::Moved { to, .. } | Alteration::EndMoved { to }) => first = first.or(to),
                _ => {}
            }
        }
        first.or(self.content.ends_at)
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

/// When a notice disappears from a portal, as seen from `now`; `None`: it goes on.
pub(crate) fn gone_at(notice: &Notice, now: Timestamp, linger: SignedDuration) -> Option<Timestamp> {
    let last = |stage: Stage| notice.updates.iter().rev().find(|update| update.stage == Some(stage));
    let over = match notice.stage? {
        // What a person ended lingers from the moment people could learn of it.
        stage if stage.is_final() => last(stage).map_or(notice.ended_at?, |update| update.at),
        _ => notice.ended_at(now)?,
    };
    // A withdrawn information is simply no longer there, unless there is something to say about it.
    let silent = notice.stage != Some(Stage::Withdrawn) || last(Stage::Withdrawn).is_none_or(|update| update.text.is_empty());
    let linger = if notice.content.kind == Kind::Information && silent {
        SignedDuration::ZERO
    } else {
        linger
    };
    Some(over.saturating_add(linger).unwrap_or(Timestamp::MAX))
}

/// Whether a portal that goes on showing what is over for so long may still show it.
pub(crate) fn may_show(notice: &Notice, now: Timestamp, linger: SignedDuration) -> bool {
    notice.published_at.is_some() && gone_at(notice, now, linger).is_none_or(|gone| now < gone)
}
