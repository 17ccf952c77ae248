//! What can be done with a notice, in words.

use domain::notice::Transition;
use wire::Kind;

use super::prepared::News;
use crate::tongue::pick;

/// The button that opens the step, the button that takes it, and what is said afterwards.
pub(crate) struct Step {
    pub(crate) open: &'static str,
    pub(crate) question: &'static str,
    pub(crate) confirm: &'static str,
    pub(crate) done: &'static str,
}

pub(crate) fn step(transition: Transition, kind: Kind, draft: bool) -> Step {
    let words = pick(german as fn(Transition, Kind, bool) -> [&'static str; 4], english);
    let [open, question, confirm, done] = words(transition, kind, draft);
    Step {
        open,
        question,
        confirm,
        done,
    }
}

const fn german(transition: Transition, kind: Kind, draft: bool) -> [&'static str; 4] {
    match (transition, kind) {
        (Transition::Publish, _) => [
            "Veröffentlichen",
            "Diese Meldung jetzt veröffentlichen?",
            "Ja, veröffentlichen",
            "Veröffentlicht",
        ],
        (Transition::Start, _) => [
            "Jetzt beginnen",
            "Die Wartung beginnt jetzt, vor der angekündigten Zeit. Bis wann dauert sie?",
            "Ja, jetzt beginnen",
            "Die Wartung läuft",
        ],
        (Transition::Extend, _) => [
            "Verlängern",
            "Bis wann dauert es?",
            "Neues Ende veröffentlichen",
            "Neues Ende veröffentlicht",
        ],
        (Transition::Resolve, _) => [
            "Behoben",
            "Alles geht wieder? Die Meldung wird als behoben gezeigt und dann beendet.",
            "Ja, als behoben melden",
            "Als behoben gemeldet",
        ],
        (Transition::Complete, _) => [
            "Abschließen",
            "Ist die Wartung fertig und geht alles wieder?",
            "Ja, Wartung abschließen",
            "Wartung abgeschlossen",
        ],
        (Transition::Cancel, _) if draft => [
            "Verwerfen",
            "Den Entwurf verwerfen? Er lässt sich nicht wiederherstellen.",
            "Ja, Entwurf verwerfen",
            "Entwurf verworfen",
        ],
        (Transition::Cancel, Kind::Information) => [
            "Zurückziehen",
            "Den Hinweis nicht mehr zeigen?",
            "Ja, zurückziehen",
            "Hinweis zurückgezogen",
        ],
        (Transition::Withdraw, _) => [
            "War ein Versehen",
            "Wurde diese Meldung versehentlich veröffentlicht? Auf dem Portal steht noch eine Weile, dass sie ein Versehen war, und auf ihrer Seite und in der Liste vergangener Meldungen auch. Sagen Sie denen, die sie gesehen haben, was stimmt.",
            "Ja, als Versehen zurückziehen",
            "Als Versehen zurückgezogen",
        ],
        (Transition::Reopen, _) => [
            "Wieder aufnehmen",
            "Ist es doch nicht vorbei? Die Meldung gilt dann wieder, und in ihrem Verlauf steht, dass sie wieder aufgenommen wurde.",
            "Ja, wieder aufnehmen",
            "Wieder aufgenommen",
        ],
        (Transition::Cancel, _) => [
            "Absagen",
            "Die Wartung findet nicht statt?",
            "Ja, Wartung absagen",
            "Wartung abgesagt",
        ],
    }
}

const fn english(transition: Transition, kind: Kind, draft: bool) -> [&'static str; 4] {
    match (transition, kind) {
        (Transition::Publish, _) => ["Publish", "Publish this notice now?", "Yes, publish", "Published"],
        (Transition::Start, _) => [
            "Start now",
            "The maintenance starts now, before the announced time. Until when does it take?",
            "Yes, start now",
            "The maintenance is under way",
        ],
        (Transition::Extend, _) => ["Extend", "Until when does it take?", "Publish new end", "New end published"],
        (Transition::Resolve, _) => [
            "Resolved",
            "Does everything work again? The notice is shown as resolved and then ends.",
            "Yes, report as resolved",
            "Reported as resolved",
        ],
        (Transition::Complete, _) => [
            "Complete",
            "Is the maintenance done, and does everything work again?",
            "Yes, complete maintenance",
            "Maintenance completed",
        ],
        (Transition::Cancel, _) if draft => [
            "Discard",
            "Discard the draft? It cannot be brought back.",
            "Yes, discard draft",
            "Draft discarded",
        ],
        (Transition::Cancel, Kind::Information) => [
            "Withdraw",
            "Show this information no more?",
            "Yes, withdraw",
            "Information withdrawn",
        ],
        (Transition::Withdraw, _) => [
            "Was a mistake",
            "Was this notice published by mistake? For a while the portal says that it was a mistake, and so do its page and the list of past notices. Tell those who have seen it what is right.",
            "Yes, withdraw as a mistake",
            "Withdrawn as a mistake",
        ],
        (Transition::Reopen, _) => [
            "Reopen",
            "Is it not over after all? The notice then holds again, and its history says that it was reopened.",
            "Yes, reopen",
            "Reopened",
        ],
        (Transition::Cancel, _) => [
            "Call off",
            "Does the maintenance not take place?",
            "Yes, call off maintenance",
            "Maintenance called off",
        ],
    }
}

/// What a button says that writes a prepared text.
pub(crate) fn news(news: News) -> &'static str {
    match news {
        News::Searching => pick("Ursache noch gesucht", "Still looking for the cause"),
        News::Found => pick("Ursache gefunden", "Cause found"),
        News::Watching => pick("Geht wieder, wir beobachten", "Works again, watching"),
        News::Longer => pick("Dauert länger", "Takes longer"),
        News::AsPlanned => pick("Läuft wie geplant", "Going as planned"),
    }
}
