//! By what it is told whether a notice has arrived: its id, its revision and its stage. Opening hours may turn meanwhile, and other notices
//! come: a notice that was seen stays seen.

use std::collections::BTreeSet;

use serde::Deserialize;
use wire::{PublicState, Stage};

/// The marks of all notices in a document.
pub(super) fn marks(document: &PublicState) -> BTreeSet<String> {
    let notices = document.notices.iter();
    notices.map(|notice| mark(&notice.id, notice.revision, notice.stage)).collect()
}

/// The mark of a notice.
pub(crate) fn mark(id: &str, revision: u32, stage: Stage) -> String {
    format!(
        "{id} {revision} {}",
        serde_json::to_string(&stage).unwrap_or_default().trim_matches('"')
    )
}

/// Of a document that was read somewhere: what its marks follow from, and whose it is. A later release may tell more.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    pub(super) portal: String,
    notices: Vec<SeenNotice>,
}

#[derive(Debug, Deserialize)]
struct SeenNotice {
    id: String,
    revision: u32,
    stage: Stage,
}

impl Seen {
    /// Reads a document; `None`: it is none.
    pub(super) fn read(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// Reads the document that a loader carries. Whatever else a page's script holds, nothing in it begins like a document.
    pub(super) fn carried(script: &[u8]) -> Option<Self> {
        let begins = script.windows(BEGINNING.len()).position(|bytes| bytes == BEGINNING)?;
        serde_json::Deserializer::from_slice(script.get(begins..)?).into_iter().next()?.ok()
    }

    pub(super) fn marks(&self) -> BTreeSet<String> {
        let notices = self.notices.iter();
        notices.map(|notice| mark(&notice.id, notice.revision, notice.stage)).collect()
    }
}

/// How each document begins.
const BEGINNING: &[u8] = br#"{"v":1,"#;

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str =
        r#"{"v":1,"portal":"stadt","later":{},"notices":[{"id":"2026-0001","revision":3,"stage":"identified","later":1}]}"#;

    #[test]
    fn what_a_loader_carries_is_read_as_the_document_itself() {
        let expected: BTreeSet<String> = ["2026-0001 3 identified".to_owned()].into();
        let script = format!("(()=>{{const a={{files:\"/x\"}};s({DOCUMENT});}})();");
        for seen in [Seen::read(DOCUMENT.as_bytes()), Seen::carried(script.as_bytes())] {
            let seen = seen.unwrap();
            assert_eq!((seen.portal.as_str(), seen.marks()), ("stadt", expected.clone()));
        }
    }

    #[test]
    fn what_is_no_document_is_none() {
        for other in ["", "<!doctype html>", "{\"v\":1}", "[]", "null"] {
            assert!(Seen::read(other.as_bytes()).is_none(), "{other}");
            assert!(Seen::carried(other.as_bytes()).is_none(), "{other}");
        }
        let cut = DOCUMENT.get(..DOCUMENT.len() - 3).unwrap();
        assert!(Seen::read(cut.as_bytes()).is_none());
        assert!(Seen::carried(cut.as_bytes()).is_none());
    }
}
