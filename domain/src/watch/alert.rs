//! An alert as it has been firing and falling silent.

use jiff::{SignedDuration, Timestamp};

use crate::catalogue::Labels;

/// An alert. One that falls silent and fires again before it counts as over has been firing all the time: it flaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    pub labels: Labels,
    /// Since when it has been firing, with breaks that were too short to count; by the clock of the server that heard of it.
    pub since: Timestamp,
    /// Since when what it is about is broken, as far as its source knows.
    pub began_at: Timestamp,
    /// When it began to fire last, as its source says.
    pub said_at: Option<Timestamp>,
    /// Since when it is silent; `None`: it fires.
    pub silent_since: Option<Timestamp>,
}

/// What a source says of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// By what it is known from one message to the next.
    pub identity: String,
    pub labels: Labels,
    pub fires: bool,
    /// When it began, as the source says.
    pub began_at: Option<Timestamp>,
}

/// What a source says about the beginning is believed as far back as this.
const BELIEVED: SignedDuration = SignedDuration::from_hours(24);

impl Alert {
    /// An alert of which nothing was known before `now`. `said`: when it began, as its source says.
    pub fn new(labels: Labels, said: Option<Timestamp>, now: Timestamp) -> Self {
        let earliest = now.saturating_sub(BELIEVED).unwrap_or(Timestamp::MIN);
        Self {
            labels,
            since: now,
            began_at: said.filter(|said| (earliest..=now).contains(said)).unwrap_or(now),
            said_at: said,
            silent_since: None,
        }
    }

    /// What is known of an alert once a source has said this of it at `now`. After a break that is as long as `calm` it is another one.
    /// `None`: nothing was known, and nothing is wrong.
    pub fn heard(known: Option<Self>, report: Report, now: Timestamp, calm: SignedDuration) -> Option<Self> {
        match known {
            Some(known) if !report.fires => Some(Self {
                silent_since: known.silent_since.or(Some(now)),
                ..known
            }),
            Some(known) if known.is_live(now, calm) && !known.is_another(&report, now, calm) => Some(Self {
                silent_since: None,
                labels: report.labels,
                said_at: report.began_at.or(known.said_at),
                ..known
            }),
            _ => report.fires.then(|| Self::new(report.labels, report.began_at, now)),
        }
    }

    /// Whether the source speaks of another one, because it began so much later: that this one was over nobody has heard.
    fn is_another(&self, report: &Report, now: Timestamp, calm: SignedDuration) -> bool {
        let began = report.began_at.filter(|began| *began <= now);
        let known = self.said_at.filter(|_| self.silent_since.is_none());
        began.zip(known).is_some_and(|(began, known)| began > after(known, calm))
    }

    /// Whether it fires, or has not been silent for `calm`.
    pub fn is_live(&self, now: Timestamp, calm: SignedDuration) -> bool {
        self.silent_since.is_none_or(|silent| now < after(silent, calm))
    }
}

/// An instant and a length after it.
pub(crate) fn after(instant: Timestamp, length: SignedDuration) -> Timestamp {
    instant.saturating_add(length).unwrap_or(Timestamp::MAX)
}
