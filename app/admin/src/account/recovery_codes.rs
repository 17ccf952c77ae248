//! Codes for when everything else is lost, which are told only once: with the first second factor, or when somebody asks for others.

use leptos::{prelude::*, task::spawn_local};

use crate::{calls, desk::Desk, fields, route::Route, told_once, words::people::say};

/// The codes, until they are kept; then it goes on at this heading, or with the page for whoever had to add a second factor first.
pub(super) fn told(desk: Desk, codes: RwSignal<Option<Vec<String>>>, told: &[String], heading: &'static str) -> AnyView {
    let done = move |_| {
        codes.set(None);
        if desk.lacks_factor() {
            // From now on the page is theirs.
            spawn_local(async move {
                match calls::session().await {
                    Ok(session) => {
                        desk.catalogue.set(None);
                        desk.enter(session).await;
                        Route::Overview.go();
                    }
                    Err(failure) => desk.failed(&failure),
                }
            });
        } else {
            desk.learn_session();
            fields::focus(heading);
        }
    };
    // They are told only now, so they are what is seen.
    request_animation_frame(|| {
        fields::focus("recovery-codes");
    });
    view! {
        <p id="recovery-codes" tabindex="-1">{say().codes_what}</p>
        <ol class="codes" data-test="recovery-codes">{told.iter().map(|code| view! { <li>{code.clone()}</li> }).collect_view()}</ol>
        {told_once::copy(told.join("\n"))}
        <div class="row"><button type="button" class="primary" data-test="codes-kept" on:click=done>{say().codes_kept}</button></div>
    }
    .into_any()
}
