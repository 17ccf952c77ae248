//! What is drawn, on paper: black, so that it is read from any printer.

use pdf_writer::Content;

use super::{
    font::REGULAR,
    setter::{MEASURE, Setter},
    tree::{Node, Role},
};
use crate::{Chart, Drawing, Fill, Stroke};

const WIDTH: f32 = 340.0;
const HEIGHT: f32 = 84.0;
/// A piece of what the key tells of.
const PIECE: f32 = 18.0;

/// How high a drawing is with all that belongs to it.
pub(super) fn height(chart: &Chart) -> f32 {
    let keys = match &chart.drawing {
        Drawing::Bars { key, .. } => key.len(),
        Drawing::Lines { key, .. } => key.len(),
    };
    HEIGHT + 34.0 + 12.6 * keys as f32
}

/// Sets a drawing, with what is written above and below it.
pub(super) fn set(setter: &mut Setter, parent: Node, chart: &Chart) {
    setter.room(height(chart));
    setter.text(parent, &chart.caption);
    setter.y -= HEIGHT;
    let (left, ground) = (setter.left(0.0, WIDTH), setter.y);
    // Who does not see it hears what it shows, and then each kind with its figure.
    let area = [left, ground, left + WIDTH, ground + HEIGHT];
    let figure = setter.sheets.node(Role::Figure(chart.label.clone(), area), Some(parent));
    let across = |share: f32, width: f32| setter.left(share * WIDTH, width);
    let mut content = Content::new();
    content.set_stroke_gray(0.7).set_line_width(0.6);
    for y in [ground, ground + HEIGHT] {
        content.move_to(left, y).line_to(left + WIDTH, y).stroke();
    }
    match &chart.drawing {
        Drawing::Bars { places, .. } => {
            let step = 1.0 / places.len().max(1) as f32;
            let width = (step * WIDTH - 2.0).min(20.0);
            for (place, pieces) in places.iter().enumerate() {
                let (x, mut y) = (across(step * place as f32, width), ground);
                for (fill, share) in pieces {
                    let height = (*share as f32 * HEIGHT).max(1.5);
                    bar(&mut content, *fill, [x, y, width, height]);
                    y += height;
                }
            }
        }
        Drawing::Lines { lines, .. } => {
            for (stroke, values) in lines {
                let step = 1.0 / values.len().max(1) as f32;
                let points = values.iter().enumerate().map(|(place, value)| {
                    let x = across(step * (place as f32 + 0.5), 0.0);
                    value.map(|share| (x, ground + share as f32 * HEIGHT))
                });
                line(&mut content, *stroke, points);
            }
        }
    }
    let drawn = content.finish().to_vec();
    setter.sheets.put(Some(figure), drawn);
    ticks(setter, &chart.ticks);
    match &chart.drawing {
        Drawing::Bars { key, .. } => keys(setter, parent, key, |content, fill, (x, y)| {
            bar(content, *fill, [x, y, PIECE, 8.0]);
        }),
        Drawing::Lines { key, .. } => keys(setter, parent, key, |content, stroke, (x, y)| {
            let ends = [Some((x, y + 4.0)), Some((x + PIECE, y + 4.0))];
            line(content, *stroke, ends.into_iter());
        }),
    }
    setter.y -= 4.0;
}

/// The first, the middle and the last; the figures are read in the table.
fn ticks(setter: &mut Setter, ticks: &[String]) {
    let setting = setter.setting(&REGULAR, 8.0);
    setter.y -= setting.leading();
    let last = ticks.len().saturating_sub(1).max(1) as f32;
    for (place, tick) in ticks.iter().enumerate() {
        let line = setting.line(tick);
        let begin = (WIDTH - line.width) * place as f32 / last;
        setter.set(None, setting, &line, (begin, setter.y + 2.0));
    }
}

/// What each kind stands for, beside a piece of it.
fn keys<T>(setter: &mut Setter, parent: Node, key: &[(T, String)], piece: impl Fn(&mut Content, &T, (f32, f32))) {
    let setting = setter.setting(&REGULAR, 9.0);
    for (kind, text) in key {
        let lines = setting.lines(text, MEASURE - PIECE - 6.0);
        setter.room(setting.leading() * lines.len() as f32);
        let (x, y) = (setter.left(0.0, PIECE), setter.y - setting.leading() + 2.0);
        setter.sheets.draw(None, |content| piece(content, kind, (x, y)));
        let node = setter.sheets.node(Role::Text, Some(parent));
        setter.lines(node, setting, &lines, PIECE + 6.0);
    }
}

fn bar(content: &mut Content, fill: Fill, [x, y, width, height]: [f32; 4]) {
    content.save_state();
    content.set_stroke_gray(0.0).set_fill_gray(0.0).set_line_width(0.7);
    match fill {
        Fill::Solid => {
            content.rect(x, y, width, height).fill_nonzero();
        }
        Fill::Hatched | Fill::Dotted => {
            content.save_state();
            content.rect(x, y, width, height).clip_nonzero().end_path();
            if fill == Fill::Hatched {
                hatch(content, [x, y, width, height]);
            } else {
                dot(content, [x, y, width, height]);
            }
            content.restore_state();
        }
        Fill::Hollow => {
            content.set_dash_pattern([2.0, 1.5], 0.0);
        }
    }
    content.rect(x, y, width, height).stroke();
    content.restore_state();
}

/// Slanting lines over an area, and beyond it.
fn hatch(content: &mut Content, [x, y, width, height]: [f32; 4]) {
    content.set_line_width(1.4);
    let mut begin = -height;
    while begin < width {
        content.move_to(x + begin, y).line_to(x + begin + height, y + height);
        begin += 4.0;
    }
    content.stroke();
}

/// Dots over an area.
fn dot(content: &mut Content, [x, y, width, height]: [f32; 4]) {
    let mut up = 1.0;
    while up < height {
        let mut along = 1.0;
        while along < width {
            content.rect(x + along, y + up, 1.3, 1.3);
            along += 3.2;
        }
        up += 3.2;
    }
    content.fill_nonzero();
}

/// A line through what there is; what is alone is a dot.
fn line(content: &mut Content, stroke: Stroke, points: impl Iterator<Item = Option<(f32, f32)>>) {
    use pdf_writer::types::{LineCapStyle, LineJoinStyle};
    content.save_state();
    content.set_stroke_gray(0.0).set_line_width(1.4);
    content.set_line_cap(LineCapStyle::RoundCap).set_line_join(LineJoinStyle::RoundJoin);
    if stroke == Stroke::Broken {
        content.set_dash_pattern([0.1, 3.2], 0.0);
    }
    let mut goes_on = false;
    for point in points {
        match point {
            Some((x, y)) if goes_on => {
                content.line_to(x, y);
            }
            Some((x, y)) => {
                content.move_to(x, y).line_to(x + 0.1, y);
            }
            None => {}
        }
        goes_on = point.is_some();
    }
    content.stroke();
    content.restore_state();
}
