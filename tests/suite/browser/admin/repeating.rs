//! Rules by the month, and what becomes of public holidays, as somebody chooses them on the page.

use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
    tz::TimeZone,
};
use serde_json::Value;
use store::clock::{Clock, SystemClock};

use super::{desk, go, says, set, tap};
use crate::support::browser::Browser;

/// The next first of December that is weeks away: the second date of a rule by its day is New Year's Day, whenever this runs.
fn first_of_december() -> Date {
    let today = SystemClock.now().to_zoned(TimeZone::get("Europe/Berlin").unwrap()).date();
    let this_year = date(today.year(), 12, 1);
    let is_ahead = this_year > today.checked_add(21.days()).unwrap();
    if is_ahead { this_year } else { date(today.year() + 1, 12, 1) }
}

/// The first day from this one on on which an office works, where no other holiday is near.
fn next_working_day(mut day: Date) -> Date {
    loop {
        day = day.tomorrow().unwrap();
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return day;
        }
    }
}

/// On which days the first dates lie, as the page lists them.
async fn listed(browser: &Browser) -> Vec<String> {
    let found = browser
        .run("return [...document.querySelectorAll('[data-test=dates] li')].map((one) => one.textContent)")
        .await;
    serde_json::from_value(found).unwrap()
}

/// Whether these days are listed, and no others.
fn is_told(listed: &[String], days: &[Date]) -> bool {
    const MONTHS: [&str; 12] = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];
    let told = |day: &Date| {
        format!(
            " {}. {} {},",
            day.day(),
            MONTHS[usize::try_from(day.month() - 1).unwrap()],
            day.year()
        )
    };
    listed.len() == days.len() && listed.iter().zip(days).all(|(line, day)| line.contains(&told(day)))
}

#[tokio::test]
async fn a_rule_by_the_month_leaves_holidays_out_or_puts_them_off() {
    let (site, browser) = desk().await;
    let first = first_of_december();
    let by_month = |count: i64| first.checked_add(count.months()).unwrap();
    browser.viewport(360, 780).await;
    go(&browser, "#/new/maintenance").await;
    browser.fill("#field-title-de", "Wohngeld: Wartung").await;
    tap(&browser, "[data-test=service-wohngeld]").await;
    set(&browser, "#field-starts_at", &format!("{first}T20:00")).await;
    set(&browser, "#field-ends_at", &format!("{first}T21:00")).await;
    tap(&browser, "[data-test=save-draft]").await;
    tap(&browser, "[data-test=repeat]").await;
    browser.until(&says("[data-test=sentence]", "Jede Woche am")).await;
    // On that day of the week, the first of its kind in each month.
    tap(&browser, "#field-recurrence-rule input[value='2']").await;
    browser.until(&says("[data-test=sentence]", "Jeden Monat am ersten ")).await;
    let same_weekday = |month: i64| {
        let mut day = by_month(month).first_of_month();
        while day.weekday() != first.weekday() {
            day = day.tomorrow().unwrap();
        }
        day
    };
    let told = listed(&browser).await;
    assert!(is_told(&told, &[0, 1, 2, 3].map(same_weekday)), "{told:?}");
    // On the first of each month, also on New Year's Day; not on it; on the next working day in its stead.
    tap(&browser, "#field-recurrence-rule input[value='3']").await;
    browser.until(&says("[data-test=sentence]", "Jeden Monat am 1.")).await;
    let told = listed(&browser).await;
    assert!(is_told(&told, &[0, 1, 2, 3].map(by_month)), "{told:?}");
    tap(&browser, "#field-recurrence-on_holiday input[value='1']").await;
    browser.until(&says("[data-test=sentence]", "nicht an Feiertagen")).await;
    let told = listed(&browser).await;
    assert!(is_told(&told, &[0, 2, 3, 4].map(by_month)), "{told:?}");
    tap(&browser, "#field-recurrence-on_holiday input[value='2']").await;
    browser
        .until(&says("[data-test=sentence]", "statt an Feiertagen am nächsten Arbeitstag"))
        .await;
    let put_off = [by_month(0), next_working_day(by_month(1)), by_month(2), by_month(3)];
    let told = listed(&browser).await;
    assert!(is_told(&told, &put_off), "{told:?}");
    tap(&browser, "[data-test=create-series]").await;
    browser.until(&says("[data-test=status]", "Serie angelegt: S-0001")).await;
    // The server comes to the same days, and knows each by the day on which the rule put it.
    let path = format!("/api/v1/series/S-0001/occurrences?from={}&to={}", first, by_month(3));
    let occurrences = site.read(&path).await;
    let days = |field: &str| -> Vec<Date> {
        let all = occurrences["occurrences"].as_array().unwrap().iter();
        all.map(|one: &Value| one[field].as_str().unwrap().parse().unwrap()).collect()
    };
    assert_eq!(days("day"), put_off);
    assert_eq!(days("original"), [0, 1, 2, 3].map(by_month));
}
