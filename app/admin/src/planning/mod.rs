//! What is planned: all that comes, in the order of time; the series from which it follows; and the freezes.

mod coming;
mod decision;
mod freezes;
mod plan;
mod repeat;
pub(crate) mod rules;
mod series;

use leptos::prelude::*;

use self::plan::Plan;
pub(crate) use self::repeat::page as repeat;
use crate::{desk::Desk, words};

/// The page.
pub(crate) fn page(desk: Desk) -> AnyView {
    let plan = Plan::new(desk);
    plan.follow();
    view! {
        <h1 id="heading" tabindex="-1">{words::say().planning}</h1>
        <p class="quiet" hidden=move || plan.is_known.get()>{words::say().loading}</p>
        <div class="situation" hidden=move || !plan.is_known.get()>
            {coming::section(plan)}
            {series::section(plan)}
            {freezes::section(plan)}
        </div>
    }
    .into_any()
}
