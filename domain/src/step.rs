//! The one way in: a command is decided, and what happens is put into the order of the journal.

use crate::{
    access::Context,
    approval,
    decide::decide,
    record::{Command, Entry, Event, NewEntry},
    rejection::Rejection,
    state::{State, apply},
};

/// The entries that a command makes, to be appended all or none; the state stays as it is. No entries means that nothing would change.
///
/// # Errors
/// A [`Rejection`] that names what would be right.
pub fn plan(state: &State, command: Command, context: &Context) -> Result<Vec<NewEntry>, Rejection> {
    let asker = asker(state, &command);
    let events = decide(state, command, context)?;
    let entry = |(seq, event)| NewEntry {
        seq,
        at: context.now,
        actor: match (&asker, &event) {
            (Some(asker), event) if !matches!(event, Event::Approval(_)) => asker.clone(),
            _ => context.actor.id.clone(),
        },
        event,
    };
    Ok((state.position() + 1..).zip(events).map(entry).collect())
}

/// Whose work a second person's yes has done: what it does is decided as theirs, and is theirs in the journal, too; the yes is the second person's.
fn asker(state: &State, command: &Command) -> Option<String> {
    match command {
        Command::Approval(approval::Command::Grant { id, .. }) => state.approval(id).map(|approval| approval.asked_by.id.clone()),
        _ => None,
    }
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
