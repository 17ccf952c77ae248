//! `/api/v1/session/oidc` and `/admin/oidc`: signing in at a provider elsewhere, and coming back from there.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use api::{ProblemKind, ProviderAddress, ProviderOffer};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::SignedDuration;
use store::identity::Departure;

use crate::{
    accounts::{DEPARTURE_LASTS, Newcomer, SESSION_LASTS, SignedIn, Turned},
    http::{
        answer::problem::Problem,
        api::session,
        ask::{client_address::ClientAddress, cookie::Cookie, origin::OwnOrigin},
        site::Site,
    },
    provider::{Bonds, Provider, ProviderError, Vouched},
};

/// The longest that is read of what somebody comes back with, in bytes.
const LONGEST: usize = 8 * 1024;

/// Why somebody who comes back is not let in; which it was is for the log.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("there is no provider here")]
    NoProvider,
    #[error("the address lacks its state, or is too long")]
    Incomplete,
    #[error("the provider says: {0}")]
    SaidNo(String),
    #[error("another provider answers")]
    OtherProvider,
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Turned(#[from] Turned),
}

/// What somebody comes back with.
type Told<'a> = HashMap<Cow<'a, str>, Cow<'a, str>>;

/// Somebody who went from this browser and comes back.
struct Awaited<'a> {
    provider: &'a Provider,
    state: String,
    told: Told<'a>,
    departure: Departure,
}

pub(crate) async fn offer(State(site): State<Arc<Site>>) -> Json<ProviderOffer> {
    Json(ProviderOffer {
        name: site.provider.as_ref().map(|provider| provider.name().to_owned()),
    })
}

pub(crate) async fn begin(State(site): State<Arc<Site>>, _: OwnOrigin, ClientAddress(address): ClientAddress) -> Result<Response, Problem> {
    let nobody = || {
        Problem::new(
            ProblemKind::NothingHere,
            "No provider is set up: start the server with `--oidc-issuer`.",
        )
    };
    let provider = site.provider.as_ref().ok_or_else(nobody)?;
    let leaving = site.accounts.leave(address).await?;
    let bonds = Bonds {
        nonce: leaving.nonce.as_str(),
        verifier: leaving.verifier.as_str(),
    };
    let there = provider.address(leaving.state.as_str(), &bonds).await;
    let address = there.map_err(|error| Problem::provider_silent(&error))?;
    let mut response = Json(ProviderAddress { address }).into_response();
    session::put_cookie(&mut response, &site, Cookie::Departure, leaving.browser.as_str(), DEPARTURE_LASTS);
    Ok(response)
}

pub(crate) async fn come_back(State(site): State<Arc<Site>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let (came, was_awaited) = match awaited(&site, query.as_deref().unwrap_or_default(), &headers).await {
        Ok(awaited) => (let_in(&site, awaited).await, true),
        Err(refusal) => (Err(refusal), false),
    };
    let mut response = match came {
        Ok(signed_in) => {
            tracing::info!(person = signed_in.identity.actor.id, "somebody has signed in at the provider");
            let mut response = leads_to("/admin/");
            // Whether the browser is known could not be seen: that cookie does not come along from another site. It stays as it is.
            session::put_cookie(&mut response, &site, Cookie::Session, signed_in.session.as_str(), SESSION_LASTS);
            response
        }
        Err(refusal) => {
            tracing::info!(reason = %refusal, "somebody who comes from the provider is not let in");
            leads_to("/admin/#oidc=refused")
        }
    };
    // Whoever else is still away from this browser needs its cookie.
    if was_awaited {
        session::put_cookie(&mut response, &site, Cookie::Departure, "", SignedDuration::ZERO);
    }
    response
}

/// Who is waited for in this browser, by what they come back with.
async fn awaited<'a>(site: &'a Site, query: &'a str, headers: &HeaderMap) -> Result<Awaited<'a>, Refusal> {
    let provider = site.provider.as_ref().ok_or(Refusal::NoProvider)?;
    if query.len() > LONGEST {
        return Err(Refusal::Incomplete);
    }
    let told: Told<'_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let state = told.get("state").ok_or(Refusal::Incomplete)?;
    let browsers = Cookie::Departure.values(site.secure, headers);
    let departure = site.accounts.departure(state, &browsers).await?;
    Ok(Awaited {
        provider,
        state: state.clone().into_owned(),
        told,
        departure,
    })
}

async fn let_in(site: &Site, awaited: Awaited<'_>) -> Result<SignedIn, Refusal> {
    let Awaited {
        provider,
        state,
        told,
        departure,
    } = awaited;
    let bonds = Bonds {
        nonce: &departure.nonce,
        verifier: &departure.verifier,
    };
    let vouched = match vouched(provider, &told, &bonds).await {
        Ok(vouched) => vouched,
        Err(refusal) => {
            // Right or wrong, there is one answer.
            site.accounts.forget_departure(&state).await.map_err(Turned::from)?;
            return Err(refusal);
        }
    };
    let newcomer = Newcomer {
        issuer: vouched.issuer,
        subject: vouched.subject,
        names: vouched.names,
        grants: vouched.grants,
    };
    Ok(site.accounts.come_back(&state, newcomer).await?)
}

/// For whom the provider vouches, by what somebody has come back with.
async fn vouched(provider: &Provider, told: &Told<'_>, bonds: &Bonds<'_>) -> Result<Vouched, Refusal> {
    // Whom somebody believes to be asked is not always who answers (RFC 9207).
    if told.get("iss").is_some_and(|issuer| issuer != provider.issuer()) {
        return Err(Refusal::OtherProvider);
    }
    if let Some(error) = told.get("error") {
        let error = error.chars().filter(|letter| !letter.is_control()).take(100).collect();
        return Err(Refusal::SaidNo(error));
    }
    let code = told.get("code").ok_or(Refusal::Incomplete)?;
    Ok(provider.vouch(code, bonds).await?)
}

/// Sends a browser on; what it came with is told to nobody.
fn leads_to(place: &'static str) -> Response {
    let headers = [
        (header::LOCATION, HeaderValue::from_static(place)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}
