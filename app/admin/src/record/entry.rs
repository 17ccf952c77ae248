//! One entry: a sentence, what it says or what has changed, and how its content is taken out.

use api::{Entry, JournalQuery, Order};
use domain::{
    access::{Role, Where},
    notice::Author,
    words::Subject,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{
    Board,
    changes::{self, Before},
    sentence::sentence,
};
use crate::{
    calls,
    desk::Desk,
    failure::Failure,
    fields::{self, Faults, label},
    once::Once,
    route::Route,
    words::{self, record::say},
};

pub(super) fn card(board: Board, entry: &Entry) -> AnyView {
    let desk = board.desk;
    let seq = entry.seq;
    let event = entry.event.clone();
    let what = event.as_ref().map_or_else(
        || say().gone.to_owned(),
        |event| sentence(event).unwrap_or_else(|| say().unread.to_owned()),
    );
    let at = desk.zone().second(entry.at, desk.now.get_untracked());
    let author = Author {
        id: entry.actor.clone(),
        name: entry.actor_name.clone(),
    };
    let name = words::author(&author);
    let who = (entry.actor.clone(), name.clone());
    let by = move |_| board.actor.set(Some(who.clone()));
    let about = entry.subject.name().map(|id| subject(board, &entry.subject, &id));
    let replaces = event.as_ref().is_some_and(changes::replaces);
    // A redaction stays, and what is gone is gone.
    let is_kept = event
        .as_ref()
        .is_none_or(|event| event.get("entry_redacted").is_some() || event.get("clock_confirmed").is_some());
    let details = event
        .filter(|event| changes::whole(event).is_some())
        .map(|event| content(desk, entry.subject.clone(), seq, event, replaces));
    let may = move || {
        desk.session.with(|session| {
            session
                .as_ref()
                .is_some_and(|session| session.grants.may(Role::Admin, Where::Everywhere))
        })
    };
    let button = format!("redact-{seq}");
    let is_open = board.opened.is(button.clone());
    let called = words::said_of(say().redact, &seq.to_string());
    let redact = (!is_kept).then(|| {
        view! {
            <div class="row" hidden=move || !may()>
                {board.opened.button(button, "redact", "small", || say().redact, move || Some(called.clone()))}
            </div>
            {move || is_open.get().then(|| form(board, seq))}
        }
    });
    view! {
        <article class="card" data-test=format!("entry-{seq}")>
            <p class="quiet meta"><span>{at}</span> <span>{words::record::number(seq)}</span> {about}</p>
            <p class="did"><button type="button" class="link" data-test="entry-by" on:click=by>{name}</button> " " {what}</p>
            {details}
            {redact}
        </article>
    }
    .into_any()
}

/// What it is about: for a notice the way to it, and the way to all about it.
fn subject(board: Board, subject: &Subject, id: &str) -> AnyView {
    let (name, all) = (words::record::about(id), subject.clone());
    let only = move |_| board.subject.set(Some(all.clone()));
    let called = words::said_of(say().only, &name);
    let to = subject.notice().map(|id| {
        let href = Route::Notice(id.to_string()).href();
        view! { <a href=href>{say().to_notice}</a> }
    });
    view! { <button type="button" class="link" data-test="entry-about" aria-label=called on:click=only>{name}</button> {to} }.into_any()
}

/// What it says; for what replaces something, the difference, which is asked for when somebody wants to see it.
fn content(desk: Desk, subject: Subject, seq: u64, event: serde_json::Value, replaces: bool) -> AnyView {
    let before = RwSignal::new(None::<Before>);
    let is_asked = StoredValue::new(!replaces);
    let ask = move |_| {
        if is_asked.get_value() {
            return;
        }
        is_asked.set_value(true);
        let subject = subject.clone();
        spawn_local(async move {
            match before_entry(subject, seq).await {
                Ok(known) => drop(before.try_set(Some(known))),
                Err(failure) => {
                    is_asked.try_set_value(false);
                    desk.failed(&failure);
                }
            }
        });
    };
    let shown = move || {
        let (now, zone) = (changes::whole(&event)?, desk.zone());
        if !replaces {
            return Some(changes::list(&zone, None, now));
        }
        before.with(|before| match before.as_ref()? {
            Before::Nothing => Some(changes::list(&zone, None, now)),
            Before::Known(before) => Some(changes::list(&zone, Some(before), now)),
            Before::Lost => Some(view! { <p>{say().lost}</p> }.into_any()),
        })
    };
    view! {
        <details data-test="entry-content" on:toggle=ask>
            <summary>{if replaces { say().changes } else { say().content }}</summary>
            {shown}
        </details>
    }
    .into_any()
}

/// What something was before an entry about it.
async fn before_entry(subject: Subject, seq: u64) -> Result<Before, Failure> {
    let mut query = JournalQuery {
        order: Order::NewestFirst,
        before: Some(seq),
        subject: Some(subject),
        ..JournalQuery::default()
    };
    let mut found = Vec::new();
    loop {
        let page = calls::journal(&query).await?;
        found.extend(page.entries);
        if let Some(before) = changes::before(found.iter().map(|entry| entry.event.as_ref())) {
            return Ok(before);
        }
        if page.next.is_none() {
            return Ok(Before::Lost);
        }
        query.before = page.next;
    }
}

fn form(board: Board, seq: u64) -> AnyView {
    let reason = RwSignal::new(String::new());
    let (faults, once) = (Faults::new(), Once::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let empty = fields::missing([("/reason", reason)]);
        if !empty.is_empty() {
            return faults.show(empty);
        }
        let redacting = calls::redact(seq, reason.get_untracked());
        once.send(board.desk, faults, redacting, move |()| {
            board.opened.done();
            board.again();
            board.desk.say(say().redacted.to_owned());
            fields::focus("heading");
        });
    };
    view! {
        <form class="step" id="step" tabindex="-1" aria-label=say().redact on:submit=submit novalidate data-test="redact-form">
            {faults.summary(|_| {})}
            {fields::line(faults, label("/reason", say().reason, say().redact_hint), "text", reason)}
            <div class="row">
                <button type="submit" class="primary" data-test="redact-confirm" aria-disabled=move || once.is_busy()>{say().redact}</button>
                <button type="button" on:click=move |_| board.opened.close()>{words::say().cancel}</button>
            </div>
        </form>
    }
    .into_any()
}
