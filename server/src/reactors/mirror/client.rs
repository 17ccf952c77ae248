//! How requests to object storage travel: by the HTTP library that the server has anyway, over TLS with the authorities that the system trusts.

use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use http_body_util::BodyExt;
use object_store::{
    ClientConfigKey, ClientOptions,
    client::{HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService},
};
use tokio::time::timeout;

use crate::reactors::{
    client::{Client, Connections, client},
    network::Network,
};

/// For how long an answer is waited for. A file of the mirror is at most a few megabytes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Nobody has allowed it.
#[derive(Debug, thiserror::Error)]
#[error("the address begins with http://; set AWS_ALLOW_HTTP=true where that is meant")]
struct Unencrypted;

/// Makes clients.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let may_be_plain = options
            .get_config_value(&ClientConfigKey::AllowHttp)
            .is_some_and(|given| given == "true");
        let client = client(Network::anywhere(), Connections::Kept).map_err(|error| object_store::Error::Generic {
            store: "S3",
            source: Box::new(error),
        })?;
        Ok(HttpClient::new(Service { client, may_be_plain }))
    }
}

#[derive(Clone, Debug)]
struct Service {
    client: Client,
    /// Whether it may go without TLS.
    may_be_plain: bool,
}

#[async_trait]
impl HttpService for Service {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if !self.may_be_plain && request.uri().scheme_str() != Some("https") {
            return Err(HttpError::new(HttpErrorKind::Request, Unencrypted));
        }
        let answered = timeout(PATIENCE, self.client.request(request.map(Body::new)));
        let response = match answered.await {
            Ok(answer) => answer.map_err(|error| {
                let kind = if error.is_connect() {
                    HttpErrorKind::Connect
                } else {
                    HttpErrorKind::Request
                };
                HttpError::new(kind, error)
            })?,
            Err(late) => return Err(HttpError::new(HttpErrorKind::Timeout, late)),
        };
        let (head, body) = response.into_parts();
        let body = HttpResponseBody::new(body.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error)));
        Ok(HttpResponse::from_parts(head, body))
    }
}
