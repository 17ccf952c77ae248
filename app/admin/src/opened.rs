//! Buttons that open a form below them: of all on a page, one form is open at a time.

use leptos::prelude::*;

use crate::fields;

/// Which form is open, by the id of its button.
#[derive(Clone, Copy)]
pub(crate) struct Opened(RwSignal<Option<String>>);

impl Opened {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Whether the form of the button with this id is open.
    pub(crate) fn is(self, button: String) -> Memo<bool> {
        Memo::new(move |_| self.0.with(|open| open.as_ref() == Some(&button)))
    }

    /// Whether one of them is open.
    pub(crate) fn is_any(self) -> bool {
        self.0.with(Option::is_some)
    }

    /// Closes the form that is open: what it was for is done.
    pub(crate) fn done(self) {
        self.0.set(None);
    }

    /// Closes the form that is open, and goes back to its button.
    pub(crate) fn close(self) {
        let button = self.0.get_untracked();
        self.0.set(None);
        if let Some(button) = button {
            fields::focus(&button);
        }
    }

    /// The button with this id. `hook`: by what tests find it; `name`: what stands on it; `about`: what it is called beside others of the same
    /// name.
    pub(crate) fn button(
        self,
        id: String,
        hook: &'static str,
        class: &'static str,
        name: impl Fn() -> &'static str + Send + Sync + 'static,
        about: impl Fn() -> Option<String> + Send + Sync + 'static,
    ) -> AnyView {
        let is_open = self.is(id.clone());
        let toggle = {
            let id = id.clone();
            move |_| {
                let opens = !is_open.get_untracked();
                self.0.set(opens.then(|| id.clone()));
                if opens {
                    fields::focus_soon("step");
                }
            }
        };
        view! {
            <button type="button" class=class id=id data-test=hook aria-label=about aria-expanded=move || is_open.get().to_string() on:click=toggle>{name}</button>
        }
        .into_any()
    }
}
