//! Places that nobody sees: a notice that stands in one of them is told at the top as well, for as long as it is hidden; and what nobody
//! could hear is read out once it can be heard.

use serde_json::json;

use super::{
    host::{ERRORS, Host, Plan},
    site::{PUSHED, Site, widget_says},
    time::{TIME, pass},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// How a place is hidden: what opens it, what closes it again, and how the page shows it (`box` is the outer element).
const HIDDEN: [(&str, &str, &str); 26] = [
    (
        "<div id=\"box\" style=\"display: none\">",
        "</div>",
        "box.style.display = shown ? 'block' : 'none'",
    ),
    ("<div id=\"box\" hidden>", "</div>", "box.hidden = !shown"),
    (
        "<div id=\"box\" hidden=\"until-found\">",
        "</div>",
        "box.hidden = shown ? false : 'until-found'",
    ),
    ("<details id=\"box\"><summary>Mehr</summary>", "</details>", "box.open = shown"),
    ("<dialog id=\"box\">", "</dialog>", "shown ? box.show() : box.close()"),
    (
        "<div id=\"box\" style=\"visibility: hidden\">",
        "</div>",
        "box.style.visibility = shown ? 'visible' : 'hidden'",
    ),
    (
        "<div id=\"box\" style=\"visibility: collapse\">",
        "</div>",
        "box.style.visibility = shown ? 'visible' : 'collapse'",
    ),
    (
        "<div id=\"box\" style=\"opacity: 0\">",
        "</div>",
        "box.style.opacity = shown ? 1 : 0",
    ),
    (
        "<div id=\"box\" style=\"content-visibility: hidden\">",
        "</div>",
        "box.style.contentVisibility = shown ? 'visible' : 'hidden'",
    ),
    (
        "<div id=\"box\" style=\"height: 0; overflow: hidden\">",
        "</div>",
        "box.style.height = shown ? 'auto' : 0",
    ),
    (
        "<div id=\"box\" style=\"max-height: 0; overflow: clip\">",
        "</div>",
        "box.style.maxHeight = shown ? 'none' : 0",
    ),
    (
        "<div id=\"box\" style=\"width: 1px; height: 1px; overflow: hidden; position: absolute; clip-path: inset(50%)\">",
        "</div>",
        "box.style.cssText = shown ? '' : 'width: 1px; height: 1px; overflow: hidden; position: absolute; clip-path: inset(50%)'",
    ),
    (
        "<div id=\"box\" style=\"position: absolute; left: -9999px\">",
        "</div>",
        "box.style.position = shown ? 'static' : 'absolute'",
    ),
    (
        "<div id=\"box\" style=\"position: fixed; top: -2000px\">",
        "</div>",
        "box.style.position = shown ? 'static' : 'fixed'",
    ),
    (
        "<div id=\"box\" style=\"transform: scale(0)\">",
        "</div>",
        "box.style.transform = shown ? 'none' : 'scale(0)'",
    ),
    (
        "<div style=\"overflow: hidden; width: 600px\"><div id=\"box\" style=\"width: 600px; margin-left: 700px\">",
        "</div></div>",
        "box.style.marginLeft = shown ? 0 : '700px'",
    ),
    (
        "<div id=\"box\" style=\"clip-path: inset(100%)\">",
        "</div>",
        "box.style.clipPath = shown ? 'none' : 'inset(100%)'",
    ),
    (
        "<div id=\"box\" style=\"clip-path: circle(0)\">",
        "</div>",
        "box.style.clipPath = shown ? 'none' : 'circle(0)'",
    ),
    (
        "<div id=\"box\" style=\"position: absolute; clip: rect(0 0 0 0)\">",
        "</div>",
        "box.style.clip = shown ? 'auto' : 'rect(0 0 0 0)'",
    ),
    (
        "<div id=\"box\" style=\"filter: opacity(0)\">",
        "</div>",
        "box.style.filter = shown ? 'none' : 'opacity(0)'",
    ),
    (
        "<div style=\"opacity: 0.2\"><div id=\"box\" style=\"opacity: 0.2\">",
        "</div></div>",
        "box.style.opacity = shown ? 1 : 0.2",
    ),
    (
        "<style>html, body { overflow-x: hidden }</style><div id=\"box\" style=\"position: absolute; width: 500px; left: 100%\">",
        "</div>",
        "box.style.left = shown ? 0 : '100%'",
    ),
    (
        "<div style=\"overflow-x: hidden; width: 600px; display: flex\"><p style=\"flex: 0 0 600px\">Bild</p><div id=\"box\" style=\"flex: 0 0 600px\">",
        "</div></div>",
        "box.parentElement.scrollLeft = 0; box.style.order = shown ? -1 : 0",
    ),
    ("<div id=\"box\" inert>", "</div>", "box.inert = !shown"),
    ("<div id=\"box\" aria-hidden=\"true\">", "</div>", "box.ariaHidden = String(!shown)"),
    (
        "<style>#box { display: none } .open #box { display: block }</style><section id=\"around\"><div id=\"box\">",
        "</div></section>",
        "around.className = shown ? 'open' : ''",
    ),
];

fn page(attributes: &str, body: &str, site: &Site) -> Host {
    let page = format!(
        "<!doctype html><html lang=\"de\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\"><!-- notice --></head>
        <body><h1 id=\"heading\">Seite</h1>{body}<p id=\"end\">Ende</p></body></html>"
    );
    Plan::new()
        .page(&page)
        .tag(&site.tag(attributes))
        .first_script(TIME)
        .first_script(ERRORS)
        .serve()
}

/// Where the notice is told: the parents of the hosts with a headline.
const TOLD: &str = "[...document.querySelectorAll('umleitung-notice')].filter((host) => host.shadowRoot?.querySelector('h2')).map((host) => host.parentElement.localName == 'body' ? 'top' : 'place').join()";

async fn a_place_that_nobody_sees_takes_nothing_from_the_top(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    for (before, after, change) in HIDDEN {
        println!("umleitung:  {engine:?}: {before}");
        for attributes in ["", "data-target=\"#target\""] {
            let place = if attributes.is_empty() {
                "<umleitung-notice service=\"wohngeld\"></umleitung-notice>"
            } else {
                "<div id=\"target\"></div>"
            };
            // With a target there is one place; an element tells it beside.
            let [hidden, shown] = if attributes.is_empty() {
                ["top,place", "place"]
            } else {
                ["top", "place"]
            };
            let host = page(attributes, &format!("{before}{place}{after}"), &site);
            browser.open(&host.origin).await;
            browser.until(&pass(1, &widget_says(TITLE))).await;
            browser
                .until(&pass(1, &format!("document.readyState == 'complete' && {TOLD} == '{hidden}'")))
                .await;
            for (is_shown, told) in [(true, shown), (false, hidden)] {
                browser
                    .run(&format!("const shown = {is_shown}, box = document.getElementById('box'), around = document.getElementById('around'); {change}; return 0"))
                    .await;
                browser.until(&pass(1, &format!("{TOLD} == '{told}'"))).await;
            }
            assert_eq!(browser.run("return wrong").await, json!([]), "{before}");
        }
    }
}

/// Notes what is written into live regions, in `said`.
const SAID: &str = "
    window.said = [];
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (options) {
        const root = attach.call(this, options);
        new MutationObserver(() => {
            for (const region of root.querySelectorAll('[role=status], [role=alert]')) if (region.textContent) said.push(region.role + ' ' + region.textContent);
        }).observe(root, { childList: true, subtree: true, characterData: true });
        return root;
    };";

/// Why nobody would hear, and how that ends.
const DEAF: [(&str, &str); 11] = [
    (
        "document.getElementById('dialog').showModal()",
        "document.getElementById('dialog').close()",
    ),
    (
        "document.getElementById('dialog').showModal()",
        "document.getElementById('dialog').remove()",
    ),
    (
        "document.getElementById('modal').hidden = false",
        "document.getElementById('modal').hidden = true",
    ),
    (
        "const shadow = document.createElement('div'); shadow.id = 'shadow'; document.body.append(shadow); const dialog = document.createElement('dialog'); dialog.append('Frage'); shadow.attachShadow({ mode: 'open' }).append(dialog); dialog.showModal()",
        "document.getElementById('shadow').shadowRoot.querySelector('dialog').close()",
    ),
    // As libraries do to everything beside a question.
    (
        "window.mute = new MutationObserver(() => document.querySelectorAll('umleitung-notice').forEach((host) => host.setAttribute('aria-hidden', 'true'))); mute.observe(document.documentElement, { childList: true, subtree: true })",
        "mute.disconnect(); document.querySelectorAll('umleitung-notice').forEach((host) => host.removeAttribute('aria-hidden'))",
    ),
    ("document.body.inert = true", "document.body.inert = false"),
    (
        "document.body.setAttribute('aria-hidden', 'true')",
        "document.body.removeAttribute('aria-hidden')",
    ),
    ("document.documentElement.inert = true", "document.documentElement.inert = false"),
    (
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true }); Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })",
        "delete document.hidden; delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))",
    ),
    (
        "Object.defineProperty(document, 'prerendering', { value: true, configurable: true })",
        "delete document.prerendering; document.dispatchEvent(new Event('prerenderingchange'))",
    ),
    (
        "Object.defineProperty(document, 'fullscreenElement', { value: document.getElementById('end'), configurable: true })",
        "delete document.fullscreenElement; document.dispatchEvent(new Event('fullscreenchange'))",
    ),
];

async fn what_nobody_can_hear_is_read_out_once_it_can_be_heard(engine: Engine) {
    let site = Site::start();
    site.end_lingering();
    let browser = Browser::start_in(engine).await;
    for (round, (deaf, heard)) in DEAF.into_iter().enumerate() {
        println!("umleitung:  {engine:?}: {deaf}");
        let page = format!(
            "<!doctype html><html lang=\"de\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\">{}</head><body><h1>Seite</h1>
            <dialog id=\"dialog\">Frage</dialog><div id=\"modal\" role=\"dialog\" aria-modal=\"true\" hidden>Frage, die lang genug ist</div>
            <div role=\"dialog\" aria-modal=\"true\" style=\"visibility: hidden\">Eine Frage, die noch nicht gestellt ist</div><p id=\"end\">Ende</p></body></html>",
            site.tag(PUSHED)
        );
        let host = Plan::new().page(&page).first_script(SAID).first_script(ERRORS).serve();
        browser.open(&host.origin).await;
        browser
            .until("window.umleitung?.current && document.readyState == 'complete'")
            .await;
        browser.run(&format!("{deaf}; return 0")).await;
        // As news on an open page, which would interrupt.
        let title = format!("Störung {round}");
        let id = site.publish(&outage("wohngeld", &title)).await;
        browser
            .until(&format!("umleitung.current.notices.some(({{ id }}) => id == '{id}')"))
            .await;
        browser
            .until(&format!(
                "[...document.querySelectorAll('umleitung-notice')].some(({{ shadowRoot }}) => shadowRoot.textContent.includes('{title}'))"
            ))
            .await;
        browser.run("window.shownAt = performance.now(); return 0").await;
        browser.until("performance.now() > shownAt + 700").await;
        assert_eq!(browser.run("return said").await, json!([]), "{deaf}");
        browser.run(&format!("{heard}; return 0")).await;
        browser.until("said.length").await;
        let said = browser.run("return said").await;
        assert!(said[0].as_str().unwrap().contains(&title), "{deaf}: {said}");
        assert!(said[0].as_str().unwrap().starts_with("alert "), "{deaf}: {said}");
        assert_eq!(browser.run("return wrong").await, json!([]), "{deaf}");
        site.resolve(&id).await;
    }
}

/// What is wrong with the element itself, and how that ends.
const ITSELF: [(&str, &str); 2] = [
    (
        "<div><umleitung-notice id=\"box\" service=\"wohngeld\" inert></umleitung-notice></div>",
        "box.inert = false",
    ),
    (
        "<div><umleitung-notice id=\"box\" service=\"wohngeld\" aria-hidden=\"true\"></umleitung-notice></div>",
        "box.removeAttribute('aria-hidden')",
    ),
];

async fn an_element_that_nobody_reaches_takes_nothing_from_the_top(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    for (place, change) in ITSELF {
        let host = page("", place, &site);
        browser.open(&host.origin).await;
        browser.until(&pass(1, &widget_says(TITLE))).await;
        browser
            .until(&pass(1, &format!("document.readyState == 'complete' && {TOLD}.startsWith('top')")))
            .await;
        browser
            .run(&format!("const box = document.getElementById('box'); {change}; return 0"))
            .await;
        browser.until(&pass(1, &format!("{TOLD} == 'place'"))).await;
        assert_eq!(browser.run("return wrong").await, json!([]), "{place}");
    }
}

in_each_engine!(
    an_element_that_nobody_reaches_takes_nothing_from_the_top,
    a_place_that_nobody_sees_takes_nothing_from_the_top,
    what_nobody_can_hear_is_read_out_once_it_can_be_heard,
);
