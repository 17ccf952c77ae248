//! Inviting somebody, and those who have not come yet.

use api::Invitation;
use domain::words::Code;
use leptos::{ev::SubmitEvent, prelude::*};

use super::{board::Board, grants::Choice};
use crate::{
    calls,
    fields::{self, Faults, label},
    once::Once,
    rights, told_once,
    words::{self, people::say},
};

/// The button that opens the form, and the link once it is made.
pub(super) fn invite(board: Board) -> AnyView {
    let made = RwSignal::new(None::<String>);
    let is_open = board.opened.is("invite".to_owned());
    view! {
        <section class="group-of-notices">
            <div class="row">{board.opened.button("invite".to_owned(), "invite", "", || say().invite, || None)}</div>
            {move || is_open.get().then(|| invite_form(board, made))}
            {move || made.get().map(|link| told_once::line("invitation-link", say().invite_link, say().invite_link_hint, link))}
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
        let mut missing = fields::missing([("/label", name)]);
        let grants = choice.grants();
        if grants.highest().is_none() {
            missing.push(fields::fault("/grants", Code::Missing));
        }
        if !missing.is_empty() {
            return faults.show(missing);
        }
        let inviting = calls::invite(name.get_untracked(), grants);
        once.send(desk, faults, inviting, move |invitation| {
            made.set(invitation.link);
            board.opened.done();
            board.ask();
            fields::focus_soon("invitation-link");
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
pub(super) fn invited(board: Board) -> AnyView {
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
            &words::author(&invitation.created_by),
            &desk.zone().moment(invitation.created_at, now),
        );
        let once = Once::new();
        let id = invitation.id.clone();
        let withdraw = move |_| {
            let id = id.clone();
            let withdrawing = async move { calls::withdraw_invitation(&id).await };
            once.send(desk, Faults::new(), withdrawing, move |()| {
                board.ask();
                desk.say(say().invitation_withdrawn.to_owned());
                fields::focus("heading");
            });
        };
        let name = invitation.label.clone();
        view! {
            <li><article class="card" data-test="invitation">
                <h3>{invitation.label}</h3>
                <p>{rights::told(desk, &invitation.grants)}</p>
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
            <ul class="cards"><For each=move || board.invitations.get() key=|one| one.id.clone() children=one /></ul>
        </section>
    }
    .into_any()
}
