//! What is wrong with the server, on every page of those who can do something about it, or call somebody who can.

use leptos::prelude::*;

use api::Condition;

use crate::{desk::Desk, tongue::pick, words};

/// The condition in the words of this page; one that this release does not know, in the server's words.
fn sentence(condition: &Condition) -> String {
    let known = match &*condition.code {
        "database_gone" => pick(
            "Die Datenbank ist verschwunden, ersetzt worden oder antwortet nicht. Es wird nichts gespeichert, bis sie wieder da ist.",
            "The database has vanished, was replaced or does not answer. Nothing is saved until it is back.",
        ),
        "database_unwritable" => pick(
            "In die Datenbank lässt sich nichts schreiben: Vielleicht ist der Speicher voll. Neues wird nicht gespeichert.",
            "Nothing can be written into the database: perhaps the disk is full. What is new is not saved.",
        ),
        "database_busy" => pick(
            "Ein anderes Programm hält die Datenbank fest. Neues wird nicht gespeichert.",
            "Another program keeps hold of the database. What is new is not saved.",
        ),
        "journal_unread" => pick(
            "Das Journal lässt sich nicht lesen. Was andere ändern, wird nicht gezeigt.",
            "The journal cannot be read. What others change is not shown.",
        ),
        "journal_went_back" => pick(
            "Das Journal ist auf einem früheren oder anderen Stand: Eine Sicherung wurde eingespielt.",
            "The journal is as it was before, or another one: a backup was restored.",
        ),
        "journal_broken" => pick("Das Journal wurde nachträglich verändert.", "The journal was changed afterwards."),
        "entries_left_out" => pick(
            "Manche Einträge des Journals lassen sich nicht lesen. Sie fehlen auch in dem, was die Menschen sehen.",
            "Some entries of the journal cannot be read. They are missing in what people see, too.",
        ),
        "clock_implausible" => pick(
            "Die Uhr des Servers geht offenbar falsch. Alle Zeiten können falsch sein.",
            "The server's clock is evidently wrong. All times may be wrong.",
        ),
        "webhook_failing" => pick(
            "Ein angebundenes Programm (Webhook) nimmt Meldungen nicht an. Sie werden wiederholt gesendet.",
            "A program of others (webhook) does not take notices. They are sent again.",
        ),
        _ => return condition.sentence.clone().into_owned(),
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
            <h2 id="conditions-heading">{words::say().conditions}</h2>
            <ul>{list}</ul>
            <p>{words::say().conditions_hint}</p>
        </section>
    }
    .into_any()
}
