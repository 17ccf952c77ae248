//! How a portal embeds the notices: the line to paste, and whether its pages have it as they are to.

use api::{Examination, ExaminedPage, Finding};
use leptos::prelude::*;

use crate::{
    calls,
    desk::Desk,
    fields::Faults,
    once::Once,
    told_once,
    words::{self, catalogue::say},
};

pub(super) fn section(desk: Desk, portal: &str) -> AnyView {
    let base = desk
        .session
        .with_untracked(|session| session.as_ref().map(|session| session.public_url.clone()));
    let line = format!(
        "<script async src=\"{}/p/{portal}/umleitung.js\"></script>",
        base.unwrap_or_default()
    );
    view! {
        <section class="part" aria-labelledby="tag-heading" data-test="tag">
            <h2 id="tag-heading">{say().embed}</h2>
            {told_once::line("tag-line", say().tag, say().tag_hint, line)}
            {doctor(desk, portal)}
        </section>
    }
    .into_any()
}

/// Looks at the portal's pages when somebody asks.
fn doctor(desk: Desk, portal: &str) -> AnyView {
    let portal = StoredValue::new(portal.to_owned());
    let once = Once::new();
    let found = RwSignal::new(None::<Examination>);
    let look = move |_| {
        let looking = async move { calls::examine(&portal.get_value()).await };
        once.send(desk, Faults::new(), looking, move |examination| found.set(Some(examination)));
    };
    let told = move || {
        found.get().map(|examination| {
            if !examination.looks {
                return view! { <p class="late">{say().looks_not}</p> }.into_any();
            }
            let pages = examination.pages.iter().map(page).collect_view();
            view! { <ul class="cards">{pages}</ul> }.into_any()
        })
    };
    view! {
        <div class="row">
            <button type="button" data-test="examine" aria-disabled=move || once.is_busy() on:click=look>{say().examine}</button>
            <span class="quiet" role="status">{move || (once.is_busy() == "true").then(|| say().examining)}</span>
        </div>
        <div role="status" data-test="examination">{told}</div>
    }
    .into_any()
}

fn page(page: &ExaminedPage) -> AnyView {
    let line = |finding: &Finding| {
        let detail = (!finding.detail.is_empty()).then(|| view! { " " <span class="address quiet">{finding.detail.clone()}</span> });
        view! { <li>{words::catalogue::finding(finding.kind)} {detail}</li> }
    };
    let is_fine = page.findings.is_empty();
    let class = if is_fine { "card success" } else { "card warning" };
    view! {
        <li class=class>
            <p class="address"><strong>{page.address.clone()}</strong></p>
            <p hidden=!is_fine>{say().page_fine}</p>
            <ul hidden=is_fine>{page.findings.iter().map(line).collect_view()}</ul>
        </li>
    }
    .into_any()
}
