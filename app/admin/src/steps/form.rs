//! The form of a step, as it opens under the buttons: what it asks depends on the step and on the notice.

use domain::{
    notice::{Decision, Notice, Transition, successors},
    text::{Language, Localized},
};
use jiff::Timestamp;
use leptos::prelude::*;
use wire::{Kind, Stage};

use super::{
    action::Action,
    news,
    send::Sending,
    typed::{OpenStep, Typed},
};
use crate::{
    clock,
    desk::Desk,
    drift,
    fields::{self, Faults, Size, label},
    obstacles, publishing, turning, unsaved, words,
};

/// The form of one action.
pub(super) fn step(
    desk: Desk,
    notice: &Notice,
    latest: Memo<Option<Notice>>,
    action: Action,
    open: RwSignal<Option<Action>>,
    changed: Callback<Notice>,
) -> AnyView {
    let early = early_end(desk, notice, action);
    let rolls_back = action == Action::Decide(Decision::RollBack);
    let first = Typed {
        ends_at: early.as_ref().map(|(end, _)| *end),
        text: if rolls_back {
            turning::rolled_back(notice)
        } else {
            Localized::default()
        },
        ..Typed::default()
    };
    let step = OpenStep::new(desk, notice.id.to_string(), action, first);
    step.keep_what_is_typed();
    let is_past = notice.content.ends_at.is_some_and(|end| end <= desk.now.get_untracked());
    let asks_end = action == Action::Make(Transition::Extend) || early.is_some() || (action == Action::Make(Transition::Reopen) && is_past);
    let said = action.said(notice);
    let form = Form {
        desk,
        step,
        faults: Faults::new(),
        language: RwSignal::new(0),
    };
    let sending = Sending {
        desk,
        step,
        faults: form.faults,
        busy: RwSignal::new(false),
        latest,
        open,
        changed,
        is_draft: notice.stage.is_none(),
        asks_end,
        done: said.done,
    };
    sending.follow_answers();

    let touched = (action == Action::Make(Transition::Publish)).then(|| touched(desk, notice));
    let shifted = early.map(|(_, told)| view! { <p data-test="begins-early">{told}</p> });
    let news = (action == Action::Update).then(|| news::prepared(desk, notice, step)).flatten();
    let stages = (action == Action::Update).then(|| form.stages(notice)).flatten();
    let new_end = asks_end.then(|| form.new_end(notice.content.kind));
    let next_update = matches!(action, Action::Update | Action::Make(Transition::Extend)).then(|| form.next_update());
    let over_since = matches!(action, Action::Make(Transition::Resolve | Transition::Complete)).then(|| form.over_since());
    let reason =
        (notice.content.kind == Kind::Maintenance).then(|| obstacles::reason(form.faults, Memo::new(|_| false), step.freeze_reason));
    // Publishing and discarding a draft need no words; they are not part of the record that people read.
    let is_told = notice.stage.is_some() && action != Action::Decide(Decision::GoOn);
    let prose = is_told.then(|| form.prose());
    view! {
        <div class="step" data-test=format!("step-{}", action.test())>
            {(!said.question.is_empty()).then(|| view! { <p><strong>{said.question}</strong></p> })}
            {touched}
            {shifted}
            <div class="note" data-test="step-restored" hidden=move || !step.restored.get()>
                <p>{words::say().restored}</p>
                <button type="button" class="small" data-test="step-discard"
                    on:click=move |_| step.discard()>{words::say().discard_input}</button>
            </div>
            {form.faults.summary(move |pointer| form.reveal(pointer))}
            {new_end}
            {news}
            {prose}
            {stages}
            {next_update}
            {over_since}
            {reason}
            {buttons(sending, said.confirm)}
        </div>
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
    let window = zone.window(starts_at, ends_at, now);
    Some((clock::later(now, minutes), words::begins_early(&window, &words::span(minutes))))
}

/// What publishing touches, and which languages were left behind.
fn touched(desk: Desk, notice: &Notice) -> AnyView {
    let reach = publishing::reach(desk, &notice.content, desk.now.get_untracked());
    let left = unsaved::at::<Vec<drift::Left>>(&drift::place(notice.id.as_str())).map(|left| drift::of_saved(&left.what));
    view! { <p data-test="reach">{reach}</p>{left.map(|left| view! { <p class="late" data-test="sheet-drift">{left}</p> })} }.into_any()
}

/// The button that takes the step, and the one that does not.
fn buttons(sending: Sending, confirm: &'static str) -> AnyView {
    let action = sending.step.action;
    let danger = matches!(
        action,
        Action::Make(Transition::Cancel | Transition::Withdraw) | Action::Decide(Decision::RollBack)
    );
    view! {
        <div class="row">
            <button type="button" class=if danger { "danger" } else { "primary" } data-test=format!("{}-confirm", action.test())
                aria-disabled=move || sending.busy.get().to_string() on:click=move |_| sending.send()>{confirm}</button>
            <button type="button" data-test="step-cancel" on:click=move |_| {
                sending.open.set(None);
                fields::focus("steps-heading");
            }>{words::say().cancel}</button>
        </div>
    }
    .into_any()
}

/// What the fields of the form share.
#[derive(Clone, Copy)]
struct Form {
    desk: Desk,
    step: OpenStep,
    faults: Faults,
    /// The place of the language in which the text is typed.
    language: RwSignal<usize>,
}

impl Form {
    /// Makes the language of a pointer such as `/text/en` the chosen one.
    fn reveal(self, pointer: &str) {
        let tag = pointer.split('/').nth(2).map(str::to_owned);
        let place = tag.and_then(|tag| self.desk.languages().iter().position(|language| language.as_str() == tag));
        self.language.set(place.unwrap_or(0));
    }

    /// To which stage the update leads; nothing where there is but the present one.
    fn stages(self, notice: &Notice) -> Option<AnyView> {
        let current = notice.stage_at(self.desk.now.get_untracked());
        // What ends the notice has a button and a confirmation of its own.
        let next = current
            .map(successors)
            .unwrap_or_default()
            .iter()
            .filter(|stage| !stage.is_final() && **stage != Stage::InProgress);
        let mut options = vec![(None, words::unchanged(current))];
        options.extend(next.map(|stage| (Some(*stage), words::stage(Some(*stage)).to_owned())));
        (options.len() > 1).then(|| fields::choice(self.faults, label("/stage", words::say().new_stage, ""), options, self.step.stage))
    }

    fn new_end(self, kind: Kind) -> AnyView {
        let end_unknown = self.step.end_unknown;
        let field = fields::moment(
            self.faults,
            label("/ends_at", words::say().new_end, ""),
            self.step.ends_at,
            move || self.desk.now.get(),
            Some(|now| now),
        );
        let extends = self.step.action == Action::Make(Transition::Extend);
        let unknown = (extends && kind != Kind::Maintenance).then(|| {
            view! {
                <label class="option">
                    <input type="checkbox" data-test="end-unknown" prop:checked=move || end_unknown.get()
                        on:change:target=move |ev| end_unknown.set(ev.target().checked()) />
                    <span>{words::say().new_end_unknown}</span>
                </label>
            }
        });
        view! { <div hidden=move || end_unknown.get()>{field}</div>{unknown} }.into_any()
    }

    fn next_update(self) -> AnyView {
        fields::moment(
            self.faults,
            label(
                "/next_update_at",
                words::say().next_update_field,
                words::say().next_update_keep_hint,
            ),
            self.step.next_update_at,
            move || self.desk.now.get(),
            Some(|now| now),
        )
    }

    fn over_since(self) -> AnyView {
        fields::moment(
            self.faults,
            label("/ended_at", words::say().ended_at, words::say().ended_at_hint),
            self.step.ended_at,
            move || self.desk.now.get(),
            None,
        )
    }

    /// What is said to people about the step, in each language.
    fn prose(self) -> AnyView {
        let text = self.step.text;
        let languages = self.desk.languages();
        let written = move |language: &Language| text.text().get(language).is_some();
        let text_label = if matches!(self.step.action, Action::Update | Action::Decide(_)) {
            words::say().update_text
        } else {
            words::say().update_optional
        };
        let label = label("/text", text_label, "");
        view! {
            {fields::languages(&languages, self.language, written)}
            <div data-test="update-texts">{fields::variants(self.faults, label, Size::Prose, &languages, self.language, text)}</div>
        }
        .into_any()
    }
}
