//! One instant in words, for what stands in no document.

use super::{
    clock::Moment,
    reader::{Reader, Sight},
};

/// Weekday, date and clock time of an instant, which is RFC 3339 with the portal's offset; empty: it is none.
pub fn moment(reader: &Reader, instant: &str) -> String {
    let instant = instant.to_owned();
    let sight = Sight::alone(reader, std::iter::once(&instant));
    Moment::read(&instant).map_or_else(String::new, |moment| moment.words(&sight.calendar))
}
