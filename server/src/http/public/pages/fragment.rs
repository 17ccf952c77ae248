//! `GET /p/{portal}/fragment.html`: the notices for server-side includes, edge includes and proxies, without JavaScript. Empty when there is
//! nothing to say, so that it can stand in every page.
//!
//! The notices stand in a declarative shadow root, where the host's style does not reach them and which the loader takes over. A browser
//! that knows none shows what stands beside it: the titles, each with a link.

use std::{fmt::Write, sync::LazyLock};

use axum::response::Response;
use domain::project::project;
use view::{self, Reader};
use wire::{Notice, PublicState};

use super::{
    frame::{self, Style, direction},
    language,
    page::Page,
    query::asked,
    scene::Scene,
    visit::{Missing, Visit},
};
use paper::escape;

static STYLE: LazyLock<Style> = LazyLock::new(|| Style::new(&[view::STYLE]));

/// What a fragment is narrowed to.
#[derive(Debug, PartialEq, Eq)]
enum Narrowing {
    /// To these services of the portal, by their ids; none: everything is told.
    To(Vec<String>),
    /// A service is named that the portal does not have. A slip of the pen must hide nothing, so everything is told.
    Unknown,
}

/// For those who look into the page's source; what they wrote never gets into it.
const SLIP: &str = "<!-- umleitung: service= names one that this portal does not have, so everything is shown -->\n";

pub(crate) async fn fragment(visit: Visit) -> Response {
    let narrowing = narrowing(&visit);
    let path = match &narrowing {
        Narrowing::To(services) => format!("fragment.html?service={}", services.join("+")),
        Narrowing::Unknown => "fragment.html?service=?".to_owned(),
    };
    visit.answer(&path, Missing::Page, move |scene| make(scene, narrowing)).await
}

/// The portal's services that are asked for, in the portal's order; none asked for: all.
fn narrowing(visit: &Visit) -> Narrowing {
    let wish = asked(&visit.query, "service").unwrap_or_default();
    let (state, _) = visit.site.publisher.present();
    let portal = state.portal(&visit.portal).into_iter();
    among(portal.flat_map(|portal| &portal.services).map(ToString::to_string), wish)
}

/// Whatever a query says and in which order: of those that ask for the same services each gets the same page.
fn among(known: impl Iterator<Item = String>, wish: &str) -> Narrowing {
    let wish = wish.to_ascii_lowercase();
    let wish: Vec<&str> = wish
        .split(|c: char| c.is_whitespace() || "+,;".contains(c))
        .filter(|id| !id.is_empty())
        .collect();
    let known: Vec<String> = known.collect();
    if wish.iter().any(|id| !known.iter().any(|known| known == id)) {
        return Narrowing::Unknown;
    }
    Narrowing::To(known.into_iter().filter(|id| wish.contains(&id.as_str())).collect())
}

fn make(scene: &Scene, narrowing: Narrowing) -> Option<Page> {
    let state = project(&scene.state, &scene.portal.id, scene.now)?;
    let (services, slip) = match narrowing {
        Narrowing::To(services) => (services, ""),
        Narrowing::Unknown => (Vec::new(), SLIP),
    };
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
            "{slip}<umleitung-notice{about}><template shadowrootmode=\"open\"><style>{}</style>{}<div class=\"umleitung\">{}</div></template>{}</umleitung-notice>\n",
            STYLE.css,
            view::to_html(|| view::notices(&reader, &state)),
            scene.zone(),
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
            ("", Some(&[][..])),
            (" , ", Some(&[])),
            ("car dog", Some(&["dog", "car"])),
            ("dog+car,dog", Some(&["dog", "car"])),
            ("Car, DOG;", Some(&["dog", "car"])),
            ("car\tdog\n", Some(&["dog", "car"])),
            ("x1 car x2", None),
            ("x3", None),
            ("x4 -", None),
        ] {
            let expected = services.map_or(Narrowing::Unknown, |services| {
                Narrowing::To(services.iter().map(|id| (*id).to_owned()).collect())
            });
            assert_eq!(among(known(), wish), expected, "{wish}");
        }
    }
}
