//! A freeze is laid down, changed or lifted: what it is called, what it takes to work in it, for which work it is, and when. When it is follows from a beginning
//! and an end, as in any calendar; they say by which rules they can recur.

use std::collections::{BTreeMap, BTreeSet};

use api::Freeze;
use domain::{
    freeze::{Level, When},
    schedule::{Day, OnHoliday, Recurrence, Rule, Times, Until},
    words::{Code, Fault, PortalId, ServiceId},
};
use jiff::civil::DateTime;
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

use super::{
    plan::{self, Plan},
    repeat::rules_of,
    rules,
};
use crate::{
    calls,
    clock::Zone,
    draft::Moment,
    failure::Failure,
    fields::{self, Faults, label},
    once::Once,
    opened::Opened,
    words,
};

const FROM: &str = "/from";
const TO: &str = "/to";
const UNTIL: &str = "/until";
const HOW: &str = "/when";

/// When it is, as the form has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// As it was; of what there is only.
    Kept,
    Once,
    /// By the rule of this shape, of those that are offered.
    Again(Shape),
}

/// What stays of a rule when it begins on another day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Daily,
    Weekly(u8),
    /// On a weekday of a month, counted from its beginning or from its end.
    MonthWeekday(bool),
    /// On a day of a month, counted so.
    MonthDay(bool),
    Yearly,
}

impl Shape {
    fn of(rule: &Rule) -> Self {
        match rule {
            Rule::Week { weekdays, .. } if weekdays.len() == 7 => Self::Daily,
            Rule::Week { every, .. } => Self::Weekly(*every),
            Rule::MonthWeekday { nth, .. } => Self::MonthWeekday(*nth > 0),
            Rule::MonthDay { days, .. } => Self::MonthDay(days.iter().all(|day| *day > 0)),
            Rule::Year { .. } => Self::Yearly,
        }
    }
}

#[derive(Clone, Copy)]
struct Form {
    plan: Plan,
    opened: Opened,
    /// What is changed; `None`: a new one.
    known: StoredValue<Option<Freeze>>,
    name: RwSignal<String>,
    level: RwSignal<Level>,
    portals: RwSignal<BTreeSet<PortalId>>,
    services: RwSignal<BTreeSet<ServiceId>>,
    how: RwSignal<How>,
    from: Moment,
    to: Moment,
    /// The last day, as its field has it; empty: it goes on.
    until: RwSignal<String>,
    faults: Faults,
    once: Once,
}

/// By which rules something that begins then can recur: each day first.
fn offered(begins: DateTime) -> Vec<Rule> {
    let all = [
        Day::Monday,
        Day::Tuesday,
        Day::Wednesday,
        Day::Thursday,
        Day::Friday,
        Day::Saturday,
        Day::Sunday,
    ];
    let daily = Rule::Week {
        every: 1,
        weekdays: BTreeSet::from(all),
    };
    let mut rules = vec![daily];
    rules.extend(rules_of(begins.date()));
    rules
}

/// The form, of what there is or of a new one.
pub(super) fn form(plan: Plan, opened: Opened, known: Option<Freeze>) -> AnyView {
    let zone = plan.desk.zone();
    let first = known.as_ref().and_then(|freeze| match &freeze.when {
        When::Spans(spans) if spans.len() == 1 => spans.first().copied(),
        _ => None,
    });
    let how = match (&known, first) {
        (None, _) | (_, Some(_)) => How::Once,
        _ => How::Kept,
    };
    let form = Form {
        plan,
        opened,
        name: RwSignal::new(known.as_ref().map(|freeze| freeze.name.clone()).unwrap_or_default()),
        level: RwSignal::new(known.as_ref().map_or(Level::Reason, |freeze| freeze.level)),
        portals: RwSignal::new(known.as_ref().map(|freeze| freeze.portals.clone()).unwrap_or_default()),
        services: RwSignal::new(known.as_ref().map(|freeze| freeze.services.clone()).unwrap_or_default()),
        how: RwSignal::new(how),
        from: Moment::new(first.map(|span| span.from), &zone),
        to: Moment::end(first.map(|span| span.to), &zone),
        until: RwSignal::new(String::new()),
        known: StoredValue::new(known),
        faults: Faults::new(),
        once: Once::new(),
    };
    let levels = [Level::Hint, Level::Reason, Level::SecondPerson].map(|level| (level, words::level(level).to_owned()));
    view! {
        <div class="step" id="step" tabindex="-1" data-test="step-freeze">
            {form.faults.summary_by(|_| {}, |pointer| words::office::freeze_field(pointer).to_owned())}
            {fields::line(form.faults, label("/name", words::office::freeze_field("/name"), words::office::say().freeze_name_hint), "text", form.name)}
            {fields::choice(form.faults, label("/level", words::office::freeze_field("/level"), ""), levels.to_vec(), form.level)}
            {scope(form)}
            {when(form)}
            <div class="row">
                <button type="button" class="primary" data-test="freeze-save" aria-disabled=move || form.once.is_busy()
                    on:click=move |_| form.send()>{words::office::say().freeze_save}</button>
                <button type="button" on:click=move |_| opened.close()>{words::say().cancel}</button>
            </div>
        </div>
    }
    .into_any()
}

/// For which work; nothing chosen: for all.
fn scope(form: Form) -> AnyView {
    let desk = form.plan.desk;
    let services = desk.known_untracked();
    let services = services
        .services
        .iter()
        .map(|service| (service.id.clone(), desk.service_name(&service.id)));
    let is_for_all = move || form.portals.with(BTreeSet::is_empty) && form.services.with(BTreeSet::is_empty);
    view! {
        <details open=!untrack(is_for_all)>
            <summary>{words::office::freeze_field("/services")} " "
                {move || if is_for_all() { words::office::say().freeze_for_all.to_owned() } else { plan::names(desk, &form.portals.get(), &form.services.get()) }}
            </summary>
            <fieldset id=fields::element_id("/portals") tabindex="-1">
                <legend>{words::office::say().freeze_portals}</legend>
                <div class="options">{fields::checks(desk.known_portals(), move |id| form.portals.with(|all| all.contains(id)),
                    move |id, on| form.portals.update(|all| turn(all, id, on)), "freeze-portal")}</div>
            </fieldset>
            <fieldset id=fields::element_id("/services") tabindex="-1">
                <legend>{words::office::say().freeze_services}</legend>
                <div class="options">{fields::checks(services.collect(), move |id| form.services.with(|all| all.contains(id)),
                    move |id, on| form.services.update(|all| turn(all, id, on)), "freeze-service")}</div>
            </fieldset>
        </details>
    }
    .into_any()
}

fn turn<T: Ord>(all: &mut BTreeSet<T>, id: T, on: bool) {
    if on {
        all.insert(id);
    } else {
        all.remove(&id);
    }
}

/// When: a beginning, an end, and how often.
fn when(form: Form) -> AnyView {
    let now = move || form.plan.desk.now.get();
    let kept = form.known.with_value(|known| match known.as_ref().map(|freeze| &freeze.when) {
        Some(When::Recurring(recurrence)) => Some(rules::sentence(recurrence)),
        Some(When::Spans(spans)) if spans.len() > 1 => Some(words::office::say().freeze_kept.to_owned()),
        _ => None,
    });
    let kept = StoredValue::new(kept);
    let is_new = Memo::new(move |_| form.how.get() != How::Kept);
    // The rules change with the day on which it begins.
    let day = Memo::new(move |_| form.begins().map(|begins| begins.date()));
    let choices = move || {
        let mut options: Vec<(How, String)> = kept.get_value().map(|sentence| (How::Kept, sentence)).into_iter().collect();
        options.push((How::Once, words::office::say().freeze_once.to_owned()));
        if day.get().is_some()
            && let Some(begins) = untrack(|| form.begins())
        {
            let daily = words::office::say().freeze_daily.to_owned();
            let rules = offered(begins);
            let told = std::iter::once(daily).chain(rules.iter().skip(1).map(rules::days));
            options.extend(rules.iter().map(|rule| How::Again(Shape::of(rule))).zip(told));
        }
        fields::choice(form.faults, label(HOW, words::office::say().how_often, ""), options, form.how)
    };
    view! {
        <div class="together" hidden=move || !is_new.get()>
            {fields::moment(form.faults, label(FROM, words::office::freeze_field(FROM), ""), form.from, now, None)}
            {fields::moment(form.faults, label(TO, words::office::freeze_field(TO), ""), form.to, now, None)}
        </div>
        {choices}
        <div hidden=move || !matches!(form.how.get(), How::Again(_))>
            {fields::line(form.faults, label(UNTIL, words::office::say().last_day, words::office::say().last_day_hint), "date", form.until)}
        </div>
        <p class="note" role="status" data-test="freeze-sentence">{move || form.sentence()}</p>
    }
    .into_any()
}

impl Form {
    fn zone(self) -> Zone {
        self.plan.desk.zone()
    }

    fn begins(self) -> Option<DateTime> {
        self.from.at().map(|at| self.zone().local(at))
    }

    /// When it is; `None`: something is missing, or it ends before it begins.
    fn when(self) -> Option<When> {
        let how = self.how.get();
        if how == How::Kept {
            return self.known.with_value(|known| known.as_ref().map(|freeze| freeze.when.clone()));
        }
        let (from, to) = (self.from.at()?, self.to.at()?);
        let How::Again(shape) = how else {
            return Some(When::Spans(vec![domain::schedule::Span { from, to }]));
        };
        let (begins, ends) = (self.zone().local(from), self.zone().local(to));
        let rules = offered(begins);
        let days_later = u8::try_from((ends.date() - begins.date()).get_days()).ok()?;
        Some(When::Recurring(Box::new(Recurrence {
            first: begins.date(),
            since: None,
            until: self.until.get().parse().map_or(Until::Open, Until::Day),
            rule: rules.into_iter().find(|rule| Shape::of(rule) == shape)?,
            times: Times {
                starts: begins.time(),
                ends: ends.time(),
                days_later,
            },
            on_holiday: OnHoliday::Hold,
            time_zone: self.plan.desk.time_zone(),
            region: None,
            exceptions: BTreeMap::new(),
        })))
    }

    /// What it comes to, in words.
    fn sentence(self) -> String {
        let (zone, now) = (self.zone(), self.plan.desk.now.get());
        match self.when() {
            Some(When::Recurring(recurrence)) => rules::sentence(&recurrence),
            Some(When::Spans(spans)) => {
                let told: Vec<String> = spans.iter().map(|span| zone.window(span.from, span.to, now)).collect();
                told.join("; ")
            }
            None => String::new(),
        }
    }

    fn send(self) {
        self.faults.0.set(Vec::new());
        let lacks = |pointer: &'static str, text: RwSignal<String>| {
            if fields::is_unfinished(pointer) {
                Some(fields::fault(pointer, Code::Malformed))
            } else {
                text.with_untracked(|text| text.trim().is_empty())
                    .then(|| fields::fault(pointer, Code::Missing))
            }
        };
        let is_kept = self.how.get_untracked() == How::Kept;
        let times = (!is_kept)
            .then_some([(FROM, self.from.text), (TO, self.to.text)])
            .into_iter()
            .flatten();
        let mut missing: Vec<_> = [("/name", self.name)]
            .into_iter()
            .chain(times)
            .filter_map(|(at, text)| lacks(at, text))
            .collect();
        if fields::is_unfinished(UNTIL) {
            missing.push(fields::fault(UNTIL, Code::Malformed));
        }
        if !missing.is_empty() {
            return self.faults.show(missing);
        }
        let Some(when) = untrack(|| self.when()) else {
            // On another day another rule may be meant, or none is chosen any more.
            let (from, to) = untrack(|| (self.from.at(), self.to.at()));
            let is_backwards = from.zip(to).is_none_or(|(from, to)| to <= from);
            let fault = if is_backwards {
                fields::fault(TO, Code::NotAfterStart)
            } else {
                fields::fault(HOW, Code::Missing)
            };
            return self.faults.show(vec![fault]);
        };
        let body = json!({
            "name": self.name.get_untracked(), "level": self.level.get_untracked(), "portals": self.portals.get_untracked(),
            "services": self.services.get_untracked(), "when": when,
        });
        let Some(key) = self.once.begin() else { return };
        self.plan.desk.hush();
        let known = self.known.get_value().map(|freeze| (freeze.id.to_string(), freeze.revision));
        spawn_local(async move {
            let outcome = calls::lay_down(known, &body, &key).await;
            if let Some(outcome) = self.once.ended(outcome) {
                answered(self.plan, self.opened, outcome, words::office::say().freeze_saved, self.faults);
            }
        });
    }
}

/// Takes a freeze as it is now, or shows what is wrong with what was sent.
fn answered(plan: Plan, opened: Opened, outcome: Result<Freeze, Failure>, done: &str, faults: Faults) {
    match outcome {
        Ok(freeze) => {
            opened.done();
            let told = format!("{}: {done}", freeze.name);
            plan.froze(freeze);
            plan.desk.say(told);
            fields::focus("freezes-heading");
        }
        Err(Failure::NoAnswer) => plan.desk.lost(words::office::say().unanswered_plan.to_owned()),
        Err(Failure::Stale) => {
            plan.desk.refresh_all();
            plan.desk.warn(words::office::say().freeze_stale.to_owned());
        }
        Err(failure) => {
            let found = failure.faults();
            if found.is_empty() {
                plan.desk.failed(&failure);
            } else {
                faults.show(found.into_iter().map(at_its_field).collect());
            }
        }
    }
}

/// What the server says of a time, at the field in which that was typed.
fn at_its_field(fault: Fault) -> Fault {
    let field = match fault.pointer.rsplit('/').next() {
        _ if !fault.pointer.starts_with(HOW) => return fault,
        Some("from") => FROM,
        Some("to") => TO,
        Some("until" | "day") => UNTIL,
        _ => HOW,
    };
    Fault {
        pointer: field.to_owned(),
        ..fault
    }
}

/// The question before it is lifted.
pub(super) fn lift(plan: Plan, opened: Opened, id: String) -> AnyView {
    let once = Once::new();
    let id = StoredValue::new(id);
    let send = move |_| {
        let Some(key) = once.begin() else { return };
        plan.desk.hush();
        spawn_local(async move {
            let outcome = calls::lift(&id.get_value(), &key).await;
            if let Some(outcome) = once.ended(outcome) {
                answered(plan, opened, outcome, words::office::say().freeze_lifted, Faults::new());
            }
        });
    };
    view! {
        <div class="step" id="step" tabindex="-1" data-test="step-lift">
            <p>{words::office::say().freeze_lift_question}</p>
            <div class="row">
                <button type="button" class="danger" data-test="freeze-lift-confirm" aria-disabled=move || once.is_busy() on:click=send>
                    {words::office::say().freeze_lift}
                </button>
                <button type="button" on:click=move |_| opened.close()>{words::say().cancel}</button>
            </div>
        </div>
    }
    .into_any()
}
