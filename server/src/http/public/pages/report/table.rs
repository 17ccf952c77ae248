//! The figures: over all services, day by day, and as a file for spreadsheets.

use api::{DayReport, Looks, MeasuredReport, Report, ServiceReport, TroubleReport};
use paper::{Cell, Extent, Table};

use crate::http::{answer::csv::csv_row, public::pages::scene::Scene};

/// All services with what came of what is agreed; where nothing is, nobody reads so in each line.
pub(super) fn overview(scene: &Scene, report: &Report) -> Table {
    let is_agreed = report.services.iter().any(|service| service.target_percent.is_some());
    let row = |service: &ServiceReport| {
        let mut cells = vec![scene.service(&service.service).into(), available(scene, service).into()];
        if is_agreed {
            cells.push(agreed(scene, service));
        }
        cells
    };
    let mut columns = vec!["report.service", "report.available"];
    columns.extend(is_agreed.then_some("report.agreed"));
    Table {
        name: scene.said("report.services"),
        extent: Extent::Narrow,
        columns: columns.into_iter().map(|key| scene.said(key)).collect(),
        rows: report.services.iter().map(row).collect(),
    }
}

/// What stands alone is as people were told.
fn available(scene: &Scene, service: &ServiceReport) -> String {
    match service.percent {
        Some(percent) if worst(service).is_some() => format!("{} ({})", scene.percent(percent), scene.said("report.measured")),
        Some(percent) => scene.percent(percent),
        None => scene.said("report.unknown"),
    }
}

fn agreed(scene: &Scene, service: &ServiceReport) -> Cell {
    let said = match (service.target_percent, service.kept) {
        (None, _) => "–".to_owned(),
        (Some(target), Some(true)) => scene.filled("report.kept", &scene.percent(target)),
        (Some(target), Some(false)) => scene.filled("report.missed", &scene.percent(target)),
        (Some(target), None) => scene.percent(target),
    };
    Cell {
        text: said,
        strong: service.kept == Some(false),
    }
}

/// A service day by day. Of what there was none all month there is no column, so that a phone has room for the rest.
pub(super) fn days(scene: &Scene, service: &ServiceReport, name: &str) -> Table {
    const KINDS: [&str; 4] = ["report.outage", "report.partial", "report.degraded", "report.planned"];
    let worst = worst(service);
    let of_month = lengths(&service.told);
    let mut columns = vec!["report.day"];
    columns.extend(KINDS.iter().zip(of_month).filter(|(_, seconds)| *seconds > 0).map(|(key, _)| *key));
    if worst.is_some() {
        columns.extend(["report.measured", "report.failed", "report.median", "report.p95"]);
    }
    let row = |(place, day): (usize, &DayReport)| {
        let mut cells = vec![scene.day(day.date)];
        let lengths = lengths(&day.told).into_iter().zip(of_month).filter(|(_, of_month)| *of_month > 0);
        cells.extend(lengths.map(|(seconds, _)| scene.length(seconds)));
        if let Some(looks) = worst.and_then(|worst| worst.days.get(place)) {
            let percent = looks.percent.map(|percent| scene.percent(percent));
            let milliseconds = |value: Option<u32>| value.map_or_else(String::new, |value| format!("{value} ms"));
            cells.extend([
                percent.unwrap_or_else(|| scene.said("report.unknown")),
                looks.bad.to_string(),
                milliseconds(looks.median_milliseconds),
                milliseconds(looks.p95_milliseconds),
            ]);
        }
        cells.into_iter().map(Cell::from).collect()
    };
    Table {
        name: scene.filled("report.days", name),
        extent: Extent::Long,
        columns: columns.into_iter().map(|key| scene.said(key)).collect(),
        rows: service.days.iter().enumerate().map(row).collect(),
    }
}

fn lengths(told: &TroubleReport) -> [i64; 4] {
    [
        told.outage_seconds,
        told.partial_outage_seconds,
        told.degraded_seconds,
        told.planned_seconds,
    ]
}

/// What the probe has measured by which a service is judged: the worst of those that measured anything.
pub(super) fn worst(service: &ServiceReport) -> Option<&MeasuredReport> {
    let measured = service
        .measured
        .iter()
        .filter_map(|measured| Some((measured, measured.whole.percent?)));
    let worst = measured.min_by(|(_, one), (_, other)| one.total_cmp(other));
    worst.map(|(measured, _)| measured)
}

/// The names of the columns, behind the mark by which spreadsheets know UTF-8.
const HEAD: &str = "\u{feff}service,service_name,date,outage_seconds,partial_outage_seconds,degraded_seconds,planned_seconds,told_percent,\
                    answered,failed,left_out,measured_percent,median_milliseconds,p95_milliseconds,target_percent,kept\r\n";

/// For each service its month, then its days.
pub(super) fn csv(scene: &Scene, report: &Report) -> String {
    let mut text = HEAD.to_owned();
    for service in &report.services {
        let name = scene.service(&service.service);
        let worst = worst(service);
        let mut line = |date: &str, told: &TroubleReport, looks: Option<&Looks>| {
            let mut cells = vec![service.service.to_string(), name.clone(), date.to_owned()];
            cells.extend(lengths(told).map(|seconds| seconds.to_string()));
            cells.push(optional(told.percent));
            cells.extend(match looks {
                None => vec![String::new(); 6],
                Some(looks) => vec![
                    (looks.good + looks.slow).to_string(),
                    looks.bad.to_string(),
                    looks.planned.to_string(),
                    optional(looks.percent),
                    optional(looks.median_milliseconds),
                    optional(looks.p95_milliseconds),
                ],
            });
            // What is agreed is held against the month.
            let is_month = date == report.month;
            cells.push(optional(service.target_percent.filter(|_| is_month)));
            cells.push(optional(service.kept.filter(|_| is_month)));
            text.push_str(&csv_row(&cells));
        };
        line(&report.month, &service.told, worst.map(|worst| &worst.whole));
        for (place, day) in service.days.iter().enumerate() {
            line(&day.date.to_string(), &day.told, worst.and_then(|worst| worst.days.get(place)));
        }
    }
    text
}

fn optional(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
