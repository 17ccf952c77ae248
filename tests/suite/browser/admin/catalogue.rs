//! The catalogue in the page: an entry is changed, and a citizen's open page says it; what two have changed is put together; the whole as a file.

use serde_json::json;

use super::{desk, says, set, tap, to_office, value};
use crate::{
    browser::{
        accessibility::expect_accessible,
        site::{OPERATOR, Site, widget_says},
    },
    support::{binary, browser::Browser, listener::PATIENCE},
};

pub(super) const PHONE: &str = "#/catalogue/channel/online-hilfe";

/// A server with an administrator, who has the catalogue before them.
pub(super) async fn administrator() -> (Site, Browser) {
    let (site, browser) = desk().await;
    binary::succeed(site.folder(), &["user", "grant", OPERATOR, "--role", "admin"]);
    browser.viewport(360, 780).await;
    to_office(&site, &browser, "#/catalogue").await;
    browser.visible("[data-test=parts-portal]").await;
    (site, browser)
}

pub(super) async fn expect_narrow(browser: &Browser) {
    browser.viewport(360, 780).await;
    let runs_over = browser.run("return document.documentElement.scrollWidth > innerWidth").await;
    assert_eq!(runs_over, false);
}

/// What the coming two weeks say under the opening hours.
fn opening_says(text: &str) -> String {
    says("[data-test=opening]", text)
}

#[tokio::test]
async fn a_number_and_its_hours_are_changed_and_a_citizens_open_page_has_them() {
    let (site, browser) = administrator().await;
    let outage = json!({"kind": "outage", "severity": "outage", "services": ["bundid"], "portals": [], "channels": ["online-hilfe", "email"],
        "title": {"de": "BundID: Anmeldung nicht möglich"}, "impact": {"de": "Nichts geht."}, "publish": true});
    site.publish(&outage).await;
    let citizen = Browser::start().await;
    citizen.open(&site.url("/demo/")).await;
    citizen.until(&widget_says("030 23125 111")).await;
    citizen.run("window.unreloaded = true; return 0").await;

    expect_accessible(&browser, "catalogue").await;
    expect_narrow(&browser).await;
    // All places of the menu, in two rows at most, each large enough for a thumb.
    let rows = browser
        .run(
            "const places = [...document.querySelectorAll('nav a')]; places.forEach((place) => place.hidden = false); \
             const boxes = places.map((place) => place.getBoundingClientRect()); \
             return [new Set(boxes.map((box) => box.top)).size, boxes.length, Math.min(...boxes.map((box) => box.height))]",
        )
        .await;
    let [rows, places, height] = [0_usize, 1, 2].map(|index| rows[index].as_f64().unwrap());
    assert!(
        rows <= 2.0 && places > 6.0 && height >= 24.0,
        "{rows} rows of {places} places, {height} px high"
    );
    // A long list is looked through by typing.
    browser.fill("#service-search", "wohngeld").await;
    browser
        .until("document.querySelectorAll('[data-test=parts-service] li').length == 1")
        .await;
    tap(&browser, &format!("[data-test=parts-channel] a[href='{PHONE}']")).await;
    browser.visible("[data-test=part-form]").await;
    browser
        .until("document.querySelectorAll('[data-test=opening] dt').length == 14")
        .await;
    browser.until(&says("[data-test=users]", "BundID")).await;
    expect_accessible(&browser, "a channel of the catalogue").await;
    expect_narrow(&browser).await;

    tap(&browser, "#field-hours-way input[value='3']").await;
    set(&browser, "#field-hours", "werktags").await;
    browser.until(&opening_says("keine Öffnungszeit")).await;
    set(&browser, "#field-value", "030 23125 998").await;
    tap(&browser, "[data-test=part-save]").await;
    browser.until("document.activeElement.id == 'field-hours'").await;
    set(&browser, "#field-hours", "Mo-Su 00:00-23:59").await;
    browser
        .until("document.querySelectorAll('[data-test=opening] dt').length == 14")
        .await;
    // What was typed outlives the tab.
    browser.open(&site.url("/admin/")).await;
    to_office(&site, &browser, PHONE).await;
    browser.visible("[data-test=part-form]").await;
    assert_eq!(value(&browser, "#field-value").await, "030 23125 998");
    tap(&browser, "[data-test=part-save]").await;
    browser.until(&says("[data-test=status]", "Gespeichert")).await;
    // That is seen beside the button, far down the page.
    browser
        .until("scrollY > 200 && (box => box.top >= 0 && box.bottom <= innerHeight)(document.querySelector('.told .message').getBoundingClientRect())")
        .await;
    citizen.until(&widget_says("030 23125 998")).await;
    assert_eq!(citizen.run("return window.unreloaded").await, true);
}

#[tokio::test]
async fn what_two_have_changed_is_put_together_and_looked_at_before_it_is_saved() {
    let (site, browser) = administrator().await;
    to_office(&site, &browser, PHONE).await;
    browser.visible("[data-test=part-form]").await;
    set(&browser, "#field-value", "030 23125 998").await;
    site.change_catalogue(|toml| {
        toml.replace("030 23125 111", "030 23125 112")
            .replace("Hilfe zu Online-Diensten", "Hilfe im Netz")
    });
    tap(&browser, "[data-test=part-save]").await;
    browser.until(&says("[data-test=status]", "inzwischen geändert")).await;
    // Mine where both have changed it, which is said; theirs where only they have.
    browser
        .until("[...document.querySelectorAll('.note')].some(note => note.checkVisibility() && note.innerText.includes('Nummer oder Adresse'))")
        .await;
    assert_eq!(value(&browser, "#field-value").await, "030 23125 998");
    assert!(value(&browser, "#field-name-de").await.as_str().unwrap().contains("Hilfe im Netz"));
    tap(&browser, "[data-test=part-save]").await;
    browser.until(&says("[data-test=status]", "Gespeichert")).await;
    let saved = binary::succeed(site.folder(), &["catalogue", "export"]);
    assert!(saved.contains("030 23125 998") && saved.contains("Hilfe im Netz") && !saved.contains("030 23125 112"));
}

#[tokio::test]
async fn an_office_and_a_way_without_the_service_are_added_and_one_that_is_needed_stays() {
    let (site, browser) = administrator().await;
    tap(&browser, "[data-test=new-procedure]").await;
    browser.visible("[data-test=part-form]").await;
    tap(&browser, "[data-test=part-save]").await;
    browser.until("document.activeElement.id == 'field-id'").await;
    browser.fill("#field-id", "am-schalter").await;
    browser.fill("#field-name-de", "Am Schalter").await;
    tap(&browser, "#field-steps-add").await;
    browser.until("document.activeElement.id == 'field-steps-0'").await;
    browser.fill("#field-steps-0-text-de", "Kommen Sie in den **Bürgerdienst**.").await;
    tap(&browser, "#field-steps-add").await;
    browser.fill("#field-steps-1-text-de", "Zu viel").await;
    tap(&browser, "[aria-label='Weglassen: Schritt 2']").await;
    browser.until("!document.querySelector('#field-steps-1')").await;
    expect_accessible(&browser, "a new procedure").await;
    expect_narrow(&browser).await;
    tap(&browser, "[data-test=part-save]").await;
    browser.until(&says("[data-test=status]", "Gespeichert")).await;
    browser.until("location.hash == '#/catalogue/procedure/am-schalter'").await;
    let saved = binary::succeed(site.folder(), &["catalogue", "export"]);
    assert!(
        saved.contains("Kommen Sie in den **Bürgerdienst**.") && !saved.contains("Zu viel"),
        "{saved}"
    );
    // It goes again, since nobody names it.
    tap(&browser, "[data-test=remove]").await;
    tap(&browser, "[data-test=remove-confirm]").await;
    browser.until("location.hash == '#/catalogue'").await;
    browser.until(&says("[data-test=status]", "aus dem Katalog genommen")).await;
    browser
        .until(&format!("!{}", says("[data-test=parts-procedure]", "Am Schalter")))
        .await;
    to_office(&site, &browser, PHONE).await;
    tap(&browser, "[data-test=remove]").await;
    tap(&browser, "[data-test=remove-confirm]").await;
    browser.until("document.querySelectorAll('#faults li').length > 0").await;
    expect_accessible(&browser, "an entry that is needed").await;
}

/// A page of a portal's, with the line as it stands there.
async fn portal_page(html: impl Fn(&str) -> String) -> (Site, String) {
    let site = Site::start_with(&["--portal-allow", "127.0.0.0/8"]);
    let html = html(site.origin());
    let pages = axum::Router::new().route(
        "/demo/",
        axum::routing::get(move || std::future::ready(axum::response::Html(html.clone()))),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let home = format!("http://{}/demo/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
    let own = format!("{}/demo/", site.origin());
    site.change_catalogue(|catalogue| catalogue.replace(&own, &home));
    site.add_operator();
    binary::succeed(site.folder(), &["user", "grant", OPERATOR, "--role", "admin"]);
    (site, home)
}

#[tokio::test]
async fn what_is_wrong_with_the_line_on_a_portals_page_is_read_under_the_portal() {
    let doubled = |origin: &str| {
        let line = format!("<script async src=\"{origin}/p/musterstadt/umleitung.js\"></script>");
        format!("<!doctype html><title>Musterstadt</title>{line}{line}")
    };
    let (site, home) = portal_page(doubled).await;
    let browser = Browser::start().await;
    site.sign_in(&browser).await;
    to_office(&site, &browser, "#/catalogue/portal/musterstadt").await;
    tap(&browser, "[data-test=examine]").await;
    browser.until(&says("[data-test=examination]", &home)).await;
    browser
        .until(&says(
            "[data-test=examination]",
            "Die Zeile steht mehrmals da. Eine genügt. Anzahl: 2",
        ))
        .await;
    // The others are not there at all.
    browser.until(&says("[data-test=examination]", "Antwortet mit einem Fehler")).await;
    expect_narrow(&browser).await;
}

#[tokio::test]
async fn the_catalogue_that_is_taken_along_is_the_one_that_holds() {
    let (site, browser) = administrator().await;
    browser.visible("[data-test=export]").await;
    let taken = browser
        .run_until_done("fetch(document.querySelector('[data-test=export]').href).then((answer) => answer.text()).then(done)")
        .await;
    let exported = binary::succeed(site.folder(), &["catalogue", "export"]);
    assert_eq!(taken.as_str().unwrap().trim(), exported.trim());
}

#[tokio::test]
async fn a_portal_has_its_line_to_paste_and_the_whole_goes_through_a_file() {
    let (site, browser) = administrator().await;
    tap(&browser, "[data-test=parts-portal] a[href='#/catalogue/portal/musterstadt']").await;
    browser.visible("[data-test=tag]").await;
    let line = value(&browser, "#tag-line").await;
    assert_eq!(
        line,
        format!("<script async src=\"{}/p/musterstadt/umleitung.js\"></script>", site.origin())
    );
    browser.visible("#field-links-home").await;
    // Who has to say yes is found before what is set up once.
    browser
        .until("document.querySelector('#field-four_eyes').compareDocumentPosition(document.querySelector('#field-links-home')) == Node.DOCUMENT_POSITION_FOLLOWING")
        .await;
    tap(&browser, "[data-test=examine]").await;
    browser
        .until("document.querySelector('[data-test=examination]').innerText.length > 20")
        .await;
    expect_accessible(&browser, "a portal of the catalogue").await;
    expect_narrow(&browser).await;

    // What a service needs is drawn, and leads there.
    to_office(&site, &browser, "#/catalogue/service/kfz-zulassung").await;
    browser.visible("[data-test=graph]").await;
    expect_accessible(&browser, "a service of the catalogue").await;
    expect_narrow(&browser).await;
    // It is drawn, and not only there.
    browser
        .until("[...document.querySelectorAll('[data-test=graph] a rect')].every(box => box.getBoundingClientRect().width > 50)")
        .await;
    let drawn = "[...document.querySelectorAll('[data-test=graph] a')].map(box => box.textContent).join()";
    let drawn = browser.run(&format!("return {drawn}")).await;
    assert!(drawn.as_str().unwrap().contains("BundID"), "{drawn}");
    tap(&browser, "[data-test=graph] a[href$='/bundid']").await;
    browser.until("location.hash == '#/catalogue/service/bundid'").await;

    to_office(&site, &browser, "#/catalogue").await;
    browser.visible("#field-toml").await;
    let choose = |toml: &str| {
        format!(
            "const chosen = new DataTransfer(); chosen.items.add(new File([{}], 'catalogue.toml')); \
             const input = document.querySelector('#field-toml'); input.files = chosen.files; input.dispatchEvent(new Event('change', {{ bubbles: true }})); return 0",
            json!(toml)
        )
    };
    let toml = binary::succeed(site.folder(), &["catalogue", "export"]);
    browser.run(&choose("[[service]]\nid = \"Hunde\"\n")).await;
    browser.until(&says("[data-test=file-faults]", "line 2, ")).await;
    expect_accessible(&browser, "a file that is refused").await;
    browser
        .run(&choose(&format!(
            "{toml}\n[[service]]\nid = \"hunde\"\nname = {{ de = \"Hundesteuer\" }}\n"
        )))
        .await;
    browser.until(&says("[data-test=changes]", "hunde: neu")).await;
    expect_accessible(&browser, "what a file would change").await;
    tap(&browser, "[data-test=apply]").await;
    browser.until(&says("[data-test=status]", "Der Katalog ist übernommen")).await;
    browser.until(&says("[data-test=parts-service]", "Hundesteuer")).await;
}

#[tokio::test]
async fn what_is_to_be_looked_at_is_tried_and_then_looked_at() {
    let (site, browser) = administrator().await;
    tap(&browser, "[data-test=new-probe]").await;
    browser.visible("[data-test=part-form]").await;
    set(&browser, "#field-id", "startseite").await;
    set(&browser, "#field-name-de", "Startseite").await;
    // Nobody has told this server that it may look at its own machine.
    set(&browser, "#field-target", &site.url("/demo/")).await;
    tap(&browser, "[data-test=probe-look]").await;
    browser.until(&says("[data-test=probe-seen]", "Gescheitert")).await;
    browser.until(&says("[data-test=probe-seen]", "--probe-allow")).await;
    expect_accessible(&browser, "a new probe").await;
    expect_narrow(&browser).await;
    // What is wrong is told in its field, also in one that is folded away.
    browser
        .run("document.querySelectorAll('details.fold').forEach((fold) => fold.open = true); return 0")
        .await;
    set(&browser, "#field-every_seconds", "5").await;
    browser
        .run("document.querySelectorAll('details.fold').forEach((fold) => fold.open = false); return 0")
        .await;
    tap(&browser, "[data-test=part-save]").await;
    browser.until("document.activeElement.id == 'field-every_seconds' || document.querySelector('#field-every_seconds')?.getAttribute('aria-invalid') == 'true'").await;
    browser
        .until("document.querySelector('#field-every_seconds').closest('details').open")
        .await;
    set(&browser, "#field-every_seconds", "10").await;
    set(&browser, "#field-timeout_seconds", "2").await;
    tap(&browser, "[data-test=part-save]").await;
    browser.until("location.hash == '#/catalogue/probe/startseite'").await;
    // It is looked at as soon as it is there; whoever opens its page then sees what was found.
    let found = async { while site.read("/api/v1/probes").await["probes"][0]["found"][0]["outcome"] != "bad" {} };
    tokio::time::timeout(PATIENCE, found).await.expect("nobody has looked");
    browser.run("location.reload(); return 0").await;
    browser.until(&says("[data-test=probe]", "Gescheitert")).await;
    expect_accessible(&browser, "a probe").await;
}
