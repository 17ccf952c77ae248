//! Several nodes on one database server, with nodes and the server killed in the midst of it, and one node that keeps its data itself: each answered command is there once, nobody
//! sees time go back, a receiver of webhooks is told of everything in its order and by one node at a time, and in the end all tell the same.
//!
//! `cargo xtask endure` runs the same for longer: `UMLEITUNG_ROUNDS` rounds, each of at least `UMLEITUNG_ROUND_SECONDS` seconds.

mod judge;

use std::{
    collections::HashSet,
    ffi::OsString,
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use reqwest::{Client, StatusCode, header};
use serde_json::{Value, json};
use store::clock::{Clock, SystemClock};
use tempfile::TempDir;
use tokio::task::JoinSet;

use self::judge::{Outcome, Sent, about, about_notices, entry_of, judge, judge_mails, judge_told, marks, resolved};
use super::support::{
    binary::{self, At, Process},
    listener::PATIENCE,
    mailbox::{Mail, Mailbox, SENDER},
    outage,
    postgres::{Database, Postgres},
    receiver::Receiver,
};

const NODES: usize = 3;
const WRITERS: usize = 4;

/// As whoever runs several nodes behind one address starts each.
const NODE: [&str; 5] = ["--demo", "--public-url", "http://notices.example", "--webhook-allow", "127.0.0.1"];

/// How many commands are answered between two faults.
const BETWEEN_FAULTS: usize = 12;

/// How many faults a round has at least.
const FAULTS: usize = 4;

/// Chance, the same in each run for the same seed.
#[derive(Clone)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// What writers, readers and whoever breaks things share.
struct Stage {
    token: String,
    addresses: RwLock<Vec<String>>,
    history: Mutex<Vec<Sent>>,
    answered: AtomicUsize,
    is_over: AtomicBool,
}

impl Stage {
    fn address(&self, node: usize) -> String {
        self.addresses.read().unwrap()[node].clone()
    }

    fn nodes(&self) -> usize {
        self.addresses.read().unwrap().len()
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    /// Sends a command until it is answered, or gives up after the first failure. Gives the answer.
    async fn command(&self, client: &Client, dice: &mut Dice, path: &str, mark: &str, body: &Value) -> Option<Value> {
        let gives_up = dice.below(4) == 0;
        let began = SystemClock.steady();
        let mut outcome = Outcome::Refused;
        let answer = loop {
            let url = format!("{}{path}", self.address(dice.below(self.nodes())));
            let request = client.post(url).bearer_auth(&self.token).header("Idempotency-Key", mark).json(body);
            match attempt(request).await {
                Ok(answer) => {
                    outcome = Outcome::Done;
                    self.answered.fetch_add(1, Ordering::SeqCst);
                    break Some(answer);
                }
                Err(Outcome::Unknown) => outcome = Outcome::Unknown,
                Err(_) => {}
            }
            assert!(SystemClock.steady() - began < PATIENCE, "{mark} is not answered");
            if gives_up {
                break None;
            }
            tokio::task::yield_now().await;
        };
        let mark = mark.to_owned();
        self.history.lock().unwrap().push(Sent { mark, outcome });
        answer
    }
}

/// One attempt; what failed it says whether anything was done.
async fn attempt(request: reqwest::RequestBuilder) -> Result<Value, Outcome> {
    let response = request.send().await.map_err(|_| Outcome::Unknown)?;
    let status = response.status();
    let answer: Value = response.json().await.map_err(|_| Outcome::Unknown)?;
    match status {
        status if status.is_success() => Ok(answer),
        StatusCode::SERVICE_UNAVAILABLE if answer["outcome"] == "nothing_changed" => Err(Outcome::Refused),
        StatusCode::INTERNAL_SERVER_ERROR if answer["outcome"] == "unknown" => Err(Outcome::Unknown),
        status => panic!("{status}: {answer}"),
    }
}

/// Publishes, updates and resolves, one notice after the other.
async fn write(stage: Arc<Stage>, writer: usize, round: usize) {
    let client = Client::new();
    let mut dice = Dice((round * 100 + writer + 1) as u64);
    let mut number = round * 1_000_000;
    while !stage.is_over() {
        number += 1;
        let mark = |step: &str| format!("w{writer}-{number}-{step}");
        let body = outage("sperrmuell", &mark("a"));
        let Some(notice) = stage.command(&client, &mut dice, "/api/v1/notices", &mark("a"), &body).await else {
            continue;
        };
        let id = notice["id"].as_str().unwrap().to_owned();
        for (step, call) in [("b", "updates"), ("c", "resolve")] {
            let body = json!({"text": {"de": mark(step)}});
            let path = format!("/api/v1/notices/{id}/{call}");
            stage.command(&client, &mut dice, &path, &mark(step), &body).await;
        }
    }
}

/// Reads what one node tells, again and again; what another has taken the place of never comes back.
async fn read(stage: Arc<Stage>, node: usize) {
    let client = Client::new();
    let (mut last, mut seen) = (String::new(), HashSet::new());
    while !stage.is_over() {
        tokio::task::yield_now().await;
        let url = format!("{}/p/musterstadt/state.json", stage.address(node));
        let Ok(response) = client.get(url).send().await else { continue };
        assert_eq!(response.status(), StatusCode::OK);
        let Ok(state) = response.json::<Value>().await else { continue };
        let revision = state["revision"].as_str().unwrap();
        if revision != last {
            assert!(seen.insert(revision.to_owned()), "node {node} went back to {revision}");
            revision.clone_into(&mut last);
        }
    }
}

/// The nodes and what they stand on.
struct House {
    /// Where they share one.
    postgres: Option<Postgres>,
    data: Data,
    nodes: Vec<Process>,
    /// What takes the mails of all nodes.
    mailbox: Mailbox,
    /// How many entries there were before anybody was written to.
    before: usize,
}

/// Where nodes keep their data.
#[derive(Clone)]
enum Data {
    Shared(Database),
    Own(Arc<TempDir>),
}

impl At for Data {
    fn option(&self) -> [OsString; 2] {
        match self {
            Self::Shared(database) => database.option(),
            Self::Own(folder) => folder.path().option(),
        }
    }
}

/// Starts a node.
async fn node(data: Data, relay: String) -> Process {
    let starting = tokio::task::spawn_blocking(move || {
        let mails = ["--smtp", &relay, "--mail-from", SENDER];
        Process::serve(&data, &[&NODE[..], &mails[..]].concat())
    });
    starting.await.unwrap()
}

impl House {
    /// Several nodes on a database server.
    async fn build() -> Self {
        let postgres = Postgres::start().await;
        let data = Data::Shared(postgres.database("shared").await);
        Self::of(NODES, data, Some(postgres)).await
    }

    /// One that keeps its data itself.
    async fn alone() -> Self {
        Self::of(1, Data::Own(Arc::new(tempfile::tempdir().unwrap())), None).await
    }

    async fn of(nodes: usize, data: Data, postgres: Option<Postgres>) -> Self {
        let mailbox = Mailbox::start().await;
        // All on an empty database at once.
        let starting = (0..nodes).map(|_| node(data.clone(), mailbox.address()));
        Self {
            nodes: futures::future::join_all(starting).await,
            postgres,
            before: binary::succeed(&data, &["journal", "export"]).lines().count(),
            data,
            mailbox,
        }
    }

    /// Has somebody written to from now on.
    async fn subscribe(&self) {
        let client = Client::new();
        let send = async |node: usize, path: &str, fields: &[(&str, &str)]| {
            let node = &self.nodes[node % self.nodes.len()];
            let answer = client.post(format!("{}{path}", node.base)).form(fields).send().await;
            assert_eq!(answer.unwrap().status(), StatusCode::OK);
        };
        // By one node they ask, another writes perhaps, and by a third they confirm.
        send(0, "/p/musterstadt/subscribe", &[("address", "erika@beispiel.example")]).await;
        let own = self.mailbox.at_least(1).await[0].own_page();
        send(1, &own, &[("do", "settle"), ("service", "sperrmuell"), ("kind", "outage")]).await;
    }

    /// The mails about notices, each as the notice, the entry up to which it tells of it, and whether it tells the end; `all`: once they have told
    /// the end of each that is over.
    async fn mails(&self, all: bool) -> Vec<(String, u64, bool)> {
        let export = binary::succeed(&self.data, &["journal", "export"]);
        let over: HashSet<String> = export.lines().skip(self.before).filter_map(resolved).collect();
        let told = |said: &[Value]| -> Vec<(String, u64, bool)> {
            let mails = said.iter().filter(|line| line["headers"].is_array()).cloned().map(Mail);
            mails.filter_map(|mail| about(&mail)).collect()
        };
        self.mailbox
            .until(|said| {
                let mails = told(said);
                let ended: HashSet<&String> = mails.iter().filter(|(_, _, is_end)| *is_end).map(|(notice, ..)| notice).collect();
                let is_all = over.iter().all(|notice| ended.contains(notice));
                (is_all || !all).then_some(mails)
            })
            .await
    }

    /// Breaks something, and mends it.
    async fn fault(&mut self, dice: &mut Dice, stage: &Stage) {
        let node = dice.below(self.nodes.len());
        match dice.below(4) {
            0 if self.postgres.is_some() => self.restart_postgres().await,
            1 if self.postgres.is_some() => {
                self.nodes[node].kill();
                self.restart_postgres().await;
                self.restart(node, stage).await;
            }
            _ => {
                self.nodes[node].kill();
                self.restart(node, stage).await;
            }
        }
    }

    async fn restart_postgres(&mut self) {
        if let Some(postgres) = &mut self.postgres {
            postgres.kill();
            postgres.run().await;
        }
    }

    async fn restart(&mut self, node: usize, stage: &Stage) {
        self.nodes[node] = self::node(self.data.clone(), self.mailbox.address()).await;
        stage.addresses.write().unwrap()[node].clone_from(&self.nodes[node].base);
    }

    /// Waits until all nodes tell the same, to the byte.
    async fn all_tell_the_same(&self) {
        let client = Client::new();
        for path in ["state.json", "", "fallback.html", "history", "umleitung.js", "fragment.html"] {
            let told = async || {
                let mut told = HashSet::new();
                for node in &self.nodes {
                    let answer = client.get(format!("{}/p/musterstadt/{path}", node.base)).send().await.unwrap();
                    let etag = answer.headers()[header::ETAG].clone();
                    told.insert((etag, answer.text().await.unwrap()));
                }
                told
            };
            let until = async {
                while told().await.len() > 1 {
                    tokio::task::yield_now().await;
                }
            };
            if tokio::time::timeout(PATIENCE, until).await.is_err() {
                panic!(
                    "the nodes do not tell the same at {path:?}: {}",
                    difference(told().await.into_iter().map(|(_, text)| text))
                );
            }
        }
    }
}

/// Where two texts begin to differ.
fn difference(mut told: impl Iterator<Item = String>) -> String {
    let (one, other) = (told.next().unwrap_or_default(), told.next().unwrap_or_default());
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let from = |text: &str| text.chars().skip(same.saturating_sub(60)).take(160).collect::<String>();
    format!("\n{}\n{}", from(&one), from(&other))
}

fn number_in(variable: &str, usual: usize) -> usize {
    std::env::var(variable).map_or(usual, |number| number.parse().unwrap())
}

fn summary(history: &[Sent]) -> String {
    let count = |outcome| history.iter().filter(|sent| sent.outcome == outcome).count();
    let [done, refused, unknown] = [Outcome::Done, Outcome::Refused, Outcome::Unknown].map(count);
    format!("{done} commands done, {refused} refused, {unknown} unknown")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answered_command_is_there_once_whatever_is_killed() {
    endure(House::build().await, number_in("UMLEITUNG_ROUNDS", 5)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_it_is_with_one_node_that_keeps_its_data_itself() {
    endure(House::alone().await, number_in("UMLEITUNG_ROUNDS", 2)).await;
}

/// Kills what can be killed, while people write and read.
async fn endure(mut house: House, rounds: usize) {
    let length = Duration::from_secs(number_in("UMLEITUNG_ROUND_SECONDS", 0) as u64);
    let token = binary::succeed(&house.data, &["token", "create", "load", "--role", "publisher"]);
    let receiver = Receiver::start().await;
    let before = about_notices(&binary::succeed(&house.data, &["journal", "export"])).len();
    binary::succeed(&house.data, &["webhook", "add", &receiver.address]);
    house.subscribe().await;
    let (mut history, mut all_faults) = (Vec::new(), 0);
    for round in 1..=rounds {
        let stage = Arc::new(Stage {
            token: token.trim().to_owned(),
            addresses: RwLock::new(house.nodes.iter().map(|node| node.base.clone()).collect()),
            history: Mutex::default(),
            answered: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        });
        let mut people = JoinSet::new();
        (0..WRITERS).for_each(|writer| drop(people.spawn(write(stage.clone(), writer, round))));
        (0..stage.nodes()).for_each(|node| drop(people.spawn(read(stage.clone(), node))));
        let (began, mut dice) = (SystemClock.steady(), Dice(round as u64));
        let mut faults = 0;
        while faults < FAULTS || SystemClock.steady() - began < length {
            let before = stage.answered.load(Ordering::SeqCst);
            let answered = async {
                while stage.answered.load(Ordering::SeqCst) < before + BETWEEN_FAULTS {
                    tokio::task::yield_now().await;
                }
            };
            let waited = tokio::time::timeout(PATIENCE, answered).await;
            assert!(waited.is_ok(), "round {round}: nothing is answered after fault {faults}");
            house.fault(&mut dice, &stage).await;
            faults += 1;
        }
        stage.is_over.store(true, Ordering::SeqCst);
        while let Some(ended) = people.join_next().await {
            ended.unwrap();
        }
        house.all_tell_the_same().await;
        history.append(&mut stage.history.lock().unwrap());
        let export = binary::succeed(&house.data, &["journal", "export"]);
        let told = marks(&export);
        assert_eq!(judge(&history, &told), [] as [&str; 0], "round {round}");
        assert!(binary::succeed(&house.data, &["journal", "verify"]).contains("whole"));
        println!(
            "round {round}: {faults} faults; {}; {} entries",
            summary(&history),
            export.lines().count()
        );
        // What the judge would not see it could not miss.
        let done = history.iter().find(|sent| sent.outcome == Outcome::Done).unwrap();
        let lost: Vec<String> = told.iter().filter(|mark| **mark != done.mark).cloned().collect();
        let doubled: Vec<String> = told.iter().chain([&done.mark]).cloned().collect();
        assert!(judge(&history, &lost).len() == 1 && judge(&history, &doubled).len() == 1);
        let entries = &about_notices(&export)[before..];
        if round == rounds || !length.is_zero() {
            // Once the lease of a node that was killed has run out.
            receiver
                .until(|heard| heard.iter().any(|one| Some(&entry_of(one)) == entries.last()))
                .await;
        }
        let mails = house.mails(round == rounds || !length.is_zero()).await;
        all_faults += faults;
        assert_eq!(judge_mails(&mails, all_faults), [] as [&str; 0], "round {round}");
        println!("round {round}: {} mails", mails.len());
        let told: Vec<u64> = receiver.heard.borrow().iter().map(entry_of).collect();
        let newest = told.iter().max().copied().unwrap_or_default();
        let due: Vec<u64> = entries.iter().copied().filter(|seq| *seq <= newest).collect();
        assert_eq!(judge_told(&due, &told), [] as [&str; 0], "round {round}");
        assert_eq!(receiver.overlaps(), 0, "round {round}: two nodes told the same receiver at once");
        println!(
            "round {round}: {} messages about {} of {} entries",
            told.len(),
            due.len(),
            entries.len()
        );
    }
}

/// What one node publishes the others show, without being asked by anybody.
#[tokio::test]
async fn a_node_shows_what_another_has_published() {
    let house = House::build().await;
    let token = binary::succeed(&house.data, &["token", "create", "ops", "--role", "publisher"]);
    let client = Client::new();
    for (number, node) in house.nodes.iter().enumerate() {
        let title = format!("from node {number}");
        let request = client.post(format!("{}/api/v1/notices", node.base)).bearer_auth(token.trim());
        let answer = request.json(&outage("wohngeld", &title)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        let shown = async {
            for node in &house.nodes {
                let url = format!("{}/p/musterstadt/state.json", node.base);
                while !client.get(&url).send().await.unwrap().text().await.unwrap().contains(&title) {
                    tokio::task::yield_now().await;
                }
            }
        };
        tokio::time::timeout(PATIENCE, shown).await.expect("a node does not follow");
    }
    house.all_tell_the_same().await;
}

/// Each occurrence of planned work is announced once, though the holder of the lease and people at every node do it at the same time.
#[tokio::test]
async fn an_occurrence_is_announced_once_by_however_many_at_the_same_time() {
    let house = House::build().await;
    let token = binary::succeed(&house.data, &["token", "create", "ops", "--role", "publisher"]);
    let client = Client::new();
    let today = SystemClock.now().in_tz("Europe/Berlin").unwrap().date();
    let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let plan = json!({
        "notice": {"kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "title": {"de": "Wartung"}},
        "recurrence": {
            "first": today, "rule": {"each": "week", "weekdays": weekdays}, "time_zone": "Europe/Berlin",
            "times": {"starts": "00:00", "ends": "00:00", "days_later": 1},
        },
        "announce_hours": 72,
    });
    let path = |node: usize, rest: &str| format!("{}/api/v1/series{rest}", house.nodes[node].base);
    let request = client.post(path(0, "")).bearer_auth(token.trim()).json(&plan);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::CREATED);
    let days: Vec<String> = (0..4)
        .map(|days| today.saturating_add(jiff::Span::new().days(days)).to_string())
        .collect();
    let mut sent = JoinSet::new();
    for day in &days {
        for node in 0..NODES {
            let request = client.post(path(node, &format!("/S-0001/occurrences/{day}/announce")));
            sent.spawn(request.bearer_auth(token.trim()).json(&json!({})).send());
        }
    }
    let mut done = 0;
    while let Some(answer) = sent.join_next().await {
        let status = answer.unwrap().unwrap().status();
        done += usize::from(status == StatusCode::OK);
        // A node that has not heard of the series yet knows of none.
        assert!(
            [StatusCode::OK, StatusCode::CONFLICT, StatusCode::NOT_FOUND].contains(&status),
            "{status}"
        );
    }
    assert!(done <= days.len(), "{done} of {}", days.len());
    let announced = async {
        loop {
            let request = client.get(path(0, "/S-0001")).bearer_auth(token.trim());
            let told: Value = request.send().await.unwrap().json().await.unwrap();
            if told["upcoming"].as_array().unwrap()[..days.len()]
                .iter()
                .all(|one| one["notice"].is_string())
            {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, announced).await.expect("nobody announces");
    house.all_tell_the_same().await;
    let journal = binary::succeed(&house.data, &["journal", "export"]);
    for day in &days {
        let about = format!("\\\"original\\\":\\\"{day}\\\"");
        let told = journal
            .lines()
            .filter(|line| line.contains("series_announced") && line.contains(&about))
            .count();
        assert_eq!(told, 1, "{day}");
    }
}

/// A page that has its loader from a node of the next release, or of the one before, gets its files from whichever node it asks.
#[tokio::test]
async fn files_of_a_neighbouring_release_come_from_every_node() {
    let house = House::build().await;
    let neighbour = "INSERT INTO release (fingerprint, started_at) VALUES ('00000000000000aa', '0');
        INSERT INTO release_file (fingerprint, path, content)
        SELECT '00000000000000aa', path, content FROM release_file WHERE fingerprint <> '00000000000000aa'";
    let Data::Shared(database) = &house.data else {
        panic!("several nodes share one")
    };
    database.run(neighbour).await;
    let client = Client::new();
    for node in &house.nodes {
        let get = async |fingerprint: &str| {
            let url = format!("{}/assets/{fingerprint}/widget.js", node.base);
            let answer = client.get(url).header(header::ACCEPT_ENCODING, "br").send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            let is_packed = answer.headers().contains_key(header::CONTENT_ENCODING);
            let cache = answer.headers()[header::CACHE_CONTROL].to_str().unwrap().to_owned();
            (cache, is_packed, answer.bytes().await.unwrap())
        };
        let (cache, is_packed, content) = get("00000000000000aa").await;
        assert!(cache.contains("immutable") && is_packed && !content.is_empty());
        // Of one that nobody knows it gets what there is, and may not keep it.
        assert!(!get("00000000000000bb").await.0.contains("immutable"));
    }
}
