//! Clock times of the portal: what ops staff type and read. The browser's own time-zone data converts them, since a
//! time-zone database would be larger than the rest of this page.

use jiff::{
    Timestamp,
    civil::{DateTime, Weekday},
    tz::Offset,
};
use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::{occasion::Occasion, words};

const HOUR: i64 = 3600;

thread_local! {
    /// Making a formatter is a hundred times as dear as using it.
    static FORMATTER: std::cell::RefCell<Option<(String, Intl::DateTimeFormat)>> = const { std::cell::RefCell::new(None) };
}

/// A time zone, by its IANA name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zone(String);

/// What a clock time means as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It happens once.
    Once(Timestamp),
    /// The clock is put back and it happens twice.
    Twice { first: Timestamp, second: Timestamp },
    /// The clock is put forward and skips it; this is the same span after the leap.
    Never(Timestamp),
}

impl Meaning {
    /// The instant; `which` counts where the clock time happens twice.
    pub(crate) const fn instant(self, which: Occasion) -> Timestamp {
        match (self, which) {
            (Self::Once(at) | Self::Never(at), _) => at,
            (Self::Twice { first, .. }, Occasion::First) => first,
            (Self::Twice { second, .. }, Occasion::Second) => second,
        }
    }
}

/// The browser's clock.
pub(crate) fn browser_now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    Timestamp::from_millisecond(Date::now() as i64).unwrap_or_default()
}

fn plus(at: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(at.as_second().saturating_add(seconds)).unwrap_or(at)
}

/// This instant, that many minutes later, rounded up to full five minutes: what people promise each other.
pub(crate) fn later(at: Timestamp, minutes: i64) -> Timestamp {
    let seconds = at.as_second() + minutes * 60;
    Timestamp::from_second((seconds + 299).div_euclid(300) * 300).unwrap_or(at)
}

impl Zone {
    pub(crate) fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// What the portal's clock shows at an instant; whole seconds.
    pub(crate) fn local(&self, at: Timestamp) -> DateTime {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
        let date = Date::new(&JsValue::from_f64(at.as_second() as f64 * 1000.0));
        let parts = FORMATTER.with_borrow_mut(|kept| {
            if kept.as_ref().is_none_or(|(zone, _)| *zone != self.0) {
                *kept = Some((self.0.clone(), formatter(&self.0)));
            }
            kept.as_ref()
                .map(|(_, formatter)| formatter.format_to_parts(&date))
                .unwrap_or_default()
        });
        let part = |name: &str| -> i16 {
            parts
                .iter()
                .find(|part| field(part, "type") == name)
                .and_then(|part| field(&part, "value").parse().ok())
                .unwrap_or_default()
        };
        let small = |name: &str| i8::try_from(part(name)).unwrap_or_default();
        DateTime::new(
            part("year"),
            small("month"),
            small("day"),
            small("hour"),
            small("minute"),
            small("second"),
            0,
        )
        .unwrap_or_else(|_| Offset::UTC.to_datetime(at))
    }

    fn offset(&self, at: Timestamp) -> i64 {
        as_utc(self.local(at)).as_second() - at.as_second()
    }

    /// The instant that a clock time of the portal means.
    pub(crate) fn meaning(&self, clock: DateTime) -> Meaning {
        let naive = as_utc(clock);
        let before = self.offset(plus(naive, -24 * HOUR));
        let after = self.offset(plus(naive, 24 * HOUR));
        let mut fitting = [before, after]
            .into_iter()
            .map(|offset| plus(naive, -offset))
            .filter(|at| self.local(*at) == clock);
        match (fitting.next(), fitting.next()) {
            (Some(one), Some(other)) if one != other => Meaning::Twice {
                first: one.min(other),
                second: one.max(other),
            },
            (Some(only), _) => Meaning::Once(only),
            (None, _) => Meaning::Never(plus(naive, -before)),
        }
    }

    /// Which of two equal clock times an instant is; `None`: that clock time happens once.
    pub(crate) fn occasion(&self, at: Timestamp) -> Option<Occasion> {
        // Only where the clock is changed within hours can there be two.
        if self.offset(plus(at, -4 * HOUR)) == self.offset(plus(at, 4 * HOUR)) {
            return None;
        }
        match self.meaning(self.local(at)) {
            Meaning::Twice { second, .. } if at >= second => Some(Occasion::Second),
            Meaning::Twice { .. } => Some(Occasion::First),
            Meaning::Once(_) | Meaning::Never(_) => None,
        }
    }

    /// A clock time in words; of one that happens twice, which.
    fn oclock(&self, at: Timestamp) -> String {
        let clock = self.local(at);
        let told = words::oclock(clock.hour(), clock.minute());
        match self.occasion(at) {
            None => told,
            Some(which) => format!("{told} ({})", words::occasion(which)),
        }
    }

    /// The instant as the value of a `datetime-local` field.
    pub(crate) fn field_value(&self, at: Timestamp) -> String {
        let clock = self.local(at);
        format!("{}T{:02}:{:02}", clock.date(), clock.hour(), clock.minute())
    }

    /// The instant that the value of a `datetime-local` field means; `None` while it is empty or unfinished.
    pub(crate) fn read(&self, value: &str) -> Option<Meaning> {
        value.parse::<DateTime>().ok().map(|clock| self.meaning(clock))
    }

    /// Clock time alone: `09:10 Uhr`.
    pub(crate) fn hour(&self, at: Timestamp) -> String {
        self.oclock(at)
    }

    /// Clock time to the second, with the day unless it is today's: `12:04:31 Uhr`.
    pub(crate) fn second(&self, at: Timestamp, now: Timestamp) -> String {
        let (clock, today) = (self.local(at), self.local(now).date());
        if clock.date() == today {
            words::second(&format!("{:02}:{:02}:{:02}", clock.hour(), clock.minute(), clock.second()))
        } else {
            self.moment(at, now)
        }
    }

    /// Day and clock time, as short as is clear from `now`: `heute, 09:10 Uhr`, `Di., 3. März, 09:10 Uhr`.
    pub(crate) fn moment(&self, at: Timestamp, now: Timestamp) -> String {
        let (clock, today) = (self.local(at), self.local(now).date());
        let date = clock.date();
        let day = if date == today {
            words::say().today.to_owned()
        } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == date) {
            words::say().tomorrow.to_owned()
        } else if today.yesterday().is_ok_and(|yesterday| yesterday == date) {
            words::say().yesterday.to_owned()
        } else {
            words::date(
                weekday(date.weekday()),
                date.day(),
                date.month(),
                (date.year() != today.year()).then(|| date.year()),
            )
        };
        format!("{day}, {}", self.oclock(at))
    }

    /// From when to when; the day of the end only where it is another one.
    pub(crate) fn window(&self, from: Timestamp, to: Timestamp, now: Timestamp) -> String {
        let is_same_day = self.local(from).date() == self.local(to).date();
        let end = if is_same_day { self.hour(to) } else { self.moment(to, now) };
        words::window(&self.moment(from, now), &end)
    }

    /// Weekday, date and clock time in full.
    pub(crate) fn full(&self, at: Timestamp) -> String {
        let clock = self.local(at);
        let date = words::date(weekday(clock.date().weekday()), clock.day(), clock.month(), Some(clock.year()));
        format!("{date}, {}", self.oclock(at))
    }
}

fn formatter(zone: &str) -> Intl::DateTimeFormat {
    let options = Object::new();
    for (key, value) in [
        ("timeZone", zone),
        ("hourCycle", "h23"),
        ("year", "numeric"),
        ("month", "numeric"),
        ("day", "numeric"),
        ("hour", "numeric"),
        ("minute", "numeric"),
        ("second", "numeric"),
    ] {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&options, &key.into(), &value.into());
    }
    Intl::DateTimeFormat::new(&Array::of1(&"en-US".into()), &options)
}

fn field(object: &JsValue, name: &str) -> String {
    Reflect::get(object, &name.into())
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

fn as_utc(clock: DateTime) -> Timestamp {
    Offset::UTC.to_timestamp(clock).unwrap_or_default()
}

fn weekday(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).unwrap_or_default()
}

/// How far two instants lie apart, in whole minutes, rounded down.
pub(crate) fn minutes_between(earlier: Timestamp, later: Timestamp) -> i64 {
    (later.as_second() - earlier.as_second()).div_euclid(60)
}
