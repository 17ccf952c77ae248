//! The way from people to the server: where it listens, the address under which it is known, and what stands between.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use axum::body::Body;
use domain::words::PortalId;
use http_body_util::{BodyExt, Limited};
use hyper::{HeaderMap, Request, StatusCode, body::Bytes, header};
use jiff::SignedDuration;
use serde_json::Value;
use store::clock::Clock;
use tokio::time::timeout;
use url::{Host, Url};

use super::report::{Installation, Report, target};
use crate::{
    reactors::{Client, Connections, Network, Post, client, is_loader, reasons},
    sensors::certificate_shown,
};

/// For how long an answer is waited for. What buffers a stream keeps it for longer.
const PATIENCE: Duration = Duration::from_secs(6);

/// A certificate that ends sooner is not renewed by itself any more: what renews them does so a month before.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

/// No document that is asked for here is larger.
const LARGEST: usize = 4 * 1024 * 1024;

const RESTART: &str = "Start it (systemctl start umleitung); where it does not start, its log says why (journalctl -u umleitung).";

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn says(&self, text: &str) -> bool {
        self.status == StatusCode::OK && &*self.body == text.as_bytes()
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

pub(super) async fn look(installation: &Installation, portal: Option<&PortalId>, clock: Arc<dyn Clock>, report: &mut Report) {
    let client = match client(Network::anywhere(), Connections::Fresh) {
        Ok(client) => client,
        Err(error) => {
            let seen = format!("The system trusts no authority for TLS: {error}");
            return report.fault("trust", seen, "Install the certificates of the authorities (ca-certificates).");
        }
    };
    let near = near(installation);
    let answers = look_near(&client, &near, report).await;
    if let Some(given) = &installation.mirror {
        look_at_mirror(&client, &near, given, portal.filter(|_| answers), report).await;
    }
    match &installation.provider {
        Ok(Some(provider)) => look_at_provider(&client, &provider.issuer, report).await,
        Ok(None) => {}
        Err(error) => report.fault(
            "provider",
            error,
            "Put the secret where the options say it is, readable for this user.",
        ),
    }
    look_at_relay(installation, report).await;
    let Some(public) = &installation.public_url else {
        return report.fault(
            "address",
            "The server does not know under which address people reach it: links in feeds and messages lead to this machine.",
            "Give it: --public-url https://notices.example",
        );
    };
    let Ok(url) = Url::parse(public) else { return };
    let is_here = is_here(&url);
    if url.scheme() == "http" && !is_here {
        report.fault(
            "tls",
            format!(
                "{public} is without TLS: passwords and sessions of staff can be read on the way, and portals with TLS show no notice."
            ),
            "Put a proxy with a certificate in front (docs/proxies), and give its address: --public-url https://…",
        );
    }
    match get(&client, &format!("{public}/healthz")).await {
        Err(error) => report.fault(
            "address",
            format!("{public} does not answer: {error}"),
            "Look at the name (DNS), the certificate and the proxy in front of the server. If only this machine cannot reach it, that is no fault.",
        ),
        Ok(answer) if !answer.says("ok\n") => report.fault(
            "address",
            format!("At {public} answers something else than this server."),
            "See that the proxy hands this address on to the server, all paths of it.",
        ),
        Ok(_) => {
            report.sound("address", format!("{public} answers."));
            look_at_certificate(&url, clock, report).await;
            if answers {
                between(&client, installation, [&near, public], &url, portal, report).await;
            }
        }
    }
}

/// For how long the certificate still holds.
async fn look_at_certificate(url: &Url, clock: Arc<dyn Clock>, report: &mut Report) {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return;
    };
    if url.scheme() != "https" {
        return;
    }
    let now = clock.now();
    // Where it does not hold, the address was said not to answer.
    let Ok(Some(until)) = certificate_shown(host.trim_matches(['[', ']']), port, clock).await else {
        return;
    };
    let seen = format!("The certificate of {host} holds until {until}.");
    if until.duration_since(now) < SOON {
        let remedy = "Have it renewed, and see why that does not happen by itself (systemctl list-timers).";
        report.fault("certificate", seen, remedy);
    } else {
        report.sound("certificate", seen);
    }
}

/// The server itself, whatever is in front of it.
fn near(installation: &Installation) -> String {
    let mut listens = installation.listen;
    match listens.ip() {
        IpAddr::V4(any) if any.is_unspecified() => listens.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(any) if any.is_unspecified() => listens.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    format!("http://{listens}")
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether it runs.
async fn look_near(client: &Client, near: &str, report: &mut Report) -> bool {
    match get(client, &format!("{near}/healthz")).await {
        Err(error) => {
            report.fault("server", format!("Nothing answers at {near}: {error}"), RESTART);
            return false;
        }
        Ok(answer) if !answer.says("ok\n") => {
            let seen = format!("Another program answers at {near}.");
            report.fault("server", seen, "End it, or have this server listen elsewhere: --listen ADDR");
            return false;
        }
        Ok(_) => report.sound("server", format!("It answers at {near}.")),
    }
    match get(client, &format!("{near}/readyz")).await {
        Ok(answer) if answer.says("ready\n") => report.sound("ready", "It says that nothing is wrong with it."),
        Ok(answer) => {
            let said = String::from_utf8_lossy(&answer.body).trim().replace('\n', " ");
            report.fault("ready", said, "The admin page shows more of it to whoever is signed in.");
        }
        Err(error) => report.fault("ready", format!("It does not say how it is: {error}"), RESTART),
    }
    true
}

/// What a proxy makes of the answers.
async fn between(
    client: &Client,
    installation: &Installation,
    bases: [&str; 2],
    url: &Url,
    portal: Option<&PortalId>,
    report: &mut Report,
) {
    let [near, public] = bases;
    // Whatever ends TLS stands in front; without it, what is on the same port is the server itself.
    let is_direct = url.scheme() == "http" && url.port_or_known_default() == Some(installation.listen.port());
    if is_direct {
        return;
    }
    let trusted = &installation.trusted_proxies;
    let is_for_others = !installation.listen.ip().is_loopback();
    if trusted.is_empty() || (is_for_others && trusted.iter().all(|range| range.addr().is_loopback())) {
        report.fault(
            "proxy",
            "Something stands in front of the server, and where it comes from is not trusted: all visitors count as one, who may have only a share of \
             the connections, and guessing of passwords slows everybody.",
            "Name the addresses from which the proxy comes: --trusted-proxy 10.0.0.5, or 127.0.0.1 where it is on this machine.",
        );
    } else {
        report.sound("proxy", "A proxy is trusted to say who asks.");
    }
    let Some(portal) = portal else { return };
    let path = format!("/p/{portal}/umleitung.js");
    let (own, passed) = (
        get(client, &format!("{near}{path}")).await,
        get(client, &format!("{public}{path}")).await,
    );
    match (own, passed) {
        (Ok(own), Ok(passed)) if !is_loader(&passed.body) || own.header(header::CONTENT_TYPE) != passed.header(header::CONTENT_TYPE) => {
            let seen = format!("{public}{path} is not the script that the server answers there.");
            report.fault(
                "loader",
                seen,
                "See that the proxy hands all paths on as they are, and changes nothing in what comes back.",
            );
        }
        (Ok(own), Ok(passed)) if own.header(header::CACHE_CONTROL) != passed.header(header::CACHE_CONTROL) => {
            let seen = format!(
                "On the way, `Cache-Control` of the script turns from `{}` into `{}`: notices come late, or the server is asked too often.",
                own.header(header::CACHE_CONTROL),
                passed.header(header::CACHE_CONTROL)
            );
            report.fault(
                "caching",
                seen,
                "Take the rule for `Cache-Control` or `Expires` out of the proxy for this address.",
            );
        }
        (Ok(_), Ok(_)) => report.sound("loader", "Portals get the script as the server answers it."),
        (_, Err(error)) | (Err(error), _) => report.fault("loader", format!("{path} does not come: {error}"), "Look at the proxy's log."),
    }
    let events = format!("{public}/p/{portal}/events");
    match timeout(PATIENCE, first_of(client, &events)).await {
        Ok(Ok(())) => report.sound("stream", "What is new comes through at once."),
        Ok(Err(error)) => report.fault("stream", format!("{events}: {error}"), "Look at the proxy's log."),
        Err(_) => report.fault(
            "stream",
            format!(
                "Nothing comes of {events} for {} seconds: the proxy keeps it back.",
                PATIENCE.as_secs()
            ),
            "Switch buffering off for it (nginx: `proxy_buffering off`, and do not ignore `X-Accel-Buffering`).",
        ),
    }
}

/// Waits for the first document of a stream.
async fn first_of(client: &Client, address: &str) -> Result<(), String> {
    let request = Request::get(address)
        .header(header::ACCEPT, "text/event-stream")
        .body(Body::empty());
    let response = client.request(request.map_err(|error| error.to_string())?).await;
    let mut response = response.map_err(|error| reasons(&error))?;
    if response.status() != StatusCode::OK {
        return Err(format!("it is answered with {}", response.status().as_u16()));
    }
    // Its beginning may come through a buffer that keeps the rest.
    let mut begun = Vec::new();
    while !has_event(&begun) {
        match response.frame().await {
            Some(Ok(frame)) => begun.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
            Some(Err(error)) => return Err(reasons(&error)),
            None => return Err("it ends at once".to_owned()),
        }
    }
    Ok(())
}

/// Whether the document has come, all of it.
fn has_event(stream: &[u8]) -> bool {
    let text = String::from_utf8_lossy(stream);
    text.split_once("event: state").is_some_and(|(_, event)| event.contains("\n\n"))
}

/// Whether the mirror has what the server says.
async fn look_at_mirror(client: &Client, near: &str, given: &str, portal: Option<&PortalId>, report: &mut Report) {
    const REMEDY: &str = "See that the server is run with this --mirror, may write there, and look at its log.";
    let Some(portal) = portal else { return };
    let path = format!("/p/{portal}/state.json");
    // Looking makes no folder.
    let is_missing = !given.contains("://") && !Path::new(given).is_dir();
    let target = if is_missing {
        Err(format!("There is no folder {given}."))
    } else {
        target(given)
    };
    let target = match target {
        Ok(target) => target,
        Err(error) => return report.fault("mirror", error, REMEDY),
    };
    let revision = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).map(|state| state["revision"].clone()).ok();
    let mut seen = String::new();
    for pause in [0, 2, 4] {
        // What has just been published is on its way.
        tokio::time::sleep(Duration::from_secs(pause)).await;
        seen = match (target.read(&path).await, get(client, &format!("{near}{path}")).await) {
            (Err(error), _) => error.to_string(),
            (Ok(None), _) => format!("{given} has no {path}."),
            (Ok(Some(kept)), Ok(now)) if revision(&kept) != revision(&now.body) => {
                format!("{given} holds something else than the server says.")
            }
            (Ok(Some(_)), _) => return report.sound("mirror", format!("{given} holds what the server says.")),
        };
    }
    report.fault("mirror", seen, REMEDY);
}

/// Whether people can sign in elsewhere.
async fn look_at_provider(client: &Client, issuer: &str, report: &mut Report) {
    const REMEDY: &str =
        "See that the provider runs and that --oidc-issuer is its name to the letter; until then people sign in by name and password.";
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let named = get(client, &address).await.map(|answer| {
        let described: Option<Value> = serde_json::from_slice(&answer.body).ok();
        described.is_some_and(|described| described["issuer"] == issuer)
    });
    match named {
        Ok(true) => report.sound("provider", format!("{issuer} answers.")),
        Ok(false) => report.fault(
            "provider",
            format!("What stands at {address} is not the description of {issuer}."),
            REMEDY,
        ),
        Err(error) => report.fault("provider", format!("{address} does not answer: {error}"), REMEDY),
    }
}

/// Whether mails can be handed over.
async fn look_at_relay(installation: &Installation, report: &mut Report) {
    const REMEDY: &str = "See that --smtp names the relay with its port and its password, and that the relay lets this machine in; until then \
        nobody is told by mail, and what was to be told waits for a day.";
    let post = match installation.relay.clone() {
        Ok(None) => return,
        Ok(Some(relay)) => Post::by(relay).map_err(|error| error.to_string()),
        Err(error) => Err(error),
    };
    let answered = match post {
        Ok(post) => timeout(PATIENCE, post.try_out())
            .await
            .unwrap_or_else(|_| Err(format!("no answer within {} seconds", PATIENCE.as_secs()))),
        Err(error) => Err(error),
    };
    match answered {
        Ok(()) => report.sound("mail", "The relay takes mails."),
        Err(error) => report.fault("mail", format!("Mails cannot be handed over: {error}"), REMEDY),
    }
}

async fn get(client: &Client, address: &str) -> Result<Answer, String> {
    let asking = async {
        let request = Request::get(address).body(Body::empty()).map_err(|error| error.to_string())?;
        let response = client.request(request).await.map_err(|error| reasons(&error))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LARGEST).collect().await.map_err(|error| reasons(&*error))?;
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: body.to_bytes(),
        })
    };
    let answered = timeout(PATIENCE, asking).await;
    answered.unwrap_or_else(|_| Err(format!("no answer within {} seconds", PATIENCE.as_secs())))
}
