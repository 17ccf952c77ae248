//! iCalendar (RFC 5545): planned work, for the calendars of people and of operators. All times are in UTC, so no library has to know what a clock does
//! in a changed night. A series stands here as the occurrences that are announced: of others nobody knows yet.

use icalendar::{Calendar, Component, Event, EventStatus, Property};
use jiff::{SignedDuration, Timestamp};
use wire::{Kind, Severity, Stage};

use super::entry::{Entry, Feed};

/// How often programs may look: what is moved in the evening is known in the night.
const LOOK_AGAIN: &str = "PT15M";

/// For how long "available again" stands in a calendar.
const QUARTER: SignedDuration = SignedDuration::from_mins(15);

pub(super) fn document(feed: &Feed) -> Vec<u8> {
    let mut calendar = empty(&feed.title);
    for entry in feed.entries.iter().filter(|entry| entry.kind == Kind::Maintenance) {
        calendar.push(window(feed, entry));
    }
    calendar.to_string().into_bytes()
}

/// One event from when it works again; `None`: nobody knows when.
pub(super) fn again(feed: &Feed, entry: &Entry, words: &str) -> Option<Vec<u8>> {
    let from = entry.ends_at?;
    let mut event = said(feed, entry);
    event
        .uid(&format!("again-{}", uid(feed, entry)))
        .summary(&words.replace("{}", &entry.name))
        .append_property(moment("DTSTART", from))
        .append_property(moment("DTEND", from.saturating_add(QUARTER).unwrap_or(from)));
    let mut calendar = empty(&feed.title);
    calendar.push(event.done());
    Some(calendar.to_string().into_bytes())
}

fn empty(name: &str) -> Calendar {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Umleitung//Umleitung//DE"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("X-PUBLISHED-TTL", LOOK_AGAIN))
        .append_property(
            Property::new("REFRESH-INTERVAL", LOOK_AGAIN)
                .add_parameter("VALUE", "DURATION")
                .done(),
        );
    calendar
        .append_property(Property::new("NAME", name).add_parameter("VALUE", "TEXT").done())
        .append_property(("X-WR-CALNAME", name));
    calendar
}

/// Tells the notice on this portal from all others, for ever.
fn uid(feed: &Feed, entry: &Entry) -> String {
    format!("{}-{}@{}", feed.portal, entry.id, feed.host())
}

/// What all events of a notice have.
fn said(feed: &Feed, entry: &Entry) -> Event {
    let address = format!("{}?lang={}", entry.url, feed.language);
    let mut event = Event::new();
    event
        .description(&format!("{}\n\n{address}", entry.summary))
        .url(&address)
        .sequence(u32::try_from(entry.position).unwrap_or(u32::MAX))
        .append_property(moment("DTSTAMP", entry.updated))
        .append_property(moment("CREATED", entry.published))
        .append_property(moment("LAST-MODIFIED", entry.updated))
        // It takes nobody's time.
        .append_property(("TRANSP", "TRANSPARENT"));
    event
}

/// Planned work, also for those who read MAINTNOTE (draft-gunter-calext-maintenance-notifications).
fn window(feed: &Feed, entry: &Entry) -> Event {
    let is_off = matches!(entry.stage, Stage::Cancelled | Stage::Withdrawn);
    let mut event = said(feed, entry);
    event
        .uid(&uid(feed, entry))
        .summary(&entry.title)
        .status(if is_off { EventStatus::Cancelled } else { EventStatus::Confirmed })
        .append_property(moment("DTSTART", entry.starts_at))
        .append_property(
            Property::new("ORGANIZER", &feed.home)
                .add_parameter("CN", &feed.issuer.replace('"', "'"))
                .done(),
        )
        .append_property(("X-MAINTNOTE-PROVIDER", feed.host()))
        .append_property(("X-MAINTNOTE-ACCOUNT", feed.portal.as_str()))
        .append_property(("X-MAINTNOTE-MAINTENANCE-ID", entry.id.as_str()))
        .append_property(("X-MAINTNOTE-IMPACT", impact(entry.severity)))
        .append_property(("X-MAINTNOTE-STATUS", status(entry.stage)));
    // An event ends after it begins, or has no end.
    if let Some(end) = entry.ends_at.filter(|end| *end > entry.starts_at) {
        event.append_property(moment("DTEND", end));
    }
    // A portal as a whole is an object of its own.
    let objects: Vec<&str> = entry.affected.iter().map(|affected| affected.id.as_str()).collect();
    for object in if objects.is_empty() { vec![feed.portal.as_str()] } else { objects } {
        event.append_multi_property(("X-MAINTNOTE-OBJECT-ID", object));
    }
    event.done()
}

const fn impact(severity: Severity) -> &'static str {
    match severity {
        Severity::Information => "NO-IMPACT",
        Severity::Degraded => "DEGRADED",
        Severity::PartialOutage | Severity::Outage => "OUTAGE",
    }
}

const fn status(stage: Stage) -> &'static str {
    match stage {
        Stage::InProgress | Stage::Overrunning => "IN-PROCESS",
        Stage::Completed => "COMPLETED",
        Stage::Cancelled | Stage::Withdrawn => "CANCELLED",
        _ => "CONFIRMED",
    }
}

fn moment(name: &str, at: Timestamp) -> Property {
    Property::new(name, at.strftime("%Y%m%dT%H%M%SZ").to_string())
}
