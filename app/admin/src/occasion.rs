//! A clock time that there is twice.

/// Which of two equal clock times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    First,
    Second,
}
