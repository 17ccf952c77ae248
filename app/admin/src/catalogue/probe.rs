//! What the server found where it looks itself, and a look at once by what stands in the form.

use api::{ProbeFinding, ProbeLook};
use domain::words::Outcome;
use jiff::Timestamp;
use leptos::{prelude::*, task::spawn_local};

use super::form::Form;
use crate::{calls, desk::Desk, once::Once, words::probes as words};

/// Of the probe with this id; `None`: it is not there yet.
pub(super) fn section(form: Form, id: Option<String>) -> AnyView {
    let found = RwSignal::new(None::<Vec<ProbeFinding>>);
    let heading = words::heading(id.is_some());
    let desk = form.desk;
    if let Some(id) = id {
        spawn_local(async move {
            if let Ok(probes) = calls::probes().await {
                let own = probes.into_iter().find(|probe| probe.id.as_str() == id);
                let _left = found.try_set(own.map(|probe| probe.found));
            }
        });
    }
    let line = move |finding: ProbeFinding| {
        let by = words::by(&finding.node, &when(desk, finding.looked_at));
        let look = ProbeLook {
            outcome: finding.outcome,
            milliseconds: finding.milliseconds,
            failure: finding.failure,
            certificate_until: finding.certificate_until,
        };
        card(&look, Some(by), desk)
    };
    let told = move || {
        found.get().map(|all| {
            if all.is_empty() {
                return view! { <p class="quiet">{words::never()}</p> }.into_any();
            }
            view! { <ul class="cards">{all.into_iter().map(line).collect_view()}</ul> }.into_any()
        })
    };
    let once = Once::new();
    let seen = RwSignal::new(None::<ProbeLook>);
    let look = move |_| {
        let (_, mut value) = form.draft.sent();
        // It needs a name that holds, and none that is free.
        value["id"] = "look".into();
        once.send(desk, form.faults, async move { calls::try_probe(&value).await }, move |look| {
            form.faults.show(Vec::new());
            seen.set(Some(look));
        });
    };
    view! {
        <section class="part" aria-labelledby="probe-heading" data-test="probe">
            <h2 id="probe-heading">{heading}</h2>
            {told}
            <div class="row">
                <button type="button" data-test="probe-look" aria-disabled=move || once.is_busy() on:click=look>{words::look()}</button>
                <span class="quiet" role="status">{move || if once.is_busy() == "true" { words::looking() } else { words::look_hint() }}</span>
            </div>
            <div role="status" data-test="probe-seen">
                {move || seen.get().map(|look| view! { <ul class="cards">{card(&look, None, desk)}</ul> })}
            </div>
        </section>
    }
    .into_any()
}

fn card(look: &ProbeLook, by: Option<String>, desk: Desk) -> AnyView {
    let class = match look.outcome {
        Outcome::Good => "card success",
        Outcome::Slow | Outcome::Bad => "card warning",
    };
    let took = (look.outcome != Outcome::Bad).then(|| words::took(look.milliseconds));
    let until = look.certificate_until.map(|until| words::certificate_until(&when(desk, until)));
    let facts: Vec<String> = [took, until, by].into_iter().flatten().collect();
    view! {
        <li class=class>
            <p><strong>{words::outcome(look.outcome)}</strong></p>
            <p hidden=look.failure.is_none()>{look.failure.clone()}</p>
            <p class="quiet">{facts.join(" · ")}</p>
        </li>
    }
    .into_any()
}

fn when(desk: Desk, at: Timestamp) -> String {
    desk.zone().moment(at, desk.now.get_untracked())
}
