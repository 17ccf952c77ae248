//! The big switch: each service with its state and why, an outage of it in two taps, and the all-clear in two.

use std::collections::BTreeMap;

use domain::{
    access::Role,
    catalogue::{Catalogue, Portal, Service, dependencies::Dependents},
    notice::{Content, Notice},
    text::Localized,
    words::{NoticeId, ServiceId},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;
use wire::{Kind, Severity, Status};

use crate::{
    calls,
    desk::Desk,
    draft::blank,
    facts::{self, Part},
    failure::Failure,
    fields,
    once::Once,
    route::Route,
    words::{
        self,
        prepared::{self, Typed},
    },
};

/// What is wrong with a service, and which notice says so.
#[derive(Clone, Debug, PartialEq)]
struct Trouble {
    status: Status,
    /// The service that it comes from; `None`: it is its own.
    because: Option<ServiceId>,
    notice: NoticeId,
}

/// What is wrong with which service now; of several troubles the gravest.
fn troubles(desk: Desk) -> BTreeMap<ServiceId, Trouble> {
    let (catalogue, now) = (desk.known(), desk.now.get());
    let dependents = Dependents::of(&catalogue.services);
    let open = desk.open.get().unwrap_or_default();
    let mut found: BTreeMap<ServiceId, Trouble> = BTreeMap::new();
    for notice in open.iter().filter(|notice| facts::part(notice, now) == Part::Now) {
        let status = notice.content.status();
        // What a portal has as a whole, each of its services has.
        let whole = catalogue
            .portals
            .iter()
            .filter(|portal| notice.content.portals.contains(&portal.id));
        for service in whole.flat_map(|portal| &portal.services) {
            let trouble = Trouble {
                status,
                because: None,
                notice: notice.id.clone(),
            };
            if notice.content.services.is_empty()
                && status > Status::Information
                && found.get(service).is_none_or(|known| known.status < status)
            {
                found.insert(service.clone(), trouble);
            }
        }
        for root in &notice.content.services {
            for (service, reach) in dependents.of_service(root) {
                let trouble = Trouble {
                    status: reach.soften(status),
                    because: (service != root).then(|| root.clone()),
                    notice: notice.id.clone(),
                };
                let is_worse = |known: &Trouble| (known.status, known.because.is_none()) < (trouble.status, trouble.because.is_none());
                if trouble.status > Status::Information && found.get(service).is_none_or(is_worse) {
                    found.insert(service.clone(), trouble);
                }
            }
        }
    }
    found
}

/// A portal, or the services that stand behind them all.
#[derive(Clone, PartialEq)]
struct Place {
    /// Its id, as a hook.
    id: String,
    name: String,
    services: Vec<Service>,
}

fn places(catalogue: &Catalogue) -> Vec<Place> {
    let service = |id: &ServiceId| catalogue.services.iter().find(|service| service.id == *id).cloned();
    let mut places: Vec<Place> = catalogue
        .portals
        .iter()
        .map(|portal: &Portal| Place {
            id: portal.id.to_string(),
            name: Desk::text(&portal.name),
            services: portal.services.iter().filter_map(service).collect(),
        })
        .collect();
    let is_behind = |service: &&Service| !catalogue.portals.iter().any(|portal| portal.services.contains(&service.id));
    let behind: Vec<Service> = catalogue.services.iter().filter(is_behind).cloned().collect();
    if !behind.is_empty() {
        places.push(Place {
            id: String::new(),
            name: words::say().behind_all.to_owned(),
            services: behind,
        });
    }
    places
}

/// All portals and services with their state; where something is wrong, unfolded.
pub(crate) fn services(desk: Desk) -> AnyView {
    let troubles = Memo::new(move |_| troubles(desk));
    let places = Memo::new(move |_| places(&desk.known()));
    view! {
        <section class="group-of-notices" data-test="services" aria-labelledby="services-heading" hidden=move || places.with(Vec::is_empty)>
            <h2 id="services-heading">{words::say().services_heading}</h2>
            <ul class="cards">
                <For each=move || places.get() key=|place| place.id.clone() children=move |one| view! { <li>{place(desk, &one, troubles)}</li> } />
            </ul>
        </section>
    }
    .into_any()
}

fn place(desk: Desk, place: &Place, troubles: Memo<BTreeMap<ServiceId, Trouble>>) -> AnyView {
    let ids: Vec<ServiceId> = place.services.iter().map(|service| service.id.clone()).collect();
    let all = ids.len();
    let wrong = Memo::new(move |_| troubles.with(|troubles| ids.iter().filter(|id| troubles.contains_key(id)).count()));
    let name = place.name.clone();
    let rows = place.services.clone();
    // There may be hundreds: they are made when somebody looks.
    let is_open = RwSignal::new(false);
    // It unfolds when something breaks, and stays as somebody leaves it.
    Effect::new(move |before: Option<bool>| {
        let is_wrong = wrong.get() > 0;
        if is_wrong && before != Some(true) {
            is_open.set(true);
        }
        is_wrong
    });
    view! {
        <details class="card place" data-test=format!("place-{}", place.id) prop:open=move || is_open.get()
            on:toggle:target=move |ev| is_open.set(ev.target().has_attribute("open"))>
            <summary>
                <strong>{name}</strong>
                " "
                <span class:late=move || wrong.get() != 0>{move || words::services_wrong(wrong.get(), all)}</span>
            </summary>
            {move || is_open.get().then(|| {
                let rows = rows.iter().map(|service| row(desk, service, troubles)).collect_view();
                view! { <ul class="services">{rows}</ul> }
            })}
        </details>
    }
    .into_any()
}

/// One service: what it is called, how it is and why, and how to say otherwise.
fn row(desk: Desk, service: &Service, troubles: Memo<BTreeMap<ServiceId, Trouble>>) -> AnyView {
    let id = service.id.clone();
    let trouble = Memo::new(move |_| troubles.with(|troubles| troubles.get(&id).cloned()));
    let state = move || {
        let trouble = trouble.get();
        let status = trouble.as_ref().map_or(Status::Operational, |trouble| trouble.status);
        let why = trouble.map(|trouble| {
            let because = trouble
                .because
                .map(|cause| format!("{} ", words::because_of(&desk.service_name(&cause))));
            let notice = trouble.notice.to_string();
            view! { " " {because} <a href=Route::Notice(notice.clone()).href()>{words::notice_named(&notice)}</a> }
        });
        let class = if status == Status::Operational { "chip" } else { "chip strong" };
        view! { <span class=class>{words::status(status)}</span>{why} }
    };
    let class = move || match trouble.with(|trouble| trouble.as_ref().map(|trouble| trouble.status)) {
        Some(Status::Outage | Status::PartialOutage) => "service-row outage",
        Some(Status::Degraded | Status::Maintenance) => "service-row maintenance",
        _ => "service-row",
    };
    // What is worse than that is still to be said.
    let is_own = move || {
        trouble
            .get()
            .is_some_and(|trouble| trouble.because.is_none() && trouble.status >= Status::PartialOutage)
    };
    let way = way(&desk.known_untracked(), service);
    let name = Desk::text(&service.name);
    let spoken = words::said_of(words::say().report_outage, &name);
    view! {
        <li class=class>
            <span class="service-name" lang=Desk::language_of(&service.name)>{name}</span>
            <span class="service-state" data-test=format!("state-{}", service.id)>{state}</span>
            <a class="button small" href=way.href() data-test=format!("report-{}", service.id) aria-label=spoken
                hidden=move || is_own() || !desk.may(Role::Editor)>{words::say().report_outage}</a>
        </li>
    }
    .into_any()
}

/// The way to an outage of a service: by a template that names it, the narrowest one, else by what is prepared for any.
fn way(catalogue: &Catalogue, service: &Service) -> Route {
    let outages = catalogue.templates.iter().filter(|template| template.notice.kind == Kind::Outage);
    let about = outages.filter(|template| template.notice.services.contains(&service.id));
    let narrowest = about.min_by_key(|template| template.notice.services.len());
    narrowest.map_or_else(
        || Route::Report(service.id.to_string()),
        |template| Route::Template(template.id.to_string()),
    )
}

/// An outage of a service as it is prepared, in each of these languages in which it is; `None`: there is no such service.
pub(crate) fn prepared(desk: Desk, service: &str) -> Option<Content> {
    let catalogue = desk.known_untracked();
    let service = catalogue.services.iter().find(|known| known.id.as_str() == service)?;
    let mut content = Content {
        services: vec![service.id.clone()],
        severity: Severity::Outage,
        ..blank(Kind::Outage, &catalogue)
    };
    for language in desk.languages() {
        let name = service.name.get(&language).unwrap_or_default();
        if let Some((title, impact)) = prepared::outage(language.as_str(), name).filter(|_| !name.is_empty()) {
            content.title = content.title.with(language.clone(), title);
            content.impact = content.impact.with(language, impact);
        }
    }
    Some(content)
}

/// The all-clear for an outage that goes on: it works again, and what people had typed is there, lost, or nobody knows.
pub(crate) fn all_clear(desk: Desk, notice: Memo<Notice>) -> AnyView {
    let may = Memo::new(move |_| {
        let notice = notice.get();
        let is_on = facts::part(&notice, desk.now.get()) == Part::Now && notice.content.kind == Kind::Outage;
        is_on && desk.may_on(Role::Publisher, &notice.content, &notice.shown_on)
    });
    let (open, once) = (RwSignal::new(false), Once::new());
    let id = notice.with_untracked(|notice| notice.id.to_string());
    let opener = format!("all-clear-{id}");
    let question_id = format!("all-clear-question-{id}");
    let toggle = {
        let question = question_id.clone();
        move |_| {
            let opens = !open.get_untracked();
            open.set(opens);
            if opens {
                let question = question.clone();
                fields::focus_soon(question);
            }
        }
    };
    let answers = move || {
        let answer = |typed: Typed| {
            let (word, name) = match typed {
                Typed::Kept => ("kept", words::say().typed_kept),
                Typed::Lost => ("lost", words::say().typed_lost),
                Typed::NotKnown => ("not-known", words::say().typed_not_known),
            };
            view! {
                <button type="button" data-test=format!("all-clear-{word}") aria-disabled=move || once.is_busy()
                    on:click=move |_| clear(desk, notice, typed, once)>{name}</button>
            }
        };
        Typed::ALL.into_iter().map(answer).collect_view()
    };
    view! {
        <div class="all-clear" hidden=move || !may.get()>
            <button type="button" class="small" id=opener data-test="all-clear"
                aria-label=move || words::said_of(words::say().all_clear, &notice.with(|notice| Desk::text(&notice.content.title))) aria-expanded=move || open.get().to_string()
                on:click=toggle>{words::say().all_clear}</button>
            {move || open.get().then(|| view! {
                <div class="step" data-test="step-all-clear">
                    <p id=question_id.clone() tabindex="-1"><strong>{words::say().all_clear_question}</strong></p>
                    <p class="hint">{words::say().all_clear_hint}</p>
                    <div class="row">{answers()}</div>
                </div>
            })}
        </div>
    }
    .into_any()
}

fn clear(desk: Desk, notice: Memo<Notice>, typed: Typed, once: Once) {
    let Some(key) = once.begin() else { return };
    desk.hush();
    let (id, text) = notice.with_untracked(|notice| {
        let mut text = Localized::default();
        // In the languages in which people read it.
        for (language, _) in notice.content.title.iter() {
            if let Some(said) = prepared::all_clear(language.as_str(), typed) {
                text = text.with(language.clone(), said);
            }
        }
        (notice.id.to_string(), text)
    });
    spawn_local(async move {
        let outcome = calls::act(&id, "resolve", &json!({"text": text}), &key).await;
        match once.ended(outcome) {
            Some(Ok(notice)) => {
                desk.refresh_all();
                desk.has_resolved(notice.id.as_str());
                desk.say(format!("{}: {}", words::say().all_clear_given, notice.id));
                fields::focus("heading");
            }
            Some(Err(Failure::NoAnswer)) => desk.lost(words::say().step_unanswered.to_owned()),
            Some(Err(failure)) => desk.failed(&failure),
            None => {}
        }
    });
}
