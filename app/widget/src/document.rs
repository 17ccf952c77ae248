//! Reads the document as the browser has parsed it, property by property. A JSON reader of its own would weigh more than all the
//! rest of the widget. What is missing or of another kind becomes empty: a newer server must not silence an older widget.
//! The tests hold it to `wire`.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wire::{
    Affected, ByLanguage, Change, Channel, ChannelKind, EndCertainty, Entries, Interval, Kind, Node, Notice, Procedure, PublicState,
    RichText, Severity, Stage, Status, Step, Text, Timing, Update,
};

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

fn own(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}

fn string(object: &JsValue, key: &str) -> String {
    own(&get(object, key))
}

fn optional(object: &JsValue, key: &str) -> Option<String> {
    get(object, key).as_string()
}

fn number(object: &JsValue, key: &str) -> u32 {
    get(object, key).as_f64().unwrap_or_default() as u32
}

fn list<T>(value: &JsValue, read: fn(&JsValue) -> T) -> Vec<T> {
    value
        .dyn_ref::<Array>()
        .map(|array| array.iter().map(|item| read(&item)).collect())
        .unwrap_or_default()
}

fn strings(object: &JsValue, key: &str) -> Vec<String> {
    list(&get(object, key), own)
}

fn by_language<T>(value: &JsValue, read: fn(&JsValue) -> T) -> ByLanguage<T> {
    let Some(object) = value.dyn_ref::<Object>() else {
        return ByLanguage(Vec::new());
    };
    ByLanguage(
        Object::keys(object)
            .iter()
            .map(|key| (own(&key), read(&Reflect::get(object, &key).unwrap_or_default())))
            .collect(),
    )
}

/// A flat map of texts: a text in several languages, or a message file.
pub(crate) fn text(value: &JsValue) -> Text {
    by_language(value, own)
}

fn rich(object: &JsValue, key: &str) -> RichText {
    by_language(&get(object, key), nodes)
}

/// How deep formatted text is read: twice as deep as a server writes it. Without an end a document could use up the stack, and
/// nothing that came after it would be shown.
const DEEPEST: u8 = 32;

fn nodes(value: &JsValue) -> Vec<Node> {
    deeper(value, DEEPEST)
}

fn deeper(value: &JsValue, left: u8) -> Vec<Node> {
    let Some(array) = value.dyn_ref::<Array>().filter(|_| left > 0) else {
        return Vec::new();
    };
    array.iter().map(|item| node(&item, left - 1)).collect()
}

fn node(value: &JsValue, left: u8) -> Node {
    let s = string(value, "s");
    match string(value, "t").as_str() {
        "strong" => Node::Strong { s },
        "link" => Node::Link {
            href: string(value, "href"),
            s,
        },
        "paragraph" => Node::Paragraph {
            c: deeper(&get(value, "c"), left),
        },
        "list" => Node::List {
            ordered: get(value, "ordered").is_truthy(),
            items: get(value, "items")
                .dyn_ref::<Array>()
                .map(|items| items.iter().map(|item| deeper(&item, left)).collect())
                .unwrap_or_default(),
        },
        _ => Node::Text { s },
    }
}

/// Which of these words stands at this key.
fn index(object: &JsValue, key: &str, words: &[&str]) -> Option<usize> {
    let word = string(object, key);
    words.iter().position(|one| *one == word)
}

/// What the word at this key means; nothing for one that this widget does not know yet. The search is compiled once for all kinds.
macro_rules! known {
    ($kind:ident, $object:expr, $key:literal) => {{
        const WORDS: [&str; $kind::ALL.len()] = {
            let mut words = [""; $kind::ALL.len()];
            let mut i = 0;
            while i < words.len() {
                words[i] = $kind::ALL[i].word();
                i += 1;
            }
            words
        };
        index($object, $key, &WORDS).map(|i| $kind::ALL[i])
    }};
}

/// The same with a fallback.
macro_rules! one_of {
    ($kind:ident, $object:expr, $key:literal, $fallback:ident) => {
        known!($kind, $object, $key).unwrap_or($kind::$fallback)
    };
}

fn severity(object: &JsValue) -> Severity {
    one_of!(Severity, object, "severity", Information)
}

/// The whole document.
pub(crate) fn state(value: &JsValue) -> PublicState {
    PublicState {
        v: number(value, "v"),
        portal: string(value, "portal"),
        revision: string(value, "revision"),
        generated_at: string(value, "generated_at"),
        time_zone: string(value, "time_zone"),
        languages: strings(value, "languages"),
        // What the notices leave unsaid is for the pages of the server.
        status: Status::Information,
        services: Vec::new(),
        notices: list(&get(value, "notices"), notice),
        channels: list(&get(value, "channels"), channel),
        procedures: list(&get(value, "procedures"), procedure),
        // The loader has chosen the services by them.
        pages: Vec::new(),
        known: Vec::new(),
        repeated_hours: list(&get(value, "repeated_hours"), interval),
        controls: ByLanguage(Vec::new()),
    }
}

fn notice(value: &JsValue) -> Notice {
    Notice {
        id: string(value, "id"),
        revision: number(value, "revision"),
        kind: one_of!(Kind, value, "kind", Information),
        severity: severity(value),
        stage: one_of!(Stage, value, "stage", Published),
        timing: one_of!(Timing, value, "timing", Current),
        approaching: false,
        services: strings(value, "services"),
        affected: list(&get(value, "affected"), affected),
        title: text(&get(value, "title")),
        impact: rich(value, "impact"),
        guidance: rich(value, "guidance"),
        still_works: rich(value, "still_works"),
        entries: one_of!(Entries, value, "entries", Unknown),
        entries_until: optional(value, "entries_until"),
        applications: rich(value, "applications"),
        deadline_note: rich(value, "deadline_note"),
        deadline_source: optional(value, "deadline_source"),
        starts_at: string(value, "starts_at"),
        ends_at: optional(value, "ends_at"),
        end_certainty: one_of!(EndCertainty, value, "end_certainty", Unknown),
        next_update_at: optional(value, "next_update_at"),
        channels: strings(value, "channels"),
        procedures: strings(value, "procedures"),
        updates: list(&get(value, "updates"), update),
        issuer: text(&get(value, "issuer")),
        published_at: string(value, "published_at"),
        updated_at: string(value, "updated_at"),
        url: string(value, "url"),
        video: optional(value, "video"),
        // For readers without words; this one tells by itself.
        brief: ByLanguage(Vec::new()),
    }
}

fn affected(value: &JsValue) -> Affected {
    Affected {
        id: string(value, "id"),
        name: text(&get(value, "name")),
        status: one_of!(Status, value, "status", Information),
        severity: severity(value),
        because: optional(value, "because"),
        because_name: text(&get(value, "because_name")),
        channels: strings(value, "channels"),
        procedures: strings(value, "procedures"),
        usual_minutes: Some(number(value, "usual_minutes")).filter(|minutes| *minutes > 0),
        too_late: get(value, "too_late").is_truthy(),
    }
}

fn update(value: &JsValue) -> Update {
    Update {
        at: string(value, "at"),
        stage: known!(Stage, value, "stage"),
        text: rich(value, "text"),
        change: known!(Change, value, "change"),
        from: optional(value, "from"),
        to: optional(value, "to"),
    }
}

fn interval(value: &JsValue) -> Interval {
    Interval {
        from: string(value, "from"),
        to: string(value, "to"),
    }
}

fn channel(value: &JsValue) -> Channel {
    let open = get(value, "open");
    Channel {
        id: string(value, "id"),
        kind: one_of!(ChannelKind, value, "kind", Office),
        name: text(&get(value, "name")),
        value: string(value, "value"),
        href: optional(value, "href"),
        abroad: optional(value, "abroad"),
        note: rich(value, "note"),
        open: open.is_object().then(|| list(&open, interval)),
        always: get(value, "always").is_truthy(),
    }
}

fn procedure(value: &JsValue) -> Procedure {
    Procedure {
        id: string(value, "id"),
        name: text(&get(value, "name")),
        steps: list(&get(value, "steps"), step),
        deadline: rich(value, "deadline"),
    }
}

fn step(value: &JsValue) -> Step {
    Step {
        text: rich(value, "text"),
        form: optional(value, "form"),
        form_name: text(&get(value, "form_name")),
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// A small generator of its own (xorshift): the same documents in every run, and no dependency in the browser.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, below: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % below as u64) as usize
        }

        fn one<T: Copy>(&mut self, of: &[T]) -> T {
            of[self.roll(of.len())]
        }

        fn string(&mut self) -> String {
            const PIECES: [&str; 9] = ["a", "ß", "\"", "\\", "\n", "<b>", "🚧", "__proto__", "0"];
            (0..self.roll(4)).map(|_| self.one(&PIECES)).collect()
        }

        fn maybe<T>(&mut self, make: fn(&mut Self) -> T) -> Option<T> {
            (self.roll(2) == 0).then(|| make(self))
        }

        fn list<T>(&mut self, make: fn(&mut Self) -> T) -> Vec<T> {
            (0..self.roll(3)).map(|_| make(self)).collect()
        }

        fn by_language<T>(&mut self, make: fn(&mut Self) -> T) -> ByLanguage<T> {
            // In the order in which serde keeps them.
            let mut variants = Vec::new();
            for tag in ["de", "de-simple", "en"] {
                if self.roll(2) == 0 {
                    variants.push((tag.to_owned(), make(self)));
                }
            }
            ByLanguage(variants)
        }

        fn text(&mut self) -> Text {
            self.by_language(Self::string)
        }

        fn rich(&mut self) -> RichText {
            self.by_language(|dice| dice.list(Self::node))
        }

        fn node(&mut self) -> Node {
            match self.roll(7) {
                0 => Node::Paragraph { c: self.list(Self::node) },
                1 => Node::List {
                    ordered: self.roll(2) == 0,
                    items: self.list(|dice| dice.list(Self::node)),
                },
                2 => Node::Strong { s: self.string() },
                3 => Node::Link {
                    href: self.string(),
                    s: self.string(),
                },
                _ => Node::Text { s: self.string() },
            }
        }

        fn state(&mut self) -> PublicState {
            PublicState {
                v: self.roll(9) as u32,
                portal: self.string(),
                revision: self.string(),
                generated_at: self.string(),
                time_zone: self.string(),
                languages: self.list(Self::string),
                status: self.one(Status::ALL),
                // The widget leaves them unread.
                services: Vec::new(),
                notices: self.list(Self::notice),
                channels: self.list(Self::channel),
                procedures: self.list(|dice| Procedure {
                    id: dice.string(),
                    name: dice.text(),
                    steps: dice.list(Self::step),
                    deadline: dice.rich(),
                }),
                pages: Vec::new(),
                known: Vec::new(),
                repeated_hours: self.list(Self::interval),
                controls: ByLanguage(Vec::new()),
            }
        }

        fn step(&mut self) -> Step {
            Step {
                text: self.rich(),
                form: self.maybe(Self::string),
                form_name: self.text(),
            }
        }

        fn channel(&mut self) -> Channel {
            Channel {
                id: self.string(),
                kind: self.one(ChannelKind::ALL),
                name: self.text(),
                value: self.string(),
                href: self.maybe(Self::string),
                abroad: self.maybe(Self::string),
                note: self.rich(),
                open: self.maybe(|dice| dice.list(Self::interval)),
                always: self.roll(2) == 0,
            }
        }

        fn interval(&mut self) -> Interval {
            Interval {
                from: self.string(),
                to: self.string(),
            }
        }

        fn affected(&mut self) -> Affected {
            Affected {
                id: self.string(),
                name: self.text(),
                status: self.one(Status::ALL),
                severity: self.one(Severity::ALL),
                because: self.maybe(Self::string),
                because_name: self.text(),
                channels: self.list(Self::string),
                procedures: self.list(Self::string),
                usual_minutes: self.maybe(|dice| dice.roll(600) as u32 + 1),
                too_late: self.roll(2) == 0,
            }
        }

        fn notice(&mut self) -> Notice {
            Notice {
                id: self.string(),
                revision: self.roll(1 << 20) as u32,
                kind: self.one(Kind::ALL),
                severity: self.one(Severity::ALL),
                stage: self.one(Stage::ALL),
                timing: self.one(&[Timing::Current, Timing::Announced, Timing::Past, Timing::Seen]),
                approaching: false,
                services: self.list(Self::string),
                affected: self.list(Self::affected),
                title: self.text(),
                impact: self.rich(),
                guidance: self.rich(),
                still_works: self.rich(),
                entries: self.one(Entries::ALL),
                entries_until: self.maybe(Self::string),
                applications: self.rich(),
                deadline_note: self.rich(),
                deadline_source: self.maybe(Self::string),
                starts_at: self.string(),
                ends_at: self.maybe(Self::string),
                end_certainty: self.one(EndCertainty::ALL),
                next_update_at: self.maybe(Self::string),
                channels: self.list(Self::string),
                procedures: self.list(Self::string),
                updates: self.list(|dice| Update {
                    at: dice.string(),
                    stage: dice.maybe(|dice| dice.one(Stage::ALL)),
                    text: dice.rich(),
                    change: dice.maybe(|dice| dice.one(&[Change::Moved, Change::EndMoved, Change::Edited])),
                    from: dice.maybe(Self::string),
                    to: dice.maybe(Self::string),
                }),
                issuer: self.text(),
                published_at: self.string(),
                updated_at: self.string(),
                url: self.string(),
                video: self.maybe(Self::string),
                brief: ByLanguage(Vec::new()),
            }
        }
    }

    #[wasm_bindgen_test]
    fn both_readers_read_the_same() {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for round in 0..500 {
            let written = dice.state();
            let json = serde_json::to_string(&written).unwrap();
            let mut by_serde: PublicState = serde_json::from_str(&json).unwrap();
            by_serde.services.clear();
            by_serde.status = Status::Information;
            let by_property = state(&js_sys::JSON::parse(&json).unwrap());
            assert_eq!(by_property, by_serde, "document {round}: {json}");
        }
    }

    #[wasm_bindgen_test]
    fn text_nested_without_end_is_cut() {
        let depth = 20_000;
        let deep = [r#"[{"t":"paragraph","c":"#.repeat(depth), "[]".to_owned(), "}]".repeat(depth)].concat();
        let mut read = &nodes(&js_sys::JSON::parse(&deep).unwrap());
        let mut found = 0;
        while let [Node::Paragraph { c }] = &read[..] {
            (read, found) = (c, found + 1);
        }
        assert_eq!(found, usize::from(DEEPEST));
    }

    #[wasm_bindgen_test]
    fn what_is_missing_or_of_another_kind_is_empty() {
        for odd in [
            "{}",
            "null",
            "7",
            "\"x\"",
            "[]",
            r#"{"notices": {"0": 1}, "channels": [null, 3, "x"], "languages": [1], "status": "on fire", "services": null}"#,
        ] {
            let read = state(&js_sys::JSON::parse(odd).unwrap());
            assert_eq!((read.status, read.notices.len()), (Status::Information, 0), "{odd}");
        }
        let read = state(
            &js_sys::JSON::parse(r#"{"notices": [{"title": "x", "impact": [], "updates": [{"stage": "new"}], "kind": 5}]}"#).unwrap(),
        );
        assert_eq!((read.notices[0].kind, read.notices[0].updates[0].stage), (Kind::Information, None));
    }
}
