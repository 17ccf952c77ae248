//! Who may do what: people, those who are invited, programs.

mod board;
mod card;
mod grants;
mod invitations;
mod programs;

use leptos::prelude::*;

use self::board::Board;
use crate::{desk::Desk, words};

/// The page.
pub(crate) fn page(desk: Desk) -> AnyView {
    let board = Board::new(desk);
    view! {
        <h1 id="heading" tabindex="-1">{words::say().people}</h1>
        <p class="quiet" hidden=move || board.people.with(Option::is_some)>{words::say().loading}</p>
        <div class="situation">
            {invitations::invite(board)}
            {invitations::invited(board)}
            {list(board)}
            {programs::section(board)}
        </div>
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
                    view! { <li>{card::card(board, latest)}</li> }
                } />
            </ul>
        </section>
    }
    .into_any()
}
