//! The command line as a client: what a pipeline tells citizens, and what it is told.

use std::{
    io::{Read, Write},
    net::TcpListener,
    process::Command,
};

use domain::access::Role;
use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::{binary, server::TestServer};

/// What a command came to.
#[derive(Debug, PartialEq, Eq)]
struct Done {
    status: Option<i32>,
    printed: String,
    complained: String,
}

/// A machine on which pipelines run.
struct Runner {
    address: String,
    token: String,
}

impl Runner {
    fn new(server: &TestServer, role: Role) -> Self {
        Self {
            address: server.url(""),
            token: server.token(role).to_owned(),
        }
    }

    /// Runs a program with the address and the token in its environment, while the server goes on.
    async fn run(&self, mut command: Command) -> Done {
        command.env("UMLEITUNG_SERVER", &self.address).env("UMLEITUNG_TOKEN", &self.token);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Done {
            status: output.status.code(),
            printed: text(output.stdout).trim_end().to_owned(),
            complained: text(output.stderr).trim_end().to_owned(),
        }
    }

    async fn umleitung(&self, arguments: &[&str]) -> Done {
        let mut command = Command::new(binary::path());
        command.args(arguments);
        self.run(command).await
    }

    /// What it prints where it has to succeed.
    async fn succeed(&self, arguments: &[&str]) -> String {
        let done = self.umleitung(arguments).await;
        assert_eq!((done.status, done.complained.as_str()), (Some(0), ""), "{arguments:?}");
        done.printed
    }

    /// What it says where it has to fail.
    async fn fail(&self, arguments: &[&str]) -> String {
        let done = self.umleitung(arguments).await;
        assert_eq!(done.status, Some(1), "{arguments:?}: {}", done.printed);
        done.complained
    }
}

fn weekend() -> Value {
    json!({
        "name": "Wochenende", "level": "reason",
        "when": {"recurring": {
            "first": "2026-12-01", "rule": {"each": "week", "weekdays": ["friday"]}, "time_zone": "Europe/Berlin",
            "times": {"starts": "12:00", "ends": "07:00", "days_later": 3},
        }},
    })
}

async fn freeze(server: &TestServer, freeze: &Value) {
    let request = server.request(Role::Publisher, Method::POST, "/api/v1/freezes").json(freeze);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::CREATED);
}

#[tokio::test]
async fn an_outage_is_told_of_by_a_program() {
    let server = TestServer::start("2026-11-30T10:00:00Z").await;
    let runner = Runner::new(&server, Role::Publisher);
    let open = [
        "notice",
        "open",
        "--service",
        "kfz-zulassung",
        "--title",
        "de=Kfz: gestört",
        "--title",
        "en=Cars: down",
    ];
    let id = runner.succeed(&open).await;
    assert_eq!(id, "2026-0001");
    let shown = server.state().await;
    assert_eq!(shown["notices"][0]["title"]["de"], "Kfz: gestört", "{shown}");

    let update = [
        "notice",
        "update",
        &id,
        "--stage",
        "identified",
        "--text",
        "de=Wir wissen, woran es liegt.",
    ];
    assert_eq!(runner.succeed(&update).await, "2026-0001\tidentified\toutage\tKfz: gestört");
    let extend = ["notice", "extend", &id, "--ends-at", "2026-11-30T13:00:00+01:00"];
    runner.succeed(&extend).await;
    assert_eq!(
        runner.succeed(&["notice", "list"]).await,
        "2026-0001\tidentified\toutage\tKfz: gestört"
    );
    let resolve = ["notice", "resolve", &id, "--text", "de=Alles geht wieder.", "--json"];
    let answer: Value = serde_json::from_str(&runner.succeed(&resolve).await).unwrap();
    assert_eq!(
        (&answer["stage"], &answer["ends_at"]),
        (&json!("resolved"), &json!("2026-11-30T12:00:00Z"))
    );
    let told: Vec<&Value> = answer["updates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|update| &update["text"]["de"])
        .collect();
    assert!(
        told.contains(&&json!("Wir wissen, woran es liegt.")) && told.contains(&&json!("Alles geht wieder.")),
        "{told:?}"
    );
    assert_eq!(runner.succeed(&["notice", "list"]).await, "");
    let all = runner.succeed(&["notice", "list", "--all"]).await;
    assert_eq!(all.lines().next(), Some("2026-0001\tresolved\toutage\tKfz: gestört"));
    // Under one key it is one notice, however often it is sent.
    let once = [&open[..], &["--key", "nightly-7"]].concat();
    assert_eq!(runner.succeed(&once).await, "2026-0002");
    assert_eq!(runner.succeed(&once).await, "2026-0002");
    assert_eq!(runner.succeed(&open).await, "2026-0003");
}

#[tokio::test]
async fn a_notice_comes_from_a_template_or_a_file() {
    let server = TestServer::start("2026-11-30T10:00:00Z").await;
    let runner = Runner::new(&server, Role::Publisher);
    let catalogue: Value = {
        let request = server.request(Role::Viewer, Method::GET, "/api/v1/catalogue");
        request.send().await.unwrap().json().await.unwrap()
    };
    let template = catalogue["template"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["notice"]["kind"] == "outage")
        .unwrap();
    let id = template["id"].as_str().unwrap();
    let answer = runner.succeed(&["notice", "open", "--template", id, "--draft", "--json"]).await;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!((&answer["title"], &answer["stage"]), (&template["notice"]["title"], &Value::Null));
    let unknown = runner.fail(&["notice", "open", "--template", "nowhere"]).await;
    assert!(
        unknown.contains("there is no template `nowhere`") && unknown.contains(id),
        "{unknown}"
    );

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notice.json");
    std::fs::write(
        &file,
        r#"{"services": ["wohngeld"], "severity": "degraded", "title": {"de": "Langsam"}}"#,
    )
    .unwrap();
    let answer = runner
        .succeed(&["notice", "open", "--file", file.to_str().unwrap(), "--json"])
        .await;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(
        (&answer["severity"], &answer["stage"]),
        (&json!("degraded"), &json!("investigating"))
    );
    // What a file says holds, unless the command says it otherwise.
    let planned = r#"{"services": ["wohngeld"], "title": {"de": "Wartung"}, "at_end": "confirm", "publish": false}"#;
    std::fs::write(&file, planned).unwrap();
    let times = ["--starts-at", "2026-12-01T20:00:00Z", "--ends-at", "2026-12-01T21:00:00Z", "--json"];
    let schedule = [&["maintenance", "schedule", "--file", file.to_str().unwrap()][..], &times].concat();
    let answer: Value = serde_json::from_str(&runner.succeed(&schedule).await).unwrap();
    assert_eq!((&answer["at_end"], &answer["stage"]), (&json!("confirm"), &Value::Null));
    std::fs::write(&file, "[]").unwrap();
    let wrong = runner.fail(&["notice", "open", "--file", file.to_str().unwrap()]).await;
    assert!(wrong.contains("notice.json has no JSON object"), "{wrong}");
}

/// A script as a pipeline would have it: it asks, waits where it has to, and wraps the release.
const RELEASE: &str = r#"
set -u
ask() {
    status=0
    "$UMLEITUNG" maintenance check --service kfz-zulassung --from "$1" --for 45m || status=$?
}
ask "$FROM"
case $status in
0) begin=$FROM ;;
3) begin=$(printf '%s' "$("$UMLEITUNG" maintenance check --service kfz-zulassung --from "$FROM" --for 45m)" | sed -n 's/^free\t\([^\t]*\)\t.*/\1/p') ;;
*) exit "$status" ;;
esac
ask "$begin"
[ "$status" = 0 ] || exit 9
end=$(date --utc --date "$begin 45 minutes" +%FT%TZ)
"$UMLEITUNG" maintenance schedule --service kfz-zulassung --title de=Aktualisierung --starts-at "$begin" --ends-at "$end" --confirm-end
"#;

async fn release(runner: &Runner, from: &str) -> Done {
    let mut command = Command::new("sh");
    command.args(["-c", RELEASE]).env("UMLEITUNG", binary::path()).env("FROM", from);
    runner.run(command).await
}

#[tokio::test]
async fn a_release_goes_waits_or_does_not() {
    let server = TestServer::start("2026-12-04T09:00:00Z").await;
    let runner = Runner::new(&server, Role::Publisher);
    // Go.
    let done = release(&runner, "2026-12-04T09:10:00Z").await;
    assert_eq!(
        (done.status, done.printed.as_str()),
        (Some(0), "go\ngo\n2026-0001"),
        "{}",
        done.complained
    );

    // Wait: on Friday at noon the weekend begins, and on Monday at seven it is over; until ten the first release has the service.
    freeze(&server, &weekend()).await;
    let first = ("2026-12-04T09:10:00Z", "2026-12-04T09:55:00Z");
    let done = release(&runner, "2026-12-04T09:30:00Z").await;
    let told = "wait\n\
        busy\t2026-12-04T09:10:00Z\t2026-12-04T09:55:00Z\twork 2026-0001 on the same service\n\
        free\t2026-12-04T10:00:00Z\t2026-12-04T10:45:00Z\n\
        go\n\
        2026-0002";
    assert_eq!((done.status, done.printed.as_str()), (Some(0), told), "{}", done.complained);
    assert_eq!(by_hand(&[first], "2026-12-04T09:30:00Z"), "2026-12-04T10:00:00Z");
    let done = release(&runner, "2026-12-04T10:30:00Z").await;
    let told = "wait\n\
        busy\t2026-12-04T10:00:00Z\t2026-12-04T10:45:00Z\twork 2026-0002 on the same service\n\
        busy\t2026-12-04T11:00:00Z\t2026-12-07T06:00:00Z\tfreeze F-0001 `Wochenende`, takes a reason\n\
        free\t2026-12-07T06:00:00Z\t2026-12-07T06:45:00Z\n\
        go\n\
        2026-0003";
    assert_eq!((done.status, done.printed.as_str()), (Some(0), told), "{}", done.complained);
    let second = ("2026-12-04T10:00:00Z", "2026-12-04T10:45:00Z");
    let frozen = ("2026-12-04T11:00:00Z", "2026-12-07T06:00:00Z");
    assert_eq!(by_hand(&[first, second, frozen], "2026-12-04T10:30:00Z"), "2026-12-07T06:00:00Z");

    // No: there is no time as far as can be seen, and nothing is announced.
    let spans = json!([{"from": "2026-12-07T06:00:00Z", "to": "2027-04-01T00:00:00Z"}]);
    let moving = json!({"name": "Umzug", "level": "reason", "when": {"spans": spans}});
    freeze(&server, &moving).await;
    let done = release(&runner, "2026-12-08T09:00:00Z").await;
    let told = "no\nbusy\t2026-12-07T06:00:00Z\t2027-04-01T00:00:00Z\tfreeze F-0002 `Umzug`, takes a reason";
    assert_eq!((done.status, done.printed.as_str()), (Some(4), told), "{}", done.complained);
    assert_eq!(
        server
            .request(Role::Viewer, Method::GET, "/api/v1/notices/2026-0004")
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}

/// The first quarter of an hour from there on from which 45 minutes are free of all this, minute by minute.
fn by_hand(busy: &[(&str, &str)], from: &str) -> String {
    let second = |instant: &str| instant.parse::<Timestamp>().unwrap().as_second();
    let is_busy = |at: i64| busy.iter().any(|(begin, end)| (second(begin)..second(end)).contains(&at));
    let mut quarters = (second(from)..).filter(|at| at % 900 == 0);
    let free = quarters.find(|begin| !(0..45).any(|minute| is_busy(begin + 60 * minute))).unwrap();
    Timestamp::from_second(free).unwrap().to_string()
}

#[tokio::test]
async fn in_frozen_time_a_program_says_why() {
    let server = TestServer::start("2026-12-04T09:00:00Z").await;
    let runner = Runner::new(&server, Role::Publisher);
    assert_eq!(release(&runner, "2026-12-04T09:10:00Z").await.status, Some(0));
    assert_eq!(release(&runner, "2026-12-04T10:00:00Z").await.status, Some(0));
    freeze(&server, &weekend()).await;
    let saturday = ["--starts-at", "2026-12-05T10:00:00Z", "--ends-at", "2026-12-05T11:00:00Z"];
    let schedule = [
        &["maintenance", "schedule", "--service", "kfz-zulassung", "--title", "de=Flicken"][..],
        &saturday,
    ]
    .concat();
    let refused = runner.fail(&schedule).await;
    assert!(
        refused.contains("`/freeze_reason` is missing") && refused.contains("F-0001 `Wochenende`"),
        "{refused}"
    );
    let id = runner
        .succeed(&[&schedule[..], &["--freeze-reason", "Sicherheitslücke"]].concat())
        .await;
    let freeze_now: Value = {
        let request = server.request(Role::Viewer, Method::GET, "/api/v1/freezes/F-0001");
        request.send().await.unwrap().json().await.unwrap()
    };
    let overridden = &freeze_now["overrides"][0];
    assert_eq!(
        (&overridden["notice"], &overridden["reason"]),
        (&json!(id), &json!("Sicherheitslücke"))
    );
    // Work is not in its own way.
    let own = [
        "maintenance",
        "check",
        "--service",
        "kfz-zulassung",
        "--from",
        saturday[1],
        "--to",
        saturday[3],
        "--notice",
        &id,
    ];
    let done = runner.umleitung(&own).await;
    let freeze_alone = done.printed.lines().filter(|line| line.starts_with("busy")).count();
    assert_eq!((done.status, freeze_alone), (Some(3), 1), "{}", done.printed);

    // No.
    let year = json!({"name": "Jahr", "level": "second_person", "when": {"spans": [{"from": "2026-12-01T00:00:00Z", "to": "2027-12-01T00:00:00Z"}]}});
    freeze(&server, &year).await;
    let done = release(&runner, "2026-12-04T10:30:00Z").await;
    assert_eq!(done.status, Some(4), "{}", done.printed);
    assert!(
        done.printed.starts_with("no\n") && !done.printed.contains("free\t"),
        "{}",
        done.printed
    );

    // Begun and done by its id.
    server.clock.set("2026-12-04T09:20:00Z");
    let running = runner
        .succeed(&["maintenance", "complete", "2026-0001", "--text", "de=Fertig."])
        .await;
    assert_eq!(running, "2026-0001\tcompleted\toutage\tAktualisierung");
    let started = runner.fail(&["maintenance", "start", "2026-0002", "--freeze-reason", "Eilt"]).await;
    assert!(started.contains("second person"), "{started}");
}

#[tokio::test]
async fn what_takes_a_second_person_waits_with_an_exit_status_of_its_own() {
    let server = TestServer::start("2026-12-04T09:00:00Z").await;
    let runner = Runner::new(&server, Role::Publisher);
    let election = json!({"name": "Wahl", "level": "second_person", "when": {"spans": [{"from": "2026-12-06T00:00:00Z", "to": "2026-12-07T00:00:00Z"}]}});
    freeze(&server, &election).await;
    let schedule = [
        "maintenance",
        "schedule",
        "--service",
        "kfz-zulassung",
        "--title",
        "de=Flicken",
        "--starts-at",
        "2026-12-06T10:00:00Z",
        "--ends-at",
        "2026-12-06T11:00:00Z",
        "--freeze-reason",
        "Sicherheitslücke",
    ];
    let with = |more: &[&'static str]| [&schedule[..], more].concat();
    let refused = runner.fail(&schedule).await;
    assert!(refused.contains("`/ask_approval`"), "{refused}");
    let waits = runner.umleitung(&with(&["--ask-approval"])).await;
    assert_eq!((waits.status, waits.printed.as_str()), (Some(3), "A-0001"));
    assert!(waits.complained.contains("second person"), "{}", waits.complained);
    let waits = runner.umleitung(&with(&["--ask-approval", "--json"])).await;
    let told: Value = serde_json::from_str(&waits.printed).unwrap();
    assert_eq!((waits.status, &told["standing"]), (Some(3), &json!("waiting")));
    assert_eq!(runner.succeed(&with(&["--break-glass", "Angriff läuft"])).await, "2026-0001");
    let moved = [
        "notice",
        "extend",
        "2026-0001",
        "--ends-at",
        "2026-12-06T12:00:00Z",
        "--freeze-reason",
        "Dauert länger",
    ];
    let waits = runner.umleitung(&[&moved[..], &["--ask-approval"]].concat()).await;
    assert_eq!((waits.status, waits.printed.as_str()), (Some(3), "A-0004"));
}

#[tokio::test]
async fn what_is_wrong_is_told_before_anything_is_sent_or_with_the_servers_words() {
    let server = TestServer::start("2026-11-30T10:00:00Z").await;
    let runner = Runner::new(&server, Role::Viewer);
    let open = ["notice", "open", "--service", "kfz-zulassung", "--title", "de=Störung"];
    let forbidden = runner.fail(&open).await;
    assert!(forbidden.contains("`publisher`"), "{forbidden}");
    for (arguments, reason) in [
        (&["notice", "open", "--title", "Störung"][..], "write the language before the text"),
        (
            &["notice", "extend", "2026-0001", "--ends-at", "13:00"],
            "is no instant with its offset",
        ),
        (&["maintenance", "check", "--service", "kfz-zulassung"], "--to"),
        (
            &["maintenance", "check", "--service", "kfz-zulassung", "--for", "0m"],
            "is no length of time",
        ),
        (&["maintenance", "check", "--service", "Ä", "--for", "1h"], "--service"),
        (
            &["maintenance", "check", "--service", "nirgends", "--for", "1h"],
            "the catalogue does not have",
        ),
        (&["notice", "resolve", "../../setup"], "There is no notice"),
        (
            &["notice", "list", "--server", "http://notices.example"],
            "without encryption; use https",
        ),
        (&["notice", "list", "--server", "notices.example"], "is no address"),
    ] {
        let said = runner.fail(arguments).await;
        assert!(said.contains(reason), "{arguments:?}: {said}");
    }
    let stranger = Runner {
        token: "ungültig".to_owned(),
        address: server.url(""),
    };
    assert_ne!(stranger.umleitung(&["notice", "list"]).await.status, Some(0));
    let nobody = Runner {
        token: String::new(),
        address: server.url(""),
    };
    let said = nobody.fail(&["notice", "list"]).await;
    assert!(said.contains("UMLEITUNG_TOKEN is not set"), "{said}");

    // Nobody listens there.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = Runner {
        token: "x".to_owned(),
        address: format!("http://{address}"),
    };
    let said = nowhere.fail(&open).await;
    assert!(said.contains("does not answer") && said.contains("with `--key "), "{said}");
    // Whoever only reads need not know of keys.
    let said = nowhere.fail(&["notice", "list"]).await;
    assert!(said.contains("does not answer") && !said.contains("--key"), "{said}");
}

/// Answers one request with this status and body, as a server or a proxy before it would, and tells where.
fn answers_once(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 4096];
        assert!(stream.read(&mut asked).unwrap() > 0);
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
    });
    format!("http://{address}")
}

/// Whatever may have been carried out is told with the key under which it is carried out once; what was not, without.
#[tokio::test]
async fn what_may_have_arrived_is_told_with_its_key() {
    let unsettled = r#"{"type": "urn:umleitung:unsettled", "status": 500, "detail": "The storage failed.", "outcome": "unknown"}"#;
    let unchanged = r#"{"type": "urn:umleitung:unavailable", "status": 503, "detail": "Try again.", "outcome": "nothing_changed"}"#;
    for (status, body, is_open) in [
        ("502 Bad Gateway", "", true),
        ("500 Internal Server Error", unsettled, true),
        ("503 Service Unavailable", unchanged, false),
        ("201 Created", "<html>", true),
    ] {
        let runner = Runner {
            token: "x".to_owned(),
            address: answers_once(status, body),
        };
        let said = runner.fail(&["notice", "resolve", "2026-0001"]).await;
        assert_eq!(said.contains("with `--key "), is_open, "{status}: {said}");
    }
}

/// What a shell takes in, it has to understand.
#[test]
fn shells_complete_the_commands() {
    for (shell, check) in [("bash", &["bash", "-n"][..]), ("zsh", &[]), ("fish", &[])] {
        let printed = Command::new(binary::path()).args(["completions", shell]).output().unwrap();
        assert!(printed.status.success(), "{shell}");
        let script = String::from_utf8(printed.stdout).unwrap();
        for word in ["maintenance", "schedule", "freeze-reason"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        let Some((program, arguments)) = check.split_first() else {
            continue;
        };
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("completion");
        std::fs::write(&file, &script).unwrap();
        let read = Command::new(program).args(arguments).arg(&file).output().unwrap();
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    }
}
