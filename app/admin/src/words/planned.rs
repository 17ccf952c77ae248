//! The words of planned work: freezes, and other work that is in the way.

use api::Related;
use domain::freeze::Level;

use crate::tongue::pick;

/// A freeze, and what it takes to work in it; the time follows.
pub(crate) fn freeze(name: Option<&str>, level: Level) -> String {
    let called = name
        .map(|name| pick(format!(" „{name}“"), format!(" “{name}”")))
        .unwrap_or_default();
    match level {
        Level::Hint => pick(format!("Hinweis{called}:"), format!("Hint{called}:")),
        Level::Reason => pick(
            format!("Sperre{called}, nur mit Begründung:"),
            format!("Freeze{called}, only with a reason:"),
        ),
        Level::SecondPerson => pick(
            format!("Sperre{called}, nur mit einer zweiten Person:"),
            format!("Freeze{called}, only with a second person:"),
        ),
    }
}

/// Other work, by what it has to do with this one; its number and its time follow.
pub(crate) fn other_work(relation: Related) -> &'static str {
    match relation {
        Related::Same => pick("Arbeit an demselben Dienst", "Work on the same service"),
        Related::Needed => pick(
            "Arbeit an etwas, das dieser Dienst braucht",
            "Work on something that this service needs",
        ),
        Related::Needing => pick(
            "Arbeit an etwas, das diesen Dienst braucht",
            "Work on something that needs this service",
        ),
    }
}
