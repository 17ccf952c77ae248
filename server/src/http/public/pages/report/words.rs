//! A report in words: what is said of a month, once for the page and the PDF.

use api::{NoticeReport, Report, ServiceReport};
use domain::time::Month;
use jiff::tz::TimeZone;
use paper::{Block, Entry, Paper};
use wire::Kind;

use super::{chart, table};
use crate::http::public::pages::{frame::direction, scene::Scene};

/// The whole report.
pub(super) fn paper(scene: &Scene, report: &Report, month: Month) -> Paper {
    let zone = TimeZone::get(&scene.portal.time_zone).unwrap_or(TimeZone::UTC);
    let span = month.span(&zone);
    let mut blocks = Vec::new();
    if span.is_some_and(|(from, _)| from < report.from) {
        blocks.push(Block::Text(scene.filled("report.since", &scene.moment(report.from))));
    }
    if span.is_some_and(|(_, to)| report.to < to) {
        blocks.push(Block::Text(scene.filled("report.running", &scene.moment(report.to))));
    }
    let heading = scene.said("report.services");
    blocks.push(part(heading, vec![Block::Table(table::overview(scene, report))]));
    blocks.extend(services(scene, report));
    blocks.push(notices(scene, report));
    blocks.push(promises(scene, report));
    blocks.extend(overrides(scene, report));
    blocks.push(part(scene.said("report.how"), vec![Block::Text(scene.said("report.how_text"))]));
    Paper {
        title: scene.said("report.title").replace("{month}", &scene.month(month)),
        publisher: scene.plain_name(),
        language: scene.reader.lang.clone(),
        blocks,
    }
}

fn part(heading: String, blocks: Vec<Block>) -> Block {
    Block::Part { heading, blocks }
}

/// Those of which there is something to see, then the names of the others.
fn services(scene: &Scene, report: &Report) -> Vec<Block> {
    let is_seen = |service: &ServiceReport| is_troubled(service) || table::worst(service).is_some();
    let (seen, calm): (Vec<_>, Vec<_>) = report.services.iter().partition(|service| is_seen(service));
    let mut blocks: Vec<_> = seen.into_iter().map(|service| of_service(scene, service)).collect();
    // Of what there was not, nothing is said.
    let calm = calm.into_iter().filter(|service| service.percent.is_some());
    let names: Vec<_> = calm.map(|service| scene.service(&service.service)).collect();
    if !names.is_empty() {
        blocks.push(part(scene.said("report.calm"), vec![Block::Names(names)]));
    }
    blocks
}

fn is_troubled(service: &ServiceReport) -> bool {
    let told = &service.told;
    told.outage_seconds + told.partial_outage_seconds + told.degraded_seconds + told.planned_seconds > 0
}

/// How a service did, day by day: drawn, and in figures.
fn of_service(scene: &Scene, service: &ServiceReport) -> Block {
    let name = scene.service(&service.service);
    let mut blocks = Vec::new();
    if is_troubled(service) {
        blocks.push(Block::Chart(chart::troubles(scene, service, &name)));
    }
    let answers = table::worst(service).and_then(|measured| chart::answers(scene, service, measured, &name));
    blocks.extend(answers.map(Block::Chart));
    blocks.push(Block::Table(table::days(scene, service, &name)));
    part(name, blocks)
}

fn notices(scene: &Scene, report: &Report) -> Block {
    let told = match report.notices.is_empty() {
        true => Block::Text(scene.said("report.no_notices")),
        false => Block::Entries(report.notices.iter().map(|notice| of_notice(scene, notice)).collect()),
    };
    part(scene.said("report.notices"), vec![told])
}

fn of_notice(scene: &Scene, notice: &NoticeReport) -> Entry {
    let kind = match notice.kind {
        Kind::Maintenance => scene.said("title.maintenance"),
        _ => scene.said(&format!("title.{}", notice.severity.word())),
    };
    let from = scene.moment(notice.from);
    let when = match notice.to {
        Some(to) => scene
            .said("report.fromto")
            .replace("{from}", &from)
            .replace("{to}", &scene.moment(to)),
        None => scene.said("report.ongoing").replace("{from}", &from),
    };
    let length = scene.filled("report.length", &scene.length(notice.seconds));
    let mut lines = vec![format!("{kind}, {}", together(scene, notice.id.as_str())), when, length];
    if let Some((told, kept)) = notice.told_end.zip(notice.end_kept) {
        let key = if kept { "report.end_kept" } else { "report.end_missed" };
        lines.push(scene.filled(key, &scene.moment(told)));
    }
    if notice.news_kept + notice.news_broken > 0 {
        lines.push(counted(scene, "report.news", notice.news_kept, notice.news_broken));
    }
    Entry {
        heading: scene.text(&notice.title),
        link: Some(format!("notices/{}?lang={}", notice.id, scene.reader.lang)),
        lines,
    }
}

fn promises(scene: &Scene, report: &Report) -> Block {
    let ends = |kept: bool| report.notices.iter().filter(|notice| notice.end_kept == Some(kept)).count();
    let news = |count: fn(&NoticeReport) -> usize| report.notices.iter().map(count).sum::<usize>();
    let counts = [
        ("report.ends", ends(true), ends(false)),
        ("report.news", news(|notice| notice.news_kept), news(|notice| notice.news_broken)),
    ];
    let due = counts.into_iter().filter(|(_, kept, missed)| kept + missed > 0);
    let mut said: Vec<_> = due.map(|(key, kept, missed)| counted(scene, key, kept, missed)).collect();
    if said.is_empty() {
        said.push(scene.said("report.no_promises"));
    }
    part(scene.said("report.promises"), said.into_iter().map(Block::Text).collect())
}

fn overrides(scene: &Scene, report: &Report) -> Option<Block> {
    let overrides = report.overrides.as_ref().filter(|overrides| !overrides.is_empty())?;
    let told = overrides.iter().map(|found| Entry {
        heading: scene
            .said("report.override")
            .replace("{freeze}", &together(scene, found.freeze.as_str()))
            .replace("{notice}", &together(scene, found.notice.as_str())),
        link: None,
        lines: vec![scene.moment(found.at), found.reason.clone()],
    });
    Some(part(scene.said("report.overrides"), vec![Block::Entries(told.collect())]))
}

/// A number with hyphens, which would be turned round among words that are read from the right.
fn together(scene: &Scene, number: &str) -> String {
    match direction(&scene.reader.words) {
        "rtl" => format!("\u{2066}{number}\u{2069}"),
        _ => number.to_owned(),
    }
}

fn counted(scene: &Scene, key: &str, kept: usize, missed: usize) -> String {
    scene
        .said(key)
        .replace("{kept}", &kept.to_string())
        .replace("{all}", &(kept + missed).to_string())
}
