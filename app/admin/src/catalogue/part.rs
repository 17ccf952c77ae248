//! One entry of the catalogue: its form, who names it, and its end.

use domain::{catalogue::PartKind, text::Language, words::Code};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use serde_json::{Value, json};

use super::{
    draft::Draft,
    entries::{names, users},
    form::Form,
    graph, hours, instant, missing, probe, shape, tag,
};
use crate::{
    calls,
    desk::Desk,
    failure::Failure,
    fields::{self, Faults, label},
    once::Once,
    opened::Opened,
    route::Route,
    words::{self, catalogue::say},
};

/// The page of an entry that is to be.
pub(crate) fn new(desk: Desk, kind: PartKind) -> AnyView {
    let fresh = match kind {
        PartKind::Portal => {
            json!({"languages": ["de"], "time_zone": "Europe/Berlin", "linger_minutes": 120, "approach_minutes": 60, "services": []})
        }
        PartKind::Procedure => json!({"steps": []}),
        PartKind::Template => {
            json!({"notice": {"kind": "outage", "severity": "outage", "services": [], "portals": [], "entries": "unknown"}})
        }
        PartKind::Rule => json!({"matchers": [], "grace_minutes": 2, "calm_minutes": 5, "at_end": "confirm"}),
        PartKind::Probe => {
            json!({"kind": "http", "every_seconds": 60, "timeout_seconds": 10, "attempts": 2, "confirm": 1, "certificate_days": 14, "record": "A"})
        }
        _ => json!({}),
    };
    let page = Page::open(desk, kind, None, None, fresh);
    // It is kept with all else that is typed.
    Effect::new(move |_| page.form.draft.set("/id", page.typed_id.get().trim().into()));
    view! {
        {crumb()}
        <h1 id="heading" tabindex="-1">{words::catalogue::add(kind)}</h1>
        <div class="situation">{page.form()}</div>
    }
    .into_any()
}

/// The page of one that there is.
pub(crate) fn one(desk: Desk, kind: PartKind, id: String) -> AnyView {
    let found = RwSignal::new(None::<Result<(u32, Value), Failure>>);
    let asked = id.clone();
    spawn_local(async move {
        let answer = calls::catalogue_part(kind, &asked).await;
        let _left = found.try_set(Some(answer));
    });
    let own = id.clone();
    let name = move || {
        let all = names(&desk.known(), kind);
        all.into_iter()
            .find(|(known, _)| *known == own)
            .map_or_else(|| own.clone(), |(_, name)| name)
    };
    let told = id.clone();
    let shown = move || match found.get()? {
        Ok((revision, value)) => Some(Page::open(desk, kind, Some(id.clone()), Some(revision), value).known(&id)),
        Err(failure) => {
            let said = failure.sentence();
            Some(view! { <p class="late">{said}</p> }.into_any())
        }
    };
    // The heading is there at once: it is where somebody arrives.
    view! {
        {crumb()}
        <h1 id="heading" tabindex="-1">{name}</h1>
        <p class="quiet">{words::catalogue::kind(kind)} " · " <span class="id">{told}</span></p>
        <p class="quiet" hidden=move || found.with(Option::is_some)>{words::say().loading}</p>
        {shown}
    }
    .into_any()
}

fn crumb() -> AnyView {
    view! { <p class="back"><a class="more-link" href=Route::Catalogue.href()>{words::say().catalogue}</a></p> }.into_any()
}

/// An entry's page.
#[derive(Clone, Copy)]
struct Page {
    kind: PartKind,
    /// None: it is new, and its author names it.
    id: StoredValue<Option<String>>,
    typed_id: RwSignal<String>,
    form: Form,
    once: Once,
    opened: Opened,
    /// What its author is to know before they go on: that it was left unsaved, or that somebody else has changed it.
    news: RwSignal<String>,
    /// Grows when the form is to be made anew from what stands in the draft.
    edition: RwSignal<u32>,
}

impl Page {
    fn open(desk: Desk, kind: PartKind, id: Option<String>, revision: Option<u32>, value: Value) -> Self {
        let route = id.as_ref().map_or(Route::NewPart(kind), |id| Route::Part(kind, id.clone()));
        let (draft, is_left) = Draft::open(route.hash(), revision, value);
        let mut languages = desk.languages();
        // What a catalogue may come to be written in.
        for tag in ["de", "en", "de-simple"] {
            languages.extend(Language::parse(tag).ok().filter(|language| !languages.contains(language)));
        }
        let news = if is_left { say().left_unsaved } else { "" };
        Self {
            kind,
            typed_id: RwSignal::new(draft.text("/id")),
            id: StoredValue::new(id),
            form: Form {
                desk,
                draft,
                faults: Faults::new(),
                language: RwSignal::new(0),
                languages: StoredValue::new(languages),
            },
            once: Once::new(),
            opened: Opened::new(),
            news: RwSignal::new(news.to_owned()),
            edition: RwSignal::new(0),
        }
    }

    /// What stands on the page of an entry that there is.
    fn known(self, id: &str) -> AnyView {
        let (desk, kind) = (self.form.desk, self.kind);
        let graph = (kind == PartKind::Service).then(|| graph::section(desk, id));
        let tag = (kind == PartKind::Portal).then(|| tag::section(desk, id));
        view! {
            <div class="situation">
                {tag}
                {graph}
                {self.users(id)}
                {self.form()}
                {self.end(id)}
            </div>
        }
        .into_any()
    }

    /// Who names it.
    fn users(self, id: &str) -> AnyView {
        let (desk, kind, id) = (self.form.desk, self.kind, id.to_owned());
        let all = Memo::new(move |_| users(&desk.known(), kind, &id));
        let line = |(kind, id, name): (PartKind, String, String)| {
            view! { <li><a href=Route::Part(kind, id).href()>{name}</a> " " <span class="quiet">{words::catalogue::kind(kind)}</span></li> }
        };
        view! {
            <section class="part" aria-labelledby="users-heading" data-test="users" hidden=move || all.with(Vec::is_empty)>
                <h2 id="users-heading">{say().users}</h2>
                <ul class="entries">{move || all.get().into_iter().map(line).collect_view()}</ul>
            </section>
        }
        .into_any()
    }

    fn form(self) -> AnyView {
        let form = self.form;
        let submit = move |event: SubmitEvent| {
            event.prevent_default();
            self.save();
        };
        let id_field = self
            .id
            .with_value(Option::is_none)
            .then(|| fields::line(form.faults, label("/id", say().id, say().id_hint), "text", self.typed_id));
        let languages = form.languages.get_value();
        let written = move |language: &Language| form.draft.has_language(language.as_str());
        let inputs = move || {
            self.edition.track();
            form.fields(shape::fields(self.kind), "")
        };
        let discard = move |_| {
            form.draft.let_go();
            let _ = window().location().reload();
        };
        view! {
            <section class="part" aria-labelledby="form-heading">
                <h2 id="form-heading">{say().what_it_says}</h2>
                <div role="status">
                    <div class="note" hidden=move || self.news.with(String::is_empty)>
                        <p>{move || self.news.get()}</p>
                        <button type="button" class="small" on:click=discard>{say().discard}</button>
                    </div>
                </div>
                <form class="fields" on:submit=submit novalidate data-test="part-form">
                    {form.faults.summary_by(move |pointer| form.reveal(pointer), words::catalogue::pointed_at)}
                    {id_field}
                    {fields::languages(&languages, form.language, written)}
                    {inputs}
                    {(self.kind == PartKind::Template).then(|| missing::section(form))}
                    <div class="bar">
                        <button type="submit" class="primary" data-test="part-save" aria-disabled=move || self.once.is_busy()>{say().save}</button>
                        <span class="quiet" hidden=move || !form.draft.is_changed()>{say().unsaved}</span>
                    </div>
                </form>
            </section>
            {(self.kind == PartKind::Probe).then(|| probe::section(form, self.id.get_value()))}
        }
        .into_any()
    }

    fn save(self) {
        let (form, kind) = (self.form, self.kind);
        let known = self.id.get_value();
        let id = known.clone().unwrap_or_else(|| self.typed_id.get_untracked().trim().to_owned());
        if id.is_empty() {
            return form.faults.show(vec![fields::fault("/id", Code::Missing)]);
        }
        let (revision, mut value) = form.draft.sent();
        let unfinished = [hours::unfinished(&value), instant::unfinished()].concat();
        if !unfinished.is_empty() {
            return form.faults.show(unfinished);
        }
        let Some(key) = self.once.begin() else { return };
        form.desk.hush();
        value["id"] = id.as_str().into();
        spawn_local(async move {
            let outcome = calls::put_catalogue_part(kind, &id, revision, &value, &key).await;
            match self.once.ended(outcome) {
                Some(Ok((revision, answer))) => {
                    form.draft.saved(revision, &value, answer);
                    form.faults.show(Vec::new());
                    self.news.set(String::new());
                    form.desk.refresh_catalogue();
                    if known.is_none() {
                        form.desk.go_with(&Route::Part(kind, id), say().saved.to_owned());
                    } else {
                        form.desk.say(say().saved.to_owned());
                    }
                }
                Some(Err(Failure::Stale)) => self.meet(&id).await,
                Some(Err(failure)) => {
                    let found = failure.faults();
                    if found.is_empty() {
                        form.desk.failed(&failure);
                    } else {
                        form.reveal(&found[0].pointer);
                        form.faults.show(found);
                    }
                }
                None => {}
            }
        });
    }

    /// Somebody else has saved it meanwhile: both are put together, and their author looks at it once more.
    async fn meet(self, id: &str) {
        match calls::catalogue_part(self.kind, id).await {
            Ok(_) if self.form.draft.is_left() => {}
            Ok((revision, theirs)) => {
                let both = self.form.draft.meet(revision, &theirs);
                self.edition.update(|edition| *edition += 1);
                let mut names: Vec<String> = both.iter().map(|field| words::catalogue::pointed_at(field)).collect();
                names.dedup();
                self.news.set(words::catalogue::met(&names));
                self.form.desk.warn(say().stale.to_owned());
                fields::focus("heading");
            }
            Err(failure) => self.form.desk.failed(&failure),
        }
    }

    /// Takes it out of the catalogue.
    fn end(self, id: &str) -> AnyView {
        let (desk, kind) = (self.form.desk, self.kind);
        let id = StoredValue::new(id.to_owned());
        let is_open = self.opened.is("remove".to_owned());
        let once = Once::new();
        let remove = move |_| {
            let revision = self.form.draft.sent().0.unwrap_or_default();
            let removing = async move { calls::remove_catalogue_part(kind, &id.get_value(), revision).await };
            once.send(desk, self.form.faults, removing, move |()| {
                self.form.draft.let_go();
                desk.refresh_catalogue();
                desk.go_with(&Route::Catalogue, say().removed.to_owned());
            });
        };
        let step = move || {
            view! {
                <div class="step" id="step" tabindex="-1">
                    <p>{say().remove_what}</p>
                    <div class="row">
                        <button type="button" class="primary" data-test="remove-confirm" aria-disabled=move || once.is_busy() on:click=remove>{say().remove}</button>
                        <button type="button" on:click=move |_| self.opened.close()>{words::say().cancel}</button>
                    </div>
                </div>
            }
        };
        view! {
            <section class="part" aria-labelledby="end-heading">
                <h2 id="end-heading">{say().end}</h2>
                <div class="row">{self.opened.button("remove".to_owned(), "remove", "", || say().remove, || None)}</div>
                {move || is_open.get().then(step)}
            </section>
        }
        .into_any()
    }
}
