//! `GET /p/{portal}/notices/{id}`: one notice, for as long as the journal lasts.

use axum::{http::Uri, response::Response};
use domain::{project::project_notice, words::NoticeId};
use wire::{Kind, Timing};

use super::{
    language, nowhere,
    page::Page,
    scene::Scene,
    visit::{Missing, Visit},
};
use paper::escape;

pub(crate) async fn permanent(visit: Visit, uri: Uri) -> Response {
    // An id needs no decoding, so the address is read as it stands.
    let typed = uri.path().rsplit('/').next().unwrap_or_default();
    let Ok(id) = NoticeId::parse(typed) else {
        return nowhere::as_meant(&visit.site, &uri).unwrap_or_else(|| visit.missing(Missing::Notice));
    };
    let path = format!("notices/{id}");
    visit.answer(&path, Missing::Notice, move |scene| make(scene, &id)).await
}

fn make(scene: &Scene, id: &NoticeId) -> Option<Page> {
    let state = project_notice(&scene.state, &scene.portal.id, id, scene.now)?;
    let notice = state.notices.first()?;
    let number = scene.word("notice").replace("{}", id.as_str());
    let default = state.languages.first().map_or("", String::as_str);
    let (_, title) = language::chosen(&notice.title, &scene.reader.lang, default);
    // What is over still has the title of what did not go.
    let title = match notice.timing {
        Timing::Past => format!("{}: {title}", view::kind(&scene.reader, notice)),
        _ => title.clone(),
    };
    let body = format!(
        "<h1>{number}</h1>{}{}<p class=\"more\"><a href=\"../{}\">{}</a></p>",
        view::to_html(|| view::notice(&scene.reader, &state, notice)),
        again(scene, notice),
        scene.query(),
        scene.word("to_status"),
    );
    Some(scene.page(scene.frame("../", "", &format!("{} – {number}", escape(&title)), &body), &state))
}

/// The way to one's own calendar, where it is known when something works again.
fn again(scene: &Scene, notice: &wire::Notice) -> String {
    let end = notice.ends_at.as_deref().and_then(view::seconds);
    let is_to_come = end.is_some_and(|end| end > scene.now.as_second());
    if notice.timing == Timing::Past || notice.kind == Kind::Information || !is_to_come {
        return String::new();
    }
    format!(
        "<p class=\"more\"><a href=\"../calendar/{}.ics{}\">{}</a></p>",
        notice.id,
        scene.query(),
        scene.word("again.link"),
    )
}
