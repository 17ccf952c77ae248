//! `POST /api/v1/clock`: an administrator says that the server's clock is right, although the journal contradicts it.

use std::sync::Arc;

use api::{ClockConfirmation, ClockConfirmed};

use axum::{Json, extract::State};
use domain::record::upkeep;

use crate::http::{
    answer::problem::Problem,
    ask::{authentication::Known, json_body::JsonBody},
    site::Site,
};

pub(crate) async fn confirm(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    body: JsonBody,
) -> Result<Json<ClockConfirmed>, Problem> {
    let ClockConfirmation { reason } = body.read()?;
    site.publisher
        .submit(identity.actor, upkeep::Command::ConfirmClock { reason })
        .await?;
    let (_, now) = site.publisher.present();
    Ok(Json(ClockConfirmed { now }))
}
