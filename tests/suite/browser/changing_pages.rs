//! Pages that change under the notice: they build places late, copy themselves, lose their body, throw out what they do not know, go on
//! to another address.

use serde_json::{Value, json};

use super::{
    host::{ERRORS, Host, Plan},
    site::{Site, widget_says},
    time::{TIME, pass},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";
const OTHER: &str = "Sperrmüll: keine Bestellung möglich";

/// A page whose time the test moves, with this tag and this in its body.
fn page(site: &Site, attributes: &str, body: &str) -> Host {
    let page = format!(
        "<!doctype html><html lang=\"de\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\"><!-- notice --></head>
        <body><h1 id=\"heading\">Seite</h1>{body}<p id=\"end\">Ende</p></body></html>"
    );
    let tag = site.tag(attributes);
    Plan::new().page(&page).tag(&tag).first_script(TIME).first_script(ERRORS).serve()
}

/// Where notices stand: the parents of their hosts.
const PARENTS: &str =
    "[...document.querySelectorAll('umleitung-notice')].map((host) => host.parentElement.id || host.parentElement.localName).join()";

async fn a_target_that_is_built_late_gets_the_notice(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let host = page(&site, "data-target=\"#late\"", "");
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    browser.until(&format!("{PARENTS} == 'body'")).await;
    browser
        .run("document.getElementById('end').insertAdjacentHTML('afterend', '<div id=late></div>'); return 0")
        .await;
    browser.until(&pass(20, &format!("{PARENTS} == 'late'"))).await;
    browser.until(&widget_says(TITLE)).await;
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn a_copy_of_the_notice_is_none_of_the_pages_own(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    site.publish(&outage("sperrmuell", OTHER)).await;
    let browser = Browser::start_in(engine).await;
    let header = "<header id=\"head\">Kopf</header><header id=\"sticky\"></header>";
    let shown = format!("{PARENTS} == 'head' && document.querySelector('umleitung-notice').shadowRoot.textContent.includes('Wohngeld')");
    for (form, copy) in [
        // A page that is put back from a copy, as some frameworks do on the way back.
        (
            "",
            "document.documentElement.replaceChild(document.body.cloneNode(true), document.body)",
        ),
        // A header that is copied to stick to the edge.
        ("data-compact", "sticky.append(...head.cloneNode(true).childNodes)"),
    ] {
        let host = page(&site, &format!("data-service=\"wohngeld\" data-target=\"#head\" {form}"), header);
        browser.open(&host.origin).await;
        browser.until(&shown).await;
        browser.run(&format!("{copy}; document.body.dataset.copied = 1; return 0")).await;
        browser.until(&pass(20, &format!("document.body.dataset.copied && {shown}"))).await;
        let text = browser
            .run("return document.querySelector('umleitung-notice').shadowRoot.textContent")
            .await;
        assert!(!text.as_str().unwrap().contains("Sperrmüll"), "{text}");
        assert_eq!(browser.run("return wrong").await, json!([]));
    }
}

async fn a_part_that_was_made_on_a_server_tells_what_holds_now(engine: Engine) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    site.publish(&outage("sperrmuell", OTHER)).await;
    let part = site.get("/p/musterstadt/fragment.html?service=wohngeld").await;
    assert!(part.contains(TITLE) && !part.contains(OTHER));
    let told = "[...document.querySelectorAll('umleitung-notice')].map((host) => [...host.shadowRoot.querySelectorAll('h2')].map((title) => title.textContent).join())";
    let told = |expected: Value| format!("JSON.stringify({told}) == {}", json!(expected.to_string()));
    let browser = Browser::start_in(engine).await;
    let host = page(&site, "", &part);
    browser.open(&host.origin).await;
    browser.until(&told(json!([OTHER, TITLE]))).await;
    drop(browser);
    // Some cache kept the page over the end of the outage; this browser has kept nothing.
    site.end_lingering();
    site.resolve(&id).await;
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&told(json!([OTHER, ""]))).await;
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn a_body_that_is_missing_for_a_while_costs_nobody_the_notice(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let host = page(&site, "", "");
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    browser.run("document.body.remove(); return 0").await;
    browser.until(&pass(20, "!document.querySelector('umleitung-notice') && [1]")).await;
    browser
        .run("document.documentElement.append(document.createElement('body')); return 0")
        .await;
    browser.until(&pass(20, &widget_says(TITLE))).await;
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn a_page_that_throws_the_notice_out_again_and_again_is_left_in_peace(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let guard = "<script>window.thrown = 0; new MutationObserver(() => {
        for (const element of document.querySelectorAll('umleitung-notice')) { element.remove(); thrown += 1; }
    }).observe(document.documentElement, { childList: true, subtree: true });</script>";
    let host = page(&site, "", guard);
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until("thrown > 3").await;
    // A minute of the page's time. Without a brake it would be some ten thousand times.
    browser.until(&pass(1, "document.documentElement.dataset.ahead >= 60e3")).await;
    let thrown = browser.run("return thrown").await;
    assert!(thrown.as_u64().unwrap() < 80, "put in {thrown} times within a minute");
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn what_a_page_is_told_is_about_the_address_that_it_has_gone_on_to(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    site.publish(&outage("sperrmuell", OTHER)).await;
    let host = page(
        &site,
        "",
        "<script>window.told = []; addEventListener('umleitung:change', ({ detail }) => told.push(detail.services.map(({ id }) => id).join()));</script>",
    );
    let browser = Browser::start_in(engine).await;
    browser.open(&format!("{}/demo/wohngeld", host.origin)).await;
    browser.until("told.join(';') == 'wohngeld'").await;
    browser.run("history.pushState(null, '', '/demo/sperrmuell'); return 0").await;
    browser.until(&pass(20, "told.join(';') == 'wohngeld;sperrmuell'")).await;
    assert_eq!(
        browser.run("return umleitung.current.notices.map(({ title }) => title.de)").await,
        json!([OTHER])
    );
    // The same again is no news.
    browser
        .run("history.pushState(null, '', '/demo/sperrmuell?schritt=2'); return 0")
        .await;
    browser.until(&pass(20, "document.documentElement.dataset.ahead >= 200e3")).await;
    assert_eq!(browser.run("return told.length").await, 2);
}

/// Puts each text of the notice into elements of its own, as translators of pages do.
const TRANSLATE: &str = "
    const root = document.querySelector('umleitung-notice').shadowRoot;
    const walker = document.createTreeWalker(root.querySelector('.frame'), NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
        const [outer, inner] = [document.createElement('font'), document.createElement('font')];
        inner.textContent = text.data.replace(/Wohngeld/g, 'Housing benefit');
        outer.append(inner);
        text.replaceWith(outer);
    }
    return 0";

async fn what_changes_after_a_page_was_translated_is_shown(engine: Engine) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let host = page(&site, "data-live=\"sse\"", "");
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&pass(1, &widget_says(TITLE))).await;
    for news in ["Noch eine Stunde.", "Noch zwei Stunden."] {
        browser.run(TRANSLATE).await;
        browser.until(&widget_says("Housing benefit")).await;
        site.post(&format!("/api/v1/notices/{id}/updates"), &json!({"text": {"de": news}}))
            .await;
        browser.until(&widget_says(news)).await;
    }
    // The language as well, and in the end that it is over.
    browser.run(TRANSLATE).await;
    browser
        .run("[...document.querySelector('umleitung-notice').shadowRoot.querySelectorAll('nav button')].find((button) => button.lang == 'en').click(); return 0")
        .await;
    browser.until(&widget_says("Outage")).await;
    browser.run(TRANSLATE).await;
    site.resolve(&id).await;
    browser.until(&widget_says("Resolved")).await;
    assert_eq!(browser.run("return document.querySelectorAll('umleitung-notice').length").await, 1);
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn on_the_way_back_nothing_is_shown_that_is_over(engine: Engine) {
    let site = Site::start();
    site.end_lingering();
    let other = Plan::new().serve();
    let browser = Browser::start_in(engine).await;
    for live in ["off", "poll", "sse"] {
        let id = site.publish(&outage("wohngeld", TITLE)).await;
        let tag = site.tag(&format!("data-live=\"{live}\""));
        let host = Plan::new().tag(&tag).serve();
        browser.open(&host.origin).await;
        browser.until(&widget_says(TITLE)).await;
        browser.open(&other.origin).await;
        site.resolve(&id).await;
        browser.session.back().await.unwrap();
        browser
            .until(&format!(
                "location.origin == '{}' && window.umleitung?.current?.notices.length === 0 && !document.querySelector('umleitung-notice')",
                host.origin
            ))
            .await;
    }
    // The event itself, where an engine under test puts no page aside.
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let host = page(&site, "data-live=\"off\"", "");
    browser.open(&host.origin).await;
    browser.until(&pass(1, &widget_says(TITLE))).await;
    site.resolve(&id).await;
    browser
        .run("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); return 0")
        .await;
    browser.until(&pass(1, "!document.querySelector('umleitung-notice') && [1]")).await;
}

in_each_engine!(
    what_changes_after_a_page_was_translated_is_shown,
    on_the_way_back_nothing_is_shown_that_is_over,
    a_target_that_is_built_late_gets_the_notice,
    a_copy_of_the_notice_is_none_of_the_pages_own,
    a_part_that_was_made_on_a_server_tells_what_holds_now,
    a_body_that_is_missing_for_a_while_costs_nobody_the_notice,
    a_page_that_throws_the_notice_out_again_and_again_is_left_in_peace,
    what_a_page_is_told_is_about_the_address_that_it_has_gone_on_to,
);
