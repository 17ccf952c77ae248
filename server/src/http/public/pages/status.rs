//! `GET /p/{portal}/`: how the portal does now.

use axum::response::Response;
use domain::project::{project, project_offer};

use super::{
    page::Page,
    scene::Scene,
    subscription,
    visit::{Missing, Visit},
};
use paper::escape;

pub(crate) async fn status(visit: Visit) -> Response {
    visit.answer("", Missing::Page, make).await
}

fn make(scene: &Scene) -> Option<Page> {
    let state = project(&scene.state, &scene.portal.id, scene.now)?;
    let services = project_offer(&scene.state, &scene.portal.id, scene.now)?.services;
    let (class, answer) = view::headline(&scene.reader, &state, &services);
    let notices = if state.notices.is_empty() {
        String::new()
    } else {
        view::to_html(|| view::notices(&scene.reader, &state))
    };
    let body = format!(
        "<h1 class=\"{class} answer\">{}</h1>{notices}{}<p class=\"more\"><a href=\"history{}\">{}</a></p>{reports}{follow}",
        escape(&answer),
        view::to_html(|| view::services(&scene.reader, &state, &services)),
        scene.query(),
        scene.word("to_history"),
        reports = reports(scene),
        follow = follow(scene),
    );
    // The state comes first: it is what fits into the tab of a browser.
    let title = format!(
        "{} – {}",
        scene.word(&format!("title.{}", state.status.word())),
        scene.word("status")
    );
    let document = if scene.can_be_told {
        scene.frame_with_form("./", "", &title, &body)
    } else {
        scene.frame("./", "", &title, &body)
    };
    Some(scene.page(document, &state))
}

/// The way to what the portal reports of itself.
fn reports(scene: &Scene) -> String {
    if scene.portal.public_reports {
        format!(
            "<p class=\"more\"><a href=\"archive/{}\">{}</a></p>",
            scene.query(),
            scene.word("report.to_reports")
        )
    } else {
        String::new()
    }
}

/// How people stay informed without coming here.
fn follow(scene: &Scene) -> String {
    let link = |name: &str, key: &str| format!("<li><a href=\"{name}{}\">{}</a></li>", scene.query(), scene.word(key));
    format!(
        "<section class=\"follow\"><h2>{}</h2>{}<ul>{}{}</ul><p>{}</p></section>",
        scene.word("follow"),
        subscription::form(scene, subscription::Level::Subsection, None),
        link("calendar.ics", "follow.calendar"),
        link("feed.atom", "follow.feed"),
        scene.word("follow.late"),
    )
}
