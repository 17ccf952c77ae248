//! What is drawn, as a page shows it. Each way of filling is a pattern, so that nobody needs colours.

use std::fmt::Write;

use crate::escape::escape;
use crate::{Chart, Drawing, Fill, Stroke};

/// The patterns, once on a page.
pub(super) const PATTERNS: &str = "<svg class=\"patterns\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\
    <pattern id=\"hatched\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"hatched\" width=\"3\" height=\"6\"/></pattern>\
    <pattern id=\"dotted\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><circle class=\"dotted\" cx=\"3\" cy=\"3\" r=\"1.6\"/></pattern>\
    </defs></svg>";

/// As wide as a phone, so that it is read there; wider windows draw it larger.
const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 120.0;
const TOP: f64 = 4.0;
const GROUND: f64 = TOP + HEIGHT;

pub(super) fn chart(chart: &Chart) -> String {
    let (drawn, key) = match &chart.drawing {
        Drawing::Bars { places, key } => (bars(places), keys(key, |fill| (16, bar(*fill, [1.0, 1.0, 14.0, 14.0])))),
        Drawing::Lines { lines, key } => (
            lines.iter().map(|(stroke, values)| line(*stroke, values)).collect(),
            keys(key, |stroke| (24, path(*stroke, "M1 8h22"))),
        ),
    };
    let ticks: String = chart.ticks.iter().map(|tick| format!("<span>{}</span>", escape(tick))).collect();
    // What the lines stand for is text beside the drawing, so that it grows with what its readers have chosen.
    format!(
        "<figure><figcaption>{}</figcaption>\
         <svg class=\"chart\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {WIDTH} {}\">\
         <path class=\"axis\" d=\"M0 {TOP}H{WIDTH}M0 {GROUND}H{WIDTH}\"/>{drawn}</svg>\
         <p class=\"ticks\" aria-hidden=\"true\">{ticks}</p><ul class=\"key\">{key}</ul></figure>",
        escape(&chart.caption),
        escape(&chart.label),
        GROUND + 1.0,
    )
}

fn bars(places: &[Vec<(Fill, f64)>]) -> String {
    let step = WIDTH / places.len().max(1) as f64;
    let mut drawn = String::new();
    for (place, pieces) in places.iter().enumerate() {
        let mut y = GROUND;
        for (fill, share) in pieces {
            // What is little is seen nevertheless.
            let height = (share * HEIGHT).max(2.0);
            y -= height;
            drawn.push_str(&bar(*fill, [step * place as f64 + 1.0, y, (step - 2.0).min(24.0), height]));
        }
    }
    drawn
}

fn bar(fill: Fill, [x, y, width, height]: [f64; 4]) -> String {
    let class = match fill {
        Fill::Solid => "solid",
        Fill::Hatched => "hatched",
        Fill::Dotted => "dotted",
        Fill::Hollow => "hollow",
    };
    format!("<rect class=\"bar {class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>")
}

/// A line with a gap where there is no value.
fn line(stroke: Stroke, values: &[Option<f64>]) -> String {
    let step = WIDTH / values.len().max(1) as f64;
    let (mut drawn, mut goes_on) = (String::new(), false);
    for (place, value) in values.iter().enumerate() {
        let Some(share) = value else {
            goes_on = false;
            continue;
        };
        let (x, y) = (step * (place as f64 + 0.5), GROUND - HEIGHT * share);
        // Writing to a string cannot fail. A value alone between two gaps is a dot.
        let (way, dot) = if goes_on { ('L', "") } else { ('M', "h.1") };
        let _ = write!(drawn, "{way}{x:.1} {y:.1}{dot}");
        goes_on = true;
    }
    path(stroke, &drawn)
}

fn path(stroke: Stroke, way: &str) -> String {
    let class = match stroke {
        Stroke::Whole => "whole",
        Stroke::Broken => "broken",
    };
    format!("<path class=\"line {class}\" d=\"{way}\"/>")
}

/// What each kind stands for, beside a piece of it, which is so wide.
fn keys<T>(key: &[(T, String)], piece: impl Fn(&T) -> (u8, String)) -> String {
    let one = |(kind, text): &(T, String)| {
        let (width, drawn) = piece(kind);
        format!(
            "<li><svg class=\"swatch\" width=\"{width}\" height=\"16\" aria-hidden=\"true\">{drawn}</svg>{}</li>",
            escape(text)
        )
    };
    key.iter().map(one).collect()
}
