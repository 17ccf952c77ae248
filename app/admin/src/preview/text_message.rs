//! A notice as a text message, for those who are told by phone.

use serde_json::Value;

/// What one message holds: so many signs of the small alphabet (GSM 03.38, table 6.2.1), or so many units of UTF-16 as soon as one is no part of that.
const OF_GSM: usize = 160;
const OF_UTF_16: usize = 70;

/// The small alphabet, and those of its signs that count as two.
const GSM: &str =
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const DOUBLE: &str = "^{}\\[~]|€";

/// How much of one message a text takes, and how much that message holds.
pub(crate) fn room(text: &str) -> (usize, usize) {
    let size = |sign: char| match (GSM.contains(sign), DOUBLE.contains(sign)) {
        (true, _) => Some(1),
        (_, true) => Some(2),
        _ => None,
    };
    let small: Option<usize> = text.chars().map(size).sum();
    small.map_or((text.encode_utf16().count(), OF_UTF_16), |small| (small, OF_GSM))
}

fn fits(text: &str) -> bool {
    let (taken, limit) = room(text);
    taken <= limit
}

/// What it says: the title, and as much more as there is room for, what counts most first. `brief` is what the server tells of a notice in a language;
/// the last of its lines says when, unless the notice is over.
pub(crate) fn text_message(brief: &Value, is_over: bool) -> String {
    let text = |line: &Value| plain(line["s"].as_str().unwrap_or_default());
    let lines = |of: &str| brief[of].as_array().map(Vec::as_slice).unwrap_or_default();
    let lines_said = lines("lines");
    let (said, when) = lines_said.split_at(lines_said.len() - usize::from(!is_over && !lines_said.is_empty()));
    let more = when.iter().chain(lines("phones").first()).chain(said).map(text);
    let mut message = shortened(&text(&brief["title"]));
    for part in more.filter(|part| !part.is_empty()) {
        let end = if message.ends_with(['.', '!', '?']) { "" } else { "." };
        let longer = format!("{message}{end} {part}");
        if fits(&longer) {
            message = longer;
        }
    }
    message
}

/// With signs of the small alphabet in the place of finer ones: a single other sign makes a message hold less than half.
fn plain(text: &str) -> String {
    let finer = [
        (" · ", ", "),
        ("–", "-"),
        ("—", "-"),
        ("\u{2011}", "-"),
        ("„", "\""),
        ("“", "\""),
        ("”", "\""),
        ("«", "\""),
        ("»", "\""),
        ("’", "'"),
        ("…", "..."),
        ("\u{a0}", " "),
        ("\u{202f}", " "),
    ];
    finer.iter().fold(text.to_owned(), |text, (fine, plain)| text.replace(fine, plain))
}

/// As many whole words as there is room for.
fn shortened(text: &str) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let cut = |text: &str| format!("{}...", text.trim_end_matches([',', ';', ':', ' ', '.']));
    let mut rest = text;
    while let Some((whole, _)) = rest.rsplit_once(' ') {
        if fits(&cut(whole)) {
            return cut(whole);
        }
        rest = whole;
    }
    let mut signs: Vec<char> = rest.chars().collect();
    while !fits(&cut(&signs.iter().collect::<String>())) {
        signs.pop();
    }
    cut(&signs.into_iter().collect::<String>())
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
            text_message(&brief("Kfz-Zulassung: online nicht möglich", "Wir suchen die Ursache."), false),
            "Kfz-Zulassung: online nicht möglich. Seit 8:10 Uhr, voraussichtlich bis 14:00 Uhr. Behördennummer 115. Wir suchen die Ursache."
        );
        // What works again is said before what was said in the end.
        let over = json!({"title": {"s": "Geht wieder seit 9:00 Uhr"}, "lines": [{"s": "Betraf: Kfz-Zulassung"}, {"s": "Bitte prüfen Sie Ihre Eingaben."}]});
        assert_eq!(
            text_message(&over, true),
            "Geht wieder seit 9:00 Uhr. Betraf: Kfz-Zulassung. Bitte prüfen Sie Ihre Eingaben."
        );
    }

    #[test]
    fn it_is_never_longer_than_one_message() {
        let long = "Wegen einer Störung im Rechenzentrum geht es nicht. ".repeat(9);
        let message = text_message(&brief("Kfz-Zulassung gestört!", &long), false);
        assert_eq!(
            message,
            "Kfz-Zulassung gestört! Seit 8:10 Uhr, voraussichtlich bis 14:00 Uhr. Behördennummer 115"
        );
        let message = text_message(&brief(&long, ""), false);
        assert!(fits(&message) && message.ends_with("..."), "{message}");
        let message = text_message(&brief(&"ß".repeat(400), ""), false);
        assert_eq!(room(&message), (160, 160));
        assert_eq!(text_message(&Value::Null, false), "");
    }

    #[test]
    fn another_alphabet_has_less_room() {
        assert_eq!(room("Größe: 5 €"), (11, 160));
        assert_eq!(room("Недоступно"), (10, 70));
        assert_eq!(room("çevrim içi"), (10, 70));
        let message = text_message(&brief(&"Послуга зараз не працює. ".repeat(9), ""), false);
        let (taken, limit) = room(&message);
        assert!(taken <= limit && limit == 70 && taken > 50, "{message}");
    }
}
