//! How instants and texts travel.

use jiff::{Timestamp, tz::TimeZone};
use wire::RichText;

use super::portal::PortalView;
use crate::text::{Localized, markdown};

impl PortalView<'_> {
    /// RFC 3339 with the portal's offset at that instant, whole seconds.
    pub(super) fn time(&self, instant: Timestamp) -> wire::Instant {
        time_in(instant, &self.listing.time_zone)
    }
}

/// RFC 3339 with the zone's offset at that instant, whole seconds.
pub(super) fn time_in(instant: Timestamp, time_zone: &TimeZone) -> wire::Instant {
    instant.to_zoned(time_zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

pub(super) fn rich(text: &Localized) -> RichText {
    text.map(markdown::nodes)
}
