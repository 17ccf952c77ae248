//! Style by constructed sheets: the page's policy forbids inline styles.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;
use web_sys::CssStyleSheet;

/// Adds a sheet to a document or a shadow root.
pub(crate) fn adopt(root: &JsValue, css: &str) {
    let Ok(sheet) = CssStyleSheet::new() else { return };
    if sheet.replace_sync(css).is_err() {
        return;
    }
    let name = JsValue::from_str("adoptedStyleSheets");
    let sheets = Reflect::get(root, &name).map_or_else(|_| Array::new(), |old| Array::from(&old));
    sheets.push(&sheet);
    // A browser without constructed sheets shows the page plain, and usable.
    let _ = Reflect::set(root, &name, &sheets);
}
