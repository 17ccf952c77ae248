//! Signing in at a provider elsewhere: whether there is one, and the way there.

use std::time::Duration;

use api::{Call, ProviderAddress, ProviderOffer};
use leptos::{prelude::*, task::spawn_local};

use crate::{calls, words};

/// How long it takes at most until the page has been left.
const LEAVING: Duration = Duration::from_secs(5);

/// The button of whoever signs in there, once it is known that they can.
pub(crate) fn button(fault: RwSignal<String>, busy: RwSignal<bool>) -> AnyView {
    let name = RwSignal::new(None);
    spawn_local(async move {
        // Where nobody answers, nothing is offered.
        if let Ok(ProviderOffer { name: told }) = calls::get(Call::Provider).await {
            name.try_set(told);
        }
    });
    let leave = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match calls::get::<ProviderAddress>(Call::BeginSignInAtProvider).await {
                // Leaving takes a while, and a second way there would make the first one void; should the page stay, the button works again.
                Ok(there) => {
                    drop(window().location().set_href(&there.address));
                    let stays = move || {
                        let _ = busy.try_set(false);
                    };
                    set_timeout(stays, LEAVING);
                }
                Err(failure) => {
                    fault.set(failure.sentence());
                    busy.set(false);
                }
            }
        });
    };
    let shown = move |name: String| {
        view! {
            <button type="button" data-test="sign-in-provider" aria-disabled=move || busy.get().to_string() on:click=leave>{words::sign_in_at(&name)}</button>
        }
    };
    (move || name.get().map(shown)).into_any()
}
