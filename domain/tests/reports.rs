//! Reports: what a month says is what a walk over its minutes finds, and a promise is kept by news alone.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

use domain::{
    access::{Actor, Context, Role},
    catalogue::{self, Catalogue},
    notice::{self, Change, Content, Intent, Promise, Transition},
    project::report::{Report, Trouble, report},
    record::Command,
    state::State,
    step::step,
    words::{NoticeId, PortalId, ServiceId},
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;
use wire::{Severity, Stage};

/// Two days before the clock goes forward in Berlin.
const BEGIN: &str = "2026-03-27T10:00:00Z";

/// How many minutes lie between the beginning and the instant from which one looks back.
const MINUTES: i64 = 4 * 24 * 60;

fn at(minutes: i64) -> Timestamp {
    BEGIN.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn town() -> PortalId {
    PortalId::parse("town").unwrap()
}

fn carry_out(state: &mut State, command: impl Into<Command>, now: Timestamp) {
    let actor = Actor::new("test", Role::Admin);
    step(state, command.into(), &Context { now, actor }).unwrap();
}

/// A town whose cars need a login, and whose waste only uses it.
fn begin() -> State {
    let link = "https://a.example";
    let links = json!({"home": link, "imprint": link, "privacy": link, "accessibility": link, "feedback": link});
    let catalogue: Catalogue = serde_json::from_value(json!({
        "portal": [{"id": "town", "name": {"de": "Stadt"}, "languages": ["de"], "time_zone": "Europe/Berlin", "services": ["cars", "waste"],
                    "issuer": {"de": "Stadt"}, "links": links}],
        "service": [{"id": "login", "name": {"de": "Anmeldung"}}, {"id": "cars", "name": {"de": "Kfz"}, "requires": ["login"], "availability": "99 %"},
                    {"id": "waste", "name": {"de": "Müll"}, "uses": ["login"]}],
    }))
    .unwrap();
    let mut state = State::default();
    let catalogue = Box::new(catalogue);
    carry_out(&mut state, Command::Catalogue(catalogue::Command::Apply { catalogue }), at(0));
    state
}

/// A trouble or a piece of work, in minutes from the beginning.
#[derive(Clone, Debug)]
struct Sketch {
    service: &'static str,
    severity: Severity,
    /// Announced so long before it begins; `None`: it was an outage.
    announced: Option<i64>,
    from: i64,
    length: i64,
    /// So long after its announced end it was over.
    over: i64,
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let severity = prop::sample::select(vec![Severity::Degraded, Severity::PartialOutage, Severity::Outage]);
    let service = prop::sample::select(vec!["login", "cars", "waste"]);
    (
        service,
        severity,
        prop::option::of(1_i64..300),
        300_i64..5_000,
        1_i64..900,
        0_i64..200,
    )
        .prop_map(|(service, severity, announced, from, length, over)| Sketch {
            service,
            severity,
            announced,
            from,
            length,
            over,
        })
}

impl Sketch {
    fn content(&self) -> Content {
        let mut content = json!({
            "kind": "outage", "severity": self.severity, "services": [self.service], "title": {"de": "Titel"},
            "starts_at": at(self.from), "ends_at": at(self.from + self.length),
        });
        if self.announced.is_some() {
            content["kind"] = "maintenance".into();
        }
        serde_json::from_value(content).unwrap()
    }

    fn published(&self) -> i64 {
        self.announced.map_or(self.from, |before| self.from - before)
    }

    fn ended(&self) -> i64 {
        self.from + self.length + self.over
    }

    /// What it is at a minute for a service of the town.
    fn found(&self, service: &str, minute: i64) -> Option<Found> {
        let reached = match (self.service, service) {
            (own, other) if own == other => self.severity,
            ("login", "cars") => self.severity,
            ("login", "waste") => self.severity.min(Severity::Degraded),
            _ => return None,
        };
        // What was announced is planned up to its announced end, and beyond it is a trouble as any other.
        let is_planned = self.announced.is_some() && minute < self.from + self.length;
        let holds = self.from <= minute && minute < self.ended();
        holds.then_some(if is_planned { Found::Planned } else { Found::Trouble(reached) })
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Trouble(Severity),
    Planned,
}

fn tell(sketches: &[Sketch]) -> State {
    let mut state = begin();
    let mut deeds: Vec<(i64, bool, &Sketch)> = sketches
        .iter()
        .flat_map(|sketch| [(sketch.published(), true, sketch), (sketch.ended(), false, sketch)])
        .filter(|(minute, ..)| *minute <= MINUTES)
        .collect();
    deeds.sort_by_key(|(minute, ..)| *minute);
    let mut ids: Vec<(*const Sketch, NoticeId)> = Vec::new();
    for (minute, begins, sketch) in deeds {
        let now = at(minute);
        if begins {
            ids.push((sketch, state.next_id(now)));
            let (content, intent) = (Box::new(sketch.content()), Intent::Publish);
            carry_out(&mut state, Command::Notice(notice::Command::Create { content, intent }), now);
            continue;
        }
        let (_, id) = ids.iter().find(|(of, _)| std::ptr::eq(*of, sketch)).unwrap();
        let stage = if sketch.announced.is_some() {
            Stage::Completed
        } else {
            Stage::Resolved
        };
        let change = Change {
            stage: Some(stage),
            ..Change::default()
        };
        carry_out(&mut state, Command::Notice(notice::Command::Update { id: id.clone(), change }), now);
    }
    state
}

fn told(state: &State, now: Timestamp) -> Report {
    report(state, &town(), (at(0), at(2 * MINUTES)), now).unwrap()
}

/// Minute by minute.
fn walked(sketches: &[Sketch], service: &str, until: i64) -> Trouble {
    let mut sum = Trouble::default();
    let minute_long = SignedDuration::from_mins(1);
    for minute in 0..until {
        sum.whole += minute_long;
        match sketches.iter().filter_map(|sketch| sketch.found(service, minute)).max() {
            Some(Found::Planned) => sum.planned += minute_long,
            Some(Found::Trouble(Severity::Outage)) => sum.outage += minute_long,
            Some(Found::Trouble(Severity::PartialOutage)) => sum.partial += minute_long,
            Some(Found::Trouble(_)) => sum.degraded += minute_long,
            None => {}
        }
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_report_is_what_a_walk_over_its_minutes_finds(sketches in prop::collection::vec(sketch(), 0..7), until in 1_000_i64..MINUTES) {
        let state = tell(&sketches);
        // Looked back from the end at all of it, and from amid at what had been.
        let whole = told(&state, at(MINUTES));
        for service in &whole.services {
            let expected = walked(&sketches, service.service.as_str(), MINUTES);
            prop_assert_eq!(service.told, expected, "{}", service.service);
            let days: Trouble = service.days.iter().map(|(_, day)| *day).sum();
            prop_assert_eq!(days, expected);
        }
        prop_assert_eq!(whole.services[0].days.iter().find(|(date, _)| date.to_string() == "2026-03-29").unwrap().1.whole.as_hours(), 23);
        let so_far: Vec<Sketch> = sketches.iter().filter(|sketch| sketch.ended() <= until).cloned().collect();
        let amid = told(&tell(&so_far), at(until));
        for service in &amid.services {
            prop_assert_eq!(service.told, walked(&so_far, service.service.as_str(), until), "{}", service.service);
        }
    }
}

/// A notice of which more is promised, with what becomes of it.
fn promises(promised: i64, deeds: &[(i64, Deed)]) -> Vec<Promise> {
    let mut state = begin();
    let id = state.next_id(at(10));
    let content =
        json!({"kind": "outage", "severity": "outage", "services": ["cars"], "title": {"de": "Titel"}, "next_update_at": at(promised)});
    let content: Content = serde_json::from_value(content).unwrap();
    let command = notice::Command::Create {
        content: Box::new(content.clone()),
        intent: Intent::Publish,
    };
    carry_out(&mut state, Command::Notice(command), at(10));
    for (minute, deed) in deeds {
        let text = serde_json::from_value(json!({"de": "Neues."})).unwrap();
        let command = match *deed {
            Deed::News(next) => notice::Command::Update {
                id: id.clone(),
                change: Change {
                    text,
                    next_update_at: next.map(at),
                    ..Change::default()
                },
            },
            Deed::Named(next) => notice::Command::Edit {
                id: id.clone(),
                expected: state.notice(&id).unwrap().revision,
                content: Box::new(Content {
                    next_update_at: next.map(at),
                    ..content.clone()
                }),
            },
            Deed::Resolved => notice::Command::Update {
                id: id.clone(),
                change: Change {
                    stage: Some(Stage::Resolved),
                    ..Change::default()
                },
            },
        };
        carry_out(&mut state, Command::Notice(command), at(*minute));
    }
    state.notice(&id).unwrap().promises.clone()
}

#[derive(Clone, Copy)]
enum Deed {
    /// A text, and when there is more.
    News(Option<i64>),
    /// Only another time at which there is more.
    Named(Option<i64>),
    Resolved,
}

#[test]
fn a_promise_is_kept_by_news_and_by_nothing_else() {
    let kept = |until: i64, kept_at: Option<i64>| Promise {
        until: at(until),
        kept_at: kept_at.map(at),
    };
    for (what, deeds, expected) in [
        ("in time", vec![(40, Deed::News(None))], vec![kept(40, Some(40))]),
        ("late", vec![(55, Deed::News(None))], vec![kept(40, Some(55))]),
        (
            "another one takes its place",
            vec![(20, Deed::News(Some(70)))],
            vec![kept(40, Some(20)), kept(70, None)],
        ),
        (
            "news that come early leave it standing",
            vec![(20, Deed::News(None))],
            vec![kept(40, None)],
        ),
        (
            "the same once more",
            vec![(20, Deed::News(Some(40))), (40, Deed::News(None))],
            vec![kept(40, Some(40))],
        ),
        (
            "a later time keeps nothing",
            vec![(30, Deed::Named(Some(90))), (80, Deed::News(None))],
            vec![kept(40, Some(80)), kept(90, None)],
        ),
        ("nor does taking it back", vec![(30, Deed::Named(None))], vec![kept(40, None)]),
        (
            "the end does, whenever it comes",
            vec![(20, Deed::Resolved)],
            vec![kept(40, Some(20))],
        ),
    ] {
        assert_eq!(promises(40, &deeds), expected, "{what}");
    }
    // A promise is made by the minute.
    let one = kept(40, None);
    assert_eq!((one.is_kept(at(40)), one.is_kept(at(41))), (None, Some(false)));
    let within = Promise {
        kept_at: Some(at(40) + SignedDuration::from_secs(59)),
        ..one
    };
    assert_eq!(
        (within.is_kept(at(50)), kept(40, Some(41)).is_kept(at(50))),
        (Some(true), Some(false))
    );
}

#[test]
fn of_what_was_not_known_nothing_is_said() {
    let state = begin();
    let before = (at(-3_000), at(-1_000));
    let found = report(&state, &town(), before, at(100)).unwrap();
    assert_eq!((found.services[0].share(), found.services[0].days.len()), (None, 0));
    let after = told(&state, at(60));
    assert_eq!(after.known, (at(0), at(60)));
    assert_eq!(after.services[0].is_kept(), Some(true));
    assert_eq!(after.services[1].is_kept(), None, "nothing is agreed");
    assert!(report(&state, &PortalId::parse("elsewhere").unwrap(), before, at(100)).is_none());
    assert_eq!(after.services[0].service, ServiceId::parse("cars").unwrap());
}

fn transit(state: &mut State, id: &NoticeId, transition: Transition, now: i64) {
    let command = notice::Command::Transit {
        id: id.clone(),
        transition,
        change: Change::default(),
    };
    carry_out(state, Command::Notice(command), at(now));
}

fn publish(state: &mut State, content: serde_json::Value, now: i64) -> NoticeId {
    let id = state.next_id(at(now));
    let command = notice::Command::Create {
        content: Box::new(serde_json::from_value(content).unwrap()),
        intent: Intent::Publish,
    };
    carry_out(state, Command::Notice(command), at(now));
    id
}

#[test]
fn what_was_over_or_a_mistake_counts_for_nothing() {
    let outage = || json!({"kind": "outage", "severity": "outage", "services": ["cars"], "title": {"de": "Titel"}});
    let mut state = begin();
    let id = publish(&mut state, outage(), 10);
    transit(&mut state, &id, Transition::Resolve, 70);
    transit(&mut state, &id, Transition::Reopen, 3_000);
    transit(&mut state, &id, Transition::Resolve, 3_030);
    let found = told(&state, at(4_000));
    assert_eq!(
        (found.services[0].told.outage.as_mins(), found.notices[0].length.as_mins()),
        (90, 90)
    );
    transit(&mut state, &id, Transition::Withdraw, 3_900);
    let found = told(&state, at(4_000));
    assert_eq!((found.services[0].told.outage.as_mins(), found.notices.len()), (0, 0));
}

#[test]
fn planned_work_hides_only_what_it_was_announced_for() {
    let mut state = begin();
    // Work on one service, which is told on the whole portal; the other one fails meanwhile.
    let work = json!({"kind": "maintenance", "severity": "outage", "services": ["waste"], "portals": ["town"], "title": {"de": "Titel"},
        "starts_at": at(100), "ends_at": at(200), "at_end": "complete"});
    publish(&mut state, work, 10);
    let cars = json!({"kind": "outage", "severity": "outage", "services": ["cars"], "title": {"de": "Titel"}});
    let id = publish(&mut state, cars, 120);
    transit(&mut state, &id, Transition::Resolve, 150);
    let found = told(&state, at(400));
    let of = |place: usize| {
        (
            found.services[place].told.outage.as_mins(),
            found.services[place].told.planned.as_mins(),
        )
    };
    assert_eq!((of(0), of(1)), ((30, 0), (0, 100)));
}

#[test]
fn an_end_counts_once_by_the_minute_and_anew_where_work_is_put_off() {
    let mut state = begin();
    let window = |from: i64| json!({"starts_at": at(from), "ends_at": at(from + 60)});
    let mut work =
        json!({"kind": "maintenance", "severity": "outage", "services": ["cars"], "title": {"de": "Titel"}, "at_end": "confirm"});
    work.as_object_mut().unwrap().extend(window(100).as_object().unwrap().clone());
    let id = publish(&mut state, work.clone(), 10);
    work.as_object_mut().unwrap().extend(window(1_000).as_object().unwrap().clone());
    let command = notice::Command::Edit {
        id: id.clone(),
        expected: state.notice(&id).unwrap().revision,
        content: Box::new(serde_json::from_value(work).unwrap()),
    };
    carry_out(&mut state, Command::Notice(command), at(50));
    let command = notice::Command::Transit {
        id,
        transition: Transition::Complete,
        change: Change::default(),
    };
    carry_out(&mut state, Command::Notice(command), at(1_060) + SignedDuration::from_secs(20));
    let found = told(&state, at(2_000));
    assert_eq!(
        (found.notices[0].told_end, found.notices[0].end_kept),
        (Some(at(1_060)), Some(true))
    );
    let before = report(&state, &town(), (at(0), at(1_030)), at(2_000)).unwrap();
    assert_eq!(before.notices[0].end_kept, None, "it was to end in the next span");
}
