//! The buttons for all that can be done with a notice, and the place where the form of the chosen one opens.

use domain::{
    access::Role,
    notice::{Notice, Transition},
};
use leptos::prelude::*;
use wire::{Kind, Stage};

use super::{
    action::{ACTIONS, Action, possible},
    form::step,
    typed::{kept, let_go},
};
use crate::{desk::Desk, fields, route::Route, words};

/// Buttons for all that is possible, and the form of the one that is chosen.
pub(crate) fn panel(desk: Desk, notice: Memo<Option<Notice>>, changed: Callback<Notice>) -> AnyView {
    let panel = Panel::new(desk, notice);
    let buttons = move || panel.buttons();
    let edit = move || panel.edit();
    let repeat = move || panel.repeat();
    let left = move || panel.stranded();
    let nothing = move || panel.possible.with(Vec::is_empty) && !panel.may_edit.get();
    // Whoever could do something elsewhere is told why there is nothing here.
    let elsewhere = move || {
        let is_over = notice.with(|notice| {
            notice
                .as_ref()
                .is_none_or(|notice| notice.stage_at(desk.now.get()).is_some_and(Stage::is_final))
        });
        (nothing() && !is_over && desk.may(Role::Publisher))
            .then(|| view! { <p class="note" data-test="not-there">{words::say().not_on_all_portals}</p> })
    };
    view! {
        {left}
        {elsewhere}
        <section class="steps" aria-labelledby="steps-heading" hidden=nothing>
            <h2 id="steps-heading">{words::say().actions}</h2>
            <div class="row actions">{buttons}{edit}{repeat}</div>
            <div id="step" tabindex="-1">
                {move || panel.open.get().and_then(|action| {
                    let present = notice.get_untracked()?;
                    Some(step(desk, &present, notice, action, panel.open, changed))
                })}
            </div>
        </section>
    }
    .into_any()
}

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct Panel {
    notice: Memo<Option<Notice>>,
    /// Of the notice.
    id: StoredValue<String>,
    possible: Memo<Vec<Action>>,
    may_edit: Memo<bool>,
    /// Whether it is planned work of which a series can be made.
    may_repeat: Memo<bool>,
    open: RwSignal<Option<Action>>,
    /// Into which something was typed before; what can no longer be sent is shown.
    stranded: RwSignal<Vec<Action>>,
}

impl Panel {
    fn new(desk: Desk, notice: Memo<Option<Notice>>) -> Self {
        let possible = Memo::new(move |_| {
            let now = desk.now.get();
            notice.with(|notice| {
                notice
                    .as_ref()
                    .map(|notice| possible(notice, now, |role| desk.may_on(role, &notice.content, &notice.shown_on)))
                    .unwrap_or_default()
            })
        });
        let may_edit = Memo::new(move |_| {
            let now = desk.now.get();
            notice.with(|notice| {
                notice.as_ref().is_some_and(|notice| match notice.stage_at(now) {
                    None => desk.may_on(Role::Editor, &notice.content, &notice.shown_on),
                    Some(stage) => !stage.is_final() && desk.may_on(Role::Publisher, &notice.content, &notice.shown_on),
                })
            })
        });
        let may_repeat = Memo::new(move |_| {
            let now = desk.now.get();
            notice.with(|notice| {
                notice.as_ref().is_some_and(|notice| {
                    let is_planned = notice.content.starts_at.is_some() && notice.content.ends_at.is_some();
                    let is_ahead = matches!(notice.stage_at(now), None | Some(Stage::Scheduled));
                    let may = || desk.may_on(Role::Publisher, &notice.content, &notice.shown_on);
                    notice.content.kind == Kind::Maintenance && is_planned && is_ahead && may()
                })
            })
        });
        let id = notice.with_untracked(|notice| notice.as_ref().map(|notice| notice.id.to_string()).unwrap_or_default());
        let is_kept = |action: &Action| kept(&id, *action).is_some();
        // What was typed before a reload stands there again.
        let open = RwSignal::new(possible.with_untracked(|possible| possible.iter().copied().find(is_kept)));
        let stranded = RwSignal::new(ACTIONS.into_iter().filter(is_kept).collect::<Vec<_>>());
        Self {
            notice,
            id: StoredValue::new(id),
            possible,
            may_edit,
            may_repeat,
            open,
            stranded,
        }
    }

    fn buttons(self) -> Vec<AnyView> {
        let possible = self.possible.get();
        self.notice.with(|notice| {
            let Some(notice) = notice else { return Vec::new() };
            let button = |action: Action| self.button(action, action.said(notice).open);
            possible.into_iter().map(button).collect()
        })
    }

    fn button(self, action: Action, text: &'static str) -> AnyView {
        let open = self.open;
        let toggle = move |_| {
            open.update(|open| *open = if *open == Some(action) { None } else { Some(action) });
            if open.get_untracked().is_some() {
                fields::focus_soon("step");
            }
        };
        let main = matches!(action, Action::Update | Action::Make(Transition::Publish));
        view! {
            <button type="button" class=if main { "primary" } else { "" } data-test=action.test()
                aria-expanded=move || (open.get() == Some(action)).to_string() aria-controls="step" on:click=toggle>{text}</button>
        }
        .into_any()
    }

    fn edit(self) -> Option<AnyView> {
        self.may_edit.get().then(|| {
            let address = Route::Edit(self.id.get_value()).href();
            view! { <a class="button" href=address data-test="edit">{words::say().edit}</a> }.into_any()
        })
    }

    fn repeat(self) -> Option<AnyView> {
        self.may_repeat.get().then(|| {
            let address = Route::Repeat(self.id.get_value()).href();
            view! { <a class="button" href=address data-test="repeat">{words::say().repeat}</a> }.into_any()
        })
    }

    /// What was typed into steps that are no longer possible.
    fn stranded(self) -> Vec<AnyView> {
        let possible = self.possible.get();
        let stranded = self.stranded.get().into_iter().filter(|action| !possible.contains(action));
        stranded.filter_map(|action| self.note(action)).collect()
    }

    fn note(self, action: Action) -> Option<AnyView> {
        let id = self.id.get_value();
        let text = kept(&id, action)
            .map(|typed| Desk::text(&typed.text))
            .filter(|text| !text.is_empty())?;
        let discard = move |_| {
            let_go(&id, action);
            self.stranded.update(|stranded| stranded.retain(|other| *other != action));
        };
        let note = view! {
            <div class="note" data-test="stranded">
                <div><p>{words::say().step_stranded}</p><p class="prose">{text}</p></div>
                <button type="button" class="small" on:click=discard>{words::say().discard_input}</button>
            </div>
        };
        Some(note.into_any())
    }
}
