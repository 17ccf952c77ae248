//! What people may do with a notice that exists, as tables: what is asked, and what becomes of it.

use jiff::Timestamp;
use serde_json::json;
use wire::{EndCertainty, Stage};

use super::*;
use crate::{
    access::Actor,
    notice::{Intent, Notice, Transition},
    rejection::Lack,
    state::replay,
    step::step,
};

/// One portal with two services, of which `bundid` is the one that breaks.
const CATALOGUE: &str = r#"{
    "portal": [{
        "id": "town", "name": {"de": "Stadt"}, "issuer": {"de": "Stadt"}, "languages": ["de", "en"], "time_zone": "Europe/Berlin",
        "services": ["bundid", "sperrmuell"],
        "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example",
            "accessibility": "https://a.example", "feedback": "https://a.example"}
    }],
    "service": [{"id": "bundid", "name": {"de": "BundID"}}, {"id": "sperrmuell", "name": {"de": "Sperrmüll"}}]
}"#;
const START: &str = "2026-05-04T08:00:00Z";

struct Story(State, Timestamp);

impl Story {
    fn begin() -> Self {
        let mut story = Self(replay(&[]), START.parse().unwrap());
        let catalogue = Box::new(serde_json::from_str(CATALOGUE).unwrap());
        story.take(Command::Catalogue(catalogue::Command::Apply { catalogue })).unwrap();
        story
    }

    fn take(&mut self, command: Command) -> Result<(), Rejection> {
        let actor = Actor::new("a", Role::Admin);
        step(&mut self.0, command, &Context { now: self.1, actor }).map(drop)
    }

    /// Publishes this and lets the time of day be another.
    fn published(notice: serde_json::Value, now: &str) -> Self {
        let mut story = Self::begin();
        let mut whole = json!({"severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": "Eins"}});
        whole.as_object_mut().unwrap().extend(notice.as_object().unwrap().clone());
        let content = Box::new(serde_json::from_value(whole).unwrap());
        let intent = Intent::Publish;
        story.take(Command::Notice(notice::Command::Create { content, intent })).unwrap();
        story.1 = now.parse().unwrap();
        story
    }

    fn make(&mut self, transition: Transition, change: serde_json::Value) -> Result<&Notice, Rejection> {
        self.take(self.asking(transition, change))?;
        Ok(self.0.notices().next().unwrap())
    }

    fn asking(&self, transition: Transition, change: serde_json::Value) -> Command {
        let id = self.0.notices().next().unwrap().id.clone();
        let change = serde_json::from_value(change).unwrap();
        Command::Notice(notice::Command::Transit { id, transition, change })
    }

    /// What this is decided to be for somebody of a role, as the journal would keep it.
    fn decided(&self, role: Role, command: Command) -> Result<serde_json::Value, Rejection> {
        let actor = Actor::new("b", role);
        let events = decide(&self.0, command, &Context { now: self.1, actor })?;
        Ok(serde_json::to_value(events).unwrap())
    }
}

/// A window of four hours a week ahead.
fn window() -> serde_json::Value {
    json!({"kind": "maintenance", "starts_at": "2026-05-11T20:00:00Z", "ends_at": "2026-05-12T00:00:00Z"})
}

#[test]
fn a_window_that_is_begun_early_keeps_its_length_unless_another_end_is_given() {
    let now = "2026-05-04T09:00:00Z";
    for (change, end) in [
        (json!({}), "2026-05-04T13:00:00Z"),
        (json!({"text": {"de": "Wir beginnen."}}), "2026-05-04T13:00:00Z"),
        (json!({"ends_at": "2026-05-04T10:00:00Z"}), "2026-05-04T10:00:00Z"),
        (json!({"ends_at": "2026-05-12T00:00:00Z"}), "2026-05-12T00:00:00Z"),
    ] {
        let mut story = Story::published(window(), now);
        let notice = story.make(Transition::Start, change.clone()).unwrap();
        assert_eq!(notice.content.ends_at.unwrap().to_string(), end, "{change}");
        assert_eq!(notice.content.certainty(), EndCertainty::Exact, "{change}");
    }
    // The same stage by way of an update.
    let mut story = Story::published(window(), now);
    let id = story.0.notices().next().unwrap().id.clone();
    let change = serde_json::from_value(json!({"stage": "in_progress"})).unwrap();
    story.take(Command::Notice(notice::Command::Update { id, change })).unwrap();
    let notice = story.0.notices().next().unwrap();
    assert_eq!(notice.content.ends_at.unwrap().to_string(), "2026-05-04T13:00:00Z");
    // An end that is past already is refused, as ever.
    let mut story = Story::published(window(), now);
    assert!(story.make(Transition::Start, json!({"ends_at": now})).is_err());
}

#[test]
fn what_was_published_by_mistake_is_withdrawn_and_what_ended_too_early_reopened() {
    use Stage::*;
    use Transition::{Cancel, Complete, Publish, Reopen, Resolve, Start, Withdraw};
    let outage = || json!({"kind": "outage"});
    let information = || json!({"kind": "information", "severity": "information"});
    let later = "2026-05-04T09:00:00Z";
    for (notice, path, stage) in [
        (outage(), vec![Withdraw], Some(Withdrawn)),
        (outage(), vec![Resolve, Withdraw], Some(Withdrawn)),
        (outage(), vec![Withdraw, Withdraw], None),
        (outage(), vec![Withdraw, Reopen], Some(Investigating)),
        (outage(), vec![Resolve, Reopen], Some(Investigating)),
        (outage(), vec![Reopen], None),
        (outage(), vec![Publish], None),
        (window(), vec![Withdraw], Some(Withdrawn)),
        (window(), vec![Start, Withdraw], Some(Withdrawn)),
        (window(), vec![Cancel, Reopen], Some(Scheduled)),
        (window(), vec![Withdraw, Reopen], Some(Scheduled)),
        (window(), vec![Start, Complete, Reopen], Some(InProgress)),
        (window(), vec![Reopen], None),
        (information(), vec![Withdraw], Some(Withdrawn)),
        (information(), vec![Cancel, Reopen], Some(Published)),
        (information(), vec![Reopen], None),
    ] {
        let mut story = Story::published(notice.clone(), later);
        let (last, before) = path.split_last().unwrap();
        for transition in before {
            story.make(*transition, json!({})).unwrap();
        }
        let now = story.1;
        let reached = story
            .make(*last, json!({}))
            .map(|notice| (notice.stage_at(now).unwrap(), notice.ended_at));
        match stage {
            None => assert!(matches!(reached, Err(Rejection::NotAllowed(_))), "{notice} {path:?}: {reached:?}"),
            Some(stage) => {
                let reached = reached.unwrap_or_else(|error| panic!("{notice} {path:?}: {error}"));
                assert_eq!(reached, (stage, stage.is_final().then_some(now)), "{notice} {path:?}");
            }
        }
    }
}

#[test]
fn what_is_reopened_is_not_over_again_at_once() {
    let by_itself = json!({"kind": "outage", "ends_at": "2026-05-04T09:00:00Z", "at_end": "complete"});
    let now: Timestamp = "2026-05-04T10:00:00Z".parse().unwrap();
    let mut story = Story::published(by_itself.clone(), &now.to_string());
    let notice = story.make(Transition::Reopen, json!({})).unwrap();
    assert_eq!((notice.stage_at(now), notice.content.ends_at), (Some(Stage::Investigating), None));
    let end = "2026-05-04T12:00:00Z";
    let mut story = Story::published(by_itself, &now.to_string());
    let notice = story.make(Transition::Reopen, json!({"ends_at": end})).unwrap();
    assert_eq!(notice.content.ends_at.unwrap().to_string(), end);
    // A maintenance always has a window, so it has to be given.
    let mut story = Story::published(window(), "2026-05-12T01:00:00Z");
    story.make(Transition::Complete, json!({})).unwrap();
    assert!(matches!(story.make(Transition::Reopen, json!({})), Err(Rejection::Invalid(_))));
    let end = "2026-05-12T03:00:00Z";
    let notice = story.make(Transition::Reopen, json!({"ends_at": end})).unwrap();
    assert_eq!((notice.stage, notice.ended_at), (Some(Stage::InProgress), None));
    // Its service may be gone meanwhile.
    let mut story = Story::published(json!({"kind": "outage", "services": ["sperrmuell"]}), &now.to_string());
    story.make(Transition::Resolve, json!({})).unwrap();
    let mut catalogue = story.0.catalogue().clone();
    catalogue.services.retain(|service| service.id.as_str() != "sperrmuell");
    for portal in &mut catalogue.portals {
        portal.services.retain(|service| service.as_str() != "sperrmuell");
        portal.pages.clear();
    }
    story
        .take(Command::Catalogue(catalogue::Command::Apply {
            catalogue: Box::new(catalogue),
        }))
        .unwrap();
    assert!(matches!(story.make(Transition::Reopen, json!({})), Err(Rejection::Invalid(_))));
}

#[test]
fn a_discarded_draft_is_neither_withdrawn_nor_reopened() {
    for transition in [Transition::Withdraw, Transition::Reopen] {
        let mut story = Story::begin();
        let content = json!({"kind": "outage", "severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": "Eins"}});
        let content = Box::new(serde_json::from_value(content).unwrap());
        let intent = Intent::Draft;
        story.take(Command::Notice(notice::Command::Create { content, intent })).unwrap();
        story.make(Transition::Cancel, json!({})).unwrap();
        assert!(matches!(story.make(transition, json!({})), Err(Rejection::NotAllowed(_))));
    }
}

#[test]
fn taking_back_and_up_again_need_the_role_that_publishes() {
    let outage = || Story::published(json!({"kind": "outage"}), "2026-05-04T09:00:00Z");
    let mut over = outage();
    over.make(Transition::Resolve, json!({})).unwrap();
    for (story, transition) in [(outage(), Transition::Withdraw), (over, Transition::Reopen)] {
        for role in Role::ALL {
            let decided = story.decided(role, story.asking(transition, json!({})));
            if role >= Role::Publisher {
                assert!(decided.is_ok(), "{transition:?} by {role:?}: {decided:?}");
            } else {
                let needed = Role::Publisher;
                let lack = Lack::Role(Some(role));
                let forbidden = Rejection::Forbidden { needed, lack };
                assert_eq!(decided, Err(forbidden), "{transition:?}");
            }
        }
    }
}

#[test]
fn what_is_recorded_of_taking_back_and_up_again() {
    let now = "2026-05-04T10:00:00Z";
    let open = || Story::published(json!({"kind": "outage"}), now);
    let by_itself = || {
        let ends = json!({"kind": "outage", "ends_at": "2026-05-04T09:00:00Z", "at_end": "complete"});
        Story::published(ends, now)
    };
    let mut resolved = open();
    resolved.make(Transition::Resolve, json!({})).unwrap();
    let why = || json!({"text": {"de": "Es war ein Irrtum."}});
    for (story, transition, change, step) in [
        (open(), Transition::Withdraw, json!({}), json!({"stage": "withdrawn"})),
        (
            open(),
            Transition::Withdraw,
            why(),
            json!({"stage": "withdrawn", "text": {"de": "Es war ein Irrtum."}}),
        ),
        (by_itself(), Transition::Withdraw, json!({}), json!({"stage": "withdrawn"})),
        (resolved, Transition::Reopen, json!({}), json!({"stage": "investigating"})),
        // A person had never set another stage: it is set all the same.
        (
            by_itself(),
            Transition::Reopen,
            json!({}),
            json!({"stage": "investigating", "end": {"at": null, "certainty": "unknown"}}),
        ),
        (
            by_itself(),
            Transition::Reopen,
            json!({"ends_at": "2026-05-04T12:00:00Z"}),
            json!({"stage": "investigating", "end": {"at": "2026-05-04T12:00:00Z", "certainty": "estimated"}}),
        ),
    ] {
        let decided = story.decided(Role::Publisher, story.asking(transition, change.clone()));
        let expected = json!([{"notice_advanced": {"id": "2026-0001", "step": step}}]);
        assert_eq!(decided, Ok(expected), "{transition:?} {change}");
    }
}

#[test]
fn taking_back_and_up_again_says_neither_a_stage_nor_an_end_of_long_ago() {
    let now = "2026-05-04T10:00:00Z";
    for (transition, change, pointer) in [
        // What is withdrawn did not end.
        (Transition::Withdraw, json!({"ended_at": "2026-05-04T09:00:00Z"}), "/ended_at"),
        (Transition::Withdraw, json!({"stage": "resolved"}), "/stage"),
        (Transition::Withdraw, json!({"ends_at": "2026-05-04T09:00:00Z"}), "/ends_at"),
        (Transition::Reopen, json!({"ended_at": "2026-05-04T09:00:00Z"}), "/ended_at"),
        (Transition::Reopen, json!({"stage": "monitoring"}), "/stage"),
        (Transition::Reopen, json!({"ends_at": "2026-05-04T09:00:00Z"}), "/ends_at"),
    ] {
        let mut story = Story::published(json!({"kind": "outage"}), now);
        if transition == Transition::Reopen {
            story.make(Transition::Resolve, json!({})).unwrap();
        }
        match story.make(transition, change.clone()) {
            Err(Rejection::Invalid(faults)) => {
                let pointers: Vec<_> = faults.into_vec().into_iter().map(|fault| fault.pointer).collect();
                assert_eq!(pointers, [pointer], "{transition:?} {change}");
            }
            other => panic!("{transition:?} {change}: {other:?}"),
        }
    }
}

#[test]
fn the_history_tells_each_end_once_and_the_first_publication_stays() {
    use Stage::*;
    let by_itself = || json!({"kind": "outage", "ends_at": "2026-05-04T09:00:00Z", "at_end": "complete"});
    let open = || json!({"kind": "outage"});
    let now = "2026-05-04T10:00:00Z";
    for (notice, path, told) in [
        (open(), vec![Transition::Withdraw], vec![(now, Withdrawn)]),
        (
            open(),
            vec![Transition::Resolve, Transition::Reopen],
            vec![(now, Resolved), (now, Investigating)],
        ),
        (
            open(),
            vec![Transition::Withdraw, Transition::Reopen],
            vec![(now, Withdrawn), (now, Investigating)],
        ),
        // Nobody said that it was over.
        (
            by_itself(),
            vec![Transition::Reopen],
            vec![("2026-05-04T09:00:00Z", Resolved), (now, Investigating)],
        ),
        (by_itself(), vec![Transition::Withdraw], vec![(now, Withdrawn)]),
    ] {
        let mut story = Story::published(notice, now);
        for transition in &path {
            story.make(*transition, json!({})).unwrap();
        }
        let notice = story.0.notices().next().unwrap();
        let stages = notice.updates.iter().map(|update| (update.at.to_string(), update.stage.unwrap()));
        let told: Vec<_> = told.into_iter().map(|(at, stage)| (at.to_owned(), stage)).collect();
        assert_eq!(stages.collect::<Vec<_>>(), told, "{path:?}");
        assert_eq!(notice.published_at.unwrap().to_string(), START, "{path:?}");
    }
}

/// A window of four hours that is going on, of which rolling back takes one.
fn turning() -> serde_json::Value {
    let mut turning = window();
    turning["rollback_minutes"] = 60.into();
    turning["next_update_at"] = "2026-05-11T22:30:00Z".into();
    turning
}

fn deciding(story: &Story, change: serde_json::Value) -> Command {
    let id = story.0.notices().next().unwrap().id.clone();
    let change = serde_json::from_value(change).unwrap();
    Command::Notice(notice::Command::Update { id, change })
}

#[test]
fn at_the_point_of_no_return_somebody_has_to_decide_and_a_new_end_asks_anew() {
    let mut story = Story::published(turning(), "2026-05-11T22:59:59Z");
    let asked = |story: &Story| story.0.notices().next().unwrap().has_to_be_decided(story.1);
    assert!(!asked(&story));
    // Not before the work has begun, nor of work that nobody can roll back.
    for (window, now) in [(turning(), "2026-05-11T19:59:59Z"), (window(), "2026-05-11T23:30:00Z")] {
        let early = Story::published(window, now);
        assert!(!asked(&early));
        let refused = early
            .decided(Role::Publisher, deciding(&early, json!({"decision": "go_on"})))
            .unwrap_err();
        let Rejection::Invalid(faults) = refused else {
            panic!("{refused:?}")
        };
        let faults = faults.into_vec();
        assert_eq!(
            (&faults[0].pointer[..], faults[0].code),
            ("/decision", crate::words::Code::NothingToDecide)
        );
    }
    story.1 = "2026-05-11T23:00:00Z".parse().unwrap();
    assert!(asked(&story));
    let refused = story.decided(Role::Editor, deciding(&story, json!({"decision": "go_on"})));
    assert!(matches!(refused, Err(Rejection::Forbidden { .. })));
    let before = story.0.notices().next().unwrap().clone();
    story.take(deciding(&story, json!({"decision": "go_on"}))).unwrap();
    assert!(!asked(&story));
    let notice = story.0.notices().next().unwrap();
    // People are told nothing of it, and a promise of news stays one.
    assert_eq!(
        Notice {
            decided: None,
            ..notice.clone()
        },
        before
    );
    assert!(notice.content.next_update_at.is_some_and(|promised| promised < story.1));
    assert_eq!(notice.decided.as_ref().unwrap().by.id, "a");
    // There is time again, and a point in it.
    story.take(deciding(&story, json!({"ends_at": "2026-05-12T02:00:00Z"}))).unwrap();
    assert!(!asked(&story));
    story.1 = "2026-05-12T01:00:00Z".parse().unwrap();
    assert!(asked(&story));
    // Also once the window is over and goes on.
    story.1 = "2026-05-12T02:30:00Z".parse().unwrap();
    assert!(asked(&story));
    assert!(
        story.take(deciding(&story, json!({"decision": "roll_back"}))).is_err(),
        "people are told of it"
    );
    let told = json!({"decision": "roll_back", "text": {"de": "Wir brechen ab."}});
    story.take(deciding(&story, told)).unwrap();
    let notice = story.0.notices().next().unwrap();
    assert_eq!(
        notice.updates.last().unwrap().text,
        serde_json::from_value(json!({"de": "Wir brechen ab."})).unwrap()
    );
    // Of what is rolled back nothing is asked any more; somebody may think better of it.
    story.take(deciding(&story, json!({"ends_at": "2026-05-12T05:00:00Z"}))).unwrap();
    story.1 = "2026-05-12T04:30:00Z".parse().unwrap();
    assert!(!asked(&story));
    story.take(deciding(&story, json!({"decision": "go_on"}))).unwrap();
    assert!(!asked(&story));
    // What is taken up again is decided about anew, also where its end has come so near that rolling back would not fit.
    story.make(Transition::Complete, json!({})).unwrap();
    story.make(Transition::Reopen, json!({"ends_at": "2026-05-12T04:45:00Z"})).unwrap();
    assert!(asked(&story));
}

/// Something that was over in March 2025, as another tool tells it.
fn elsewhere(id: &str) -> crate::notice::Imported {
    serde_json::from_value(json!({
        "origin": {"source": "statuspage x", "id": id}, "stage": "resolved",
        "content": {"kind": "outage", "severity": "information", "services": ["bundid"], "title": {"en": "Login is slow"},
            "starts_at": "2025-03-01T07:59:00Z"},
        "published_at": "2025-03-01T08:00:00Z", "updated_at": "2025-03-01T09:30:00Z", "ended_at": "2025-03-01T09:00:00Z",
        "updates": [
            {"at": "2025-03-01T08:00:00Z", "stage": "investigating", "text": {"en": "We look."}},
            {"at": "2025-03-01T09:00:00Z", "stage": "resolved"},
        ]
    }))
    .unwrap()
}

#[test]
fn what_is_imported_has_its_own_instants_and_is_taken_once() {
    let mut story = Story::published(json!({"kind": "outage"}), START);
    let all = [elsewhere("a"), elsewhere("b"), elsewhere("a")];
    story.take(Command::Import(all.to_vec())).unwrap();
    let notices: Vec<Notice> = story.0.notices().cloned().collect();
    let ids: Vec<&str> = notices.iter().map(|notice| notice.id.as_str()).collect();
    assert_eq!(ids, ["2025-0001", "2025-0002", "2026-0001"]);
    let imported = &notices[0];
    let at = |hour: i8| format!("2025-03-01T{hour:02}:00:00Z").parse::<Timestamp>().unwrap();
    assert_eq!(imported.visible_from(), Some(at(8)));
    assert_eq!(imported.ended_at(story.1), Some(at(9)));
    assert_eq!(imported.stage_at(story.1), Some(Stage::Resolved));
    assert_eq!(imported.updates.len(), 2);
    assert_eq!(imported.created_at, story.1, "in this record it is as old as the import");
    let position = story.0.position();
    story.take(Command::Import(all.to_vec())).unwrap();
    assert_eq!(story.0.position(), position, "what is here stays as it is");
    // It goes on like any other of that year.
    story.take(Command::Import(vec![elsewhere("c")])).unwrap();
    assert_eq!(story.0.notices().nth(2).unwrap().id.as_str(), "2025-0003");
}

#[test]
fn an_import_is_for_administrators_and_for_what_is_over() {
    let story = Story::begin();
    let asked = |role: Role, notice| story.decided(role, Command::Import(vec![notice]));
    for role in [Role::Viewer, Role::Editor, Role::Publisher] {
        assert!(matches!(asked(role, elsewhere("a")), Err(Rejection::Forbidden { .. })), "{role:?}");
    }
    let faults = |notice| match asked(Role::Admin, notice) {
        Err(Rejection::Invalid(faults)) => faults.into_vec().into_iter().map(|fault| fault.pointer).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let mut open = elsewhere("a");
    open.stage = Stage::Monitoring;
    open.ended_at = story.1 + jiff::SignedDuration::from_secs(1);
    assert_eq!(faults(open), ["/0/stage", "/0/ended_at"]);
    let mut crooked = elsewhere("a");
    crooked.updates.reverse();
    crooked.content.services = vec![crate::words::ServiceId::parse("mars").unwrap()];
    crooked.content.title = crate::text::Localized::default();
    assert_eq!(faults(crooked), ["/0/content/services/0", "/0/content/title", "/0/updates/1/at"]);
}
