//! What lies on the days of a calendar: planned work and freezes, by the clock of the desk.

use api::Freeze;
use domain::{
    freeze::{Level, When},
    schedule::{OnHoliday, Recurrence},
    words::FreezeId,
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
};
use leptos::prelude::*;
use wire::Stage;

use super::{
    calendar::{Part, part},
    coming::{self, Coming},
    freezes,
    plan::Plan,
};
use crate::{clock::Zone, occasion::Occasion, words};

/// Nothing lasts longer, in days: so long before the first one that is shown something may have begun that lies on it.
pub(super) const LONGEST: i64 = 15;

/// What lies there.
#[derive(Clone, PartialEq)]
pub(super) enum Thing {
    Work(Coming),
    Freeze(Frozen),
}

/// A time of a freeze.
#[derive(Clone, PartialEq)]
pub(super) struct Frozen {
    pub(super) id: FreezeId,
    pub(super) name: String,
    pub(super) level: Level,
    /// For which work it is.
    pub(super) scope: String,
    /// What becomes of it on holidays, which this page does not know; empty: nothing.
    pub(super) on_holidays: &'static str,
}

/// Something with its times.
#[derive(Clone, PartialEq)]
pub(super) struct Lying {
    thing: Thing,
    from: DateTime,
    to: DateTime,
    /// The clock times in words; `None`: its end has passed and it goes on.
    starts: String,
    ends: Option<String>,
}

/// Something on one day.
#[derive(Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) thing: Thing,
    /// From when to when on this day, in words.
    pub(super) when: String,
    key: String,
}

impl Entry {
    /// What tells it from the others of its day.
    pub(super) fn key(&self) -> String {
        self.key.clone()
    }

    pub(super) const fn work(&self) -> Option<&Coming> {
        match &self.thing {
            Thing::Work(work) => Some(work),
            Thing::Freeze(_) => None,
        }
    }

    pub(super) const fn freeze(&self) -> Option<&Frozen> {
        match &self.thing {
            Thing::Work(_) => None,
            Thing::Freeze(frozen) => Some(frozen),
        }
    }
}

impl Lying {
    fn new(thing: Thing, zone: &Zone, from: Timestamp, to: Timestamp) -> Self {
        Self {
            thing,
            from: zone.local(from),
            to: zone.local(to),
            starts: zone.hour(from),
            ends: Some(zone.hour(to)),
        }
    }

    fn of_work(work: Coming, zone: &Zone, now: Timestamp) -> Self {
        let (from, to) = (work.from, work.to);
        let known = Self::new(Thing::Work(work), zone, from, to);
        if to > now {
            return known;
        }
        Self {
            to: zone.local(now),
            ends: None,
            ..known
        }
    }

    /// What it is on a day; `None`: it does not lie there.
    pub(super) fn on(&self, day: Date) -> Option<Entry> {
        let part = part(self.from, self.to, day)?;
        let key = match &self.thing {
            Thing::Work(work) => work.key(),
            // All that is told of it: a freeze that is changed is told anew.
            Thing::Freeze(Frozen {
                id,
                name,
                level,
                scope,
                on_holidays,
            }) => {
                let called = words::freeze(Some(name), *level);
                format!("{id}-{}-{}-{called}-{scope}-{on_holidays}", self.from, self.to)
            }
        };
        Some(Entry {
            thing: self.thing.clone(),
            when: self.told(part),
            key,
        })
    }

    fn told(&self, part: Part) -> String {
        let overruns = || words::stage(Some(Stage::Overrunning)).to_owned();
        match (part, &self.ends) {
            (Part::Whole, Some(_)) => words::whole_day().to_owned(),
            (Part::Within, Some(_)) if self.to.time() == Time::midnight() => words::from_to(&self.starts, &words::oclock(24, 0), 0),
            (Part::Within, Some(ends)) => words::from_to(&self.starts, ends, 0),
            (Part::Beginning, _) => words::from_day(&self.starts),
            (Part::End, Some(ends)) => words::until_day(ends),
            (Part::Within, None) => format!("{} ({})", words::from_day(&self.starts), overruns()),
            (Part::Whole | Part::End, None) => overruns(),
        }
    }
}

/// What lies on the days from one to another, freezes first; `further`: occurrences that series do not tell by themselves.
pub(super) fn lying(plan: Plan, first: Date, last: Date, further: Vec<Coming>) -> Vec<Lying> {
    let (zone, now) = (plan.desk.zone(), plan.desk.now.get());
    let (begin, end) = (midnight(&zone, first), midnight(&zone, last.saturating_add(1.day())));
    let is_within = |from: Timestamp, to: Timestamp| from < end && to > begin;
    let mut found = Vec::new();
    plan.freezes.with(|all| {
        for freeze in all.iter().filter(|freeze| freeze.ended_at.is_none()) {
            let spans = spans(freeze, first, last).into_iter().filter(|(from, to)| is_within(*from, *to));
            found.extend(spans.map(|(from, to)| Lying::new(Thing::Freeze(frozen(plan, freeze)), &zone, from, to)));
        }
    });
    let works = coming::known(plan, further)
        .into_iter()
        .filter(|work| is_within(work.from, work.to.max(now)));
    found.extend(works.map(|work| Lying::of_work(work, &zone, now)));
    found
}

/// When a day begins.
pub(super) fn midnight(zone: &Zone, day: Date) -> Timestamp {
    zone.meaning(day.to_datetime(Time::midnight())).instant(Occasion::First)
}

fn frozen(plan: Plan, freeze: &Freeze) -> Frozen {
    let on_holidays = match &freeze.when {
        When::Recurring(recurrence) => match recurrence.on_holiday {
            OnHoliday::Hold => "",
            other => words::on_holiday(other),
        },
        When::Spans(_) => "",
    };
    Frozen {
        id: freeze.id.clone(),
        name: freeze.name.clone(),
        level: freeze.level,
        scope: freezes::scope(plan.desk, freeze),
        on_holidays,
    }
}

/// When a freeze is, about these days.
fn spans(freeze: &Freeze, first: Date, last: Date) -> Vec<(Timestamp, Timestamp)> {
    match &freeze.when {
        When::Spans(spans) => spans.iter().map(|span| (span.from, span.to)).collect(),
        When::Recurring(recurrence) => recurring(recurrence, first, last),
    }
}

fn recurring(recurrence: &Recurrence, first: Date, last: Date) -> Vec<(Timestamp, Timestamp)> {
    let zone = Zone::new(&recurrence.time_zone);
    let days = recurrence.on_days(first.saturating_sub(LONGEST.days()), last.saturating_add(1.day()));
    let span = |(day, times): (Date, domain::schedule::Times)| {
        let ends = day.saturating_add(i64::from(times.days_later).days());
        let from = zone.meaning(day.to_datetime(times.starts)).instant(Occasion::First);
        let to = zone.meaning(ends.to_datetime(times.ends)).instant(Occasion::Second);
        (from, to)
    };
    days.into_iter().map(span).collect()
}
