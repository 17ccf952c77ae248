//! The form of a notice: every field of its content, the important ones first, the rest folded.

use domain::{
    catalogue::{Catalogue, Service},
    text::Language,
    words::ServiceId,
};
use leptos::prelude::*;
use wire::{AtEnd, EndCertainty, Entries, Kind, Severity};

use crate::{
    authoring,
    desk::Desk,
    draft::{Draft, Variants},
    drift::{self, Drift},
    fields::{self, Faults, Label, Size, label},
    obstacles, turning, words,
};

/// What the parts of the form share.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    pub(crate) desk: Desk,
    pub(crate) draft: Draft,
    pub(crate) faults: Faults,
    /// The place of the language in which the texts are typed.
    pub(crate) language: RwSignal<usize>,
    pub(crate) drift: Drift,
    /// The notice that is edited, by its id.
    own: StoredValue<Option<String>>,
    /// Why planned work may be in frozen time.
    pub(crate) freeze_reason: RwSignal<String>,
}

fn toggled<T: PartialEq>(list: &mut Vec<T>, item: T, on: bool) {
    list.retain(|other| *other != item);
    if on {
        list.push(item);
    }
}

/// The services under the name of what they belong to: those that others need, those of each portal, the rest.
fn grouped(catalogue: &Catalogue) -> Vec<(String, Vec<(ServiceId, String)>)> {
    let needed = |id: &ServiceId| {
        catalogue
            .services
            .iter()
            .any(|other| other.requires.contains(id) || other.uses.contains(id))
    };
    let option = |service: &Service| (service.id.clone(), Desk::text(&service.name));
    let (base, others): (Vec<_>, Vec<_>) = catalogue.services.iter().partition(|service| needed(&service.id));
    let mut groups = vec![(
        words::say().base_services.to_owned(),
        base.into_iter().map(option).collect::<Vec<_>>(),
    )];
    let mut left = others;
    for portal in &catalogue.portals {
        let (own, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|service| portal.services.contains(&service.id));
        groups.push((Desk::text(&portal.name), own.into_iter().map(option).collect()));
        left = rest;
    }
    groups.push((words::say().other_services.to_owned(), left.into_iter().map(option).collect()));
    groups
}

impl Form {
    pub(crate) fn new(desk: Desk, draft: Draft, drift: Drift, own: Option<String>) -> Self {
        Self {
            own: StoredValue::new(own),
            freeze_reason: RwSignal::new(String::new()),
            desk,
            draft,
            faults: Faults::new(),
            language: RwSignal::new(0),
            drift,
        }
    }

    /// Makes the language of a pointer such as `/title/en` the chosen one.
    pub(crate) fn reveal(self, pointer: &str) {
        let tag = pointer.split('/').nth(2).and_then(|tag| Language::parse(tag).ok());
        let place = tag.and_then(|tag| {
            self.draft
                .languages
                .with_value(|languages| languages.iter().position(|language| *language == tag))
        });
        self.language.set(place.unwrap_or(0));
    }

    /// Every field.
    pub(crate) fn view(self) -> AnyView {
        view! {
            {self.languages()}
            {self.what()}
            {self.texts()}
            {self.times()}
            {self.entries()}
            {self.help()}
        }
        .into_any()
    }

    fn text(self, label: Label, size: Size, text: Variants) -> AnyView {
        let field = label.pointer.trim_start_matches('/');
        let drifted = Memo::new(move |_| {
            let all = self.drift.of(&self.draft.content());
            all.iter()
                .find(|drifted| drifted.field == field)
                .map(drift::beside)
                .unwrap_or_default()
        });
        let confirm = move |_| self.drift.confirm(field, &untrack(|| self.draft.content()));
        let variants = self
            .draft
            .languages
            .with_value(|languages| fields::variants(self.faults, label, size, languages, self.language, text));
        view! {
            {variants}
            <div class="note drift" data-test=format!("drift-{field}") hidden=move || drifted.with(String::is_empty)>
                <p role="status">{move || drifted.get()}</p>
                <button type="button" class="small" data-test=format!("drift-{field}-fits") on:click=confirm>{words::say().still_fits}</button>
            </div>
        }
        .into_any()
    }

    fn languages(self) -> AnyView {
        let written = move |language: &Language| self.draft.title.text().get(language).is_some();
        let choice = self
            .draft
            .languages
            .with_value(|languages| fields::languages(languages, self.language, written));
        view! { <div class="languages">{choice}</div> }.into_any()
    }

    fn what(self) -> AnyView {
        view! {
            <section class="part" aria-labelledby="part-what">
                <h2 id="part-what">{words::say().what}</h2>
                {self.text(label("/title", words::say().title, words::say().title_hint), Size::Line, self.draft.title)}
                {self.severity()}
                {self.services()}
            </section>
        }
        .into_any()
    }

    fn severity(self) -> AnyView {
        let possible: &[Severity] = match self.draft.kind {
            Kind::Outage => &[Severity::Outage, Severity::PartialOutage, Severity::Degraded],
            Kind::Maintenance => &[Severity::Outage, Severity::PartialOutage, Severity::Degraded, Severity::Information],
            // An information breaks nothing.
            Kind::Information => return ().into_any(),
        };
        let text = |severity: &Severity| format!("{}: {}", words::severity(*severity), words::severity_meaning(*severity));
        let options = possible.iter().map(|severity| (*severity, text(severity))).collect();
        fields::choice(
            self.faults,
            label("/severity", words::say().severity, ""),
            options,
            self.draft.severity,
        )
    }

    fn services(self) -> AnyView {
        let catalogue = self.desk.known_untracked();
        let groups = grouped(&catalogue);
        let portals = self.portals(&catalogue);
        let groups = groups
            .into_iter()
            .filter(|(_, options)| !options.is_empty())
            .map(|(name, options)| self.group(&name, options));
        let chosen = move || {
            Some(self.chosen())
                .filter(|names| !names.is_empty())
                .unwrap_or_else(|| words::say().choose.to_owned())
        };
        let also = Memo::new(move |_| self.also_concerned());
        let wrong = Memo::new(move |_| [self.faults.at("/services"), self.faults.at("/portals")].concat());
        // From a template the services are chosen already, so the long list stays folded.
        let folded = self.draft.services.with_untracked(|chosen| !chosen.is_empty())
            || self.draft.portals.with_untracked(|chosen| !chosen.is_empty());
        view! {
            <fieldset id="field-services" tabindex="-1" aria-describedby="field-services-fault">
                <legend>{words::say().services}</legend>
                <p class="fault" id="field-services-fault" hidden=move || wrong.with(String::is_empty)>{move || wrong.get()}</p>
                <details class="fold" open=!folded>
                    <summary>
                        <span>{chosen}</span>
                    </summary>
                    {groups.collect_view()}
                    <div class="group" role="group" id="field-portals" tabindex="-1" aria-label=words::say().portals>
                        <p class="group-name" aria-hidden="true">{words::say().portals}</p>
                        <div class="options columns">{portals}</div>
                    </div>
                </details>
                <p class="hint" hidden=move || also.with(String::is_empty)>{words::say().also_concerned} " " {move || also.get()}</p>
            </fieldset>
        }
        .into_any()
    }

    /// The portals that can be chosen as a whole.
    fn portals(self, catalogue: &Catalogue) -> AnyView {
        let portals = self.draft.portals;
        let options = catalogue
            .portals
            .iter()
            .map(|portal| (portal.id.clone(), Desk::text(&portal.name)))
            .collect();
        fields::checks(
            options,
            move |id| portals.with(|chosen| chosen.contains(id)),
            move |id, on| {
                self.faults.touched("/services");
                self.faults.touched("/portals");
                portals.update(|chosen| toggled(chosen, id, on));
            },
            "portal",
        )
    }

    /// Services that belong together, under a name.
    fn group(self, name: &str, options: Vec<(ServiceId, String)>) -> AnyView {
        let services = self.draft.services;
        let checks = fields::checks(
            options,
            move |id| services.with(|chosen| chosen.contains(id)),
            move |id, on| {
                self.faults.touched("/services");
                self.faults.touched("/portals");
                services.update(|chosen| toggled(chosen, id, on));
            },
            "service",
        );
        view! {
            <div class="group" role="group" aria-label=name.to_owned()>
                <p class="group-name" aria-hidden="true">{name.to_owned()}</p>
                <div class="options columns">{checks}</div>
            </div>
        }
        .into_any()
    }

    /// The names of the services and portals that are chosen.
    fn chosen(self) -> String {
        let (services, portals) = (self.draft.services, self.draft.portals);
        let names = services.with(|chosen| chosen.iter().map(|id| self.desk.service_name(id)).collect::<Vec<_>>());
        let whole = portals.with(|chosen| {
            chosen
                .iter()
                .map(|id| format!("{} ({})", self.desk.portal_name(id), words::say().whole_portal))
                .collect::<Vec<_>>()
        });
        [names, whole].concat().join(", ")
    }

    /// The names of the services that need a chosen one.
    fn also_concerned(self) -> String {
        let names: Vec<_> = self
            .desk
            .dependents(&self.draft.services.get())
            .iter()
            .map(|id| self.desk.service_name(id))
            .collect();
        match names.len() {
            0..=6 => names.join(", "),
            more => format!("{} {}", names[..5].join(", "), words::and_more(more - 5)),
        }
    }

    fn texts(self) -> AnyView {
        view! {
            <section class="part" aria-labelledby="part-texts">
                <h2 id="part-texts">{words::say().texts}</h2>
                <p class="hint">{words::say().texts_hint}</p>
                {self.text(label("/impact", words::say().impact, words::say().impact_hint), Size::Prose, self.draft.impact)}
                {self.text(label("/guidance", words::say().guidance, ""), Size::Prose, self.draft.guidance)}
                {self.text(label("/still_works", words::say().still_works, ""), Size::Prose, self.draft.still_works)}
            </section>
        }
        .into_any()
    }

    fn times(self) -> AnyView {
        let (draft, faults, kind) = (self.draft, self.faults, self.draft.kind);
        let now = move || self.desk.now.get();
        let (starts, starts_hint) = match kind {
            Kind::Outage => (words::say().starts_outage, words::say().starts_outage_hint),
            Kind::Maintenance => (words::say().starts_maintenance, ""),
            Kind::Information => (words::say().starts_information, words::say().starts_outage_hint),
        };
        let ends = if kind == Kind::Information {
            words::say().ends_information
        } else {
            words::say().ends
        };
        let ends_hint = if kind == Kind::Outage { words::say().ends_hint } else { "" };
        let quick = (kind == Kind::Outage).then_some((|now| now) as fn(_) -> _);
        let has_end = Memo::new(move |_| draft.ends_at.at().is_some());
        let certainty = move || {
            has_end.get().then(|| {
                let unclear = draft.end_certainty.get_untracked() == Some(EndCertainty::Unknown);
                let offered = EndCertainty::ALL
                    .iter()
                    .filter(|option| unclear || **option != EndCertainty::Unknown);
                let options = offered
                    .map(|option| (Some(*option), words::certainty(*option).to_owned()))
                    .collect();
                fields::choice(
                    faults,
                    label("/end_certainty", words::say().certainty, ""),
                    options,
                    draft.end_certainty,
                )
            })
        };
        self.follow_end(has_end);
        let at_end = move || {
            has_end.get().then(|| {
                let options = vec![
                    (AtEnd::Confirm, words::say().at_end_confirm.to_owned()),
                    (AtEnd::Complete, words::say().at_end_complete.to_owned()),
                ];
                fields::choice(faults, label("/at_end", words::say().at_end, ""), options, draft.at_end)
            })
        };
        let announce = (kind != Kind::Outage).then(|| {
            fields::moment(
                faults,
                label("/announce_from", words::say().announce_from, words::say().announce_from_hint),
                draft.announce_from,
                now,
                None,
            )
        });
        let next_update = fields::moment(
            faults,
            label("/next_update_at", words::say().next_update_field, words::say().next_update_hint),
            draft.next_update_at,
            now,
            Some(|now| now),
        );
        let obstacles =
            (kind == Kind::Maintenance).then(|| obstacles::view(self.desk, draft, self.own.get_value(), faults, self.freeze_reason));
        view! {
            <section class="part" aria-labelledby="part-times">
                <h2 id="part-times">{words::say().times}</h2>
                {fields::moment(faults, label("/starts_at", starts, starts_hint), draft.starts_at, now, None)}
                {fields::moment(faults, label("/ends_at", ends, ends_hint), draft.ends_at, now, quick)}
                {obstacles}
                {certainty}
                {at_end}
                {(kind == Kind::Maintenance).then(|| turning::field(faults, draft))}
                {next_update}
                {announce}
            </section>
        }
        .into_any()
    }

    /// How sure an end is, and what happens then, is said only of one that is known.
    fn follow_end(self, has_end: Memo<bool>) {
        let (draft, kind) = (self.draft, self.draft.kind);
        Effect::new(move |_| {
            if has_end.get() {
                let usual = if kind == Kind::Maintenance {
                    EndCertainty::Exact
                } else {
                    EndCertainty::Estimated
                };
                draft.end_certainty.update(|certainty| *certainty = certainty.or(Some(usual)));
            } else {
                // Without an end there is nothing to be sure of, and nothing to end at.
                draft.end_certainty.set(None);
                draft.at_end.set(AtEnd::Confirm);
            }
        });
    }

    fn entries(self) -> AnyView {
        let draft = self.draft;
        let options = Entries::ALL
            .iter()
            .map(|entries| (*entries, words::entries(*entries).to_owned()))
            .collect();
        let saved = Memo::new(move |_| draft.entries.get() == Entries::Saved);
        let until = move || {
            saved.get().then(|| {
                fields::moment(
                    self.faults,
                    label("/entries_until", words::say().entries_until, ""),
                    draft.entries_until,
                    move || self.desk.now.get(),
                    None,
                )
            })
        };
        let source = label("/deadline_source", words::say().deadline_source, words::say().deadline_source_hint);
        view! {
            <details class="part">
                <summary><h2>{words::say().entries_section}</h2></summary>
                {fields::choice(self.faults, label("/entries", words::say().entries, ""), options, draft.entries)}
                {until}
                {self.text(label("/applications", words::say().applications, ""), Size::Prose, draft.applications)}
                {self.text(label("/deadline_note", words::say().deadline_note, words::say().deadline_note_hint), Size::Prose, draft.deadline_note)}
                {fields::line(self.faults, source, "text", draft.deadline_source)}
            </details>
        }
        .into_any()
    }

    fn help(self) -> AnyView {
        let catalogue = self.desk.known_untracked();
        let draft = self.draft;
        let channels = catalogue
            .channels
            .iter()
            .map(|channel| (channel.id.clone(), Desk::text(&channel.name)))
            .collect();
        let procedures = catalogue
            .procedures
            .iter()
            .map(|procedure| (procedure.id.clone(), Desk::text(&procedure.name)))
            .collect();
        view! {
            <details class="part">
                <summary><h2>{words::say().help_section}</h2></summary>
                {self.own_or_default(label("/channels", words::say().channels, ""), channels, draft.channels, "channel")}
                {self.own_or_default(label("/procedures", words::say().procedures, ""), procedures, draft.procedures, "procedure")}
                {fields::line(self.faults, label("/video", words::say().video, ""), "url", draft.video)}
            </details>
        }
        .into_any()
    }

    /// Those of the services, or an own choice.
    fn own_or_default<T>(self, label: Label, all: Vec<(T, String)>, value: RwSignal<Option<Vec<T>>>, prefix: &'static str) -> AnyView
    where
        T: Clone + PartialEq + std::fmt::Display + Send + Sync + 'static,
    {
        let own = RwSignal::new(value.with_untracked(Option::is_some));
        Effect::new(move |before: Option<bool>| {
            let now = own.get();
            if before.is_some_and(|before| before != now) {
                value.set(now.then(Vec::new));
            }
            now
        });
        let options = vec![
            (false, words::say().of_the_services.to_owned()),
            (true, words::say().own_choice.to_owned()),
        ];
        let checks = fields::checks(
            all,
            move |id| value.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.contains(id))),
            move |id, on| {
                self.faults.touched(label.pointer);
                value.update(|chosen| toggled(chosen.get_or_insert_default(), id, on));
            },
            prefix,
        );
        view! {
            {fields::choice(self.faults, label, options, own)}
            <div class="group" role="group" aria-label=label.text
                hidden=move || !own.get()><div class="options columns">{checks}</div></div>
        }
        .into_any()
    }

    /// What to think of again; empty while there is nothing.
    pub(crate) fn advice(self) -> AnyView {
        let content = Memo::new(move |_| self.draft.content());
        let warnings = Memo::new(move |_| content.with(authoring::warnings));
        let missing = Memo::new(move |_| content.with(|content| authoring::missing(content, &self.desk.known())));
        let first = move || self.draft.languages.with_value(|languages| languages.first().cloned());
        let list = move || {
            let shown = warnings.get().into_iter().map(move |(language, advice)| {
                let name = (Some(&language) != first().as_ref()).then(|| format!("{}: ", words::language(language.as_str())));
                view! { <li>{name}{advice}</li> }
            });
            view! { <ul hidden=warnings.with(Vec::is_empty)>{shown.collect_view()}</ul> }
        };
        view! {
            <section class="advice" data-test="advice" aria-labelledby="advice-heading"
                hidden=move || warnings.with(Vec::is_empty) && missing.with(Vec::is_empty)>
                <h2 id="advice-heading">{words::say().warnings}</h2>
                {list}
                <p hidden=move || missing.with(Vec::is_empty)>{words::say().missing} " " {move || missing.get().join(" · ")}</p>
            </section>
        }
        .into_any()
    }
}
