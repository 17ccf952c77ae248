//! What describes the HTTP interface is what the types say, and what the server does.

use std::{path::PathBuf, process::Command};

use api::{Call, openapi};
use serde_json::{Value, json};

use super::support::binary::{self, Process};

struct Site {
    _folder: tempfile::TempDir,
    process: Process,
}

impl Site {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            process: Process::serve(folder.path(), &[]),
            _folder: folder,
        }
    }

    async fn read(&self, path: &str) -> String {
        let response = reqwest::get(format!("{}{path}", self.process.base)).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    }
}

/// Where two documents differ first, in whichever order their fields stand.
fn difference(one: &Value, other: &Value) -> Option<String> {
    let step = |at: String, one: &Value, other: &Value| difference(one, other).map(|rest| format!("/{at}{rest}"));
    match (one, other) {
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() && a.keys().all(|key| b.contains_key(key)) => {
            a.iter().find_map(|(key, value)| step(key.clone(), value, &b[key]))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(at, (a, b))| step(at.to_string(), a, b))
        }
        (one, other) => (one != other).then(|| format!(": {one} | {other}")),
    }
}

/// How they are written anew.
const WRITE: &str = "is not what the types say; write it anew: cargo run --package api --features schema --example contract";

#[tokio::test]
async fn the_documents_are_what_the_types_say() {
    let site = Site::start();
    let paths = ["/openapi.json", "/schema/state-v1.json"];
    for (path, (name, document)) in paths.into_iter().zip(openapi::FILES) {
        let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../public/contract")).join(name);
        let kept = std::fs::read_to_string(file).unwrap();
        let differing = difference(&document(), &serde_json::from_str(&kept).unwrap());
        assert_eq!(differing, None, "{name} {WRITE}");
        assert!(kept == site.read(path).await, "{path} is not the file");
    }
}

#[tokio::test]
async fn the_page_for_people_has_all_calls_and_types() {
    let site = Site::start();
    let page = site.read("/api/").await;
    for call in Call::ALL {
        let path = call.path().0.replace("{*", "{");
        let line = format!("<code><b>{}</b> {path}</code>", call.method().word());
        assert_eq!(page.matches(&line).count(), 1, "{line}");
    }
    // No link leads nowhere.
    let mut links: Vec<&str> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    links.sort_unstable();
    links.dedup();
    assert!(links.len() > 60, "{links:?}");
    for link in links {
        assert!(page.contains(&format!("id=\"{link}\"")), "nothing is at #{link}");
    }
}

fn schemathesis() -> PathBuf {
    std::env::var_os("SCHEMATHESIS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tools/bin/schemathesis")),
        PathBuf::from,
    )
}

/// What it looks at in each answer. Left out is whether what the shapes allow is accepted: a notice that names no known service is refused.
const CHECKS: &str = "status_code_conformance,content_type_conformance,response_headers_conformance,\
    response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,allow_header_conformance,ignored_auth";

/// What it is to know besides: that a precondition may fail as well.
const KNOWN: &str = r#"
[checks]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 409, 412, 415, 422, 428]
missing_required_header.expected-statuses = [400, 401, 403, 415, 422, 428]
"#;

/// A portal that there is, and a notice.
fn there_is(notice: &str) -> String {
    format!(
        "[parameters]\nportal = \"musterstadt\"\n{KNOWN}\n[[operations]]\ninclude-path-regex = \"/notices/\"\n\
         parameters = {{ portal = \"musterstadt\", id = \"{notice}\" }}\n"
    )
}

/// Asked as the description allows, and otherwise, the server never fails, and answers nothing that is not described.
#[tokio::test]
async fn a_stranger_who_has_read_the_description_meets_no_surprise() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::serve(folder.path(), &["--demo"]);
    let token = |name: &str| {
        let made = binary::succeed(folder.path(), &["token", "create", name, "--role", "admin"]);
        made.trim().to_owned()
    };
    let notice = json!({"kind": "outage", "severity": "outage", "services": ["kfz-zulassung"], "title": {"de": "Titel"}, "publish": true});
    let client = reqwest::Client::new();
    let request = client
        .post(format!("{}/api/v1/notices", process.base))
        .bearer_auth(token("author"))
        .json(&notice);
    let made: Value = request.send().await.unwrap().json().await.unwrap();
    let id = made["id"].as_str().unwrap();
    let checked = format!("not_a_server_error,{CHECKS}");
    let most: &[&str] = &["--exclude-operation-id", "revokeToken", "--exclude-operation-id", "unavailablePage"];
    // By itself; with what there is; what may end its own token, at last; and the page that comes with 503 on purpose.
    for (name, config, checks, which) in [
        ("stranger", KNOWN.to_owned(), checked.as_str(), most),
        ("reader", there_is(id), &checked, most),
        ("end", KNOWN.to_owned(), &checked, &["--include-operation-id", "revokeToken"]),
        ("proxy", there_is(id), CHECKS, &["--include-operation-id", "unavailablePage"]),
    ] {
        std::fs::write(folder.path().join("schemathesis.toml"), config).unwrap();
        let output = Command::new(schemathesis())
            .current_dir(folder.path())
            .arg("run")
            .arg(format!("{}/openapi.json", process.base))
            .args(["--header", &format!("Authorization: Bearer {}", token(name))])
            .args(["--phases", "examples,coverage,fuzzing", "--checks", checks])
            .args(["--max-examples", "20", "--seed", "1", "--generation-database", "none"])
            .args(["--continue-on-failure", "--no-color"])
            // It never ends.
            // One is without end; the other takes a file of a kind that is not made up so easily (the tests of forms send all kinds).
            .args(["--exclude-operation-id", "events", "--exclude-operation-id", "uploadForm"])
            .args(which)
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask setup` installs it", schemathesis().display()));
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
        println!("{said}");
    }
}
