//! Guessing passwords: it is slow, it keeps no owner out, and it costs the server a fixed amount of memory.

use std::{
    io::Write,
    net::{IpAddr, Ipv4Addr, TcpStream},
    time::Duration,
};

use futures::{StreamExt, future::join_all, stream::FuturesUnordered};
use reqwest::{Client, Response, StatusCode};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::support::{
    binary::{self, Process},
    server::{TRUSTED_PROXY, TestServer},
};

const PASSWORD: &str = "Kranich im Nebel, 3 Uhr";

/// A client whose requests come from an address of its own.
fn client_at(address: [u8; 4]) -> Client {
    Client::builder()
        .local_address(IpAddr::from(Ipv4Addr::from(address)))
        .cookie_store(true)
        .build()
        .unwrap()
}

async fn sign_in(client: &Client, base: &str, name: &str, password: &str) -> Response {
    let request = client
        .post(format!("{base}/api/v1/session"))
        .json(&json!({"name": name, "password": password}));
    request.send().await.unwrap()
}

fn add(folder: &std::path::Path, name: &str, role: &str) {
    let added = binary::run(
        folder,
        &["user", "add", name, "--role", role, "--password-stdin"],
        &format!("{PASSWORD}\n"),
    );
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
}

/// Keeps trying passwords for a name from an address, with several attempts at the same time, until it is dropped.
struct Attack(Vec<tokio::task::JoinHandle<()>>);

impl Attack {
    /// Begins, and returns when the attack is slowed.
    async fn begin(base: &str, name: &str, address: [u8; 4], at_once: usize) -> Self {
        let client = client_at(address);
        for _ in 0..5 {
            assert_eq!(sign_in(&client, base, name, "wrong").await.status(), StatusCode::UNAUTHORIZED);
        }
        let attempts = (0..at_once).map(|_| {
            let (client, base, name) = (client.clone(), base.to_owned(), name.to_owned());
            tokio::spawn(async move {
                loop {
                    let status = sign_in(&client, &base, &name, "wrong").await.status();
                    assert!(matches!(status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS));
                }
            })
        });
        Self(attempts.collect())
    }
}

impl Drop for Attack {
    fn drop(&mut self) {
        self.0.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// Signs in as often as a person would have the patience for.
async fn signs_in_at_last(client: &Client, base: &str, name: &str) {
    for _ in 0..6 {
        let response = sign_in(client, base, name, PASSWORD).await;
        match response.status() {
            StatusCode::OK => return,
            StatusCode::TOO_MANY_REQUESTS => assert!(response.headers().contains_key("retry-after")),
            status => panic!("{status}"),
        }
    }
    panic!("{name} is kept out");
}

#[tokio::test]
async fn an_attack_on_a_name_keeps_its_owner_out_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), "ada", "publisher");
    let server = Process::serve(folder.path(), &[]);
    let known = client_at([127, 0, 0, 1]);
    assert_eq!(sign_in(&known, &server.base, "ada", PASSWORD).await.status(), StatusCode::OK);
    // A colleague at the same machine does not make it forget her.
    add(folder.path(), "eve", "viewer");
    assert_eq!(sign_in(&known, &server.base, "eve", PASSWORD).await.status(), StatusCode::OK);
    // So many that no more may wait from there.
    let attack = Attack::begin(&server.base, "ada", [127, 0, 0, 1], 300).await;
    let elsewhere = sign_in(&client_at([127, 0, 0, 2]), &server.base, "ada", PASSWORD).await;
    assert_eq!(elsewhere.status(), StatusCode::OK, "from another address");
    assert_eq!(
        sign_in(&known, &server.base, "ada", PASSWORD).await.status(),
        StatusCode::OK,
        "in a browser that she has used before"
    );
    drop(attack);
    let _attack = Attack::begin(&server.base, "ada", [127, 0, 0, 3], 6).await;
    signs_in_at_last(&client_at([127, 0, 0, 3]), &server.base, "ada").await;
}

#[tokio::test]
async fn an_attack_from_many_addresses_keeps_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), "ada", "publisher");
    let server = Process::serve(folder.path(), &[]);
    let attacks = join_all((10..30).map(|last| Attack::begin(&server.base, "ada", [127, 0, 0, last], 4))).await;
    assert_eq!(
        sign_in(&client_at([127, 0, 0, 2]), &server.base, "ada", PASSWORD).await.status(),
        StatusCode::OK
    );
    drop(attacks);
}

/// A sign-in that a proxy hands on for an address.
async fn sign_in_for(client: &Client, base: &str, address: &str, name: &str, password: &str) -> StatusCode {
    let request = client
        .post(format!("{base}/api/v1/session"))
        .header("x-forwarded-for", address)
        .json(&json!({"name": name, "password": password}));
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn behind_a_trusted_proxy_people_are_told_apart_and_nobody_else_can_pretend() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    add(&server.folder(), "ada", "publisher");
    let (proxy, stranger, base) = (client_at(TRUSTED_PROXY), client_at([127, 0, 0, 2]), server.url(""));
    for client in [&proxy, &stranger] {
        // What a client tells of itself changes nothing, neither to the proxy nor without one.
        let guess = async |number: usize| {
            let told = format!("198.51.100.{number}, 203.0.113.9");
            sign_in_for(client, &base, &told, "ada", "wrong").await
        };
        for number in 0..5 {
            assert_eq!(guess(number).await, StatusCode::UNAUTHORIZED);
        }
        let mut sixth = Box::pin(guess(6));
        tokio::select! {
            early = &mut sixth => panic!("answered while time stands still: {early}"),
            other = sign_in_for(&proxy, &base, "203.0.113.77", "ada", PASSWORD) => assert_eq!(other, StatusCode::OK),
        }
    }
}

#[tokio::test]
async fn guessing_a_password_gets_slow_and_nobody_is_locked_out() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    add(&server.folder(), "ada", "publisher");
    let client = client_at([127, 0, 0, 1]);
    for _ in 0..5 {
        assert_eq!(
            sign_in(&client, &server.url(""), "ada", "wrong").await.status(),
            StatusCode::UNAUTHORIZED
        );
    }
    let base = server.url("");
    let mut sixth = Box::pin(sign_in(&client, &base, "ada", PASSWORD));
    // While time stands still nothing is answered; what comes later from elsewhere is.
    let other = client_at([127, 0, 0, 2]);
    for _ in 0..3 {
        tokio::select! {
            early = &mut sixth => panic!("answered at once: {}", early.status()),
            response = sign_in(&other, &base, "eve", "wrong") => assert_eq!(response.status(), StatusCode::UNAUTHORIZED),
        }
    }
    server.clock.set("2026-05-04T08:00:02Z");
    assert_eq!(sixth.await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_address_tries_many_names_slowly() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let (client, base) = (client_at([127, 0, 0, 1]), server.url(""));
    let names: Vec<String> = (0..60).map(|number| format!("person-{number}")).collect();
    let mut attempts: FuturesUnordered<_> = names.iter().map(|name| sign_in(&client, &base, name, "wrong")).collect();
    for _ in 0..20 {
        assert_eq!(attempts.next().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }
    let other = client_at([127, 0, 0, 2]);
    for name in ["eve", "mallory", "trudy"] {
        tokio::select! {
            more = attempts.next() => panic!("a twenty-first was answered: {:?}", more.map(|response| response.status())),
            response = sign_in(&other, &base, name, "wrong") => assert_eq!(response.status(), StatusCode::UNAUTHORIZED),
        }
    }
}

/// A number from what the kernel says of the process, in kB where it is memory.
fn status_of(server: &Process, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.trim_start_matches(':').split_whitespace().next().unwrap().parse().unwrap()
}

/// Waits until the process holds no more than this, in kB.
async fn comes_down_to(server: &Process, kilobytes: u64) {
    let mut held = status_of(server, "VmRSS");
    for _ in 0..100 {
        if held <= kilobytes {
            return;
        }
        // An answer takes a moment, and shows that the server lives.
        let answer = reqwest::get(format!("{}/healthz", server.base)).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        held = status_of(server, "VmRSS");
    }
    panic!("holds {held} kB, more than {kilobytes}");
}

/// What hashing may add for good and at its height: two passwords at once, with some room for connections.
const KEPT: u64 = 30_000;
const HEIGHT: u64 = 90_000;

#[tokio::test]
async fn sign_ins_that_hang_up_cost_nothing() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), "ada", "publisher");
    let server = Process::serve(folder.path(), &[]);
    let client = client_at([127, 0, 0, 1]);
    assert_eq!(sign_in(&client, &server.base, "ada", PASSWORD).await.status(), StatusCode::OK);
    let (before, threads) = (status_of(&server, "VmRSS"), status_of(&server, "Threads"));
    let address = server.base.strip_prefix("http://").unwrap();
    let body = json!({"name": "ada", "password": "wrong"}).to_string();
    let request = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for round in 0..12 {
        let connections: Vec<TcpStream> = (0..50)
            .map(|_| {
                let mut connection = TcpStream::connect(address).unwrap();
                connection.write_all(request.as_bytes()).unwrap();
                connection
            })
            .collect();
        // Answered after they were read.
        let answer = sign_in(&client_at([127, 0, 1, round]), &server.base, "ada", PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::OK, "round {round}");
        drop(connections);
    }
    assert!(status_of(&server, "VmHWM") < before + HEIGHT, "{} kB", status_of(&server, "VmHWM"));
    assert!(
        status_of(&server, "Threads") <= threads + 4,
        "{} threads",
        status_of(&server, "Threads")
    );
    comes_down_to(&server, before + KEPT).await;
    assert_eq!(
        sign_in(&client_at([127, 0, 0, 2]), &server.base, "ada", PASSWORD).await.status(),
        StatusCode::OK
    );
}

/// A sign-in from an address, of which nobody will read the answer.
async fn begun_from(address: [u8; 4], server: &str) -> tokio::net::TcpStream {
    let body = json!({"name": "ada", "password": "wrong"}).to_string();
    let request = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind((IpAddr::from(address), 0).into()).unwrap();
    let mut connection = socket.connect(server.parse().unwrap()).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    connection
}

#[tokio::test]
async fn whoever_hangs_up_while_their_password_is_hashed_leaves_no_place_to_another() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), "ada", "publisher");
    let server = Process::serve(folder.path(), &[]);
    let address = server.base.strip_prefix("http://").unwrap();
    let before = status_of(&server, "VmRSS");
    let is_alive = async || {
        let answer = reqwest::get(format!("{}/healthz", server.base)).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    };
    for _ in 0..3 {
        let mut begun = std::collections::VecDeque::new();
        for last in 1..=32 {
            begun.push_back(begun_from([127, 0, 3, last], address).await);
        }
        is_alive().await;
        // One after the other, so that the next one's turn comes while the hash of the one before is still made.
        while let Some(connection) = begun.pop_front() {
            drop(connection);
            is_alive().await;
        }
    }
    assert!(status_of(&server, "VmHWM") < before + HEIGHT, "{} kB", status_of(&server, "VmHWM"));
}

#[tokio::test]
async fn many_sign_ins_at_once_take_the_memory_of_two() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), "ada", "publisher");
    let server = Process::serve(folder.path(), &[]);
    assert_eq!(
        sign_in(&client_at([127, 0, 0, 1]), &server.base, "ada", PASSWORD).await.status(),
        StatusCode::OK
    );
    let before = status_of(&server, "VmRSS");
    let attempts = (0..60).flat_map(|address| {
        let client = client_at([127, 0, 2, address]);
        (0..4).map(move |number| (client.clone(), number))
    });
    let answers = join_all(attempts.map(|(client, number)| {
        let base = &server.base;
        async move {
            let password = if number == 0 { PASSWORD } else { "wrong" };
            let answer = tokio::time::timeout(Duration::from_secs(60), sign_in(&client, base, "ada", password)).await;
            (number, answer.unwrap().status())
        }
    }))
    .await;
    for (number, status) in answers {
        let right = if number == 0 { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        assert!(status == right || status == StatusCode::TOO_MANY_REQUESTS, "{number}: {status}");
    }
    assert!(status_of(&server, "VmHWM") < before + HEIGHT, "{} kB", status_of(&server, "VmHWM"));
    comes_down_to(&server, before + KEPT).await;
}
