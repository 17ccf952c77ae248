//! `GET /p/{portal}/`: how the portal does now.

use app::view;
use axum::response::Response;
use domain::project::project;

use super::{Missing, Page, Scene, Visit};

pub(in super::super) async fn status(visit: Visit) -> Response {
    visit.answer("", Missing::Page, make).await
}

fn make(scene: &Scene) -> Option<Page> {
    let state = project(&scene.state, &scene.portal.id, scene.now)?;
    let body = format!(
        "<h1>{}</h1>{}{}{}<p class=\"more\"><a href=\"history{}\">{}</a></p>",
        scene.word("status"),
        view::to_html(|| view::status_summary(&scene.reader, &state)),
        view::to_html(|| view::services(&scene.reader, &state)),
        view::to_html(|| view::notices(&scene.reader, &state)),
        scene.query(),
        scene.word("to_history"),
    );
    // The state comes first: it is what fits into the tab of a browser.
    let title = format!(
        "{} – {}",
        scene.word(&format!("title.{}", state.status.word())),
        scene.word("status")
    );
    Some(scene.page(scene.frame("./", "", &title, &body), &state))
}
