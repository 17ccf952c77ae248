//! The address from which a request comes. It is used for telling clients apart while they sign in, and kept nowhere.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{extract::FromRequestParts, http::request::Parts};

use super::Site;

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// The client's address, if it is known.
pub(super) struct ClientAddress(pub(super) Option<IpAddr>);

impl FromRequestParts<Arc<Site>> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _site: &Arc<Site>) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Peer>().map(|Peer(address)| address.ip())))
    }
}
