//! Connections that are of no use to anybody: silent, half a request, a body that does not come, readers who do not read. They hold up
//! neither visitors nor the end of the server.

use std::{net::SocketAddr, time::Duration};

use domain::access::Role;
use reqwest::{Client, Method};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::support::{
    binary::{self, Process},
    listener::{Listener, PATIENCE},
    outage,
    server::TestServer,
};

/// Within what a server that is to stop has to be gone: a supervisor kills it after ten seconds or more.
const FEW_SECONDS: Duration = Duration::from_secs(8);

const STREAM: &str = "GET /p/musterstadt/events HTTP/1.1\r\nHost: a.example\r\n\r\n";
const READ: &str = "GET /p/musterstadt/state.json HTTP/1.1\r\nHost: a.example\r\n\r\n";

/// Beginnings of requests that never go on, none of which is worth waiting for.
const HALVES: [&str; 8] = [
    "",
    "G",
    "\r\n",
    "GET /p/musterstadt/state.json HTTP/1.1\r\nHost: a.exa",
    "GET /p/musterstadt/state.json HTTP/1.1\r\nHost: a.example\r\n",
    "POST /api/v1/session HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n",
    "PRI * HTTP/2.0\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
];

fn address(base: &str) -> SocketAddr {
    base.strip_prefix("http://").unwrap().parse().unwrap()
}

async fn connect(base: &str, beginning: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address(base)).await.unwrap();
    stream.write_all(beginning.as_bytes()).await.unwrap();
    stream
}

/// Connects from an address of this machine of one's own choice.
async fn connect_from(source: &str, base: &str, beginning: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{source}:0").parse().unwrap()).unwrap();
    let mut stream = socket.connect(address(base)).await.unwrap();
    stream.write_all(beginning.as_bytes()).await.unwrap();
    stream
}

/// What comes first; empty: the connection was closed without a word.
async fn first_bytes(stream: &mut TcpStream) -> String {
    let mut buffer = vec![0; 64];
    let read = timeout(PATIENCE, stream.read(&mut buffer))
        .await
        .expect("nothing came")
        .unwrap_or(0);
    String::from_utf8_lossy(&buffer[..read]).into_owned()
}

/// Returns once the server has closed it, with all that it said before.
async fn closed(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    // A reset is an end too.
    let _ = timeout(2 * PATIENCE, stream.read_to_end(&mut all))
        .await
        .expect("the connection stays open");
    String::from_utf8_lossy(&all).into_owned()
}

async fn is_open(stream: &mut TcpStream) -> bool {
    let mut buffer = [0; 4_096];
    loop {
        match stream.try_read(&mut buffer) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::WouldBlock,
        }
    }
}

/// A read by somebody who has just come.
async fn visit(base: &str, path: &str) -> u16 {
    let visit = Client::new().get(format!("{base}{path}")).timeout(PATIENCE).send();
    visit.await.unwrap_or_else(|error| panic!("{path}: {error}")).status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_ends_within_seconds_whoever_is_connected() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(folder.path(), &["--demo"]);
    let token = binary::succeed(folder.path(), &["token", "create", "publisher", "--role", "publisher"]);
    let token = token.trim();
    let mut held = Vec::new();
    for half in HALVES {
        held.push(connect(&server.base, half).await);
    }
    for body in ["{", "{\"kind\": \"outage\"", ""] {
        let slow = format!(
            "POST /api/v1/notices HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{body}"
        );
        held.push(connect(&server.base, &slow).await);
    }
    let chunked = format!(
        "POST /api/v1/notices HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{{"
    );
    held.push(connect(&server.base, &chunked).await);
    for _ in 0..20 {
        // These never read a byte.
        held.push(connect(&server.base, STREAM).await);
    }
    let mut kept = connect(&server.base, READ).await;
    assert!(first_bytes(&mut kept).await.starts_with("HTTP/1.1 200"));
    let mut reader = Listener::new(reqwest::get(format!("{}/p/musterstadt/events", server.base)).await.unwrap());
    assert!(reader.next().await.is_some());
    let mut told = connect(&server.base, STREAM).await;
    assert!(first_bytes(&mut told).await.starts_with("HTTP/1.1 200"));
    let response = Client::new()
        .post(format!("{}/api/v1/notices", server.base))
        .bearer_auth(token)
        .json(&outage("kfz-zulassung", "Vor dem Ende"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 201);
    let status = timeout(FEW_SECONDS, server.end()).await.expect("the server does not end");
    assert!(status.success(), "{status}");
    let last = closed(&mut told).await;
    let end: String = last.chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
    assert!(
        end.contains("retry: "),
        "the last word of a stream says when to come again: {end:?}"
    );
    assert!(last.ends_with("0\r\n\r\n"), "and the stream ends in good order: {end:?}");
    let exported = binary::succeed(folder.path(), &["journal", "export"]);
    assert_eq!(exported.matches("Vor dem Ende").count(), 1);
    binary::succeed(folder.path(), &["journal", "verify"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_few_descriptors_useless_connections_make_room_for_visitors() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve_within("--nofile=64", folder.path(), &["--demo"]);
    let token = binary::succeed(folder.path(), &["token", "create", "publisher", "--role", "publisher"]);
    let mut held = Vec::new();
    for round in 0..20 {
        for half in HALVES.into_iter().chain([READ]) {
            held.push(connect(&server.base, half).await);
        }
        assert_eq!(visit(&server.base, "/p/musterstadt/state.json").await, 200);
        assert_eq!(visit(&server.base, "/readyz").await, 200);
        let response = Client::new()
            .post(format!("{}/api/v1/notices", server.base))
            .bearer_auth(token.trim())
            .json(&outage("kfz-zulassung", &format!("Runde {round}.")))
            .timeout(PATIENCE)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 201);
    }
    let exported = binary::succeed(folder.path(), &["journal", "export"]);
    for round in 0..20 {
        assert_eq!(exported.matches(&format!("Runde {round}.")).count(), 1);
    }
    assert!(server.end().await.success());
    binary::succeed(folder.path(), &["journal", "verify"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_address_holds_leaves_room_for_others_unless_it_speaks_for_many() {
    const CROWD: usize = 300;
    for (arguments, all_are_served) in [(vec!["--demo"], false), (vec!["--demo", "--trusted-proxy", "127.0.0.2"], true)] {
        let folder = tempfile::tempdir().unwrap();
        // 360 connections in all, 270 from one address.
        let server = Process::serve_within("--nofile=400", folder.path(), &arguments);
        let mut crowd = Vec::new();
        for _ in 0..CROWD {
            crowd.push(connect_from("127.0.0.2", &server.base, STREAM).await);
        }
        let mut served = 0;
        for stream in &mut crowd {
            let answer = first_bytes(stream).await;
            served += usize::from(answer.starts_with("HTTP/1.1 200"));
            assert!(
                answer.is_empty() || answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.1 503"),
                "{answer}"
            );
        }
        assert_eq!(served == CROWD, all_are_served, "{served} of {CROWD} with {arguments:?}");
        assert!(served >= 256, "many may share an address, but only {served} were served");
        let mut visitor = connect_from("127.0.0.3", &server.base, READ).await;
        assert!(first_bytes(&mut visitor).await.starts_with("HTTP/1.1 200"));
        let mut listener = connect_from("127.0.0.3", &server.base, STREAM).await;
        assert!(first_bytes(&mut listener).await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_has_a_limit_and_listening_has_none() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let base = server.url("");
    let mut halves = Vec::new();
    for half in HALVES {
        for _ in 0..20 {
            halves.push(connect(&base, half).await);
        }
    }
    let mut kept = connect(&base, READ).await;
    assert!(first_bytes(&mut kept).await.starts_with("HTTP/1.1 200"));
    let mut listener = server.listen().await;
    listener.until(|state| state["portal"] == "musterstadt").await;
    // A page that asks anew every half minute keeps its connection.
    for instant in ["2026-05-04T08:00:35Z", "2026-05-04T08:01:10Z", "2026-05-04T08:01:45Z"] {
        server.clock.set(instant);
        if instant == "2026-05-04T08:00:35Z" {
            for half in &mut halves {
                assert!(!closed(half).await.starts_with("HTTP/1.1 200"));
            }
        }
        assert!(is_open(&mut kept).await, "at {instant}");
        kept.write_all(READ.as_bytes()).await.unwrap();
        assert!(first_bytes(&mut kept).await.starts_with("HTTP/1.1 200"), "at {instant}");
    }
    server.clock.set("2026-05-04T08:30:00Z");
    closed(&mut kept).await;
    server.post("/api/v1/notices", &outage("kfz-zulassung", "Nach langer Stille")).await;
    listener
        .until(|state| state["notices"][0]["title"]["de"] == "Nach langer Stille")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_has_to_come_in_time() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let before = server.journal_length().await;
    let token = server.token(Role::Publisher);
    let body = outage("kfz-zulassung", "Zu langsam").to_string();
    let mut slow = Vec::new();
    for (path, method) in [
        ("/api/v1/notices", "POST"),
        ("/api/v1/preview", "POST"),
        ("/api/v1/notices/2026-0001", "PATCH"),
    ] {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: a.example\r\nIf-Match: \"1\"\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len() + 1
        );
        // All but the last byte.
        slow.push(connect(&server.url(""), &format!("{head}{body}")).await);
    }
    for stream in &mut slow {
        let answer = closed(stream).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        let (_, problem) = answer.split_once("\r\n\r\n").unwrap();
        let problem: Value = serde_json::from_str(problem).unwrap();
        assert_eq!(problem["status"], 408);
    }
    assert_eq!(server.journal_length().await, before);
    let response = server
        .request(Role::Publisher, Method::POST, "/api/v1/notices")
        .body(body)
        .header("content-type", "application/json");
    assert_eq!(response.send().await.unwrap().status(), 201);
}
