//! A channel that is out of order: where people are sent meanwhile, held against a walk over time; who may say so, and who has nobody left.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

use domain::{
    access::{Actor, Context, Grants, Role},
    catalogue,
    channel_state::{self, Report},
    notice,
    project::{Lack, Without, left_without, next_change_of, project, project_offer},
    record::{Command, Entry, upkeep},
    rejection::Rejection,
    state::{State, replay},
    step::step,
    words::{ChannelId, Code, NoticeId, PortalId, ServiceId},
};
use jiff::{SignedDuration, Timestamp, Zoned, civil::Weekday, tz::TimeZone};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The town has `car`, which needs `login`; the county has `tax` and shares the hotline.
const CATALOGUE: &str = r#"{
    "portal": [
        {"id": "town", "name": {"de": "Stadt"}, "issuer": {"de": "Stadt"}, "languages": ["de"], "time_zone": "Europe/Berlin", "region": "DE-BE", "services": ["car"],
            "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example", "accessibility": "https://a.example", "feedback": "https://a.example"}},
        {"id": "county", "name": {"de": "Kreis"}, "issuer": {"de": "Kreis"}, "languages": ["de"], "time_zone": "Europe/Berlin", "region": "DE-BB", "services": ["tax"],
            "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example", "accessibility": "https://a.example", "feedback": "https://a.example"}}
    ],
    "service": [
        {"id": "login", "name": {"de": "Anmeldung"}, "channels": ["chat"]},
        {"id": "car", "name": {"de": "Auto"}, "requires": ["login"], "channels": ["office", "mail", "always", "hotline"]},
        {"id": "tax", "name": {"de": "Steuer"}, "channels": ["hotline"]},
        {"id": "fee", "name": {"de": "Gebühr"}, "channels": ["counter"]}
    ],
    "channel": [
        {"id": "office", "kind": "phone", "name": {"de": "Amt"}, "value": "030 23125 000", "hours": "Mo-Fr 08:00-16:00; PH off"},
        {"id": "mail", "kind": "email", "name": {"de": "Amt"}, "value": "amt@a.example", "hours": "Mo-Fr 08:00-16:00"},
        {"id": "always", "kind": "phone", "name": {"de": "Notdienst"}, "value": "030 23125 001", "hours": "24/7"},
        {"id": "hotline", "kind": "sign_language", "name": {"de": "Gebärden"}, "value": "Video", "href": "https://a.example/video", "hours": "Mo-Su 07:00-19:00"},
        {"id": "counter", "kind": "office", "name": {"de": "Finanzamt"}, "value": "Amtsweg 1"},
        {"id": "seldom", "kind": "phone", "name": {"de": "Selten"}, "value": "030 23125 004", "hours": "Mar 24-31 08:00-16:00"},
        {"id": "chat", "kind": "chat", "name": {"de": "Chat"}, "value": "Chat", "href": "https://a.example/chat"},
        {"id": "loose", "kind": "phone", "name": {"de": "Frei"}, "value": "030 23125 003"}
    ]
}"#;

/// A Monday, 10:00 in Berlin.
const START: &str = "2026-03-02T09:00:00Z";

fn minute(minutes: i64) -> Timestamp {
    START.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn channel(id: &str) -> ChannelId {
    ChannelId::parse(id).unwrap()
}

fn portal(id: &str) -> PortalId {
    PortalId::parse(id).unwrap()
}

#[derive(Default)]
struct Story {
    state: State,
    entries: Vec<Entry>,
}

impl Story {
    /// With an outage of the login, which the car office feels, and one of the tax office.
    fn begin() -> Self {
        let mut story = Self::default();
        let catalogue = Box::new(serde_json::from_str(CATALOGUE).unwrap());
        story.act(0, Role::Admin, catalogue::Command::Apply { catalogue }.into()).unwrap();
        for service in ["login", "tax"] {
            story.publish(&json!({"services": [service]}));
        }
        story
    }

    fn publish(&mut self, more: &Value) {
        let mut content = json!({"kind": "outage", "severity": "outage", "title": {"de": "Störung"}, "impact": {"de": "Es geht nicht."}});
        for (key, value) in more.as_object().unwrap() {
            content[key] = value.clone();
        }
        let content = Box::new(serde_json::from_value(content).unwrap());
        let command = notice::Command::Create {
            content,
            intent: notice::Intent::Publish,
        };
        self.act(0, Role::Publisher, command.into()).unwrap();
    }

    fn act(&mut self, at: i64, grants: impl Into<Grants>, command: Command) -> Result<usize, Rejection> {
        let context = Context {
            now: minute(at),
            actor: Actor::new("someone", grants),
        };
        let entries = step(&mut self.state, command, &context)?;
        let count = entries.len();
        // What is kept is read from what is written.
        let written = entries.into_iter().map(Entry::from).map(|entry| Entry {
            event: entry
                .event
                .map(|event| serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap()),
            ..entry
        });
        self.entries.extend(written);
        assert!(replay(&self.entries) == self.state, "the journal tells another state");
        Ok(count)
    }

    fn out(&mut self, id: &str, from: i64, until: Option<i64>) {
        let command = report(id, from, until);
        self.act(0, Role::Publisher, command).unwrap();
    }

    fn back(&mut self, at: i64, id: &str) -> usize {
        let command = channel_state::Command::Clear {
            id: channel(id),
            expected: None,
        };
        self.act(at, Role::Publisher, command.into()).unwrap()
    }

    /// The channels to which a portal's first notice sends people, in its order.
    fn offered(&self, on: &str, at: i64) -> Vec<String> {
        let shown = project(&self.state, &portal(on), minute(at)).unwrap();
        shown.notices[0].channels.clone()
    }

    /// When a channel is told to be open, as from and to.
    fn open(&self, id: &str, at: i64) -> Option<Vec<(Timestamp, Timestamp)>> {
        let shown = project(&self.state, &portal("town"), minute(at)).unwrap();
        let channel = shown.channels.iter().find(|one| one.id == id)?;
        if channel.always {
            return Some(vec![(Timestamp::MIN, Timestamp::MAX)]);
        }
        let read = |at: &str| at.parse::<Timestamp>().unwrap();
        Some(channel.open.iter().flatten().map(|one| (read(&one.from), read(&one.to))).collect())
    }
}

fn report(id: &str, from: i64, until: Option<i64>) -> Command {
    let report = Report {
        from: Some(minute(from)),
        until: until.map(minute),
        note: None,
    };
    channel_state::Command::Report {
        id: channel(id),
        expected: None,
        report: Box::new(report),
    }
    .into()
}

fn faults(rejection: Rejection) -> Vec<(String, Code)> {
    let Rejection::Invalid(faults) = rejection else {
        panic!("{rejection}");
    };
    faults.into_vec().into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

#[test]
fn nobody_is_sent_where_nobody_answers_and_the_next_one_moves_up() {
    let mut story = Story::begin();
    assert_eq!(story.offered("town", 0), ["chat", "office", "mail", "always", "hotline"]);
    // Without hours, and to be written to: gone. To be called, with a known end: told from when on.
    story.out("chat", -5, None);
    story.out("mail", -5, Some(60));
    story.out("office", -5, Some(60));
    assert_eq!(story.offered("town", 1), ["office", "always", "hotline"]);
    assert_eq!(story.open("office", 1).unwrap()[1], (minute(60), minute(360)));
    // Nobody knows until when: gone. It is another document, on the portals that offer the channel and on no other.
    let revision = |story: &Story, on: &str| project(&story.state, &portal(on), minute(1)).unwrap().revision.clone();
    let before = revision(&story, "county");
    story.out("chat", 0, None);
    assert_eq!(revision(&story, "county"), before);
    story.out("hotline", 0, None);
    assert_ne!(revision(&story, "county"), before);
    assert_eq!(story.offered("town", 1), ["office", "always"]);
    // One switch, everywhere at once.
    assert_eq!(story.offered("county", 1), Vec::<String>::new());
    // It ends by itself, and is ended.
    assert_eq!(story.offered("town", 60), ["office", "mail", "always"]);
    story.back(61, "chat");
    assert_eq!(story.offered("town", 61), ["chat", "office", "mail", "always"]);
    story.back(62, "hotline");
    assert_eq!(story.offered("county", 62), ["hotline"]);
}

#[test]
fn one_that_is_always_there_is_told_when_it_is_there_again() {
    let mut story = Story::begin();
    story.out("always", 120, Some(180));
    assert_eq!(story.open("always", 0).unwrap()[0].1, minute(120));
    assert_eq!(story.open("always", 0).unwrap()[1].0, minute(180));
    assert_eq!(story.open("always", 130).unwrap().last().unwrap().0, minute(180));
    assert_eq!(story.open("always", 180).unwrap(), [(Timestamp::MIN, Timestamp::MAX)]);
    // For weeks: told from when on, though that is further ahead than hours travel.
    let weeks = 20 * 24 * 60;
    story.out("always", 0, Some(weeks));
    story.out("office", 0, Some(weeks));
    assert_eq!(story.open("always", 1).unwrap().last().unwrap().0, minute(weeks));
    // The 22nd of March is a Sunday.
    let monday: Timestamp = "2026-03-23T07:00:00Z".parse().unwrap();
    let again = (monday, monday + SignedDuration::from_hours(8));
    assert_eq!(story.open("office", 1).unwrap().last(), Some(&again));
}

#[test]
fn what_a_portal_offers_without_its_services_leaves_it_out_too() {
    let mut story = Story::begin();
    story.out("chat", 0, None);
    story.out("hotline", 0, None);
    story.out("mail", 0, None);
    let offer = project_offer(&story.state, &portal("town"), minute(1)).unwrap();
    let ids: Vec<_> = offer.state.channels.iter().map(|channel| channel.id.as_str()).collect();
    assert_eq!(ids, ["office", "always"]);
    assert_eq!(offer.services[0].channels, ["office", "always"]);
    let offer = project_offer(&story.state, &portal("county"), minute(1)).unwrap();
    assert!(offer.state.channels.is_empty() && offer.services[0].channels.is_empty());
}

#[test]
fn whoever_has_nobody_left_is_named_with_the_instant() {
    let mut story = Story::begin();
    story.publish(&json!({"services": ["car"], "channels": ["loose"]}));
    let told = |story: &Story, at: i64| -> Vec<(String, String, Timestamp)> {
        let left = left_without(&story.state, minute(at)).into_iter();
        let left = left.filter(|left| left.lack == Lack::Nobody);
        let name = |without| match without {
            Without::Notice(id) => id.to_string(),
            Without::Service(id) => id.to_string(),
        };
        left.map(|left| (left.portal.to_string(), name(left.without), left.from)).collect()
    };
    assert_eq!(told(&story, 0), []);
    story.out("loose", -10, None);
    let third = ("town".to_owned(), "2026-0003".to_owned(), minute(1));
    assert_eq!(told(&story, 1), std::slice::from_ref(&third));
    // Nobody can write: whoever cannot speak on the phone has nobody left, though three phones work.
    story.out("chat", 1, Some(20));
    story.out("mail", 5, Some(20));
    story.out("hotline", 0, Some(20));
    let speechless: Vec<_> = left_without(&story.state, minute(2))
        .into_iter()
        .filter(|left| left.lack == Lack::OnlyVoice)
        .collect();
    let without = [
        Without::Notice(NoticeId::parse("2026-0001").unwrap()),
        Without::Service(ServiceId::parse("car").unwrap()),
    ];
    assert_eq!(speechless.iter().map(|left| left.without.clone()).collect::<Vec<_>>(), without);
    assert!(speechless.iter().all(|left| left.from == minute(5)), "{speechless:?}");
    story.out("hotline", 300, Some(400));
    let county = |what: &str, at| ("county".to_owned(), what.to_owned(), minute(at));
    assert_eq!(told(&story, 1), [third.clone(), county("2026-0002", 300), county("tax", 300)]);
    assert_eq!(
        told(&story, 350),
        [county("2026-0002", 350), county("tax", 350), (third.0, third.1, minute(350))]
    );
    assert_eq!(told(&story, 400).len(), 1, "it works again by itself");
    story.back(401, "loose");
    assert_eq!(told(&story, 401), []);
}

#[test]
fn it_takes_the_role_wherever_the_channel_is_offered() {
    let mut story = Story::begin();
    let on = |portals: &[&str], role| Grants::on(role, portals.iter().map(|id| portal(id)));
    // The chat belongs to the login, which only the town feels.
    story.act(0, on(&["town"], Role::Publisher), report("chat", 0, None)).unwrap();
    let shared = story.act(0, on(&["town"], Role::Publisher), report("hotline", 0, None));
    assert!(matches!(shared, Err(Rejection::Forbidden { .. })), "{shared:?}");
    story
        .act(0, on(&["town", "county"], Role::Publisher), report("hotline", 0, None))
        .unwrap();
    for (grants, id) in [
        (on(&["county"], Role::Admin), "chat"),
        (on(&["town", "county"], Role::Admin), "loose"),
        (on(&["town", "county"], Role::Publisher), "none"),
    ] {
        let refused = story.act(0, grants, report(id, 0, None));
        assert_eq!(refused, Err(Rejection::UnknownChannel(channel(id))));
    }
    let reads = story.act(0, on(&["town"], Role::Editor), report("chat", 0, Some(9)));
    assert!(matches!(reads, Err(Rejection::Forbidden { .. })), "{reads:?}");
    story.act(0, Role::Publisher, report("loose", 0, None)).unwrap();
}

#[test]
fn what_is_wrong_is_named_and_a_revision_that_was_not_seen_is_refused() {
    let mut story = Story::begin();
    let wrong = |story: &mut Story, from, until| faults(story.act(10, Role::Publisher, report("chat", from, until)).unwrap_err());
    assert_eq!(wrong(&mut story, 5, Some(5)), [("/until".to_owned(), Code::NotAfterStart)]);
    assert_eq!(wrong(&mut story, -5, Some(10)), [("/until".to_owned(), Code::Past)]);
    let century = 60 * 24 * 365 * 90;
    assert_eq!(wrong(&mut story, century, None), [("/from".to_owned(), Code::OutOfRange)]);
    story.out("chat", 0, None);
    assert_eq!(story.act(1, Role::Publisher, report("chat", 0, None)), Ok(0), "said already");
    let again = channel_state::Command::Report {
        id: channel("chat"),
        expected: None,
        report: Box::default(),
    };
    assert_eq!(story.act(1, Role::Publisher, again.into()), Ok(0), "since when is said already");
    let clear = |expected| {
        let id = channel("chat");
        channel_state::Command::Clear { id, expected }.into()
    };
    let stale = story.act(2, Role::Publisher, clear(Some(0)));
    assert_eq!(stale, Err(Rejection::Stale { expected: 0, actual: 1 }));
    assert_eq!(story.act(2, Role::Publisher, clear(Some(1))), Ok(1));
    assert_eq!(story.back(3, "chat"), 0, "it works already");
}

#[test]
fn the_last_word_on_a_channel_stays_and_the_others_may_go() {
    let mut story = Story::begin();
    story.out("chat", 0, None);
    let said = story.state.position();
    let redact = |seq| {
        let reason = "data protection".to_owned();
        upkeep::Command::Redact { seq, reason }.into()
    };
    let kept = faults(story.act(1, Role::Admin, redact(said)).unwrap_err());
    assert_eq!(kept, [("/seq".to_owned(), Code::Kept)]);
    story.back(2, "chat");
    let end = faults(story.act(3, Role::Admin, redact(said + 1)).unwrap_err());
    assert_eq!(end, [("/seq".to_owned(), Code::Kept)]);
    let context = Context {
        now: minute(3),
        actor: Actor::new("someone", Role::Admin),
    };
    step(&mut story.state, redact(said), &context).unwrap();
    // What is left of the journal tells no outage, and gives no revision twice.
    let mut entries = story.entries.clone();
    entries[usize::try_from(said).unwrap() - 1].event = None;
    let left = replay(&entries);
    assert_eq!(left.outages().get(&channel("chat")), None);
    assert_eq!(left.outages().revision(&channel("chat")), 2);
}

#[test]
fn a_notice_brings_along_the_channels_of_services_that_a_portal_does_not_have() {
    let mut story = Story::begin();
    story.publish(&json!({"services": ["fee"], "portals": ["town"], "severity": "partial_outage"}));
    let offers = |story: &Story, at: i64| {
        let shown = project(&story.state, &portal("town"), minute(at)).unwrap();
        let notice = shown.notices.iter().find(|notice| notice.id == "2026-0003").unwrap();
        (notice.channels.contains(&"counter".to_owned()), shown.revision.clone())
    };
    let (is_offered, before) = offers(&story, 0);
    assert!(is_offered);
    story.out("counter", 10, Some(20));
    assert_ne!(offers(&story, 0).1, before, "it is not told anew");
    let turn = next_change_of(&story.state, &portal("town"), minute(0));
    assert!(turn.is_some_and(|turn| turn <= minute(10)), "{turn:?}");
    assert!(!offers(&story, 10).0);
    assert!(offers(&story, 20).0);
}

#[test]
fn who_waits_for_weeks_is_not_told_of_a_day_on_which_nobody_answers() {
    let mut story = Story::begin();
    // From today on shut for three weeks; on the day on which it would open it is out of order for a day.
    story.publish(&json!({"services": ["car"], "channels": ["seldom"]}));
    let eve = 21 * 24 * 60;
    story.out("seldom", eve, Some(eve + 30 * 60));
    let told = story.open("seldom", 1).unwrap();
    let day = |at: Timestamp| at.to_zoned(TimeZone::get("Europe/Berlin").unwrap()).date().to_string();
    assert_eq!(told.last().map(|(from, _)| day(*from)), Some("2026-03-25".to_owned()), "{told:?}");
}

/// Whether the office answers by its hours, written down a second time.
fn answers(at: &Zoned) -> bool {
    let works = !matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
    // International Women's Day is a holiday in Berlin, a Sunday in this year.
    works && (8..16).contains(&at.hour())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whenever somebody looks: what they are told of the coming days is what the hours say and no outage forbids; and it changes when it was
    /// said to change, and not before.
    #[test]
    fn what_is_told_is_true_at_each_instant(from in -600_i64..6_000, lasts in 1_i64..9_000, looks in prop::collection::vec(0_i64..9_000, 3)) {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let until = from + lasts;
        prop_assume!(until > 0);
        let mut story = Story::begin();
        story.out("office", from, Some(until));
        for look in looks {
            let told = story.open("office", look).unwrap();
            let midnight = minute(look).to_zoned(berlin.clone()).start_of_day().unwrap().timestamp();
            for step in 0..(7 * 24 * 4) {
                let at = midnight + SignedDuration::from_mins(15 * step + 7);
                let is_out = minute(from) <= at && at < minute(until);
                // What was out and is over was told then, and is of no use now.
                let was_out = until <= look;
                let expected = answers(&at.to_zoned(berlin.clone())) && (was_out || !is_out);
                let is_told = told.iter().any(|(from, to)| *from <= at && at < *to);
                prop_assert_eq!(is_told, expected, "at {} of what is told at {}", at, minute(look));
            }
            let town = portal("town");
            let turn = next_change_of(&story.state, &town, minute(look)).unwrap();
            let shown = project(&story.state, &town, minute(look));
            let just_before = turn - SignedDuration::from_millis(1);
            prop_assert_eq!(project(&story.state, &town, just_before), shown.clone(), "it changed before {}", turn);
            for (starts, ends) in [(from, until)] {
                for instant in [starts, ends].map(minute) {
                    prop_assert!(instant <= minute(look) || turn <= instant, "{} is no turn", instant);
                }
            }
        }
    }
}
