//! What people ask for of a freeze.

use super::model::Terms;
use crate::words::FreezeId;

/// A request to change a freeze.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Lay one down.
    Create { terms: Box<Terms> },
    /// Replace its terms. `expected` is the revision that the author saw.
    Edit { id: FreezeId, expected: u32, terms: Box<Terms> },
    /// Have it hold no more.
    End { id: FreezeId },
}
