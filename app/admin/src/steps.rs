//! What can be done with a notice that exists: add an update, give a new end, end it, call it off. Each opens a small form in
//! the page, which is also the confirmation: nothing final happens with one tap.

use domain::{
    access::Role,
    notice::{Notice, Transition, successors},
    text::Localized,
};
use jiff::Timestamp;
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wire::{Kind, Stage};

use crate::{
    api, clock,
    desk::Desk,
    draft::{Moment, Variants},
    drift,
    failure::Failure,
    fields::{self, Faults, Size, label},
    publishing,
    route::Route,
    unsaved, words,
};

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Update,
    Make(Transition),
}

impl Action {
    /// The word in the API's path.
    const fn path(self) -> &'static str {
        match self {
            Self::Update => "updates",
            Self::Make(transition) => transition.word(),
        }
    }

    /// The name by which tests find the button that opens it.
    const fn test(self) -> &'static str {
        match self {
            Self::Update => "add-update",
            Self::Make(transition) => transition.word(),
        }
    }
}

/// Every action, the likeliest first.
const ACTIONS: [Action; 9] = [
    Action::Update,
    Action::Make(Transition::Publish),
    Action::Make(Transition::Extend),
    Action::Make(Transition::Resolve),
    Action::Make(Transition::Start),
    Action::Make(Transition::Complete),
    Action::Make(Transition::Cancel),
    Action::Make(Transition::Withdraw),
    Action::Make(Transition::Reopen),
];

/// What was typed into a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Typed {
    text: Localized,
    stage: Option<Stage>,
    ends_at: Option<Timestamp>,
    end_unknown: bool,
    next_update_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    sent: Option<Sent>,
}

/// What was sent and not answered: under which key, and at which revision of the notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sent {
    key: String,
    revision: u32,
}

/// Where the storage keeps what is typed into a step.
fn place(id: &str, action: Action) -> String {
    format!("{}/{}", Route::Notice(id.to_owned()).hash(), action.path())
}

/// What this role may do with this notice, the likeliest first.
fn possible(notice: &Notice, now: Timestamp, role: impl Fn(Role) -> bool) -> Vec<Action> {
    let (kind, stage) = (notice.content.kind, notice.stage_at(now));
    let needed = if stage.is_none() { Role::Editor } else { Role::Publisher };
    let is_possible = |action: &Action| match action {
        Action::Update => role(Role::Publisher) && stage.is_some_and(|stage| !stage.is_final()),
        Action::Make(transition) => {
            let sensible = match transition {
                Transition::Publish => role(Role::Publisher),
                Transition::Cancel => role(needed),
                // An information that has had its day is withdrawn by the same button; a discarded draft was never open.
                Transition::Withdraw => role(Role::Publisher) && kind != Kind::Information && notice.published_at.is_some(),
                Transition::Reopen => role(Role::Publisher) && notice.published_at.is_some(),
                _ => role(Role::Publisher),
            };
            sensible && transition.leads_to(kind, stage).is_ok()
        }
    };
    ACTIONS.into_iter().filter(is_possible).collect()
}

/// Buttons for all that is possible, and the form of the one that is chosen.
pub(crate) fn panel(desk: Desk, notice: Memo<Option<Notice>>, changed: Callback<Notice>) -> AnyView {
    let possible = Memo::new(move |_| {
        let now = desk.now.get();
        notice.with(|notice| {
            notice
                .as_ref()
                .map(|notice| possible(notice, now, |role| desk.may(role)))
                .unwrap_or_default()
        })
    });
    let may_edit = Memo::new(move |_| {
        let now = desk.now.get();
        notice.with(|notice| {
            notice.as_ref().is_some_and(|notice| match notice.stage_at(now) {
                None => desk.may(Role::Editor),
                Some(stage) => !stage.is_final() && desk.may(Role::Publisher),
            })
        })
    });
    let id = notice.with_untracked(|notice| notice.as_ref().map(|notice| notice.id.to_string()).unwrap_or_default());
    let typed = {
        let id = id.clone();
        move |action: Action| unsaved::at::<Typed>(&place(&id, action))
    };
    // What was typed before a reload stands there again.
    let open = RwSignal::new(possible.with_untracked(|possible| possible.iter().copied().find(|action| typed(*action).is_some())));
    let stranded = RwSignal::new(ACTIONS.into_iter().filter(|action| typed(*action).is_some()).collect::<Vec<_>>());
    let buttons = move || {
        let (kind, draft) = notice.with(|notice| {
            notice
                .as_ref()
                .map_or((Kind::Outage, true), |notice| (notice.content.kind, notice.stage.is_none()))
        });
        let button = |action: Action| {
            let text = match action {
                Action::Update => words::ADD_UPDATE,
                Action::Make(transition) => words::step(transition, kind, draft).open,
            };
            let toggle = move |_| {
                open.update(|open| *open = if *open == Some(action) { None } else { Some(action) });
                if open.get_untracked().is_some() {
                    request_animation_frame(|| {
                        fields::focus("step");
                    });
                }
            };
            let main = matches!(action, Action::Update | Action::Make(Transition::Publish));
            view! {
                <button type="button" class=if main { "primary" } else { "" } data-test=action.test()
                    aria-expanded=move || (open.get() == Some(action)).to_string() aria-controls="step" on:click=toggle>{text}</button>
            }
        };
        possible.get().into_iter().map(button).collect_view()
    };
    let shown_id = id.clone();
    let edit = move || {
        may_edit.get().then(|| {
            view! { <a class="button" href=Route::Edit(id.clone()).hash() data-test="edit">{words::EDIT}</a> }
        })
    };
    let left = move || {
        let possible = possible.get();
        let texts = stranded
            .get()
            .into_iter()
            .filter(|action| !possible.contains(action))
            .filter_map(|action| {
                let place = place(&shown_id, action);
                let text = unsaved::at::<Typed>(&place)
                    .map(|typed| Desk::german(&typed.what.text))
                    .filter(|text| !text.is_empty())?;
                let discard = move |_| {
                    unsaved::keep::<Typed>(&place, None);
                    stranded.update(|stranded| stranded.retain(|other| *other != action));
                };
                Some(view! {
                    <div class="note" data-test="stranded">
                        <div><p>{words::STEP_STRANDED}</p><p class="prose">{text}</p></div>
                        <button type="button" class="small" on:click=discard>{words::DISCARD_INPUT}</button>
                    </div>
                })
            });
        texts.collect_view()
    };
    let nothing = move || possible.with(Vec::is_empty) && !may_edit.get();
    view! {
        {left}
        <section class="steps" aria-labelledby="steps-heading" hidden=nothing>
            <h2 id="steps-heading">{words::ACTIONS}</h2>
            <div class="row actions">{buttons}{edit}</div>
            <div id="step" tabindex="-1">
                {move || open.get().and_then(|action| {
                    let present = notice.get_untracked()?;
                    Some(step(desk, &present, notice, action, open, changed))
                })}
            </div>
        </section>
    }
    .into_any()
}

/// The end with which a window that begins early keeps its length, and how to say so.
fn early_end(desk: Desk, notice: &Notice, action: Action) -> Option<(Timestamp, String)> {
    let now = desk.now.get_untracked();
    let (starts_at, ends_at) = (notice.content.starts_at?, notice.content.ends_at?);
    if action != Action::Make(Transition::Start) || starts_at <= now {
        return None;
    }
    let zone = desk.zone();
    let minutes = clock::minutes_between(starts_at, ends_at);
    let window = words::window(&zone.moment(starts_at, now), &zone.moment(ends_at, now));
    Some((clock::later(now, minutes), words::begins_early(&window, &words::span(minutes))))
}

/// The form of one action.
fn step(
    desk: Desk,
    notice: &Notice,
    latest: Memo<Option<Notice>>,
    action: Action,
    open: RwSignal<Option<Action>>,
    changed: Callback<Notice>,
) -> AnyView {
    let (zone, languages, kind) = (desk.zone(), desk.languages(), notice.content.kind);
    let draft = notice.stage.is_none();
    let current = notice.stage_at(desk.now.get_untracked());
    let faults = Faults::new();
    let language = RwSignal::new(0_usize);
    let id = notice.id.to_string();
    let kept_at = place(&id, action);
    let before = unsaved::at::<Typed>(&kept_at).map(|typed| typed.what);
    let extends = action == Action::Make(Transition::Extend);
    let early = early_end(desk, notice, action);
    let first = Typed {
        ends_at: early.as_ref().map(|(end, _)| *end),
        ..Typed::default()
    };
    let restored = RwSignal::new(before.is_some());
    let start = before.unwrap_or_else(|| first.clone());
    let text = Variants::new(&languages, &start.text);
    let stage = RwSignal::new(start.stage);
    let ends_at = Moment::end(start.ends_at, &zone);
    let (next_update_at, ended_at) = (Moment::new(start.next_update_at, &zone), Moment::new(start.ended_at, &zone));
    let end_unknown = RwSignal::new(start.end_unknown);
    let busy = RwSignal::new(false);
    let sent = RwSignal::new(start.sent);
    let typed = Memo::new(move |_| Typed {
        text: text.text(),
        stage: stage.get(),
        ends_at: ends_at.at(),
        end_unknown: end_unknown.get(),
        next_update_at: next_update_at.at(),
        ended_at: ended_at.at(),
        sent: sent.get(),
    });
    let done = StoredValue::new(false);
    let (first_typed, place_typed) = (first.clone(), kept_at.clone());
    Effect::new(move |_| {
        let typed = typed.get();
        if !done.get_value() {
            unsaved::keep(&place_typed, (typed != first_typed).then_some(typed));
        }
    });
    let discard = move |_| {
        text.set(&Localized::default());
        stage.set(None);
        ends_at.set(first.ends_at);
        end_unknown.set(false);
        next_update_at.set(None);
        ended_at.set(None);
        restored.set(false);
        fields::focus("step");
    };
    let said = match action {
        Action::Update => words::Step {
            open: "",
            question: "",
            confirm: words::SEND_UPDATE,
            done: words::UPDATE_SENT,
        },
        Action::Make(transition) => words::step(transition, kind, draft),
    };
    let confirm = said.confirm;
    let is_past = notice.content.ends_at.is_some_and(|end| end <= desk.now.get_untracked());
    let asks_end = extends || early.is_some() || (action == Action::Make(Transition::Reopen) && is_past);
    let (asked_id, place_asked) = (id.clone(), kept_at.clone());
    let ends = matches!(action, Action::Make(Transition::Resolve | Transition::Complete));
    // Publishing and discarding a draft need no words; they are not part of the record that people read.
    let speaks = !draft;

    // Once the server answers again: what became of that which got no answer.
    Effect::new(move |_| {
        desk.tick.track();
        let Some(asked) = sent.get_untracked() else { return };
        let (id, place) = (asked_id.clone(), place_asked.clone());
        spawn_local(async move {
            let Ok(notice) = api::notice(&id).await else { return };
            if busy.try_get_untracked() != Some(false) || sent.try_get_untracked().flatten().as_ref() != Some(&asked) {
                return;
            }
            sent.set(None);
            let said_now = typed.get_untracked().text;
            if notice.revision == asked.revision {
                desk.warn(words::STEP_NOT_ARRIVED.to_owned());
            } else if !said_now.is_empty() && notice.updates.last().is_some_and(|update| update.text == said_now) {
                done.set_value(true);
                unsaved::keep::<Typed>(&place, None);
                open.set(None);
                desk.refresh_all();
                desk.say(format!("{}: {}", said.done, notice.id));
                changed.run(notice);
            } else {
                changed.run(notice);
                desk.warn(words::STEP_PERHAPS.to_owned());
            }
        });
    });
    let send = move |_| {
        if busy.get_untracked() {
            return;
        }
        faults.0.set(Vec::new());
        desk.hush();
        let said_now = typed.get_untracked();
        let mut body = Map::new();
        if !said_now.text.is_empty() {
            body.insert("text".to_owned(), serde_json::to_value(&said_now.text).unwrap_or_default());
        }
        let mut put = |name: &str, at: Option<jiff::Timestamp>| {
            if let Some(at) = at {
                body.insert(name.to_owned(), Value::String(at.to_string()));
            }
        };
        put("next_update_at", said_now.next_update_at);
        put("ended_at", said_now.ended_at);
        if asks_end && !said_now.end_unknown {
            put("ends_at", said_now.ends_at);
        }
        if asks_end && said_now.end_unknown {
            body.insert("end_certainty".to_owned(), "unknown".into());
        }
        if let Some(stage) = said_now.stage {
            body.insert("stage".to_owned(), stage.word().into());
        }
        let (id, kept_at) = (id.clone(), kept_at.clone());
        let key = said_now.sent.map_or_else(unsaved::fresh_key, |sent| sent.key);
        let revision = latest.with_untracked(|latest| latest.as_ref().map(|latest| latest.revision).unwrap_or_default());
        busy.set(true);
        sent.set(Some(Sent {
            key: key.clone(),
            revision,
        }));
        spawn_local(async move {
            let outcome = api::act(&id, action.path(), &Value::Object(body), &key).await;
            if outcome.is_ok() {
                // Also when its author has left for another page meanwhile.
                unsaved::keep::<Typed>(&kept_at, None);
            }
            if busy.try_set(false).is_some() {
                return;
            }
            if !matches!(outcome, Err(Failure::NoAnswer)) {
                sent.set(None);
            }
            match outcome {
                Ok(notice) => {
                    done.set_value(true);
                    open.set(None);
                    desk.refresh_all();
                    desk.say(format!("{}: {}", said.done, notice.id));
                    if draft && action == Action::Make(Transition::Cancel) {
                        desk.go_with(&Route::Overview, format!("{}: {}", said.done, notice.id));
                    } else {
                        changed.run(notice);
                        fields::focus("heading");
                    }
                }
                Err(Failure::NoAnswer) => desk.lost(words::STEP_UNANSWERED.to_owned()),
                Err(failure) => {
                    let found = failure.faults();
                    if let Some(first) = found.first().map(|fault| fault.pointer.clone()) {
                        faults.0.set(found);
                        request_animation_frame(move || Faults::focus(&first));
                    } else {
                        desk.failed(&failure);
                    }
                }
            }
        });
    };

    let touched = (action == Action::Make(Transition::Publish)).then(|| {
        let reach = publishing::reach(desk, &notice.content, desk.now.get_untracked());
        let left = unsaved::at::<Vec<drift::Left>>(&drift::place(notice.id.as_str())).map(|left| drift::of_saved(&left.what));
        view! { <p data-test="reach">{reach}</p>{left.map(|left| view! { <p class="late" data-test="sheet-drift">{left}</p> })} }
    });
    let shifted = early.map(|(_, told)| view! { <p data-test="begins-early">{told}</p> });
    let stages = (action == Action::Update).then(|| {
        // What ends the notice has a button and a confirmation of its own.
        let next = current
            .map(successors)
            .unwrap_or_default()
            .iter()
            .filter(|stage| !stage.is_final() && **stage != Stage::InProgress);
        let mut options = vec![(None, words::unchanged(current))];
        options.extend(next.map(|stage| (Some(*stage), words::stage(Some(*stage)).to_owned())));
        (options.len() > 1).then(|| fields::choice(faults, label("/stage", words::NEW_STAGE, ""), options, stage))
    });
    let new_end = asks_end.then(|| {
        let field = fields::moment(
            faults,
            label("/ends_at", words::NEW_END, ""),
            ends_at,
            move || desk.now.get(),
            Some(|now| now),
        );
        let unknown = (extends && kind != Kind::Maintenance).then(|| {
            view! {
                <label class="option">
                    <input type="checkbox" data-test="end-unknown" prop:checked=move || end_unknown.get()
                        on:change:target=move |ev| end_unknown.set(ev.target().checked()) />
                    <span>{words::NEW_END_UNKNOWN}</span>
                </label>
            }
        });
        view! { <div hidden=move || end_unknown.get()>{field}</div>{unknown} }
    });
    let next_update = (action == Action::Update || extends).then(|| {
        fields::moment(
            faults,
            label("/next_update_at", words::NEXT_UPDATE_FIELD, words::NEXT_UPDATE_KEEP_HINT),
            next_update_at,
            move || desk.now.get(),
            Some(|now| now),
        )
    });
    let over_since = ends.then(|| {
        fields::moment(
            faults,
            label("/ended_at", words::ENDED_AT, words::ENDED_AT_HINT),
            ended_at,
            move || desk.now.get(),
            None,
        )
    });
    let written = move |language: &domain::text::Language| text.text().get(language).is_some();
    let text_label = if action == Action::Update {
        words::UPDATE_TEXT
    } else {
        words::UPDATE_OPTIONAL
    };
    let prose = speaks.then(|| {
        view! {
            {fields::languages(&languages, language, written)}
            <div data-test="update-texts">{fields::variants(faults, label("/text", text_label, ""), Size::Prose, &languages, language, text)}</div>
        }
    });
    let danger = matches!(action, Action::Make(Transition::Cancel | Transition::Withdraw));
    view! {
        <div class="step" data-test=format!("step-{}", action.test())>
            {(!said.question.is_empty()).then(|| view! { <p><strong>{said.question}</strong></p> })}
            {touched}
            {shifted}
            <div class="note" data-test="step-restored" hidden=move || !restored.get()>
                <p>{words::RESTORED}</p>
                <button type="button" class="small" data-test="step-discard" on:click=discard>{words::DISCARD_INPUT}</button>
            </div>
            {faults.summary(move |pointer| {
                let tag = pointer.split('/').nth(2).map(str::to_owned);
                let place = tag.and_then(|tag| desk.languages().iter().position(|language| language.as_str() == tag));
                language.set(place.unwrap_or(0));
            })}
            {new_end}
            {prose}
            {stages}
            {next_update}
            {over_since}
            <div class="row">
                <button type="button" class=if danger { "danger" } else { "primary" } data-test=format!("{}-confirm", action.test())
                    aria-disabled=move || busy.get().to_string() on:click=send>{confirm}</button>
                <button type="button" data-test="step-cancel" on:click=move |_| {
                    open.set(None);
                    fields::focus("steps-heading");
                }>{words::CANCEL}</button>
            </div>
        </div>
    }
    .into_any()
}
