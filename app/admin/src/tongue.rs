//! The language in which somebody works: German, until they choose English. The choice stays in this browser.

use std::cell::Cell;

use leptos::prelude::{document, window};

/// A language of this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tongue {
    German,
    English,
}

/// Under this name the choice is kept.
const KEPT: &str = "umleitung.language";

thread_local! {
    static SPOKEN: Cell<Tongue> = const { Cell::new(Tongue::German) };
}

impl Tongue {
    pub(crate) const ALL: [Self; 2] = [Self::German, Self::English];

    /// As in `lang`.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
        }
    }

    /// What it calls itself.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::German => "Deutsch",
            Self::English => "English",
        }
    }
}

/// The language of this visit: it does not change while the page is open.
pub(crate) fn spoken() -> Tongue {
    SPOKEN.get()
}

/// What is said in German, or what is said in English.
pub(crate) fn pick<T>(german: T, english: T) -> T {
    match spoken() {
        Tongue::German => german,
        Tongue::English => english,
    }
}

/// Takes up the language that was chosen, before anything is said.
pub(crate) fn begin() {
    let kept = window()
        .local_storage()
        .ok()
        .flatten()
        .and_then(|kept| kept.get_item(KEPT).ok().flatten());
    let chosen = Tongue::ALL.into_iter().find(|tongue| kept.as_deref() == Some(tongue.tag()));
    SPOKEN.set(chosen.unwrap_or(Tongue::German));
    if let Some(page) = document().document_element() {
        let _ = page.set_attribute("lang", spoken().tag());
    }
}

/// Works in this language from now on. The page begins anew; what was typed comes back.
pub(crate) fn choose(tongue: Tongue) {
    if let Ok(Some(kept)) = window().local_storage() {
        let _ = kept.set_item(KEPT, tongue.tag());
    }
    let _ = window().location().reload();
}
