//! What every implementation of the journal keeps, and how it travels as JSON Lines.

use std::path::Path;

use domain::record::{Event, NewEntry, upkeep};
use jiff::Timestamp;
use store::journal::{Journal, JournalError, RequestKey, SqliteJournal, chain::verify, lines};

use super::support::{binary, outage, server::TestServer};

/// The entry of this number.
fn entry(seq: u64, text: &str) -> NewEntry {
    let event = Event::Upkeep(upkeep::Event::Redacted {
        seq: 1_000_000,
        reason: text.to_owned(),
    });
    NewEntry {
        seq,
        at: "2026-05-04T08:00:00Z".parse::<Timestamp>().unwrap(),
        actor: "account-x".to_owned(),
        event,
    }
}

/// The contract, for whichever implementation.
async fn keeps_the_contract<J: Journal>(one: &J, other: &J) {
    assert_eq!(one.head().await.unwrap(), 0);
    assert_eq!(one.read(0, 10).await.unwrap(), vec![]);
    assert_eq!(one.append(&[], None).await.unwrap(), vec![]);
    let first = one.append(&[entry(1, "a")], None).await.unwrap().remove(0);
    assert_eq!(first.seq, 1);
    // Another that does not know of it may not append, and nothing is written.
    for late in [&[entry(1, "b")][..], &[entry(8, "b")], &[entry(1, "b"), entry(2, "c")]] {
        assert!(matches!(other.append(late, None).await, Err(JournalError::Conflict)));
    }
    assert_eq!(other.head().await.unwrap(), 1);
    let second = other.append(&[entry(2, "b")], None).await.unwrap().remove(0);
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
    // Of many that append behind the same entry at once, one gets the place.
    let race = |i| async move {
        let journal = if i % 2 == 0 { one } else { other };
        journal.append(&[entry(3, "race")], None).await
    };
    let attempts = futures::future::join_all((0..8).map(race)).await;
    assert_eq!(attempts.iter().filter(|attempt| attempt.is_ok()).count(), 1);
    keeps_batches_whole(one).await;
    assert_eq!(verify(one).await.unwrap().entries, 6);
}

/// What belongs together is written together, under one key, or not at all.
async fn keeps_batches_whole(journal: &impl Journal) {
    // The second does not follow the first, so the first is not written either.
    assert!(journal.append(&[entry(4, "a"), entry(6, "b")], None).await.is_err());
    assert_eq!(journal.head().await.unwrap(), 3);
    let key = RequestKey {
        key: "k".to_owned(),
        request: "r".to_owned(),
    };
    let batch = [entry(4, "a"), entry(5, "b"), entry(6, "c")];
    let written = journal.append(&batch, Some(&key)).await.unwrap();
    assert_eq!(journal.read(3, 10).await.unwrap(), written);
    assert!(written.windows(2).all(|pair| pair[1].previous == pair[0].hash));
    let carried = journal.carried("account-x", "k", Timestamp::MIN).await.unwrap().unwrap();
    assert_eq!(carried.request, "r");
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
    journal.append(&[entry(1, "a")], None).await.unwrap();
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
    let windows = std::sync::Arc::new(server::show::Windows::default());
    engine::Publisher::open(
        store::Place::folder(&data).open().await.unwrap(),
        std::sync::Arc::new(server.clock.clone()),
        windows.clone(),
    )
    .await
    .unwrap();
    assert_eq!(
        serde_json::to_value(&windows.snapshot("musterstadt").unwrap().state).unwrap(),
        shown
    );
    // A second import, and one with a line changed, are refused; nothing is written.
    assert!(binary::fail(&data, &["journal", "import", file.to_str().unwrap()]).contains("not empty"));
    std::fs::write(&file, exported.replacen("Wohngeld: Antrag", "Wohngeld: Auftrag", 1)).unwrap();
    let said = binary::fail(&folder.path().join("other"), &["journal", "import", file.to_str().unwrap()]);
    assert!(said.contains("line ") && said.contains("payload"), "{said}");
    assert!(binary::succeed(&folder.path().join("other"), &["journal", "verify"]).contains("0 entries"));
    let mut nothing = Vec::new();
    assert_eq!(lines::export(&open(folder.path()).await, &mut nothing).await.unwrap(), 0);
}
