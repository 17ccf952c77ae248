//! How a notice begins: with the texts of a template or with prepared ones, what the form says of it while it is written, and how the preview
//! shows it.

use serde_json::{Value, json};

use super::{desk, go, says, set, tap, value};
use crate::support::browser::Browser;

const LANGUAGES: [&str; 3] = ["de", "en", "de-simple"];
const ADVICE: &str = "[data-test=advice]";

/// The preview as it is seen.
const PREVIEW: &str = "document.querySelector('[data-test=preview]')";

/// What stands in it, as on a page of the portal.
const SEEN: &str = "document.querySelector('[data-test=preview]')?.contentDocument?.querySelector('umleitung-notice')?.shadowRoot";

/// True once the preview is seen and says this, in the banner or unfolded below it.
fn preview_says(text: &str) -> String {
    format!("{PREVIEW}?.checkVisibility() && {SEEN}?.textContent.includes({})", json!(text))
}

/// True while what the form advises can be seen, and says this.
fn advises(text: &str) -> String {
    format!(
        "[...document.querySelectorAll('{ADVICE} li, {ADVICE} p')].some((part) => part.checkVisibility() && part.innerText.includes({}))",
        json!(text)
    )
}

fn template(catalogue: &Value, id: &str) -> Value {
    let mut templates = catalogue["template"].as_array().unwrap().iter();
    templates.find(|template| template["id"] == id).unwrap()["notice"].clone()
}

/// What stands in a field in each language.
async fn variants(browser: &Browser, field: &str) -> Value {
    let mut found = json!({});
    for language in LANGUAGES {
        found[language] = value(browser, &format!("#field-{field}-{language}")).await;
    }
    found
}

#[tokio::test]
async fn a_notice_from_a_template_has_its_texts_in_every_language() {
    const TEXTS: [&str; 5] = ["title", "impact", "guidance", "still_works", "applications"];
    let (site, browser) = desk().await;
    let template = template(&site.read("/api/v1/catalogue").await, "wartung-geplant");
    tap(&browser, "[data-test=template-wartung-geplant]").await;
    browser.visible("#field-title-de").await;
    for field in TEXTS {
        assert_eq!(variants(&browser, field).await, template[field], "{field}");
    }
    browser
        .until("document.querySelector('[data-test=service-kfz-zulassung]').checked")
        .await;
    // They stay saved, says the first choice of a part that is folded.
    assert_eq!(value(&browser, "#field-entries input:checked").await, "0");
    // One sentence is made to fit, and there is a time; all else is stored as it was prepared.
    set(&browser, "#field-starts_at", "2097-05-04T20:00").await;
    set(&browser, "#field-ends_at", "2097-05-04T22:00").await;
    browser.fill("#field-guidance-de", " Am Donnerstag ist länger geöffnet.").await;
    tap(&browser, "[data-test=save-draft]").await;
    browser.visible("[data-test=facts]").await;
    let place = browser.run("return location.hash").await.as_str().unwrap().to_owned();
    let stored = site
        .read(&format!("/api/v1/notices/{}", place.trim_start_matches("#/notice/")))
        .await;
    for field in TEXTS {
        let mut expected = template[field].clone();
        if field == "guidance" {
            expected["de"] = json!(format!("{} Am Donnerstag ist länger geöffnet.", expected["de"].as_str().unwrap()));
        }
        assert_eq!(stored[field], expected, "{field}");
    }
    assert_eq!(stored["services"], json!(["kfz-zulassung"]));
    assert_eq!(stored["entries"], "saved");
}

#[tokio::test]
async fn what_nobody_has_to_write_at_night_is_prepared_in_every_language() {
    let (site, browser) = desk().await;
    go(&browser, "#/report/fundbuero").await;
    browser.visible("#field-title-de").await;
    assert_eq!(
        variants(&browser, "title").await,
        json!({"de": "Fundbüro: online nicht möglich", "en": "Lost and found: not possible online",
            "de-simple": "Fund-Büro: Das geht im Internet gerade nicht"})
    );
    assert_eq!(
        variants(&browser, "impact").await,
        json!({"de": "Der Online-Dienst funktioniert gerade nicht. Wir arbeiten daran.",
            "en": "The online service is not working at the moment. We are working on it.",
            "de-simple": "Der Dienst im Internet geht gerade nicht. Wir arbeiten daran."})
    );
    tap(&browser, "#publish").await;
    browser.visible("[data-test=facts]").await;
    let place = browser.run("return location.hash").await.as_str().unwrap().to_owned();
    go(&browser, "#/").await;
    tap(&browser, "[data-test=now] [data-test=all-clear]").await;
    tap(&browser, "[data-test=all-clear-not-known]").await;
    browser.until(&says("[data-test=status]", "Entwarnung gegeben")).await;
    let stored = site
        .read(&format!("/api/v1/notices/{}", place.trim_start_matches("#/notice/")))
        .await;
    assert_eq!(
        stored["updates"][0]["text"],
        json!({"de": "Es geht wieder. Ob Eingaben verloren sind, wissen wir noch nicht. Bitte prüfen Sie, was Sie eingegeben haben.",
            "en": "It works again. We do not know yet whether anything was lost. Please check what you entered.",
            "de-simple": "Es geht wieder. Wir wissen noch nicht: Sind Eingaben weg? Bitte sehen Sie nach."})
    );
}

#[tokio::test]
async fn languages_in_which_nothing_is_written_say_so_until_something_is() {
    let (_site, browser) = desk().await;
    go(&browser, "#/new/outage").await;
    let choice = |language: &str| format!("[data-test=language-{language}]");
    for language in LANGUAGES {
        browser.until(&says(&choice(language), "(noch leer)")).await;
    }
    for (place, language) in LANGUAGES.into_iter().enumerate() {
        tap(&browser, &choice(language)).await;
        browser.fill(&format!("#field-title-{language}"), "Fundbüro").await;
        browser.until(&format!("!{}", says(&choice(language), "(noch leer)"))).await;
        for other in &LANGUAGES[place + 1..] {
            assert_eq!(browser.run(&format!("return {}", says(&choice(other), "(noch leer)"))).await, true);
        }
    }
    tap(&browser, &choice("en")).await;
    set(&browser, "#field-title-en", "").await;
    browser.until(&says(&choice("en"), "(noch leer)")).await;
}

#[tokio::test]
async fn words_that_tell_nothing_are_warned_of_until_they_are_gone() {
    const MAINTENANCE: &str = "„Wartung“ sagt nicht, was nicht geht.";
    const NUMBER: &str = "Eine Fehlernummer hilft den Menschen nicht.";
    const TECHNICAL: &str = "Englisch: „Technische Schwierigkeiten“ hilft niemandem.";
    let (site, browser) = desk().await;
    go(&browser, "#/new/outage").await;
    browser.fill("#field-title-de", "Wartungsarbeiten am Abend").await;
    browser.until(&advises(MAINTENANCE)).await;
    browser
        .fill("#field-impact-de", "Es erscheint der Fehler 503. Bitte warten Sie.")
        .await;
    browser.until(&advises(NUMBER)).await;
    tap(&browser, "[data-test=language-en]").await;
    browser.fill("#field-title-en", "Technical problems").await;
    browser.until(&advises(TECHNICAL)).await;
    // It warns and does not keep anybody from saving.
    tap(&browser, "[data-test=language-de]").await;
    tap(&browser, "[data-test=service-fundbuero]").await;
    tap(&browser, "[data-test=save-draft]").await;
    browser.visible("[data-test=facts]").await;
    let place = browser.run("return location.hash").await.as_str().unwrap().to_owned();
    let stored = site
        .read(&format!("/api/v1/notices/{}", place.trim_start_matches("#/notice/")))
        .await;
    assert_eq!(stored["title"]["de"], "Wartungsarbeiten am Abend");

    go(&browser, &format!("{place}/edit")).await;
    browser.until(&advises(MAINTENANCE)).await;
    set(&browser, "#field-title-de", "Fundsachen lassen sich nicht suchen").await;
    browser.until(&format!("!{}", advises(MAINTENANCE))).await;
    // It is the first sentence that counts.
    set(&browser, "#field-impact-de", "Die Suche bricht ab. Es erscheint der Fehler 503.").await;
    browser.until(&format!("!{}", advises(NUMBER))).await;
    browser.until(&advises(TECHNICAL)).await;
    tap(&browser, "[data-test=language-en]").await;
    set(&browser, "#field-title-en", "Searching is not possible").await;
    browser.until(&format!("!{}", advises(TECHNICAL))).await;
}

#[tokio::test]
async fn what_is_not_said_yet_is_named_until_it_is_said() {
    let (_site, browser) = desk().await;
    go(&browser, "#/new/outage").await;
    let all = [
        ("#field-impact-de", "was die Menschen merken"),
        ("#field-still_works-de", "was noch geht"),
        ("#field-guidance-de", "was die Menschen stattdessen tun können"),
        ("[data-test=service-fundbuero]", "wer hilft"),
        ("#field-entries label:nth-of-type(1)", "was mit begonnenen Eingaben ist"),
        ("#field-applications-de", "was mit gesendeten Anträgen ist"),
        ("#field-deadline_note-de", "was für Fristen gilt"),
    ];
    browser.until(&advises("Noch nicht gesagt:")).await;
    for (_, missing) in all {
        browser.until(&advises(missing)).await;
    }
    tap(&browser, "details:has(#field-entries) > summary").await;
    for (place, (field, missing)) in all.into_iter().enumerate() {
        if field.ends_with("-de") {
            browser.fill(field, "Das ist gesagt.").await;
        } else {
            tap(&browser, field).await;
        }
        browser.until(&format!("!{}", advises(missing))).await;
        for (_, other) in &all[place + 1..] {
            assert_eq!(
                browser.run(&format!("return {}", advises(other))).await,
                true,
                "{missing} took {other} along"
            );
        }
    }
    // By when there is news was proposed; whoever takes it back is told.
    browser
        .until(&format!("!document.querySelector('{ADVICE}').checkVisibility()"))
        .await;
    tap(&browser, "[data-test=next-update-at-clear]").await;
    browser.until(&advises("bis wann, oder wann es Neues gibt")).await;
    tap(&browser, "[data-test=ends-at-plus-120]").await;
    browser
        .until(&format!("!document.querySelector('{ADVICE}').checkVisibility()"))
        .await;
}

#[tokio::test]
async fn the_preview_follows_what_is_typed_in_the_language_that_is_chosen() {
    let (_site, browser) = desk().await;
    go(&browser, "#/new/outage").await;
    browser
        .until(&says("#preview", "Die Vorschau erscheint, sobald das Nötige ausgefüllt ist:"))
        .await;
    browser.until(&says("#preview ul", "Titel")).await;
    go(&browser, "#/").await;
    tap(&browser, "[data-test=template-bundid-outage]").await;
    browser
        .until(&preview_says("Sie können sich zurzeit nicht mit der BundID anmelden."))
        .await;
    browser.until(&preview_says("Betroffen")).await;
    // Whoever writes it knows that it is one; what is on show later is none.
    browser.until(&format!("!({})", preview_says("Das ist ein Beispiel"))).await;
    browser.fill("#field-impact-de", " Auch auf dem Telefon nicht.").await;
    browser.until(&preview_says("Auch auf dem Telefon nicht.")).await;

    tap(&browser, "[data-test=preview-en]").await;
    browser.visible("[data-test=preview-en][aria-pressed=true]").await;
    browser.until(&preview_says("You cannot sign in with BundID at the moment.")).await;
    browser.until(&preview_says("Affected")).await;
    browser.until(&format!("!({})", preview_says("Betroffen"))).await;
    browser.until(&format!("!!{SEEN}?.querySelector('[lang=en]')")).await;
    // The language of the form is another thing.
    tap(&browser, "[data-test=language-en]").await;
    browser.fill("#field-impact-en", " Not on phones either.").await;
    browser.until(&preview_says("Not on phones either.")).await;
    tap(&browser, "[data-test=preview-de-simple]").await;
    browser
        .until(&preview_says("Sie können sich jetzt nicht mit der BundID anmelden"))
        .await;
    browser.until(&format!("!({})", preview_says("Not on phones either."))).await;
}

/// The banner and what unfolds below it, at the width of a phone and of a screen; and with it what is heard, and what a text message has.
#[tokio::test]
async fn a_preview_is_as_wide_as_a_phone_or_a_screen_and_says_what_is_heard_and_what_a_text_message_has() {
    const FRAME: &str = "document.querySelector('[data-test=preview]')";
    let (site, browser) = desk().await;
    for window in [1280, 360] {
        browser.viewport(window, 900).await;
        go(&browser, "#/template/bundid-outage").await;
        browser.until(&preview_says("Betroffen")).await;
        for (width, inside) in [("wide", 1024), ("phone", 360)] {
            tap(&browser, &format!("[data-test=preview-{width}]")).await;
            browser.visible(&format!("[data-test=preview-{width}][aria-pressed=true]")).await;
            browser.until(&format!("{FRAME}.contentWindow.innerWidth == {inside}")).await;
            // All of it, beside what it belongs to, and no higher than it is.
            browser
                .until(&format!(
                    "(() => {{
                        const box = {FRAME}.getBoundingClientRect(), around = {FRAME}.parentElement.getBoundingClientRect();
                        const content = {FRAME}.contentDocument.body.getBoundingClientRect();
                        return content.height > 150 && Math.abs(box.height - around.height) < 2 && box.left >= around.left - 1 && box.right <= around.right + 1
                            && Math.abs(content.height - {FRAME}.contentWindow.innerHeight) < 2;
                    }})()"
                ))
                .await;
        }
        browser
            .until(&format!(
                "{FRAME}.contentDocument.querySelector('umleitung-notice').shadowRoot.querySelector('.banner h2').checkVisibility()"
            ))
            .await;
        go(&browser, "#/").await;
    }
    browser.viewport(1280, 900).await;
    go(&browser, "#/template/bundid-outage").await;
    let text = async |part: &str| {
        let element = browser.visible(&format!("[data-test=preview-{part}]")).await;
        element.text().await.unwrap()
    };
    let [said, message] = [text("said").await, text("message").await];
    assert!(message.chars().count() <= 160, "{message}");
    assert!(message.starts_with("BundID: Anmeldung nicht möglich. Seit "), "{message}");
    tap(&browser, "[data-test=preview-en]").await;
    browser
        .until(&says("[data-test=preview-message]", "BundID: sign-in not possible"))
        .await;
    // What is told beforehand is what a citizen's page then has for those who listen.
    tap(&browser, "#publish").await;
    browser.visible("[data-test=facts]").await;
    let state = site.state().await;
    assert_eq!(state["notices"][0]["brief"]["de"]["say"]["s"], json!(said));
}

#[tokio::test]
async fn a_preview_is_there_also_where_somebody_comes_from_another_form() {
    let (_site, browser) = desk().await;
    go(&browser, "#/template/kfz-outage").await;
    browser
        .until(&preview_says("Sie können zurzeit kein Fahrzeug online anmelden"))
        .await;
    go(&browser, "#/template/bundid-outage").await;
    browser
        .until(&preview_says("Sie können sich zurzeit nicht mit der BundID anmelden."))
        .await;
}

/// What updates mostly say is written with one tap, in each language of the notice; what somebody has typed stays.
#[tokio::test]
async fn an_update_is_written_with_one_tap_in_every_language() {
    let (site, browser) = desk().await;
    let id = site.publish_template("bundid-outage").await;
    go(&browser, &format!("#/notice/{id}")).await;
    tap(&browser, "[data-test=add-update]").await;
    tap(&browser, "[data-test=news-searching]").await;
    assert_eq!(value(&browser, "#field-text-de").await, "Wir suchen noch nach der Ursache.");
    // Another one takes its place, but not that of what is typed.
    tap(&browser, "[data-test=language-en]").await;
    set(&browser, "#field-text-en", "It was the cooling.").await;
    tap(&browser, "[data-test=news-found]").await;
    let written = variants(&browser, "text").await;
    assert_eq!(
        written,
        json!({
            "de": "Die Ursache ist gefunden. Wir beheben sie.",
            "en": "It was the cooling.",
            "de-simple": "Wir haben den Fehler gefunden. Jetzt reparieren wir es.",
        })
    );
    tap(&browser, "[data-test=add-update-confirm]").await;
    site.until_state(|state| state["notices"][0]["stage"] == "identified").await;
    let state = site.state().await;
    let told = state["notices"][0]["updates"][0]["text"].to_string();
    for text in written.as_object().unwrap().values() {
        assert!(told.contains(text.as_str().unwrap()), "{told} lacks {text}");
    }
}
