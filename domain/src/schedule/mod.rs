//! Planned work that recurs: a rule in local time, from which occurrences follow. Nothing is stored of an occurrence but what somebody has
//! decided about it; its instants are worked out each time.

#[cfg(test)]
mod cases;
mod rule;
mod series;
#[cfg(test)]
mod tests;
mod window;

pub use rule::Rule;
pub use series::{Exception, Occurrence, OnHoliday, Series, Until};
pub use window::Times;
