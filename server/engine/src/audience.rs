//! Whoever shows what is known. The publisher knows nothing of pages and documents.

use std::sync::Arc;

use domain::state::State;
use jiff::Timestamp;

/// What may be another now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What an entry or time has touched.
    Touched,
    /// Everything: the journal was read anew, and the numbers of its entries say nothing about what was shown before.
    All,
}

/// Gives the state and the present; asked once whoever asks is ready to work with them.
pub type Present<'a> = dyn Fn() -> (Arc<State>, Timestamp) + 'a;

/// Whoever shows what is known, and is told before a command is answered.
pub trait Audience: Send + Sync {
    /// Something has changed.
    fn refresh(&self, extent: Extent, present: &Present<'_>);

    /// Whether something is shown that is not for this time yet: clocks are set back.
    fn is_ahead_of(&self, now: Timestamp) -> bool;
}

/// Nobody: for commands that only read and write.
impl Audience for () {
    fn refresh(&self, _: Extent, _: &Present<'_>) {}

    fn is_ahead_of(&self, _: Timestamp) -> bool {
        false
    }
}
