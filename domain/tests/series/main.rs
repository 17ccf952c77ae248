//! What holds of planned work, whatever people do with it and whenever: each occurrence is announced once and in time, what was announced
//! follows what is decided, and what has begun is left alone.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

mod zones;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{Actor, Context, Role, SCHEDULE},
    catalogue,
    record::{Command, Entry, upkeep},
    rejection::Rejection,
    schedule::{self, Day, Exception, NotPlanned, OnHoliday, Plan, Recurrence, Rule, Times, Until},
    state::{State, replay},
    step::step,
    text::Localized,
    words::{Code, NoticeId, SeriesId},
};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, date, time},
};
use proptest::prelude::*;
use serde_json::json;
use wire::Stage;

const CATALOGUE: &str = r#"{
    "portal": [{
        "id": "town", "name": {"de": "Stadt"}, "issuer": {"de": "Stadt"}, "languages": ["de"], "time_zone": "Europe/Berlin", "services": ["car"],
        "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example",
            "accessibility": "https://a.example", "feedback": "https://a.example"}
    }],
    "service": [{"id": "car", "name": {"de": "Auto"}}]
}"#;

/// What somebody does, to the series of this number among those that go on.
#[derive(Clone, Debug)]
enum Act {
    Wait {
        hours: i64,
    },
    Edit {
        which: usize,
        rule: Rule,
        times: Times,
    },
    Split {
        which: usize,
        in_days: i64,
        rule: Rule,
    },
    Decide {
        which: usize,
        in_days: i64,
        exception: Option<Moved>,
    },
    End {
        which: usize,
    },
}

/// An exception by how far it is away.
#[derive(Clone, Debug)]
enum Moved {
    Skipped,
    By { days: i64, times: Times },
}

struct Story {
    state: State,
    entries: Vec<Entry>,
    now: Timestamp,
}

impl Story {
    fn begin() -> Self {
        let mut story = Self {
            state: State::default(),
            entries: Vec::new(),
            now: "2026-03-20T09:00:00Z".parse().unwrap(),
        };
        let catalogue = Box::new(serde_json::from_str(CATALOGUE).unwrap());
        story
            .take(catalogue::Command::Apply { catalogue }, "somebody", Role::Admin)
            .unwrap();
        story
    }

    fn take(&mut self, command: impl Into<Command>, actor: &str, role: Role) -> Result<(), Rejection> {
        let context = Context {
            now: self.now,
            actor: Actor::new(actor, role),
        };
        let made = step(&mut self.state, command.into(), &context)?;
        self.entries.extend(made.into_iter().map(Entry::from));
        Ok(())
    }

    fn ask(&mut self, command: schedule::Command) {
        // What is refused changes nothing, which is all that is asked here.
        let before = self.state.clone();
        if self.take(command, "somebody", Role::Publisher).is_err() {
            assert!(self.state == before, "a refusal has changed something");
        }
    }

    /// Announces what is due, as the server does.
    fn announce(&mut self) {
        for (id, original) in self.state.due(None, self.now).now {
            self.take(schedule::Command::Announce { id, original }, SCHEDULE, Role::Publisher)
                .unwrap();
        }
        assert_eq!(self.state.due(None, self.now).now, [], "announced, and still due");
    }

    /// Lets time pass, from one instant to the next at which something is due.
    fn wait(&mut self, hours: i64) {
        let until = self.now + SignedDuration::from_hours(hours);
        while let Some(next) = self.state.due(None, self.now).next.filter(|next| *next <= until) {
            assert!(next > self.now);
            self.now = next;
            self.announce();
            self.check();
        }
        self.now = until;
    }

    fn one(&self, which: usize) -> Option<schedule::Series> {
        let open: Vec<&schedule::Series> = self.state.series().filter(|series| series.ended_at.is_none()).collect();
        (!open.is_empty()).then(|| open[which % open.len()].clone())
    }

    fn act(&mut self, act: &Act) {
        let today = self.now.in_tz("Europe/Berlin").unwrap().date();
        let text = || serde_json::from_value::<Localized>(json!({"de": "Es wird anders."})).unwrap();
        match act.clone() {
            Act::Wait { hours } => self.wait(hours),
            Act::Edit { which, rule, times } => {
                let Some(series) = self.one(which) else { return };
                let mut plan = Box::new(series.plan);
                (plan.recurrence.rule, plan.recurrence.times) = (rule, times);
                let (id, expected) = (series.id, series.revision);
                self.ask(schedule::Command::Edit {
                    id,
                    expected,
                    plan,
                    text: text(),
                });
            }
            Act::Split { which, in_days, rule } => {
                let Some(series) = self.one(which) else { return };
                let mut plan = Box::new(series.plan);
                plan.recurrence.rule = rule;
                let (id, expected, from) = (series.id, series.revision, today.saturating_add(in_days.days()));
                self.ask(schedule::Command::Split {
                    id,
                    expected,
                    from,
                    plan,
                    text: text(),
                });
            }
            Act::Decide { which, in_days, exception } => {
                let Some(series) = self.one(which) else { return };
                // One that there is, where there is one.
                let from = self.now + SignedDuration::from_hours(24 * in_days);
                let next = series.plan.recurrence.next(from, |_| true);
                let original = next.map_or(today.saturating_add(in_days.days()), |next| next.original);
                let exception = exception.map(|moved| match moved {
                    Moved::Skipped => Exception::Skipped,
                    Moved::By { days, times } => Exception::Held {
                        day: original.saturating_add(days.days()),
                        times,
                    },
                });
                self.ask(schedule::Command::Decide {
                    id: series.id,
                    original,
                    exception,
                    text: text(),
                });
            }
            Act::End { which } => {
                let Some(series) = self.one(which) else { return };
                self.ask(schedule::Command::End {
                    id: series.id,
                    text: text(),
                });
            }
        }
    }

    /// The series that this one goes on from, to the first.
    fn root(&self, mut id: SeriesId) -> SeriesId {
        while let Some(before) = self.state.one_series(&id).and_then(|series| series.continues.clone()) {
            id = before;
        }
        id
    }

    fn check(&self) {
        assert!(replay(&self.entries) == self.state, "replay gives another state");
        let mut names: BTreeSet<(SeriesId, Date)> = BTreeSet::new();
        for series in self.state.series() {
            for (original, id) in &series.announced {
                assert!(
                    names.insert((self.root(series.id.clone()), *original)),
                    "{original} was announced twice"
                );
                let notice = self.state.notice(id).unwrap();
                if notice.stage_at(self.now) != Some(Stage::Scheduled) {
                    continue;
                }
                // What is announced and has not begun is as it is planned.
                assert_eq!(series.ended_at, None, "{id} is of a series that has ended");
                let planned = series
                    .plan
                    .recurrence
                    .occurrence(*original)
                    .map(|one| (Some(one.starts_at), Some(one.ends_at)));
                assert_eq!(
                    planned,
                    Some((notice.content.starts_at, notice.content.ends_at)),
                    "{id} of {original}"
                );
            }
            // Nothing is kept from people once its time has come.
            if series.ended_at.is_none() {
                let horizon = self.now + series.plan.lead() + SignedDuration::from_secs(1);
                for one in series.plan.recurrence.between(self.now - SignedDuration::from_hours(48), horizon) {
                    assert!(
                        one.ends_at <= self.now || series.announced.contains_key(&one.original),
                        "{} is kept back",
                        one.original
                    );
                }
            }
        }
    }

    /// What has begun by now, or was ended, with what is said of it.
    fn begun(&self) -> BTreeMap<String, String> {
        let is_begun = |notice: &&domain::notice::Notice| notice.stage_at(self.now) != Some(Stage::Scheduled);
        let told = |notice: &domain::notice::Notice| (notice.id.to_string(), format!("{:?} {:?}", notice.content, notice.stage));
        self.state.notices().filter(is_begun).map(told).collect()
    }
}

/// From the Monday after the story begins on.
fn plan(rule: Rule, times: Times, announce_hours: u16) -> Plan {
    let notice =
        json!({"kind": "maintenance", "severity": "outage", "services": ["car"], "title": {"de": "Wartung"}, "at_end": "complete"});
    Plan {
        notice: serde_json::from_value(notice).unwrap(),
        recurrence: Recurrence {
            first: date(2026, 3, 23),
            since: None,
            until: Until::Open,
            rule,
            times,
            on_holiday: OnHoliday::Hold,
            time_zone: "Europe/Berlin".to_owned(),
            region: Some("DE-BE".to_owned()),
            exceptions: BTreeMap::new(),
        },
        announce_hours,
    }
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let days = [Day::Monday, Day::Tuesday, Day::Thursday, Day::Saturday, Day::Sunday];
    prop_oneof![
        (1..3u8, prop::collection::btree_set(prop::sample::select(days.to_vec()), 1..4))
            .prop_map(|(every, weekdays)| Rule::Week { every, weekdays }),
        prop::collection::btree_set(prop_oneof![1..=31i8, -3..=-1i8], 1..4).prop_map(|days| Rule::MonthDay { every: 1, days }),
    ]
}

fn any_times() -> impl Strategy<Value = Times> {
    (0..24i8, 0..24i8, 0..2u8).prop_filter_map("has a length", |(starts, ends, days_later)| {
        let times = Times {
            starts: time(starts, 30, 0, 0),
            ends: time(ends, 0, 0, 0),
            days_later,
        };
        (times.length() > SignedDuration::ZERO).then_some(times)
    })
}

fn any_act() -> impl Strategy<Value = Act> {
    let moved = || {
        prop_oneof![
            Just(Moved::Skipped),
            (-3..4i64, any_times()).prop_map(|(days, times)| Moved::By { days, times })
        ]
    };
    prop_oneof![
        4 => (1..200i64).prop_map(|hours| Act::Wait { hours }),
        2 => (any::<usize>(), any_rule(), any_times()).prop_map(|(which, rule, times)| Act::Edit { which, rule, times }),
        2 => (any::<usize>(), 1..20i64, any_rule()).prop_map(|(which, in_days, rule)| Act::Split { which, in_days, rule }),
        4 => (any::<usize>(), 0..15i64, prop::option::weighted(0.8, moved()))
            .prop_map(|(which, in_days, exception)| Act::Decide { which, in_days, exception }),
        1 => any::<usize>().prop_map(|which| Act::End { which }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_doubled_dropped_or_shifted(
        rule in any_rule(),
        times in any_times(),
        announce_hours in prop_oneof![Just(0u16), 1..400u16],
        on_holiday in prop::sample::select(vec![OnHoliday::Hold, OnHoliday::Skip, OnHoliday::NextWorkingDay]),
        acts in prop::collection::vec(any_act(), 1..12),
    ) {
        let mut story = Story::begin();
        let mut plan = Box::new(plan(rule, times, announce_hours));
        plan.recurrence.on_holiday = on_holiday;
        story.take(schedule::Command::Create { plan }, "somebody", Role::Publisher).unwrap();
        story.announce();
        for act in &acts {
            let before = story.begun();
            story.act(act);
            if !matches!(act, Act::Wait { .. }) {
                let after = story.begun();
                for (id, told) in before {
                    prop_assert_eq!(after.get(&id), Some(&told), "{} had begun", id);
                }
            }
            story.announce();
            story.check();
        }
    }
}

/// Mondays, divided on a Thursday and on a Monday before that: each day is of one part, and nobody adds one to another.
#[test]
fn each_day_of_what_was_divided_is_of_one_part() {
    let mut story = Story::begin();
    let weekly = |day: Day| Rule::Week {
        every: 1,
        weekdays: BTreeSet::from([day]),
    };
    let times = Times {
        starts: time(1, 0, 0, 0),
        ends: time(2, 0, 0, 0),
        days_later: 0,
    };
    let plan = Box::new(plan(weekly(Day::Monday), times, 48));
    story.take(schedule::Command::Create { plan }, "somebody", Role::Publisher).unwrap();
    for (number, from, day) in [(1, date(2026, 4, 9), Day::Sunday), (1, date(2026, 3, 30), Day::Monday)] {
        let series = story.state.one_series(&SeriesId::new(number)).unwrap().clone();
        let mut plan = Box::new(series.plan);
        plan.recurrence.rule = weekly(day);
        let (id, expected) = (series.id, series.revision);
        let split = schedule::Command::Split {
            id,
            expected,
            from,
            plan,
            text: Localized::default(),
        };
        story.take(split, "somebody", Role::Publisher).unwrap();
    }
    let days = |number: u32| -> Vec<Date> {
        let series = story.state.one_series(&SeriesId::new(number)).unwrap();
        let edge = |instant: &str| instant.parse::<Timestamp>().unwrap();
        let found = series
            .plan
            .recurrence
            .between(edge("2026-03-20T00:00:00Z"), edge("2026-04-27T00:00:00Z"));
        found.into_iter().map(|one| one.original).collect()
    };
    assert_eq!(days(1), [date(2026, 3, 23)]);
    assert_eq!(days(2), [date(2026, 4, 12), date(2026, 4, 19), date(2026, 4, 26)]);
    assert_eq!(days(3), [date(2026, 3, 30), date(2026, 4, 6)]);
    for (number, day, owner) in [
        (1, date(2026, 3, 24), 1),
        (1, date(2026, 3, 30), 3),
        (1, date(2026, 4, 9), 2),
        (2, date(2026, 3, 24), 1),
        (2, date(2026, 4, 8), 3),
        (3, date(2026, 4, 8), 3),
        (3, date(2026, 4, 9), 2),
    ] {
        let mut story = Story {
            state: story.state.clone(),
            entries: Vec::new(),
            now: story.now,
        };
        let exception = Some(Exception::Held { day, times });
        let add = schedule::Command::Decide {
            id: SeriesId::new(number),
            original: day,
            exception,
            text: Localized::default(),
        };
        let expected = if number == owner {
            Ok(())
        } else {
            Err(Rejection::NotPlanned(NotPlanned::Elsewhere {
                original: day,
                series: SeriesId::new(owner),
            }))
        };
        assert_eq!(story.take(add, "somebody", Role::Publisher), expected, "{number} {day}");
    }
}

impl Story {
    /// A story with one series, in whose plan this is otherwise than on Mondays from 01:00 to 02:00.
    fn with(announce_hours: u16, change: impl FnOnce(&mut Plan)) -> Self {
        let mut story = Self::begin();
        let rule = Rule::Week {
            every: 1,
            weekdays: BTreeSet::from([Day::Monday]),
        };
        let times = Times {
            starts: time(1, 0, 0, 0),
            ends: time(2, 0, 0, 0),
            days_later: 0,
        };
        let mut plan = plan(rule, times, announce_hours);
        change(&mut plan);
        let plan = Box::new(plan);
        story.take(schedule::Command::Create { plan }, "somebody", Role::Publisher).unwrap();
        story.announce();
        story
    }

    fn series(&self, number: u32) -> &schedule::Series {
        self.state.one_series(&SeriesId::new(number)).unwrap()
    }

    fn edit(&mut self, number: u32, change: impl FnOnce(&mut Plan)) -> Result<(), Rejection> {
        let mut plan = Box::new(self.series(number).plan.clone());
        change(&mut plan);
        let (id, expected) = (SeriesId::new(number), self.series(number).revision);
        let text = Localized::default();
        self.take(schedule::Command::Edit { id, expected, plan, text }, "somebody", Role::Publisher)
    }

    fn split(&mut self, number: u32, from: Date) -> Result<(), Rejection> {
        let series = self.series(number);
        let (id, expected, plan) = (series.id.clone(), series.revision, Box::new(series.plan.clone()));
        let text = Localized::default();
        let split = schedule::Command::Split {
            id,
            expected,
            from,
            plan,
            text,
        };
        self.take(split, "somebody", Role::Publisher)
    }

    fn decide(&mut self, number: u32, original: Date, exception: Option<Exception>) -> Result<(), Rejection> {
        let (id, text) = (SeriesId::new(number), Localized::default());
        let decide = schedule::Command::Decide {
            id,
            original,
            exception,
            text,
        };
        self.take(decide, "somebody", Role::Publisher)
    }
}

/// Where something is wrong, and what.
fn fault(refused: Result<(), Rejection>) -> (String, Code) {
    let Err(Rejection::Invalid(faults)) = refused else {
        panic!("{refused:?}")
    };
    let first = faults.into_vec().remove(0);
    (first.pointer, first.code)
}

/// Good Friday would be put off to Tuesday, which has one of its own: also once that is left out.
#[test]
fn to_decide_about_one_makes_no_other() {
    let every_day = Rule::MonthDay {
        every: 1,
        days: (1..=31).collect(),
    };
    let mut story = Story::with(1, |plan| {
        plan.recurrence.rule = every_day;
        plan.recurrence.on_holiday = OnHoliday::NextWorkingDay;
    });
    let good_friday = date(2026, 4, 3);
    assert_eq!(story.series(1).plan.recurrence.occurrence(good_friday), None);
    story.decide(1, date(2026, 4, 7), Some(Exception::Skipped)).unwrap();
    assert_eq!(story.series(1).plan.recurrence.occurrence(good_friday), None);
}

#[test]
fn a_part_keeps_to_its_days() {
    let mut story = Story::with(100, |_| {});
    let (from, monday) = (date(2026, 3, 30), date(2026, 3, 23));
    assert_eq!(fault(story.split(1, monday)), ("/from".to_owned(), Code::BeforeStart));
    story.split(1, from).unwrap();
    for earlier in [from, monday] {
        assert_eq!(fault(story.split(2, earlier)), ("/from".to_owned(), Code::BeforeStart), "{earlier}");
    }
    let later = |plan: &mut Plan| plan.recurrence.since = Some(date(2026, 4, 6));
    assert_eq!(fault(story.edit(2, later)), ("/recurrence/since".to_owned(), Code::Kept));
    let of_the_other = |plan: &mut Plan| {
        plan.recurrence.exceptions.insert(monday, Exception::Skipped);
    };
    let series = SeriesId::new(1);
    let elsewhere = Rejection::NotPlanned(NotPlanned::Elsewhere { original: monday, series });
    assert_eq!(story.edit(2, of_the_other), Err(elsewhere));
    // However far somebody has the first part go on, it ends where the second begins.
    story.edit(1, |plan| plan.recurrence.until = Until::Open).unwrap();
    assert_eq!(story.series(1).plan.recurrence.occurrence(from), None);
}

#[test]
fn what_was_called_off_is_not_dropped_in_silence() {
    let mut story = Story::with(100, |_| {});
    let to = |day: Day| {
        move |plan: &mut Plan| {
            plan.recurrence.rule = Rule::Week {
                every: 1,
                weekdays: BTreeSet::from([day]),
            };
        }
    };
    story.edit(1, to(Day::Thursday)).unwrap();
    let (original, notice) = (date(2026, 3, 23), NoticeId::new(2026, 1));
    let apart = NotPlanned::Apart { original, notice };
    assert_eq!(story.edit(1, to(Day::Monday)), Err(Rejection::NotPlanned(apart)));
    // Where it is said that this one falls out, the others are planned again.
    let without = |plan: &mut Plan| {
        to(Day::Monday)(plan);
        plan.recurrence.exceptions.insert(original, Exception::Skipped);
    };
    story.edit(1, without).unwrap();
}

#[test]
fn a_notice_has_its_times_from_one_hand() {
    let mut story = Story::with(100, |_| {});
    let notice = || NoticeId::new(2026, 1);
    let mut content = Box::new(story.state.notice(&notice()).unwrap().content.clone());
    content.starts_at = Some("2026-03-24T00:00:00Z".parse().unwrap());
    content.ends_at = Some("2026-03-24T05:00:00Z".parse().unwrap());
    content.announce_from = Some("2026-03-23T12:00:00Z".parse().unwrap());
    content.impact = serde_json::from_value(json!({"de": "Von Hand."})).unwrap();
    let (id, expected) = (notice(), 1);
    story
        .take(domain::notice::Command::Edit { id, expected, content }, "somebody", Role::Publisher)
        .unwrap();
    story.edit(1, |plan| plan.recurrence.times.starts = time(0, 30, 0, 0)).unwrap();
    let told = &story.state.notice(&notice()).unwrap().content;
    let times = [told.starts_at, told.ends_at, told.announce_from].map(|at| at.map(|at| at.to_string()));
    let planned = ["2026-03-22T23:30:00Z", "2026-03-23T01:00:00Z"].map(|at| Some(at.to_owned()));
    assert_eq!((&times[..2], &times[2]), (&planned[..], &None));
    assert!(!told.impact.is_empty());
}

#[test]
fn what_none_of_them_is_long_enough_for_is_refused() {
    let refused = Story::with(100, |_| {}).edit(1, |plan| plan.notice.rollback_minutes = Some(60));
    assert_eq!(fault(refused), ("/notice/rollback_minutes".to_owned(), Code::NotWithinWindow));
}

#[test]
fn no_redaction_makes_another_plan() {
    let mut story = Story::with(100, |_| {});
    let redact = |seq: u64| upkeep::Command::Redact {
        seq,
        reason: "Name".to_owned(),
    };
    // The catalogue is the first entry; then come the series, its announcement, and the notice.
    for seq in [2, 3] {
        let refused = story.take(redact(seq), "somebody", Role::Admin);
        assert_eq!(fault(refused), ("/seq".to_owned(), Code::Kept), "{seq}");
    }
    story.take(redact(4), "somebody", Role::Admin).unwrap();
    let (id, text) = (SeriesId::new(1), Localized::default());
    story
        .take(schedule::Command::End { id, text }, "somebody", Role::Publisher)
        .unwrap();
    story.take(redact(2), "somebody", Role::Admin).unwrap();
    let refused = story.take(redact(3), "somebody", Role::Admin);
    assert_eq!(fault(refused), ("/seq".to_owned(), Code::Kept));
}
