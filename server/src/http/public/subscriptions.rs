//! Being told by mail, without JavaScript: `/p/{portal}/subscribe` is where somebody asks for it, `/s/{secret}` where the links of mails lead. To look
//! changes nothing: programs open each link of a mail. What changes something is sent by a button, or by a mail program that ends it with one click
//! (RFC 8058).

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    body::Bytes,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use store::{subscriptions::Subscription, tables::TableError};
use url::form_urlencoded;

use super::pages::{self, Chosen, Missing, Said, Scene, Visit, Wrong};
use crate::{
    http::{ask::client_address::ClientAddress, site::Site},
    subscribers::{AskError, Asked},
};

/// The most that such a form may carry, in bytes.
pub(crate) const LIMIT: usize = 64 * 1024;

/// What a mail program sends (RFC 8058, section 3.1).
const ONE_CLICK: (&str, &str) = ("List-Unsubscribe", "One-Click");

pub(crate) async fn form(visit: Visit) -> Response {
    let page = scene(&visit).and_then(|scene| pages::form_page(&scene, None));
    page.unwrap_or_else(|| visit.missing(Missing::Page))
}

fn scene(visit: &Visit) -> Option<Scene> {
    Scene::new(&visit.site, &visit.portal, &visit.language)
}

pub(crate) async fn ask(visit: Visit, ClientAddress(from): ClientAddress, body: Bytes) -> Response {
    let Some(scene) = scene(&visit).filter(|scene| scene.can_be_told) else {
        return visit.missing(Missing::Page);
    };
    let fields = fields(&body);
    let typed = fields.iter().find(|(name, _)| name == "address").map_or("", |(_, typed)| typed);
    let asked = visit.site.subscribers.ask(Asked {
        portal: &visit.portal,
        address: typed,
        language: &visit.language,
        agreed_to: pages::terms(&scene),
        from,
    });
    let wrong = match asked.await {
        Ok(address) => return pages::private(pages::asked(&scene, &address)),
        Err(AskError::Address) => Wrong::Address(typed),
        Err(AskError::TooMany) => Wrong::TooMany(typed),
        Err(error @ (AskError::Tables(_) | AskError::Chance(_))) => {
            tracing::error!(%error, "somebody could not ask to be told by mail");
            Wrong::Failed(typed)
        }
    };
    let page = pages::form_page(&scene, Some(wrong));
    page.map_or_else(|| visit.missing(Missing::Page), pages::private)
}

pub(crate) async fn own(State(site): State<Arc<Site>>, Path(secret): Path<String>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match found(&site, &parts, &secret).await {
        Ok((scene, subscription)) => pages::own(&scene, &subscription, None, Said::Nothing),
        Err(response) => response,
    }
}

pub(crate) async fn change(State(site): State<Arc<Site>>, Path(secret): Path<String>, parts: Parts, body: Bytes) -> Response {
    let fields = sent(&parts.headers, &body);
    let says = |(name, value): (&str, &str)| fields.iter().any(|(key, given)| key == name && given == value);
    let is_one_click = says(ONE_CLICK);
    if is_one_click || says(("do", "end")) {
        return end(&site, &parts, &secret, is_one_click).await;
    }
    let (scene, subscription) = match found(&site, &parts, &secret).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    if !says(("do", "settle")) {
        return pages::own(&scene, &subscription, None, Said::Unclear);
    }
    let chosen = Chosen::read(&scene, &fields);
    if chosen.is_nothing(&scene) {
        return pages::own(&scene, &subscription, Some(chosen), Said::NothingChosen);
    }
    let services = (!chosen.has_all_services(&scene)).then(|| chosen.services.iter().cloned().collect::<BTreeSet<_>>());
    let kinds = (!chosen.has_all_kinds()).then(|| chosen.kinds.clone());
    if let Err(failed) = site.subscribers.settle(&subscription, services, kinds).await {
        return failure(&site, &parts, &failed);
    }
    let said = match subscription.confirmed_at {
        None => Said::Confirmed,
        Some(_) => Said::Saved,
    };
    match found(&site, &parts, &secret).await {
        Ok((scene, subscription)) => pages::own(&scene, &subscription, None, said),
        Err(response) => response,
    }
}

/// Forgets somebody, whatever has become of the portal since. What is over is over: a program that asks twice is told so.
async fn end(site: &Site, parts: &Parts, secret: &str, is_one_click: bool) -> Response {
    let before = found(site, parts, secret).await;
    let ended = async {
        match site.subscribers.find(secret).await? {
            Some(subscription) => site.subscribers.end(&subscription.id).await,
            None => Ok(()),
        }
    };
    if let Err(failed) = ended.await {
        return failure(site, parts, &failed);
    }
    match before {
        Ok((scene, _)) => pages::ended(&scene),
        Err(_) if is_one_click => StatusCode::OK.into_response(),
        Err(_) => pages::no_subscription(site, parts),
    }
}

/// What a link leads to, in the language that is asked for, else in its own.
///
/// # Errors
/// The answer where it leads to nothing, or the database fails.
async fn found(site: &Site, parts: &Parts, secret: &str) -> Result<(Scene, Subscription), Response> {
    let found = site
        .subscribers
        .find(secret)
        .await
        .map_err(|failed| failure(site, parts, &failed))?;
    let Some(subscription) = found else {
        return Err(pages::no_subscription(site, parts));
    };
    let scene = site.windows.snapshot(subscription.portal.as_str()).and_then(|snapshot| {
        let query = pages::query(&parts.uri);
        let wished = pages::asked_for(&query, "lang").unwrap_or(&subscription.language);
        let language = pages::choose(&snapshot.state.languages, Some(wished), &parts.headers);
        Scene::new(site, &subscription.portal, &language)
    });
    // The portal is no more: perhaps by a slip of the hand, and what is known of them is not forgotten yet.
    match scene {
        Some(scene) => Ok((scene, subscription)),
        None => Err(pages::not_now(site, parts)),
    }
}

fn failure(site: &Site, parts: &Parts, failed: &TableError) -> Response {
    tracing::error!(error = %failed, "what people are told by mail cannot be read or written");
    pages::not_now(site, parts)
}

fn fields(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The fields of a form, in either of the forms in which mail programs send them (RFC 8058, section 3.2).
fn sent(headers: &HeaderMap, body: &[u8]) -> Vec<(String, String)> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let is_multipart = kind.get(..20).is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/form-data;"));
    let boundary = kind.split(';').find_map(|part| part.trim().strip_prefix("boundary="));
    let Some(boundary) = boundary.filter(|_| is_multipart) else {
        return fields(body);
    };
    let text = String::from_utf8_lossy(body);
    let field = |part: &str| {
        let (head, value) = part.split_once("\r\n\r\n")?;
        let name = head.split("name=\"").nth(1)?.split('"').next()?;
        Some((name.to_owned(), value.trim_end_matches("\r\n").to_owned()))
    };
    text.split(&format!("--{}", boundary.trim_matches('"'))).filter_map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_program_ends_it_in_either_form() {
        for (kind, body) in [
            ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
            (
                "multipart/form-data; boundary=\"x y\"",
                "--x y\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x y--\r\n",
            ),
            (
                "Multipart/Form-Data; charset=utf-8; boundary=b",
                "--b\r\ncontent-disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--",
            ),
        ] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]);
            let expected = vec![(ONE_CLICK.0.to_owned(), ONE_CLICK.1.to_owned())];
            assert_eq!(sent(&headers, body.as_bytes()), expected, "{kind}");
        }
    }
}
