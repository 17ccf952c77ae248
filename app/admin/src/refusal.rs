//! What the server refuses, in the words of this page: whole answers, and what is wrong with single fields.

pub(crate) mod own;

use api::{Problem, ProblemKind};
use domain::words::{Code, Fault};

use self::own::Refused;
use crate::{failure::Failure, tongue::pick, words};

impl Failure {
    /// One sentence for the person who asked.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::SignedOut => words::say().session_over.to_owned(),
            Self::Stale => words::say().stale.to_owned(),
            Self::Waits(id) => words::waits_for_second(id.as_str()),
            Self::NoAnswer => words::say().no_answer.to_owned(),
            Self::Refused(problem) => sentence(problem),
        }
    }

    /// Whether what was asked for may have been done all the same: the same is asked once more under the same key.
    pub(crate) const fn may_have_arrived(&self) -> bool {
        match self {
            Self::NoAnswer => true,
            Self::Refused(problem) => problem.status >= 500,
            Self::SignedOut | Self::Stale | Self::Waits(_) => false,
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

/// Why an answer refuses, in the words of this page; what this page does not know, in the server's own words.
fn sentence(problem: &Problem) -> String {
    if let Some(own) = own::said(Refused::Whole(problem.kind)) {
        return own.to_owned();
    }
    let said = match problem.kind {
        ProblemKind::RoleElsewhere => words::say().not_on_all_portals,
        ProblemKind::RoleTooLow => words::say().may_not,
        ProblemKind::NoRole => pick(
            "Sie haben auf keinem Portal eine Rolle. Wer Personen verwaltet, kann Ihnen eine geben.",
            "You hold no role on any portal. Whoever manages people can give you one.",
        ),
        ProblemKind::ForeignOrigin => pick(
            "Die Anfrage kam von einer anderen Website. Öffnen Sie diese Seite neu.",
            "The request came from another website. Open this page anew.",
        ),
        kind if is_not_found(kind) => words::say().not_found,
        ProblemKind::WrongPasskey | ProblemKind::NoPasskeysHere => words::say().passkey_failed,
        ProblemKind::NotInThisStage => pick(
            "Das geht im jetzigen Stand der Meldung nicht.",
            "That is not possible in the present stage of the notice.",
        ),
        ProblemKind::ClockImplausible => pick(
            "Die Uhr des Servers kann nicht stimmen. Bis sie gestellt ist, wird nichts veröffentlicht.",
            "The server's clock cannot be right. Nothing is published until it is set.",
        ),
        ProblemKind::KeyReused => pick(
            "Unter diesem Vorgang wurde schon etwas anderes gesendet. Bitte senden Sie es noch einmal.",
            "Something else was sent under this name already. Please send it again.",
        ),
        ProblemKind::TooManyAttempts => pick(
            "Zu viele Versuche. Bitte warten Sie einen Augenblick.",
            "Too many attempts. Please wait a moment.",
        ),
        ProblemKind::BodyTooLarge => pick(
            "Das ist zu viel Text. Bitte kürzen Sie ihn.",
            "That is too much text. Please shorten it.",
        ),
        ProblemKind::TooSlow => pick(
            "Die Verbindung war zu langsam. Es wurde nichts geändert. Bitte senden Sie es noch einmal.",
            "The connection was too slow. Nothing was changed. Please send it again.",
        ),
        ProblemKind::Unsettled => pick(
            "Es ist nicht bekannt, ob das geklappt hat. Sehen Sie nach, bevor Sie es noch einmal senden. Ihre Eingaben sind noch da.",
            "It is not known whether this was done. Look before you send it again. What you typed is still there.",
        ),
        ProblemKind::Unavailable => pick(
            "Im Server ist ein Fehler aufgetreten. Es wurde nichts geändert. Ihre Eingaben sind noch da.",
            "Something failed in the server. Nothing was changed. What you typed is still there.",
        ),
        ProblemKind::DatabaseGone => pick(
            "Die Datenbank ist nicht erreichbar. Es wurde nichts geändert. Ihre Eingaben sind noch da.",
            "The database cannot be reached. Nothing was changed. What you typed is still there.",
        ),
        ProblemKind::ProviderSilent => pick(
            "Der Anbieter antwortet nicht. Melden Sie sich mit Name und Passwort an, oder versuchen Sie es später noch einmal.",
            "The provider does not answer. Sign in with name and password, or try again later.",
        ),
        _ if problem.status >= 500 => pick(
            "Im Server ist ein Fehler aufgetreten. Ihre Eingaben sind noch da.",
            "Something failed in the server. What you typed is still there.",
        ),
        _ if !problem.errors.is_empty() => words::say().faults,
        _ if !problem.detail.is_empty() => &problem.detail,
        _ => &problem.title,
    };
    said.to_owned()
}

/// Whether what the page is about is gone, or never was.
const fn is_not_found(kind: ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::NoNotice
            | ProblemKind::NoSeries
            | ProblemKind::NoFreeze
            | ProblemKind::NoChannel
            | ProblemKind::NoPart
            | ProblemKind::NoApproval
            | ProblemKind::NoOccurrence
            | ProblemKind::NoPasskey
            | ProblemKind::NoPortal
            | ProblemKind::NothingHere
    )
}

/// What is wrong with a field, in the words of this page; what only the server can tell, in its own words.
pub(crate) fn fault(fault: &Fault) -> String {
    let own = own::said(Refused::Field(fault.code));
    own.or_else(|| pick(german(fault.code), english(fault.code)))
        .map_or_else(|| fault.detail.clone(), str::to_owned)
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
        Code::OnlyWithMaintenance => "passt nur zu einer Wartung.",
        Code::NotWithinWindow => "muss kürzer sein als das Fenster.",
        Code::NothingToDecide => "ist jetzt nicht möglich.",
        Code::Frozen => {
            "fehlt. In dieser Zeit gilt eine Sperre. Schreiben Sie, warum die Arbeit dann sein muss, oder wählen Sie eine andere Zeit."
        }
        Code::NeedsSecondPerson => "fehlt. Dem muss eine zweite Person zustimmen.",
        // Of catalogues and programs; this page sends none of it.
        Code::NotUploaded
        | Code::NotPdf
        | Code::Locked
        | Code::ActiveContent
        | Code::NotHeard
        | Code::WrongPassword
        | Code::WrongCode
        | Code::Malformed
        | Code::Cycle
        | Code::VoiceOnly
        | Code::InUse
        | Code::Kept
        | Code::StageNotHere
        | Code::OfEachOccurrence
        | Code::OnlyWithOutage
        | Code::Unlisted => return None,
    })
}

/// The same in English.
const fn english(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::Missing => "is missing.",
        Code::Empty => "is empty.",
        Code::TooLong => "is too long.",
        Code::TooShort => "is too short. Take at least 12 characters.",
        Code::OutOfRange => "is not within the years 2000 to 2099.",
        Code::LineBreak => "has a line break. Please write it in one line.",
        Code::DirectionCharacter => "has an invisible character that changes the direction of writing. Please remove it.",
        Code::ControlCharacter => "has a control character. Please remove it.",
        Code::DoubtfulCharacter => "has a character that is not seen or easily taken for another. Take letters, digits and blanks.",
        Code::MixedScripts => "mixes letters of several scripts. Please write it in one.",
        Code::EasilyGuessed => "is easily guessed. Take for example four words that have nothing to do with each other.",
        Code::Taken => "is taken, or too much like one that is.",
        Code::Repeated => "is there twice. Once is enough.",
        Code::NotInCatalogue => "names something that the catalogue does not have any more.",
        Code::Link => "has a link that cannot be published. It has to be whole and to begin with https://, http://, mailto: or tel:.",
        Code::LinkWithBlank => "has a link with a blank in its address. Write %20 for it.",
        Code::LinkUnclosed => "has a link that does not end. Write ) behind the address.",
        Code::LinkWithoutAddress => "has a link without an address. Write [text](https://…).",
        Code::NothingConcerned => "is missing. Choose at least one service or portal.",
        Code::DefaultLanguageMissing => "is missing. Write it at least in the portal's main language.",
        Code::WindowMissing => "is missing. Maintenance needs a start and an end.",
        Code::EndMissing => "is missing. Choose a new end.",
        Code::SaysNothing => "is missing. An update says something.",
        Code::SeverityTooLow => "does not fit: an outage restricts something.",
        Code::SeverityTooHigh => "does not fit: information restricts nothing.",
        Code::OnlyWithSaved => "holds only if entries stay saved.",
        Code::OnlyWithEnd => "holds only if the notice ends with it.",
        Code::NotWithOutage => "does not fit an outage, which is shown at once.",
        Code::EqualsStart => "equals the start.",
        Code::BeforeStart => "is before the start.",
        Code::NotAfterStart => "is not after the start.",
        Code::AfterStart => "is after the start. Announce it before.",
        Code::Past => "is over already. Choose a time that is still to come.",
        Code::Future => "is in the future.",
        Code::PlannedIsMaintenance => "is in the future. What is planned is maintenance.",
        Code::NothingToEndAt => "does not fit: without an end the notice cannot end by itself.",
        Code::NeedsEnd => "does not fit: without an end it is not known.",
        Code::EndIsGiven => "does not fit: an end is given.",
        Code::FixedByPublication => "cannot be changed after publication.",
        Code::FixedByEnd => "cannot be changed any more.",
        Code::StageNotReachable => "does not fit the present stage of the notice.",
        Code::OnlyWithMaintenance => "goes only with maintenance.",
        Code::NotWithinWindow => "has to be shorter than the window.",
        Code::NothingToDecide => "is not possible now.",
        Code::Frozen => "is missing. A freeze holds at that time. Write why the work has to be then, or choose another time.",
        Code::NeedsSecondPerson => "is missing. A second person has to say yes to this.",
        // Of catalogues and programs; this page sends none of it.
        Code::NotUploaded
        | Code::NotPdf
        | Code::Locked
        | Code::ActiveContent
        | Code::NotHeard
        | Code::WrongPassword
        | Code::WrongCode
        | Code::Malformed
        | Code::Cycle
        | Code::VoiceOnly
        | Code::InUse
        | Code::Kept
        | Code::StageNotHere
        | Code::OfEachOccurrence
        | Code::OnlyWithOutage
        | Code::Unlisted => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_kind_is_said_in_german_and_an_unknown_one_as_the_server_says_it() {
        let read = |text: &str| sentence(&serde_json::from_str(text).unwrap());
        let known = r#"{"type": "urn:umleitung:clock_implausible", "status": 409, "detail": "The clock is wrong."}"#;
        assert!(read(known).starts_with("Die Uhr des Servers"));
        let later = r#"{"type": "urn:umleitung:sung", "status": 409, "title": "Sung", "detail": "It sings."}"#;
        assert_eq!(read(later), "It sings.");
        let proxy = r#"{"title": "Teapot", "status": 418}"#;
        assert_eq!(read(proxy), "Teapot");
    }

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
