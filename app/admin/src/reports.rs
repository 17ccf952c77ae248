//! How portals did, month by month: which reports there are. Each is a page of the server's own, and needs no program.

use api::{PortalReports, Reports};
use leptos::{prelude::*, task::spawn_local};

use crate::{calls, desk::Desk, failure::Failure, words};

/// So many months are seen at once; older ones are unfolded.
const RECENT: usize = 6;

pub(crate) fn page(desk: Desk) -> AnyView {
    let all = RwSignal::new(None::<Reports>);
    Effect::new(move |_| {
        desk.tick.track();
        spawn_local(async move {
            match calls::reports().await {
                Ok(found) if all.with_untracked(|known| known.as_ref() != Some(&found)) => drop(all.try_set(Some(found))),
                // What is there already stays, should it not be answered for a while.
                Err(failure) if failure == Failure::SignedOut || all.with_untracked(Option::is_none) => desk.failed(&failure),
                _ => {}
            }
        });
    });
    let portals = move || all.get().map(|all| all.portals.iter().map(of_portal).collect_view());
    view! {
        <h1 id="heading" tabindex="-1">{words::say().reports}</h1>
        <div class="situation">
            <p class="quiet">{words::office::say().reports_hint}</p>
            {portals}
        </div>
    }
    .into_any()
}

fn of_portal(portal: &PortalReports) -> AnyView {
    let for_whom = if portal.public {
        words::office::say().reports_public
    } else {
        words::office::say().reports_internal
    };
    let (recent, older) = portal.months.split_at(portal.months.len().min(RECENT));
    let older = (!older.is_empty()).then(|| {
        view! {
            <details>
                <summary>{words::office::say().reports_older}</summary>
                {months(portal, older)}
            </details>
        }
    });
    let id = format!("reports-{}", portal.portal);
    view! {
        <section class="card" aria-labelledby=id.clone() data-test="reports">
            <h2 id=id.clone() lang=Desk::language_of(&portal.name)>{Desk::text(&portal.name)}</h2>
            <p class="quiet">{for_whom}</p>
            {months(portal, recent)}
            {older}
        </section>
    }
    .into_any()
}

fn months(portal: &PortalReports, months: &[String]) -> AnyView {
    let one = |month: &String| {
        let file = |ending: &str| calls::report_file(portal.portal.as_str(), &format!("{month}.{ending}"));
        let name = words::month_of(month);
        let [pdf, csv] = ["PDF", "CSV"].map(|form| format!("{form} {name}"));
        view! {
            <li>
                <a href=file("html")>{name}</a> " · " <a href=file("pdf") aria-label=pdf>"PDF"</a> " · "
                <a href=file("csv") aria-label=csv>"CSV"</a>
            </li>
        }
    };
    view! { <ul>{months.iter().map(one).collect_view()}</ul> }.into_any()
}
