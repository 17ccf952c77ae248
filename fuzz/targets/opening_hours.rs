//! Any text as opening hours: two bytes for the day, one for the place, the rest is the text.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

#[path = "../../domain/tests/any_input/opening_hours.rs"]
mod opening_hours;

fuzz_target!(|input: &[u8]| -> Corpus {
    let [low, high, place, text @ ..] = input else {
        return Corpus::Reject;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return Corpus::Reject;
    };
    opening_hours::check(text, u16::from_le_bytes([*low, *high]), *place);
    Corpus::Keep
});
