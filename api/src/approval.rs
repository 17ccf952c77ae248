//! What takes a second person. Instants are RFC 3339, in UTC.

use std::collections::{BTreeSet, HashMap};

use domain::{
    access::Grants,
    approval::{self, Asked, Standing},
    notice::{self, Author, Change, Content, Intent, Transition},
    schedule::{self, Exception, Plan},
    state::State,
    text::Localized,
    words::{ApprovalId, NoticeId, PortalId, SeriesId, Subject},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Something that takes a second person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Approval {
    pub id: ApprovalId,
    pub standing: Standing,
    /// The portals on which it shows; the second person publishes on each of them.
    pub portals: BTreeSet<PortalId>,
    /// What waits; `null`: it did not wait.
    pub request: Option<Request>,
    /// Why it may lie in frozen time.
    pub freeze_reason: Option<String>,
    pub asked_at: Timestamp,
    pub asked_by: Author,
    /// Why it could not wait for a second person.
    pub break_glass: Option<String>,
    /// `null` as long as somebody has to answer.
    pub settled: Option<Settled>,
    /// The ids of the notices that came of it, or changed with it; those that the caller may read.
    pub notices: BTreeSet<NoticeId>,
    /// The ids of the series.
    pub series: BTreeSet<SeriesId>,
}

/// Who settled it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Settled {
    pub at: Timestamp,
    pub by: Author,
    /// Why not, or what was found.
    pub text: Option<String>,
    /// Whoever heard a yes over the phone, proven by a code of the second person's device; `null`: it was given by themselves.
    pub heard_by: Option<Author>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    CreateNotice,
    EditNotice,
    UpdateNotice,
    /// What `transition` says.
    MoveNotice,
    CreateSeries,
    EditSeries,
    SplitSeries,
    DecideOccurrence,
    AnnounceOccurrence,
    EndSeries,
}

/// What somebody asked for; what does not belong to the deed is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Request {
    pub deed: Deed,
    pub transition: Option<Transition>,
    pub notice: Option<NoticeId>,
    pub series: Option<SeriesId>,
    /// The occurrence that is meant, or the day from which on a series goes on in another way.
    pub day: Option<Date>,
    /// What the notice would say, or says.
    pub content: Option<Box<Content>>,
    /// What comes with it.
    pub change: Option<Change>,
    pub plan: Option<Box<Plan>>,
    pub exception: Option<Exception>,
    /// For those who have read what was announced.
    pub text: Option<Localized>,
}

impl Request {
    fn new(deed: Deed) -> Self {
        Self {
            deed,
            transition: None,
            notice: None,
            series: None,
            day: None,
            content: None,
            change: None,
            plan: None,
            exception: None,
            text: None,
        }
    }

    /// What is asked; of what concerns other portals than the reader's no more than the deed. What is there now counts only while it waits:
    /// afterwards it may say something else.
    fn of(asked: &Asked, is_waiting: bool, state: &State, grants: &Grants) -> Self {
        let mut request = match asked.clone() {
            Asked::Notice(command) => Self::of_notice(command, is_waiting, state),
            Asked::Schedule(command) => Self::of_series(command, is_waiting, state),
        };
        if !state.may_read_asked(grants, asked) {
            request = Self::new(request.deed);
        }
        request
    }

    fn of_notice(command: notice::Command, is_waiting: bool, state: &State) -> Self {
        let there = |id: &NoticeId| state.notice(id).filter(|_| is_waiting);
        let says = |id: &NoticeId| there(id).map(|notice| Box::new(notice.content.clone()));
        match command {
            notice::Command::Create { content, intent } => Self {
                content: Some(content),
                transition: (intent == Intent::Publish).then_some(Transition::Publish),
                ..Self::new(Deed::CreateNotice)
            },
            notice::Command::Edit { id, content, .. } => Self {
                notice: Some(id),
                content: Some(content),
                ..Self::new(Deed::EditNotice)
            },
            notice::Command::Update { id, change } => Self {
                content: says(&id),
                notice: Some(id),
                change: Some(change),
                ..Self::new(Deed::UpdateNotice)
            },
            notice::Command::Transit { id, transition, change } => Self {
                content: says(&id),
                notice: Some(id),
                transition: Some(transition),
                change: Some(change),
                ..Self::new(Deed::MoveNotice)
            },
        }
    }

    fn of_series(command: schedule::Command, is_waiting: bool, state: &State) -> Self {
        let there = |id: &SeriesId| state.one_series(id).filter(|_| is_waiting);
        let says = |id: &SeriesId| there(id).map(|series| series.plan.notice.clone());
        match command {
            schedule::Command::Create { plan } => Self {
                content: Some(plan.notice.clone()),
                plan: Some(plan),
                ..Self::new(Deed::CreateSeries)
            },
            schedule::Command::Edit { id, plan, text, .. } => Self {
                series: Some(id),
                content: Some(plan.notice.clone()),
                plan: Some(plan),
                text: Some(text),
                ..Self::new(Deed::EditSeries)
            },
            schedule::Command::Split { id, from, plan, text, .. } => Self {
                series: Some(id),
                day: Some(from),
                content: Some(plan.notice.clone()),
                plan: Some(plan),
                text: Some(text),
                ..Self::new(Deed::SplitSeries)
            },
            schedule::Command::Decide {
                id,
                original,
                exception,
                text,
            } => Self {
                content: says(&id),
                series: Some(id),
                day: Some(original),
                exception,
                text: Some(text),
                ..Self::new(Deed::DecideOccurrence)
            },
            schedule::Command::Announce { id, original } => Self {
                content: says(&id),
                series: Some(id),
                day: Some(original),
                ..Self::new(Deed::AnnounceOccurrence)
            },
            schedule::Command::End { id, text } => Self {
                content: says(&id),
                series: Some(id),
                text: Some(text),
                ..Self::new(Deed::EndSeries)
            },
        }
    }
}

impl Approval {
    /// It as it is told to somebody, with the name behind each author's id, for as long as there is one.
    pub fn new(approval: &approval::Approval, names: &HashMap<String, String>, state: &State, grants: &Grants) -> Self {
        let is_waiting = approval.standing == Standing::Waiting;
        let reads = |id: &NoticeId| state.notice(id).is_some_and(|notice| state.may_read(grants, notice));
        let reads_series = |id: &SeriesId| state.one_series(id).is_some_and(|series| state.may_read_series(grants, series));
        let named = |author: &Author| Author {
            name: names.get(&author.id).cloned(),
            ..author.clone()
        };
        Self {
            id: approval.id.clone(),
            standing: approval.standing,
            portals: approval.portals.clone(),
            request: approval.asked.as_ref().map(|asked| Request::of(asked, is_waiting, state, grants)),
            freeze_reason: approval.freeze_reason.clone(),
            asked_at: approval.asked_at,
            asked_by: named(&approval.asked_by),
            break_glass: approval.emergency.clone(),
            settled: approval.settled.as_ref().map(|settled| Settled {
                at: settled.at,
                by: named(&settled.by),
                text: settled.text.clone(),
                heard_by: settled.heard_by.as_ref().map(named),
            }),
            notices: approval
                .done
                .iter()
                .filter_map(Subject::notice)
                .filter(|id| reads(id))
                .cloned()
                .collect(),
            series: approval
                .done
                .iter()
                .filter_map(Subject::series)
                .filter(|id| reads_series(id))
                .cloned()
                .collect(),
        }
    }
}

/// All that somebody may read of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Approvals {
    /// The newest first: all that needs an answer, and the latest hundred of what has one.
    pub approvals: Vec<Approval>,
    /// The server's time.
    pub now: Timestamp,
}

/// How many are told that need no answer any more.
const SETTLED: usize = 100;

impl Approvals {
    /// Those that somebody with these grants may read.
    pub fn new(state: &State, now: Timestamp, names: &HashMap<String, String>, grants: &Grants) -> Self {
        let readable = state.approvals().rev().filter(|one| state.may_read_approval(grants, one));
        let mut left = SETTLED;
        let told = readable.filter(|one| {
            let needs_answer = matches!(one.standing, Standing::Waiting | Standing::Bypassed);
            let is_told = needs_answer || left > 0;
            left -= usize::from(!needs_answer && left > 0);
            is_told
        });
        Self {
            approvals: told.map(|one| Approval::new(one, names, state, grants)).collect(),
            now,
        }
    }
}

/// Why something cannot wait for a second person any longer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// One line.
    pub break_glass: String,
}

/// A yes: the caller's own, or one that they have heard over the phone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ApprovalYes"))]
#[serde(deny_unknown_fields)]
pub struct Yes {
    /// Left out: the caller is the second person.
    #[serde(default)]
    pub spoken: Option<Spoken>,
}

/// What somebody without a page at hand has said over the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SpokenYes"))]
#[serde(deny_unknown_fields)]
pub struct Spoken {
    /// The name of the second person, as they sign in.
    pub name: String,
    /// The first four digits of the code that their device shows. All six sign in, and are for nobody else's ears.
    pub code: String,
}

/// What comes with an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ApprovalAnswer"))]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Why not, which is needed; or what was found. One line.
    #[serde(default)]
    pub text: Option<String>,
}
