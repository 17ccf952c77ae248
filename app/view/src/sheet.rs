//! What a portal offers without its online services, told for a sheet of paper or a file that is read days later: every way to a person
//! with its hours, every procedure with all its steps. Nothing is folded, and nothing is said of *now*, *today* or *tomorrow*.
//!
//! Its own words (`sheet.…`) come with the pages of the server, since no widget shows a sheet.

use std::cmp::Reverse;

use leptos::{html, prelude::*};
use wire::{Affected, ByLanguage, Channel, ChannelKind, Procedure, PublicState};

use super::{
    channel::{address, dial, kind, picture},
    clock::{Calendar, Moment, fill},
    element::{Views, dd, div, dl, dt, icon, li, link, nothing, ol, p, say, span, strong, ul},
    messages::Messages,
    notice::list_title,
    reader::{Reader, Sight},
    wording::{name, phrase, prose, text, timed},
};

/// For how many days ahead hours are told: a week, so that each weekday is there once.
const DAYS: i64 = 7;

/// A channel that serves more services than this is for everyone, and its services need no naming.
const FEW: usize = 5;

/// From when on what the sheet tells has been so: not when somebody printed it, which is another moment on each server.
pub fn as_of(reader: &Reader, state: &PublicState) -> AnyView {
    let sight = Sight::new(reader, state);
    p("as-of", None, timed(&sight, "sheet.as_of", &state.generated_at))
}

/// Links to what stands below for each service.
pub fn topics(reader: &Reader, state: &PublicState, services: &[Affected]) -> AnyView {
    let sight = Sight::new(reader, state);
    let items = services
        .iter()
        .map(|service| li("", None, vec![jump(&id(&sight, "s", &service.id), name(&sight, &service.name))]));
    html::nav()
        .class("topics")
        .attr("aria-label", sight.word("sheet.topics").to_owned())
        .child(vec![
            p("", None, vec![strong("", None, vec![say(sight.word("sheet.topics"))])]),
            ul("", None, items.collect()),
        ])
        .into_any()
}

/// Every channel with its hours, those that serve most first.
pub fn contacts(reader: &Reader, state: &PublicState, services: &[Affected]) -> AnyView {
    let sight = Sight::new(reader, state);
    let mut channels: Vec<Served<'_>> = state.channels.iter().map(|channel| Served::new(channel, services)).collect();
    channels.sort_by_key(|served| Reverse(served.by.len()));
    let cards = channels.iter().map(|served| card(&sight, served, &channels)).collect();
    div(
        "umleitung contacts",
        None,
        vec![list_title(&sight, "sheet.contacts"), ul("cards", None, cards)],
    )
}

/// What to do instead, service by service. A procedure that serves several is told once.
pub fn instead(reader: &Reader, state: &PublicState, services: &[Affected]) -> AnyView {
    let sight = Sight::new(reader, state);
    let mut told: Vec<(&str, &Affected)> = Vec::new();
    let mut children = vec![list_title(&sight, "sheet.instead")];
    for service in services {
        let heading = html::h3()
            .id(id(&sight, "s", &service.id))
            .child(name(&sight, &service.name))
            .into_any();
        let mut parts = vec![heading, reached_by(&sight, state, service)];
        for one in service
            .procedures
            .iter()
            .filter_map(|id| state.procedures.iter().find(|one| one.id == *id))
        {
            match told.iter().find(|(id, _)| *id == one.id) {
                Some((_, first)) => parts.push(p("again", None, again(&sight, one, first))),
                None => {
                    told.push((&one.id, service));
                    parts.push(procedure(&sight, one));
                }
            }
        }
        children.push(div("service", None, parts));
    }
    div("umleitung instead", None, children)
}

/// A channel and the services that it serves.
struct Served<'a> {
    channel: &'a Channel,
    by: Vec<&'a Affected>,
}

impl<'a> Served<'a> {
    fn new(channel: &'a Channel, services: &'a [Affected]) -> Self {
        let by = services.iter().filter(|service| service.channels.contains(&channel.id));
        Self { channel, by: by.collect() }
    }

    /// How fit it is for someone who cannot speak on the phone with `other`: who serves more of the same services comes first, then who
    /// answers sooner.
    fn replaces(&self, other: &Self) -> Option<(usize, Reverse<u8>)> {
        let slowness = match self.channel.kind {
            ChannelKind::Phone | ChannelKind::Number115 | ChannelKind::Office => return None,
            ChannelKind::Chat => 0,
            ChannelKind::Email => 1,
            ChannelKind::Form => 2,
            ChannelKind::SignLanguage => 3,
            ChannelKind::Fax => 4,
            ChannelKind::DeMail => 5,
            ChannelKind::Post => 6,
        };
        let shared = self.by.iter().filter(|service| other.by.iter().any(|same| same.id == service.id));
        Some((shared.count(), Reverse(slowness)))
    }
}

fn card(sight: &Sight<'_>, served: &Served<'_>, all: &[Served<'_>]) -> AnyView {
    let channel = served.channel;
    let abroad = channel.abroad.as_ref().map_or_else(nothing, |number| {
        p(
            "abroad",
            None,
            vec![say(sight.word("abroad")), say(" "), link("", &dial(number), vec![say(number)])],
        )
    });
    let silent = if channel.kind.needs_voice() {
        let best = all.iter().filter_map(|other| Some((other.replaces(served)?, other)));
        // Of two that are equally fit, the one that stands further up.
        best.rev().max_by_key(|(fitness, _)| *fitness).map(|(_, other)| other.channel)
    } else {
        None
    };
    let silent = silent.map_or_else(nothing, |other| {
        let content = span("", None, vec![name(sight, &other.name), say(", "), address(sight, other)]);
        p("silent", None, phrase(sight, "sheet.silent", content))
    });
    let purpose = if served.by.is_empty() || served.by.len() > FEW {
        nothing()
    } else {
        let names = served.by.iter().map(|service| name(sight, &service.name));
        p("purpose", None, phrase(sight, "sheet.for", span("", None, listed(names))))
    };
    let content = div(
        "",
        None,
        vec![
            p(
                "who",
                None,
                vec![kind(sight, channel), say(" "), strong("", None, vec![name(sight, &channel.name)])],
            ),
            p("where", None, vec![address(sight, channel)]),
            abroad,
            hours(sight, channel),
            prose(sight, "note", &channel.note),
            purpose,
            silent,
        ],
    );
    html::li()
        .class("card")
        .id(id(sight, "c", &channel.id))
        .child(vec![icon(picture(channel.kind)), content])
        .into_any()
}

fn reached_by(sight: &Sight<'_>, state: &PublicState, service: &Affected) -> AnyView {
    let channels = service
        .channels
        .iter()
        .filter_map(|id| state.channels.iter().find(|channel| channel.id == *id));
    let links = channels.map(|channel| jump(&id(sight, "c", &channel.id), name(sight, &channel.name)));
    let links = listed(links);
    if links.is_empty() {
        return nothing();
    }
    p("reach", None, phrase(sight, "sheet.reach", span("", None, links)))
}

fn procedure(sight: &Sight<'_>, procedure: &Procedure) -> AnyView {
    let steps = procedure.steps.iter().map(|step| super::procedure::step(sight, step));
    let deadline = if procedure.deadline.is_empty() {
        nothing()
    } else {
        div(
            "deadline",
            None,
            vec![
                p("", None, vec![strong("", None, vec![say(sight.word("procedure.deadline"))])]),
                prose(sight, "", &procedure.deadline),
            ],
        )
    };
    let title = html::h4()
        .id(id(sight, "p", &procedure.id))
        .child(text(sight, &procedure.name))
        .into_any();
    div("", None, vec![title, ol("steps", None, steps.collect()), deadline])
}

/// A procedure that was told above, by its name and where.
fn again(sight: &Sight<'_>, one: &Procedure, first: &Affected) -> Views {
    let mut words = vec![jump(&id(sight, "p", &one.id), text(sight, &one.name)), say(" ")];
    words.extend(phrase(sight, "sheet.see", name(sight, &first.name)));
    words
}

/// When someone is there on each of the coming days; days in a row with the same hours in one line.
fn hours(sight: &Sight<'_>, channel: &Channel) -> AnyView {
    if channel.always {
        return p("hours", None, vec![say(sight.word("open.always"))]);
    }
    let Some(intervals) = &channel.open else { return nothing() };
    let read = |instant: &str| Moment::read(instant);
    let spans: Vec<(Moment, Moment)> = intervals
        .iter()
        .filter_map(|interval| Some((read(&interval.from)?, read(&interval.to)?)))
        .collect();
    let mut rows: Vec<(i64, i64, String)> = Vec::new();
    for day in sight.calendar.today..sight.calendar.today + DAYS {
        let told = day_hours(sight, &spans, day);
        match rows.last_mut() {
            Some((_, last, same)) if *same == told => *last = day,
            _ => rows.push((day, day, told)),
        }
    }
    let rows = rows.into_iter().map(|(first, last, told)| {
        let days = if first == last {
            date(sight, first)
        } else {
            fill(
                sight.word("sheet.days"),
                &[("from", &date(sight, first)), ("to", &date(sight, last))],
            )
        };
        div("", None, vec![dt("", None, vec![say(&days)]), dd("", None, vec![say(&told)])])
    });
    dl("hours", None, rows.collect())
}

fn date(sight: &Sight<'_>, day: i64) -> String {
    const DAY: i64 = 86_400;
    let noon = Moment {
        seconds: day * DAY + DAY / 2,
        offset: 0,
    };
    noon.date(&sight.calendar)
}

/// The hours of one day. A span stands at the day on which it begins; one that takes days is told on each of them.
fn day_hours(sight: &Sight<'_>, spans: &[(Moment, Moment)], day: i64) -> String {
    // The bare clock time: the word that belongs to it stands once, after both.
    let bare: Messages = ByLanguage(vec![("time".to_owned(), sight.word("sheet.clock").to_owned())]);
    let bare = Calendar {
        words: &bare,
        today: day,
        repeated: Vec::new(),
    };
    let told: Vec<String> = spans
        .iter()
        .filter_map(|(from, to)| {
            let long = to.seconds - from.seconds > 86_400;
            let key = match (from.day() == day, long && from.day() < day && day <= to.day()) {
                (true, _) if long => "sheet.hours.from",
                (true, _) => "sheet.hours",
                (_, true) if to.day() == day => "sheet.hours.to",
                (_, true) => "sheet.hours.all",
                _ => return None,
            };
            let (opens, closes) = (from.clock(&bare), to.clock(&bare));
            // What ends at midnight does not reach into the day that begins then.
            let over = to.day() == day && key == "sheet.hours.to" && (to.seconds + to.offset).rem_euclid(86_400) == 0;
            (!over).then(|| fill(sight.word(key), &[("from", &opens), ("to", &closes)]))
        })
        .collect();
    if told.is_empty() {
        sight.word("sheet.closed").to_owned()
    } else {
        told.join(", ")
    }
}

/// Views with commas between them.
fn listed(views: impl Iterator<Item = AnyView>) -> Views {
    let mut list = Views::new();
    for view in views {
        if !list.is_empty() {
            list.push(say(", "));
        }
        list.push(view);
    }
    list
}

/// An id that is its own in each language, since a sheet has all of them.
fn id(sight: &Sight<'_>, group: &str, name: &str) -> String {
    [&sight.reader.lang, "-", group, "-", name].concat()
}

fn jump(id: &str, content: AnyView) -> AnyView {
    html::a().href(["#", id].concat()).child(content).into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::for_any_day;

    fn reader() -> Reader {
        let mut words: Messages = serde_json::from_str(include_str!("../messages/de.json")).unwrap();
        for (key, word) in [
            ("sheet.clock", "{hour}:{minute}"),
            ("sheet.hours", "{from} bis {to} Uhr"),
            ("sheet.hours.from", "ab {from} Uhr"),
            ("sheet.hours.to", "bis {to} Uhr"),
            ("sheet.hours.all", "den ganzen Tag"),
            ("sheet.days", "{from} bis {to}"),
            ("sheet.closed", "geschlossen"),
        ] {
            words.0.push((key.to_owned(), word.to_owned()));
        }
        Reader {
            lang: "de".to_owned(),
            now: super::super::seconds("2026-05-04T10:00:00+02:00").unwrap(),
            words: for_any_day(words),
            ..Reader::default()
        }
    }

    fn told(spans: &[(&str, &str)]) -> Vec<String> {
        let reader = reader();
        let now = "2026-05-04T10:00:00+02:00".to_owned();
        let sight = Sight::alone(&reader, [&now].into_iter());
        let spans: Vec<_> = spans
            .iter()
            .map(|(from, to)| (Moment::read(from).unwrap(), Moment::read(to).unwrap()))
            .collect();
        (0..3).map(|day| day_hours(&sight, &spans, sight.calendar.today + day)).collect()
    }

    #[test]
    fn hours_are_told_day_by_day() {
        let day = |from, to| (from, to);
        assert_eq!(
            told(&[
                day("2026-05-04T07:30:00+02:00", "2026-05-04T12:00:00+02:00"),
                day("2026-05-04T13:00:00+02:00", "2026-05-04T18:00:00+02:00"),
                day("2026-05-06T22:00:00+02:00", "2026-05-07T06:00:00+02:00"),
            ]),
            ["7:30 bis 12:00 Uhr, 13:00 bis 18:00 Uhr", "geschlossen", "22:00 bis 6:00 Uhr"]
        );
        assert_eq!(
            told(&[day("2026-05-04T08:00:00+02:00", "2026-05-06T00:00:00+02:00")]),
            ["ab 8:00 Uhr", "den ganzen Tag", "geschlossen"]
        );
        assert_eq!(
            told(&[day("2026-05-03T08:00:00+02:00", "2026-05-05T12:00:00+02:00")]),
            ["den ganzen Tag", "bis 12:00 Uhr", "geschlossen"]
        );
    }

    #[test]
    fn paper_knows_no_today() {
        let reader = reader();
        let instant = "2026-05-04T09:10:00+02:00";
        let sight = Sight::alone(&reader, std::iter::empty());
        assert_eq!(sight.moment(instant), "Montag, 4. Mai, 9:10 Uhr");
    }
}
