//! Acceptance: a notice is a guest on the page. What is there stays usable, looks as before, keeps the focus and does not jump; and
//! whatever the page's own style says, the notice can be read.

use serde_json::{Value, json};
use thirtyfour::Key;

use super::{
    host::{HOSTILE, Host, ORDINARY, Plan, UNANCHORED},
    site::{PUSHED, ROOT, Site, widget_says},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// All computed styles of all the page's own elements, by their place in the page. `html` and `body` grow with their content, so of
/// those only what does not follow from their size counts.
const LOOKS: &str = "
    const grown = /^(block-size|height|perspective-origin|transform-origin|inline-size|width)$/;
    const own = [...document.querySelectorAll('html, head, body, body *')].filter((element) => !element.closest('umleitung-notice'));
    return own.map((element) => {
        const style = getComputedStyle(element);
        const names = [...style].filter((name) => !(element.matches('html, body') && grown.test(name)));
        return element.localName + '#' + element.id + ' ' + names.map((name) => name + ':' + style.getPropertyValue(name)).join(';');
    });";

async fn the_pages_own_content_stays_as_it_was_and_usable(engine: Engine) {
    let site = Site::start();
    let host = Host::serve(ORDINARY, &site.tag(PUSHED), None).await;
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until("window.umleitung && document.readyState == 'complete'").await;
    let before = browser.run(LOOKS).await;
    assert!(before.as_array().unwrap().len() > 30);
    let names = browser.run("return Object.keys(window)").await;

    let id = site.publish(&outage("wohngeld", TITLE)).await;
    browser.until(&widget_says(TITLE)).await;
    let after = browser.run(LOOKS).await;
    for (before, after) in before.as_array().unwrap().iter().zip(after.as_array().unwrap()) {
        assert_eq!(before, after);
    }
    assert_eq!(
        browser.run("return Object.keys(window)").await,
        names,
        "the widget left names behind"
    );
    // Usable: what a person clicks is there, nothing lies over it.
    browser.click("#button").await;
    browser.click("#details > summary").await;
    assert_eq!(
        browser
            .run("return [document.getElementById('count').textContent, document.getElementById('details').open]")
            .await,
        json!(["1", true])
    );
    browser.fill("#text", "!").await;
    assert_eq!(browser.run("return document.getElementById('text').value").await, "Guten Tag!");
    let covered = "
        const notice = document.querySelector('umleitung-notice').getBoundingClientRect();
        return [...document.querySelectorAll('body > :not(umleitung-notice)')].filter((element) => {
            const box = element.getBoundingClientRect();
            return box.height > 0 && box.top < notice.bottom && box.bottom > notice.top;
        }).map((element) => element.outerHTML);";
    assert_eq!(browser.run(covered).await, json!([]));

    // And when it is over, not a trace is left.
    browser.run("document.getElementById('details').open = false; document.getElementById('count').textContent = '0'; document.activeElement.blur(); return 0").await;
    site.end_lingering();
    site.resolve(&id).await;
    browser.until("!document.querySelector('umleitung-notice')").await;
    assert_eq!(browser.run("return document.body.firstElementChild.id").await, "heading");
}

/// Each frame from now on: where what is read stands.
const RECORD: &str = "
    const anchor = document.getElementById('anchor');
    const tops = window.tops = [];
    const note = () => { tops.push(anchor.getBoundingClientRect().top); requestAnimationFrame(note); };
    note();
    return 0;";

async fn what_is_read_does_not_move_when_a_notice_comes_above_it(engine: Engine) {
    let site = Site::start();
    let browser = Browser::start_in(engine).await;
    for style in [ORDINARY, UNANCHORED] {
        let host = Host::serve(style, &site.tag(PUSHED), None).await;
        browser.open(&host.origin).await;
        browser.until("window.umleitung && document.readyState == 'complete'").await;
        browser
            .run("scrollTo({ top: document.getElementById('anchor').getBoundingClientRect().top - 300, behavior: 'instant' }); return 0")
            .await;
        browser.run(RECORD).await;
        assert!(browser.run("return scrollY").await.as_f64().unwrap() > 800.0);
        let before = browser.until("tops.length > 2 && tops.at(-1)").await.as_f64().unwrap();

        // It comes, it grows into the whole notice, it changes, it goes.
        let id = site.publish(&outage("wohngeld", TITLE)).await;
        browser.until(&widget_says(TITLE)).await;
        site.post(
            &format!("/api/v1/notices/{id}/updates"),
            &json!({"text": {"de": "Eine lange Nachricht. ".repeat(40)}}),
        )
        .await;
        browser.until(&widget_says("Eine lange Nachricht.")).await;
        let height = browser
            .run("return document.querySelector('umleitung-notice').offsetHeight")
            .await
            .as_f64()
            .unwrap();
        assert!(height > 100.0, "only {height} px came above");
        site.resolve(&id).await;
        browser.until(&widget_says("Behoben")).await;
        let frames = browser.run("return tops.length").await;
        browser.until(&format!("tops.length > {frames} + 3")).await;
        let worst = browser
            .run(&format!("return Math.max(...tops.map((top) => Math.abs(top - {before})))"))
            .await
            .as_f64()
            .unwrap();
        assert!(
            worst <= 1.0,
            "what is read moved by {worst} px in some frame, with the style {style}"
        );
    }
}

/// Pages on which not the window scrolls: the body, or a part of the page in which the notice stands.
async fn what_is_read_does_not_move_in_a_part_that_scrolls_either(engine: Engine) {
    let site = Site::start();
    let browser = Browser::start_in(engine).await;
    let long = "<p>Absatz</p>".repeat(200);
    site.end_lingering();
    for (style, target) in [
        (
            "html { overflow: hidden; height: 100% } body { height: 100%; overflow: auto; margin: 0 }",
            "",
        ),
        (
            "body { margin: 0 } #part { height: 90vh; overflow: auto; margin-top: 5vh }",
            "data-target=\"#part\"",
        ),
        ("html { scroll-behavior: smooth } * { overflow-anchor: none }", ""),
    ] {
        let page = format!(
            "<!doctype html><html lang=\"de\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\"><style>{style}</style>
            {}</head><body><main id=\"part\">{long}<p id=\"anchor\">Hier</p>{long}</main></body></html>",
            site.tag(&format!("{PUSHED} {target}"))
        );
        let host = Plan::new().page(&page).serve();
        browser.open(&host.origin).await;
        browser
            .until("window.umleitung?.current && document.readyState == 'complete'")
            .await;
        browser
            .run("document.getElementById('anchor').scrollIntoView({ block: 'center', behavior: 'instant' }); return 0")
            .await;
        browser.run(RECORD).await;
        let before = browser.until("tops.length > 2 && tops.at(-1)").await.as_f64().unwrap();
        let id = site.publish(&outage("wohngeld", TITLE)).await;
        browser.until(&widget_says(TITLE)).await;
        site.resolve(&id).await;
        browser.until("!document.querySelector('umleitung-notice')").await;
        let frames = browser.run("return tops.length").await;
        browser.until(&format!("tops.length > {frames} + 3")).await;
        let worst = browser
            .run(&format!("return Math.max(...tops.map((top) => Math.abs(top - {before})))"))
            .await;
        // Browsers tell how far an element can be scrolled in whole pixels, so each of three changes may leave a fraction.
        assert!(
            worst.as_f64().unwrap() <= 2.0,
            "what is read moved by {worst} px with the style {style}"
        );
    }
}

async fn focus_and_caret_stay_while_a_notice_comes_and_changes(engine: Engine) {
    let site = Site::start();
    let host = Host::serve(ORDINARY, &site.tag(PUSHED), None).await;
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until("window.umleitung && document.readyState == 'complete'").await;
    browser
        .run(
            "const field = document.getElementById('name'); field.focus(); field.setSelectionRange(3, 3); window.moved = 0;
            for (const name of ['focusin', 'focusout', 'blur']) document.addEventListener(name, () => { moved += 1; }, true); return 0",
        )
        .await;
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    browser.until(&widget_says(TITLE)).await;
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": {"de": "Noch eine Stunde."}}),
    )
    .await;
    browser.until(&widget_says("Noch eine Stunde.")).await;
    let focus = "const field = document.activeElement; return [field.id, field.selectionStart, field.selectionEnd, window.moved]";
    assert_eq!(browser.run(focus).await, json!(["name", 3, 3, 0]));
    // Keys go where the caret is.
    browser.session.action_chain().send_keys("X").perform().await.unwrap();
    assert_eq!(browser.run("return document.getElementById('name').value").await, "MarXlene");

    // Inside the notice: what is unfolded and focused stays so over a change.
    let fold = format!("{ROOT}.querySelector('details')");
    browser
        .run(&format!(
            "{fold}.querySelector('summary').focus(); window.fold = {fold}.id; return 0"
        ))
        .await;
    browser.session.action_chain().send_keys(Key::Enter).perform().await.unwrap();
    browser.until(&format!("{fold}.open")).await;
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": {"de": "Noch zwei Stunden."}}),
    )
    .await;
    browser.until(&widget_says("Noch zwei Stunden.")).await;
    let kept = browser.run(&format!("const active = {ROOT}.activeElement; return [active?.localName, active?.closest('details').id == window.fold, {ROOT}.getElementById(window.fold).open]")).await;
    assert_eq!(kept, json!(["summary", true, true]));
}

/// What stands in the notice, as it can be seen: for each text the size of its letters, its contrast, whether a click would hit it.
const READABLE: &str = "
    const root = document.querySelector('umleitung-notice').shadowRoot;
    const parse = (color) => { const probe = document.createElement('canvas').getContext('2d'); probe.fillStyle = color; probe.fillRect(0, 0, 1, 1); return [...probe.getImageData(0, 0, 1, 1).data]; };
    const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
    const ground = (element) => { for (let at = element; at; at = at.parentElement) { const color = parse(getComputedStyle(at).backgroundColor); if (color[3] == 255) return color; } return null; };
    const texts = [...root.querySelectorAll('h2, p, a, dt, dd, summary, li, button, strong')].filter((element) => element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType == 3 && node.data.trim()));
    return texts.map((element) => {
        element.scrollIntoView({ block: 'center', behavior: 'instant' });
        const style = getComputedStyle(element);
        const box = element.getClientRects()[0];
        const behind = ground(element);
        const [a, b] = [light(parse(style.color)), behind ? light(behind) : NaN].sort((x, y) => y - x);
        const hit = root.elementFromPoint(box.left + Math.min(box.width / 2, 8), box.top + box.height / 2);
        return { text: element.textContent.slice(0, 40), size: parseFloat(style.fontSize), contrast: (a + 0.05) / (b + 0.05),
            seen: style.visibility == 'visible' && +style.opacity == 1 && box.width > 4 && box.height > 10 && box.left >= 0 && box.right <= innerWidth,
            hit: hit == element || element.contains(hit) || hit?.contains(element) || false, spacing: style.letterSpacing, transform: style.textTransform, direction: style.direction };
    });";

#[tokio::test]
async fn a_notice_can_be_read_on_a_page_that_unsets_every_style() {
    let site = Site::start();
    site.publish_template("bundid-outage").await;
    let host = Host::serve(HOSTILE, &site.tag(PUSHED), None).await;
    let browser = Browser::start().await;
    for scheme in ["light", "dark"] {
        browser.scheme(scheme).await;
        browser.open(&host.origin).await;
        browser.until(&widget_says("BundID: Anmeldung nicht möglich")).await;
        let texts = browser.run(READABLE).await;
        let texts = texts.as_array().unwrap();
        assert!(texts.len() > 10, "{texts:?}");
        for text in texts {
            assert!(text["seen"] == true && text["hit"] == true, "{scheme}: {text}");
            assert!(text["size"].as_f64().unwrap() >= 14.0, "{scheme}: {text}");
            assert!(
                text["contrast"].as_f64().is_some_and(|contrast| contrast >= 4.5),
                "{scheme}: {text}"
            );
            assert_eq!(
                (&text["spacing"], &text["transform"], &text["direction"]),
                (&json!("normal"), &json!("none"), &json!("ltr")),
                "{scheme}: {text}"
            );
        }
    }
    // The page's own elements are unset as its author wished: no style of ours has come to their help.
    let own = browser.run("return [getComputedStyle(document.getElementById('heading')).display, getComputedStyle(document.getElementById('heading')).fontWeight]").await;
    assert_eq!(own, json!(["inline", "400"]));
    assert_eq!(
        browser
            .run("return document.querySelectorAll('link[rel=stylesheet], style').length + document.adoptedStyleSheets.length")
            .await,
        Value::from(1)
    );
}

in_each_engine!(
    the_pages_own_content_stays_as_it_was_and_usable,
    what_is_read_does_not_move_when_a_notice_comes_above_it,
    what_is_read_does_not_move_in_a_part_that_scrolls_either,
    focus_and_caret_stay_while_a_notice_comes_and_changes,
);
