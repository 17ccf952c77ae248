//! `/api/v1/invitations`: who is invited to have an account; `…/accept`: somebody comes.

use std::sync::Arc;

use api::{Acceptance, Invitation, Invitations, NewInvitation, ProblemKind};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::notice::Author;

use crate::{
    accounts,
    http::{
        answer::problem::Problem,
        api::{names::names, people::may_give, session},
        ask::{authentication::Admin, json_body::JsonBody, origin::OwnOrigin},
        site::Site,
    },
};

pub(crate) async fn list(State(site): State<Arc<Site>>, Admin(by): Admin) -> Result<Json<Invitations>, Problem> {
    let names = names(&site).await;
    let mut all = site.accounts.invitations().await?;
    all.retain(|one| by.actor.grants.may_manage(&one.grants));
    let told = all.into_iter().map(|one| {
        let name = names.get(&one.created_by).cloned();
        told(one, name)
    });
    Ok(Json(Invitations {
        invitations: told.collect(),
    }))
}

/// The answer alone tells the link.
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    Admin(by): Admin,
    body: JsonBody,
) -> Result<(StatusCode, Json<Invitation>), Problem> {
    let NewInvitation { label, grants } = body.read()?;
    may_give(&site, &by, &grants)?;
    let (invitation, secret) = site.accounts.invite(&by.actor, &label, grants).await.map_err(in_label)?;
    tracing::info!(by = by.actor.id, invitation = invitation.id, "somebody was invited");
    let link = format!("{}/admin/#invitation={}", site.public_url, secret.as_str());
    let told = Invitation {
        link: Some(link),
        ..told(invitation, Some(by.name))
    };
    Ok((StatusCode::CREATED, Json(told)))
}

/// What is wrong with a name is here wrong with the label.
fn in_label(error: accounts::AccountError) -> Problem {
    match error {
        accounts::AccountError::BadName(code, reason) => Problem::field("/label", code, &reason),
        error => error.into(),
    }
}

pub(crate) async fn withdraw(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let all = site.accounts.invitations().await?;
    let known = all.iter().find(|one| one.id == id);
    let Some(known) = known.filter(|one| by.actor.grants.may_manage(&one.grants)) else {
        return Err(Problem::new(
            ProblemKind::NoInvitation,
            "It was used or withdrawn, or there never was one.",
        ));
    };
    site.accounts.withdraw_invitation(&known.id).await?;
    tracing::info!(by = by.actor.id, invitation = known.id, "an invitation was withdrawn");
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn accept(State(site): State<Arc<Site>>, _: OwnOrigin, body: JsonBody) -> Result<Response, Problem> {
    let Acceptance { token, name, password } = body.read()?;
    let signed_in = site.accounts.accept(&token, &name, password).await?;
    tracing::info!(person = signed_in.identity.actor.id, "an invitation was accepted");
    Ok(session::signed_in(&site, signed_in, StatusCode::CREATED))
}

fn told(invitation: accounts::Invitation, name: Option<String>) -> Invitation {
    Invitation {
        id: invitation.id,
        label: invitation.label,
        grants: invitation.grants,
        created_at: invitation.created_at,
        created_by: Author {
            name,
            ..Author::of(&invitation.created_by)
        },
        expires_at: invitation.expires_at,
        link: None,
    }
}
