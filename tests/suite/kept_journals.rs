//! Journals that earlier releases wrote say to everybody what they said then. `tests/journals/` keeps each with a fingerprint of what was
//! shown; a difference is either a fault or a change that a decision record names.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::support::server::TestServer;

/// How long after an entry people look a second time; what has changed meanwhile has changed by time alone.
const LATER: SignedDuration = SignedDuration::from_hours(3);

/// What a portal shows beside the permanent pages of its notices.
const PAGES: [&str; 9] = [
    "state.json",
    "",
    "?lang=en",
    "history",
    "fallback.html",
    "503.html",
    "fragment.html",
    "hint.json",
    "sample.json",
];

/// What a page says, without what it wears: styles, and their fingerprints in its policy.
fn said(body: &str) -> String {
    let mut said = String::with_capacity(body.len());
    for (place, part) in body.split("<style").enumerate() {
        said.push_str(if place == 0 {
            part
        } else {
            part.split_once("</style>").map_or("", |(_, after)| after)
        });
    }
    let mut parts = said.split("sha256-");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| said + part.split_once('=').map_or(part, |(_, after)| after))
}

/// Sixteen digits for a text.
fn fingerprint(text: &str) -> String {
    Sha256::digest(text).iter().take(8).fold(String::new(), |mut print, byte| {
        let _ = write!(print, "{byte:02x}");
        print
    })
}

/// Looks at everything that the portals show at this instant, one line each; the pages of notices share one.
async fn look(server: &TestServer, portals: &BTreeSet<String>, instant: Timestamp, shown: &mut String) {
    let keep = std::env::var("UMLEITUNG_SHOWN");
    for portal in portals {
        let read = async |path: &str| {
            let body = server.get(&format!("/p/{portal}/{path}")).await.text().await.unwrap();
            let body = said(&body);
            if let Ok(folder) = &keep {
                let name = format!("{instant} {portal} {}", path.replace('/', "-"));
                fs::write(Path::new(folder).join(name), &body).unwrap();
            }
            body
        };
        for page in PAGES {
            writeln!(shown, "{instant} {portal}/{page} {}", fingerprint(&read(page).await)).unwrap();
        }
        // A portal that is not there yet, or not any more, has no notices; its pages say that it is not there.
        let state: Value = serde_json::from_str(&read("state.json").await).unwrap_or_default();
        let mut notices = String::new();
        for notice in state["notices"].as_array().into_iter().flatten() {
            notices += &read(&format!("notices/{}", notice["id"].as_str().unwrap())).await;
        }
        writeln!(shown, "{instant} {portal}/notices/ {}", fingerprint(&notices)).unwrap();
    }
}

/// The portals that a journal has had.
fn portals(lines: &[&str]) -> BTreeSet<String> {
    let mut portals = BTreeSet::new();
    for line in lines {
        let record: Value = serde_json::from_str(line).unwrap();
        let Some(payload) = record["payload"].as_str() else { continue };
        let event: Value = serde_json::from_str(payload).unwrap();
        let named = event["catalogue_applied"]["catalogue"]["portal"].as_array();
        portals.extend(named.into_iter().flatten().map(|portal| portal["id"].as_str().unwrap().to_owned()));
    }
    portals
}

/// The first place from here on where no payload is missing whose redaction comes later.
fn whole(lines: &[&str], place: usize) -> usize {
    let is_open = |place: &usize| {
        let (before, after) = lines.split_at(*place);
        let redacted = |line: &&str| {
            let (_, rest) = line.split_once("entry_redacted\\\":{\\\"seq\\\":")?;
            rest.split_once(',')?.0.parse::<usize>().ok()
        };
        after.iter().filter_map(redacted).any(|seq| seq <= before.len())
    };
    (place..=lines.len()).find(|place| !is_open(place)).unwrap()
}

/// Reads the journal up to each of these entries or soon after, and compares what is shown then with what is kept.
async fn compare(name: &str, places: impl Iterator<Item = usize>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("journals/2026-11");
    let journal = fs::read_to_string(folder.join(format!("{name}.jsonl"))).unwrap();
    let lines: Vec<&str> = journal.lines().collect();
    let portals = portals(&lines);
    let mut shown = String::new();
    for place in places.map(|place| whole(&lines, place)) {
        let last: Value = serde_json::from_str(lines[place - 1]).unwrap();
        let at: Timestamp = last["at"].as_str().unwrap().parse().unwrap();
        let mut server = TestServer::with_journal(&lines[..place], &at.to_string()).await;
        look(&server, &portals, at, &mut shown).await;
        server.clock.set(&(at + LATER).to_string());
        server.restart().await;
        look(&server, &portals, at + LATER, &mut shown).await;
        server.stop().await;
    }
    let file = folder.join(format!("{name}.shown"));
    if std::env::var_os("UMLEITUNG_KEEP").is_some() {
        fs::write(&file, &shown).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap();
    let different: Vec<_> = shown.lines().zip(kept.lines()).filter(|(now, then)| now != then).collect();
    assert!(
        different.is_empty() && shown.len() == kept.len(),
        "{} of {} differ, the first: {:?}. `tests/journals/README.md` says how to see in what.",
        different.len(),
        kept.lines().count(),
        different.first()
    );
}

#[tokio::test]
async fn the_demo_shows_what_it_showed() {
    compare("demo", 11..=37).await;
}

#[tokio::test]
async fn two_thousand_random_commands_show_what_they_showed() {
    compare("grown", (80..=2_000).step_by(80)).await;
}

#[test]
fn styles_and_their_fingerprints_say_nothing() {
    let page = "<p>a</p><style>x{}</style><b>b</b><style id=\"c\">y</style>'sha256-abc+/d=';c";
    assert_eq!(said(page), "<p>a</p><b>b</b>'';c");
}
