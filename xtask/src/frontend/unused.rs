//! Takes out of the widget, and of the glue of the pages for ops staff, what nothing in them calls. The framework brings streams of the browser along, exported for servers that nobody here
//! asks; an export is kept by every optimiser, and with it a fortieth of what a visitor downloads.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::{project, step, tools};

/// How the classes of these streams are called in the glue.
const STREAMS: &str = "IntoUnderlying";

/// Rewrites the glue and the compiled widget beside it.
pub(super) fn take_out(glue: &Path, compiled: &Path) -> Result<()> {
    let generated = fs::read_to_string(glue).with_context(|| format!("cannot read {}", project::short(glue)))?;
    let kept = without_streams(&generated)?;
    let exports = called(&kept);
    if exports.len() < 5 {
        bail!("the widget's glue calls next to nothing: {exports:?}; was it generated in another form?");
    }
    let outside = json!({"name": "glue", "root": true, "reaches": exports});
    let inside = exports.iter().map(|name| json!({"name": name, "export": name}));
    let graph = project::notes()?.join("widget-exports.json");
    let nodes: Vec<_> = std::iter::once(outside).chain(inside).collect();
    fs::write(&graph, serde_json::to_string(&nodes)?).with_context(|| format!("cannot write {}", project::short(&graph)))?;

    let parameters = parameters()?;
    let features = parameters.iter().filter(|parameter| parameter.starts_with("--enable-"));
    let mut reached = project::command("wasm-metadce");
    reached.args(features).arg(format!("--graph-file={}", graph.display()));
    reached.arg(compiled).arg("--output").arg(compiled).env("PATH", tools::path());
    step::run("Take out of the widget what nothing calls (wasm-metadce)", &mut reached)?;
    let mut smaller = project::command("wasm-opt");
    smaller.args(&parameters).arg("-Oz").arg(compiled).arg("--output").arg(compiled);
    step::run("Make the rest smaller (wasm-opt)", smaller.env("PATH", tools::path()))?;
    fs::write(glue, kept).with_context(|| format!("cannot write {}", project::short(glue)))
}

/// Rewrites the glue alone. A page for ops staff, laid out with much patience, becomes larger when it is cut once more.
pub(super) fn take_out_of_glue(glue: &Path) -> Result<()> {
    let generated = fs::read_to_string(glue).with_context(|| format!("cannot read {}", project::short(glue)))?;
    fs::write(glue, without_streams(&generated)?).with_context(|| format!("cannot write {}", project::short(glue)))
}

/// What the widget's page gives to wasm-opt for the widget: the features of WebAssembly that it is built with, and how hard to try.
fn parameters() -> Result<Vec<String>> {
    let page = fs::read_to_string(project::root().join("app/widget.html")).context("cannot read app/widget.html")?;
    let line = page.lines().find(|line| line.contains("data-bin=\"widget\""));
    let named = line.and_then(|line| line.split("data-wasm-opt-params=\"").nth(1)?.split('"').next());
    let named = named.context("app/widget.html names no parameters of wasm-opt for the widget")?;
    Ok(named.split_whitespace().map(str::to_owned).collect())
}

/// The glue without the classes of streams and what belongs to them. What is generated begins each statement in the first column and ends
/// those of several lines there, or with a semicolon.
fn without_streams(glue: &str) -> Result<String> {
    let mut kept = String::with_capacity(glue.len());
    let mut skipped_until: Option<fn(&str) -> bool> = None;
    for line in glue.lines() {
        if let Some(ends) = skipped_until {
            if ends(line) {
                skipped_until = None;
            }
            continue;
        }
        let begins = |start: &str| line.strip_prefix(start).is_some_and(|rest| rest.starts_with(STREAMS));
        if begins("export class ") {
            skipped_until = Some(|line| line == "}");
        } else if begins("const ") {
            if !line.ends_with(';') {
                skipped_until = Some(|line| line.ends_with(';'));
            }
        } else if !begins("if (Symbol.dispose) ") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    if kept.contains(STREAMS) {
        bail!("the widget's glue has `{STREAMS}…` in another form than known");
    }
    Ok(kept)
}

/// The exports that the glue calls.
fn called(glue: &str) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut names: Vec<String> = glue
        .split("wasm.")
        .skip(1)
        .filter_map(|rest| rest.split(|c| !is_name(c)).next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .chain(["memory".to_owned()])
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "export class IntoUnderlyingSink {\n    close() {\n        wasm.intounderlyingsink_close(1);\n    }\n}\n\
        if (Symbol.dispose) IntoUnderlyingSink.prototype[Symbol.dispose] = IntoUnderlyingSink.prototype.free;\n\
        export function mount() {\n    wasm.mount(wasm.__wbindgen_malloc(1));\n}\n\
        const IntoUnderlyingSinkFinalization = (typeof FinalizationRegistry === 'undefined')\n    ? {}\n    : new FinalizationRegistry();\n\
        const other = 1;\n";

    #[test]
    fn streams_go_and_the_rest_stays() {
        let kept = without_streams(GLUE).unwrap();
        assert_eq!(
            kept,
            "export function mount() {\n    wasm.mount(wasm.__wbindgen_malloc(1));\n}\nconst other = 1;\n"
        );
        assert_eq!(called(&kept), ["__wbindgen_malloc", "memory", "mount"]);
    }

    #[test]
    fn another_form_is_refused() {
        assert!(without_streams("var IntoUnderlyingSink = 1;\n").is_err());
    }
}
