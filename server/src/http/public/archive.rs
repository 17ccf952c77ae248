//! `/p/{portal}/archive/`: the monthly reports of a portal that publishes them.

use api::{ProblemKind, Readers};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use domain::time::Month;

use super::pages::{self, Missing, Visit};
use crate::{
    http::answer::{problem::Problem, serving::public},
    reports::{File, gather, months},
};

/// Which reports there are.
pub(crate) async fn list(visit: Visit) -> Response {
    let months = public_months(&visit);
    // By its latest month: one is over without anything having happened.
    let path = format!("archive/{}", months.first().map_or_else(String::new, ToString::to_string));
    visit
        .answer(&path, Missing::Page, move |scene| pages::report_list(scene, &months))
        .await
}

fn public_months(visit: &Visit) -> Vec<Month> {
    let (state, now) = visit.site.publisher.present();
    months((&state, now), &visit.portal, Readers::Everyone)
}

/// One of them.
pub(crate) async fn one(visit: Visit, Path((_, name)): Path<(String, String)>) -> Response {
    let Ok(file) = name.parse::<File>() else {
        return visit.missing(Missing::Page);
    };
    if !public_months(&visit).contains(&file.month) {
        return visit.missing(Missing::Page);
    }
    let look = async || {
        let found = gather(&visit.site, &visit.portal, file.month, Readers::Everyone).await?;
        found.ok_or_else(|| Problem::new(ProblemKind::NothingHere, "There is no report of this month."))
    };
    let make = move |scene: &pages::Scene, report| pages::report(scene, &report, file, "../");
    match visit.page_with(&format!("archive/{file}"), look, make).await {
        Ok(Some(page)) => public(&visit.headers, &page.document),
        Ok(None) => visit.missing(Missing::Page),
        Err(problem) => problem.into_response(),
    }
}
