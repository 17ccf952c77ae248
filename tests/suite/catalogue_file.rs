//! A catalogue file with many faults is told all of them in one run, each with its line and column, and nothing besides.

use super::support::binary;

const GOOD: &str = include_str!("../../server/demo/catalogue.toml");

/// What `catalogue apply` says on standard error of these bytes; empty: it was taken.
fn said(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("catalogue.toml");
    std::fs::write(&file, bytes).unwrap();
    let data = folder.path().join("data");
    let output = binary::run(&data, &["catalogue", "apply", file.to_str().unwrap()], "");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.success(), said.is_empty(), "{said}");
    if !said.is_empty() {
        assert!(said.contains("nothing has changed"), "{said}");
        let left = data
            .join("umleitung.sqlite3")
            .exists()
            .then(|| binary::succeed(&data, &["journal", "export"]));
        assert_eq!(left.unwrap_or_default(), "", "a refused catalogue left a trace");
    }
    said
}

/// Expects exactly these faults: where each stands, by a piece of its line (from the `|` in it, if any), and what is said of it.
fn expect(source: &str, faults: &[(&str, &str)]) {
    let said = said(source.as_bytes());
    for (piece, reason) in faults {
        let (before, after) = piece.split_once('|').unwrap_or(("", piece));
        let piece = [before, after].concat();
        let (number, line) = source
            .lines()
            .enumerate()
            .find(|(_, line)| line.contains(&piece))
            .unwrap_or_else(|| panic!("`{piece}` is not in the file"));
        let column = line[..line.find(&piece).unwrap() + before.len()].chars().count() + 1;
        let place = format!("line {}, column {column}: ", number + 1);
        assert!(
            said.lines().any(|line| line.trim().starts_with(&place) && line.contains(reason)),
            "wanted `{place}… {reason}`:\n{said}"
        );
    }
    let found = said.lines().filter(|line| line.trim().starts_with("line ")).count();
    assert_eq!(found, faults.len(), "{said}");
}

/// A catalogue in which nearly everything is wrong.
const BAD: &str = r#"
[[portal]]
id = "Musterstadt"
name = { de = "Stadt", deutsch = "Stadt" }
languages = ["de", "klingonisch"]
time_zome = "Europe/Berlin"
region = "BE"
hosts = "www.musterstadt.example"
services = ["auto", "teleporter", 7]
issuer = { de = 1 }
linger_minutes = -3
colour = "red"
[portal.links]
home = "ftp://musterstadt.example"
imprint = "https://musterstadt.example"
privacy = "https://musterstadt.example"
feedback = "https://musterstadt.example"

[[service]]
id = "auto"
name = { de = "Auto" }
chanels = ["amt"]
requires = ["auto2"]
uses = "auto"

[[channel]]
id = "amt"
kind = "fone"
name = "Amt"
value = 115
hours = "Mo-Mi 08:00-12:00"
open = true

[[procedure]]
id = "weg"
name = { de = "Weg" }
steps = [{ text = { de = "[hier](javascript:x)" }, forms = "https://a.example" }]

[[template]]
id = "vorlage"
name = { de = "" }
[template.notice]
kind = "outrage"
severity = "outage"
services = ["bus"]
title = { de = "x" }
starts_at = "gestern"
publish = true
"#;

#[test]
fn all_faults_of_shape_and_of_meaning_are_told_at_once() {
    expect(
        BAD,
        &[
            ("\"Musterstadt\"", "is not a portal's id"),
            ("deutsch", "is not a language tag"),
            ("\"klingonisch\"", "is not a language tag"),
            ("time_zome", "did you mean `time_zone`?"),
            ("\"BE\"", "`DE-BY` is Bavaria"),
            ("\"www.musterstadt.example\"", "write a list"),
            ("\"teleporter\"", "which the catalogue does not have"),
            ("7]", "write a text in quotation marks"),
            ("1 }", "write a text in quotation marks"),
            ("-3", "write a whole number"),
            ("colour", "is no field"),
            ("[portal.links]", "portal.0.links.accessibility is missing"),
            ("\"ftp://", "is not a link"),
            ("chanels", "did you mean `channels`?"),
            ("\"auto2\"", "which the catalogue does not have"),
            ("uses = |\"auto\"", "write a list"),
            ("\"fone\"", "none of `phone`"),
            ("name = |\"Amt\"", "write texts by language"),
            ("115", "write a text in quotation marks"),
            ("\"Mo-Mi", "`We` for `Mi`"),
            ("open", "is no field"),
            ("\"[hier]", "is not a link"),
            ("forms", "did you mean `form`?"),
            ("\"\" }", "is empty"),
            ("\"outrage\"", "did you mean `outage`?"),
            ("\"bus\"", "which the catalogue does not have"),
            ("\"gestern\"", "starts_at"),
            ("publish", "is no field"),
        ],
    );
}

#[test]
fn what_follows_from_a_fault_is_not_told_as_another() {
    // The lists' own names, in the plural: everything in them is still read.
    let plural = GOOD.replace("[[service]]", "[[services]]").replacen("time_zone", "zone", 1);
    expect(
        &plural,
        &[
            ("services]]", "did you mean `service`?"),
            ("zone = ", "is no field"),
            ("[[portal]]", "time_zone is missing"),
        ],
    );
    // A service without an id: that others need it is no fault of theirs.
    let nameless = GOOD.replacen("id = \"bundid\"\n", "", 1);
    let line = nameless.lines().position(|line| line.contains("Anmeldung mit BundID")).unwrap();
    let told = said(nameless.as_bytes());
    assert!(told.contains(&format!("line {line}, column 1: service.0.id is missing")), "{told}");
    assert_eq!(told.lines().count(), 2, "{told}");
    // A channel of a kind that there is not: whether it needs a voice is open.
    let kind = GOOD.replacen("kind = \"email\"", "kind = \"e-mail\"", 1);
    expect(&kind, &[("\"e-mail\"", "did you mean `email`?")]);
    // What is no TOML is told with the rest.
    let broken = GOOD
        .replacen("uses = [\"epaybl\"]", "uses = [\"epaybl\"", 1)
        .replacen("hours = \"", "hours = \"nachts ", 1);
    let told = said(broken.as_bytes());
    assert!(told.contains("is no TOML") && told.contains("opening_hours"), "{told}");
    let twice = GOOD.replacen("requires = [\"bundid\"]", "requires = [\"bundid\"]\nrequires = []", 1);
    let told = said(twice.as_bytes());
    let line = twice.lines().position(|line| line == "requires = []").unwrap() + 1;
    assert!(
        told.contains(&format!("line {line}, column 1:")) && told.contains("duplicate"),
        "{told}"
    );
    // One language in two cases is one.
    let cases = GOOD.replacen("{ de = \"Kfz-Zulassung\",", "{ de = \"Kfz-Zulassung\", DE = \"Kfz\",", 1);
    expect(&cases, &[("{ de = \"Kfz-Zulassung\"", "a second time")]);
}

#[test]
fn a_file_is_read_as_editors_write_it() {
    for taken in [
        GOOD.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", GOOD.as_bytes()].concat(),
        GOOD.replace('\n', "\r\n").into_bytes(),
        [b"\xef\xbb\xbf", GOOD.replace('\n', "\r\n").as_bytes()].concat(),
    ] {
        assert_eq!(said(&taken), "");
    }
    let wrong = GOOD.replacen("time_zone", "time_zome", 1);
    for bytes in [
        wrong.clone().into_bytes(),
        [b"\xef\xbb\xbf", wrong.as_bytes()].concat(),
        wrong.replace('\n', "\r\n").into_bytes(),
    ] {
        let line = wrong.lines().position(|line| line.contains("time_zome")).unwrap() + 1;
        let told = said(&bytes);
        assert!(told.contains(&format!("line {line}, column 1: ")), "{told}");
    }
    let wide = |bytes: fn(u16) -> [u8; 2], mark: &[u8]| [mark, &GOOD.encode_utf16().flat_map(bytes).collect::<Vec<_>>()].concat();
    for bytes in [
        wide(u16::to_le_bytes, b"\xff\xfe"),
        wide(u16::to_be_bytes, b"\xfe\xff"),
        wide(u16::to_le_bytes, b""),
    ] {
        assert!(said(&bytes).contains("UTF-16"));
    }
    let latin: Vec<u8> = "# Stra\u{df}e\n\n[[portal]]\nname = { de = \"Stra\u{df}e\" }\n"
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let told = said(&latin);
    assert!(told.contains("no UTF-8 from line 1, column 7"), "{told}");
    assert!(said(b"\x1f\x8b\x08\0\0").contains("compressed"));
}
