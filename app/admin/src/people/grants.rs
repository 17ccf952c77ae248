//! Which rights somebody gets, as they are chosen.

use domain::{
    access::{Grants, Role, Where},
    words::PortalId,
};
use leptos::prelude::*;

use crate::{
    desk::Desk,
    fields::{Faults, element_id},
    words::{self, people::say},
};

/// The role on one portal, as it is being chosen.
struct OnPortal {
    id: PortalId,
    name: String,
    role: RwSignal<Option<Role>>,
}

/// Roles as they are being chosen: on all portals, and on each that the person may give them on.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    /// Whether they may be given on all portals.
    may_everywhere: bool,
    everywhere: RwSignal<Option<Role>>,
    portals: StoredValue<Vec<OnPortal>>,
}

impl Choice {
    /// Chosen so far is what somebody holds.
    pub(super) fn new(desk: Desk, held: Option<&Grants>) -> Self {
        let may = |place: Where<'_>| {
            desk.session
                .with_untracked(|session| session.as_ref().is_some_and(|one| one.grants.may(Role::Admin, place)))
        };
        let role = |portal: &PortalId| {
            let mut portals = held.into_iter().flat_map(Grants::portals);
            portals.find(|(known, _)| *known == portal).map(|(_, role)| role)
        };
        let portals = desk.known_portals().into_iter().filter(|(id, _)| may(Where::On(id)));
        let portals = portals.map(|(id, name)| {
            let role = RwSignal::new(role(&id));
            OnPortal { id, name, role }
        });
        Self {
            may_everywhere: may(Where::Everywhere),
            everywhere: RwSignal::new(held.and_then(Grants::everywhere)),
            portals: StoredValue::new(portals.collect()),
        }
    }

    /// What is chosen.
    pub(super) fn grants(self) -> Grants {
        let mut grants = self.everywhere.get_untracked().map(Grants::from).unwrap_or_default();
        self.portals.with_value(|portals| {
            for one in portals {
                if let Some(role) = one.role.get_untracked() {
                    grants = std::mem::take(&mut grants).and(role, Some(one.id.clone()));
                }
            }
        });
        grants
    }

    /// The fields in which it is chosen.
    pub(super) fn fields(self, faults: Faults) -> AnyView {
        let wrong = Memo::new(move |_| faults.at("/grants"));
        let everywhere = self
            .may_everywhere
            .then(|| one("role-everywhere", say().everywhere, faults, self.everywhere));
        let portals = self.portals.with_value(|portals| {
            let fields = portals
                .iter()
                .map(|portal| one(&format!("role-{}", portal.id), &portal.name, faults, portal.role));
            fields.collect_view()
        });
        let some_chosen = self
            .portals
            .with_value(|portals| portals.iter().any(|one| one.role.get_untracked().is_some()));
        view! {
            <fieldset id=element_id("/grants") tabindex="-1" aria-describedby="grants-fault" class="field">
                <legend>{say().grants}</legend>
                <p class="fault" id="grants-fault" hidden=move || wrong.with(String::is_empty)>{move || wrong.get()}</p>
                {everywhere}
                <details class="fold" open=!self.may_everywhere || some_chosen>
                    <summary>{say().single_portals}</summary>
                    {portals}
                </details>
            </fieldset>
        }
        .into_any()
    }
}

fn one(id: &str, name: &str, faults: Faults, role: RwSignal<Option<Role>>) -> AnyView {
    let options = std::iter::once(None).chain(Role::ALL.into_iter().map(Some));
    let options = options.map(move |option| {
        let (value, text) = option.map_or(("", words::no_role()), |role| (role.word(), words::role(role)));
        view! { <option value=value prop:selected=move || role.get() == option>{text}</option> }
    });
    let (id, labelled) = (id.to_owned(), id.to_owned());
    view! {
        <div class="field">
            <label for=labelled>{name.to_owned()}</label>
            <select id=id.clone() data-test=id on:change:target=move |ev| {
                faults.touched("/grants");
                role.set(Role::parse(&ev.target().value()));
            }>{options.collect_view()}</select>
        </div>
    }
    .into_any()
}
