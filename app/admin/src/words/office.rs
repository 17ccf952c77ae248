//! The plain words about what is planned, agreed and out of order; of the office alone.

use super::table::words;
use crate::tongue::pick;

words! {
    channels_hint = "Zu einem Kontaktweg, der hier als gestört gemeldet ist, wird auf keiner Seite mehr jemand geschickt. Der nächste rückt nach.", "Nobody is sent any more, on any page, to a channel that is reported here as out of order. The next one moves up.";
    channel_report = "Gestört melden", "Report as out of order";
    channel_change = "Angaben ändern", "Change details";
    channel_clear = "Geht wieder", "Works again";
    channel_cleared = "geht wieder und wird wieder angeboten.", "works again, and is offered again.";
    channel_reported = "Gemeldet", "Reported";
    channel_reported_done = "ist als gestört gemeldet.", "is reported as out of order.";
    channel_until_hint = "Dann wird der Kontaktweg von selbst wieder angeboten. Leer heißt: noch nicht bekannt.", "The channel is then offered again by itself. Empty means: not known yet.";
    channel_from_hint = "Leer heißt: ab jetzt, oder seit es gemeldet ist.", "Empty means: from now on, or since it was reported.";
    channel_note_hint = "Steht nur hier, nicht auf den Portalen.", "Stands here only, not on the portals.";
    channel_elsewhere = "Melden kann das nur, wer auf allen Portalen veröffentlicht, die diesen Kontaktweg anbieten.", "Only somebody who publishes on all portals that offer this channel can report it.";
    channel_stale = "Zu diesem Kontaktweg hat inzwischen jemand anderes etwas gemeldet. Bitte sehen Sie nach.", "Somebody else has reported something about this channel meanwhile. Please have a look.";

    reports_hint = "Wie gut die Dienste liefen, und welche Zusagen eingehalten wurden. Der erste Monat läuft noch.", "How well services did, and which promises were kept. The first month is not over.";
    reports_public = "Berichte vergangener Monate sind öffentlich.", "Reports of past months are public.";
    reports_internal = "Nur für Angemeldete. Im Katalog lässt sich das ändern.", "Only for those who sign in. The catalogue can change that.";
    reports_older = "Frühere Monate", "Earlier months";

    nothing_waits = "Nichts wartet auf eine zweite Person.", "Nothing waits for a second person.";
    waiting = "Wartet auf eine zweite Person", "Waits for a second person";
    to_review = "Ohne zweite Person ausgeführt: bitte ansehen", "Done without a second person: please look at it";
    settled = "Entschieden", "Settled";
    own_request = "Das haben Sie beantragt. Freigeben kann es nur jemand anderes.", "You have asked for this. Only somebody else can approve it.";
    request_stale = "Was geändert werden soll, wurde inzwischen geändert. Lehnen Sie den Antrag ab; er kann neu gestellt werden.", "What is to be changed was changed meanwhile. Decline the request; it can be made anew.";
    approve = "Freigeben", "Approve";
    approved = "Freigegeben", "Approved";
    approve_question = "Es wird sofort ausgeführt, so wie es hier steht.", "It is done at once, as it stands here.";
    decline = "Ablehnen", "Decline";
    declined = "Abgelehnt", "Declined";
    why_not = "Warum nicht?", "Why not?";
    break_glass = "Sofort ausführen (Notfall)", "Do it now (emergency)";
    broken_glass = "Ohne zweite Person ausgeführt", "Done without a second person";
    break_glass_question = "Es wird ohne zweite Person ausgeführt, ist so vermerkt, und jemand anderes sieht es sich danach an.", "It is done without a second person, is noted so, and somebody else looks at it afterwards.";
    withdraw_request = "Antrag zurückziehen", "Withdraw request";
    withdrawn_request = "Antrag zurückgezogen", "Request withdrawn";
    review = "Angesehen", "Looked at";
    reviewed = "Angesehen", "Looked at";
    what_was_found = "Was ist dazu zu sagen? (freiwillig)", "What is to be said about it? (optional)";
    see_notice = "Meldung ansehen:", "See the notice:";
    deed_publish = "Meldung veröffentlichen", "Publish a notice";
    deed_edit = "Meldung ändern", "Change a notice";
    deed_update = "Aktualisierung hinzufügen", "Add an update";
    deed_start = "Wartung vorzeitig beginnen", "Begin maintenance early";
    deed_reopen = "Meldung wieder öffnen", "Reopen a notice";
    deed_extend = "Ende ändern", "Change the end";
    deed_series = "Serie planen", "Plan a series";
    deed_edit_series = "Serie ändern", "Change a series";
    deed_hold = "Termin verschieben", "Move an occurrence";
    deed_take_back = "Termin wie geplant halten", "Hold an occurrence as planned";
    deed_announce = "Termin ankündigen", "Announce an occurrence";

    coming = "Was kommt", "What comes";
    coming_empty = "Nichts ist geplant.", "Nothing is planned.";
    announced_as = "Angekündigt", "Announced";
    differs = "In der Meldung stehen andere Zeiten.", "The notice tells other times.";
    series = "Serien", "Series";
    series_empty = "Es gibt keine Serie. So entsteht eine: Schreiben Sie eine Wartung, speichern Sie sie als Entwurf, und wählen Sie auf der Seite des Entwurfs „Wiederholen“.", "There is no series. This is how one comes to be: write a maintenance, save it as a draft, and choose “Repeat” on the page of the draft.";
    freezes = "Sperren", "Freezes";
    freezes_empty = "Keine Zeit ist gesperrt.", "No time is frozen.";
    freeze_new = "Sperre festlegen", "Lay down a freeze";
    freeze_change = "Ändern", "Change";
    freeze_save = "Speichern", "Save";
    freeze_saved = "gespeichert.", "saved.";
    freeze_lift = "Aufheben", "Lift";
    freeze_lifted = "aufgehoben.", "lifted.";
    freeze_lift_question = "Arbeiten lassen sich in dieser Zeit dann wieder ohne Weiteres planen. Was bisher darin geplant wurde, bleibt vermerkt.", "Work can then be planned in this time without more ado. What was planned in it so far stays on record.";
    freeze_stale = "Diese Sperre hat inzwischen jemand anderes geändert. Bitte sehen Sie nach.", "Somebody else has changed this freeze meanwhile. Please have a look.";
    freeze_name_hint = "Zum Beispiel: Abgabefrist der Grundsteuer", "For example: filing deadline of the property tax";
    freeze_portals = "Arbeiten, die auf diesen Portalen zu sehen sind", "Work that shows on these portals";
    freeze_services = "Arbeiten an diesen Diensten und an dem, was sie brauchen", "Work on these services, and on what they need";
    freeze_once = "Einmal", "Once";
    freeze_daily = "Jeden Tag", "Each day";
    freeze_kept = "Wie bisher", "As before";
    freeze_for_all = "für alle Arbeiten", "for all work";
    level_hint = "nur ein Hinweis", "only a hint";
    level_reason = "nur mit Begründung", "only with a reason";
    level_second_person = "nur mit einer zweiten Person", "only with a second person";
    overrides = "Trotzdem geplant:", "Planned nevertheless:";
    skip_one = "Fällt aus", "Does not take place";
    skipped_one = "Fällt aus", "Does not take place";
    hold_one = "Verschieben", "Move";
    held_one = "Verschoben", "Moved";
    announce_one = "Jetzt ankündigen", "Announce now";
    announced_one = "Angekündigt", "Announced";
    which_occurrences = "Welche Termine?", "Which occurrences?";
    only_this = "Nur dieser", "Only this one";
    this_and_later = "Dieser und alle späteren", "This one and all later ones";
    and_later = " und alle späteren", " and all later ones";
    skips_later = "Dieser und alle späteren Termine dieser Serie entfallen. Was davon angekündigt ist, wird abgesagt.", "This one and all later ones of this series fall out. What of them is announced is called off.";
    holds_later = "Ab diesem Termin gelten die neuen Uhrzeiten. Frühere Termine bleiben, wie sie sind.", "From this one on the new times hold. Earlier ones stay as they are.";
    series_gone = "kennt diese Seite nicht mehr. Laden Sie sie neu.", "is not known to this page any more. Load it anew.";
    same_day_only = "ist ein anderer Tag. Alle späteren Termine lassen sich hier nur in der Uhrzeit ändern; für andere Tage beenden Sie die Serie und legen Sie eine neue an.", "is another day. Of all later occurrences only the times can be changed here; for other days end the series and plan a new one.";
    take_back = "Zurücknehmen", "Take back";
    taken_back = "Wieder wie geplant", "As planned again";
    end_series = "Serie beenden", "End series";
    end_series_question = "Danach wird nichts mehr davon angekündigt. Was angekündigt ist und nicht begonnen hat, wird abgesagt.", "After that nothing of it is announced. What is announced and has not begun is called off.";
    series_ended = "Serie beendet", "Series ended";
    unanswered_plan = "Keine Antwort vom Server. Ob es angekommen ist, sehen Sie hier, sobald er wieder antwortet.", "No answer from the server. Whether it has arrived is seen here once it answers again.";
    unanswered_series = "Keine Antwort vom Server. Versuchen Sie es noch einmal: Es wird nur eine Serie daraus.", "No answer from the server. Try again: it becomes one series only.";
    how_often = "Wie oft?", "How often?";
    holidays = "Feiertage", "Public holidays";
    last_day = "Letzter Tag", "Last day";
    last_day_hint = "Leer: ohne Ende", "Empty: without an end";
    create_series = "Serie anlegen", "Create series";
    series_created = "Serie angelegt", "Series created";
}

/// The fields of a freeze by their pointers.
pub(crate) fn freeze_field(pointer: &str) -> &'static str {
    match pointer {
        "/name" => pick("Wofür?", "What for?"),
        "/level" => pick("Was ist nötig, um trotzdem zu arbeiten?", "What does it take to work nevertheless?"),
        "/from" => pick("Beginn", "Begins"),
        "/to" => pick("Ende", "Ends"),
        "/portals" | "/services" => pick("Für welche Arbeiten?", "For which work?"),
        "/until" => say().last_day,
        _ => say().how_often,
    }
}
