//! What a portal showed at an instant that is over, for the staff.

use std::sync::Arc;

use domain::{
    project::{project, project_offer},
    state::State,
    words::PortalId,
};
use jiff::Timestamp;

use super::scene::Scene;
use crate::{document::Document, http::site::Site};
use paper::escape;

/// The page of a portal as it stood in this state at this instant; `None`: there was no such portal.
pub(crate) fn past(site: &Site, state: State, portal: &PortalId, language: Option<&str>, at: Timestamp) -> Option<Document> {
    let known = state.portal(portal)?.languages.iter().map(ToString::to_string);
    let known: Vec<String> = known.collect();
    let language = language
        .filter(|tag| known.iter().any(|known| known == tag))
        .or(known.first().map(String::as_str))?
        .to_owned();
    let scene = Scene::at(site, Arc::new(state), portal, &language, at)?;
    let document = project(&scene.state, portal, at)?;
    let services = project_offer(&scene.state, portal, at)?.services;
    let (class, answer) = view::headline(&scene.reader, &document, &services);
    let notices = if document.notices.is_empty() {
        String::new()
    } else {
        view::to_html(|| view::notices(&scene.reader, &document))
    };
    let local = at.in_tz(&scene.portal.time_zone).ok()?;
    let when = local.strftime("%d.%m.%Y, %H:%M:%S").to_string();
    let body = format!(
        "<p class=\"zone\"><strong>{}</strong></p><h1 class=\"{class} answer\">{}</h1>{notices}{}",
        scene.word("seen_at").replace("{}", &escape(&when)),
        escape(&answer),
        view::to_html(|| view::services(&scene.reader, &document, &services)),
    );
    let title = format!(
        "{} – {}",
        scene.word(&format!("title.{}", document.status.word())),
        scene.word("status")
    );
    let here = format!("&amp;at={}", escape(&at.to_string()));
    Some(scene.frame(&format!("../../../../p/{portal}/"), &here, &title, &body))
}
