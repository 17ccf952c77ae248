//! The one way in: a command is decided, and what happens is put into the order of the journal.

use crate::{
    access::Context,
    decide::decide,
    record::{Command, Entry, NewEntry},
    rejection::Rejection,
    state::{State, apply},
};

/// The entries that a command makes, to be appended all or none; the state stays as it is. No entries means that nothing would change.
///
/// # Errors
/// A [`Rejection`] that names what would be right.
pub fn plan(state: &State, command: Command, context: &Context) -> Result<Vec<NewEntry>, Rejection> {
    let events = decide(state, command, context)?;
    let entry = |(seq, event)| NewEntry {
        seq,
        at: context.now,
        actor: context.actor.id.clone(),
        event,
    };
    Ok((state.position() + 1..).zip(events).map(entry).collect())
}

/// Carries out a command on a state: for whoever plays through what would happen.
///
/// # Errors
/// A [`Rejection`] that names what would be right; the state is as it was then.
pub fn step(state: &mut State, command: Command, context: &Context) -> Result<Vec<NewEntry>, Rejection> {
    let entries = plan(state, command, context)?;
    for entry in &entries {
        apply(state, &Entry::from(entry.clone()));
    }
    Ok(entries)
}
