//! What is wrong with the server, on every page of those who can do something about it, or call somebody who can.

use leptos::prelude::*;

use crate::{api::Condition, desk::Desk, words};

/// The condition in German; one that this release does not know, in the server's words.
fn sentence(condition: &Condition) -> String {
    let known = match condition.code.as_str() {
        "database_gone" => {
            "Die Datenbank ist verschwunden, ersetzt worden oder antwortet nicht. Es wird nichts gespeichert, bis sie wieder da ist."
        }
        "database_unwritable" => {
            "In die Datenbank lässt sich nichts schreiben: Vielleicht ist der Speicher voll. Neues wird nicht gespeichert."
        }
        "database_busy" => "Ein anderes Programm hält die Datenbank fest. Neues wird nicht gespeichert.",
        "journal_unread" => "Das Journal lässt sich nicht lesen. Was andere ändern, wird nicht gezeigt.",
        "journal_went_back" => "Das Journal ist auf einem früheren oder anderen Stand: Eine Sicherung wurde eingespielt.",
        "journal_broken" => "Das Journal wurde nachträglich verändert.",
        "entries_left_out" => "Manche Einträge des Journals lassen sich nicht lesen. Sie fehlen auch in dem, was die Menschen sehen.",
        "clock_implausible" => "Die Uhr des Servers geht offenbar falsch. Alle Zeiten können falsch sein.",
        _ => return condition.sentence.clone(),
    };
    known.to_owned()
}

/// Nothing while nothing is wrong.
pub(crate) fn panel(desk: Desk) -> AnyView {
    let list = move || {
        let (zone, now) = (desk.zone(), desk.now.get());
        let one = |condition: Condition| {
            let since = words::since(&zone.moment(condition.since, now));
            view! {
                <li>
                    <strong>{sentence(&condition)}</strong>
                    <span class="quiet">" " {since} ". " <span lang="en">{condition.detail.clone()}</span></span>
                </li>
            }
        };
        desk.conditions.get().into_iter().map(one).collect_view()
    };
    let nothing = move || desk.conditions.with(Vec::is_empty) || desk.session.with(Option::is_none);
    view! {
        <section class="faults conditions" data-test="conditions" aria-labelledby="conditions-heading" hidden=nothing>
            <h2 id="conditions-heading">{words::CONDITIONS}</h2>
            <ul>{list}</ul>
            <p>{words::CONDITIONS_HINT}</p>
        </section>
    }
    .into_any()
}
