//! What can be done with a notice that exists: add an update, give a new end, end it, call it off. Each opens a small form in
//! the page, which is also the confirmation: nothing final happens with one tap.

use domain::{
    notice::{Notice, Transition},
    role::Role,
    text::Localized,
    vocabulary::{Kind, Stage},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value};

use crate::{
    api,
    desk::Desk,
    draft::{Moment, Variants},
    fields::{self, Faults, Size, label},
    route::Route,
    words,
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

/// What this role may do with a notice of this kind in this stage, the likeliest first.
fn possible(kind: Kind, stage: Option<Stage>, role: impl Fn(Role) -> bool) -> Vec<Action> {
    let mut found = Vec::new();
    if role(Role::Publisher) && stage.is_some_and(|stage| !stage.is_final()) {
        found.push(Action::Update);
    }
    let order = [
        Transition::Publish,
        Transition::Extend,
        Transition::Resolve,
        Transition::Start,
        Transition::Complete,
        Transition::Cancel,
    ];
    let needed = if stage.is_none() {
        [Role::Publisher, Role::Editor]
    } else {
        [Role::Publisher; 2]
    };
    let may = |transition: Transition| role(if transition == Transition::Publish { needed[0] } else { needed[1] });
    found.extend(
        order
            .into_iter()
            .filter(|transition| transition.from(kind, stage).is_ok() && may(*transition))
            .map(Action::Make),
    );
    found
}

/// Buttons for all that is possible, and the form of the one that is chosen.
pub(crate) fn panel(desk: Desk, notice: Memo<Option<Notice>>, changed: Callback<Notice>) -> AnyView {
    let possible = Memo::new(move |_| {
        let now = desk.now.get();
        notice.with(|notice| {
            notice
                .as_ref()
                .map(|notice| possible(notice.content.kind, notice.stage_at(now), |role| desk.may(role)))
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
    let open = RwSignal::new(None::<Action>);
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
    let edit = move || {
        may_edit.get().then(|| {
            let id = notice.with_untracked(|notice| notice.as_ref().map(|notice| notice.id.to_string()).unwrap_or_default());
            view! { <a class="button" href=Route::Edit(id).hash() data-test="edit">{words::EDIT}</a> }
        })
    };
    let nothing = move || possible.with(Vec::is_empty) && !may_edit.get();
    view! {
        <section class="steps" aria-labelledby="steps-heading" hidden=nothing>
            <h2 id="steps-heading">{words::ACTIONS}</h2>
            <div class="row actions">{buttons}{edit}</div>
            <div id="step" tabindex="-1">
                {move || open.get().and_then(|action| {
                    let notice = notice.get_untracked()?;
                    Some(step(desk, &notice, action, open, changed))
                })}
            </div>
        </section>
    }
    .into_any()
}

/// The form of one action.
fn step(desk: Desk, notice: &Notice, action: Action, open: RwSignal<Option<Action>>, changed: Callback<Notice>) -> AnyView {
    let (zone, languages, kind) = (desk.zone(), desk.languages(), notice.content.kind);
    let draft = notice.stage.is_none();
    let current = notice.stage_at(desk.now.get_untracked());
    let faults = Faults::new();
    let language = RwSignal::new(0_usize);
    let text = Variants::new(&languages, &Localized::default());
    let stage = RwSignal::new(None::<Stage>);
    let (ends_at, next_update_at, ended_at) = (Moment::new(None, &zone), Moment::new(None, &zone), Moment::new(None, &zone));
    let end_unknown = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let id = notice.id.to_string();
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
    let extends = action == Action::Make(Transition::Extend);
    let ends = matches!(action, Action::Make(Transition::Resolve | Transition::Complete));
    // Publishing and discarding a draft need no words; they are not part of the record that people read.
    let speaks = !draft;

    let send = move |_| {
        if busy.get_untracked() {
            return;
        }
        faults.0.set(Vec::new());
        desk.hush();
        let (words_said, moments) = untrack(|| (text.text(), (ends_at.at(), next_update_at.at(), ended_at.at())));
        let mut body = Map::new();
        if !words_said.is_empty() {
            body.insert("text".to_owned(), serde_json::to_value(&words_said).unwrap_or_default());
        }
        let mut put = |name: &str, at: Option<jiff::Timestamp>| {
            if let Some(at) = at {
                body.insert(name.to_owned(), Value::String(at.to_string()));
            }
        };
        put("next_update_at", moments.1);
        put("ended_at", moments.2);
        if extends && !end_unknown.get_untracked() {
            put("ends_at", moments.0);
        }
        if extends && end_unknown.get_untracked() {
            body.insert("end_certainty".to_owned(), "unknown".into());
        }
        if let Some(stage) = stage.get_untracked() {
            body.insert("stage".to_owned(), stage.word().into());
        }
        let id = id.clone();
        busy.set(true);
        spawn_local(async move {
            let outcome = api::act(&id, action.path(), &Value::Object(body)).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(notice) => {
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

    let stages = (action == Action::Update).then(|| {
        // What ends the notice has a button and a confirmation of its own.
        let next = current
            .map(Stage::next)
            .unwrap_or_default()
            .iter()
            .filter(|stage| !stage.is_final() && **stage != Stage::InProgress);
        let mut options = vec![(None, words::unchanged(current))];
        options.extend(next.map(|stage| (Some(*stage), words::stage(Some(*stage)).to_owned())));
        (options.len() > 1).then(|| fields::choice(faults, label("/stage", words::NEW_STAGE, ""), options, stage))
    });
    let new_end = extends.then(|| {
        let field = fields::moment(
            faults,
            label("/ends_at", words::NEW_END, ""),
            ends_at,
            move || desk.now.get(),
            Some(|now| now),
        );
        let unknown = (kind != Kind::Maintenance).then(|| {
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
    let danger = matches!(action, Action::Make(Transition::Cancel));
    view! {
        <div class="step" data-test=format!("step-{}", action.test())>
            {(!said.question.is_empty()).then(|| view! { <p><strong>{said.question}</strong></p> })}
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
