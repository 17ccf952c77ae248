//! The WebAssembly entry for portals. The loader owns the transport and the place; it hands over parsed documents, and this
//! shows them in the shadow root where the loader has painted the essential notice.
//!
//! Rendering is synchronous and by hand (`build`, `rebuild`), without signals: what changes, changes within the call, so that
//! the loader can keep the page from jumping, and the reactive system stays out of the download.

mod document;
mod place;

use app::view::{self, Reader};
use domain::public::PublicState;
use js_sys::Function;
use leptos::{
    ev, html,
    prelude::*,
    tachys::view::{Mountable, any_view::AnyViewState},
};
use wasm_bindgen::prelude::*;
use web_sys::ShadowRoot;

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
    choose: Function,
    view: AnyViewState,
}

/// Shows a document. `now` is the server's time in milliseconds since 1970, `base` the origin before relative addresses, `services`
/// the ids to narrow to, separated by blanks; `choose` is called with the tag of a language that a visitor wishes; `heard` is the
/// server's time when it was heard last.
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
    choose: Function,
    heard: Option<f64>,
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
    let mut view = frame(&reader, &state, preview, heard, &choose).build();
    view.mount(root.unchecked_ref(), None);
    Widget {
        root,
        state,
        reader,
        preview,
        heard,
        choose,
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
        frame(&self.reader, &self.state, self.preview, self.heard, &self.choose).rebuild(&mut self.view);
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

fn frame(reader: &Reader, state: &PublicState, preview: bool, heard: Option<i64>, choose: &Function) -> AnyView {
    let word = |key: &str| reader.words.get(key).cloned().unwrap_or_default();
    let sample = preview.then(|| html::p().class("preview").lang(word("lang")).child(word("preview")));
    html::div()
        .class("frame")
        .dir(word("dir"))
        .child((
            languages(reader, state, choose, word("language")),
            view::notices_below(reader, state, vec![sample.into_any(), view::age(reader, state, heard)]),
        ))
        .into_any()
}

/// The portal's languages, each named in itself; nothing where there is no choice.
fn languages(reader: &Reader, state: &PublicState, choose: &Function, label: String) -> Option<AnyView> {
    let button = |tag: &String| {
        let name = reader.words.get(&["language.", tag].concat()).unwrap_or(tag).clone();
        let (wish, choose) = (JsValue::from_str(tag), choose.clone());
        html::button()
            .attr("type", "button")
            .lang(tag.clone())
            .attr("aria-pressed", if *tag == reader.lang { "true" } else { "false" })
            .child(name)
            .on(ev::click, move |_| {
                // A page that refuses the words keeps the language that it shows.
                let _ = choose.call1(&JsValue::NULL, &wish);
            })
            .into_any()
    };
    let bar = || {
        html::nav()
            .id("languages")
            .class("bar")
            .lang(reader.words.get("lang").cloned())
            .attr("aria-label", label.clone())
    };
    (state.languages.len() > 1).then(|| bar().child(state.languages.iter().map(button).collect::<Vec<_>>()).into_any())
}
