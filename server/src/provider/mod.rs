//! A provider elsewhere that vouches for people (OpenID Connect): where they are sent, and what has to be true of what it says of them.

mod claims;
mod discovery;
mod failure;
mod keys;
mod settings;
mod signatures;
mod vouching;

pub use failure::ProviderError;
pub(crate) use settings::is_safe;
pub use settings::{GroupGrant, ProviderSecret, ProviderSettings};
pub(crate) use vouching::RETURN_PATH;
pub use vouching::{Bonds, Provider, Vouched};
