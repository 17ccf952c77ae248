//! The hours that come twice: where the clocks of a portal go back, two instants have the same clock time, and a document has to tell which is meant.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::spelling::time_in;
use wire::{Channel, Interval, Notice};

/// The stretches of time with doubled clock times in which any time of these notices and channels lies, in their order.
pub(super) fn repeated_hours(notices: &[Notice], channels: &[Channel], time_zone: &TimeZone) -> Vec<Interval> {
    let times: Vec<Timestamp> = notices
        .iter()
        .flat_map(times_of)
        .chain(
            channels
                .iter()
                .filter_map(|channel| channel.open.as_ref())
                .flatten()
                .flat_map(|interval| [&interval.from, &interval.to]),
        )
        .filter_map(|instant| instant.parse().ok())
        .collect();
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else {
        return Vec::new();
    };
    // No clock goes back by more than some hours.
    let margin = SignedDuration::from_hours(6);
    let (Ok(begin), Ok(end)) = (first.checked_sub(margin), last.checked_add(margin)) else {
        return Vec::new();
    };
    let mut hours = Vec::new();
    let mut offset = time_zone.to_offset(begin).seconds();
    for transition in time_zone.following(begin).take_while(|transition| transition.timestamp() <= end) {
        let back = i64::from(offset - transition.offset().seconds());
        offset = transition.offset().seconds();
        if back <= 0 {
            continue;
        }
        let at = transition.timestamp();
        let (Ok(from), Ok(to)) = (
            at.checked_sub(SignedDuration::from_secs(back)),
            at.checked_add(SignedDuration::from_secs(back)),
        ) else {
            continue;
        };
        if times.iter().any(|time| (from..to).contains(time)) {
            hours.push(Interval {
                from: time_in(from, time_zone),
                to: time_in(to, time_zone),
            });
        }
    }
    hours
}

/// Every time that a notice tells.
fn times_of(notice: &Notice) -> impl Iterator<Item = &String> {
    let once = [&notice.starts_at, &notice.published_at, &notice.updated_at];
    let perhaps = [&notice.ends_at, &notice.next_update_at, &notice.entries_until];
    let updates = notice
        .updates
        .iter()
        .flat_map(|update| [Some(&update.at), update.from.as_ref(), update.to.as_ref()].into_iter().flatten());
    once.into_iter().chain(perhaps.into_iter().flatten()).chain(updates)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(zone: &str, times: &[&str]) -> Vec<(String, String)> {
        let zone = TimeZone::get(zone).unwrap();
        let open = times
            .iter()
            .map(|time| Interval {
                from: (*time).to_owned(),
                to: (*time).to_owned(),
            })
            .collect();
        let channel = Channel {
            id: String::new(),
            kind: wire::ChannelKind::Phone,
            name: wire::ByLanguage::default(),
            value: String::new(),
            href: None,
            abroad: None,
            note: wire::ByLanguage::default(),
            open: Some(open),
            always: false,
        };
        let hours = repeated_hours(&[], &[channel], &zone);
        hours.into_iter().map(|hour| (hour.from, hour.to)).collect()
    }

    #[test]
    fn a_stretch_is_told_where_a_time_lies_in_it() {
        let berlin = ("2027-10-31T02:00:00+02:00".to_owned(), "2027-10-31T03:00:00+01:00".to_owned());
        for time in [
            "2027-10-31T00:00:00Z",
            "2027-10-31T00:45:00Z",
            "2027-10-31T01:15:00Z",
            "2027-10-31T01:59:59Z",
        ] {
            assert_eq!(
                told("Europe/Berlin", &[time, "2026-01-01T00:00:00Z"]),
                std::slice::from_ref(&berlin),
                "{time}"
            );
        }
        for time in [
            "2027-10-30T23:59:59Z",
            "2027-10-31T02:00:00Z",
            "2027-03-28T01:00:00Z",
            "2027-10-30T00:30:00Z",
        ] {
            assert_eq!(told("Europe/Berlin", &[time]), [], "{time}");
        }
        // The same instant in zones whose clocks do not go back, and in one where they do an hour of the clock earlier.
        for zone in ["Europe/Istanbul", "UTC"] {
            assert_eq!(told(zone, &["2027-10-31T00:45:00Z"]), []);
        }
        assert_eq!(
            told("Europe/Lisbon", &["2027-10-31T00:45:00Z"]),
            [("2027-10-31T01:00:00+01:00".to_owned(), "2027-10-31T02:00:00+00:00".to_owned())]
        );
        // Half an hour.
        assert_eq!(
            told("Australia/Lord_Howe", &["2027-04-03T15:15:00Z"]),
            [("2027-04-04T01:30:00+11:00".to_owned(), "2027-04-04T02:00:00+10:30".to_owned())]
        );
        // Two years of them.
        assert_eq!(told("Europe/Berlin", &["2026-10-25T00:10:00Z", "2027-10-31T01:10:00Z"]).len(), 2);
    }
}
