//! Planned work beside other work and in frozen time, held against a walk over every minute.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

mod conflicts;
mod four_eyes;
mod frozen;
mod too_late;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{Actor, Context, Role},
    catalogue,
    freeze::{self, Level, Terms, When},
    notice,
    record::Command,
    schedule::{self, Day, OnHoliday, Plan, Recurrence, Rule, Span, Times, Until},
    state::State,
    step::step,
    words::{PortalId, ServiceId},
};
use jiff::{
    SignedDuration, Timestamp,
    civil::{date, time},
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// `login` is needed by `car` and used by `dog`, which are of the town; `tax` is the county's and alone.
const CATALOGUE: &str = r#"{
    "portal": [
        {"id": "town", "name": {"de": "Stadt"}, "issuer": {"de": "Stadt"}, "languages": ["de"], "time_zone": "Europe/Berlin", "services": ["car", "dog"],
            "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example", "accessibility": "https://a.example", "feedback": "https://a.example"}},
        {"id": "county", "name": {"de": "Kreis"}, "issuer": {"de": "Kreis"}, "languages": ["de"], "time_zone": "Europe/Berlin", "services": ["tax"],
            "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example", "accessibility": "https://a.example", "feedback": "https://a.example"}}
    ],
    "service": [
        {"id": "login", "name": {"de": "Anmeldung"}},
        {"id": "car", "name": {"de": "Auto"}, "requires": ["login"]},
        {"id": "dog", "name": {"de": "Hund"}, "uses": ["login"]},
        {"id": "tax", "name": {"de": "Steuer"}}
    ]
}"#;

const SERVICES: [&str; 4] = ["login", "car", "dog", "tax"];

/// Which services feel work on one, by hand.
fn feel(root: &str) -> &'static [&'static str] {
    match root {
        "login" => &["login", "car", "dog"],
        "car" => &["car"],
        "dog" => &["dog"],
        _ => &["tax"],
    }
}

fn portal(service: &str) -> Option<&'static str> {
    match service {
        "car" | "dog" => Some("town"),
        "tax" => Some("county"),
        _ => None,
    }
}

const START: &str = "2026-03-20T00:00:00Z";

fn minute(minutes: i64) -> Timestamp {
    START.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn span((from, length): (i64, i64)) -> Span {
    Span {
        from: minute(from),
        to: minute(from + length),
    }
}

/// A freeze: for which services and portals, how hard, and when: at these minutes, or each week from a day and hour on for so many hours.
#[derive(Clone, Debug)]
struct Sketch {
    services: BTreeSet<&'static str>,
    portals: BTreeSet<&'static str>,
    level: Level,
    spans: Vec<(i64, i64)>,
    weekly: Option<(usize, i8, u8)>,
}

impl Sketch {
    /// Whether it is for work on this service.
    fn touches(&self, service: &str) -> bool {
        let is_for_all = self.services.is_empty() && self.portals.is_empty();
        let is_named = |one: &&str| self.services.contains(one) || portal(one).is_some_and(|portal| self.portals.contains(portal));
        is_for_all || feel(service).iter().any(is_named)
    }

    /// Whether it is at this minute.
    fn is_at(&self, at: i64) -> bool {
        match self.weekly {
            Some((weekday, hour, days_later)) => is_open(weekday, hour, days_later, minute(at)),
            None => within(&self.spans, at),
        }
    }
}

fn within(spans: &[(i64, i64)], at: i64) -> bool {
    spans.iter().any(|(from, length)| (*from..from + length).contains(&at))
}

const DAYS: [Day; 7] = [
    Day::Monday,
    Day::Tuesday,
    Day::Wednesday,
    Day::Thursday,
    Day::Friday,
    Day::Saturday,
    Day::Sunday,
];

fn recurrence(weekday: usize, hour: i8, days_later: u8) -> Recurrence {
    Recurrence {
        first: date(2026, 1, 1),
        since: None,
        until: Until::Open,
        rule: Rule::Week {
            every: 1,
            weekdays: BTreeSet::from([DAYS[weekday]]),
        },
        times: Times {
            starts: time(hour, 0, 0, 0),
            ends: time(23, 30, 0, 0),
            days_later,
        },
        on_holiday: OnHoliday::Hold,
        time_zone: "Europe/Berlin".to_owned(),
        region: None,
        exceptions: BTreeMap::new(),
    }
}

/// Whether such a window is open at a minute, by the clock of Berlin: it began today or on one of the days before.
fn is_open(weekday: usize, hour: i8, days_later: u8, minute: Timestamp) -> bool {
    let here = minute.in_tz("Europe/Berlin").unwrap();
    (0..=i64::from(days_later)).any(|back| {
        let began = here.date().checked_sub(jiff::Span::new().days(back)).unwrap();
        let last = began.checked_add(jiff::Span::new().days(i64::from(days_later))).unwrap();
        let is_its_day = usize::from(began.weekday().to_monday_zero_offset().unsigned_abs()) == weekday;
        let now = here.datetime();
        is_its_day && began.at(hour, 0, 0, 0) <= now && now < last.at(23, 30, 0, 0)
    })
}

fn any_spans(most: usize) -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0..90 * 1440i64, 1..4 * 1440i64), 1..most)
}

fn any_freeze() -> impl Strategy<Value = Sketch> {
    let level = prop::sample::select(vec![Level::Hint, Level::Reason, Level::SecondPerson]);
    let services = prop::collection::btree_set(prop::sample::select(SERVICES.to_vec()), 0..3);
    let portals = prop::collection::btree_set(prop::sample::select(vec!["town", "county"]), 0..2);
    // At hours that no change of clocks leaves out or doubles.
    let weekly = prop::option::of((0..7usize, 4..23i8, 0..4u8));
    (services, portals, level, any_spans(4), weekly).prop_map(|(services, portals, level, spans, weekly)| Sketch {
        services,
        portals,
        level,
        spans,
        weekly,
    })
}

/// What a maintenance says, but for its times.
fn work(service: &str) -> Value {
    json!({"kind": "maintenance", "severity": "outage", "services": [service], "title": {"de": "Wartung"}})
}

fn state(freezes: &[Sketch], windows: &[(&str, (i64, i64))], series: Option<&(&str, usize, i8)>) -> State {
    let mut state = State::default();
    let mut take = |command: Command| {
        let actor = Actor::new("somebody", Role::Admin);
        let context = Context { now: minute(0), actor };
        step(&mut state, command, &context).unwrap();
    };
    let catalogue = Box::new(serde_json::from_str(CATALOGUE).unwrap());
    take(catalogue::Command::Apply { catalogue }.into());
    // Work that was announced before stays where it is.
    for (service, window) in windows {
        let mut content = work(service);
        content["starts_at"] = json!(span(*window).from);
        content["ends_at"] = json!(span(*window).to);
        let content = Box::new(serde_json::from_value(content).unwrap());
        let intent = notice::Intent::Publish;
        take(notice::Command::Create { content, intent }.into());
    }
    for sketch in freezes {
        let when = match sketch.weekly {
            Some((weekday, hour, days_later)) => When::Recurring(Box::new(recurrence(weekday, hour, days_later))),
            None => When::Spans(sketch.spans.iter().copied().map(span).collect()),
        };
        let terms = Box::new(Terms {
            name: "Frist".to_owned(),
            level: sketch.level,
            portals: sketch.portals.iter().map(|id| PortalId::parse(id).unwrap()).collect(),
            services: sketch.services.iter().map(|id| ServiceId::parse(id).unwrap()).collect(),
            when,
        });
        take(freeze::Command::Create { terms }.into());
    }
    if let Some((service, weekday, hour)) = series {
        let plan = Box::new(Plan {
            notice: serde_json::from_value(work(service)).unwrap(),
            recurrence: recurrence(*weekday, *hour, 0),
            announce_hours: 0,
        });
        take(schedule::Command::Create { plan }.into());
    }
    state
}
