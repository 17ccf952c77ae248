//! The point of no return, in words.

use domain::notice::Decision;

use crate::tongue::pick;

pub(crate) fn rollback() -> &'static str {
    pick("Wie lange dauert Zurückrollen?", "How long does rolling back take?")
}

pub(crate) fn rollback_hint() -> &'static str {
    pick(
        "So lange vor dem Ende fragen wir: weitermachen oder zurückrollen? Bürgerinnen und Bürger sehen das nicht.",
        "So long before the end we ask: go on or roll back? Citizens do not see this.",
    )
}

pub(crate) fn no_rollback() -> &'static str {
    pick("nicht fragen", "do not ask")
}

/// Until when somebody has to decide.
pub(crate) fn decide_until(moment: &str, left: &str, takes: &str) -> String {
    pick(
        format!("Zurückrollen passt noch bis {moment} in das Fenster (noch {left}; es dauert {takes})."),
        format!("Rolling back still fits into the window until {moment} ({left} left; it takes {takes})."),
    )
}

/// The question once that instant has come.
pub(crate) fn decide_now(left: &str, takes: &str) -> String {
    pick(
        format!("Weitermachen oder zurückrollen? Bis zum Ende: {left}. Zurückrollen dauert {takes}."),
        format!("Go on or roll back? Until the end: {left}. Rolling back takes {takes}."),
    )
}

pub(crate) fn go_on() -> &'static str {
    pick("Weitermachen", "Go on")
}

pub(crate) fn roll_back() -> &'static str {
    pick("Zurückrollen", "Roll back")
}

pub(crate) fn rollback_told() -> &'static str {
    pick(
        "Das erfahren alle, die die Meldung lesen:",
        "Everybody who reads the notice is told:",
    )
}

pub(crate) fn rollback_confirm() -> &'static str {
    pick("Ja, zurückrollen und das sagen", "Yes, roll back and say so")
}

/// What is said once it was decided.
pub(crate) fn has_decided(decision: Decision) -> &'static str {
    match decision {
        Decision::GoOn => pick("Entschieden: Es geht weiter", "Decided: the work goes on"),
        Decision::RollBack => pick("Entschieden: Es wird zurückgerollt", "Decided: the work is rolled back"),
    }
}

/// What was decided, by whom and when.
pub(crate) fn decided(decision: Decision, by: &str, moment: &str) -> String {
    format!("{} ({by}, {moment})", has_decided(decision))
}
