//! A backup is all data as one instant had them, taken while others write; where it is taken in, people read the same, byte for byte. One that is not
//! whole is refused.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::support::{
    binary::{self, At, Process},
    outage, pdf,
    postgres::Postgres,
};

const PASSWORD: &str = "Kranich im Nebel, 3 Uhr";

/// What people read, and what programs do.
const PUBLIC: [&str; 14] = [
    "/p/musterstadt/state.json",
    "/p/musterstadt/umleitung.js",
    "/p/musterstadt/",
    "/p/musterstadt/history",
    "/p/musterstadt/fallback.html",
    "/p/musterstadt/fragment.html",
    "/p/musterstadt/503.html",
    "/p/musterstadt/feed.atom",
    "/p/musterstadt/feed.json",
    "/p/musterstadt/calendar.ics",
    "/p/musterstadt/api/v2/summary.json",
    "/p/musterstadt/api/v2/incidents.json",
    "/p/musterstadt/api/v2/scheduled-maintenances.json",
    "/umleitung.js",
];

fn serve(data: &(impl At + ?Sized), more: &[&str]) -> Process {
    Process::serve(data, &[&["--public-url", "http://notices.example"], more].concat())
}

async fn read(process: &Process, path: &str) -> Vec<u8> {
    let answer = reqwest::get(format!("{}{path}", process.base)).await.unwrap();
    let status = if path.ends_with("503.html") {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    };
    assert_eq!(answer.status(), status, "{path}");
    answer.bytes().await.unwrap().to_vec()
}

async fn expect_the_same(one: &Process, other: &Process) {
    for path in PUBLIC {
        let (first, second) = (read(one, path).await, read(other, path).await);
        assert!(
            first == second,
            "{path}:\n{}\n{}",
            String::from_utf8_lossy(&first),
            String::from_utf8_lossy(&second)
        );
    }
}

fn journal(data: &(impl At + ?Sized)) -> Vec<String> {
    binary::succeed(data, &["journal", "export"]).lines().map(str::to_owned).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A place with an outage, an account, a webhook and a form, and a program that may publish there.
fn prepared(data: &(impl At + ?Sized), beside: &Path) -> (Process, String) {
    let process = serve(data, &["--demo"]);
    let added = binary::run(
        data,
        &["user", "add", "Nora", "--role", "publisher", "--password-stdin"],
        &format!("{PASSWORD}\n"),
    );
    assert!(added.status.success());
    let form = beside.join("antrag.pdf");
    fs::write(&form, pdf::pdf("Antrag")).unwrap();
    binary::succeed(data, &["catalogue", "attach", text(&form)]);
    binary::succeed(data, &["webhook", "add", "https://receiver.example/x"]);
    let token = binary::succeed(data, &["token", "create", "load", "--role", "publisher"])
        .trim()
        .to_owned();
    (process, token)
}

async fn publish(base: &str, token: &str, title: &str) -> String {
    let request = Client::new().post(format!("{base}/api/v1/notices")).bearer_auth(token);
    let answer = request.json(&outage("bundid", title)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    answer.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned()
}

async fn signs_in(process: &Process) -> bool {
    let credentials = json!({"name": "Nora", "password": PASSWORD});
    let request = Client::new().post(format!("{}/api/v1/session", process.base)).json(&credentials);
    request.send().await.unwrap().status().is_success()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_copied_under_load_is_one_instant_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let [data, copy, other] = ["data", "copy.jsonl", "other"].map(|name| folder.path().join(name));
    let (process, token) = prepared(&data, folder.path());
    let is_enough = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (base, token, is_enough) = (process.base.clone(), token.clone(), is_enough.clone());
            tokio::spawn(async move {
                let mut count = 0;
                while !is_enough.load(Ordering::SeqCst) {
                    publish(&base, &token, &format!("Störung {writer}-{count}")).await;
                    count += 1;
                }
                count
            })
        })
        .collect();
    // Not before they write.
    let begun = journal(&data).len();
    while journal(&data).len() < begun + 10 {}
    let taken = tokio::task::spawn_blocking({
        let (data, copy) = (data.clone(), copy.clone());
        move || binary::succeed(&data, &["backup", text(&copy)])
    });
    let said = taken.await.unwrap();
    assert!(said.contains(" rows, SHA-256 "), "{said}");
    let after = journal(&data).len();
    while journal(&data).len() < after + 10 {}
    is_enough.store(true, Ordering::SeqCst);
    for writer in writers {
        assert!(writer.await.unwrap() > 0);
    }
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600, "it holds secrets");
    binary::succeed(&other, &["restore", text(&copy)]);
    binary::succeed(&other, &["journal", "verify"]);
    let (whole, part) = (journal(&data), journal(&other));
    assert!(
        part.len() >= begun + 10 && part.len() < whole.len(),
        "{} of {}",
        part.len(),
        whole.len()
    );
    assert_eq!(part, whole[..part.len()], "the beginning of the record, without a gap");
}

#[tokio::test]
async fn where_it_is_taken_in_people_read_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let [data, copy, other] = ["data", "copy.jsonl", "other"].map(|name| folder.path().join(name));
    let (process, token) = prepared(&data, folder.path());
    let id = publish(&process.base, &token, "BundID gestört").await;
    let session = Client::builder().cookie_store(true).build().unwrap();
    let credentials = json!({"name": "Nora", "password": PASSWORD});
    let signed_in = session
        .post(format!("{}/api/v1/session", process.base))
        .json(&credentials)
        .send()
        .await
        .unwrap();
    let cookie = signed_in.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    binary::succeed(&data, &["backup", text(&copy)]);
    binary::succeed(&other, &["restore", text(&copy)]);
    let restored = serve(&other, &[]);
    expect_the_same(&process, &restored).await;
    let page = format!("/p/musterstadt/notices/{id}");
    assert_eq!(read(&process, &page).await, read(&restored, &page).await);
    assert_eq!(journal(&data), journal(&other));
    // Whoever had access has it, and signs in anew: who has signed out since is not signed in again.
    assert!(signs_in(&restored).await);
    let asked = Client::new()
        .get(format!("{}/api/v1/session", restored.base))
        .header("cookie", cookie);
    assert_eq!(asked.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    publish(&restored.base, &token, "Und weiter").await;
    for (what, part) in [
        (&["webhook", "list"][..], "https://receiver.example/x"),
        (&["token", "list"], "load"),
    ] {
        assert!(binary::succeed(&other, what).contains(part), "{what:?}");
    }
    // A second copy, of the copy, is the same but for its own instant.
    let again = folder.path().join("again.jsonl");
    drop(restored);
    let third = folder.path().join("third");
    binary::succeed(&third, &["restore", text(&copy)]);
    binary::succeed(&third, &["backup", text(&again)]);
    let rows = |file: &Path| {
        fs::read_to_string(file)
            .unwrap()
            .lines()
            .skip(1)
            .filter(|line| !line.contains("sha256"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(&again), rows(&copy));
}

#[tokio::test]
async fn from_a_file_to_a_server_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let [data, copy, again, back] = ["data", "copy.jsonl", "again.jsonl", "back"].map(|name| folder.path().join(name));
    let (process, token) = prepared(&data, folder.path());
    publish(&process.base, &token, "BundID gestört").await;
    binary::succeed(&data, &["backup", text(&copy)]);
    let postgres = Postgres::start().await;
    let database = postgres.database("restored").await;
    binary::succeed(&database, &["restore", text(&copy)]);
    let node = serve(&database, &[]);
    expect_the_same(&process, &node).await;
    assert!(signs_in(&node).await);
    binary::succeed(&database, &["backup", text(&again)]);
    binary::succeed(&back, &["restore", text(&again)]);
    let last = serve(&back, &[]);
    expect_the_same(&process, &last).await;
    binary::succeed(&back, &["journal", "verify"]);
    assert_eq!(journal(&back), journal(&data));
    // What is there is not mixed with anything.
    for place in [&database as &dyn At, &back] {
        assert!(binary::fail(place, &["restore", text(&copy)]).contains("there is something already"));
    }
}

#[test]
fn what_is_cut_off_altered_or_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let [data, copy] = ["data", "copy.jsonl"].map(|name| folder.path().join(name));
    binary::succeed(&data, &["token", "create", "one", "--role", "viewer"]);
    binary::succeed(&data, &["backup", text(&copy)]);
    let whole = fs::read(&copy).unwrap();
    let place: PathBuf = folder.path().join("new");
    let refused = |bytes: &[u8]| {
        let file = folder.path().join("wrong.jsonl");
        fs::write(&file, bytes).unwrap();
        let said = binary::fail(&place, &["restore", text(&file)]);
        assert!(said.contains("nothing has changed"), "{said}");
        assert!(!place.exists(), "nothing was made: {said}");
        said
    };
    // At the end of a line, and within one.
    let newlines: Vec<usize> = whole
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .map(|(at, _)| at + 1)
        .collect();
    for cut in newlines[..newlines.len() - 1]
        .iter()
        .flat_map(|end| [*end, end - 3])
        .chain([whole.len() - 5, 0])
    {
        let said = refused(&whole[..cut]);
        assert!(["cut off", "is no backup"].iter().any(|word| said.contains(word)), "{cut}: {said}");
    }
    // Another letter, wherever it stands.
    for at in (0..whole.len()).step_by(7).filter(|at| whole[*at].is_ascii_alphanumeric()) {
        let mut other = whole.clone();
        other[at] = if other[at] == b'1' { b'2' } else { b'1' };
        refused(&other);
    }
    assert!(refused(b"PK\x03\x04").contains("is no backup of Umleitung"));
    let later = String::from_utf8(whole.clone())
        .unwrap()
        .replacen("\"umleitung_backup\":1", "\"umleitung_backup\":2", 1);
    assert!(refused(later.as_bytes()).contains("this release reads the form 1"));
    // A backup replaces nothing, and nothing is no backup.
    assert!(binary::fail(&data, &["backup", text(&copy)]).contains("is there already"));
    assert_eq!(fs::read(&copy).unwrap(), whole);
    let missing = folder.path().join("missing.jsonl");
    assert!(binary::fail(&place, &["backup", text(&missing)]).contains("is this the right data folder?"));
    assert!(!missing.exists());
    binary::succeed(&place, &["restore", text(&copy)]);
}
