//! Documents that no server of ours would send: real ones, twisted. Which one follows from a seed and its number alone.

use serde_json::{Map, Value, json};

/// Texts that something might take for markup, a link, a name of its own, or an end.
const STRINGS: [&str; 42] = [
    "",
    " ",
    "<img src=/pwned onerror=pwned()>",
    "<script>pwned()</script>",
    "\"><svg onload=pwned()>",
    "</style><script>pwned()</script>",
    "<iframe srcdoc=\"<script>parent.pwned()</script>\">",
    "<a href=javascript:pwned()>x</a>",
    "<style>* { display: none }</style>",
    "<umleitung-notice></umleitung-notice>",
    "<!--",
    "]]>",
    "&lt;script&gt;pwned()&lt;/script&gt;",
    "x\" onclick=\"pwned()",
    "' style='position:fixed",
    "javascript:pwned()",
    "JaVaScRiPt:pwned()",
    "java\nscript:pwned()",
    "\u{1}javascript:pwned()",
    " javascript:pwned()",
    "data:text/html,<script>parent.pwned()</script>",
    "vbscript:pwned()",
    "blob:x",
    "//pwned.example/x",
    "/pwned",
    "https:javascript:pwned()",
    "https://pwned.example/\" onclick=\"pwned()",
    "http://[",
    "mailto:a@b.example?body=<script>",
    "tel:115",
    "${pwned()}",
    "{{constructor.constructor('pwned()')()}}",
    "__proto__",
    "constructor",
    "toString",
    "{count}{}{name}",
    "\u{202e}\u{2066}rückwärts",
    "\u{0}\u{7}\u{1b}[31m",
    "\u{feff}\u{200d}\u{fe0f}🚧👩‍👩‍👧‍👦",
    "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}",
    "lone",
    "de",
];

const INSTANTS: [&str; 16] = [
    "2026-05-04T10:00:00+02:00",
    "2026-02-30T25:61:61+02:00",
    "0000-00-00T00:00:00+00:00",
    "9999-12-31T23:59:59+14:00",
    "-271821-04-20T00:00:00Z",
    "+275760-09-13T00:00:00.001Z",
    "2026-05-04",
    "2026-05-04T10:00:00",
    "2026-05-04T10:00:00Z",
    "2026-05-04T10:00:00+99:99",
    "2026-05-04T10:00:00-00:00:00",
    "２０２６-05-04T10:00:00+02:00",
    "99999999999999999999",
    "T",
    "2026-xx-yyTzz:00:00+02:00",
    "1970-01-01T00:00:00+00:00",
];

/// Words that the document uses, at places where they are not expected.
const WORDS: [&str; 24] = [
    "outage",
    "maintenance",
    "information",
    "current",
    "announced",
    "past",
    "seen",
    "degraded",
    "partial_outage",
    "operational",
    "estimated",
    "confirmed",
    "unknown",
    "saved",
    "lost",
    "resolved",
    "published",
    "phone",
    "number115",
    "email",
    "paragraph",
    "list",
    "link",
    "strong",
];

const KEYS: [&str; 14] = [
    "__proto__",
    "constructor",
    "toString",
    "valueOf",
    "toJSON",
    "then",
    "length",
    "hasOwnProperty",
    "0",
    "",
    "de",
    "en-GB-oed",
    "c",
    "items",
];

/// Numbers that follow from a seed (SplitMix64).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64, number: u64) -> Self {
        Self(seed.wrapping_mul(0xd134_2543_de82_ef95) ^ number.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }

    pub(super) fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// Makes twisted documents out of real ones.
pub(super) struct Twister {
    pub(super) sound: Vec<Value>,
    pub(super) seed: u64,
}

/// What stands for a text that JSON can carry and Rust cannot: half of a surrogate pair.
const LONE: &str = "@lone@";
/// What stands for a value nested so deeply that building it as a tree would be the harder test.
const DEEP: &str = "@deep@";

impl Twister {
    /// The JSON of a document; the same for the same seed and number.
    pub(super) fn document(&self, number: u64) -> String {
        self.nested_at_most(20_000, number)
    }

    /// One that can also be read as a script, as which the loader carries it: engines read those less deeply.
    pub(super) fn script(&self, number: u64) -> String {
        self.nested_at_most(200, number)
    }

    fn nested_at_most(&self, deepest: usize, number: u64) -> String {
        let dice = &mut Dice::new(self.seed, number);
        let mut document = dice.one(&self.sound);
        for _ in 0..=dice.below(12) {
            self.twist(&mut document, dice);
        }
        let text = document.to_string();
        let text = text
            .replace(LONE, "\\ud83d")
            .replacen(&format!("\"{DEEP}\""), &nested(deepest, dice), 1);
        // What is larger than any server would send says nothing more.
        if text.len() > 2_000_000 { self.sound[0].to_string() } else { text }
    }

    /// An answer that need not even be JSON.
    pub(super) fn answer(&self, number: u64) -> Vec<u8> {
        let dice = &mut Dice::new(!self.seed, number);
        let mut text = self.document(number).into_bytes();
        match dice.below(8) {
            0 => text.truncate(dice.below(text.len())),
            1 => {
                for _ in 0..20 {
                    let at = dice.below(text.len());
                    text[at] = u8::try_from(dice.below(256)).unwrap();
                }
            }
            2 => text = b"<!doctype html><script>parent.pwned()</script><h1>502 Bad Gateway</h1>".to_vec(),
            3 => text.clear(),
            4 => text.splice(0..0, *b"\xef\xbb\xbf").for_each(drop),
            _ => {}
        }
        text
    }

    /// A piece of some real document.
    fn foreign(&self, dice: &mut Dice) -> Value {
        let mut place = &self.sound[dice.below(self.sound.len())];
        while dice.below(6) > 0 {
            let inner: Vec<&Value> = match place {
                Value::Object(map) => map.values().collect(),
                Value::Array(list) => list.iter().collect(),
                _ => break,
            };
            let Some(next) = inner.get(dice.below(inner.len())) else { break };
            place = next;
        }
        place.clone()
    }

    fn twist(&self, document: &mut Value, dice: &mut Dice) {
        let place = somewhere(document, dice);
        match dice.below(10) {
            0 => *place = odd(dice),
            1 => *place = self.foreign(dice),
            2 => match place {
                Value::Object(map) => drop(dice_key(map, dice).and_then(|key| map.remove(&key))),
                Value::Array(list) if !list.is_empty() => drop(list.remove(dice.below(list.len()))),
                other => *other = Value::Null,
            },
            3 => match place {
                Value::Object(map) => drop(map.insert(dice.one(&KEYS).to_owned(), self.foreign(dice))),
                Value::Array(list) => list.push(self.foreign(dice)),
                other => *other = json!([other.clone()]),
            },
            4 => {
                if let Value::Array(list) = place
                    && let Some(last) = list.last().cloned()
                {
                    let room = 200_000 / (last.to_string().len() + 1);
                    let times = dice.one(&[1, 2, 10, 100, 3_000]).min(room);
                    list.extend(std::iter::repeat_n(last, times));
                }
            }
            5 => *place = json!(text(dice)),
            6 => *place = json!(instant(dice)),
            7 => match place {
                Value::Object(map) => map
                    .values_mut()
                    .filter(|value| value.is_string())
                    .for_each(|value| *value = json!(text(dice))),
                other => *other = json!(dice.one(&WORDS)),
            },
            8 => every_text(document, dice),
            _ => {
                // Deep down where lists and paragraphs are read one within another.
                let rich = dice.one(&["impact", "guidance", "still_works", "applications"]);
                if let Some(notice) = document
                    .get_mut("notices")
                    .and_then(|notices| notices.get_mut(0))
                    .and_then(Value::as_object_mut)
                    && dice.below(8) == 0
                {
                    notice.insert(rich.to_owned(), json!({"de": DEEP}));
                }
            }
        }
    }
}

fn dice_key(map: &Map<String, Value>, dice: &mut Dice) -> Option<String> {
    (!map.is_empty()).then(|| map.keys().nth(dice.below(map.len())).unwrap().clone())
}

/// A place in the tree, deep ones as likely as shallow ones.
fn somewhere<'a>(value: &'a mut Value, dice: &mut Dice) -> &'a mut Value {
    let leaf = match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => true,
    };
    if leaf || dice.below(6) == 0 {
        return value;
    }
    match value {
        Value::Object(map) => {
            let key = dice_key(map, dice).unwrap();
            somewhere(&mut map[&key], dice)
        }
        Value::Array(list) => {
            let at = dice.below(list.len());
            somewhere(&mut list[at], dice)
        }
        other => other,
    }
}

/// Every text that people read becomes markup; the structure stays, so that all of it is shown.
fn every_text(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let is_word = matches!(key.as_str(), "t" | "kind" | "timing" | "stage" | "v" | "id");
                if value.is_string() && !is_word && dice.below(2) == 0 {
                    *value = json!(text(dice));
                } else {
                    every_text(value, dice);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| every_text(value, dice)),
        _ => {}
    }
}

fn text(dice: &mut Dice) -> String {
    let mut text = String::new();
    for _ in 0..=dice.below(3) {
        text.push_str(match dice.one(&STRINGS) {
            "lone" => LONE,
            other => other,
        });
    }
    match dice.below(40) {
        0 => text.repeat(1 + 20_000 / (text.len() + 1)),
        _ => text,
    }
}

fn instant(dice: &mut Dice) -> String {
    let mut instant: Vec<char> = dice.one(&INSTANTS).chars().collect();
    match dice.below(4) {
        // A letter of several bytes, where a byte was expected.
        0 => {
            let at = dice.below(instant.len());
            instant[at] = dice.one(&['ä', '🚧', '-', ' ', '9']);
        }
        1 => instant.truncate(dice.below(instant.len())),
        _ => {}
    }
    instant.into_iter().collect()
}

fn odd(dice: &mut Dice) -> Value {
    let numbers = [0.0, -0.0, -1.0, 0.5, 1e308, -1e308, 4_294_967_296.0, 9_007_199_254_740_993.0];
    match dice.below(14) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(false),
        3 | 4 => json!(dice.one(&numbers)),
        5 => json!([]),
        6 => json!({}),
        7 => json!([null, [], {}, 1, "x"]),
        8 => json!({"0": 1, "length": 4_294_967_295_u32}),
        9 => json!({dice.one(&KEYS): {"notices": [], "toString": 1}}),
        10 => json!(DEEP),
        11 => json!([{"t": "paragraph", "c": [{"t": dice.one(&WORDS), "s": text(dice), "href": text(dice)}]}]),
        12 => json!({"de": text(dice), "en": 7, "": null}),
        _ => json!(text(dice)),
    }
}

/// A list, paragraph, object or array nested as deeply as nobody would write it.
fn nested(deepest: usize, dice: &mut Dice) -> String {
    let depth = dice.one(&[20, 200, 2_000, 20_000]).min(deepest);
    let (open, close) = dice.one(&[
        ("[", "]"),
        ("{\"de\":", "}"),
        ("[{\"t\":\"paragraph\",\"c\":", "}]"),
        ("[{\"t\":\"list\",\"ordered\":true,\"items\":[", "]}]"),
    ]);
    [open.repeat(depth), "[]".to_owned(), close.repeat(depth)].concat()
}
