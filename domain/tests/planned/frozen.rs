//! What it takes to plan work in frozen time: a reason for each freeze that is new to it, which is kept; and with it no less than a second
//! person where that is asked for.

use std::collections::BTreeSet;

use domain::{
    access::{Actor, Context, Role},
    freeze::{self, Level, Terms, When},
    notice::{self, Change, Intent, Transition},
    record::{Command, Event, Grounds, Second, upkeep},
    rejection::Rejection,
    schedule::{self, Plan},
    state::State,
    step::step,
    text::Localized,
    words::{Code, FreezeId, NoticeId, SeriesId, ServiceId},
};
use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use serde_json::json;

use crate::{SERVICES, Sketch, any_freeze, minute, recurrence, span, state, work};

/// Somebody at a server at some minute.
struct Desk {
    state: State,
    now: Timestamp,
}

impl Desk {
    fn new(freezes: &[Sketch]) -> Self {
        Self {
            state: state(freezes, &[], None),
            now: minute(0),
        }
    }

    fn take(&mut self, command: impl Into<Command>, reason: Option<&str>) -> Result<Vec<Event>, Rejection> {
        let context = Context {
            now: self.now,
            actor: Actor::new("somebody", Role::Admin),
        };
        let grounds = Grounds {
            freeze_reason: reason.map(str::to_owned),
            second: Second::Unasked,
        };
        let command = command.into().on(grounds);
        let entries = step(&mut self.state, command, &context)?;
        Ok(entries.into_iter().map(|entry| entry.event).collect())
    }

    fn write(&mut self, service: &str, window: (i64, i64), intent: Intent, reason: Option<&str>) -> Result<Vec<Event>, Rejection> {
        let content = Box::new(content(service, window));
        self.take(notice::Command::Create { content, intent }, reason)
    }

    fn shift(&mut self, id: &NoticeId, window: (i64, i64), reason: Option<&str>) -> Result<Vec<Event>, Rejection> {
        let notice = self.state.notice(id).unwrap();
        let mut content = Box::new(notice.content.clone());
        content.starts_at = Some(span(window).from);
        content.ends_at = Some(span(window).to);
        let (id, expected) = (id.clone(), notice.revision);
        self.take(notice::Command::Edit { id, expected, content }, reason)
    }

    fn transit(&mut self, id: &NoticeId, transition: Transition, change: Change, reason: Option<&str>) -> Result<Vec<Event>, Rejection> {
        let id = id.clone();
        self.take(notice::Command::Transit { id, transition, change }, reason)
    }

    /// Why work of this notice may be in these freezes.
    fn overrides(&self) -> Vec<String> {
        let of = |freeze: &freeze::Freeze| {
            let told = freeze.overrides.iter();
            told.map(|one| format!("{} {} {}", freeze.id, one.notice, one.reason))
                .collect::<Vec<_>>()
        };
        self.state.freezes().flat_map(of).collect()
    }
}

fn content(service: &str, window: (i64, i64)) -> notice::Content {
    let mut content = work(service);
    content["starts_at"] = json!(span(window).from);
    content["ends_at"] = json!(span(window).to);
    serde_json::from_value(content).unwrap()
}

fn codes<T>(answer: Result<T, Rejection>) -> Vec<(String, Code)> {
    match answer {
        Err(Rejection::Invalid(faults)) => faults.into_vec().into_iter().map(|fault| (fault.pointer, fault.code)).collect(),
        Err(other) => panic!("{other}"),
        Ok(_) => Vec::new(),
    }
}

fn lacks_reason() -> Vec<(String, Code)> {
    vec![("/freeze_reason".to_owned(), Code::Frozen)]
}

fn for_all(level: Level, spans: &[(i64, i64)]) -> Sketch {
    Sketch {
        services: BTreeSet::new(),
        portals: BTreeSet::new(),
        level,
        spans: spans.to_vec(),
        weekly: None,
    }
}

fn id(number: u32) -> NoticeId {
    NoticeId::parse(&format!("2026-{number:04}")).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Written, and then moved: each minute that is frozen and new to the work has its reason, and nothing else asks for one.
    #[test]
    fn each_frozen_minute_has_its_reason(
        freezes in prop::collection::vec(any_freeze(), 0..4),
        service in prop::sample::select(SERVICES.to_vec()),
        windows in prop::collection::vec((0..20 * 1440i64, 1..1440i64), 1..4),
        reason in prop::option::of(Just("Sicherheitsloch")),
    ) {
        let mut desk = Desk::new(&freezes);
        let mut settled: Option<(i64, i64)> = None;
        for window in windows {
            let window = (window.0 + 1, window.1);
            let covers = |one: &freeze::Override, at: i64| one.notice == id(1) && one.span.from <= minute(at) && minute(at) < one.span.to;
            let is_reasoned = |desk: &Desk, at: i64| desk.state.freezes().any(|freeze| freeze.overrides.iter().any(|one| covers(one, at)));
            let reasoned: BTreeSet<i64> = (window.0..window.0 + window.1).filter(|at| is_reasoned(&desk, *at)).collect();
            let answer = match settled {
                None => desk.write(service, window, Intent::Publish, reason),
                Some(_) => desk.shift(&id(1), window, reason),
            };
            let was = settled.map_or(0..0, |(from, length)| from..from + length);
            let minutes = window.0..window.0 + window.1;
            let is_within = was.start <= minutes.start && minutes.end <= was.end && settled.is_some();
            let hard = |level: Level| {
                let harder = freezes.iter().filter(|sketch| sketch.level == level && sketch.touches(service));
                harder.flat_map(|sketch| minutes.clone().filter(|at| sketch.is_at(*at))).collect::<BTreeSet<i64>>()
            };
            let (with_reason, with_second) = (hard(Level::Reason), hard(Level::SecondPerson));
            match answer {
                Ok(_) => {
                    for at in with_reason.iter().filter(|at| !is_within && !was.contains(at)) {
                        prop_assert!(is_reasoned(&desk, *at), "minute {at}");
                    }
                    prop_assert!(with_second.iter().all(|at| is_within || was.contains(at)));
                    settled = Some(window);
                }
                refused => {
                    let told = codes(refused);
                    let asks_reason = told.iter().any(|(_, code)| *code == Code::Frozen);
                    let asks_person = told.iter().any(|(_, code)| *code == Code::NeedsSecondPerson);
                    prop_assert!(asks_reason || asks_person);
                    // Nothing is asked but for what is new.
                    prop_assert!(!is_within);
                    let asked_for = with_reason.union(&with_second);
                    prop_assert!(!asks_reason || (reason.is_none() && asked_for.into_iter().any(|at| !was.contains(at) || !reasoned.contains(at))));
                    prop_assert!(!asks_person || (reason.is_some() && !with_second.is_empty()));
                }
            }
        }
        if reason.is_none() {
            prop_assert_eq!(desk.overrides(), Vec::<String>::new());
        }
    }
}

#[test]
fn each_way_into_frozen_time_takes_a_reason() {
    let mut desk = Desk::new(&[for_all(Level::Reason, &[(600, 600)]), for_all(Level::Hint, &[(0, 5000)])]);
    // A draft is nobody's work yet; to publish it is.
    assert_eq!(codes(desk.write("car", (700, 60), Intent::Draft, None)), []);
    assert_eq!(
        codes(desk.transit(&id(1), Transition::Publish, Change::default(), None)),
        lacks_reason()
    );
    assert_eq!(
        codes(desk.transit(&id(1), Transition::Publish, Change::default(), Some("Frist des Herstellers"))),
        []
    );
    assert_eq!(desk.overrides(), ["F-0001 2026-0001 Frist des Herstellers"]);
    // Where it was allowed it may be moved about, and it may leave.
    assert_eq!(codes(desk.shift(&id(1), (900, 60), None)), []);
    assert_eq!(codes(desk.shift(&id(1), (1200, 60), None)), []);
    // It comes back under the same reason only where it was not taken away meanwhile: it is asked for anew.
    assert_eq!(codes(desk.shift(&id(1), (1000, 60), None)), lacks_reason());

    // Prolonged into it, and moved into it by an update.
    assert_eq!(codes(desk.write("car", (500, 60), Intent::Publish, None)), []);
    let until = |minutes: i64| Change {
        ends_at: Some(minute(minutes)),
        ..Change::default()
    };
    assert_eq!(codes(desk.transit(&id(2), Transition::Extend, until(600), None)), []);
    assert_eq!(codes(desk.transit(&id(2), Transition::Extend, until(601), None)), lacks_reason());
    let update = notice::Command::Update {
        id: id(2),
        change: until(601),
    };
    assert_eq!(codes(desk.take(update, None)), lacks_reason());
    // Begun early into it.
    assert_eq!(codes(desk.write("car", (1300, 60), Intent::Publish, None)), []);
    desk.now = minute(1190);
    assert_eq!(
        codes(desk.transit(&id(3), Transition::Start, Change::default(), None)),
        lacks_reason()
    );
    assert_eq!(
        codes(desk.transit(&id(3), Transition::Start, Change::default(), Some("Team ist da"))),
        []
    );
    // What is broken is never frozen.
    let outage =
        json!({"kind": "outage", "severity": "outage", "services": ["car"], "title": {"de": "Ausfall"}, "starts_at": minute(1190)});
    let content = Box::new(serde_json::from_value(outage).unwrap());
    let intent = Intent::Publish;
    assert_eq!(codes(desk.take(notice::Command::Create { content, intent }, None)), []);
    assert_eq!(
        desk.overrides(),
        ["F-0001 2026-0001 Frist des Herstellers", "F-0001 2026-0003 Team ist da"]
    );
}

#[test]
fn what_has_begun_may_finish_and_no_more() {
    let mut desk = Desk::new(&[for_all(Level::Reason, &[(600, 600)])]);
    assert_eq!(codes(desk.write("car", (500, 60), Intent::Publish, None)), []);
    assert_eq!(codes(desk.write("tax", (2000, 100), Intent::Publish, None)), []);
    desk.now = minute(550);
    let longer = Change {
        ends_at: Some(minute(700)),
        ..Change::default()
    };
    assert_eq!(codes(desk.transit(&id(1), Transition::Extend, longer, None)), []);
    // But it may not be put off into it, whatever its end.
    assert_eq!(codes(desk.shift(&id(1), (650, 60), None)), lacks_reason());
    assert_eq!(codes(desk.shift(&id(1), (650, 50), None)), lacks_reason());
    // Nor may it take on what is frozen.
    let other = |service: &str| {
        let mut other = Box::new(content(service, (500, 200)));
        other.services.push(ServiceId::parse("car").unwrap());
        other
    };
    let mut desk = Desk::new(&[for_all(Level::Reason, &[(600, 600)])]);
    let terms = Box::new(Terms {
        name: "Steuer".to_owned(),
        level: Level::SecondPerson,
        portals: BTreeSet::new(),
        services: BTreeSet::from([ServiceId::parse("tax").unwrap()]),
        when: When::Spans(vec![span((0, 5000))]),
    });
    desk.take(freeze::Command::Create { terms }, None).unwrap();
    assert_eq!(codes(desk.write("car", (500, 60), Intent::Publish, None)), []);
    desk.now = minute(550);
    let longer = Change {
        ends_at: Some(minute(700)),
        ..Change::default()
    };
    assert_eq!(codes(desk.transit(&id(1), Transition::Extend, longer, None)), []);
    let edit = |service: &str, expected: u32| notice::Command::Edit {
        id: id(1),
        expected,
        content: other(service),
    };
    assert_eq!(
        codes(desk.take(edit("tax", 2), Some("Eilt"))),
        [("/ask_approval".to_owned(), Code::NeedsSecondPerson)]
    );
    // What it was in already it may go on in, with more to it.
    assert_eq!(codes(desk.take(edit("dog", 2), None)), []);
    // Said to be done by mistake, it is taken up again.
    desk.now = minute(650);
    assert_eq!(codes(desk.transit(&id(1), Transition::Complete, Change::default(), None)), []);
    assert_eq!(codes(desk.transit(&id(1), Transition::Reopen, Change::default(), None)), []);
}

#[test]
fn what_was_announced_before_a_freeze_may_stay() {
    let mut desk = Desk::new(&[]);
    assert_eq!(codes(desk.write("car", (500, 60), Intent::Publish, None)), []);
    assert_eq!(codes(desk.write("tax", (2000, 100), Intent::Publish, None)), []);

    // A freeze that is laid over it later: it stays, its words may be mended, it may be shortened; moved about in it, it takes a reason.
    let terms = |level| {
        Box::new(Terms {
            name: "Frist".to_owned(),
            level,
            portals: BTreeSet::new(),
            services: BTreeSet::new(),
            when: When::Spans(vec![span((1500, 5000))]),
        })
    };
    desk.take(
        freeze::Command::Create {
            terms: terms(Level::Reason),
        },
        None,
    )
    .unwrap();
    let mut other = Box::new(content("tax", (2000, 100)));
    other.impact = serde_json::from_value(json!({"de": "Sie können nichts einreichen."})).unwrap();
    let edit = notice::Command::Edit {
        id: id(2),
        expected: 1,
        content: other,
    };
    assert_eq!(codes(desk.take(edit, None)), []);
    assert_eq!(codes(desk.shift(&id(2), (2010, 80), None)), []);
    assert_eq!(codes(desk.shift(&id(2), (2000, 80), None)), lacks_reason());
    assert_eq!(codes(desk.shift(&id(2), (2000, 80), Some("Termin des Dienstleisters"))), []);

    let f1 = FreezeId::parse("F-0001").unwrap();
    // No reason is enough for the level above, also not an earlier one; and after its end nothing is asked.
    let edit = freeze::Command::Edit {
        id: f1.clone(),
        expected: 1,
        terms: terms(Level::SecondPerson),
    };
    desk.take(edit, None).unwrap();
    let second = vec![("/ask_approval".to_owned(), Code::NeedsSecondPerson)];
    assert_eq!(codes(desk.write("dog", (3000, 60), Intent::Publish, Some("Eilt"))), second);
    assert_eq!(codes(desk.shift(&id(2), (2100, 80), Some("Eilt"))), second);
    desk.take(freeze::Command::End { id: f1 }, None).unwrap();
    assert_eq!(codes(desk.write("dog", (3000, 60), Intent::Publish, None)), []);
}

#[test]
fn a_reason_is_a_line() {
    let mut desk = Desk::new(&[for_all(Level::Reason, &[(600, 600)])]);
    for (reason, code) in [("", Code::Empty), ("a\nb", Code::LineBreak), (&"x".repeat(1000), Code::TooLong)] {
        let told = codes(desk.write("car", (700, 60), Intent::Publish, Some(reason)));
        assert_eq!(told, [("/freeze_reason".to_owned(), code)]);
    }
}

/// What is planned waits where it would lie in frozen time, until somebody announces it for a reason, moves it, or the freeze holds no more.
#[test]
fn a_series_waits_before_frozen_time() {
    let mut desk = Desk::new(&[for_all(Level::Reason, &[(0, 6 * 1440)])]);
    // Fridays, from 2026-03-20 on, of which the second is free.
    let plan = Box::new(Plan {
        notice: serde_json::from_value(work("car")).unwrap(),
        recurrence: recurrence(4, 20, 0),
        announce_hours: 24 * 15,
    });
    desk.take(schedule::Command::Create { plan }, None).unwrap();
    let days = |desk: &Desk| -> Vec<String> {
        let due = desk.state.due(None, desk.now).now;
        due.into_iter().map(|(_, original)| original.to_string()).collect()
    };
    assert_eq!(days(&desk), ["2026-03-27", "2026-04-03"]);
    let series = SeriesId::parse("S-0001").unwrap();
    let announce = |day: i8| schedule::Command::Announce {
        id: series.clone(),
        original: date(2026, 3, day),
    };
    assert_eq!(codes(desk.take(announce(20), None)), lacks_reason());
    assert_eq!(codes(desk.take(announce(27), None)), []);
    let events = desk.take(announce(20), Some("Patch-Tag")).unwrap();
    let names: Vec<String> = events
        .iter()
        .map(|event| {
            let event = serde_json::to_value(event).unwrap();
            event.as_object().unwrap().keys().next().unwrap().clone()
        })
        .collect();
    assert_eq!(names, ["series_announced", "notice_created", "freeze_overridden"]);
    assert_eq!(desk.overrides(), ["F-0001 2026-0002 Patch-Tag"]);

    // A series that is moved takes its notices with it: into the freeze for a reason, told once.
    let terms = Box::new(Terms {
        name: "Wahlen".to_owned(),
        level: Level::Reason,
        portals: BTreeSet::new(),
        services: BTreeSet::new(),
        when: When::Spans(vec![span((0, 30 * 1440))]),
    });
    desk.take(freeze::Command::Create { terms }, None).unwrap();
    let mut plan = Box::new(desk.state.one_series(&series).unwrap().plan.clone());
    plan.recurrence.times.starts = jiff::civil::time(18, 0, 0, 0);
    let edit = || schedule::Command::Edit {
        id: series.clone(),
        expected: 1,
        plan: plan.clone(),
        text: Localized::default(),
    };
    assert_eq!(codes(desk.take(edit(), None)), lacks_reason());
    assert_eq!(desk.take(edit(), Some("Team")).unwrap().len(), 5);
    assert_eq!(days(&desk), Vec::<String>::new());
    let end = freeze::Command::End {
        id: FreezeId::parse("F-0002").unwrap(),
    };
    desk.take(end, None).unwrap();
    assert_eq!(days(&desk), ["2026-04-03"]);
}

/// A freeze that holds cannot be taken out of the record piece by piece, and one that has ended does not come back.
#[test]
fn the_entries_of_a_freeze_stay_while_it_holds_and_its_end_for_good() {
    let mut desk = Desk::new(&[for_all(Level::Reason, &[(600, 600)])]);
    let redact = |seq| upkeep::Command::Redact {
        seq,
        reason: "Name darin".to_owned(),
    };
    let kept = vec![("/seq".to_owned(), Code::Kept)];
    // The catalogue, the freeze, an override.
    assert_eq!(
        codes(desk.write("car", (700, 60), Intent::Publish, Some("Frau Muster sagt ja"))),
        []
    );
    assert_eq!(codes(desk.take(redact(2), None)), kept);
    assert_eq!(codes(desk.take(redact(4), None)), [], "what somebody wrote can go");
    let end = freeze::Command::End {
        id: FreezeId::parse("F-0001").unwrap(),
    };
    desk.take(end, None).unwrap();
    assert_eq!(codes(desk.take(redact(6), None)), kept);
    assert_eq!(codes(desk.take(redact(2), None)), []);
}
