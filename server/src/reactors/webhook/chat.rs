//! A notice as a message in a chat: in a few lines, in the portal's default language, as the banner tells it, with the way to the rest. Each chat has
//! its own shape and its own signs that text must not contain by accident.

use domain::words::Shape;
use serde_json::{Value, json};
use wire::{Brief, PublicState};

/// What is said, before it is put into anybody's signs.
pub(super) struct Said {
    title: String,
    lines: Vec<String>,
    /// Words and addresses: what to do now, and the whole notice.
    links: Vec<(String, String)>,
}

impl Said {
    /// The notice of this document; `None`: it has none.
    pub(super) fn of(document: &PublicState, origin: &str) -> Option<Self> {
        let notice = document.notices.first()?;
        let (_, brief) = notice.brief.0.first()?;
        let Brief {
            kicker,
            title,
            lines,
            way,
            more,
            ..
        } = brief;
        let address = |href: &str| {
            if href.starts_with('/') {
                format!("{origin}{href}")
            } else {
                href.to_owned()
            }
        };
        let way = way.iter().map(|way| (way.s.clone(), address(&way.href)));
        Some(Self {
            title: format!("{kicker}: {}", title.s),
            lines: lines.iter().map(|line| line.s.clone()).collect(),
            links: way.chain([(more.clone(), address(&notice.url))]).collect(),
        })
    }

    /// What a receiver is tried out with.
    pub(super) fn test() -> Self {
        Self {
            title: "Umleitung: Test".to_owned(),
            lines: vec!["Dieser Kanal bekommt Meldungen. This channel gets notices.".to_owned()],
            links: Vec::new(),
        }
    }

    /// The body for a chat; `None`: that is no chat.
    pub(super) fn body(&self, shape: Shape) -> Option<Value> {
        Some(match shape {
            Shape::Umleitung | Shape::Statuspage => return None,
            Shape::Slack => json!({"text": self.in_signs(&SLACK)}),
            Shape::Mattermost => json!({"text": self.in_signs(&MARKDOWN)}),
            Shape::Matrix => json!({"text": self.in_signs(&NONE), "html": self.in_signs(&HTML)}),
            Shape::Teams => self.card(),
        })
    }

    fn in_signs(&self, signs: &Signs) -> String {
        let title = [(signs.bold)(&(signs.plain)(&self.title))];
        let lines = self.lines.iter().map(|line| (signs.plain)(line));
        let links = self
            .links
            .iter()
            .map(|(words, address)| (signs.link)(&(signs.plain)(words), address));
        title
            .into_iter()
            .chain(lines)
            .chain(links)
            .collect::<Vec<_>>()
            .join(signs.next_line)
    }

    /// What workflows of Teams take: a message with an adaptive card.
    fn card(&self) -> Value {
        let block = |text: &str, weight: &str| json!({"type": "TextBlock", "text": escaped(text), "weight": weight, "wrap": true});
        let title = block(&self.title, "bolder");
        let lines = self.lines.iter().map(|line| block(line, "default"));
        let blocks: Vec<Value> = [title].into_iter().chain(lines).collect();
        let links = self.links.iter();
        let actions: Vec<Value> = links
            .map(|(words, address)| json!({"type": "Action.OpenUrl", "title": words, "url": address}))
            .collect();
        json!({
            "type": "message",
            "attachments": [{
                "contentType": "application/vnd.microsoft.card.adaptive",
                "content": {
                    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                    "type": "AdaptiveCard",
                    "version": "1.4",
                    "body": blocks,
                    "actions": actions,
                },
            }],
        })
    }
}

/// How a chat writes.
struct Signs {
    /// Text that means nothing but itself.
    plain: fn(&str) -> String,
    bold: fn(&str) -> String,
    link: fn(&str, &str) -> String,
    next_line: &'static str,
}

const SLACK: Signs = Signs {
    plain: |text| apart(&entities(&without_edges(text))),
    bold: |text| format!("*{text}*"),
    link: |words, address| format!("<{}|{words}>", entities(address).replace('|', "%7C")),
    next_line: "\n",
};

const MARKDOWN: Signs = Signs {
    plain: escaped,
    bold: |text| format!("**{text}**"),
    link: |words, address| format!("[{words}]({})", address.replace('(', "%28").replace(')', "%29")),
    next_line: "  \n",
};

const HTML: Signs = Signs {
    plain: |text| entities(text).replace('"', "&quot;"),
    bold: |text| format!("<strong>{text}</strong>"),
    link: |words, address| format!("<a href=\"{}\">{words}</a>", entities(address).replace('"', "%22")),
    next_line: "<br>",
};

/// For whoever has no signs.
const NONE: Signs = Signs {
    plain: str::to_owned,
    bold: str::to_owned,
    link: |words, address| format!("{words}: {address}"),
    next_line: "\n",
};

/// A character without width: what it stands before begins nothing.
const NOTHING: char = '\u{200b}';

fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Slack takes these for signs at the edges of words, and nothing escapes them there; within a word, as in an address, they stay.
fn without_edges(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let is_in_word = |place: Option<usize>| place.and_then(|place| signs.get(place)).is_some_and(|sign| sign.is_alphanumeric());
    let kept = signs.iter().enumerate().map(|(place, sign)| match sign {
        '*' | '_' | '~' | '`' if !(is_in_word(place.checked_sub(1)) && is_in_word(Some(place + 1))) => NOTHING,
        other => *other,
    });
    kept.collect()
}

/// A line that begins with the sign of a quotation is none.
fn apart(text: &str) -> String {
    if text.starts_with("&gt;") {
        format!("{NOTHING}{text}")
    } else {
        text.to_owned()
    }
}

/// What Markdown takes for signs.
const MARKED: &[char] = &['\\', '`', '*', '_', '[', ']', '<', '>', '#', '|', '~', '&'];

/// For Markdown: signs escaped, also those that count at the beginning of a line only; and nobody is called by a name, which no escape prevents.
fn escaped(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut out = String::with_capacity(text.len());
    for (place, sign) in text.char_indices() {
        let begins_list = (place == 0 && matches!(sign, '-' | '+' | '=')) || (place == digits && digits > 0 && matches!(sign, '.' | ')'));
        if begins_list || MARKED.contains(&sign) {
            out.push('\\');
        }
        out.push(sign);
        if sign == '@' {
            out.push(NOTHING);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said() -> Said {
        Said {
            title: "Störung: <BundID> *steht* & [mehr](x)".to_owned(),
            lines: vec![
                "@all Seit 9:10 Uhr".to_owned(),
                "24. Dezember: info_amt@stadt.example &#64;here".to_owned(),
                "> 90 %".to_owned(),
            ],
            links: vec![(
                "Mehr".to_owned(),
                "https://notices.example/p/x/notices/2026-0001?a=(b)&c=\"|".to_owned(),
            )],
        }
    }

    #[test]
    fn what_somebody_typed_never_becomes_a_sign() {
        let text = |shape| said().body(shape).unwrap()["text"].as_str().unwrap().to_owned();
        assert_eq!(
            text(Shape::Slack),
            "*Störung: &lt;BundID&gt; \u{200b}steht\u{200b} &amp; [mehr](x)*\n@all Seit 9:10 Uhr\n\
             24. Dezember: info_amt@stadt.example &amp;#64;here\n\u{200b}&gt; 90 %\n\
             <https://notices.example/p/x/notices/2026-0001?a=(b)&amp;c=\"%7C|Mehr>"
        );
        assert_eq!(
            text(Shape::Mattermost),
            "**Störung: \\<BundID\\> \\*steht\\* \\& \\[mehr\\](x)**  \n@\u{200b}all Seit 9:10 Uhr  \n\
             24\\. Dezember: info\\_amt@\u{200b}stadt.example \\&\\#64;here  \n\\> 90 %  \n\
             [Mehr](https://notices.example/p/x/notices/2026-0001?a=%28b%29&c=\"|)"
        );
        assert_eq!(
            text(Shape::Matrix).lines().last(),
            Some("Mehr: https://notices.example/p/x/notices/2026-0001?a=(b)&c=\"|")
        );
        let html = said().body(Shape::Matrix).unwrap()["html"].as_str().unwrap().to_owned();
        assert_eq!(
            html,
            "<strong>Störung: &lt;BundID&gt; *steht* &amp; [mehr](x)</strong><br>@all Seit 9:10 Uhr<br>\
             24. Dezember: info_amt@stadt.example &amp;#64;here<br>&gt; 90 %<br>\
             <a href=\"https://notices.example/p/x/notices/2026-0001?a=(b)&amp;c=%22|\">Mehr</a>"
        );
        let card = said().body(Shape::Teams).unwrap();
        let content = &card["attachments"][0]["content"];
        assert_eq!(content["body"][0]["text"], "Störung: \\<BundID\\> \\*steht\\* \\& \\[mehr\\](x)");
        assert_eq!(content["actions"][0]["title"], "Mehr");
        for shape in [Shape::Umleitung, Shape::Statuspage] {
            assert_eq!(said().body(shape), None);
        }
    }
}
