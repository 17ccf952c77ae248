//! Planned work that recurs: a rule in local time, from which occurrences follow. Nothing is stored of an occurrence but what somebody has
//! decided about it; its instants are worked out each time.

#[cfg(test)]
mod cases;
mod check;
mod rule;
mod series;
mod slot;
#[cfg(test)]
mod tests;
mod window;

pub use check::check_series;
pub use rule::{Day, Rule};
pub use series::{Exception, Occurrence, OnHoliday, Series, Until};
pub use slot::{Span, first_free};
pub use window::Times;
