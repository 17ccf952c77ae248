//! Grows a journal like those in `tests/journals/`: what 2,000 successful commands of one long random story leave, as JSON Lines in the form of
//! `umleitung journal export`. The same story each time, as long as its strategies are the same.

#![expect(clippy::unwrap_used, reason = "a story of the tests, told outside of them")]

#[path = "../tests/story/mod.rs"]
mod story;

use std::io::{BufWriter, Write};

use domain::record::{
    Entry,
    chain::{GENESIS, Link, payload_hash},
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde_json::{Value, json};

use story::{Story, attempt};

const COMMANDS: usize = 2_000;

fn main() -> std::io::Result<()> {
    let mut runner = TestRunner::deterministic();
    let mut story = Story::begin();
    let mut lines: Vec<Value> = vec![];
    while lines.len() < COMMANDS {
        for entry in &story.entries[lines.len()..] {
            let previous = lines.last().map_or(GENESIS, |line| line["hash"].as_str().unwrap());
            lines.push(line(entry, previous));
        }
        let attempt = attempt().new_tree(&mut runner).unwrap().current();
        story.take(&attempt).unwrap();
        // Nobody asks the long story what was seen; it would only fill the memory.
        story.seen.clear();
        for (line, entry) in lines.iter_mut().zip(&story.entries) {
            if entry.event.is_none() {
                line["payload"] = Value::Null;
            }
        }
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    out.flush()
}

/// An entry as it is exported, behind the one with this hash.
fn line(entry: &Entry, previous: &str) -> Value {
    let payload = serde_json::to_string(&entry.event).unwrap();
    let payload_hash = payload_hash(payload.as_bytes());
    let link = Link {
        previous,
        seq: entry.seq,
        at: entry.at,
        actor: &entry.actor,
        subject: &entry.subject,
        payload_hash: &payload_hash,
    };
    json!({
        "seq": entry.seq, "at": entry.at, "actor": entry.actor, "subject": entry.subject,
        "payload": payload, "payload_hash": payload_hash, "previous": previous, "hash": link.hash(),
    })
}
