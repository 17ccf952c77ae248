//! As a new colleague would, by the words of the pages alone: invited to one portal, with a passkey of their own, and asked to approve what recurs.

use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{planning::tuesday, says, set};
use crate::{
    browser::site::{OPERATOR, Site, sign_in_as},
    support::{binary, browser::Browser, relay::Relay},
};

const PASSWORD: &str = "Ein Reiher am Weiher, 4 Uhr";

/// Presses what says so: the one button, link or fold on the page with these words.
async fn press(browser: &Browser, words: &str) {
    press_in(browser, "body", words).await;
}

/// The same, within a part of the page.
async fn press_in(browser: &Browser, part: &str, words: &str) {
    let find = format!(
        "[...document.querySelectorAll('{part} :is(a[href], button, summary)')].filter((one) => one.checkVisibility() && (one.ariaLabel ?? one.innerText).trim().replace(/\\s*\\(\\d+\\)$/, '') == {})",
        json!(words)
    );
    // Found and pressed in one: what is found may be gone a moment later.
    let pressed = browser
        .until(&format!(
            "(() => {{ const found = {find}; found[0]?.scrollIntoView({{ block: 'center' }}); found[0]?.click(); return found.length }})()"
        ))
        .await;
    assert_eq!(pressed, 1, "“{words}” is not one thing");
}

/// Writes into the field that is called so.
async fn write(browser: &Browser, label: &str, text: &str) {
    let find = format!(
        "[...document.querySelectorAll('label')].find((one) => one.checkVisibility() && one.innerText.trim().startsWith({}))?.control",
        json!(label)
    );
    browser.until(&format!("!!{find}")).await;
    let write = format!(
        "const field = {find}; field.value = {}; field.dispatchEvent(new Event('input', {{ bubbles: true }})); return 0",
        json!(text)
    );
    browser.run(&write).await;
}

/// Ticks what is called so.
async fn tick(browser: &Browser, label: &str) {
    let find = format!(
        "[...document.querySelectorAll('label')].find((one) => one.checkVisibility() && one.innerText.trim() == {})",
        json!(label)
    );
    browser.until(&format!("!!{find}")).await;
    browser.run(&format!("{find}.click(); return 0")).await;
}

/// Chooses in the list that is called so.
async fn choose(browser: &Browser, label: &str, words: &str) {
    let find = format!(
        "[...document.querySelectorAll('label')].find((one) => one.innerText.trim().startsWith({}))?.control",
        json!(label)
    );
    browser.until(&format!("!!{find}")).await;
    let chosen = browser
        .run(&format!(
            "const list = {find}; const option = [...list.options].find((one) => one.text.startsWith({})); list.value = option?.value;
             list.dispatchEvent(new Event('change', {{ bubbles: true }})); return !!option",
            json!(words)
        ))
        .await;
    assert_eq!(chosen, true, "“{words}” is not in “{label}”");
}

/// An invitation to one portal; its link.
async fn invite(browser: &Browser) -> String {
    press(browser, "Personen").await;
    press(browser, "Jemanden einladen").await;
    write(browser, "Für wen", "Mira Muster").await;
    press(browser, "Auf einzelnen Portalen").await;
    choose(browser, "Stadt Musterstadt", "veröffentlicht").await;
    press(browser, "Link erzeugen").await;
    browser.visible("#invitation-link").await;
    browser.until(&says("[data-test=invitation]", "Stadt Musterstadt")).await;
    let link = browser.run("return document.querySelector('#invitation-link').value").await;
    link.as_str().unwrap().to_owned()
}

/// Comes by the link, adds a passkey, and comes again by that alone.
async fn come(browser: &Browser, link: &str) {
    browser.open(link).await;
    write(browser, "Name", "mira").await;
    write(browser, "Passwort", PASSWORD).await;
    press(browser, "Konto anlegen").await;
    browser.visible("[data-test=situation]").await;
    press(browser, "mira").await;
    press(browser, "Passkey hinzufügen").await;
    write(browser, "Name des Passkeys", "Diensthandy").await;
    write(browser, "Ihr jetziges Passwort", PASSWORD).await;
    press(browser, "Weiter am Gerät").await;
    press(browser, "Ich habe sie gesichert").await;
    press(browser, "Abmelden").await;
    // It leads to the first page; what is pressed on the one before is lost with it.
    browser.until("location.pathname == '/admin/'").await;
    press(browser, "Mit Passkey anmelden").await;
    browser.until("document.querySelector('[data-test=sign-out]')").await;
}

/// A maintenance of each week, with one week left out.
async fn plan(browser: &Browser) {
    let first = tuesday();
    press(browser, "Neue Wartung").await;
    write(browser, "Titel", "Wohngeld: Wartung").await;
    tick(browser, "Wohngeld").await;
    set(browser, "#field-starts_at", &format!("{first}T22:00")).await;
    set(browser, "#field-ends_at", &format!("{first}T23:00")).await;
    press(browser, "Entwurf speichern").await;
    press(browser, "Wiederholen").await;
    press(browser, "Serie anlegen").await;
}

#[tokio::test]
async fn somebody_who_was_never_here_comes_and_approves() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let site = Site::start_as(&address);
    let _relay = Relay::on(listener, site.origin());
    site.change_catalogue(|catalogue| catalogue.replace("linger_minutes = 120", "linger_minutes = 120\nfour_eyes = [\"maintenance\"]"));
    site.add_operator();
    binary::succeed(site.folder(), &["user", "grant", OPERATOR, "--role", "admin"]);
    let (admin, colleague) = (Browser::start().await, Browser::start().await);
    colleague.add_authenticator().await;
    for browser in [&admin, &colleague] {
        browser.viewport(360, 780).await;
    }
    admin.open(&format!("{address}/admin/")).await;
    sign_in_as(&admin, OPERATOR).await;
    let link = invite(&admin).await;
    come(&colleague, &link).await;
    let me = colleague
        .run_until_done("fetch('/api/v1/session').then((answer) => answer.json()).then(done)")
        .await;
    assert_eq!(me["grants"], json!([{"role": "publisher", "portals": ["musterstadt"]}]));
    admin.open(&format!("{address}/admin/")).await;
    plan(&admin).await;
    admin
        .until(&says(
            "[data-test=status]",
            "Wartet auf die Freigabe durch eine zweite Person: A-0001",
        ))
        .await;
    press(&colleague, "Freigaben").await;
    press(&colleague, "Freigeben").await;
    press_in(&colleague, "#step", "Freigeben").await;
    colleague.until(&says("[data-test=status]", "Freigegeben: A-0001")).await;
    let series = site.read("/api/v1/series").await;
    assert_eq!(series["series"].as_array().map(Vec::len), Some(1), "{series}");
    // One week falls out, by the words of the page as well.
    admin.open(&format!("{address}/admin/")).await;
    press(&admin, "Planung").await;
    let dates = "[...document.querySelectorAll('[data-test=coming] [data-test^=occurrence-]')]";
    admin.until(&format!("{dates}.length > 1")).await;
    let second: Value = admin.run(&format!("return {dates}[1].dataset.test")).await;
    let second = second.as_str().unwrap().to_owned();
    let button = format!("document.querySelector('[data-test={second}]')");
    let offered = admin
        .run(&format!(
            "return [...{button}.querySelectorAll('button')].map((one) => one.innerText.trim())"
        ))
        .await;
    assert!(offered.as_array().unwrap().contains(&json!("Fällt aus")), "{offered}");
}
