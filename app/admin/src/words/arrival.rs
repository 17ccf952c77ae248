//! The words about whether notices have arrived.

use domain::words::ObstacleKind;

use crate::tongue::pick;

/// On how many portals a notice was seen; the instant only where it was seen on some.
pub(crate) fn visible_on(seen: usize, all: usize, since: Option<&str>) -> String {
    let since = since
        .map(|since| pick(format!(" seit {since}"), format!(" since {since}")))
        .unwrap_or_default();
    match (seen, all) {
        (1, 1) => pick(format!("Auf dem Portal zu sehen{since}."), format!("Visible on the portal{since}.")),
        (0, 1) => pick("Auf dem Portal noch nicht zu sehen.", "Not visible on the portal yet.").to_owned(),
        (seen, all) if seen == all => pick(
            format!("Auf allen {all} Portalen zu sehen{since}."),
            format!("Visible on all {all} portals{since}."),
        ),
        _ => pick(
            format!("Auf {seen} von {all} Portalen zu sehen{since}."),
            format!("Visible on {seen} of {all} portals{since}."),
        ),
    }
}

/// Why a place does not show what it is to show.
pub(crate) fn obstacle(kind: ObstacleKind, detail: &str) -> String {
    match kind {
        ObstacleKind::NotAllowed => pick(
            "Dieser Server darf dort nicht nachsehen; das erlaubt, wer ihn betreibt, mit --portal-allow.",
            "This server may not look there; whoever runs it allows that with --portal-allow.",
        )
        .to_owned(),
        ObstacleKind::Unreachable => pick("Keine Antwort.", "No answer.").to_owned(),
        ObstacleKind::Status => pick(
            format!("Antwortet mit dem Status {detail} statt 200."),
            format!("Answers with status {detail} instead of 200."),
        ),
        ObstacleKind::NoTag => pick(
            "Im Quelltext der Seite steht kein Script-Tag von Umleitung.",
            "The source of the page has no script tag of Umleitung.",
        )
        .to_owned(),
        ObstacleKind::OtherPortal => pick(
            format!("Dort steht das Portal „{detail}“, nicht dieses."),
            format!("The portal “{detail}” is there, not this one."),
        ),
        ObstacleKind::Unreadable => pick(
            "Was von dort kommt, ist nicht das Dokument von Umleitung.",
            "What comes from there is not Umleitung’s document.",
        )
        .to_owned(),
        ObstacleKind::Old => pick(
            "Zeigt noch einen früheren Stand; vielleicht hält ein Zwischenspeicher ihn fest.",
            "Still shows an earlier state; a cache may hold on to it.",
        )
        .to_owned(),
    }
}

/// When it was last looked.
pub(crate) fn looked_at(moment: &str) -> String {
    pick(format!("Zuletzt nachgesehen: {moment}."), format!("Last looked: {moment}."))
}
