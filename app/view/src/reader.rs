//! The reader: the language, the time and the words by which everything is told.

use wire::{ByLanguage, PublicState};

use super::{
    clock::{Calendar, Moment, seconds},
    messages::{Messages, word},
};

/// Whoever reads, and at which time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reader {
    /// The wished language of the notices' texts, a BCP 47 tag.
    pub lang: String,
    /// The server's time, seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    /// The words around those texts.
    pub words: Messages,
    /// The origin before relative addresses; empty when it is the page's own.
    pub base: String,
    /// Only what concerns these services, by id; empty: everything.
    pub services: Vec<String>,
}

/// The words for somebody of whom neither the day nor the zone is known, as a page of a server, a copy or a sheet of paper finds its readers: days
/// are told by their weekday and date, never as *today*.
#[cfg(feature = "ssr")]
#[must_use]
pub fn for_any_day(mut words: Messages) -> Messages {
    let patterns = ["moment", "short"].map(|key| (format!("{key}."), word(&words, key).to_owned()));
    for (key, pattern) in &mut words.0 {
        if let Some((_, absolute)) = patterns.iter().find(|(group, _)| key.starts_with(group)) {
            pattern.clone_from(absolute);
        }
    }
    words
}

/// A variant that was chosen for a reader.
pub(super) struct Chosen<'a, T> {
    pub(super) variant: &'a T,
    /// Its language, where it is another one than that of the words around it.
    pub(super) lang: Option<String>,
    /// What to say about it when it is not the language that the reader wished.
    pub(super) label: Option<&'a str>,
}

/// A reader in front of one document: what the view functions share.
pub(super) struct Sight<'a> {
    pub(super) reader: &'a Reader,
    /// The portal's default language.
    default: &'a str,
    /// The reader's day in the portal's zone, and how instants are told.
    pub(super) calendar: Calendar<'a>,
    /// The portal's offset from UTC at the reader's time, in seconds.
    offset: i64,
}

impl<'a> Sight<'a> {
    pub(super) fn new(reader: &'a Reader, state: &'a PublicState) -> Self {
        let hours = state
            .channels
            .iter()
            .filter_map(|channel| channel.open.as_ref())
            .flatten()
            .map(|interval| &interval.from);
        let instants = hours
            .chain([&state.generated_at])
            .chain(state.notices.iter().map(|notice| &notice.starts_at));
        let now = present(reader.now, instants);
        Self {
            reader,
            default: state.languages.first().map_or("", String::as_str),
            calendar: Calendar {
                words: &reader.words,
                today: now.day(),
                repeated: state
                    .repeated_hours
                    .iter()
                    .filter_map(|hour| Some((seconds(&hour.from)?, seconds(&hour.to)?)))
                    .collect(),
            },
            offset: now.offset,
        }
    }

    /// For what stands in no document, such as a list of past notices.
    pub(super) fn alone(reader: &'a Reader, instants: impl Iterator<Item = &'a String>) -> Self {
        let now = present(reader.now, instants);
        Self {
            reader,
            default: "",
            calendar: Calendar {
                words: &reader.words,
                today: now.day(),
                repeated: Vec::new(),
            },
            offset: now.offset,
        }
    }

    pub(super) fn word(&self, key: &str) -> &'a str {
        word(&self.reader.words, key)
    }

    /// The variant in the reader's language, else in its wider language (`de` for `de-simple`), else in the portal's default
    /// language, else any.
    pub(super) fn choose<T>(&self, text: &'a ByLanguage<T>) -> Option<Chosen<'a, T>> {
        let wished = self.reader.lang.as_str();
        let find = |wish: &str| text.lookup(wish);
        let (tag, variant) = find(wished).or_else(|| find(self.default)).or(text.0.first())?;
        let lang = (tag != self.word("lang")).then(|| tag.clone());
        let label = (tag != wished).then(|| {
            let mut key = String::from("only.");
            key.push_str(tag);
            let known = self.word(&key);
            if known.is_empty() { self.word("only.other") } else { known }
        });
        Some(Chosen { variant, lang, label })
    }

    /// The portal's default language, where it is another one than that of the words.
    pub(super) fn portals_own(&self) -> Option<String> {
        (!self.default.is_empty() && self.default != self.word("lang")).then(|| self.default.to_owned())
    }

    /// Weekday, date and clock time of an instant; the instant as written when it is not one.
    pub(super) fn moment(&self, instant: &str) -> String {
        Moment::read(instant).map_or_else(|| instant.to_owned(), |moment| moment.words(&self.calendar))
    }

    /// The same, but of an instant on the day that was told last only the clock time. Keeps the day.
    pub(super) fn moment_after(&self, instant: &str, day: &mut Option<i64>) -> String {
        let Some(moment) = Moment::read(instant) else {
            return instant.to_owned();
        };
        if day.replace(moment.day()) == Some(moment.day()) {
            moment.clock(&self.calendar)
        } else {
            moment.words(&self.calendar)
        }
    }

    /// Weekday, date and clock time of an instant not far from the reader's own, in seconds since 1970-01-01T00:00:00Z.
    pub(super) fn told(&self, seconds: i64) -> String {
        let moment = Moment {
            seconds,
            offset: self.offset,
        };
        moment.words(&self.calendar)
    }

    /// The address of a page of the server that the document came from: below its base, whatever the document says.
    pub(super) fn address(&self, path: &str) -> String {
        [&self.reader.base, "/", path.strip_prefix('/').unwrap_or(path)].concat()
    }

    pub(super) fn is_past(&self, instant: &str) -> bool {
        super::seconds(instant).is_some_and(|seconds| seconds <= self.reader.now)
    }
}

/// The reader's time, with the offset of that instant which is nearest to it: on the eve of a clock change the offset of a far one
/// would be an hour off.
fn present<'a>(now: i64, instants: impl Iterator<Item = &'a String>) -> Moment {
    let nearest = instants
        .filter_map(|instant| Moment::read(instant))
        .min_by_key(|moment| (moment.seconds - now).abs());
    Moment {
        seconds: now,
        offset: nearest.map_or(0, |moment| moment.offset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eve_of_a_clock_change_is_not_yet_the_day() {
        let (before, after) = ("2026-03-28T20:00:00+01:00".to_owned(), "2026-03-29T09:00:00+02:00".to_owned());
        let now = crate::seconds("2026-03-28T23:30:00+01:00").unwrap();
        let day = present(now, [&after, &before].into_iter()).day();
        assert_eq!(
            Moment::read(&after).unwrap().day() - day,
            1,
            "the maintenance of the night begins tomorrow"
        );
    }
}
