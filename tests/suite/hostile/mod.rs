//! A malformed or hostile document never breaks the page that shows it and never becomes markup: real documents, twisted, for the
//! released widget and the released loader in a real browser.
//!
//! An ordinary run tries the same few each time. `cargo xtask fuzz` sets `FUZZ_SECONDS` and `FUZZ_SEED` and lets it go on; what
//! does harm is written to `target/fuzz`.

mod documents;
mod site;

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{browser::Browser, outage, server::TestServer};
use documents::Twister;
use site::Site;

/// How long, and with which seed.
struct Effort {
    seed: u64,
    /// `None`: one round.
    seconds: Option<f64>,
}

impl Effort {
    fn wanted() -> Self {
        let number = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().expect(name));
        Self {
            seed: number("FUZZ_SEED").unwrap_or(1),
            seconds: number("FUZZ_SECONDS").map(|seconds| seconds as f64),
        }
    }
}

/// Real documents: an outage with everything that can be said of one, an announced maintenance, one that is over, all of them.
async fn real_documents() -> Vec<Value> {
    let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
    let whole: Value = serde_json::from_str(include_str!("../../whole_notice.json")).unwrap();
    let posted = server.post("/api/v1/notices", &whole).await;
    let mut documents = vec![server.state().await];
    let mut maintenance = outage("wohngeld", "Wartung am Abend");
    maintenance["kind"] = json!("maintenance");
    maintenance["severity"] = json!("degraded");
    maintenance["starts_at"] = json!("2026-05-05T18:00:00Z");
    maintenance["ends_at"] = json!("2026-05-05T20:00:00Z");
    maintenance["announce_from"] = json!("2026-05-04T08:00:00Z");
    server.post("/api/v1/notices", &maintenance).await;
    documents.push(server.state().await);
    let id = posted["id"].as_str().expect("an id").to_owned();
    server
        .post(
            &format!("/api/v1/notices/{id}/resolve"),
            &json!({"text": {"de": "Es geht wieder."}}),
        )
        .await;
    server.clock.set("2026-05-04T08:05:00Z");
    documents.push(server.state().await);
    server.stop().await;
    documents
}

/// Runs rounds of a trial until the time is up; a finding is saved and fails the test.
async fn try_for(
    name: &str,
    effort: &Effort,
    site: &Site,
    round: u64,
    page: &str,
    call: impl Fn(u64) -> String,
    input: impl Fn(u64) -> String,
) {
    let browser = Browser::start().await;
    let (mut first, mut calls, mut spent, mut told) = (0, 0, 0.0, 0.0);
    loop {
        // A new page now and then, so that old ones grow old and new ones are tried too.
        if first % (round * 10) == 0 {
            browser.open(&site.origin).await;
            let start = format!(
                "const script = document.createElement('script'); script.type = 'module'; script.src = '{page}'; document.head.append(script);"
            );
            browser.run(&start).await;
            assert_eq!(browser.until("window.ready").await, json!(true));
        }
        let found = browser
            .run_until_done(&format!(
                "{}.then(done, (error) => done({{number: {first}, what: String(error)}}))",
                call(first)
            ))
            .await;
        let Some(milliseconds) = found["milliseconds"].as_f64() else {
            let number = found["number"].as_u64().or(found["case"].as_u64()).unwrap_or(first);
            let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/fuzz"));
            std::fs::create_dir_all(&folder).unwrap();
            let saved = folder.join(format!("{name}-seed-{}-number-{number}.json", effort.seed));
            std::fs::write(&saved, input(number)).unwrap();
            panic!("{name}, seed {}: {found:#}\nThe input: {}", effort.seed, saved.display());
        };
        assert_eq!(site.lured(), Vec::<String>::new(), "{name}, seed {}, from {first} on", effort.seed);
        first += round;
        calls += found["calls"].as_u64().unwrap_or_default();
        spent += milliseconds / 1_000.0;
        let over = effort.seconds.is_none_or(|seconds| spent >= seconds);
        if over || spent - told >= 10.0 {
            told = spent;
            let calls = if calls > 0 { format!(", {calls} calls") } else { String::new() };
            println!("{name}: {first} documents{calls} in {spent:.0} s, seed {}", effort.seed);
        }
        if over {
            return;
        }
    }
}

#[tokio::test]
async fn the_widget_survives_hostile_documents() {
    let effort = Effort::wanted();
    let seed = effort.seed;
    let site = Site::serve(Twister {
        sound: real_documents().await,
        seed,
    })
    .await;
    let round = if effort.seconds.is_some() { 200 } else { 2_000 };
    let call = |first| format!("trial({seed}, {first}, {round})");
    try_for("widget", &effort, &site, round, "/widget-trial.js", call, |number| {
        site.document(number)
    })
    .await;
}

#[tokio::test]
async fn the_page_with_the_tag_survives_hostile_answers() {
    let effort = Effort::wanted();
    let site = Site::serve(Twister {
        sound: real_documents().await,
        seed: effort.seed,
    })
    .await;
    let round = if effort.seconds.is_some() { 40 } else { 90 };
    let call = |first| format!("trial({first}, {round})");
    try_for("loader", &effort, &site, round, "/loader-trial.js", call, |case| site.given(case)).await;
}
