//! One's own account: another password, passkeys, a second factor, and signing out everywhere.

mod passkeys;
mod present_password;
mod recovery_codes;
mod second_factor;

use api::{SecondFactor, Session};
use leptos::{ev::SubmitEvent, prelude::*};

use self::present_password::present_password;
use crate::{
    calls,
    desk::Desk,
    fields::{self, Faults, label},
    once::Once,
    opened::Opened,
    words::{self, people},
};

/// The page.
pub(crate) fn page(desk: Desk) -> AnyView {
    let name = move || desk.session.with(|session| session.as_ref().map(|session| session.name.clone()));
    let opened = Opened::new();
    if untrack(|| is_from_provider(desk)) {
        return view! {
            <h1 id="heading" tabindex="-1">{words::say().account}</h1>
            <p class="quiet">{name}</p>
            <p data-test="from-provider">{people::say().from_provider}</p>
            <div class="situation">{everywhere(desk)}</div>
        }
        .into_any();
    }
    let (password, factor, passkeys) = (
        password(desk, opened),
        second_factor::section(desk, opened),
        passkeys::section(desk, opened),
    );
    // Who has to add a second factor before anything else finds it first.
    let [first, second, third] = if untrack(|| desk.lacks_factor()) {
        [factor, passkeys, password]
    } else {
        [password, passkeys, factor]
    };
    view! {
        <h1 id="heading" tabindex="-1">{words::say().account}</h1>
        <p class="quiet">{name}</p>
        <div class="situation">{first} {second} {third} {everywhere(desk)}</div>
    }
    .into_any()
}

/// Whether a provider elsewhere vouches for them: then there is nothing here to change.
fn is_from_provider(desk: Desk) -> bool {
    let elsewhere = |session: &Session| session.second_factor == SecondFactor::Elsewhere;
    desk.session.with(|session| session.as_ref().is_some_and(elsewhere))
}

fn password(desk: Desk, opened: Opened) -> AnyView {
    let is_open = opened.is("password".to_owned());
    view! {
        <section class="card" aria-labelledby="password-heading">
            <h2 id="password-heading">{people::say().password}</h2>
            <div class="row">{opened.button("password".to_owned(), "password", "", || people::say().password_change, || None)}</div>
            {move || is_open.get().then(|| password_form(desk, opened))}
        </section>
    }
    .into_any()
}

fn password_form(desk: Desk, opened: Opened) -> AnyView {
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (faults, once) = (Faults::new(), Once::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let empty = fields::missing([("/current", current), ("/password", new)]);
        if !empty.is_empty() {
            return faults.show(empty);
        }
        let changing = calls::change_password(current.get_untracked(), new.get_untracked());
        once.send(desk, faults, changing, move |session| {
            desk.session.set(Some(session));
            opened.done();
            desk.say(people::say().password_changed.to_owned());
            fields::focus("heading");
        });
    };
    view! {
        <form class="step" id="step" tabindex="-1" aria-label=people::say().password_change on:submit=submit novalidate data-test="password-form">
            {faults.summary(|_| {})}
            {present_password(faults, current)}
            {fields::filled(faults, label("/password", people::say().password_new, words::say().password_length), "password", Some("new-password"), new)}
            <div class="row">
                <button type="submit" class="primary" data-test="password-change" aria-disabled=move || once.is_busy()>{people::say().password_save}</button>
                <button type="button" on:click=move |_| opened.close()>{words::say().cancel}</button>
            </div>
        </form>
    }
    .into_any()
}

fn everywhere(desk: Desk) -> AnyView {
    let once = Once::new();
    let leave = move |_| once.send(desk, Faults::new(), calls::sign_out_everywhere(), move |()| desk.forget());
    view! {
        <section class="card" aria-labelledby="everywhere-heading">
            <h2 id="everywhere-heading">{people::say().sign_out_everywhere}</h2>
            <p>{people::say().sign_out_everywhere_hint}</p>
            <div class="row">
                <button type="button" data-test="sign-out-everywhere" aria-disabled=move || once.is_busy() on:click=leave>{people::say().sign_out_everywhere}</button>
            </div>
        </section>
    }
    .into_any()
}
