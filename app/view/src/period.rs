//! When a notice holds: since when, until when and how sure that is, and when there will be news.

use leptos::prelude::AnyView;
use wire::{Affected, EndCertainty, Instant, Kind, Notice, Timing};

use super::{
    clock::{decimal, fill},
    course::{ended, ended_at, is_mistake, moved, never_was},
    element::{Views, p, say, span, strong, time},
    reader::Sight,
};

/// How much a part of the line weighs.
#[derive(Clone, Copy)]
enum Weight {
    Plain,
    Heavy,
    Late,
}

/// What the line is put together from: parts, of words and instants.
trait Line {
    fn part(&mut self, weight: Weight);
    fn words(&mut self, words: &str);
    fn time(&mut self, instant: &str, words: String);
}

/// The line for people to see.
#[derive(Default)]
struct Shown {
    parts: Views,
    open: Option<(Weight, Views)>,
}

impl Shown {
    fn close(&mut self) {
        let Some((weight, bits)) = self.open.take() else { return };
        if !self.parts.is_empty() {
            self.parts.push(say(" · "));
        }
        self.parts.push(match weight {
            Weight::Plain => span("", None, bits),
            Weight::Heavy => strong("", None, bits),
            Weight::Late => strong("late", None, bits),
        });
    }

    fn push(&mut self, view: AnyView) {
        if let Some((_, bits)) = &mut self.open {
            bits.push(view);
        }
    }
}

impl Line for Shown {
    fn part(&mut self, weight: Weight) {
        self.close();
        self.open = Some((weight, Views::new()));
    }

    fn words(&mut self, words: &str) {
        self.push(say(words));
    }

    fn time(&mut self, instant: &str, words: String) {
        self.push(time(instant, words));
    }
}

/// The line as plain text.
#[cfg(feature = "ssr")]
impl Line for String {
    fn part(&mut self, _: Weight) {
        if !self.is_empty() {
            self.push_str(" · ");
        }
    }

    fn words(&mut self, words: &str) {
        self.push_str(words);
    }

    fn time(&mut self, _: &str, words: String) {
        self.push_str(&words);
    }
}

/// All of it in one line, with each day said once.
pub(super) fn when(sight: &Sight<'_>, notice: &Notice) -> AnyView {
    let mut line = Shown::default();
    tell(sight, notice, &mut line);
    line.close();
    p("when", None, line.parts)
}

/// The same as plain text.
#[cfg(feature = "ssr")]
pub(super) fn in_words(sight: &Sight<'_>, notice: &Notice) -> String {
    let mut line = String::new();
    tell(sight, notice, &mut line);
    line
}

fn tell(sight: &Sight<'_>, notice: &Notice, line: &mut impl Line) {
    let mut day = None;
    let mut at = |line: &mut _, key: &str, instant: &Instant| at(sight, line, key, instant, &mut day);
    let label = |line: &mut _, key: &str| label(sight, line, key);
    let is_over = notice.timing == Timing::Past;
    if never_was(notice) {
        line.part(Weight::Plain);
        if is_mistake(notice) {
            label(line, "published");
            at(line, "at", &notice.published_at);
        } else {
            label(line, "planned");
            at(line, "was.from", &notice.starts_at);
            if let Some(end) = &notice.ends_at {
                line.words(" ");
                at(line, "was.to", end);
            }
        }
        line.part(Weight::Plain);
        label(line, ended(notice.stage));
        at(line, "at", ended_at(notice).unwrap_or(&notice.updated_at));
        return;
    }
    line.part(Weight::Plain);
    match notice.timing {
        Timing::Past => {
            label(line, "began");
            at(line, "at", &notice.starts_at);
        }
        Timing::Announced => at(line, "line.from", &notice.starts_at),
        Timing::Current | Timing::Seen => at(line, "line.since", &notice.starts_at),
    }
    match (&notice.ends_at, notice.end_certainty) {
        (Some(end), _) if is_over => {
            line.part(Weight::Plain);
            label(line, ended(notice.stage));
            at(line, "at", end);
        }
        (None, _) if is_over || notice.kind == Kind::Information => {}
        (None, _) | (_, EndCertainty::Unknown) => {
            line.part(Weight::Plain);
            line.words(sight.word("line.until.unknown"));
        }
        (Some(end), certainty) => {
            let (weight, key) = match certainty {
                _ if notice.timing == Timing::Current && sight.is_past(end) => (Weight::Late, "line.until.overdue"),
                EndCertainty::Exact => (Weight::Heavy, "line.until.exact"),
                _ => (Weight::Heavy, "line.until.estimated"),
            };
            line.part(weight);
            at(line, key, end);
        }
    }
    if let Some(next) = notice.next_update_at.as_ref().filter(|_| !is_over) {
        let (weight, key) = if sight.is_past(next) {
            (Weight::Late, "line.next.overdue")
        } else {
            (Weight::Plain, "line.next")
        };
        line.part(weight);
        at(line, key, next);
    }
    if let Some((from, to)) = moved(notice) {
        line.part(Weight::Plain);
        label(line, "moved");
        at(line, "was.from", from);
        if let Some(to) = to {
            line.words(" ");
            at(line, "was.to", to);
        }
    }
}

/// The phrase for a key with an instant in the place of `{}`.
fn at(sight: &Sight<'_>, line: &mut impl Line, key: &str, instant: &Instant, day: &mut Option<i64>) {
    let (before, after) = sight.word(key).split_once("{}").unwrap_or((sight.word(key), ""));
    line.words(before);
    line.time(instant, sight.moment_after(instant, day));
    line.words(after);
}

fn label(sight: &Sight<'_>, line: &mut impl Line, key: &str) {
    line.words(sight.word(key));
    line.words(": ");
}

/// That the time left before planned work is probably shorter than somebody needs who begins now; `None`: it is not, or nobody knows.
pub(super) fn no_time_left(sight: &Sight<'_>, service: &Affected) -> Option<String> {
    let minutes = service.usual_minutes.filter(|_| service.too_late)?;
    Some(fill(sight.word("too_late"), &[("", &decimal(i64::from(minutes), 1))]))
}
