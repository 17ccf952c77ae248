//! What the page of people knows.

use api::{Invitation, Person};
use leptos::{prelude::*, task::spawn_local};

use crate::{calls, desk::Desk, failure::Failure, fields, opened::Opened};

/// What the page knows, and whose form is open.
#[derive(Clone, Copy)]
pub(super) struct Board {
    pub(super) desk: Desk,
    pub(super) people: RwSignal<Option<Vec<Person>>>,
    pub(super) invitations: RwSignal<Vec<Invitation>>,
    pub(super) opened: Opened,
}

impl Board {
    pub(super) fn new(desk: Desk) -> Self {
        let board = Self {
            desk,
            people: RwSignal::new(None),
            invitations: RwSignal::new(Vec::new()),
            opened: Opened::new(),
        };
        Effect::new(move |_| {
            desk.tick.track();
            board.ask();
        });
        board
    }

    pub(super) fn ask(self) {
        spawn_local(async move {
            match calls::people().await {
                Ok(people) => drop(self.people.try_set(Some(people))),
                // Who has just been told so is told again by nothing that changes.
                Err(failure) if failure == Failure::SignedOut || self.people.with_untracked(Option::is_none) => self.desk.failed(&failure),
                Err(_) => {}
            }
            if let Ok(invitations) = calls::invitations().await {
                self.invitations.try_set(invitations);
            }
        });
    }

    /// Takes over what became of a person.
    pub(super) fn became(self, person: Person, done: String) {
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
