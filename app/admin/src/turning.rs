//! The point of no return of planned work: how long rolling back takes, as it is planned; and the question when it has come, with the time that is
//! left against the time that rolling back takes.

use domain::{
    access::Role,
    notice::{Decision, Notice},
    text::Localized,
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

use crate::{
    calls, clock,
    desk::Desk,
    draft::Draft,
    failure::Failure,
    fields::{self, Faults, label},
    once::Once,
    words::{self, prepared},
};

/// How long rolling back may take, in minutes, to choose from.
const LENGTHS: [u16; 7] = [15, 30, 45, 60, 90, 120, 240];

/// The field by which somebody says how long rolling back takes. A length that others have written stays to be chosen.
pub(crate) fn field(faults: Faults, draft: Draft) -> AnyView {
    let mut lengths: Vec<u16> = LENGTHS.into_iter().chain(draft.rollback_minutes.get_untracked()).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let said = |minutes: u16| (Some(minutes), words::span(minutes.into()));
    let options = std::iter::once((None, words::no_rollback().to_owned())).chain(lengths.into_iter().map(said));
    fields::choice(
        faults,
        label("/rollback_minutes", words::rollback(), words::rollback_hint()),
        options.collect(),
        draft.rollback_minutes,
    )
}

/// What the question and its answers share.
#[derive(Clone, Copy)]
struct Question {
    desk: Desk,
    notice: Memo<Option<Notice>>,
    once: Once,
    /// Whether rolling back was chosen, and is asked for once more.
    rolls_back: RwSignal<bool>,
    changed: Callback<Notice>,
}

/// The question for work that goes on, and what was answered; nothing for anything else.
pub(crate) fn question(desk: Desk, notice: Memo<Option<Notice>>, changed: Callback<Notice>) -> AnyView {
    let question = Question {
        desk,
        notice,
        once: Once::new(),
        rolls_back: RwSignal::new(false),
        changed,
    };
    let is_open = Memo::new(move |_| {
        let now = desk.now.get();
        notice.with(|notice| notice.as_ref().is_some_and(|notice| notice.can_be_decided(now)))
    });
    let may = move || {
        notice.with(|notice| {
            notice
                .as_ref()
                .is_some_and(|notice| desk.may_on(Role::Publisher, &notice.content, &notice.shown_on))
        })
    };
    view! {
        <div hidden=move || !is_open.get()>
            {move || is_open.get().then(|| view! {
                <div class="step" data-test="turning">
                    <p class:late=move || question.has_come()>{move || question.told()}</p>
                    {move || may().then(|| question.answers())}
                </div>
            })}
        </div>
        {move || question.answered().map(|told| view! { <p class="quiet" data-test="decided">{told}</p> })}
    }
    .into_any()
}

impl Question {
    fn has_come(self) -> bool {
        let now = self.desk.now.get();
        self.notice
            .with(|notice| notice.as_ref().is_some_and(|notice| notice.has_to_be_decided(now)))
    }

    /// Until when somebody has to decide; from then on, what is left of the window.
    fn told(self) -> Option<String> {
        let now = self.desk.now.get();
        self.notice.with(|notice| {
            let notice = notice.as_ref()?;
            let (until, end) = (notice.decide_until()?, notice.content.ends_at?);
            let takes = words::span(notice.content.rollback_minutes?.into());
            Some(if now < until {
                let moment = self.desk.zone().moment(until, now);
                words::decide_until(&moment, &words::span(clock::minutes_between(now, until)), &takes)
            } else {
                words::decide_now(&words::span(clock::minutes_between(now, end).max(0)), &takes)
            })
        })
    }

    fn answers(self) -> AnyView {
        let told = move || {
            self.rolls_back.get().then(|| {
                let text = self.notice.with(|notice| notice.as_ref().map(rolled_back).unwrap_or_default());
                view! {
                    <p>{words::rollback_told()}</p>
                    <blockquote lang=Desk::language_of(&text)>{Desk::text(&text)}</blockquote>
                    <div class="row">
                        <button type="button" class="danger" data-test="roll-back-confirm" aria-disabled=move || self.once.is_busy()
                            on:click=move |_| self.decide(Decision::RollBack)>{words::rollback_confirm()}</button>
                        <button type="button" on:click=move |_| self.rolls_back.set(false)>{words::say().cancel}</button>
                    </div>
                }
            })
        };
        view! {
            <div class="row" hidden=move || self.rolls_back.get()>
                <button type="button" data-test="go-on" aria-disabled=move || self.once.is_busy() hidden=move || !self.has_come()
                    on:click=move |_| self.decide(Decision::GoOn)>{words::go_on()}</button>
                <button type="button" data-test="roll-back" on:click=move |_| self.rolls_back.set(true)>{words::roll_back()}</button>
            </div>
            {told}
        }
        .into_any()
    }

    /// What was decided last, by whom, and when.
    fn answered(self) -> Option<String> {
        let now = self.desk.now.get();
        self.notice.with(|notice| {
            let decided = notice.as_ref()?.decided.as_ref()?;
            let moment = self.desk.zone().moment(decided.at, now);
            Some(words::decided(decided.decision, words::author(&decided.by), &moment))
        })
    }

    fn decide(self, decision: Decision) {
        let Some(key) = self.once.begin() else { return };
        self.desk.hush();
        let (id, text) = self.notice.with_untracked(|notice| {
            let text = notice.as_ref().filter(|_| decision == Decision::RollBack).map(rolled_back);
            (
                notice.as_ref().map(|notice| notice.id.to_string()).unwrap_or_default(),
                text.unwrap_or_default(),
            )
        });
        spawn_local(async move {
            let outcome = calls::act(&id, "updates", &json!({"decision": decision, "text": text}), &key).await;
            let Some(outcome) = self.once.ended(outcome) else { return };
            match outcome {
                Ok(notice) => {
                    self.rolls_back.set(false);
                    self.desk.refresh_all();
                    self.desk.say(format!("{}: {}", words::has_decided(decision), notice.id));
                    self.changed.run(notice);
                    fields::focus("heading");
                }
                Err(Failure::NoAnswer) => self.desk.lost(words::say().step_unanswered.to_owned()),
                Err(failure) => self.desk.failed(&failure),
            }
        });
    }
}

/// What people are told of work that is rolled back, in the languages in which they read of it.
fn rolled_back(notice: &Notice) -> Localized {
    let languages = notice.content.title.iter().map(|(language, _)| language);
    languages.fold(Localized::default(), |text, language| {
        match prepared::rolled_back(language.as_str()) {
            Some(said) => text.with(language.clone(), said),
            None => text,
        }
    })
}
