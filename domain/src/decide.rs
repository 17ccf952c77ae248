//! Who may do what when. Pure: the answer follows from the state, the command and the context. Each subject decides for itself; only what
//! spans two of them stands here.

mod aftermath;
mod frozen;
mod second;

use self::aftermath::Aftermath;
use crate::{
    access::{Actor, Context, Role, Where},
    approval::{self, Asked},
    catalogue::{self, Catalogue, Part, PartKind, check::check_catalogue},
    channel_state, freeze,
    notice::{
        self,
        check::{check_still_named, check_templates},
    },
    record::{Command, Event, Grounds, upkeep},
    rejection::{Rejection, need},
    schedule,
    state::State,
    words::{Code, Faults, Subject},
};

/// Turns a command into what happens. No events means that nothing would change.
///
/// # Errors
/// A [`Rejection`] that names what would be right.
pub fn decide(state: &State, command: Command, context: &Context) -> Result<Vec<Event>, Rejection> {
    let (command, grounds) = match command {
        Command::On { grounds, command } => (*command, grounds),
        command => (command, Grounds::default()),
    };
    match command {
        Command::Approval(answer) => answer_to(state, answer, context),
        Command::Notice(command) => settle(state, Asked::Notice(command), grounds, context),
        // What is over is planned no more: no freeze and no second person is asked.
        Command::Import(notices) => notice::import::decide(&state.notices, &state.catalogue, notices, context).map(all),
        Command::Schedule(command) => settle(state, Asked::Schedule(command), grounds, context),
        Command::Catalogue(command) => change_catalogue(state, command, context).map(all),
        Command::Channel(command) => channel_state::decide::decide(&state.outages, &state.catalogue, command, context).map(all),
        Command::Freeze(command) => freeze::decide::decide(&state.freezes, &state.catalogue, command, context).map(all),
        Command::Upkeep(command) => keep_up(state, command, context).map(all),
        // What is said the second time says nothing more.
        Command::On { command, .. } => decide(state, command.on(grounds), context),
    }
}

/// What follows by the rules of the subject itself.
fn by_itself(state: &State, asked: Asked, context: &Context) -> Result<Vec<Event>, Rejection> {
    match asked {
        Asked::Notice(command) => notice::decide::decide(&state.notices, &state.catalogue, command, context).map(all),
        Asked::Schedule(command) => change_schedule(state, command, context),
    }
}

/// What happens where frozen time is passed for a reason; and whether a second person has to say yes to it.
fn passed(state: &State, asked: Asked, reason: Option<&str>, context: &Context) -> Result<(Vec<Event>, bool), Rejection> {
    let mut events = by_itself(state, asked, context)?;
    if state.asks_nothing() {
        return Ok((events, false));
    }
    let after = Aftermath::of(state, &events, context);
    let passed = frozen::pass(state, &after, reason, context)?;
    let takes_second = passed.asks_for_second || second::is_asked(state, &after, context);
    events.extend(all(passed.overrides));
    Ok((events, takes_second))
}

/// Work, and what is told of it: it happens, or waits for a second person.
fn settle(state: &State, asked: Asked, grounds: Grounds, context: &Context) -> Result<Vec<Event>, Rejection> {
    let Grounds { freeze_reason, second } = grounds;
    let (mut events, takes_second) = passed(state, asked.clone(), freeze_reason.as_deref(), context)?;
    if !takes_second {
        return Ok(events);
    }
    let after = Aftermath::of(state, &events, context);
    match second::without_one(state, &after, &second)? {
        second::Verdict::Waits => Ok(vec![
            approval::Event::Asked {
                id: state.approvals.next_id(),
                portals: after.portals(state),
                seen: revision(state, &asked),
                asked: Box::new(asked),
                freeze_reason,
            }
            .into(),
        ]),
        second::Verdict::Bypassed(event) => {
            events.push(event.into());
            Ok(events)
        }
    }
}

/// The revision of what this changes.
fn revision(state: &State, asked: &Asked) -> Option<u32> {
    match asked.subject()? {
        Subject::Notice(id) => state.notice(&id).map(|notice| notice.revision),
        Subject::Series(id) => state.one_series(&id).map(|series| series.revision),
        _ => None,
    }
}

/// A yes has what was asked for decided anew, as its author and for what they hold by now; and whoever says it has to be somebody who could
/// have asked for it. What cannot wait is decided anew as well.
fn answer_to(state: &State, answer: approval::Command, context: &Context) -> Result<Vec<Event>, Rejection> {
    let approval = approval::decide::answerable(&state.approvals, &answer, context)?;
    let Some(asked) = approval.asked.as_deref().filter(|_| answer.has_it_done()) else {
        return approval::decide::settle(answer).map(|event| all(event.into_iter().collect()));
    };
    if let (Some(expected), Some(actual)) = (approval.seen, revision(state, asked))
        && expected != actual
    {
        return Err(Rejection::Stale { expected, actual });
    }
    by_itself(state, asked.clone(), context)?;
    let reason = approval.freeze_reason.as_deref();
    match answer {
        approval::Command::Bypass { id, emergency } => {
            let (mut events, _) = passed(state, asked.clone(), reason, context)?;
            let after = Aftermath::of(state, &events, context);
            let bypassed = second::bypassed(state, &after, id, &emergency)?;
            events.push(bypassed.into());
            Ok(events)
        }
        approval::Command::Grant { id, asker, heard_by } => {
            let as_asker = Context {
                now: context.now,
                actor: Actor::new(&approval.asked_by.id, asker.grants),
            };
            let decided = passed(state, asked.clone(), reason, &as_asker);
            let (events, _) = decided.map_err(|rejection| match rejection {
                // What they may not read there is not, for them; whoever says yes has found it.
                Rejection::Forbidden { .. } | Rejection::UnknownNotice(_) | Rejection::UnknownSeries(_) => {
                    Rejection::AskerMayNoLonger(id.clone())
                }
                other => other,
            })?;
            let done = Aftermath::of(state, &events, &as_asker).subjects();
            let granted = approval::Event::Granted { id, done, heard_by };
            Ok(std::iter::once(granted.into()).chain(events).collect())
        }
        _ => Ok(Vec::new()),
    }
}

fn all<T: Into<Event>>(events: Vec<T>) -> Vec<Event> {
    events.into_iter().map(T::into).collect()
}

/// A series says what its notices are to say; whether they may, the rules of notices say.
fn change_schedule(state: &State, command: schedule::Command, context: &Context) -> Result<Vec<Event>, Rejection> {
    let room = schedule::decide::Room {
        schedule: &state.schedule,
        notices: &state.notices,
        catalogue: &state.catalogue,
    };
    let decision = schedule::decide::decide(room, command, context)?;
    let mut events = all(decision.events);
    for command in decision.notices {
        let follows = notice::decide::decide(&state.notices, &state.catalogue, command, context);
        events.extend(all(follows.map_err(of_its_notice)?));
    }
    Ok(events)
}

/// What is wrong with a notice, said of the plan that it follows.
fn of_its_notice(rejection: Rejection) -> Rejection {
    let Rejection::Invalid(faults) = rejection else {
        return rejection;
    };
    let mut of_plan = Faults::default();
    for fault in faults.into_vec() {
        let field = fault.pointer.split('/').nth(1).unwrap_or_default();
        let pointer = match field {
            "starts_at" | "ends_at" | "announce_from" => "/recurrence".to_owned(),
            _ => format!("/notice{}", fault.pointer),
        };
        let detail = format!("would leave a notice with a fault: its `{}` {}", fault.pointer, fault.detail);
        of_plan.add(pointer, fault.code, detail);
    }
    of_plan.into()
}

/// What follows in the journal itself. An entry stays for as long as without it something would hold that does not, or hold no more.
fn keep_up(state: &State, command: upkeep::Command, context: &Context) -> Result<Vec<upkeep::Event>, Rejection> {
    let events = upkeep::decide(&state.upkeep, &state.catalogue, command, context)?;
    for event in &events {
        if let upkeep::Event::Redacted { seq, .. } = event
            && let Some(reason) = why_kept(state, *seq)
        {
            return Err(Faults::one("/seq", Code::Kept, format!("is {seq}, {reason}")).into());
        }
    }
    Ok(events)
}

/// Why an entry has to stay, if so, and what would let it go.
fn why_kept(state: &State, seq: u64) -> Option<String> {
    let series = state
        .schedule
        .keeps(seq)
        .map(|series| format!("without which what is planned of the series {series} would change; its texts can go once it has ended"));
    let freeze = || {
        let freeze = state.freezes.keeps(seq)?;
        Some(format!(
            "without which the freeze {freeze} would be another; what it was can go once it has ended, its end stays"
        ))
    };
    let approval = || {
        let approval = state.approvals.keeps(seq)?;
        Some(format!(
            "without which {approval} would wait for an answer again, or for nobody to look at it; it can go after that"
        ))
    };
    let channel = || {
        let channel = state.outages.keeps(seq)?;
        Some(format!(
            "the last word on the channel {channel}, without which the one before would hold; say anew whether it works, then it can go"
        ))
    };
    series.or_else(freeze).or_else(approval).or_else(channel)
}

/// A catalogue takes the place of the one before, or one entry of it is changed.
fn change_catalogue(state: &State, command: catalogue::Command, context: &Context) -> Result<Vec<catalogue::Event>, Rejection> {
    let (kind, id, seen, part) = match command {
        catalogue::Command::Apply { catalogue } => return apply_catalogue(state, catalogue, context),
        catalogue::Command::Change { kind, id, seen, part } => (kind, id, seen, part),
    };
    need(Role::Admin, Where::Everywhere, context)?;
    let known = state.catalogue.revision(kind, &id);
    match (seen, known) {
        (None, None) if part.is_none() => return Err(Rejection::UnknownPart(kind, id)),
        (Some(_), None) => return Err(Rejection::UnknownPart(kind, id)),
        (None, Some(_)) => {
            return Err(Faults::one("/id", Code::Taken, format!("is `{id}`, which is taken already; ids are unique")).into());
        }
        (Some(expected), Some(actual)) if expected != actual => return Err(Rejection::Stale { expected, actual }),
        _ => {}
    }
    let next = part_changed(state.catalogue().clone(), kind, &id, part)?;
    let told = next.clone();
    apply_catalogue(state, Box::new(next), context).map_err(|rejection| match rejection {
        Rejection::Invalid(faults) => Rejection::Invalid(told.told_of(kind, &id, faults)),
        other => other,
    })
}

/// The catalogue with one entry changed.
fn part_changed(catalogue: Catalogue, kind: PartKind, id: &str, part: Option<Part>) -> Result<Catalogue, Rejection> {
    match part {
        None => Ok(catalogue.without(kind, id)),
        Some(part) if (part.kind(), part.id()) == (kind, id) => Ok(catalogue.with(part)),
        Some(part) => {
            let detail = format!("is `{}`, and not `{id}`; an id stays what it is", part.id());
            Err(Faults::one("/id", Code::Malformed, detail).into())
        }
    }
}

/// A catalogue prepares notices, and notices name what a catalogue has: neither may contradict the other.
fn apply_catalogue(state: &State, catalogue: Box<Catalogue>, context: &Context) -> Result<Vec<catalogue::Event>, Rejection> {
    need(Role::Admin, Where::Everywhere, context)?;
    let mut faults = check_catalogue(&catalogue);
    check_templates(&catalogue, &mut faults);
    faults.into_result()?;
    check_still_named(&state.notices, &catalogue, context.now).into_result()?;
    schedule::decide::check_still_named(&state.schedule, &catalogue, context.now).into_result()?;
    if *catalogue == *state.catalogue() {
        return Ok(Vec::new());
    }
    Ok(vec![catalogue::Event::Applied { catalogue }])
}

#[cfg(test)]
mod tests;
