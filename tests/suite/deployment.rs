//! The files that are offered for running the server: they name what there is, and let the server do what it does.

use std::{collections::BTreeSet, path::PathBuf, process::Command};

use domain::access::Role;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::support::{
    binary::{self, Process},
    foreign::by_python,
    listener::PATIENCE,
    outage,
    server::TestServer,
};

fn offered(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/deployment");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// The values of a setting of the unit, in their order.
fn settings(unit: &str, name: &str) -> Vec<String> {
    let lines = unit.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    lines.map(str::to_owned).collect()
}

/// What systemd has in a set of system calls, sets within it included.
fn calls(set: &str) -> BTreeSet<String> {
    let output = Command::new("systemd-analyze").args(["syscall-filter", set]).output().unwrap();
    assert!(output.status.success(), "{set}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let names = text
        .lines()
        .skip(1)
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut found = BTreeSet::new();
    for name in names {
        if name.starts_with('@') {
            found.extend(calls(name));
        } else {
            found.insert(name.to_owned());
        }
    }
    found
}

/// Which system calls a server makes from its start on, while it is read from and written to.
async fn made() -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let starter = ["strace", "-D", "--follow-forks", "--quiet=all", "--output", trace.to_str().unwrap()];
    let mut process = Process::serve_under(&starter, &data, &["--demo"]);
    let token = binary::succeed(&data, &["token", "create", "ops", "--role", "publisher"]);
    let client = Client::new();
    let url = |path: &str| format!("{}{path}", process.base);
    let request = client.post(url("/api/v1/notices")).bearer_auth(token.trim());
    let answer = request.json(&outage("bundid", "BundID")).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    for path in ["/p/musterstadt/", "/p/musterstadt/state.json", "/readyz", "/metrics", "/admin/"] {
        assert!(client.get(url(path)).send().await.unwrap().status().is_success(), "{path}");
    }
    let stream = client.get(url("/p/musterstadt/events")).send().await.unwrap();
    assert!(stream.status().is_success());
    let number = process.id();
    assert!(process.end().await.success());
    let whole = async {
        loop {
            let text = tokio::fs::read_to_string(&trace).await.unwrap();
            if text
                .lines()
                .any(|line| line.starts_with(&format!("{number} ")) && line.contains("exit_group("))
            {
                return text;
            }
        }
    };
    let text = tokio::time::timeout(PATIENCE, whole).await.expect("the trace does not end");
    // `1234  openat(AT_FDCWD, …`; what is taken up again was named before.
    let name = |line: &str| Some(line.split_whitespace().nth(1)?.split_once('(')?.0.to_owned());
    text.lines().filter_map(name).collect()
}

#[tokio::test]
async fn the_unit_lets_the_server_do_what_it_does() {
    let unit = offered("umleitung.service");
    let mut allowed = BTreeSet::new();
    for filter in settings(&unit, "SystemCallFilter") {
        match filter.strip_prefix('~') {
            Some(denied) => {
                let denied: BTreeSet<String> = denied.split(' ').flat_map(calls).collect();
                allowed.retain(|call| !denied.contains(call));
            }
            None => allowed.extend(filter.split(' ').flat_map(calls)),
        }
    }
    // As root, which the service is not, SQLite leaves its files to the owner of the database.
    allowed.insert("fchown".to_owned());
    let made = made().await;
    assert!(made.len() > 30 && made.contains("fdatasync") | made.contains("fsync"), "{made:?}");
    let denied: Vec<_> = made.difference(&allowed).collect();
    assert!(denied.is_empty(), "the unit denies {denied:?}");
}

#[test]
fn the_unit_is_sound_and_starts_what_there_is() {
    let unit = offered("umleitung.service");
    let [started] = &settings(&unit, "ExecStart")[..] else {
        panic!("{unit}")
    };
    let help = binary::succeed(&std::env::temp_dir(), &["serve", "--help"]);
    for flag in started.split(' ').filter(|word| word.starts_with("--")) {
        assert!(help.contains(&format!("{flag} ")), "{flag}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("umleitung.service");
    std::fs::write(&file, unit.replace("/usr/bin/umleitung", binary::path().to_str().unwrap())).unwrap();
    // Of ten, where systemd calls two and less well protected.
    for arguments in [&["verify"][..], &["security", "--offline=true", "--threshold=20"]] {
        let checked = Command::new("systemd-analyze").args(arguments).arg(&file).output().unwrap();
        assert!(
            checked.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&checked.stderr)
        );
    }
}

/// No engine for containers runs here: what its files say to the server is what the server takes, and what they name is there.
#[test]
fn the_files_for_containers_say_what_the_server_takes() {
    let help = binary::succeed(&std::env::temp_dir(), &["serve", "--help"]);
    for file in ["Containerfile", "compose.yaml"] {
        let text = offered(file);
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let variables: BTreeSet<&str> = words.filter(|word| word.starts_with("UMLEITUNG_")).collect();
        assert!(variables.len() > 1, "{file}: {variables:?}");
        for variable in variables {
            let option = variable.strip_prefix("UMLEITUNG_").unwrap().to_lowercase().replace('_', "-");
            assert!(help.contains(&format!("--{option} ")), "{file}: there is no --{option}");
        }
    }
    let package = offered("debian/control");
    assert!(package.contains("Package: umleitung\n") && offered("Containerfile").contains("umleitung_*.deb"));
    let compose = by_python("yaml", offered("compose.yaml"));
    let database = &compose["services"]["database"];
    let address = compose["services"]["umleitung"]["environment"]["UMLEITUNG_DATABASE"]
        .as_str()
        .unwrap();
    let user = database["environment"]["POSTGRES_USER"].as_str().unwrap();
    assert_eq!(address, format!("postgres://{user}@database/{user}"));
    let volumes = compose["volumes"].as_object().unwrap();
    let mounted = database["volumes"][0].as_str().unwrap().split(':').next().unwrap();
    assert!(volumes.contains_key(mounted));
}

/// The names of our figures in a text.
fn figures(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("umleitung_")).map(str::to_owned).collect()
}

#[tokio::test]
async fn rules_and_dashboard_ask_for_what_is_told() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    // Something has to go out, or nobody sees to it.
    let admin = |method, path: &str, body: &Value| server.request(Role::Admin, method, path).json(body).send();
    let made = admin(
        Method::POST,
        "/api/v1/sources",
        &json!({"id": "prometheus", "kind": "alertmanager"}),
    )
    .await
    .unwrap();
    let made: Value = made.json().await.unwrap();
    let told = server
        .anonymous(Method::POST, "/api/v1/sources/prometheus/alerts")
        .bearer_auth(made["token"].as_str().unwrap())
        .body(r#"{"alerts": [{"status": "firing", "labels": {"alertname": "A"}}]}"#);
    assert!(told.send().await.unwrap().status().is_success());
    let text = async {
        loop {
            let text = server.get("/metrics").await.text().await.unwrap();
            if text.contains("\numleitung_outbox_tasks{") {
                return text;
            }
        }
    };
    let text = tokio::time::timeout(PATIENCE, text).await.expect("nobody sees to what goes out");
    let told = figures(&text);
    let dashboard: Value = serde_json::from_str(&offered("grafana-dashboard.json")).unwrap();
    let asked: BTreeSet<String> = figures(&offered("prometheus-rules.yml"))
        .into_iter()
        .chain(figures(&dashboard.to_string()))
        .collect();
    assert!(asked.len() > 8, "{asked:?}");
    let missing: Vec<_> = asked.difference(&told).collect();
    assert!(missing.is_empty(), "{missing:?}: {text}");
}
