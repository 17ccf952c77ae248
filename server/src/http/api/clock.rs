//! `POST /api/v1/clock`: an administrator says that the server's clock is right, although the journal contradicts it.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::record::upkeep;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::http::{
    answer::problem::Problem,
    ask::{authentication::Known, json_body::JsonBody},
    site::Site,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    /// Kept in the journal forever.
    reason: String,
}

/// The time that counts from now on.
#[derive(Serialize)]
pub(crate) struct Confirmed {
    now: Timestamp,
}

pub(crate) async fn confirm(State(site): State<Arc<Site>>, Known(identity): Known, body: JsonBody) -> Result<Json<Confirmed>, Problem> {
    let Confirmation { reason } = body.read()?;
    site.publisher
        .submit(identity.actor, upkeep::Command::ConfirmClock { reason })
        .await?;
    let (_, now) = site.publisher.present();
    Ok(Json(Confirmed { now }))
}
