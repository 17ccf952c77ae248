//! Every word that this page shows, German (Sie). A second language goes beside it with the same names.

use domain::{
    access::Role,
    notice::{Author, Transition},
};
use wire::{EndCertainty, Entries, Kind, Severity, Stage};

use crate::occasion::Occasion;

macro_rules! words {
    ($($name:ident = $text:literal;)*) => { $(pub(crate) const $name: &str = $text;)* };
}

words! {
    PRODUCT = "Umleitung";
    SKIP = "Zum Inhalt springen";
    LOADING = "Wird geladen …";
    UNKNOWN_PLACE = "Diese Seite gibt es nicht";
    TO_OVERVIEW = "Zur Lage";
    OVERVIEW = "Lage";
    OFFLINE = "Keine Verbindung zum Server. Gezeigt wird der letzte bekannte Stand.";
    CONDITIONS = "Mit dem Server stimmt etwas nicht";
    CONDITIONS_HINT = "Bitte sagen Sie es denen, die den Server betreiben.";
    CLOSE_MESSAGE = "Hinweis schließen";

    SIGN_IN = "Anmelden";
    SIGN_OUT = "Abmelden";
    SIGNED_IN_AS = "Angemeldet als";
    NAME = "Name";
    PASSWORD = "Passwort";
    WRONG_PASSWORD = "Name oder Passwort stimmen nicht. Bitte versuchen Sie es noch einmal.";
    FILL_BOTH = "Bitte füllen Sie beide Felder aus.";
    SESSION_OVER = "Ihre Sitzung ist abgelaufen. Bitte melden Sie sich wieder an; Ihre Eingaben sind noch da.";
    STALE = "Inzwischen hat jemand anderes diese Meldung geändert.";
    NO_ANSWER = "Der Server hat nicht geantwortet. Ihre Eingaben sind noch da.";
    SETUP = "Erstes Konto anlegen";
    SETUP_INTRO = "Dieses Konto verwaltet Personen und Katalog und darf veröffentlichen. Der Link gilt nur einmal.";
    SETUP_CREATE = "Konto anlegen";
    SETUP_USED = "Der Link gilt nicht mehr. Melden Sie sich an, oder lassen Sie sich einen neuen geben.";
    PASSWORD_LENGTH = "Mindestens 12 Zeichen, nicht leicht zu erraten";

    TODAY = "heute";
    TOMORROW = "morgen";
    YESTERDAY = "gestern";
    OVERDUE = "überfällig";

    ALL_WELL = "Alles in Ordnung";
    ALL_WELL_MORE = "Keine Störung und keine laufende Wartung.";
    NOW = "Jetzt";
    ANNOUNCED = "Angekündigt";
    DRAFTS = "Entwürfe";
    OVER = "Zuletzt beendet";
    REPORT = "Störung melden";
    REPORT_HINT = "Vorlage antippen, Vorschau prüfen, veröffentlichen.";
    NO_TEMPLATES = "Es gibt noch keine Vorlagen. Sie stehen im Katalog.";
    BLANK = "Ohne Vorlage";
    SINCE = "Seit";
    FROM = "Ab";
    UNTIL = "Bis";
    UNTIL_ESTIMATED = "Voraussichtlich bis";
    ENDED = "Beendet";
    END_UNKNOWN = "Ende noch nicht bekannt";
    NEXT_UPDATE = "Neuigkeiten bis";
    NO_NEXT_UPDATE = "nicht zugesagt";
    CONCERNS = "Betrifft";
    CHANGED_BY = "Zuletzt geändert von:";
    DRAFT = "Entwurf";
    WHOLE_PORTAL = "ganzes Portal";

    PUBLISH = "Veröffentlichen";
    PUBLISH_HEADING = "Veröffentlichen";
    SAVE_HEADING = "Änderungen veröffentlichen";
    TOUCHES_NOTHING = "Kein Portal zeigt diese Meldung: Kein gewählter Dienst gehört zu einem Portal.";
    SEEN_AT_ONCE = "Sofort sichtbar.";
    STILL_FITS = "Die anderen passen noch";
    SAVE_DRAFT = "Entwurf speichern";
    SAVE = "Änderungen speichern";
    CANCEL = "Abbrechen";
    BACK = "Zurück";
    TO_PREVIEW = "Zur Vorschau";
    BUSY = "Wird gesendet …";
    DRAFT_SAVED = "Entwurf gespeichert";
    PUBLISHED = "Veröffentlicht";
    SAVED = "Gespeichert";
    NOTHING_CHANGED = "Es ist nichts geändert.";
    MAY_NOT = "Ihre Rolle erlaubt das nicht.";
    RESTORED = "Ihre ungespeicherten Eingaben von vorhin sind wieder da.";
    USE_INPUT = "Einsetzen";
    UNANSWERED = "Der Server hat nicht geantwortet. Ob Ihre Eingaben angekommen sind, ist nicht bekannt; sie sind noch da. Sobald die Verbindung wieder da ist, wird es noch einmal versucht. Es entsteht nichts doppelt.";
    UNANSWERED_LONG = "Die Verbindung ist wieder da. Ob Ihre Eingaben angekommen sind, ist nicht bekannt. Senden Sie noch einmal, wenn sie noch gelten: Es entsteht nichts doppelt.";
    STEP_UNANSWERED = "Der Server hat nicht geantwortet. Ob Ihre Änderung angekommen ist, ist nicht bekannt. Ihre Eingaben sind noch da.";
    STEP_NOT_ARRIVED = "Die Verbindung ist wieder da. Ihre Änderung ist nicht angekommen. Bitte senden Sie noch einmal.";
    STEP_PERHAPS = "Die Verbindung ist wieder da, und die Meldung hat sich inzwischen geändert. Sehen Sie im Verlauf nach, ob es Ihre Änderung ist, bevor Sie noch einmal senden.";
    STEP_STRANDED = "Nicht gesendet, und das geht jetzt nicht mehr:";
    DISCARD_INPUT = "Eingaben verwerfen";
    FAULTS = "Bitte prüfen Sie:";
    WARNINGS = "Zu bedenken";
    MISSING = "Noch nicht gesagt:";

    WHAT = "Worum es geht";
    TITLE = "Titel";
    TITLE_HINT = "Was geht nicht? In den Worten der Menschen, die es brauchen. Zum Beispiel: „Kfz-Zulassung: Anmeldung nicht möglich“";
    SEVERITY = "Wie schwer";
    SERVICES = "Betroffene Dienste";
    BASE_SERVICES = "Grundlagen, die andere Dienste brauchen";
    OTHER_SERVICES = "Weitere Dienste";
    PORTALS = "Ein Portal als Ganzes";
    ALSO_CONCERNED = "Dadurch auch betroffen:";
    TEXTS = "Was die Menschen lesen";
    TEXTS_HINT = "Absätze, **fett**, Listen mit - und [Links](https://…) sind möglich.";
    LANGUAGE = "Sprache";
    NOT_WRITTEN = " (noch leer)";
    IMPACT = "Was ist los?";
    IMPACT_HINT = "Was merken die Menschen? Der erste Satz zählt.";
    GUIDANCE = "Was können sie stattdessen tun?";
    STILL_WORKS = "Was geht noch?";
    TIMES = "Zeiten";
    STARTS_OUTAGE = "Seit wann";
    STARTS_OUTAGE_HINT = "Leer: ab der Veröffentlichung";
    STARTS_MAINTENANCE = "Beginn";
    STARTS_INFORMATION = "Gilt ab";
    ENDS = "Ende";
    ENDS_HINT = "Leer: noch nicht bekannt";
    CHOOSE = "Bitte wählen";
    ENDS_INFORMATION = "Gilt bis";
    CERTAINTY = "Wie sicher ist das Ende?";
    NEXT_UPDATE_FIELD = "Nächste Information bis";
    NEXT_UPDATE_HINT = "Ein Versprechen: bis dahin gibt es Neuigkeiten.";
    ANNOUNCE_FROM = "Sichtbar ab";
    ANNOUNCE_FROM_HINT = "Leer: sofort";
    AT_END = "Am angekündigten Ende";
    AT_END_COMPLETE = "von selbst beenden";
    AT_END_CONFIRM = "weiterlaufen, bis jemand das Ende bestätigt";
    CLEAR = "leeren";
    CLOCK_TWICE = "Diese Uhrzeit gibt es wegen der Zeitumstellung zweimal. Welche meinen Sie?";
    CLOCK_NEVER = "Diese Uhrzeit gibt es wegen der Zeitumstellung nicht. Es gilt:";
    ENTRIES_SECTION = "Eingaben, Anträge, Fristen";
    ENTRIES = "Begonnene Eingaben";
    ENTRIES_UNTIL = "Gespeichert bis";
    APPLICATIONS = "Bereits gesendete Anträge";
    DEADLINE_NOTE = "Fristen";
    DEADLINE_NOTE_HINT = "Was gilt für Fristen, die jetzt ablaufen?";
    DEADLINE_SOURCE = "Wo das geregelt ist";
    DEADLINE_SOURCE_HINT = "Zum Beispiel ein Paragraf";
    VIDEO = "Video in Gebärdensprache (Adresse)";
    HELP_SECTION = "Kontaktwege und Ersatzverfahren";
    OF_THE_SERVICES = "die der betroffenen Dienste";
    OWN_CHOICE = "eigene Auswahl";
    CHANNELS = "Kontaktwege";
    PROCEDURES = "Ersatzverfahren";

    PREVIEW = "Vorschau";
    PREVIEW_HINT = "So werden es die Menschen auf dem Portal sehen.";
    PREVIEW_EDIT_HINT = "So werden es die Menschen mit Ihren Änderungen sehen. Bisherige Aktualisierungen stehen hier nicht.";
    PREVIEW_WAITS = "Die Vorschau erscheint, sobald das Nötige ausgefüllt ist:";
    PREVIEW_FAILED = "Die Vorschau ist gerade nicht möglich.";
    PREVIEW_EMPTY = "Zu dieser Meldung zeigt das Portal im Moment nichts.";
    PREVIEW_LANGUAGE = "Sprache der Vorschau";
    AS_SEEN = "So steht es auf dem Portal";
    TO_BE_SEEN = "So wird es auf dem Portal stehen";
    ONCE_SEEN = "Das stand auf dem Portal";

    ACTIONS = "Was möchten Sie tun?";
    HISTORY = "Verlauf";
    HISTORY_EMPTY = "Noch keine Aktualisierungen.";
    EDIT = "Bearbeiten";
    EDIT_HEADING = "Bearbeiten:";
    ADD_UPDATE = "Aktualisieren";
    SEND_UPDATE = "Aktualisierung veröffentlichen";
    UPDATE_TEXT = "Was ist neu?";
    UPDATE_OPTIONAL = "Was möchten Sie dazu sagen? (freiwillig)";
    NEW_STAGE = "Phase";
    UPDATE_SENT = "Aktualisierung veröffentlicht";
    NEXT_UPDATE_KEEP_HINT = "Leer: bleibt, wie es ist";
    ENDED_AT = "Vorbei seit";
    ENDED_AT_HINT = "Leer: ab jetzt";
    NEW_END = "Neues Ende";
    NEW_END_UNKNOWN = "Ende nicht bekannt";
    PERMANENT_PAGE = "Seite der Meldung auf dem Portal";
    NOT_FOUND = "Diese Meldung gibt es nicht.";
    OVER_NOTE = "Diese Meldung ist beendet.";
    AUTHOR_REMOVED = "entferntes Konto";
    COMMAND_LINE = "Kommandozeile";
    BY_TIME = "von selbst";
    WRITTEN_BY = "Geschrieben von:";
    PUBLISHED_BY = "Veröffentlicht von:";
    DRAFT_BY = "Entwurf von:";

    CONFLICT = "Inzwischen hat jemand anderes diese Meldung geändert";
    CONFLICT_HINT = "Ihre Eingaben stehen unverändert im Formular. Diese Angaben unterscheiden sich:";
    CONFLICT_NONE = "Die andere Änderung betrifft keine Angabe, die Sie geändert haben.";
    CONFLICT_ALSO = "Dort geändert, und es bleibt auch mit Ihrer Fassung so:";
    CONFLICT_THEIRS = "Jetzt gespeichert";
    CONFLICT_MINE = "Ihre Fassung";
    CONFLICT_KEEP = "Meine Fassung speichern";
    CONFLICT_TAKE = "Andere Fassung übernehmen";
    EMPTY_VALUE = "(leer)";
}

const WEEKDAYS: [&str; 7] = ["Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."];
const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

pub(crate) fn oclock(hour: i8, minute: i8) -> String {
    format!("{hour:02}:{minute:02} Uhr")
}

/// `weekday` from Monday = 0, `month` from 1.
pub(crate) fn date(weekday: usize, day: i8, month: i8, year: Option<i16>) -> String {
    let month = usize::try_from(month - 1).ok().and_then(|month| MONTHS.get(month)).unwrap_or(&"");
    let year = year.map(|year| format!(" {year}")).unwrap_or_default();
    format!("{}, {day}. {month}{year}", WEEKDAYS.get(weekday).unwrap_or(&""))
}

/// A length of time: `45 Min.`, `3 Std. 20 Min.`, `2 Tage`.
pub(crate) fn span(minutes: i64) -> String {
    match minutes {
        ..1 => "unter 1 Min.".to_owned(),
        1..60 => format!("{minutes} Min."),
        60..1440 if minutes % 60 == 0 => format!("{} Std.", minutes / 60),
        60..1440 => format!("{} Std. {} Min.", minutes / 60, minutes % 60),
        1440..2880 => "1 Tag".to_owned(),
        _ => format!("{} Tage", minutes / 1440),
    }
}

pub(crate) fn ahead(minutes: i64) -> String {
    // Only days take another ending after "in".
    format!("in {}{}", span(minutes), if minutes >= 2880 { "n" } else { "" })
}

pub(crate) fn overdue_for(minutes: i64) -> String {
    format!("seit {} {OVERDUE}", span(minutes))
}

/// The situation in one line.
pub(crate) fn situation(outages: usize, maintenances: usize, information: usize) -> String {
    let mut parts = Vec::new();
    let mut add = |count: usize, one: &str, many: &str| match count {
        0 => {}
        1 => parts.push(format!("1 {one}")),
        _ => parts.push(format!("{count} {many}")),
    };
    add(outages, "Störung", "Störungen");
    add(maintenances, "laufende Wartung", "laufende Wartungen");
    add(information, "Hinweis", "Hinweise");
    parts.join(", ")
}

pub(crate) fn overdue_promises(count: usize) -> String {
    if count == 1 {
        "1 Zusage ist überfällig".to_owned()
    } else {
        format!("{count} Zusagen sind überfällig")
    }
}

pub(crate) fn as_of(hour: &str) -> String {
    format!("Stand {hour}")
}

pub(crate) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Outage => "Störung",
        Kind::Maintenance => "Wartung",
        Kind::Information => "Hinweis",
    }
}

pub(crate) const fn new_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Outage => "Neue Störung",
        Kind::Maintenance => "Neue Wartung",
        Kind::Information => "Neuer Hinweis",
    }
}

pub(crate) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Information => "Keine Einschränkung",
        Severity::Degraded => "Eingeschränkt",
        Severity::PartialOutage => "Teilausfall",
        Severity::Outage => "Ausfall",
    }
}

pub(crate) const fn severity_meaning(severity: Severity) -> &'static str {
    match severity {
        Severity::Information => "alles geht, es gibt nur etwas zu wissen",
        Severity::Degraded => "langsam oder mit Fehlern",
        Severity::PartialOutage => "ein wichtiger Teil geht nicht",
        Severity::Outage => "nichts geht mehr",
    }
}

pub(crate) const fn stage(stage: Option<Stage>) -> &'static str {
    match stage {
        None => DRAFT,
        Some(Stage::Investigating) => "Wird untersucht",
        Some(Stage::Identified) => "Ursache bekannt",
        Some(Stage::Monitoring) => "Wird beobachtet",
        Some(Stage::Resolved) => "Behoben",
        Some(Stage::Scheduled) => "Geplant",
        Some(Stage::InProgress) => "Läuft",
        Some(Stage::Overrunning) => "Dauert länger",
        Some(Stage::Completed) => "Abgeschlossen",
        Some(Stage::Cancelled) => "Abgesagt",
        Some(Stage::Published) => "Veröffentlicht",
        Some(Stage::Withdrawn) => "Zurückgezogen",
    }
}

pub(crate) const EDITED_BEFORE: &str = "Angaben geändert";

/// That the window moved, and when it was to be before.
pub(crate) fn moved(from: &str, to: Option<&str>) -> String {
    match to {
        Some(to) => format!("Verschoben. Vorher geplant: {from} bis {to}"),
        None => format!("Verschoben. Vorher geplant: ab {from}"),
    }
}

/// That the end moved, and when it was to be before.
pub(crate) fn end_moved(to: Option<&str>) -> String {
    to.map_or_else(|| "Neues Ende".to_owned(), |to| format!("Neues Ende. Vorher: {to}"))
}

pub(crate) fn unchanged(now: Option<Stage>) -> String {
    format!("unverändert ({})", stage(now))
}

pub(crate) const fn certainty(certainty: EndCertainty) -> &'static str {
    match certainty {
        EndCertainty::Exact => "sicher",
        EndCertainty::Estimated => "geschätzt",
        EndCertainty::Unknown => "nicht bekannt",
    }
}

pub(crate) const fn entries(entries: Entries) -> &'static str {
    match entries {
        Entries::Saved => "bleiben gespeichert",
        Entries::NotSaved => "gehen verloren",
        Entries::Unknown => "nicht bekannt",
    }
}

pub(crate) const fn role(role: Role) -> &'static str {
    match role {
        Role::Viewer => "liest mit",
        Role::Editor => "schreibt Entwürfe",
        Role::Publisher => "veröffentlicht",
        Role::Admin => "verwaltet",
    }
}

/// The button that opens the step, the button that takes it, and what is said afterwards.
pub(crate) struct Step {
    pub(crate) open: &'static str,
    pub(crate) question: &'static str,
    pub(crate) confirm: &'static str,
    pub(crate) done: &'static str,
}

pub(crate) const fn step(transition: Transition, kind: Kind, draft: bool) -> Step {
    let (open, question, confirm, done) = match (transition, kind) {
        (Transition::Publish, _) => (
            "Veröffentlichen",
            "Diese Meldung jetzt veröffentlichen?",
            "Ja, veröffentlichen",
            PUBLISHED,
        ),
        (Transition::Start, _) => (
            "Jetzt beginnen",
            "Die Wartung beginnt jetzt, vor der angekündigten Zeit. Bis wann dauert sie?",
            "Ja, jetzt beginnen",
            "Die Wartung läuft",
        ),
        (Transition::Extend, _) => (
            "Verlängern",
            "Bis wann dauert es?",
            "Neues Ende veröffentlichen",
            "Neues Ende veröffentlicht",
        ),
        (Transition::Resolve, _) => (
            "Behoben",
            "Alles geht wieder? Die Meldung wird als behoben gezeigt und dann beendet.",
            "Ja, als behoben melden",
            "Als behoben gemeldet",
        ),
        (Transition::Complete, _) => (
            "Abschließen",
            "Ist die Wartung fertig und geht alles wieder?",
            "Ja, Wartung abschließen",
            "Wartung abgeschlossen",
        ),
        (Transition::Cancel, _) if draft => (
            "Verwerfen",
            "Den Entwurf verwerfen? Er lässt sich nicht wiederherstellen.",
            "Ja, Entwurf verwerfen",
            "Entwurf verworfen",
        ),
        (Transition::Cancel, Kind::Information) => (
            "Zurückziehen",
            "Den Hinweis nicht mehr zeigen?",
            "Ja, zurückziehen",
            "Hinweis zurückgezogen",
        ),
        (Transition::Withdraw, _) => (
            "War ein Versehen",
            "Wurde diese Meldung versehentlich veröffentlicht? Auf dem Portal steht noch eine Weile, dass sie ein Versehen war, und auf ihrer Seite und in der Liste vergangener Meldungen auch. Sagen Sie denen, die sie gesehen haben, was stimmt.",
            "Ja, als Versehen zurückziehen",
            "Als Versehen zurückgezogen",
        ),
        (Transition::Reopen, _) => (
            "Wieder aufnehmen",
            "Ist es doch nicht vorbei? Die Meldung gilt dann wieder, und in ihrem Verlauf steht, dass sie wieder aufgenommen wurde.",
            "Ja, wieder aufnehmen",
            "Wieder aufgenommen",
        ),
        (Transition::Cancel, _) => (
            "Absagen",
            "Die Wartung findet nicht statt?",
            "Ja, Wartung absagen",
            "Wartung abgesagt",
        ),
    };
    Step {
        open,
        question,
        confirm,
        done,
    }
}

/// A language by its German name; an unknown one by its tag.
pub(crate) fn language(tag: &str) -> String {
    match tag {
        "de" => "Deutsch",
        "en" => "Englisch",
        "de-simple" => "Leichte Sprache",
        "tr" => "Türkisch",
        "ar" => "Arabisch",
        "uk" => "Ukrainisch",
        "ru" => "Russisch",
        "pl" => "Polnisch",
        "fr" => "Französisch",
        other => other,
    }
    .to_owned()
}

/// A field by the name it has on the wire.
pub(crate) fn field(name: &str) -> &str {
    match name {
        "kind" => "Art der Meldung",
        "severity" => SEVERITY,
        "services" => SERVICES,
        "portals" => PORTALS,
        "title" => TITLE,
        "impact" => IMPACT,
        "guidance" => GUIDANCE,
        "still_works" => STILL_WORKS,
        "entries" => ENTRIES,
        "entries_until" => ENTRIES_UNTIL,
        "applications" => APPLICATIONS,
        "deadline_note" => DEADLINE_NOTE,
        "deadline_source" => DEADLINE_SOURCE,
        "video" => VIDEO,
        "channels" => CHANNELS,
        "procedures" => PROCEDURES,
        "starts_at" => STARTS_MAINTENANCE,
        "ended_at" => ENDED_AT,
        "ends_at" => ENDS,
        "end_certainty" => CERTAINTY,
        "next_update_at" => NEXT_UPDATE_FIELD,
        "announce_from" => ANNOUNCE_FROM,
        "at_end" => AT_END,
        "text" => UPDATE_TEXT,
        "stage" => NEW_STAGE,
        other => other,
    }
}

pub(crate) fn and_more(count: usize) -> String {
    format!("und {count} weitere")
}

pub(crate) const fn occasion(which: Occasion) -> &'static str {
    match which {
        Occasion::First => "die erste, vor der Umstellung",
        Occasion::Second => "die zweite, nach der Umstellung",
    }
}

/// Whoever did something, by the name of today.
pub(crate) fn author(author: &Author) -> &str {
    match author.name.as_deref() {
        None => AUTHOR_REMOVED,
        Some(name) if name == domain::words::COMMAND_LINE => COMMAND_LINE,
        Some(name) => name,
    }
}

/// What a notice touches. `names` are the portals.
pub(crate) fn touches(services: usize, portals: usize, names: &str) -> String {
    let portals = match portals {
        1 => format!("1 Portal ({names})"),
        more => format!("{more} Portale ({names})"),
    };
    match services {
        0 => format!("Betrifft {portals} als Ganzes."),
        1 => format!("Betrifft 1 Dienst. Zu sehen auf: {portals}."),
        more => format!("Betrifft {more} Dienste. Zu sehen auf: {portals}."),
    }
}

pub(crate) fn seen_from(moment: &str) -> String {
    format!("Sichtbar ab: {moment}.")
}

/// What a change in some languages leaves behind in others.
pub(crate) fn drifted(changed: &str, left: &str) -> String {
    if changed.is_empty() {
        format!("Eine andere Sprache wurde zuletzt geändert. Bitte prüfen Sie: {left}.")
    } else {
        format!("Geändert ist nur: {changed}. Bitte prüfen Sie auch: {left}.")
    }
}

pub(crate) fn drifted_texts(texts: &str) -> String {
    format!("Nicht in allen Sprachen geändert. Bitte prüfen Sie: {texts}.")
}

pub(crate) fn typed_earlier(moment: &str) -> String {
    format!("Hier stehen noch ungesendete Eingaben von früher: {moment}.")
}

/// How a window that begins early is shifted.
pub(crate) fn begins_early(window: &str, length: &str) -> String {
    format!("Angekündigt war: {window}. Vorgeschlagen ist dieselbe Dauer: {length}.")
}

pub(crate) fn window(from: &str, to: &str) -> String {
    format!("{from} bis {to}")
}

pub(crate) fn since(moment: &str) -> String {
    format!("Seit: {moment}")
}
