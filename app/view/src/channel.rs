//! Contact channels: who helps, and whether someone is there now.

use leptos::prelude::AnyView;
pub(super) use wire::dial;
use wire::{Channel, ChannelKind, Interval};

use super::{
    clock::{Moment, decimal, fill},
    element::{Views, div, drawing, fold, icon, li, link, named_link, nothing, p, say, span, strong, summary, ul},
    reader::Sight,
    wording::{key, name, prose},
};

/// How many channels that help now are shown before the others are folded away.
const AT_FIRST: usize = 3;

/// When someone is there.
enum Presence {
    /// Day and night.
    Always,
    /// It has no hours: a form, an address.
    Timeless,
    /// Until this moment.
    Until(Moment),
    /// From this moment on.
    From(Moment),
    /// No opening is known.
    Unknown,
}

impl Presence {
    fn at(now: i64, channel: &Channel) -> Self {
        if channel.always {
            return Self::Always;
        }
        let Some(intervals) = &channel.open else { return Self::Timeless };
        let read = |interval: &Interval| Some((Moment::read(&interval.from)?, Moment::read(&interval.to)?));
        let coming = intervals
            .iter()
            .filter_map(read)
            .filter(|(_, to)| now < to.seconds)
            .min_by_key(|(from, _)| from.seconds);
        match coming {
            None => Self::Unknown,
            Some((from, to)) if from.seconds <= now => Self::Until(to),
            Some((from, _)) => Self::From(from),
        }
    }

    /// Those that help now come first, then by their opening.
    fn rank(&self) -> i64 {
        match self {
            Self::Always | Self::Until(_) => 0,
            Self::Timeless => 1,
            Self::From(moment) => moment.seconds,
            Self::Unknown => i64::MAX,
        }
    }
}

/// The channels, those that help now first and the others folded away, unless one would have to speak to be helped.
pub(super) fn channels<'a>(sight: &Sight<'_>, owner: &str, channels: impl Iterator<Item = &'a Channel>) -> Views {
    let mut all: Vec<(Presence, &Channel)> = channels.map(|channel| (Presence::at(sight.reader.now, channel), channel)).collect();
    all.sort_by_key(|(presence, _)| presence.rank());
    let now = all.iter().take_while(|(presence, _)| presence.rank() <= 1).count();
    let silent = |some: &[(Presence, &Channel)]| some.iter().any(|(_, channel)| !channel.kind.needs_voice());
    // A few that help now; as many more as it takes to name one for which nobody has to speak.
    let mut first = now.min(AT_FIRST);
    while first < now && !silent(&all[..first]) {
        first += 1;
    }
    let list = |some: &[(Presence, &Channel)]| {
        if some.is_empty() {
            return nothing();
        }
        ul(
            "channels",
            None,
            some.iter().map(|(presence, channel)| item(sight, presence, channel)).collect(),
        )
    };
    let folded = |part: &str, some: &[(Presence, &Channel)]| {
        if some.is_empty() {
            return nothing();
        }
        let count = fill(sight.word(&key("channels", part)), &[("count", &decimal(some.len() as i64, 1))]);
        fold(
            "later",
            ["u-", owner, "-", part].concat(),
            vec![summary("", None, vec![say(&count)]), list(some)],
        )
    };
    let later = &all[now..];
    vec![
        list(&all[..first]),
        folded("more", &all[first..now]),
        if silent(&all[..now]) { folded("later", later) } else { list(later) },
    ]
}

fn item(sight: &Sight<'_>, presence: &Presence, channel: &Channel) -> AnyView {
    let hours = match presence {
        Presence::Always => strong("open", None, vec![say(sight.word("open.always"))]),
        Presence::Until(to) => strong(
            "open",
            None,
            vec![say(&fill(sight.word("open.until"), &[("", &to.short(&sight.calendar))]))],
        ),
        Presence::From(from) => span(
            "shut",
            None,
            vec![say(&fill(sight.word("opens"), &[("", &from.short(&sight.calendar))]))],
        ),
        Presence::Unknown => span("shut", None, vec![say(sight.word("closed"))]),
        Presence::Timeless => nothing(),
    };
    let abroad = channel.abroad.as_ref().map_or_else(nothing, |number| {
        p(
            "abroad",
            None,
            vec![say(sight.word("abroad")), say(" "), link("", &dial(number), vec![say(number)])],
        )
    });
    li(
        "channel",
        None,
        vec![
            icon(picture(channel.kind)),
            div(
                "",
                None,
                vec![
                    p("who", None, vec![kind(sight, channel), say(" "), name(sight, &channel.name)]),
                    p("where", None, vec![address(sight, channel)]),
                    p("hours", None, vec![hours]),
                    abroad,
                    prose(sight, "note", &channel.note),
                ],
            ),
        ],
    )
}

/// Of what kind it is; nothing where its name begins with that, as "Chat with us" does.
pub(super) fn kind(sight: &Sight<'_>, channel: &Channel) -> AnyView {
    let word = sight.word(&key("channel", channel.kind.word()));
    match sight.choose(&channel.name) {
        Some(name) if name.variant.starts_with(word) => nothing(),
        _ => span("kind", None, vec![say(word)]),
    }
}

/// Where a channel is reached. Such an address has no variants: in words, it is in the portal's own language.
pub(super) fn address(sight: &Sight<'_>, channel: &Channel) -> AnyView {
    let in_words = channel.value.contains(' ') && channel.value.bytes().any(|byte| byte.is_ascii_alphabetic());
    // An address of mail is broken only where it is put together.
    let is_mail = channel.value.contains('@');
    let parts = if is_mail {
        let parts = channel.value.split_inclusive(['@', '.']);
        parts.map(|part| span("", None, vec![say(part)])).collect()
    } else {
        vec![say(&channel.value)]
    };
    let words = span("", sight.portals_own().filter(|_| in_words), parts);
    match (&channel.href, channel.kind.needs_voice()) {
        (Some(href), _) => named_link("action", href, is_mail.then(|| channel.value.clone()), vec![words]),
        (None, true) => link("action", &dial(&channel.value), vec![words]),
        (None, false) => words,
    }
}

pub(super) const fn picture(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Phone | ChannelKind::Number115 => drawing::PHONE,
        ChannelKind::Email | ChannelKind::DeMail | ChannelKind::Post => drawing::MAIL,
        ChannelKind::Form | ChannelKind::Fax => drawing::SHEET,
        ChannelKind::Chat => drawing::SPEECH,
        ChannelKind::Office => drawing::HOUSE,
        ChannelKind::SignLanguage => drawing::HANDS,
    }
}
