//! Any text as Markdown.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../domain/tests/any_input/markdown.rs"]
mod markdown;

fuzz_target!(|text: &str| markdown::check(text));
