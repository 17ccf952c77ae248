//! Texts that may be pages: what there is of markup becomes words.

use html5gum::{Token, Tokenizer};

/// A text without the markup that some tools let people write: breaks and paragraphs become lines, a link its address behind its words.
pub fn plain(written: &str) -> String {
    let is_marked = written.contains("</") || written.contains("<br") || written.contains("&");
    if !is_marked {
        return written.trim().to_owned();
    }
    let mut text = String::new();
    let mut leads = Vec::new();
    for Ok(token) in Tokenizer::new(written) {
        match token {
            Token::String(words) => text.push_str(&String::from_utf8_lossy(&words)),
            Token::StartTag(tag) => match tag.name.as_slice() {
                b"br" => text.push('\n'),
                b"li" => text.push_str("\n- "),
                b"a" => {
                    let href = tag.attributes.iter().find(|(name, _)| name.as_slice() == b"href");
                    leads.push(href.map(|(_, value)| String::from_utf8_lossy(value).into_owned()));
                }
                _ => {}
            },
            Token::EndTag(tag) => match tag.name.as_slice() {
                b"p" | b"div" | b"ul" | b"ol" => text.push_str("\n\n"),
                b"a" => {
                    if let Some(Some(href)) = leads.pop()
                        && !text.ends_with(&href)
                    {
                        text.push_str(&format!(" ({href})"));
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_words_and_the_rest_stays() {
        for (written, read) in [
            (
                "  Nichts < als 3 > 2 Wörter.\n\n- a\n- b ",
                "Nichts < als 3 > 2 Wörter.\n\n- a\n- b",
            ),
            ("<p>Eins.</p><p>Zwei&nbsp;&amp; drei.</p>", "Eins.\n\nZwei\u{a0}& drei."),
            ("Eine Zeile<br />noch eine</b>", "Eine Zeile\nnoch eine"),
            (
                "Siehe <a href=\"https://x.example/y\">dort</a> und <a href=\"https://z.example\">https://z.example</a>.",
                "Siehe dort (https://x.example/y) und https://z.example.",
            ),
            ("<ul><li>eins</li><li>zwei</li></ul>", "- eins\n- zwei"),
            ("<script>alert(1)</script>", "alert(1)"),
        ] {
            assert_eq!(plain(written), read);
        }
    }
}
