//! What comes in the place of an address that leads nowhere. Programs are told so in their own terms; people, who may have typed it from paper,
//! are led on to the address that they meant, or to a page from which they find it.

use std::{fmt::Write, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{Uri, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::text::Language;

use super::{
    asked,
    frame::{self, STYLE, direction, escape},
    language, not_found, query,
};
use crate::{
    assets,
    http::{Site, nothing_here, portal::named, problem::Problem},
};

/// Whatever else is asked of the server.
pub(in super::super) async fn nowhere(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    instead(&site, &parts, nothing_here().await)
}

/// The answer to an address under which there is nothing, `problem` being what programs are told.
pub(super) fn instead(site: &Site, parts: &Parts, problem: Problem) -> Response {
    let last = parts.uri.path().rsplit('/').next().unwrap_or_default();
    // What programs fetch is named like a file.
    if last.contains('.') {
        return problem.into_response();
    }
    match in_lower_case(site, &parts.uri) {
        Some(address) => Redirect::permanent(&address).into_response(),
        None => page(site, parts),
    }
}

/// The query with its question mark.
pub(super) fn behind(uri: &Uri) -> String {
    uri.query().map_or_else(String::new, |query| format!("?{query}"))
}

/// The way to the same page of the portal that was meant, below whatever path a proxy puts before both.
fn in_lower_case(site: &Site, uri: &Uri) -> Option<String> {
    let typed = named(uri.path());
    let portal = typed.to_ascii_lowercase();
    site.publisher.snapshot(&portal).filter(|_| portal != typed)?;
    let (_, rest) = uri.path().split_once(typed)?;
    let up = "../".repeat(rest.matches('/').count());
    let rest = if rest.is_empty() { "/" } else { rest };
    Some(format!("{up}{portal}{rest}{}", behind(uri)))
}

/// Not kept, and without a word of what was asked for.
fn page(site: &Site, parts: &Parts) -> Response {
    let languages = language::framed();
    let chosen = language::choose(&languages, asked(&query(&parts.uri), "lang"), &parts.headers);
    let words = language::frame_words(&chosen);
    let word = |key: &str| escape(language::word(&words, key));
    let (state, _) = site.publisher.present();
    let up = frame::way_up(parts.uri.path().split('/').skip(2).count());
    let mut portals = String::new();
    for portal in &state.catalogue().portals {
        let name = Language::parse(&chosen).map_or("", |language| portal.name.get_or_any(&language));
        // Writing to a string cannot fail.
        let _ = write!(
            portals,
            "<li><a href=\"{up}p/{}/?lang={chosen}\">{}</a></li>",
            portal.id,
            escape(name)
        );
    }
    if !portals.is_empty() {
        portals = format!("<p>{}</p><ul>{portals}</ul>", word("nowhere.portals"));
    }
    let html = format!(
        "{head}<style>{css}</style></head><body><a class=\"skip\" href=\"#content\">{skip}</a>\
         <header class=\"band\"><div class=\"sheet\">{languages}</div></header>\
         <main id=\"content\" class=\"sheet\"><h1>{title}</h1><p>{text}</p>{portals}</main></body></html>\n",
        head = frame::head(&words, direction(&assets::messages(&chosen)), &word("missing")),
        css = STYLE.css,
        skip = word("skip"),
        languages = frame::languages(&words, &languages, &chosen, ""),
        title = word("missing"),
        text = word("nowhere.text"),
    );
    not_found(&frame::document(html, &STYLE))
}
