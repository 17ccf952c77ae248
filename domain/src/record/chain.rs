//! The hash chain of the journal. It runs over the *hashes* of payloads, so that a payload can be taken out and the chain still verifies.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::words::Subject;

/// A SHA-256 digest in lower-case hexadecimal.
pub type Hash = String;

/// What stands before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of a payload, over its bytes as they are stored.
pub fn payload_hash(payload: &[u8]) -> Hash {
    hex(&Sha256::digest(payload))
}

/// All of an entry that its hash covers.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The hash of the entry before, or [`GENESIS`].
    pub previous: &'a str,
    pub seq: u64,
    pub at: Timestamp,
    pub actor: &'a str,
    pub subject: &'a Subject,
    pub payload_hash: &'a str,
}

impl Link<'_> {
    /// The hash of the entry: over its parts, one a line, in the order of the fields. No part can hold a line break.
    pub fn hash(&self) -> Hash {
        let subject = self.subject.name().unwrap_or_default();
        let lines = format!(
            "{}\n{}\n{}\n{}\n{}\n{}\n",
            self.previous,
            self.seq,
            self.at,
            self.actor.replace('\n', " "),
            subject,
            self.payload_hash
        );
        hex(&Sha256::digest(lines.as_bytes()))
    }
}

/// Digit by digit: a start hashes each entry twice, and formatting was an eighth of it.
fn hex(bytes: &[u8]) -> Hash {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |nibble: u8| DIGITS[usize::from(nibble)];
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
