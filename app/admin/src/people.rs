//! Who may do what: people, those who are invited, programs.

mod grants;
mod programs;

use api::{Invitation, Person};
use domain::words::Code;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use self::grants::{Choice, told};
use crate::{
    account::refused,
    calls,
    desk::Desk,
    failure::Failure,
    fields::{self, Faults, label},
    once::Once,
    words::{self, people::say},
};

/// What the page knows, and whose form is open.
#[derive(Clone, Copy)]
struct Board {
    desk: Desk,
    people: RwSignal<Option<Vec<Person>>>,
    invitations: RwSignal<Vec<Invitation>>,
    open: RwSignal<Option<String>>,
}

impl Board {
    fn new(desk: Desk) -> Self {
        let board = Self {
            desk,
            people: RwSignal::new(None),
            invitations: RwSignal::new(Vec::new()),
            open: RwSignal::new(None),
        };
        Effect::new(move |_| {
            desk.tick.track();
            board.ask();
        });
        board
    }

    fn ask(self) {
        spawn_local(async move {
            match calls::people().await {
                Ok(people) => drop(self.people.try_set(Some(people))),
                Err(Failure::SignedOut) => self.desk.failed(&Failure::SignedOut),
                Err(_) => {}
            }
            if let Ok(invitations) = calls::invitations().await {
                self.invitations.try_set(invitations);
            }
        });
    }

    /// Takes over what became of a person.
    fn became(self, person: Person, done: String) {
        self.people.update(|people| {
            let known = people.iter_mut().flatten().find(|known| known.id == person.id);
            if let Some(known) = known {
                *known = person;
            }
        });
        self.ask();
        self.desk.say(done);
        fields::focus("heading");
    }
}

/// The page.
pub(crate) fn page(desk: Desk) -> AnyView {
    let board = Board::new(desk);
    view! {
        <h1 id="heading" tabindex="-1">{words::say().people}</h1>
        <p class="quiet" hidden=move || board.people.with(Option::is_some)>{words::say().loading}</p>
        <div class="situation">
            {invite(board)}
            {invited(board)}
            {list(board)}
            {programs::section(board)}
        </div>
    }
    .into_any()
}

/// A secret that is told once, to be copied.
fn told_once(id: &'static str, name: &'static str, hint: &'static str, secret: String) -> AnyView {
    let copied = RwSignal::new(false);
    let shown = secret.clone();
    let copy = move |_| {
        let _done = window().navigator().clipboard().write_text(&secret);
        copied.set(true);
    };
    view! {
        <div class="field told-once" data-test=id>
            <label for=id>{name}</label>
            <p class="hint">{hint}</p>
            <input id=id type="text" readonly prop:value=shown.clone() />
            <div class="row">
                <button type="button" class="small" on:click=copy>{say().copy}</button>
                <span role="status">{move || copied.get().then(|| say().copied)}</span>
            </div>
        </div>
    }
    .into_any()
}

/// What stands behind a button that opens a form: one form at a time is there.
fn opener(board: Board, key: &'static str, name: &'static str, form: impl Fn() -> AnyView + Copy + Send + Sync + 'static) -> AnyView {
    let is_open = Memo::new(move |_| board.open.with(|open| open.as_deref() == Some(key)));
    let toggle = move |_| {
        let opens = !is_open.get_untracked();
        board.open.set(opens.then(|| key.to_owned()));
        if opens {
            request_animation_frame(|| {
                fields::focus("step");
            });
        }
    };
    view! {
        <div class="row">
            <button type="button" id=key data-test=key aria-expanded=move || is_open.get().to_string() on:click=toggle>{name}</button>
        </div>
        {move || is_open.get().then(form)}
    }
    .into_any()
}

fn invite(board: Board) -> AnyView {
    let made = RwSignal::new(None::<String>);
    view! {
        <section class="group-of-notices">
            {opener(board, "invite", say().invite, move || invite_form(board, made))}
            {move || made.get().map(|link| told_once("invitation-link", say().invite_link, say().invite_link_hint, link))}
        </section>
    }
    .into_any()
}

fn invite_form(board: Board, made: RwSignal<Option<String>>) -> AnyView {
    let desk = board.desk;
    let (name, choice) = (RwSignal::new(String::new()), Choice::new(desk, None));
    let (faults, once) = (Faults::new(), Once::new());
    made.set(None);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let mut missing = Vec::new();
        if name.with_untracked(|name| name.trim().is_empty()) {
            missing.push(fields::fault("/label", Code::Missing));
        }
        let grants = choice.grants();
        if grants.highest().is_none() {
            missing.push(fields::fault("/grants", Code::Missing));
        }
        if !missing.is_empty() {
            return faults.show(missing);
        }
        if once.begin().is_none() {
            return;
        }
        desk.hush();
        spawn_local(async move {
            let outcome = calls::invite(name.get_untracked(), grants).await;
            let Some(outcome) = once.ended(outcome) else { return };
            match outcome {
                Ok(invitation) => {
                    made.set(invitation.link);
                    board.open.set(None);
                    board.ask();
                    request_animation_frame(|| {
                        fields::focus("invitation-link");
                    });
                }
                Err(failure) => refused(desk, faults, &failure),
            }
        });
    };
    view! {
        <form class="step" id="step" tabindex="-1" aria-label=say().invite on:submit=submit novalidate data-test="invite-form">
            {faults.summary(|_| {})}
            {fields::line(faults, label("/label", say().invite_label, say().invite_label_hint), "text", name)}
            {choice.fields(faults)}
            <div class="row">
                <button type="submit" class="primary" data-test="invite-send" aria-disabled=move || once.is_busy()>{say().invite_send}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Those who have not come yet.
fn invited(board: Board) -> AnyView {
    let desk = board.desk;
    let one = move |invitation: Invitation| {
        let now = desk.now.get_untracked();
        let until = if invitation.expires_at <= now {
            say().expired.to_owned()
        } else {
            words::people::works_until(&desk.zone().moment(invitation.expires_at, now))
        };
        let by = words::settled_by(
            say().invited,
            words::author(&invitation.created_by),
            &desk.zone().moment(invitation.created_at, now),
        );
        let once = Once::new();
        let id = invitation.id.clone();
        let withdraw = move |_| {
            if once.begin().is_none() {
                return;
            }
            let id = id.clone();
            spawn_local(async move {
                let outcome = calls::withdraw_invitation(&id).await;
                match once.ended(outcome) {
                    Some(Ok(())) => {
                        board.ask();
                        desk.say(say().invitation_withdrawn.to_owned());
                        fields::focus("heading");
                    }
                    Some(Err(failure)) => desk.failed(&failure),
                    None => {}
                }
            });
        };
        let name = invitation.label.clone();
        view! {
            <li><article class="card" data-test="invitation">
                <h3>{invitation.label}</h3>
                <p>{told(desk, &invitation.grants)}</p>
                <p class="quiet">{by} "; " {until}</p>
                <div class="row">
                    <button type="button" class="small" data-test="invitation-withdraw" aria-label=words::said_of(say().invitation_withdraw, &name)
                        on:click=withdraw>{say().invitation_withdraw}</button>
                </div>
            </article></li>
        }
    };
    view! {
        <section class="group-of-notices" aria-labelledby="invited-heading" hidden=move || board.invitations.with(Vec::is_empty)>
            <h2 id="invited-heading">{say().invited}</h2>
            <ul class="cards">{move || board.invitations.get().into_iter().map(one).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn list(board: Board) -> AnyView {
    let people = Memo::new(move |_| board.people.get().unwrap_or_default());
    view! {
        <section class="group-of-notices" data-test="people" aria-labelledby="people-heading">
            <h2 id="people-heading">{words::say().people}</h2>
            <ul class="cards">
                <For each=move || people.get() key=|one| one.id.clone() children=move |person| {
                    let id = person.id.clone();
                    let found = move || people.with(|people| people.iter().find(|other| other.id == id).cloned());
                    let latest = Memo::new(move |_| found().unwrap_or_else(|| person.clone()));
                    view! { <li>{card(board, latest)}</li> }
                } />
            </ul>
        </section>
    }
    .into_any()
}

/// What can be done about a person at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    SignOut,
    Disable,
    Enable,
}

impl Deed {
    /// The word in the call's path, and the hook of its button.
    const fn word(self) -> &'static str {
        match self {
            Self::SignOut => "sign-out",
            Self::Disable => "disable",
            Self::Enable => "enable",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::SignOut => say().person_sign_out,
            Self::Disable => say().person_disable,
            Self::Enable => say().person_enable,
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::SignOut => say().person_signed_out,
            Self::Disable => say().person_disabled,
            Self::Enable => say().person_enabled,
        }
    }
}

fn card(board: Board, person: Memo<Person>) -> AnyView {
    let desk = board.desk;
    let id = person.with_untracked(|person| person.id.clone());
    let is_open = {
        let id = id.clone();
        Memo::new(move |_| board.open.with(|open| open.as_ref() == Some(&id)))
    };
    let opener = format!("grants-{id}");
    let toggle = {
        let id = id.clone();
        move |_| {
            let opens = !is_open.get_untracked();
            board.open.set(opens.then(|| id.clone()));
            if opens {
                request_animation_frame(|| {
                    fields::focus("step");
                });
            }
        }
    };
    let used = move || {
        let (used, disabled) = person.with(|person| (person.used_at, person.disabled_at.is_some()));
        let here = used.map_or_else(
            || say().never_here.to_owned(),
            |used| words::people::last_here(&desk.zone().moment(used, desk.now.get_untracked())),
        );
        if disabled { format!("{}; {here}", say().disabled) } else { here }
    };
    let about = move |what: &str| words::said_of(what, &person.with(|person| person.name.clone()));
    let buttons = move || {
        let deeds = if person.with(|person| person.disabled_at.is_some()) {
            vec![Deed::Enable]
        } else {
            vec![Deed::SignOut, Deed::Disable]
        };
        deeds.into_iter().map(|deed| deed_button(board, person, deed)).collect_view()
    };
    view! {
        <article class="card" data-test=format!("person-{id}")>
            <h3>{move || person.with(|person| person.name.clone())}</h3>
            <p>{move || person.with(|person| told(desk, &person.grants))}</p>
            <p class="quiet">{used}</p>
            <div class="row">
                <button type="button" class="small" id=opener data-test="grants-change" aria-label=move || about(say().grants_change)
                    aria-expanded=move || is_open.get().to_string() on:click=toggle>{say().grants_change}</button>
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
        if once.begin().is_none() {
            return;
        }
        board.desk.hush();
        let id = person.with_untracked(|person| person.id.clone());
        spawn_local(async move {
            let outcome = calls::about_person(&id, deed.word()).await;
            match once.ended(outcome) {
                Some(Ok(person)) => {
                    let done = format!("{} {}", person.name, deed.done());
                    board.became(person, done);
                }
                Some(Err(failure)) => board.desk.failed(&failure),
                None => {}
            }
        });
    };
    let about = move || words::said_of(deed.name(), &person.with(|person| person.name.clone()));
    view! {
        <button type="button" class="small" data-test=deed.word() aria-label=about aria-disabled=move || once.is_busy() on:click=act>{deed.name()}</button>
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
        if once.begin().is_none() {
            return;
        }
        desk.hush();
        let id = person.with_untracked(|person| person.id.clone());
        spawn_local(async move {
            let outcome = calls::change_grants(&id, grants).await;
            match once.ended(outcome) {
                Some(Ok(person)) => {
                    board.open.set(None);
                    board.became(person, say().grants_changed.to_owned());
                }
                Some(Err(failure)) => refused(desk, faults, &failure),
                None => {}
            }
        });
    };
    let opener = person.with_untracked(|person| format!("grants-{}", person.id));
    let close = move |_| {
        board.open.set(None);
        fields::focus(&opener);
    };
    view! {
        <div class="step" id="step" tabindex="-1" data-test="step-grants">
            {faults.summary(|_| {})}
            {choice.fields(faults)}
            <div class="row">
                <button type="button" class="primary" data-test="grants-save" aria-disabled=move || once.is_busy() on:click=save>{say().grants_save}</button>
                <button type="button" on:click=close>{words::say().cancel}</button>
            </div>
        </div>
    }
    .into_any()
}
