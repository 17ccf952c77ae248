//! What each portal shows at an instant, and when that changes next. A pure reading of the state: nothing is stored, nothing is scheduled.

mod alarm;
pub mod conflicts;
mod document;
mod left;
mod offer;
mod past;
mod planned;
mod portal;
mod repeated;
pub mod report;
mod silence;
mod spelling;
mod turns;
mod ways;

pub use alarm::{Alarm, alarm, calm};
pub use document::{Told, next_change, next_change_of, project, project_notice, told};
pub use left::{Lack, Left, Without, left_without};
pub use offer::{Offer, next_words_of, project_offer, project_seen};
pub use past::{Past, project_history, project_latest};
pub use planned::planned_windows;
pub use silence::{Silence, silences};
