//! One notice, whole, and the list of those that concern a reader.

use leptos::prelude::AnyView;
use wire::{
    Affected, ByLanguage, Change, Entries, Instant, Kind, Node, Notice, PublicState, RichText, Severity, Stage, Status, Timing, Update,
};

use super::{
    course::{ended, ended_at, is_mistake, never_was},
    element::{
        Views, article, dd, div, dl, drawing, dt, fold, footer, h2, header, icon, li, link, nothing, ol, p, region, say, span, strong,
        summary, time, ul,
    },
    messages::word,
    period::{no_time_left, when},
    reader::{Reader, Sight},
    ways::ways,
    wording::{absent, key, name, part, phrase, prose, text, timed, titled},
};

/// The notices that concern this reader, in the document's order: gravest first, then announced, then those that are over.
/// A notice that names no service concerns the portal as a whole, and so everyone.
pub fn relevant<'a>(reader: &Reader, state: &'a PublicState) -> Vec<&'a Notice> {
    let wanted = |affected: &Affected| reader.services.contains(&affected.id);
    state
        .notices
        .iter()
        .filter(|notice| reader.services.is_empty() || notice.affected.is_empty() || notice.affected.iter().any(wanted))
        .collect()
}

/// What has been told of the first notice already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Nothing,
    /// A banner stands over it, with its head, the first sentences and when.
    Banner,
}

/// All notices that concern this reader: the first open, the others folded under their titles.
pub fn notices(reader: &Reader, state: &PublicState) -> AnyView {
    notices_below(reader, state, Told::Nothing, Views::new())
}

/// The notices below what is said about all of them; it belongs to their region, or a reader who goes from region to region misses it.
pub fn notices_below(reader: &Reader, state: &PublicState, told: Told, mut children: Views) -> AnyView {
    let sight = Sight::new(reader, state);
    let views = relevant(reader, state).into_iter().enumerate().map(|(i, notice)| {
        if i == 0 {
            open(&sight, state, notice, told)
        } else {
            folded(&sight, state, notice)
        }
    });
    children.extend(views);
    region(sight.word("lang").to_owned(), sight.word("region"), children)
}

/// One whole notice, for its permanent page and the preview.
pub fn notice(reader: &Reader, state: &PublicState, notice: &Notice) -> AnyView {
    let sight = Sight::new(reader, state);
    region(
        sight.word("lang").to_owned(),
        sight.word("region"),
        vec![open(&sight, state, notice, Told::Nothing)],
    )
}

fn open(sight: &Sight<'_>, state: &PublicState, notice: &Notice, told: Told) -> AnyView {
    // A banner tells of what is over or far ahead nothing but that.
    let mut children = match told {
        Told::Nothing => vec![header("head", None, head(sight, notice))],
        Told::Banner => Views::new(),
    };
    let told = if notice.timing == Timing::Current { told } else { Told::Nothing };
    children.extend(body(sight, state, notice, told));
    article(class(notice), ["n-", &notice.id].concat(), children)
}

fn folded(sight: &Sight<'_>, state: &PublicState, notice: &Notice) -> AnyView {
    let mut title = head(sight, notice);
    if works_again(notice).is_none() {
        title.push(p("brief", None, span_of_time(sight, notice)));
    }
    let mut children = vec![summary("head", None, title)];
    children.extend(body(sight, state, notice, Told::Nothing));
    fold(class(notice), ["n-", &notice.id].concat(), children)
}

/// How it looks. Planned work is calm however much it stops; what is over is good news.
pub(super) fn tone(notice: &Notice) -> &'static str {
    match (notice.timing, notice.kind, notice.severity) {
        (Timing::Past, ..) => "success",
        (Timing::Announced | Timing::Seen, ..) | (_, Kind::Information, _) | (.., Severity::Information) => "info",
        (_, Kind::Maintenance, _) | (.., Severity::Degraded) => "warning",
        _ => "danger",
    }
}

fn class(notice: &Notice) -> &'static str {
    match (notice.timing, tone(notice)) {
        (Timing::Past, _) => "notice success past",
        (_, "info") => "notice info",
        (_, "warning") => "notice warning",
        _ => "notice danger",
    }
}

/// What kind of notice it is, or how it ended, in the reader's words.
pub fn kind<'a>(reader: &'a Reader, notice: &Notice) -> &'a str {
    word(&reader.words, &kicker(notice))
}

/// The key of the words over the title: what kind of notice it is, or how it ended.
pub(super) fn kicker(notice: &Notice) -> String {
    match notice.timing {
        Timing::Past if is_mistake(notice) => "mistake".to_owned(),
        Timing::Past => key("stage", notice.stage.word()),
        Timing::Seen => "seen.kicker".to_owned(),
        Timing::Announced if notice.kind == Kind::Maintenance => "announced.maintenance".to_owned(),
        _ => key("kind", notice.kind.word()),
    }
}

fn head(sight: &Sight<'_>, notice: &Notice) -> Views {
    let picture = match (notice.timing, notice.kind, notice.severity) {
        (Timing::Past, ..) => drawing::DONE,
        (_, Kind::Maintenance, _) => drawing::PLANNED,
        (_, Kind::Information, _) | (.., Severity::Information) => drawing::INFO,
        (.., Severity::Degraded) => drawing::WARNING,
        _ => drawing::DANGER,
    };
    let mut head = vec![icon(picture), p("kicker", None, vec![say(sight.word(&kicker(notice)))])];
    match works_again(notice) {
        // Its title says what did not go.
        Some(since) => head.extend([
            h2("", None, timed(sight, "works_again", since)),
            p("brief", None, phrase(sight, "works_again.about", text(sight, &notice.title))),
        ]),
        None => head.push(h2("", None, vec![text(sight, &notice.title)])),
    }
    head
}

/// Since when that works again which a notice told of; `None`: it told of nothing that did not work, or still does.
pub(super) fn works_again(notice: &Notice) -> Option<&Instant> {
    let is_over = matches!(notice.stage, Stage::Resolved | Stage::Completed) && notice.severity != Severity::Information;
    ended_at(notice).filter(|_| is_over)
}

fn body(sight: &Sight<'_>, state: &PublicState, notice: &Notice, told: Told) -> Views {
    let mine: Vec<&Affected> = notice
        .affected
        .iter()
        .filter(|affected| sight.reader.services.is_empty() || sight.reader.services.contains(&affected.id))
        .collect();
    // Nobody has published it, so there are no facts.
    let seen = notice.timing == Timing::Seen;
    let period = if seen || told == Told::Banner {
        nothing()
    } else {
        when(sight, notice)
    };
    // Until when it lasts is asked for first; of what is over, how it ended.
    let [above, below] = if notice.timing == Timing::Past {
        [nothing(), period]
    } else {
        [period, nothing()]
    };
    let mut children = vec![above];
    children.extend(meaning(sight, notice, told));
    children.extend([
        news(sight, notice, told),
        video(sight, notice),
        ways(sight, state, notice, &mine),
        below,
        late(sight, notice, &mine),
        div(
            "rest",
            None,
            vec![
                if seen {
                    nothing()
                } else {
                    dl("facts", None, facts(sight, notice, &mine))
                },
                effects(sight, notice),
            ],
        ),
        updates(sight, notice),
        if seen { nothing() } else { closing(sight, notice) },
    ]);
    children
}

/// What it means for people: that it was a mistake, how it ended, what does not go. Always three views, of which some are nothing.
fn meaning(sight: &Sight<'_>, notice: &Notice, told: Told) -> Views {
    let is_over = notice.timing == Timing::Past;
    // How it ended comes first; what was true until then is told as such.
    let (end, impact) = match (is_over, never_was(notice)) {
        (false, _) if told == Told::Banner && newest(notice).is_none() && is_one_sentence(sight, &notice.impact) => (nothing(), nothing()),
        (false, _) => (nothing(), prose(sight, "impact", &notice.impact)),
        (_, true) => (prose(sight, "impact", closing_words(notice)), nothing()),
        (true, false) => (
            prose(sight, "impact", closing_words(notice)),
            part(sight, "impact.past", &notice.impact),
        ),
    };
    let mistake = if is_mistake(notice) {
        p("impact", None, vec![say(sight.word("mistake.meaning"))])
    } else {
        nothing()
    };
    vec![mistake, end, impact]
}

fn video(sight: &Sight<'_>, notice: &Notice) -> AnyView {
    notice.video.as_ref().filter(|_| !is_mistake(notice)).map_or_else(nothing, |video| {
        p(
            "video",
            None,
            vec![link(
                "action",
                video,
                vec![icon(drawing::HANDS), span("", None, vec![say(sight.word("video"))])],
            )],
        )
    })
}

/// What becomes of entries, applications and deadlines; nothing of what never was.
fn effects(sight: &Sight<'_>, notice: &Notice) -> AnyView {
    if never_was(notice) {
        return nothing();
    }
    div(
        "effects",
        None,
        vec![
            entries(sight, notice),
            part(sight, "applications", &notice.applications),
            deadlines(sight, notice),
        ],
    )
}

/// Which of the reader's services there is no time left for.
fn late(sight: &Sight<'_>, notice: &Notice, mine: &[&Affected]) -> AnyView {
    let one = |service: &&Affected| {
        let says = no_time_left(sight, service)?;
        let mut words = Views::new();
        if notice.affected.len() > 1 {
            words.extend([name(sight, &service.name), say(": ")]);
        }
        words.push(say(&says));
        Some(p("late", None, words))
    };
    let all: Views = mine.iter().filter_map(one).collect();
    if all.is_empty() { nothing() } else { div("", None, all) }
}

fn facts(sight: &Sight<'_>, notice: &Notice, mine: &[&Affected]) -> Views {
    // Once it is over, everything works.
    let still_works = if absent(&notice.still_works) || notice.timing == Timing::Past {
        nothing()
    } else {
        fact(sight, "still_works", vec![prose(sight, "", &notice.still_works)])
    };
    let stage = sight.word(&key("stage", notice.stage.word()));
    let mut rows = vec![affected(sight, notice, mine)];
    rows.push(if stage.is_empty() || notice.timing == Timing::Past {
        nothing()
    } else {
        fact(sight, "stage", vec![say(stage)])
    });
    rows.push(still_works);
    rows
}

fn fact(sight: &Sight<'_>, key: &str, value: Views) -> AnyView {
    div("", None, vec![dt("", None, vec![say(sight.word(key))]), dd("", None, value)])
}

/// The services it touches; those in the same trouble for the same reason in one line.
fn affected(sight: &Sight<'_>, notice: &Notice, mine: &[&Affected]) -> AnyView {
    if mine.is_empty() {
        return fact(sight, "affected", vec![say(sight.word("affected.portal"))]);
    }
    let mut lines: Vec<(&Affected, Views)> = Vec::new();
    for one in mine {
        match lines
            .iter_mut()
            .find(|(first, _)| first.status == one.status && first.severity == one.severity && first.because == one.because)
        {
            Some((_, names)) => names.extend([say(sight.word("comma")), strong("", None, vec![name(sight, &one.name)])]),
            None => lines.push((one, vec![strong("", None, vec![name(sight, &one.name)])])),
        }
    }
    let items = lines.into_iter().map(|(first, mut words)| {
        if never_was(notice) {
            return li("", None, words);
        }
        words.push(say(": "));
        words.push(say(sight.word(&key(status_group(notice), felt(first.status, first.severity)))));
        if first.because.is_some() {
            let why = if notice.kind == Kind::Maintenance {
                "because.maintenance"
            } else {
                "because"
            };
            words.extend(phrase(sight, why, name(sight, &first.because_name)));
        }
        li("", None, words)
    });
    fact(sight, "affected", vec![ul("plain", None, items.collect())])
}

/// How a service does, as a key of words: what is maintained can be slow only.
pub(super) const fn felt(status: Status, severity: Severity) -> &'static str {
    match (status, severity) {
        (Status::Maintenance, Severity::Degraded) => Status::Degraded.word(),
        (Status::Maintenance, Severity::PartialOutage) => Status::PartialOutage.word(),
        _ => status.word(),
    }
}

const fn status_group(notice: &Notice) -> &'static str {
    match notice.timing {
        Timing::Current | Timing::Seen => "status",
        Timing::Announced => "status.announced",
        Timing::Past => "status.past",
    }
}

/// The newest thing that was said, for those who have read the rest before; of what is over that stands at the top.
fn news(sight: &Sight<'_>, notice: &Notice, told: Told) -> AnyView {
    match newest(notice) {
        None => nothing(),
        Some(update) if told == Told::Banner && is_one_sentence(sight, &update.text) => nothing(),
        Some(update) => div(
            "news",
            None,
            vec![
                p(
                    "",
                    None,
                    vec![
                        strong("", None, vec![say(sight.word("news"))]),
                        say(" · "),
                        time(&update.at, sight.moment(&update.at)),
                    ],
                ),
                prose(sight, "", &update.text),
            ],
        ),
    }
}

/// Whether a text is surely nothing beyond the sentence that a banner tells of it.
fn is_one_sentence(sight: &Sight<'_>, text: &RichText) -> bool {
    let ends = |pair: &[u8]| matches!(pair, [b'.' | b'!' | b'?', b' ' | b'\n' | b'"' | b')' | 0x80..]);
    sight.choose(text).is_some_and(|chosen| match chosen.variant.as_slice() {
        [Node::Paragraph { c }] => matches!(c.as_slice(), [Node::Text { s }] if !s.as_bytes().windows(2).any(ends)),
        _ => false,
    })
}

/// The newest update that says something, while the notice holds.
pub(super) fn newest(notice: &Notice) -> Option<&Update> {
    let said = notice.updates.iter().find(|update| !absent(&update.text));
    said.filter(|_| notice.timing != Timing::Past)
}

/// The text with which it ended.
pub(super) fn closing_words(notice: &Notice) -> &RichText {
    const NONE: &RichText = &ByLanguage(Vec::new());
    let last = notice.updates.iter().find(|update| update.stage == Some(notice.stage));
    last.map_or(NONE, |update| &update.text)
}

/// From when to when, in one line.
pub(super) fn from_to(sight: &Sight<'_>, from: &Instant, to: Option<&Instant>) -> Views {
    let mut words = timed(sight, "was.from", from);
    if let Some(end) = to {
        words.push(say(" "));
        words.extend(timed(sight, "was.to", end));
    }
    words
}

/// Its time in one line, for a title under which everything else is folded.
pub(super) fn span_of_time(sight: &Sight<'_>, notice: &Notice) -> Views {
    let mut words = Views::new();
    match (notice.timing, ended_at(notice)) {
        (Timing::Past, Some(end)) => {
            words.extend([say(sight.word(ended(notice.stage))), say(": ")]);
            words.extend(timed(sight, "at", end));
        }
        (timing, _) => {
            words.extend([
                say(sight.word(if timing == Timing::Announced { "from" } else { "since" })),
                say(" "),
            ]);
            words.extend(timed(sight, "at", &notice.starts_at));
        }
    }
    words
}

fn entries(sight: &Sight<'_>, notice: &Notice) -> AnyView {
    // There is nothing to say about what is not known.
    if notice.entries == Entries::Unknown {
        return nothing();
    }
    let said = p(
        "",
        None,
        vec![strong("", None, vec![say(sight.word(&key("entries", notice.entries.word())))])],
    );
    let until = match (&notice.entries_until, notice.entries) {
        (Some(until), Entries::Saved) => p("", None, timed(sight, "entries.until", until)),
        _ => nothing(),
    };
    titled("part", sight, "entries", vec![said, until])
}

fn deadlines(sight: &Sight<'_>, notice: &Notice) -> AnyView {
    if absent(&notice.deadline_note) && notice.deadline_source.is_none() {
        return nothing();
    }
    let source = notice.deadline_source.as_ref().map_or_else(nothing, |source| {
        p(
            "source",
            None,
            phrase(sight, "deadline.source", span("", sight.portals_own(), vec![say(source)])),
        )
    });
    titled("part", sight, "deadlines", vec![prose(sight, "", &notice.deadline_note), source])
}

fn updates(sight: &Sight<'_>, notice: &Notice) -> AnyView {
    if notice.updates.is_empty() {
        return nothing();
    }
    let item = |(newer, update): (usize, &Update)| {
        let stage = update.stage.map_or_else(nothing, |stage| {
            let word = if is_reopening(&notice.updates[newer..]) {
                "reopened".to_owned()
            } else {
                key("stage", stage.word())
            };
            strong("", None, vec![say(" "), say(sight.word(&word))])
        });
        li(
            "",
            None,
            vec![
                p("", None, vec![time(&update.at, sight.moment(&update.at)), stage]),
                changed(sight, update),
                prose(sight, "", &update.text),
            ],
        )
    };
    let children = vec![
        summary("", None, vec![say(sight.word("updates"))]),
        ol("updates", None, notice.updates.iter().enumerate().map(item).collect()),
    ];
    fold("history", ["u-", &notice.id, "-updates"].concat(), children)
}

/// Whether the first of these updates, the newest first, takes up again what was over.
fn is_reopening(updates: &[Update]) -> bool {
    let mut stages = updates.iter().filter_map(|update| update.stage);
    stages.next().is_some_and(|now| !now.is_final()) && stages.next().is_some_and(Stage::is_final)
}

/// What the notice said before.
fn changed(sight: &Sight<'_>, update: &Update) -> AnyView {
    let words = match (update.change, &update.from, &update.to) {
        (None, ..) => return nothing(),
        (Some(Change::Moved), Some(from), to) => phrase(sight, "change.moved", span("", None, from_to(sight, from, to.as_ref()))),
        (Some(Change::EndMoved), _, Some(to)) => timed(sight, "change.end_moved", to),
        (Some(Change::EndMoved), ..) => phrase(sight, "change.end_moved", say(sight.word("until.unknown"))),
        _ => vec![say(sight.word("change.edited"))],
    };
    p("", None, words)
}

fn closing(sight: &Sight<'_>, notice: &Notice) -> AnyView {
    let address = sight.address(&notice.url);
    footer(
        "",
        None,
        vec![
            span("", None, phrase(sight, "issuer", name(sight, &notice.issuer))),
            span("", None, timed(sight, "updated", &notice.updated_at)),
            link(
                "",
                &address,
                vec![say(sight.word("permalink")), say(" "), span("id", None, vec![say(&notice.id)])],
            ),
        ],
    )
}

/// How a service does, as a class and a picture.
pub(super) const fn look(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Operational => ("state success", drawing::DONE),
        Status::Information => ("state info", drawing::INFO),
        Status::Maintenance => ("state warning", drawing::PLANNED),
        Status::Degraded => ("state warning", drawing::WARNING),
        Status::PartialOutage | Status::Outage => ("state danger", drawing::DANGER),
    }
}

/// A heading of its own for a list beside the notices.
pub(super) fn list_title(sight: &Sight<'_>, key: &str) -> AnyView {
    h2("list", None, vec![say(sight.word(key))])
}
