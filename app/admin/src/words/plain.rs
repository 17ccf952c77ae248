//! The plain words: those that hold no number, no name and no choice. German (Sie), then English.

use crate::tongue::pick;

macro_rules! words {
    ($($name:ident = $german:literal, $english:literal;)*) => {
        /// The words in one language.
        pub(crate) struct Words {
            $(pub(crate) $name: &'static str,)*
        }

        static GERMAN: Words = Words { $($name: $german,)* };
        static ENGLISH: Words = Words { $($name: $english,)* };

        #[cfg(test)]
        const BOTH: &[(&str, &str, &str)] = &[$((stringify!($name), $german, $english),)*];
    };
}

/// The words in the language of this visit.
pub(crate) fn say() -> &'static Words {
    pick(&GERMAN, &ENGLISH)
}

words! {
    product = "Umleitung", "Umleitung";
    skip = "Zum Inhalt springen", "Skip to content";
    loading = "Wird geladen …", "Loading …";
    unknown_place = "Diese Seite gibt es nicht", "There is no such page";
    to_overview = "Zur Lage", "To the overview";
    overview = "Lage", "Overview";
    offline = "Keine Verbindung zum Server. Gezeigt wird der letzte bekannte Stand.", "No connection to the server. You see what was known last.";
    conditions = "Mit dem Server stimmt etwas nicht", "Something is wrong with the server";
    messages = "Rückmeldungen", "Messages";
    conditions_hint = "Bitte sagen Sie es denen, die den Server betreiben.", "Please tell those who run the server.";
    close_message = "Hinweis schließen", "Close this message";

    sign_in = "Anmelden", "Sign in";
    sign_out = "Abmelden", "Sign out";
    signed_in_as = "Angemeldet als", "Signed in as";
    name = "Name", "Name";
    password = "Passwort", "Password";
    wrong_password = "Name oder Passwort stimmen nicht. Bitte versuchen Sie es noch einmal.", "Name or password is wrong. Please try again.";
    fill_both = "Bitte füllen Sie beide Felder aus.", "Please fill in both fields.";
    session_over = "Ihre Sitzung ist abgelaufen. Bitte melden Sie sich wieder an; Ihre Eingaben sind noch da.", "Your session has ended. Please sign in again; what you typed is still there.";
    stale = "Inzwischen hat jemand anderes diese Meldung geändert.", "Someone else has changed this notice in the meantime.";
    no_answer = "Der Server hat nicht geantwortet. Ihre Eingaben sind noch da.", "The server did not answer. What you typed is still there.";
    setup = "Erstes Konto anlegen", "Create the first account";
    setup_intro = "Dieses Konto verwaltet Personen und Katalog und darf veröffentlichen. Der Link gilt nur einmal.", "This account manages people and the catalogue, and may publish. The link works once.";
    setup_create = "Konto anlegen", "Create account";
    setup_used = "Der Link gilt nicht mehr. Melden Sie sich an, oder lassen Sie sich einen neuen geben.", "The link does not work any more. Sign in, or ask for a new one.";
    password_length = "Mindestens 12 Zeichen, nicht leicht zu erraten", "At least 12 characters, not easy to guess";

    today = "heute", "today";
    tomorrow = "morgen", "tomorrow";
    yesterday = "gestern", "yesterday";
    overdue = "überfällig", "overdue";

    all_well = "Alles in Ordnung", "All is well";
    all_well_more = "Keine Störung und keine laufende Wartung.", "No outage, and no maintenance under way.";
    now = "Jetzt", "Now";
    announced = "Angekündigt", "Announced";
    drafts = "Entwürfe", "Drafts";
    over = "Zuletzt beendet", "Ended recently";
    report = "Störung melden", "Report an outage";
    report_hint = "Vorlage antippen, Vorschau prüfen, veröffentlichen.", "Tap a template, check the preview, publish.";
    no_templates = "Es gibt noch keine Vorlagen. Sie stehen im Katalog.", "There are no templates yet. They stand in the catalogue.";
    blank = "Ohne Vorlage", "Without a template";
    since = "Seit", "Since";
    from = "Ab", "From";
    until = "Bis", "Until";
    until_estimated = "Voraussichtlich bis", "Expected until";
    ended = "Beendet", "Ended";
    end_unknown = "Ende noch nicht bekannt", "End not known yet";
    next_update = "Neuigkeiten bis", "News by";
    no_next_update = "nicht zugesagt", "not promised";
    concerns = "Betrifft", "Concerns";
    changed_by = "Zuletzt geändert von:", "Last changed by:";
    draft = "Entwurf", "Draft";
    whole_portal = "ganzes Portal", "whole portal";

    publish = "Veröffentlichen", "Publish";
    publish_heading = "Veröffentlichen", "Publish";
    save_heading = "Änderungen veröffentlichen", "Publish changes";
    touches_nothing = "Kein Portal zeigt diese Meldung: Kein gewählter Dienst gehört zu einem Portal.", "No portal shows this notice: none of the chosen services belongs to one.";
    seen_at_once = "Sofort sichtbar.", "Visible at once.";
    still_fits = "Die anderen passen noch", "The others still fit";
    save_draft = "Entwurf speichern", "Save draft";
    save = "Änderungen speichern", "Save changes";
    cancel = "Abbrechen", "Cancel";
    back = "Zurück", "Back";
    to_preview = "Zur Vorschau", "To the preview";
    busy = "Wird gesendet …", "Sending …";
    draft_saved = "Entwurf gespeichert", "Draft saved";
    published = "Veröffentlicht", "Published";
    saved = "Gespeichert", "Saved";
    nothing_changed = "Es ist nichts geändert.", "Nothing has changed.";
    may_not = "Ihre Rolle erlaubt das nicht.", "Your role does not allow this.";
    not_on_all_portals = "Diese Meldung erscheint auch auf Portalen, für die Ihre Rolle nicht gilt. Ändern kann sie, wer die Rolle auf allen diesen Portalen hat.", "This notice also shows on portals for which your role does not count. Those can change it who have the role on all of them.";
    restored = "Ihre ungespeicherten Eingaben von vorhin sind wieder da.", "What you typed before and did not save is back.";
    use_input = "Einsetzen", "Use it";
    unanswered = "Der Server hat nicht geantwortet. Ob Ihre Eingaben angekommen sind, ist nicht bekannt; sie sind noch da. Sobald die Verbindung wieder da ist, wird es noch einmal versucht. Es entsteht nichts doppelt.", "The server did not answer. It is not known whether your input arrived; it is still there. It is sent again once the connection is back. Nothing is done twice.";
    unanswered_long = "Die Verbindung ist wieder da. Ob Ihre Eingaben angekommen sind, ist nicht bekannt. Senden Sie noch einmal, wenn sie noch gelten: Es entsteht nichts doppelt.", "The connection is back. It is not known whether your input arrived. Send it again if it still holds: nothing is done twice.";
    step_unanswered = "Der Server hat nicht geantwortet. Ob Ihre Änderung angekommen ist, ist nicht bekannt. Ihre Eingaben sind noch da.", "The server did not answer. It is not known whether your change arrived. What you typed is still there.";
    step_not_arrived = "Die Verbindung ist wieder da. Ihre Änderung ist nicht angekommen. Bitte senden Sie noch einmal.", "The connection is back. Your change did not arrive. Please send it again.";
    step_perhaps = "Die Verbindung ist wieder da, und die Meldung hat sich inzwischen geändert. Sehen Sie im Verlauf nach, ob es Ihre Änderung ist, bevor Sie noch einmal senden.", "The connection is back, and the notice has changed in the meantime. Look in the history whether it is your change before you send again.";
    step_stranded = "Nicht gesendet, und das geht jetzt nicht mehr:", "Not sent, and not possible any more:";
    discard_input = "Eingaben verwerfen", "Discard input";
    faults = "Bitte prüfen Sie:", "Please check:";
    warnings = "Zu bedenken", "Worth a thought";
    missing = "Noch nicht gesagt:", "Not said yet:";

    what = "Worum es geht", "What it is about";
    title = "Titel", "Title";
    title_hint = "Was geht nicht? In den Worten der Menschen, die es brauchen. Zum Beispiel: „Kfz-Zulassung: Anmeldung nicht möglich“", "What does not work? In the words of those who need it. For example: “Vehicle registration: sign-in not possible”";
    severity = "Wie schwer", "How severe";
    services = "Betroffene Dienste", "Services concerned";
    base_services = "Grundlagen, die andere Dienste brauchen", "Basics that other services need";
    other_services = "Weitere Dienste", "Other services";
    portals = "Ein Portal als Ganzes", "A portal as a whole";
    also_concerned = "Dadurch auch betroffen:", "Also concerned by this:";
    texts = "Was die Menschen lesen", "What people read";
    texts_hint = "Absätze, **fett**, Listen mit - und [Links](https://…) sind möglich.", "Paragraphs, **bold**, lists with - and [links](https://…) are possible.";
    language = "Sprache", "Language";
    not_written = " (noch leer)", " (still empty)";
    impact = "Was ist los?", "What is wrong?";
    impact_hint = "Was merken die Menschen? Der erste Satz zählt.", "What do people notice? The first sentence counts.";
    guidance = "Was können sie stattdessen tun?", "What can they do instead?";
    still_works = "Was geht noch?", "What still works?";
    times = "Zeiten", "Times";
    starts_outage = "Seit wann", "Since when";
    starts_outage_hint = "Leer: ab der Veröffentlichung", "Empty: from publication on";
    starts_maintenance = "Beginn", "Start";
    starts_information = "Gilt ab", "Holds from";
    ends = "Ende", "End";
    ends_hint = "Leer: noch nicht bekannt", "Empty: not known yet";
    choose = "Bitte wählen", "Please choose";
    ends_information = "Gilt bis", "Holds until";
    certainty = "Wie sicher ist das Ende?", "How certain is the end?";
    next_update_field = "Nächste Information bis", "Next information by";
    next_update_hint = "Ein Versprechen: bis dahin gibt es Neuigkeiten.", "A promise: by then there will be news.";
    announce_from = "Sichtbar ab", "Visible from";
    announce_from_hint = "Leer: sofort", "Empty: at once";
    at_end = "Am angekündigten Ende", "At the announced end";
    at_end_complete = "von selbst beenden", "end by itself";
    at_end_confirm = "weiterlaufen, bis jemand das Ende bestätigt", "go on until someone confirms the end";
    clear = "leeren", "clear";
    clock_twice = "Diese Uhrzeit gibt es wegen der Zeitumstellung zweimal. Welche meinen Sie?", "The clocks change, so this time comes twice. Which one do you mean?";
    clock_never = "Diese Uhrzeit gibt es wegen der Zeitumstellung nicht. Es gilt:", "The clocks change, so this time does not exist. What counts is:";
    entries_section = "Eingaben, Anträge, Fristen", "Entries, applications, deadlines";
    entries = "Begonnene Eingaben", "Entries that people have begun";
    entries_until = "Gespeichert bis", "Saved until";
    applications = "Bereits gesendete Anträge", "Applications already sent";
    deadline_note = "Fristen", "Deadlines";
    deadline_note_hint = "Was gilt für Fristen, die jetzt ablaufen?", "What holds for deadlines that end now?";
    deadline_source = "Wo das geregelt ist", "Where that is laid down";
    deadline_source_hint = "Zum Beispiel ein Paragraf", "For example a section of a law";
    video = "Video in Gebärdensprache (Adresse)", "Video in sign language (address)";
    help_section = "Kontaktwege und Ersatzverfahren", "Ways to get in touch, and fallback procedures";
    of_the_services = "die der betroffenen Dienste", "those of the services concerned";
    own_choice = "eigene Auswahl", "own choice";
    channels = "Kontaktwege", "Channels";
    procedures = "Ersatzverfahren", "Fallback procedures";

    obstacles = "Zu dieser Zeit ist zu beachten:", "To be considered at that time:";
    obstacles_none = "Zu dieser Zeit ist nichts im Weg.", "Nothing is in the way at that time.";
    next_free = "Die nächste freie Zeit:", "The next free time:";
    take_free = "Diese Zeit nehmen", "Take this time";
    never_free = "In den nächsten 90 Tagen ist keine Zeit frei.", "No time is free within the next 90 days.";
    freeze_reason = "Begründung für die Sperre", "Reason for working in frozen time";
    freeze_reason_hint = "Warum muss die Arbeit dann sein? Das bleibt bei der Sperre vermerkt, mit Ihrem Namen.", "Why does the work have to be then? It stays noted with the freeze, with your name.";

    services_heading = "Portale und Dienste", "Portals and services";
    behind_all = "Dienste hinter allen Portalen", "Services behind all portals";
    report_outage = "Störung melden", "Report an outage";
    all_clear = "Entwarnung geben", "Give the all-clear";
    all_clear_question = "Es geht wieder. Sind Eingaben verloren gegangen?", "It works again. Was anything lost that people had entered?";
    all_clear_hint = "Ihre Antwort steht sofort auf den Portalen, in allen Sprachen der Meldung.", "Your answer stands on the portals at once, in all languages of the notice.";
    typed_kept = "Nein, alles ist erhalten", "No, all is still there";
    typed_lost = "Ja, möglicherweise", "Yes, possibly";
    typed_not_known = "Noch nicht bekannt", "Not known yet";
    all_clear_given = "Entwarnung gegeben", "All-clear given";

    channels_hint = "Zu einem Kontaktweg, der hier als gestört gemeldet ist, wird auf keiner Seite mehr jemand geschickt. Der nächste rückt nach.", "Nobody is sent any more, on any page, to a channel that is reported here as out of order. The next one moves up.";
    channels_out = "Gestörte Kontaktwege", "Channels out of order";
    channel_report = "Gestört melden", "Report as out of order";
    channel_change = "Angaben ändern", "Change details";
    channel_clear = "Geht wieder", "Works again";
    channel_cleared = "geht wieder und wird wieder angeboten.", "works again, and is offered again.";
    channel_reported = "Gemeldet", "Reported";
    channel_reported_done = "ist als gestört gemeldet.", "is reported as out of order.";
    channel_until = "Geht wieder ab", "Works again from";
    channel_until_hint = "Dann wird der Kontaktweg von selbst wieder angeboten. Leer heißt: noch nicht bekannt.", "The channel is then offered again by itself. Empty means: not known yet.";
    channel_from = "Gestört ab", "Out of order from";
    channel_from_hint = "Leer heißt: ab jetzt, oder seit es gemeldet ist.", "Empty means: from now on, or since it was reported.";
    channel_note = "Notiz für das Team", "Note for the team";
    channel_note_hint = "Steht nur hier, nicht auf den Portalen.", "Stands here only, not on the portals.";
    channel_elsewhere = "Melden kann das nur, wer auf allen Portalen veröffentlicht, die diesen Kontaktweg anbieten.", "Only somebody who publishes on all portals that offer this channel can report it.";
    channel_stale = "Zu diesem Kontaktweg hat inzwischen jemand anderes etwas gemeldet. Bitte sehen Sie nach.", "Somebody else has reported something about this channel meanwhile. Please have a look.";
    nobody_helps = "Diese Meldung nennt keinen Kontaktweg, der geht. Schreiben Sie, wohin sich die Menschen wenden können.", "This notice names no channel that works. Write where people can turn.";
    left_heading = "Niemand mehr zu erreichen", "Nobody left to turn to";
    nobody_left = "kein Kontaktweg geht", "no channel works";
    only_voice_left = "nur noch Kontaktwege zum Sprechen; wer nicht sprechen oder hören kann, erreicht niemanden", "only channels for speaking; whoever cannot speak or hear reaches nobody";

    approvals = "Freigaben", "Approvals";
    nothing_waits = "Nichts wartet auf eine zweite Person.", "Nothing waits for a second person.";
    waiting = "Wartet auf eine zweite Person", "Waits for a second person";
    to_review = "Ohne zweite Person ausgeführt: bitte ansehen", "Done without a second person: please look at it";
    settled = "Entschieden", "Settled";
    own_request = "Das haben Sie beantragt. Freigeben kann es nur jemand anderes.", "You have asked for this. Only somebody else can approve it.";
    request_stale = "Was geändert werden soll, wurde inzwischen geändert. Lehnen Sie den Antrag ab; er kann neu gestellt werden.", "What is to be changed was changed meanwhile. Decline the request; it can be made anew.";
    older_waits = "Das ist, was zuerst gesendet wurde. Ihr neuerer Text steht noch hier: Ziehen Sie den Antrag zurück und veröffentlichen Sie noch einmal.", "That is what was sent first. Your newer text is still here: withdraw the request and publish again.";
    approve = "Freigeben", "Approve";
    approved = "Freigegeben", "Approved";
    approve_question = "Es wird sofort ausgeführt, so wie es hier steht.", "It is done at once, as it stands here.";
    decline = "Ablehnen", "Decline";
    declined = "Abgelehnt", "Declined";
    why_not = "Warum nicht?", "Why not?";
    break_glass = "Sofort ausführen (Notfall)", "Do it now (emergency)";
    broken_glass = "Ohne zweite Person ausgeführt", "Done without a second person";
    break_glass_question = "Es wird ohne zweite Person ausgeführt, ist so vermerkt, und jemand anderes sieht es sich danach an.", "It is done without a second person, is noted so, and somebody else looks at it afterwards.";
    why_now = "Warum es nicht warten kann", "Why it cannot wait";
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

    planning = "Planung", "Planning";
    coming = "Was kommt", "What comes";
    coming_empty = "Nichts ist geplant.", "Nothing is planned.";
    announced_as = "Angekündigt", "Announced";
    differs = "In der Meldung stehen andere Zeiten.", "The notice tells other times.";
    series = "Serien", "Series";
    series_empty = "Es gibt keine Serie. Schreiben Sie eine Wartung und wählen Sie auf ihrer Seite „Wiederholen“.", "There is no series. Write a maintenance and choose “Repeat” on its page.";
    freezes = "Sperren", "Freezes";
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
    take_back = "Zurücknehmen", "Take back";
    taken_back = "Wieder wie geplant", "As planned again";
    end_series = "Serie beenden", "End series";
    end_series_question = "Danach wird nichts mehr davon angekündigt. Was angekündigt ist und nicht begonnen hat, wird abgesagt.", "After that nothing of it is announced. What is announced and has not begun is called off.";
    series_ended = "Serie beendet", "Series ended";
    unanswered_plan = "Keine Antwort vom Server. Ob es angekommen ist, sehen Sie hier, sobald er wieder antwortet.", "No answer from the server. Whether it has arrived is seen here once it answers again.";
    unanswered_series = "Keine Antwort vom Server. Versuchen Sie es noch einmal: Es wird nur eine Serie daraus.", "No answer from the server. Try again: it becomes one series only.";
    unfinished = "ist unvollständig. Bitte ergänzen oder leeren.", "is unfinished. Please complete or empty it.";
    repeat = "Wiederholen", "Repeat";
    repeat_heading = "Wartung wiederholen", "Repeat maintenance";
    how_often = "Wie oft?", "How often?";
    holidays = "Feiertage", "Public holidays";
    on_holidays_too = "auch an Feiertagen", "on public holidays, too";
    not_on_holidays = "nicht an Feiertagen", "not on public holidays";
    put_off_by_holidays = "statt an Feiertagen am nächsten Arbeitstag", "on the next working day instead of a public holiday";
    last_day = "Letzter Tag", "Last day";
    last_day_hint = "Leer: ohne Ende", "Empty: without an end";
    when_told = "Wann erfahren es die Menschen?", "When are people told?";
    create_series = "Serie anlegen", "Create series";
    series_created = "Serie angelegt", "Series created";

    preview = "Vorschau", "Preview";
    preview_hint = "So werden es die Menschen auf dem Portal sehen.", "This is how people will see it on the portal.";
    preview_edit_hint = "So werden es die Menschen mit Ihren Änderungen sehen. Bisherige Aktualisierungen stehen hier nicht.", "This is how people will see it with your changes. Earlier updates are not shown here.";
    preview_waits = "Die Vorschau erscheint, sobald das Nötige ausgefüllt ist:", "The preview appears once what is needed is filled in:";
    preview_failed = "Die Vorschau ist gerade nicht möglich.", "The preview is not possible at the moment.";
    preview_empty = "Zu dieser Meldung zeigt das Portal im Moment nichts.", "The portal shows nothing of this notice at the moment.";
    preview_language = "Sprache der Vorschau", "Language of the preview";
    as_seen = "So steht es auf dem Portal", "This is how it stands on the portal";
    to_be_seen = "So wird es auf dem Portal stehen", "This is how it will stand on the portal";
    once_seen = "Das stand auf dem Portal", "This stood on the portal";

    actions = "Was möchten Sie tun?", "What would you like to do?";
    history = "Verlauf", "History";
    history_empty = "Noch keine Aktualisierungen.", "No updates yet.";
    edit = "Bearbeiten", "Edit";
    edit_heading = "Bearbeiten:", "Edit:";
    add_update = "Aktualisieren", "Update";
    send_update = "Aktualisierung veröffentlichen", "Publish update";
    update_text = "Was ist neu?", "What is new?";
    update_optional = "Was möchten Sie dazu sagen? (freiwillig)", "What would you like to say about it? (optional)";
    new_stage = "Phase", "Stage";
    update_sent = "Aktualisierung veröffentlicht", "Update published";
    next_update_keep_hint = "Leer: bleibt, wie es ist", "Empty: stays as it is";
    ended_at = "Vorbei seit", "Over since";
    ended_at_hint = "Leer: ab jetzt", "Empty: from now on";
    new_end = "Neues Ende", "New end";
    new_end_unknown = "Ende nicht bekannt", "End not known";
    permanent_page = "Seite der Meldung auf dem Portal", "The notice's page on the portal";
    not_found = "Diese Meldung gibt es nicht.", "There is no such notice.";
    over_note = "Diese Meldung ist beendet.", "This notice has ended.";
    author_removed = "entferntes Konto", "removed account";
    command_line = "Kommandozeile", "command line";
    schedule = "Zeitplan", "schedule";
    by_time = "von selbst", "by itself";
    written_by = "Geschrieben von:", "Written by:";
    published_by = "Veröffentlicht von:", "Published by:";
    draft_by = "Entwurf von:", "Draft by:";

    conflict = "Inzwischen hat jemand anderes diese Meldung geändert", "Someone else has changed this notice in the meantime";
    conflict_hint = "Ihre Eingaben stehen unverändert im Formular. Diese Angaben unterscheiden sich:", "Your input stands in the form as it was. These details differ:";
    conflict_none = "Die andere Änderung betrifft keine Angabe, die Sie geändert haben.", "The other change concerns nothing that you have changed.";
    conflict_also = "Dort geändert, und es bleibt auch mit Ihrer Fassung so:", "Changed there, and it stays so with your version, too:";
    conflict_theirs = "Jetzt gespeichert", "Saved now";
    conflict_mine = "Ihre Fassung", "Your version";
    conflict_keep = "Meine Fassung speichern", "Save my version";
    conflict_take = "Andere Fassung übernehmen", "Take the other version";
    empty_value = "(leer)", "(empty)";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_said_in_both_languages() {
        // These are the same in both.
        let same = ["product", "name"];
        for (name, german, english) in BOTH {
            assert!(!german.trim().is_empty() && !english.trim().is_empty(), "{name}");
            assert_eq!(german == english, same.contains(name), "{name}: {german} / {english}");
            let is_german = |text: &str| text.contains(['ä', 'ö', 'ü', 'ß', '„']);
            assert!(!is_german(english), "{name}: {english}");
            // What stands before a blank or a colon does so in both.
            let ends = |text: &str| (text.starts_with(' '), text.ends_with(':'));
            assert_eq!(ends(german), ends(english), "{name}");
        }
    }
}
