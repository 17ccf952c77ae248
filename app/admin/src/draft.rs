//! A notice while someone writes it: each field a signal, so that typing in one redraws nothing else.

use domain::{
    catalogue::Catalogue,
    notice::Content,
    text::{Language, Localized},
    words::{ChannelId, PortalId, ProcedureId, ServiceId},
};
use jiff::Timestamp;
use leptos::prelude::*;
use serde_json::{Map, Value};
use wire::{AtEnd, EndCertainty, Entries, Kind, Severity};

use crate::{
    clock::{Meaning, Zone},
    occasion::Occasion,
};

/// A point in time in a form: the text of its field, and the exact instant behind that text where there was one, so that
/// saving a form does not cut off seconds that nobody touched.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) text: RwSignal<String>,
    /// Of a clock time that happens twice, which is meant.
    pub(crate) which: RwSignal<Occasion>,
    original: StoredValue<Option<(String, Timestamp)>>,
    zone: StoredValue<Zone>,
}

impl Moment {
    /// A beginning, which is the first of two equal clock times unless its author says otherwise.
    pub(crate) fn new(at: Option<Timestamp>, zone: &Zone) -> Self {
        Self::with(at, zone, Occasion::First)
    }

    /// An end, which is the second of two.
    pub(crate) fn end(at: Option<Timestamp>, zone: &Zone) -> Self {
        Self::with(at, zone, Occasion::Second)
    }

    fn with(at: Option<Timestamp>, zone: &Zone, usual: Occasion) -> Self {
        let original = at.map(|at| (zone.field_value(at), at));
        let text = original.as_ref().map(|(text, _)| text.clone()).unwrap_or_default();
        Self {
            text: RwSignal::new(text),
            which: RwSignal::new(at.and_then(|at| zone.occasion(at)).unwrap_or(usual)),
            original: StoredValue::new(original),
            zone: StoredValue::new(zone.clone()),
        }
    }

    /// What the text means; `None` while it is empty or unfinished. Follows its changes.
    pub(crate) fn meaning(self) -> Option<Meaning> {
        let text = self.text.get();
        self.zone.with_value(|zone| zone.read(&text))
    }

    /// The instant that is meant.
    pub(crate) fn at(self) -> Option<Timestamp> {
        let at = self.meaning()?.instant(self.which.get());
        let text = self.text.get();
        let exact = self
            .original
            .with_value(|original| original.as_ref().filter(|(old, _)| *old == text).map(|(_, exact)| *exact));
        // The field knows whole minutes.
        Some(
            exact
                .filter(|exact| exact.as_second().div_euclid(60) == at.as_second().div_euclid(60))
                .unwrap_or(at),
        )
    }

    pub(crate) fn set(self, at: Option<Timestamp>) {
        if let Some(which) = at.and_then(|at| self.zone.with_value(|zone| zone.occasion(at))) {
            self.which.set(which);
        }
        self.text
            .set(at.map(|at| self.zone.with_value(|zone| zone.field_value(at))).unwrap_or_default());
    }

    pub(crate) fn zone(self) -> Zone {
        self.zone.get_value()
    }
}

/// One text in each language of the form.
#[derive(Clone, Copy)]
pub(crate) struct Variants(StoredValue<Vec<(Language, RwSignal<String>)>>);

impl Variants {
    pub(crate) fn new(languages: &[Language], text: &Localized) -> Self {
        let variant = |language: &Language| (language.clone(), RwSignal::new(text.get(language).unwrap_or_default().to_owned()));
        Self(StoredValue::new(languages.iter().map(variant).collect()))
    }

    /// The text in the language at this place; follows its changes.
    pub(crate) fn signal(self, place: usize) -> Option<RwSignal<String>> {
        self.0.with_value(|variants| variants.get(place).map(|(_, text)| *text))
    }

    /// Without the languages that are left empty. Follows all of them.
    pub(crate) fn text(self) -> Localized {
        self.0.with_value(|variants| {
            variants.iter().fold(Localized::default(), |whole, (language, text)| {
                let text = text.get();
                if text.trim().is_empty() {
                    whole
                } else {
                    whole.with(language.clone(), text)
                }
            })
        })
    }

    pub(crate) fn set(self, text: &Localized) {
        self.0.with_value(|variants| {
            for (language, signal) in variants {
                signal.set(text.get(language).unwrap_or_default().to_owned());
            }
        });
    }
}

/// See the module.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    pub(crate) kind: Kind,
    pub(crate) languages: StoredValue<Vec<Language>>,
    pub(crate) severity: RwSignal<Severity>,
    pub(crate) services: RwSignal<Vec<ServiceId>>,
    pub(crate) portals: RwSignal<Vec<PortalId>>,
    pub(crate) title: Variants,
    pub(crate) impact: Variants,
    pub(crate) guidance: Variants,
    pub(crate) still_works: Variants,
    pub(crate) entries: RwSignal<Entries>,
    pub(crate) entries_until: Moment,
    pub(crate) applications: Variants,
    pub(crate) deadline_note: Variants,
    pub(crate) deadline_source: RwSignal<String>,
    pub(crate) video: RwSignal<String>,
    pub(crate) channels: RwSignal<Option<Vec<ChannelId>>>,
    pub(crate) procedures: RwSignal<Option<Vec<ProcedureId>>>,
    pub(crate) starts_at: Moment,
    pub(crate) ends_at: Moment,
    pub(crate) end_certainty: RwSignal<Option<EndCertainty>>,
    pub(crate) next_update_at: Moment,
    pub(crate) announce_from: Moment,
    pub(crate) at_end: RwSignal<AtEnd>,
    pub(crate) rollback_minutes: RwSignal<Option<u16>>,
}

/// An empty notice of a kind, with what is most likely.
pub(crate) fn blank(kind: Kind, catalogue: &Catalogue) -> Content {
    let severity = match kind {
        Kind::Outage => Severity::Outage,
        Kind::Maintenance => Severity::Degraded,
        Kind::Information => Severity::Information,
    };
    // With a single portal and an information, it is nearly always the portal as a whole that it concerns.
    let portals = match (&catalogue.portals[..], kind) {
        ([only], Kind::Information) => vec![only.id.clone()],
        _ => Vec::new(),
    };
    Content {
        kind,
        severity,
        services: Vec::new(),
        portals,
        title: Localized::default(),
        impact: Localized::default(),
        guidance: Localized::default(),
        still_works: Localized::default(),
        entries: Entries::Unknown,
        entries_until: None,
        applications: Localized::default(),
        deadline_note: Localized::default(),
        deadline_source: None,
        video: None,
        channels: None,
        procedures: None,
        starts_at: None,
        ends_at: None,
        end_certainty: None,
        next_update_at: None,
        announce_from: None,
        at_end: AtEnd::Confirm,
        rollback_minutes: None,
    }
}

/// Where there is an end, the form says how sure it is, also when that was left to the default.
fn shown_certainty(content: &Content) -> Option<EndCertainty> {
    content.ends_at.map(|_| content.certainty())
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

impl Draft {
    /// A form with this content. Languages in which it is written already are kept, also those that no portal has.
    pub(crate) fn new(content: &Content, mut languages: Vec<Language>, zone: &Zone) -> Self {
        let texts = [
            &content.title,
            &content.impact,
            &content.guidance,
            &content.still_works,
            &content.applications,
            &content.deadline_note,
        ];
        for (language, _) in texts.into_iter().flat_map(Localized::iter) {
            if !languages.contains(language) {
                languages.push(language.clone());
            }
        }
        let variants = |text: &Localized| Variants::new(&languages, text);
        let moment = |at: Option<Timestamp>| Moment::new(at, zone);
        Self {
            kind: content.kind,
            severity: RwSignal::new(content.severity),
            services: RwSignal::new(content.services.clone()),
            portals: RwSignal::new(content.portals.clone()),
            title: variants(&content.title),
            impact: variants(&content.impact),
            guidance: variants(&content.guidance),
            still_works: variants(&content.still_works),
            entries: RwSignal::new(content.entries),
            entries_until: moment(content.entries_until),
            applications: variants(&content.applications),
            deadline_note: variants(&content.deadline_note),
            deadline_source: RwSignal::new(content.deadline_source.clone().unwrap_or_default()),
            video: RwSignal::new(content.video.clone().unwrap_or_default()),
            channels: RwSignal::new(content.channels.clone()),
            procedures: RwSignal::new(content.procedures.clone()),
            starts_at: moment(content.starts_at),
            ends_at: Moment::end(content.ends_at, zone),
            end_certainty: RwSignal::new(shown_certainty(content)),
            next_update_at: moment(content.next_update_at),
            announce_from: moment(content.announce_from),
            at_end: RwSignal::new(content.at_end),
            rollback_minutes: RwSignal::new(content.rollback_minutes),
            languages: StoredValue::new(languages),
        }
    }

    /// What the form says now; follows every field.
    pub(crate) fn content(&self) -> Content {
        Content {
            kind: self.kind,
            severity: self.severity.get(),
            services: self.services.get(),
            portals: self.portals.get(),
            title: self.title.text(),
            impact: self.impact.text(),
            guidance: self.guidance.text(),
            still_works: self.still_works.text(),
            entries: self.entries.get(),
            // The field is shown only with entries that stay saved.
            entries_until: self.entries_until.at().filter(|_| self.entries.get() == Entries::Saved),
            applications: self.applications.text(),
            deadline_note: self.deadline_note.text(),
            deadline_source: filled(&self.deadline_source.get()),
            video: filled(&self.video.get()),
            channels: self.channels.get(),
            procedures: self.procedures.get(),
            starts_at: self.starts_at.at(),
            ends_at: self.ends_at.at(),
            end_certainty: self.end_certainty.get(),
            next_update_at: self.next_update_at.at(),
            announce_from: self.announce_from.at(),
            at_end: self.at_end.get(),
            rollback_minutes: self.rollback_minutes.get(),
        }
    }

    /// Puts this content into the form.
    pub(crate) fn fill(&self, content: &Content) {
        self.severity.set(content.severity);
        self.services.set(content.services.clone());
        self.portals.set(content.portals.clone());
        self.title.set(&content.title);
        self.impact.set(&content.impact);
        self.guidance.set(&content.guidance);
        self.still_works.set(&content.still_works);
        self.entries.set(content.entries);
        self.entries_until.set(content.entries_until);
        self.applications.set(&content.applications);
        self.deadline_note.set(&content.deadline_note);
        self.deadline_source.set(content.deadline_source.clone().unwrap_or_default());
        self.video.set(content.video.clone().unwrap_or_default());
        self.channels.set(content.channels.clone());
        self.procedures.set(content.procedures.clone());
        self.starts_at.set(content.starts_at);
        self.ends_at.set(content.ends_at);
        self.end_certainty.set(shown_certainty(content));
        self.next_update_at.set(content.next_update_at);
        self.announce_from.set(content.announce_from);
        self.at_end.set(content.at_end);
        self.rollback_minutes.set(content.rollback_minutes);
    }
}

/// The content as it travels.
pub(crate) fn wire(content: &Content) -> Value {
    serde_json::to_value(content).unwrap_or_default()
}

/// The JSON merge patch (RFC 7396) that makes `new` of `old`.
pub(crate) fn difference(old: &Value, new: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (old, new) else {
        return new.clone();
    };
    let mut patch = Map::new();
    for (key, value) in new {
        match old.get(key) {
            Some(before) if before == value => {}
            Some(before) => {
                patch.insert(key.clone(), difference(before, value));
            }
            None => {
                patch.insert(key.clone(), value.clone());
            }
        }
    }
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    Value::Object(patch)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_difference_carries_only_what_changed() {
        let old = json!({"title": {"de": "A", "en": "B"}, "services": ["x"], "ends_at": "2026-03-03T08:10:00Z", "entries": "saved"});
        let new = json!({"title": {"de": "C"}, "services": ["x", "y"], "entries": "saved", "video": "https://v.example"});
        let patch = json!({"title": {"de": "C", "en": null}, "services": ["x", "y"], "ends_at": null, "video": "https://v.example"});
        assert_eq!(difference(&old, &new), patch);
        assert_eq!(difference(&old, &old), json!({}));
    }
}
