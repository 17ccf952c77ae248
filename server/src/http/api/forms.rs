//! `/api/v1/forms`: what procedures hand out, uploaded and read by staff.

use std::sync::Arc;

use api::{FormQuery, ProblemKind, UploadedForm};
use axum::{
    Json,
    body::to_bytes,
    extract::{Path, Request, State},
    http::HeaderMap,
    response::Response,
};
use domain::{
    access::{Context, Role, Where},
    catalogue::{FormFile, LARGEST_FORM},
    rejection::need,
};

use crate::{
    forms::FormError,
    http::{
        answer::{problem::Problem, serving::as_it_is},
        ask::{authentication::Known, parameters::Parameters},
        public::form::no_form,
        site::Site,
    },
};

pub(crate) async fn upload(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Parameters(query): Parameters<FormQuery>,
    request: Request,
) -> Result<Json<UploadedForm>, Problem> {
    let now = site.publisher.clock().now();
    let context = Context {
        now,
        actor: identity.actor.clone(),
    };
    // Before anything is read that may be large.
    need(Role::Admin, Where::Everywhere, &context)?;
    let content = to_bytes(request.into_body(), LARGEST_FORM).await.map_err(|error| {
        let mut causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        if causes.any(|cause| cause.is::<http_body_util::LengthLimitError>()) {
            let detail = format!("It has more than {LARGEST_FORM} bytes (5 MiB), which is the most that a form may have; save it smaller.");
            return Problem::new(ProblemKind::BodyTooLarge, detail);
        }
        Problem::new(ProblemKind::UnreadableBody, error.to_string())
    })?;
    let size = content.len();
    let taken = site.forms.take(&query.name, content, now, &identity.actor.id).await;
    let taken = taken.map_err(|error| match error {
        FormError::NotTaken(why) => Problem::field("/content", why.code(), &why.to_string()),
        FormError::Storage(error) => error.into(),
    })?;
    tracing::info!(form = %taken.form, person = identity.actor.id, "a form was uploaded");
    Ok(Json(UploadedForm {
        form: taken.form.to_string(),
        pages: taken.pages,
        size,
    }))
}

/// Any that was uploaded, as staff see what is to be handed out, or was.
pub(crate) async fn read(
    State(site): State<Arc<Site>>,
    Known(_): Known,
    Path((digest, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let form = FormFile::parse(&format!("{digest}/{name}")).ok_or_else(|| no_form(&name))?;
    let content = site.forms.content(form.digest()).await?;
    Ok(as_it_is(&headers, &*content.ok_or_else(|| no_form(&name))?))
}
