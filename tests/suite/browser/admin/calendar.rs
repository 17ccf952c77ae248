//! What is planned as a month and as a week: a night lies on both its days, by the keyboard and by touch, on a phone and on a wide screen, and months
//! ahead.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use serde_json::json;
use thirtyfour::Key;

use super::{desk, planning::tuesday, says, tap, to_office};
use crate::{
    browser::{accessibility::expect_accessible, site::Site},
    support::browser::Browser,
};

/// The day that was chosen in a month.
const DAY: &str = "[data-test=day]";

const WEEKDAYS: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];

fn plus(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap()
}

fn weekday(day: Date) -> &'static str {
    WEEKDAYS[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap()]
}

/// Nights of each Tuesday, the second one left out; two days of a deadline in the third week; and each weekend.
async fn plan(site: &Site, first: Date) {
    let series = json!({
        "notice": {"kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "title": {"de": "Wohngeld: Wartung"}},
        "recurrence": {
            "first": first, "rule": {"each": "week", "weekdays": ["tuesday"]},
            "times": {"starts": "22:00", "ends": "02:00", "days_later": 1}, "time_zone": "Europe/Berlin",
        },
        "announce_hours": 24,
    });
    site.post("/api/v1/series", &series).await;
    let second = format!("/api/v1/series/S-0001/occurrences/{}", plus(first, 7));
    site.post(&second, &json!({"exception": "skipped"})).await;
    let berlin = |day: Date, hour: i8| {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        day.at(hour, 0, 0, 0).to_zoned(zone).unwrap().timestamp()
    };
    let span = json!({"from": berlin(plus(first, 14), 0), "to": berlin(plus(first, 16), 12)});
    let deadline = json!({"name": "Jahresabschluss", "level": "reason", "when": {"spans": [span]}});
    site.post("/api/v1/freezes", &deadline).await;
    let weekends = json!({"name": "Wochenende", "level": "hint", "when": {"recurring": {
        "first": first, "rule": {"each": "week", "weekdays": ["friday"]},
        "times": {"starts": "18:00", "ends": "06:00", "days_later": 3}, "time_zone": "Europe/Berlin",
    }}});
    site.post("/api/v1/freezes", &weekends).await;
}

fn cell(day: Date) -> String {
    format!("[data-test=day-{day}]")
}

/// True once the focus is on a day of the grid.
fn is_on(day: Date) -> String {
    format!("document.activeElement.id == 'day-{day}'")
}

/// True once a day of the grid is called so.
fn is_called(day: Date, text: &str) -> String {
    format!("document.querySelector('{}')?.ariaLabel.includes({})", cell(day), json!(text))
}

/// Turns to the month of a day, with the buttons.
async fn turn_to(browser: &Browser, day: Date) {
    let wanted = format!("day-{}", day.first_of_month());
    loop {
        let shown = browser.run("return document.querySelector('[role=grid] td[id]').id").await;
        let shown = shown.as_str().unwrap();
        if shown == wanted {
            return;
        }
        // Years have four digits, so that what is written orders as what is meant.
        let button = if shown < wanted.as_str() { "later" } else { "earlier" };
        tap(browser, &format!("[data-test={button}]")).await;
        browser
            .until(&format!("document.querySelector('[role=grid] td[id]').id != '{shown}'"))
            .await;
    }
}

/// Presses a key in the grid, and is on this day then.
async fn leads(browser: &Browser, key: Key, day: Date) {
    browser.keys(key).await;
    browser.until(&is_on(day)).await;
    let stops = browser
        .run("return document.querySelectorAll('[role=grid] [tabindex=\"0\"]').length")
        .await;
    assert_eq!(stops, 1);
}

async fn expect_within(browser: &Browser) {
    let runs_over = browser.run("return document.documentElement.scrollWidth > innerWidth").await;
    assert_eq!(runs_over, false);
}

/// Walks through months.
async fn walk_months(browser: &Browser, first: Date) {
    let night = format!("{DAY} [data-test=occurrence-S-0001-{first}]");
    tap(browser, "[data-test=view-month]").await;
    browser.visible("[data-test=month]").await;
    // The focus stays where the person was.
    browser.until("document.activeElement.dataset.test == 'view-month'").await;
    browser.visible("[role=grid] [aria-current=date]").await;
    turn_to(browser, first).await;
    browser.until(&is_called(first, "1 Wartung")).await;
    tap(browser, &cell(first)).await;
    browser.until(&is_on(first)).await;
    browser.until(&says(&night, "Wohngeld: Wartung")).await;

    // The night goes on on the next day.
    leads(browser, Key::Right, plus(first, 1)).await;
    browser.until(&is_called(plus(first, 1), "1 Wartung")).await;
    browser.keys(Key::Enter).await;
    browser.until(&says("#day-heading", "Mittwoch")).await;
    browser.until(&says(&night, "Wohngeld: Wartung")).await;
    browser.until(&is_on(plus(first, 1))).await;
    // What was left out lies on neither of its days.
    leads(browser, Key::Down, plus(first, 8)).await;
    browser.keys(Key::Enter).await;
    browser.until(&says(DAY, "Nichts ist geplant.")).await;
    leads(browser, Key::Left, plus(first, 7)).await;
    browser.keys(Key::Space).await;
    browser.until(&says("#day-heading", "Dienstag")).await;
    browser.until(&says(DAY, "Nichts ist geplant.")).await;
    let chosen = browser
        .run("return [...document.querySelectorAll('[role=grid] [aria-selected=true]')].map((day) => day.id)")
        .await;
    assert_eq!(chosen, json!([format!("day-{}", plus(first, 7))]));

    // The week and the month of a day begin and end.
    let at = plus(first, 7);
    let monday = plus(at, -1).max(at.first_of_month());
    leads(browser, Key::Home, monday).await;
    let sunday = plus(at, 5).min(at.last_of_month());
    leads(browser, Key::End, sunday).await;
    let next = sunday.checked_add(1.month()).unwrap();
    leads(browser, Key::PageDown, next).await;
    leads(browser, Key::PageUp, next.checked_sub(1.month()).unwrap()).await;
    leads(browser, Key::Up, plus(next.checked_sub(1.month()).unwrap(), -7)).await;

    // Frozen time is told by its name, on each of its days.
    for day in [plus(first, 14), plus(first, 15), plus(first, 16)] {
        turn_to(browser, day).await;
        browser.until(&is_called(day, "Sperre „Jahresabschluss“")).await;
    }
    tap(browser, &cell(plus(first, 16))).await;
    browser
        .until(&says(
            &format!("{DAY} [data-test=day-freeze-F-0001]"),
            "nur mit Begründung: bis 12:00 Uhr",
        ))
        .await;
    expect_within(browser).await;
}

/// Walks through weeks, from that of a day on.
async fn walk_weeks(browser: &Browser, first: Date) {
    let on = |day: Date| format!("[data-test=week-{day}]");
    let lies = |day: Date| format!("{} [data-test=lies-S-0001-{first}]", on(day));
    turn_to(browser, first).await;
    tap(browser, &cell(first)).await;
    tap(browser, "[data-test=view-week]").await;
    browser.until(&says("#calendar-heading", ", KW ")).await;
    browser.until("document.activeElement.dataset.test == 'view-week'").await;
    let days = browser
        .run("return document.querySelectorAll('[data-test=week] > li').length")
        .await;
    assert_eq!(days, 7);
    browser.until(&says(&on(first), "Dienstag, ")).await;
    browser.until(&says(&lies(first), "ab 22:00 Uhr")).await;
    browser.until(&says(&lies(plus(first, 1)), "bis 02:00 Uhr")).await;
    browser
        .until(&says(&on(plus(first, 3)), "Hinweis „Wochenende“: ab 18:00 Uhr"))
        .await;
    browser.until(&says(&on(plus(first, 4)), "den ganzen Tag")).await;
    // All of a day is one tap away.
    tap(browser, &format!("[data-test=details-{}]", plus(first, 1))).await;
    browser
        .visible(&format!(
            "{} [data-test=occurrence-S-0001-{first}] [data-test=skip]",
            on(plus(first, 1))
        ))
        .await;
    expect_within(browser).await;
    tap(browser, "[data-test=later]").await;
    browser.until(&says(&on(plus(first, 7)), "Nichts ist geplant.")).await;
    tap(browser, "[data-test=later]").await;
    let third = plus(first, 14);
    browser.until(&says(&on(third), "Wohngeld: Wartung")).await;
    browser
        .until(&says(&on(plus(third, 1)), "Sperre „Jahresabschluss“, nur mit Begründung:"))
        .await;
    tap(browser, "[data-test=to-today]").await;
    browser.visible("[data-test=week] > [aria-current=date]").await;
}

#[tokio::test]
async fn a_night_lies_on_both_its_days_in_each_view() {
    let (site, browser) = desk().await;
    let first = tuesday();
    plan(&site, first).await;
    to_office(&site, &browser, "#/planning").await;
    // The list comes first.
    browser
        .visible(&format!("[data-test=coming] [data-test=occurrence-S-0001-{first}]"))
        .await;
    browser.visible("[data-test=view-list][aria-pressed=true]").await;
    for width in [360, 1280] {
        browser.viewport(width, 780).await;
        walk_months(&browser, first).await;
        walk_weeks(&browser, first).await;
        tap(&browser, "[data-test=view-list]").await;
        browser.visible("[data-test=coming]").await;
    }
}

#[tokio::test]
async fn months_ahead_show_what_they_have() {
    let (site, browser) = desk().await;
    let first = tuesday();
    plan(&site, first).await;
    to_office(&site, &browser, "#/planning").await;
    browser.viewport(360, 780).await;
    tap(&browser, "[data-test=view-month]").await;
    // A series tells its next ten by itself; this is the twenty-first.
    let far = plus(first, 20 * 7);
    turn_to(&browser, far).await;
    browser.until(&is_called(far, &format!("{}, {}. ", weekday(far), far.day()))).await;
    browser.until(&is_called(far, "1 Wartung")).await;
    let friday = plus(far, 3);
    turn_to(&browser, friday).await;
    browser.until(&is_called(friday, "Hinweis „Wochenende“")).await;
    turn_to(&browser, far).await;
    browser
        .until("document.querySelector('[data-test=known-until]').innerText == ''")
        .await;
    tap(&browser, &cell(far)).await;
    let card = format!("{DAY} [data-test=occurrence-S-0001-{far}]");
    browser.until(&says(&card, "Wird angekündigt:")).await;
    expect_accessible(&browser, "a month of the planning").await;
    browser.viewport(360, 780).await;
    expect_within(&browser).await;
    tap(&browser, "[data-test=view-week]").await;
    browser.until(&says(&format!("[data-test=week-{far}]"), "ab 22:00 Uhr")).await;
    expect_accessible(&browser, "a week of the planning").await;

    // What is decided there holds at once.
    tap(&browser, "[data-test=view-month]").await;
    tap(&browser, &cell(far)).await;
    tap(&browser, &format!("{card} [data-test=skip]")).await;
    tap(&browser, &format!("{card} [data-test=skip-confirm]")).await;
    browser.until(&format!("!document.querySelector('{card}')")).await;
    let exception = format!("[data-test=exceptions] [data-test=exception-{far}]");
    browser.until(&says(&exception, "fällt aus.")).await;
    browser.until(&format!("!({})", is_called(far, "1 Wartung"))).await;
}
