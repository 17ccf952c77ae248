//! What describes the HTTP interface is what the types say, and what the server does.

use std::{path::PathBuf, process::Command};

use api::{Call, openapi};

use super::{
    grants::CATALOGUE,
    support::binary::{self, Process},
};

struct Site {
    folder: tempfile::TempDir,
    process: Process,
}

impl Site {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("catalogue.toml");
        std::fs::write(&file, CATALOGUE).unwrap();
        binary::succeed(folder.path(), &["catalogue", "apply", file.to_str().unwrap()]);
        Self {
            process: Process::serve(folder.path(), &[]),
            folder,
        }
    }

    async fn read(&self, path: &str) -> String {
        let response = reqwest::get(format!("{}{path}", self.process.base)).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
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
        let made = openapi::text(&document());
        assert!(made == std::fs::read_to_string(file).unwrap(), "{name} {WRITE}");
        assert!(made == site.read(path).await, "{path} {WRITE}");
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
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
    response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,allow_header_conformance,ignored_auth";

/// Asked as the description allows, and otherwise, the server never fails, and answers nothing that is not described.
#[tokio::test]
async fn a_stranger_who_has_read_the_description_meets_no_surprise() {
    let site = Site::start();
    let token = binary::succeed(site.folder.path(), &["token", "create", "stranger", "--role", "admin"]);
    let output = Command::new(schemathesis())
        .current_dir(site.folder.path())
        .arg("run")
        .arg(format!("{}/openapi.json", site.process.base))
        .args(["--header", &format!("Authorization: Bearer {}", token.trim())])
        .args(["--phases", "examples,coverage,fuzzing", "--checks", CHECKS])
        .args([
            "--max-examples",
            "20",
            "--seed",
            "1",
            "--generation-database",
            "none",
            "--continue-on-failure",
        ])
        // It never ends.
        .args(["--exclude-operation-id", "events"])
        .arg("--no-color")
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask setup` installs it", schemathesis().display()));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}
