//! What becomes of what was announced when the rules of a zone change.

use std::collections::BTreeMap;

use domain::{notice, record::Event, state::replay, words::NoticeId};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, date},
};

use super::Story;

/// The rules of a zone were others when two of these were announced: by those the clock of the town was an hour ahead.
#[test]
fn what_was_announced_by_an_older_zone_database_stays_and_is_told_once() {
    let mut story = Story::with(14 * 24, |_| {});
    let hour = SignedDuration::from_hours(1);
    for entry in &mut story.entries {
        if let Some(Event::Notice(notice::Event::Created { content, .. })) = &mut entry.event {
            for instant in [&mut content.starts_at, &mut content.ends_at] {
                *instant = instant.map(|instant| instant - hour);
            }
        }
    }
    // The server starts anew, with the database of today.
    story.state = replay(&story.entries);
    let told = |story: &Story| -> BTreeMap<Date, Option<Timestamp>> {
        let announced = &story.series(1).announced;
        let starts_at = |id: &NoticeId| story.state.notice(id).unwrap().content.starts_at;
        announced.iter().map(|(original, id)| (*original, starts_at(id))).collect()
    };
    let before = told(&story);
    assert_eq!(before.keys().copied().collect::<Vec<_>>(), [date(2026, 3, 23), date(2026, 3, 30)]);
    let planned = |story: &Story, day: Date| story.series(1).plan.recurrence.occurrence(day).unwrap().starts_at;
    for (day, starts_at) in &before {
        assert_eq!(*starts_at, Some(planned(&story, *day) - hour), "{day}: what people were told");
    }
    // Weeks go by: what was told stays as it was told, what comes is told by the rules of today, and each once.
    for _ in 0..6 {
        story.announce();
        story.now += SignedDuration::from_hours(7 * 24);
    }
    story.announce();
    let after = told(&story);
    assert_eq!(story.state.notices().count(), after.len(), "each has one notice");
    for (day, starts_at) in &after {
        let expected = before.get(day).copied().unwrap_or_else(|| Some(planned(&story, *day)));
        assert_eq!(*starts_at, expected, "{day}");
    }
    let mondays: Vec<Date> = (0..after.len())
        .map(|week| date(2026, 3, 23).saturating_add((7 * i64::try_from(week).unwrap()).days()))
        .collect();
    assert_eq!(after.keys().copied().collect::<Vec<_>>(), mondays, "none is missing");
    assert!(after.len() > 6);
}
