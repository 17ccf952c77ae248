//! Being told by mail, as somebody lives it in a browser: the form, the page to which its link leads, and what is sent.

use serde_json::json;

use super::{super::site::Site, Colours, wrong_in_page};
use crate::support::{
    browser::Browser,
    mailbox::{Mailbox, SENDER},
    outage,
};

/// What is wrong on the page that is shown, in each width and colours.
async fn wrong_here(browser: &Browser, name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for colours in [Colours::Light, Colours::Dark, Colours::Forced] {
        wrong.extend(wrong_in_page(browser, name, colours, &[320, 1280]).await);
    }
    wrong
}

/// Presses a button and waits for a page that says this.
async fn press(browser: &Browser, button: &str, then: &str) {
    browser
        .run(&format!("document.querySelector({}).click(); return 0", json!(button)))
        .await;
    browser
        .until(&format!("document.body?.textContent.includes({})", json!(then)))
        .await;
}

async fn type_in(browser: &Browser, address: &str) {
    let script = format!("document.querySelector('[name=address]').value = {}; return 0", json!(address));
    browser.run(&script).await;
}

#[tokio::test]
async fn somebody_asks_confirms_is_told_and_ends_it() {
    let mailbox = Mailbox::start().await;
    let site = Site::start_with(&["--smtp", &mailbox.address(), "--mail-from", SENDER]);
    let browser = Browser::start().await;
    let mut wrong = Vec::new();
    browser.open(&site.url("/p/musterstadt/?lang=de")).await;
    wrong.extend(wrong_here(&browser, "status page with the form").await);
    // What the browser itself takes for an address, and is none here.
    type_in(&browser, "erika@localhost").await;
    press(&browser, "form.ask button", "Das ist keine E-Mail-Adresse.").await;
    assert_eq!(
        browser
            .run("const field = document.activeElement; return [field.name, field.value, field.getAttribute('aria-invalid')]")
            .await,
        json!(["address", "erika@localhost", "true"])
    );
    wrong.extend(wrong_here(&browser, "what was mistyped").await);
    type_in(&browser, "erika@beispiel.example").await;
    press(&browser, "form.ask button", "Noch ein Schritt").await;
    wrong.extend(wrong_here(&browser, "asked").await);
    let own = mailbox.at_least(1).await[0].own_page();
    browser.open(&site.url(&own)).await;
    wrong.extend(wrong_here(&browser, "to confirm").await);
    // Nobody who does not want to has to choose anything.
    press(&browser, "form.ask button", "Ihre Adresse ist bestätigt.").await;
    wrong.extend(wrong_here(&browser, "confirmed").await);
    browser
        .run("for (const one of document.querySelectorAll('[name=kind]')) one.checked = false; return 0")
        .await;
    press(&browser, "button[value=settle]", "Wählen Sie mindestens einen Dienst").await;
    wrong.extend(wrong_here(&browser, "nothing chosen").await);
    site.publish(&outage("kfz-zulassung", "Kfz-Zulassung: Anmeldung nicht möglich"))
        .await;
    let folder = tempfile::tempdir().unwrap();
    for (number, mail) in mailbox.at_least(2).await.iter().enumerate() {
        let file = folder.path().join(format!("{number}.html"));
        std::fs::write(&file, mail.html()).unwrap();
        browser.open(&format!("file://{}", file.display())).await;
        wrong.extend(wrong_here(&browser, mail.subject()).await);
    }
    browser.open(&site.url(&own)).await;
    press(&browser, "button[value=end]", "Ihre Adresse haben wir gelöscht.").await;
    wrong.extend(wrong_here(&browser, "ended").await);
    browser.open(&site.url(&own)).await;
    browser
        .until("document.body?.textContent.includes('Diese Anmeldung gibt es nicht mehr')")
        .await;
    wrong.extend(wrong_here(&browser, "gone").await);
    assert!(wrong.is_empty(), "{} found:\n{}", wrong.len(), wrong.join("\n"));
}
