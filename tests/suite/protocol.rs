//! What every answer holds, and what is refused before anything is answered.

use domain::access::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::support::{binary, listener::PATIENCE, outage, server::TestServer};

/// Sends bytes as they are, and returns all that comes until the connection is closed.
async fn send(server: &TestServer, bytes: &str) -> String {
    let base = server.url("");
    let mut stream = TcpStream::connect(base.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer))
        .await
        .expect("the connection stays open")
        .unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_one_host_and_ends_its_lines() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let sound = [
        "Host: a.example\r\nConnection: close\r\n\r\n",
        "host:a.example:8080\r\nConnection: close\r\n\r\n",
        "Host: [::1]:8080\r\nConnection: close\r\n\r\n",
    ];
    let faulty = [
        "Connection: close\r\n\r\n",
        "Host: a.example\r\nHost: a.example\r\n\r\n",
        "Host: a.example\r\nX: y\r\nhost: b.example\r\n\r\n",
        "Host:\r\n\r\n",
        "Host: a.example, b.example\r\n\r\n",
        "Host: a.example/x\r\n\r\n",
        "Host: a.example:65536\r\n\r\n",
        "Host: a.example:http\r\n\r\n",
        "Host: :8080\r\n\r\n",
        "Host: ::1\r\n\r\n",
        "Host: [::1\r\n\r\n",
        "Host: a%00b\r\n\r\n",
        "Host: user@a.example\r\n\r\n",
        "Host: a.example\n\n",
        "Host: a.example\n\r\n",
        "Host: a.example\r\nX: y\n\r\n",
        "Host: a.example\r\n\n",
    ];
    for path in [
        "/p/musterstadt/state.json",
        "/p/musterstadt/",
        "/healthz",
        "/nowhere",
        "/umleitung.js",
        "/admin/",
        "/admin/office",
        "/admin/registry",
    ] {
        for head in sound {
            let answer = send(&server, &format!("GET {path} HTTP/1.1\r\n{head}")).await;
            assert!(
                answer.starts_with("HTTP/1.1 200") || path == "/nowhere",
                "{path} {head:?}: {answer}"
            );
        }
        for head in faulty {
            let answer = send(&server, &format!("GET {path} HTTP/1.1\r\n{head}")).await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{path} {head:?}: {answer}");
        }
        let bare = send(&server, &format!("GET {path} HTTP/1.1\nHost: a.example\r\n\r\n")).await;
        assert!(bare.starts_with("HTTP/1.1 400"), "{path}: {bare}");
        let old = send(&server, &format!("GET {path} HTTP/1.0\r\n\r\n")).await;
        assert!(old.starts_with("HTTP/1.0 200") || path == "/nowhere", "{path}: {old}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_taken_for_something_else_and_no_page_is_framed() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let id = server.post("/api/v1/notices", &outage("kfz-zulassung", "Störung")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let permanent = format!("/p/musterstadt/notices/{id}");
    let framed_nowhere = [
        "/p/musterstadt/",
        "/p/musterstadt/history",
        permanent.as_str(),
        "/p/musterstadt/nowhere",
        "/nowhere",
        "/admin/",
        "/admin/office",
        "/admin/registry",
    ];
    let others = [
        "/umleitung.js",
        "/p/musterstadt/umleitung.js",
        "/p/musterstadt/state.json",
        "/p/musterstadt/events",
        "/p/musterstadt/worker.js",
        "/p/musterstadt/fallback.html",
        "/p/musterstadt/503.html",
        "/p/musterstadt/fragment.html",
        "/p/musterstadt/hint.json",
        "/p/musterstadt/sample.json",
        "/p/atlantis/state.json",
        "/schema/state-v1.json",
        "/healthz",
        "/readyz",
        "/demo/",
        "/api/v1/notices",
    ];
    for path in framed_nowhere.into_iter().chain(others) {
        let response = server.get(path).await;
        let headers = response.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["date"], "Mon, 04 May 2026 08:00:00 GMT", "{path}");
        if framed_nowhere.contains(&path) {
            let policy = headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_the_last_entry_there_is_none() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let length = server.journal_length().await as u64;
    for after in [length, length + 1, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX] {
        let path = format!("/api/v1/journal?after={after}");
        let page: Value = server
            .request(Role::Viewer, Method::GET, &path)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(page["entries"], json!([]), "{after}");
        assert_eq!(page["next"], Value::Null, "{after}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_asks_for_no_place_in_the_journal_is_a_problem_that_names_it() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    for (query, said) in [
        ("after=-1", "after"),
        ("after=", "after"),
        ("after=abc", "after"),
        ("after=1.5", "after"),
        ("after=18446744073709551616", "after"),
        ("after=1&after=2", "after"),
        ("since=1", "since"),
    ] {
        let answer = server.request(Role::Viewer, Method::GET, &format!("/api/v1/journal?{query}"));
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{query}");
        let problem: Value = answer.json().await.unwrap();
        assert!(problem["detail"].as_str().unwrap().contains(said), "{query}: {problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_matches_any_revision_edits_the_present_one() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let id = server.post("/api/v1/notices", &outage("kfz-zulassung", "Störung")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for (seen, title, status) in [
        ("*", "Eins", 200),
        ("\"1\", \"2\"", "Zwei", 200),
        ("\"1\"", "Drei", 412),
        ("\"1\", \"2\"", "Vier", 412),
        ("W/\"3-gzip\"", "Fünf", 200),
        (", \"4\",", "Sechs", 200),
        ("\"x\"", "Sieben", 412),
    ] {
        let edit = server
            .request(Role::Publisher, Method::PATCH, &format!("/api/v1/notices/{id}"))
            .header("if-match", seen)
            .json(&json!({"title": {"de": title}}));
        assert_eq!(edit.send().await.unwrap().status(), status, "{seen}");
    }
}

#[test]
fn an_address_that_is_none_of_the_web_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody can listen there: a server that takes the address ends all the same, and says something else.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for address in [
        "notices.example",
        "javascript:alert(1)",
        "ftp://notices.example",
        "https://notices.example/?a",
        "https://@notices.example",
        "https://*.example",
        "http://0.0.0.0:8080",
        "",
    ] {
        let said = binary::fail(folder.path(), &["serve", "--listen", &taken, "--public-url", address]);
        assert!(said.contains("--public-url"), "{address}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_capital_letters_is_as_safe() {
    let folder = tempfile::tempdir().unwrap();
    let server = binary::Process::serve(folder.path(), &["--public-url", "HTTPS://Notices.Example/"]);
    assert!(
        server.greeting.contains("https://notices.example/admin/#setup="),
        "{}",
        server.greeting
    );
}
