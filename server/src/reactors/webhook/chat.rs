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
            Shape::Matrix => json!({"text": self.in_signs(&MARKDOWN), "html": self.in_signs(&HTML)}),
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
        let block = |text: &str, weight: &str| json!({"type": "TextBlock", "text": escaped(text, MARKED), "weight": weight, "wrap": true});
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
    // Only these three are escaped there; a sign that would begin bold text is kept apart by a character without width.
    plain: |text| entities(text).replace(['*', '_', '~', '`'], "\u{200b}"),
    bold: |text| format!("*{text}*"),
    link: |words, address| format!("<{}|{words}>", entities(address).replace('|', "%7C")),
    next_line: "\n",
};

const MARKDOWN: Signs = Signs {
    plain: |text| escaped(text, MARKED),
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

fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What Markdown takes for signs, and what calls everybody in a channel.
const MARKED: &[char] = &['\\', '`', '*', '_', '[', ']', '<', '>', '#', '|', '~', '@'];

fn escaped(text: &str, signs: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        if signs.contains(&sign) {
            out.push('\\');
        }
        out.push(sign);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said() -> Said {
        Said {
            title: "Störung: <BundID> *steht* & [mehr](x)".to_owned(),
            lines: vec!["@all Seit 9:10 Uhr".to_owned()],
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
            "*Störung: &lt;BundID&gt; \u{200b}steht\u{200b} &amp; [mehr](x)*\n@all Seit 9:10 Uhr\n<https://notices.example/p/x/notices/2026-0001?a=(b)&amp;c=\"%7C|Mehr>"
        );
        assert_eq!(
            text(Shape::Mattermost),
            "**Störung: \\<BundID\\> \\*steht\\* & \\[mehr\\](x)**  \n\\@all Seit 9:10 Uhr  \n[Mehr](https://notices.example/p/x/notices/2026-0001?a=%28b%29&c=\"|)"
        );
        let html = said().body(Shape::Matrix).unwrap()["html"].as_str().unwrap().to_owned();
        assert_eq!(
            html,
            "<strong>Störung: &lt;BundID&gt; *steht* &amp; [mehr](x)</strong><br>@all Seit 9:10 Uhr<br><a href=\"https://notices.example/p/x/notices/2026-0001?a=(b)&amp;c=%22|\">Mehr</a>"
        );
        let card = said().body(Shape::Teams).unwrap();
        let content = &card["attachments"][0]["content"];
        assert_eq!(content["body"][0]["text"], "Störung: \\<BundID\\> \\*steht\\* & \\[mehr\\](x)");
        assert_eq!(content["actions"][0]["title"], "Mehr");
        for shape in [Shape::Umleitung, Shape::Statuspage] {
            assert_eq!(said().body(shape), None);
        }
    }
}
