//! Whatever someone types: a slice of what `cargo xtask fuzz` tries for minutes, always the same one, so that a fault that was
//! mended stays mended. The pieces and the examples are those that the fuzz targets begin with.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

mod markdown;
mod opening_hours;

use std::path::Path;

use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

const CASES: u32 = 4_000;

/// The pieces of a dictionary of libFuzzer: what stands between the quotation marks, line by line.
fn pieces(dictionary: &str) -> Vec<String> {
    let quoted = dictionary.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted.map(unescaped).collect()
}

/// Without the escapes of such a dictionary: `\\`, `\"` and bytes such as `\x0A`.
fn unescaped(piece: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = piece.bytes();
    while let Some(byte) = rest.next() {
        let escaped = if byte == b'\\' { rest.next() } else { None };
        bytes.push(match escaped {
            Some(b'x') => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other.unwrap_or(byte),
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// Texts of such pieces, with anything else in between.
fn texts(dictionary: &str) -> impl Strategy<Value = String> {
    let piece = prop_oneof![9 => select(pieces(dictionary)), 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// The same cases in every run.
fn hold<T: std::fmt::Debug>(cases: impl Strategy<Value = T>, check: impl Fn(T)) {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let checked = runner.run(&cases, |case| {
        check(case);
        Ok(())
    });
    if let Err(error) = checked {
        panic!("{error}");
    }
}

/// The examples that a fuzz target begins with.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

#[test]
fn any_markdown_becomes_sound_nodes() {
    for seed in seeds("markdown") {
        markdown::check(std::str::from_utf8(&seed).unwrap());
    }
    hold(texts(include_str!("../../../fuzz/markdown.dict")), |text| markdown::check(&text));
}

#[test]
fn any_opening_hours_become_sound_spans() {
    for seed in seeds("opening-hours") {
        for day in (0..1_500).step_by(100) {
            opening_hours::check(std::str::from_utf8(&seed[3..]).unwrap(), day, seed[2]);
        }
    }
    let texts = texts(include_str!("../../../fuzz/opening-hours.dict"));
    hold((texts, any::<u16>(), any::<u8>()), |(text, day, place)| {
        opening_hours::check(&text, day, place);
    });
}
