//! What every page asks first, asked before anything is painted: while it is painted for the first time the answers come, and are found by whoever asks
//! then.

use std::cell::RefCell;

use api::{Call, FIRST_ASKED, Method};
use gloo_net::http::Response;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::failure::Failure;

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

/// The answer to what was asked, once; `None`: nobody has asked it.
pub(crate) async fn answer(call: Call, path: &str) -> Option<Result<Response, Failure>> {
    if call.method() != Method::Get {
        return None;
    }
    let asked = ASKED.with_borrow_mut(|asked| {
        let place = asked.iter().position(|(address, _)| address == path)?;
        Some(asked.swap_remove(place).1)
    })?;
    let answered = asked.await.map(|answer| answer.unchecked_into::<web_sys::Response>().into());
    Some(answered.map_err(|_| Failure::NoAnswer))
}
