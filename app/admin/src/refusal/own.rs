//! What is refused in one of the programs only, in words that only it carries.

use std::cell::Cell;

use api::ProblemKind;
use domain::words::Code;

use crate::tongue::pick;

/// What is refused: a whole request, or a field of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Whole(ProblemKind),
    Field(Code),
}

/// The sentences of a program; `None`: it has none of its own for that.
pub(crate) type Sentences = fn(Refused) -> Option<&'static str>;

thread_local! {
    static OWN: Cell<Sentences> = const { Cell::new(desk) };
}

/// From now on these sentences are said before those of all programs.
pub(crate) fn speak(own: Sentences) {
    OWN.set(own);
}

pub(super) fn said(refused: Refused) -> Option<&'static str> {
    OWN.get()(refused)
}

/// The desk has what all have.
pub(crate) fn desk(_: Refused) -> Option<&'static str> {
    None
}

/// About what waits for a second person.
pub(crate) fn office(refused: Refused) -> Option<&'static str> {
    Some(match refused {
        Refused::Whole(ProblemKind::NoSecondPerson) => pick(
            "Freigeben kann nur, wer es nicht selbst beantragt hat.",
            "Only somebody who has not asked for it can approve it.",
        ),
        Refused::Whole(ProblemKind::NotYourRequest) => pick(
            "Ohne zweite Person ausführen kann es nur, wer es beantragt hat. Sie können es freigeben.",
            "Only whoever has asked for it can have it done without a second person. You can approve it.",
        ),
        Refused::Whole(ProblemKind::Settled) => pick("Das ist schon entschieden.", "That is settled already."),
        Refused::Whole(ProblemKind::AskerMayNoLonger) => pick(
            "Wer das beantragt hat, darf es nicht mehr. Lehnen Sie es ab, jemand anderes kann es neu beantragen.",
            "Whoever asked may do it no longer. Decline it; somebody else can ask for it anew.",
        ),
        Refused::Field(Code::NotHeard) => pick(
            "stimmen nicht. Prüfen Sie Name und Ziffern. Jeder Code gilt einmal; ein Passkey zeigt keinen. Nach drei falschen geht es erst in einer Stunde wieder.",
            "do not hold. Check the name and the digits. Each code counts once; a passkey shows none. After three wrong ones it takes an hour.",
        ),
        _ => return None,
    })
}

/// About forms that are uploaded, and one's own account.
pub(crate) fn registry(refused: Refused) -> Option<&'static str> {
    let Refused::Field(code) = refused else { return None };
    Some(match code {
        Code::OnlyWithOutage => pick(
            "ist keine Störung. Was ein Alarm meldet, war nicht geplant.",
            "is no outage. What an alert tells of was not planned.",
        ),
        Code::NotUploaded => pick(
            "gibt es auf diesem Server nicht. Laden Sie es hoch.",
            "is not on this server. Upload it.",
        ),
        Code::NotPdf => pick("ist kein PDF, das sich lesen lässt.", "is no PDF that can be read."),
        Code::Locked => pick(
            "öffnet sich nur mit einem Passwort. Speichern Sie es ohne.",
            "opens only with a password. Save it without one.",
        ),
        Code::ActiveContent => pick(
            "enthält etwas, das von selbst etwas tut (ein Skript, eine Datei, einen Film). Drucken Sie es neu als PDF, dann fehlt das.",
            "has something in it that acts by itself (a script, a file, a film). Print it as PDF anew, which leaves that out.",
        ),
        Code::WrongCode => pick(
            "gilt nicht. Nehmen Sie den nächsten, den das Gerät anzeigt.",
            "does not hold. Take the next one that the device shows.",
        ),
        Code::WrongPassword => pick("ist nicht Ihr Passwort.", "is not your password."),
        _ => return None,
    })
}
