//! Recurring work, as somebody plans it who has only the page's own words: written once, repeated, one day left out, one moved, one announced now.

use jiff::{ToSpan, tz::TimeZone};
use serde_json::{Value, json};
use store::clock::{Clock, SystemClock};

use super::{desk, go, says, set, tap, to_office, value};
use crate::{browser::accessibility::expect_accessible, support::browser::Browser};

/// The first Tuesday that is at least three weeks away: the server goes by the clock of the machine.
pub(super) fn tuesday() -> jiff::civil::Date {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let mut day = SystemClock.now().to_zoned(zone).date().checked_add(21.days()).unwrap();
    while day.weekday() != jiff::civil::Weekday::Tuesday {
        day = day.tomorrow().unwrap();
    }
    day
}

/// A maintenance of each Tuesday night.
fn each_tuesday(first: jiff::civil::Date) -> Value {
    json!({
        "notice": {"kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "title": {"de": "Wohngeld: Wartung"}},
        "recurrence": {
            "first": first, "rule": {"each": "week", "weekdays": ["tuesday"]},
            "times": {"starts": "22:00", "ends": "23:00"}, "time_zone": "Europe/Berlin",
        },
        "announce_hours": 24,
    })
}

/// Moves an occurrence to the day after, by way of what is no time and what is no end.
async fn move_by_a_day(browser: &Browser, card: &str, day: jiff::civil::Date) {
    let confirm = format!("{card} [data-test=hold-confirm]");
    tap(browser, &format!("{card} [data-test=hold]")).await;
    expect_accessible(browser, "planning").await;
    browser.viewport(360, 780).await;
    let held = day.tomorrow().unwrap();
    // A time that is unfinished takes nothing back, and an end on the day before is none.
    set(browser, "#field-exception-held-day", "").await;
    tap(browser, &confirm).await;
    browser.until("document.activeElement.id == 'field-exception-held-day'").await;
    set(browser, "#field-exception-held-day", &format!("{held}T20:00")).await;
    set(browser, "#field-exception-held-times", &format!("{}T21:30", day)).await;
    tap(browser, &confirm).await;
    browser.until(&says(card, "liegt nicht nach dem Beginn")).await;
    set(browser, "#field-exception-held-day", &format!("{held}T20:00")).await;
    set(browser, "#field-exception-held-times", &format!("{held}T21:30")).await;
    tap(browser, &confirm).await;
    browser.until(&says(card, "20:00 Uhr bis")).await;
    browser.until(&says(card, "Statt Di., ")).await;
}

/// The page of a series tells the dates to which it comes, as the form is changed, and that there is none.
async fn look_at_the_dates(browser: &Browser, first: jiff::civil::Date) {
    let dates = "document.querySelectorAll('[data-test=dates] li').length";
    browser.until(&format!("{dates} == 4")).await;
    browser.until(&says("[data-test=dates]", "22:00 bis 02:00 Uhr am Tag danach")).await;
    set(
        browser,
        "#field-recurrence-until",
        &first.checked_add(7.days()).unwrap().to_string(),
    )
    .await;
    browser.until(&format!("{dates} == 2")).await;
    set(browser, "#field-recurrence-until", &first.yesterday().unwrap().to_string()).await;
    browser
        .until(&says("[role=status]:has([data-test=sentence])", "liegt kein Termin"))
        .await;
    tap(browser, "[data-test=create-series]").await;
    browser.until(&says("#field-recurrence-until-fault", "liegt kein Termin")).await;
    set(browser, "#field-recurrence-until", "").await;
    browser.until(&format!("{dates} == 4")).await;
    // At night nobody is there to confirm an end.
    assert_eq!(value(browser, "#field-notice-at_end input:checked").await, "0");
}

fn is_shown(state: &Value) -> bool {
    let notices = state["notices"].as_array().unwrap();
    notices
        .iter()
        .any(|notice| notice["title"]["de"] == "Wohngeld: Wartung" && notice["stage"] == "scheduled")
}

#[tokio::test]
async fn a_maintenance_is_repeated_with_an_exception_and_announced() {
    let (site, browser) = desk().await;
    let first = tuesday();
    let later = |weeks: i64| first.checked_add((7 * weeks).days()).unwrap();
    browser.viewport(360, 780).await;
    go(&browser, "#/new/maintenance").await;
    browser.fill("#field-title-de", "Wohngeld: Wartung").await;
    tap(&browser, "[data-test=service-wohngeld]").await;
    set(&browser, "#field-starts_at", &format!("{first}T22:00")).await;
    set(&browser, "#field-ends_at", &format!("{}T02:00", first.tomorrow().unwrap())).await;
    tap(&browser, "[data-test=save-draft]").await;
    tap(&browser, "[data-test=repeat]").await;
    browser
        .until(&says(
            "[data-test=sentence]",
            "Jede Woche am Dienstag, 22:00 bis 02:00 Uhr am Tag danach, ab Di., ",
        ))
        .await;
    look_at_the_dates(&browser, first).await;
    expect_accessible(&browser, "repeat").await;
    browser.viewport(360, 780).await;
    tap(&browser, "[data-test=create-series]").await;
    browser
        .until("location.pathname == '/admin/office' && location.hash == '#/planning'")
        .await;
    browser.until(&says("[data-test=status]", "Serie angelegt: S-0001")).await;
    let series = site.read("/api/v1/series/S-0001").await;
    assert_eq!(series["notice"]["at_end"], "complete", "{series}");
    // The draft has become the series.
    let notices = site.read("/api/v1/notices?open=true").await;
    assert_eq!(notices["notices"], json!([]));

    let card = |weeks: i64| format!("[data-test=occurrence-S-0001-{}]", later(weeks));
    let button = |weeks: i64, which: &str| format!("{} [data-test={which}]", card(weeks));
    browser.until(&says(&card(0), "Wird angekündigt:")).await;
    let runs_over = browser.run("return document.documentElement.scrollWidth > innerWidth").await;
    assert_eq!(runs_over, false);
    // One falls out, and its way back stands with the series.
    tap(&browser, &button(1, "skip")).await;
    // What was done before is no news beside it.
    browser.until("!document.querySelector('[data-test=status]').textContent").await;
    tap(&browser, &button(1, "skip-confirm")).await;
    browser.until(&format!("!document.querySelector('{}')", card(1))).await;
    browser.until(&says("[data-test=exceptions]", "fällt aus.")).await;
    // Another one is moved to the day after.
    move_by_a_day(&browser, &card(2), later(2)).await;
    // The first one is announced now: people see it.
    tap(&browser, &button(0, "announce")).await;
    tap(&browser, &button(0, "announce-confirm")).await;
    browser.until(&says(&card(0), "Geplant: 20")).await;
    site.until_state(is_shown).await;
    // It falls out with a word to those who have read it, and comes back to none of them by itself.
    tap(&browser, &button(0, "skip")).await;
    browser
        .fill(&format!("{} #field-text-de", card(0)), "Wir haben es schon erledigt.")
        .await;
    tap(&browser, &button(0, "skip-confirm")).await;
    site.until_state(|state| !is_shown(state)).await;
    // What was left out takes place again.
    tap(&browser, &format!("[data-test=exception-{}] [data-test=take-back]", later(1))).await;
    tap(
        &browser,
        &format!("[data-test=exception-{}] [data-test=take-back-confirm]", later(1)),
    )
    .await;
    browser.visible(&card(1)).await;

    // All of it ends.
    tap(&browser, "[data-test=end-series]").await;
    tap(&browser, "[data-test=end-series-confirm]").await;
    browser.until("!document.querySelector('[data-test=series-S-0001]')").await;
    let series = site.read("/api/v1/series/S-0001").await;
    assert!(series["ended_at"].is_string(), "{series}");
    let days: Vec<&String> = series["recurrence"]["exceptions"].as_object().unwrap().keys().collect();
    assert_eq!(days, [&first.to_string(), &later(2).to_string()]);
}

#[tokio::test]
async fn what_waits_before_frozen_time_is_announced_for_a_reason() {
    let (site, browser) = desk().await;
    let first = tuesday();
    let year = json!({"name": "Abgabefrist", "level": "reason", "when": {"spans": [
        {"from": format!("{first}T00:00:00Z"), "to": format!("{}T00:00:00Z", first.checked_add(2.days()).unwrap())},
    ]}});
    site.post("/api/v1/freezes", &year).await;
    site.post("/api/v1/series", &each_tuesday(first)).await;
    // The address within the other page leads here as well.
    browser.run("location.hash = '#/planning'; return 0").await;
    browser.until("location.pathname == '/admin/office'").await;
    let card = format!("[data-test=occurrence-S-0001-{first}]");
    browser.until(&says(&format!("{card} [data-test=waits]"), "Sperre F-0001")).await;
    browser.until(&says("[data-test=freeze-F-0001]", "nur mit Begründung")).await;
    tap(&browser, &format!("{card} [data-test=announce]")).await;
    // Without it the page says what is missing, and where.
    tap(&browser, &format!("{card} [data-test=announce-confirm]")).await;
    browser.until("document.activeElement.id == 'field-freeze_reason'").await;
    browser.fill("#field-freeze_reason", "Das Zertifikat läuft ab").await;
    tap(&browser, &format!("{card} [data-test=announce-confirm]")).await;
    browser.until(&says(&card, "Geplant: 20")).await;
    to_office(&site, &browser, "#/planning").await;
    browser.until(&says("[data-test=freeze-F-0001]", "Das Zertifikat läuft ab")).await;
}

#[tokio::test]
async fn a_move_that_waits_for_a_second_person_is_marked_where_it_is_planned() {
    let (site, browser) = desk().await;
    let first = tuesday();
    site.post("/api/v1/series", &each_tuesday(first)).await;
    site.change_catalogue(|catalogue| catalogue.replace("linger_minutes = 120", "linger_minutes = 120\nfour_eyes = [\"maintenance\"]"));
    site.add_person("Bo Beispiel");
    browser.viewport(360, 780).await;
    to_office(&site, &browser, "#/planning").await;
    let card = format!("[data-test=occurrence-S-0001-{first}]");
    let held = first.tomorrow().unwrap();
    tap(&browser, &format!("{card} [data-test=hold]")).await;
    set(&browser, "#field-exception-held-day", &format!("{held}T20:00")).await;
    set(&browser, "#field-exception-held-times", &format!("{held}T21:30")).await;
    tap(&browser, &format!("{card} [data-test=hold-confirm]")).await;
    browser.until(&says("[data-test=status]", "A-0001")).await;
    let mark = format!("{card} [data-test=change-waits]");
    browser.until(&says(&mark, "Eine Änderung wartet auf Freigabe")).await;
    let marks = browser
        .run("return document.querySelectorAll('[data-test=change-waits]').length")
        .await;
    assert_eq!(marks, 1);
    expect_accessible(&browser, "a move that waits").await;
    browser.viewport(360, 780).await;
    tap(&browser, &format!("{mark} a")).await;
    browser.until("location.hash == '#/approvals'").await;
    browser.visible("[data-test=approval-A-0001]").await;
}

#[tokio::test]
async fn one_occurrence_and_all_later_ones_get_other_times_and_end() {
    let (site, browser) = desk().await;
    let first = tuesday();
    let day = |weeks: i64| first.checked_add(weeks.weeks()).unwrap();
    site.post("/api/v1/series", &each_tuesday(first)).await;
    browser.viewport(360, 780).await;
    to_office(&site, &browser, "#/planning").await;
    let card = |series: u32, weeks: i64| format!("[data-test=occurrence-S-000{series}-{}]", day(weeks));
    let later = "#field-from label:nth-of-type(2) input";

    // Another day is no rule: it is said at the field, and nothing is sent.
    tap(&browser, &format!("{} [data-test=hold]", card(1, 2))).await;
    tap(&browser, &format!("{} {later}", card(1, 2))).await;
    let (starts, ends) = ("#field-exception-held-day", "#field-exception-held-times");
    set(&browser, starts, &format!("{}T20:00", day(2).tomorrow().unwrap())).await;
    set(&browser, ends, &format!("{}T21:30", day(2).tomorrow().unwrap())).await;
    tap(&browser, &format!("{} [data-test=hold-confirm]", card(1, 2))).await;
    browser.until(&says(&card(1, 2), "ist ein anderer Tag")).await;
    set(&browser, starts, &format!("{}T20:00", day(2))).await;
    set(&browser, ends, &format!("{}T21:30", day(2))).await;
    tap(&browser, &format!("{} [data-test=hold-confirm]", card(1, 2))).await;
    browser.until(&says("[data-test=status]", "und alle späteren")).await;
    // What lies before stays; from this one on another series goes on.
    browser.until(&says(&card(2, 2), "20:00")).await;
    browser.until(&says(&card(1, 1), "22:00")).await;
    let before = site.read("/api/v1/series/S-0001").await;
    assert_eq!(
        before["recurrence"]["until"],
        json!({"day": day(2).yesterday().unwrap()}),
        "{before}"
    );
    let after = site.read("/api/v1/series/S-0002").await;
    assert_eq!(
        (&after["recurrence"]["since"], &after["recurrence"]["times"]["ends"]),
        (&json!(day(2)), &json!("21:30:00"))
    );

    // All from the fourth on fall out; the third takes place.
    tap(&browser, &format!("{} [data-test=skip]", card(2, 3))).await;
    tap(&browser, &format!("{} {later}", card(2, 3))).await;
    browser
        .until(&says(&card(2, 3), "alle späteren Termine dieser Serie entfallen"))
        .await;
    tap(&browser, &format!("{} [data-test=skip-confirm]", card(2, 3))).await;
    browser.until(&format!("!document.querySelector('{}')", card(2, 3))).await;
    browser.visible(&card(2, 2)).await;
    let ended = site.read("/api/v1/series/S-0002").await;
    assert_eq!(ended["recurrence"]["until"], json!({"day": day(3).yesterday().unwrap()}), "{ended}");
}
