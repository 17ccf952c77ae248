//! Makes and checks the links between entries.

use std::collections::BTreeSet;

use domain::record::{
    Event, NewEntry,
    chain::{GENESIS, Link, payload_hash},
    upkeep,
};

use super::{Journal, JournalError, Record};

/// A break in the chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {reason}")]
pub struct Broken {
    pub seq: u64,
    pub reason: String,
}

/// Why the journal could not be found whole.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error(transparent)]
    Broken(#[from] Broken),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What a whole journal holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    pub entries: u64,
    pub redacted: u64,
}

/// Follows the chain, entry by entry.
#[derive(Clone, Debug)]
pub struct Walk {
    seq: u64,
    /// The hash of the last entry; `None`: it is not known, and what the next one says of it is believed.
    hash: Option<String>,
    /// Entries without a payload, and entries that a redaction names.
    tombstones: BTreeSet<u64>,
    redacted: BTreeSet<u64>,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            seq: 0,
            hash: Some(GENESIS.to_owned()),
            tombstones: BTreeSet::new(),
            redacted: BTreeSet::new(),
        }
    }
}

impl Walk {
    /// Takes the next entry.
    ///
    /// # Errors
    /// [`Broken`] when it is not what should follow.
    pub fn step(&mut self, record: &Record) -> Result<(), Broken> {
        let broken = |reason: String| Err(Broken { seq: record.seq, reason });
        if record.seq != self.seq + 1 {
            return broken(format!("stands where entry {} should stand", self.seq + 1));
        }
        if self.hash.as_ref().is_some_and(|hash| record.previous != *hash) {
            return broken("does not follow the entry before it (its `previous` is another hash)".to_owned());
        }
        if record
            .payload
            .as_ref()
            .is_some_and(|payload| payload_hash(payload.as_bytes()) != record.payload_hash)
        {
            return broken("its payload is not what was recorded (the hash differs)".to_owned());
        }
        if link(record).hash() != record.hash {
            return broken("its time, author or subject is not what was recorded (the hash differs)".to_owned());
        }
        self.move_to(record);
        Ok(())
    }

    /// Takes the next entry although it is not what should follow.
    pub fn step_over(&mut self, record: &Record) {
        self.move_to(record);
    }

    /// Takes an entry of which nothing is known but its number.
    pub fn leave_out(&mut self, seq: u64) {
        self.seq = seq;
        self.hash = None;
    }

    /// Whether this is the entry that was walked last; one whose hash is not known is taken for it.
    pub fn is_at(&self, seq: u64, hash: &str) -> bool {
        self.seq == seq && self.hash.as_ref().is_none_or(|known| known == hash)
    }

    fn move_to(&mut self, record: &Record) {
        self.seq = record.seq;
        self.hash = Some(record.hash.clone());
        match &record.payload {
            None => {
                self.tombstones.insert(record.seq);
            }
            Some(payload) if payload.starts_with("{\"entry_redacted\"") => {
                if let Ok(Event::Upkeep(upkeep::Event::Redacted { seq, .. })) = serde_json::from_str(payload) {
                    self.redacted.insert(seq);
                }
            }
            Some(_) => {}
        }
    }

    /// How many entries were walked so far.
    pub const fn entries(&self) -> u64 {
        self.seq
    }

    /// What a whole journal holds, at its end.
    ///
    /// # Errors
    /// [`Broken`] when a payload is missing that no redaction names.
    pub fn finish(&self) -> Result<Verified, Broken> {
        match self.tombstones.difference(&self.redacted).next() {
            Some(seq) => Err(Broken {
                seq: *seq,
                reason: "its payload is gone, and no entry records a redaction".to_owned(),
            }),
            None => Ok(Verified {
                entries: self.seq,
                redacted: self.tombstones.len() as u64,
            }),
        }
    }
}

/// Checks a whole journal.
///
/// # Errors
/// The first break, or a failure of the storage.
pub async fn verify(journal: &dyn Journal) -> Result<Verified, VerifyError> {
    let mut walk = Walk::default();
    loop {
        let records = journal.read(walk.entries(), 1_000).await?;
        if records.is_empty() {
            return Ok(walk.finish()?);
        }
        for record in &records {
            walk.step(record)?;
        }
    }
}

/// An entry with its hashes, behind the one with this hash.
///
/// # Errors
/// When the event cannot be written as JSON.
pub fn seal(previous: String, new: &NewEntry) -> Result<Record, JournalError> {
    let payload = serde_json::to_string(&new.event).map_err(|error| JournalError::Unreadable {
        seq: new.seq,
        reason: error.to_string(),
    })?;
    let mut record = Record {
        seq: new.seq,
        at: new.at,
        actor: new.actor.clone(),
        subject: new.event.subject(),
        payload_hash: payload_hash(payload.as_bytes()),
        payload: Some(payload),
        previous,
        hash: String::new(),
    };
    record.hash = link(&record).hash();
    Ok(record)
}

fn link(record: &Record) -> Link<'_> {
    Link {
        previous: &record.previous,
        seq: record.seq,
        at: record.at,
        actor: &record.actor,
        subject: &record.subject,
        payload_hash: &record.payload_hash,
    }
}
