//! Pages that were rendered once and are still true. A page is made by its first reader and kept until something happens on its portal
//! or its words change by time.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::Page;

/// How many pages are kept; the oldest goes first.
const ROOM: usize = 1_000;

/// How many pages are rendered at the same time: what is published goes out meanwhile, and `state.json` is answered.
const HANDS: usize = 2;

/// Which page: the portal, the path below it with what of the query counts, and the language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) portal: String,
    pub(super) path: String,
    pub(super) language: String,
}

/// The pages that are kept.
pub(crate) struct Shelf {
    pages: Mutex<Pages>,
    pub(super) hands: Semaphore,
}

#[derive(Default)]
struct Pages {
    kept: HashMap<Key, Kept>,
    /// The keys in the order in which they came.
    order: VecDeque<Key>,
}

struct Kept {
    /// The entry that had touched the portal last when the page was made.
    position: u64,
    page: Arc<Page>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            pages: Mutex::default(),
            hands: Semaphore::new(HANDS),
        }
    }
}

impl Shelf {
    /// A page that is still true.
    pub(super) fn find(&self, key: &Key, position: u64, now: Timestamp) -> Option<Arc<Page>> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = pages.kept.get(key).filter(|kept| kept.position == position)?;
        kept.page.until.is_none_or(|until| now < until).then(|| kept.page.clone())
    }

    /// Keeps a page in the place of its predecessor.
    pub(super) fn put(&self, key: Key, position: u64, page: Arc<Page>) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.kept.insert(key.clone(), Kept { position, page }).is_none() {
            pages.order.push_back(key);
        }
        while pages.order.len() > ROOM {
            if let Some(oldest) = pages.order.pop_front() {
                pages.kept.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{Delivery, Document};

    fn page(until: Option<i64>) -> Arc<Page> {
        let delivery = Delivery {
            content_type: "text/html",
            cache: "",
        };
        Arc::new(Page {
            document: Document::new("x", delivery),
            until: until.map(second),
            retry_at: None,
        })
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn key(path: &str) -> Key {
        Key {
            portal: "town".to_owned(),
            path: path.to_owned(),
            language: "de".to_owned(),
        }
    }

    #[test]
    fn a_page_is_kept_until_something_happens_or_its_words_change() {
        let shelf = Shelf::default();
        shelf.put(key(""), 7, page(Some(100)));
        assert!(shelf.find(&key(""), 7, second(99)).is_some());
        assert!(shelf.find(&key(""), 7, second(100)).is_none());
        assert!(shelf.find(&key(""), 8, second(99)).is_none());
        assert!(shelf.find(&key("history"), 7, second(99)).is_none());
    }

    #[test]
    fn the_oldest_makes_room() {
        let shelf = Shelf::default();
        for number in 0..=ROOM {
            shelf.put(key(&number.to_string()), 1, page(None));
            shelf.put(key(&number.to_string()), 1, page(None));
        }
        assert!(shelf.find(&key("0"), 1, second(0)).is_none());
        assert!(shelf.find(&key("1"), 1, second(0)).is_some());
        assert!(shelf.find(&key(&ROOM.to_string()), 1, second(0)).is_some());
    }
}
