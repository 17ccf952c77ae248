//! The words of planned work: rules, exceptions, freezes.

use api::Related;
use domain::{freeze::Level, schedule::OnHoliday};
use jiff::civil::Date;
use wire::Status;

use super::{
    calendar::{date, day_and_month, month, span},
    office,
    plain::say,
};
use crate::tongue::pick;

/// The days of the week in full, from Monday on.
const WEEKDAYS: [[&str; 7]; 2] = [
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];

/// A day of the week, from Monday = 0 on.
pub(crate) fn weekday(place: usize) -> &'static str {
    WEEKDAYS[pick(0, 1)].get(place).copied().unwrap_or_default()
}

/// A day with its year: nobody may take it for that of another one.
pub(crate) fn day(day: Date) -> String {
    let weekday = day.weekday().to_monday_zero_offset().unsigned_abs().into();
    date(weekday, day.day(), day.month(), Some(day.year()))
}

/// A day of the coming weeks, of which the year is clear.
pub(crate) fn day_of_year(day: Date) -> String {
    let weekday = day.weekday().to_monday_zero_offset().unsigned_abs().into();
    date(weekday, day.day(), day.month(), None)
}

/// A day in full: `Dienstag, 1. Dezember 2026`.
pub(crate) fn full_day(day: Date) -> String {
    let place = day.weekday().to_monday_zero_offset().unsigned_abs().into();
    format!("{}, {} {}", weekday(place), day_and_month(day.day(), day.month()), day.year())
}

pub(crate) fn month_and_year(day: Date) -> String {
    format!("{} {}", month(day.month()), day.year())
}

/// A week by its first and last day, each told as far as it takes, and by its number: `30. November bis 6. Dezember 2026, KW 49`.
pub(crate) fn week_of(monday: Date, sunday: Date) -> String {
    let from = if monday.year() != sunday.year() {
        format!("{} {}", day_and_month(monday.day(), monday.month()), monday.year())
    } else if monday.month() != sunday.month() {
        day_and_month(monday.day(), monday.month())
    } else {
        format!("{}{}", monday.day(), pick(".", ""))
    };
    let to = day_and_month(sunday.day(), sunday.month());
    let [until, week] = pick(["bis", "KW"], ["to", "week"]);
    format!("{from} {until} {to} {}, {week} {}", sunday.year(), monday.iso_week_date().week())
}

/// The ways to look at what is planned.
pub(crate) fn views() -> [&'static str; 3] {
    pick(["Liste", "Woche", "Monat"], ["List", "Week", "Month"])
}

/// What they are together.
pub(crate) fn view() -> &'static str {
    pick("Ansicht", "View")
}

/// The buttons that lead back, to today, and on.
pub(crate) fn turns() -> [&'static str; 3] {
    pick(["Zurück", "Heute", "Weiter"], ["Back", "Today", "Next"])
}

/// Where the first and the last of them lead, for those who do not see what they stand at.
pub(crate) fn turns_to(is_month: bool) -> [&'static str; 2] {
    if is_month {
        pick([": voriger Monat", ": nächster Monat"], [": previous month", ": next month"])
    } else {
        pick([": vorige Woche", ": nächste Woche"], [": previous week", ": next week"])
    }
}

/// How much is planned on a day.
pub(crate) fn works(count: usize) -> String {
    match count {
        1 => pick("1 Wartung", "1 maintenance window").to_owned(),
        _ => pick(format!("{count} Wartungen"), format!("{count} maintenance windows")),
    }
}

/// A freeze by its name.
pub(crate) fn freeze_named(name: &str, level: Level) -> String {
    let what = if level == Level::Hint {
        pick("Hinweis", "Hint")
    } else {
        pick("Sperre", "Freeze")
    };
    pick(format!("{what} „{name}“"), format!("{what} “{name}”"))
}

/// What the marks in a month are.
pub(crate) fn legend() -> [&'static str; 2] {
    pick(["Wartung", "Sperre oder Hinweis"], ["Maintenance window", "Freeze or hint"])
}

/// How a day of a month is chosen.
pub(crate) fn month_hint() -> &'static str {
    pick(
        "Ein Tag zeigt, was an ihm liegt: tippen Sie ihn an, oder gehen Sie mit den Pfeiltasten hin und drücken die Eingabetaste.",
        "A day shows what lies on it: tap it, or go there with the arrow keys and press Enter.",
    )
}

/// Something takes all of a day.
pub(crate) fn whole_day() -> &'static str {
    pick("den ganzen Tag", "all day")
}

/// A day is over.
pub(crate) fn past() -> &'static str {
    pick("vergangen", "past")
}

pub(crate) fn past_is_in_record() -> &'static str {
    pick("Vergangenes steht im Journal.", "What is past stands in the record.")
}

/// The button that shows all of a day.
pub(crate) fn details() -> &'static str {
    pick("Einzelheiten", "Details")
}

pub(crate) fn not_all_known() -> &'static str {
    pick("noch nicht alles bekannt", "not all is known yet")
}

/// Up to which day all is known.
pub(crate) fn known_until(until: Date) -> String {
    let until = day(until);
    pick(
        format!("Bekannt bis {until}. Was danach kommt, fehlt hier noch."),
        format!("Known until {until}. What comes after that is still missing here."),
    )
}

/// Several names in a row.
pub(crate) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [all @ .., last] => format!("{} {} {last}", all.join(", "), pick("und", "and")),
    }
}

pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Operational | Status::Information => pick("geht", "works"),
        Status::Maintenance => pick("Wartung", "maintenance"),
        Status::Degraded => pick("eingeschränkt", "degraded"),
        Status::PartialOutage => pick("Teilausfall", "partial outage"),
        Status::Outage => pick("Ausfall", "outage"),
    }
}

/// How many services of a portal are in trouble.
pub(crate) fn services_wrong(wrong: usize, all: usize) -> String {
    match (wrong, all) {
        (0, 1) => pick("1 Dienst, er geht", "1 service, it works").to_owned(),
        (0, _) => pick(format!("{all} Dienste, alle gehen"), format!("{all} services, all work")),
        _ => pick(
            format!("{wrong} von {all} Diensten betroffen"),
            format!("{wrong} of {all} services affected"),
        ),
    }
}

pub(crate) fn because_of(service: &str) -> String {
    pick(format!("wegen {service}:"), format!("because of {service}:"))
}

/// What a button says to those who do not see beside what it stands.
pub(crate) fn said_of(what: &str, of: &str) -> String {
    format!("{what}: {of}")
}

/// That a channel is out of order, or will be.
pub(crate) fn channel_out(is_now: bool, from: &str, until: Option<&str>) -> String {
    let since = if is_now {
        pick(format!("gestört seit {from}"), format!("out of order since {from}"))
    } else {
        pick(format!("gestört ab {from}"), format!("out of order from {from}"))
    };
    let until = until.map_or_else(
        || pick("Ende nicht bekannt", "end not known").to_owned(),
        |until| pick(format!("geht wieder ab {until}"), format!("works again from {until}")),
    );
    format!("{since}; {until}")
}

pub(crate) fn notice_named(id: &str) -> String {
    pick(format!("Meldung {id}"), format!("Notice {id}"))
}

/// The way to what takes a second person, with how much waits.
pub(crate) fn approvals(waiting: usize) -> String {
    match waiting {
        0 => say().approvals.to_owned(),
        some => format!("{} ({some})", say().approvals),
    }
}

pub(crate) fn waits_for_second(id: &str) -> String {
    pick(
        format!("Wartet auf die Freigabe durch eine zweite Person: {id}"),
        format!("Waits for the approval of a second person: {id}"),
    )
}

/// That something planned would be changed by what somebody has asked for.
pub(crate) fn change_waits() -> &'static str {
    pick("Eine Änderung wartet auf Freigabe", "A change waits for approval")
}

pub(crate) fn asked_by(who: &str, moment: &str) -> String {
    pick(format!("beantragt von {who}, {moment}"), format!("asked for by {who}, {moment}"))
}

pub(crate) fn settled_by(what: &str, who: &str, moment: &str) -> String {
    pick(format!("{what} von {who}, {moment}"), format!("{what} by {who}, {moment}"))
}

/// That a yes was said over the phone, and who heard it.
pub(crate) fn heard_by(who: &str) -> String {
    pick(
        format!(" · am Telefon gehört von {who}"),
        format!(" · heard over the phone by {who}"),
    )
}

/// What becomes of a day that falls out.
pub(crate) fn skips() -> &'static str {
    pick(
        "Dieser Termin entfällt, das gilt sofort. Die Serie läuft weiter.",
        "This date falls out, from now on. The series goes on.",
    )
}

/// What becomes of a day that is announced ahead of its time.
pub(crate) fn announces() -> &'static str {
    pick("Dieser Termin ist dann sofort zu sehen.", "This date is seen at once then.")
}

/// That nothing more is heard for now.
pub(crate) fn too_many_heard() -> &'static str {
    pick(
        "Zu viele falsche Codes. Am Telefon geht es erst in einer Stunde wieder; auf dieser Seite kann die Person jederzeit freigeben.",
        "Too many wrong codes. Over the phone it takes an hour; on this page the person can approve at any time.",
    )
}

/// What is said for a yes over the phone: the name of the button, what to do, the two fields with what goes into the second, and the button
/// that passes it on.
pub(crate) fn heard() -> [&'static str; 6] {
    pick(
        [
            "Freigabe am Telefon",
            "Rufen Sie jemanden an, der hier veröffentlichen darf und sich mit den Codes eines Geräts anmeldet. Lesen Sie vor, was hier steht. Nach einem Ja lassen Sie sich die ersten vier Ziffern vorlesen, die das Gerät gerade zeigt. Es wird sofort ausgeführt.",
            "Name, mit dem die Person sich anmeldet",
            "Die ersten vier Ziffern",
            "Nicht alle sechs: die gehören nur der Person selbst. Jeder Code gilt einmal.",
            "Freigabe eintragen",
        ],
        [
            "Approval over the phone",
            "Call somebody who may publish here and signs in with the codes of a device. Read out what stands here. After a yes, have them read out the first four digits that their device shows now. It is done at once.",
            "Name with which the person signs in",
            "The first four digits",
            "Not all six: those are for the person alone. Each code counts once.",
            "Enter the approval",
        ],
    )
}

/// When an occurrence is held instead.
pub(crate) fn held_at(day: &str, times: &str) -> String {
    format!("{day}, {times}")
}

pub(crate) fn every_week(every: u8, days: &str) -> String {
    match every {
        1 => pick(format!("Jede Woche am {days}"), format!("Every week on {days}")),
        2 => pick(format!("Alle zwei Wochen am {days}"), format!("Every two weeks on {days}")),
        more => pick(format!("Alle {more} Wochen am {days}"), format!("Every {more} weeks on {days}")),
    }
}

pub(crate) fn every_month(every: u8, days: &str) -> String {
    match every {
        1 => pick(format!("Jeden Monat am {days}"), format!("Every month on {days}")),
        more => pick(format!("Alle {more} Monate am {days}"), format!("Every {more} months on {days}")),
    }
}

pub(crate) fn every_year(day: i8, month: i8) -> String {
    let day = day_and_month(day, month);
    pick(format!("Jedes Jahr am {day}"), format!("Every year on {day}"))
}

/// A day of a month; below zero: counted from its end.
pub(crate) fn day_of_month(day: i8) -> String {
    match day {
        -1 => pick("letzten Tag", "the last day").to_owned(),
        -2 => pick("vorletzten Tag", "the last day but one").to_owned(),
        -3 => pick("drittletzten Tag", "the last day but two").to_owned(),
        ..0 => pick(format!("{}. Tag vor dem Ende", -day), format!("day {} before its end", -day)),
        _ => pick(format!("{day}."), format!("day {day}")),
    }
}

/// The first, second, … or last of a weekday.
pub(crate) fn nth_weekday(nth: i8, weekday: &str) -> String {
    let [german, english] = match nth {
        1 => ["ersten", "the first"],
        2 => ["zweiten", "the second"],
        3 => ["dritten", "the third"],
        4 => ["vierten", "the fourth"],
        5 => ["fünften", "the fifth"],
        _ => ["letzten", "the last"],
    };
    format!("{} {weekday}", pick(german, english))
}

pub(crate) fn days_after(days: u8, day: String) -> String {
    match days {
        0 => day,
        1 => pick(format!("Tag nach dem {day}"), format!("the day after {day}")),
        more => pick(format!("{more}. Tag nach dem {day}"), format!("day {more} after {day}")),
    }
}

pub(crate) fn from_to(from: &str, to: &str, days_later: u8) -> String {
    let from = from.trim_end_matches(" Uhr");
    let later = match days_later {
        0 => String::new(),
        1 => pick(" am Tag danach", " on the next day").to_owned(),
        more => pick(format!(" {more} Tage danach"), format!(" {more} days later")),
    };
    format!("{from} {} {to}{later}", pick("bis", "to"))
}

pub(crate) fn from_day(day: &str) -> String {
    format!("{} {day}", pick("ab", "from"))
}

pub(crate) fn until_day(day: &str) -> String {
    format!("{} {day}", pick("bis", "until"))
}

pub(crate) fn times_in_all(count: u32) -> String {
    pick(format!("{count} Mal"), format!("{count} times"))
}

/// What stands before the first dates of a series; whether there are more of them.
pub(crate) fn dates(count: usize, goes_on: bool) -> &'static str {
    match (count, goes_on) {
        (0, _) => no_dates(),
        (_, true) => pick("Das sind die ersten Termine:", "These are the first dates:"),
        (1, false) => pick("Das ist der einzige Termin:", "This is the only date:"),
        (_, false) => pick("Das sind alle Termine:", "These are all dates:"),
    }
}

/// That a rule comes to nothing.
pub(crate) fn no_dates() -> &'static str {
    pick("In dieser Regel liegt kein Termin.", "No date lies in this rule.")
}

/// What becomes of a day that is a holiday.
pub(crate) fn on_holiday(what: OnHoliday) -> &'static str {
    match what {
        OnHoliday::Hold => pick("auch an Feiertagen", "on public holidays, too"),
        OnHoliday::Skip => pick("nicht an Feiertagen", "not on public holidays"),
        OnHoliday::NextWorkingDay => pick(
            "statt an Feiertagen am nächsten Arbeitstag",
            "on the next working day instead of a public holiday",
        ),
    }
}

/// That a field is left half filled in.
pub(crate) fn unfinished() -> &'static str {
    pick(
        "ist unvollständig. Bitte ergänzen oder leeren.",
        "is unfinished. Please complete or empty it.",
    )
}

/// How long before people are told.
pub(crate) fn lead(hours: u16) -> String {
    let before = span(i64::from(hours) * 60);
    pick(format!("{before} vorher angekündigt"), format!("announced {before} before"))
}

pub(crate) fn announced_from(moment: &str) -> String {
    pick(format!("Wird angekündigt: {moment}"), format!("Will be announced: {moment}"))
}

/// It is not announced by itself.
pub(crate) fn waits_before(freezes: &str) -> String {
    pick(
        format!("Wartet auf Sie: liegt in der Sperre {freezes} und wird nicht von selbst angekündigt."),
        format!("Waits for you: it lies in the freeze {freezes} and is not announced by itself."),
    )
}

pub(crate) fn moved_from(day: &str) -> String {
    pick(format!("Statt {day}"), format!("Instead of {day}"))
}

pub(crate) fn longer(minutes: i64) -> String {
    let by = span(minutes.abs());
    if minutes > 0 {
        pick(
            format!("Dauert wegen der Zeitumstellung {by} länger."),
            format!("Takes {by} longer because the clocks change."),
        )
    } else {
        pick(
            format!("Dauert wegen der Zeitumstellung {by} kürzer."),
            format!("Takes {by} less because the clocks change."),
        )
    }
}

pub(crate) fn skipped_on(day: &str) -> String {
    pick(format!("{day}: fällt aus."), format!("{day}: does not take place."))
}

pub(crate) fn held_on(original: &str, day: &str, times: &str) -> String {
    pick(
        format!("{original}: findet {day}, {times} statt."),
        format!("{original}: takes place {day}, {times}."),
    )
}

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

/// What planned work takes in a freeze.
pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::Hint => office::say().level_hint,
        Level::Reason => office::say().level_reason,
        Level::SecondPerson => office::say().level_second_person,
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

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::date};

    use super::{full_day, week_of};

    #[test]
    fn a_week_is_named_as_far_as_it_takes() {
        for (monday, name) in [
            (date(2026, 11, 30), "30. November bis 6. Dezember 2026, KW 49"),
            (date(2026, 12, 7), "7. bis 13. Dezember 2026, KW 50"),
            (date(2026, 12, 28), "28. Dezember 2026 bis 3. Januar 2027, KW 53"),
        ] {
            assert_eq!(week_of(monday, monday.saturating_add(6.days())), name);
        }
        assert_eq!(full_day(date(2026, 12, 1)), "Dienstag, 1. Dezember 2026");
    }
}
