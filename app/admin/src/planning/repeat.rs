//! A maintenance that is written is made a series: its window says when, and what is offered follows from its day, so nothing has to be typed.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    notice::{Content, Notice},
    schedule::{OnHoliday, Recurrence, Rule, Times, Until},
    time::holidays::german,
    words::{Code, Fault},
};
use jiff::{ToSpan, civil::Date};
use leptos::{prelude::*, task::spawn_local};
use wire::AtEnd;

use super::rules;
use crate::{
    calls,
    clock::Zone,
    desk::Desk,
    draft::wire,
    failure::Failure,
    fields::{self, Faults, label},
    once::Once,
    route::Route,
    unknown_place::unknown_place,
    unsaved, words,
};

const UNTIL: &str = "/recurrence/until";

/// Before so many hours people are told.
const LEADS: [u16; 5] = [24, 72, 168, 336, 720];

/// So many of the first dates are told.
const TOLD: usize = 4;

/// The page.
pub(crate) fn page(desk: Desk, id: &str) -> AnyView {
    let (found, absent) = (RwSignal::new(None::<Notice>), RwSignal::new(false));
    let id = id.to_owned();
    spawn_local(async move {
        match calls::notice(&id).await {
            Ok(notice) => drop(found.try_set(Some(notice))),
            Err(failure) => {
                absent.try_set(true);
                desk.failed(&failure);
            }
        }
    });
    (move || match found.get() {
        Some(notice) => form(desk, &notice).unwrap_or_else(unknown_place),
        None if absent.get() => unknown_place(),
        None => view! { <p class="quiet">{words::say().loading}</p> }.into_any(),
    })
    .into_any()
}

/// The rules by which something on this day can recur, the usual one first.
pub(super) fn rules_of(day: Date) -> Vec<Rule> {
    let weekday = day.weekday().into();
    let week = |every| Rule::Week {
        every,
        weekdays: BTreeSet::from([weekday]),
    };
    let of_weekday = |nth| Rule::MonthWeekday {
        every: 1,
        nth,
        weekday,
        plus_days: 0,
    };
    let of_day = |day| Rule::MonthDay {
        every: 1,
        days: BTreeSet::from([day]),
    };
    let mut rules = vec![week(1), week(2)];
    let nth = (day.day() - 1) / 7 + 1;
    if nth < 5 {
        rules.push(of_weekday(nth));
    }
    let left = day.days_in_month() - day.day();
    if left < 7 {
        rules.push(of_weekday(-1));
    }
    rules.push(of_day(day.day()));
    if left == 0 {
        rules.push(of_day(-1));
    }
    rules.push(Rule::Year {
        month: day.month(),
        day: day.day(),
    });
    rules
}

/// What stays of a notice in a plan: all but its instants.
fn without_times(content: &Content) -> Content {
    Content {
        starts_at: None,
        ends_at: None,
        announce_from: None,
        next_update_at: None,
        entries_until: None,
        ..content.clone()
    }
}

#[derive(Clone, Copy)]
struct Form {
    desk: Desk,
    notice: StoredValue<Notice>,
    first: Date,
    since: Option<Date>,
    times: Times,
    time_zone: StoredValue<String>,
    region: StoredValue<Option<String>>,
    /// Those that are offered, and the place of the one that is meant.
    rules: StoredValue<Vec<Rule>>,
    rule: RwSignal<usize>,
    on_holiday: RwSignal<OnHoliday>,
    lead: RwSignal<u16>,
    at_end: RwSignal<AtEnd>,
    /// The last day, as its field has it; empty: it goes on.
    until: RwSignal<String>,
    faults: Faults,
    once: Once,
}

/// The form; `None`: it is no maintenance with a window.
fn form(desk: Desk, notice: &Notice) -> Option<AnyView> {
    let portal = desk.portals_of(&notice.content).into_iter().next()?;
    let zone = Zone::new(&portal.time_zone);
    let (starts, ends) = (zone.local(notice.content.starts_at?), zone.local(notice.content.ends_at?));
    // What was announced is the first one already; weeks and months are counted from it all the same.
    let since = notice.stage.is_some().then(|| starts.date().saturating_add(1.day()));
    let rules = rules_of(starts.date());
    let region = portal.region.clone();
    let form = Form {
        desk,
        notice: StoredValue::new(notice.clone()),
        first: starts.date(),
        since,
        times: Times {
            starts: starts.time(),
            ends: ends.time(),
            days_later: u8::try_from((ends.date() - starts.date()).get_days()).unwrap_or_default(),
        },
        time_zone: StoredValue::new(portal.time_zone.clone()),
        region: StoredValue::new(region.clone()),
        rules: StoredValue::new(rules.clone()),
        rule: RwSignal::new(0),
        on_holiday: RwSignal::new(OnHoliday::Hold),
        lead: RwSignal::new(168),
        // What recurs mostly does so at night, when nobody is there to confirm an end, whatever was said of the first one.
        at_end: RwSignal::new(AtEnd::Complete),
        until: RwSignal::new(String::new()),
        faults: Faults::new(),
        once: Once::new(),
    };
    let rule_options = rules.iter().map(rules::days).enumerate().collect();
    let holidays = region.is_some().then(|| {
        let options = [OnHoliday::Hold, OnHoliday::Skip, OnHoliday::NextWorkingDay];
        let options = options.map(|what| (what, words::on_holiday(what).to_owned())).to_vec();
        fields::choice(
            form.faults,
            label("/recurrence/on_holiday", words::office::say().holidays, ""),
            options,
            form.on_holiday,
        )
    });
    let ends = vec![
        (AtEnd::Complete, words::say().at_end_complete.to_owned()),
        (AtEnd::Confirm, words::say().at_end_confirm.to_owned()),
    ];
    let leads = LEADS.iter().map(|hours| (*hours, words::lead(*hours))).collect();
    let known = Memo::new(move |_| form.comes_to());
    let back = Route::Notice(notice.id.to_string()).href();
    let view = view! {
        <div class="writing">
            <p class="crumb"><a href=back>{words::say().back}</a></p>
            <h1 id="heading" tabindex="-1">{words::say().repeat_heading}</h1>
            <p lang=Desk::language_of(&notice.content.title)>{Desk::text(&notice.content.title)}</p>
            {form.faults.summary(|_| {})}
            {fields::choice(form.faults, label("/recurrence/rule", words::office::say().how_often, ""), rule_options, form.rule)}
            {holidays}
            {fields::line(form.faults, label(UNTIL, words::office::say().last_day, words::office::say().last_day_hint), "date", form.until)}
            {fields::choice(form.faults, label("/announce_hours", words::say().when_told, ""), leads, form.lead)}
            {fields::choice(form.faults, label("/notice/at_end", words::say().at_end, ""), ends, form.at_end)}
            <div class="note"><div role="status">{move || known.with(|(recurrence, days)| told(recurrence, days.as_deref()))}</div></div>
            <div class="row">
                <button type="button" class="primary" data-test="create-series" aria-disabled=move || form.once.is_busy()
                    on:click=move |_| form.send()>{words::office::say().create_series}</button>
            </div>
        </div>
    };
    Some(view.into_any())
}

/// The rule in words, and the dates to which it comes.
fn told(recurrence: &Recurrence, days: Option<&[Date]>) -> AnyView {
    let sentence = rules::sentence(&Recurrence {
        // From its first date on, wherever weeks are counted from.
        since: days.and_then(|days| days.first().copied()).or(recurrence.since),
        ..recurrence.clone()
    });
    let dates = days.map(|days| {
        let times = rules::times(&recurrence.times);
        let dates = days.iter().take(TOLD).map(|day| words::held_at(&words::day(*day), &times));
        view! {
            <p class:late=days.is_empty()>{words::dates(days.len(), days.len() > TOLD)}</p>
            <ul data-test="dates">{dates.map(|date| view! { <li>{date}</li> }).collect_view()}</ul>
        }
    });
    view! { <p data-test="sentence"><strong>{sentence}</strong></p> {dates} }.into_any()
}

impl Form {
    fn recurrence(self) -> Recurrence {
        let (place, on_holiday) = (self.rule.get(), self.on_holiday.get());
        // The place is one of those that were offered.
        let rule = self.rules.with_value(|rules| rules[place.min(rules.len() - 1)].clone());
        Recurrence {
            first: self.first,
            since: self.since,
            until: self.until.get().parse().map_or(Until::Open, Until::Day),
            rule,
            times: self.times,
            on_holiday,
            time_zone: self.time_zone.get_value(),
            region: self.region.get_value().filter(|_| on_holiday != OnHoliday::Hold),
            exceptions: BTreeMap::new(),
        }
    }

    /// When it recurs, as the form has it, and the first days that are still to come, one more than are told; `None`: whether they are
    /// holidays only the server knows.
    fn comes_to(self) -> (Recurrence, Option<Vec<Date>>) {
        let recurrence = self.recurrence();
        let region = recurrence.region.as_deref();
        let today = Zone::new(&recurrence.time_zone).local(self.desk.now.get()).date();
        let is_holiday = |day: Date| region.is_some_and(|region| german(region, day.year()).is_some_and(|days| days.contains(&day)));
        let is_known = region.is_none_or(|region| german(region, today.year()).is_some());
        let days = is_known.then(|| recurrence.days(today, TOLD + 1, &is_holiday));
        (recurrence, days)
    }

    fn send(self) {
        self.faults.0.set(Vec::new());
        self.desk.hush();
        if fields::is_unfinished(UNTIL) {
            let fault = Fault {
                pointer: UNTIL.to_owned(),
                code: Code::Malformed,
                detail: words::unfinished().to_owned(),
            };
            return self.faults.show(vec![fault]);
        }
        if untrack(|| self.comes_to()).1.is_some_and(|days| days.is_empty()) {
            let is_open = self.until.with_untracked(String::is_empty);
            let fault = Fault {
                pointer: if is_open { "/recurrence/rule" } else { UNTIL }.to_owned(),
                code: Code::Malformed,
                detail: words::no_dates().to_owned(),
            };
            return self.faults.show(vec![fault]);
        }
        let Some(key) = self.once.begin() else { return };
        let notice = self.notice.get_value();
        let plan = serde_json::json!({
            "notice": wire(&Content { at_end: self.at_end.get_untracked(), ..without_times(&notice.content) }),
            "recurrence": untrack(|| self.recurrence()),
            "announce_hours": self.lead.get_untracked(),
        });
        spawn_local(async move {
            let outcome = calls::create_series(&plan, &key).await;
            let Some(outcome) = self.once.ended(outcome) else { return };
            match outcome {
                Ok(series) => {
                    if notice.stage.is_none() {
                        // The draft has become the series; where that fails it lies among the drafts, and nothing is lost.
                        let _left = calls::act(notice.id.as_str(), "cancel", &serde_json::json!({}), &unsaved::fresh_key()).await;
                    }
                    self.desk.refresh_all();
                    self.desk
                        .go_with(&Route::Planning, format!("{}: {}", words::office::say().series_created, series.id));
                }
                Err(failure @ Failure::Waits(_)) => {
                    // The draft stays: it may come to a no.
                    self.desk.refresh_all();
                    self.desk.go_with(&Route::Approvals, failure.sentence());
                }
                Err(Failure::NoAnswer) => self.desk.lost(words::office::say().unanswered_series.to_owned()),
                Err(failure) => {
                    let found = failure.faults();
                    if found.is_empty() {
                        self.desk.failed(&failure);
                    } else {
                        self.faults.show(found);
                    }
                }
            }
        });
    }
}
