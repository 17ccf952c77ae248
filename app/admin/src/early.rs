//! What every page asks first, asked before anything is painted: while it is painted for the first time the answers come, and are found by whoever asks
//! then.

use std::cell::RefCell;

use api::{Call, FIRST_ASKED};
use wasm_bindgen_futures::JsFuture;

thread_local! {
    /// What was asked, by its address.
    static ASKED: RefCell<Vec<(String, JsFuture)>> = const { RefCell::new(Vec::new()) };
}

/// Asks.
pub(crate) fn ask() {
    let ask = |(call, query): (Call, &str)| {
        let mark = if query.is_empty() { "" } else { "?" };
        let path = [call.path().0, mark, query].concat();
        let answer = JsFuture::from(leptos::prelude::window().fetch_with_str(&path));
        (path, answer)
    };
    ASKED.set(FIRST_ASKED.map(ask).into());
}

/// From now on every question is asked anew.
pub(crate) fn forget() {
    ASKED.take();
}

/// The answer to a question, once.
pub(crate) fn find(path: &str) -> Option<JsFuture> {
    ASKED.with_borrow_mut(|asked| {
        let place = asked.iter().position(|(address, _)| address == path)?;
        Some(asked.swap_remove(place).1)
    })
}
