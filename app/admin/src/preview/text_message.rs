//! A notice as a text message, for those who are told by phone.

use serde_json::Value;

/// The most that one message holds, in characters (GSM 03.38: 160 of seven bits each).
pub(crate) const LIMIT: usize = 160;

/// What it says: the title, and as much more as there is room for, what counts most first. `brief` is what the server tells of a notice in a language.
pub(crate) fn text_message(brief: &Value) -> String {
    let text = |line: &Value| plain(line["s"].as_str().unwrap_or_default());
    let lines = |of: &str| brief[of].as_array().map(Vec::as_slice).unwrap_or_default();
    let (when, said) = lines("lines")
        .split_last()
        .map_or((None, &[][..]), |(when, said)| (Some(when), said));
    let more = when.into_iter().chain(lines("phones").first()).chain(said).map(text);
    let mut message = shortened(&text(&brief["title"]));
    for part in more.filter(|part| !part.is_empty()) {
        let end = if message.ends_with(['.', '!', '?']) { "" } else { "." };
        let longer = format!("{message}{end} {part}");
        if longer.chars().count() <= LIMIT {
            message = longer;
        }
    }
    message
}

/// With signs of the small alphabet (GSM 03.38) in the place of finer ones: a single other sign makes a message hold 70 characters only.
fn plain(text: &str) -> String {
    let finer = [
        (" · ", ", "),
        ("–", "-"),
        ("„", "\""),
        ("“", "\""),
        ("”", "\""),
        ("’", "'"),
        ("…", "..."),
        ("\u{a0}", " "),
    ];
    finer.iter().fold(text.to_owned(), |text, (fine, plain)| text.replace(fine, plain))
}

/// As many whole words as there is room for.
fn shortened(text: &str) -> String {
    if text.chars().count() <= LIMIT {
        return text.to_owned();
    }
    let begun: String = text.chars().take(LIMIT - 3).collect();
    let whole = begun.rsplit_once(' ').map_or(begun.as_str(), |(whole, _)| whole);
    format!("{}...", whole.trim_end_matches([',', ';', ':', ' ', '.']))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn brief(title: &str, said: &str) -> Value {
        json!({
            "title": {"s": title},
            "lines": [{"s": said}, {"s": "Seit 8:10 Uhr · voraussichtlich bis 14:00 Uhr"}],
            "phones": [{"s": "Behördennummer 115", "href": "tel:115"}],
        })
    }

    #[test]
    fn what_counts_most_comes_first() {
        assert_eq!(
            text_message(&brief("Kfz-Zulassung: online nicht möglich", "Wir suchen die Ursache.")),
            "Kfz-Zulassung: online nicht möglich. Seit 8:10 Uhr, voraussichtlich bis 14:00 Uhr. Behördennummer 115. Wir suchen die Ursache."
        );
    }

    #[test]
    fn it_is_never_longer_than_one_message() {
        let long = "Wegen einer Störung im Rechenzentrum geht es nicht. ".repeat(9);
        let message = text_message(&brief("Kfz-Zulassung gestört!", &long));
        assert_eq!(
            message,
            "Kfz-Zulassung gestört! Seit 8:10 Uhr, voraussichtlich bis 14:00 Uhr. Behördennummer 115"
        );
        let message = text_message(&brief(&long, ""));
        assert!(
            message.chars().count() <= LIMIT && message.ends_with("geht es nicht..."),
            "{message}"
        );
        let message = text_message(&brief(&"ß".repeat(400), ""));
        assert_eq!(message.chars().count(), LIMIT);
        assert_eq!(text_message(&Value::Null), "");
    }
}
