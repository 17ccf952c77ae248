//! The tokens of programs.

use api::Token;
use domain::words::Code;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{board::Board, grants::Choice};
use crate::{
    calls,
    draft::Moment,
    fields::{self, Faults, label},
    once::Once,
    rights, told_once,
    words::{self, people::say},
};

/// Those that there are, and a form for one more.
pub(super) fn section(board: Board) -> AnyView {
    let desk = board.desk;
    let made = RwSignal::new(None::<String>);
    let tokens = RwSignal::new(Vec::<Token>::new());
    let ask = move || {
        spawn_local(async move {
            if let Ok(all) = calls::tokens().await {
                tokens.try_set(all.into_iter().filter(|token| token.revoked_at.is_none()).collect());
            }
        });
    };
    Effect::new(move |_| {
        desk.tick.track();
        ask();
    });
    let one = move |token: Token| {
        let now = desk.now.get_untracked();
        let moment = |at| desk.zone().moment(at, now);
        let used = token
            .used_at
            .map_or_else(|| say().never_here.to_owned(), |used| words::people::last_here(&moment(used)));
        let until = token.expires_at.map(|at| {
            let over = if at <= now {
                say().expired.to_owned()
            } else {
                words::people::works_until(&moment(at))
            };
            format!("; {over}")
        });
        let once = Once::new();
        let (id, name) = (token.id.clone(), token.name.clone());
        let label = words::said_of(say().token_revoke, &name);
        let revoke = move |_| {
            let (id, name) = (id.clone(), name.clone());
            let revoking = async move { calls::revoke_token(&id).await };
            once.send(desk, Faults::new(), revoking, move |_| {
                ask();
                desk.say(format!("{name} {}", say().token_revoked));
                fields::focus("heading");
            });
        };
        view! {
            <li><article class="card" data-test="token">
                <h3>{token.name}</h3>
                <p>{rights::told(desk, &token.grants)}</p>
                <p class="quiet">{used}{until}</p>
                <div class="row">
                    <button type="button" class="small" data-test="token-revoke" aria-label=label on:click=revoke>{say().token_revoke}</button>
                </div>
            </article></li>
        }
    };
    let is_open = board.opened.is("token".to_owned());
    view! {
        <section class="group-of-notices" data-test="programs" aria-labelledby="programs-heading">
            <h2 id="programs-heading">{say().programs}</h2>
            <p class="quiet">{say().programs_hint}</p>
            <ul class="cards"><For each=move || tokens.get() key=|one| (one.id.clone(), one.used_at) children=one /></ul>
            <div class="row">{board.opened.button("token".to_owned(), "token", "", || say().token_create, || None)}</div>
            {move || is_open.get().then(|| form(board, made, ask))}
            {move || made.get().map(|secret| told_once::line("token-secret", say().token_secret, say().token_secret_hint, secret))}
        </section>
    }
    .into_any()
}

fn form(board: Board, made: RwSignal<Option<String>>, ask: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let desk = board.desk;
    let (name, choice) = (RwSignal::new(String::new()), Choice::new(desk, None));
    let until = Moment::new(None, &desk.zone());
    let (faults, once) = (Faults::new(), Once::new());
    made.set(None);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let mut missing = fields::missing([("/name", name)]);
        let grants = choice.grants();
        if grants.highest().is_none() {
            missing.push(fields::fault("/grants", Code::Missing));
        }
        if fields::is_unfinished("/expires_at") {
            missing.push(fields::fault("/expires_at", Code::Malformed));
        }
        if !missing.is_empty() {
            return faults.show(missing);
        }
        let expires_at = untrack(|| until.at());
        let making = calls::create_token(name.get_untracked(), grants, expires_at);
        once.send(desk, faults, making, move |token| {
            made.set(token.secret);
            board.opened.done();
            ask();
            fields::focus_soon("token-secret");
        });
    };
    let now = move || desk.now.get();
    view! {
        <form class="step" id="step" tabindex="-1" aria-label=say().token_create on:submit=submit novalidate data-test="token-form">
            {faults.summary(|_| {})}
            {fields::line(faults, label("/name", say().token_name, say().token_name_hint), "text", name)}
            {choice.fields(faults)}
            {fields::moment(faults, label("/expires_at", say().token_expires, say().token_expires_hint), until, now, None)}
            <div class="row">
                <button type="submit" class="primary" data-test="token-send" aria-disabled=move || once.is_busy()>{say().token_send}</button>
            </div>
        </form>
    }
    .into_any()
}
