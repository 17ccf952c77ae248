//! Planned work that recurs: a rule in local time, from which occurrences follow. Nothing is stored of an occurrence but what somebody has
//! decided about it, and by which notice it was announced; its instants are worked out each time.

#[cfg(test)]
mod cases;
mod check;
mod command;
pub(crate) mod decide;
mod event;
mod model;
mod not_planned;
mod recurrence;
mod rule;
#[expect(clippy::module_inception, reason = "the room's own thing: all series")]
mod schedule;
mod slot;
#[cfg(test)]
mod tests;
mod window;

pub(crate) use check::check_recurrence;
pub use command::Command;
pub use event::Event;
pub use model::{Plan, Series};
pub use not_planned::NotPlanned;
pub use recurrence::{Exception, Occurrence, OnHoliday, Recurrence, Until, read_day};
pub use rule::{Day, Rule};
pub use schedule::{Due, Schedule};
pub use slot::{Span, first_free};
pub use window::Times;
