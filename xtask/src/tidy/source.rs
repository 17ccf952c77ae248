//! Rules about single files: how they open, how long they are, what they are called, what they may not contain.

use super::breach::{Breach, Source, line_of};

const LONGEST: usize = 600;
const VAGUE_NAMES: [&str; 9] = [
    "utils", "util", "helpers", "helper", "common", "misc", "types", "manager", "managers",
];
/// Files that people write; catalogues, snapshots and data are as long as they are.
const WRITTEN: [&str; 8] = ["rs", "js", "mjs", "css", "html", "md", "sh", "sql"];

pub(super) fn breaches(source: &Source) -> Vec<Breach> {
    let mut breaches = Vec::new();
    breaches.extend(opening(source));
    breaches.extend(length(source));
    breaches.extend(name(source));
    breaches.extend(sleep(source));
    breaches.extend(foreign_origin(source));
    breaches
}

fn extension(source: &Source) -> &str {
    source.path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn breach(source: &Source, line: usize, rule: &'static str, reason: impl Into<String>) -> Breach {
    Breach {
        file: source.path.clone(),
        line,
        rule,
        reason: reason.into(),
    }
}

/// A release as it was handed out is kept to the byte.
const HANDED_OUT: &str = "tests/pages/release-of-";

fn opening(source: &Source) -> Option<Breach> {
    if source.path.starts_with(HANDED_OUT) {
        return None;
    }
    let (openings, wanted): (&[&str], _) = match extension(source) {
        "rs" => (&["//! "], "`//! …`"),
        "js" | "mjs" => (&["//", "/*"], "a comment"),
        "css" => (&["/*"], "a comment"),
        _ => return None,
    };
    let opens = openings.iter().any(|opening| source.text.starts_with(opening));
    (!opens).then(|| {
        breach(
            source,
            1,
            "opening",
            format!("the first line has to be {wanted} that says why this file exists"),
        )
    })
}

fn length(source: &Source) -> Option<Breach> {
    let lines = source.text.lines().count();
    let too_long = WRITTEN.contains(&extension(source)) && lines > LONGEST;
    too_long.then(|| {
        breach(
            source,
            LONGEST + 1,
            "length",
            format!("{lines} lines; a file of more than {LONGEST} has more than one subject"),
        )
    })
}

fn name(source: &Source) -> Option<Breach> {
    let vague = source.path.split('/').find(|part| {
        let stem = part.split('.').next().unwrap_or(part);
        VAGUE_NAMES.contains(&stem.to_ascii_lowercase().as_str())
    })?;
    Some(breach(
        source,
        1,
        "name",
        format!("`{vague}` says nothing of what is inside; name it after a noun of the domain"),
    ))
}

/// Tests wait for a condition, and the core has no time to wait in.
fn sleep(source: &Source) -> Vec<Breach> {
    let bound = source.path.starts_with("tests/") || source.path.starts_with("domain/");
    if !bound || extension(source) != "rs" {
        return Vec::new();
    }
    let code = without_comments(&source.text);
    let calls = ["sleep", "sleep_until"]
        .iter()
        .flat_map(|name| words(&code, name).collect::<Vec<_>>());
    calls
        .filter(|&(_, end)| code[end..].trim_start().starts_with(['(', ',', ';', '}']))
        .map(|(start, _)| {
            breach(
                source,
                line_of(&code, start),
                "no-sleep",
                "wait for a condition instead: a pause is too long or too short",
            )
        })
        .collect()
}

/// The loader talks to the server that it came from, and to mirrors that the portal names, to nobody else.
fn foreign_origin(source: &Source) -> Vec<Breach> {
    if source.path != "public/umleitung.js" {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for scheme in ["http://", "https://", "//"] {
        for quote in ['"', '\'', '`'] {
            let opening = format!("{quote}{scheme}");
            for (offset, _) in source.text.match_indices(&opening) {
                let rest = &source.text[offset + opening.len()..];
                // A bare scheme is compared with, not connected to; the names of XML vocabularies are no addresses either.
                let host: String = rest
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
                    .collect();
                if !host.is_empty() && host != "www.w3.org" {
                    let line = line_of(&source.text, offset);
                    breaches.push(breach(
                        source,
                        line,
                        "foreign-origin",
                        format!("`{host}` would learn of every visitor of every portal"),
                    ));
                }
            }
        }
    }
    breaches
}

/// Rust code with comments blanked out; offsets and lines stay what they were.
pub(super) fn without_comments(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        // `//` inside a literal is an address after a colon; taking it for a comment there would hide the rest of the line.
        let start = line.match_indices("//").map(|(at, _)| at).find(|&at| !line[..at].ends_with(':'));
        match start {
            Some(at) => {
                result.push_str(&line[..at]);
                result.extend(line[at..].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            }
            None => result.push_str(line),
        }
    }
    result
}

/// Where `word` stands as a whole identifier: start and end.
pub(super) fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    let part_of_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    text.match_indices(word)
        .map(move |(start, _)| (start, start + word.len()))
        .filter(move |&(start, end)| {
            let bytes = text.as_bytes();
            !part_of_word(start.checked_sub(1).and_then(|before| bytes.get(before))) && !part_of_word(bytes.get(end))
        })
}

#[cfg(test)]
mod tests {
    use super::super::breach::source;
    use super::*;

    /// `expected` names line and rule of each breach.
    fn check(path: &str, text: &str, expected: &[(usize, &str)]) {
        let found = breaches(&source(path, text));
        let found: Vec<(usize, &str)> = found.iter().map(|breach| (breach.line, breach.rule)).collect();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn files_say_why_they_exist() {
        check("domain/src/notice.rs", "//! Notices.\n", &[]);
        check("domain/src/notice.rs", "use std::fmt;\n", &[(1, "opening")]);
        check("tests/pages/release-of-2026-11/loader.js", "(()=>{})()", &[]);
        check("domain/src/notice.rs", "// Notices.\n", &[(1, "opening")]);
        check("public/sw.js", "self.x = 1;\n", &[(1, "opening")]);
        check("app/view/src/notice.css", "/* The notice. */\n", &[]);
        check("app/view/messages/de.json", "{}", &[]);
    }

    #[test]
    fn files_are_short() {
        let text = |lines: usize| "//! Long.\n".repeat(lines);
        check("server/src/http/state.rs", &text(600), &[]);
        check("server/src/http/state.rs", &text(601), &[(601, "length")]);
        check("tests/suite/snapshots/a.snap", &text(900), &[]);
    }

    #[test]
    fn files_have_names_that_say_something() {
        check("server/src/utils.rs", "//! x\n", &[(1, "name")]);
        check("server/src/helpers/clock.rs", "//! x\n", &[(1, "name")]);
        check("server/src/manager.test.js", "// x\n", &[(1, "name")]);
        check("server/src/commons.rs", "//! x\n", &[]);
    }

    #[test]
    fn tests_do_not_sleep() {
        check("tests/suite/live.rs", "//! x\ntokio::time::sleep(d).await;\n", &[(2, "no-sleep")]);
        check(
            "tests/suite/live.rs",
            "//! x\nuse std::thread::{sleep, spawn};\n",
            &[(2, "no-sleep")],
        );
        check(
            "domain/src/a.rs",
            "//! x\nthread::sleep (d);\nsleep_until(d);\n",
            &[(2, "no-sleep"), (3, "no-sleep")],
        );
        check(
            "tests/suite/live.rs",
            "//! x\n// never sleep(1)\nlet asleep = 1; // sleep(\nfn no_sleep() {}\n",
            &[],
        );
        check(
            "server/engine/src/publisher.rs",
            "//! x\ntokio::time::sleep_until(next).await;\n",
            &[],
        );
    }

    #[test]
    fn the_loader_knows_no_other_origin() {
        let text = "// See https://example.org/ for more.\nfetch(\"https://cdn.example/x\");\n";
        check("public/umleitung.js", text, &[(2, "foreign-origin")]);
        check("public/umleitung.js", "// x\nload('//cdn.example/x')", &[(2, "foreign-origin")]);
        check(
            "public/umleitung.js",
            "// x\nns = 'http://www.w3.org/2000/svg'; s = \"https://\"",
            &[],
        );
        check("public/demo/page.js", text, &[]);
    }
}
