//! What every implementation of the journal keeps, and how it travels as JSON Lines.

use std::path::Path;

use domain::event::Event;
use jiff::Timestamp;
use server::journal::{Journal, JournalError, NewEntry, SqliteJournal, chain::verify, lines};

use super::support::{binary, outage, server::TestServer};

fn entry(text: &str) -> NewEntry {
    let event = Event::EntryRedacted {
        seq: 1_000_000,
        reason: text.to_owned(),
    };
    NewEntry {
        at: "2026-05-04T08:00:00Z".parse::<Timestamp>().unwrap(),
        actor: "account-x".to_owned(),
        event,
    }
}

/// The contract, for whichever implementation.
async fn keeps_the_contract<J: Journal>(one: &J, other: &J) {
    assert_eq!(one.head().await.unwrap(), 0);
    assert_eq!(one.read(0, 10).await.unwrap(), vec![]);
    let first = one.append(0, entry("a")).await.unwrap();
    assert_eq!(first.seq, 1);
    // Another that does not know of it may not append, and nothing is written.
    assert!(matches!(other.append(0, entry("b")).await, Err(JournalError::Conflict)));
    assert!(matches!(other.append(7, entry("b")).await, Err(JournalError::Conflict)));
    assert_eq!(other.head().await.unwrap(), 1);
    let second = other.append(1, entry("b")).await.unwrap();
    assert_eq!(second.previous, first.hash);
    assert_eq!(one.read(0, 10).await.unwrap(), vec![first, second.clone()]);
    assert_eq!(one.read(1, 10).await.unwrap(), vec![second]);
    assert_eq!(one.read(0, 1).await.unwrap().len(), 1);
    let told: Vec<_> = one
        .read(0, 10)
        .await
        .unwrap()
        .iter()
        .map(|record| record.entry().unwrap())
        .collect();
    assert_eq!(one.entries(0, 10).await.unwrap(), told);
    // Of many that append behind the same head at once, one gets the place.
    let attempts =
        futures::future::join_all((0..8).map(|i| async move { if i % 2 == 0 { one } else { other }.append(2, entry("race")).await })).await;
    assert_eq!(attempts.iter().filter(|attempt| attempt.is_ok()).count(), 1);
    assert_eq!(verify(one).await.unwrap().entries, 3);
}

async fn open(folder: &Path) -> SqliteJournal {
    SqliteJournal::open(&folder.join("journal.sqlite3")).await.unwrap()
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    keeps_the_contract(&open(folder.path()).await, &open(folder.path()).await).await;
}

#[tokio::test]
async fn sqlite_refuses_to_change_or_delete_what_was_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path()).await;
    journal.append(0, entry("a")).await.unwrap();
    for statement in [
        "DELETE FROM journal",
        "UPDATE journal SET payload = '{}'",
        "UPDATE journal SET actor = 'x', payload = NULL",
        "UPDATE journal SET at = '', payload = NULL",
        "INSERT OR REPLACE INTO journal SELECT seq, at, 'x', subject, payload, payload_hash, previous, hash FROM journal",
        "REPLACE INTO journal SELECT seq, at, 'x', subject, payload, payload_hash, previous, hash FROM journal",
        "UPDATE OR REPLACE journal SET seq = seq + 1",
        "INSERT INTO journal SELECT seq + 2, at, actor, subject, payload, payload_hash, previous, hash FROM journal",
        "INSERT INTO journal SELECT NULL, at, actor, subject, payload, payload_hash, previous, hash FROM journal",
        "INSERT INTO journal SELECT -1, at, actor, subject, payload, payload_hash, previous, hash FROM journal",
    ] {
        let refused = sqlx::query(statement).execute(journal.pool()).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{statement}: {refused}");
    }
    assert_eq!(verify(&journal).await.unwrap().entries, 1);
}

#[tokio::test]
async fn an_export_can_be_imported_elsewhere_and_says_the_same() {
    let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
    server
        .post("/api/v1/notices", &outage("wohngeld", "Wohngeld: Antrag nicht möglich"))
        .await;
    let shown = server.state().await;
    server.stop().await;
    let exported = binary::succeed(&server.folder(), &["journal", "export"]);
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("journal.jsonl"), folder.path().join("data"));
    std::fs::write(&file, &exported).unwrap();
    binary::succeed(&data, &["journal", "import", file.to_str().unwrap()]);
    assert_eq!(binary::succeed(&data, &["journal", "export"]), exported);
    let copy = server::publisher::Publisher::open(
        server::store::Place::folder(&data).open().await.unwrap(),
        std::sync::Arc::new(server.clock.clone()),
    )
    .await
    .unwrap();
    assert_eq!(serde_json::to_value(&copy.snapshot("musterstadt").unwrap().state).unwrap(), shown);
    // A second import, and one with a line changed, are refused; nothing is written.
    assert!(binary::fail(&data, &["journal", "import", file.to_str().unwrap()]).contains("not empty"));
    std::fs::write(&file, exported.replacen("Wohngeld: Antrag", "Wohngeld: Auftrag", 1)).unwrap();
    let said = binary::fail(&folder.path().join("other"), &["journal", "import", file.to_str().unwrap()]);
    assert!(said.contains("line ") && said.contains("payload"), "{said}");
    assert!(binary::succeed(&folder.path().join("other"), &["journal", "verify"]).contains("0 entries"));
    let mut nothing = Vec::new();
    assert_eq!(lines::export(&open(folder.path()).await, &mut nothing).await.unwrap(), 0);
}
