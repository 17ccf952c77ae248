//! Rules about who may use whom: the core stays pure, and the widget takes nothing of it but the wire types.

use serde_json::Value;

use super::source::{without_comments, words};
use super::{Breach, Source, line_of};

/// All that `domain` may depend on: no I/O, no clock, no randomness, no async, no user interface.
const CORE_DEPENDENCIES: [&str; 9] = [
    "chrono",
    "jiff",
    "opening-hours",
    "schemars",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "url",
];

/// Where nothing of `domain` is used but `domain::public`.
const OUTER_FOLDERS: [&str; 2] = ["app/src/view/", "app/src/widget/"];
/// The same as single files, should one of them be no folder.
const OUTER_FILES: [&str; 2] = ["app/src/view.rs", "app/src/widget.rs"];

pub(super) fn breaches(source: &Source) -> Vec<Breach> {
    let outer = OUTER_FOLDERS.iter().any(|folder| source.path.starts_with(folder)) || OUTER_FILES.contains(&source.path.as_str());
    if !outer || !source.path.ends_with(".rs") {
        return Vec::new();
    }
    let code = without_comments(&source.text);
    let mut breaches = Vec::new();
    for (start, end) in words(&code, "domain") {
        if is_part_of_another_path(&code[..start]) {
            continue;
        }
        let used = match code[end..].trim_start().strip_prefix("::") {
            Some(path) => foreign_items(path.trim_start()),
            // `use domain;` or `use domain as core;` would open the door to everything.
            None if code[..start].trim_end().ends_with("use") => vec!["everything".to_owned()],
            None => Vec::new(),
        };
        breaches.extend(used.into_iter().map(|item| Breach {
            file: source.path.clone(),
            line: line_of(&code, start),
            rule: "layers",
            reason: format!("uses `{item}` of `domain`; the view and the widget know only `domain::public`, or the download grows"),
        }));
    }
    breaches
}

/// `crate::domain` and `x.domain` are others.
fn is_part_of_another_path(before: &str) -> bool {
    let before = before.trim_end();
    if before.ends_with('.') {
        return true;
    }
    before
        .strip_suffix("::")
        .is_some_and(|path| path.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// What a path after `domain::` names beside `public`.
fn foreign_items(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else {
        let item = first_name(path);
        return if item == "public" { Vec::new() } else { vec![item] };
    };
    let mut foreign = Vec::new();
    let mut depth = 0_usize;
    let mut item = String::new();
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let name = first_name(item.trim());
                if !name.is_empty() && name != "public" {
                    foreign.push(name);
                }
                item.clear();
                if character == '}' {
                    break;
                }
                continue;
            }
            _ => {}
        }
        item.push(character);
    }
    foreign
}

fn first_name(path: &str) -> String {
    path.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '*')).collect()
}

/// The list of what `domain` needs is short, and stays so.
pub(super) fn dependency_breaches(metadata: &Value) -> Vec<Breach> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(domain) = packages
        .iter()
        .find(|package| package["name"] == "domain" && package["source"].is_null())
    else {
        return vec![breach("the workspace has no crate `domain`".to_owned())];
    };
    let dependencies = domain["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    let normal = dependencies
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .filter_map(|dependency| dependency["name"].as_str());
    normal
        .filter(|name| !CORE_DEPENDENCIES.contains(name))
        .map(|name| {
            breach(format!(
                "depends on `{name}`; the core may use only {}",
                CORE_DEPENDENCIES.join(", ")
            ))
        })
        .collect()
}

fn breach(reason: String) -> Breach {
    Breach {
        file: "domain/Cargo.toml".to_owned(),
        line: 1,
        rule: "pure-core",
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    fn check(code: &str, expected: &[usize]) {
        let found = breaches(&source("app/src/widget/main.rs", code));
        assert_eq!(found.iter().map(|breach| breach.line).collect::<Vec<_>>(), expected, "{code}");
    }

    #[test]
    fn the_widget_uses_only_wire_types() {
        check("use domain::public::PublicState;", &[]);
        check("//! x\nuse domain::notice::Notice;", &[2]);
        check("use domain::{\n  public::{Notice, Service},\n};", &[]);
        check("use domain::{public::Notice, text::Text, id::*};", &[1, 1]);
        check("use domain::*;", &[1]);
        check("use domain as core;", &[1]);
        check("use ::domain::text::Text;", &[1]);
        check("fn f(x: domain::public::Notice) -> domain::text::Text { }", &[1]);
        check(
            "// domain::text is not for us\nuse crate::domain::x; let subdomain = a.domain; domain_name::x();",
            &[],
        );
        check("use domain::publication::X;", &[1]);
    }

    #[test]
    fn the_admin_page_may_use_more() {
        assert_eq!(breaches(&source("app/src/admin/main.rs", "use domain::notice::Notice;")), []);
        assert_eq!(breaches(&source("app/src/view.rs", "use domain::notice::Notice;")).len(), 1);
    }

    #[test]
    fn the_core_stays_pure() {
        let with = |name: &str, kind: Value| {
            serde_json::json!({"packages": [
                {"name": "domain", "source": null, "dependencies": [{"name": "jiff", "kind": null}, {"name": name, "kind": kind}]},
            ]})
        };
        assert_eq!(dependency_breaches(&with("serde", Value::Null)), []);
        assert_eq!(dependency_breaches(&with("proptest", "dev".into())), []);
        assert!(dependency_breaches(&with("tokio", Value::Null))[0].reason.contains("`tokio`"));
        assert_eq!(dependency_breaches(&serde_json::json!({"packages": []})).len(), 1);
    }
}
