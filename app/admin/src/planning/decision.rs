//! What is decided about one day of a series: it falls out, is held at another time, is announced now, or is as the rule says.

use domain::{
    schedule::{Exception, Times, Until},
    text::{Language, Localized},
    words::{Code, Fault},
};
use jiff::civil::{Date, DateTime};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value, json};

use super::plan::{Act, Day, Plan};
use crate::{
    calls,
    draft::{Moment, Variants},
    failure::Failure,
    fields::{self, Faults, Size, label},
    obstacles,
    once::Once,
    words,
};

impl Act {
    const fn hook(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Hold => "hold",
            Self::Announce => "announce",
            Self::TakeBack => "take-back",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Skip => words::office::say().skip_one,
            Self::Hold => words::office::say().hold_one,
            Self::Announce => words::office::say().announce_one,
            Self::TakeBack => words::office::say().take_back,
        }
    }

    /// What happens then.
    fn means(self) -> &'static str {
        match self {
            Self::Skip => words::skips(),
            Self::Announce => words::announces(),
            Self::Hold | Self::TakeBack => "",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Skip => words::office::say().skipped_one,
            Self::Hold => words::office::say().held_one,
            Self::Announce => words::office::say().announced_one,
            Self::TakeBack => words::office::say().taken_back,
        }
    }
}

/// The button that opens the form of an act, by its id.
fn button_id(day: &Day, act: Act) -> String {
    format!("{}-{}", act.hook(), day.key())
}

/// The buttons for some acts, and the form of the one that was chosen. What `day` says may change while somebody types; the form stays.
pub(super) fn buttons(plan: Plan, day: Memo<Day>, acts: &'static [Act]) -> AnyView {
    let key = day.with_untracked(Day::key);
    let chosen = {
        let key = key.clone();
        Memo::new(move |_| {
            plan.open
                .with(|open| open.as_ref().filter(|(of, _)| *of == key).map(|(_, act)| *act))
        })
    };
    let is_possible = move |act: Act| {
        day.with(|day| {
            let is_ahead = day.window.is_none_or(|(from, _)| from > plan.desk.now.get());
            is_ahead && (act != Act::Announce || !day.is_announced)
        })
    };
    let buttons = acts.iter().map(|act| {
        let (act, key) = (*act, key.clone());
        let toggle = move |_| {
            let is_open = chosen.get_untracked() == Some(act);
            plan.open.set((!is_open).then(|| (key.clone(), act)));
            if !is_open {
                fields::focus_soon("step");
            }
        };
        let id = day.with_untracked(|day| button_id(day, act));
        view! {
            <button type="button" class="small" id=id data-test=act.hook() hidden=move || !is_possible(act)
                aria-expanded=move || (chosen.get() == Some(act)).to_string() on:click=toggle>{act.name()}</button>
        }
    });
    view! {
        <div class="row">{buttons.collect_view()}</div>
        {move || chosen.get().map(|act| form(plan, day, act))}
    }
    .into_any()
}

/// Where the server says what is wrong with the beginning, and with the end.
const STARTS: &str = "/exception/held/day";
const ENDS: &str = "/exception/held/times";

/// What is typed.
#[derive(Clone, Copy)]
struct Form {
    plan: Plan,
    day: Memo<Day>,
    act: Act,
    faults: Faults,
    text: Variants,
    starts_at: Moment,
    ends_at: Moment,
    freeze_reason: RwSignal<String>,
    reach: RwSignal<Reach>,
    /// The revision of the series over which it is written.
    seen: StoredValue<Option<u32>>,
    once: Once,
}

/// For which occurrences something is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    This,
    ThisAndLater,
}

fn form(plan: Plan, day: Memo<Day>, act: Act) -> AnyView {
    let desk = plan.desk;
    let languages = desk.languages();
    let (zone, window, original) = day.with_untracked(|day| (day.zone.clone(), day.window, day.original));
    let revision = plan.series.with_untracked(|all| {
        let of = day.with_untracked(|day| day.series.clone());
        all.iter().find(|series| series.id == of).map(|series| series.revision)
    });
    // What is on today is not changed from today on.
    let is_ahead = original > zone.local(desk.now.get_untracked()).date();
    let form = Form {
        plan,
        day,
        act,
        faults: Faults::new(),
        text: Variants::new(&languages, &Localized::default()),
        starts_at: Moment::new(window.map(|(from, _)| from), &zone),
        ends_at: Moment::end(window.map(|(_, to)| to), &zone),
        freeze_reason: RwSignal::new(String::new()),
        reach: RwSignal::new(Reach::This),
        seen: StoredValue::new(revision),
        once: Once::new(),
    };
    let reaches = (is_ahead && matches!(act, Act::Skip | Act::Hold)).then(|| form.reaches());
    let means = move || match (form.act, form.reach.get()) {
        (Act::Skip, Reach::ThisAndLater) => words::office::say().skips_later,
        (Act::Hold, Reach::ThisAndLater) => words::office::say().holds_later,
        (act, _) => act.means(),
    };
    let now = move || desk.now.get();
    let times = (act == Act::Hold).then(|| {
        view! {
            {fields::moment(form.faults, label(STARTS, words::say().starts_maintenance, ""), form.starts_at, now, None)}
            {fields::moment(form.faults, label(ENDS, words::say().ends, ""), form.ends_at, now, None)}
        }
    });
    let language = RwSignal::new(0);
    // Those who have read of it are told why.
    let prose = (act != Act::Announce).then(|| {
        let written = move |language: &Language| form.text.text().get(language).is_some();
        view! {
            <div hidden=move || !day.with(|day| day.is_announced)>
                {fields::languages(&languages, language, written)}
                {fields::variants(form.faults, label("/text", words::say().update_optional, ""), Size::Prose, &languages, language, form.text)}
            </div>
        }
    });
    let asks = Memo::new(move |_| act == Act::Announce && day.with(|day| day.is_frozen));
    let close = move |_| {
        plan.open.set(None);
        day.with_untracked(|day| fields::focus(&button_id(day, act)));
    };
    view! {
        <div class="step" id="step" tabindex="-1" data-test=format!("step-{}", act.hook())>
            {form.faults.summary(|_| {})}
            <p hidden=move || means().is_empty()>{means}</p>
            {reaches}
            {times}
            {prose}
            {obstacles::reason(form.faults, asks, form.freeze_reason)}
            <div class="row">
                <button type="button" class="primary" data-test=format!("{}-confirm", act.hook()) aria-disabled=move || form.once.is_busy()
                    on:click=move |_| form.send()>{act.name()}</button>
                <button type="button" on:click=close>{words::say().cancel}</button>
            </div>
        </div>
    }
    .into_any()
}

/// What becomes of a series.
struct Later {
    /// From which day on; `None`: as a whole.
    from: Option<Date>,
    /// Nothing is left of it.
    ends: bool,
    revision: u32,
    changes: Value,
}

impl Form {
    /// Whether only this one is meant, or all later ones as well.
    fn reaches(self) -> AnyView {
        let options = [
            (Reach::This, words::office::say().only_this),
            (Reach::ThisAndLater, words::office::say().this_and_later),
        ];
        let options = options.map(|(reach, name)| (reach, name.to_owned())).to_vec();
        fields::choice(
            self.faults,
            label("/from", words::office::say().which_occurrences, ""),
            options,
            self.reach,
        )
    }

    /// When it is held, as the form has it.
    ///
    /// # Errors
    /// A time that is unfinished, or an end on a day before its beginning: what neither says nor leaves out a decision.
    fn held(self) -> Result<Exception, Fault> {
        let read = |moment: Moment, pointer: &str| {
            let read = moment.text.get_untracked().parse::<DateTime>();
            read.map_err(|_| fields::fault(pointer, Code::Missing))
        };
        let (starts, ends) = (read(self.starts_at, STARTS)?, read(self.ends_at, ENDS)?);
        let days_later = u8::try_from((ends.date() - starts.date()).get_days());
        Ok(Exception::Held {
            day: starts.date(),
            times: Times {
                starts: starts.time(),
                ends: ends.time(),
                days_later: days_later.map_err(|_| fields::fault(ENDS, Code::NotAfterStart))?,
            },
        })
    }

    fn body(self) -> Result<Value, Fault> {
        let mut body = json!({});
        match self.act {
            Act::Announce => {}
            Act::Skip => body["exception"] = json!(Exception::Skipped),
            Act::Hold => body["exception"] = json!(self.held()?),
            Act::TakeBack => body["exception"] = Value::Null,
        }
        let text = untrack(|| self.text.text());
        if !text.is_empty() {
            body["text"] = json!(text);
        }
        let reason = self.freeze_reason.get_untracked();
        if !reason.trim().is_empty() {
            body["freeze_reason"] = reason.into();
        }
        Ok(body)
    }

    /// What becomes of the series where all later occurrences are meant; `None`: only this one is.
    ///
    /// # Errors
    /// Another day: which rule that would be, nobody can tell from one day.
    fn later(self, body: &Value) -> Result<Option<Later>, Fault> {
        if self.reach.get_untracked() == Reach::This {
            return Ok(None);
        }
        let (id, original, shown) = self.day.with_untracked(|day| {
            let shown = day.window.map(|(from, _)| day.zone.local(from).date());
            (day.series.clone(), day.original, shown)
        });
        let known = self
            .plan
            .series
            .with_untracked(|all| all.iter().find(|series| series.id == id).cloned());
        let unknown = || Fault {
            detail: words::office::say().series_gone.to_owned(),
            ..fields::fault("/from", Code::Malformed)
        };
        let (series, revision) = known.zip(self.seen.get_value()).ok_or_else(unknown)?;
        // What was decided about single days from here on is decided anew.
        let exceptions: Map<String, Value> = series
            .recurrence
            .exceptions
            .range(original..)
            .map(|(day, _)| (day.to_string(), Value::Null))
            .collect();
        let mut changes = match self.act {
            Act::Hold => {
                let Exception::Held { day, times } = self.held()? else {
                    return Ok(None);
                };
                if Some(day) != shown {
                    return Err(Fault {
                        detail: words::office::say().same_day_only.to_owned(),
                        ..fields::fault(STARTS, Code::Malformed)
                    });
                }
                json!({"recurrence": {"times": times, "exceptions": exceptions}})
            }
            _ => {
                let eve = original.yesterday().unwrap_or(original);
                let last = match series.recurrence.until {
                    Until::Day(last) => last.min(eve),
                    Until::Open | Until::Count(_) => eve,
                };
                json!({"recurrence": {"until": Until::Day(last), "exceptions": exceptions}})
            }
        };
        for said in ["text", "freeze_reason"] {
            if let Some(said_so) = body.get(said) {
                changes[said] = said_so.clone();
            }
        }
        let begins = series.recurrence.since.max(Some(series.recurrence.first));
        let now = self.plan.desk.now.get_untracked();
        let is_left = series.upcoming.iter().any(|one| one.original < original && one.starts_at > now);
        Ok(Some(Later {
            // What lies before it stays as it is; where nothing does, the whole series is meant, and so it is where it just ends sooner.
            from: (self.act == Act::Hold && Some(original) > begins).then_some(original),
            ends: self.act == Act::Skip && !is_left,
            revision,
            changes,
        }))
    }

    fn send(self) {
        self.faults.0.set(Vec::new());
        self.plan.desk.hush();
        let body = match self.body() {
            Ok(body) => body,
            Err(fault) => return self.faults.show(vec![fault]),
        };
        let later = match self.later(&body) {
            Ok(later) => later,
            Err(fault) => return self.faults.show(vec![fault]),
        };
        let Some(key) = self.once.begin() else { return };
        let (series, original) = self.day.with_untracked(|day| (day.series.to_string(), day.original));
        spawn_local(async move {
            let day = original.to_string();
            let outcome = match (self.act, later) {
                (_, Some(later)) if later.ends => calls::end_series(&series, later.changes.get("text"), &key).await,
                (_, Some(later)) => calls::edit_series(&series, later.from, later.revision, &later.changes, &key).await,
                (Act::Announce, None) => calls::announce(&series, &day, &body, &key).await,
                (Act::Skip | Act::Hold | Act::TakeBack, None) => calls::decide(&series, &day, &body, &key).await,
            };
            let Some(outcome) = self.once.ended(outcome) else { return };
            match outcome {
                Ok(series) => {
                    self.plan.open.set(None);
                    let reach = match self.reach.get_untracked() {
                        Reach::This => "",
                        Reach::ThisAndLater => words::office::say().and_later,
                    };
                    let done = format!("{}: {}, {}{reach}", self.act.done(), series.id, words::day(original));
                    self.plan.changed(series, done);
                    fields::focus("heading");
                }
                Err(failure @ Failure::Waits(_)) => {
                    self.plan.open.set(None);
                    self.plan.desk.refresh_all();
                    self.plan.desk.failed(&failure);
                    fields::focus("heading");
                }
                Err(Failure::NoAnswer) => self.plan.desk.lost(words::office::say().unanswered_plan.to_owned()),
                Err(failure) => {
                    let found = failure.faults();
                    if found.is_empty() {
                        self.plan.desk.failed(&failure);
                    } else {
                        self.faults.show(found);
                    }
                }
            }
        });
    }
}
