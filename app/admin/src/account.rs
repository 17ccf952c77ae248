//! One's own account: another password, and signing out everywhere.

use domain::words::Code;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    calls,
    desk::Desk,
    failure::Failure,
    fields::{self, Faults, label},
    once::Once,
    words::{self, people},
};

/// The page.
pub(crate) fn page(desk: Desk) -> AnyView {
    let name = move || desk.session.with(|session| session.as_ref().map(|session| session.name.clone()));
    view! {
        <h1 id="heading" tabindex="-1">{people::say().account}</h1>
        <p class="quiet">{name}</p>
        <div class="situation">{password(desk)}{everywhere(desk)}</div>
    }
    .into_any()
}

fn password(desk: Desk) -> AnyView {
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (faults, once) = (Faults::new(), Once::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let empty = [("/current", current), ("/password", new)].into_iter();
        let empty = empty.filter(|(_, value)| value.with_untracked(String::is_empty));
        let empty: Vec<_> = empty.map(|(pointer, _)| fields::fault(pointer, Code::Missing)).collect();
        if !empty.is_empty() {
            return faults.show(empty);
        }
        if once.begin().is_none() {
            return;
        }
        desk.hush();
        spawn_local(async move {
            let outcome = calls::change_password(current.get_untracked(), new.get_untracked()).await;
            let Some(outcome) = once.ended(outcome) else { return };
            match outcome {
                Ok(session) => {
                    desk.session.set(Some(session));
                    current.set(String::new());
                    new.set(String::new());
                    faults.0.set(Vec::new());
                    desk.say(people::say().password_changed.to_owned());
                    fields::focus("heading");
                }
                Err(failure) => refused(desk, faults, &failure),
            }
        });
    };
    view! {
        <section class="card" aria-labelledby="password-heading">
            <h2 id="password-heading">{people::say().password_change}</h2>
            <form class="step" on:submit=submit novalidate data-test="password-form">
                {faults.summary(|_| {})}
                {fields::secret(faults, label("/current", people::say().password_current, ""), "current-password", current)}
                {fields::secret(faults, label("/password", people::say().password_new, words::say().password_length), "new-password", new)}
                <div class="row">
                    <button type="submit" class="primary" data-test="password-change" aria-disabled=move || once.is_busy()>{people::say().password_change}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn everywhere(desk: Desk) -> AnyView {
    let once = Once::new();
    let leave = move |_| {
        if once.begin().is_none() {
            return;
        }
        spawn_local(async move {
            let outcome = calls::sign_out_everywhere().await;
            match once.ended(outcome) {
                Some(Ok(())) => desk.forget(),
                Some(Err(failure)) => desk.failed(&failure),
                None => {}
            }
        });
    };
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

/// Shows what is wrong with the form, or else what went wrong.
pub(crate) fn refused(desk: Desk, faults: Faults, failure: &Failure) {
    let found = failure.faults();
    if found.is_empty() {
        desk.failed(failure);
    } else {
        faults.show(found);
    }
}
