//! What people with other senses and other means get.
//!
//! axe-core is needed but weak, so each promise has an assertion of its own as well: what is announced, where the focus is, what a screen
//! reader meets, what fits, what is big enough, in which language a text is, what the keyboard reaches, and that nothing moves.

pub(super) mod announced;
mod calm;
mod focus;
mod keyboard;
mod languages;
mod mail;
mod matrix;
mod portal;
mod readable;
mod staff;
mod states;
mod tree;

use serde_json::{Value, json};

use self::{
    portal::Portal,
    states::{stop_clock, whole},
};
use super::site::{OPERATOR, ROOT, Site};
use crate::support::browser::Browser;

/// What the tests look at in a page.
const LOOK: &str = include_str!("look.js");

/// How a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Colours {
    Light,
    Dark,
    /// The system's own colours, as people set them who need a strong contrast.
    Forced,
    ForcedDark,
}

/// Lets the page be seen so.
pub(super) async fn look_in(browser: &Browser, width: u32, colours: Colours) {
    let (scheme, forced) = match colours {
        Colours::Light => ("light", "none"),
        Colours::Dark => ("dark", "none"),
        Colours::Forced => ("light", "active"),
        Colours::ForcedDark => ("dark", "active"),
    };
    browser.viewport(width, 900).await;
    let features = json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "forced-colors", "value": forced}]);
    browser.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    browser
        .until(&format!(
            "innerWidth == {width} && matchMedia('(prefers-color-scheme: {scheme})').matches && matchMedia('(forced-colors: {forced})').matches"
        ))
        .await;
}

/// A portal, a browser whose clock stands, and a document in which all is said that a notice can say.
async fn begin() -> (Site, Browser, Value) {
    let site = Site::start();
    let browser = Browser::start().await;
    let document = whole(&site).await;
    stop_clock(&browser).await;
    (site, browser, document)
}

/// Opens a portal's page; the loader is at work when it is there.
async fn open_page(browser: &Browser, portal: &Portal) {
    browser.open(&portal.origin).await;
    browser.until("window.umleitung && document.readyState == 'complete'").await;
}

/// Lets a document be shown in its place, until what this selector finds is there.
async fn preview(browser: &Browser, document: &Value, selector: &str) {
    browser.run(&format!("umleitung.preview({document}); return 0")).await;
    browser.until(&format!("{ROOT}?.querySelector('{selector}')")).await;
}

/// What these tests have found in the page that is open; an expression in terms of `look`.
async fn found(browser: &Browser, expression: &str) -> Vec<String> {
    let found = browser.run(&format!("{LOOK}; return {expression}")).await;
    let strings = found.as_array().unwrap_or_else(|| panic!("{expression} is {found}")).iter();
    strings.map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
}

/// The rules, from the tools that are installed for the tests, or where AXE says.
fn axe() -> String {
    let path = std::env::var("AXE")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tools/node_modules/axe-core/axe.min.js").to_owned());
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}; install axe-core there or set AXE"))
}

/// Gives the page the rules, once.
async fn teach_axe(browser: &Browser) {
    browser
        .run(&format!("if (!window.axe) {{ {}; window.axe = axe; }} return 0", axe()))
        .await;
}

const CHECK: &str = "
    const told = (kind) => ({ id, nodes }) => nodes.map(({ target, any, all, none }) => ({
        kind, rule: id, target: target.flat().join(' '),
        why: [...any, ...all, ...none].map(({ message, data }) => (data?.messageKey ?? '') + ' ' + message).join('; '),
    }));
    axe.run(document, {
        runOnly,
        resultTypes: ['violations', 'incomplete'],
    }).then(({ violations, incomplete, passes }) => done({
        passed: passes.length,
        found: [...violations.flatMap(told('violation')), ...incomplete.flatMap(told('incomplete'))],
    }), (error) => done({ passed: 0, found: [{ kind: 'error', rule: String(error), target: '', why: '' }] }));";

/// All rules; and those that depend on colours.
const ALL: &str = "{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'EN-301-549', 'best-practice'] }";
const OF_COLOURS: &str = "{ type: 'rule', values: ['color-contrast', 'link-in-text-block'] }";

/// What the rules cannot decide by themselves, and why it is well: the rule, a part of what it says about it, the reason.
const TRIAGED: [(&str, &str, &str); 2] = [
    (
        "color-contrast",
        "button[type=\"submit\"]",
        "in forced colours the browser paints the demo portal's button black on white; the rule reads both colours as the page's own",
    ),
    (
        "color-contrast",
        "bgGradient",
        "only the demo portal's own greeting stands on a gradient; no notice has one",
    ),
];

/// Lets the rules look at the page as it is: all of them in light colours; in others those that depend on colours, since nothing else is
/// another then.
async fn ask_axe(browser: &Browser, name: &str, colours: Colours) -> Vec<String> {
    let (rules, least) = match colours {
        Colours::Light => (ALL, 10),
        Colours::Dark | Colours::Forced | Colours::ForcedDark => (OF_COLOURS, 0),
    };
    let result = browser.run_until_done(&format!("const runOnly = {rules};{CHECK}")).await;
    let mut wrong = Vec::new();
    for one in result["found"].as_array().unwrap() {
        let [kind, rule, target, why] = ["kind", "rule", "target", "why"].map(|key| one[key].as_str().unwrap_or_default());
        let is_triaged = |(of, part, _): &(&str, &str, &str)| *of == rule && (why.contains(part) || target.contains(part));
        if kind != "incomplete" || !TRIAGED.iter().any(is_triaged) {
            wrong.push(format!("{name}: {kind}: {rule}: {target}: {why}"));
        }
    }
    assert!(
        !wrong.is_empty() || result["passed"].as_u64().unwrap() > least,
        "axe looked at nothing: {result}"
    );
    wrong
}

/// What runs over the right edge, so that one would have to scroll sideways.
pub(super) const OVERFLOW: &str = "
    const { scrollWidth, clientWidth } = document.documentElement;
    const all = (root) => [...root.querySelectorAll('*')].flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
    return scrollWidth <= clientWidth ? [] : all(document)
        .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
        .map((element) => element.localName + '.' + element.className + ' ' + element.textContent.slice(0, 60));";

/// Lets nothing stay where it is while the page is scrolled: what lies half under it would count as half as high.
const LOOSE: &str = "
    window.stuck = [...document.querySelectorAll('body *')].filter((element) => getComputedStyle(element).position == 'sticky');
    for (const element of stuck) element.style.position = 'static';
    return 0";

/// Takes that back.
const STUCK: &str = "for (const element of window.stuck) element.style.removeProperty('position'); return 0";

/// Looks at the page that is open, with all that can be unfolded unfolded: in these colours and each width.
async fn wrong_in_page(browser: &Browser, name: &str, colours: Colours, widths: &[u32]) -> Vec<String> {
    browser
        .run("for (const fold of document.querySelectorAll('details')) fold.open = true; return 0")
        .await;
    teach_axe(browser).await;
    let mut wrong = Vec::new();
    for &width in widths {
        look_in(browser, width, colours).await;
        browser.run(LOOSE).await;
        wrong.extend(ask_axe(browser, &format!("{name}, {width} px, {colours:?}"), colours).await);
        browser.run(STUCK).await;
        let over = browser.run(OVERFLOW).await;
        if over != json!([]) {
            wrong.push(format!("{name}: runs over the edge at {width} px: {over}"));
        }
    }
    wrong
}

/// Looks at a page of the staff, in light, dark and forced colours.
pub(super) async fn expect_accessible(browser: &Browser, name: &str) {
    let wrong = wrong_for_staff(browser, name).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a page of the staff, in light, dark and forced colours.
async fn wrong_for_staff(browser: &Browser, name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for colours in [Colours::Light, Colours::Dark, Colours::Forced] {
        wrong.extend(wrong_in_page(browser, name, colours, &[320, 360, 1280]).await);
    }
    // Of these pages only what the rules are sure of: fields for a choice lie over their words, which they cannot judge.
    wrong.retain(|one| !one.contains(": incomplete: "));
    look_in(browser, 1280, Colours::Light).await;
    wrong
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
