//! Questions about what stands in a form: asked after a pause in typing, and answers that come too late are passed over.

use std::{future::Future, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

/// A pause in typing after which it is asked.
const PAUSE: Duration = Duration::from_millis(400);

/// Asks at once, and again after each change.
pub(crate) fn ask_when_settled<Q, A, F>(question: Memo<Q>, ask: fn(Q) -> F, take: impl Fn(A) + Copy + 'static)
where
    Q: Clone + PartialEq + Send + Sync + 'static,
    A: 'static,
    F: Future<Output = A> + 'static,
{
    let asked = StoredValue::new(0_u32);
    let pending: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
    Effect::new(move |first: Option<()>| {
        let question = question.get();
        if let Some(handle) = pending.get_value() {
            handle.clear();
        }
        let ask = move || {
            asked.update_value(|asked| *asked += 1);
            let number = asked.get_value();
            spawn_local(async move {
                let answer = ask(question).await;
                // The form may be gone, or a later question on its way.
                if asked.try_get_value() == Some(number) {
                    take(answer);
                }
            });
        };
        if first.is_none() {
            ask();
        } else {
            pending.set_value(set_timeout_with_handle(ask, PAUSE).ok());
        }
    });
    on_cleanup(move || {
        if let Some(handle) = pending.try_get_value().flatten() {
            handle.clear();
        }
    });
}
