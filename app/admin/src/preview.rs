//! The notice as citizens get it: the very view of the portals, in a shadow root of its own, so that neither this page's
//! style reaches it nor its style this page.

use std::sync::Arc;

use domain::words::Fault;
use leptos::{mount::mount_to, prelude::*, task::spawn_local};
use serde_json::Value;
use view::{self, Messages, Reader};
use wasm_bindgen::JsCast;
use wire::{Kind, Notice, PublicState, Timing};

use crate::{calls, desk::Desk, failure::Failure, fields, refusal, settled::ask_when_settled, style, words};

/// What there is to show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PreviewState {
    Waiting,
    /// What a portal shows, and the one notice of it that is meant; `None`: all.
    Shown(Arc<PublicState>, Option<String>),
    /// Not yet, and why not.
    Refused(Vec<String>),
    Failed,
}

async fn ask(content: Value) -> Result<PublicState, Failure> {
    calls::preview(&content).await
}

/// The preview of what `content` says, renewed after pauses in typing.
pub(crate) fn of_draft(desk: Desk, content: Memo<Value>) -> RwSignal<PreviewState> {
    let sight = RwSignal::new(PreviewState::Waiting);
    ask_when_settled(content, ask, move |answer| match answer {
        Ok(state) => sight.set(PreviewState::Shown(Arc::new(state), None)),
        Err(Failure::SignedOut) => desk.failed(&Failure::SignedOut),
        Err(Failure::Refused(problem)) if !problem.errors.is_empty() => {
            let told = |fault: &Fault| {
                let field = words::field(fault.pointer.split('/').nth(1).unwrap_or_default());
                format!("{field}: {}", refusal::fault(fault))
            };
            sight.set(PreviewState::Refused(problem.errors.iter().map(told).collect()));
        }
        Err(_) => sight.set(PreviewState::Failed),
    });
    sight
}

/// The frame around a preview, with the choice of its language.
pub(crate) fn pane(desk: Desk, heading: Signal<&'static str>, hint: &'static str, sight: RwSignal<PreviewState>) -> AnyView {
    let languages = desk.languages();
    let language = RwSignal::new(languages.first().map(ToString::to_string).unwrap_or_default());
    let choices = languages.into_iter().map(move |tag| {
        let tag = tag.to_string();
        let (name, test, chosen) = (words::language(&tag), format!("preview-{tag}"), tag.clone());
        view! {
            <button type="button" data-test=test aria-pressed=move || (language.get() == chosen).to_string()
                on:click=move |_| language.set(tag.clone())>
                {name}
            </button>
        }
    });
    view! {
        <section class="preview" id="preview" aria-labelledby="preview-heading" tabindex="-1">
            <h2 id="preview-heading">{move || heading.get()}</h2>
            <p class="hint">{hint}</p>
            <div class="segments" role="group" aria-label=words::say().preview_language>{choices.collect_view()}</div>
            {move || match sight.get() {
                PreviewState::Waiting => view! { <p class="quiet">{words::say().loading}</p> }.into_any(),
                PreviewState::Failed => view! { <p class="quiet">{words::say().preview_failed}</p> }.into_any(),
                PreviewState::Refused(why) => {
                    let list = why.into_iter().map(|why| view! { <li>{why}</li> }).collect_view();
                    view! { <div class="quiet"><p>{words::say().preview_waits}</p><ul>{list}</ul></div> }.into_any()
                }
                PreviewState::Shown(state, _) if state.notices.is_empty() => view! { <p class="quiet">{words::say().preview_empty}</p> }.into_any(),
                PreviewState::Shown(state, _) if leaves_alone(desk, &state) => {
                    view! { <p class="late" data-test="preview-nobody">{words::say().nobody_helps}</p> }.into_any()
                }
                PreviewState::Shown(..) => ().into_any(),
            }}
            {stage(desk, sight, language)}
        </section>
    }
    .into_any()
}

/// Whether it sends people to nobody although its services have channels: all are out of order, or none was chosen.
fn leaves_alone(desk: Desk, state: &PublicState) -> bool {
    let catalogue = desk.known_untracked();
    let has_channels = |id: &String| {
        let mut services = catalogue.services.iter();
        services.any(|service| service.id.as_str() == id && !service.channels.is_empty())
    };
    let is_alone = |notice: &Notice| {
        let tells_of_trouble = notice.kind != Kind::Information && notice.timing != Timing::Past;
        tells_of_trouble && notice.channels.is_empty() && notice.affected.iter().any(|one| has_channels(&one.id))
    };
    state.notices.iter().any(is_alone)
}

/// The shadow root in which the view stands.
fn stage(desk: Desk, sight: RwSignal<PreviewState>, language: RwSignal<String>) -> AnyView {
    let host = NodeRef::<leptos::html::Div>::new();
    let words_of = RwSignal::new(None::<(String, Messages)>);
    let shown = move || words_of.with(Option::is_some) && matches!(sight.get(), PreviewState::Shown(state, _) if !state.notices.is_empty());
    // The words are those of the portals, and come when they are needed.
    Effect::new(move |_| {
        let lang = language.get();
        spawn_local(async move {
            match calls::messages(&lang).await {
                Ok(words) if language.try_get_untracked().as_ref() == Some(&lang) => words_of.set(Some((lang, words))),
                Ok(_) => {}
                Err(failure) => desk.failed(&failure),
            }
        });
    });
    // The inner tree may outlive this one by a moment, so it holds what it reads.
    let (inner_sight, inner_reader) = (ArcRwSignal::new(PreviewState::Waiting), ArcRwSignal::new(Reader::default()));
    let (outer_sight, outer_reader) = (inner_sight.clone(), inner_reader.clone());
    Effect::new(move |_| outer_sight.set(sight.get()));
    Effect::new(move |_| {
        // The words "in 20 minutes" are made from this clock.
        desk.now.track();
        let Some((lang, words)) = words_of.get() else { return };
        outer_reader.set(Reader {
            words,
            lang,
            now: desk.server_now().as_second(),
            base: String::new(),
            services: Vec::new(),
        });
    });
    let mounted = StoredValue::new_local(None);
    Effect::new(move |_| {
        let Some(host) = host.get() else { return };
        if mounted.with_value(Option::is_some) {
            return;
        }
        // The element may have been the preview of another form.
        let root = host.shadow_root().or_else(|| {
            let init = web_sys::ShadowRootInit::new(web_sys::ShadowRootMode::Open);
            let root = host.attach_shadow(&init).ok()?;
            style::adopt(root.as_ref(), view::STYLE);
            Some(root)
        });
        let Some(root) = root else { return };
        let Ok(inside) = document().create_element("div") else { return };
        if root.append_child(&inside).is_err() {
            return;
        }
        let (sight, reader) = (inner_sight.clone(), inner_reader.clone());
        mounted.set_value(Some(mount_to(inside.unchecked_into(), move || {
            move || {
                let reader = reader.get();
                match sight.get() {
                    PreviewState::Shown(state, None) => view::notices(&reader, &state),
                    PreviewState::Shown(state, Some(id)) => state
                        .notices
                        .iter()
                        .find(|notice| notice.id == id)
                        .map_or_else(|| ().into_any(), |notice| view::notice(&reader, &state, notice)),
                    _ => ().into_any(),
                }
            }
        })));
    });
    view! { <div class="stage" data-test="preview" node_ref=host hidden=move || !shown()></div> }.into_any()
}

/// Brings the preview into view, for those who see it below the form.
pub(crate) fn reveal() {
    fields::focus("preview");
}
