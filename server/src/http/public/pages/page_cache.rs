//! Pages that were rendered once and are still true. A page is made by its first reader and kept until something happens on its portal
//! or its words change by time.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use domain::words::PortalId;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::page::Page;

/// How many bytes of pages are kept, of all portals together; whoever asks for ever other services gets ever other pages. The oldest page of
/// the portal that takes the most goes first, so that no portal drives out another that takes less.
const ROOM: usize = 32 * 1024 * 1024;

/// What a page takes beside its text: headers, keys, places in maps.
const BESIDE: usize = 4 * 1024;

/// How many pages are rendered at the same time: what is published goes out meanwhile, and `state.json` is answered.
const RENDERINGS: usize = 2;

/// Which page of a portal: the path below it with what of the query counts, and the language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) path: String,
    pub(crate) language: String,
}

/// The pages that are kept.
pub(crate) struct PageCache {
    portals: Mutex<Portals>,
    /// A permit belongs to the rendering, not to the request that asked for it: a reader who leaves does not make room for one more.
    pub(crate) renderings: Arc<Semaphore>,
}

#[derive(Default)]
struct Portals {
    pages: HashMap<PortalId, Pages>,
    weight: usize,
}

#[derive(Default)]
struct Pages {
    kept: HashMap<Key, Kept>,
    /// The keys in the order in which they came.
    order: VecDeque<Key>,
    weight: usize,
}

struct Kept {
    /// The count of what had happened on the portal when the page was made.
    edition: u64,
    /// When it was made; it is not for an earlier time.
    since: Timestamp,
    page: Arc<Page>,
}

impl Kept {
    fn weight(&self) -> usize {
        BESIDE + self.page.document.plain.len() + self.page.document.brotli().len()
    }
}

impl Default for PageCache {
    fn default() -> Self {
        Self {
            portals: Mutex::default(),
            renderings: Arc::new(Semaphore::new(RENDERINGS)),
        }
    }
}

impl PageCache {
    /// A page that is still true.
    pub(crate) fn find(&self, portal: &PortalId, key: &Key, edition: u64, now: Timestamp) -> Option<Arc<Page>> {
        let portals = self.portals.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = portals.pages.get(portal)?.kept.get(key).filter(|kept| kept.edition == edition)?;
        (kept.since <= now && kept.page.until.is_none_or(|until| now < until)).then(|| kept.page.clone())
    }

    /// Keeps a page in the place of its predecessor.
    pub(crate) fn put(&self, portal: &PortalId, key: Key, (edition, since): (u64, Timestamp), page: Arc<Page>) {
        let mut portals = self.portals.lock().unwrap_or_else(PoisonError::into_inner);
        portals.put(portal, key, Kept { edition, since, page });
    }
}

impl Portals {
    fn put(&mut self, portal: &PortalId, key: Key, page: Kept) {
        let pages = self.pages.entry(portal.clone()).or_default();
        self.weight -= pages.weight;
        pages.put(key, page);
        self.weight += pages.weight;
        while self.weight > ROOM {
            let Some(heaviest) = self.pages.values_mut().max_by_key(|pages| pages.weight) else {
                return;
            };
            self.weight -= heaviest.take_oldest();
        }
    }
}

impl Pages {
    fn put(&mut self, key: Key, page: Kept) {
        self.weight += page.weight();
        match self.kept.insert(key.clone(), page) {
            Some(predecessor) => self.weight -= predecessor.weight(),
            None => self.order.push_back(key),
        }
    }

    /// How many bytes that frees.
    fn take_oldest(&mut self) -> usize {
        let oldest = self.order.pop_front().and_then(|key| self.kept.remove(&key));
        let freed = oldest.map_or(0, |page| page.weight());
        self.weight -= freed;
        freed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Delivery, Document};

    fn page(text: impl Into<bytes::Bytes>, until: Option<i64>) -> Arc<Page> {
        let delivery = Delivery {
            content_type: "text/html",
            cache: "",
        };
        Arc::new(Page {
            document: Document::new(text, delivery),
            until: until.map(second),
            retry_at: None,
        })
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn portal(id: &str) -> PortalId {
        PortalId::parse(id).unwrap()
    }

    fn key(path: &str) -> Key {
        Key {
            path: path.to_owned(),
            language: "de".to_owned(),
        }
    }

    #[test]
    fn a_page_is_kept_until_something_happens_or_its_words_change() {
        let (cache, town) = (PageCache::default(), portal("town"));
        cache.put(&town, key(""), (7, second(0)), page("x", Some(100)));
        assert!(cache.find(&town, &key(""), 7, second(99)).is_some());
        assert!(cache.find(&town, &key(""), 7, second(100)).is_none());
        cache.put(&town, key("later"), (7, second(50)), page("x", None));
        assert!(cache.find(&town, &key("later"), 7, second(49)).is_none(), "the clock was set back");
        assert!(cache.find(&town, &key(""), 8, second(99)).is_none());
        assert!(cache.find(&town, &key("history"), 7, second(99)).is_none());
        assert!(cache.find(&portal("city"), &key(""), 7, second(99)).is_none());
    }

    #[test]
    fn all_portals_together_have_one_room() {
        let cache = PageCache::default();
        let portals = (0..200).map(|number| portal(&format!("portal-{number}"))).collect::<Vec<_>>();
        for portal in &portals {
            cache.put(portal, key(""), (1, second(0)), page(vec![b' '; ROOM / 50], None));
        }
        let kept = portals
            .iter()
            .filter(|portal| cache.find(portal, &key(""), 1, second(0)).is_some())
            .count();
        assert!((40..=50).contains(&kept), "{kept} of 200 pages of a fiftieth of the room");
    }

    #[test]
    fn the_oldest_of_a_portal_makes_room_by_its_weight() {
        let (cache, town, city) = (PageCache::default(), portal("town"), portal("city"));
        let there = |portal: &PortalId, number: usize| cache.find(portal, &key(&number.to_string()), 1, second(0)).is_some();
        cache.put(&city, key("0"), (1, second(0)), page("x", None));
        let heavy = || page(vec![b' '; ROOM / 4], None);
        for number in 0..4 {
            // A page in the place of its predecessor takes no more room.
            cache.put(&town, key(&number.to_string()), (1, second(0)), heavy());
            cache.put(&town, key(&number.to_string()), (1, second(0)), heavy());
        }
        assert_eq!([0, 1, 2, 3].map(|number| there(&town, number)), [false, true, true, true]);
        for number in 4..2_000 {
            cache.put(&town, key(&number.to_string()), (1, second(0)), page("x", None));
        }
        assert!(there(&town, 1_999) && there(&town, 4), "many that are light have room");
        assert!(there(&city, 0), "one portal does not drive out another");
        cache.put(&town, key("all"), (1, second(0)), page(vec![b' '; ROOM + 1], None));
        assert!(
            cache.find(&town, &key("all"), 1, second(0)).is_none(),
            "what is too heavy is not kept"
        );
    }
}
