//! What the server refuses, in German: whole answers, and what is wrong with single fields.

use domain::words::Fault;

use crate::{
    failure::{Failure, Problem},
    words,
};

impl Failure {
    /// One sentence for the person who asked.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::SignedOut => words::SESSION_OVER.to_owned(),
            Self::Stale => words::STALE.to_owned(),
            Self::NoAnswer => words::NO_ANSWER.to_owned(),
            Self::Refused(problem) => sentence(problem),
        }
    }

    /// What is wrong with single fields.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        match self {
            Self::Refused(problem) => problem.errors.clone(),
            _ => Vec::new(),
        }
    }
}

/// Why an answer refuses.
fn sentence(problem: &Problem) -> String {
    match problem.status {
        403 => words::MAY_NOT.to_owned(),
        404 => words::NOT_FOUND.to_owned(),
        409 => format!("Das geht im jetzigen Stand der Meldung nicht. {}", problem.detail),
        429 => "Zu viele Versuche. Bitte warten Sie einen Augenblick.".to_owned(),
        500.. => "Im Server ist ein Fehler aufgetreten. Ihre Eingaben sind noch da.".to_owned(),
        _ if !problem.errors.is_empty() => words::FAULTS.to_owned(),
        _ if !problem.detail.is_empty() => problem.detail.clone(),
        _ => problem.title.clone(),
    }
}

/// What is wrong with a field, as the server says it, in German where the sentence is known.
pub(crate) fn fault(detail: &str) -> String {
    for (reason, german) in LINKS {
        if detail.starts_with("has the link ") && detail.contains(reason) {
            return german.to_owned();
        }
    }
    KNOWN
        .iter()
        .find(|(start, _)| detail.starts_with(start))
        .map_or_else(|| detail.to_owned(), |(_, german)| (*german).to_owned())
}

/// Why a link is refused, in the server's words and in German. The server quotes the link; the reason stands behind it.
const LINKS: [(&str, &str); 3] = [
    (
        "has a blank in its address",
        "enthält einen Link mit einem Leerzeichen in der Adresse. Schreiben Sie %20 dafür.",
    ),
    (
        "which does not end",
        "enthält einen Link, der nicht endet. Schreiben Sie ) hinter die Adresse.",
    ),
    (
        "has no address",
        "enthält einen Link ohne Adresse. Schreiben Sie [Text](https://…).",
    ),
];

/// How a sentence of the server begins, and the sentence in German; the first that fits holds.
const KNOWN: [(&str, &str); 32] = [
    (
        "is empty, as is `portals`",
        "fehlt. Wählen Sie mindestens einen Dienst oder ein Portal.",
    ),
    ("is empty", "ist leer."),
    ("has a line break", "hat einen Zeilenumbruch. Bitte in einer Zeile schreiben."),
    (
        "has an invisible character",
        "hat ein unsichtbares Zeichen, das die Schreibrichtung ändert. Bitte entfernen.",
    ),
    ("has a control character", "hat ein Steuerzeichen. Bitte entfernen."),
    (
        "is missing; write it at least in the portal's default language",
        "fehlt. Schreiben Sie ihn mindestens in der Hauptsprache des Portals.",
    ),
    (
        "is missing; a maintenance needs its window",
        "fehlt. Eine Wartung braucht Beginn und Ende.",
    ),
    ("is missing; an update says something", "fehlt. Eine Aktualisierung sagt etwas."),
    ("is missing; give the new end", "fehlt. Wählen Sie ein neues Ende."),
    ("is missing", "fehlt."),
    ("is `information`; an outage is", "passt nicht: Eine Störung schränkt etwas ein."),
    (
        "goes only with `\"entries\": \"saved\"`",
        "gilt nur, wenn Eingaben gespeichert bleiben.",
    ),
    ("equals `starts_at`", "ist gleich dem Beginn."),
    ("is before `starts_at`", "liegt vor dem Beginn."),
    ("is not after `starts_at`", "liegt nicht nach dem Beginn."),
    ("is after `starts_at`", "liegt nach dem Beginn. Kündigen Sie vorher an."),
    (
        "lies in the future; what is planned is a maintenance",
        "liegt in der Zukunft. Was geplant ist, ist eine Wartung.",
    ),
    ("lies in the future", "liegt in der Zukunft."),
    ("is past already", "ist schon vorbei. Wählen Sie eine Zeit, die noch kommt."),
    (
        "is `complete`, but there is no `ends_at`",
        "passt nicht: Ohne Ende kann die Meldung nicht von selbst enden.",
    ),
    ("needs `ends_at`", "passt nicht: Ohne Ende ist es nicht bekannt."),
    (
        "is `unknown`, but `ends_at` gives an end",
        "passt nicht: Es ist ein Ende angegeben.",
    ),
    (
        "links to ",
        "enthält einen Link, der nicht veröffentlicht werden kann. Er muss vollständig sein und mit https://, http://, mailto: oder tel: beginnen.",
    ),
    ("is not within the years", "liegt nicht in den Jahren 2000 bis 2099."),
    (
        "cannot change after publication",
        "kann nach der Veröffentlichung nicht mehr geändert werden.",
    ),
    ("cannot change any more", "kann nicht mehr geändert werden."),
    ("is too short", "ist zu kurz. Nehmen Sie mindestens 12 Zeichen."),
    (
        "is easily guessed",
        "ist leicht zu erraten. Nehmen Sie zum Beispiel vier Wörter, die nichts miteinander zu tun haben.",
    ),
    ("is longer than", "ist zu lang."),
    ("is taken already", "ist vergeben oder einem vergebenen zum Verwechseln ähnlich."),
    (
        "mixes letters of several scripts",
        "mischt Buchstaben mehrerer Schriften. Bitte in einer Schrift schreiben.",
    ),
    (
        "has the character U+",
        "hat ein unsichtbares oder leicht verwechselbares Zeichen. Nehmen Sie Buchstaben, Ziffern und Leerzeichen.",
    ),
];
