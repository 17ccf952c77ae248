//! `GET /p/{portal}/sample.json`: what a portal would show of an outage of its first service, for its owner who tries the notice out.

use axum::response::Response;
use domain::catalogue::Portal;
use serde_json::{Value, json};

use super::{
    page::Page,
    scene::Scene,
    visit::{Missing, Visit},
};
use crate::{
    document::{Delivery, Document},
    http::{api::preview::if_published, ask::json_body},
};

/// Shown on nobody's page but that of someone who tries it out.
const SAMPLE: Delivery = Delivery {
    content_type: "application/json",
    cache: "public, max-age=5",
};

pub(crate) async fn sample(mut visit: Visit) -> Response {
    // The same document for every reader: it has all languages.
    visit.language.clear();
    visit.answer("sample.json", Missing::Page, make).await
}

fn make(scene: &Scene) -> Option<Page> {
    let content = json_body::read(outage(&scene.portal)).ok()?;
    let state = if_published(&scene.state, scene.now, content, Some(&scene.portal.id)).ok()??;
    let document = Document::new(serde_json::to_string(&state).ok()?, SAMPLE);
    Some(scene.page(document, &state))
}

/// With the portal's own channels and procedures.
fn outage(portal: &Portal) -> Value {
    let mut title = json!({"en": "Example: sign-in not possible", "de": "Beispiel: Anmeldung nicht möglich", "de-simple": "Beispiel: Sie können sich nicht anmelden"});
    if let Some(default) = portal.languages.first() {
        let known = title.get(default.as_str()).unwrap_or(&title["en"]).clone();
        title[default.as_str()] = known;
    }
    json!({
        "kind": "outage", "severity": "outage", "services": portal.services.first().into_iter().collect::<Vec<_>>(), "portals": [portal.id], "title": title, "entries": "saved",
        "impact": {
            "en": "This is what a notice on your pages looks like.",
            "de": "So sieht eine Meldung auf Ihren Seiten aus.",
            "de-simple": "So sieht eine Meldung aus.",
        },
    })
}
