//! What is in the way of planned work at the time that stands in the form, each with its way out; and the next time at which nothing is.

use api::{Answer, Check, Reason, What};
use domain::freeze::Level;
use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    calls,
    desk::Desk,
    draft::Draft,
    failure::Failure,
    fields::{self, Faults, label},
    route::Route,
    settled::ask_when_settled,
    words,
};

/// The work about which it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Work {
    services: Vec<String>,
    from: Timestamp,
    to: Timestamp,
    /// The notice itself, which is not in its own way.
    own: Option<String>,
}

async fn ask(work: Option<Work>) -> Option<Result<Check, Failure>> {
    let work = work?;
    Some(calls::check(&work.services, work.from, work.to, work.own.as_deref()).await)
}

/// The field for the reason, where one is asked for.
pub(crate) fn reason(faults: Faults, is_asked: Memo<bool>, reason: RwSignal<String>) -> AnyView {
    let label = label("/freeze_reason", words::say().freeze_reason, words::say().freeze_reason_hint);
    let is_shown = Memo::new(move |_| is_asked.get() || reason.with(|reason| !reason.is_empty()) || !faults.at(label.pointer).is_empty());
    view! { <div hidden=move || !is_shown.get() data-test="freeze-reason">{fields::line(faults, label, "text", reason)}</div> }.into_any()
}

/// The list below the times of a maintenance.
pub(crate) fn view(desk: Desk, draft: Draft, own: Option<String>, faults: Faults, typed: RwSignal<String>) -> AnyView {
    let work = Memo::new(move |_| {
        let (from, to) = (draft.starts_at.at()?, draft.ends_at.at()?);
        let services: Vec<String> = draft.services.with(|services| services.iter().map(ToString::to_string).collect());
        (from < to && !services.is_empty()).then(|| Work {
            services,
            from,
            to,
            own: own.clone(),
        })
    });
    let found = RwSignal::new(None::<Check>);
    ask_when_settled(work, ask, move |answer| match answer {
        Some(Ok(check)) => found.set(Some(check)),
        Some(Err(Failure::SignedOut)) => desk.failed(&Failure::SignedOut),
        // Whatever else it is, the server asks for what it needs when it is sent.
        Some(Err(_)) | None => found.set(None),
    });
    let wants_reason = Memo::new(move |_| found.with(|found| found.as_ref().is_some_and(takes_reason)));
    view! {
        <div aria-live="polite">{move || found.get().map(|check| told(desk, draft, faults, &check))}</div>
        {reason(faults, wants_reason, typed)}
    }
    .into_any()
}

fn takes_reason(check: &Check) -> bool {
    let is_one = |reason: &Reason| matches!(reason.what, What::Freeze { level: Level::Reason, .. });
    check.reasons.iter().any(is_one)
}

fn told(desk: Desk, draft: Draft, faults: Faults, check: &Check) -> AnyView {
    if check.reasons.is_empty() {
        return view! { <p class="quiet" data-test="obstacles-none">{words::say().obstacles_none}</p> }.into_any();
    }
    let list = check
        .reasons
        .iter()
        .map(|reason| view! { <li>{one(desk, reason)}</li> })
        .collect_view();
    let free = check.next_free.filter(|_| check.verdict == Answer::Wait).map(|free| {
        let take = move |_| {
            for pointer in ["/starts_at", "/ends_at"] {
                faults.touched(pointer);
            }
            draft.starts_at.set(Some(free.from));
            draft.ends_at.set(Some(free.to));
            // The button goes with what it was about.
            fields::focus(&fields::element_id("/starts_at"));
        };
        view! {
            <p>{words::say().next_free} " " {desk.zone().window(free.from, free.to, desk.now.get_untracked())}</p>
            <div class="row"><button type="button" class="small" data-test="take-free" on:click=take>{words::say().take_free}</button></div>
        }
    });
    let never = (check.verdict == Answer::No).then(|| view! { <p>{words::say().never_free}</p> });
    view! {
        <div class="note obstacles" data-test="obstacles">
            <p><strong>{words::say().obstacles}</strong></p>
            <ul>{list}</ul>
            {free}
            {never}
        </div>
    }
    .into_any()
}

/// One thing that is in the way.
fn one(desk: Desk, reason: &Reason) -> AnyView {
    let window = desk.zone().window(reason.from, reason.to, desk.now.get_untracked());
    match &reason.what {
        What::Freeze { name, level, .. } => {
            let text = words::freeze(name.as_deref(), *level);
            view! { {text} " " {window} }.into_any()
        }
        What::Notice { id, relation } => {
            let which = id.as_ref().map(ToString::to_string);
            let link = which.map(|id| {
                let href = Route::Notice(id.clone()).href();
                view! { " " <a href=href>{id}</a> }
            });
            view! { {words::other_work(*relation)} {link} ": " {window} }.into_any()
        }
        What::Occurrence { series, relation, .. } => {
            let which = series.as_ref().map(|id| format!(" {id}"));
            view! { {words::other_work(*relation)} {which} ": " {window} }.into_any()
        }
    }
}
