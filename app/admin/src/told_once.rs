//! Secrets that are told once.

use leptos::prelude::*;

use crate::words::people::say;

/// A secret that is told once, to be copied.
pub(crate) fn line(id: &'static str, name: &'static str, hint: &'static str, secret: String) -> AnyView {
    let shown = secret.clone();
    view! {
        <div class="field told-once" data-test=id>
            <label for=id>{name}</label>
            <p class="hint">{hint}</p>
            <input id=id type="text" readonly prop:value=shown.clone() />
            {copy(secret)}
        </div>
    }
    .into_any()
}

/// The button that copies it.
pub(crate) fn copy(secret: String) -> AnyView {
    let copied = RwSignal::new(false);
    // Without TLS browsers copy nothing by themselves.
    let can_copy = window().is_secure_context();
    let copy = move |_| {
        let _done = window().navigator().clipboard().write_text(&secret);
        copied.set(true);
    };
    view! {
        <div class="row" hidden=!can_copy>
            <button type="button" class="small" on:click=copy>{say().copy}</button>
            <span role="status">{move || copied.get().then(|| say().copied)}</span>
        </div>
    }
    .into_any()
}
