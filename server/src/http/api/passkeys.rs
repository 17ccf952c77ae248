//! `/api/v1/me/passkeys` and `/api/v1/session/passkey`: passkeys of one's own, and signing in with one.

use std::sync::Arc;

use api::{AddedPasskey, NewPasskey, PasskeyAnswer, PasskeyOptions, Passkeys, PresentPassword, ProblemKind};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use crate::{
    accounts::{Passkey, RelyingParty},
    http::{
        answer::problem::Problem,
        api::{
            oneself::{Oneself, of_password},
            session,
        },
        ask::{client_address::ClientAddress, cookie::Cookie, json_body::JsonBody, origin::OwnOrigin},
        site::Site,
    },
};

/// For whom devices sign here.
fn relying_party(site: &Site) -> Result<&RelyingParty, Problem> {
    site.relying_party.as_ref().ok_or_else(|| {
        let detail = "Browsers give passkeys to hosts with a name only: start the server with `--public-url` and such a name.";
        Problem::new(ProblemKind::NoPasskeysHere, detail)
    })
}

fn told(passkey: Passkey) -> api::Passkey {
    api::Passkey {
        id: passkey.id,
        name: passkey.name,
        created_at: passkey.created_at,
        used_at: passkey.used_at,
    }
}

pub(crate) async fn list(State(site): State<Arc<Site>>, oneself: Oneself) -> Result<Json<Passkeys>, Problem> {
    let passkeys = site.accounts.passkeys(oneself.id()).await?;
    Ok(Json(Passkeys {
        host: site.relying_party.as_ref().map(|at| at.host().to_owned()),
        passkeys: passkeys.into_iter().map(told).collect(),
    }))
}

pub(crate) async fn begin(State(site): State<Arc<Site>>, oneself: Oneself, body: JsonBody) -> Result<Json<PasskeyOptions>, Problem> {
    let at = relying_party(&site)?;
    let PresentPassword { current } = body.read()?;
    let attempt = oneself.attempt(&site, current);
    let options = site.accounts.begin_passkey(at, attempt).await.map_err(of_password)?;
    Ok(Json(PasskeyOptions(options)))
}

pub(crate) async fn add(State(site): State<Arc<Site>>, oneself: Oneself, body: JsonBody) -> Result<Response, Problem> {
    let at = relying_party(&site)?;
    let NewPasskey { name, credential } = body.read()?;
    let person = oneself.id().to_owned();
    let added = site.accounts.add_passkey(at, oneself.into_identity(), &name, credential).await?;
    tracing::info!(person, passkey = added.passkey.id, "a passkey was added");
    let answer = AddedPasskey {
        passkey: told(added.passkey),
        recovery_codes: added.recovery_codes,
    };
    let response = (StatusCode::CREATED, Json(answer)).into_response();
    Ok(match added.signed_in {
        Some(signed_in) => session::with_cookies(&site, response, &signed_in.session, &signed_in.browser),
        None => response,
    })
}

pub(crate) async fn remove(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    oneself: Oneself,
    body: JsonBody,
) -> Result<StatusCode, Problem> {
    let PresentPassword { current } = body.read()?;
    let person = oneself.id().to_owned();
    let attempt = oneself.attempt(&site, current);
    site.accounts.remove_passkey(attempt, &id).await.map_err(of_password)?;
    tracing::info!(person, passkey = id, "a passkey was removed");
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn begin_sign_in(
    State(site): State<Arc<Site>>,
    _: OwnOrigin,
    ClientAddress(address): ClientAddress,
) -> Result<Json<PasskeyOptions>, Problem> {
    let options = site.accounts.begin_sign_in_by_passkey(relying_party(&site)?, address).await?;
    Ok(Json(PasskeyOptions(options)))
}

pub(crate) async fn sign_in(State(site): State<Arc<Site>>, _: OwnOrigin, headers: HeaderMap, body: JsonBody) -> Result<Response, Problem> {
    let at = relying_party(&site)?;
    let PasskeyAnswer(answer) = body.read()?;
    let browsers = Cookie::Browser.values(site.secure, &headers);
    let browsers = browsers.into_iter().map(str::to_owned).collect();
    let signed_in = site.accounts.sign_in_by_passkey(at, answer, browsers).await?;
    Ok(session::signed_in(&site, signed_in, StatusCode::OK))
}
