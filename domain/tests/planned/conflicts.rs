//! What is in the way of planned work, and the next time in which nothing is.

use std::collections::BTreeSet;

use domain::{
    freeze::Level,
    project::conflicts::{Verdict, check},
    words::{NoticeId, ServiceId},
};
use proptest::prelude::*;

use crate::{SERVICES, Sketch, any_freeze, feel, is_open, minute, span, state, within};

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_free_time_is_free_and_none_before_it_is(
        freezes in prop::collection::vec(any_freeze(), 0..4),
        windows in prop::collection::vec((prop::sample::select(SERVICES.to_vec()), (0..90 * 1440i64, 1..2880i64)), 0..6),
        series in prop::option::of((prop::sample::select(SERVICES.to_vec()), 0..7usize, 4..23i8)),
        service in prop::sample::select(SERVICES.to_vec()),
        asked in (0..20 * 1440i64, 1..600i64),
    ) {
        let state = state(&freezes, &windows, series.as_ref());
        let services = BTreeSet::from([ServiceId::parse(service).unwrap()]);
        let told = check(&state, &services, None, span(asked), minute(0)).unwrap();

        // Minute by minute: what is in the way.
        let is_related = |other: &str| feel(service).contains(&other) || feel(other).contains(&service);
        let is_taken = |at: i64| {
            freezes.iter().any(|sketch| sketch.level != Level::Hint && sketch.touches(service) && sketch.is_at(at))
                || windows.iter().any(|(other, window)| is_related(other) && within(&[*window], at))
                || series.as_ref().is_some_and(|(other, weekday, hour)| is_related(other) && is_open(*weekday, *hour, 0, minute(at)))
        };
        let (from, length) = asked;
        let until = from + 90 * 1440;
        let taken: Vec<bool> = (from..until).map(is_taken).collect();
        let is_free = |begin: i64| {
            let begin = usize::try_from(begin - from).unwrap();
            !taken[begin..begin + usize::try_from(length).unwrap()].contains(&true)
        };
        if is_free(from) {
            prop_assert_eq!((told.verdict, told.next_free), (Verdict::Go, Some(span(asked))));
        } else {
            let first = (from..=until - length).find(|begin| begin % 15 == 0 && is_free(*begin));
            let verdict = if first.is_some() { Verdict::Wait } else { Verdict::No };
            prop_assert_eq!((told.verdict, told.next_free), (verdict, first.map(|begin| span((begin, length)))));
        }
        // All that is told overlaps what was asked about.
        for conflict in &told.conflicts {
            prop_assert!(conflict.span.overlaps(&span(asked)), "{:?}", conflict);
        }
    }
}

/// Each way in which two works are related, and what a hint is worth.
#[test]
fn what_is_in_the_way_is_named() {
    let windows = [("login", (60, 60)), ("car", (60, 60)), ("dog", (60, 60)), ("tax", (60, 60))];
    let hint = Sketch {
        services: BTreeSet::new(),
        portals: BTreeSet::new(),
        level: Level::Hint,
        spans: vec![(0, 200)],
        weekly: None,
    };
    let state = state(&[hint], &windows, None);
    for (service, expected) in [
        ("login", "F-0001 2026-0001:Same 2026-0002:Needing 2026-0003:Needing"),
        ("car", "F-0001 2026-0001:Needed 2026-0002:Same"),
        ("dog", "F-0001 2026-0001:Needed 2026-0003:Same"),
        ("tax", "F-0001 2026-0004:Same"),
    ] {
        use domain::project::conflicts::Cause;
        let services = BTreeSet::from([ServiceId::parse(service).unwrap()]);
        let told = check(&state, &services, None, span((90, 60)), minute(0)).unwrap();
        let named = told.conflicts.iter().map(|conflict| match &conflict.cause {
            Cause::Freeze { id, .. } => id.to_string(),
            Cause::Notice { id, relation } => format!("{id}:{relation:?}"),
            Cause::Occurrence {
                series,
                original,
                relation,
            } => format!("{series} {original}:{relation:?}"),
        });
        assert_eq!(named.collect::<Vec<_>>().join(" "), expected, "{service}");
        // Half past one is taken, and two o'clock is free: the hint keeps nobody.
        assert_eq!((told.verdict, told.next_free), (Verdict::Wait, Some(span((120, 60)))), "{service}");
        let later = check(&state, &services, None, span((120, 60)), minute(0)).unwrap();
        assert_eq!((later.verdict, later.conflicts.len()), (Verdict::Go, 1), "{service}");
    }
    // Work is not in its own way.
    let tax = BTreeSet::from([ServiceId::parse("tax").unwrap()]);
    let own = NoticeId::parse("2026-0004").unwrap();
    let told = check(&state, &tax, Some(&own), span((90, 60)), minute(0)).unwrap();
    assert_eq!((told.verdict, told.conflicts.len()), (Verdict::Go, 1));
    let unknown = BTreeSet::from([ServiceId::parse("nowhere").unwrap()]);
    assert_eq!(check(&state, &unknown, None, span((0, 1)), minute(0)), None);
}
