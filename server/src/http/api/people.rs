//! `/api/v1/people`: who has an account; `…/{id}/disable` and `…/{id}/enable`: whether they may use it.

use std::sync::Arc;

use api::{NewGrants, People, ProblemKind};

use axum::{
    Json,
    extract::{Path, State},
};

use domain::{access::Grants, words::Code};

use crate::{
    accounts::{self, AccountError, Identity},
    http::{
        answer::problem::Problem,
        ask::{authentication::Admin, json_body::JsonBody},
        site::Site,
    },
};

pub(crate) async fn list(State(site): State<Arc<Site>>, Admin(by): Admin) -> Result<Json<People>, Problem> {
    let mut people = site.accounts.people().await?;
    people.retain(|person| by.actor.grants.may_manage(&person.grants));
    Ok(Json(People {
        people: people.into_iter().map(told).collect(),
    }))
}

pub(crate) async fn disable(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<api::Person>, Problem> {
    let person = managed(&site, &by, &id).await?;
    // With a person end their programs.
    let tokens = site.accounts.tokens().await?;
    let mut theirs = tokens
        .iter()
        .filter(|token| token.owner.as_ref() == Some(&person.id) && token.revoked_at.is_none());
    if !theirs.all(|token| by.actor.grants.may_manage(&token.grants)) {
        let detail = "A program of theirs, which would end with the account, reaches further than your role.";
        return Err(Problem::new(ProblemKind::RoleTooLow, detail));
    }
    let person = site.accounts.disable(&person.id).await?;
    tracing::info!(by = by.actor.id, person = person.id, "an account was disabled");
    Ok(Json(told(person)))
}

pub(crate) async fn enable(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<api::Person>, Problem> {
    let person = managed(&site, &by, &id).await?;
    let person = site.accounts.enable(&person.id).await?;
    tracing::info!(by = by.actor.id, person = person.id, "an account was enabled");
    Ok(Json(told(person)))
}

pub(crate) async fn change_grants(
    State(site): State<Arc<Site>>,
    Admin(by): Admin,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<api::Person>, Problem> {
    let person = managed(&site, &by, &id).await?;
    let NewGrants { grants } = body.read()?;
    may_give(&site, &by, &grants)?;
    let person = site
        .accounts
        .change_grants(&person.id, |held| {
            // What they hold may have grown meanwhile.
            if by.actor.grants.may_manage(&held) {
                Ok(grants)
            } else {
                Err(elsewhere())
            }
        })
        .await?;
    tracing::info!(by = by.actor.id, person = person.id, "the grants of a person were changed");
    Ok(Json(told(person)))
}

pub(crate) async fn sign_out(
    State(site): State<Arc<Site>>,
    Admin(by): Admin,
    Path(id): Path<String>,
) -> Result<Json<api::Person>, Problem> {
    let person = managed(&site, &by, &id).await?;
    site.accounts.sign_out_everywhere(&person.id).await?;
    tracing::info!(by = by.actor.id, person = person.id, "a person was signed out everywhere");
    Ok(Json(told(person)))
}

pub(crate) async fn reset_second_factor(
    State(site): State<Arc<Site>>,
    Admin(by): Admin,
    Path(id): Path<String>,
) -> Result<Json<api::Person>, Problem> {
    let person = managed(&site, &by, &id).await?;
    if person.id == by.actor.id {
        let detail = "Your own second factor is removed by your password: `POST /api/v1/me/second-factor/remove`.";
        return Err(Problem::new(ProblemKind::PeopleOnly, detail));
    }
    let may = |person: &accounts::Person| {
        // What they hold may have grown meanwhile.
        if by.actor.grants.may_manage(&person.grants) {
            Ok(())
        } else {
            Err(elsewhere())
        }
    };
    let person = site.accounts.reset_second_factor(&person.id, may).await?;
    tracing::info!(by = by.actor.id, person = person.id, "the second factor of a person was removed");
    Ok(Json(told(person)))
}

fn elsewhere() -> Problem {
    Problem::new(
        ProblemKind::RoleElsewhere,
        "Grants are given by an administrator of all that they reach; name those portals that are yours.",
    )
}

/// Whether somebody may give these grants: they reach something, only portals that there are, and nothing that is not theirs to manage.
pub(crate) fn may_give(site: &Site, by: &Identity, grants: &Grants) -> Result<(), Problem> {
    if grants.highest().is_none() {
        return Err(Problem::field("/grants", Code::Missing, "names no role; give at least one"));
    }
    if !by.actor.grants.may_manage(grants) {
        return Err(elsewhere());
    }
    let (state, _) = site.publisher.present();
    if let Some((portal, _)) = grants.portals().find(|(portal, _)| state.portal(portal).is_none()) {
        let detail = format!("names the portal `{portal}`, which the catalogue does not have");
        return Err(Problem::field("/grants", Code::NotInCatalogue, &detail));
    }
    Ok(())
}

fn told(person: accounts::Person) -> api::Person {
    api::Person {
        id: person.id,
        name: person.name,
        role: person.role,
        grants: person.grants,
        created_at: person.created_at,
        disabled_at: person.disabled_at,
        used_at: person.used_at,
        second_factor: person.has_second_factor,
        from_provider: person.is_from_outside,
    }
}

/// A person whom the caller manages; anybody else there is not.
async fn managed(site: &Site, by: &Identity, who: &str) -> Result<accounts::Person, AccountError> {
    let person = site.accounts.person(who).await?;
    if by.actor.grants.may_manage(&person.grants) {
        Ok(person)
    } else {
        Err(AccountError::NoPerson(who.chars().take(100).collect()))
    }
}
