//! The whole catalogue as a file: taken along, and put in force.

use api::{Becomes, CatalogueChange};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::{
    calls,
    desk::Desk,
    fields::{self, Faults},
    once::Once,
    words::{self, catalogue::say},
};

/// A file that was chosen, and what it would change.
#[derive(Clone, Debug, PartialEq)]
struct Chosen {
    text: String,
    /// Over which catalogue it was looked at.
    revision: u32,
    changes: Vec<CatalogueChange>,
}

pub(super) fn section(desk: Desk) -> AnyView {
    let chosen = RwSignal::new(None::<Chosen>);
    let (faults, once) = (Faults::new(), Once::new());
    let read = move |file: web_sys::File| {
        chosen.set(None);
        faults.show(Vec::new());
        spawn_local(async move {
            let text = JsFuture::from(file.text())
                .await
                .ok()
                .and_then(|text| text.as_string())
                .unwrap_or_default();
            let sent = text.clone();
            let checking = async move { calls::apply_catalogue(&sent, None).await };
            once.send(desk, faults, checking, move |changes| {
                chosen.set(Some(Chosen {
                    text,
                    revision: changes.revision,
                    changes: changes.changes,
                }));
                fields::focus_soon("changes");
            });
        });
    };
    let apply = move |_| {
        let Some(Chosen { text, revision, .. }) = chosen.get_untracked() else {
            return;
        };
        let applying = async move { calls::apply_catalogue(&text, Some(revision)).await };
        once.send(desk, faults, applying, move |_| {
            chosen.set(None);
            desk.refresh_catalogue();
            desk.say(say().applied.to_owned());
            fields::focus("heading");
        });
    };
    let pick = move |ev: web_sys::Event| {
        let input = ev.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same one may be chosen again, once it is mended.
        input.set_value("");
        if let Some(file) = file {
            read(file);
        }
    };
    view! {
        <section class="part" aria-labelledby="exchange-heading" data-test="exchange">
            <h2 id="exchange-heading">{say().file}</h2>
            <p><a href=calls::catalogue_toml() download="catalogue.toml" data-test="export">{say().export}</a></p>
            <div class="field">
                <label for="field-toml">{say().import}</label>
                <p class="hint">{say().import_hint}</p>
                <input id="field-toml" type="file" accept=".toml,application/toml,text/plain" prop:disabled=move || once.is_busy() == "true" on:change=pick />
            </div>
            {move || wrong(faults)}
            {move || chosen.get().map(|chosen| changes(&chosen.changes, apply, once))}
        </section>
    }
    .into_any()
}

/// All that is wrong with a file, as the server tells it.
fn wrong(faults: Faults) -> Option<AnyView> {
    let lines = faults.0.get();
    (!lines.is_empty()).then(|| {
        let lines = lines.into_iter().map(|fault| view! { <li lang="en">{fault.detail}</li> });
        view! {
            <div class="faults" role="alert" data-test="file-faults">
                <p><strong>{say().file_refused}</strong></p>
                <ul>{lines.collect_view()}</ul>
            </div>
        }
        .into_any()
    })
}

/// What a file would change, and the button that has it changed.
fn changes(changes: &[CatalogueChange], apply: impl Fn(web_sys::MouseEvent) + 'static, once: Once) -> AnyView {
    let line = |change: &CatalogueChange| {
        let what = match change.what {
            Becomes::Added => say().added,
            Becomes::Changed => say().changed,
            Becomes::Removed => say().gone,
        };
        view! { <li>{words::catalogue::kind(change.kind)} " " <span class="id">{change.id.clone()}</span> ": " {what}</li> }
    };
    let is_same = changes.is_empty();
    view! {
        <div class="step" id="changes" tabindex="-1" data-test="changes">
            <p>{if is_same { say().same } else { say().would_change }}</p>
            <ul>{changes.iter().map(line).collect_view()}</ul>
            <div class="row" hidden=is_same>
                <button type="button" class="primary" data-test="apply" aria-disabled=move || once.is_busy() on:click=apply>{say().apply}</button>
            </div>
        </div>
    }
    .into_any()
}
