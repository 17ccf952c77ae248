//! What people read without JavaScript: pages made of the view that the widget mounts. Each is rendered by its first reader, outside of
//! the publisher's locks, and kept while it is true; [`visit::Visit`] is the way that all of them take.

mod fallback;
mod fragment;
mod frame;
mod hint;
mod history;
mod language;
mod missing;
mod nowhere;
mod page;
mod page_cache;
mod past;
mod permanent;
mod query;
mod reference;
mod report;
mod sample;
mod scene;
mod status;
mod subscription;
mod visit;

pub(crate) use fallback::{fallback, unavailable};
pub(crate) use fragment::fragment;
pub(crate) use frame::{direction, head, in_tags};
pub(crate) use hint::hint;
pub(crate) use history::history;
pub(crate) use language::{choose, frame_words, word};
pub(crate) use missing::missing;
pub(crate) use nowhere::{front, no_subscription, not_now, nowhere};
pub(crate) use page::{Page, private};
pub(crate) use page_cache::PageCache;
pub(crate) use paper::escape;
pub(crate) use past::past;
pub(crate) use permanent::permanent;
pub(crate) use query::{asked as asked_for, query};
pub(crate) use reference::reference;
pub(crate) use report::{report, report_list};
pub(crate) use sample::sample;
pub(crate) use scene::{Scene, reader};
pub(crate) use status::status;
pub(crate) use subscription::{Chosen, Said, Wrong, asked, ended, form_page, own, terms};
pub(crate) use visit::{Missing, Visit};
