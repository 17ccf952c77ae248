//! All that comes: the occurrences of series, and work that was announced by itself.

use std::collections::BTreeSet;

use api::{Occurrence, Series};
use domain::{
    access::Role,
    notice::Content,
    words::{NoticeId, SeriesId},
};
use jiff::Timestamp;
use leptos::prelude::*;
use wire::{Kind, Stage};

use super::{
    decision,
    plan::{Act, Day, Plan},
};
use crate::{desk::Desk, route::Route, words};

/// So many are shown: what is further away can still change.
const MOST: usize = 30;

/// One of them.
#[derive(Clone, PartialEq)]
pub(super) struct Coming {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) content: Box<Content>,
    what: What,
}

#[derive(Clone, PartialEq)]
enum What {
    /// Of a series.
    Occurrence(Day, Box<Occurrence>),
    /// Announced by itself.
    Notice(NoticeId),
}

impl Coming {
    pub(super) fn of(series: &Series, occurrence: &Occurrence) -> Self {
        Self {
            from: occurrence.starts_at,
            to: occurrence.ends_at,
            content: series.notice.clone(),
            what: What::Occurrence(Day::of(series, occurrence), Box::new(occurrence.clone())),
        }
    }

    /// What tells it from the others.
    pub(super) fn key(&self) -> String {
        match &self.what {
            What::Occurrence(day, _) => day.key(),
            What::Notice(id) => id.to_string(),
        }
    }

    /// The notice by which people were told of it.
    pub(super) fn notice(&self) -> Option<&NoticeId> {
        match &self.what {
            What::Occurrence(_, occurrence) => occurrence.notice.as_ref(),
            What::Notice(id) => Some(id),
        }
    }

    /// Of which series it is; `None`: it was announced by itself.
    pub(super) fn series(&self) -> Option<&SeriesId> {
        match &self.what {
            What::Occurrence(day, _) => Some(&day.series),
            What::Notice(_) => None,
        }
    }
}

/// The list.
pub(super) fn section(plan: Plan) -> AnyView {
    let list = Memo::new(move |_| all(plan));
    view! {
        <section class="group-of-notices" data-test="coming" aria-labelledby="coming-heading">
            <h2 id="coming-heading">{words::office::say().coming}</h2>
            <p class="quiet" hidden=move || !list.with(Vec::is_empty)>{words::office::say().coming_empty}</p>
            <ol class="cards">
                <For each=move || list.get() key=Coming::key children=move |one| {
                    let (key, first) = (one.key(), one.clone());
                    let found = move || list.with(|list| list.iter().find(|other| other.key() == key).cloned());
                    let latest = Memo::new(move |_| found().unwrap_or_else(|| one.clone()));
                    view! { <li>{card(plan, &first, latest)}</li> }
                } />
            </ol>
        </section>
    }
    .into_any()
}

fn all(plan: Plan) -> Vec<Coming> {
    let mut found = known(plan, Vec::new());
    found.truncate(MOST);
    found
}

/// All that is known, in the order of time; `further`: occurrences that series do not tell by themselves.
pub(super) fn known(plan: Plan, further: Vec<Coming>) -> Vec<Coming> {
    let now = plan.desk.now.get();
    let mut found: Vec<Coming> = plan.series.with(|series| {
        let of_one = |series: &Series| series.upcoming.iter().map(|one| Coming::of(series, one)).collect::<Vec<_>>();
        series.iter().flat_map(of_one).collect()
    });
    let told: BTreeSet<String> = found.iter().map(Coming::key).collect();
    found.extend(further.into_iter().filter(|one| one.to > now && !told.contains(&one.key())));
    let of_series: BTreeSet<NoticeId> = found.iter().filter_map(Coming::notice).cloned().collect();
    let open = plan.desk.open.get().unwrap_or_default();
    let planned = open.iter().filter(|notice| {
        let is_ahead = matches!(
            notice.stage_at(now),
            Some(Stage::Scheduled | Stage::InProgress | Stage::Overrunning)
        );
        notice.content.kind == Kind::Maintenance && is_ahead && !of_series.contains(&notice.id)
    });
    found.extend(planned.filter_map(|notice| {
        Some(Coming {
            from: notice.content.starts_at?,
            to: notice.content.ends_at?,
            content: Box::new(notice.content.clone()),
            what: What::Notice(notice.id.clone()),
        })
    }));
    found.sort_by_key(|one| (one.from, one.key()));
    found
}

/// A card: what it says follows what is known, and what somebody types into it stays.
pub(super) fn card(plan: Plan, first: &Coming, latest: Memo<Coming>) -> AnyView {
    let desk = plan.desk;
    let buttons = match &first.what {
        What::Occurrence(day, _) if desk.may_on(Role::Publisher, &first.content, &BTreeSet::new()) => {
            let day = day.clone();
            let day = Memo::new(move |_| match latest.get().what {
                What::Occurrence(day, _) => day,
                What::Notice(_) => day.clone(),
            });
            Some(decision::buttons(plan, day, &[Act::Skip, Act::Hold, Act::Announce]))
        }
        _ => None,
    };
    let is_waiting = Memo::new(move |_| {
        let one = latest.get();
        let announced = match &one.what {
            What::Occurrence(_, occurrence) => occurrence.notice.as_ref().map(ToString::to_string),
            What::Notice(_) => None,
        };
        plan.waiting
            .with(|waiting| waiting.contains(&one.key()) || announced.is_some_and(|id| waiting.contains(&id)))
    });
    view! {
        <article class="card" data-test=format!("occurrence-{}", first.key())>
            {move || facts(desk, &latest.get())}
            {move || is_waiting.get().then(|| view! {
                <p class="late" data-test="change-waits"><a href=Route::Approvals.href()>{words::change_waits()}</a></p>
            })}
            {buttons}
        </article>
    }
    .into_any()
}

fn facts(desk: Desk, one: &Coming) -> AnyView {
    let (zone, now) = (desk.zone(), desk.now.get_untracked());
    let window = zone.window(one.from, one.to, now);
    let (which, more) = match &one.what {
        What::Notice(id) => (String::new(), announced(words::office::say().announced_as, id)),
        What::Occurrence(day, occurrence) => (format!("{} · ", day.series), of_series(desk, occurrence)),
    };
    view! {
        <p><strong>{window}</strong></p>
        <h3 lang=Desk::language_of(&one.content.title)>{Desk::text(&one.content.title)}</h3>
        <p class="quiet">{which} {desk.concerned(&one.content)}</p>
        {more}
    }
    .into_any()
}

fn announced(stage: &'static str, id: &NoticeId) -> AnyView {
    let href = Route::Notice(id.to_string()).href();
    view! { <p><a href=href>{stage} ": " {id.to_string()}</a></p> }.into_any()
}

/// Whether people were told of it, when they will be, or for what it waits; and what is unusual about it.
fn of_series(desk: Desk, occurrence: &Occurrence) -> AnyView {
    let told = match &occurrence.notice {
        Some(id) => announced(words::stage(occurrence.stage), id),
        None if occurrence.frozen.is_empty() => {
            let moment = desk.zone().moment(occurrence.announced_from, desk.now.get_untracked());
            view! { <p>{words::announced_from(&moment)}</p> }.into_any()
        }
        None => {
            let freezes: Vec<&str> = occurrence.frozen.iter().map(domain::words::FreezeId::as_str).collect();
            view! { <p class="late" data-test="waits">{words::waits_before(&freezes.join(", "))}</p> }.into_any()
        }
    };
    let is_moved = occurrence.day != occurrence.original && occurrence.exception.is_some();
    let unusual = [
        is_moved.then(|| words::moved_from(&words::day(occurrence.original))),
        (occurrence.longer_minutes != 0).then(|| words::longer(occurrence.longer_minutes)),
        occurrence.differs.then(|| words::office::say().differs.to_owned()),
    ];
    let unusual = unusual.into_iter().flatten().map(|text| view! { <p class="quiet">{text}</p> });
    view! { {told}{unusual.collect_view()} }.into_any()
}
