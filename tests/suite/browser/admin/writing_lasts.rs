//! What somebody writes in the form of a notice outlives all that can go wrong while it is saved, and nothing is said to be stored that is not.

use serde_json::{Value, json};

use super::{desk, draft, go, learns, says, tap, to_office, typed::drop_tab, value};
use crate::{
    browser::site::{OPERATOR, Site, sign_in_as},
    support::{
        browser::Browser,
        outage,
        relay::{Line, Relay},
    },
};

const TITLE: &str = "#field-title-de";
const IMPACT: &str = "#field-impact-de";
const SENTENCE: &str = "Die Suche findet nichts.";

/// Notes all that sounds as if something had been stored, and every sign of success, once it can be seen.
const LISTEN: &str = "
    window.praise = [];
    const look = () => {
        const told = document.querySelector('.told');
        const sounds = /gespeichert|veröffentlicht/i.test(told.textContent);
        if (sounds || told.querySelector('.success')?.checkVisibility()) praise.push(told.textContent);
    };
    new MutationObserver(() => setTimeout(look)).observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
    return 0";

/// The forms in which a notice is written.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// Of a notice that does not exist yet, and is kept as a draft.
    Draft,
    /// Of one that does not exist yet, and is published.
    AtOnce,
    /// Of one that people read already.
    Public,
}

impl Form {
    const ALL: [Self; 3] = [Self::Draft, Self::AtOnce, Self::Public];

    /// What is typed at the end of its title.
    const fn typed(self) -> &'static str {
        match self {
            Self::Draft => "Fundbüro: in Ruhe getippt",
            Self::AtOnce => "Fundbüro: in Eile getippt",
            Self::Public => ", auch auf dem Telefon",
        }
    }

    /// The button that saves it.
    const fn button(self) -> &'static str {
        match self {
            Self::Draft => "[data-test=save-draft]",
            Self::AtOnce => "#publish",
            Self::Public => "[data-test=save]",
        }
    }

    /// What is said once it is stored.
    const fn done(self) -> &'static str {
        match self {
            Self::Draft => "Entwurf gespeichert: ",
            Self::AtOnce => "Veröffentlicht: ",
            Self::Public => "Gespeichert: ",
        }
    }

    /// Writes in it, and returns its place.
    async fn write(self, site: &Site, browser: &Browser) -> String {
        let place = match self {
            Self::Draft | Self::AtOnce => "#/new/outage".to_owned(),
            Self::Public => format!("#/notice/{}/edit", site.publish(&outage("fundbuero", "Fundbüro gestört")).await),
        };
        go(browser, &place).await;
        browser.fill(TITLE, self.typed()).await;
        browser.fill(IMPACT, SENTENCE).await;
        if !matches!(self, Self::Public) {
            tap(browser, "[data-test=service-fundbuero]").await;
        }
        browser.run(LISTEN).await;
        place
    }

    /// What the notices say that end with the typed title.
    async fn stored(self, site: &Site) -> Vec<Value> {
        let all = site.read("/api/v1/notices").await;
        let all = all["notices"].as_array().unwrap().iter();
        let is_typed = |notice: &&Value| notice["title"]["de"].as_str().is_some_and(|title| title.ends_with(self.typed()));
        all.filter(is_typed).map(|notice| notice["impact"]["de"].clone()).collect()
    }

    /// Everything stands there as it was typed, and nothing has said that it is stored.
    async fn expect_typed(self, browser: &Browser) {
        let title = value(browser, TITLE).await;
        assert!(title.as_str().unwrap().ends_with(self.typed()), "{self:?}: {title}");
        assert_eq!(value(browser, IMPACT).await, SENTENCE, "{self:?}");
        assert_eq!(browser.run("return window.praise").await, json!([]), "{self:?}");
    }

    /// The same, and nothing of it is stored.
    async fn expect_unsaved(self, site: &Site, browser: &Browser) {
        self.expect_typed(browser).await;
        assert_eq!(self.stored(site).await, [""; 0], "{self:?}");
    }

    /// It is said to be stored, and is, once.
    async fn expect_saved(self, site: &Site, browser: &Browser, impact: &str) {
        browser.until(&says("[data-test=status]", self.done())).await;
        assert_eq!(self.stored(site).await, [impact], "{self:?}");
        browser.until("praise.length > 0").await;
    }
}

/// A server behind a line that can be cut, with an operator who is signed in.
async fn desk_far_away() -> (Site, Relay, Browser) {
    let site = Site::start();
    site.add_operator();
    let relay = Relay::to(site.origin()).await;
    let browser = Browser::start().await;
    browser.open(&format!("{}/admin/", relay.base)).await;
    sign_in_as(&browser, OPERATOR).await;
    browser.visible("[data-test=situation]").await;
    (site, relay, browser)
}

/// Presses a button of a form, unless the page has found out by itself meanwhile that nobody is signed in.
async fn press_unless_signed_out(browser: &Browser, button: &str) {
    let press = format!("const button = document.querySelector('{button}'); if (button.checkVisibility()) button.click(); return 0");
    browser.run(&press).await;
    browser.visible("#sign-in").await;
}

/// Takes the room that the browser has beside the form.
async fn fill_storage(browser: &Browser) {
    let fill = "for (let size = 2 ** 22; size >= 1; size = Math.floor(size / 2)) {
        try { for (;;) { localStorage.setItem(`full ${size} ${Math.random()}`, 'x'.repeat(size)); } } catch {}
    } return 0";
    browser.run(fill).await;
}

#[tokio::test]
async fn whoever_is_signed_out_while_writing_signs_in_again_and_saves() {
    let (site, browser) = desk().await;
    let elsewhere = Browser::start().await;
    for form in Form::ALL {
        form.write(&site, &browser).await;
        // The same person ends all sessions, from another device.
        site.sign_in(&elsewhere).await;
        to_office(&site, &elsewhere, "#/account").await;
        tap(&elsewhere, "[data-test=sign-out-everywhere]").await;
        elsewhere.visible("#sign-in").await;
        press_unless_signed_out(&browser, form.button()).await;
        browser.until(&says("[data-test=status]", "Ihre Sitzung ist abgelaufen")).await;
        form.expect_unsaved(&site, &browser).await;
        sign_in_as(&browser, OPERATOR).await;
        browser.visible(TITLE).await;
        form.expect_unsaved(&site, &browser).await;
        tap(&browser, form.button()).await;
        form.expect_saved(&site, &browser, SENTENCE).await;
    }
}

#[tokio::test]
async fn what_was_refused_waits_for_another_tap_also_after_a_reload() {
    let (site, browser) = desk().await;
    let form = Form::AtOnce;
    form.write(&site, &browser).await;
    browser.session.delete_all_cookies().await.unwrap();
    press_unless_signed_out(&browser, "#publish").await;
    browser.session.refresh().await.unwrap();
    sign_in_as(&browser, OPERATOR).await;
    browser.visible("[data-test=discard-input]").await;
    browser.run(LISTEN).await;
    // The page has looked how things are, and looked again.
    learns(
        &browser,
        "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/v1/notices?open=true')).length > 3",
    )
    .await;
    browser.until("document.querySelector('#publish')?.ariaDisabled == 'false'").await;
    form.expect_unsaved(&site, &browser).await;
    tap(&browser, "#publish").await;
    browser.until(&says("[data-test=stage]", "Wird untersucht")).await;
    assert_eq!(form.stored(&site).await, [SENTENCE]);
}

#[tokio::test]
async fn what_is_saved_over_a_line_that_is_cut_arrives_once_it_is_whole() {
    let (site, relay, browser) = desk_far_away().await;
    for form in Form::ALL {
        form.write(&site, &browser).await;
        relay.set(Line::Cut);
        tap(&browser, form.button()).await;
        browser.until(&says("[data-test=status]", "nicht bekannt")).await;
        browser.until(&says(".messages", "Keine Verbindung zum Server")).await;
        form.expect_unsaved(&site, &browser).await;
        relay.set(Line::Whole);
        learns(&browser, &says("[data-test=status]", form.done())).await;
        form.expect_saved(&site, &browser, SENTENCE).await;
    }
}

#[tokio::test]
async fn a_server_that_is_killed_while_it_saves_loses_nothing_and_stores_nothing_twice() {
    let (mut site, relay, browser) = desk_far_away().await;
    for form in Form::ALL {
        form.write(&site, &browser).await;
        // It takes the request and never answers.
        site.halt();
        tap(&browser, form.button()).await;
        browser
            .until(&format!("document.querySelector('{}').ariaDisabled == 'true'", form.button()))
            .await;
        site.kill();
        browser.until(&says("[data-test=status]", "nicht bekannt")).await;
        form.expect_typed(&browser).await;
        site.start_again();
        relay.lead_to(site.origin());
        learns(&browser, &says("[data-test=status]", form.done())).await;
        form.expect_saved(&site, &browser, SENTENCE).await;
    }
}

#[tokio::test]
async fn what_was_stored_before_a_server_was_killed_is_found_by_the_next_and_not_stored_twice() {
    let (mut site, relay, browser) = desk_far_away().await;
    let form = Form::AtOnce;
    form.write(&site, &browser).await;
    relay.set(Line::LosesTheNextAnswer);
    tap(&browser, form.button()).await;
    relay.until(Line::Cut).await;
    browser.until(&says("[data-test=status]", "nicht bekannt")).await;
    form.expect_typed(&browser).await;
    assert_eq!(form.stored(&site).await, [SENTENCE], "it had arrived");
    site.kill();
    site.start_again();
    relay.lead_to(site.origin());
    relay.set(Line::Whole);
    learns(&browser, &says("[data-test=status]", form.done())).await;
    form.expect_saved(&site, &browser, SENTENCE).await;
}

#[tokio::test]
async fn a_draft_whose_publication_is_not_answered_is_found_to_be_published() {
    let (site, relay, browser) = desk_far_away().await;
    let made = site.post("/api/v1/notices", &draft()).await;
    let path = format!("/api/v1/notices/{}", made["id"].as_str().unwrap());
    go(&browser, &format!("#/notice/{}/edit", made["id"].as_str().unwrap())).await;
    browser.fill(TITLE, ", auch mobil").await;
    browser.run(LISTEN).await;
    // The change is answered, and that it is published is not.
    relay.set(Line::LosesTheNextAnswer);
    tap(&browser, "#publish").await;
    relay.until(Line::Cut).await;
    browser.until(&says("[data-test=status]", "nicht bekannt")).await;
    assert_eq!(browser.run("return window.praise").await, json!([]));
    let stored = site.read(&path).await;
    assert_eq!((&stored["stage"], &stored["revision"]), (&json!("investigating"), &json!(3)));
    relay.set(Line::Whole);
    learns(&browser, &says("[data-test=status]", "Veröffentlicht: ")).await;
    browser.until(&says("[data-test=stage]", "Wird untersucht")).await;
    assert_eq!(site.read(&path).await, stored, "nothing was done again");
    assert_eq!(stored["title"]["de"], "BundID: Anmeldung nicht möglich, auch mobil");
}

#[tokio::test]
async fn a_form_for_which_no_disk_has_room_is_not_said_to_be_stored() {
    let (site, browser) = desk().await;
    for form in Form::ALL {
        form.write(&site, &browser).await;
        fill_storage(&browser).await;
        site.has_room(false);
        for _ in 0..2 {
            tap(&browser, form.button()).await;
            browser
                .until("document.querySelector('.told .message.danger')?.checkVisibility()")
                .await;
            form.expect_unsaved(&site, &browser).await;
        }
        // What is typed after the refusal goes along.
        browser.fill(IMPACT, " Auch nicht vor Ort.").await;
        site.has_room(true);
        tap(&browser, form.button()).await;
        form.expect_saved(&site, &browser, &format!("{SENTENCE} Auch nicht vor Ort.")).await;
    }
}

#[tokio::test]
async fn the_form_of_a_tab_that_is_gone_is_there_again_with_all_that_was_typed() {
    let (site, browser) = desk().await;
    for form in Form::ALL {
        let place = form.write(&site, &browser).await;
        drop_tab(&browser, &site.url(&format!("/admin/{place}"))).await;
        browser.visible("[data-test=discard-input]").await;
        browser.run(LISTEN).await;
        form.expect_unsaved(&site, &browser).await;
        // Nor does it go with a session that ends while nobody looks, or with a look at something else.
        browser.session.delete_all_cookies().await.unwrap();
        browser.session.refresh().await.unwrap();
        sign_in_as(&browser, OPERATOR).await;
        browser.visible(TITLE).await;
        browser.run(LISTEN).await;
        form.expect_unsaved(&site, &browser).await;
        go(&browser, "#/").await;
        browser.visible("[data-test=situation]").await;
        go(&browser, &place).await;
        browser.visible("[data-test=discard-input]").await;
        form.expect_unsaved(&site, &browser).await;
        tap(&browser, form.button()).await;
        form.expect_saved(&site, &browser, SENTENCE).await;
        // What is stored is kept beside no form any more.
        let kept = "return Object.keys(localStorage).filter((key) => key.startsWith('umleitung.typed'))";
        assert_eq!(browser.run(kept).await, json!([]), "{form:?}");
    }
}

/// As if all that was typed and is kept had been typed thirteen hours earlier.
async fn let_a_night_pass(browser: &Browser) {
    let script = "for (const [key, kept] of Object.entries(localStorage)) {
            if (!key.startsWith('umleitung.typed')) continue;
            const typed = JSON.parse(kept);
            typed.at = new Date(Date.parse(typed.at) - 13 * 3600e3).toISOString();
            localStorage.setItem(key, JSON.stringify(typed));
        } return 0";
    browser.run(script).await;
    browser.session.refresh().await.unwrap();
}

#[tokio::test]
async fn what_was_typed_another_night_is_offered_and_not_put_into_the_form() {
    let (site, browser) = desk().await;
    let form = Form::Draft;
    form.write(&site, &browser).await;
    let_a_night_pass(&browser).await;
    browser.visible("[data-test=refuse-input]").await;
    assert_eq!(value(&browser, TITLE).await, "");
    tap(&browser, "[data-test=use-input]").await;
    browser.until("!document.querySelector('[data-test=use-input]')").await;
    browser.run(LISTEN).await;
    form.expect_unsaved(&site, &browser).await;
    browser.visible("[data-test=service-fundbuero]:checked").await;
    // Whoever does not want it is not asked again.
    let_a_night_pass(&browser).await;
    tap(&browser, "[data-test=refuse-input]").await;
    browser.until("!document.querySelector('[data-test=refuse-input]')").await;
    browser.session.refresh().await.unwrap();
    browser.visible(TITLE).await;
    assert_eq!(value(&browser, TITLE).await, "");
    assert_eq!(
        browser.run("return document.querySelector('[data-test=refuse-input]')").await,
        Value::Null
    );
}
