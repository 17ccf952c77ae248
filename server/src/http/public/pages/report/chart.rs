//! What is drawn of a service. Each kind of trouble is filled in a way of its own; the figures stand in a table below.

use api::{Looks, MeasuredReport, ServiceReport, TroubleReport};
use paper::{Chart, Drawing, Fill, Stroke};

use crate::http::public::pages::scene::Scene;

/// A kind of trouble: how it is filled, its word, how long it was.
type Kind = (Fill, &'static str, fn(&TroubleReport) -> i64);

/// What is drawn one above the other, the gravest below.
const KINDS: [Kind; 4] = [
    (Fill::Solid, "report.outage", |day| day.outage_seconds),
    (Fill::Hatched, "report.partial", |day| day.partial_outage_seconds),
    (Fill::Dotted, "report.degraded", |day| day.degraded_seconds),
    (Fill::Hollow, "report.planned", |day| day.planned_seconds),
];

/// How long an answer took.
type Time = (Stroke, &'static str, fn(&Looks) -> Option<u32>);

const TIMES: [Time; 2] = [
    (Stroke::Broken, "report.p95", |day| day.p95_milliseconds),
    (Stroke::Whole, "report.median", |day| day.median_milliseconds),
];

/// The hours of trouble of each day.
pub(super) fn troubles(scene: &Scene, service: &ServiceReport, name: &str) -> Chart {
    let whole = |day: &TroubleReport| KINDS.iter().map(|(.., seconds)| seconds(day)).sum::<i64>();
    let most = service.days.iter().map(|day| whole(&day.told)).max().unwrap_or_default();
    // A scale of whole hours, so that a short trouble looks short.
    let hours = ((most + 3_599) / 3_600).max(1);
    let share = |seconds: i64| seconds as f64 / (hours as f64 * 3_600.0);
    let pieces = |day: &TroubleReport| {
        let pieces = KINDS.iter().map(|(fill, _, seconds)| (*fill, seconds(day)));
        let pieces = pieces.filter(|(_, seconds)| *seconds > 0);
        pieces.map(|(fill, seconds)| (fill, share(seconds))).collect()
    };
    let key = KINDS.iter().filter(|(.., seconds)| seconds(&service.told) > 0);
    let key = key.map(|(fill, word, seconds)| (*fill, format!("{}: {}", scene.said(word), scene.length(seconds(&service.told)))));
    Chart {
        label: format!("{name}: {}", scene.said("report.hours")),
        caption: format!("{} (0–{hours})", scene.said("report.hours")),
        drawing: Drawing::Bars {
            places: service.days.iter().map(|day| pieces(&day.told)).collect(),
            key: key.collect(),
        },
        ticks: ticks(scene, service),
    }
}

/// How long answers took on each day; `None`: there were none.
pub(super) fn answers(scene: &Scene, service: &ServiceReport, measured: &MeasuredReport, name: &str) -> Option<Chart> {
    let most = measured.days.iter().filter_map(|day| day.p95_milliseconds).max()?;
    let most = round_up(most.max(1));
    let lines = TIMES.map(|(stroke, _, of)| {
        let shares = measured
            .days
            .iter()
            .map(|day| of(day).map(|value| f64::from(value) / f64::from(most)));
        (stroke, shares.collect())
    });
    let probe = measured.probe.as_ref().map_or_else(String::new, |probe| format!(", {probe}"));
    Some(Chart {
        label: format!("{name}: {}", scene.said("report.answers")),
        caption: format!("{} (0–{most}){probe}", scene.said("report.answers")),
        drawing: Drawing::Lines {
            lines: lines.into(),
            key: TIMES.map(|(stroke, word, _)| (stroke, scene.said(word))).into(),
        },
        ticks: ticks(scene, service),
    })
}

/// The first day, one amid, and the last.
fn ticks(scene: &Scene, service: &ServiceReport) -> Vec<String> {
    let last = service.days.len().saturating_sub(1);
    let mut places = vec![0, last / 2, last];
    places.dedup();
    let days = places.into_iter().filter_map(|place| service.days.get(place));
    days.map(|day| scene.day(day.date)).collect()
}

/// The next number with one figure and zeros behind it.
fn round_up(value: u32) -> u32 {
    let mut unit = 1;
    while value.div_ceil(unit) > 9 && unit < 100_000_000 {
        unit *= 10;
    }
    value.div_ceil(unit) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_in_round_numbers() {
        for (value, expected) in [(1, 1), (9, 9), (10, 10), (11, 20), (120, 200), (999, 1_000), (1_001, 2_000)] {
            assert_eq!(round_up(value), expected, "{value}");
        }
    }
}
