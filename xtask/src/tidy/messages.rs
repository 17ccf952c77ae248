//! Rules about the message files: each language says everything, or people of that language meet gaps.

use std::collections::BTreeMap;

use super::breach::{Breach, Source};

/// Each with the same keys in all of its files.
const FOLDERS: [&str; 2] = ["app/view/messages/", "server/messages/"];

pub(super) fn breaches(sources: &[Source]) -> Vec<Breach> {
    FOLDERS.iter().flat_map(|folder| breaches_in(folder, sources)).collect()
}

fn breaches_in(folder: &str, sources: &[Source]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut files = Vec::new();
    for source in sources
        .iter()
        .filter(|source| source.path.starts_with(folder) && source.path.ends_with(".json"))
    {
        match keys(source) {
            Ok(keys) => files.push((source, keys)),
            Err(breach) => breaches.push(breach),
        }
    }
    let mut all: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for (source, keys) in &files {
        for (key, &line) in keys {
            all.entry(key).or_insert((&source.path, line));
        }
    }
    for (source, keys) in &files {
        for (key, (other, line)) in all.iter().filter(|(key, _)| !keys.contains_key(**key)) {
            let end = source.text.lines().count().max(1);
            breaches.push(breach(source, end, format!("`{key}` is missing; it is in {other}:{line}")));
        }
    }
    breaches
}

/// Each key with its line.
fn keys(source: &Source) -> Result<BTreeMap<String, usize>, Breach> {
    let messages: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&source.text)
        .map_err(|error| breach(source, error.line().max(1), format!("is no flat JSON object: {error}")))?;
    let mut keys = BTreeMap::new();
    for (key, value) in messages {
        let quoted = serde_json::Value::from(key.as_str()).to_string();
        let lines: Vec<usize> = (1..)
            .zip(source.text.lines())
            .filter(|(_, line)| {
                line.match_indices(&quoted)
                    .any(|(at, _)| line[at + quoted.len()..].trim_start().starts_with(':'))
            })
            .map(|(number, _)| number)
            .collect();
        let line = lines.first().copied().unwrap_or(1);
        if let Some(second) = lines.get(1) {
            return Err(breach(
                source,
                *second,
                format!("`{key}` is there twice; the first is in line {line}"),
            ));
        }
        if !value.is_string() {
            return Err(breach(source, line, format!("`{key}` is no text")));
        }
        keys.insert(key, line);
    }
    Ok(keys)
}

fn breach(source: &Source, line: usize, reason: String) -> Breach {
    Breach {
        file: source.path.clone(),
        line,
        rule: "messages",
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::super::breach::source;
    use super::*;

    fn check(de: &str, en: &str, expected: &[&str]) {
        let found = breaches(&[source("app/view/messages/de.json", de), source("app/view/messages/en.json", en)]);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn all_languages_have_the_same_keys() {
        check("{\"a\": \"A\"}", "{\"a\": \"A: b\"}", &[]);
        check(
            "{\n\"a\": \"A\",\n\"b\": \"B\"\n}",
            "{\n\"a\": \"A\"\n}",
            &["app/view/messages/en.json:3: messages: `b` is missing; it is in app/view/messages/de.json:3"],
        );
        check(
            "{\"a\": \"A\"}",
            "{\"a\": \"A\", \"b\": \"B\"}",
            &["app/view/messages/de.json:1: messages: `b` is missing; it is in app/view/messages/en.json:1"],
        );
    }

    #[test]
    fn messages_are_flat_and_said_once() {
        check("{}", "{\n\"a\": {}\n}", &["app/view/messages/en.json:2: messages: `a` is no text"]);
        check(
            "{\"a\": \"A\"}",
            "{\n\"a\": \"A\",\n\"a\": \"B\"\n}",
            &["app/view/messages/en.json:3: messages: `a` is there twice; the first is in line 2"],
        );
        assert!(
            breaches(&[source("app/view/messages/de.json", "[")])[0]
                .reason
                .contains("no flat JSON object")
        );
    }
}
