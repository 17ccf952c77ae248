//! Texts that people write: languages, formatting, links, and what a text may contain.

mod direction;
mod language;
pub(crate) mod link;
mod localized;
pub mod markdown;
pub(crate) mod phone_number;
pub(crate) mod rules;
mod shown;

pub use language::{InvalidLanguage, Language};
pub use localized::Localized;
pub use rules::Shape;
