//! What a service needs and who needs it, drawn: causes on the left, whom they touch on the right.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    catalogue::{Catalogue, PartKind, Service},
    words::ServiceId,
};
use leptos::prelude::*;

use crate::{
    desk::Desk,
    route::Route,
    words::{self, catalogue::say},
};

/// A box, and the room between two, in the units of the drawing.
const BOX: (i32, i32) = (188, 56);
const GAP: (i32, i32) = (56, 12);

/// So many boxes stand above each other; of the others the number is told.
const HIGH: usize = 10;

/// So many letters fit into a line of a box.
const LETTERS: usize = 20;

/// How high a line is.
const LINE: i32 = 18;

/// How far a service stands from the one that is looked at: what it needs below nought, who needs it above.
type Levels = BTreeMap<ServiceId, i32>;

/// The services that a service needs, and whether it works without them.
fn needs(service: &Service) -> impl Iterator<Item = (&ServiceId, bool)> {
    let required = service.requires.iter().map(|id| (id, true));
    required.chain(service.uses.iter().map(|id| (id, false)))
}

/// All that one needs, or all that need it, by their distance.
fn spread(catalogue: &Catalogue, from: &ServiceId, step: i32, levels: &mut Levels) {
    let mut edge = vec![from.clone()];
    let mut level = 0;
    while !edge.is_empty() {
        level += step;
        let next: BTreeSet<ServiceId> = edge
            .iter()
            .flat_map(|id| {
                let services = catalogue.services.iter();
                if step < 0 {
                    let own = services.filter(|service| service.id == *id);
                    own.flat_map(|service| needs(service).map(|(id, _)| id.clone())).collect::<Vec<_>>()
                } else {
                    let feels = |service: &&Service| needs(service).any(|(needed, _)| needed == id);
                    services.filter(feels).map(|service| service.id.clone()).collect()
                }
            })
            .collect();
        edge = next.into_iter().filter(|id| !levels.contains_key(id)).collect();
        levels.extend(edge.iter().map(|id| (id.clone(), level)));
    }
}

/// The drawing; nothing where a service stands alone.
pub(super) fn section(desk: Desk, id: &str) -> AnyView {
    let id = ServiceId::parse(id).ok();
    let drawn = move || {
        let catalogue = desk.known();
        let id = id.clone()?;
        let mut levels = Levels::from([(id.clone(), 0)]);
        spread(&catalogue, &id, -1, &mut levels);
        spread(&catalogue, &id, 1, &mut levels);
        (levels.len() > 1).then(|| drawing(&catalogue, &levels))
    };
    view! { <div>{drawn}</div> }.into_any()
}

fn drawing(catalogue: &Catalogue, levels: &Levels) -> AnyView {
    let first = levels.values().min().copied().unwrap_or_default();
    let mut columns: BTreeMap<i32, Vec<&ServiceId>> = BTreeMap::new();
    for (id, level) in levels {
        columns.entry(level - first).or_default().push(id);
    }
    let mut places: BTreeMap<&ServiceId, (i32, i32)> = BTreeMap::new();
    let mut rest = Vec::new();
    let high = columns.values().map(|column| column.len().min(HIGH + 1)).max().unwrap_or_default();
    for (column, ids) in &columns {
        let x = column * (BOX.0 + GAP.0);
        let shown = if ids.len() > HIGH { HIGH + 1 } else { ids.len() };
        // In the middle of the drawing.
        let top = i32::try_from(high - shown).unwrap_or_default() * (BOX.1 + GAP.1) / 2;
        let at = |row: usize| (x, top + i32::try_from(row).unwrap_or_default() * (BOX.1 + GAP.1));
        places.extend(ids.iter().take(HIGH).enumerate().map(|(row, id)| (*id, at(row))));
        if ids.len() > HIGH {
            rest.push((at(HIGH), ids.len() - HIGH));
        }
    }
    let wide = i32::try_from(columns.len()).unwrap_or_default() * (BOX.0 + GAP.0) - GAP.0;
    let tall = i32::try_from(high).unwrap_or_default() * (BOX.1 + GAP.1) - GAP.1;
    let service = |id: &ServiceId| catalogue.services.iter().find(|service| service.id == *id);
    let lines = places
        .iter()
        .filter_map(|(id, to)| Some((service(id)?, *to)))
        .flat_map(|(service, to)| {
            let known = needs(service).filter_map(|(needed, is_needed)| Some((*places.get(needed)?, is_needed)));
            known.map(move |(from, is_needed)| line(from, to, is_needed)).collect::<Vec<_>>()
        });
    let boxes = places
        .iter()
        .filter_map(|(id, place)| Some(node(service(id)?, *place, levels.get(*id) == Some(&0))));
    let more = rest.into_iter().map(|((x, y), count)| {
        view! { <text x=x + 12 y=y + BOX.1 / 2 + 5>{words::and_more(count)}</text> }
    });
    view! {
        <section class="part" aria-labelledby="graph-heading" data-test="graph">
            <h2 id="graph-heading">{say().graph}</h2>
            <p class="hint">{say().graph_hint}</p>
            <div class="graph" tabindex="0" role="group" aria-labelledby="graph-heading">
                <svg width=wide + 4 height=tall + 4 viewBox=format!("-2 -2 {} {}", wide + 4, tall + 4)>
                    {lines.collect_view()}
                    {boxes.collect_view()}
                    {more.collect_view()}
                </svg>
            </div>
        </section>
    }
    .into_any()
}

/// From the one that is needed to the one that needs it.
fn line(from: (i32, i32), to: (i32, i32), is_needed: bool) -> AnyView {
    let (x1, y1) = (from.0 + BOX.0, from.1 + BOX.1 / 2);
    let (x2, y2) = (to.0, to.1 + BOX.1 / 2);
    let half = GAP.0 / 2;
    let path = format!("M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}", x1 + half, x2 - half);
    let dashes = (!is_needed).then_some("4 4");
    view! { <path d=path stroke-dasharray=dashes></path> }.into_any()
}

fn node(service: &Service, (x, y): (i32, i32), is_own: bool) -> AnyView {
    let lines = lines(&Desk::text(&service.name));
    let count = i32::try_from(lines.len()).unwrap_or_default();
    let first = y + BOX.1 / 2 + 5 - (count - 1) * LINE / 2;
    let line = |(row, line): (i32, String)| view! { <tspan x=x + 12 y=first + row * LINE>{line} " "</tspan> };
    let name = (0..).zip(lines).map(line).collect_view();
    let href = Route::Part(PartKind::Service, service.id.to_string()).href();
    let here = is_own.then_some("page");
    view! {
        // Within something that is drawn, a link is drawn as well.
        <g>
            <a href=href aria-current=here>
                <rect x=x y=y width=BOX.0 height=BOX.1 rx="6"></rect>
                <text>{name}</text>
            </a>
        </g>
    }
    .into_any()
}

/// A name in as many lines as it takes.
fn lines(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
