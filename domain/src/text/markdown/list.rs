//! The lines of a text, and which of them are a list.

use crate::words::german::{MONTHS, WEEKDAYS};

/// A line without the blanks around it, and how many columns of them were before it.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) indent: usize,
    pub(super) text: &'a str,
}

/// The lines of a text, however they end.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let line = |whole: &'_ str| {
        let blanks = whole.chars().take_while(|c| matches!(c, ' ' | '\t'));
        blanks.map(|c| if c == '\t' { 4 } else { 1 }).sum()
    };
    text.split(['\n', '\u{2028}', '\u{2029}'])
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
        .map(|whole| Line {
            indent: line(whole),
            text: whole.trim(),
        })
        .collect()
}

/// What a line of a list begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Bullet(char),
    Number(usize),
}

impl Line<'_> {
    pub(super) const fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// The mark of a list, and what follows it.
    fn marked(&self) -> Option<(Mark, &str)> {
        let (mark, rest) = self.text.split_once([' ', '\t'])?;
        let rest = rest.trim_start();
        let mark = match mark {
            "-" | "*" | "•" => Mark::Bullet(mark.chars().next()?),
            _ => Mark::Number(number(mark.strip_suffix('.')?)?),
        };
        (!rest.is_empty()).then_some((mark, rest))
    }
}

/// A number as people count: without a zero before it.
fn number(digits: &str) -> Option<usize> {
    let counts = !digits.starts_with('0') && digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit());
    counts.then(|| digits.parse().ok()).flatten()
}

/// Whether `-` before it could be meant as a minus: `- 5 °C`, but neither `- 2. Dezember` nor `- 8:00 Uhr`.
fn may_be_negative(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len() && !rest.starts_with(['.', ':', '/'])
}

/// Whether a number before it says which one it is, and not how many there were before: `1. Januar`, `2. Stock`.
fn may_be_ordinal(text: &str) -> bool {
    /// Beside the months and the days: short and Austrian forms, and what is counted in houses, years and schools.
    const ALSO: [&str; 26] = [
        "jänner",
        "feber",
        "jan",
        "feb",
        "mär",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "okt",
        "nov",
        "dez",
        "sonnabend",
        "advent",
        "weihnachtstag",
        "stock",
        "etage",
        "obergeschoss",
        "og",
        "ug",
        "quartal",
        "halbjahr",
        "klasse",
        "rate",
    ];
    let word = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    [&MONTHS[..], &WEEKDAYS, &ALSO].iter().any(|words| words.contains(&word.as_str()))
}

/// A list at the beginning of these lines.
pub(super) struct List<'a> {
    pub(super) ordered: bool,
    pub(super) items: Vec<Vec<Line<'a>>>,
    /// How many lines it takes.
    pub(super) lines: usize,
}

/// Reads a list. One line alone is none: whoever begins a single line with `1. ` or `- ` means a date or a dash.
pub(super) fn list_at<'a>(lines: &[Line<'a>]) -> Option<List<'a>> {
    let first = lines.first()?;
    let (kind, _) = first.marked()?;
    let margin = first.indent;
    let mut items: Vec<Vec<Line<'a>>> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let is_within = |line: &Line<'_>| line.indent >= margin + 2 || (line.indent > margin && line.marked().is_none());
        let follows = |line: &Line<'_>, count: usize| {
            let mark = line.marked().filter(|_| line.indent <= margin + 1)?.0;
            match kind {
                Mark::Bullet(_) => mark == kind,
                Mark::Number(_) => mark == Mark::Number(count + 1),
            }
            .then_some(())
        };
        if line.is_blank() {
            // Blanks within a list belong to it, those behind it do not.
            let next = lines[at..].iter().find(|line| !line.is_blank())?;
            if !(is_within(next) || follows(next, items.len()).is_some()) || items.is_empty() {
                break;
            }
            items.last_mut()?.push(*line);
        } else if follows(line, items.len()).is_some() {
            let text = line.text.split_once([' ', '\t'])?.1.trim_start();
            items.push(vec![Line { indent: 0, text }]);
        } else if is_within(line) && !items.is_empty() {
            items.last_mut()?.push(*line);
        } else {
            break;
        }
        at += 1;
        // The blanks at the very end are nobody's.
        if lines[at..].iter().all(Line::is_blank) {
            break;
        }
    }
    let all_negative = || kind == Mark::Bullet('-') && items.iter().all(|item| may_be_negative(item[0].text));
    let any_ordinal = || matches!(kind, Mark::Number(_)) && items.iter().any(|item| may_be_ordinal(item[0].text));
    (items.len() > 1 && !all_negative() && !any_ordinal()).then_some(List {
        ordered: matches!(kind, Mark::Number(_)),
        lines: at,
        items,
    })
}
