//! A document before anybody has put it into words.

use std::ops::{Deref, DerefMut};

use crate::PublicState;

/// A document with all its facts, whose notices nobody has told in a few lines yet (`brief`, `controls`). It can be read like any other, and
/// cannot be sent: only [`Untold::tell`] makes it whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Untold(PublicState);

impl Untold {
    /// A document of which the words are missing.
    pub const fn new(facts: PublicState) -> Self {
        Self(facts)
    }

    /// The whole document, once `words` has put them in.
    #[must_use]
    pub fn tell(mut self, words: impl FnOnce(&mut PublicState)) -> PublicState {
        words(&mut self.0);
        self.0
    }
}

impl Deref for Untold {
    type Target = PublicState;

    fn deref(&self) -> &PublicState {
        &self.0
    }
}

impl DerefMut for Untold {
    fn deref_mut(&mut self) -> &mut PublicState {
        &mut self.0
    }
}
