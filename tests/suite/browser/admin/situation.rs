//! The start page: what was promised and is late, what a colleague has just done, and where something has not arrived.

use domain::access::Role;
use serde_json::{Value, json};

use super::{desk, draft, go, learns, says, tap};
use crate::{
    browser::site::{OPERATOR, PASSWORD, sign_in_as},
    support::{browser::Browser, outage, server::TestServer},
};

const SITUATION: &str = "[data-test=situation]";

/// A server by whose clock it is as late as a test says, with an operator who is signed in.
async fn desk_at(instant: &str) -> (TestServer, Browser) {
    let server = TestServer::start(instant).await;
    let accounts = server.accounts().await;
    accounts.add(OPERATOR, Role::Publisher, PASSWORD.to_owned()).await.unwrap();
    let browser = Browser::start().await;
    browser.open(&server.url("/admin/")).await;
    sign_in_as(&browser, OPERATOR).await;
    browser.visible(SITUATION).await;
    (server, browser)
}

async fn publish(server: &TestServer, notice: &Value) -> String {
    server.post("/api/v1/notices", notice).await["id"].as_str().unwrap().to_owned()
}

/// A window of an hour from half past eight, UTC, on.
fn window(service: &str, at_end: &str) -> Value {
    json!({"kind": "maintenance", "severity": "outage", "services": [service], "title": {"de": format!("Fenster: {service}")},
        "starts_at": "2026-05-04T08:30:00Z", "ends_at": "2026-05-04T09:30:00Z", "at_end": at_end, "publish": true})
}

/// What is late of a notice on the start page.
fn late(id: &str) -> String {
    format!("[data-test=now] li:has([data-test=notice-{id}]) .late")
}

#[tokio::test]
async fn what_was_promised_is_called_overdue_until_it_is_kept() {
    let (server, browser) = desk_at("2026-05-04T08:00:00Z").await;
    let mut outage = outage("fundbuero", "Fundbüro gestört");
    outage["next_update_at"] = json!("2026-05-04T09:00:00Z");
    let (outage, work) = (
        publish(&server, &outage).await,
        publish(&server, &window("wohngeld", "confirm")).await,
    );
    let ends_by_itself = publish(&server, &window("sperrmuell", "complete")).await;
    let is_overdue = "document.querySelector('[data-test=situation]').innerText.includes('überfällig')";
    server.clock.set("2026-05-04T08:59:00Z");
    learns(&browser, &says(SITUATION, "1 Störung, 2 laufende Wartungen")).await;
    assert_eq!(browser.run(&format!("return {is_overdue}")).await, false);
    assert_eq!(
        browser.run("return document.querySelector('[data-test=now] .late')").await,
        Value::Null
    );

    // No news came.
    server.clock.set("2026-05-04T09:29:00Z");
    learns(&browser, &says(SITUATION, "1 Zusage ist überfällig")).await;
    browser.until(&says(&late(&outage), "seit 29 Min. überfällig")).await;
    assert_eq!(
        browser.run(&format!("return document.querySelector('{}')", late(&work))).await,
        Value::Null
    );

    // A window is past its end, and nobody has said that it is over.
    server.clock.set("2026-05-04T10:15:00Z");
    learns(&browser, &says(SITUATION, "2 Zusagen sind überfällig")).await;
    browser.until(&says(SITUATION, "1 Störung, 1 laufende Wartung")).await;
    browser.until(&says(&late(&work), "seit 45 Min. überfällig")).await;
    browser.until(&says(&late(&outage), "seit 1 Std. 15 Min. überfällig")).await;
    let card = format!("[data-test=now] li:has([data-test=notice-{work}])");
    browser.until(&says(&format!("{card} [data-test=stage]"), "Dauert länger")).await;
    browser
        .visible(&format!("[data-test=over] [data-test=notice-{ends_by_itself}]"))
        .await;

    // News with a new promise, and an end.
    go(&browser, &format!("#/notice/{outage}")).await;
    browser.until(&says("[data-test=facts] .late", "überfällig")).await;
    tap(&browser, "[data-test=add-update]").await;
    browser.fill("#field-text-de", "Wir suchen noch.").await;
    tap(&browser, "[data-test=next-update-at-plus-60]").await;
    tap(&browser, "[data-test=add-update-confirm]").await;
    browser.until("!document.querySelector('[data-test=facts] .late')").await;
    go(&browser, "#/").await;
    browser.until(&says(SITUATION, "1 Zusage ist überfällig")).await;
    go(&browser, &format!("#/notice/{work}")).await;
    tap(&browser, "[data-test=complete]").await;
    tap(&browser, "[data-test=complete-confirm]").await;
    browser.until(&says("[data-test=stage]", "Abgeschlossen")).await;
    go(&browser, "#/").await;
    browser.until(&format!("{} && !{is_overdue}", says(SITUATION, "1 Störung"))).await;
}

#[tokio::test]
async fn what_a_colleague_does_appears_by_itself() {
    let (site, browser) = desk().await;
    site.add_person("Bo Beispiel");
    let colleague = Browser::start().await;
    colleague.open(&site.url("/admin/")).await;
    sign_in_as(&colleague, "Bo Beispiel").await;
    colleague.visible(SITUATION).await;
    browser.run("window.unreloaded = true; return 0").await;
    browser.until(&says(SITUATION, "Alles in Ordnung")).await;

    go(&colleague, "#/report/fundbuero").await;
    tap(&colleague, "#publish").await;
    colleague.visible("[data-test=facts]").await;
    let place = colleague.run("return location.hash").await.as_str().unwrap().to_owned();
    let id = place.trim_start_matches("#/notice/");
    // Nobody touches the other page.
    browser.until(&says(&format!("[data-test=by-{id}]"), "Bo Beispiel")).await;
    browser.until(&says(SITUATION, "1 Störung")).await;
    browser.until(&says("[data-test=state-fundbuero]", "Ausfall")).await;

    // And back: the colleague looks at the notice while it ends.
    tap(&browser, "[data-test=now] [data-test=all-clear]").await;
    tap(&browser, "[data-test=all-clear-kept]").await;
    colleague.until(&says("[data-test=stage]", "Behoben")).await;
    colleague.until(&says("[data-test=history]", OPERATOR)).await;
    browser.until(&says(SITUATION, "Alles in Ordnung")).await;
    assert_eq!(browser.run("return window.unreloaded").await, true);
}

#[tokio::test]
async fn each_portal_on_which_something_has_not_arrived_is_named() {
    const TOWN: &str = "Stadt Musterstadt";
    const COUNTY: &str = "Landkreis Musterland";
    const TROUBLE: &str = "[data-test=arrival-trouble]";
    let (site, browser) = desk().await;
    // The county has a page, at which this server may not look.
    let elsewhere = "http://127.0.0.1:1/";
    let county = format!(
        "[[portal]]\nid = \"landkreis\"\nname = {{ de = \"{COUNTY}\" }}\nissuer = {{ de = \"{COUNTY}\" }}\nlanguages = [\"de\"]\n\
         time_zone = \"Europe/Berlin\"\nregion = \"DE-BE\"\nservices = [\"bundid\"]\nlinks = {{ home = \"{elsewhere}\", imprint = \"{elsewhere}\", \
         privacy = \"{elsewhere}\", accessibility = \"{elsewhere}\", feedback = \"{elsewhere}\" }}\n\n[[service]]"
    );
    site.change_catalogue(|catalogue| catalogue.replacen("[[service]]", &county, 1));
    browser.session.refresh().await.unwrap();
    browser.visible("[data-test=place-landkreis]").await;
    let id = site.publish(&draft()).await;
    go(&browser, &format!("#/notice/{id}")).await;
    tap(&browser, "[data-test=publish]").await;
    browser
        .until(&says(
            "[data-test=step-publish] [data-test=reach]",
            &format!("2 Portale ({TOWN}, {COUNTY})"),
        ))
        .await;
    tap(&browser, "[data-test=publish-confirm]").await;
    learns(&browser, &says("[data-test=arrival]", "Auf 1 von 2 Portalen zu sehen seit")).await;
    let why = format!("{COUNTY} – Seite des Portals: Dieser Server darf dort nicht nachsehen");
    browser.until(&says("[data-test=arrival]", &why)).await;
    browser.until(&format!("!{}", says("[data-test=arrival]", TOWN))).await;
    go(&browser, "#/").await;
    learns(&browser, &says(TROUBLE, &why)).await;
    browser.until(&format!("!{}", says(TROUBLE, TOWN))).await;

    // The town's page leads elsewhere as well, and the county's is that of the town.
    let home = site.url("/demo/");
    site.change_catalogue(|catalogue| {
        let moved = catalogue.replace(&format!("home = \"{home}\""), "home = \"http://127.0.0.1:2/\"");
        moved.replace(&format!("home = \"{elsewhere}\""), &format!("home = \"{home}\""))
    });
    learns(
        &browser,
        &says(
            TROUBLE,
            &format!("{TOWN} – Seite des Portals: Dieser Server darf dort nicht nachsehen"),
        ),
    )
    .await;
    learns(
        &browser,
        &says(
            TROUBLE,
            &format!("{COUNTY} – Seite des Portals: Dort steht das Portal „musterstadt“, nicht dieses."),
        ),
    )
    .await;
    go(&browser, &format!("#/notice/{id}")).await;
    browser.until(&says("[data-test=arrival]", TOWN)).await;
    browser.until(&says("[data-test=arrival]", COUNTY)).await;
}
