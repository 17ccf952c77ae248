//! All that a page is made of, taken at one moment.

use std::sync::Arc;

use domain::{
    catalogue::Portal,
    project::next_words_of,
    state::State,
    text::{Language, Localized},
    words::PortalId,
};
use jiff::Timestamp;
use view::{Messages, Reader, for_any_day};
use wire::PublicState;

use super::{language, page::Page};
use crate::{assets, document::Document, http::site::Site};
use paper::escape;

/// All that a page is made of, taken at one moment. Publishing goes on while it is held.
pub(crate) struct Scene {
    pub(crate) state: Arc<State>,
    pub(crate) now: Timestamp,
    pub(crate) portal: Portal,
    pub(crate) public_url: String,
    /// Words of the frame.
    pub(crate) words: Messages,
    pub(crate) reader: Reader,
    /// Whether people can be told by mail.
    pub(crate) can_be_told: bool,
}

impl Scene {
    pub(crate) fn new(site: &Site, portal: &PortalId, language: &str) -> Option<Self> {
        let (state, now) = site.publisher.present();
        Self::at(site, state, portal, language, now)
    }

    /// In this state, at this instant.
    pub(crate) fn at(site: &Site, state: Arc<State>, portal: &PortalId, language: &str, now: Timestamp) -> Option<Self> {
        let portal = state.portal(portal)?.clone();
        Some(Self {
            state,
            now,
            portal,
            public_url: site.public_url.clone(),
            words: language::frame_words(language),
            reader: reader(language, now),
            can_be_told: site.subscribers.can_be_told(),
        })
    }

    /// A word of the frame, ready for a page.
    pub(crate) fn word(&self, key: &str) -> String {
        escape(language::word(&self.words, key))
    }

    /// A word of the frame as it is.
    pub(crate) fn said(&self, key: &str) -> String {
        language::word(&self.words, key).to_owned()
    }

    /// Keeps the chosen language in links.
    pub(crate) fn query(&self) -> String {
        format!("?lang={}", escape(&self.reader.lang))
    }

    /// When a page about this document has to be told anew.
    pub(crate) fn until(&self, document: &PublicState) -> Option<Timestamp> {
        next_words_of(&self.state, &self.portal.id, document, self.now)
    }

    pub(crate) fn page(&self, document: Document, about: &PublicState) -> Page {
        Page {
            document,
            until: self.until(about),
            retry_at: None,
        }
    }

    /// Where the clocks are by which the page tells times, since its readers may be anywhere.
    pub(crate) fn zone(&self) -> String {
        let city = self.portal.time_zone.rsplit('/').next().unwrap_or_default().replace('_', " ");
        let zone = language::word(&self.reader.words, "zone").replace("{}", &city);
        format!("<p class=\"zone\">{}</p>", escape(&zone))
    }

    /// The portal's name in the language of the page, else in any.
    pub(crate) fn name(&self) -> String {
        escape(&self.plain_name())
    }

    /// The same as it is.
    pub(crate) fn plain_name(&self) -> String {
        self.text(&self.portal.name)
    }

    /// A text in the language of the page, else in any.
    pub(crate) fn text(&self, text: &Localized) -> String {
        let language = Language::parse(&self.reader.lang);
        language.as_ref().map_or("", |language| text.get_or_any(language)).to_owned()
    }
}

pub(crate) fn reader(language: &str, now: Timestamp) -> Reader {
    Reader {
        lang: language.to_owned(),
        now: now.as_second(),
        words: for_any_day(assets::messages(language)),
        ..Reader::default()
    }
}
