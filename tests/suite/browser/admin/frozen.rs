//! Planned work in frozen time, and beside other work: what the form says of it while it is written, and what the server takes.

use serde_json::{Value, json};

use super::{desk, go, says, set, tap, to_office, value};
use crate::browser::site::Site;

async fn freeze(site: &Site) {
    let terms = json!({"name": "Abgabefrist", "level": "reason", "services": ["wohngeld"], "when": {"spans": [
        {"from": "2027-06-14T00:00:00+02:00", "to": "2027-06-16T00:00:00+02:00"},
    ]}});
    site.post("/api/v1/freezes", &terms).await;
}

async fn kept(site: &Site, id: &str) -> Value {
    site.read(&format!("/api/v1/freezes/{id}")).await
}

async fn overrides(site: &Site) -> Vec<Value> {
    let freeze = site.read("/api/v1/freezes/F-0001").await;
    let told = freeze["overrides"].as_array().unwrap().iter();
    told.map(|one| one["reason"].clone()).collect()
}

#[tokio::test]
async fn what_is_in_the_way_is_said_and_the_next_free_time_is_one_tap_away() {
    let (site, browser) = desk().await;
    freeze(&site).await;
    let other = json!({"kind": "maintenance", "severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": "BundID: Wartung"},
        "starts_at": "2027-06-13T20:00:00Z", "ends_at": "2027-06-13T21:30:00Z", "publish": true});
    let other = site.publish(&other).await;
    browser.viewport(360, 780).await;
    go(&browser, "#/new/maintenance").await;
    browser.fill("#field-title-de", "Wohngeld: Wartung").await;
    tap(&browser, "[data-test=service-wohngeld]").await;
    set(&browser, "#field-starts_at", "2027-06-13T10:00").await;
    set(&browser, "#field-ends_at", "2027-06-13T12:00").await;
    browser.visible("[data-test=obstacles-none]").await;
    browser
        .until("!document.querySelector('[data-test=freeze-reason]').checkVisibility()")
        .await;

    set(&browser, "#field-starts_at", "2027-06-13T22:00").await;
    set(&browser, "#field-ends_at", "2027-06-14T01:00").await;
    browser
        .until(&says(
            "[data-test=obstacles]",
            "Sperre „Abgabefrist“, nur mit Begründung: Mo., 14. Juni",
        ))
        .await;
    browser
        .until(&says(
            "[data-test=obstacles]",
            &format!("Arbeit an etwas, das dieser Dienst braucht {other}"),
        ))
        .await;
    browser
        .until("document.querySelector('[data-test=freeze-reason]').checkVisibility()")
        .await;
    let runs_over = "document.documentElement.scrollWidth > innerWidth";
    assert_eq!(browser.run(&format!("return {runs_over}")).await, false);
    // It is a note beside the form, however wide the window is.
    browser.viewport(1280, 900).await;
    let height = browser
        .run("return document.querySelector('[data-test=obstacles]').offsetHeight")
        .await;
    assert!(height.as_f64().unwrap() < 360.0, "{height} px");
    browser.viewport(360, 780).await;
    // The day of the deadline is over, and the work as long as it was.
    tap(&browser, "[data-test=take-free]").await;
    assert_eq!(value(&browser, "#field-starts_at").await, "2027-06-16T00:00");
    assert_eq!(value(&browser, "#field-ends_at").await, "2027-06-16T03:00");
    browser.visible("[data-test=obstacles-none]").await;
    tap(&browser, "#publish").await;
    browser.until(&says("[data-test=stage]", "Geplant")).await;
    assert_eq!(overrides(&site).await, [""; 0]);

    // Its own notice is not in its way.
    tap(&browser, "[data-test=edit]").await;
    browser.visible("[data-test=obstacles-none]").await;
}

#[tokio::test]
async fn in_frozen_time_the_page_asks_for_a_reason_and_keeps_it() {
    let (site, browser) = desk().await;
    freeze(&site).await;
    go(&browser, "#/new/maintenance").await;
    browser.fill("#field-title-de", "Wohngeld: Wartung").await;
    tap(&browser, "[data-test=service-wohngeld]").await;
    set(&browser, "#field-starts_at", "2027-06-15T22:00").await;
    set(&browser, "#field-ends_at", "2027-06-15T23:00").await;
    browser.visible("[data-test=obstacles]").await;
    tap(&browser, "#publish").await;
    // Refused, and the field has the focus; what it would look like is shown all the same.
    browser.until("document.activeElement.id == 'field-freeze_reason'").await;
    browser
        .until(&says("[data-test=freeze-reason] .fault", "In dieser Zeit gilt eine Sperre"))
        .await;
    browser.fill("#field-freeze_reason", "Das Zertifikat läuft ab").await;
    // It outlives a reload, as all that is typed.
    browser.run("location.reload(); return 0").await;
    browser
        .until("document.querySelector('#field-freeze_reason')?.value == 'Das Zertifikat läuft ab'")
        .await;
    tap(&browser, "#publish").await;
    browser.until(&says("[data-test=stage]", "Geplant")).await;
    assert_eq!(overrides(&site).await, ["Das Zertifikat läuft ab"]);

    // A draft, published from its page.
    let draft = json!({"kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "portals": [], "title": {"de": "Noch eine"},
        "starts_at": "2027-06-15T18:00:00Z", "ends_at": "2027-06-15T19:00:00Z"});
    let id = site.publish(&draft).await;
    go(&browser, &format!("#/notice/{id}")).await;
    tap(&browser, "[data-test=publish]").await;
    tap(&browser, "[data-test=publish-confirm]").await;
    browser.until("document.activeElement.id == 'field-freeze_reason'").await;
    browser.fill("#field-freeze_reason", "Danach ist niemand da").await;
    tap(&browser, "[data-test=publish-confirm]").await;
    browser.until(&says("[data-test=stage]", "Geplant")).await;
    assert_eq!(overrides(&site).await, ["Das Zertifikat läuft ab", "Danach ist niemand da"]);
}

#[tokio::test]
async fn a_freeze_is_laid_down_changed_and_lifted() {
    let (site, browser) = desk().await;
    browser.viewport(360, 780).await;
    to_office(&site, &browser, "#/planning").await;
    tap(&browser, "[data-test=freeze-new]").await;
    // What is missing is said at once, and nothing is sent.
    tap(&browser, "[data-test=freeze-save]").await;
    browser.until("document.activeElement.id == 'field-name'").await;
    browser.fill("#field-name", "Ruhe am Wochenende").await;
    // From Friday at noon to Monday morning, each week: the end says how long, the rule how often.
    set(&browser, "#field-from", "2027-06-11T12:00").await;
    set(&browser, "#field-to", "2027-06-10T07:00").await;
    tap(&browser, "[data-test=freeze-save]").await;
    browser
        .until(&says("[data-test=step-freeze] .faults", "liegt nicht nach dem Beginn"))
        .await;
    set(&browser, "#field-to", "2027-06-14T07:00").await;
    tap(&browser, "[data-test=step-freeze] #field-when label:nth-of-type(3) input").await;
    let weekly = "Jede Woche am Freitag, 12:00 bis 07:00 Uhr 3 Tage danach";
    browser.until(&says("[data-test=freeze-sentence]", weekly)).await;
    tap(&browser, "[data-test=step-freeze] summary").await;
    tap(&browser, "[data-test=freeze-service-wohngeld]").await;
    assert_eq!(browser.run("return document.documentElement.scrollWidth > innerWidth").await, false);
    tap(&browser, "[data-test=freeze-save]").await;
    browser.until(&says("[data-test=freeze-F-0001]", weekly)).await;
    let freeze = kept(&site, "F-0001").await;
    assert_eq!((&freeze["level"], &freeze["services"]), (&json!("reason"), &json!(["wohngeld"])));
    let times = json!({"starts": "12:00:00", "ends": "07:00:00", "days_later": 3});
    assert_eq!(freeze["when"]["recurring"]["times"], times);
    assert_eq!(freeze["when"]["recurring"]["rule"]["weekdays"], json!(["friday"]));

    // What is not touched stays as it was.
    tap(&browser, "[data-test=freeze-change]").await;
    browser.until(&says("[data-test=freeze-sentence]", weekly)).await;
    tap(&browser, "[data-test=step-freeze] #field-level label:nth-of-type(1) input").await;
    tap(&browser, "[data-test=freeze-save]").await;
    // The form says so as well, until it is closed.
    browser.until("!document.querySelector('[data-test=step-freeze]')").await;
    browser.until(&says("[data-test=freeze-F-0001]", "nur ein Hinweis")).await;
    let changed = kept(&site, "F-0001").await;
    assert_eq!((&changed["level"], &changed["when"]), (&json!("hint"), &freeze["when"]));

    tap(&browser, "[data-test=freeze-lift]").await;
    tap(&browser, "[data-test=freeze-lift-confirm]").await;
    browser.until("!document.querySelector('[data-test=freeze-F-0001]')").await;
    assert!(kept(&site, "F-0001").await["ended_at"].is_string());
}
