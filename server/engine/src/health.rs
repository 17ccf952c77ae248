//! What is wrong with a running server, in one place: whoever finds something reports it here, and `/readyz`, the log and the admin page
//! read it.
//!
//! To add something that can be wrong, add a [`Condition`] with its code and its sentence, call [`Health::found`] where it is noticed and
//! [`Health::over`] where it is seen to be over. Both may be called again and again; only a change is logged.
//!
//! `/readyz` answers 200 `ready` where nothing is found; otherwise 503 with one line `code: sentence` for each condition, for
//! strangers too, and therefore without the details. `GET /api/v1/health` (role `viewer`) has them:
//!
//! ```json
//! {"ready": false, "conditions": [{"code": "database_unwritable", "since": "2026-03-03T08:10:00Z",
//!   "sentence": "Nothing can be written to the database.", "detail": "database or disk is full"}]}
//! ```

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use jiff::Timestamp;

/// One thing that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// The database is no longer where it was opened: its file was deleted, moved, replaced or truncated, or its server does not answer.
    /// Nothing is written until the same database is back.
    DatabaseGone,
    /// A write failed, or the last trial of one did: disk full, input/output error, read-only.
    DatabaseUnwritable,
    /// Another process holds the writers' lock for so long that commands fail.
    DatabaseBusy,
    /// The journal cannot be read, so that what other processes append is not shown.
    JournalUnread,
    /// The journal has fewer or other entries than the server had read: a backup was restored under it.
    JournalWentBack,
    /// The chain of hashes is broken: something was altered afterwards.
    JournalBroken,
    /// Entries that cannot be read were left out.
    EntriesLeftOut,
    /// The machine's clock cannot be right, or the last entry was written by one that was not.
    ClockImplausible,
}

impl Condition {
    /// All of them, in their order.
    pub const ALL: [Self; 8] = [
        Self::DatabaseGone,
        Self::DatabaseUnwritable,
        Self::DatabaseBusy,
        Self::JournalUnread,
        Self::JournalWentBack,
        Self::JournalBroken,
        Self::EntriesLeftOut,
        Self::ClockImplausible,
    ];

    /// The code, for programs. It is a contract: it never changes its meaning.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DatabaseGone => "database_gone",
            Self::DatabaseUnwritable => "database_unwritable",
            Self::DatabaseBusy => "database_busy",
            Self::JournalUnread => "journal_unread",
            Self::JournalWentBack => "journal_went_back",
            Self::JournalBroken => "journal_broken",
            Self::EntriesLeftOut => "entries_left_out",
            Self::ClockImplausible => "clock_implausible",
        }
    }

    /// The same in a short English sentence that may be told to anyone.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::DatabaseGone => "The database is gone, was replaced or does not answer; nothing is written until it is back.",
            Self::DatabaseUnwritable => "Nothing can be written to the database.",
            Self::DatabaseBusy => "Another process keeps the database locked.",
            Self::JournalUnread => "The journal cannot be read; what other processes write is not shown.",
            Self::JournalWentBack => "The journal went back to an earlier or another state; a backup was restored.",
            Self::JournalBroken => "The journal was altered; its chain of hashes is broken.",
            Self::EntriesLeftOut => "Some journal entries cannot be read and were left out.",
            Self::ClockImplausible => {
                "The machine's clock and the journal contradict each other; nothing is written until that is settled."
            }
        }
    }
}

/// A condition that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// [`Condition::code`].
    pub code: &'static str,
    /// When it was found.
    pub since: Timestamp,
    /// [`Condition::sentence`].
    pub sentence: &'static str,
    /// More about it, in English, for those who run the server.
    pub detail: String,
}

/// All that is wrong now.
#[derive(Debug, Default)]
pub struct Health(RwLock<BTreeMap<Condition, Finding>>);

impl Health {
    /// Notes that something is wrong. It stays so until [`Health::over`] is called.
    pub fn found(&self, condition: Condition, at: Timestamp, detail: impl Into<String>) {
        let detail = detail.into();
        let mut findings = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = findings.get(&condition);
        if known.is_some_and(|finding| finding.detail == detail) {
            return;
        }
        let (code, sentence) = (condition.code(), condition.sentence());
        tracing::error!(code, %detail, "{sentence}");
        let since = known.map_or(at, |finding| finding.since);
        let finding = Finding {
            code,
            since,
            sentence,
            detail,
        };
        findings.insert(condition, finding);
    }

    /// Notes that something is no longer wrong.
    pub fn over(&self, condition: Condition) {
        // Nearly always there is nothing to do, and nobody has to wait for that.
        if !self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(&condition) {
            return;
        }
        if let Some(finding) = self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&condition) {
            tracing::info!(code = finding.code, since = %finding.since, "no longer so: {}", finding.sentence);
        }
    }

    /// Whether one of these is wrong now.
    pub fn any_of(&self, conditions: &[Condition]) -> bool {
        let findings = self.0.read().unwrap_or_else(PoisonError::into_inner);
        conditions.iter().any(|condition| findings.contains_key(condition))
    }

    /// What is wrong now, in the order of [`Condition`].
    pub fn findings(&self) -> Vec<Finding> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_lasts_from_its_first_finding_until_it_is_over() {
        let health = Health::default();
        let (first, later) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        health.found(Condition::JournalUnread, first, "a");
        health.found(Condition::DatabaseUnwritable, first, "full");
        health.found(Condition::JournalUnread, later, "b");
        let codes = |health: &Health| {
            health
                .findings()
                .into_iter()
                .map(|finding| (finding.code, finding.since, finding.detail))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            codes(&health),
            [
                ("database_unwritable", first, "full".to_owned()),
                ("journal_unread", first, "b".to_owned())
            ]
        );
        health.over(Condition::DatabaseUnwritable);
        health.over(Condition::DatabaseGone);
        assert_eq!(codes(&health), [("journal_unread", first, "b".to_owned())]);
    }
}
