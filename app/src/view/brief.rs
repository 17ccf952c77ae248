//! The notice in a few lines, told on the server for readers without words of their own: what the loader paints at once, and what is
//! read out when a notice comes or changes.
//!
//! These words travel and are shown for as long as the document holds, so none of them depends on the reader's day: no "today".

use domain::public::{Brief, ByLanguage, Call, ChannelKind, EndCertainty, Line, Node, Notice, PublicState, RichText, Text, Timing};

use super::{
    channel::dial,
    clock::{Moment, fill, seconds},
    notice::{kicker, tone},
    reader::{Messages, Reader, Sight},
};

/// How many notices are told. Who has more than these on show has other worries than the short form of the last ones, which is their title;
/// and each publication would carry the words of all that went before.
const TOLD: usize = 50;

/// Tells the notices of a document briefly, in each of the portal's languages. `words` has the message file of a language, `now` is
/// the instant from which the document holds, in seconds since 1970-01-01T00:00:00Z.
pub fn tell(state: &mut PublicState, now: i64, words: impl Fn(&str) -> Messages) {
    let readers: Vec<Reader> = state
        .languages
        .iter()
        .map(|lang| Reader {
            lang: lang.clone(),
            now,
            words: words(lang),
            ..Reader::default()
        })
        .collect();
    let told = state.notices.iter().take(TOLD);
    let mut all: Vec<ByLanguage<Brief>> = told.clone().map(|_| ByLanguage::default()).collect();
    for reader in &readers {
        let sight = Sight::new(reader, state);
        for (briefs, notice) in all.iter_mut().zip(told.clone()) {
            briefs.0.push((reader.lang.clone(), brief(&sight, state, notice)));
        }
    }
    for (notice, brief) in state.notices.iter_mut().zip(all) {
        notice.brief = brief;
    }
}

fn brief(sight: &Sight<'_>, state: &PublicState, notice: &Notice) -> Brief {
    let title = line(sight, &notice.title).unwrap_or_default();
    let what = first(sight, &notice.impact);
    let way = || {
        let procedure = notice
            .procedures
            .first()
            .and_then(|id| state.procedures.iter().find(|one| one.id == *id));
        first(sight, &notice.guidance).or_else(|| line(sight, &procedure?.name))
    };
    let lines = if notice.timing == Timing::Past {
        vec![what]
    } else {
        vec![what, when(sight, notice), way()]
    };
    Brief {
        lang: sight.word("lang").to_owned(),
        dir: sight.word("dir").to_owned(),
        tone: tone(notice).to_owned(),
        kicker: sight.word(&kicker(notice)).to_owned(),
        say: say(sight, notice, &title),
        title,
        lines: lines.into_iter().flatten().collect(),
        phones: phones(sight, state, notice),
        more: sight.word("more").to_owned(),
    }
}

/// The numbers that a notice offers and that somebody answers within a day, with these hours; the document is told anew on each day.
fn phones(sight: &Sight<'_>, state: &PublicState, notice: &Notice) -> Vec<Call> {
    const DAY: i64 = 86_400;
    let now = sight.reader.now;
    if notice.timing == Timing::Past {
        return Vec::new();
    }
    let offered = notice
        .channels
        .iter()
        .filter_map(|id| state.channels.iter().find(|one| one.id == *id));
    let dialled = offered.filter(|one| matches!(one.kind, ChannelKind::Phone | ChannelKind::Number115));
    dialled
        .filter_map(|channel| {
            let name = line(sight, &channel.name)?;
            let of_the_day = |interval: &domain::public::Interval| {
                let (from, to) = (seconds(&interval.from)?, seconds(&interval.to)?);
                (now < to && from < now + DAY).then_some((from * 1000, to * 1000))
            };
            let open = channel.open.as_ref().filter(|_| !channel.always);
            let open: Option<Vec<_>> = open.map(|intervals| intervals.iter().filter_map(of_the_day).collect());
            let reachable = open.as_ref().is_none_or(|open| !open.is_empty());
            reachable.then(|| Call {
                // A number such as 115 is often its own name.
                s: if name.s.contains(&channel.value) {
                    name.s
                } else {
                    [&name.s, ": ", &channel.value].concat()
                },
                lang: name.lang,
                href: channel.href.clone().unwrap_or_else(|| dial(&channel.value)),
                open,
            })
        })
        .collect()
}

/// What is read out: the title when a notice comes or ends, with the news when there are some.
fn say(sight: &Sight<'_>, notice: &Notice, title: &Line) -> Line {
    let kind = sight.word(&kicker(notice)).to_owned();
    let news = notice
        .updates
        .first()
        .filter(|_| notice.timing == Timing::Current)
        .and_then(|update| first(sight, &update.text));
    let (pattern, text) = match &news {
        Some(news) => ("say.update", news.s.as_str()),
        None => ("say", ""),
    };
    Line {
        s: fill(sight.word(pattern), &[("kind", &kind), ("title", &title.s), ("text", text)]),
        lang: title.lang.clone(),
    }
}

/// From when, or until when and how sure that is.
fn when(sight: &Sight<'_>, notice: &Notice) -> Option<Line> {
    let (label, value) = match (&notice.ends_at, notice.timing, notice.end_certainty) {
        (_, Timing::Seen, _) => return None,
        (_, Timing::Announced, _) => ("from", absolute(sight, "at", &notice.starts_at)),
        (None, ..) if notice.kind == domain::public::Kind::Information => return None,
        (None, ..) | (.., EndCertainty::Unknown) => ("until", sight.word("until.unknown").to_owned()),
        (Some(end), Timing::Current, _) if sight.is_past(end) => ("until", absolute(sight, "until.overdue", end)),
        (Some(end), _, EndCertainty::Exact) => ("until", absolute(sight, "until.exact", end)),
        (Some(end), _, EndCertainty::Estimated) => ("until", absolute(sight, "until.estimated", end)),
    };
    let label = sight.word(label);
    // A label may be a question, as in Leichte Sprache.
    let colon = if label.ends_with(['?', '\u{61f}']) { " " } else { ": " };
    Some(Line {
        s: [label, colon, &value].concat(),
        lang: None,
    })
}

/// An instant by weekday, date and clock time alone.
fn absolute(sight: &Sight<'_>, key: &str, instant: &str) -> String {
    let words = &sight.reader.words;
    let told = Moment::read(instant).map_or_else(
        || instant.to_owned(),
        |moment| {
            fill(
                sight.word("moment"),
                &[("date", &moment.date(words, sight.today)), ("time", &moment.clock(words))],
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
        Node::List { items, .. } => items.first().map(|item| item.iter().map(plain).collect()).unwrap_or_default(),
    }
}
