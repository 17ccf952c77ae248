//! The figures: over all services, day by day, and as a file for spreadsheets.

use std::fmt::Write;

use api::{Looks, MeasuredReport, Report, ServiceReport, TroubleReport};

use crate::http::{
    answer::csv::csv_row,
    public::pages::{escape::escape, scene::Scene},
};

/// All services with what came of what is agreed; where nothing is, nobody reads so in each line.
pub(super) fn overview(scene: &Scene, report: &Report) -> String {
    let is_agreed = report.services.iter().any(|service| service.target_percent.is_some());
    let mut rows = String::new();
    for service in &report.services {
        let mut cells = available(scene, service);
        if is_agreed {
            cells.push_str(&agreed(scene, service));
        }
        // Writing to a string cannot fail.
        let _ = write!(rows, "<tr><th scope=\"row\">{}</th>{cells}</tr>", scene.service(&service.service));
    }
    let mut columns = vec!["report.service", "report.available"];
    columns.extend(is_agreed.then_some("report.agreed"));
    let head: String = columns
        .iter()
        .map(|key| format!("<th scope=\"col\">{}</th>", scene.word(key)))
        .collect();
    let name = scene.word("report.services");
    format!(
        "<section><h2 id=\"services\">{name}</h2>\
         <table class=\"narrow\" aria-labelledby=\"services\"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>",
    )
}

/// What stands alone is as people were told.
fn available(scene: &Scene, service: &ServiceReport) -> String {
    let said = match service.percent {
        Some(percent) if worst(service).is_some() => format!("{} ({})", escape(&scene.percent(percent)), scene.word("report.measured")),
        Some(percent) => escape(&scene.percent(percent)),
        None => scene.word("report.unknown"),
    };
    format!("<td>{said}</td>")
}

fn agreed(scene: &Scene, service: &ServiceReport) -> String {
    let said = match (service.target_percent, service.kept) {
        (None, _) => "–".to_owned(),
        (Some(target), Some(true)) => scene.filled("report.kept", &scene.percent(target)),
        (Some(target), Some(false)) => format!("<strong>{}</strong>", scene.filled("report.missed", &scene.percent(target))),
        (Some(target), None) => escape(&scene.percent(target)),
    };
    format!("<td>{said}</td>")
}

/// A service day by day. Of what there was none all month there is no column, so that a phone has room for the rest.
pub(super) fn days(scene: &Scene, service: &ServiceReport, name: &str) -> String {
    const KINDS: [&str; 4] = ["report.outage", "report.partial", "report.degraded", "report.planned"];
    let worst = worst(service);
    let of_month = lengths(&service.told);
    let mut head = vec!["report.day"];
    head.extend(KINDS.iter().zip(of_month).filter(|(_, seconds)| *seconds > 0).map(|(key, _)| *key));
    if worst.is_some() {
        head.extend(["report.measured", "report.failed", "report.median", "report.p95"]);
    }
    let head: String = head
        .iter()
        .map(|key| format!("<th scope=\"col\">{}</th>", scene.word(key)))
        .collect();
    let mut rows = String::new();
    for (place, day) in service.days.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(rows, "<tr><th scope=\"row\">{}</th>", escape(&scene.day(day.date)));
        for (seconds, _) in lengths(&day.told).into_iter().zip(of_month).filter(|(_, of_month)| *of_month > 0) {
            let _ = write!(rows, "<td>{}</td>", escape(&scene.length(seconds)));
        }
        if let Some(looks) = worst.and_then(|worst| worst.days.get(place)) {
            let percent = looks
                .percent
                .map_or_else(|| scene.word("report.unknown"), |percent| escape(&scene.percent(percent)));
            let milliseconds = |value: Option<u32>| value.map_or_else(String::new, |value| format!("{value} ms"));
            let _ = write!(
                rows,
                "<td>{percent}</td><td>{}</td><td>{}</td><td>{}</td>",
                looks.bad,
                milliseconds(looks.median_milliseconds),
                milliseconds(looks.p95_milliseconds)
            );
        }
        rows.push_str("</tr>");
    }
    let title = scene.word("report.days").replace("{}", name);
    format!(
        "<details><summary>{title}</summary><div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{title}\">\
         <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )
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
        let name = scene
            .state
            .service(&service.service)
            .map(|known| known.name.clone())
            .unwrap_or_default();
        let name = scene.chosen(&name);
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
