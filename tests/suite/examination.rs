//! Whether a portal embeds the notices as it is to: its pages are read, and what is in the way is told, page by page.

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use reqwest::Client;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::support::binary::{self, Process};

/// The pages of a portal, by path: the policy in the header, and the source, in which `{base}` is the notice server.
const PAGES: &[(&str, &str, &str)] = &[
    ("", "", "<script async src='{base}/p/town/umleitung.js'></script>"),
    (
        "fine",
        "default-src 'self'; script-src {base} 'wasm-unsafe-eval'; connect-src {base}",
        "<script src='{base}/p/town/umleitung.js'></script>",
    ),
    ("none", "", "<p>Willkommen</p>"),
    ("other", "", "<script src='{base}/p/county/umleitung.js'></script>"),
    (
        "twice",
        "",
        "<script src='{base}/p/town/umleitung.js'></script><script src='{base}/umleitung.js' data-portal=town></script>",
    ),
    (
        "old",
        "",
        "<script src='{base}/umleitung.js' data-portal=town crossorigin=anonymous integrity='sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC'></script>",
    ),
    (
        "blind",
        "",
        "<script src='{base}/umleitung.js' data-portal=town integrity='sha384-x'></script>",
    ),
    ("strict", "default-src 'self'", "<script src='{base}/p/town/umleitung.js'></script>"),
    (
        "meta",
        "",
        "<meta http-equiv=content-security-policy content=\"script-src {base}\"><script src='{base}/p/town/umleitung.js'></script>",
    ),
    (
        "elsewhere",
        "",
        "<script src='{base}/umleitung.js' data-portal=town data-server=https://other.example></script>",
    ),
    ("broken", "", "<script src='{base}/healthz/umleitung.js' data-portal=town></script>"),
];

async fn page(State(base): State<String>, Path(path): Path<String>) -> Response {
    let Some((_, policy, html)) = PAGES.iter().find(|(known, ..)| *known == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut headers = HeaderMap::new();
    if !policy.is_empty() {
        let value = HeaderValue::from_str(&policy.replace("{base}", &base)).unwrap();
        headers.insert(HeaderName::from_static("content-security-policy"), value);
    }
    (headers, Html(html.replace("{base}", &base))).into_response()
}

struct Site {
    process: Process,
    token: String,
    _data: TempDir,
}

impl Site {
    /// A server whose portal has its pages at this address.
    fn start(home: &str, arguments: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let rules = PAGES
            .iter()
            .skip(1)
            .map(|(path, ..)| format!("[[portal.page]]\nat = \"/{path}*\"\nservices = [\"cars\"]\n"));
        let rules: String = rules.collect();
        let catalogue = format!(
            "[[portal]]\nid = \"town\"\nname = {{ de = \"Musterstadt\" }}\nissuer = {{ de = \"Stadt\" }}\nlanguages = [\"de\"]\ntime_zone = \"Europe/Berlin\"\n\
             services = [\"cars\"]\nlinks = {{ home = \"{home}/\", imprint = \"{home}/\", privacy = \"{home}/\", accessibility = \"{home}/\", feedback = \"{home}/\" }}\n\
             {rules}[[service]]\nid = \"cars\"\nname = {{ de = \"Kfz\" }}\n"
        );
        let file = data.path().join("catalogue.toml");
        std::fs::write(&file, catalogue).unwrap();
        binary::succeed(data.path(), &["catalogue", "apply", file.to_str().unwrap()]);
        let token = binary::succeed(data.path(), &["token", "create", "admin", "--role", "admin"]);
        Self {
            process: Process::serve(data.path(), arguments),
            token: token.trim().to_owned(),
            _data: data,
        }
    }

    async fn examined(&self) -> Value {
        let request = Client::new().post(format!("{}/api/v1/portals/town/examination", self.process.base));
        let answer = request.bearer_auth(&self.token).json(&Value::Null).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }
}

/// What is in the way on each page, by the path of the page.
fn told(examined: &Value, home: &str) -> BTreeMap<String, Vec<String>> {
    let pages = examined["pages"].as_array().unwrap().iter();
    let kinds = |page: &Value| {
        let findings = page["findings"].as_array().unwrap().iter();
        findings.map(|finding| finding["kind"].as_str().unwrap().to_owned()).collect()
    };
    pages
        .map(|page| (page["address"].as_str().unwrap().replace(&format!("{home}/"), ""), kinds(page)))
        .collect()
}

#[tokio::test]
async fn each_page_is_told_with_what_is_in_its_way() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let home = format!("http://{}", listener.local_addr().unwrap());
    let site = Site::start(&home, &["--portal-allow", "127.0.0.0/8"]);
    let routes = Router::new()
        .route("/{*path}", get(page))
        .route("/", get(async |base| page(base, Path(String::new())).await))
        .with_state(site.process.base.clone());
    let web = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    let examined = site.examined().await;
    let expected: [(&str, &[&str]); 11] = [
        ("", &[]),
        ("fine", &[]),
        ("none", &["no_tag"]),
        ("other", &["other_portal"]),
        ("twice", &["doubled"]),
        ("old", &["pinned_to_another"]),
        ("blind", &["pinned_without_origin"]),
        ("strict", &["script_refused", "web_assembly_refused", "connection_refused"]),
        ("meta", &["web_assembly_refused"]),
        ("elsewhere", &["other_server"]),
        ("broken", &["other_server", "status"]),
    ];
    let expected: BTreeMap<String, Vec<String>> = expected
        .into_iter()
        .map(|(path, kinds)| (path.to_owned(), kinds.iter().map(ToString::to_string).collect()))
        .collect();
    assert_eq!(told(&examined, &home), expected, "{examined:#}");
    web.abort();
    let _ended = web.await;
    let down = told(&site.examined().await, &home);
    assert!(down.values().all(|kinds| kinds == &["unreachable"]), "{down:?}");
}

#[tokio::test]
async fn nobody_looks_into_a_network_that_is_closed_and_a_server_that_looks_at_nothing_says_so() {
    let site = Site::start("http://127.0.0.1:9", &["--portal-allow", "10.0.0.0/8"]);
    let closed = told(&site.examined().await, "http://127.0.0.1:9");
    assert!(closed.values().all(|kinds| kinds == &["not_allowed"]), "{closed:?}");
    let site = Site::start("http://127.0.0.1:9", &[]);
    let nothing = site.examined().await;
    assert_eq!(
        (&nothing["looks"], nothing["pages"].as_array().unwrap().len()),
        (&Value::Bool(false), 0)
    );
}
