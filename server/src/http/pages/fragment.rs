//! `GET /p/{portal}/fragment.html`: the notices for server-side includes, edge includes and proxies, without JavaScript. Empty when there is
//! nothing to say, so that it can stand in every page.
//!
//! The notices stand in a declarative shadow root, where the host's style does not reach them and which the loader takes over. A browser
//! that knows none shows what stands beside it: the titles, each with a link.

use std::{fmt::Write, sync::LazyLock};

use app::view::{self, Reader};
use axum::response::Response;
use domain::{
    project::project,
    public::{Notice, PublicState},
};

use super::{
    Missing, Page, Scene, Visit, asked,
    frame::{self, Style, direction, escape},
    language,
};

static STYLE: LazyLock<Style> = LazyLock::new(|| Style::new(&[view::STYLE]));

/// No service has this id: what is for unknown services gets only what concerns the portal as a whole.
const NONE: &str = "-";

pub(in super::super) async fn fragment(visit: Visit) -> Response {
    let services = services(&visit);
    let path = format!("fragment.html?service={}", services.join("+"));
    visit.answer(&path, Missing::Page, move |scene| make(scene, services)).await
}

/// The portal's services among those that are asked for, in the portal's order; none asked for: all.
fn services(visit: &Visit) -> Vec<String> {
    let Some(wish) = asked(&visit.query, "service").filter(|wish| !wish.trim().is_empty()) else {
        return Vec::new();
    };
    let (state, _) = visit.site.publisher.present();
    let portal = state.portal(&visit.portal).into_iter();
    among(portal.flat_map(|portal| &portal.services).map(ToString::to_string), wish)
}

/// Whatever a query says and in which order: of those that ask for the same services each gets the same page.
fn among(known: impl Iterator<Item = String>, wish: &str) -> Vec<String> {
    let wish: Vec<&str> = wish.split([' ', '+', ',']).collect();
    let wanted: Vec<String> = known.filter(|id| wish.contains(&id.as_str())).collect();
    if wanted.is_empty() { vec![NONE.to_owned()] } else { wanted }
}

fn make(scene: &Scene, services: Vec<String>) -> Option<Page> {
    let state = project(&scene.state, &scene.portal.id, scene.now)?;
    let reader = Reader {
        base: scene.public_url.clone(),
        services,
        ..scene.reader.clone()
    };
    let relevant = view::relevant(&reader, &state);
    // What it is about, for the loader that takes it over.
    let about = if reader.services.is_empty() {
        String::new()
    } else {
        format!(" service=\"{}\"", escape(&reader.services.join(" ")))
    };
    let html = if relevant.is_empty() {
        String::new()
    } else {
        format!(
            "<umleitung-notice{about}><template shadowrootmode=\"open\"><style>{}</style>{}</template>{}</umleitung-notice>\n",
            STYLE.css,
            view::to_html(|| view::notices(&reader, &state)),
            titles(scene, &reader, &state, &relevant),
        )
    };
    Some(scene.page(frame::document(html, &STYLE), &state))
}

/// What a browser without declarative shadow roots shows.
fn titles(scene: &Scene, reader: &Reader, state: &PublicState, notices: &[&Notice]) -> String {
    let default = state.languages.first().map_or("", String::as_str);
    let mut html = String::new();
    for notice in notices {
        let (tag, title) = language::chosen(&notice.title, &reader.lang, default);
        // Writing to a string cannot fail.
        let _ = write!(
            html,
            "<p lang=\"{}\" dir=\"{}\">{}: <a href=\"{}{}\" lang=\"{}\">{}</a></p>",
            escape(language::word(&reader.words, "lang")),
            direction(&reader.words),
            escape(view::kind(reader, notice)),
            escape(&scene.public_url),
            escape(&notice.url),
            escape(&tag),
            escape(&title),
        );
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_for_the_same_services_gets_the_same_page() {
        let known = || ["dog", "car"].into_iter().map(str::to_owned);
        for (wish, services) in [
            ("car dog", &["dog", "car"][..]),
            ("dog+car,dog", &["dog", "car"]),
            ("x1 car x2", &["car"]),
            ("x3", &[NONE]),
            ("x4 -", &[NONE]),
        ] {
            assert_eq!(among(known(), wish), services, "{wish}");
        }
    }
}
