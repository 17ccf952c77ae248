//! What a portal lets nobody tell alone: it waits for a second person, is decided anew when they say yes, or is done at once and looked at later.

use domain::{
    access::{Actor, Context, Grants, Role},
    approval::{self, Asker, Standing},
    catalogue::{self, Catalogue},
    freeze::{self, Level, Terms, When},
    notice::{self, Change, Content, Intent, Transition},
    record::{Command, Entry, Event, Grounds, Second, upkeep},
    rejection::Rejection,
    schedule::{self, Exception, Plan},
    state::{State, replay},
    step::step,
    text::Localized,
    words::{ApprovalId, Code, NoticeId, PortalId, SeriesId},
};
use jiff::{Timestamp, civil::date};
use serde_json::{Value, json};
use wire::{Kind, Stage};

use crate::{CATALOGUE, minute, recurrence, span, work};

/// A server whose town wants four eyes for planned work, and whose county for nothing.
struct Town {
    state: State,
    entries: Vec<Entry>,
    now: Timestamp,
}

impl Town {
    fn new() -> Self {
        let mut town = Self {
            state: State::default(),
            entries: Vec::new(),
            now: minute(0),
        };
        let mut catalogue: Catalogue = serde_json::from_str(CATALOGUE).unwrap();
        catalogue.portals[0].four_eyes = vec![Kind::Maintenance];
        let catalogue = Box::new(catalogue);
        town.by("ann", catalogue::Command::Apply { catalogue }).unwrap();
        town
    }

    fn take(&mut self, who: Actor, command: impl Into<Command>) -> Result<Vec<Event>, Rejection> {
        let context = Context { now: self.now, actor: who };
        let made = step(&mut self.state, command.into(), &context)?;
        self.entries.extend(made.iter().cloned().map(Entry::from));
        // Whatever happens, it is read from the journal as it is in memory, and each event as it is written.
        assert_eq!(replay(&self.entries), self.state);
        for entry in &made {
            let written = serde_json::to_string(&entry.event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), entry.event, "{written}");
        }
        Ok(made.into_iter().map(|entry| entry.event).collect())
    }

    fn by(&mut self, who: &str, command: impl Into<Command>) -> Result<Vec<Event>, Rejection> {
        self.take(Actor::new(who, Role::Admin), command)
    }

    fn asked_by(&mut self, who: &str, command: impl Into<Command>) -> ApprovalId {
        let events = self.by(who, command.into().on(second(Second::Asked))).unwrap();
        let [Event::Approval(event @ approval::Event::Asked { .. })] = &events[..] else {
            panic!("{events:?}");
        };
        event.id().clone()
    }

    fn stage(&self, number: u32) -> Option<Stage> {
        self.state.notice(&id(number))?.stage_at(self.now)
    }

    fn standing(&self, number: u32) -> Standing {
        self.state.approval(&ApprovalId::new(number)).unwrap().standing
    }
}

const fn second(second: Second) -> Grounds {
    Grounds {
        freeze_reason: None,
        second,
    }
}

/// A yes, to what somebody asked who still holds what they held.
fn yes(id: &ApprovalId) -> approval::Command {
    let grants = Grants::from(Role::Publisher);
    approval::Command::Grant {
        id: id.clone(),
        asker: Asker { grants, person: None },
        heard_by: None,
    }
}

fn review_of(id: &ApprovalId) -> approval::Command {
    approval::Command::Review {
        id: id.clone(),
        asker: Asker::default(),
        text: Some("Richtig so.".to_owned()),
    }
}

fn id(number: u32) -> NoticeId {
    NoticeId::new(2026, number)
}

fn content(service: &str, window: (i64, i64)) -> Box<Content> {
    let mut content = work(service);
    content["starts_at"] = json!(span(window).from);
    content["ends_at"] = json!(span(window).to);
    serde_json::from_value(content).unwrap()
}

fn written(service: &str, intent: Intent) -> notice::Command {
    let content = content(service, (2 * 1440, 60));
    notice::Command::Create { content, intent }
}

fn moved(number: u32, transition: Transition) -> notice::Command {
    let change = Change::default();
    notice::Command::Transit {
        id: id(number),
        transition,
        change,
    }
}

fn lacks_second<T: std::fmt::Debug>(answer: Result<T, Rejection>) {
    let Err(Rejection::Invalid(faults)) = answer else {
        panic!("{answer:?}");
    };
    let told: Vec<(String, Code)> = faults.into_vec().into_iter().map(|fault| (fault.pointer, fault.code)).collect();
    assert_eq!(told, [("/ask_approval".to_owned(), Code::NeedsSecondPerson)]);
}

#[test]
fn what_a_portal_names_takes_a_second_person_whatever_leads_there() {
    let mut town = Town::new();
    // Not for a draft, for another portal, or for what is broken.
    town.by("ann", written("car", Intent::Draft)).unwrap();
    town.by("ann", written("tax", Intent::Publish)).unwrap();
    let outage: Content =
        serde_json::from_value(json!({"kind": "outage", "severity": "outage", "services": ["car"], "title": {"de": "Aus"}})).unwrap();
    let outage = Box::new(outage);
    let intent = Intent::Publish;
    town.by("ann", notice::Command::Create { content: outage, intent }).unwrap();
    // On a service that another one of the portal needs as much as on its own.
    lacks_second(town.by("ann", written("login", Intent::Publish)));
    lacks_second(town.by("ann", written("dog", Intent::Publish)));
    lacks_second(town.by("ann", moved(1, Transition::Publish)));
    assert_eq!(town.stage(1), None);

    let asked = town.asked_by("ann", moved(1, Transition::Publish));
    assert_eq!((town.stage(1), town.standing(1)), (None, Standing::Waiting));
    town.by("bob", yes(&asked)).unwrap();
    assert_eq!((town.stage(1), town.standing(1)), (Some(Stage::Scheduled), Standing::Granted));

    // Moved, prolonged, begun ahead of its time or told in other words before it begins; a text for its readers is none of these.
    let revision = |town: &Town| town.state.notice(&id(1)).unwrap().revision;
    let edit = |town: &Town, content: Box<Content>| notice::Command::Edit {
        id: id(1),
        expected: revision(town),
        content,
    };
    for window in [(3 * 1440, 60), (2 * 1440, 90), (2 * 1440, 30)] {
        let command = edit(&town, content("car", window));
        lacks_second(town.by("ann", command));
    }
    lacks_second(town.by("ann", moved(1, Transition::Start)));
    let change = Change {
        text: serde_json::from_value(json!({"de": "Es bleibt dabei."})).unwrap(),
        ..Change::default()
    };
    town.by("ann", notice::Command::Update { id: id(1), change }).unwrap();
    // Begun, it goes on at one person's word; but touches nothing more.
    town.now = minute(2 * 1440 + 10);
    let change = Change {
        ends_at: Some(minute(2 * 1440 + 300)),
        ..Change::default()
    };
    let extend = notice::Command::Transit {
        id: id(1),
        transition: Transition::Extend,
        change,
    };
    town.by("ann", extend).unwrap();
    let mut more = town.state.notice(&id(1)).unwrap().content.clone();
    more.services.push(domain::words::ServiceId::parse("dog").unwrap());
    let command = edit(&town, Box::new(more));
    lacks_second(town.by("ann", command));
    // Nor is it put off to another day.
    let command = edit(&town, content("car", (9 * 1440, 60)));
    lacks_second(town.by("ann", command));
    town.by("ann", moved(1, Transition::Complete)).unwrap();
    // What is over is told of nowhere else.
    let mut over = town.state.notice(&id(1)).unwrap().content.clone();
    over.services.push(domain::words::ServiceId::parse("dog").unwrap());
    let command = edit(&town, Box::new(over));
    lacks_second(town.by("ann", command));
    // Taken up again it is seen again.
    let change = Change {
        ends_at: Some(minute(2 * 1440 + 400)),
        ..Change::default()
    };
    let reopen = notice::Command::Transit {
        id: id(1),
        transition: Transition::Reopen,
        change,
    };
    lacks_second(town.by("ann", reopen));
}

#[test]
fn what_is_over_when_it_is_told_takes_a_second_person_as_well() {
    let mut town = Town::new();
    town.now = minute(9 * 1440);
    let mut past = content("car", (2 * 1440, 60));
    past.at_end = wire::AtEnd::Complete;
    let intent = Intent::Publish;
    lacks_second(town.by("ann", notice::Command::Create { content: past, intent }));
    // Of the county, and moved to the town once it is called off.
    let planned = notice::Command::Create {
        content: content("tax", (12 * 1440, 60)),
        intent,
    };
    town.by("ann", planned).unwrap();
    town.by("ann", moved(1, Transition::Cancel)).unwrap();
    let edit = notice::Command::Edit {
        id: id(1),
        expected: town.state.notice(&id(1)).unwrap().revision,
        content: content("car", (12 * 1440, 60)),
    };
    lacks_second(town.by("ann", edit));
}

#[test]
fn a_text_that_lets_a_promise_lapse_is_only_a_text() {
    let mut town = Town::new();
    let mut planned = content("car", (9 * 1440, 60));
    planned.next_update_at = Some(minute(1440));
    let intent = Intent::Publish;
    let asked = town.asked_by("ann", notice::Command::Create { content: planned, intent });
    town.by("bob", yes(&asked)).unwrap();
    town.now = minute(2 * 1440);
    let change = Change {
        text: serde_json::from_value(json!({"de": "Es bleibt dabei."})).unwrap(),
        ..Change::default()
    };
    town.by("ann", notice::Command::Update { id: id(1), change }).unwrap();
}

#[test]
fn whoever_reads_one_portal_reads_nothing_of_a_request_about_another() {
    let mut town = Town::new();
    let asked = town.asked_by("ann", schedule::Command::Create { plan: plan(1) });
    town.by("bob", yes(&asked)).unwrap();
    let mut elsewhere = plan(2);
    elsewhere.notice = serde_json::from_value(work("tax")).unwrap();
    let split = schedule::Command::Split {
        id: SeriesId::new(1),
        expected: 1,
        from: date(2026, 4, 15),
        plan: elsewhere,
        text: Localized::default(),
    };
    let asked = town.asked_by("ann", split);
    let approval = town.state.approval(&asked).unwrap();
    let of = |portal: &str| Grants::on(Role::Publisher, [PortalId::parse(portal).unwrap()]);
    let request = approval.asked.as_ref().unwrap();
    // Both are told that there is one; the town's staff not what it says of the county, nor the county's what it says of the town.
    for (grants, reads) in [(of("town"), false), (of("county"), false), (Grants::from(Role::Viewer), true)] {
        assert!(town.state.may_read_approval(&grants, approval));
        assert_eq!(town.state.may_read_asked(&grants, request), reads);
        let entry = town.entries.last().unwrap();
        assert_eq!(town.state.may_read_entry(&grants, &entry.subject, || entry.event.clone()), reads);
    }
}

#[test]
fn what_gives_time_back_waits_for_nobody() {
    for transition in [Transition::Cancel, Transition::Withdraw] {
        let mut town = Town::new();
        let asked = town.asked_by("ann", written("car", Intent::Publish));
        town.by("bob", yes(&asked)).unwrap();
        town.by("ann", moved(1, transition)).unwrap();
        assert!(town.stage(1).unwrap().is_final());
    }
}

#[test]
fn the_second_person_is_another_one_who_could_have_asked() {
    let mut town = Town::new();
    let asked = town.asked_by("ann", written("car", Intent::Publish));
    let own = Err(Rejection::OwnApproval(asked.clone()));
    assert_eq!(town.by("ann", yes(&asked)), own);
    // A program is none, nor whoever sits at the machine.
    assert_eq!(town.by("token-1", yes(&asked)), own);
    assert_eq!(town.by("command-line", yes(&asked)), own);
    let no = |id: &ApprovalId| approval::Command::Decline {
        id: id.clone(),
        text: "Nicht in der Woche der Frist.".to_owned(),
    };
    assert_eq!(town.by("ann", no(&asked)), own);
    // Nor whoever may not publish there; for the staff of the county there is none.
    let town_only = |role| Grants::on(role, [PortalId::parse("town").unwrap()]);
    let county = Grants::on(Role::Admin, [PortalId::parse("county").unwrap()]);
    let editor = town.take(Actor::new("eve", town_only(Role::Editor)), yes(&asked));
    assert!(matches!(editor, Err(Rejection::Forbidden { .. })), "{editor:?}");
    let stranger = town.take(Actor::new("eve", county), yes(&asked));
    assert_eq!(stranger, Err(Rejection::UnknownApproval(asked.clone())));
    // Nor does anybody say yes to what its author may do no longer, or to a program of their own.
    let grants = town_only(Role::Editor);
    let fallen = approval::Command::Grant {
        id: asked.clone(),
        asker: Asker { grants, person: None },
        heard_by: None,
    };
    assert_eq!(town.by("bob", fallen), Err(Rejection::AskerMayNoLonger(asked.clone())));
    let own_program = approval::Command::Grant {
        id: asked.clone(),
        asker: Asker {
            grants: Role::Publisher.into(),
            person: Some("bob".to_owned()),
        },
        heard_by: None,
    };
    assert_eq!(town.by("bob", own_program), own);
    assert_eq!(town.standing(1), Standing::Waiting);

    town.take(Actor::new("bob", town_only(Role::Publisher)), yes(&asked)).unwrap();
    // Once.
    let settled = Err(Rejection::ApprovalSettled(asked.clone()));
    assert_eq!(town.by("bob", yes(&asked)), settled);
    assert_eq!(town.by("bob", no(&asked)), settled);
    assert_eq!(town.by("ann", approval::Command::Withdraw { id: asked.clone() }), settled);
    assert_eq!(town.by("bob", review_of(&asked)), settled);
    let nowhere = ApprovalId::new(7);
    assert_eq!(town.by("bob", yes(&nowhere)), Err(Rejection::UnknownApproval(nowhere)));
}

#[test]
fn a_no_and_a_withdrawal_are_final_and_a_no_says_why() {
    let mut town = Town::new();
    let asked = town.asked_by("ann", written("car", Intent::Publish));
    let no = |text: &str| approval::Command::Decline {
        id: asked.clone(),
        text: text.to_owned(),
    };
    for text in ["", "a\nb"] {
        let told = town.by("bob", no(text));
        assert!(matches!(told, Err(Rejection::Invalid(_))), "{told:?}");
    }
    town.by("bob", no("Nicht in der Woche der Frist.")).unwrap();
    assert_eq!(town.standing(1), Standing::Declined);
    let settled = town.state.approval(&asked).unwrap().settled.clone().unwrap();
    assert_eq!(
        (settled.by.id.as_str(), settled.text.as_deref()),
        ("bob", Some("Nicht in der Woche der Frist."))
    );
    assert_eq!(town.state.notices().count(), 0);

    let asked = town.asked_by("ann", written("car", Intent::Publish));
    let withdraw = approval::Command::Withdraw { id: asked.clone() };
    let other = town.take(Actor::new("bob", Role::Publisher), withdraw.clone());
    assert!(matches!(other, Err(Rejection::Forbidden { .. })), "{other:?}");
    town.by("ann", withdraw).unwrap();
    assert_eq!(town.standing(2), Standing::Withdrawn);
    // An administrator clears away what somebody left behind.
    let asked = town.asked_by("ann", written("car", Intent::Publish));
    town.by("bob", approval::Command::Withdraw { id: asked }).unwrap();
    assert_eq!(town.standing(3), Standing::Withdrawn);
}

#[test]
fn a_yes_has_it_decided_anew() {
    let mut town = Town::new();
    town.by("ann", written("car", Intent::Draft)).unwrap();
    let asked = town.asked_by("ann", moved(1, Transition::Publish));
    // Its text was changed meanwhile: a yes is to what the second person has read.
    let mut other = town.state.notice(&id(1)).unwrap().content.clone();
    other.ends_at = Some(minute(2 * 1440 + 45));
    let edit = |revision, content| notice::Command::Edit {
        id: id(1),
        expected: revision,
        content: Box::new(content),
    };
    town.by("ann", edit(1, other)).unwrap();
    assert_eq!(town.by("bob", yes(&asked)), Err(Rejection::Stale { expected: 1, actual: 2 }));
    let (first, second) = (asked, town.asked_by("ann", moved(1, Transition::Publish)));
    town.by("bob", yes(&second)).unwrap();
    assert_eq!(town.state.notice(&id(1)).unwrap().content.ends_at, Some(minute(2 * 1440 + 45)));
    // What was refused waits on.
    assert_eq!((town.standing(1), town.standing(2)), (Standing::Waiting, Standing::Granted));
    town.by("ann", approval::Command::Withdraw { id: first }).unwrap();
    // An edit of a revision that is no more.
    let mut later = town.state.notice(&id(1)).unwrap().content.clone();
    later.starts_at = Some(minute(2 * 1440 + 5));
    let revision = town.state.notice(&id(1)).unwrap().revision;
    let asked = town.asked_by("ann", edit(revision, later));
    let change = Change {
        text: serde_json::from_value(json!({"de": "Es bleibt dabei."})).unwrap(),
        ..Change::default()
    };
    town.by("ann", notice::Command::Update { id: id(1), change }).unwrap();
    let stale = town.by("bob", yes(&asked));
    assert!(matches!(stale, Err(Rejection::Stale { .. })), "{stale:?}");
    // What has become frozen.
    let asked = town.asked_by("ann", written("dog", Intent::Publish));
    let terms = Box::new(Terms {
        name: "Frist".to_owned(),
        level: Level::Reason,
        portals: Default::default(),
        services: Default::default(),
        when: When::Spans(vec![span((2 * 1440, 600))]),
    });
    town.by("ann", freeze::Command::Create { terms }).unwrap();
    let frozen = town.by("bob", yes(&asked));
    assert!(matches!(frozen, Err(Rejection::Invalid(_))), "{frozen:?}");
}

#[test]
fn what_cannot_wait_is_done_at_once_and_looked_at_afterwards() {
    let mut town = Town::new();
    let now = |why: &str| Command::from(written("car", Intent::Publish)).on(second(Second::Bypassed(why.to_owned())));
    for why in ["", "a\nb"] {
        let told = town.by("ann", now(why));
        assert!(matches!(told, Err(Rejection::Invalid(_))), "{told:?}");
    }
    town.by("ann", now("Zertifikat läuft um 6 Uhr ab")).unwrap();
    assert_eq!((town.stage(1), town.standing(1)), (Some(Stage::Scheduled), Standing::Bypassed));
    let bypassed = town.state.approval(&ApprovalId::new(1)).unwrap();
    assert_eq!(bypassed.emergency.as_deref(), Some("Zertifikat läuft um 6 Uhr ab"));
    assert_eq!(bypassed.done, [domain::words::Subject::Notice(id(1))]);
    let review = || review_of(&ApprovalId::new(1));
    let own_program = approval::Command::Review {
        id: ApprovalId::new(1),
        asker: Asker {
            grants: Grants::default(),
            person: Some("bob".to_owned()),
        },
        text: None,
    };
    assert_eq!(town.by("bob", own_program), Err(Rejection::OwnApproval(ApprovalId::new(1))));
    // It stays until somebody has looked at it.
    let redact = upkeep::Command::Redact {
        seq: town.state.position(),
        reason: "Name".to_owned(),
    };
    assert!(matches!(town.by("ann", redact), Err(Rejection::Invalid(_))));
    assert_eq!(town.by("ann", review()), Err(Rejection::OwnApproval(ApprovalId::new(1))));
    town.by("bob", review()).unwrap();
    assert_eq!(town.standing(1), Standing::Reviewed);
    // What waits may come to be what cannot; by whoever asked.
    let asked = town.asked_by("ann", written("dog", Intent::Publish));
    let bypass = |emergency: &str| approval::Command::Bypass {
        id: asked.clone(),
        emergency: emergency.to_owned(),
    };
    assert_eq!(town.by("bob", bypass("Niemand da")), Err(Rejection::ForeignRequest(asked.clone())));
    assert!(matches!(town.by("ann", bypass("")), Err(Rejection::Invalid(_))));
    town.by("ann", bypass("Niemand da")).unwrap();
    assert_eq!((town.stage(2), town.standing(2)), (Some(Stage::Scheduled), Standing::Bypassed));
    assert_eq!(town.by("bob", yes(&asked)), Err(Rejection::ApprovalSettled(asked.clone())));
    town.by("bob", review_of(&asked)).unwrap();
    // Where nobody asks, nothing of it is kept.
    let elsewhere = Command::from(written("tax", Intent::Publish)).on(second(Second::Bypassed("Eilt".to_owned())));
    assert_eq!(town.by("ann", elsewhere).unwrap().len(), 1);
    let elsewhere = Command::from(written("tax", Intent::Publish)).on(second(Second::Asked));
    assert!(matches!(town.by("ann", elsewhere).unwrap()[..], [Event::Notice(_)]));
}

#[test]
fn a_freeze_may_ask_for_a_reason_and_a_second_person() {
    let mut town = Town::new();
    let terms = Box::new(Terms {
        name: "Wahl".to_owned(),
        level: Level::SecondPerson,
        portals: Default::default(),
        services: Default::default(),
        when: When::Spans(vec![span((2 * 1440, 600))]),
    });
    town.by("ann", freeze::Command::Create { terms }).unwrap();
    // Of a portal that asks for nothing by itself.
    let grounds = |reason: Option<&str>, second| Grounds {
        freeze_reason: reason.map(str::to_owned),
        second,
    };
    let command = |grounds| Command::from(written("tax", Intent::Publish)).on(grounds);
    let without_reason = town.by("ann", command(grounds(None, Second::Asked)));
    let Err(Rejection::Invalid(faults)) = without_reason else {
        panic!("{without_reason:?}");
    };
    assert_eq!(faults.into_vec()[0].code, Code::Frozen);
    lacks_second(town.by("ann", command(grounds(Some("Eilt"), Second::Unasked))));
    town.by("ann", command(grounds(Some("Eilt"), Second::Asked))).unwrap();
    let overrides = |town: &Town| town.state.freezes().next().unwrap().overrides.len();
    assert_eq!(overrides(&town), 0);
    town.by("bob", yes(&ApprovalId::new(1))).unwrap();
    assert_eq!((overrides(&town), town.stage(1)), (1, Some(Stage::Scheduled)));
    town.by("ann", command(grounds(Some("Eilt"), Second::Bypassed("Sofort".to_owned()))))
        .unwrap();
    assert_eq!((overrides(&town), town.standing(2)), (2, Standing::Bypassed));
}

fn plan(first: i8) -> Box<Plan> {
    let mut recurrence = recurrence(2, 20, 0);
    recurrence.first = date(2026, 4, first);
    Box::new(Plan {
        notice: serde_json::from_value(work("car")).unwrap(),
        recurrence,
        announce_hours: 24,
    })
}

#[test]
fn a_series_is_agreed_to_once_and_then_announced_by_its_rule() {
    let mut town = Town::new();
    lacks_second(town.by("ann", schedule::Command::Create { plan: plan(1) }));
    let asked = town.asked_by("ann", schedule::Command::Create { plan: plan(1) });
    town.by("bob", yes(&asked)).unwrap();
    let id = SeriesId::new(1);
    let first = date(2026, 4, 1);
    let announce = |original| schedule::Command::Announce { id: id.clone(), original };
    town.by("schedule", announce(first)).unwrap();
    // By hand, ahead of its time, as well.
    town.by("ann", announce(date(2026, 4, 8))).unwrap();
    assert_eq!((town.stage(1), town.stage(2)), (Some(Stage::Scheduled), Some(Stage::Scheduled)));
    let decide = |original, exception| schedule::Command::Decide {
        id: id.clone(),
        original,
        exception,
        text: Localized::default(),
    };
    let held = Exception::Held {
        day: date(2026, 4, 16),
        times: plan(1).recurrence.times,
    };
    // One falls out at one person's word, and is moved, or takes place after all, at that of two.
    let third = date(2026, 4, 15);
    town.by("ann", decide(third, Some(Exception::Skipped))).unwrap();
    lacks_second(town.by("ann", decide(third, None)));
    lacks_second(town.by("ann", decide(third, Some(held))));
    let edit = schedule::Command::Edit {
        id: id.clone(),
        expected: town.state.one_series(&id).unwrap().revision,
        plan: plan(2),
        text: Localized::default(),
    };
    lacks_second(town.by("ann", edit));
    let text = Localized::default();
    town.by("ann", schedule::Command::End { id, text }).unwrap();
    assert_eq!((town.stage(1), town.stage(2)), (Some(Stage::Cancelled), Some(Stage::Cancelled)));
}

#[test]
fn what_was_settled_never_waits_again() {
    let mut town = Town::new();
    let asked = town.asked_by("ann", written("car", Intent::Publish));
    let asking = town.state.position();
    let text = "Herr Beispiel sagt nein".to_owned();
    town.by("bob", approval::Command::Decline { id: asked, text }).unwrap();
    let answering = town.state.position();
    let redact = |seq| upkeep::Command::Redact {
        seq,
        reason: "Name".to_owned(),
    };
    let kept = town.by("ann", redact(answering));
    assert!(matches!(kept, Err(Rejection::Invalid(_))), "{kept:?}");
    town.by("ann", redact(asking)).unwrap();
    // As the journal is read from then on.
    let event = town.entries[usize::try_from(asking).unwrap() - 1].event.take();
    assert!(event.is_some());
    town.state = replay(&town.entries);
    town.by("ann", redact(answering)).unwrap();
    // No number is given twice.
    assert_eq!(town.asked_by("ann", written("car", Intent::Publish)), ApprovalId::new(2));
}

#[test]
fn an_outage_cannot_be_made_to_wait() {
    let mut catalogue: Value = serde_json::from_str(CATALOGUE).unwrap();
    for (given, wrong) in [
        (json!(["outage"]), "/portal/0/four_eyes/0"),
        (json!(["maintenance", "maintenance"]), "/portal/0/four_eyes/1"),
    ] {
        catalogue["portal"][0]["four_eyes"] = given;
        let catalogue: Box<Catalogue> = serde_json::from_value(catalogue.clone()).unwrap();
        let told = Town::new().by("ann", catalogue::Command::Apply { catalogue });
        let Err(Rejection::Invalid(faults)) = told else {
            panic!("{told:?}")
        };
        assert_eq!(faults.into_vec()[0].pointer, wrong);
    }
}
