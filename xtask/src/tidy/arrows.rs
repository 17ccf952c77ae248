//! What the crates are made of: which others the pure ones may bring along, and the picture of them in ARCHITECTURE.md. Who may use
//! whom of the workspace's own says `deny.toml`.

use serde_json::Value;

use super::breach::{Breach, Source};

/// Each crate, whatever is below it first.
const CRATES: [&str; 14] = [
    "wire", "domain", "api", "view", "widget", "admin", "store", "engine", "tag", "import", "paper", "server", "tests", "xtask",
];

/// All that these may use besides the workspace's own crates, tests aside.
const PURE: [(&str, &[&str]); 10] = [
    ("wire", &["schemars", "serde"]),
    // No I/O, no clock, no randomness, no async, no user interface.
    (
        "domain",
        &[
            "chrono",
            "jiff",
            "opening-hours",
            "schemars",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "url",
        ],
    ),
    ("api", &["jiff", "schemars", "serde", "serde_json"]),
    ("view", &["leptos"]),
    ("widget", &["js-sys", "leptos", "wasm-bindgen", "web-sys"]),
    (
        "store",
        &[
            "async-trait",
            "jiff",
            "rustix",
            "serde",
            "serde_json",
            "sqlx",
            "thiserror",
            "tokio",
            "tracing",
        ],
    ),
    // No HTTP, no HTML, no compression.
    (
        "engine",
        &["async-trait", "futures", "jiff", "serde", "thiserror", "tokio", "tracing"],
    ),
    // What strangers wrote is read, and nothing else.
    ("import", &["jiff", "serde", "serde_json", "yaml-rust2"]),
    ("tag", &["html5gum", "url"]),
    // No I/O, no clock. The last two are for its build.
    (
        "paper",
        &[
            "ar-reshaper",
            "miniz_oxide",
            "pdf-writer",
            "unicode-bidi",
            "unicode-normalization",
            "subsetter",
            "ttf-parser",
        ],
    ),
];

pub(super) fn breaches(metadata: &Value) -> Vec<Breach> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ours: Vec<&Value> = packages.iter().filter(|package| package["source"].is_null()).collect();
    let mut breaches = Vec::new();
    for package in &ours {
        let name = package["name"].as_str().unwrap_or_default();
        if !CRATES.contains(&name) {
            breaches.push(breach(package, format!("`{name}` has no place in the table of `tidy/arrows.rs`")));
        }
        let Some((_, allowed)) = PURE.iter().find(|(listed, _)| *listed == name) else {
            continue;
        };
        let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
        let used = dependencies
            .iter()
            .filter(|dependency| dependency["kind"] != "dev")
            .filter_map(|dependency| dependency["name"].as_str())
            .filter(|used| !CRATES.contains(used));
        for foreign in used.filter(|used| !allowed.contains(used)) {
            breaches.push(breach(
                package,
                format!("`{name}` depends on `{foreign}`; it may use {}", allowed.join(", ")),
            ));
        }
    }
    for name in CRATES {
        if !ours.iter().any(|package| package["name"] == name) {
            breaches.push(breach(&Value::Null, format!("the workspace has no crate `{name}`")));
        }
    }
    breaches
}

/// The crates and what each uses of the others, as ARCHITECTURE.md shows them.
fn picture(metadata: &Value) -> String {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let line = |name: &&str| {
        let package = packages.iter().find(|package| package["name"] == *name)?;
        let dependencies = package["dependencies"].as_array()?;
        let uses = |other: &str| {
            dependencies
                .iter()
                .any(|dependency| dependency["name"] == other && dependency["kind"] != "dev")
        };
        let used: Vec<&str> = CRATES.into_iter().filter(|other| uses(other)).collect();
        let used = if used.is_empty() {
            "none of ours".to_owned()
        } else {
            used.join(", ")
        };
        Some(format!("{name:<6} uses {used}\n"))
    };
    CRATES.iter().filter_map(line).collect()
}

/// Reports that the picture in ARCHITECTURE.md is not the house as it stands.
pub(super) fn picture_breaches(sources: &[Source], metadata: &Value) -> Vec<Breach> {
    let picture = picture(metadata);
    let is_there = |source: &&Source| source.path == "ARCHITECTURE.md" && source.text.contains(&picture);
    if sources.iter().any(|source| is_there(&source)) {
        return Vec::new();
    }
    vec![Breach {
        file: "ARCHITECTURE.md".to_owned(),
        line: 1,
        rule: "picture",
        reason: format!("does not show the crates as they are; that would be\n{picture}"),
    }]
}

fn breach(package: &Value, reason: String) -> Breach {
    let manifest = package["manifest_path"].as_str().unwrap_or("Cargo.toml");
    Breach {
        file: manifest
            .strip_prefix(&format!("{}/", crate::project::root().display()))
            .unwrap_or(manifest)
            .to_owned(),
        line: 1,
        rule: "arrows",
        reason,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A workspace in which one crate has one dependency more, of this kind.
    fn reasons(crate_name: &str, used: &str, kind: &Value) -> Vec<String> {
        let mut packages: Vec<Value> = CRATES
            .iter()
            .map(|name| json!({"name": name, "source": null, "dependencies": []}))
            .collect();
        packages.push(json!({"name": "tokio", "source": "registry", "dependencies": []}));
        for package in &mut packages {
            if package["name"] == crate_name {
                package["dependencies"] = json!([{"name": used, "kind": kind}]);
            }
        }
        let metadata = json!({"packages": packages});
        breaches(&metadata).into_iter().map(|breach| breach.reason).collect()
    }

    #[test]
    fn pure_crates_bring_along_what_they_may() {
        for (crate_name, used) in [("domain", "serde"), ("domain", "wire"), ("server", "tokio")] {
            assert_eq!(
                reasons(crate_name, used, &Value::Null),
                Vec::<String>::new(),
                "{crate_name} and {used}"
            );
        }
        for (crate_name, used) in [
            ("wire", "serde_json"),
            ("domain", "tokio"),
            ("api", "reqwest"),
            ("view", "web-sys"),
            ("widget", "serde_json"),
            ("store", "axum"),
            ("engine", "axum"),
            ("tag", "tokio"),
        ] {
            let found = reasons(crate_name, used, &Value::Null);
            assert!(found.len() == 1 && found[0].contains(&format!("depends on `{used}`")), "{found:?}");
            assert_eq!(reasons(crate_name, used, &json!("dev")), Vec::<String>::new(), "in tests");
        }
    }

    #[test]
    fn the_picture_is_the_house_as_it_stands() {
        use super::super::breach::source;
        let metadata = json!({"packages": [
            {"name": "view", "source": null, "dependencies": [{"name": "wire", "kind": null}, {"name": "leptos", "kind": null}]},
            {"name": "wire", "source": null, "dependencies": [{"name": "view", "kind": "dev"}]},
        ]});
        let shown = "```text\nwire   uses none of ours\nview   uses wire\n```\n";
        assert_eq!(picture_breaches(&[source("ARCHITECTURE.md", shown)], &metadata), []);
        let found = picture_breaches(&[source("ARCHITECTURE.md", "```text\nwire   uses view\n```\n")], &metadata);
        assert!(
            found[0].reason.ends_with("wire   uses none of ours\nview   uses wire\n"),
            "{found:?}"
        );
    }

    #[test]
    fn a_crate_without_a_place_is_told() {
        let found = breaches(&json!({"packages": [{"name": "extra", "source": null, "dependencies": []}]}));
        assert!(found[0].reason.contains("`extra` has no place"), "{found:?}");
        assert_eq!(found.len(), 1 + CRATES.len());
    }
}
