//! All rules of who may do what with a notice, and when.

use std::collections::BTreeSet;

use jiff::Timestamp;
use wire::{AtEnd, EndCertainty, Kind, Stage};

use super::{
    check::{Purpose, check_content, check_instant},
    command::{Change, Command, Intent},
    content::Content,
    event::{End, Event, Step},
    model::Notice,
    notices::Notices,
    stage::{NotAllowed, Transition, opening, successors},
    turning::check_decision,
};
use crate::{
    access::{Context, Role, Where},
    catalogue::InForce,
    rejection::{Rejection, need},
    text::rules::check_prose,
    words::{Code, Faults, NoticeId, PortalId},
};

/// Turns a command into what happens. No events means that nothing would change.
///
/// # Errors
/// A [`Rejection`] that names what would be right.
pub(crate) fn decide(notices: &Notices, catalogue: &InForce, command: Command, context: &Context) -> Result<Vec<Event>, Rejection> {
    let room = Room { notices, catalogue };
    match command {
        Command::Create { content, intent } => create(room, *content, intent, context).map(|event| vec![event]),
        Command::Edit { id, expected, content } => edit(room, id, expected, *content, context),
        Command::Update { id, change } => update(room, id, change, context).map(|event| vec![event]),
        Command::Transit { id, transition, change } => transit(room, id, transition, change, context).map(|event| vec![event]),
    }
}

/// What a decision about a notice follows from.
#[derive(Clone, Copy)]
struct Room<'a> {
    notices: &'a Notices,
    catalogue: &'a InForce,
}

impl<'a> Room<'a> {
    /// A notice; for whoever may not even read it, there is none.
    fn find(self, id: &NoticeId, context: &Context) -> Result<&'a Notice, Rejection> {
        let may_read = |notice: &&Notice| {
            let portals = notice.portals(self.catalogue);
            context.actor.grants.may(Role::Viewer, Where::OnOne(&portals))
        };
        let found = self.notices.get(id).filter(may_read);
        found.ok_or_else(|| Rejection::UnknownNotice(id.clone()))
    }

    /// Asks whether the caller has this role on every portal that shows the notice, or still tells what it was.
    fn need_for(self, role: Role, notice: &Notice, context: &Context) -> Result<(), Rejection> {
        let mut portals = notice.portals(self.catalogue);
        portals.retain(|portal| self.catalogue.portal(portal).is_some());
        need(role, Where::OnEach(&portals), context)
    }

    /// Asks whether the caller has this role on every portal that shows the content.
    fn need(self, role: Role, content: &Content, context: &Context) -> Result<(), Rejection> {
        let portals: BTreeSet<PortalId> = self.catalogue.portals_of(content);
        need(role, Where::OnEach(&portals), context)
    }
}

fn create(room: Room<'_>, content: Content, intent: Intent, context: &Context) -> Result<Event, Rejection> {
    let (role, stage) = match intent {
        Intent::Draft => (Role::Editor, None),
        Intent::Publish => (Role::Publisher, Some(opening(content.kind))),
    };
    // Where it would show is known once it names what there is.
    need(role, Where::Somewhere, context)?;
    let mut faults = Faults::default();
    check_content(&content, room.catalogue.catalogue(), begun(None, context), "", &mut faults);
    faults.into_result()?;
    room.need(role, &content, context)?;
    Ok(Event::Created {
        id: room.notices.next_id(context.now),
        content: Box::new(content),
        stage,
    })
}

/// A notice that is judged now, and begins where its author says nothing else when it was published; `None`: with this command.
fn begun(published_at: Option<Timestamp>, context: &Context) -> Purpose {
    Purpose::Notice {
        now: context.now,
        since: published_at.unwrap_or(context.now),
    }
}

/// The role that changing this notice needs.
const fn role_to_change(notice: &Notice) -> Role {
    if notice.stage.is_none() { Role::Editor } else { Role::Publisher }
}

fn edit(room: Room<'_>, id: NoticeId, expected: u32, content: Content, context: &Context) -> Result<Vec<Event>, Rejection> {
    let notice = room.find(&id, context)?;
    let role = role_to_change(notice);
    room.need_for(role, notice, context)?;
    if notice.revision != expected {
        return Err(Rejection::Stale {
            expected,
            actual: notice.revision,
        });
    }
    let mut faults = Faults::default();
    check_content(
        &content,
        room.catalogue.catalogue(),
        begun(notice.published_at, context),
        "",
        &mut faults,
    );
    check_what_stays(notice, &content, context, &mut faults);
    faults.into_result()?;
    room.need(role, &content, context)?;
    if content == notice.content {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Edited {
        id,
        content: Box::new(content),
    }])
}

/// After publication the kind stays; after the end, so does everything that decides when it was over.
fn check_what_stays(notice: &Notice, content: &Content, context: &Context, faults: &mut Faults) {
    let Some(stage) = notice.stage_at(context.now) else { return };
    let old = &notice.content;
    if content.kind != old.kind {
        faults.add(
            "/kind",
            Code::FixedByPublication,
            "cannot change after publication; end this notice and publish another",
        );
    }
    if !stage.is_final() {
        return;
    }
    for (name, same) in [
        ("starts_at", content.starts_at == old.starts_at),
        ("ends_at", content.ends_at == old.ends_at),
        ("at_end", content.at_end == old.at_end),
        ("announce_from", content.announce_from == old.announce_from),
    ] {
        if !same {
            faults.add(
                format!("/{name}"),
                Code::FixedByEnd,
                format!("cannot change any more; the notice is {}", stage.word()),
            );
        }
    }
}

fn update(room: Room<'_>, id: NoticeId, change: Change, context: &Context) -> Result<Event, Rejection> {
    let notice = room.find(&id, context)?;
    room.need_for(Role::Publisher, notice, context)?;
    let now_stage = notice.stage_at(context.now);
    let kind = notice.content.kind;
    let Some(from) = now_stage else {
        return Err(NotAllowed {
            transition: "be updated",
            kind,
            stage: None,
        }
        .into());
    };
    if let Some(to) = change.stage.filter(|to| *to != from)
        && !successors(from).contains(&to)
    {
        let allowed: Vec<&str> = successors(from).iter().map(|stage| stage.word()).collect();
        let allowed = if allowed.is_empty() {
            "no other stage".to_owned()
        } else {
            allowed.join(", ")
        };
        return Err(Faults::one(
            "/stage",
            Code::StageNotReachable,
            format!("cannot become `{}` from `{}`; possible is {allowed}", to.word(), from.word()),
        )
        .into());
    }
    let mut faults = Faults::default();
    if change.text.is_empty()
        && change.stage.is_none()
        && change.next_update_at.is_none()
        && change.ends_at.is_none()
        && change.end_certainty.is_none()
        && change.decision.is_none()
    {
        faults.add("/text", Code::SaysNothing, "is missing; an update says something");
    }
    check_decision(notice, &change, context.now, &mut faults);
    if from.is_final() && (change.ends_at.is_some() || change.end_certainty.is_some() || change.next_update_at.is_some()) {
        faults.add(
            "/ends_at",
            Code::FixedByEnd,
            format!("and `next_update_at` cannot change any more; the notice is {}", from.word()),
        );
    }
    let turn = Turn {
        from: now_stage,
        to: change.stage.unwrap_or(from),
        ends: change.stage.is_some_and(Stage::is_final),
    };
    let stage = change.stage.filter(|to| *to != from);
    let step = check_change(notice, change, turn, context, faults)?;
    Ok(Event::Advanced {
        id,
        step: Step { stage, ..step },
    })
}

fn transit(room: Room<'_>, id: NoticeId, transition: Transition, change: Change, context: &Context) -> Result<Event, Rejection> {
    let notice = room.find(&id, context)?;
    let role = if transition == Transition::Cancel {
        role_to_change(notice)
    } else {
        Role::Publisher
    };
    room.need_for(role, notice, context)?;
    let from = notice.stage_at(context.now);
    let to = transition.leads_to(notice.content.kind, from)?;
    if matches!(transition, Transition::Withdraw | Transition::Reopen) && notice.published_at.is_none() {
        // A draft that was discarded was never open.
        return Err(NotAllowed {
            transition: transition.word(),
            kind: notice.content.kind,
            stage: None,
        }
        .into());
    }
    let mut faults = Faults::default();
    if change.stage.is_some() {
        faults.add(
            "/stage",
            Code::StageNotHere,
            "goes with an update; this call sets the stage by itself",
        );
    }
    if change.decision.is_some() {
        faults.add("/decision", Code::NothingToDecide, "goes with an update");
    }
    match transition {
        Transition::Publish => check_content(&notice.content, room.catalogue.catalogue(), begun(None, context), "", &mut faults),
        Transition::Extend if change.ends_at.is_none() && change.end_certainty != Some(EndCertainty::Unknown) => {
            faults.add(
                "/ends_at",
                Code::EndMissing,
                "is missing; give the new end, or `\"end_certainty\": \"unknown\"`",
            );
        }
        Transition::Extend if change.ends_at.is_none() && notice.content.kind == Kind::Maintenance => {
            faults.add("/ends_at", Code::WindowMissing, "is missing; a maintenance always has a window");
        }
        Transition::Reopen => check_reopened(room, notice, &change, context, &mut faults),
        _ => {}
    }
    let stage = (Some(to) != notice.stage || transition == Transition::Reopen).then_some(to);
    let ended_by_time = transition == Transition::Reopen && is_past(notice.content.ends_at, context) && change.ends_at.is_none();
    // What is withdrawn did not end: there is no time at which it was over in fact.
    let ends = to.is_final() && transition != Transition::Withdraw;
    let mut step = check_change(notice, change, Turn { from, to, ends }, context, faults)?;
    if ended_by_time {
        step.end = Some(End {
            at: None,
            certainty: EndCertainty::Unknown,
        });
    }
    Ok(Event::Advanced {
        id,
        step: Step { stage, ..step },
    })
}

fn is_past(instant: Option<Timestamp>, context: &Context) -> bool {
    instant.is_some_and(|instant| instant <= context.now)
}

/// What is taken up again has to be sound in the catalogue of today, and may not be over again at once.
fn check_reopened(room: Room<'_>, notice: &Notice, change: &Change, context: &Context, faults: &mut Faults) {
    let mut content = notice.content.clone();
    // An end that was brought forward may leave no room for it; then nobody is asked.
    content.rollback_minutes = None;
    if content.kind == Kind::Maintenance {
        if is_past(content.ends_at, context) && change.ends_at.is_none() {
            faults.add(
                "/ends_at",
                Code::WindowMissing,
                "is missing; the window is past, and a maintenance always has one",
            );
        }
    } else if is_past(content.ends_at, context) {
        content.ends_at = None;
        content.end_certainty = None;
        content.at_end = AtEnd::Confirm;
    }
    check_content(
        &content,
        room.catalogue.catalogue(),
        begun(notice.published_at, context),
        "",
        faults,
    );
}

/// From which stage to which a change leads.
#[derive(Clone, Copy)]
struct Turn {
    from: Option<Stage>,
    to: Stage,
    /// Whether the notice is over with it, so that it may say since when.
    ends: bool,
}

/// A window that is begun early keeps its length: its end is announced anew, or it would last until the day that was planned.
fn shifted_end(notice: &Notice, change: &Change, turn: Turn, context: &Context) -> Option<Timestamp> {
    let begins_early = turn.from == Some(Stage::Scheduled) && turn.to == Stage::InProgress;
    let (starts_at, ends_at) = (notice.content.starts_at?, notice.content.ends_at?);
    if !begins_early || change.ends_at.is_some() || starts_at <= context.now {
        return None;
    }
    context.now.checked_add(ends_at.duration_since(starts_at)).ok()
}

/// Checks what comes with an update or a transition and turns it into a step, still without its stage.
fn check_change(notice: &Notice, mut change: Change, turn: Turn, context: &Context, mut faults: Faults) -> Result<Step, Rejection> {
    let begins = if turn.to == Stage::InProgress {
        notice.starts_at().min(context.now)
    } else {
        notice.starts_at()
    };
    if let Some(shifted) = shifted_end(notice, &change, turn, context) {
        change.ends_at = Some(shifted);
        change.end_certainty = change.end_certainty.or(Some(notice.content.certainty()));
    }
    check_prose(&change.text, "/text", &mut faults);
    for (name, instant) in [
        ("ends_at", change.ends_at),
        ("next_update_at", change.next_update_at),
        ("ended_at", change.ended_at),
    ] {
        check_instant(instant, &format!("/{name}"), &mut faults);
    }
    if let Some(ends_at) = change.ends_at {
        if ends_at <= context.now {
            faults.add("/ends_at", Code::Past, "is past already; give an end that lies ahead");
        }
        if ends_at <= begins {
            faults.add("/ends_at", Code::NotAfterStart, "is not after `starts_at`");
        }
        if change.end_certainty == Some(EndCertainty::Unknown) {
            faults.add(
                "/end_certainty",
                Code::EndIsGiven,
                "is `unknown`, but `ends_at` gives an end; leave one of them out",
            );
        }
    } else if matches!(change.end_certainty, Some(EndCertainty::Exact | EndCertainty::Estimated)) && notice.content.ends_at.is_none() {
        faults.add("/end_certainty", Code::NeedsEnd, "needs `ends_at`; without an end it is `unknown`");
    }
    if let Some(ended_at) = change.ended_at {
        if !turn.ends {
            faults.add("/ended_at", Code::OnlyWithEnd, "goes only with what ends the notice");
        } else if ended_at > context.now {
            faults.add("/ended_at", Code::Future, "lies in the future");
        } else if ended_at < notice.starts_at() {
            faults.add("/ended_at", Code::BeforeStart, "is before `starts_at`");
        }
    }
    faults.into_result()?;
    let certainty = change.end_certainty.unwrap_or(if notice.content.kind == Kind::Maintenance {
        EndCertainty::Exact
    } else {
        EndCertainty::Estimated
    });
    let end = match (change.ends_at, change.end_certainty) {
        (Some(at), _) => Some(End { at: Some(at), certainty }),
        (None, Some(EndCertainty::Unknown)) if notice.content.kind != Kind::Maintenance => Some(End { at: None, certainty }),
        (None, Some(_)) => Some(End {
            at: notice.content.ends_at,
            certainty,
        }),
        (None, None) => None,
    };
    Ok(Step {
        stage: None,
        text: change.text,
        end,
        next_update_at: change.next_update_at,
        ended_at: change.ended_at,
        decision: change.decision,
    })
}
