//! Where notices stand and what they are about: the top of the page, a target, an element amid the text, the compact form; by services
//! named in the tag and by the portal's rules for its pages; and what the page itself learns.

use serde_json::{Value, json};

use super::{
    host::{Host, Plan},
    site::{PUSHED, ROOT, Site, widget_says},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// A page with this tag and this in its body, in the file's order.
fn page(site: &Site, attributes: &str, body: &str) -> Host {
    let tag = site.tag(&format!("{PUSHED} {attributes}"));
    let page = format!(
        "<!doctype html><html lang=\"de\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\">{tag}</head>
        <body><h1 id=\"heading\">Seite</h1>{body}<p id=\"end\">Ende</p></body></html>"
    );
    Plan::new().page(&page).serve()
}

/// The hosts of notices, each with its parent, the element before it, and the titles of what it shows.
const PLACES: &str = "[...document.querySelectorAll('umleitung-notice')].map((host) => [
    host.parentElement.id || host.parentElement.localName, host.previousElementSibling?.id ?? null,
    [...(host.shadowRoot?.querySelectorAll('.frame h2, .banner h2, .banner.c a') ?? [])].map((title) => title.textContent)])";

/// Waits until the page's places are these.
async fn expect_places(browser: &Browser, expected: Value) {
    browser
        .until(&format!("JSON.stringify({PLACES}) == {}", json!(expected.to_string())))
        .await;
}

async fn notices_stand_where_the_portal_wants_them(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    let target = "<div id=\"box\"><p id=\"inside\">Innen</p></div>";
    for (attributes, expected) in [
        ("", json!([["body", null, [TITLE]]])),
        ("data-target=\"#box\"", json!([["box", null, [TITLE]]])),
        // What is not there, or is no selector, must not cost people the notice.
        ("data-target=\"#missing\"", json!([["body", null, [TITLE]]])),
        ("data-target=\"#box[\"", json!([["body", null, [TITLE]]])),
        ("data-compact", json!([["body", null, [TITLE]]])),
    ] {
        let host = page(&site, attributes, target);
        browser.open(&host.origin).await;
        expect_places(&browser, expected).await;
    }
    // A reader comes upon a notice amid the text only there; another concern of the portal stands at the top.
    site.publish(&outage("sperrmuell", "Sperrmüll: keine Bestellung möglich")).await;
    let host = page(
        &site,
        "",
        "<p id=\"before\">Davor</p><umleitung-notice service=\"wohngeld\"></umleitung-notice>
        <p id=\"other\"></p><umleitung-notice service=\"hundesteuer\"></umleitung-notice>",
    );
    browser.open(&host.origin).await;
    expect_places(
        &browser,
        json!([
            ["body", null, ["Sperrmüll: keine Bestellung möglich"]],
            ["body", "before", [TITLE]],
            ["body", "other", []]
        ]),
    )
    .await;
    let empty = browser
        .run("return document.querySelector('umleitung-notice[service=hundesteuer]').getBoundingClientRect().height")
        .await;
    assert_eq!(empty, 0, "where there is nothing to say, no room is taken");
}

async fn the_compact_form_is_a_line_that_leads_to_the_whole_notice(engine: Engine) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    site.publish(&outage("sperrmuell", "Sperrmüll: keine Bestellung möglich")).await;
    let host = page(
        &site,
        "data-service=\"hundesteuer\"",
        "<header id=\"head\"><umleitung-notice compact></umleitung-notice></header>
        <nav id=\"entry\"><umleitung-notice compact service=\"wohngeld\" href=\"/hilfe\"></umleitung-notice></nav>",
    );
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    expect_places(
        &browser,
        json!([
            ["head", null, ["Sperrmüll: keine Bestellung möglich", TITLE]],
            ["entry", null, [TITLE]]
        ]),
    )
    .await;
    let links = browser
        .run("return [...document.querySelectorAll('umleitung-notice')].map((host) => [...host.shadowRoot.querySelectorAll('a')].map((link) => link.href))")
        .await;
    assert_eq!(links[0][1], site.url(&format!("/p/musterstadt/notices/{id}")));
    assert_eq!(links[1], json!([format!("{}/hilfe", host.origin)]));
    let heights = browser
        .run("return [...document.querySelectorAll('umleitung-notice')].map((host) => host.shadowRoot.querySelector('section').getBoundingClientRect().height)")
        .await;
    assert!(
        heights.as_array().unwrap().iter().all(|height| height.as_f64().unwrap() < 90.0),
        "{heights}"
    );
    // It changes with the notice, and brings no WebAssembly.
    site.resolve(&id).await;
    browser
        .until("document.querySelector('#entry umleitung-notice').shadowRoot.textContent.includes('Behoben')")
        .await;
    let heavy = browser
        .run("return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length")
        .await;
    assert_eq!(heavy, 0);
}

async fn one_tag_serves_the_whole_site_by_the_portals_rules(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    site.publish(&outage("sperrmuell", "Sperrmüll: keine Bestellung möglich")).await;
    let host = page(&site, "", "");
    let browser = Browser::start_in(engine).await;
    let both = json!([["body", null, ["Sperrmüll: keine Bestellung möglich", TITLE]]]);
    let one = json!([["body", null, [TITLE]]]);
    // The rules of the demo: `/demo/wohngeld*`; elsewhere everything is shown.
    for (path, expected) in [("/demo/wohngeld/antrag?schritt=2", &one), ("/demo/", &both), ("/wohngeld", &both)] {
        browser.open(&format!("{}{path}", host.origin)).await;
        expect_places(&browser, expected.clone()).await;
    }
    // A rule with a host holds on that host only.
    site.change_catalogue(|catalogue| {
        catalogue.replace(
            "[portal.links]",
            "[[portal.page]]\nat = \"127.0.0.1/irgend*\"\nservices = [\"sperrmuell\"]\n\n[[portal.page]]\nat = \"kfz.musterstadt.example/*\"\nservices = [\"kfz-zulassung\"]\n\n[portal.links]",
        )
    });
    let other = json!([["body", null, ["Sperrmüll: keine Bestellung möglich"]]]);
    for (path, expected) in [("/irgendwo", &other), ("/demo/wohngeld", &one)] {
        browser.open(&format!("{}{path}", host.origin)).await;
        expect_places(&browser, expected.clone()).await;
    }
    // A page that goes on to another address without being loaded anew is judged by that one.
    if browser.run("return 'navigation' in window").await == Value::Bool(true) {
        browser.run("history.pushState(null, '', '/irgendwo'); return 0").await;
        expect_places(&browser, other).await;
    }
    // What the tag says itself counts more than a rule.
    let host = page(&site, "data-service=\"wohngeld sperrmuell\"", "");
    browser.open(&format!("{}/irgendwo", host.origin)).await;
    expect_places(&browser, both).await;
}

/// A page of a portal that heeds what it is told.
const HEED: &str =
    "<form><button id=\"send\">Absenden</button><button id=\"draft\" type=\"button\" hidden>Entwurf speichern</button></form>
    <script>
        window.told = [];
        addEventListener('umleitung:change', ({ detail: { status, services, notices } }) => {
            const down = services.some(({ id, status }) => id == 'wohngeld' && status == 'outage');
            document.getElementById('send').disabled = down;
            document.getElementById('draft').hidden = !down;
            told.push([status, services.map(({ id, because }) => [id, because ?? null]), notices.length]);
        });
    </script>";

async fn the_page_learns_of_each_change_and_can_act_on_it(engine: Engine) {
    let site = Site::start();
    let host = page(&site, "data-service=\"wohngeld\"", HEED);
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser
        .until("told.length == 1 && umleitung.current?.status == 'operational'")
        .await;
    let buttons = "return [document.getElementById('send').disabled, document.getElementById('draft').hidden]";
    assert_eq!(browser.run(buttons).await, json!([false, true]));
    let id = site.publish_template("bundid-outage").await;
    browser.until("told.length == 2").await;
    assert_eq!(browser.run(buttons).await, json!([true, false]));
    assert_eq!(
        browser
            .run("return [told, umleitung.current.status, umleitung.current.notices[0].id]")
            .await,
        json!([[["operational", [], 0], ["outage", [["wohngeld", "bundid"]], 1]], "outage", id])
    );
    site.resolve(&id).await;
    browser.until("told.length == 3").await;
    assert_eq!(browser.run(buttons).await, json!([false, true]));
}

/// A page of one document, whose body a framework exchanges.
async fn a_page_that_builds_itself_anew_keeps_its_notice(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let host = page(&site, "", "");
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    // It is announced once, a moment after it is shown.
    browser.until(&format!("{ROOT}.querySelector('[role=status]').textContent")).await;
    for change in [
        "document.body.innerHTML = '<main id=main><h1>Neu</h1></main>'",
        "const body = document.createElement('body'); body.innerHTML = '<p id=other>Anders</p>'; document.body = body",
        "document.querySelector('umleitung-notice').remove()",
    ] {
        browser.run(&format!("{change}; return 0")).await;
        browser.until(&widget_says(TITLE)).await;
        assert_eq!(
            browser.run("return document.querySelectorAll('umleitung-notice').length").await,
            1,
            "{change}"
        );
    }
    // A place that comes later is filled, and what stands there leaves the top.
    browser
        .run("document.body.insertAdjacentHTML('beforeend', '<section id=late><umleitung-notice service=wohngeld></umleitung-notice></section>'); return 0")
        .await;
    expect_places(&browser, json!([["late", null, [TITLE]]])).await;
    browser.run("document.getElementById('late').remove(); return 0").await;
    expect_places(&browser, json!([["body", null, [TITLE]]])).await;
    let said = browser
        .run(&format!(
            "return [{ROOT}.querySelector('[role=status]').textContent, {ROOT}.querySelector('[role=alert]').textContent]"
        ))
        .await;
    assert_eq!(said, json!(["", ""]), "what was announced once is not announced again");
}

/// A first script that notes what is said in the console.
const WARNED: &str = "window.warned = []; console.warn = (...words) => warned.push(words.join(' '));";

async fn a_slip_in_what_it_is_narrowed_to_hides_nothing(engine: Engine) {
    const OTHER: &str = "Sperrmüll: keine Bestellung möglich";
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    site.publish(&outage("sperrmuell", OTHER)).await;
    let browser = Browser::start_in(engine).await;
    let element = |service: &str| format!("<umleitung-notice service=\"{service}\"></umleitung-notice>");
    for (service, expected, slip) in [
        ("wohngeld", &[TITLE][..], None),
        ("wohngeld, sperrmuell", &[OTHER, TITLE], None),
        ("sperrmuell,wohngeld", &[OTHER, TITLE], None),
        ("wohngeld; sperrmuell", &[OTHER, TITLE], None),
        ("Wohngeld", &[TITLE], None),
        ("WOHNGELD,HUNDESTEUER", &[TITLE], None),
        (",", &[OTHER, TITLE], None),
        // What is well is known, too.
        ("hundesteuer", &[], None),
        ("Hundesteuer, kfz-zulassung", &[], None),
        ("wohngelt", &[OTHER, TITLE], Some("wohngelt")),
        ("hundesteuer wohngelt", &[OTHER, TITLE], Some("wohngelt")),
        ("Wohngeld Antrag", &[OTHER, TITLE], Some("antrag")),
        ("*", &[OTHER, TITLE], Some("*")),
    ] {
        for (attributes, body) in [
            (format!("data-service=\"{service}\""), String::new()),
            (String::new(), element(service)),
        ] {
            let tag = site.tag(&attributes);
            let page = format!(
                "<!doctype html><html lang=\"de\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\">{tag}</head><body><h1>Seite</h1><div id=\"box\">{body}</div></body></html>"
            );
            let host = Plan::new().page(&page).first_script(WARNED).serve();
            browser.open(&host.origin).await;
            let titles = format!(
                "[...document.querySelectorAll('umleitung-notice{}')].flatMap((host) => [...(host.shadowRoot?.querySelectorAll('.frame h2') ?? [])].map((title) => title.textContent))",
                if body.is_empty() { "" } else { "[service]" }
            );
            let expected = json!(expected);
            browser
                .until(&format!(
                    "window.umleitung?.current && document.readyState == 'complete' && JSON.stringify({titles}) == {}",
                    json!(expected.to_string())
                ))
                .await;
            let warned = browser.run("return warned").await;
            match slip {
                None => assert_eq!(warned, json!([]), "{service}"),
                Some(slip) => {
                    assert_eq!(warned.as_array().unwrap().len(), 1, "{service}: {warned}");
                    assert!(warned[0].as_str().unwrap().contains(&format!("\"{slip}\"")), "{service}: {warned}");
                }
            }
        }
    }
    // The part of a page that is made on the server goes by the same rule.
    for (query, both) in [
        ("wohngeld", false),
        ("Wohngeld,", false),
        ("wohngelt", true),
        ("wohngeld+wohngelt", true),
        ("wohngeld,sperrmuell", true),
    ] {
        let part = site.get(&format!("/p/musterstadt/fragment.html?service={query}")).await;
        assert!(part.contains(TITLE), "{query}");
        assert_eq!(part.contains(OTHER), both, "{query}");
        assert_eq!(part.contains("<!-- umleitung:"), query.contains("wohngelt"), "{query}");
        assert!(!part.contains("wohngelt"), "what is asked for does not get into the page");
    }
}

in_each_engine!(
    a_slip_in_what_it_is_narrowed_to_hides_nothing,
    notices_stand_where_the_portal_wants_them,
    the_compact_form_is_a_line_that_leads_to_the_whole_notice,
    one_tag_serves_the_whole_site_by_the_portals_rules,
    the_page_learns_of_each_change_and_can_act_on_it,
    a_page_that_builds_itself_anew_keeps_its_notice,
);
