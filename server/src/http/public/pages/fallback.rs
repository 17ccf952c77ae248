//! `GET /p/{portal}/fallback.html` and `/p/{portal}/503.html`: what people get in the place of a portal that does not answer. One file with
//! nothing to fetch, in all of the portal's languages, readable days later from a disk or on paper.

use std::{fmt::Write, sync::LazyLock};

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use domain::project::{Offer, project_offer};
use jiff::{SignedDuration, Timestamp};
use view::{self, Reader, sheet};
use wire::{Kind, Notice, RichText, Timing};

use super::{
    frame::{self, Style, direction, in_tags},
    language,
    page::Page,
    scene::{Scene, reader},
    visit::{Missing, Visit},
};
use crate::{document::Document, http::answer::serving::public};
use paper::escape;

/// After so many seconds people are asked to come again when no end is known, and the least and the most that they are told.
const RETRY: (i64, i64, i64) = (120, 60, 3_600);

/// The page says from when it is; it is made anew before that looks old.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

static STYLE: LazyLock<Style> = LazyLock::new(|| Style::new(&[view::STYLE, frame::PAGE, include_str!("sheet.css")]));

/// The situation that the page is worded for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Occasion {
    /// The portal is not reached, and nobody knows why.
    Unreachable,
    /// The portal's own proxy answers in its place.
    Unavailable,
}

pub(crate) async fn fallback(visit: Visit) -> Response {
    visit
        .answer("fallback.html", Missing::Page, |scene| make(scene, Occasion::Unreachable))
        .await
}

pub(crate) async fn unavailable(visit: Visit) -> Response {
    let Some(page) = visit.page("503.html", |scene| make(scene, Occasion::Unavailable)).await else {
        return visit.missing(Missing::Page);
    };
    // Whoever knows the page already still has to be told that the portal is not there: no "not modified".
    let asked = visit.headers.get_all(header::ACCEPT_ENCODING).iter();
    let asked: HeaderMap = asked.map(|value| (header::ACCEPT_ENCODING, value.clone())).collect();
    let mut response = public(&asked, &page.document);
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response.headers_mut().remove(header::ETAG);
    let retry = retry_after(page.retry_at, visit.site.publisher.clock().now());
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry));
    response
}

fn retry_after(end: Option<Timestamp>, now: Timestamp) -> i64 {
    let (unknown, least, most) = RETRY;
    match end.map(|end| end.as_second() - now.as_second()) {
        Some(seconds) if seconds > 0 => seconds.clamp(least, most),
        _ => unknown,
    }
}

fn make(scene: &Scene, occasion: Occasion) -> Option<Page> {
    let Offer { mut state, services } = project_offer(&scene.state, &scene.portal.id, scene.now)?;
    // When the portal is back follows from what concerns all of it, not from a service that is slow.
    let whole = |notice: &&Notice| {
        notice.timing == Timing::Current
            && notice.kind != Kind::Information
            && services
                .iter()
                .all(|service| notice.affected.is_empty() || notice.affected.iter().any(|one| one.id == service.id))
    };
    let ends = state
        .notices
        .iter()
        .filter(whole)
        .filter_map(|notice| notice.ends_at.as_ref()?.parse().ok());
    let retry_at = ends.filter(|end: &Timestamp| *end > scene.now).min();
    // Made anew after a while in any case; that is soon enough for everything that time alone changes here but the notices.
    let until = [scene.until(&state), scene.now.checked_add(FRESH).ok()].into_iter().flatten().min();
    // All ways stand below, with hours that hold on the day on which this is read.
    for notice in &mut state.notices {
        notice.channels.clear();
        notice.procedures.clear();
        if notice.timing == Timing::Announced {
            shorten(notice);
        }
    }
    let sheet = Sheet {
        scene,
        occasion,
        offer: Offer { state, services },
    };
    Some(Page {
        document: sheet.document(),
        until,
        retry_at,
    })
}

/// Leaves of an announced notice what explains to the reader of a copy, after its start, why nothing answers: what it is, whom it touches,
/// from when and until when.
fn shorten(notice: &mut Notice) {
    for prose in [
        &mut notice.impact,
        &mut notice.guidance,
        &mut notice.still_works,
        &mut notice.applications,
        &mut notice.deadline_note,
    ] {
        *prose = RichText::default();
    }
    notice.deadline_source = None;
    notice.next_update_at = None;
    notice.updates.clear();
    notice.video = None;
}

struct Sheet<'a> {
    scene: &'a Scene,
    occasion: Occasion,
    offer: Offer,
}

impl Sheet<'_> {
    fn document(&self) -> Document {
        let scene = self.scene;
        let mut others = String::new();
        for language in scene.portal.languages.iter().map(|language| language.as_str()) {
            if language != scene.reader.lang {
                let part = self.part(language, Place::Beside);
                // Writing to a string cannot fail.
                let _ = write!(
                    others,
                    "<details name=\"language\" lang=\"{}\" dir=\"{}\"><summary lang=\"{tag}\">{}</summary>{part}</details>",
                    escape(language::word(&language::frame_words(language), "lang")),
                    direction(&reader(language, scene.now).words),
                    escape(&language::own_name(language)),
                    tag = escape(language),
                );
            }
        }
        let html = format!(
            "{head}<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"><style>{css}</style></head><body class=\"paper\">\
             <header class=\"band\"><div class=\"sheet\"><p><a href=\"{home}\">{name}</a></p></div></header>\
             <main class=\"sheet\">{others}<div class=\"part\">{part}</div></main></body></html>\n",
            head = scene.head(&scene.word("fallback")),
            policy = escape(&STYLE.policy),
            css = STYLE.css,
            home = escape(&scene.portal.links.home),
            name = scene.name(),
            others = if others.is_empty() {
                others
            } else {
                format!("<div class=\"languages\">{others}</div>")
            },
            part = self.part(&scene.reader.lang, Place::First),
        );
        frame::document(html, &STYLE)
    }

    /// Everything in one language.
    fn part(&self, language: &str, place: Place) -> String {
        let own = Scene {
            state: self.scene.state.clone(),
            now: self.scene.now,
            portal: self.scene.portal.clone(),
            public_url: self.scene.public_url.clone(),
            words: language::frame_words(language),
            reader: reader(language, self.scene.now),
            can_be_told: false,
        };
        let Offer { state, services } = &self.offer;
        let reader = paper_reader(&own);
        let notices = if state.notices.is_empty() {
            String::new()
        } else {
            let announced = state.notices.iter().filter(|notice| notice.timing == Timing::Announced);
            let announced: Vec<String> = announced.map(|notice| format!(" id=\"n-{}\"", notice.id)).collect();
            let html = in_tags(&view::to_html(|| view::notices(&reader, state)), |tag| unfold(tag, &announced));
            // Ids are for the first language alone.
            if place == Place::First { html } else { in_tags(&html, without_id) }
        };
        let text = match self.occasion {
            Occasion::Unreachable => "fallback.text",
            Occasion::Unavailable => "fallback.text.503",
        };
        let address = escape(&format!("{}/p/{}/", own.public_url, own.portal.id));
        let topics = view::to_html(|| sheet::topics(&reader, state, services));
        // What is out of order is why people are here; what is to come is not.
        let is_current = state.notices.iter().any(|notice| notice.timing == Timing::Current);
        let (first, second) = if is_current { (notices, topics) } else { (topics, notices) };
        // By the class `end umleitung` and the address below it the service worker knows the page; those of all releases have both.
        format!(
            "<h1>{title}</h1><p class=\"lead\">{text}</p>{first}{second}{contacts}{instead}<div class=\"end umleitung\">{as_of}\
             <p>{now} <a class=\"spelled\" href=\"{address}\">{address}</a></p>{zone}{legal}</div>",
            title = own.word("fallback"),
            text = own.word(text),
            contacts = view::to_html(|| sheet::contacts(&reader, state, services)),
            instead = view::to_html(|| sheet::instead(&reader, state, services)),
            as_of = view::to_html(|| sheet::as_of(&reader, state)),
            now = own.word("fallback.now"),
            zone = own.zone(),
            legal = own.legal(),
        )
    }
}

/// Where in the file a language stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    First,
    Beside,
}

/// A reader on another day, whose words are those of the view and of the sheet.
fn paper_reader(scene: &Scene) -> Reader {
    let mut words = scene.reader.words.clone();
    let own = scene.words.0.iter().filter(|(key, _)| key.starts_with("sheet."));
    words.0.extend(own.cloned());
    Reader {
        base: scene.public_url.clone(),
        words,
        ..scene.reader.clone()
    }
}

/// Opens the folds with these ids: a few lines are not worth folding.
fn unfold(tag: &str, ids: &[String]) -> String {
    match tag.strip_prefix("<details") {
        Some(rest) if ids.iter().any(|id| rest.contains(id)) => format!("<details open{rest}"),
        _ => tag.to_owned(),
    }
}

fn without_id(tag: &str) -> String {
    let Some((before, rest)) = tag.split_once(" id=\"") else {
        return tag.to_owned();
    };
    rest.split_once('"')
        .map_or_else(|| tag.to_owned(), |(_, after)| [before, after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_asked_back_at_the_end_within_bounds() {
        let at = |seconds: i64| Timestamp::from_second(seconds).unwrap();
        for (end, seconds) in [
            (None, 120),
            (Some(900), 120),
            (Some(1_001), 60),
            (Some(1_600), 600),
            (Some(90_000), 3_600),
        ] {
            assert_eq!(retry_after(end.map(at), at(1_000)), seconds, "{end:?}");
        }
    }

    #[test]
    fn an_id_is_taken_out_of_its_tag() {
        assert_eq!(without_id("<article class=\"notice\" id=\"n-1\">"), "<article class=\"notice\">");
        assert_eq!(without_id("<p>"), "<p>");
    }
}
