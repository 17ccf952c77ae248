//! A mirror in a bucket of object storage. Requests are signed by the crate `rusty-s3`, and travel by the one client of the server.

use std::{collections::BTreeSet, env, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::{
    Method, Request, StatusCode, Uri,
    header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE},
};
use rusty_s3::{Bucket as Address, Credentials, S3Action, UrlStyle, actions::ListObjectsV2};
use tokio::{
    sync::OnceCell,
    time::{sleep, timeout},
};
use url::Url;

use crate::{
    http::File,
    reactors::{
        client::{Client, Connections, client},
        network::Network,
        reasons,
    },
};

/// For how long an answer is waited for. A file of the mirror is at most a few megabytes.
const PATIENCE: Duration = Duration::from_secs(30);

/// For how long what was signed holds.
const HOLDS: Duration = Duration::from_secs(300);

/// No answer is larger, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;

/// How often storage that is busy is asked, and how long is waited before it is asked again, the first time.
const ATTEMPTS: u32 = 4;
const PAUSE: Duration = Duration::from_millis(200);

/// A bucket, and below which names the mirror lies in it.
#[derive(Clone)]
pub(super) struct Bucket {
    address: Address,
    credentials: Option<Credentials>,
    prefix: String,
    client: OnceCell<Client>,
}

/// What comes back.
struct Answer {
    status: StatusCode,
    body: Bytes,
}

impl Bucket {
    /// A bucket by its name; the rest about it is in the environment.
    ///
    /// # Errors
    /// Says what cannot be understood.
    pub(super) fn open(name: &str, prefix: &str) -> Result<Self, String> {
        let given = |names: &[&str]| names.iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
        let is_true = |name: &str| given(&[name]).is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1");
        let region = given(&["AWS_REGION", "AWS_DEFAULT_REGION"]).unwrap_or_else(|| "us-east-1".to_owned());
        let own = format!("https://s3.{region}.amazonaws.com");
        let endpoint = given(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"]).unwrap_or(own);
        let endpoint: Url = endpoint.parse().map_err(|error| format!("AWS_ENDPOINT `{endpoint}`: {error}"))?;
        let style = if is_true("AWS_VIRTUAL_HOSTED_STYLE_REQUEST") {
            UrlStyle::VirtualHost
        } else {
            UrlStyle::Path
        };
        let credentials = match (
            given(&["AWS_ACCESS_KEY_ID"]),
            given(&["AWS_SECRET_ACCESS_KEY"]),
            given(&["AWS_SESSION_TOKEN"]),
        ) {
            (Some(key), Some(secret), Some(token)) => Some(Credentials::new_with_token(key, secret, token)),
            (Some(key), Some(secret), None) => Some(Credentials::new(key, secret)),
            (None, None, _) => None,
            _ => return Err("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together".to_owned()),
        };
        if endpoint.scheme() != "https" && !is_true("AWS_ALLOW_HTTP") {
            return Err("the address begins with http://; set AWS_ALLOW_HTTP=true where that is meant".to_owned());
        }
        Ok(Self {
            address: Address::new(endpoint, style, name.to_owned(), region).map_err(|error| reasons(&error))?,
            credentials,
            prefix: prefix.trim_matches('/').to_owned(),
            client: OnceCell::new(),
        })
    }

    pub(super) async fn write(&self, name: &str, file: File) -> Result<(), String> {
        let key = self.key(name);
        let address = self.address.put_object(self.credentials.as_ref(), &key).sign(HOLDS);
        let kind = [
            (CONTENT_TYPE, file.content_type.as_str()),
            (CACHE_CONTROL, file.cache_control.as_str()),
        ];
        let answer = self.send(Method::PUT, &address, &file.body, &kind).await?;
        answer.expect(&[StatusCode::OK]).map(drop)
    }

    pub(super) async fn read(&self, name: &str) -> Result<Option<Bytes>, String> {
        let key = self.key(name);
        let address = self.address.get_object(self.credentials.as_ref(), &key).sign(HOLDS);
        let answer = self
            .ask(Method::GET, &address)
            .await?
            .expect(&[StatusCode::OK, StatusCode::NOT_FOUND])?;
        Ok((answer.status == StatusCode::OK).then_some(answer.body))
    }

    /// The names of the folders directly in this one.
    pub(super) async fn folders(&self, folder: &str) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        self.each_page(folder, Some("/"), |_, folders| found.extend(folders)).await?;
        let last = |name: String| name.trim_end_matches('/').rsplit('/').next().map(str::to_owned);
        Ok(found.into_iter().filter_map(last).collect())
    }

    /// The names of all files below a folder, as seen from the mirror.
    pub(super) async fn list(&self, folder: &str) -> Result<BTreeSet<String>, String> {
        let mut found = BTreeSet::new();
        self.each_page(folder, None, |files, _| found.extend(files)).await?;
        Ok(found)
    }

    /// Takes a file away, if it is there.
    pub(super) async fn remove(&self, name: &str) -> Result<(), String> {
        let key = self.key(name);
        let address = self.address.delete_object(self.credentials.as_ref(), &key).sign(HOLDS);
        let gone = [StatusCode::OK, StatusCode::NO_CONTENT, StatusCode::NOT_FOUND];
        self.ask(Method::DELETE, &address).await?.expect(&gone).map(drop)
    }

    /// What lies below a folder, page by page: the names of files, and of folders where they are kept apart.
    async fn each_page(&self, folder: &str, apart: Option<&str>, mut take: impl FnMut(Vec<String>, Vec<String>)) -> Result<(), String> {
        let mut next: Option<String> = None;
        loop {
            let mut action = self.address.list_objects_v2(self.credentials.as_ref());
            action.with_prefix(format!("{}/", self.key(folder)));
            if let Some(apart) = apart {
                action.with_delimiter(apart.to_owned());
            }
            if let Some(token) = next {
                action.with_continuation_token(token);
            }
            let answer = self.ask(Method::GET, &action.sign(HOLDS)).await?.expect(&[StatusCode::OK])?;
            let unreadable = |error: &dyn std::error::Error| format!("what it lists cannot be read: {error}");
            let listed = std::str::from_utf8(&answer.body).map_err(|error| unreadable(&error))?;
            let page = ListObjectsV2::parse_response(listed).map_err(|error| unreadable(&error))?;
            let files = page.contents.iter().filter_map(|found| self.name(&found.key));
            let folders = page.common_prefixes.iter().filter_map(|found| self.name(&found.prefix));
            take(files.collect(), folders.collect());
            next = page.next_continuation_token;
            if next.is_none() {
                return Ok(());
            }
        }
    }

    /// How a file of the mirror is called in the bucket.
    fn key(&self, name: &str) -> String {
        let parts = [self.prefix.as_str(), name.trim_matches('/')]
            .into_iter()
            .filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("/")
    }

    /// The file of the mirror that is called so in the bucket.
    fn name(&self, key: &str) -> Option<String> {
        let rest = key.strip_prefix(&self.prefix)?;
        Some(rest.trim_start_matches('/').to_owned())
    }

    async fn ask(&self, method: Method, address: &Url) -> Result<Answer, String> {
        self.send(method, address, &Bytes::new(), &[]).await
    }

    /// Sends a request, and once more where the storage is busy or does not answer; none of them does more when it comes twice.
    async fn send(
        &self,
        method: Method,
        address: &Url,
        body: &Bytes,
        headers: &[(hyper::header::HeaderName, &str)],
    ) -> Result<Answer, String> {
        let uri: Uri = address.as_str().parse().map_err(|error| reasons(&error))?;
        let reach = || std::future::ready(client(Network::anywhere(), Connections::Kept));
        let client = self.client.get_or_try_init(reach).await.map_err(|error| reasons(&error))?;
        let mut attempt = 1;
        loop {
            let mut request = Request::builder().method(&method).uri(&uri).header(CONTENT_LENGTH, body.len());
            for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
                request = request.header(name, *value);
            }
            let request = request.body(Body::from(body.clone())).map_err(|error| reasons(&error))?;
            let exchange = async {
                let (head, body) = client.request(request).await.map_err(|error| reasons(&error))?.into_parts();
                let body = Limited::new(body, LARGEST).collect().await.map_err(|error| reasons(&*error))?;
                Ok(Answer {
                    status: head.status,
                    body: body.to_bytes(),
                })
            };
            let late = |_| format!("no answer within {} seconds", PATIENCE.as_secs());
            let answered = timeout(PATIENCE, exchange).await.map_err(late).flatten();
            let is_busy = answered.as_ref().map_or(true, |answer| {
                answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS
            });
            if !is_busy || attempt == ATTEMPTS {
                return answered;
            }
            sleep(PAUSE * 2_u32.pow(attempt - 1)).await;
            attempt += 1;
        }
    }
}

impl Answer {
    /// The answer, if it is one of these.
    fn expect(self, expected: &[StatusCode]) -> Result<Self, String> {
        if expected.contains(&self.status) {
            return Ok(self);
        }
        let text = String::from_utf8_lossy(&self.body);
        let of = |name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>"))?;
            rest.split_once(&format!("</{name}>")).map(|(inside, _)| inside.to_owned())
        };
        let said = [of("Code"), of("Message")].into_iter().flatten();
        Err(said.fold(format!("the answer is {}", self.status), |told, said| format!("{told}: {said}")))
    }
}
