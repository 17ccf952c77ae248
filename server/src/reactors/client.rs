//! The one client by which anything leaves the server: hyper over TLS, with the authorities that the system trusts, through the
//! [door](super::network::Door) that knows where it may go.

use axum::body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{client::legacy, rt::TokioExecutor};

use super::network::{Door, Network};

pub(crate) type Client = legacy::Client<HttpsConnector<Door>, Body>;

/// Whether a request may go over a connection on which another went before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connections {
    Kept,
    /// Each asks anew where its receiver is.
    Fresh,
}

/// A client that reaches this network.
///
/// # Errors
/// When the system trusts nobody.
pub(crate) fn client(network: Network, connections: Connections) -> std::io::Result<Client> {
    let connector = HttpsConnectorBuilder::new()
        .with_native_roots()?
        .https_or_http()
        .enable_http1()
        .wrap_connector(Door::new(network));
    let mut builder = legacy::Client::builder(TokioExecutor::new());
    if connections == Connections::Fresh {
        builder.pool_max_idle_per_host(0);
    }
    Ok(builder.build(connector))
}
