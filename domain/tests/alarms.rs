//! What rules make of alerts, minute by minute; and that whoever asks only when something has come in, or when time asks for it, does the same at
//! the same minutes.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

use std::collections::BTreeMap;

use domain::{
    access::{Actor, Context, Role, WATCH},
    catalogue::{self, Labels},
    notice,
    project::alarm,
    record::{Command, Event},
    state::State,
    step::step,
    watch::{Alert, Report},
    words::NoticeId,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

const CATALOGUE: &str = r#"{
    "portal": [
        {"id": "town", "name": {"de": "Stadt"}, "issuer": {"de": "Stadt"}, "languages": ["de"], "time_zone": "Europe/Berlin", "services": ["car", "dog"],
            "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example", "accessibility": "https://a.example", "feedback": "https://a.example"}}
    ],
    "service": [
        {"id": "login", "name": {"de": "Anmeldung"}},
        {"id": "car", "name": {"de": "Auto"}, "requires": ["login"]},
        {"id": "dog", "name": {"de": "Hund"}}
    ],
    "template": [
        {"id": "car-down", "name": {"de": "Auto"}, "notice": {"kind": "outage", "severity": "outage", "services": ["car"], "title": {"de": "Auto gestört"}}}
    ],
    "rule": [
        {"id": "car", "name": {"de": "Auto"}, "matchers": ["job=car"], "template": "car-down", "publish": true, "grace_minutes": 2, "calm_minutes": 5}
    ]
}"#;

fn minute(minutes: i64) -> Timestamp {
    "2026-03-20T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn labels(name: &str) -> Labels {
    [("job", "car"), ("alertname", name)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// What comes in at a minute.
#[derive(Clone, Copy, Debug)]
enum In {
    Fires(&'static str),
    Silent(&'static str),
    /// Somebody sends a command of this shape; `ID` is the first notice.
    Says(&'static str),
}

struct World {
    state: State,
    alerts: BTreeMap<&'static str, Alert>,
    /// What the rule did, each with its minute.
    done: Vec<(i64, String)>,
}

impl World {
    fn new(change: &Value) -> Self {
        let mut catalogue: Value = serde_json::from_str(CATALOGUE).unwrap();
        for (field, value) in change.as_object().unwrap() {
            catalogue["rule"][0][field] = value.clone();
        }
        let catalogue = serde_json::from_value(catalogue).unwrap();
        let mut world = Self {
            state: State::default(),
            alerts: BTreeMap::new(),
            done: Vec::new(),
        };
        world.command(-60, Command::Catalogue(catalogue::Command::Apply { catalogue }));
        world
    }

    fn command(&mut self, at: i64, command: Command) {
        let context = Context {
            now: minute(at),
            actor: Actor::new("ada", Role::Admin),
        };
        step(&mut self.state, command, &context).unwrap();
    }

    fn hear(&mut self, name: &'static str, fires: bool, now: Timestamp, calm: SignedDuration) {
        let report = Report {
            identity: name.to_owned(),
            labels: labels(name),
            fires,
            began_at: None,
        };
        let heard = Alert::heard(self.alerts.remove(name), report, now, calm);
        self.alerts.extend(heard.map(|alert| (name, alert)));
    }

    fn take(&mut self, at: i64, what: In) {
        let now = minute(at);
        match what {
            In::Fires(name) => {
                let calm = self.state.catalogue().rules[0].calm();
                self.hear(name, true, now, calm);
            }
            In::Silent(name) => self.hear(name, false, now, SignedDuration::ZERO),
            In::Says(command) => {
                let first = self.state.notices().next().map_or_else(String::new, |notice| notice.id.to_string());
                let command: notice::Command = serde_json::from_str(&command.replace("ID", &first)).unwrap();
                self.command(at, command.into());
            }
        }
    }

    /// Has done what the rule asks for; when to ask again.
    fn ask(&mut self, at: i64) -> Option<Timestamp> {
        loop {
            let rule = self.state.catalogue().rules[0].clone();
            let asked = alarm(&self.state, &rule, self.alerts.values(), minute(at));
            let Some(command) = asked.command else { return asked.next };
            let context = Context {
                now: minute(at),
                actor: Actor::new(format!("{WATCH}car"), Role::Publisher),
            };
            let entries = step(&mut self.state, command.into(), &context).unwrap();
            assert!(!entries.is_empty(), "what is asked for changes something");
            self.done.extend(entries.iter().map(|entry| (at, told(&entry.event))));
        }
    }
}

fn told(event: &Event) -> String {
    match event {
        Event::Notice(notice::Event::Created { stage, .. }) => stage.map_or("draft", wire::Stage::word).to_owned(),
        Event::Notice(notice::Event::Advanced { step, .. }) => step.stage.unwrap().word().to_owned(),
        other => format!("{other:?}"),
    }
}

/// What a rule does when this comes in, asked every minute; and asked only when it has to be.
fn played(change: &Value, story: &[(i64, In)], until: i64) -> (World, World) {
    let (mut each, mut seldom) = (World::new(change), World::new(change));
    let mut next = None;
    for at in 0..until {
        let now: Vec<In> = story.iter().filter(|(when, _)| *when == at).map(|(_, what)| *what).collect();
        for what in &now {
            each.take(at, *what);
            seldom.take(at, *what);
        }
        each.ask(at);
        if !now.is_empty() || next.is_some_and(|next| next <= minute(at)) {
            next = seldom.ask(at);
        }
    }
    (each, seldom)
}

/// What a rule that is changed so does.
fn done(change: &Value, story: &[(i64, In)]) -> Vec<(i64, String)> {
    let (each, seldom) = played(change, story, 200);
    assert_eq!(each.done, seldom.done, "asked seldom, it does the same");
    each.done
}

fn expect(change: &Value, story: &[(i64, In)], expected: &[(i64, &str)]) {
    let expected: Vec<(i64, String)> = expected.iter().map(|(at, what)| (*at, (*what).to_owned())).collect();
    assert_eq!(done(change, story), expected, "{change} {story:?}");
}

const RESOLVE: &str = r#"{"transit": {"id": "ID", "transition": "resolve", "change": {}}}"#;
const REOPEN: &str = r#"{"transit": {"id": "ID", "transition": "reopen", "change": {}}}"#;
const PUBLISH: &str = r#"{"transit": {"id": "ID", "transition": "publish", "change": {}}}"#;
const CANCEL: &str = r#"{"transit": {"id": "ID", "transition": "cancel", "change": {}}}"#;
const WATCHED: &str = r#"{"update": {"id": "ID", "change": {"stage": "monitoring"}}}"#;
const BY_HAND: &str = r#"{"create": {"content": {"kind": "outage", "severity": "outage", "services": ["login"], "title": {"de": "Anmeldung"}}, "intent": "publish"}}"#;
const DOG: &str = r#"{"create": {"content": {"kind": "outage", "severity": "outage", "services": ["dog"], "title": {"de": "Hund"}}, "intent": "publish"}}"#;
/// From 00:10 to 00:30.
const WINDOW: &str = r#"{"create": {"content": {"kind": "maintenance", "severity": "outage", "services": ["login"], "title": {"de": "Wartung"},
    "starts_at": "2026-03-20T00:10:00Z", "ends_at": "2026-03-20T00:30:00Z", "at_end": "complete"}, "intent": "publish"}}"#;
const OPEN_WINDOW: &str = r#"{"create": {"content": {"kind": "maintenance", "severity": "outage", "services": ["login"], "title": {"de": "Wartung"},
    "starts_at": "2026-03-20T00:10:00Z", "ends_at": "2026-03-20T00:30:00Z", "at_end": "confirm"}, "intent": "publish"}}"#;
const COMPLETE: &str = r#"{"transit": {"id": "ID", "transition": "complete", "change": {}}}"#;

#[test]
fn an_alert_that_lasts_is_told_and_its_end_too() {
    use In::{Fires, Silent};
    let complete = json!({"at_end": "complete"});
    for (change, story, expected) in [
        // It has to last, and to be over for long enough.
        (json!({}), &[(10, Fires("a")), (11, Silent("a"))][..], &[][..]),
        (
            json!({}),
            &[(10, Fires("a")), (20, Silent("a"))],
            &[(12, "investigating"), (25, "monitoring")],
        ),
        (
            complete.clone(),
            &[(10, Fires("a")), (20, Silent("a"))],
            &[(12, "investigating"), (25, "resolved")],
        ),
        (json!({"publish": false}), &[(10, Fires("a")), (20, Silent("a"))], &[(12, "draft")]),
        (
            json!({"publish": false, "at_end": "complete"}),
            &[(10, Fires("a")), (20, Silent("a"))],
            &[(12, "draft"), (25, "cancelled")],
        ),
        (
            json!({"grace_minutes": 0, "calm_minutes": 0, "at_end": "complete"}),
            &[(10, Fires("a")), (20, Silent("a"))],
            &[(10, "investigating"), (20, "resolved")],
        ),
        // Several alerts are one trouble.
        (
            complete.clone(),
            &[(10, Fires("a")), (14, Fires("b")), (15, Silent("a")), (30, Silent("b"))],
            &[(12, "investigating"), (35, "resolved")],
        ),
        // A break that is too short to count; one that is long enough.
        (
            complete.clone(),
            &[(10, Fires("a")), (20, Silent("a")), (24, Fires("a")), (30, Silent("a"))],
            &[(12, "investigating"), (35, "resolved")],
        ),
        (
            complete.clone(),
            &[(10, Fires("a")), (20, Silent("a")), (26, Fires("a")), (40, Silent("a"))],
            &[(12, "investigating"), (25, "resolved"), (28, "investigating"), (45, "resolved")],
        ),
        // It comes back at the very moment at which it would have been over: people are told of one trouble.
        (
            complete.clone(),
            &[(10, Fires("a")), (20, Silent("a")), (25, Fires("a")), (40, Silent("a"))],
            &[(12, "investigating"), (45, "resolved")],
        ),
        // What is being watched is looked into again when it comes back.
        (
            json!({}),
            &[(10, Fires("a")), (20, Silent("a")), (40, Fires("a")), (50, Silent("a"))],
            &[(12, "investigating"), (25, "monitoring"), (42, "investigating"), (55, "monitoring")],
        ),
    ] {
        expect(&change, story, expected);
    }
}

#[test]
fn what_people_say_stands() {
    use In::{Fires, Says, Silent};
    let complete = json!({"at_end": "complete"});
    for (change, story, expected) in [
        (
            complete.clone(),
            &[(10, Fires("a")), (15, Says(RESOLVE)), (60, Silent("a"))][..],
            &[(12, "investigating")][..],
        ),
        (
            complete.clone(),
            &[(10, Fires("a")), (20, Silent("a")), (30, Says(REOPEN))],
            &[(12, "investigating"), (25, "resolved")],
        ),
        (
            json!({}),
            &[(10, Fires("a")), (15, Says(WATCHED)), (60, Silent("a"))],
            &[(12, "investigating")],
        ),
        (
            json!({"publish": false}),
            &[(10, Fires("a")), (15, Says(CANCEL)), (60, Silent("a"))],
            &[(12, "draft")],
        ),
        (
            json!({"publish": false, "at_end": "complete"}),
            &[(10, Fires("a")), (15, Says(PUBLISH)), (60, Silent("a"))],
            &[(12, "draft"), (65, "resolved")],
        ),
    ] {
        expect(&change, story, expected);
    }
}

#[test]
fn several_alerts_are_one_trouble_until_it_was_calm() {
    use In::{Fires, Says, Silent};
    // Somebody has ended the notice; one alert takes the place of the other, and there was no calm.
    let story = [(10, Fires("a")), (15, Says(RESOLVE)), (30, Fires("b")), (40, Silent("a"))];
    expect(&json!({}), &story, &[(12, "investigating")]);
    let story = [(10, Fires("a")), (15, Says(RESOLVE)), (30, Silent("a")), (40, Fires("b"))];
    expect(&json!({}), &story, &[(12, "investigating"), (42, "investigating")]);
}

/// What another rule has told and ended says nothing of what still fires.
#[test]
fn the_end_of_another_rules_notice_is_no_end_of_this_trouble() {
    let mut world = World::new(&json!({"at_end": "complete"}));
    world.take(0, In::Says(BY_HAND));
    let first = world.state.notices().next().unwrap().id.clone();
    world.take(1, In::Fires("a"));
    world.ask(5);
    assert_eq!(world.done, [], "it is told of already");
    let ended = notice::Command::Transit {
        id: first,
        transition: notice::Transition::Resolve,
        change: notice::Change::default(),
    };
    let context = Context {
        now: minute(10),
        actor: Actor::new(format!("{WATCH}login"), Role::Publisher),
    };
    step(&mut world.state, ended.into(), &context).unwrap();
    world.ask(10);
    assert_eq!(world.done, [(10, "investigating".to_owned())]);
}

/// Of an alert that began much later than the known one it was not heard that it was over.
#[test]
fn an_end_that_was_lost_does_not_last_for_ever() {
    let report = |began: i64| Report {
        identity: "a".to_owned(),
        labels: labels("a"),
        fires: true,
        began_at: Some(minute(began)),
    };
    let calm = SignedDuration::from_mins(5);
    let first = Alert::heard(None, report(10), minute(10), calm);
    let repeated = Alert::heard(first.clone(), report(10), minute(200), calm);
    assert_eq!(repeated, first);
    let flapped = Alert::heard(first.clone(), report(14), minute(14), calm).unwrap();
    assert_eq!(flapped.since, minute(10));
    let another = Alert::heard(first, report(100), minute(101), calm).unwrap();
    assert_eq!((another.since, another.began_at), (minute(101), minute(100)));
}

#[test]
fn what_people_were_told_already_is_not_told_again() {
    use In::{Fires, Says, Silent};
    for (story, expected) in [
        (&[(5, Says(BY_HAND)), (10, Fires("a")), (30, Silent("a"))][..], &[][..]),
        // They have ended it while the alert was still firing.
        (&[(5, Says(BY_HAND)), (10, Fires("a")), (20, Says(RESOLVE)), (30, Silent("a"))], &[]),
        // The next trouble is another one.
        (
            &[(5, Says(BY_HAND)), (7, Says(RESOLVE)), (10, Fires("a"))],
            &[(12, "investigating")],
        ),
        // What is said of another service says nothing of this one.
        (&[(5, Says(DOG)), (10, Fires("a"))], &[(12, "investigating")]),
    ] {
        expect(&json!({"at_end": "complete"}), story, expected);
    }
}

#[test]
fn a_planned_window_makes_it_silent() {
    use In::{Fires, Says, Silent};
    for (story, expected) in [
        (&[(0, Says(WINDOW)), (12, Fires("a")), (29, Silent("a"))][..], &[][..]),
        // What still fires when the window is over has its grace from there on.
        (&[(0, Says(WINDOW)), (12, Fires("a"))], &[(32, "investigating")]),
        (&[(0, Says(WINDOW)), (12, Fires("a")), (31, Silent("a"))], &[]),
        (&[(0, Says(WINDOW)), (2, Fires("a"))], &[(4, "investigating")]),
        (&[(0, Says(WINDOW)), (40, Fires("a"))], &[(42, "investigating")]),
        // One that is to be ended by somebody lasts until they do.
        (
            &[(0, Says(OPEN_WINDOW)), (12, Fires("a")), (50, Says(COMPLETE))],
            &[(52, "investigating")],
        ),
        (
            &[(0, Says(OPEN_WINDOW)), (12, Fires("a")), (20, Says(COMPLETE))],
            &[(22, "investigating")],
        ),
    ] {
        expect(&json!({}), story, expected);
    }
}

#[test]
fn people_are_told_since_when() {
    let starts_at = |said: Option<i64>, story: &[(i64, In)]| {
        let mut world = World::new(&json!({}));
        for (at, what) in story {
            world.take(*at, *what);
        }
        let alert = Alert::new(labels("a"), said.map(minute), minute(12));
        world.alerts.insert("a", alert);
        world.ask(60);
        let written = world.state.notices().last().unwrap();
        written.content.starts_at
    };
    assert_eq!(starts_at(Some(3), &[]), Some(minute(3)), "as its source says");
    assert_eq!(starts_at(None, &[]), Some(minute(12)), "as it was heard of");
    assert_eq!(starts_at(Some(300), &[]), Some(minute(12)), "not in the future");
    assert_eq!(starts_at(Some(-3 * 24 * 60), &[]), Some(minute(12)), "not beyond belief");
    assert_eq!(
        starts_at(Some(3), &[(0, In::Says(WINDOW))]),
        Some(minute(30)),
        "not while it was planned"
    );
}

#[test]
fn a_thousand_flapping_alerts_are_one_notice() {
    let mut world = World::new(&json!({"at_end": "complete"}));
    for at in 0..1_000 {
        world.take(at, if at % 2 == 0 { In::Fires("a") } else { In::Silent("a") });
        world.ask(at);
    }
    for at in 1_000..1_100 {
        world.ask(at);
    }
    let told: Vec<&str> = world.done.iter().map(|(_, what)| what.as_str()).collect();
    assert_eq!(told, ["investigating", "resolved"]);
    let ids: Vec<&NoticeId> = world.state.notices().map(|notice| &notice.id).collect();
    assert_eq!(ids.len(), 1);
}

fn story() -> impl Strategy<Value = Vec<(i64, In)>> {
    let what = prop_oneof![
        4 => prop_oneof![Just(In::Fires("a")), Just(In::Fires("b"))],
        4 => prop_oneof![Just(In::Silent("a")), Just(In::Silent("b"))],
        1 => prop_oneof![Just(In::Says(BY_HAND)), Just(In::Says(DOG))],
    ];
    prop::collection::vec((0..150_i64, what), 0..30)
}

proptest! {
    /// Neither a lost minute nor one too many: asked when something comes in and when time asks for it, or at each minute.
    #[test]
    fn asked_seldom_it_does_the_same(
        story in story(), window in any::<bool>(), publish in any::<bool>(), complete in any::<bool>(), grace in 0..5, calm in 0..8,
    ) {
        let at_end = if complete { "complete" } else { "confirm" };
        let change = json!({"publish": publish, "at_end": at_end, "grace_minutes": grace, "calm_minutes": calm});
        let mut whole = if window { vec![(0, In::Says(WINDOW))] } else { Vec::new() };
        whole.extend(story);
        let (each, seldom) = played(&change, &whole, 200);
        prop_assert_eq!(each.done, seldom.done);
    }
}
