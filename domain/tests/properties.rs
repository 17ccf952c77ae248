//! What holds for every sequence of commands: replay gives the same state, time changes only what was named in advance, no
//! forbidden stage is reached, and the journal tells what was published at any past instant.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

mod story;

use std::collections::BTreeMap;

use domain::{
    project::project,
    record::chain::{GENESIS, Link, payload_hash},
    state::replay,
    words::PortalId,
};
use jiff::Timestamp;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::json;
use wire::{AtEnd, EndCertainty, Kind, Stage, Untold};

use story::{Sketch, Story, attempt};

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_story_keeps_its_promises(attempts in prop::collection::vec(attempt(), 1..24)) {
        let mut story = Story::begin();
        for attempt in &attempts {
            story.take(attempt)?;
        }
        story.wait(3 * 24 * 60)?;

        prop_assert!(replay(&story.entries) == story.state, "replay gives another state");

        let mut by_revision: BTreeMap<(String, String), &Untold> = BTreeMap::new();
        for (at, portal, shown) in &story.seen {
            let known = replay(story.entries.iter().filter(|entry| entry.at <= *at));
            let told = project(&known, &PortalId::parse(portal).unwrap(), *at).unwrap();
            prop_assert_eq!(&told, shown, "the journal tells {} of {} differently", at, portal);
            let same = by_revision.entry(((*portal).to_owned(), shown.revision.clone())).or_insert(shown);
            prop_assert_eq!(*same, shown, "one revision, two documents");
        }
    }
}

/// The strategies reach what they are meant to test; otherwise the property above would hold for want of cases.
#[test]
fn the_stories_are_rich() {
    let mut runner = TestRunner::deterministic();
    let mut stages: BTreeMap<Stage, usize> = BTreeMap::new();
    for _ in 0..500 {
        let attempts = prop::collection::vec(attempt(), 12..24).new_tree(&mut runner).unwrap().current();
        let mut story = Story::begin();
        for attempt in &attempts {
            story.take(attempt).unwrap();
        }
        for (_, _, shown) in &story.seen {
            shown
                .notices
                .iter()
                .for_each(|notice| *stages.entry(notice.stage).or_default() += 1);
        }
    }
    for stage in Stage::ALL {
        assert!(
            stages.get(stage).copied().unwrap_or_default() > 5,
            "hardly any story shows {stage:?}: {stages:?}"
        );
    }
}

#[test]
fn unknown_certainty_is_told_as_such() {
    let sketch = Sketch {
        kind: Kind::Outage,
        service: Some("car"),
        portal: None,
        text: "x".into(),
        starts_in: None,
        ends_in: None,
        announce_in: None,
        at_end: AtEnd::Confirm,
        full: false,
    };
    assert_eq!(sketch.content(Timestamp::UNIX_EPOCH).certainty(), EndCertainty::Unknown);
}

/// Grows the journal in `tests/journals/grown.jsonl`: what 2,000 successful commands of one long story leave, in the form of `umleitung journal export`.
/// What is kept there stays as the release wrote it that is named beside it; this is how to make one of a later release.
#[test]
#[ignore = "writes the file that the variable GROWN names"]
fn grow_a_journal_to_keep() {
    let mut runner = TestRunner::deterministic();
    let mut story = Story::begin();
    let mut lines: Vec<serde_json::Value> = vec![];
    while lines.len() < 2_000 {
        for entry in &story.entries[lines.len()..] {
            let payload = serde_json::to_string(&entry.event).unwrap();
            let payload_hash = payload_hash(payload.as_bytes());
            let previous = lines.last().map_or(GENESIS, |line| line["hash"].as_str().unwrap()).to_owned();
            let link = Link {
                previous: &previous,
                seq: entry.seq,
                at: entry.at,
                actor: &entry.actor,
                subject: &entry.subject,
                payload_hash: &payload_hash,
            };
            lines.push(json!({
                "seq": entry.seq, "at": entry.at, "actor": entry.actor, "subject": entry.subject,
                "payload": payload, "payload_hash": payload_hash, "previous": previous, "hash": link.hash(),
            }));
        }
        let attempt = attempt().new_tree(&mut runner).unwrap().current();
        story.take(&attempt).unwrap();
        // Nobody asks the long story what was seen; it would only fill the memory.
        story.seen.clear();
        for (line, entry) in lines.iter_mut().zip(&story.entries) {
            if entry.event.is_none() {
                line["payload"] = serde_json::Value::Null;
            }
        }
    }
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(std::env::var("GROWN").unwrap(), text).unwrap();
}
