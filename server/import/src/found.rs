//! Something that another tool has told, in no tool's words.

use jiff::Timestamp;
use wire::{Kind, Severity, Stage};

/// What was found in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub tool: &'static str,
    /// Which page of it; `None`: it does not tell.
    pub page: Option<String>,
    pub found: Vec<Found>,
    /// What was not even read, with the reasons.
    pub left: Vec<Left>,
    /// What whoever takes it should know about the whole.
    pub remarks: Vec<String>,
}

/// Something that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// What it is called there.
    pub id: String,
    /// The end of a sentence that begins with its name.
    pub why: String,
}

impl Left {
    pub(crate) fn new(id: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            why: why.into(),
        }
    }
}

/// Something that is over or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it is called there.
    pub id: String,
    pub title: String,
    pub kind: Kind,
    pub severity: Severity,
    /// What it touched, by the names under which that is known there: each with its id, its name, or both.
    pub components: Vec<Vec<String>>,
    pub starts_at: Timestamp,
    /// Until when it was planned.
    pub planned_until: Option<Timestamp>,
    pub published_at: Timestamp,
    pub updated_at: Timestamp,
    /// `None`: it is not over.
    pub ended_at: Option<Timestamp>,
    /// Oldest first.
    pub updates: Vec<Told>,
}

/// Something that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub at: Timestamp,
    pub stage: Option<Stage>,
    pub text: String,
}

impl Told {
    pub(crate) const fn new(at: Timestamp, stage: Option<Stage>, text: String) -> Self {
        Self { at, stage, text }
    }
}

impl Found {
    /// How such a thing ends.
    pub(crate) const fn end(kind: Kind) -> Stage {
        match kind {
            Kind::Outage => Stage::Resolved,
            Kind::Maintenance => Stage::Completed,
            Kind::Information => Stage::Withdrawn,
        }
    }

    /// When it was told last that such a thing is over; `None`: it was not.
    pub(crate) fn end_told(kind: Kind, updates: &[Told]) -> Option<Timestamp> {
        let end = Some(Self::end(kind));
        updates.iter().filter(|told| told.stage == end).map(|told| told.at).max()
    }

    /// Puts what was told in order, and adds the end where nobody has told it.
    #[must_use]
    pub(crate) fn in_order(mut self) -> Self {
        self.updates.sort_by_key(|told| told.at);
        if let Some(at) = self.ended_at
            && Self::end_told(self.kind, &self.updates).is_none()
        {
            self.updates.push(Told::new(at, Some(Self::end(self.kind)), String::new()));
            self.updates.sort_by_key(|told| told.at);
        }
        let first = self.updates.first().map_or(self.published_at, |told| told.at);
        self.published_at = self.published_at.min(first);
        self
    }
}
