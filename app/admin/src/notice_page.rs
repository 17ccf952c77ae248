//! One notice: what it says, how people see it, what was done, what can be done.

use api::ProblemKind;
use domain::{
    notice::{Alteration, Notice, Update},
    text::Localized,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    arrival, calls, composer,
    desk::Desk,
    draft::wire,
    facts::{self, Part},
    failure::Failure,
    preview::{self, PreviewState},
    route::Route,
    steps,
    unknown_place::unknown_place,
    words,
};

/// Fetches a notice now and with every tick.
fn followed(desk: Desk, id: String) -> (RwSignal<Option<Notice>>, RwSignal<bool>) {
    let (found, absent) = (RwSignal::new(None::<Notice>), RwSignal::new(false));
    Effect::new(move |_| {
        desk.tick.track();
        let id = id.clone();
        spawn_local(async move {
            match calls::notice(&id).await {
                // An answer may come late, after a newer one.
                Ok(notice) => {
                    if found.try_with_untracked(|old| old.as_ref().is_none_or(|old| old.revision < notice.revision)) == Some(true) {
                        found.try_set(Some(notice));
                    }
                }
                Err(Failure::Refused(problem)) if problem.kind == ProblemKind::NoNotice => {
                    absent.try_set(true);
                }
                Err(Failure::SignedOut) => desk.failed(&Failure::SignedOut),
                Err(_) => {}
            }
        });
    });
    (found, absent)
}

/// The page of a notice.
pub(crate) fn page(desk: Desk, id: String) -> AnyView {
    let (found, absent) = followed(desk, id.clone());
    let notice = Memo::new(move |_| found.get());
    let title = Memo::new(move |_| {
        notice.with(|notice| {
            notice
                .as_ref()
                .map_or_else(|| id.clone(), |notice| Desk::text(&notice.content.title))
        })
    });
    let title_is = move || notice.with(|notice| Desk::language_of(&notice.as_ref()?.content.title));
    let known = Memo::new(move |_| notice.with(Option::is_some));
    let changed = Callback::new(move |notice| found.set(Some(notice)));
    let sight = shown_to_people(desk, notice);
    // Who reads it must know whether people do.
    let label = Signal::derive(move || {
        let now = desk.now.get();
        let is_on_show = matches!(sight.get(), PreviewState::Shown { is_on_show: true, .. });
        notice.with(
            |notice| match notice.as_ref().map(|notice| (facts::part(notice, now), notice.published_at)) {
                _ if is_on_show => words::say().as_seen,
                None | Some((Part::Over, None)) => words::say().preview,
                Some((Part::Over, Some(_))) => words::say().once_seen,
                Some((Part::Draft | Part::Announced | Part::Now, _)) => words::say().to_be_seen,
            },
        )
    });
    let head = move || {
        let notice = notice.get()?;
        let now = desk.now.get();
        let over = facts::part(&notice, now) == Part::Over;
        Some(view! {
            <div class=format!("card whole {}", facts::tone(&notice, now)) data-test="facts">
                <div class="card-head">{facts::chips(&notice, now)}<span class="quiet id">{notice.id.to_string()}</span></div>
                <p>{words::say().concerns} ": " {desk.concerned(&notice.content)}</p>
                {facts::times(desk, &notice, now)}
                {facts::authors(desk, &notice, now)}
                {over.then(|| view! { <p class="quiet">{words::say().over_note}</p> })}
            </div>
        })
    };
    let link = move || {
        let notice = notice.get()?;
        notice.published_at?;
        let portal = desk.portals_of(&notice.content).into_iter().next()?;
        let href = format!("/p/{}/notices/{}", portal.id, notice.id);
        Some(view! { <p><a class="more-link" href=href>{words::say().permanent_page}</a></p> })
    };
    view! {
        <div class="composer">
            <div class="writing">
                <p class="crumb"><a href=Route::Overview.href()>{words::say().to_overview}</a></p>
                <h1 id="heading" tabindex="-1" lang=title_is>{move || title.get()}</h1>
                <p hidden=move || !absent.get() || known.get()>{words::say().not_found}</p>
                <p class="quiet" hidden=move || absent.get() || known.get()>{words::say().loading}</p>
                {head}
                {move || known.get().then(|| arrival::proof(desk, notice))}
                {move || known.get().then(|| steps::panel(desk, notice, changed))}
                {move || known.get().then(|| history(desk, notice))}
                {link}
            </div>
            <div class="beside">{move || known.get().then(|| preview::pane(desk, label, "", sight))}</div>
        </div>
    }
    .into_any()
}

/// What a portal shows of it; for what no portal shows, what it would look like.
fn shown_to_people(desk: Desk, notice: Memo<Option<Notice>>) -> RwSignal<PreviewState> {
    let sight = RwSignal::new(PreviewState::Waiting);
    // What portals show changes with the notice, and by time when its stage does.
    let cause = Memo::new(move |_| {
        let now = desk.now.get();
        notice.with(|notice| {
            notice
                .as_ref()
                .map(|notice| (notice.id.clone(), notice.revision, notice.stage_at(now), facts::part(notice, now)))
        })
    });
    Effect::new(move |_| {
        let Some((id, _, _, part)) = cause.get() else { return };
        let Some(notice) = notice.get_untracked() else { return };
        spawn_local(async move {
            if part != Part::Draft
                && let Some(portal) = desk.portals_of(&notice.content).first()
                && let Ok(document) = calls::portal_state(portal.id.as_str()).await
                && let Some(on_show) = PreviewState::of_portal(document, id.as_str())
            {
                sight.try_set(on_show);
                return;
            }
            let outcome = match calls::preview(&wire(&notice.content)).await {
                Ok(document) => PreviewState::of_draft(document),
                Err(_) => PreviewState::Failed,
            };
            sight.try_set(outcome);
        });
    });
    sight
}

/// What was added, newest first.
fn history(desk: Desk, notice: Memo<Option<Notice>>) -> AnyView {
    let updates = Memo::new(move |_| notice.with(|notice| notice.as_ref().map(|notice| notice.updates.clone()).unwrap_or_default()));
    let entry = move |update: Update| {
        let now = desk.now.get();
        view! {
            <li>
                <p class="quiet">
                    {desk.zone().moment(update.at, now)}
                    {update.stage.map(|stage| view! { " · " <strong>{words::stage(Some(stage))}</strong> })}
                    " · " {update.by.as_ref().map_or_else(|| words::say().by_time.to_owned(), words::author)}
                </p>
                {update.change.map(|change| view! { <p class="quiet">{changed(desk, change)}</p> })}
                {texts(&update.text)}
            </li>
        }
    };
    view! {
        <section class="history" data-test="history" aria-labelledby="history-heading">
            <h2 id="history-heading">{words::say().history}</h2>
            <p class="quiet" hidden=move || !updates.with(Vec::is_empty)>{words::say().history_empty}</p>
            <ol reversed>{move || updates.get().into_iter().rev().map(entry).collect_view()}</ol>
        </section>
    }
    .into_any()
}

/// What the notice said before.
fn changed(desk: Desk, change: Alteration) -> String {
    let told = |at| desk.zone().moment(at, desk.now.get());
    match change {
        Alteration::Moved { from, to } => words::moved(&told(from), to.map(told).as_deref()),
        Alteration::EndMoved { to } => words::end_moved(to.map(told).as_deref()),
        Alteration::Edited => words::edited_before().to_owned(),
    }
}

/// Every language of a text, the first without its name.
fn texts(text: &Localized) -> AnyView {
    let (first, language) = (Desk::text(text), Desk::language_of(text));
    let others: Vec<_> = text
        .iter()
        .filter(|(_, text)| *text != first)
        .map(|(language, text)| {
            let name = words::language(language.as_str());
            view! { <p class="prose quiet" lang=language.to_string()>{name} ": " {text.to_owned()}</p> }
        })
        .collect();
    view! { {(!first.is_empty()).then(|| view! { <p class="prose" lang=language>{first}</p> })}{others} }.into_any()
}

/// The form for a notice that exists.
pub(crate) fn edit(desk: Desk, id: &str) -> AnyView {
    let (found, absent) = (RwSignal::new(None::<Notice>), RwSignal::new(false));
    let id = id.to_owned();
    spawn_local(async move {
        match calls::notice(&id).await {
            Ok(notice) => {
                found.try_set(Some(notice));
            }
            Err(failure) => {
                absent.try_set(true);
                desk.failed(&failure);
            }
        }
    });
    (move || match found.get() {
        Some(notice) => composer::edit(desk, &notice),
        None if absent.get() => unknown_place(),
        None => view! { <p class="quiet">{words::say().loading}</p> }.into_any(),
    })
    .into_any()
}
