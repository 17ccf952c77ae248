//! Why a provider vouches for nobody.

/// Why the provider vouches for nobody.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    #[error("the provider cannot be asked: {0}")]
    Unreachable(String),
    #[error("what the provider says of itself cannot be used: {0}")]
    Unusable(String),
    #[error("the provider gave no token for the code: {0}")]
    NoToken(String),
    #[error("the token does not hold: {0}")]
    BadToken(String),
}
