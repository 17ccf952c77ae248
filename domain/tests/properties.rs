//! What holds for every sequence of commands: replay gives the same state, time changes only what was named in advance, no
//! forbidden stage is reached, and the journal tells what was published at any past instant.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

mod story;

use std::collections::BTreeMap;

use domain::{project::project, state::replay, words::PortalId};
use jiff::Timestamp;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
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
