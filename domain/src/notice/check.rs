//! What is wrong with a notice as an author wrote it.

use jiff::{Timestamp, civil::date, tz::Offset};
use wire::{AtEnd, EndCertainty, Entries, Kind, Severity};

use super::{content::Content, model::Notice, notices::Notices, turning::check_rollback};
use crate::{
    catalogue::{
        Catalogue,
        dependencies::Dependents,
        names::{Known, check_name, check_names},
    },
    text::{
        Shape,
        link::check_link,
        rules::{check_prose, check_text},
    },
    words::{Code, Faults},
};

/// What the content is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be filled in later: times may be missing.
    Template,
    /// A notice, at this instant. It begins at `since` where its author says nothing else.
    Notice { now: Timestamp, since: Timestamp },
    /// What another tool told: in its language, in its severities.
    Record,
}

/// Reports all faults of a notice; `at` is the pointer to it, empty for a whole document.
pub(crate) fn check_content(content: &Content, catalogue: &Catalogue, purpose: Purpose, at: &str, faults: &mut Faults) {
    let known = Known::of(catalogue);
    let field = |name: &str| format!("{at}/{name}");
    if purpose != Purpose::Record {
        check_severity(content, &field("severity"), faults);
    }
    check_names(
        content.services.iter().map(|id| id.as_str()),
        &known.services,
        "service",
        &field("services"),
        faults,
    );
    check_names(
        content.portals.iter().map(|id| id.as_str()),
        &known.portals,
        "portal",
        &field("portals"),
        faults,
    );
    if content.services.is_empty() && content.portals.is_empty() {
        faults.add(
            field("services"),
            Code::NothingConcerned,
            "is empty, as is `portals`; name at least one service or portal that it concerns",
        );
    }
    if let Some(channels) = &content.channels {
        check_names(
            channels.iter().map(|id| id.as_str()),
            &known.channels,
            "channel",
            &field("channels"),
            faults,
        );
    }
    if let Some(procedures) = &content.procedures {
        check_names(
            procedures.iter().map(|id| id.as_str()),
            &known.procedures,
            "procedure",
            &field("procedures"),
            faults,
        );
    }
    content.title.check(&field("title"), Shape::Line, faults);
    if purpose != Purpose::Record || content.title.is_empty() {
        check_title(content, catalogue, &field("title"), faults);
    }
    for (name, text) in [
        ("impact", &content.impact),
        ("guidance", &content.guidance),
        ("still_works", &content.still_works),
        ("applications", &content.applications),
        ("deadline_note", &content.deadline_note),
    ] {
        check_prose(text, &field(name), faults);
    }
    if let Some(source) = &content.deadline_source {
        check_text(source, &field("deadline_source"), Shape::Line, faults);
    }
    if let Some(video) = &content.video {
        check_link(video, &field("video"), faults);
    }
    check_times(content, purpose, at, faults);
}

fn check_severity(content: &Content, at: &str, faults: &mut Faults) {
    match (content.kind, content.severity) {
        (Kind::Outage, Severity::Information) => {
            faults.add(at, Code::SeverityTooLow, "is `information`; an outage is `degraded`, `partial_outage` or `outage`, and what breaks nothing is a notice of kind `information`");
        }
        (Kind::Information, severity) if severity != Severity::Information => {
            faults.add(
                at,
                Code::SeverityTooHigh,
                "of a notice of kind `information` is `information`; what breaks something is an `outage` or a `maintenance`",
            );
        }
        _ => {}
    }
}

/// Each portal on which it shows needs the title in its own default language.
fn check_title(content: &Content, catalogue: &Catalogue, at: &str, faults: &mut Faults) {
    if content.title.is_empty() {
        faults.add(
            at,
            Code::DefaultLanguageMissing,
            "is missing; write it at least in the portal's default language",
        );
        return;
    }
    let dependents = Dependents::of(&catalogue.services);
    for portal in &catalogue.portals {
        let named = content.portals.contains(&portal.id);
        let touched = || {
            content
                .services
                .iter()
                .any(|root| portal.services.iter().any(|service| dependents.reach(root, service).is_some()))
        };
        if let Some(default) = portal.languages.first()
            && content.title.get(default).is_none()
            && (named || touched())
        {
            faults.add(
                format!("{at}/{default}"),
                Code::DefaultLanguageMissing,
                format!("is missing; `{default}` is the default language of the portal `{}`", portal.id),
            );
            return;
        }
    }
}

fn check_times(content: &Content, purpose: Purpose, at: &str, faults: &mut Faults) {
    check_rollback(content, at, faults);
    let field = |name: &str| format!("{at}/{name}");
    for (name, instant) in [
        ("starts_at", content.starts_at),
        ("ends_at", content.ends_at),
        ("next_update_at", content.next_update_at),
        ("announce_from", content.announce_from),
        ("entries_until", content.entries_until),
    ] {
        check_instant(instant, &field(name), faults);
    }
    if content.entries_until.is_some() && content.entries != Entries::Saved {
        faults.add(
            field("entries_until"),
            Code::OnlyWithSaved,
            "goes only with `\"entries\": \"saved\"`",
        );
    }
    if content.announce_from.is_some() && content.kind == Kind::Outage {
        faults.add(
            field("announce_from"),
            Code::NotWithOutage,
            "does not go with an outage; it is shown at once",
        );
    }
    if let (Some(starts_at), Some(ends_at)) = (content.starts_at, content.ends_at)
        && ends_at <= starts_at
    {
        if ends_at == starts_at {
            faults.add(field("ends_at"), Code::EqualsStart, "equals `starts_at`; a window has a length");
        } else {
            faults.add(field("ends_at"), Code::BeforeStart, "is before `starts_at`");
        }
    }
    let Purpose::Notice { now, since } = purpose else { return };
    if content.starts_at.is_none() && content.ends_at.is_some_and(|ends_at| ends_at <= since) {
        faults.add(
            field("ends_at"),
            Code::Past,
            "is past already; give the start as well, or an end that lies ahead",
        );
    }
    if content.kind == Kind::Maintenance {
        for (name, instant) in [("starts_at", content.starts_at), ("ends_at", content.ends_at)] {
            if instant.is_none() {
                faults.add(field(name), Code::WindowMissing, "is missing; a maintenance needs its window");
            }
        }
        if let (Some(from), Some(starts_at)) = (content.announce_from, content.starts_at)
            && from > starts_at
        {
            faults.add(
                field("announce_from"),
                Code::AfterStart,
                "is after `starts_at`; announce it before it begins",
            );
        }
    }
    if content.kind == Kind::Outage && content.starts_at.is_some_and(|starts_at| starts_at > now) {
        faults.add(
            field("starts_at"),
            Code::PlannedIsMaintenance,
            "lies in the future; what is planned is a maintenance",
        );
    }
    check_endless(content, at, faults);
}

/// What cannot be said of a notice without an end.
fn check_endless(content: &Content, at: &str, faults: &mut Faults) {
    let field = |name: &str| format!("{at}/{name}");
    if content.ends_at.is_none() {
        if content.at_end == AtEnd::Complete {
            faults.add(
                field("at_end"),
                Code::NothingToEndAt,
                "is `complete`, but there is no `ends_at` at which it could end by itself",
            );
        }
        if matches!(content.end_certainty, Some(EndCertainty::Exact | EndCertainty::Estimated)) {
            faults.add(
                field("end_certainty"),
                Code::NeedsEnd,
                "needs `ends_at`; without an end it is `unknown`",
            );
        }
    }
}

/// Reports an instant that no notice can mean, such as a year with a slip of the finger.
pub(crate) fn check_instant(instant: Option<Timestamp>, at: &str, faults: &mut Faults) {
    if let Some(instant) = instant {
        let year = Offset::UTC.to_datetime(instant).date();
        if year < date(2000, 1, 1) || year >= date(2100, 1, 1) {
            faults.add(at, Code::OutOfRange, "is not within the years 2000 to 2099");
        }
    }
}

/// Reports all faults of the notices that a catalogue has prepared.
pub(crate) fn check_templates(catalogue: &Catalogue, faults: &mut Faults) {
    for (i, template) in catalogue.templates.iter().enumerate() {
        check_name(&template.name, &format!("/template/{i}/name"), faults);
        check_content(
            &template.notice,
            catalogue,
            Purpose::Template,
            &format!("/template/{i}/notice"),
            faults,
        );
    }
}

/// What a notice that is not over names may not be taken away under its feet.
pub(crate) fn check_still_named(notices: &Notices, catalogue: &Catalogue, now: Timestamp) -> Faults {
    let mut faults = Faults::default();
    let is_open = |notice: &&Notice| notice.stage_at(now).is_none_or(|stage| !stage.is_final());
    for notice in notices.iter().filter(is_open) {
        for id in &notice.content.services {
            if !catalogue.services.iter().any(|service| service.id == *id) {
                faults.add(
                    "/service",
                    Code::InUse,
                    format!("lacks `{id}`, which the open notice {} names; end that notice first", notice.id),
                );
            }
        }
        for id in &notice.content.portals {
            if !catalogue.portals.iter().any(|portal| portal.id == *id) {
                faults.add(
                    "/portal",
                    Code::InUse,
                    format!("lacks `{id}`, which the open notice {} names; end that notice first", notice.id),
                );
            }
        }
    }
    faults
}
