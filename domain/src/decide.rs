//! Who may do what when. Pure: the answer follows from the state, the command and the context. Each subject decides for itself; only what
//! spans two of them stands here.

use crate::{
    access::{Context, Role, Where},
    catalogue::{self, Catalogue, check::check_catalogue},
    notice::{
        self,
        check::{check_still_named, check_templates},
    },
    record::{Command, Event, upkeep},
    rejection::{Rejection, need},
    state::State,
};

/// Turns a command into what happens. No events means that nothing would change.
///
/// # Errors
/// A [`Rejection`] that names what would be right.
pub fn decide(state: &State, command: Command, context: &Context) -> Result<Vec<Event>, Rejection> {
    match command {
        Command::Catalogue(catalogue::Command::Apply { catalogue }) => apply_catalogue(state, catalogue, context).map(all),
        Command::Notice(command) => notice::decide::decide(&state.notices, &state.catalogue, command, context).map(all),
        Command::Upkeep(command) => upkeep::decide(&state.upkeep, &state.catalogue, command, context).map(all),
    }
}

fn all<T: Into<Event>>(events: Vec<T>) -> Vec<Event> {
    events.into_iter().map(T::into).collect()
}

/// A catalogue prepares notices, and notices name what a catalogue has: neither may contradict the other.
fn apply_catalogue(state: &State, catalogue: Box<Catalogue>, context: &Context) -> Result<Vec<catalogue::Event>, Rejection> {
    need(Role::Admin, Where::Everywhere, context)?;
    let mut faults = check_catalogue(&catalogue);
    check_templates(&catalogue, &mut faults);
    faults.into_result()?;
    check_still_named(&state.notices, &catalogue, context.now).into_result()?;
    if *catalogue == *state.catalogue() {
        return Ok(Vec::new());
    }
    Ok(vec![catalogue::Event::Applied { catalogue }])
}

#[cfg(test)]
mod tests;
