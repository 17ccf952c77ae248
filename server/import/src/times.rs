//! Instants as tools write them, with their zone or without.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// The zone in which what names none is read.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// A zone by its IANA name.
    ///
    /// # Errors
    /// The end of a sentence that begins with the name.
    pub fn named(name: &str) -> Result<Self, String> {
        TimeZone::get(name)
            .map(Self)
            .map_err(|_| "is no time zone; write an IANA name such as Europe/Berlin".to_owned())
    }

    /// The instant that is written.
    pub(crate) fn read(&self, written: &str) -> Option<Timestamp> {
        let written = written.trim();
        if let Ok(instant) = written.parse() {
            return Some(instant);
        }
        let local: DateTime = written.parse().ok()?;
        Some(local.to_zoned(self.0.clone()).ok()?.timestamp())
    }
}
