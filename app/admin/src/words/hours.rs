//! The words about opening hours that are clicked together; of the registry alone.

use super::table::words;

words! {
    way = "Wann ist jemand da?", "When is somebody there?";
    unsaid = "Ohne Zeiten: wird immer angeboten", "No hours: always offered";
    always = "Rund um die Uhr", "Day and night";
    by_day = "Nach Wochentagen", "By days of the week";
    notation = "Notation eintippen", "Type the notation";
    times_hint = "Schreiben Sie 8, 8:30 oder 16:00. Mitternacht ist 0:00.", "Write 8, 8:30 or 16:00. Midnight is 0:00.";
    row = "Zeile", "Row";
    days = "Wochentage", "Days of the week";
    time = "Zeit", "Time";
    from = "von", "from";
    until = "bis", "to";
    add_time = "Noch eine Zeit", "One more time";
    add_row = "Noch eine Zeile", "One more row";
    remove = "Weglassen", "Leave out";
    on_holidays = "An Feiertagen", "On public holidays";
    holidays_closed = "geschlossen", "closed";
    holidays_as_ever = "wie sonst", "as on other days";
    holidays_own = "eigene Zeiten", "hours of their own";
    midnight = "Mitternacht", "midnight";
    till_midnight = "Bis Mitternacht am Ende des Tages.", "Until midnight at the end of the day.";
    next_day = "Bis zum nächsten Tag.", "Until the next day.";
    unfinished = "Noch nicht vollständig.", "Not complete yet.";
    no_days = "Bitte wählen Sie Wochentage.", "Please choose days of the week.";
    no_time = "Hier fehlt eine Uhrzeit.", "A time is missing here.";
    unreadable = "Das ist keine Uhrzeit. Schreiben Sie zum Beispiel 8:30.", "This is no time. Write for example 8:30.";
    nothing = "Beginn und Ende sind gleich.", "It ends when it begins.";
    beyond_dates = "Nach Wochentagen geht das nicht: Darin stehen Monate oder einzelne Tage.", "Days of the week do not say this: it names months or single days.";
    beyond_weeks = "Nach Wochentagen geht das nicht: Es gilt nur in manchen Wochen.", "Days of the week do not say this: it holds in some weeks only.";
    beyond_nth = "Nach Wochentagen geht das nicht: Es gilt nur in manchen Wochen des Monats.", "Days of the week do not say this: it holds in some weeks of the month only.";
    beyond_remark = "Nach Wochentagen geht das nicht: Darin steht eine Bemerkung.", "Days of the week do not say this: it has a remark.";
    beyond_holidays = "Nach Wochentagen geht das nicht: Feiertage sind anders geregelt.", "Days of the week do not say this: it rules holidays in another way.";
    beyond_midnight = "Nach Wochentagen geht das nicht: Eine Zeit nach Mitternacht endet mit einer anderen Regel.", "Days of the week do not say this: another rule cuts hours after midnight.";
    beyond_other = "Nach Wochentagen geht das nicht.", "Days of the week do not say this.";
}
