//! The door: signing in, and making the first account with the one-time link.

use api::ProblemKind;
use domain::words::Fault;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    calls,
    desk::Desk,
    failure::Failure,
    fields,
    passkey::{self, Deed},
    provider, refusal, rights,
    route::Route,
    words,
};

/// How many characters a password has at least.
const SHORTEST_PASSWORD: usize = 12;

/// One field of a door: its id, its name, its kind, what browsers may fill in.
fn field(
    id: &'static str,
    name: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    value: RwSignal<String>,
    fault: RwSignal<String>,
    described: &'static str,
) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{name}</label>
            <input id=id data-test=id type=kind autocomplete=autocomplete autocapitalize="none" spellcheck="false" aria-describedby=described
                prop:value=move || value.get() on:input:target=move |ev| {
                    fault.set(String::new());
                    value.set(ev.target().value());
                } />
        </div>
    }
    .into_any()
}

/// The sign-in form. It is there from the start, so that its `alert` is known before it speaks.
pub(crate) fn sign_in(desk: Desk) -> AnyView {
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // A code is asked for once the password has shown to be right.
    let (code, asks) = (RwSignal::new(String::new()), RwSignal::new(false));
    let refused = Route::was_refused_elsewhere().then(|| words::say().provider_refused.to_owned());
    let (fault, busy) = (RwSignal::new(refused.unwrap_or_default()), RwSignal::new(false));
    // Who comes next finds nothing in the form.
    let clear = move || {
        password.set(String::new());
        code.set(String::new());
        asks.set(false);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let (given, secret) = (name.get_untracked(), password.get_untracked());
        if given.trim().is_empty() || secret.is_empty() {
            fault.set(words::say().fill_both.to_owned());
            fields::focus(if given.trim().is_empty() {
                "sign-in-name"
            } else {
                "sign-in-password"
            });
            return;
        }
        busy.set(true);
        fault.set(String::new());
        spawn_local(async move {
            let shown = asks.get_untracked().then(|| code.get_untracked());
            match calls::sign_in(given.trim(), &secret, shown).await {
                Ok(session) => {
                    clear();
                    desk.enter(session).await;
                }
                Err(Failure::Refused(problem)) if asks_for_code(problem.kind) => {
                    asks.set(true);
                    match problem.kind {
                        ProblemKind::WrongCode => fault.set(words::say().wrong_code.to_owned()),
                        ProblemKind::PasskeyNeeded => fault.set(words::say().passkey_needed.to_owned()),
                        _ => {}
                    }
                    fields::focus_soon("sign-in-code");
                }
                Err(failure) => {
                    fault.set(if failure == Failure::SignedOut {
                        words::say().wrong_password.to_owned()
                    } else {
                        failure.sentence()
                    });
                    fields::focus("sign-in-password");
                }
            }
            busy.set(false);
        });
    };
    view! {
        <section class="door" aria-labelledby="door-heading">
            <h1 id="door-heading" tabindex="-1">{words::say().sign_in}</h1>
            <form on:submit=submit novalidate data-test="sign-in-form">
                <p class="fault" id="sign-in-fault" role="alert">{move || fault.get()}</p>
                {field("sign-in-name", words::say().name, "text", "username", name, fault, "sign-in-fault")}
                {field("sign-in-password", words::say().password, "password", "current-password", password, fault, "sign-in-fault")}
                {move || asks.get().then(|| view! {
                    {field("sign-in-code", words::say().code, "text", "one-time-code", code, fault, "sign-in-code-hint sign-in-fault")}
                    <p class="hint" id="sign-in-code-hint">{words::say().code_hint}</p>
                })}
                <button type="submit" class="primary" id="sign-in" data-test="sign-in"
                    aria-disabled=move || busy.get().to_string()>{words::say().sign_in}</button>
                {passkey::are_possible(Deed::Sign).then(|| by_passkey(desk, fault, busy, clear))}
                {provider::button(fault, busy)}
            </form>
        </section>
    }
    .into_any()
}

const fn asks_for_code(kind: ProblemKind) -> bool {
    matches!(kind, ProblemKind::CodeNeeded | ProblemKind::WrongCode | ProblemKind::PasskeyNeeded)
}

/// The button of whoever types nothing.
fn by_passkey(desk: Desk, fault: RwSignal<String>, busy: RwSignal<bool>, clear: impl Fn() + Copy + 'static) -> AnyView {
    let enter = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(String::new());
        spawn_local(async move {
            let entering = async {
                let asked = calls::begin_sign_in_by_passkey().await?;
                match passkey::ask(Deed::Sign, &asked).await {
                    Some(answer) => calls::sign_in_by_passkey(answer).await.map(Some),
                    None => Ok(None),
                }
            };
            match entering.await {
                Ok(Some(session)) => {
                    clear();
                    desk.enter(session).await;
                }
                Ok(None) => fault.set(words::say().passkey_failed.to_owned()),
                Err(failure) => fault.set(failure.sentence()),
            }
            busy.set(false);
        });
    };
    view! {
        <button type="button" data-test="sign-in-passkey" aria-disabled=move || busy.get().to_string() on:click=enter>{words::say().passkey_sign_in}</button>
    }
    .into_any()
}

/// Who makes an account, with the one-time link of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Newcomer {
    /// The first administrator, with the link that the first start printed.
    First,
    /// Somebody whom an administrator has invited.
    Invited,
}

impl Newcomer {
    fn heading(self) -> &'static str {
        match self {
            Self::First => words::say().setup,
            Self::Invited => words::say().accept,
        }
    }

    fn intro(self) -> &'static str {
        match self {
            Self::First => words::say().setup_intro,
            Self::Invited => words::say().accept_intro,
        }
    }

    fn used(self) -> &'static str {
        match self {
            Self::First => words::say().setup_used,
            Self::Invited => words::say().accept_used,
        }
    }

    async fn make(self, token: &str, name: &str, password: &str) -> Result<(), Failure> {
        match self {
            Self::First => calls::set_up(token, name, password).await,
            Self::Invited => calls::accept(token, name, password).await,
        }
    }
}

/// The form for an account that is made with a one-time link.
pub(crate) fn arrive(desk: Desk, newcomer: Newcomer, token: String) -> AnyView {
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (fault, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let token = StoredValue::new(token);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let (given, secret) = (name.get_untracked(), password.get_untracked());
        if given.trim().is_empty() || secret.chars().count() < SHORTEST_PASSWORD {
            let no_name = given.trim().is_empty();
            fault.set(if no_name {
                words::say().fill_both.to_owned()
            } else {
                format!("{}: {}", words::say().password, words::say().password_length)
            });
            fields::focus(if no_name { "setup-name" } else { "setup-password" });
            return;
        }
        busy.set(true);
        fault.set(String::new());
        spawn_local(async move {
            match newcomer.make(&token.get_value(), given.trim(), &secret).await {
                // Asking who is signed in shows at once whether the browser took the session.
                Ok(()) => match calls::session().await {
                    Ok(session) => {
                        let (name, grants) = (session.name.clone(), session.grants.clone());
                        desk.enter(session).await;
                        desk.welcome(words::welcome(&name, &rights::told(desk, &grants)));
                    }
                    Err(failure) => fault.set(failure.sentence()),
                },
                Err(Failure::SignedOut) => fault.set(newcomer.used().to_owned()),
                Err(Failure::Refused(problem)) if matches!(problem.kind, ProblemKind::WrongSetupLink | ProblemKind::WrongInvitation) => {
                    fault.set(newcomer.used().to_owned())
                }
                Err(failure) => {
                    let named = |fault: Fault| {
                        let name = if fault.pointer.ends_with("password") {
                            words::say().password
                        } else {
                            words::say().name
                        };
                        format!("{name}: {}", refusal::fault(&fault))
                    };
                    let faults: Vec<_> = failure.faults().into_iter().map(named).collect();
                    fault.set(if faults.is_empty() { failure.sentence() } else { faults.join(" ") });
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <section class="door" aria-labelledby="door-heading">
            <h1 id="door-heading" tabindex="-1">{newcomer.heading()}</h1>
            <p>{newcomer.intro()}</p>
            <form on:submit=submit novalidate data-test="setup-form">
                <p class="fault" id="setup-fault" role="alert">{move || fault.get()}</p>
                {field("setup-name", words::say().name, "text", "username", name, fault, "setup-fault")}
                {field("setup-password", words::say().password, "password", "new-password", password, fault, "setup-length setup-fault")}
                <p class="hint" id="setup-length">{words::say().password_length}</p>
                <button type="submit" class="primary" id="setup" data-test="setup"
                    aria-disabled=move || busy.get().to_string()>{words::say().setup_create}</button>
            </form>
            <p><a href=Route::Overview.href()>{words::say().sign_in}</a></p>
        </section>
    }
    .into_any()
}
