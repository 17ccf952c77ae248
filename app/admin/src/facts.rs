//! What is known of a notice at a glance: kind, severity, stage, times. The same in the list and on its own page.

use domain::notice::{Author, Notice};
use jiff::Timestamp;
use leptos::prelude::*;
use wire::{AtEnd, EndCertainty, Kind, Severity, Stage};

use crate::{clock, desk::Desk, turning, words};

/// In which part of the situation a notice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Now,
    Announced,
    Draft,
    Over,
}

pub(crate) fn part(notice: &Notice, now: Timestamp) -> Part {
    match notice.stage_at(now) {
        None => Part::Draft,
        Some(stage) if stage.is_final() => Part::Over,
        Some(Stage::Scheduled) => Part::Announced,
        Some(Stage::Published) if notice.starts_at() > now || notice.visible_from().is_some_and(|from| from > now) => Part::Announced,
        Some(_) => Part::Now,
    }
}

/// The promises of a notice that are past and not kept: news, and an end that nobody has confirmed.
pub(crate) fn overdue(notice: &Notice, now: Timestamp) -> Vec<(Promise, Timestamp)> {
    if !matches!(part(notice, now), Part::Now | Part::Announced) {
        return Vec::new();
    }
    let end = notice
        .content
        .ends_at
        .filter(|_| notice.content.at_end == AtEnd::Confirm && notice.content.kind != Kind::Information);
    let decision = notice.decide_until().filter(|_| notice.has_to_be_decided(now));
    [
        (Promise::News, notice.content.next_update_at),
        (Promise::Decision, decision),
        (Promise::End, end),
    ]
    .into_iter()
    .filter_map(|(promise, at)| at.filter(|at| *at <= now).map(|at| (promise, at)))
    .collect()
}

/// What was promised for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    News,
    /// Whether work goes on or is rolled back.
    Decision,
    End,
}

/// How a notice is coloured: by how bad it is while it holds.
pub(crate) fn tone(notice: &Notice, now: Timestamp) -> &'static str {
    match (part(notice, now), notice.content.kind, notice.content.severity) {
        (Part::Over | Part::Draft, ..) => "calm",
        (Part::Announced, ..) | (_, Kind::Information, _) | (_, _, Severity::Information) => "info",
        (_, Kind::Maintenance, _) | (_, _, Severity::Degraded) => "warning",
        (_, Kind::Outage, _) => "danger",
    }
}

/// Kind, severity and stage as labels.
pub(crate) fn chips(notice: &Notice, now: Timestamp) -> AnyView {
    let kind = notice.content.kind;
    let effect = (kind != Kind::Information).then(|| words::severity(notice.content.severity));
    let stage = notice.stage_at(now);
    view! {
        <span class="chips">
            <span class="chip strong">{words::kind(kind)}</span>
            {effect.map(|effect| view! { <span class="chip">{effect}</span> })}
            <span class="chip" data-test="stage">{words::stage(stage)}</span>
        </span>
    }
    .into_any()
}

/// The times as pairs of name and value; overdue ones are marked.
pub(crate) fn times(desk: Desk, notice: &Notice, now: Timestamp) -> AnyView {
    let zone = desk.zone();
    let content = &notice.content;
    let told = |at: Timestamp| zone.moment(at, now);
    let late = overdue(notice, now);
    let mark = |promise: Promise| {
        late.iter()
            .find(|(other, _)| *other == promise)
            .map(|(_, at)| view! { <strong class="late">" " {words::overdue_for(clock::minutes_between(*at, now))}</strong> })
    };
    let mut rows: Vec<AnyView> = Vec::new();
    let mut add = |name: &'static str, value: String, mark: Option<AnyView>| {
        rows.push(view! { <div><dt>{name}</dt><dd>{value}{mark}</dd></div> }.into_any());
    };
    let begun = notice.starts_at() <= now;
    if notice.stage.is_some() || content.starts_at.is_some() {
        let since = if begun && part(notice, now) == Part::Now {
            format!(
                "{} ({})",
                told(notice.starts_at()),
                words::span(clock::minutes_between(notice.starts_at(), now))
            )
        } else {
            told(notice.starts_at())
        };
        add(if begun { words::say().since } else { words::say().from }, since, None);
    }
    if let Some(ended) = notice.ended_at(now) {
        add(words::say().ended, told(ended), None);
    } else {
        match (content.ends_at, content.certainty()) {
            (Some(end), EndCertainty::Exact) => add(words::say().until, told(end), mark(Promise::End).map(IntoAny::into_any)),
            (Some(end), EndCertainty::Estimated) => add(words::say().until_estimated, told(end), mark(Promise::End).map(IntoAny::into_any)),
            _ if content.kind != Kind::Information => add(words::say().until, words::say().end_unknown.to_owned(), None),
            _ => {}
        }
        if let Some((told, has_to)) = turning::told(desk, notice, now) {
            let asks = has_to.then(|| view! { <strong class="late">" " {words::decide_now()}</strong> }.into_any());
            add(words::decide_until(), told, asks);
        }
        if let Some(next) = content.next_update_at {
            add(words::say().next_update, told(next), mark(Promise::News).map(IntoAny::into_any));
        } else if part(notice, now) == Part::Now && content.kind == Kind::Outage {
            add(words::say().next_update, words::say().no_next_update.to_owned(), None);
        }
    }
    view! { <dl class="times">{rows}</dl> }.into_any()
}

/// Who wrote it, who published it, and who changed it last.
pub(crate) fn authors(desk: Desk, notice: &Notice, now: Timestamp) -> AnyView {
    let zone = desk.zone();
    let line = |name: &'static str, by: Option<&Author>, at: Timestamp| {
        let by = by.map_or_else(|| words::say().author_removed.to_owned(), words::author);
        view! { <p>{name} " " <strong>{by}</strong> ", " {zone.moment(at, now)}</p> }
    };
    let published = notice
        .published_at
        .map(|at| line(words::say().published_by, notice.published_by.as_ref(), at));
    let changed = notice.revision > 1;
    view! {
        <div class="quiet authors" data-test="authors">
            {line(words::say().written_by, notice.created_by.as_ref(), notice.created_at)}
            {published}
            {changed.then(|| line(words::say().changed_by, notice.updated_by.as_ref(), notice.updated_at))}
        </div>
    }
    .into_any()
}
