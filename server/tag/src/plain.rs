//! Texts that may be pages: what there is of markup becomes words.

use html5gum::{Token, Tokenizer};

/// A text without the markup that some tools let people write: breaks and paragraphs become lines, a link its address behind its words.
pub fn plain(written: &str) -> String {
    let is_marked = written.contains("</") || written.contains("<br") || written.contains("&");
    if !is_marked {
        return written.trim().to_owned();
    }
    in_words(written)
}

/// A page or a part of one in words: headings, paragraphs and points are lines, a link is its address behind its words.
pub fn in_words(html: &str) -> String {
    let mut text = String::new();
    let mut leads = Vec::new();
    // For each list around what is read how many points it has had; `None`: they are not counted.
    let mut lists: Vec<Option<usize>> = Vec::new();
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::String(words) => {
                let words = String::from_utf8_lossy(&words);
                let is_begun = text.ends_with([' ', '\n']);
                text.push_str(if is_begun { words.trim_start_matches(' ') } else { &words });
            }
            Token::StartTag(tag) => match tag.name.as_slice() {
                b"br" => text.push('\n'),
                b"h1" | b"h2" | b"h3" | b"h4" | b"dt" => text.push_str("\n\n"),
                b"ul" => lists.push(None),
                b"ol" => lists.push(Some(0)),
                b"li" => {
                    let point = match lists.last_mut() {
                        Some(Some(count)) => {
                            *count += 1;
                            format!("\n{count}. ")
                        }
                        _ => "\n- ".to_owned(),
                    };
                    text.push_str(&point);
                }
                b"a" => {
                    let href = tag.attributes.iter().find(|(name, _)| name.as_slice() == b"href");
                    leads.push(href.map(|(_, value)| String::from_utf8_lossy(value).into_owned()));
                }
                _ => {}
            },
            Token::EndTag(tag) => match tag.name.as_slice() {
                b"h1" | b"h2" | b"h3" | b"h4" | b"dt" => text.push('\n'),
                b"p" | b"div" | b"dd" => text.push_str("\n\n"),
                b"ul" | b"ol" => {
                    lists.pop();
                    text.push_str("\n\n");
                }
                b"a" => {
                    if let Some(Some(href)) = leads.pop()
                        && !text.ends_with(&href)
                        && !["tel:", "mailto:"].iter().any(|scheme| href.starts_with(scheme))
                    {
                        text.push_str(&format!(" ({href})"));
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.dedup_by(|one, before| one.is_empty() && before.is_empty());
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
