//! Who may do and read what where: two portals with a service each and one that both need, and everybody with a role on one of them, on
//! both, or on all.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

use domain::{
    access::{Actor, Context, Grants, Role},
    catalogue,
    notice::{self, Change, Intent, Transition},
    record::{Command, Entry, upkeep},
    rejection::Rejection,
    state::State,
    step::step,
    words::PortalId,
};
use serde_json::{Value, json};

const CATALOGUE: &str = r#"{
    "portal": [
        {
            "id": "town", "name": {"de": "Stadt"}, "issuer": {"de": "Stadt"}, "languages": ["de"], "time_zone": "Europe/Berlin",
            "services": ["cars"],
            "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example",
                "accessibility": "https://a.example", "feedback": "https://a.example"}
        },
        {
            "id": "county", "name": {"de": "Kreis"}, "issuer": {"de": "Kreis"}, "languages": ["de"], "time_zone": "Europe/Berlin",
            "services": ["waste"],
            "links": {"home": "https://b.example", "imprint": "https://b.example", "privacy": "https://b.example",
                "accessibility": "https://b.example", "feedback": "https://b.example"}
        }
    ],
    "service": [
        {"id": "cars", "name": {"de": "Kfz"}, "requires": ["login"], "channels": ["desk"], "procedures": ["paper"]},
        {"id": "waste", "name": {"de": "Abfall"}, "uses": ["login"], "channels": ["line"]},
        {"id": "login", "name": {"de": "Anmeldung"}, "requires": ["power"]},
        {"id": "power", "name": {"de": "Strom"}},
        {"id": "nobody", "name": {"de": "Ohne Portal"}}
    ],
    "channel": [
        {"id": "desk", "kind": "office", "name": {"de": "Schalter"}, "value": "Platz 1"},
        {"id": "line", "kind": "office", "name": {"de": "Wertstoffhof"}, "value": "Platz 2"},
        {"id": "mail", "kind": "email", "name": {"de": "E-Mail"}, "value": "a@b.example"}
    ],
    "procedure": [{"id": "paper", "name": {"de": "Papier"}, "steps": [{"text": {"de": "Ausfüllen."}}]}],
    "template": [
        {"id": "of-town", "name": {"de": "A"}, "notice": {"kind": "outage", "severity": "outage", "services": ["cars"], "title": {"de": "A"},
            "channels": ["mail"]}},
        {"id": "of-county", "name": {"de": "B"}, "notice": {"kind": "outage", "severity": "outage", "services": ["waste"], "title": {"de": "B"}}}
    ]
}"#;

/// What each notice is about, and its place in the tables below.
const ABOUT: [&str; 4] = ["cars", "waste", "login", "nobody"];

fn portal(id: &str) -> PortalId {
    PortalId::parse(id).unwrap()
}

fn on(role: Role, portals: &[&str]) -> Grants {
    Grants::on(role, portals.iter().map(|id| portal(id)))
}

fn context(grants: Grants) -> Context {
    Context {
        now: "2026-05-04T08:00:00Z".parse().unwrap(),
        actor: Actor::new("someone", grants),
    }
}

/// What is known, and the journal that it follows from.
fn known() -> (State, Vec<Entry>) {
    let mut state = State::default();
    let catalogue = Box::new(serde_json::from_str(CATALOGUE).unwrap());
    let command = Command::Catalogue(catalogue::Command::Apply { catalogue });
    let entries = step(&mut state, command, &context(Role::Admin.into())).unwrap();
    (state, entries.into_iter().map(Entry::from).collect())
}

fn about(service: &str) -> Value {
    json!({"kind": "outage", "severity": "outage", "services": [service], "portals": [], "title": {"de": "Titel"}})
}

fn create(service: &str, intent: Intent) -> Command {
    let content = Box::new(serde_json::from_value(about(service)).unwrap());
    Command::Notice(notice::Command::Create { content, intent })
}

/// Publishes one notice about each; tells the entries.
fn published() -> (State, Vec<Entry>) {
    let (mut state, mut entries) = known();
    for service in ABOUT {
        let made = step(&mut state, create(service, Intent::Publish), &context(Role::Admin.into())).unwrap();
        entries.extend(made.into_iter().map(Entry::from));
    }
    (state, entries)
}

/// Somebody, and for each of [`ABOUT`] whether they may publish, write a draft, and read.
type Somebody = (Grants, [bool; 4], [bool; 4], [bool; 4]);

fn everybody() -> Vec<Somebody> {
    let (no, yes) = ([false; 4], [true; 4]);
    vec![
        (Grants::default(), no, no, no),
        (Role::Viewer.into(), no, no, yes),
        (Role::Editor.into(), no, yes, yes),
        (Role::Publisher.into(), yes, yes, yes),
        (Role::Admin.into(), yes, yes, yes),
        (on(Role::Viewer, &["town"]), no, no, [true, false, true, false]),
        (
            on(Role::Editor, &["town"]),
            no,
            [true, false, false, false],
            [true, false, true, false],
        ),
        (
            on(Role::Publisher, &["town"]),
            [true, false, false, false],
            [true, false, false, false],
            [true, false, true, false],
        ),
        (
            on(Role::Admin, &["county"]),
            [false, true, false, false],
            [false, true, false, false],
            [false, true, true, false],
        ),
        (
            on(Role::Publisher, &["town", "county"]),
            [true, true, true, false],
            [true, true, true, false],
            [true, true, true, false],
        ),
        (
            on(Role::Publisher, &["town"]).and(Role::Editor, Some(portal("county"))),
            [true, false, false, false],
            [true, true, true, false],
            [true, true, true, false],
        ),
        (
            Grants::from(Role::Viewer).and(Role::Publisher, Some(portal("town"))),
            [true, false, false, false],
            [true, false, false, false],
            yes,
        ),
        (on(Role::Admin, &["elsewhere"]), no, no, no),
    ]
}

/// Whether it is done; anything but a refusal for want of a right is a mistake of the test.
fn is_done(state: &State, command: Command, grants: &Grants, readable: bool) -> bool {
    match step(&mut state.clone(), command, &context(grants.clone())) {
        Ok(entries) => !entries.is_empty(),
        Err(Rejection::Forbidden { .. }) => false,
        // What may not even be read there is not.
        Err(Rejection::UnknownNotice(_)) if !readable => false,
        Err(other) => panic!("{grants:?}: {other}"),
    }
}

#[test]
fn a_notice_is_changed_by_those_who_hold_the_role_on_each_portal_that_shows_it() {
    let (empty, _) = known();
    let (state, _) = published();
    let ids: Vec<_> = state.notices().map(|notice| notice.id.clone()).collect();
    for (grants, publishes, drafts, reads) in everybody() {
        for (which, service) in ABOUT.into_iter().enumerate() {
            let who = format!("{grants:?} {service}");
            let (id, readable) = (ids[which].clone(), reads[which]);
            assert_eq!(
                is_done(&empty, create(service, Intent::Publish), &grants, true),
                publishes[which],
                "{who}"
            );
            assert_eq!(
                is_done(&empty, create(service, Intent::Draft), &grants, true),
                drafts[which],
                "{who}"
            );
            let change: Change = serde_json::from_value(json!({"text": {"de": "Neu"}})).unwrap();
            let update = notice::Command::Update { id: id.clone(), change };
            let transit = |transition| notice::Command::Transit {
                id: id.clone(),
                transition,
                change: Change::default(),
            };
            let mut content = about(service);
            content["title"] = json!({"de": "Anders"});
            let edit = notice::Command::Edit {
                id: id.clone(),
                expected: 1,
                content: Box::new(serde_json::from_value(content).unwrap()),
            };
            for command in [update, transit(Transition::Resolve), transit(Transition::Withdraw), edit] {
                let done = is_done(&state, Command::Notice(command.clone()), &grants, readable);
                assert_eq!(done, publishes[which], "{who} {command:?}");
            }
        }
    }
}

/// The town's staff can neither move a notice of theirs to the county, nor fetch one of the county.
#[test]
fn a_notice_moves_to_another_portal_by_those_who_hold_the_role_on_both() {
    let (state, _) = published();
    let ids: Vec<_> = state.notices().map(|notice| notice.id.clone()).collect();
    for (grants, expected) in [
        (on(Role::Publisher, &["town"]), [false, false]),
        (on(Role::Publisher, &["county"]), [false, false]),
        (on(Role::Publisher, &["county", "town"]), [true, true]),
    ] {
        let moved = [(0, "waste"), (1, "cars")].map(|(which, to): (usize, &str)| {
            let edit = notice::Command::Edit {
                id: ids[which].clone(),
                expected: 1,
                content: Box::new(serde_json::from_value(about(to)).unwrap()),
            };
            is_done(&state, Command::Notice(edit), &grants, false)
        });
        assert_eq!(moved, expected, "{grants:?}");
    }
}

#[test]
fn what_concerns_the_whole_server_is_for_those_who_administrate_all_of_it() {
    let (state, _) = published();
    for (grants, ..) in everybody() {
        let is_admin = grants.everywhere() == Some(Role::Admin);
        let mut other: catalogue::Catalogue = serde_json::from_str(CATALOGUE).unwrap();
        other.templates.clear();
        let apply = Command::Catalogue(catalogue::Command::Apply {
            catalogue: Box::new(other),
        });
        let reason = || "Grund".to_owned();
        let redact = Command::Upkeep(upkeep::Command::Redact { seq: 2, reason: reason() });
        let confirm = Command::Upkeep(upkeep::Command::ConfirmClock { reason: reason() });
        for command in [apply, redact, confirm] {
            assert_eq!(is_done(&state, command, &grants, true), is_admin, "{grants:?}");
        }
    }
}

#[test]
fn staff_read_what_concerns_a_portal_of_theirs() {
    let (state, entries) = published();
    for (grants, _, _, reads) in everybody() {
        let found: Vec<bool> = state.notices().map(|notice| state.may_read(&grants, notice)).collect();
        assert_eq!(found, reads, "{grants:?}");
        let of_journal = |entry: &Entry| state.may_read_entry(&grants, &entry.subject, || entry.event.clone());
        let found: Vec<bool> = entries.iter().map(of_journal).collect();
        let mut expected = vec![grants.everywhere().is_some()];
        expected.extend(reads);
        assert_eq!(found, expected, "{grants:?}");
    }
}

/// What a notice said while it was the county's stays the county's.
#[test]
fn a_notice_that_has_moved_takes_nothing_of_before_with_it() {
    let (mut state, _) = known();
    let admin = || context(Role::Admin.into());
    let made = step(&mut state, create("waste", Intent::Draft), &admin()).unwrap();
    let id = state.notices().next().unwrap().id.clone();
    let content = Box::new(serde_json::from_value(about("cars")).unwrap());
    let edit = notice::Command::Edit { id, expected: 1, content };
    let moved = step(&mut state, Command::Notice(edit), &admin()).unwrap();
    let reads = |grants: &Grants| {
        [&made, &moved].map(|entries| {
            let entry = Entry::from(entries[0].clone());
            state.may_read_entry(grants, &entry.subject, || entry.event.clone())
        })
    };
    assert_eq!(reads(&on(Role::Viewer, &["town"])), [false, true]);
    assert_eq!(reads(&on(Role::Viewer, &["county"])), [false, false]);
    assert_eq!(reads(&Role::Viewer.into()), [true, true]);
}

#[test]
fn staff_read_the_part_of_the_catalogue_that_their_portals_lead_to() {
    let (state, _) = known();
    let read = |grants: &Grants| {
        let part = serde_json::to_value(state.readable_catalogue(grants)).unwrap();
        ["portal", "service", "channel", "procedure", "template"].map(|list| {
            let ids = part[list].as_array().cloned().unwrap_or_default();
            let ids: Vec<String> = ids.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
            ids.join(" ")
        })
    };
    let whole = [
        "town county",
        "cars waste login power nobody",
        "desk line mail",
        "paper",
        "of-town of-county",
    ];
    for (grants, expected) in [
        (Role::Viewer.into(), whole),
        (
            on(Role::Viewer, &["town"]),
            ["town", "cars login power", "desk mail", "paper", "of-town"],
        ),
        (
            on(Role::Admin, &["county"]),
            ["county", "waste login power", "line", "", "of-county"],
        ),
        (
            on(Role::Editor, &["county", "town"]),
            [
                "town county",
                "cars waste login power",
                "desk line mail",
                "paper",
                "of-town of-county",
            ],
        ),
        (Grants::default(), ["", "", "", "", ""]),
    ] {
        assert_eq!(read(&grants), expected.map(str::to_owned), "{grants:?}");
    }
}

#[test]
fn a_refusal_says_what_is_lacking() {
    let (state, _) = known();
    for (grants, service, expected) in [
        (Grants::default(), "cars", "this needs the role `publisher`; you have no role"),
        (Role::Editor.into(), "cars", "this needs the role `publisher`; you have `editor`"),
        (
            on(Role::Publisher, &["town"]),
            "login",
            "this needs the role `publisher` on `county`, where you do not have it",
        ),
        (
            on(Role::Publisher, &["town"]),
            "nobody",
            "this needs the role `publisher` on all portals; you have it on some",
        ),
    ] {
        let refused = step(&mut state.clone(), create(service, Intent::Publish), &context(grants));
        assert_eq!(refused.unwrap_err().to_string(), expected);
    }
}

/// What a portal has shown it tells in its history, under whatever catalogue.
#[test]
fn a_notice_that_a_portal_has_shown_is_changed_with_its_leave() {
    let (mut state, _) = published();
    let of_both = state.notices().nth(2).unwrap().id.clone();
    // From now on the county does without it.
    let mut catalogue: catalogue::Catalogue = serde_json::from_str(CATALOGUE).unwrap();
    catalogue.services[1].uses.clear();
    let catalogue = Box::new(catalogue);
    let apply = Command::Catalogue(catalogue::Command::Apply { catalogue });
    step(&mut state, apply, &context(Role::Admin.into())).unwrap();
    let change: Change = serde_json::from_value(json!({"text": {"de": "Neu"}})).unwrap();
    let update = Command::Notice(notice::Command::Update { id: of_both, change });
    for (grants, expected) in [
        (on(Role::Publisher, &["town"]), false),
        (on(Role::Publisher, &["town", "county"]), true),
        (Role::Publisher.into(), true),
    ] {
        assert_eq!(is_done(&state, update.clone(), &grants, true), expected, "{grants:?}");
    }
}
