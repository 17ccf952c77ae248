//! The `Date` of all answers: the clock's own, also after it was set back. Pages correct their visitors' clocks by it.

use std::cell::RefCell;

use axum::http::HeaderValue;
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};

thread_local! {
    /// The last second that was written, since all answers of a second have the same.
    static LAST: RefCell<Option<(i64, HeaderValue)>> = const { RefCell::new(None) };
}

/// An instant as a header (RFC 9110, section 5.6.7); `None`: the year has not four digits.
pub(crate) fn date(now: Timestamp) -> Option<HeaderValue> {
    let second = now.as_second();
    LAST.with_borrow_mut(|last| {
        if let Some((of, value)) = last
            && *of == second
        {
            return Some(value.clone());
        }
        let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok()?;
        let value = HeaderValue::try_from(text).ok()?;
        *last = Some((second, value.clone()));
        Some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_the_clock_forward_and_back() {
        for (now, expected) in [
            ("2026-03-03T08:05:09.999Z", "Tue, 03 Mar 2026 08:05:09 GMT"),
            ("2029-12-31T23:59:59Z", "Mon, 31 Dec 2029 23:59:59 GMT"),
            ("2026-03-03T08:05:09Z", "Tue, 03 Mar 2026 08:05:09 GMT"),
            ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ] {
            assert_eq!(date(now.parse().unwrap()).unwrap(), expected);
        }
    }
}
