//! `GET /p/{portal}/forms/…`: the forms that procedures hand out, as long as one of them does.

use std::sync::Arc;

use api::ProblemKind;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use domain::catalogue::FormFile;

use crate::{
    forms::handed_out,
    http::{
        answer::{problem::Problem, serving::as_it_is},
        ask::portal::Portal,
        site::Site,
    },
};

pub(crate) async fn form(
    State(site): State<Arc<Site>>,
    Portal(shown): Portal,
    Path((_, digest, name)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let form = FormFile::parse(&format!("{digest}/{name}")).ok_or_else(|| no_form(&name))?;
    let (state, _) = site.publisher.present();
    // What was uploaded by mistake, or is not to be used any more, is handed out to nobody; what others use, by them.
    if !handed_out(&state, &shown.state).contains(&form) {
        return Err(no_form(&name));
    }
    let content = site.forms.content(form.digest()).await?;
    Ok(as_it_is(&headers, &*content.ok_or_else(|| no_form(&name))?))
}

pub(crate) fn no_form(name: &str) -> Problem {
    let name: String = name.chars().take(80).collect();
    Problem::new(
        ProblemKind::NoForm,
        format!("There is no form `{name}` here any more; the procedure names the one that is used now."),
    )
}
