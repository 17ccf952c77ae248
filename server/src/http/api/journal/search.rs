//! Looks through the record for what somebody asks about. The record is looked at in pieces, in its own order or against it; each request looks
//! through so much of it at most and says where to go on.

use std::sync::Arc;

use api::{JournalQuery, Order};
use domain::{access::Grants, state::State};
use jiff::Timestamp;
use store::journal::{Found, JournalError, Record};

use crate::http::site::Site;

/// How many entries are read at once, and after how many found ones a page is full.
const PAGE: u64 = 200;

/// So many entries are asked for where one would do, should some of them not be readable.
const BESIDE: u32 = 4;

/// How many entries are looked through for one page at most.
const LOOKED_THROUGH: u64 = 20 * PAGE;

/// What is looked for, and how far the search is.
pub(super) struct Search {
    site: Arc<Site>,
    grants: Grants,
    query: JournalQuery,
    /// Entries behind the first and before the second are still to be looked at.
    rest: (u64, u64),
}

impl Search {
    /// Begins where the query says, and where its time begins or ends.
    pub(super) async fn new(site: Arc<Site>, grants: Grants, query: JournalQuery) -> Result<Self, JournalError> {
        let end = site.publisher.journal().head().await? + 1;
        let (mut behind, mut before) = (query.after.min(end), query.before.unwrap_or(end).min(end));
        if let Some(from) = query.from {
            behind = behind.max(first_at(&site, from, end).await? - 1);
        }
        if let Some(until) = query.until {
            before = before.min(first_at(&site, until, end).await?);
        }
        Ok(Self {
            site,
            grants,
            query,
            rest: (behind, before),
        })
    }

    /// The next entries that are looked for, in the order that is asked for: none once [`Search::next`] tells none, and sometimes before.
    pub(super) async fn page(&mut self) -> Result<Vec<Record>, JournalError> {
        let mut found: Vec<Record> = Vec::new();
        let mut looked = 0;
        while self.is_unfinished() && (found.len() as u64) < PAGE && looked < LOOKED_THROUGH {
            let (behind, before) = self.rest;
            let read = self.piece().await?;
            looked += before - behind - (self.rest.1 - self.rest.0);
            // Whether it may be read is known once it is applied.
            let (grants, query) = (&self.grants, &self.query);
            let kept = self.site.publisher.read(|state, _| {
                let is_asked = |record: &Record| matches(query, record) && is_readable(state, grants, record);
                read.into_iter().filter(is_asked).collect::<Vec<_>>()
            });
            found.extend(kept.await?);
        }
        Ok(found)
    }

    /// What to ask for next, in the words of the query; `None`: all was looked through.
    pub(super) fn next(&self) -> Option<u64> {
        self.is_unfinished().then_some(match self.query.order {
            Order::OldestFirst => self.rest.0,
            Order::NewestFirst => self.rest.1,
        })
    }

    fn is_unfinished(&self) -> bool {
        self.rest.0 + 1 < self.rest.1
    }

    /// The next piece of the record, in the order that is asked for.
    async fn piece(&mut self) -> Result<Vec<Record>, JournalError> {
        let (behind, before) = self.rest;
        let limit = |from: u64| u32::try_from((before - 1 - from).min(PAGE)).unwrap_or(u32::MAX);
        let journal = self.site.publisher.journal();
        match self.query.order {
            Order::OldestFirst => {
                let read = journal.find(behind, limit(behind)).await?;
                self.rest.0 = read.last().map_or(before, |last| last.seq);
                Ok(readable(read).collect())
            }
            Order::NewestFirst => {
                let from = behind.max(before.saturating_sub(1 + PAGE));
                let read = journal.find(from, limit(from)).await?;
                self.rest.1 = from + 1;
                Ok(readable(read).rev().collect())
            }
        }
    }
}

/// What of these can be read; the rest is told by `/api/v1/health`.
fn readable(found: Vec<Found>) -> impl DoubleEndedIterator<Item = Record> {
    found.into_iter().filter_map(|found| found.record.ok())
}

/// The number of the first entry that was recorded at this instant or later; `end`: there is none. Instants go on with the numbers, but for a clock
/// that was set back.
async fn first_at(site: &Site, instant: Timestamp, end: u64) -> Result<u64, JournalError> {
    let (mut low, mut high) = (1, end);
    while low < high {
        let middle = low + (high - low) / 2;
        // What cannot be read, beside what can, is passed over.
        let read = site.publisher.journal().find(middle - 1, BESIDE).await?;
        if readable(read).next().is_some_and(|record| record.at < instant) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn matches(query: &JournalQuery, record: &Record) -> bool {
    query.subject.as_ref().is_none_or(|subject| *subject == record.subject)
        && query.actor.as_ref().is_none_or(|actor| *actor == record.actor)
}

fn is_readable(state: &State, grants: &Grants, record: &Record) -> bool {
    let event = || serde_json::from_str(record.payload.as_deref()?).ok();
    state.may_read_entry(grants, &record.subject, event)
}
