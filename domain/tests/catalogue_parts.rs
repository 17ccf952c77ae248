//! One entry of the catalogue is changed: what results is checked as a whole, and told at the entry's own fields.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

use domain::{
    access::{Actor, Context, Grants, Role},
    catalogue::{Catalogue, Command, Part, PartKind},
    record::Entry,
    rejection::Rejection,
    state::{State, replay},
    step::step,
};
use jiff::Timestamp;
use serde_json::{Value, json};

const CATALOGUE: &str = r#"{
    "portal": [
        {"id": "town", "name": {"de": "Stadt"}, "issuer": {"de": "Stadt"}, "languages": ["de"], "time_zone": "Europe/Berlin", "services": ["car", "tax"],
            "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example", "accessibility": "https://a.example", "feedback": "https://a.example"}}
    ],
    "service": [
        {"id": "login", "name": {"de": "Anmeldung"}},
        {"id": "car", "name": {"de": "Auto"}, "requires": ["login"], "channels": ["counter"]},
        {"id": "tax", "name": {"de": "Steuer"}}
    ],
    "channel": [{"id": "counter", "kind": "office", "name": {"de": "Amt"}, "value": "Amtsweg 1"}]
}"#;

#[derive(Default)]
struct Story {
    state: State,
    entries: Vec<Entry>,
}

impl Story {
    fn begin() -> Self {
        let mut story = Self::default();
        let catalogue = Box::new(serde_json::from_str(CATALOGUE).unwrap());
        story.act(Role::Admin, Command::Apply { catalogue }).unwrap();
        story
    }

    fn act(&mut self, grants: impl Into<Grants>, command: Command) -> Result<usize, Rejection> {
        let context = Context {
            now: Timestamp::UNIX_EPOCH,
            actor: Actor::new("someone", grants),
        };
        let entries = step(&mut self.state, command.into(), &context)?;
        let count = entries.len();
        self.entries.extend(entries.into_iter().map(Entry::from));
        let replayed = replay(&self.entries);
        assert!(replayed == self.state, "the journal tells another state");
        for kind in PartKind::ALL {
            for id in self.state.catalogue().ids(kind) {
                assert_eq!(replayed.part_revision(kind, id), self.state.part_revision(kind, id), "{kind} {id}");
            }
        }
        Ok(count)
    }

    fn change(&mut self, kind: PartKind, id: &str, seen: Option<u32>, part: Option<Part>) -> Result<usize, Rejection> {
        let id = id.to_owned();
        self.act(Role::Admin, Command::Change { kind, id, seen, part })
    }

    fn revision(&self, kind: PartKind, id: &str) -> u32 {
        self.state.part_revision(kind, id).unwrap()
    }
}

fn service(part: Value) -> Option<Part> {
    Some(Part::Service(serde_json::from_value(part).unwrap()))
}

/// The pointers at which something is wrong.
fn wrong(outcome: Result<usize, Rejection>) -> Vec<String> {
    match outcome {
        Err(Rejection::Invalid(faults)) => faults.into_vec().into_iter().map(|fault| fault.pointer).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_what_is_changed_has_another_revision_and_its_place_stays() {
    let mut story = Story::begin();
    let seen = story.revision(PartKind::Service, "car");
    let other = service(json!({"id": "car", "name": {"de": "Kfz"}, "requires": ["login"], "channels": ["counter"]}));
    assert_eq!(story.change(PartKind::Service, "car", Some(seen), other.clone()), Ok(1));
    assert_eq!(story.state.catalogue().part(PartKind::Service, "car"), other);
    assert_eq!(story.state.catalogue().ids(PartKind::Service), ["login", "car", "tax"]);
    let now = story.revision(PartKind::Service, "car");
    assert_eq!(u64::from(now), story.state.position());
    assert!(now > seen && story.revision(PartKind::Service, "tax") == seen && story.revision(PartKind::Channel, "counter") == seen);
    // The same once more is nothing, whatever it is taken for.
    assert_eq!(story.change(PartKind::Service, "car", Some(now), other.clone()), Ok(0));
    let stale = Rejection::Stale {
        expected: seen,
        actual: now,
    };
    assert_eq!(story.change(PartKind::Service, "car", Some(seen), other), Err(stale.clone()));
    assert_eq!(story.change(PartKind::Service, "car", Some(seen), None), Err(stale));
}

#[test]
fn what_comes_is_last_and_what_goes_is_named_by_nobody() {
    let mut story = Story::begin();
    let dogs = || service(json!({"id": "dogs", "name": {"de": "Hunde"}, "uses": ["login"]}));
    assert_eq!(story.change(PartKind::Service, "dogs", None, dogs()), Ok(1));
    assert_eq!(story.state.catalogue().ids(PartKind::Service).last(), Some(&"dogs"));
    assert_eq!(wrong(story.change(PartKind::Service, "dogs", None, dogs())), ["/id"]);
    assert_eq!(wrong(story.change(PartKind::Service, "cats", None, dogs())), ["/id"]);
    assert_eq!(
        wrong(story.change(PartKind::Service, "login", Some(1), None)),
        ["/service/car/requires/0", "/service/dogs/uses/0"]
    );
    assert_eq!(
        wrong(story.change(PartKind::Service, "tax", Some(1), None)),
        ["/portal/town/services/1"]
    );
    let revision = story.revision(PartKind::Service, "dogs");
    assert_eq!(story.change(PartKind::Service, "dogs", Some(revision), None), Ok(1));
    let unknown = Rejection::UnknownPart(PartKind::Service, "dogs".to_owned());
    assert_eq!(story.change(PartKind::Service, "dogs", Some(revision), None), Err(unknown.clone()));
    assert_eq!(
        story.change(PartKind::Service, "dogs", Some(revision), dogs()),
        Err(unknown.clone())
    );
    assert_eq!(story.change(PartKind::Service, "dogs", None, None), Err(unknown));
}

#[test]
fn a_fault_of_its_own_is_told_at_its_own_field() {
    let mut story = Story::begin();
    let seen = Some(story.revision(PartKind::Service, "login"));
    let circle = service(json!({"id": "login", "name": {"de": "Anmeldung"}, "requires": ["car"]}));
    // A circle is the fault of the whole entry.
    assert_eq!(wrong(story.change(PartKind::Service, "login", seen, circle)), [""]);
    let two = service(json!({"id": "login", "name": {"de": ""}, "requires": ["nothing"], "usual_minutes": 0}));
    let mut told = wrong(story.change(PartKind::Service, "login", seen, two));
    told.sort();
    assert_eq!(told, ["/name/de", "/requires/0", "/usual_minutes"]);
}

#[test]
fn it_takes_an_administrator_of_all_portals() {
    let mut story = Story::begin();
    let part = service(json!({"id": "tax", "name": {"de": "Abgaben"}}));
    for grants in [
        Grants::from(Role::Publisher),
        serde_json::from_value(json!([{"role": "admin", "portals": ["town"]}])).unwrap(),
    ] {
        let command = Command::Change {
            kind: PartKind::Service,
            id: "tax".to_owned(),
            seen: Some(1),
            part: part.clone(),
        };
        assert!(matches!(story.act(grants, command), Err(Rejection::Forbidden { .. })));
    }
    let known: Catalogue = serde_json::from_str(CATALOGUE).unwrap();
    assert_eq!(*story.state.catalogue(), known);
}
