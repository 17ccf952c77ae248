//! `GET /p/{portal}/hint.json`: what a loader shows when its visitor's browser sees trouble before anybody has published anything.

use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use domain::project::project_seen;
use wire::{Node, RichText, Text};

use super::{
    language,
    page::{CACHE, Page},
    scene::Scene,
    visit::{Missing, Visit},
};
use crate::{
    assets,
    document::{Delivery, Document},
    show::snapshot::tell,
};

const JSON: Delivery = Delivery {
    content_type: "application/json",
    cache: CACHE,
};

pub(crate) async fn hint(mut visit: Visit) -> Response {
    // The same document for every reader: it has all languages.
    visit.language.clear();
    visit.answer("hint.json", Missing::Page, make).await
}

fn make(scene: &Scene) -> Option<Page> {
    let (mut title, mut impact) = (Text::default(), RichText::default());
    for tag in scene.portal.languages.iter().map(ToString::to_string) {
        let words = assets::messages(&tag);
        // Where a language has no words of its own, its readers get those of another, which the document names.
        let lang = language::word(&words, "lang").to_owned();
        if title.get(&lang).is_none() {
            let s = language::word(&words, "seen.impact").to_owned();
            let paragraph = Node::Paragraph { c: vec![Node::Text { s }] };
            title.0.push((lang.clone(), language::word(&words, "seen.title").to_owned()));
            impact.0.push((lang, vec![paragraph]));
        }
    }
    let state = tell(project_seen(&scene.state, &scene.portal.id, scene.now, title, impact)?);
    let mut document = Document::new(serde_json::to_string(&state).ok()?, JSON);
    for headers in [&mut document.plain_headers, &mut document.brotli_headers] {
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    }
    Some(scene.page(document, &state))
}
