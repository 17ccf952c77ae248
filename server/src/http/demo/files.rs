//! `/demo/`: the portal of a fictitious city, there only with `--demo`.

use api::ProblemKind;
use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    assets,
    demo::Demo,
    http::{
        answer::{problem::Problem, serving::embedded},
        site::Site,
    },
};

pub(crate) async fn redirect() -> Redirect {
    Redirect::permanent("/demo/")
}

pub(crate) async fn home(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    answer(&site, &headers, "index.html")
}

pub(crate) async fn file(State(site): State<Arc<Site>>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    answer(&site, &headers, &file)
}

fn answer(site: &Site, headers: &HeaderMap, file: &str) -> Response {
    let found = assets::find(&format!("demo/{file}")).or_else(|| assets::find(&format!("demo/{file}.html")));
    match found.filter(|_| site.demo == Demo::Shown) {
        Some(file) => embedded(headers, file, "no-cache"),
        None => {
            let detail = match site.demo {
                Demo::Shown => "The demo begins at /demo/.",
                Demo::Absent => "The demo is served with `umleitung serve --demo`.",
            };
            Problem::new(ProblemKind::NothingHere, detail).into_response()
        }
    }
}
