//! What people with other senses and other means get: axe-core finds nothing, nothing runs off a narrow screen, the accessibility tree
//! names things, and changes are announced once each.

use serde_json::{Value, json};

use super::site::{OPERATOR, ROOT, Site, widget_says};
use crate::support::{browser::Browser, outage};

const TITLE: &str = "BundID: Anmeldung nicht möglich";
const VIEWS: [(u32, u32); 2] = [(320, 800), (1280, 900)];

/// The rules, from the tools that are installed for the tests, or where AXE says.
fn axe() -> String {
    let path = std::env::var("AXE")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tools/node_modules/axe-core/axe.min.js").to_owned());
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}; install axe-core there or set AXE"))
}

const CHECK: &str = "
    axe.run(document, {
        runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
        resultTypes: ['violations'],
    }).then(({ violations, passes }) => done({
        passed: passes.length,
        found: violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target.flat().join(' ') + ' ' + failureSummary).join('; ')),
    }), (error) => done({ passed: 0, found: [String(error)] }));";

/// Everything that a reader can unfold is unfolded, so that it is looked at as well.
const UNFOLD: &str = "
    const within = (root) => {
        for (const fold of root.querySelectorAll('details')) fold.open = true;
        for (const element of root.querySelectorAll('*')) if (element.shadowRoot) within(element.shadowRoot);
    };
    within(document);
    return 0;";

/// What runs over the right edge, so that one would have to scroll sideways.
pub(super) const OVERFLOW: &str = "
    const { scrollWidth, clientWidth } = document.documentElement;
    const all = (root) => [...root.querySelectorAll('*')].flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
    return scrollWidth <= clientWidth ? [] : all(document)
        .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
        .map((element) => element.localName + '.' + element.className + ' ' + element.textContent.slice(0, 60));";

/// Looks at the page that is open, in each width and each colour scheme.
async fn expect_accessible(browser: &Browser, name: &str) {
    browser.run(UNFOLD).await;
    browser.run(&format!("{}; window.axe = axe; return 0", axe())).await;
    let mut wrong = Vec::new();
    for (width, height) in VIEWS {
        browser.viewport(width, height).await;
        for scheme in ["light", "dark"] {
            browser.scheme(scheme).await;
            browser
                .until(&format!(
                    "innerWidth == {width} && matchMedia('(prefers-color-scheme: {scheme})').matches"
                ))
                .await;
            let result = browser.run_until_done(CHECK).await;
            for found in result["found"].as_array().unwrap() {
                wrong.push(format!("{name}, {width} px, {scheme}: {}", found.as_str().unwrap()));
            }
            assert!(
                !wrong.is_empty() || result["passed"].as_u64().unwrap() > 10,
                "axe looked at nothing: {result}"
            );
        }
        let over = browser.run(OVERFLOW).await;
        if over != json!([]) {
            wrong.push(format!("{name}: runs over the edge at {width} px: {over}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn pages_for_the_public_are_accessible() {
    let site = Site::start();
    let id = site.publish_template("bundid-outage").await;
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": {"de": "Die Ursache ist gefunden."}, "stage": "identified"}),
    )
    .await;
    site.publish(&outage("sperrmuell", "Sperrmüll: keine Bestellung möglich")).await;
    let browser = Browser::start().await;
    for page in ["/demo/kfz-zulassung.html", "/demo/"] {
        browser.open(&site.url(page)).await;
        browser.until(&widget_says(TITLE)).await;
        expect_accessible(&browser, page).await;
    }
    // Leichte Sprache is a variant of the same notice.
    browser
        .run(&format!(
            "[...{ROOT}.querySelectorAll('nav button')].find((button) => button.lang == 'de-simple').click(); return 0"
        ))
        .await;
    browser.until(&widget_says("Etwas ist kaputt")).await;
    expect_accessible(&browser, "in Leichte Sprache").await;
    for page in [
        "/p/musterstadt/".to_owned(),
        "/p/musterstadt/history".to_owned(),
        format!("/p/musterstadt/notices/{id}"),
    ] {
        browser.open(&site.url(&page)).await;
        expect_accessible(&browser, &page).await;
    }
}

#[tokio::test]
async fn pages_for_the_staff_are_accessible() {
    let site = Site::start();
    site.add_operator();
    let id = site.publish_template("bundid-outage").await;
    let browser = Browser::start().await;
    browser.open(&site.url("/admin/")).await;
    browser.visible("#sign-in").await;
    expect_accessible(&browser, "sign-in").await;
    browser.viewport(1280, 900).await;
    site.sign_in(&browser).await;
    assert!(
        browser
            .run("return document.querySelector('header').textContent")
            .await
            .as_str()
            .unwrap()
            .contains(OPERATOR)
    );
    browser.visible(&format!("[data-test=notice-{id}]")).await;
    expect_accessible(&browser, "desk").await;
    browser.click("[data-test=template-kfz-outage]").await;
    browser.visible("#publish").await;
    expect_accessible(&browser, "form").await;
    browser.click("[data-test=leave]").await;
    browser.click(&format!("[data-test=notice-{id}]")).await;
    browser.click("[data-test=add-update]").await;
    browser.visible("#field-text-de").await;
    expect_accessible(&browser, "notice").await;
}

#[tokio::test]
async fn the_accessibility_tree_names_the_region_its_headings_and_its_buttons() {
    let site = Site::start();
    site.publish_template("bundid-outage").await;
    let browser = Browser::start().await;
    browser.open(&site.url("/demo/kfz-zulassung.html")).await;
    browser.until(&widget_says(TITLE)).await;
    let tree = browser.devtools("Accessibility.getFullAXTree", json!({})).await;
    let all = tree["nodes"].as_array().unwrap();
    // In the order in which a screen reader meets them.
    let mut nodes = Vec::new();
    let mut ahead = vec![&all[0]];
    while let Some(node) = ahead.pop() {
        if node["ignored"] == false {
            nodes.push((
                node["role"]["value"].as_str().unwrap_or_default(),
                node["name"]["value"].as_str().unwrap_or_default(),
            ));
        }
        let children = node["childIds"].as_array().into_iter().flatten().rev();
        ahead.extend(children.filter_map(|id| all.iter().find(|child| child["nodeId"] == *id)));
    }
    let place = |role: &str, name: &str| {
        nodes
            .iter()
            .position(|node| *node == (role, name))
            .unwrap_or_else(|| panic!("no {role} {name:?} in {nodes:?}"))
    };
    let region = place("region", "Meldungen zu Störungen und Wartungen");
    let heading = place("heading", TITLE);
    let page = place("heading", "Fahrzeug zulassen");
    assert!(region < heading && heading < page, "the notice comes first, inside its region");
    place("button", "Leichte Sprache");
    for (role, name) in &nodes {
        assert!(
            !matches!(*role, "button" | "link" | "heading" | "region" | "textbox") || !name.is_empty(),
            "a {role} without a name"
        );
    }
}

/// Notes what live regions say, in the shadow roots as well: how each is when it comes, and each text that is put into it.
const LISTEN: &str = "
    window.heard = [];
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (options) {
        const root = attach.call(this, options);
        new MutationObserver((changes) => {
            for (const { addedNodes, target } of changes) for (const node of addedNodes) {
                const around = node.nodeType == 1 ? node : target;
                const region = around.closest?.('[role=status], [role=alert], [aria-live]');
                if (region === node) heard.push(['comes', region.role, region.textContent]);
                else if (region) heard.push(['says', region.role, region.textContent]);
            }
        }).observe(root, { childList: true, subtree: true, characterData: true });
        return root;
    };";

#[tokio::test]
async fn each_revision_is_announced_once_by_a_region_that_was_there_before() {
    let site = Site::start();
    let browser = Browser::start().await;
    browser.before_each_page(LISTEN).await;
    browser.open(&site.url("/demo/")).await;
    browser.until("window.umleitung && document.readyState == 'complete'").await;
    let says = |count: usize| format!("heard.filter(([what]) => what == 'says').length >= {count}");

    // An outage that begins under one's eyes is urgent.
    let id = site.publish(&outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    browser.until(&widget_says("Wohngeld: Antrag nicht möglich")).await;
    browser.until(&says(1)).await;
    let first = json!([
        ["comes", "status", ""],
        ["comes", "alert", ""],
        ["says", "alert", "Störung: Wohngeld: Antrag nicht möglich"]
    ]);
    assert_eq!(browser.run("return heard").await, first);

    // The same document again, as after a new connection: nothing is said. The next thing that is said is the update.
    browser.network().await;
    browser.run("document.dispatchEvent(new Event('visibilitychange')); return 0").await;
    browser.network_until("Network.eventSourceMessageReceived").await;
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": {"de": "Noch eine Stunde."}}),
    )
    .await;
    browser.until(&widget_says("Noch eine Stunde.")).await;
    browser.until(&says(2)).await;
    site.resolve(&id).await;
    browser.until(&widget_says("Behoben")).await;
    browser.until(&says(3)).await;
    let heard = browser.run("return heard.slice(3)").await;
    assert_eq!(
        heard,
        json!([
            [
                "says",
                "status",
                "Neue Nachricht. Wohngeld: Antrag nicht möglich. Noch eine Stunde."
            ],
            ["says", "status", "Behoben: Wohngeld: Antrag nicht möglich"]
        ])
    );

    // What was already so when the page was opened is not urgent.
    browser.devtools("Network.setCacheDisabled", json!({"cacheDisabled": true})).await;
    site.publish(&outage("elterngeld", "Elterngeld: Antrag nicht möglich")).await;
    browser.open(&site.url("/demo/")).await;
    browser.until(&widget_says("Elterngeld: Antrag nicht möglich")).await;
    browser.until(&says(1)).await;
    let heard = browser.run("return heard").await;
    assert_eq!(
        heard,
        json!([
            ["comes", "status", ""],
            ["comes", "alert", ""],
            ["says", "status", "Störung: Elterngeld: Antrag nicht möglich"]
        ])
    );
    assert_eq!(
        browser
            .run(&format!(
                "return [...{ROOT}.querySelectorAll('[role=alert]')].map((region) => region.textContent)"
            ))
            .await,
        json!([""])
    );
    assert_ne!(browser.run(&format!("return {ROOT}.querySelector('.frame')")).await, Value::Null);
}
