//! What the server looks at itself: what fails opens a notice and ends it again, and how well it worked is what was measured.

use std::sync::Arc;

use domain::{
    access::Role,
    watch::{Look, Sample, due},
    words::{Outcome, ProbeId},
};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::{Place, probing::Probing};
use tokio::time::timeout;

use super::support::{
    binary::{self, Process},
    listener::PATIENCE,
    on_each_database,
    server::{NODE, TestServer, answer},
    target::{Authority, FINE, Plan, Target},
};

const MORNING: &str = "2026-05-04T08:00:00Z";

fn after(seconds: i64) -> Timestamp {
    MORNING.parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

async fn asked(server: &TestServer, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    answer(async || server.request(Role::Admin, method.clone(), path).json(body).send().await).await
}

async fn put(server: &TestServer, kind: &str, part: Value) {
    let path = format!("/api/v1/catalogue/{kind}/{}", part["id"].as_str().unwrap());
    let (status, told) = asked(server, Method::PUT, &path, &part).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
}

fn probe(target: &str, more: Value) -> Value {
    let mut probe = json!({
        "id": "kfz", "name": {"de": "Kfz"}, "service": "kfz-zulassung", "kind": "http", "target": target, "timeout_seconds": 5, "attempts": 1,
    });
    probe.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    probe
}

fn rule(more: Value) -> Value {
    let mut rule = json!({
        "id": "kfz-weg", "name": {"de": "Kfz"}, "matchers": ["source=probe", "probe=kfz"], "template": "kfz-outage", "publish": true,
        "at_end": "complete",
    });
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

/// Waits until it was looked at this instant, and tells what was found.
async fn looked(server: &TestServer, at: Timestamp) -> Value {
    let looking = async {
        loop {
            let (_, told) = asked(server, Method::GET, "/api/v1/probes", &Value::Null).await;
            let found = &told["probes"][0]["found"][0];
            if found["looked_at"]
                .as_str()
                .is_some_and(|looked| looked.parse::<Timestamp>().is_ok_and(|looked| looked == at))
            {
                return found.clone();
            }
        }
    };
    timeout(PATIENCE, looking).await.expect("nobody has looked")
}

/// Lets time pass, in seconds since the morning, and waits for the look that is due meanwhile, if there is one.
async fn pass(server: &TestServer, probe: &Value, from: i64, to: i64) {
    server.clock.set(&after(to).to_string());
    let probe = serde_json::from_value(probe.clone()).unwrap();
    if due(&probe, NODE, after(from)) <= after(to) {
        looked(server, after(to)).await;
    }
}

/// The outages that are shown as current.
fn current(state: &Value) -> Vec<&Value> {
    let notices = state["notices"].as_array().unwrap().iter();
    notices.filter(|notice| notice["stage"] != "resolved").collect()
}

async fn shown(server: &TestServer, count: usize) -> Value {
    server.listen().await.until(|state| current(state).len() == count).await
}

/// What can happen to a service, and how it is mended.
enum Trouble {
    Killed,
    Plan(Plan),
    Slow,
    Certificate(Arc<tokio_rustls::rustls::ServerConfig>),
}

impl Trouble {
    /// Lets it happen, so many seconds on, when it is looked at.
    async fn strike(self, target: &mut Target, server: &TestServer, begins: i64) {
        let (before, is_slow) = (target.asked(), matches!(self, Self::Slow));
        match self {
            Self::Killed => target.kill().await,
            Self::Plan(plan) => target.plan(plan),
            Self::Slow => target.plan(Plan::Hold),
            Self::Certificate(certificate) => target.show(&certificate),
        }
        server.clock.set(&after(begins).to_string());
        if is_slow {
            target.until_asked(before + 1).await;
            server.clock.set(&after(begins + 2).to_string());
            target.plan(FINE);
        }
    }
}

/// All of them, each with what is found then, and why.
fn troubles(target: &Target, authority: &Authority, stranger: &Authority) -> Vec<(Trouble, &'static str, &'static str)> {
    vec![
        (Trouble::Killed, "bad", "refused"),
        (Trouble::Plan(Plan::Answer(500, "")), "bad", "it answered 500, and not 2xx"),
        (Trouble::Plan(Plan::Answer(200, "Wartung")), "bad", "the page lacks `Kfz-Zulassung`"),
        (
            Trouble::Plan(Plan::Lead(target.url())),
            "bad",
            "it leads from one address to the next",
        ),
        (Trouble::Plan(Plan::Hold), "bad", "no answer within 5 seconds"),
        (Trouble::Slow, "slow", ""),
        (
            Trouble::Certificate(authority.certificate("other.example", (2027, 1, 1))),
            "bad",
            "not valid for name",
        ),
        (
            Trouble::Certificate(stranger.certificate("127.0.0.1", (2027, 1, 1))),
            "bad",
            "invalid peer certificate",
        ),
        (
            Trouble::Certificate(authority.certificate("127.0.0.1", (2026, 5, 4))),
            "bad",
            "expired",
        ),
        // It holds still, for nine days.
        (Trouble::Certificate(authority.certificate("127.0.0.1", (2026, 5, 13))), "good", ""),
    ]
}

#[tokio::test]
async fn each_trouble_of_a_service_opens_a_notice_and_ends_it() {
    let authority = Authority::new();
    let stranger = Authority::new();
    let good = authority.certificate("127.0.0.1", (2027, 1, 1));
    let mut target = Target::start().await;
    target.show(&good);
    let server = TestServer::trusting(MORNING, authority.file.path().to_owned()).await;
    put(&server, "rule", rule(json!({"grace_minutes": 0, "calm_minutes": 1}))).await;
    let expected = json!({"text": "Kfz-Zulassung", "slow_milliseconds": 1_000});
    let probe = probe(&target.url(), expected);
    put(&server, "probe", probe.clone()).await;
    let first = looked(&server, after(0)).await;
    assert_eq!(
        (&first["outcome"], &first["certificate_until"]),
        (&json!("good"), &json!("2027-01-01T00:00:00Z")),
        "{first}"
    );
    let troubles = troubles(&target, &authority, &stranger);
    for (round, (trouble, outcome, why)) in troubles.into_iter().enumerate() {
        // Each span of a minute has one look; two minutes on, the next one is due.
        let begins = 600 * (1 + i64::try_from(round).unwrap());
        let is_slow = matches!(trouble, Trouble::Slow);
        trouble.strike(&mut target, &server, begins).await;
        let found = looked(&server, after(begins)).await;
        assert_eq!(found["outcome"], outcome, "{found}");
        assert!(found["failure"].as_str().unwrap_or_default().contains(why), "{found} {why}");
        if is_slow {
            assert_eq!(found["milliseconds"], 2_000);
        }
        let state = shown(&server, 1).await;
        let starts_at: Timestamp = current(&state)[0]["starts_at"].as_str().unwrap().parse().unwrap();
        let seen = if is_slow { begins + 2 } else { begins };
        assert!((after(begins)..=after(seen)).contains(&starts_at), "{starts_at}, {why}");
        // It is mended, seen to be, and calm for a minute.
        target.live().await;
        target.plan(FINE);
        target.show(&good);
        server.clock.set(&after(begins + 240).to_string());
        assert_eq!(looked(&server, after(begins + 240)).await["outcome"], "good");
        pass(&server, &probe, begins + 240, begins + 300).await;
        shown(&server, 0).await;
    }
    // One notice for each, written and ended by its rule.
    let (_, told) = asked(&server, Method::GET, "/api/v1/journal?order=newest_first", &Value::Null).await;
    let by_rule = told["entries"].as_array().unwrap().iter();
    assert_eq!(by_rule.filter(|entry| entry["actor"] == "watch:kfz-weg").count(), 20);
}

#[tokio::test]
async fn a_notice_comes_and_goes_within_the_configured_times() {
    let mut target = Target::start().await;
    let server = TestServer::start(MORNING).await;
    put(&server, "rule", rule(json!({"grace_minutes": 3, "calm_minutes": 4}))).await;
    let probe = probe(&target.url(), json!({"every_seconds": 60}));
    put(&server, "probe", probe.clone()).await;
    looked(&server, after(0)).await;
    target.kill().await;
    // A look is due after a minute and a fifth at the latest.
    server.clock.set(&after(72).to_string());
    assert_eq!(looked(&server, after(72)).await["outcome"], "bad");
    server.clock.set(&after(72 + 179).to_string());
    looked(&server, after(72 + 179)).await;
    assert!(
        current(&server.state().await).is_empty(),
        "it has lasted for less than three minutes"
    );
    pass(&server, &probe, 72 + 179, 72 + 180).await;
    let state = shown(&server, 1).await;
    let starts_at: Timestamp = current(&state)[0]["starts_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(starts_at, after(72));
    target.live().await;
    server.clock.set(&after(400).to_string());
    assert_eq!(looked(&server, after(400)).await["outcome"], "good");
    server.clock.set(&after(400 + 239).to_string());
    looked(&server, after(400 + 239)).await;
    assert_eq!(
        current(&server.state().await).len(),
        1,
        "it has been calm for less than four minutes"
    );
    pass(&server, &probe, 400 + 239, 400 + 240).await;
    shown(&server, 0).await;
    // What is looked at no more fires no more.
    target.kill().await;
    server.clock.set(&after(900).to_string());
    looked(&server, after(900)).await;
    server.clock.set(&after(900 + 180).to_string());
    shown(&server, 1).await;
    let removal = server
        .request(Role::Admin, Method::DELETE, "/api/v1/catalogue/probe/kfz")
        .header("if-match", "*");
    assert!(removal.send().await.unwrap().status().is_success());
    server.clock.set(&after(900 + 180 + 240).to_string());
    shown(&server, 0).await;
}

#[tokio::test]
async fn an_attempt_that_succeeds_is_enough() {
    let target = Target::start().await;
    let server = TestServer::start(MORNING).await;
    target.plan(Plan::Answer(503, ""));
    let trying = async {
        let trial = probe(&target.url(), json!({"attempts": 2}));
        asked(&server, Method::POST, "/api/v1/probes/try", &trial).await
    };
    let mending = async {
        target.until_asked(1).await;
        target.plan(FINE);
    };
    let ((status, seen), ()) = tokio::join!(trying, mending);
    assert_eq!((status, &seen["outcome"]), (StatusCode::OK, &json!("good")), "{seen}");
    assert_eq!(target.asked(), 2);
}

#[tokio::test]
async fn what_a_probe_expects_is_held_against_what_comes() {
    let target = Target::start().await;
    let server = TestServer::start(MORNING).await;
    let elsewhere = Target::start().await;
    let (lead, there) = (Plan::Lead(elsewhere.url()), elsewhere.url());
    let dead = "127.0.0.1:1";
    for (plan, trial, expected) in [
        (FINE, probe(&target.url(), json!({})), ""),
        (FINE, probe(&target.url(), json!({"status": 204})), "it answered 200, and not 204"),
        (Plan::Answer(404, ""), probe(&target.url(), json!({"status": 404})), ""),
        (lead.clone(), probe(&target.url(), json!({"leads_to": there})), ""),
        (
            lead.clone(),
            probe(&target.url(), json!({"leads_to": "https://other.example/"})),
            "it leads to",
        ),
        (lead, probe(&target.url(), json!({"status": 302, "leads_to": there})), ""),
        (
            Plan::Lead("mailto:amt@musterstadt.example".into()),
            probe(&target.url(), json!({})),
            "names no host",
        ),
        (FINE, probe(&target.place(), json!({"kind": "tcp"})), ""),
        (FINE, probe(dead, json!({"kind": "tcp"})), "refused"),
        (FINE, probe(&target.place(), json!({"kind": "tls"})), "no answer within 5 seconds"),
        (
            FINE,
            probe("kfz.example", json!({"kind": "dns", "server": dead})),
            "the name server does not answer",
        ),
    ] {
        target.plan(plan);
        let (status, seen) = asked(&server, Method::POST, "/api/v1/probes/try", &trial).await;
        assert_eq!(status, StatusCode::OK, "{seen}");
        assert_eq!(seen["outcome"], if expected.is_empty() { "good" } else { "bad" }, "{seen} {trial}");
        assert!(seen["failure"].as_str().unwrap_or_default().contains(expected), "{seen} {expected}");
    }
    let (status, told) = asked(
        &server,
        Method::POST,
        "/api/v1/probes/try",
        &probe("kfz", json!({"service": "nothing"})),
    )
    .await;
    let pointers: Vec<_> = told["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(
        (status, pointers),
        (StatusCode::UNPROCESSABLE_ENTITY, vec![&json!("/service"), &json!("/target")])
    );
}

/// Over real sockets: what is not on the open internet is reached only where it is allowed, however it is written and however one is led there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probes_reach_what_is_allowed_and_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let token = binary::succeed(folder.path(), &["token", "create", "ops", "--role", "admin"]);
    let inside = Target::start().await;
    let client = reqwest::Client::new();
    let seen = async |process: &Process, trial: Value| {
        let url = format!("{}/api/v1/probes/try", process.base);
        let answer = client.post(url).bearer_auth(token.trim()).json(&trial).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json::<Value>().await.unwrap()
    };
    let without_service = |target: &str, more: Value| {
        let mut trial = probe(target, more);
        trial.as_object_mut().unwrap().remove("service");
        trial
    };
    let process = Process::serve(folder.path(), &[]);
    let port = inside.place().rsplit_once(':').unwrap().1.to_owned();
    for trial in [
        without_service(&inside.url(), json!({})),
        without_service(&format!("http://localhost:{port}/"), json!({})),
        without_service(&format!("http://[::ffff:127.0.0.1]:{port}/"), json!({})),
        without_service("http://169.254.169.254/", json!({})),
        without_service(&inside.place(), json!({"kind": "tcp"})),
        without_service(&inside.place(), json!({"kind": "tls"})),
        without_service("kfz.example", json!({"kind": "dns", "server": inside.place()})),
    ] {
        let found = seen(&process, trial.clone()).await;
        assert!(found["failure"].as_str().unwrap().contains("--probe-allow"), "{found} {trial}");
    }
    assert_eq!(inside.asked(), 0, "nobody came");
    drop(process);
    // Allowed is one address; what leads from there to another one is not followed.
    let process = Process::serve(folder.path(), &["--probe-allow", "127.0.0.1"]);
    assert_eq!(seen(&process, without_service(&inside.url(), json!({}))).await["outcome"], "good");
    inside.plan(Plan::Lead(format!("http://127.0.0.2:{port}/")));
    let found = seen(&process, without_service(&inside.url(), json!({}))).await;
    assert!(found["failure"].as_str().unwrap().contains("--probe-allow"), "{found}");
}

/// Has the server look, once an hour, where nothing listens.
pub(super) async fn look_where_nothing_is(server: &TestServer) {
    put(server, "probe", probe("http://127.0.0.1:1/", json!({"every_seconds": 3_600}))).await;
}

/// Every ten minutes, from before the month to after it: two hours of it fail, and so does the planned hour; in another one it is slow.
pub(super) fn looks_of_march() -> Vec<Look> {
    let instant = |text: &str| text.parse::<Timestamp>().unwrap();
    let within = |at: Timestamp, from: &str, to: &str| (instant(from)..instant(to)).contains(&at);
    let mut looks = Vec::new();
    let mut at = instant("2026-02-28T20:00:00Z");
    while at < instant("2026-04-01T04:00:00Z") {
        let is_bad =
            within(at, "2026-03-10T10:00:00Z", "2026-03-10T12:00:00Z") || within(at, "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z");
        let is_slow = within(at, "2026-03-20T20:00:00Z", "2026-03-20T21:00:00Z");
        looks.push(Look {
            probe: ProbeId::parse("kfz").unwrap(),
            node: "by hand".to_owned(),
            at,
            outcome: match (is_bad, is_slow) {
                (true, _) => Outcome::Bad,
                (_, true) => Outcome::Slow,
                _ => Outcome::Good,
            },
            milliseconds: if is_slow { 4_000 } else { 120 },
            failure: None,
            certificate_until: None,
        });
        at += SignedDuration::from_mins(10);
    }
    looks
}

#[tokio::test]
async fn the_numbers_of_a_month_are_those_worked_out_by_hand() {
    let server = TestServer::start("2026-02-20T08:00:00Z").await;
    look_where_nothing_is(&server).await;
    let planned = |title: &str, from: &str, to: &str| {
        json!({
            "kind": "maintenance", "severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": title}, "starts_at": from, "ends_at": to,
            "at_end": "complete", "publish": true,
        })
    };
    // In the night in which a clock is changed, on a service that the one needs which is looked at. And one that is called off.
    server
        .post(
            "/api/v1/notices",
            &planned("Nachts", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"),
        )
        .await;
    let off = server
        .post(
            "/api/v1/notices",
            &planned("Abgesagt", "2026-03-20T20:00:00Z", "2026-03-20T22:00:00Z"),
        )
        .await;
    server
        .post(&format!("/api/v1/notices/{}/cancel", off["id"].as_str().unwrap()), &json!({}))
        .await;
    // One runs over its announced end for half an hour before somebody announces another one: that half hour was not planned.
    let mut longer = planned("Länger", "2026-03-05T20:00:00Z", "2026-03-05T21:00:00Z");
    longer["at_end"] = "confirm".into();
    let longer = server.post("/api/v1/notices", &longer).await;
    server.clock.set("2026-03-05T21:30:00Z");
    // The server has looked by itself, too: in what is planned from then on.
    looked(&server, "2026-03-05T21:30:00Z".parse().unwrap()).await;
    let path = format!("/api/v1/notices/{}/extend", longer["id"].as_str().unwrap());
    let (status, told) = asked(&server, Method::POST, &path, &json!({"ends_at": "2026-03-05T23:00:00Z"})).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    server.place().open().await.unwrap().probing.note(&looks_of_march()).await.unwrap();
    let month = async |query: &str| {
        let (status, told) = asked(
            &server,
            Method::GET,
            &format!("/api/v1/probes/kfz/availability?{query}"),
            &Value::Null,
        )
        .await;
        assert_eq!(status, StatusCode::OK, "{told}");
        told
    };
    // March in Musterstadt has 743 hours, 4458 looks, and one more: 6 and 6 and 9 of them planned, and that one; 12 failed, 6 slow.
    let expected = json!({
        "probe": "kfz", "from": "2026-02-28T23:00:00Z", "to": "2026-03-31T22:00:00Z",
        "good": 4_419, "slow": 6, "bad": 12, "planned": 22, "percent": 99.72, "median_milliseconds": 120, "p95_milliseconds": 120,
    });
    assert_eq!(month("month=2026-03&portal=musterstadt").await, expected);
    // By UTC it has 744 hours.
    assert_eq!(month("month=2026-03").await["good"], 4_425);
    let none = month("month=2025-03&portal=musterstadt").await;
    assert_eq!((&none["percent"], &none["good"]), (&Value::Null, &json!(0)));
    for (query, status, told) in [
        ("month=2026-3", StatusCode::UNPROCESSABLE_ENTITY, "urn:umleitung:invalid"),
        ("month=2026-03&portal=nowhere", StatusCode::NOT_FOUND, "urn:umleitung:no_portal"),
        ("month=2026-03&year=2026", StatusCode::BAD_REQUEST, "urn:umleitung:bad_parameters"),
    ] {
        let answer = asked(
            &server,
            Method::GET,
            &format!("/api/v1/probes/kfz/availability?{query}"),
            &Value::Null,
        )
        .await;
        assert_eq!((answer.0, answer.1["type"].as_str()), (status, Some(told)), "{query}");
    }
}

#[tokio::test]
async fn the_examples_of_the_page_are_taken() {
    let page = include_str!("../../docs/integrations/probes.md");
    let fenced = |language: &str| {
        let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
        rest.split_once("```").unwrap().0
    };
    let server = TestServer::start(MORNING).await;
    let catalogue = server
        .request(Role::Admin, Method::GET, "/api/v1/catalogue.toml")
        .send()
        .await
        .unwrap();
    let example = fenced("toml")
        .replace("kfz-stoerung", "kfz-outage")
        .replace("https://kfz.musterstadt.example/", "http://127.0.0.1:1/");
    let whole = format!("{}{example}", catalogue.text().await.unwrap());
    let (status, told) = asked(&server, Method::POST, "/api/v1/catalogue", &json!({"toml": whole})).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let addresses: Vec<&str> = fenced("sh")
        .split("https://notices.example")
        .skip(1)
        .map(|rest| rest.split(['"', ' ']).next().unwrap())
        .collect();
    assert_eq!(addresses.len(), 2);
    for path in addresses {
        let (status, told) = asked(&server, Method::GET, path, &Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{path} {told}");
    }
}

/// So many seconds a day has.
const DAY: i64 = 86_400;

fn look(probe: &str, node: &str, seconds: i64, outcome: Outcome) -> Look {
    Look {
        probe: ProbeId::parse(probe).unwrap(),
        node: node.to_owned(),
        at: after(seconds),
        outcome,
        milliseconds: 70,
        failure: (outcome == Outcome::Bad).then(|| "refused".to_owned()),
        certificate_until: Some(after(DAY)),
    }
}

/// Since when it has been so, also where it has been otherwise among what is noted at once.
async fn expect_since(probing: &Probing) {
    let since = async || probing.findings().await.unwrap()[0].since;
    let (good, bad) = (Outcome::Good, Outcome::Bad);
    let until = |outcomes: &[Outcome]| {
        let at = |place: usize| DAY + 10 * i64::try_from(place).unwrap() + 10;
        outcomes
            .iter()
            .enumerate()
            .map(|(place, outcome)| look("kfz", "a", at(place), *outcome))
            .collect::<Vec<_>>()
    };
    probing.note(&until(&[bad, bad])).await.unwrap();
    assert_eq!(since().await, after(60));
    probing.note(&until(&[bad, good, bad, bad])).await.unwrap();
    assert_eq!(since().await, after(DAY + 30));
}

/// What is kept of looks, on whichever database.
async fn contract(place: &Place) {
    let store = place.open().await.unwrap();
    let probing = store.probing;
    let day = DAY;
    probing
        .note(&[
            look("kfz", "a", 0, Outcome::Good),
            look("kfz", "a", 60, Outcome::Bad),
            look("kfz-b", "a", 0, Outcome::Good),
        ])
        .await
        .unwrap();
    probing
        .note(&[
            look("kfz", "a", 120, Outcome::Bad),
            look("kfz", "b", 90, Outcome::Slow),
            look("kfz", "a", day, Outcome::Bad),
        ])
        .await
        .unwrap();
    let found: Vec<_> = probing.findings().await.unwrap();
    let told: Vec<_> = found
        .iter()
        .map(|found| (found.last.probe.as_str(), found.last.node.as_str(), found.since))
        .collect();
    assert_eq!(told, [("kfz", "a", after(60)), ("kfz", "b", after(90)), ("kfz-b", "a", after(0))]);
    assert_eq!(found[0].last, look("kfz", "a", day, Outcome::Bad));
    // Of one probe, of all nodes, and of the span alone.
    let samples = |from: i64, to: i64| {
        let probing = probing.clone();
        async move {
            probing
                .samples(&ProbeId::parse("kfz").unwrap(), (after(from), after(to)))
                .await
                .unwrap()
        }
    };
    let sample = |seconds: i64, outcome: Outcome| Sample {
        at: after(seconds),
        outcome,
        milliseconds: 70,
    };
    let expected = [
        sample(0, Outcome::Good),
        sample(60, Outcome::Bad),
        sample(120, Outcome::Bad),
        sample(90, Outcome::Slow),
    ];
    assert_eq!(samples(0, day).await, expected);
    assert_eq!(samples(60, 90).await, [sample(60, Outcome::Bad)]);
    assert_eq!(samples(day, day + 1).await, [sample(day, Outcome::Bad)]);
    expect_since(&probing).await;
    // A day that is older than 400 is forgotten, and so is the last look of whoever looks no more.
    probing.forget(after(401 * day)).await.unwrap();
    assert_eq!(samples(0, day).await, []);
    assert!(!samples(day, 2 * day).await.is_empty());
    assert!(probing.findings().await.unwrap().is_empty());
}

on_each_database!(contract);
