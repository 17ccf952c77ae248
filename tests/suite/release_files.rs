//! The widget's files of the last releases, on whichever database.

use jiff::Timestamp;
use store::{Place, ReleaseFiles};

use super::support::on_each_database;

async fn keeps_the_contract(place: &Place) {
    let open = async || place.open().await.unwrap().release_files;
    let (one, other) = (open().await, open().await);
    let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
    let keep = async |files: &ReleaseFiles, name: &str, second: i64| {
        let content = [0, 255, 10, 39];
        let own = [
            ("widget.js".to_owned(), &content[..]),
            (format!("messages/{name}.json"), name.as_bytes()),
        ];
        files.keep(name, &own, at(second), 3).await.unwrap();
    };
    for (second, name) in (0..).zip(["a", "b", "c"]) {
        keep(&one, name, second).await;
    }
    // One that starts again is young again; at once on two nodes it is there once.
    tokio::join!(keep(&one, "a", 10), keep(&other, "a", 10));
    keep(&other, "d", 11).await;
    assert_eq!(one.fingerprints().await.unwrap(), ["c", "a", "d"]);
    let files = one.of("a").await.unwrap();
    let expected = [
        ("messages/a.json".to_owned(), b"a".to_vec()),
        ("widget.js".to_owned(), vec![0, 255, 10, 39]),
    ];
    assert_eq!(files, expected);
    assert_eq!(one.of("b").await.unwrap(), []);
}

on_each_database!(keeps_the_contract);
