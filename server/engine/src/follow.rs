//! Keeps up with the journal: what this process has appended, and what others have.

use domain::record::{Event, upkeep};

use crate::health::Condition;
use crate::{
    audience::Extent,
    follower::{Faults, Follower, PAGE},
    known::Known,
    publisher::Publisher,
};
use store::journal::{Found, JournalError, Record, chain::Walk};

/// How many faults are told one by one.
const TOLD: usize = 5;

impl Publisher {
    /// Applies what stands in the journal and is not known yet, and shows it. What is read is put together first and taken over without a
    /// pause, so that a caller who goes away in between leaves nothing half done.
    pub(super) async fn catch_up(&self) -> Result<(), JournalError> {
        let mut follower = self.follower.lock().await;
        // What a file without a name holds was never answered to anyone, and will be gone.
        self.journal.check()?;
        let tip = self.journal.tip().await?;
        let known = follower.walk.entries();
        match tip {
            None if known == 0 => Ok(()),
            None => {
                self.went_back(known, 0);
                Err(JournalError::Emptied)
            }
            Some((seq, hash)) if follower.walk.is_at(seq, &hash) => Ok(()),
            Some((seq, _)) if known == 0 => self.begin_anew(&mut follower, seq).await,
            Some((seq, _)) if seq > known => {
                let news = self.read_between(known, seq).await?;
                if !self.goes_on(&follower.walk, &news).await? {
                    self.went_back(known, seq);
                    return self.begin_anew(&mut follower, seq).await;
                }
                // What was redacted is still in memory: begin anew, now that a tombstone stands in its place.
                if news.iter().any(records_a_redaction) {
                    return self.begin_anew(&mut follower, seq).await;
                }
                self.take(&mut follower, news);
                Ok(())
            }
            Some((seq, _)) => {
                self.went_back(known, seq);
                self.begin_anew(&mut follower, seq).await
            }
        }
    }

    /// Takes in what this process has just appended. It is not read again: it is in the journal, and what is answered now must not
    /// depend on whether that can be read at this moment.
    pub(super) async fn take_in(&self, records: Vec<Record>) {
        let mut follower = self.follower.lock().await;
        if records.first().is_none_or(|first| first.seq != follower.walk.entries() + 1) {
            return;
        }
        let found = |record: Record| Found {
            seq: record.seq,
            record: Ok(record),
        };
        let news: Vec<Found> = records.into_iter().map(found).collect();
        if news.iter().any(records_a_redaction) {
            drop(follower);
            self.follow().await;
        } else {
            self.take(&mut follower, news);
        }
    }

    fn take(&self, follower: &mut Follower, news: Vec<Found>) {
        self.change_known(|known| news.into_iter().for_each(|found| follower.take(found, known)));
        self.tell(follower);
        self.show(Extent::Touched);
    }

    /// Reads the journal from its beginning to an entry and no further: one that is redacted meanwhile may have been read with its text,
    /// and its redaction has to count as news.
    async fn begin_anew(&self, follower: &mut Follower, tip: u64) -> Result<(), JournalError> {
        let (mut known, mut anew) = (Known::default(), Follower::default());
        while anew.walk.entries() < tip {
            let page = self.journal.find(anew.walk.entries(), PAGE).await?;
            if page.is_empty() {
                break;
            }
            page.into_iter()
                .filter(|found| found.seq <= tip)
                .for_each(|found| anew.take(found, &mut known));
        }
        // A tombstone may have come from a redaction behind the tip; that one is news soon.
        if follower.walk.entries() > 0 {
            // That it went back was said.
            self.journal.take_as_it_is().await?;
        }
        if let Err(broken) = anew.walk.finish()
            && self.journal.head().await? == tip
        {
            anew.breaks.push(broken.to_string());
        }
        *follower = anew;
        self.change_known(|old| *old = known);
        self.tell(follower);
        self.show(Extent::All);
        Ok(())
    }

    async fn read_between(&self, after: u64, tip: u64) -> Result<Vec<Found>, JournalError> {
        let mut news: Vec<Found> = Vec::new();
        loop {
            let after = news.last().map_or(after, |found| found.seq);
            let page = self.journal.find(after, PAGE).await?;
            let end = page.is_empty();
            news.extend(page);
            if end || news.last().is_some_and(|found| found.seq >= tip) {
                return Ok(news);
            }
        }
    }

    /// Whether the journal up to where it was read is still the one that was read.
    async fn goes_on(&self, walk: &Walk, news: &[Found]) -> Result<bool, JournalError> {
        let known = walk.entries();
        if let Some(Found { record: Ok(first), .. }) = news.first()
            && walk.is_at(known, &first.previous)
        {
            return Ok(true);
        }
        // Either what was read has changed, or what is new does not follow it.
        let last = self.journal.find(known - 1, 1).await?;
        Ok(last
            .first()
            .is_some_and(|found| found.seq == known && found.record.as_ref().is_ok_and(|record| walk.is_at(known, &record.hash))))
    }

    pub(super) fn went_back(&self, known: u64, tip: u64) {
        let detail = format!("there were {known} entries; the journal now ends with entry {tip}, and not as it was written");
        self.health.found(Condition::JournalWentBack, self.clock.now(), detail);
    }

    /// Takes note of what another walk has found.
    pub(super) async fn add_faults(&self, found: Faults) {
        let mut follower = self.follower.lock().await;
        let Follower { breaks, left_out, .. } = &mut *follower;
        for (known, found) in [(breaks, found.breaks), (left_out, found.unreadable)] {
            let news: Vec<_> = found.into_iter().filter(|fault| !known.contains(fault)).collect();
            known.extend(news);
        }
        self.tell(&follower);
    }

    /// Says what is wrong with the journal as far as it was read.
    fn tell(&self, follower: &Follower) {
        for (condition, faults) in [
            (Condition::JournalBroken, &follower.breaks),
            (Condition::EntriesLeftOut, &follower.left_out),
        ] {
            match faults.len().checked_sub(TOLD) {
                _ if faults.is_empty() => self.health.over(condition),
                None | Some(0) => self.health.found(condition, self.clock.now(), faults.join("; ")),
                Some(more) => {
                    let detail = format!("{}; and {more} more", faults[..TOLD].join("; "));
                    self.health.found(condition, self.clock.now(), detail);
                }
            }
        }
    }
}

fn records_a_redaction(found: &Found) -> bool {
    let entry = found.record.as_ref().ok().and_then(|record| record.entry().ok());
    entry.is_some_and(|entry| matches!(entry.event, Some(Event::Upkeep(upkeep::Event::Redacted { .. }))))
}
