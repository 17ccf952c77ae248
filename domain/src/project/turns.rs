//! From when on a document is valid, and when time alone makes it another.

use jiff::{SignedDuration, Timestamp, ToSpan};
use wire::Kind;

use super::{portal::PortalView, ways::Offering};
use crate::notice::{Notice, model::gone_at};

impl<'a> PortalView<'a> {
    /// The instants at which time alone changes what is shown, midnights apart.
    pub(super) fn turning_points(&self) -> impl Iterator<Item = Timestamp> {
        self.on_board().flat_map(|notice| {
            let nears = self.nears_at(notice);
            notice.turning_points().chain(gone_at(notice, self.now, self.linger)).chain(nears)
        })
    }

    /// From when on announced work is about to begin.
    pub(super) fn nears_at(&self, notice: &Notice) -> Option<Timestamp> {
        let open = notice.stage.is_some_and(|stage| !stage.is_final()) && notice.content.kind != Kind::Outage;
        let begins = notice.content.starts_at.filter(|_| open)?;
        let before = SignedDuration::from_mins(i64::from(self.portal.approach_minutes));
        Some(begins.saturating_sub(before).unwrap_or(Timestamp::MIN))
    }

    /// Whether opening hours are shown, which travel for some days from today on.
    pub(super) fn follows_the_calendar(&self, shown: &[Offering<'a>]) -> bool {
        let mut channels = shown.iter().flat_map(|offering| &offering.channels);
        channels.any(|id| self.state.channel(id).is_some_and(|channel| channel.hours.is_some()))
    }

    /// The beginning of today (0) or of a later day on the portal's clock.
    pub(super) fn midnight(&self, days: i64) -> Option<Timestamp> {
        let today = self.now.to_zoned(self.listing.time_zone.clone()).date();
        let day = today.checked_add(days.days()).ok()?;
        day.to_zoned(self.listing.time_zone.clone()).ok().map(|zoned| zoned.timestamp())
    }

    /// The instant from which the document is valid: the last event or the last turn of time, whichever is later.
    pub(super) fn shown_from(&self) -> Timestamp {
        self.valid_from(&self.offering(self.shown()))
    }

    /// The same, with what is shown.
    pub(super) fn valid_from(&self, shown: &[Offering<'a>]) -> Timestamp {
        let midnight = self.follows_the_calendar(shown).then(|| self.midnight(0)).flatten();
        let past = self.turning_points().chain(midnight).filter(|instant| *instant <= self.now);
        past.chain([self.listing.changed_at]).max().unwrap_or(self.listing.changed_at)
    }

    /// The next instant at which time alone changes what is shown.
    pub(super) fn next_change(&self, shown: &[Offering<'a>]) -> Option<Timestamp> {
        let midnight = self.follows_the_calendar(shown).then(|| self.midnight(1)).flatten();
        let coming = self.turning_points().chain(midnight).filter(|instant| *instant > self.now);
        coming.min()
    }
}
