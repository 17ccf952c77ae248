//! All rules of who may lay down a freeze.

use super::{
    check::check_terms,
    command::Command,
    event::Event,
    freezes::Freezes,
    model::{Freeze, Level, Terms},
};
use crate::{
    access::{Context, Role, Where},
    catalogue::InForce,
    rejection::{Rejection, need},
    words::{Faults, FreezeId},
};

/// Turns a command into what happens. No events means that nothing would change.
///
/// # Errors
/// A [`Rejection`] that names what would be right.
pub(crate) fn decide(freezes: &Freezes, catalogue: &InForce, command: Command, context: &Context) -> Result<Vec<Event>, Rejection> {
    let check = |terms: &Terms| {
        let mut faults = Faults::default();
        check_terms(terms, catalogue.catalogue(), &mut faults);
        faults.into_result()?;
        need(Role::Publisher, Where::OnEach(&terms.portals_in(catalogue)), context)
    };
    // For whoever may not even read it, there is none; to change one takes the role wherever it holds.
    let find = |id: &FreezeId| -> Result<&Freeze, Rejection> {
        let readable = freezes
            .get(id)
            .filter(|freeze| freeze.may_be_read(&context.actor.grants, catalogue));
        let freeze = readable.ok_or_else(|| Rejection::UnknownFreeze(id.clone()))?;
        need(Role::Publisher, Where::OnEach(&freeze.terms.portals_in(catalogue)), context)?;
        if freeze.ended_at.is_some() {
            return Err(Rejection::FreezeEnded(id.clone()));
        }
        if freeze.terms.level == Level::SecondPerson {
            // Or whoever it holds would lift it alone.
            need(Role::Admin, Where::OnEach(&freeze.terms.portals_in(catalogue)), context)?;
        }
        Ok(freeze)
    };
    match command {
        Command::Create { terms } => {
            need(Role::Publisher, Where::Somewhere, context)?;
            check(&terms)?;
            Ok(vec![Event::Created {
                id: freezes.next_id(),
                terms,
            }])
        }
        Command::Edit { id, expected, terms } => {
            let freeze = find(&id)?;
            if freeze.revision != expected {
                return Err(Rejection::Stale {
                    expected,
                    actual: freeze.revision,
                });
            }
            check(&terms)?;
            if *terms == freeze.terms {
                return Ok(Vec::new());
            }
            Ok(vec![Event::Edited { id, terms }])
        }
        Command::End { id } => {
            find(&id)?;
            Ok(vec![Event::Ended { id }])
        }
    }
}
