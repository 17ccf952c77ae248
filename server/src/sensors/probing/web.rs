//! A page that is asked for as a browser would, without keeping anything of the visit.

use std::time::Duration;

use axum::body::Body;
use domain::catalogue::Probe;
use http_body_util::BodyExt;
use hyper::{
    Request, Response, StatusCode,
    body::Incoming,
    client::conn::http1,
    header::{ACCEPT, CONNECTION, HOST, LOCATION, USER_AGENT},
};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::net::TcpStream;
use url::Url;

use super::reach::{Reach, certificate_until, patience};
use crate::reactors::reasons;

/// So often an answer may lead elsewhere.
const REDIRECTS: usize = 5;

/// So much of a page is read.
const LARGEST: usize = 2 * 1024 * 1024;

/// What was answered, read to its end.
struct Answer {
    status: StatusCode,
    /// Where it leads, if it is a redirect.
    leads: Option<Url>,
    body: Vec<u8>,
    certificate_until: Option<Timestamp>,
}

/// Asks for the page, and whether it is as it has to be. Until when the certificate holds that ends first of those that were shown on the way.
pub(super) async fn ask(reach: &Reach, probe: &Probe) -> Result<Option<Timestamp>, String> {
    let mut url: Url = probe.target.parse().map_err(|error: url::ParseError| error.to_string())?;
    let mut until = None;
    let follows = probe.status.is_none_or(|status| !(300..400).contains(&status));
    for _ in 0..=REDIRECTS {
        let answer = get(reach, &url, patience(probe)).await?;
        until = [until, answer.certificate_until].into_iter().flatten().min();
        if follows && let Some(leads) = answer.leads {
            url = leads;
            continue;
        }
        expect(probe, &answer, &url)?;
        return Ok(until);
    }
    Err(format!("it leads from one address to the next, more than {REDIRECTS} times"))
}

/// Whether an answer is as it has to be; it was given at `url`.
fn expect(probe: &Probe, answer: &Answer, url: &Url) -> Result<(), String> {
    let status = answer.status.as_u16();
    let is_expected = probe
        .status
        .map_or_else(|| answer.status.is_success(), |expected| expected == status);
    if !is_expected {
        let expected = probe.status.map_or_else(|| "2xx".to_owned(), |expected| expected.to_string());
        return Err(format!("it answered {status}, and not {expected}"));
    }
    if let Some(expected) = &probe.leads_to {
        let leads = answer.leads.as_ref().unwrap_or(url);
        // As browsers read it: with a path at least, without the port that goes without saying.
        let expected: Url = expected.parse().map_err(|error: url::ParseError| error.to_string())?;
        if !leads.as_str().starts_with(expected.as_str()) {
            return Err(format!("it leads to {}", bare(leads)));
        }
    }
    match &probe.text {
        Some(text) if !String::from_utf8_lossy(&answer.body).contains(text.as_str()) => Err(format!("the page lacks `{text}`")),
        _ => Ok(()),
    }
}

/// An address without what may be a secret in it.
fn bare(url: &Url) -> &str {
    &url[..url::Position::AfterPath]
}

async fn get(reach: &Reach, url: &Url, within: Duration) -> Result<Answer, String> {
    let host = url.host_str().ok_or("the address names no host")?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default().ok_or("it leads to what is no page of the web")?;
    let stream = reach.connect(host, port, within).await.map_err(|error| reasons(&error))?;
    if url.scheme() == "http" {
        return exchange(Stream::Http(TokioIo::new(stream)), url, None).await;
    }
    let secured = reach.secure(host, stream).await.map_err(|error| reasons(&error))?;
    let until = certificate_until(&secured);
    exchange(Stream::Https(TokioIo::new(secured)), url, until).await
}

/// What the one client of this server speaks over too: it is compiled once.
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

async fn exchange(stream: Stream, url: &Url, certificate_until: Option<Timestamp>) -> Result<Answer, String> {
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let request = Request::get(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(HOST, authority)
        .header(ACCEPT, "*/*")
        .header(CONNECTION, "close")
        .header(USER_AGENT, concat!("Umleitung/", env!("CARGO_PKG_VERSION"), " (probe)"))
        .body(Body::empty())
        .map_err(|error| error.to_string())?;
    let (mut sender, connection) = http1::handshake(stream).await.map_err(|error| reasons(&error))?;
    let exchange = async move {
        let response = sender.send_request(request).await.map_err(|error| reasons(&error))?;
        read(response, url, certificate_until).await
    };
    // The connection moves only while it is looked after; what is left of it ends with the answer.
    let mut connection = std::pin::pin!(connection);
    let mut exchange = std::pin::pin!(exchange);
    tokio::select! {
        answer = &mut exchange => answer,
        _ = &mut connection => exchange.await,
    }
}

async fn read(response: Response<Incoming>, url: &Url, certificate_until: Option<Timestamp>) -> Result<Answer, String> {
    let (head, body) = response.into_parts();
    let leads = head.headers.get(LOCATION).filter(|_| head.status.is_redirection());
    let leads = leads.and_then(|value| url.join(value.to_str().ok()?).ok());
    let (mut body, mut read) = (body, Vec::new());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| reasons(&error))?;
        read.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
        if read.len() > LARGEST {
            break;
        }
    }
    Ok(Answer {
        status: head.status,
        leads,
        body: read,
        certificate_until,
    })
}
