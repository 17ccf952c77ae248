//! What was typed and not sent: it outlives a reload, a tab that a phone drops, and a session that ends; not signing out, and not
//! another person. It lies in the browser's storage, on this origin only, by the place in which it was typed.

use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use web_sys::Storage;

use crate::clock;

/// Before each place, so that signing out finds them all.
const PREFIX: &str = "umleitung.typed ";
/// Under this name stands whose it is.
const PERSON: &str = "umleitung.person";

/// Something typed, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Typed<T> {
    pub(crate) at: Timestamp,
    pub(crate) what: T,
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What was typed at a place. What cannot be read was written by another release, and is as if it were not there.
pub(crate) fn at<T: DeserializeOwned>(place: &str) -> Option<Typed<T>> {
    let text = storage()?.get_item(&format!("{PREFIX}{place}")).ok().flatten()?;
    serde_json::from_str(&text).ok()
}

/// Keeps what is typed at a place, or with `None` lets it go.
pub(crate) fn keep<T: Serialize>(place: &str, typed: Option<T>) {
    let Some(storage) = storage() else { return };
    let key = format!("{PREFIX}{place}");
    // A full or forbidden storage costs only what a reload would lose.
    let _ = match typed {
        Some(what) => {
            let at = clock::browser_now();
            let text = serde_json::to_string(&Typed { at, what }).unwrap_or_default();
            storage.set_item(&key, &text)
        }
        None => storage.remove_item(&key),
    };
}

/// Lets everything go.
pub(crate) fn forget() {
    let Some(storage) = storage() else { return };
    let count = storage.length().unwrap_or_default();
    let keys: Vec<String> = (0..count).filter_map(|place| storage.key(place).ok().flatten()).collect();
    for key in keys.iter().filter(|key| key.starts_with(PREFIX) || *key == PERSON) {
        let _ = storage.remove_item(key);
    }
}

/// Whose the typed text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heir {
    Same,
    /// It was another person's, and is gone.
    Other,
}

/// From now on this person types.
pub(crate) fn hand_over(name: &str) -> Heir {
    let before = storage().and_then(|storage| storage.get_item(PERSON).ok().flatten());
    let heir = if before.as_deref().is_none_or(|before| before == name) {
        Heir::Same
    } else {
        forget();
        Heir::Other
    };
    if let Some(storage) = storage() {
        let _ = storage.set_item(PERSON, name);
    }
    heir
}

/// A key under which a thing is asked for once, however often it is sent.
pub(crate) fn fresh_key() -> String {
    let mut bytes = [0_u8; 16];
    let filled = window()
        .crypto()
        .is_ok_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !filled {
        // A browser without it has no secure pages either; uniqueness is all that is needed here.
        bytes.fill_with(|| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number from 0 to 255")]
            let byte = (js_sys::Math::random() * 256.0) as u8;
            byte
        });
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
