//! What is planned: all that comes, in the order of time, or as a calendar; the series from which it follows; and the freezes.

mod agenda;
mod calendar;
mod coming;
mod day;
mod decision;
mod freeze_form;
mod freezes;
mod further;
mod lying;
mod month;
mod plan;
mod repeat;
pub(crate) mod rules;
mod series;
mod views;
mod week;

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
            {views::section(plan)}
            {series::section(plan)}
            {freezes::section(plan)}
        </div>
    }
    .into_any()
}
