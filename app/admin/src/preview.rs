//! The notice as citizens get it: a frame with the very tag of a portal, as wide as a phone or a screen, and below it what is read out and what
//! a text message would say.

mod text_message;

use std::sync::Arc;

use domain::words::Fault;
use leptos::prelude::*;
use serde_json::Value;

use self::text_message::{room, text_message};
use crate::{calls, desk::Desk, failure::Failure, fields, refusal, settled::ask_when_settled, words};

/// What there is to show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PreviewState {
    Waiting,
    /// The document of a portal with this notice in it, and whether people see it there.
    Shown {
        document: Arc<Value>,
        is_on_show: bool,
    },
    /// Not yet, and why not.
    Refused(Vec<String>),
    Failed,
}

impl PreviewState {
    /// What it would be on a portal.
    pub(crate) fn of_draft(document: Value) -> Self {
        Self::Shown {
            document: Arc::new(document),
            is_on_show: false,
        }
    }

    /// What a portal shows of one notice; `None`: nothing.
    pub(crate) fn of_portal(mut document: Value, id: &str) -> Option<Self> {
        let notices = document.get_mut("notices")?.as_array_mut()?;
        notices.retain(|notice| notice["id"] == id);
        let is_there = !notices.is_empty();
        is_there.then(|| Self::Shown {
            document: Arc::new(document),
            is_on_show: true,
        })
    }

    /// The document, if people see anything of the notice in it.
    fn document(&self) -> Option<Arc<Value>> {
        match self {
            Self::Shown { document, .. } if !notices(document).is_empty() => Some(document.clone()),
            _ => None,
        }
    }
}

fn notices(document: &Value) -> &[Value] {
    list(&document["notices"])
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

async fn ask(content: Value) -> Result<Value, Failure> {
    calls::preview(&content).await
}

/// The preview of what `content` says, renewed after pauses in typing.
pub(crate) fn of_draft(desk: Desk, content: Memo<Value>) -> RwSignal<PreviewState> {
    let sight = RwSignal::new(PreviewState::Waiting);
    ask_when_settled(content, ask, move |answer| match answer {
        Ok(document) => sight.set(PreviewState::of_draft(document)),
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

/// The frame around a preview, with the choices of its language and its width.
pub(crate) fn pane(desk: Desk, heading: Signal<&'static str>, hint: &'static str, sight: RwSignal<PreviewState>) -> AnyView {
    let languages = desk.languages();
    let language = RwSignal::new(languages.first().map(ToString::to_string).unwrap_or_default());
    let is_wide = RwSignal::new(false);
    let tongues = languages.into_iter().map(move |tag| {
        let tag = tag.to_string();
        let (name, chosen) = (words::language(&tag), tag.clone());
        segment(
            name,
            format!("preview-{tag}"),
            move || language.get() == chosen,
            move || language.set(tag.clone()),
        )
    });
    let widths = [
        (false, "phone", words::say().preview_phone),
        (true, "wide", words::say().preview_wide),
    ]
    .map(|(wide, test, name)| {
        segment(
            name,
            format!("preview-{test}"),
            move || is_wide.get() == wide,
            move || is_wide.set(wide),
        )
    });
    view! {
        <section class="preview" id="preview" aria-labelledby="preview-heading" tabindex="-1">
            <h2 id="preview-heading">{move || heading.get()}</h2>
            <p class="hint">{hint}</p>
            <div class="row">
                <div class="segments" role="group" aria-label=words::say().preview_language>{tongues.collect_view()}</div>
                <div class="segments" role="group" aria-label=words::say().preview_width>{widths.collect_view()}</div>
            </div>
            {move || match sight.get() {
                PreviewState::Waiting => view! { <p class="quiet">{words::say().loading}</p> }.into_any(),
                PreviewState::Failed => view! { <p class="quiet">{words::say().preview_failed}</p> }.into_any(),
                PreviewState::Refused(why) => {
                    let list = why.into_iter().map(|why| view! { <li>{why}</li> }).collect_view();
                    view! { <div class="quiet"><p>{words::say().preview_waits}</p><ul>{list}</ul></div> }.into_any()
                }
                PreviewState::Shown { document, .. } if notices(&document).is_empty() => {
                    view! { <p class="quiet">{words::say().preview_empty}</p> }.into_any()
                }
                PreviewState::Shown { document, .. } if leaves_alone(desk, &document) => {
                    view! { <p class="late" data-test="preview-nobody">{words::say().nobody_helps}</p> }.into_any()
                }
                PreviewState::Shown { .. } => ().into_any(),
            }}
            {screen(sight, language, is_wide)}
        </section>
    }
    .into_any()
}

fn segment(
    name: impl Into<String>,
    test: String,
    is_chosen: impl Fn() -> bool + Send + Sync + 'static,
    choose: impl Fn() + 'static,
) -> AnyView {
    view! {
        <button type="button" data-test=test aria-pressed=move || is_chosen().to_string() on:click=move |_| choose()>{name.into()}</button>
    }
    .into_any()
}

/// The frame, whose page follows what stands on it (`public/preview/frame.js`), and what of it is heard or sent.
fn screen(sight: RwSignal<PreviewState>, language: RwSignal<String>, is_wide: RwSignal<bool>) -> AnyView {
    let shown = Memo::new(move |_| sight.with(PreviewState::document));
    // It stays, out of sight, while the form lacks something.
    let document = Memo::new(move |before: Option<&Option<Arc<Value>>>| shown.get().or_else(|| before.cloned().flatten()));
    let portal = Memo::new(move |_| {
        document.with(|document| {
            document
                .as_ref()
                .and_then(|document| document["portal"].as_str().map(str::to_owned))
        })
    });
    let frame = move || {
        let (portal, lang) = (portal.get()?, language.get());
        Some(view! {
            <iframe src="/admin/preview/" title=words::say().preview class:wide=move || is_wide.get() data-test="preview" data-portal=portal data-lang=lang
                data-state=move || document.with(|document| document.as_ref().map(ToString::to_string))></iframe>
        })
    };
    let heard = move || {
        let document = shown.get()?;
        let notice = notices(&document).first()?;
        let brief = &notice["brief"];
        let tongues = [language.get(), document["languages"][0].as_str().unwrap_or_default().to_owned()];
        let (tongue, brief) = tongues.into_iter().find_map(|tongue| Some((tongue.clone(), brief.get(&tongue)?)))?;
        let (said, message) = (
            brief["say"]["s"].as_str().unwrap_or_default().to_owned(),
            text_message(brief, notice["timing"] == "past"),
        );
        let (taken, limit) = room(&message);
        let length = words::of_characters(taken, limit);
        Some(view! {
            <dl class="heard">
                <dt>{words::say().preview_said}</dt>
                <dd lang=tongue.clone() data-test="preview-said">{said}</dd>
                <dt>{words::say().preview_message} " " <span class="quiet">{length}</span></dt>
                <dd lang=tongue data-test="preview-message">{message}</dd>
            </dl>
        })
    };
    view! {
        <div class="screen" hidden=move || shown.with(Option::is_none)>{frame}</div>
        {heard}
    }
    .into_any()
}

/// Whether it sends people to nobody although its services have channels: all are out of order, or none was chosen.
fn leaves_alone(desk: Desk, document: &Value) -> bool {
    let catalogue = desk.known_untracked();
    let has_channels = |one: &Value| {
        let mut services = catalogue.services.iter();
        services.any(|service| one["id"] == service.id.as_str() && !service.channels.is_empty())
    };
    let is_alone = |notice: &Value| {
        let tells_of_trouble = notice["kind"] != "information" && notice["timing"] != "past";
        tells_of_trouble && list(&notice["channels"]).is_empty() && list(&notice["affected"]).iter().any(has_channels)
    };
    notices(document).iter().any(is_alone)
}

/// Brings the preview into view, for those who see it below the form.
pub(crate) fn reveal() {
    fields::focus("preview");
}
