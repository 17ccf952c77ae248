//! Which revision an author edited, as told by `If-Match`.

use api::ProblemKind;
use axum::http::{HeaderMap, header};

use crate::http::answer::problem::Problem;

/// The revisions that an author takes it to have (RFC 9110, section 13.1.1).
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Whichever it has now.
    Any,
    /// One of these; there is one at least.
    OneOf(u32, Vec<u32>),
}

impl Seen {
    /// The revision that is asked for, where it has this one.
    pub(crate) fn expected(&self, revision: u32) -> u32 {
        match self {
            Self::Any => revision,
            Self::OneOf(_, others) if others.contains(&revision) => revision,
            Self::OneOf(first, _) => *first,
        }
    }
}

/// What a request names in `If-Match`.
///
/// # Errors
/// When it names nothing, or what is no revision.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<Seen, Problem> {
    let mut seen = Vec::new();
    let mut other = None;
    for value in headers.get_all(header::IF_MATCH) {
        let value = String::from_utf8_lossy(value.as_bytes());
        if value.trim() == "*" {
            return Ok(Seen::Any);
        }
        // A list may have empty places (RFC 9110, section 5.6.1).
        for tag in value.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
            match revision_of(tag) {
                Some(revision) => seen.push(revision),
                None => other = Some(tag.chars().take(40).collect::<String>()),
            }
        }
    }
    match (seen.split_first(), other) {
        (Some((first, others)), _) => Ok(Seen::OneOf(*first, others.to_vec())),
        (None, Some(tag)) => Err(Problem::new(
            ProblemKind::NoRevision,
            format!("`If-Match` is `{tag}`; send the `ETag` of what you edited, such as `\"3\"`."),
        )),
        (None, None) => Err(Problem::new(
            ProblemKind::WhichRevision,
            "Send `If-Match` with the `ETag` of what you edited, such as `If-Match: \"3\"`, or `If-Match: *` for whichever it has.",
        )),
    }
}

/// The revision that a tag names, which stands between quotation marks. A proxy that compresses writes so behind it, within the quotation marks.
fn revision_of(tag: &str) -> Option<u32> {
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let tag = tag.strip_prefix('"')?.strip_suffix('"')?;
    let tag = ["-gzip", "-br", ";gzip", ";br"]
        .iter()
        .find_map(|coding| tag.strip_suffix(coding))
        .unwrap_or(tag);
    tag.parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_revision_is_named_alone_in_a_list_or_left_open() {
        for (given, revision, expected) in [
            (vec!["\"3\""], 3, Some(3)),
            (vec!["W/\"3\""], 4, Some(3)),
            (vec!["\"2\", \"3\""], 3, Some(3)),
            (vec!["\"2\"", "\"3\""], 3, Some(3)),
            (vec!["\"1\", \"2\""], 3, Some(1)),
            (vec!["*"], 7, Some(7)),
            (vec![" * "], 7, Some(7)),
            (vec![], 3, None),
            (vec![""], 3, None),
            (vec!["\"x\""], 3, None),
            (vec!["\"x\", \"3\""], 3, Some(3)),
            (vec![",\"3\", ,"], 3, Some(3)),
            (vec!["W/\"3-gzip\""], 4, Some(3)),
            (vec!["3"], 3, None),
            (vec!["\"*\""], 3, None),
            (vec!["\"-3\""], 3, None),
        ] {
            let mut headers = HeaderMap::new();
            for value in &given {
                headers.append(header::IF_MATCH, HeaderValue::from_static(value));
            }
            let seen = if_match(&headers).ok();
            assert_eq!(seen.map(|seen| seen.expected(revision)), expected, "{given:?}");
        }
    }
}
