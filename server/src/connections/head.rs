//! Watches the heads of requests as they come in, for what the parser behind lets pass: a line that ends without a carriage return (RFC
//! 9112, section 2.2, lets a server take it). A proxy in front may see another request there than the server does.

/// How much of a line is looked at.
const LOOKED_AT: usize = 64;

/// Follows the bytes that come in on one connection, head after head. What stands between heads is skipped by its length.
#[derive(Debug, Default)]
pub(super) struct Head {
    place: Place,
    /// The bytes of a head so far that are still to be skipped after it.
    body: Body,
    /// The beginning of a line that came in pieces.
    begun: Vec<u8>,
    /// The last byte of that line so far.
    last: u8,
}

/// Where in the stream of bytes we are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// In a head, or before one.
    #[default]
    Lines,
    /// In a body, with so many bytes left.
    Body(u64),
    /// In something else than requests one after another: nothing is looked at any more.
    Elsewhere,
}

/// What a head says of the body that follows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Body {
    #[default]
    None,
    Length(u64),
    Unknown,
}

/// Whether what came in is well-formed so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Sound,
    /// A line ended without a carriage return.
    BareLineFeed,
}

impl Head {
    /// Takes note of bytes.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) -> Form {
        while !bytes.is_empty() {
            match self.place {
                Place::Elsewhere => return Form::Sound,
                Place::Body(left) => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[here..];
                    let left = left - here as u64;
                    self.place = if left == 0 { Place::Lines } else { Place::Body(left) };
                }
                Place::Lines => {
                    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
                        self.keep(bytes);
                        return Form::Sound;
                    };
                    if self.line(&bytes[..end]) == Form::BareLineFeed {
                        return Form::BareLineFeed;
                    }
                    bytes = &bytes[end + 1..];
                }
            }
        }
        Form::Sound
    }

    /// A line up to its line feed, or the rest of one that has begun.
    fn line(&mut self, rest: &[u8]) -> Form {
        if self.begun.is_empty() {
            return self.whole(rest);
        }
        self.keep(rest);
        let mut begun = std::mem::take(&mut self.begun);
        // Only the beginning was kept; the end decides on the form.
        if begun.len() == LOOKED_AT {
            begun.push(self.last);
        }
        self.whole(&begun)
    }

    fn whole(&mut self, line: &[u8]) -> Form {
        let Some((b'\r', line)) = line.split_last() else {
            return Form::BareLineFeed;
        };
        match line {
            [] => {
                self.place = match std::mem::take(&mut self.body) {
                    Body::None | Body::Length(0) => Place::Lines,
                    Body::Length(length) => Place::Body(length),
                    Body::Unknown => Place::Elsewhere,
                };
            }
            [b'c' | b'C' | b't' | b'T' | b'u' | b'U', ..] => self.field(line),
            _ => {}
        }
        Form::Sound
    }

    /// A field that may tell how the body ends.
    fn field(&mut self, line: &[u8]) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return;
        };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"content-length") {
            let length = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
            self.body = length.map_or(Body::Unknown, Body::Length);
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") || name.eq_ignore_ascii_case(b"upgrade") {
            self.body = Body::Unknown;
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LOOKED_AT - self.begun.len().min(LOOKED_AT);
        self.begun.extend_from_slice(&bytes[..room.min(bytes.len())]);
        self.last = bytes.last().copied().unwrap_or(self.last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: [&str; 6] = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n{\n\"a\n\"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\ncontent-length:0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\n}\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nCookie: 0123456789012345678901234567890123456789012345678901234567890123456789\r\nHost: a\r\n\r\n",
    ];

    const BARE: [&str; 6] = [
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}GET / HTTP/1.1\n\n",
        "GET / HTTP/1.1\r\nCookie: 0123456789012345678901234567890123456789012345678901234567890123456789\nHost: a\r\n\r\n",
    ];

    /// However the bytes are cut into pieces.
    fn form(text: &str, piece: usize) -> Form {
        let mut head = Head::default();
        let forms = text.as_bytes().chunks(piece).map(|piece| head.follow(piece));
        forms.fold(Form::Sound, |so_far, form| if form == Form::Sound { so_far } else { form })
    }

    #[test]
    fn a_line_feed_alone_is_seen_in_heads_and_nowhere_else() {
        for piece in [1, 2, 3, 7, 64, 65, 1_000] {
            for text in SOUND {
                assert_eq!(form(text, piece), Form::Sound, "{text:?} in pieces of {piece}");
            }
            for text in BARE {
                assert_eq!(form(text, piece), Form::BareLineFeed, "{text:?} in pieces of {piece}");
            }
        }
    }
}
