//! What comes in the place of an address that leads nowhere. Programs are told so in their own terms; people, who may have typed it from paper,
//! are led on to the address that they meant, or to a page from which they find it.

use std::{fmt::Write, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::catalogue::Portal;
use wire::ByLanguage;

use super::{
    frame::{self, STYLE, direction},
    language,
    page::{private, unkept},
    query::{asked, query},
};
use crate::{
    assets,
    http::{
        answer::problem::{Problem, nothing_here},
        ask::host::meant,
        site::Site,
    },
};
use paper::escape;

/// What the end of a sentence or of a bracket leaves behind a copied address.
const PUNCTUATION: [char; 8] = ['.', ',', ';', ':', '!', '?', ')', '>'];

/// `/`: who types no more than the server's name is right; the portal that the name means, the only one there is, or the choice among several.
pub(crate) async fn front(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let (state, _) = site.publisher.present();
    match meant(state.catalogue(), &parts.headers) {
        Some(portal) => Redirect::temporary(&format!("p/{portal}/{}", behind(&parts.uri))).into_response(),
        None if state.catalogue().portals.is_empty() => page(&site, &parts, Found::Nothing),
        None => page(&site, &parts, Found::Portals),
    }
}

/// A link to what somebody is told by mail, where nobody is.
pub(crate) fn no_subscription(site: &Site, parts: &Parts) -> Response {
    private(page(site, parts, Found::NoSubscription))
}

/// It is not known now what somebody is told by mail.
pub(crate) fn not_now(site: &Site, parts: &Parts) -> Response {
    private(page(site, parts, Found::Failure))
}

/// Whatever else is asked of the server.
pub(crate) async fn nowhere(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    instead(&site, &parts, nothing_here().await)
}

/// The answer to an address under which there is nothing, `problem` being what programs are told.
pub(crate) fn instead(site: &Site, parts: &Parts, problem: Problem) -> Response {
    let last = parts.uri.path().rsplit('/').next().unwrap_or_default();
    // What programs fetch is named like a file.
    if last.trim_end_matches(PUNCTUATION).contains('.') {
        return problem.into_response();
    }
    as_meant(site, &parts.uri).unwrap_or_else(|| page(site, parts, Found::Nothing))
}

/// The query with its question mark.
fn behind(uri: &Uri) -> String {
    uri.query().map_or_else(String::new, |query| format!("?{query}"))
}

/// On to the address below a portal that was meant by one with capital letters, a slash too many or too few, or the end of a sentence
/// in it; `None`: the address has none of these defects.
pub(crate) fn as_meant(site: &Site, uri: &Uri) -> Option<Response> {
    let typed = uri.path();
    let plain = typed.to_ascii_lowercase();
    let parts: Vec<&str> = plain
        .trim_end_matches(PUNCTUATION)
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    let ["p", portal, rest @ ..] = parts.as_slice() else { return None };
    site.windows.snapshot(portal)?;
    let meant = format!("p/{portal}/{}", rest.join("/"));
    // From where the address stands, below whatever path a proxy puts before it.
    let up = "../".repeat(typed.matches('/').count() - 1);
    (typed != format!("/{meant}")).then(|| Redirect::permanent(&format!("{up}{meant}{}", behind(uri))).into_response())
}

/// A portal's name in a language, else in the portal's own, with the tag of the language that it is in.
fn name(portal: &Portal, wished: &str) -> String {
    let default = portal.languages.first().map(ToString::to_string).unwrap_or_default();
    let variants = portal.name.iter().map(|(language, name)| (language.to_string(), name.to_owned()));
    let (language, name) = language::chosen(&ByLanguage(variants.collect()), wished, &default);
    format!("<span lang=\"{language}\" dir=\"auto\">{}</span>", escape(&name))
}

/// Why the portals are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// One of them may have been meant.
    Nothing,
    /// They were asked for.
    Portals,
    /// It led to what somebody is told by mail.
    NoSubscription,
    /// What was asked for is not known now.
    Failure,
}

/// Not kept, and without a word of what was asked for.
fn page(site: &Site, parts: &Parts, found: Found) -> Response {
    let languages = language::framed();
    let chosen = language::choose(&languages, asked(&query(&parts.uri), "lang"), &parts.headers);
    let words = language::frame_words(&chosen);
    let word = |key: &str| escape(language::word(&words, key));
    let (state, _) = site.publisher.present();
    let up = frame::way_up(parts.uri.path().split('/').skip(2).count());
    let mut portals = String::new();
    for portal in &state.catalogue().portals {
        // A language that the portal has not is left to the browser.
        let has = portal.languages.iter().any(|language| language.as_str() == chosen);
        let wish = if has { format!("?lang={chosen}") } else { String::new() };
        // Writing to a string cannot fail.
        let _ = write!(
            portals,
            "<li><a href=\"{up}p/{}/{wish}\">{}</a></li>",
            portal.id,
            name(portal, &chosen)
        );
    }
    if !portals.is_empty() {
        portals = format!("<p>{}</p><ul>{portals}</ul>", word("nowhere.portals"));
    }
    let (status, title, text) = match found {
        Found::Nothing => (StatusCode::NOT_FOUND, word("missing"), format!("<p>{}</p>", word("nowhere.text"))),
        Found::NoSubscription => (
            StatusCode::NOT_FOUND,
            word("mail.gone"),
            format!("<p>{}</p>", word("mail.gone.text")),
        ),
        Found::Failure => (StatusCode::SERVICE_UNAVAILABLE, word("mail.failed"), String::new()),
        Found::Portals => (StatusCode::OK, word("to_status"), String::new()),
    };
    let html = format!(
        "{head}<style>{css}</style></head><body><a class=\"skip\" href=\"#content\">{skip}</a>\
         <header class=\"band\"><div class=\"sheet\">{languages}</div></header>\
         <main id=\"content\" class=\"sheet\"><h1>{title}</h1>{text}{portals}</main></body></html>\n",
        head = frame::head(&words, direction(&assets::messages(&chosen)), &title),
        css = STYLE.css,
        skip = word("skip"),
        languages = frame::languages(&words, &languages, &chosen, ""),
    );
    unkept(status, &frame::document(html, &STYLE))
}
