//! The WebAssembly entry for portals. The loader owns the transport and the place; it hands over parsed documents, and this
//! shows them in the shadow root below the banner that the loader has painted, or in its place where all is to be seen.
//!
//! Rendering is synchronous and by hand (`build`, `rebuild`), without signals: what changes, changes within the call, so that
//! the loader can keep the page from jumping, and the reactive system stays out of the download.

mod document;
mod place;

use js_sys::Function;
use leptos::{
    html,
    prelude::*,
    tachys::view::{Mountable, any_view::AnyViewState},
};
use view::{self, Reader, Told};
use wasm_bindgen::prelude::*;
use web_sys::ShadowRoot;
use wire::PublicState;

use place::Place;

fn main() {}

/// The style sheet for the shadow root.
#[wasm_bindgen]
pub fn style() -> String {
    view::STYLE.to_owned()
}

/// A mounted notice. Freeing it takes it out of the page.
#[wasm_bindgen]
pub struct Widget {
    root: ShadowRoot,
    state: PublicState,
    reader: Reader,
    preview: bool,
    /// The server's time, in seconds since 1970, when it was heard last; `None`: the loader does not tell.
    heard: Option<i64>,
    /// What stands over it.
    told: Told,
    view: AnyViewState,
}

/// Shows a document. `now` is the server's time in milliseconds since 1970, `base` the origin before relative addresses, `services`
/// the ids to narrow to, separated by blanks; `_choose` was called by earlier releases with a language that a visitor wished; `heard` is the
/// server's time when it was heard last; `under_banner`: a banner of the loader's stands over it and has told the first of it.
///
/// Loaders of earlier releases call this too: parameters are only ever added at the end, and may be missing.
#[wasm_bindgen]
#[expect(clippy::too_many_arguments, reason = "each further exported type would bring its own glue")]
pub fn mount(
    root: ShadowRoot,
    doc: &JsValue,
    lang: String,
    words: &JsValue,
    now: f64,
    base: String,
    services: &str,
    preview: bool,
    _choose: Function,
    heard: Option<f64>,
    under_banner: Option<bool>,
) -> Widget {
    let services = words_of(services);
    let reader = Reader {
        lang,
        now: whole_seconds(now),
        words: document::text(words),
        base,
        services,
    };
    let state = document::state(doc);
    let heard = heard.map(whole_seconds);
    let told = if under_banner == Some(true) { Told::Banner } else { Told::Nothing };
    let mut view = frame(&reader, &state, preview, heard, told).build();
    view.mount(root.unchecked_ref(), None);
    Widget {
        root,
        state,
        reader,
        preview,
        heard,
        told,
        view,
    }
}

#[wasm_bindgen]
impl Widget {
    /// A new document, or other services to narrow to.
    pub fn state(&mut self, doc: &JsValue, now: f64, preview: bool, services: Option<String>) {
        if let Some(services) = services {
            self.reader.services = words_of(&services);
        }
        self.state = document::state(doc);
        self.preview = preview;
        self.reader.now = whole_seconds(now);
        self.show();
    }

    /// Another language, with its words.
    pub fn words(&mut self, lang: String, words: &JsValue) {
        self.reader.lang = lang;
        self.reader.words = document::text(words);
        self.show();
    }

    /// The time goes on. `heard`: the server's time when it was heard last.
    pub fn tick(&mut self, now: f64, heard: Option<f64>) {
        self.reader.now = whole_seconds(now);
        self.heard = heard.map(whole_seconds);
        self.show();
    }

    fn show(&mut self) {
        let place = Place::of(&self.root);
        frame(&self.reader, &self.state, self.preview, self.heard, self.told).rebuild(&mut self.view);
        place.restore(&self.root);
    }
}

impl Drop for Widget {
    fn drop(&mut self) {
        self.view.unmount();
    }
}

fn words_of(list: &str) -> Vec<String> {
    list.split_whitespace().map(str::to_owned).collect()
}

fn whole_seconds(milliseconds: f64) -> i64 {
    (milliseconds / 1000.0) as i64
}

fn frame(reader: &Reader, state: &PublicState, preview: bool, heard: Option<i64>, told: Told) -> AnyView {
    let word = |key: &str| reader.words.get(key).cloned().unwrap_or_default();
    let sample = preview.then(|| html::p().class("preview").lang(word("lang")).child(word("preview")));
    html::div()
        .class("frame")
        .dir(word("dir"))
        .child(view::notices_below(
            reader,
            state,
            told,
            // How old it all is says the banner.
            vec![
                sample.into_any(),
                (told == Told::Nothing).then(|| view::age(reader, state, heard)).into_any(),
            ],
        ))
        .into_any()
}
