//! What all answers of the management API have in common, and from which pages it is asked.

use std::{collections::BTreeSet, path::Path};

use api::{Problem, ProblemKind};
use domain::access::Role;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::support::{
    binary::{self, Process},
    server::TestServer,
};

const PASSWORD: &str = "Kranich im Nebel, 3 Uhr";

const PATHS: [&str; 14] = [
    "/api",
    "/api/v1",
    "/api/v1/",
    "/api/v2/nothing.json",
    "/api/v1/session",
    "/api/v1/setup",
    "/api/v1/catalogue",
    "/api/v1/notices",
    "/api/v1/notices/2026-0001",
    "/api/v1/notices/2026-0001/updates",
    "/api/v1/notices/2026-0001/publish",
    "/api/v1/preview",
    "/api/v1/journal",
    "/api/v1/nothing",
];

/// By its kind a program, and the admin page, know what to make of a refusal.
#[tokio::test]
async fn each_refusal_is_of_a_kind() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let mut kinds = BTreeSet::new();
    let mut note = async |request: RequestBuilder, what: &str| {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        if status < 400 {
            return;
        }
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{what}");
        let problem: Problem = response.json().await.unwrap();
        assert!(ProblemKind::ALL.contains(&problem.kind), "{what}: {problem:?}");
        assert_eq!(
            (problem.status, problem.kind.status(), problem.title.as_str()),
            (status, status, problem.kind.title()),
            "{what}"
        );
        kinds.insert(problem.kind.urn());
    };
    for path in PATHS {
        for method in ["GET", "POST", "PATCH", "PUT", "DELETE", "BREW"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let what = format!("{method} {path}");
            note(server.anonymous(method.clone(), path), &what).await;
            note(
                server.anonymous(method.clone(), path).json(&json!({"name": "x", "password": "y"})),
                &what,
            )
            .await;
            for role in Role::ALL {
                note(server.request(role, method.clone(), path).json(&json!({})), &what).await;
                let half = server
                    .request(role, method.clone(), path)
                    .header("content-type", "application/json");
                note(half.body("{"), &what).await;
                note(
                    server
                        .request(role, method.clone(), path)
                        .header("idempotency-key", "")
                        .json(&json!({})),
                    &what,
                )
                .await;
            }
        }
    }
    assert!(kinds.len() >= 10, "{kinds:?}");
}

#[tokio::test]
async fn no_cache_keeps_an_answer_of_the_management_api() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let is_stored_nowhere = async |request: RequestBuilder, what: &str| {
        let response = request.send().await.unwrap();
        let cache = response.headers().get_all("cache-control").iter().collect::<Vec<_>>();
        assert_eq!(cache, ["no-store"], "{what}: {}", response.status());
    };
    for path in PATHS {
        for method in ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "BREW"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let what = format!("{method} {path}");
            is_stored_nowhere(server.anonymous(method.clone(), path), &what).await;
            is_stored_nowhere(server.request(Role::Admin, method.clone(), path).json(&json!({})), &what).await;
        }
    }
    let long = server
        .request(Role::Admin, Method::POST, "/api/v1/preview")
        .header("content-type", "application/json")
        .body(vec![b' '; 3_000_000]);
    is_stored_nowhere(long, "a body that is too long").await;
    let made = server
        .request(Role::Publisher, Method::POST, "/api/v1/notices")
        .json(&super::support::outage("wohngeld", "x"));
    is_stored_nowhere(made, "201").await;
}

fn add(folder: &Path) {
    let added = binary::run(
        folder,
        &["user", "add", "ada", "--role", "publisher", "--password-stdin"],
        &format!("{PASSWORD}\n"),
    );
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
}

fn sign_in(base: &str) -> RequestBuilder {
    Client::new()
        .post(format!("{base}/api/v1/session"))
        .json(&json!({"name": "ada", "password": PASSWORD}))
}

/// Signs in and returns name and value of the session's cookie.
async fn session_cookie(base: &str) -> (String, String) {
    let response = sign_in(base).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let cookies = response.headers().get_all("set-cookie").iter();
    let cookie = cookies
        .map(|cookie| cookie.to_str().unwrap())
        .find(|cookie| cookie.contains("session"))
        .unwrap();
    assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
    let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
    assert_eq!(name.starts_with("__Host-"), cookie.contains("; Secure"), "{cookie}");
    (name.to_owned(), value.to_owned())
}

/// Who these cookies say somebody is; `None`: nobody.
async fn signed_in_by(base: &str, cookies: &[u8]) -> Option<String> {
    let request = Client::new()
        .get(format!("{base}/api/v1/session"))
        .header("cookie", reqwest::header::HeaderValue::from_bytes(cookies).unwrap());
    let response = request.send().await.unwrap();
    match response.status() {
        StatusCode::UNAUTHORIZED => None,
        status => {
            assert_eq!(status, StatusCode::OK);
            let me: Value = response.json().await.unwrap();
            Some(me["name"].as_str().unwrap().to_owned())
        }
    }
}

#[tokio::test]
async fn cookies_of_neighbours_do_not_hide_a_session() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path());
    let server = Process::serve(folder.path(), &[]);
    let (name, value) = session_cookie(&server.base).await;
    assert_eq!(name, "umleitung_session");
    let ours = format!("{name}={value}");
    for before in [
        "",
        "umleitung_session=theirs; ",
        "umleitung_session=; ",
        "umleitung_session; ",
        "umleitung_session=a; umleitung_session=b; umleitung_session=c; ",
        "a=b; ",
        "; ; ",
    ] {
        let cookies = format!("{before}{ours}");
        assert_eq!(
            signed_in_by(&server.base, cookies.as_bytes()).await.as_deref(),
            Some("ada"),
            "{cookies}"
        );
        let cookies = format!("{ours}; {before}");
        assert_eq!(
            signed_in_by(&server.base, cookies.as_bytes()).await.as_deref(),
            Some("ada"),
            "{cookies}"
        );
    }
    let other_bytes = [b"theirs=\xe4\xff; ".as_slice(), ours.as_bytes()].concat();
    assert_eq!(signed_in_by(&server.base, &other_bytes).await.as_deref(), Some("ada"));
    assert_eq!(signed_in_by(&server.base, b"umleitung_session=theirs").await, None);
    // Signing out ends the session, whatever stands in front of it.
    let out = Client::new()
        .delete(format!("{}/api/v1/session", server.base))
        .header("cookie", format!("umleitung_session=theirs; {ours}"));
    assert_eq!(out.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(signed_in_by(&server.base, ours.as_bytes()).await, None);
}

#[tokio::test]
async fn over_tls_no_neighbour_can_set_our_cookie_and_no_page_without_tls_is_ours() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path());
    let server = Process::serve(folder.path(), &["--public-url", "https://notices.example"]);
    let (name, value) = session_cookie(&server.base).await;
    assert_eq!(name, "__Host-umleitung_session");
    assert_eq!(
        signed_in_by(&server.base, format!("{name}={value}").as_bytes()).await.as_deref(),
        Some("ada")
    );
    assert_eq!(
        signed_in_by(&server.base, format!("umleitung_session={value}").as_bytes()).await,
        None
    );
    for (host, origins, status) in [
        ("notices.example", &["https://notices.example"][..], StatusCode::OK),
        ("notices.example", &["https://notices.example:443"], StatusCode::OK),
        ("notices.example", &["http://notices.example"], StatusCode::FORBIDDEN),
        ("notices.example", &["ftp://notices.example"], StatusCode::FORBIDDEN),
        ("notices.example", &["https://notices.example:444"], StatusCode::FORBIDDEN),
        ("notices.example", &["https://neighbour.example"], StatusCode::FORBIDDEN),
        ("notices.example", &["null"], StatusCode::FORBIDDEN),
        (
            "notices.example",
            &["https://notices.example", "https://evil.example"],
            StatusCode::FORBIDDEN,
        ),
        ("notices.example", &["https://n\u{f6}tices.example"], StatusCode::FORBIDDEN),
        ("127.0.0.1", &["http://127.0.0.1"], StatusCode::FORBIDDEN),
    ] {
        let request = origins.iter().fold(sign_in(&server.base).header("host", host), |request, origin| {
            request.header("origin", origin.as_bytes())
        });
        assert_eq!(request.send().await.unwrap().status(), status, "{origins:?}");
        if status == StatusCode::FORBIDDEN {
            let request = Client::new()
                .post(format!("{}/api/v1/preview", server.base))
                .header("host", host)
                .header("cookie", format!("{name}={value}"))
                .json(&json!({}));
            let request = origins
                .iter()
                .fold(request, |request, origin| request.header("origin", origin.as_bytes()));
            assert_eq!(request.send().await.unwrap().status(), status, "{origins:?}");
        }
    }
    for site in ["cross-site", "same-site", "\u{e4}"] {
        let request = sign_in(&server.base).header("sec-fetch-site", site.as_bytes());
        assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{site}");
    }
}

/// What is long travels packed to whoever takes it so; whoever does not gets it as it is.
#[tokio::test]
async fn long_answers_are_packed_for_whoever_takes_them_so() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let read = async |path: &str, accepts: Option<&str>| {
        let mut request = server.request(Role::Admin, Method::GET, path);
        if let Some(accepts) = accepts {
            request = request.header("accept-encoding", accepts);
        }
        request.send().await.unwrap()
    };
    let plain = read("/api/v1/catalogue", None).await;
    assert!(!plain.headers().contains_key("content-encoding"));
    assert_eq!(plain.headers()["vary"], "Accept-Encoding");
    let plain = plain.bytes().await.unwrap();
    let packed = read("/api/v1/catalogue", Some("gzip, br")).await;
    assert_eq!(packed.headers()["content-encoding"], "br");
    assert_eq!(packed.headers()["cache-control"], "no-store");
    let packed = packed.bytes().await.unwrap();
    assert!(packed.len() * 3 < plain.len(), "{} of {}", packed.len(), plain.len());
    let refused = read("/api/v1/catalogue", Some("br;q=0, gzip")).await;
    assert_eq!(refused.bytes().await.unwrap(), plain);
    // What fits into one packet gains nothing, and a refusal is read by people.
    for path in ["/api/v1/session", "/api/v1/notices/2026-9999"] {
        let short = read(path, Some("br")).await;
        assert!(!short.headers().contains_key("content-encoding"), "{path}");
    }
}

/// The pages for staff name in their heads what they will need; what only somebody signed in may read, to nobody else.
#[tokio::test]
async fn a_page_for_staff_names_what_it_needs_first() {
    let folder = tempfile::tempdir().unwrap();
    binary::run(
        folder.path(),
        &["user", "add", "ada", "--role", "admin", "--password-stdin"],
        PASSWORD,
    );
    let server = Process::serve(folder.path(), &["--demo"]);
    let (name, value) = session_cookie(&server.base).await;
    for page in ["", "office", "registry"] {
        let address = format!("{}/admin/{page}", server.base);
        let links = async |cookie: Option<String>| {
            let mut request = Client::new().get(&address);
            if let Some(cookie) = cookie {
                request = request.header("cookie", cookie);
            }
            let answer = request.send().await.unwrap();
            let links = answer.headers().get_all("link").iter();
            links.map(|link| link.to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let stranger = links(None).await;
        assert_eq!(stranger.len(), 1, "{stranger:?}");
        let (program, how) = stranger[0].strip_prefix('<').unwrap().split_once(">; ").unwrap();
        assert_eq!(how, "rel=preload; as=fetch; crossorigin=anonymous; type=\"application/wasm\"");
        let wasm = Client::new().get(format!("{}{program}", server.base)).send().await.unwrap();
        assert_eq!(wasm.headers()["content-type"], "application/wasm", "{program}");
        let signed_in = links(Some(format!("{name}={value}"))).await;
        assert_eq!(signed_in[0], stranger[0]);
        for (link, (call, query)) in signed_in[1..].iter().zip(api::FIRST_ASKED) {
            let expected = if query.is_empty() {
                call.path().with(&[])
            } else {
                format!("{}?{query}", call.path().with(&[]))
            };
            assert_eq!(*link, format!("<{expected}>; rel=preload; as=fetch; crossorigin=anonymous"));
        }
        assert_eq!(signed_in.len(), 1 + api::FIRST_ASKED.len());
        // A session that is over is nobody's.
        assert_eq!(links(Some(format!("{name}=made-up"))).await, stranger);
    }
}
