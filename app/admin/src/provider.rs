//! Signing in at a provider elsewhere: whether there is one, and the way there.

use api::{Call, ProviderAddress, ProviderOffer};
use leptos::{prelude::*, task::spawn_local};

use crate::{calls, words};

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
                // The page is left; should it not be, the button works again.
                Ok(there) => drop(window().location().set_href(&there.address)),
                Err(failure) => fault.set(failure.sentence()),
            }
            busy.set(false);
        });
    };
    let shown = move |name: String| {
        view! {
            <button type="button" data-test="sign-in-provider" aria-disabled=move || busy.get().to_string() on:click=leave>{words::sign_in_at(&name)}</button>
        }
    };
    (move || name.get().map(shown)).into_any()
}
