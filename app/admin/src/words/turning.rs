//! The point of no return, in words.

use domain::notice::Decision;

use super::Step;
use crate::tongue::pick;

pub(crate) fn rollback() -> &'static str {
    pick("Wie lange dauert Zurückrollen?", "How long does rolling back take?")
}

pub(crate) fn rollback_hint() -> &'static str {
    pick(
        "So lange vor dem Ende fragen wir, ob es weitergeht. Bürgerinnen und Bürger sehen das nicht.",
        "So long before the end we ask whether the work goes on. Citizens do not see this.",
    )
}

pub(crate) fn no_rollback() -> &'static str {
    pick("nicht fragen", "do not ask")
}

/// Until when somebody has to decide.
pub(crate) fn decide_until() -> &'static str {
    pick("Zurückrollen", "Rolling back")
}

/// Until when it still fits into the window, and how long it takes.
pub(crate) fn rollback_fits(moment: &str, takes: &str) -> String {
    pick(
        format!("beginnen bis {moment}; es dauert {takes}"),
        format!("to be begun by {moment}; it takes {takes}"),
    )
}

/// The question once that instant has come.
pub(crate) fn decide_now() -> &'static str {
    pick("Weitermachen oder zurückrollen?", "Go on or roll back?")
}

/// What was decided, by whom and when.
pub(crate) fn decided(decision: Decision, by: &str, moment: &str) -> String {
    format!("{} ({by}, {moment})", decision_of(decision))
}

/// What was decided.
pub(crate) fn decision_of(decision: Decision) -> &'static str {
    match decision {
        Decision::GoOn => pick("Entschieden: Es geht weiter", "Decided: the work goes on"),
        Decision::RollBack => pick("Entschieden: Es wird zurückgerollt", "Decided: the work is rolled back"),
    }
}

/// The step that decides.
pub(crate) fn decision(decision: Decision) -> Step {
    let done = decision_of(decision);
    match decision {
        Decision::GoOn => Step {
            open: pick("Weitermachen", "Go on"),
            question: pick(
                "Zurückrollen passt dann nicht mehr in das Fenster. Machen Sie weiter?",
                "Rolling back does not fit into the window then. Do you go on?",
            ),
            confirm: pick("Ja, weitermachen", "Yes, go on"),
            done,
        },
        Decision::RollBack => Step {
            open: pick("Zurückrollen", "Roll back"),
            question: pick("Zurückrollen? Das lesen dann alle:", "Roll back? Everybody reads this then:"),
            confirm: pick("Ja, zurückrollen und das sagen", "Yes, roll back and say so"),
            done,
        },
    }
}
