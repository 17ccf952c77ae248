//! Time: opening hours, public holidays, and whether a clock can be right.

pub mod holidays;
pub mod hours;
mod local_holiday;
mod month;
pub mod plausible;

pub use local_holiday::{InvalidHoliday, LocalHoliday};
pub use month::{InvalidMonth, Month};
