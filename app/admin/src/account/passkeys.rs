//! Passkeys of one's own: a device makes one and is asked for it at the door. Each has a name, and is added and removed by the password.

use api::{AddedPasskey, Passkey, Passkeys};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{present_password::present_password, recovery_codes};
use crate::{
    calls,
    desk::Desk,
    fields::{self, Faults, label},
    once::Once,
    opened::Opened,
    passkey::{self, Deed},
    words::{
        self,
        people::{self, say},
    },
};

/// The id of the section's heading.
const HEADING: &str = "passkeys-heading";

/// What the section knows.
#[derive(Clone, Copy)]
struct Board {
    desk: Desk,
    /// Those that there are; `None`: not asked yet.
    own: RwSignal<Option<Passkeys>>,
    opened: Opened,
}

/// See the module.
pub(super) fn section(desk: Desk, opened: Opened) -> AnyView {
    let board = Board {
        desk,
        own: RwSignal::new(None),
        opened,
    };
    board.ask();
    let all = move || board.own.get().map(|own| own.passkeys).unwrap_or_default();
    let is_open = opened.is("passkey-add".to_owned());
    view! {
        <section class="card" data-test="passkeys" aria-labelledby="passkeys-heading">
            <h2 id=HEADING tabindex="-1">{say().passkeys}</h2>
            <p>{say().passkeys_what}</p>
            <ul class="cards"><For each=all key=|one| (one.id.clone(), one.used_at) children=move |passkey| one(board, passkey) /></ul>
            {move || recovery_codes::below(desk, HEADING)}
            {move || board.own.with(|own| own.as_ref().map(|own| own.host.is_some() && passkey::are_possible(Deed::Make))).map(|possible| {
                if possible {
                    view! { <div class="row">{opened.button("passkey-add".to_owned(), "passkey-add", "", || say().passkey_add, || None)}</div> }.into_any()
                } else {
                    view! { <p class="quiet" data-test="passkeys-impossible">{say().passkeys_impossible}</p> }.into_any()
                }
            })}
            {move || is_open.get().then(|| adding(board))}
        </section>
    }
    .into_any()
}

impl Board {
    fn ask(self) {
        spawn_local(async move {
            match calls::passkeys().await {
                Ok(own) => drop(self.own.try_set(Some(own))),
                Err(failure) => self.desk.failed(&failure),
            }
        });
    }

    fn added(self, added: AddedPasskey) {
        self.opened.done();
        self.ask();
        self.desk.say(people::passkey_added(&added.passkey.name));
        if added.recovery_codes.is_empty() {
            self.desk.learn_session();
        } else {
            recovery_codes::came(self.desk, added.recovery_codes, HEADING);
        }
        fields::focus(HEADING);
    }
}

/// One of them, and the way to be rid of it.
fn one(board: Board, passkey: Passkey) -> AnyView {
    let (desk, opened) = (board.desk, board.opened);
    let now = desk.now.get_untracked();
    let created = people::passkey_since(&desk.zone().moment(passkey.created_at, now));
    let used = passkey.used_at.map_or_else(
        || say().passkey_unused.to_owned(),
        |used| people::passkey_used(&desk.zone().moment(used, now)),
    );
    let button = format!("remove-{}", passkey.id);
    let is_open = opened.is(button.clone());
    let about = words::said_of(say().passkey_remove, &passkey.name);
    let id = passkey.id;
    view! {
        <li><article class="card" data-test="passkey">
            <h3>{passkey.name}</h3>
            <p class="quiet">{created} "; " {used}</p>
            <div class="row">{opened.button(button, "passkey-remove", "small", || say().passkey_remove, move || Some(about.clone()))}</div>
            {move || is_open.get().then(|| removing(board, id.clone()))}
        </article></li>
    }
    .into_any()
}

fn removing(board: Board, id: String) -> AnyView {
    let current = RwSignal::new(String::new());
    let (faults, once) = (Faults::new(), Once::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let empty = fields::missing([("/current", current)]);
        if !empty.is_empty() {
            return faults.show(empty);
        }
        let id = id.clone();
        let remove = async move { calls::remove_passkey(&id, current.get_untracked()).await };
        once.send(board.desk, faults, remove, move |()| {
            board.opened.done();
            board.ask();
            // Their role may need one.
            board.desk.learn_session();
            board.desk.say(say().passkey_removed.to_owned());
            fields::focus(HEADING);
        });
    };
    view! {
        <form class="step" id="step" tabindex="-1" aria-label=say().passkey_remove on:submit=submit novalidate data-test="passkey-removal">
            {faults.summary(|_| {})}
            {present_password(faults, current)}
            <div class="row">
                <button type="submit" class="primary" data-test="passkey-gone" aria-disabled=move || once.is_busy()>{say().passkey_remove}</button>
                <button type="button" on:click=move |_| board.opened.close()>{words::say().cancel}</button>
            </div>
        </form>
    }
    .into_any()
}

/// What it is to be called and the password; then the browser asks for a finger, a face or a number.
fn adding(board: Board) -> AnyView {
    let desk = board.desk;
    let (name, current) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (faults, once) = (Faults::new(), Once::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let empty = fields::missing([("/name", name), ("/current", current)]);
        if !empty.is_empty() {
            return faults.show(empty);
        }
        let (called, password) = (name.get_untracked(), current.get_untracked());
        let make = async move {
            let asked = calls::begin_passkey(password).await?;
            let Some(answer) = passkey::ask(Deed::Make, &asked).await else {
                return Ok(false);
            };
            // The form may be gone by now; what was made is told all the same, and the codes with it.
            calls::add_passkey(called, &answer)
                .await
                .map(|added| board.added(added))
                .map(|()| true)
        };
        once.send(desk, faults, make, move |is_made| {
            if !is_made {
                desk.say(say().passkey_not_made.to_owned());
            }
        });
    };
    view! {
        <form class="step" id="step" tabindex="-1" aria-label=say().passkey_add on:submit=submit novalidate data-test="passkey-form">
            {faults.summary(|_| {})}
            {fields::filled(faults, label("/name", say().passkey_name, say().passkey_name_hint), "text", Some("off"), name)}
            {present_password(faults, current)}
            <div class="row">
                <button type="submit" class="primary" data-test="passkey-make" aria-disabled=move || once.is_busy()>{say().passkey_make}</button>
                <button type="button" on:click=move |_| board.opened.close()>{words::say().cancel}</button>
            </div>
        </form>
    }
    .into_any()
}
