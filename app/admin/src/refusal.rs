//! What the server refuses, in German: whole answers, and what is wrong with single fields.

use domain::words::{Code, Fault};

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

/// What is wrong with a field, in German; what only the server can tell, in its own words.
pub(crate) fn fault(fault: &Fault) -> String {
    german(fault.code).map_or_else(|| fault.detail.clone(), str::to_owned)
}

/// The sentence for a code; the field's name stands before it. `None`: the code alone says too little.
const fn german(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::Missing => "fehlt.",
        Code::Empty => "ist leer.",
        Code::TooLong => "ist zu lang.",
        Code::TooShort => "ist zu kurz. Nehmen Sie mindestens 12 Zeichen.",
        Code::OutOfRange => "liegt nicht in den Jahren 2000 bis 2099.",
        Code::LineBreak => "hat einen Zeilenumbruch. Bitte in einer Zeile schreiben.",
        Code::DirectionCharacter => "hat ein unsichtbares Zeichen, das die Schreibrichtung ändert. Bitte entfernen.",
        Code::ControlCharacter => "hat ein Steuerzeichen. Bitte entfernen.",
        Code::DoubtfulCharacter => {
            "hat ein unsichtbares oder leicht verwechselbares Zeichen. Nehmen Sie Buchstaben, Ziffern und Leerzeichen."
        }
        Code::MixedScripts => "mischt Buchstaben mehrerer Schriften. Bitte in einer Schrift schreiben.",
        Code::EasilyGuessed => "ist leicht zu erraten. Nehmen Sie zum Beispiel vier Wörter, die nichts miteinander zu tun haben.",
        Code::Taken => "ist vergeben oder einem vergebenen zum Verwechseln ähnlich.",
        Code::Repeated => "steht zweimal da. Einmal genügt.",
        Code::NotInCatalogue => "nennt etwas, das der Katalog nicht mehr hat.",
        Code::Link => {
            "enthält einen Link, der nicht veröffentlicht werden kann. Er muss vollständig sein und mit https://, http://, mailto: oder tel: beginnen."
        }
        Code::LinkWithBlank => "enthält einen Link mit einem Leerzeichen in der Adresse. Schreiben Sie %20 dafür.",
        Code::LinkUnclosed => "enthält einen Link, der nicht endet. Schreiben Sie ) hinter die Adresse.",
        Code::LinkWithoutAddress => "enthält einen Link ohne Adresse. Schreiben Sie [Text](https://…).",
        Code::NothingConcerned => "fehlt. Wählen Sie mindestens einen Dienst oder ein Portal.",
        Code::DefaultLanguageMissing => "fehlt. Schreiben Sie ihn mindestens in der Hauptsprache des Portals.",
        Code::WindowMissing => "fehlt. Eine Wartung braucht Beginn und Ende.",
        Code::EndMissing => "fehlt. Wählen Sie ein neues Ende.",
        Code::SaysNothing => "fehlt. Eine Aktualisierung sagt etwas.",
        Code::SeverityTooLow => "passt nicht: Eine Störung schränkt etwas ein.",
        Code::SeverityTooHigh => "passt nicht: Ein Hinweis schränkt nichts ein.",
        Code::OnlyWithSaved => "gilt nur, wenn Eingaben gespeichert bleiben.",
        Code::OnlyWithEnd => "gilt nur, wenn die Meldung damit endet.",
        Code::NotWithOutage => "passt nicht zu einer Störung. Sie wird sofort gezeigt.",
        Code::EqualsStart => "ist gleich dem Beginn.",
        Code::BeforeStart => "liegt vor dem Beginn.",
        Code::NotAfterStart => "liegt nicht nach dem Beginn.",
        Code::AfterStart => "liegt nach dem Beginn. Kündigen Sie vorher an.",
        Code::Past => "ist schon vorbei. Wählen Sie eine Zeit, die noch kommt.",
        Code::Future => "liegt in der Zukunft.",
        Code::PlannedIsMaintenance => "liegt in der Zukunft. Was geplant ist, ist eine Wartung.",
        Code::NothingToEndAt => "passt nicht: Ohne Ende kann die Meldung nicht von selbst enden.",
        Code::NeedsEnd => "passt nicht: Ohne Ende ist es nicht bekannt.",
        Code::EndIsGiven => "passt nicht: Es ist ein Ende angegeben.",
        Code::FixedByPublication => "kann nach der Veröffentlichung nicht mehr geändert werden.",
        Code::FixedByEnd => "kann nicht mehr geändert werden.",
        Code::StageNotReachable => "passt nicht zum jetzigen Stand der Meldung.",
        // Of catalogues and programs; this page sends none of it.
        Code::Malformed | Code::Cycle | Code::VoiceOnly | Code::InUse | Code::Kept | Code::StageNotHere | Code::Unlisted => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_code_is_said_in_german_and_an_unknown_one_as_the_server_says_it() {
        let read = |code: &str| -> Fault {
            let fault = serde_json::json!({"pointer": "/title/de", "code": code, "detail": "sings; write it down"});
            serde_json::from_value(fault).unwrap()
        };
        assert_eq!(
            fault(&read("line_break")),
            "hat einen Zeilenumbruch. Bitte in einer Zeile schreiben."
        );
        assert_eq!(fault(&read("sung_by_a_later_release")), "sings; write it down");
        // A server from before there were codes.
        let old = serde_json::json!({"pointer": "/title/de", "detail": "is empty"});
        assert_eq!(fault(&serde_json::from_value(old).unwrap()), "is empty");
    }
}
