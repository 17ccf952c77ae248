//! The words about the record; of the registry alone.

use serde_json::{Value, from_value};

use super::table::words;
use crate::tongue::pick;

words! {
    hint = "Wer was wann getan hat, das Neueste zuerst. Nichts davon verschwindet; was geschwärzt wird, hinterlässt eine Lücke mit Grund.", "Who did what and when, the newest first. Nothing of it goes; what is redacted leaves a gap with a reason.";
    filters = "Auswahl", "Selection";
    from = "Von", "From";
    until = "Bis", "Until";
    bounds_hint = "Leer heißt: ohne Grenze.", "Empty means: without a bound.";
    half_day = "Letzte 12 Stunden", "Last 12 hours";
    week = "Letzte 7 Tage", "Last 7 days";
    everything = "Alles", "Everything";
    only = "Nur:", "Only:";
    lift = "Filter aufheben", "Lift the filter";
    none = "In dieser Auswahl ist nichts.", "There is nothing in this selection.";
    more = "Weiter zurück", "Further back";
    as_csv = "Als Tabelle (CSV)", "As a table (CSV)";
    as_lines = "Als JSON Lines", "As JSON Lines";
    content = "Was darin steht", "What it says";
    changes = "Was sich geändert hat", "What has changed";
    same = "Es hat sich nichts geändert.", "Nothing has changed.";
    lost = "Was vorher darin stand, ist nicht mehr zu lesen.", "What it said before cannot be read any more.";
    before = "vorher", "before";
    after = "jetzt", "now";
    nothing = "nichts", "nothing";
    gone = "Der Inhalt ist geschwärzt.", "The content is redacted.";
    unread = "Diesen Eintrag kennt die Seite nicht.", "This page does not know this entry.";
    redact = "Schwärzen", "Redact";
    redact_hint = "Der Inhalt verschwindet für immer, auch von den Seiten; dass und warum, bleibt im Journal. Schreiben Sie nichts von dem hinein, was verschwinden soll.", "The content goes for good, from the pages too; that it did and why stays in the record. Write nothing into the reason that is to go.";
    reason = "Grund", "Reason";
    redacted = "Der Inhalt ist geschwärzt.", "The content is redacted.";
    to_notice = "Zur Meldung", "To the notice";
    seen = "Was war zu sehen?", "What was to be seen?";
    seen_hint = "Die Seite eines Portals, wie sie in diesem Augenblick zu sehen war.", "The page of a portal as it was to be seen at that moment.";
    seen_portal = "Portal", "Portal";
    seen_at = "Zeitpunkt", "Moment";
    seen_show = "Ansehen", "See it";
}

/// The quick choice of what came since somebody looked here last.
pub(crate) fn since_last(moment: &str) -> String {
    pick(
        format!("Seit Ihrem letzten Blick ({moment})"),
        format!("Since you looked last ({moment})"),
    )
}

/// A choice as the record keeps it, by the name of its field; `None`: it is none.
pub(crate) fn choice(field: &str, word: &str) -> Option<&'static str> {
    let stored = Value::from(word);
    match field {
        "kind" => from_value(stored).ok().map(super::kind),
        "severity" => from_value(stored).ok().map(super::severity),
        "end_certainty" => from_value(stored).ok().map(super::certainty),
        "entries" => from_value(stored).ok().map(super::entries),
        "at_end" => match word {
            "complete" => Some(super::say().at_end_complete),
            "confirm" => Some(super::say().at_end_confirm),
            _ => None,
        },
        "on_holiday" => from_value(stored).ok().map(super::on_holiday),
        _ => None,
    }
}

/// The number of an entry.
pub(crate) fn number(seq: u64) -> String {
    pick(format!("Nr. {seq}"), format!("No. {seq}"))
}

/// A notice, a series, … by its id.
pub(crate) fn about(id: &str) -> String {
    let of = |kind: &str, rest: &str| format!("{kind} {rest}");
    match id.split_once('-') {
        Some(("S", _)) => of(pick("Serie", "Series"), id),
        Some(("F", _)) => of(pick("Sperre", "Freeze"), id),
        Some(("A", _)) => of(pick("Freigabe", "Approval"), id),
        Some(("C", channel)) => of(pick("Kontaktweg", "Channel"), channel),
        _ => of(pick("Meldung", "Notice"), id),
    }
}
