//! The situation at a glance, and the ways to say something new: what someone sees who is woken at three.

use std::{cmp::Reverse, time::Duration};

use domain::{access::Role, catalogue::Template, notice::Notice};
use jiff::Timestamp;
use leptos::prelude::*;
use wire::Kind;

use crate::{
    arrival, channels,
    desk::Desk,
    facts::{self, Part},
    route::Route,
    switch, words,
};

/// What is not wrong now is painted so much later: on a slow phone the rest of the page would keep whoever comes to give the all-clear waiting.
const MOMENT: Duration = Duration::from_millis(150);

/// The start page.
pub(crate) fn page(desk: Desk) -> AnyView {
    let was_here = desk.tick.get_untracked() > 1;
    let rest = RwSignal::new(was_here);
    if !was_here {
        set_timeout(move || _ = rest.try_set(true), MOMENT);
    }
    view! {
        <h1 id="heading" tabindex="-1" class="visually-hidden">{words::say().overview}</h1>
        <div class="overview">
            <div class="situation">
                {banner(desk)}
                {channels::trouble(desk)}
                {arrival::trouble(desk)}
                {group(desk, Part::Now, words::say().now, "now")}
            </div>
            {move || (rest.get() && desk.may(Role::Editor)).then(|| ways(desk))}
            {move || rest.get().then(|| others(desk))}
        </div>
    }
    .into_any()
}

/// What is not wrong now.
fn others(desk: Desk) -> AnyView {
    view! {
        <div class="situation">
            {switch::services(desk)}
            {group(desk, Part::Announced, words::say().announced, "announced")}
            {group(desk, Part::Draft, words::say().drafts, "drafts")}
            {group(desk, Part::Over, words::say().over, "over")}
        </div>
    }
    .into_any()
}

fn of_part(desk: Desk, part: Part) -> Vec<Notice> {
    let now = desk.now.get();
    let open = desk.open.get().unwrap_or_default();
    let mut found: Vec<_> = open.iter().filter(|notice| facts::part(notice, now) == part).cloned().collect();
    match part {
        // Gravest first; what broke first leads among equals.
        Part::Now => found.sort_by_key(|notice| {
            (
                Reverse(notice.content.kind == Kind::Outage),
                Reverse(notice.content.severity),
                notice.starts_at(),
            )
        }),
        Part::Announced => found.sort_by_key(Notice::starts_at),
        Part::Draft => found.sort_by_key(|notice| Reverse(notice.updated_at)),
        Part::Over => {
            // What ended by time is still in the list of the open ones until the next full fetch.
            let known: Vec<_> = found.iter().map(|notice| notice.id.clone()).collect();
            found.extend(desk.recent.get().into_iter().filter(|notice| !known.contains(&notice.id)));
        }
    }
    found
}

/// All in one line.
fn banner(desk: Desk) -> AnyView {
    let shown = move || {
        if desk.open.with(Option::is_none) {
            return view! { <p class="banner calm" data-test="situation">{words::say().loading}</p> }.into_any();
        }
        let now = desk.now.get();
        let current = of_part(desk, Part::Now);
        let count = |kind: Kind| current.iter().filter(|notice| notice.content.kind == kind).count();
        let (outages, maintenances, information) = (count(Kind::Outage), count(Kind::Maintenance), count(Kind::Information));
        let late: usize = desk
            .open
            .with(|open| open.iter().flatten().map(|notice| facts::overdue(notice, now).len()).sum());
        let as_of = words::as_of(&desk.zone().hour(now));
        let well = outages + maintenances == 0;
        let tone = match (outages, maintenances) {
            (0, 0) => "success",
            (0, _) => "warning",
            _ => "danger",
        };
        let line = if well {
            words::say().all_well.to_owned()
        } else {
            words::situation(outages, maintenances, information)
        };
        let more = match (well, information) {
            (true, 0) => words::say().all_well_more.to_owned(),
            (true, some) => words::situation(0, 0, some),
            _ => String::new(),
        };
        let no_more = more.is_empty();
        view! {
            <div class=format!("banner {tone}") data-test="situation">
                <p class="line"><strong>{line}</strong></p>
                <p hidden=no_more>{more}</p>
                <p hidden={late == 0}><strong class="late">{words::overdue_promises(late)}</strong></p>
                <p class="as-of">{as_of}</p>
            </div>
        }
        .into_any()
    };
    shown.into_any()
}

fn group(desk: Desk, part: Part, heading: &'static str, id: &'static str) -> AnyView {
    let list = Memo::new(move |_| of_part(desk, part));
    let heading_id = format!("group-{id}");
    let labelled_by = heading_id.clone();
    view! {
        <section class="group-of-notices" data-test=id aria-labelledby=labelled_by hidden=move || list.with(Vec::is_empty)>
            <h2 id=heading_id>{heading}</h2>
            <ul class="cards">
                <For each=move || list.get() key=|notice| notice.id.clone() children=move |notice| {
                    let id = notice.id.clone();
                    let found = move || list.with(|list| list.iter().find(|other| other.id == id).cloned());
                    let latest = Memo::new(move |_| found().unwrap_or_else(|| notice.clone()));
                    view! { <li>{move || card(desk, &latest.get(), desk.now.get())}{switch::all_clear(desk, latest)}</li> }
                } />
            </ul>
        </section>
    }
    .into_any()
}

fn card(desk: Desk, notice: &Notice, now: Timestamp) -> AnyView {
    let id = notice.id.to_string();
    let class = format!("card {}", facts::tone(notice, now));
    // Who can be asked about it.
    let author = match &notice.published_by {
        Some(by) => Some((words::say().published_by, words::author(by))),
        None => notice.created_by.as_ref().map(|by| (words::say().draft_by, words::author(by))),
    };
    let short = matches!(facts::part(notice, now), Part::Over | Part::Draft);
    view! {
        <article class=class>
            <div class="card-head">{facts::chips(notice, now)}<span class="quiet id">{id.clone()}</span></div>
            <h3><a href=Route::Notice(id.clone()).href() data-test=format!("notice-{id}")
                lang=Desk::language_of(&notice.content.title)>{Desk::text(&notice.content.title)}</a></h3>
            <p class="quiet">{desk.concerned(&notice.content)}</p>
            {author.map(|(did, name)| view! { <p class="quiet by" data-test=format!("by-{id}")>{did} " " {name}</p> })}
            {(!short || notice.ended_at(now).is_some()).then(|| facts::times(desk, notice, now))}
        </article>
    }
    .into_any()
}

/// Templates and blank forms.
fn ways(desk: Desk) -> AnyView {
    let template = |template: &Template| {
        let id = template.id.to_string();
        let name = Desk::text(&template.name);
        let title = Desk::text(&template.notice.title);
        let (name_is, title_is) = (Desk::language_of(&template.name), Desk::language_of(&template.notice.title));
        view! {
            <li>
                <a class=format!("template {}", template.notice.kind.word()) href=Route::Template(id.clone()).href()
                    data-test=format!("template-{id}")>
                    <span class="chip strong">{words::kind(template.notice.kind)}</span>
                    <strong lang=name_is>{name.clone()}</strong>
                    {(title != name).then(|| view! { <span class="quiet" lang=title_is.clone()>{title.clone()}</span> })}
                </a>
            </li>
        }
    };
    let templates = move || {
        let catalogue = desk.known();
        if catalogue.templates.is_empty() {
            return view! { <p class="quiet">{words::say().no_templates}</p> }.into_any();
        }
        // Outages are what is needed in a hurry.
        let mut sorted: Vec<_> = catalogue.templates.iter().collect();
        sorted.sort_by_key(|template| template.notice.kind);
        view! { <ul class="templates">{sorted.into_iter().map(template).collect_view()}</ul> }.into_any()
    };
    let blank = Kind::ALL.iter().map(|kind| {
        view! { <a class="button" href=Route::New(*kind).href() data-test=format!("new-{}", kind.word())>{words::new_kind(*kind)}</a> }
    });
    view! {
        <section class="ways" aria-labelledby="ways-heading">
            <h2 id="ways-heading">{words::say().report}</h2>
            <p class="hint">{words::say().report_hint}</p>
            {templates}
            <h3>{words::say().blank}</h3>
            <div class="row blank">{blank.collect_view()}</div>
        </section>
    }
    .into_any()
}
