//! A place of this page that there is not.

use leptos::prelude::*;

use crate::{route::Route, words};

/// Says so, and leads back.
pub(crate) fn unknown_place() -> AnyView {
    view! { <h1 id="heading" tabindex="-1">{words::say().unknown_place}</h1><p><a href=Route::Overview.href()>{words::say().to_overview}</a></p> }.into_any()
}
