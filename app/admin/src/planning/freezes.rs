//! The freezes that hold: what each is for, and what it takes to work in it.

use api::Freeze;
use domain::freeze::When;
use leptos::prelude::*;

use super::{plan::Plan, rules};
use crate::{desk::Desk, words};

/// The list; nothing while there is none.
pub(super) fn section(plan: Plan) -> AnyView {
    let holding = Memo::new(move |_| {
        let all = plan.freezes.get();
        all.into_iter().filter(|freeze| freeze.ended_at.is_none()).collect::<Vec<_>>()
    });
    view! {
        <section class="group-of-notices" data-test="freezes" aria-labelledby="freezes-heading" hidden=move || holding.with(Vec::is_empty)>
            <h2 id="freezes-heading">{words::office::say().freezes}</h2>
            <ul class="cards">
                <For each=move || holding.get() key=|one| (one.id.clone(), one.revision, one.overrides.len())
                    children=move |one| view! { <li>{card(plan, &one)}</li> } />
            </ul>
        </section>
    }
    .into_any()
}

fn card(plan: Plan, freeze: &Freeze) -> AnyView {
    let (desk, zone) = (plan.desk, plan.desk.zone());
    let now = desk.now.get_untracked();
    let when = match &freeze.when {
        When::Recurring(recurrence) => rules::sentence(recurrence),
        When::Spans(spans) => {
            let ahead = spans.iter().filter(|span| span.to > now);
            let told: Vec<String> = ahead.map(|span| zone.window(span.from, span.to, now)).collect();
            told.join("; ")
        }
    };
    let scope = scope(desk, freeze);
    let overrides = freeze.overrides.iter().map(|one| {
        let by = words::author(&one.by);
        view! { <li>{one.notice.to_string()} ": " {one.reason.clone()} " (" {by} ")"</li> }
    });
    let overrides: Vec<_> = overrides.collect();
    let passed = (!overrides.is_empty()).then(|| view! { <p class="quiet">{words::office::say().overrides}</p><ul>{overrides}</ul> });
    view! {
        <article class="card" data-test=format!("freeze-{}", freeze.id)>
            <h3>{freeze.name.clone()}</h3>
            <p>{when}</p>
            <p class="quiet">{freeze.id.to_string()} " · " {words::level(freeze.level)} " · " {scope}</p>
            {passed}
        </article>
    }
    .into_any()
}

/// For which work it is.
pub(super) fn scope(desk: Desk, freeze: &Freeze) -> String {
    let services = freeze.services.iter().map(|id| desk.service_name(id));
    let portals = freeze.portals.iter().map(|id| desk.portal_name(id));
    let names: Vec<String> = services.chain(portals).collect();
    if names.is_empty() {
        words::office::say().freeze_for_all.to_owned()
    } else {
        names.join(", ")
    }
}
