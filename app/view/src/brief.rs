//! The notice in a few lines, told on the server for readers without words of their own: what the loader paints at once, and what is
//! read out when a notice comes or changes.
//!
//! These words travel and are shown for as long as the document holds, so none of them depends on the reader's day: no "today".

use std::cmp::Reverse;

use wire::{
    Affected, Brief, ByLanguage, Call, Channel, ChannelKind, Controls, Line, Node, Notice, PublicState, RichText, Severity, Stage, Text,
    Timing, Untold,
};

use super::{
    channel::dial,
    clock::{Moment, fill, seconds},
    course::is_mistake,
    messages::Messages,
    notice::{closing_words, kicker, newest, tone, works_again},
    period::{in_words, no_time_left},
    reader::{Reader, Sight, for_any_day},
    sentence::first_sentence,
};

/// How many notices are told. Who has more than these on show has other worries than the short form of the last ones, which is their title;
/// and each publication would carry the words of all that went before.
const TOLD: usize = 50;

/// Those who are told, each in a language of their own: kept from one document to the next, since their words stay.
#[derive(Debug, Default)]
pub struct Readers(Vec<Reader>);

impl Readers {
    /// The place of whoever reads this language, at this time.
    fn place(&mut self, lang: &str, now: i64, words: impl Fn(&str) -> Messages) -> usize {
        let place = self.0.iter().position(|reader| reader.lang == lang).unwrap_or_else(|| {
            self.0.push(Reader {
                lang: lang.to_owned(),
                words: for_any_day(words(lang)),
                ..Reader::default()
            });
            self.0.len() - 1
        });
        self.0[place].now = now;
        place
    }
}

/// Makes a document whole: tells its notices briefly, in each of the portal's languages. `words` has the message file of a language, always the
/// same; `now` is the instant from which the document holds, in seconds since 1970-01-01T00:00:00Z.
pub fn tell(state: Untold, now: i64, readers: &mut Readers, words: impl Fn(&str) -> Messages) -> PublicState {
    state.tell(|state| put_words(state, now, readers, words))
}

fn put_words(state: &mut PublicState, now: i64, readers: &mut Readers, words: impl Fn(&str) -> Messages) {
    let places: Vec<usize> = state.languages.iter().map(|lang| readers.place(lang, now, &words)).collect();
    let readers: Vec<&Reader> = places.into_iter().map(|place| &readers.0[place]).collect();
    let told = state.notices.iter().take(TOLD);
    let mut all: Vec<ByLanguage<Brief>> = told.clone().map(|_| ByLanguage::default()).collect();
    for reader in &readers {
        let sight = Sight::new(reader, state);
        for (briefs, notice) in all.iter_mut().zip(told.clone()) {
            briefs.0.push((reader.lang.clone(), brief(&sight, state, notice)));
        }
    }
    let controls = readers
        .iter()
        .filter(|_| !state.notices.is_empty())
        .map(|reader| (reader.lang.clone(), controls(reader, state)));
    let controls = ByLanguage(controls.collect());
    for (notice, brief) in state.notices.iter_mut().zip(all) {
        notice.brief = brief;
    }
    state.controls = controls;
}

fn controls(reader: &Reader, state: &PublicState) -> Controls {
    let word = |key: &str| reader.words.get(key).cloned().unwrap_or_default();
    let name = word(&["language.", &reader.lang].concat());
    let city = state.time_zone.rsplit('/').next().unwrap_or_default().replace('_', " ");
    Controls {
        name: if name.is_empty() { reader.lang.clone() } else { name },
        language: word("language"),
        unfold: word("unfold"),
        others: word("unfold.others"),
        coming: word("coming"),
        zone: fill(&word("zone"), &[("", &city)]),
    }
}

fn brief(sight: &Sight<'_>, state: &PublicState, notice: &Notice) -> Brief {
    let mut title = line(sight, &notice.title).unwrap_or_default();
    let say = say(sight, notice, &title);
    let way = way(sight, state, notice).filter(|_| notice.timing != Timing::Past);
    let lines = if let Some(since) = works_again(notice) {
        // Its title says what did not go.
        let about = Line {
            s: fill(sight.word("works_again.about"), &[("", &title.s)]),
            lang: title.lang.clone(),
        };
        title = Line {
            s: absolute(sight, "works_again", since),
            lang: None,
        };
        vec![Some(about), first(sight, closing_words(notice))]
    } else if notice.timing == Timing::Past {
        // What was true until then is no news.
        let mistake = is_mistake(notice).then(|| Line {
            s: sight.word("mistake.meaning").to_owned(),
            lang: None,
        });
        vec![mistake, first(sight, closing_words(notice)), when(sight, notice)]
    } else {
        let advice = first(sight, &notice.guidance).filter(|_| way.is_none());
        // One sentence: that there is no time left, the newest that was said, else what is noticed, which the title tells as well.
        let said = too_late(sight, notice).or_else(|| news(sight, notice));
        let lines = [said.or_else(|| first(sight, &notice.impact)), advice];
        let mut lines: Vec<_> = lines.into_iter().map(|line| line.map(shortened)).collect();
        lines.push(when(sight, notice));
        lines
    };
    let lines: Vec<Line> = lines.into_iter().flatten().collect();
    Brief {
        lang: sight.word("lang").to_owned(),
        dir: sight.word("dir").to_owned(),
        tone: tone(notice).to_owned(),
        kicker: head(sight, notice),
        say,
        title,
        short: notice.timing == Timing::Past || (notice.timing == Timing::Announced && !notice.approaching),
        lines,
        way,
        phones: phones(sight, state, notice),
        more: sight.word("more").to_owned(),
        stale: sight.word("stale").to_owned(),
    }
}

/// What kind of notice it is; of an announced one also from when, since its title speaks as if it were so already.
fn kind(sight: &Sight<'_>, notice: &Notice) -> String {
    let kind = sight.word(&kicker(notice));
    if notice.approaching {
        fill(sight.word(approach(notice)), &[("", &soon(sight, &notice.starts_at))])
    } else if notice.timing == Timing::Announced {
        labelled(kind, &absolute(sight, "at", &notice.starts_at))
    } else {
        kind.to_owned()
    }
}

/// What will be from then on.
const fn approach(notice: &Notice) -> &'static str {
    match notice.severity {
        Severity::Information => "approach.information",
        Severity::Degraded => "approach.degraded",
        Severity::PartialOutage => "approach.partial_outage",
        Severity::Outage => "approach.outage",
    }
}

/// An instant that is near, by its weekday and clock time.
fn soon(sight: &Sight<'_>, instant: &str) -> String {
    Moment::read(instant).map_or_else(|| instant.to_owned(), |moment| moment.short(&sight.calendar))
}

/// The same, and which language its author left it in where that is another one.
fn head(sight: &Sight<'_>, notice: &Notice) -> String {
    let mut kind = kind(sight, notice);
    // Its title says only that it works again; in a list of several somebody has to know what.
    if works_again(notice).is_some() {
        let title = || line(sight, &notice.title).filter(|title| title.lang.is_none()).map(|title| title.s);
        if let Some(what) = causes(sight, notice).or_else(title) {
            kind = labelled(&kind, &what);
        }
    }
    let label = sight.choose(&notice.title).and_then(|chosen| chosen.label);
    label.map_or_else(|| kind.clone(), |label| [&kind, " ", label].concat())
}

/// The names of the services that it is about, without those that these dragged along.
fn causes(sight: &Sight<'_>, notice: &Notice) -> Option<String> {
    let named = notice.affected.iter().filter(|one| one.because.is_none());
    let names: Vec<_> = named.filter_map(|one| line(sight, &one.name)).map(|name| name.s).collect();
    (!names.is_empty()).then(|| names.join(sight.word("comma")))
}

/// The first thing to do: where its author sends people, else the procedure that helps with each service that has one of its own.
fn way(sight: &Sight<'_>, state: &PublicState, notice: &Notice) -> Option<Call> {
    let led = sight.choose(&notice.guidance).and_then(|chosen| {
        let (href, s) = chosen.variant.iter().find_map(led)?;
        Some(Call {
            s: s.to_owned(),
            lang: chosen.lang,
            href: href.to_owned(),
            open: None,
        })
    });
    let procedure = || {
        let named: Vec<&Affected> = notice.affected.iter().filter(|one| one.because.is_none()).collect();
        let serves = |id: &&String| !named.is_empty() && named.iter().all(|one| one.procedures.contains(id));
        let id = notice.procedures.iter().find(serves)?;
        let name = line(sight, &state.procedures.iter().find(|one| one.id == *id)?.name)?;
        Some(Call {
            s: name.s,
            lang: name.lang,
            href: [&notice.url, "#u-", &notice.id, "-", id].concat(),
            open: None,
        })
    };
    led.or_else(procedure)
}

/// The first link in a text that says where it leads.
fn led(node: &Node) -> Option<(&str, &str)> {
    match node {
        Node::Link { href, s } => (!s.contains("://") && !s.contains('@')).then_some((href, s)),
        Node::Paragraph { c } => c.iter().find_map(led),
        Node::List { items, .. } => items.iter().flatten().find_map(led),
        Node::Text { .. } | Node::Strong { .. } => None,
    }
}

/// How many of the services that a notice touches a channel serves.
fn served(notice: &Notice, channel: &Channel) -> usize {
    notice.affected.iter().filter(|one| one.channels.contains(&channel.id)).count()
}

/// The channels that a notice offers, those that serve most of what it touches first.
fn offered<'a>(state: &'a PublicState, notice: &'a Notice) -> Vec<&'a Channel> {
    let known = |id: &String| state.channels.iter().find(|one| one.id == *id);
    let mut channels: Vec<_> = notice.channels.iter().filter_map(known).collect();
    channels.sort_by_key(|channel| Reverse(served(notice, channel)));
    channels
}

/// Whom to write to: for those who cannot phone, and while nobody answers.
fn written(sight: &Sight<'_>, state: &PublicState, notice: &Notice) -> Option<Call> {
    let channels = offered(state, notice);
    let channel = channels.into_iter().find(|one| one.kind == ChannelKind::Email)?;
    let name = line(sight, &channel.name)?;
    Some(Call {
        s: labelled(&name.s, &in_order(sight, &channel.value)),
        lang: name.lang,
        href: channel.href.clone().unwrap_or_else(|| ["mailto:", &channel.value].concat()),
        open: None,
    })
}

/// The numbers that a notice offers and that somebody answers within a day, with these hours; the document is told anew on each day. Last whom to
/// write to.
fn phones(sight: &Sight<'_>, state: &PublicState, notice: &Notice) -> Vec<Call> {
    const DAY: i64 = 86_400;
    let now = sight.reader.now;
    if notice.timing == Timing::Past {
        return Vec::new();
    }
    let dialled = offered(state, notice)
        .into_iter()
        .filter(|one| matches!(one.kind, ChannelKind::Phone | ChannelKind::Number115));
    let written = written(sight, state, notice);
    let calls = dialled.filter_map(|channel| {
        let name = line(sight, &channel.name)?;
        let of_the_day = |interval: &wire::Interval| {
            let (from, to) = (seconds(&interval.from)?, seconds(&interval.to)?);
            (now < to && from < now + DAY).then_some((from * 1000, to * 1000))
        };
        let open = channel.open.as_ref().filter(|_| !channel.always);
        let open: Option<Vec<_>> = open.map(|intervals| intervals.iter().filter_map(of_the_day).collect());
        let reachable = open.as_ref().is_none_or(|open| !open.is_empty());
        // A number such as 115 is often its own name.
        let mut s = if name.s.contains(&channel.value) {
            name.s
        } else {
            labelled(&name.s, &in_order(sight, &channel.value))
        };
        if let Some(abroad) = &channel.abroad {
            s = [&s, " (", sight.word("abroad"), " ", &in_order(sight, abroad), ")"].concat();
        }
        reachable.then(|| Call {
            s,
            lang: name.lang,
            href: channel.href.clone().unwrap_or_else(|| dial(&channel.value)),
            open,
        })
    });
    let mut calls: Vec<Call> = calls.collect();
    // Behind one that is always there nobody is ever called.
    if let Some(last) = calls.iter().position(|call| call.open.is_none()) {
        calls.truncate(last + 1);
    }
    calls.extend(written);
    calls
}

/// A number, kept together where it stands among words that are written from right to left.
fn in_order(sight: &Sight<'_>, number: &str) -> String {
    if sight.word("dir") == "rtl" {
        ["\u{2066}", number, "\u{2069}"].concat()
    } else {
        number.to_owned()
    }
}

/// What is read out: the title when a notice comes or ends; with the news, or with what is new about it, when there is some.
fn say(sight: &Sight<'_>, notice: &Notice, title: &Line) -> Line {
    let kind = match works_again(notice) {
        Some(since) => absolute(sight, "works_again", since),
        None => kind(sight, notice),
    };
    let newest = notice.updates.first().filter(|_| notice.timing == Timing::Current);
    // One line is read in one language.
    let news = newest
        .and_then(|update| first(sight, &update.text))
        .filter(|news| news.lang == title.lang)
        .map(|news| news.s);
    let stage = || (notice.stage == Stage::Overrunning && title.lang.is_none()).then(|| sight.word("stage.overrunning").to_owned());
    let (pattern, text) = match news.or_else(stage) {
        Some(text) => ("say.update", text),
        None => ("say", String::new()),
    };
    Line {
        s: fill(sight.word(pattern), &[("kind", &kind), ("title", &title.s), ("text", &text)]),
        lang: title.lang.clone(),
    }
}

/// Since when, until when and how sure that is, and when there will be news.
fn when(sight: &Sight<'_>, notice: &Notice) -> Option<Line> {
    // Nobody has published it.
    (notice.timing != Timing::Seen).then(|| Line {
        s: in_words(sight, notice),
        lang: None,
    })
}

/// That whoever begins now will probably not be done: of what takes longest, since there is room for one.
fn too_late(sight: &Sight<'_>, notice: &Notice) -> Option<Line> {
    let late = notice.affected.iter().filter(|one| one.too_late);
    let longest = late.max_by_key(|one| one.usual_minutes)?;
    let mut s = no_time_left(sight, longest)?;
    if notice.affected.len() > 1 {
        // Without a name the others would take it for theirs.
        let name = line(sight, &longest.name).filter(|name| name.lang.is_none())?;
        s = labelled(&name.s, &s);
    }
    Some(Line { s, lang: None })
}

/// The newest thing that was said.
fn news(sight: &Sight<'_>, notice: &Notice) -> Option<Line> {
    let update = newest(notice)?;
    let news = shortened(first(sight, &update.text)?);
    let clock = soon(sight, &update.at);
    Some(Line {
        s: labelled(&clock, &news.s),
        lang: news.lang,
    })
}

/// Its first sentence.
fn shortened(line: Line) -> Line {
    Line {
        s: first_sentence(&line.s).to_owned(),
        ..line
    }
}

/// A label and what it is about. A label may be a question, as in Leichte Sprache.
fn labelled(label: &str, value: &str) -> String {
    let colon = if label.ends_with(['?', '\u{61f}']) { " " } else { ": " };
    [label, colon, value].concat()
}

/// An instant by weekday, date and clock time alone.
fn absolute(sight: &Sight<'_>, key: &str, instant: &str) -> String {
    let told = Moment::read(instant).map_or_else(
        || instant.to_owned(),
        |moment| {
            fill(
                sight.word("moment"),
                &[("date", &moment.date(&sight.calendar)), ("time", &moment.clock(&sight.calendar))],
            )
        },
    );
    fill(sight.word(key), &[("", &told)])
}

fn line(sight: &Sight<'_>, text: &Text) -> Option<Line> {
    let chosen = sight.choose(text)?;
    Some(Line {
        s: chosen.variant.clone(),
        lang: chosen.lang,
    })
}

/// The first paragraph of a formatted text, without its formatting.
fn first(sight: &Sight<'_>, text: &RichText) -> Option<Line> {
    let chosen = sight.choose(text)?;
    let s = chosen.variant.iter().map(plain).find(|text| !text.is_empty())?;
    Some(Line { s, lang: chosen.lang })
}

fn plain(node: &Node) -> String {
    match node {
        Node::Text { s } | Node::Strong { s } | Node::Link { s, .. } => s.clone(),
        Node::Paragraph { c } => c.iter().map(plain).collect(),
        Node::List { ordered, items } => {
            let first: String = items.first().map(|item| item.iter().map(plain).collect()).unwrap_or_default();
            if *ordered { ["1. ", &first].concat() } else { first }
        }
    }
}
