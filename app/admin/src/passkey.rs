//! Passkeys in this browser: what the server asks of a device, and what the device answers. Both are the browser's own JSON, which passes through
//! as it is.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What a device is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Make,
    Sign,
}

impl Deed {
    /// Who reads what the server asks, and who asks the device.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Make => ("parseCreationOptionsFromJSON", "create"),
            Self::Sign => ("parseRequestOptionsFromJSON", "get"),
        }
    }
}

fn part(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

/// What of a browser knows passkeys; undefined in old ones, and where people come without TLS.
fn kind() -> JsValue {
    part(&js_sys::global(), "PublicKeyCredential")
}

/// Whether a device can be asked here: the browser knows how, and the host has a name, for which alone there are passkeys.
pub(crate) fn are_possible(deed: Deed) -> bool {
    let host = leptos::prelude::window().location().hostname().unwrap_or_default();
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_address = host.starts_with('[') || last.bytes().all(|byte| byte.is_ascii_digit());
    !is_address && part(&kind(), deed.names().0).is_function()
}

/// Asks a device for what the server wants of it; its answer as text. Nothing where nobody has allowed it, or no device can.
pub(crate) async fn ask(deed: Deed, asked: &str) -> Option<String> {
    let told = asking(deed, asked).await.ok()?;
    JSON::stringify(&told).ok().map(String::from)
}

async fn asking(deed: Deed, asked: &str) -> Result<JsValue, JsValue> {
    let (reads, asks) = deed.names();
    let kind = kind();
    let read: Function = part(&kind, reads).dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"publicKey".into(), &read.call1(&kind, &JSON::parse(asked)?)?)?;
    let keys = part(&part(&js_sys::global(), "navigator"), "credentials");
    let ask: Function = part(&keys, asks).dyn_into()?;
    let answer: Promise = ask.call1(&keys, &options)?.dyn_into()?;
    JsFuture::from(answer).await
}
