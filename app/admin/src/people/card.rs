//! One person, and what can be done about them.

use api::{Call, Person};
use domain::words::Code;
use leptos::prelude::*;

use super::{board::Board, grants::Choice};
use crate::{
    calls,
    fields::{self, Faults},
    once::Once,
    rights,
    words::{self, people::say},
};

/// What can be done about a person at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    SignOut,
    ResetSecondFactor,
    Disable,
    Enable,
}

impl Deed {
    const fn call(self) -> Call {
        match self {
            Self::SignOut => Call::SignOutPerson,
            Self::ResetSecondFactor => Call::ResetSecondFactor,
            Self::Disable => Call::DisablePerson,
            Self::Enable => Call::EnablePerson,
        }
    }

    /// By what tests find its button.
    const fn hook(self) -> &'static str {
        match self {
            Self::SignOut => "sign-out",
            Self::ResetSecondFactor => "reset-second-factor",
            Self::Disable => "disable",
            Self::Enable => "enable",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::SignOut => say().person_sign_out,
            Self::ResetSecondFactor => say().person_reset,
            Self::Disable => say().person_disable,
            Self::Enable => say().person_enable,
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::SignOut => say().person_signed_out,
            Self::ResetSecondFactor => say().person_was_reset,
            Self::Disable => say().person_disabled,
            Self::Enable => say().person_enabled,
        }
    }
}

/// A person: what they may do, when they were here, what can be done about them.
pub(super) fn card(board: Board, person: Memo<Person>) -> AnyView {
    let desk = board.desk;
    let id = person.with_untracked(|person| person.id.clone());
    let opener = format!("grants-{id}");
    let is_open = board.opened.is(opener.clone());
    let used = move || {
        let (used, disabled, factor, vouched) = person.with(|person| {
            let disabled = person.disabled_at.is_some();
            (person.used_at, disabled, person.second_factor, person.from_provider)
        });
        let here = used.map_or_else(
            || say().never_here.to_owned(),
            |used| words::people::last_here(&desk.zone().moment(used, desk.now.get_untracked())),
        );
        let mut told = vec![here.as_str()];
        if disabled {
            told.insert(0, say().disabled);
        }
        if factor {
            told.push(say().person_factor);
        }
        if vouched {
            told.push(say().person_from_provider);
        }
        told.join("; ")
    };
    let about = move |what: &str| words::said_of(what, &person.with(|person| person.name.clone()));
    let buttons = move || {
        let is_self = |person: &Person| {
            desk.session
                .with(|session| session.as_ref().is_some_and(|session| session.id == person.id))
        };
        let deeds = match person.with(|person| (person.disabled_at.is_some(), person.second_factor && !is_self(person))) {
            (true, _) => vec![Deed::Enable],
            (false, false) => vec![Deed::SignOut, Deed::Disable],
            (false, true) => vec![Deed::SignOut, Deed::ResetSecondFactor, Deed::Disable],
        };
        deeds.into_iter().map(|deed| deed_button(board, person, deed)).collect_view()
    };
    view! {
        <article class="card" data-test=format!("person-{id}")>
            <h3>{move || person.with(|person| person.name.clone())}</h3>
            <p>{move || person.with(|person| rights::told(desk, &person.grants))}</p>
            <p class="quiet">{used}</p>
            <div class="row">
                {board.opened.button(opener, "grants-change", "small", || say().grants_change, move || Some(about(say().grants_change)))}
                {buttons}
            </div>
            {move || is_open.get().then(|| change(board, person))}
        </article>
    }
    .into_any()
}

fn deed_button(board: Board, person: Memo<Person>, deed: Deed) -> AnyView {
    let once = Once::new();
    let act = move |_| {
        let id = person.with_untracked(|person| person.id.clone());
        let acting = async move { calls::about_person(deed.call(), &id).await };
        once.send(board.desk, Faults::new(), acting, move |person| {
            let done = format!("{} {}", person.name, deed.done());
            board.became(person, done);
        });
    };
    let about = move || words::said_of(deed.name(), &person.with(|person| person.name.clone()));
    view! {
        <button type="button" class="small" data-test=deed.hook() aria-label=about aria-disabled=move || once.is_busy() on:click=act>{deed.name()}</button>
    }
    .into_any()
}

/// The form in which a person gets other rights.
fn change(board: Board, person: Memo<Person>) -> AnyView {
    let desk = board.desk;
    let (choice, faults, once) = (
        Choice::new(desk, Some(&person.with_untracked(|person| person.grants.clone()))),
        Faults::new(),
        Once::new(),
    );
    let save = move |_| {
        let grants = choice.grants();
        if grants.highest().is_none() {
            return faults.show(vec![fields::fault("/grants", Code::Missing)]);
        }
        let id = person.with_untracked(|person| person.id.clone());
        let changing = async move { calls::change_grants(&id, grants).await };
        once.send(desk, faults, changing, move |person| {
            board.opened.done();
            board.became(person, say().grants_changed.to_owned());
        });
    };
    view! {
        <div class="step" id="step" tabindex="-1" data-test="step-grants">
            {faults.summary(|_| {})}
            {choice.fields(faults)}
            <div class="row">
                <button type="button" class="primary" data-test="grants-save" aria-disabled=move || once.is_busy() on:click=save>{say().grants_save}</button>
                <button type="button" on:click=move |_| board.opened.close()>{words::say().cancel}</button>
            </div>
        </div>
    }
    .into_any()
}
