//! Every word that this page shows, German (Sie) and English.

mod arrival;
mod calendar;
pub(crate) mod catalogue;
pub(crate) mod hours;
pub(crate) mod office;
pub(crate) mod people;
mod plain;
mod planned;
pub(crate) mod prepared;
pub(crate) mod probes;
pub(crate) mod record;
mod steps;
mod table;
mod turning;

use domain::{access::Role, notice::Author};
use wire::{EndCertainty, Entries, Kind, Severity, Stage};

pub(crate) use self::{
    arrival::*,
    calendar::{date, month_of, oclock, second, span, weekday_short},
    plain::say,
    planned::*,
    steps::{Step, news, step},
    turning::*,
};
use crate::{occasion::Occasion, tongue::pick};

pub(crate) fn ahead(minutes: i64) -> String {
    // In German only days take another ending after "in".
    let ending = pick(if minutes >= 2880 { "n" } else { "" }, "");
    format!("in {}{ending}", span(minutes))
}

/// How much of the room for a text is taken.
pub(crate) fn of_characters(taken: usize, limit: usize) -> String {
    pick(format!("{taken} von {limit} Zeichen"), format!("{taken} of {limit} characters"))
}

pub(crate) fn overdue_for(minutes: i64) -> String {
    let (span, overdue) = (span(minutes), say().overdue);
    pick(format!("seit {span} {overdue}"), format!("{overdue} for {span}"))
}

pub(crate) fn sign_in_at(provider: &str) -> String {
    pick(format!("Mit {provider} anmelden"), format!("Sign in with {provider}"))
}

/// What the place of messages is called.
pub(crate) fn just_now() -> &'static str {
    pick("Gerade geschehen", "Just now")
}

/// The situation in one line.
pub(crate) fn situation(outages: usize, maintenances: usize, information: usize) -> String {
    let mut parts = Vec::new();
    let mut add = |count: usize, [one, many]: [&str; 2]| match count {
        0 => {}
        1 => parts.push(format!("1 {one}")),
        _ => parts.push(format!("{count} {many}")),
    };
    add(outages, pick(["Störung", "Störungen"], ["outage", "outages"]));
    add(
        maintenances,
        pick(
            ["laufende Wartung", "laufende Wartungen"],
            ["maintenance under way", "maintenances under way"],
        ),
    );
    add(
        information,
        pick(["Hinweis", "Hinweise"], ["notice of information", "notices of information"]),
    );
    parts.join(", ")
}

pub(crate) fn overdue_promises(count: usize) -> String {
    match count {
        1 => pick("1 Zusage ist überfällig", "1 promise is overdue").to_owned(),
        _ => pick(format!("{count} Zusagen sind überfällig"), format!("{count} promises are overdue")),
    }
}

pub(crate) fn as_of(hour: &str) -> String {
    pick(format!("Stand {hour}"), format!("As of {hour}"))
}

pub(crate) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Outage => pick("Störung", "Outage"),
        Kind::Maintenance => pick("Wartung", "Maintenance"),
        Kind::Information => pick("Hinweis", "Information"),
    }
}

pub(crate) fn new_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Outage => pick("Neue Störung", "New outage"),
        Kind::Maintenance => pick("Neue Wartung", "New maintenance"),
        Kind::Information => pick("Neuer Hinweis", "New information"),
    }
}

pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Information => pick("Keine Einschränkung", "No restriction"),
        Severity::Degraded => pick("Eingeschränkt", "Degraded"),
        Severity::PartialOutage => pick("Teilausfall", "Partial outage"),
        Severity::Outage => pick("Ausfall", "Outage"),
    }
}

pub(crate) fn severity_meaning(severity: Severity) -> &'static str {
    match severity {
        Severity::Information => pick(
            "alles geht, es gibt nur etwas zu wissen",
            "all works, there is only something to know",
        ),
        Severity::Degraded => pick("langsam oder mit Fehlern", "slow, or with errors"),
        Severity::PartialOutage => pick("ein wichtiger Teil geht nicht", "an important part does not work"),
        Severity::Outage => pick("nichts geht mehr", "nothing works any more"),
    }
}

pub(crate) fn stage(stage: Option<Stage>) -> &'static str {
    match stage {
        None => say().draft,
        Some(Stage::Investigating) => pick("Wird untersucht", "Being investigated"),
        Some(Stage::Identified) => pick("Ursache bekannt", "Cause known"),
        Some(Stage::Monitoring) => pick("Wird beobachtet", "Being watched"),
        Some(Stage::Resolved) => pick("Behoben", "Resolved"),
        Some(Stage::Scheduled) => pick("Geplant", "Planned"),
        Some(Stage::InProgress) => pick("Läuft", "Under way"),
        Some(Stage::Overrunning) => pick("Dauert länger", "Takes longer"),
        Some(Stage::Completed) => pick("Abgeschlossen", "Completed"),
        Some(Stage::Cancelled) => pick("Abgesagt", "Called off"),
        Some(Stage::Published) => say().published,
        Some(Stage::Withdrawn) => pick("Zurückgezogen", "Withdrawn"),
    }
}

pub(crate) fn edited_before() -> &'static str {
    pick("Angaben geändert", "Details changed")
}

/// That the window moved, and when it was to be before.
pub(crate) fn moved(from: &str, to: Option<&str>) -> String {
    match to {
        Some(to) => pick(
            format!("Verschoben. Vorher geplant: {from} bis {to}"),
            format!("Moved. Planned before: {from} to {to}"),
        ),
        None => pick(
            format!("Verschoben. Vorher geplant: ab {from}"),
            format!("Moved. Planned before: from {from}"),
        ),
    }
}

/// That the end moved, and when it was to be before.
pub(crate) fn end_moved(to: Option<&str>) -> String {
    let new = say().new_end;
    to.map_or_else(|| new.to_owned(), |to| format!("{new}. {} {to}", pick("Vorher:", "Before:")))
}

pub(crate) fn unchanged(now: Option<Stage>) -> String {
    format!("{} ({})", pick("unverändert", "unchanged"), stage(now))
}

pub(crate) fn certainty(certainty: EndCertainty) -> &'static str {
    match certainty {
        EndCertainty::Exact => pick("sicher", "certain"),
        EndCertainty::Estimated => pick("geschätzt", "estimated"),
        EndCertainty::Unknown => pick("nicht bekannt", "not known"),
    }
}

pub(crate) fn entries(entries: Entries) -> &'static str {
    match entries {
        Entries::Saved => pick("bleiben gespeichert", "stay saved"),
        Entries::NotSaved => pick("gehen verloren", "are lost"),
        Entries::Unknown => pick("nicht bekannt", "not known"),
    }
}

pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Viewer => pick("liest mit", "reads"),
        Role::Editor => pick("schreibt Entwürfe", "writes drafts"),
        Role::Publisher => pick("veröffentlicht", "publishes"),
        Role::Admin => pick("verwaltet", "manages"),
    }
}

/// A role and where it is held; `None`: on all portals.
pub(crate) fn role_on(role: &str, portal: Option<&str>) -> String {
    let place = portal.unwrap_or(pick("allen Portalen", "all portals"));
    format!("{role} {} {place}", pick("auf", "on"))
}

pub(crate) fn no_role() -> &'static str {
    pick("nichts", "nothing")
}

/// What somebody hears who has just come: who they are, what they may do, and what is best done next, to which a link leads.
pub(crate) fn welcome(name: &str, rights: &str) -> String {
    pick(
        format!("Sie sind angemeldet als {name}. Ihre Rolle: {rights}. Sichern Sie Ihr Konto mit einem Passkey oder mit Codes:"),
        format!("You are signed in as {name}. Your role: {rights}. Secure your account with a passkey or with codes:"),
    )
}

/// A language by its name; an unknown one by its tag.
pub(crate) fn language(tag: &str) -> String {
    match tag {
        "de" => pick("Deutsch", "German"),
        "en" => pick("Englisch", "English"),
        "de-simple" => pick("Leichte Sprache", "Easy German"),
        "tr" => pick("Türkisch", "Turkish"),
        "ar" => pick("Arabisch", "Arabic"),
        "uk" => pick("Ukrainisch", "Ukrainian"),
        "ru" => pick("Russisch", "Russian"),
        "pl" => pick("Polnisch", "Polish"),
        "fr" => pick("Französisch", "French"),
        other => other,
    }
    .to_owned()
}

/// A field by the name it has on the wire.
pub(crate) fn field(name: &str) -> &str {
    let words = say();
    match name {
        "kind" => pick("Art der Meldung", "Kind of notice"),
        "severity" => words.severity,
        "services" => words.services,
        "portals" => words.portals,
        "title" => words.title,
        "impact" => words.impact,
        "guidance" => words.guidance,
        "still_works" => words.still_works,
        "entries" => words.entries,
        "entries_until" => words.entries_until,
        "applications" => words.applications,
        "deadline_note" => words.deadline_note,
        "deadline_source" => words.deadline_source,
        "video" => words.video,
        "channels" => words.channels,
        "procedures" => words.procedures,
        "starts_at" => words.starts_maintenance,
        "ended_at" => words.ended_at,
        "ends_at" => words.ends,
        "end_certainty" => words.certainty,
        "next_update_at" => words.next_update_field,
        "announce_from" => words.announce_from,
        "at_end" => words.at_end,
        "rollback_minutes" => rollback(),
        "decision" => pick("Entscheidung", "Decision"),
        "text" => words.update_text,
        "stage" => words.new_stage,
        "until" => words.channel_until,
        "from" => words.channel_from,
        "note" => words.channel_note,
        "freeze_reason" => words.freeze_reason,
        "ask_approval" => words.approvals,
        "break_glass" => words.why_now,
        "exception" => pick("Neue Zeit", "New time"),
        "label" => pick("Für wen", "For whom"),
        "name" => words.name,
        "grants" => pick("Rechte", "Rights"),
        "current" => pick("Bisheriges Passwort", "Present password"),
        "password" => words.password,
        "expires_at" => pick("Gilt bis", "Works until"),
        "reason" => pick("Grund", "Reason"),
        "recurrence" => pick("Wiederholung", "Recurrence"),
        "announce_hours" => words.when_told,
        "notice" => pick("Meldung", "Notice"),
        other => other,
    }
}

pub(crate) fn and_more(count: usize) -> String {
    pick(format!("und {count} weitere"), format!("and {count} more"))
}

pub(crate) fn occasion(which: Occasion) -> &'static str {
    match which {
        Occasion::First => pick("die erste, vor der Umstellung", "the first, before the change"),
        Occasion::Second => pick("die zweite, nach der Umstellung", "the second, after the change"),
    }
}

/// Whoever did something, by the name of today.
pub(crate) fn author(author: &Author) -> String {
    // Rules have no names but their ids.
    if let Some(rule) = domain::access::rule_of(&author.id) {
        return format!("{} {rule}", pick("Alarmregel", "alert rule"));
    }
    match author.name.as_deref() {
        None => say().author_removed,
        Some(domain::access::COMMAND_LINE) => say().command_line,
        Some(domain::access::SCHEDULE) => say().schedule,
        Some(name) => name,
    }
    .to_owned()
}

/// What a notice touches. `names` are the portals.
pub(crate) fn touches(services: usize, portals: usize, names: &str) -> String {
    let portals = match portals {
        1 => format!("1 {} ({names})", pick("Portal", "portal")),
        more => format!("{more} {} ({names})", pick("Portale", "portals")),
    };
    match services {
        0 => pick(format!("Betrifft {portals} als Ganzes."), format!("Concerns {portals} as a whole.")),
        1 => pick(
            format!("Betrifft 1 Dienst. Zu sehen auf: {portals}."),
            format!("Concerns 1 service. Seen on: {portals}."),
        ),
        more => pick(
            format!("Betrifft {more} Dienste. Zu sehen auf: {portals}."),
            format!("Concerns {more} services. Seen on: {portals}."),
        ),
    }
}

pub(crate) fn seen_from(moment: &str) -> String {
    format!("{}: {moment}.", say().announce_from)
}

/// What a change in some languages leaves behind in others.
pub(crate) fn drifted(changed: &str, left: &str) -> String {
    if changed.is_empty() {
        pick(
            format!("Eine andere Sprache wurde zuletzt geändert. Bitte prüfen Sie: {left}."),
            format!("Another language was changed last. Please check: {left}."),
        )
    } else {
        pick(
            format!("Geändert ist nur: {changed}. Bitte prüfen Sie auch: {left}."),
            format!("Only this has changed: {changed}. Please check as well: {left}."),
        )
    }
}

pub(crate) fn drifted_texts(texts: &str) -> String {
    pick(
        format!("Nicht in allen Sprachen geändert. Bitte prüfen Sie: {texts}."),
        format!("Not changed in all languages. Please check: {texts}."),
    )
}

pub(crate) fn typed_earlier(moment: &str) -> String {
    pick(
        format!("Hier stehen noch ungesendete Eingaben von früher: {moment}."),
        format!("Here is input from before that was not sent: {moment}."),
    )
}

/// How a window that begins early is shifted.
pub(crate) fn begins_early(window: &str, length: &str) -> String {
    pick(
        format!("Angekündigt war: {window}. Vorgeschlagen ist dieselbe Dauer: {length}."),
        format!("Announced was: {window}. The same length is proposed: {length}."),
    )
}

pub(crate) fn window(from: &str, to: &str) -> String {
    format!("{from} {} {to}", pick("bis", "to"))
}

pub(crate) fn since(moment: &str) -> String {
    format!("{}: {moment}", say().since)
}
