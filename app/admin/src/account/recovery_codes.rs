//! Codes for when everything else is lost, which are told only once: with the first second factor, or when somebody asks for others.

use std::sync::Once;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    calls,
    desk::{Desk, Unkept},
    fields,
    route::Route,
    told_once,
    words::people::say,
};

/// Codes have come. They stay below this heading, wherever somebody goes within the page, until they are said to be kept; who leaves the page
/// is asked by the browser.
pub(super) fn came(desk: Desk, codes: Vec<String>, heading: &'static str) {
    static LEAVING: Once = Once::new();
    let of = desk
        .session
        .with_untracked(|session| session.as_ref().map(|session| session.name.clone()));
    desk.unkept.set(Some(Unkept {
        of: of.unwrap_or_default(),
        codes,
        heading,
        warning: say().codes_unkept,
    }));
    LEAVING.call_once(|| {
        window_event_listener(leptos::ev::beforeunload, move |event| {
            if desk.unkept.with_untracked(Option::is_some) {
                event.prevent_default();
                // Older browsers ask for this alone.
                event.set_return_value("1");
            }
        });
    });
    if desk.route.get_untracked() != Route::Account {
        desk.warn_of_unkept();
    }
}

/// Those that stand below this heading, if any.
pub(super) fn below(desk: Desk, heading: &'static str) -> Option<AnyView> {
    let unkept = desk.unkept.get().filter(|unkept| unkept.heading == heading)?;
    Some(told(desk, &unkept))
}

/// The codes, until they are kept; then it goes on at this heading, or with the page for whoever had to add a second factor first.
fn told(desk: Desk, Unkept { codes, heading, .. }: &Unkept) -> AnyView {
    let heading = *heading;
    let done = move |_| {
        desk.unkept.set(None);
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
    fields::focus_soon("recovery-codes");
    view! {
        <p id="recovery-codes" tabindex="-1">{say().codes_what}</p>
        <ol class="codes" data-test="recovery-codes">{codes.iter().map(|code| view! { <li>{code.clone()}</li> }).collect_view()}</ol>
        {told_once::copy(codes.join("\n"))}
        <div class="row"><button type="button" class="primary" data-test="codes-kept" on:click=done>{say().codes_kept}</button></div>
    }
    .into_any()
}
