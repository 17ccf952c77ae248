//! Who may do what when. Pure: the answer follows from the state, the command and the context. Each subject decides for itself; only what
//! spans two of them stands here.

mod frozen;

use crate::{
    access::{Context, Role, Where},
    catalogue::{self, Catalogue, check::check_catalogue},
    freeze,
    notice::{
        self,
        check::{check_still_named, check_templates},
    },
    record::{Command, Event, upkeep},
    rejection::{Rejection, need},
    schedule,
    state::State,
    words::{Code, Faults},
};

/// Turns a command into what happens. No events means that nothing would change.
///
/// # Errors
/// A [`Rejection`] that names what would be right.
pub fn decide(state: &State, command: Command, context: &Context) -> Result<Vec<Event>, Rejection> {
    let (command, reason) = match command {
        Command::Nevertheless { command, reason } => (*command, Some(reason)),
        command => (command, None),
    };
    let mut events = decide_about(state, command, context)?;
    let overridden = frozen::pass(state, &events, reason.as_deref(), context)?;
    events.extend(all(overridden));
    Ok(events)
}

fn decide_about(state: &State, command: Command, context: &Context) -> Result<Vec<Event>, Rejection> {
    match command {
        // One reason is enough.
        Command::Nevertheless { command, .. } => decide_about(state, *command, context),
        Command::Catalogue(catalogue::Command::Apply { catalogue }) => apply_catalogue(state, catalogue, context).map(all),
        Command::Notice(command) => notice::decide::decide(&state.notices, &state.catalogue, command, context).map(all),
        Command::Freeze(command) => freeze::decide::decide(&state.freezes, &state.catalogue, command, context).map(all),
        Command::Schedule(command) => change_schedule(state, command, context),
        Command::Upkeep(command) => keep_up(state, command, context).map(all),
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

/// An entry without which a series that goes on would be another, or would be told of twice, stays; so does one by which a freeze is what it
/// is, or is no more.
fn keep_up(state: &State, command: upkeep::Command, context: &Context) -> Result<Vec<upkeep::Event>, Rejection> {
    let events = upkeep::decide(&state.upkeep, &state.catalogue, command, context)?;
    for event in &events {
        if let upkeep::Event::Redacted { seq, .. } = event
            && let Some(series) = state.schedule.keeps(*seq)
        {
            let detail =
                format!("is {seq}, without which what is planned of the series {series} would change; its texts can go once it has ended");
            return Err(Faults::one("/seq", Code::Kept, detail).into());
        }
        if let upkeep::Event::Redacted { seq, .. } = event
            && let Some(freeze) = state.freezes.keeps(*seq)
        {
            let detail = format!(
                "is {seq}, without which the freeze {freeze} would be another; what it was can go once it has ended, its end stays"
            );
            return Err(Faults::one("/seq", Code::Kept, detail).into());
        }
    }
    Ok(events)
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
