//! What is drawn. Each kind of trouble has a pattern of its own, so that nobody needs colours; the figures stand in a table below.

use std::fmt::Write;

use api::{MeasuredReport, ServiceReport, TroubleReport};

use crate::http::public::pages::{escape::escape, scene::Scene};

/// The patterns, once on a page.
pub(super) const PATTERNS: &str = "<svg class=\"patterns\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\
    <pattern id=\"partial\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"partial\" width=\"3\" height=\"6\"/></pattern>\
    <pattern id=\"degraded\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><circle class=\"degraded\" cx=\"3\" cy=\"3\" r=\"1.6\"/></pattern>\
    </defs></svg>";

/// A kind of trouble: its fill, its word, how long it was.
type Kind = (&'static str, &'static str, fn(&TroubleReport) -> i64);

/// What is drawn one above the other, the gravest below.
const KINDS: [Kind; 4] = [
    ("outage", "report.outage", |day| day.outage_seconds),
    ("partial", "report.partial", |day| day.partial_outage_seconds),
    ("degraded", "report.degraded", |day| day.degraded_seconds),
    ("planned", "report.planned", |day| day.planned_seconds),
];

/// As wide as a phone, so that figures are read there; wider windows draw it larger.
const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 120.0;
const TOP: f64 = 4.0;

/// The hours of trouble of each day.
pub(super) fn troubles(scene: &Scene, service: &ServiceReport, name: &str) -> String {
    let whole = |day: &TroubleReport| KINDS.iter().map(|(_, _, seconds)| seconds(day)).sum::<i64>();
    let most = service.days.iter().map(|day| whole(&day.told)).max().unwrap_or_default();
    // A scale of whole hours, so that a short trouble looks short.
    let hours = (most + 3_599) / 3_600;
    let hours = hours.max(1);
    let scale = HEIGHT / (hours as f64 * 3_600.0);
    let step = WIDTH / service.days.len().max(1) as f64;
    let mut svg = begin(&format!("{name}: {}", scene.word("report.hours")));
    for (place, day) in service.days.iter().enumerate() {
        let mut y = TOP + HEIGHT;
        for (class, _, seconds) in KINDS {
            let seconds = seconds(&day.told);
            if seconds > 0 {
                // What was short is seen nevertheless.
                let height = (seconds as f64 * scale).max(2.0);
                y -= height;
                let x = step * place as f64;
                // Writing to a string cannot fail.
                let _ = write!(
                    svg,
                    "<rect class=\"bar {class}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\"/>",
                    x + 1.0,
                    (step - 2.0).min(24.0)
                );
            }
        }
    }
    svg.push_str("</svg>");
    let mut key = String::new();
    for (class, word, seconds) in KINDS {
        if seconds(&service.told) > 0 {
            let _ = write!(
                key,
                "<li><svg class=\"swatch\" width=\"16\" height=\"16\" aria-hidden=\"true\"><rect class=\"bar {class}\" x=\"1\" y=\"1\" width=\"14\" height=\"14\"/></svg>{}: {}</li>",
                scene.word(word),
                escape(&scene.length(seconds(&service.told)))
            );
        }
    }
    format!(
        "<figure><figcaption>{} (0–{hours})</figcaption>{svg}{}<ul class=\"key\">{key}</ul></figure>",
        scene.word("report.hours"),
        days(scene, service)
    )
}

/// How long answers took on each day.
pub(super) fn answers(scene: &Scene, service: &ServiceReport, measured: &MeasuredReport, name: &str) -> String {
    let most = measured.days.iter().filter_map(|day| day.p95_milliseconds).max();
    let Some(most) = most else { return String::new() };
    let most = round_up(most.max(1));
    let step = WIDTH / measured.days.len().max(1) as f64;
    let mut svg = begin(&format!("{name}: {}", scene.word("report.answers")));
    for (class, of) in [
        ("p95", (|day| day.p95_milliseconds) as fn(&api::Looks) -> Option<u32>),
        ("median", |day| day.median_milliseconds),
    ] {
        // A day without answers is a gap.
        let mut path = String::new();
        let mut goes_on = false;
        for (place, day) in measured.days.iter().enumerate() {
            let Some(value) = of(day) else {
                goes_on = false;
                continue;
            };
            let x = step * (place as f64 + 0.5);
            let y = TOP + HEIGHT - HEIGHT * f64::from(value) / f64::from(most);
            let _ = write!(path, "{}{x:.1} {y:.1}", if goes_on { 'L' } else { 'M' });
            if !goes_on {
                // A day alone between two gaps is a dot.
                let _ = write!(path, "h.1");
            }
            goes_on = true;
        }
        let _ = write!(svg, "<path class=\"line {class}\" d=\"{path}\"/>");
    }
    svg.push_str("</svg>");
    let key = [("p95", "report.p95"), ("median", "report.median")].map(|(class, word)| {
        format!(
            "<li><svg class=\"swatch\" width=\"24\" height=\"16\" aria-hidden=\"true\"><path class=\"line {class}\" d=\"M1 8h22\"/></svg>{}</li>",
            scene.word(word)
        )
    });
    let probe = measured
        .probe
        .as_ref()
        .map_or_else(String::new, |probe| format!(", {}", escape(probe.as_str())));
    format!(
        "<figure><figcaption>{} (0–{most}){probe}</figcaption>{svg}{}<ul class=\"key\">{}</ul></figure>",
        scene.word("report.answers"),
        days(scene, service),
        key.concat()
    )
}

/// The lines of zero and of the most. What they stand for is text beside the drawing, so that it grows with what its readers have chosen.
fn begin(label: &str) -> String {
    let (height, ground) = (TOP + HEIGHT + 1.0, TOP + HEIGHT);
    format!(
        "<svg class=\"chart\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {WIDTH} {height}\">\
         <path class=\"axis\" d=\"M0 {TOP}H{WIDTH}M0 {ground}H{WIDTH}\"/>"
    )
}

/// The first day, one amid, and the last.
fn days(scene: &Scene, service: &ServiceReport) -> String {
    let last = service.days.len().saturating_sub(1);
    let mut places = vec![0, last / 2, last];
    places.dedup();
    let days = places.into_iter().filter_map(|place| service.days.get(place));
    let days: String = days.map(|day| format!("<span>{}</span>", escape(&scene.day(day.date)))).collect();
    format!("<p class=\"axis-days\" aria-hidden=\"true\">{days}</p>")
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
