//! A server with many portals and a long past: what is large is shared and not copied, and a bad day does not fill the pages for hours.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

use domain::{
    access::{Actor, Context, Role},
    catalogue::{self, Catalogue},
    notice::{self, Change, Intent},
    project::{project, project_history},
    record::Command,
    state::State,
    step::step,
    words::{NoticeId, PortalId},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use wire::Stage;

const NOON: &str = "2026-05-04T12:00:00Z";

fn carry_out(state: &mut State, command: Command, now: Timestamp) {
    let actor = Actor::new("test", Role::Admin);
    step(state, command, &Context { now, actor }).unwrap();
}

fn towns() -> State {
    let link = "https://a.example";
    let links = json!({"home": link, "imprint": link, "privacy": link, "accessibility": link, "feedback": link});
    let portal = |id: &str| {
        json!({"id": id, "name": {"de": id}, "languages": ["de"], "time_zone": "Europe/Berlin", "region": "DE-BE",
               "services": ["login"], "issuer": {"de": id}, "linger_minutes": 120, "links": links})
    };
    let catalogue: Catalogue = serde_json::from_value(json!({
        "portal": [portal("north"), portal("south")],
        "service": [{"id": "login", "name": {"de": "Anmeldung"}}],
    }))
    .unwrap();
    let mut state = State::default();
    let catalogue = Box::new(catalogue);
    carry_out(
        &mut state,
        Command::Catalogue(catalogue::Command::Apply { catalogue }),
        NOON.parse().unwrap(),
    );
    state
}

fn open(state: &mut State, now: Timestamp) -> NoticeId {
    let id = state.next_id(now);
    let content = json!({"kind": "outage", "severity": "outage", "services": ["login"], "title": {"de": id.as_str()}});
    let command = Command::Notice(notice::Command::Create {
        content: Box::new(serde_json::from_value(content).unwrap()),
        intent: Intent::Publish,
    });
    carry_out(state, command, now);
    id
}

fn resolve(state: &mut State, id: &NoticeId, now: Timestamp) {
    let change = Change {
        stage: Some(Stage::Resolved),
        ..Change::default()
    };
    carry_out(state, Command::Notice(notice::Command::Update { id: id.clone(), change }), now);
}

#[test]
fn a_copy_of_the_state_shares_what_it_does_not_change() {
    let mut state = towns();
    let now = NOON.parse().unwrap();
    let (first, second) = (open(&mut state, now), open(&mut state, now));
    let mut copy = state.clone();
    resolve(&mut copy, &second, now);
    assert!(std::ptr::eq(state.notice(&first).unwrap(), copy.notice(&first).unwrap()));
    assert!(std::ptr::eq(state.catalogue(), copy.catalogue()));
    assert_eq!(state.notice(&second).unwrap().stage, Some(Stage::Investigating));
    assert_eq!(copy.notice(&second).unwrap().stage, Some(Stage::Resolved));
}

#[test]
fn of_many_that_linger_the_latest_are_shown_and_the_history_has_all() {
    let mut state = towns();
    let mut now: Timestamp = NOON.parse().unwrap();
    let lasting = open(&mut state, now);
    let mut over = Vec::new();
    for _ in 0..300 {
        now += SignedDuration::from_secs(1);
        let id = open(&mut state, now);
        resolve(&mut state, &id, now);
        over.push(id.to_string());
        for portal in ["north", "south"] {
            let shown = project(&state, &PortalId::parse(portal).unwrap(), now).unwrap();
            let mut expected: Vec<String> = over.iter().rev().take(20).cloned().collect();
            expected.insert(0, lasting.to_string());
            let shown: Vec<_> = shown.notices.iter().map(|notice| notice.id.clone()).collect();
            assert_eq!(shown, expected, "after {}", over.len());
        }
    }
    let portal = PortalId::parse("north").unwrap();
    let history = project_history(&state, &portal, now, 1, 1_000).unwrap();
    assert_eq!(history.state.notices.len(), 300);
    now += SignedDuration::from_hours(2);
    let shown = project(&state, &portal, now).unwrap();
    assert_eq!(shown.notices.len(), 1, "what is over lingers for two hours");
}
