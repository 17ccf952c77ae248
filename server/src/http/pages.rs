//! `/p/{portal}/`, `…/history` and `…/notices/{id}`: pages that work without JavaScript, made of the view that the widget mounts.

use std::{fmt::Write, sync::Arc};

use app::view::{self, Messages, Reader};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{
    catalogue::Portal,
    id::{NoticeId, PortalId},
    project::{project, project_history, project_notice},
    public::PublicState,
    text::Language,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Site, problem::Problem};
use crate::assets;

/// The style of the frame around the shared view.
pub(super) const STYLE: &str = include_str!("page.css");

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

#[derive(Deserialize)]
pub(super) struct Wish {
    lang: Option<String>,
}

pub(super) async fn to_status(Path(portal): Path<String>) -> Response {
    match PortalId::parse(&portal) {
        Ok(portal) => Redirect::permanent(&format!("/p/{portal}/")).into_response(),
        Err(_) => Problem::no_portal(&portal).into_response(),
    }
}

pub(super) async fn status(
    State(site): State<Arc<Site>>,
    Path(portal): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let page = Page::read(&site, &portal, "", &wish, &headers, project).await?;
    let body = format!(
        "<h1>{}</h1>{}{}{}<p class=\"more\"><a href=\"history{}\">{}</a></p>",
        page.word("status"),
        view::to_html(|| view::status_summary(&page.reader, &page.state)),
        view::to_html(|| view::services(&page.reader, &page.state)),
        view::to_html(|| view::notices(&page.reader, &page.state)),
        page.query(),
        page.word("to_history"),
    );
    Ok(page.answer(&page.word("status"), &body))
}

pub(super) async fn history(
    State(site): State<Arc<Site>>,
    Path(portal): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let page = Page::read(&site, &portal, "history", &wish, &headers, project_history).await?;
    let list = if page.state.notices.is_empty() {
        format!("<p>{}</p>", page.word("history.empty"))
    } else {
        view::to_html(|| view::past_list(&page.reader, &page.state.notices))
    };
    let body = format!(
        "<h1>{}</h1>{list}<p class=\"more\"><a href=\"./{}\">{}</a></p>",
        page.word("history"),
        page.query(),
        page.word("to_status")
    );
    Ok(page.answer(&page.word("history"), &body))
}

pub(super) async fn permanent(
    State(site): State<Arc<Site>>,
    Path((portal, id)): Path<(String, String)>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = NoticeId::parse(&id).map_err(|_| Problem::no_notice(&id))?;
    let path = format!("notices/{id}");
    let missing = || Problem::no_notice(id.as_str());
    let page = Page::read(&site, &portal, &path, &wish, &headers, |state, portal, now| {
        project_notice(state, portal, &id, now)
    })
    .await;
    let page = page.map_err(|problem| {
        if site.publisher.snapshot(&portal).is_some() {
            missing()
        } else {
            problem
        }
    })?;
    let notice = page.state.notices.first().ok_or_else(missing)?;
    let body = format!(
        "<h1>{}</h1>{}<p class=\"more\"><a href=\"../{}\">{}</a></p>",
        page.word("notice").replace("{}", id.as_str()),
        view::to_html(|| view::notice(&page.reader, &page.state, notice)),
        page.query(),
        page.word("to_status"),
    );
    Ok(page.answer(&page.word("notice").replace("{}", id.as_str()), &body))
}

/// A page for one portal in one language.
struct Page {
    portal: Portal,
    /// Below `/p/{portal}/`.
    path: String,
    state: PublicState,
    reader: Reader,
    /// Words of the frame.
    words: Messages,
}

impl Page {
    async fn read(
        site: &Site,
        portal: &str,
        path: &str,
        wish: &Wish,
        headers: &HeaderMap,
        project: impl Fn(&domain::state::State, &PortalId, Timestamp) -> Option<PublicState>,
    ) -> Result<Self, Problem> {
        let no_portal = || Problem::no_portal(portal);
        let id = PortalId::parse(portal).map_err(|_| no_portal())?;
        let (portal, state, now) = site
            .publisher
            .read_memory(|state, now| Some((state.portal(&id)?.clone(), project(state, &id, now)?, now)))
            .await
            .ok_or_else(no_portal)?;
        let lang = choose_language(&portal.languages, wish, headers);
        let reader = Reader {
            words: assets::messages(&lang),
            lang,
            now: now.as_second(),
            ..Reader::default()
        };
        Ok(Self {
            portal,
            path: path.to_owned(),
            state,
            words: frame_words(&reader.lang),
            reader,
        })
    }

    fn word(&self, key: &str) -> String {
        escape(self.words.get(key).map_or("", String::as_str))
    }

    /// Keeps the chosen language in links.
    fn query(&self) -> String {
        format!("?lang={}", escape(&self.reader.lang))
    }

    fn answer(&self, title: &str, body: &str) -> Response {
        let lang = Language::parse(&self.reader.lang);
        let name = escape(lang.as_ref().map_or("", |lang| self.portal.name.get_or_any(lang)));
        let base = assets::widget_base();
        let mut html = format!(
            "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title} – {name}</title><meta name=\"color-scheme\" content=\"light dark\"><link rel=\"stylesheet\" href=\"{base}/page.css\"></head><body>\
             <a class=\"skip\" href=\"#content\">{skip}</a><header class=\"band\"><div class=\"sheet\"><p><a href=\"{home}\">{name}</a></p>{languages}</div></header>\
             <main id=\"content\" class=\"sheet\">{body}</main><footer class=\"foot\"><div class=\"sheet\"><nav aria-label=\"{footer}\"><ul>",
            lang = escape(&self.reader.lang),
            skip = self.word("skip"),
            home = escape(&self.portal.links.home),
            languages = self.languages(),
            footer = self.word("footer"),
        );
        let links = &self.portal.links;
        for (key, link) in [
            ("imprint", &links.imprint),
            ("privacy", &links.privacy),
            ("accessibility", &links.accessibility),
            ("feedback", &links.feedback),
        ] {
            // Writing to a string cannot fail.
            let _ = write!(html, "<li><a href=\"{}\">{}</a></li>", escape(link), self.word(key));
        }
        html.push_str("</ul></nav></div></footer></body></html>\n");
        let mut response = Html(html).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=5, stale-if-error=86400"),
        );
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Language"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        *response.status_mut() = StatusCode::OK;
        response
    }

    /// Links to the same page in the portal's languages.
    fn languages(&self) -> String {
        let mut html = format!("<nav aria-label=\"{}\"><ul>", self.word("languages"));
        for language in &self.portal.languages {
            let name = frame_words(language.as_str())
                .get("lang.name")
                .cloned()
                .unwrap_or_else(|| language.to_string());
            let current = if language.as_str() == self.reader.lang {
                " aria-current=\"true\""
            } else {
                ""
            };
            let (portal, path) = (&self.portal.id, escape(&self.path));
            let _ = write!(
                html,
                "<li><a href=\"/p/{portal}/{path}?lang={language}\" lang=\"{language}\" hreflang=\"{language}\"{current}>{}</a></li>",
                escape(&name)
            );
        }
        html.push_str("</ul></nav>");
        html
    }
}

/// The wished language, else the first that the browser asks for and the portal has, else the portal's default.
fn choose_language(languages: &[Language], wish: &Wish, headers: &HeaderMap) -> String {
    let has = |tag: &str| languages.iter().find(|language| language.as_str().eq_ignore_ascii_case(tag));
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let accepted = accepted.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
    let by_browser = accepted
        .flat_map(|tag| [tag, tag.split('-').next().unwrap_or_default()])
        .find_map(has);
    let chosen = wish.lang.as_deref().and_then(has).or(by_browser).or(languages.first());
    chosen.map_or_else(|| "de".to_owned(), ToString::to_string)
}

/// The words of the frame in a language, else in German.
fn frame_words(language: &str) -> Messages {
    let file = match language {
        "en" => include_str!("../../messages/en.json"),
        "de-simple" => include_str!("../../messages/de-simple.json"),
        _ => include_str!("../../messages/de.json"),
    };
    serde_json::from_str(file).unwrap_or_default()
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
