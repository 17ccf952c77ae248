//! What every implementation of the journal keeps, and how it travels as JSON Lines.

use std::sync::Arc;

use domain::record::{Event, NewEntry, upkeep};
use jiff::Timestamp;
use store::{
    Place,
    journal::{Journal, JournalError, RequestKey, chain::verify, lines},
};

use super::support::{
    binary, on_each_database, outage,
    postgres::{Database, Postgres},
    server::TestServer,
    shell,
};

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
async fn keeps_the_contract(place: &Place) {
    // Both make the tables at once.
    let (one, other) = tokio::join!(open(place), open(place));
    let (one, other) = (&*one, &*other);
    assert_eq!(one.head().await.unwrap(), 0);
    assert_eq!(one.read(0, 10).await.unwrap(), vec![]);
    assert_eq!(one.append(&[], None).await.unwrap(), vec![]);
    let first = one.append(&[entry(1, "a")], None).await.unwrap().remove(0);
    assert_eq!(first.seq, 1);
    // Another that does not know of it may not append, and nothing is written.
    for late in [&[entry(1, "b")][..], &[entry(8, "b")], &[entry(1, "b"), entry(2, "c")]] {
        let refused = other.append(late, None).await;
        assert!(matches!(refused, Err(JournalError::Conflict)), "{refused:?}");
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
async fn keeps_batches_whole(journal: &dyn Journal) {
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

async fn open(place: &Place) -> Arc<dyn Journal> {
    place.open().await.unwrap().journal
}

on_each_database!(keeps_the_contract);

/// What a database shell is refused, on whichever database.
const FORBIDDEN: [&str; 7] = [
    "DELETE FROM journal",
    "UPDATE journal SET payload = '{}'",
    "UPDATE journal SET actor = 'x', payload = NULL",
    "UPDATE journal SET at = '', payload = NULL",
    "UPDATE journal SET seq = seq + 1, payload = NULL",
    "INSERT INTO journal SELECT seq + 2, at, actor, subject, payload, payload_hash, previous, hash FROM journal",
    "INSERT INTO journal SELECT -1, at, actor, subject, payload, payload_hash, previous, hash FROM journal",
];

#[tokio::test]
async fn sqlite_refuses_to_change_or_delete_what_was_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::folder(folder.path());
    let journal = open(&place).await;
    journal.append(&[entry(1, "a")], None).await.unwrap();
    let by_hand = shell(&folder.path().join("umleitung.sqlite3")).await;
    let replacing = [
        "INSERT OR REPLACE INTO journal SELECT seq, at, 'x', subject, payload, payload_hash, previous, hash FROM journal",
        "REPLACE INTO journal SELECT seq, at, 'x', subject, payload, payload_hash, previous, hash FROM journal",
        "UPDATE OR REPLACE journal SET seq = seq + 1",
        "INSERT INTO journal SELECT NULL, at, actor, subject, payload, payload_hash, previous, hash FROM journal",
    ];
    for statement in FORBIDDEN.into_iter().chain(replacing) {
        let refused = sqlx::query(statement).execute(&by_hand).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{statement}: {refused}");
    }
    assert_eq!(verify(&*journal).await.unwrap().entries, 1);
}

#[tokio::test]
async fn postgres_refuses_to_change_or_delete_what_was_recorded() {
    let server = Postgres::start().await;
    let database = server.database("by_hand").await;
    let journal = open(&database.place()).await;
    journal.append(&[entry(1, "a")], None).await.unwrap();
    let mut by_hand = database.connect().await;
    let replacing = [
        "TRUNCATE journal",
        "INSERT INTO journal SELECT seq, at, 'x', subject, payload, payload_hash, previous, hash FROM journal \
         ON CONFLICT (seq) DO UPDATE SET actor = 'x'",
    ];
    for statement in FORBIDDEN.into_iter().chain(replacing) {
        let refused = sqlx::query(statement).execute(&mut by_hand).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{statement}: {refused}");
    }
    // A table of the same name that comes first by the path is another.
    for (step, is_refused) in [
        ("CREATE TEMP TABLE journal (seq BIGINT)", false),
        ("INSERT INTO pg_temp.journal VALUES (-2)", false),
        (
            "INSERT INTO public.journal SELECT -1, at, actor, subject, payload, payload_hash, previous, hash FROM public.journal",
            true,
        ),
    ] {
        assert_eq!(sqlx::query(step).execute(&mut by_hand).await.is_err(), is_refused, "{step}");
    }
    assert_eq!(verify(&*journal).await.unwrap().entries, 1);
}

#[tokio::test]
async fn a_database_that_cannot_hold_all_texts_is_refused() {
    let server = Postgres::start().await;
    let postgres = server.database("one").await;
    postgres
        .run("CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0")
        .await;
    let latin = Database(postgres.0.replace("/one?", "/latin?"));
    let said = binary::fail(&latin, &["token", "create", "ops", "--role", "admin"]);
    assert!(said.contains("encoding LATIN1"), "{said}");
}

#[tokio::test]
async fn a_journal_moves_from_a_file_to_a_server_and_back() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let told = server
        .post("/api/v1/notices", &outage("wohngeld", "Wohngeld: Antrag nicht möglich"))
        .await;
    let seq = told["position"].to_string();
    binary::succeed(&server.folder(), &["journal", "redact", &seq, "--reason", "Name"]);
    let exported = binary::succeed(&server.folder(), &["journal", "export"]);
    let (folder, postgres) = (tempfile::tempdir().unwrap(), Postgres::start().await);
    let database = postgres.database("moved").await;
    let said = binary::fail(&database, &["journal", "export"]);
    assert!(said.contains("holds nothing of Umleitung"), "{said}");
    let file = folder.path().join("journal.jsonl");
    std::fs::write(&file, &exported).unwrap();
    let import = ["journal", "import", file.to_str().unwrap()];
    binary::succeed(&database, &import);
    let moved = binary::succeed(&database, &["journal", "export"]);
    assert_eq!(moved, exported);
    assert!(binary::succeed(&database, &["journal", "verify"]).contains("whole"));
    assert!(binary::fail(&database, &import).contains("not empty"));
    let back = folder.path().join("data");
    std::fs::write(&file, &moved).unwrap();
    binary::succeed(&back, &import);
    assert_eq!(binary::succeed(&back, &["journal", "export"]), exported);
}

/// The old text is nowhere in the table's file any more once the redaction is answered.
#[tokio::test]
async fn what_is_redacted_on_a_server_leaves_its_table() {
    let postgres = Postgres::start().await;
    let database = postgres.database("redacted").await;
    let journal = open(&database.place()).await;
    // Long enough to lie apart from what takes its place.
    let text = format!("{}Erika Mustermann{}", "x".repeat(700), "y".repeat(700));
    journal.append(&[entry(1, &text)], None).await.unwrap();
    // Whoever still reads what it was before is waited for.
    let mut reader = database.connect().await;
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM journal")
        .execute(&mut reader)
        .await
        .unwrap();
    let event = Event::Upkeep(upkeep::Event::Redacted {
        seq: 1,
        reason: "Name".to_owned(),
    });
    let redacted = journal
        .append(
            &[NewEntry {
                event: event.clone(),
                ..entry(2, "")
            }],
            None,
        )
        .await;
    assert!(matches!(redacted, Err(JournalError::Lingering { seq: 1 })), "{redacted:?}");
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    journal.append(&[NewEntry { event, ..entry(3, "") }], None).await.unwrap();
    assert_eq!(journal.read(0, 1).await.unwrap()[0].payload, None);
    database.run("CHECKPOINT").await;
    let path: String = sqlx::query_scalar("SELECT pg_relation_filepath('journal')")
        .fetch_one(&mut database.connect().await)
        .await
        .unwrap();
    let bytes = std::fs::read(postgres.data().join(path)).unwrap();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("account-x") && !holds("Erika Mustermann"));
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
        open(&Place::folder(&data)).await,
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
    assert_eq!(
        lines::export(&*open(&Place::folder(folder.path())).await, &mut nothing)
            .await
            .unwrap(),
        0
    );
}
