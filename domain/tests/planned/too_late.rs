//! Whoever begins shortly before planned work is told that the time is too short, service by service, from a named instant on.

use domain::{
    access::{Actor, Context, Role},
    catalogue::{self, Catalogue},
    notice,
    project::{next_change_of, project},
    record::Command,
    rejection::Rejection,
    state::State,
    step::step,
    words::PortalId,
};
use serde_json::json;
use wire::{Notice, Severity};

use super::{CATALOGUE, minute};

/// The work begins after so many minutes.
const BEGINS: i64 = 600;

/// The car takes an hour and a half, the tax five minutes; of the dog nobody has said anything.
fn catalogue() -> Catalogue {
    let mut catalogue: Catalogue = serde_json::from_str(CATALOGUE).unwrap();
    for service in &mut catalogue.services {
        service.usual_minutes = match service.id.as_str() {
            "car" => Some(90),
            "tax" => Some(5),
            _ => None,
        };
    }
    catalogue
}

fn act(state: &mut State, role: Role, command: impl Into<Command>) -> Result<(), Rejection> {
    let context = Context {
        now: minute(0),
        actor: Actor::new("someone", role),
    };
    step(state, command.into(), &context).map(drop)
}

fn announced(severity: Severity, services: &[&str]) -> State {
    let mut state = State::default();
    let catalogue = Box::new(catalogue());
    act(&mut state, Role::Admin, catalogue::Command::Apply { catalogue }).unwrap();
    let content = json!({
        "kind": "maintenance", "severity": severity, "services": services, "title": {"de": "Wartung"},
        "starts_at": minute(BEGINS), "ends_at": minute(BEGINS + 60),
    });
    let command = notice::Command::Create {
        content: Box::new(serde_json::from_value(content).unwrap()),
        intent: notice::Intent::Publish,
    };
    act(&mut state, Role::Publisher, command).unwrap();
    state
}

fn told(state: &State, portal: &str, at: i64) -> Notice {
    let shown = project(state, &PortalId::parse(portal).unwrap(), minute(at)).unwrap();
    shown.notices[0].clone()
}

/// The services for which it is too late.
fn late(notice: &Notice) -> Vec<&str> {
    notice
        .affected
        .iter()
        .filter(|one| one.too_late)
        .map(|one| one.id.as_str())
        .collect()
}

#[test]
fn who_begins_too_late_is_told_from_a_named_instant_on() {
    let state = announced(Severity::Outage, &["login", "tax"]);
    // Ninety minutes, and ten more: before the hour at which the portal tells of it at full size.
    let from = BEGINS - 100;
    let before = told(&state, "town", from - 1);
    assert_eq!((late(&before), before.approaching), (vec![], false));
    assert_eq!(before.affected[0].usual_minutes, Some(90));
    let town = PortalId::parse("town").unwrap();
    assert_eq!(next_change_of(&state, &town, minute(0)), Some(minute(from)));
    let after = told(&state, "town", from);
    // The dog only uses the login, and goes on.
    assert_eq!((late(&after), after.approaching), (vec!["car"], true));
    assert_eq!(late(&told(&state, "town", BEGINS - 1)), ["car"]);
    // Now it is so, and nobody has to be told that it will be.
    assert_eq!(late(&told(&state, "town", BEGINS)), [""; 0]);

    // The tax takes five minutes: long after the portal tells of it at full size.
    let county = PortalId::parse("county").unwrap();
    assert_eq!(next_change_of(&state, &county, minute(0)), Some(minute(BEGINS - 60)));
    assert_eq!(next_change_of(&state, &county, minute(BEGINS - 60)), Some(minute(BEGINS - 15)));
    assert!(told(&state, "county", BEGINS - 60).approaching);
    assert_eq!(late(&told(&state, "county", BEGINS - 16)), [""; 0]);
    assert_eq!(late(&told(&state, "county", BEGINS - 15)), ["tax"]);
}

#[test]
fn what_goes_on_is_never_too_late() {
    let state = announced(Severity::Degraded, &["car"]);
    let shown = told(&state, "town", BEGINS - 61);
    assert_eq!((late(&shown), shown.approaching), (vec![], false));
    assert_eq!(late(&told(&state, "town", BEGINS - 1)), [""; 0]);
}

#[test]
fn how_long_it_takes_is_a_time_that_somebody_may_need() {
    for (minutes, is_wrong) in [(0, true), (1, false), (1_440, false), (1_441, true)] {
        let mut catalogue = catalogue();
        catalogue.services[1].usual_minutes = Some(minutes);
        let catalogue = Box::new(catalogue);
        let refused = act(&mut State::default(), Role::Admin, catalogue::Command::Apply { catalogue }).is_err();
        assert_eq!(refused, is_wrong, "{minutes}");
    }
}
