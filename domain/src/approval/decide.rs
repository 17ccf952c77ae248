//! All rules of who may be a second person. What a yes leads to spans rooms, and stands in the hall.

use super::{
    approvals::Approvals,
    command::Command,
    event::Event,
    model::{Approval, Standing},
};
use crate::{
    access::{Context, Role, Where},
    rejection::{Rejection, need},
    text::{Shape, rules::check_text},
    words::Faults,
};

/// What the caller answers to, where they may answer at all; for whoever may not even read it, there is none.
///
/// # Errors
/// When there is none, it is settled, or the caller cannot be the second person.
pub(crate) fn answerable<'a>(approvals: &'a Approvals, command: &Command, context: &Context) -> Result<&'a Approval, Rejection> {
    let id = command.id();
    let found = approvals.get(id).filter(|approval| approval.may_be_read(&context.actor.grants));
    let approval = found.ok_or_else(|| Rejection::UnknownApproval(id.clone()))?;
    let is_own = approval.asked_by.id == context.actor.id;
    let wanted = match command {
        Command::Withdraw { .. } if !is_own => {
            // An administrator clears away what somebody left behind.
            need(Role::Admin, Where::OnEach(&approval.portals), context)?;
            Standing::Waiting
        }
        Command::Withdraw { .. } => Standing::Waiting,
        Command::Bypass { .. } => {
            need(Role::Publisher, Where::OnEach(&approval.portals), context)?;
            if !is_own {
                return Err(Rejection::ForeignRequest(id.clone()));
            }
            Standing::Waiting
        }
        Command::Grant { .. } | Command::Decline { .. } | Command::Review { .. } => {
            need(Role::Publisher, Where::OnEach(&approval.portals), context)?;
            let asked_by_own_program = matches!(command, Command::Grant { asker, .. } | Command::Review { asker, .. }
                if asker.person.as_deref() == Some(context.actor.id.as_str()));
            // A program is no person, and whoever sits at the machine is nobody in particular, perhaps the author.
            if is_own || asked_by_own_program || !context.actor.is_person() {
                return Err(Rejection::OwnApproval(id.clone()));
            }
            if matches!(command, Command::Review { .. }) {
                Standing::Bypassed
            } else {
                Standing::Waiting
            }
        }
    };
    if approval.standing != wanted {
        return Err(Rejection::ApprovalSettled(id.clone()));
    }
    Ok(approval)
}

/// Turns an answer by which nothing of it is done into what happens.
///
/// # Errors
/// When a text is missing, or more than a line.
pub(crate) fn settle(command: Command) -> Result<Option<Event>, Rejection> {
    let mut faults = Faults::default();
    let mut check = |text: &str| check_text(text, "/text", Shape::Line, &mut faults);
    let event = match command {
        Command::Grant { .. } | Command::Bypass { .. } => None,
        Command::Decline { id, text } => {
            check(&text);
            Some(Event::Declined { id, text })
        }
        Command::Withdraw { id } => Some(Event::Withdrawn { id }),
        Command::Review { id, text, .. } => {
            text.iter().for_each(|text| check(text));
            Some(Event::Reviewed { id, text })
        }
    };
    faults.into_result()?;
    Ok(event)
}
