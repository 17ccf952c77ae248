//! Who may do what, as an administrator decides it and as a colleague meets it who was invited; and one's own account.

use serde_json::json;

use super::{desk, says, set, tap, to_office};
use crate::{
    browser::{
        accessibility::expect_accessible,
        site::{OPERATOR, PASSWORD, Site},
    },
    support::{binary, browser::Browser},
};

const OTHER: &str = "Ein Reiher am Weiher, 4 Uhr";

/// A server with an administrator who is signed in.
async fn administrator() -> (Site, Browser) {
    let (site, browser) = desk().await;
    binary::succeed(site.folder(), &["user", "grant", OPERATOR, "--role", "admin"]);
    browser.open(&site.url("/admin/")).await;
    browser.visible("[data-test=to-people]").await;
    (site, browser)
}

/// Chooses one of a list, as somebody does who opens it.
async fn choose(browser: &Browser, selector: &str, value: &str) {
    browser.visible(selector).await;
    let (selector, value) = (json!(selector), json!(value));
    browser
        .run(&format!(
            "const list = document.querySelector({selector}); list.value = {value}; list.dispatchEvent(new Event('change', {{ bubbles: true }})); return 0"
        ))
        .await;
}

/// Who has just come is told what they may do, and is led to where they secure their account.
async fn expect_welcome(colleague: &Browser) {
    colleague
        .until(&says(
            "[data-test=status]",
            "mira. Ihre Rolle: schreibt Entwürfe auf allen Portalen",
        ))
        .await;
    expect_accessible(colleague, "a welcome").await;
    colleague.viewport(360, 780).await;
    tap(colleague, "[data-test=secure]").await;
    colleague.visible("[data-test=passkeys]").await;
}

#[tokio::test]
async fn a_colleague_is_invited_comes_and_gets_other_rights() {
    let (site, browser) = administrator().await;
    browser.viewport(360, 780).await;
    tap(&browser, "[data-test=to-people]").await;
    browser.until(&says("[data-test=people]", OPERATOR)).await;
    expect_accessible(&browser, "people").await;
    browser.viewport(360, 780).await;
    tap(&browser, "#invite").await;
    // Nothing is typed, and nothing chosen.
    tap(&browser, "[data-test=invite-send]").await;
    browser.until("document.querySelectorAll('#faults li').length == 2").await;
    browser.fill("#field-label", "Mira Muster").await;
    choose(&browser, "#role-everywhere", "editor").await;
    expect_accessible(&browser, "an invitation").await;
    browser.viewport(360, 780).await;
    let runs_over = browser.run("return document.documentElement.scrollWidth > innerWidth").await;
    assert_eq!(runs_over, false);
    tap(&browser, "[data-test=invite-send]").await;
    browser.visible("#invitation-link").await;
    let link = browser.run("return document.querySelector('#invitation-link').value").await;
    browser.until(&says("[data-test=invitation]", "Mira Muster")).await;
    browser
        .until(&says("[data-test=invitation]", "schreibt Entwürfe auf allen Portalen"))
        .await;

    let colleague = Browser::start().await;
    colleague.viewport(360, 780).await;
    colleague.open(link.as_str().unwrap()).await;
    colleague.visible("[data-test=setup-form]").await;
    colleague
        .until("document.body.innerText.includes('Jemand hat Sie eingeladen')")
        .await;
    expect_accessible(&colleague, "an invited colleague").await;
    colleague.fill("#setup-name", "mira").await;
    colleague.fill("#setup-password", OTHER).await;
    colleague.click("#setup").await;
    colleague.visible("[data-test=situation]").await;
    colleague.until("!location.hash.includes('invitation')").await;
    expect_welcome(&colleague).await;
    assert_eq!(
        colleague
            .run("return document.querySelector('[data-test=to-people]').checkVisibility()")
            .await,
        false,
        "it is for administrators"
    );
    // The link works once.
    let late = Browser::start().await;
    late.open(link.as_str().unwrap()).await;
    late.fill("#setup-name", "eva").await;
    late.fill("#setup-password", OTHER).await;
    late.click("#setup").await;
    late.until(&says("#setup-fault", "gilt nicht mehr")).await;

    to_office(&site, &browser, "#/people").await;
    browser.until(&says("[data-test=people]", "mira")).await;
    let card = "[data-test^=person-]:has([aria-label$=': mira'])";
    tap(&browser, &format!("{card} [data-test=grants-change]")).await;
    choose(&browser, "#role-everywhere", "publisher").await;
    tap(&browser, "[data-test=grants-save]").await;
    browser.until(&says("[data-test=status]", "Die Rechte sind geändert")).await;
    browser.until(&says(card, "veröffentlicht auf allen Portalen")).await;
    tap(&browser, &format!("{card} [data-test=disable]")).await;
    browser.until(&says("[data-test=status]", "mira ist gesperrt")).await;
    browser.until(&says(card, "gesperrt")).await;
    // Whoever is kept out is so at once.
    colleague
        .run("document.dispatchEvent(new Event('visibilitychange')); return 0")
        .await;
    colleague.visible("[data-test=sign-in-form]").await;
    tap(&browser, &format!("{card} [data-test=enable]")).await;
    browser.until(&says("[data-test=status]", "mira kann sich wieder anmelden")).await;
    // The last administrator stays.
    let own = format!("[data-test^=person-]:has([aria-label$=': {OPERATOR}'])");
    tap(&browser, &format!("{own} [data-test=disable]")).await;
    browser.until("document.querySelector('.message.danger:not([hidden])')").await;
    browser.until(&says(&own, "verwaltet auf allen Portalen")).await;
}

#[tokio::test]
async fn a_program_gets_a_token_that_is_told_once() {
    let (site, browser) = administrator().await;
    to_office(&site, &browser, "#/people").await;
    tap(&browser, "#token").await;
    browser.fill("#field-name", "Pipeline").await;
    choose(&browser, "#role-everywhere", "publisher").await;
    tap(&browser, "[data-test=token-send]").await;
    browser.visible("#token-secret").await;
    let secret = browser.run("return document.querySelector('#token-secret').value").await;
    let ask = reqwest::Client::new()
        .get(site.url("/api/v1/session"))
        .bearer_auth(secret.as_str().unwrap());
    assert_eq!(ask.send().await.unwrap().status(), 200);
    browser.until(&says("[data-test=programs]", "Pipeline")).await;
    expect_accessible(&browser, "programs").await;
    browser.viewport(1280, 900).await;
    tap(&browser, "[aria-label='Widerrufen: Pipeline']").await;
    browser.until(&says("[data-test=status]", "Pipeline gilt nicht mehr")).await;
    let ask = reqwest::Client::new()
        .get(site.url("/api/v1/session"))
        .bearer_auth(secret.as_str().unwrap());
    assert_eq!(ask.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn an_invitation_that_is_withdrawn_leads_nowhere() {
    let (site, browser) = administrator().await;
    to_office(&site, &browser, "#/people").await;
    tap(&browser, "#invite").await;
    browser.fill("#field-label", "Mira Muster").await;
    choose(&browser, "#role-everywhere", "viewer").await;
    tap(&browser, "[data-test=invite-send]").await;
    browser.visible("#invitation-link").await;
    let link = browser.run("return document.querySelector('#invitation-link').value").await;
    browser.until(&says("[data-test=invitation]", "Mira Muster")).await;
    tap(&browser, "[aria-label='Einladung zurückziehen: Mira Muster']").await;
    browser.until(&says("[data-test=status]", "Die Einladung gilt nicht mehr")).await;
    browser.until("!document.querySelector('[data-test=invitation]')").await;
    let late = Browser::start().await;
    late.open(link.as_str().unwrap()).await;
    late.fill("#setup-name", "mira").await;
    late.fill("#setup-password", OTHER).await;
    late.click("#setup").await;
    late.until(&says("#setup-fault", "gilt nicht mehr")).await;
}

#[tokio::test]
async fn a_token_works_until_the_day_that_was_chosen() {
    let (site, browser) = administrator().await;
    to_office(&site, &browser, "#/people").await;
    tap(&browser, "#token").await;
    browser.fill("#field-name", "Pipeline").await;
    choose(&browser, "#role-everywhere", "viewer").await;
    let day = browser
        .run(
            "const day = new Date(Date.now() + 30 * 864e5), two = (number) => String(number).padStart(2, '0');
            return [`${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T08:00`, day.getDate()]",
        )
        .await;
    set(&browser, "#field-expires_at", day[0].as_str().unwrap()).await;
    tap(&browser, "[data-test=token-send]").await;
    browser.visible("#token-secret").await;
    let card = "[data-test=token]:has([aria-label$=': Pipeline'])";
    browser.until(&says(card, "gilt bis ")).await;
    let told = browser
        .run(&format!("return document.querySelector({}).innerText", json!(card)))
        .await;
    let told = told.as_str().unwrap();
    assert!(told.contains(&format!("{}. ", day[1])), "{told}");
}

#[tokio::test]
async fn a_person_changes_their_password_and_leaves_everywhere() {
    let (site, browser) = desk().await;
    let other = Browser::start().await;
    site.sign_in(&other).await;
    browser.viewport(360, 780).await;
    tap(&browser, "[data-test=to-account]").await;
    tap(&browser, "#password").await;
    browser.visible("[data-test=password-form]").await;
    browser.fill("#field-current", "Ein Schwan am Kahn, 5 Uhr").await;
    browser.fill("#field-password", OTHER).await;
    tap(&browser, "[data-test=password-change]").await;
    browser.until(&says("#field-current-fault", "ist nicht Ihr Passwort")).await;
    expect_accessible(&browser, "an account").await;
    browser.viewport(360, 780).await;
    set(&browser, "#field-current", PASSWORD).await;
    tap(&browser, "[data-test=password-change]").await;
    browser.until(&says("[data-test=status]", "Das Passwort ist geändert")).await;
    other.run("document.dispatchEvent(new Event('visibilitychange')); return 0").await;
    other.visible("[data-test=sign-in-form]").await;
    tap(&browser, "[data-test=sign-out-everywhere]").await;
    browser.visible("[data-test=sign-in-form]").await;
    browser.until("!location.hash.includes('account')").await;
    // The old password is nobody's.
    other.fill("#sign-in-name", OPERATOR).await;
    other.fill("#sign-in-password", PASSWORD).await;
    other.click("#sign-in").await;
    other.until("document.querySelector('#sign-in-fault').innerText").await;
}
