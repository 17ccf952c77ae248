//! What was answered 201 is there, whatever happens to the process or to the file.

use std::{
    collections::BTreeSet,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use domain::access::Role;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::support::{
    binary::{self, Process},
    outage,
    server::TestServer,
    shell,
};

/// How many notices each round tries to create, by how many at once.
const NOTICES: usize = 200;
const AT_ONCE: usize = 4;
const ROUNDS: usize = 30;

/// Creates notices until all are there or the server is gone; `answered` counts, and wakes whoever waits for a number.
async fn create(base: String, token: String, next: Arc<AtomicUsize>, answered: Arc<AtomicUsize>, woken: Arc<Notify>) -> Vec<String> {
    let client = Client::new();
    let mut ids = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::SeqCst);
        if number >= NOTICES {
            break;
        }
        // Drafts for the most part: thousands of outages on one page would keep the server busy with drawing them.
        let mut notice = outage("sperrmuell", "Sperrmüll: Termine nicht buchbar");
        notice["publish"] = json!(number.is_multiple_of(20));
        let request = client.post(format!("{base}/api/v1/notices")).bearer_auth(&token).json(&notice);
        let Ok(response) = request.send().await else { break };
        assert_eq!(response.status(), StatusCode::CREATED);
        let Ok(created) = response.json::<Value>().await else { break };
        ids.push(created["id"].as_str().unwrap().to_owned());
        answered.fetch_add(1, Ordering::SeqCst);
        woken.notify_waiters();
    }
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_has_kept_every_notice_that_it_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let token = binary::succeed(folder.path(), &["token", "create", "load", "--role", "publisher"])
        .trim()
        .to_owned();
    let mut confirmed = BTreeSet::new();
    // A different moment in each round: after so many answers, spread over the whole range and never in step with it.
    let seed = std::process::id() as usize;
    let mut interrupted = 0;
    for round in 0..ROUNDS {
        let moment = (seed + round * 73 + round * round * 7) % (NOTICES - AT_ONCE - 1);
        let mut server = Process::serve(folder.path(), &["--demo"]);
        let (next, answered, woken) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(0)),
            Arc::new(Notify::new()),
        );
        let creators: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                tokio::spawn(create(
                    server.base.clone(),
                    token.clone(),
                    next.clone(),
                    answered.clone(),
                    woken.clone(),
                ))
            })
            .collect();
        loop {
            let notified = woken.notified();
            if answered.load(Ordering::SeqCst) >= moment || creators.iter().all(tokio::task::JoinHandle::is_finished) {
                break;
            }
            notified.await;
        }
        server.kill();
        let mut round_total = 0;
        for creator in creators {
            for id in creator.await.unwrap() {
                round_total += 1;
                assert!(confirmed.insert(id.clone()), "{id} was given twice");
            }
        }
        interrupted += usize::from(round_total < NOTICES);
    }
    assert!(
        interrupted >= ROUNDS / 2,
        "only {interrupted} of {ROUNDS} rounds were cut off in their middle; the test tests nothing"
    );

    let server = Process::serve(folder.path(), &["--demo"]);
    let mut kept: Vec<String> = Vec::new();
    let mut after = String::new();
    loop {
        let page: Value = Client::new()
            .get(format!("{}/api/v1/notices?limit=500{after}", server.base))
            .bearer_auth(&token)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let notices = page["notices"].as_array().unwrap().iter();
        kept.extend(notices.map(|notice| notice["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    for id in &confirmed {
        assert_eq!(
            kept.iter().filter(|kept| *kept == id).count(),
            1,
            "{id} was confirmed and is not there once"
        );
    }
    assert!(binary::succeed(folder.path(), &["journal", "verify"]).contains("whole"));
}

/// All bytes of all files in a folder. Another process reads them: a process that closes a file loses its locks on it, and the server in
/// this one needs those of its database.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = Command::new("cat").args(files.filter(|path| path.is_file())).output().unwrap();
    assert!(read.status.success());
    read.stdout
}

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[tokio::test]
async fn a_flipped_byte_is_found_and_located() {
    let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
    let marked = server
        .post("/api/v1/notices", &outage("wohngeld", "Diesen Satz hat niemand geändert"))
        .await;
    let seq = marked["position"].as_u64().unwrap();
    server.post("/api/v1/notices", &outage("wohngeld", "Danach")).await;
    server.stop().await;
    assert!(binary::succeed(&server.folder(), &["journal", "verify"]).contains("whole"));

    let file = server.file();
    let mut bytes = std::fs::read(&file).unwrap();
    let needle = "niemand geändert".as_bytes();
    let place = bytes
        .windows(needle.len())
        .position(|window| window == needle)
        .expect("the text is in the file");
    bytes[place] ^= 0x20;
    std::fs::write(&file, bytes).unwrap();
    let said = binary::fail(&server.folder(), &["journal", "verify"]);
    assert!(said.contains(&format!("entry {seq}:")), "{said}");
    assert!(said.contains("payload"), "{said}");
}

#[tokio::test]
async fn a_redacted_text_is_nowhere_and_the_chain_still_holds() {
    let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
    // Long enough to lie on pages of its own as well.
    let secret = format!("Frau-Mustermann-wohnt-hier-{}", "x".repeat(5_000));
    let mut body = outage("wohngeld", "Wohngeld: Namen veröffentlicht");
    body["impact"] = json!({"de": secret});
    let created = server.post("/api/v1/notices", &body).await;
    let (id, seq) = (created["id"].as_str().unwrap().to_owned(), created["position"].as_u64().unwrap());
    server.post("/api/v1/notices", &outage("wohngeld", "Bleibt")).await;
    assert!(contains(&bytes_in(&server.folder()), &secret[..40]));
    let mut listener = server.listen().await;
    listener.until(|state| state["notices"].as_array().unwrap().len() == 2).await;

    // By another process, while the server runs.
    let reason = [
        "journal",
        "redact",
        &seq.to_string(),
        "--reason",
        "Personal data, request of 4 May 2026",
    ];
    binary::succeed(&server.folder(), &reason);
    let shown = listener.until(|state| state["notices"].as_array().unwrap().len() == 1).await;
    assert!(!shown.to_string().contains("Mustermann"), "the running server still shows it");
    assert!(!contains(&bytes_in(&server.folder()), &secret[..40]), "the text is still in a file");

    let verified = binary::succeed(&server.folder(), &["journal", "verify"]);
    assert!(verified.contains("1 of them redacted"), "{verified}");
    let journal = server
        .request(Role::Viewer, Method::GET, "/api/v1/journal")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(!journal.contains("Mustermann"));
    assert!(journal.contains("request of 4 May 2026"));
    // Its number is not given to another.
    server.let_time_pass_until_the_last_entry().await;
    let next = server.post("/api/v1/notices", &outage("wohngeld", "Neu")).await;
    assert_ne!(next["id"].as_str().unwrap(), id);
    server.restart().await;
    assert_eq!(
        server
            .request(Role::Viewer, Method::GET, &format!("/api/v1/notices/{id}"))
            .send()
            .await
            .unwrap()
            .status(),
        StatusCode::NOT_FOUND
    );
}

/// A text in the middle of a notice's history: what is shown loses it although later entries stay.
#[tokio::test]
async fn a_redacted_update_is_no_longer_shown() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let id = server
        .post("/api/v1/notices", &outage("wohngeld", "Wohngeld: Antrag nicht möglich"))
        .await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let updates = format!("/api/v1/notices/{id}/updates");
    let told = server.post(&updates, &json!({"text": {"de": "Frau Mustermann hilft."}})).await;
    server.post(&updates, &json!({"text": {"de": "Danach."}})).await;
    let mut listener = server.listen().await;
    let before = listener.next().await.unwrap();
    assert!(before.to_string().contains("Mustermann"));
    binary::succeed(
        &server.folder(),
        &["journal", "redact", &told["position"].to_string(), "--reason", "Personal data"],
    );
    let after = listener.next().await.unwrap();
    assert!(!after.to_string().contains("Mustermann") && after.to_string().contains("Danach."));
    assert_ne!(before["revision"], after["revision"]);
    let loader = server.get("/p/musterstadt/umleitung.js").await.text().await.unwrap();
    assert!(!loader.contains("Mustermann"));
    for kept in ["1", &(told["position"].as_u64().unwrap() + 2).to_string()] {
        let said = binary::fail(&server.folder(), &["journal", "redact", kept, "--reason", "x"]);
        assert!(
            said.contains("catalogue in force") || said.contains("records a redaction"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_payload_that_was_taken_out_by_hand_is_found() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let created = server.post("/api/v1/notices", &outage("wohngeld", "Eins")).await;
    sqlx::query("UPDATE journal SET payload = NULL WHERE seq = ?")
        .bind(created["position"].as_i64().unwrap())
        .execute(&shell(&server.file()).await)
        .await
        .unwrap();
    let said = binary::fail(&server.folder(), &["journal", "verify"]);
    assert!(
        said.contains(&format!("entry {}", created["position"])) && said.contains("no entry records"),
        "{said}"
    );
    let nowhere = binary::fail(&server.folder().join("nowhere"), &["journal", "verify"]);
    assert!(nowhere.contains("right data folder"), "{nowhere}");
}
