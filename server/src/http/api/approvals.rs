//! `/api/v1/approvals`: what takes a second person, and their answers.

use std::sync::Arc;

use api::{Approval, Approvals, Emergency, ProblemKind, Said, Spoken, Yes};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    access::{Actor, Grants},
    approval::{Asker, Command, Standing},
    rejection::Rejection,
    words::{ApprovalId, Code},
};
use engine::Done;

use crate::{
    accounts::AccountError,
    http::{
        answer::problem::Problem,
        api::names::names,
        ask::{authentication::Known, idempotency_key::IdempotencyKey, json_body::JsonBody},
        site::Site,
    },
};

/// Reads the id out of an address.
fn id(given: &str) -> Result<ApprovalId, Problem> {
    ApprovalId::parse(given).map_err(|_| no_approval(given))
}

fn no_approval(id: &str) -> Problem {
    let id: String = id.chars().take(80).collect();
    Problem::new(
        ProblemKind::NoApproval,
        format!("There is no approval `{id}`; an id looks like A-0012."),
    )
}

/// Answers with one as it stands in memory; for whoever may not read it, there is none.
async fn answer(site: &Site, actor: &Actor, id: &ApprovalId, status: StatusCode) -> Result<Response, Problem> {
    let names = names(site).await;
    let (state, _) = site.publisher.present();
    let found = state
        .approval(id)
        .filter(|approval| state.may_read_approval(&actor.grants, approval));
    let approval = found.ok_or_else(|| no_approval(id.as_str()))?;
    Ok((status, Json(Approval::new(approval, &names, &state, &actor.grants))).into_response())
}

/// What is answered where what was asked for waits for a second person: 202 with what waits, now or when it was asked for with the same key.
pub(crate) async fn waits(site: &Site, actor: &Actor, done: &Done) -> Option<Result<Response, Problem>> {
    let id = done.subject.approval()?;
    Some(answer(site, actor, id, StatusCode::ACCEPTED).await)
}

pub(crate) async fn list(State(site): State<Arc<Site>>, Known(identity): Known) -> Result<Json<Approvals>, Problem> {
    let names = names(&site).await;
    let all = site
        .publisher
        .read(|state, now| Approvals::new(state, now, &names, &identity.actor.grants));
    Ok(Json(all.await?))
}

pub(crate) async fn show(State(site): State<Arc<Site>>, Known(identity): Known, Path(given): Path<String>) -> Result<Response, Problem> {
    let id = id(&given)?;
    // So that what another process has written is there.
    site.publisher.read(|_, _| ()).await?;
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

/// What whoever asked holds by now, and the person behind it where it is a program, also one that works no more; whose account is gone holds
/// nothing. What the caller may not read is asked by nobody: the rules say that there is none.
async fn asker(site: &Site, actor: &Actor, id: &ApprovalId) -> Result<Asker, Problem> {
    let found = site.publisher.read(|state, _| {
        let readable = state.approval(id).filter(|one| state.may_read_approval(&actor.grants, one));
        readable.map(|one| one.asked_by.id.clone())
    });
    let nobody = Asker::default();
    let Some(who) = found.await? else { return Ok(nobody) };
    let now = site.publisher.clock().now();
    let found = match site.accounts.person(&who).await {
        Ok(person) if person.id == who && person.disabled_at.is_none() => Asker {
            grants: person.grants,
            person: None,
        },
        Ok(_) => nobody,
        Err(AccountError::NoPerson(_)) => match site.accounts.token(&who).await {
            Ok(token) if token.id == who => {
                let works = token.revoked_at.is_none() && token.expires_at.is_none_or(|end| now < end);
                Asker {
                    grants: if works { token.grants } else { Grants::default() },
                    person: token.owner,
                }
            }
            Ok(_) | Err(AccountError::NoToken(_)) => nobody,
            Err(error) => return Err(error.into()),
        },
        Err(error) => return Err(error.into()),
    };
    Ok(found)
}

pub(crate) async fn approve(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let key = key.with(&body);
    let Yes { spoken } = body.read()?;
    let (second, heard_by) = match spoken {
        Some(spoken) => (hear(&site, &identity.actor, &id, spoken).await?, Some(identity.actor.id.clone())),
        None => (identity.actor.clone(), None),
    };
    let asker = asker(&site, &second, &id).await?;
    let id_of = id.clone();
    site.submit(
        second,
        Command::Grant {
            id: id_of,
            asker,
            heard_by,
        },
        key,
    )
    .await?;
    // It may be a series, of which something is due.
    site.going_out.look_again();
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

/// The second person who has said yes over the phone, where something waits for one that the caller may read. Only a person can have heard
/// them, whom others can ask about it.
async fn hear(site: &Site, listener: &Actor, id: &ApprovalId, spoken: Spoken) -> Result<Actor, Problem> {
    if !listener.is_person() {
        return Err(Problem::new(ProblemKind::PeopleOnly, "A program hears nobody over the phone."));
    }
    let standing = site.publisher.read(|state, _| {
        let readable = state.approval(id).filter(|one| state.may_read_approval(&listener.grants, one));
        readable.map(|one| one.standing)
    });
    // No code is used up for what nobody can say yes to.
    match standing.await? {
        None => return Err(no_approval(id.as_str())),
        Some(Standing::Waiting) => {}
        Some(_) => return Err(Rejection::ApprovalSettled(id.clone()).into()),
    }
    let heard = site.accounts.hear(&spoken.name, &spoken.code, &listener.id).await;
    match heard {
        Ok(second) => {
            tracing::info!(approval = %id, person = second.actor.id, listener = listener.id, "a yes was heard over the phone");
            Ok(second.actor)
        }
        Err(AccountError::WrongCode) => {
            let detail = "does not hold: it takes the first four digits that the device of this person shows now, and each code counts once; \
                after three wrong ones it takes an hour";
            Err(Problem::field("/spoken/code", Code::NotHeard, detail))
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn break_glass(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let key = key.with(&body);
    let Emergency { break_glass: emergency } = body.read()?;
    let command = Command::Bypass { id: id.clone(), emergency };
    site.submit(identity.actor.clone(), command, key).await?;
    site.going_out.look_again();
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

pub(crate) async fn decline(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let said = |id, text: Option<String>| Command::Decline {
        id,
        text: text.unwrap_or_default(),
    };
    settle(&site, &identity.actor, &given, key, body, said).await
}

pub(crate) async fn withdraw(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let key = key.with(&body);
    unsaid(body)?;
    site.submit(identity.actor.clone(), Command::Withdraw { id: id.clone() }, key)
        .await?;
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

/// What says enough by itself takes no text: one that is sent is refused, not passed over.
fn unsaid(body: JsonBody) -> Result<(), Problem> {
    let Said { text } = body.read()?;
    if text.is_some() {
        let detail = "goes with a no or a review; this says enough by itself";
        return Err(Problem::field("/text", Code::Malformed, detail));
    }
    Ok(())
}

pub(crate) async fn review(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let asker = asker(&site, &identity.actor, &id(&given)?).await?;
    settle(&site, &identity.actor, &given, key, body, |id, text| Command::Review {
        id,
        asker,
        text,
    })
    .await
}

async fn settle(
    site: &Site,
    actor: &Actor,
    given: &str,
    key: IdempotencyKey,
    body: JsonBody,
    command: impl FnOnce(ApprovalId, Option<String>) -> Command,
) -> Result<Response, Problem> {
    let id = id(given)?;
    let key = key.with(&body);
    let Said { text } = body.read()?;
    site.submit(actor.clone(), command(id.clone(), text), key).await?;
    answer(site, actor, &id, StatusCode::OK).await
}
