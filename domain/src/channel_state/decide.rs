//! All rules of who may say whether a channel works.

use super::{check::check_terms, command::Command, event::Event, model::Terms, outages::Outages};
use crate::{
    access::{Context, Role, Where},
    catalogue::InForce,
    rejection::{Rejection, need},
    words::Faults,
};

/// Turns a command into what happens. No events means that nothing would change.
///
/// It holds wherever the channel is offered, so it takes the role on each of these portals; of a channel that none offers by itself, on the
/// server as a whole.
///
/// # Errors
/// A [`Rejection`] that names what would be right.
pub(crate) fn decide(outages: &Outages, catalogue: &InForce, command: Command, context: &Context) -> Result<Vec<Event>, Rejection> {
    let id = command.id().clone();
    let portals = catalogue.portals_offering(&id);
    let grants = &context.actor.grants;
    // For whoever may not even read of it, there is none.
    let is_known = catalogue.channel(&id).is_some() && grants.may(Role::Viewer, Where::OnOne(portals));
    if !is_known {
        return Err(Rejection::UnknownChannel(id));
    }
    need(Role::Publisher, Where::OnEach(portals), context)?;
    let actual = outages.revision(&id);
    if let Some(expected) = command.expected().filter(|expected| *expected != actual) {
        return Err(Rejection::Stale { expected, actual });
    }
    let known = outages.get(&id);
    match command {
        Command::Report { report, .. } => {
            let since = known.map(|known| &known.terms).filter(|terms| terms.holds_at(context.now));
            let terms = Box::new(Terms {
                from: report.from.or(since.map(|terms| terms.from)).unwrap_or(context.now),
                until: report.until,
                note: report.note,
            });
            let mut faults = Faults::default();
            check_terms(&terms, context.now, &mut faults);
            faults.into_result()?;
            let is_new = known.is_none_or(|known| known.terms != *terms);
            Ok(is_new.then_some(Event::Out { id, terms }).into_iter().collect())
        }
        // Also what is over by time: what was said of it can be redacted then.
        Command::Clear { .. } => Ok(known.map(|_| Event::Back { id }).into_iter().collect()),
    }
}
