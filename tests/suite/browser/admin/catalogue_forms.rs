//! How entries of the catalogue are filled in: what is clicked, moved or written in a language is what citizens and colleagues get.

use serde_json::{Value, json};
use thirtyfour::Key;

use super::{
    catalogue::{PHONE, administrator, expect_narrow},
    says, set, tap, to_office, value,
};
use crate::{
    browser::accessibility::expect_accessible,
    support::{binary, browser::Browser, pdf::pdf},
};

/// The ways to say when somebody is there, by their place among the choices.
const BY_DAY: &str = "#field-hours-way input[value='0']";
const NOTATION: &str = "#field-hours-way input[value='3']";

/// Types a time over what stands in its field, and leaves it.
async fn time(browser: &Browser, selector: &str, typed: &str) {
    set(browser, selector, typed).await;
    let left = format!(
        "document.querySelector({}).dispatchEvent(new Event('change', {{ bubbles: true }})); return 0",
        json!(selector)
    );
    browser.run(&left).await;
}

async fn save(browser: &Browser) {
    tap(browser, "[data-test=part-save]").await;
    browser.until(&says("[data-test=status]", "Gespeichert")).await;
}

#[tokio::test]
async fn hours_are_clicked_and_a_citizen_is_told_them() {
    let (site, browser) = administrator().await;
    let outage = json!({"kind": "outage", "severity": "outage", "services": ["bundid"], "portals": [], "channels": ["online-hilfe", "email"],
        "title": {"de": "BundID: Anmeldung nicht möglich"}, "impact": {"de": "Nichts geht."}, "publish": true});
    site.publish(&outage).await;
    to_office(&site, &browser, PHONE).await;
    tap(&browser, BY_DAY).await;
    browser.visible("#field-hours-0-0-from").await;
    browser.until(&says("[data-test=opening]", "Noch nicht vollständig")).await;
    // What is missing is told where it is missing, and nothing is sent.
    tap(&browser, "[data-test=part-save]").await;
    browser.until("document.activeElement.id == 'field-hours-0'").await;
    browser.until(&says("#field-hours-0-fault", "Wochentage")).await;
    browser.until(&says("#field-hours-0-0-fault", "fehlt eine Uhrzeit")).await;
    expect_accessible(&browser, "hours that lack something").await;
    expect_narrow(&browser).await;

    for day in 0..5 {
        tap(&browser, &format!("#field-hours-0-day-{day}")).await;
    }
    browser
        .until("document.querySelectorAll('#field-hours-0 [aria-pressed=true]').length == 5")
        .await;
    time(&browser, "#field-hours-0-0-from", "acht").await;
    browser.until(&says("#field-hours-0-0-fault", "keine Uhrzeit")).await;
    time(&browser, "#field-hours-0-0-from", "8").await;
    assert_eq!(value(&browser, "#field-hours-0-0-from").await, "08:00");
    time(&browser, "#field-hours-0-0-until", "12.00").await;
    tap(&browser, "#field-hours-0-add").await;
    browser.until("document.activeElement.id == 'field-hours-0-1-from'").await;
    time(&browser, "#field-hours-0-1-from", "13 Uhr").await;
    time(&browser, "#field-hours-0-1-until", "1600").await;
    browser.until(&says("[data-test=opening]", "13:00 bis 16:00 Uhr")).await;
    // Nobody reads 24:00.
    tap(&browser, "#field-hours-add").await;
    browser.until("document.activeElement.id == 'field-hours-1-day-0'").await;
    tap(&browser, "#field-hours-1-day-5").await;
    time(&browser, "#field-hours-1-0-from", "20:00").await;
    time(&browser, "#field-hours-1-0-until", "24:00").await;
    assert_eq!(value(&browser, "#field-hours-1-0-until").await, "00:00");
    browser.until(&says("#field-hours-1-0-note", "Mitternacht")).await;
    browser.until(&says("[data-test=opening]", "20:00 bis Mitternacht")).await;
    expect_accessible(&browser, "hours that are clicked").await;
    expect_narrow(&browser).await;
    tap(&browser, "[aria-label='Weglassen: Zeile 2']").await;
    browser.until("document.activeElement.id == 'field-hours-add'").await;
    save(&browser).await;
    let saved = binary::succeed(site.folder(), &["catalogue", "export"]);
    assert!(saved.contains("hours = \"Mo-Fr 08:00-12:00,13:00-16:00; PH off\""), "{saved}");
    let clock = |at: &Value| at.as_str().unwrap()[11..16].to_owned();
    site.until_state(|state| {
        let channels = state["channels"].as_array().unwrap();
        let Some(phone) = channels.iter().find(|channel| channel["id"] == "online-hilfe") else {
            return false;
        };
        let open = phone["open"].as_array().unwrap();
        let spans: Vec<_> = open.iter().map(|span| (clock(&span["from"]), clock(&span["to"]))).collect();
        let is_clicked = |(from, to): &(String, String)| matches!((from.as_str(), to.as_str()), ("08:00", "12:00") | ("13:00", "16:00"));
        phone["always"] == false && spans.len() > 3 && spans.iter().all(is_clicked)
    })
    .await;
}

#[tokio::test]
async fn hours_that_no_row_can_say_are_typed_and_the_page_says_why() {
    let (site, browser) = administrator().await;
    let rich = "Apr-Oct Mo-Fr 08:00-16:00; PH off";
    site.change_catalogue(|toml| toml.replace("hours = \"24/7\"", &format!("hours = \"{rich}\"")));
    to_office(&site, &browser, PHONE).await;
    browser.visible("#field-hours").await;
    assert_eq!(value(&browser, "#field-hours").await, rich);
    browser.until(&says("#field-hours-hint", "Monate oder einzelne Tage")).await;
    expect_accessible(&browser, "hours that are typed").await;
    // Whoever looks at the other choices loses nothing.
    tap(&browser, "#field-hours-way input[value='1']").await;
    tap(&browser, NOTATION).await;
    browser.visible("#field-hours").await;
    assert_eq!(value(&browser, "#field-hours").await, rich);
    // What can be clicked is taken along, there and back.
    set(&browser, "#field-hours", "Mo-We 09:00-12:00; PH 10:00-11:00").await;
    tap(&browser, BY_DAY).await;
    browser.visible("#field-hours-holidays-0-from").await;
    assert_eq!(value(&browser, "#field-hours-holidays-0-until").await, "11:00");
    browser
        .until("document.querySelectorAll('#field-hours-0 [aria-pressed=true]').length == 3")
        .await;
    tap(&browser, "#field-hours-0-day-3").await;
    for way in [1, 2, 3, 0] {
        tap(&browser, &format!("#field-hours-way input[value='{way}']")).await;
    }
    browser
        .until("document.querySelectorAll('#field-hours-0 [aria-pressed=true]').length == 4")
        .await;
    tap(&browser, "#field-hours-0-day-3").await;
    tap(&browser, "#field-hours-on_holidays input[value='1']").await;
    tap(&browser, NOTATION).await;
    browser.visible("#field-hours").await;
    assert_eq!(value(&browser, "#field-hours").await, "Mo-We 09:00-12:00");
}

#[tokio::test]
async fn what_is_moved_up_comes_first_on_a_citizens_page() {
    let (site, browser) = administrator().await;
    let outage = json!({"kind": "outage", "severity": "outage", "services": ["kita-anmeldung"], "portals": [],
        "title": {"de": "Nichts geht"}, "impact": {"de": "Nichts geht."}, "publish": true});
    site.publish(&outage).await;
    // Both are there at any time, so that nothing but the order says which comes first.
    let form_comes_first = |page: &str| page.find("Kontaktformular der Stadt") < page.find("buergerservice@musterstadt.example");
    assert!(!form_comes_first(&site.get("/p/musterstadt/").await));
    to_office(&site, &browser, "#/catalogue/service/kita-anmeldung").await;
    tap(&browser, "#field-channels .order summary").await;
    expect_accessible(&browser, "an order that is made").await;
    expect_narrow(&browser).await;
    tap(&browser, "#field-channels-kontaktformular-up").await;
    browser
        .until(&says("#field-channels .order [role=status]", "an Stelle 2 von 4"))
        .await;
    // The button is still there for the next step, and at the top there is none.
    browser
        .until("document.activeElement.id == 'field-channels-kontaktformular-up'")
        .await;
    browser.keys(Key::Enter).await;
    browser
        .until(&says("#field-channels .order [role=status]", "an Stelle 1 von 4"))
        .await;
    browser
        .until("document.activeElement.id == 'field-channels-kontaktformular-up' && document.activeElement.ariaDisabled == 'true'")
        .await;
    browser.keys(Key::Enter).await;
    save(&browser).await;
    let saved = binary::succeed(site.folder(), &["catalogue", "export"]);
    assert!(
        saved
            .replace(['\n', ' '], "")
            .contains("channels=[\"kontaktformular\",\"buergertelefon\",\"email\",\"gebaerdensprache\""),
        "{saved}"
    );
    site.until_state(|state| state["notices"][0]["channels"][0] == "kontaktformular")
        .await;
    assert!(form_comes_first(&site.get("/p/musterstadt/").await));
}

#[tokio::test]
async fn steps_are_moved_with_what_is_written_in_them() {
    let (site, browser) = administrator().await;
    to_office(&site, &browser, "#/catalogue/procedure").await;
    browser.fill("#field-id", "am-schalter").await;
    browser.fill("#field-name-de", "Am Schalter").await;
    for (place, text) in ["Zweitens", "Erstens"].iter().enumerate() {
        tap(&browser, "#field-steps-add").await;
        browser.fill(&format!("#field-steps-{place}-text-de"), text).await;
    }
    tap(&browser, "#field-steps-1-up").await;
    browser.until("document.activeElement.id == 'field-steps-0-up'").await;
    assert_eq!(value(&browser, "#field-steps-0-text-de").await, "Erstens");
    assert_eq!(value(&browser, "#field-steps-1-text-de").await, "Zweitens");
    save(&browser).await;
    let saved = binary::succeed(site.folder(), &["catalogue", "export"]);
    assert!(
        saved.find("Erstens") < saved.find("Zweitens") && saved.contains("Erstens"),
        "{saved}"
    );
}

#[tokio::test]
async fn a_template_is_changed_in_two_languages_and_a_notice_begins_with_it() {
    let (site, browser) = administrator().await;
    to_office(&site, &browser, "#/catalogue/template/bundid-outage").await;
    browser.visible("#field-notice-title-de").await;
    expect_accessible(&browser, "a template of the catalogue").await;
    expect_narrow(&browser).await;
    let spoken = "[data-test=missing-texts]";
    set(&browser, "#field-notice-title-de", "BundID: Anmelden geht nicht").await;
    set(&browser, "#field-notice-guidance-de", "Kommen Sie in den **Bürgerdienst**.").await;
    tap(&browser, "[data-test=language-en]").await;
    set(&browser, "#field-notice-title-en", "BundID: nobody can sign in").await;
    // Whoever leaves a language out is told which text it lacks, and is led there.
    tap(&browser, "[data-test=language-de-simple]").await;
    let simple = value(&browser, "#field-notice-title-de-simple").await;
    set(&browser, "#field-notice-title-de-simple", "").await;
    browser.until(&says(spoken, "Leichte Sprache: Titel")).await;
    expect_accessible(&browser, "a template that lacks a text").await;
    expect_narrow(&browser).await;
    tap(&browser, "[data-test=language-de]").await;
    tap(&browser, &format!("{spoken} button")).await;
    browser.until("document.activeElement.id == 'field-notice-title-de-simple'").await;
    set(&browser, "#field-notice-title-de-simple", simple.as_str().unwrap()).await;

    // All else that it has.
    browser
        .run("document.querySelector('details.more:has(#field-notice-channels-own)').open = true; return 0")
        .await;
    tap(&browser, "#field-notice-channels-own").await;
    tap(&browser, "#field-notice-channels summary").await;
    tap(&browser, "#field-notice-channels [data-test=channel-email]").await;
    tap(&browser, "details.more:has(#field-notice-starts_at) > summary").await;
    expect_accessible(&browser, "a template with channels of its own").await;
    expect_narrow(&browser).await;
    save(&browser).await;
    let saved = binary::succeed(site.folder(), &["catalogue", "export"]);
    assert!(saved.contains("BundID: nobody can sign in"), "{saved}");

    browser.open(&site.url("/admin/#/template/bundid-outage")).await;
    browser.visible("#field-title-de").await;
    assert_eq!(value(&browser, "#field-title-de").await, "BundID: Anmelden geht nicht");
    assert_eq!(value(&browser, "#field-guidance-de").await, "Kommen Sie in den **Bürgerdienst**.");
    browser.visible("[data-test=language-en]").await;
    assert_eq!(value(&browser, "#field-title-en").await, "BundID: nobody can sign in");
    assert_eq!(value(&browser, "#field-title-de-simple").await, simple);
    let is_chosen = "document.querySelector('[data-test=channel-email]').checked";
    assert_eq!(browser.run(&format!("return {is_chosen}")).await, true);
}

#[tokio::test]
async fn a_template_is_made_on_the_page_and_what_is_wrong_stands_where_it_is() {
    let (site, browser) = administrator().await;
    tap(&browser, "[data-test=new-template]").await;
    browser.fill("#field-id", "termine-weg").await;
    browser.fill("#field-name-de", "Termine: nichts geht").await;
    browser.fill("#field-notice-title-de", "Termine: Buchen geht nicht").await;
    tap(&browser, "[data-test=part-save]").await;
    // It concerns nothing yet.
    browser.until("document.querySelectorAll('#faults li').length > 0").await;
    browser
        .until("document.activeElement.id == 'field-notice-services' || document.activeElement.closest('#field-notice-services')")
        .await;
    tap(&browser, "#field-notice-services summary").await;
    tap(&browser, "#field-notice-services [data-test=service-epaybl]").await;
    save(&browser).await;
    browser.until("location.hash == '#/catalogue/template/termine-weg'").await;
    // A service says which templates name it.
    to_office(&site, &browser, "#/catalogue/service/epaybl").await;
    browser.until(&says("[data-test=users]", "Termine: nichts geht")).await;
    browser.open(&site.url("/admin/")).await;
    browser.visible("[data-test=template-termine-weg]").await;
}

#[tokio::test]
async fn a_form_is_uploaded_and_citizens_are_given_it() {
    let (site, browser) = administrator().await;
    let outage = json!({"kind": "outage", "severity": "outage", "services": ["wohngeld"], "portals": [],
        "title": {"de": "Wohngeld: nichts geht"}, "impact": {"de": "Nichts geht."}, "publish": true});
    site.publish(&outage).await;
    let citizen = Browser::start().await;
    citizen.open(&site.url("/p/musterstadt/")).await;
    let (page, form) = (site.folder().join("seite.pdf"), site.folder().join("Antrag für Wohngeld.pdf"));
    std::fs::write(&page, "<!doctype html><script>alert(1)</script>").unwrap();
    std::fs::write(&form, pdf("Antrag")).unwrap();
    to_office(&site, &browser, "#/catalogue/procedure/wohngeld-formlos").await;
    browser.visible("[data-test=part-form]").await;
    browser.fill("#field-steps-0-form-upload", page.to_str().unwrap()).await;
    browser.until(&says("#field-steps-0-form-fault", "kein PDF")).await;
    browser.fill("#field-steps-0-form-upload", form.to_str().unwrap()).await;
    browser.until(&says("[data-test=status]", "Hochgeladen: 1 Seite")).await;
    browser.until(&says("[data-test=uploaded]", "antrag-fuer-wohngeld.pdf")).await;
    browser.until("document.activeElement.id == 'field-steps-0-form'").await;
    expect_accessible(&browser, "a form that was uploaded").await;
    expect_narrow(&browser).await;
    // Staff look at it before anybody is given it.
    let seen = "const link = document.querySelector('[data-test=uploaded] a'); fetch(link.href).then((answer) => answer.blob()).then((file) => done(file.type));";
    assert_eq!(browser.run_until_done(seen).await, "application/pdf");
    save(&browser).await;
    // Not the page that the browser still has.
    citizen.open(&site.url("/p/musterstadt/?lang=de")).await;
    let given = "const roots = [document, ...[...document.querySelectorAll('*')].map((element) => element.shadowRoot).filter(Boolean)];
        const link = roots.map((root) => root.querySelector('a[href*=\"/forms/\"]')).find(Boolean);
        return [link.textContent, new URL(link.href).pathname];";
    let given = citizen.run(given).await;
    assert!(given[0].as_str().unwrap().ends_with("(PDF)"), "{given}");
    assert!(site.get(given[1].as_str().unwrap()).await.starts_with("%PDF-"), "{given}");
    // And no more once it is taken out.
    tap(&browser, "[data-test=uploaded] button").await;
    browser.until("document.activeElement.id == 'field-steps-0-form'").await;
    save(&browser).await;
    assert!(!site.get("/p/musterstadt/").await.contains("/forms/"));
}
