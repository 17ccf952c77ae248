//! Parses a JSON text strictly: where it is none, it says at which field, line and column and why; and it refuses a name that stands twice
//! in one object, of which each parser takes another (RFC 8259, section 4).

use std::fmt;

use domain::words::{Code, Fault};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a text was not taken.
#[derive(Debug)]
pub(crate) enum NotTaken {
    /// It is no JSON; the fault points at the field at which reading stopped.
    Malformed(Fault),
    /// It is JSON whose meaning is open.
    Ambiguous(Vec<Fault>),
}

/// The most of a text that is repeated in a fault, in characters.
const EXCERPT: usize = 20;

/// Reads a text.
///
/// # Errors
/// [`NotTaken`], with what would be right.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, NotTaken> {
    let text = readable(bytes)?;
    let mut reading = Reading::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = Slot::whole(&mut reading).deserialize(&mut deserializer).and_then(|value| {
        deserializer.end()?;
        Ok(value)
    });
    match read {
        Err(error) => Err(NotTaken::Malformed(Fault {
            pointer: reading.pointer_to(reading.open),
            code: Code::Malformed,
            detail: worded(&error, text),
        })),
        Ok(_) if !reading.repeated.is_empty() => Err(NotTaken::Ambiguous(reading.repeated)),
        Ok(value) => Ok(value),
    }
}

/// The JSON Pointer to what ends at this byte of a text that is JSON, or begins there as an array or an object.
pub(crate) fn pointer_at(text: &str, end: usize) -> String {
    let mut reading = Reading::default();
    let end = text.floor_char_boundary(end);
    let begun = &text[..end + usize::from(text[end..].starts_with(['[', '{']))];
    // It ends too early, and what was read last is what is asked for.
    let _ = Slot::whole(&mut reading).deserialize(&mut serde_json::Deserializer::from_str(begun));
    reading.pointer()
}

/// What a parser says, without the place.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.rsplit_once(" at line ").map_or(said.as_str(), |(reason, _)| reason).to_owned()
}

/// Whether it begins as gzip, Zstandard, zlib, bzip2, xz, compress, LZ4 or ZIP do; Brotli has no mark.
fn is_compressed(bytes: &[u8]) -> bool {
    let zlib = |first: u8, second: u8| first == 0x78 && u16::from_be_bytes([first, second]).is_multiple_of(31);
    match bytes {
        [0x1f, 0x8b | 0x9d, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x04, 0x22, 0x4d, 0x18, ..] => true,
        [b'B', b'Z', b'h', ..] | [0xfd, b'7', b'z', b'X', b'Z', ..] | [b'P', b'K', 3, 4, ..] => true,
        [first, second, ..] => zlib(*first, *second),
        _ => false,
    }
}

/// The bytes as text; what they are instead is named.
fn readable(bytes: &[u8]) -> Result<&str, NotTaken> {
    let malformed = |detail: String| {
        Err(NotTaken::Malformed(Fault {
            pointer: String::new(),
            code: Code::Malformed,
            detail,
        }))
    };
    let mark = |name: &str| format!("begins with a byte order mark of {name}; send UTF-8 without one");
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => return malformed(mark("UTF-8")),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return malformed(mark("UTF-32")),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return malformed(mark("UTF-16")),
        [0, ..] | [_, 0, ..] => return malformed("is UTF-16 or UTF-32; send UTF-8".to_owned()),
        _ if is_compressed(bytes) => return malformed("is compressed; send it as it is".to_owned()),
        _ if bytes.trim_ascii().is_empty() => return malformed("is empty; send a JSON object, `{}` at least".to_owned()),
        _ => {}
    }
    std::str::from_utf8(bytes).or_else(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        malformed(format!(
            "is no UTF-8 from line {line}, column {column} on; send UTF-8, as it is and not compressed"
        ))
    })
}

/// What the parser says, with the place, what stands there, and what would be right where that is less than obvious.
fn worded(error: &serde_json::Error, text: &str) -> String {
    let (line, column) = (error.line(), error.column());
    let reason = reason(error);
    let advice = match reason.as_str() {
        "recursion limit exceeded" => "; at most 127 arrays and objects may stand within each other",
        "unexpected end of hex escape" | "lone leading surrogate in hex escape" => {
            "; half of a surrogate pair stands for no character: escape both halves, or write the character itself"
        }
        "trailing characters" => "; send one document and nothing behind it",
        "trailing comma" => "; take the last comma out",
        "key must be a string" => "; names stand in quotation marks",
        "expected value" => "; a value is an object, an array, a text in quotation marks, a number, true, false or null",
        "number out of range" => "; no number here is that large",
        reason if reason.starts_with("control character") => "; escape it, such as `\\n`",
        reason if reason.starts_with("EOF") => "; the text ends before the document does",
        _ => "",
    };
    let there = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let from = there.floor_char_boundary(column.saturating_sub(1));
    let excerpt: String = there.chars().skip(there[..from].chars().count()).take(EXCERPT).collect();
    let excerpt = if excerpt.is_empty() {
        String::new()
    } else {
        format!(" at `{excerpt}`")
    };
    format!("stops being JSON in line {line}, column {column}{excerpt}: {reason}{advice}")
}

/// How far reading has come, and what was found on the way.
#[derive(Default)]
struct Reading {
    /// The way to what was read last.
    path: Vec<String>,
    /// How much of it leads to what is being read.
    open: usize,
    repeated: Vec<Fault>,
}

impl Reading {
    /// The JSON Pointer (RFC 6901) to what is being read, or was read last.
    fn pointer(&self) -> String {
        self.pointer_to(self.path.len())
    }

    fn pointer_to(&self, depth: usize) -> String {
        self.path
            .iter()
            .take(depth)
            .flat_map(|name| ["/".to_owned(), escaped(name)])
            .collect()
    }
}

/// A name as it stands in a JSON Pointer.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Where one value goes.
struct Slot<'a> {
    reading: &'a mut Reading,
    /// How deep the list is in which it stands, and its place there.
    place: Option<(usize, usize)>,
}

impl<'a> Slot<'a> {
    const fn whole(reading: &'a mut Reading) -> Self {
        Self { reading, place: None }
    }
}

impl<'de> DeserializeSeed<'de> for Slot<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if let Some((depth, index)) = self.place {
            self.reading.path.truncate(depth);
            self.reading.path.push(index.to_string());
            self.reading.open = depth + 1;
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Slot<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let reading = self.reading;
        let depth = reading.path.len();
        let mut list = Vec::new();
        loop {
            let place = Some((depth, list.len()));
            match entries.next_element_seed(Slot { reading, place })? {
                Some(value) => list.push(value),
                None => break,
            }
            reading.open = depth;
        }
        reading.path.truncate(depth);
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let reading = self.reading;
        let depth = reading.path.len();
        let mut fields = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            reading.path.truncate(depth);
            reading.path.push(name.clone());
            reading.open = depth + 1;
            let value = entries.next_value_seed(Slot::whole(reading))?;
            reading.open = depth;
            if fields.contains_key(&name) {
                let pointer = reading.pointer();
                reading.repeated.push(Fault {
                    pointer,
                    code: Code::Repeated,
                    detail: "stands there a second time; write each name once".to_owned(),
                });
            }
            fields.insert(name, value);
        }
        reading.path.truncate(depth);
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(text: &[u8]) -> Vec<String> {
        let faults = match parse(text) {
            Ok(value) => panic!("{value} was taken"),
            Err(NotTaken::Malformed(fault)) => vec![fault],
            Err(NotTaken::Ambiguous(faults)) => faults,
        };
        faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect()
    }

    #[test]
    fn a_sound_text_is_read_as_it_is() {
        let text = r#" {"a": [1, -2, 2.5, "x\n\u00e4", "\ud83d\ude00", true, null, {}], "b": {"a": 18446744073709551615}} "#;
        let plain: Value = serde_json::from_str(text).unwrap();
        assert_eq!(parse(text.as_bytes()).unwrap(), plain);
        let deep = format!("{}1{}", "[".repeat(120), "]".repeat(120));
        assert!(parse(deep.as_bytes()).is_ok());
    }

    #[test]
    fn what_ends_at_a_byte_is_found() {
        let text = r#"{"a/b":[{},{"ü":"x","n":-12,"e":{}}],"z":null}"#;
        for (end, pointer) in [
            (r#"{"#, ""),
            (r#"{"a/b":"#, "/a~1b"),
            (r#"{"a/b":["#, "/a~1b/0"),
            (r#"{"a/b":[{"#, "/a~1b/0"),
            (r#"{"a/b":[{},"#, "/a~1b/1"),
            (r#"{"a/b":[{}"#, "/a~1b/0"),
            (r#"{"a/b":[{},{"ü":"x""#, "/a~1b/1/ü"),
            (r#"{"a/b":[{},{"ü":"x","n":-12"#, "/a~1b/1/n"),
            (r#"{"a/b":[{},{"ü":"x","n":-12,"e":{}"#, "/a~1b/1/e"),
            (r#"{"a/b":[{},{"ü":"x","n":-12,"e":{}}"#, "/a~1b/1"),
            (r#"{"a/b":[{},{"ü":"x","n":-12,"e":{}}]"#, "/a~1b"),
            (r#"{"a/b":[{},{"ü":"x","n":-12,"e":{}}],"z":null"#, "/z"),
        ] {
            assert!(text.starts_with(end));
            assert_eq!(pointer_at(text, end.len()), pointer, "{end}");
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_found_at_any_depth() {
        for (text, at) in [
            (r#"{"a": 1, "a": 1}"#, "/a "),
            (r#"{"title": {"de": "x", "en": "y", "de": "z"}}"#, "/title/de "),
            (r#"{"title": {"de": "x", "\u0064e": "z"}}"#, "/title/de "),
            (r#"{"list": [{}, {"a/b": 1, "a/b": 2}]}"#, "/list/1/a~1b "),
            (r#"[[{"": 1, "": null}]]"#, "/0/0/ "),
        ] {
            let said = pointers(text.as_bytes());
            assert!(
                said.len() == 1 && said[0].starts_with(at) && said[0].contains("second time"),
                "{text}: {said:?}"
            );
        }
        assert_eq!(pointers(br#"{"a": 1, "a": {"b": 1, "b": 2}, "c": 1, "c": 1}"#).len(), 3);
    }

    #[test]
    fn what_is_no_json_is_told_its_place_and_cause() {
        let deep = "[".repeat(200);
        let cases: [(&[u8], &str); 29] = [
            (b"", "is empty"),
            (b" \r\n\t", "is empty"),
            (b"\xef\xbb\xbf{}", "byte order mark of UTF-8"),
            (b"\xff\xfe{\0}\0", "byte order mark of UTF-16"),
            (b"\xfe\xff\0{\0}", "byte order mark of UTF-16"),
            (b"\xff\xfe\0\0{\0\0\0", "byte order mark of UTF-32"),
            (b"{\0}\0", "UTF-16"),
            (b"\0{\0}", "UTF-16"),
            (b"\x1f\x8b\x08\0", "compressed"),
            (b"\x28\xb5\x2f\xfd\0", "compressed"),
            (b"\x78\x9c\xab\x56", "compressed"),
            (b"\x78\x01\0", "compressed"),
            (b"\x78\xda\0", "compressed"),
            (b"BZh91AY&SY", "compressed"),
            (b"\xfd7zXZ\0", "compressed"),
            (b"PK\x03\x04", "compressed"),
            (b"\x0b\x02\x80{}\x03", "not compressed"),
            (b"{\n\"a\": \"\xfc\"}", "line 2, column 7"),
            (b"{\"a\": NaN}", "at `NaN}`"),
            (b"{\"a\": -Infinity}", "/a "),
            (b"{\"a\": [1, 1e999]}", "/a/1 "),
            (b"{\"a\": {\"b\": \"\\ud800\"}}", "/a/b "),
            (b"{\"a\": \"\\udc00x\"}", "surrogate"),
            (b"{} {}", "nothing behind"),
            (b"{\"a\": 1,}", "last comma"),
            (b"{'a': 1}", "quotation marks"),
            (b"{\"a\": \"x\ny\"}", "escape it"),
            (b"{\"a\": ", "ends before"),
            (deep.as_bytes(), "within each other"),
        ];
        for (text, reason) in cases {
            let said = pointers(text);
            assert!(
                said.len() == 1 && said[0].contains(reason),
                "{:?}: {said:?}",
                String::from_utf8_lossy(text)
            );
        }
    }
}
