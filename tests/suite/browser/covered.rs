//! Pages on which the top of `body` is no place that people see: something lies over it, it is a narrow column, or what follows would be
//! pushed out of reach. The notice goes elsewhere, and the page stays whole.

use serde_json::{Value, json};

use super::{
    host::{ERRORS, Plan},
    site::{Site, widget_says},
    time::{TIME, pass},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// What the pages consist of: a bar, a column beside, a long text with a field at its end.
const BODY: &str = "<header id=\"bar\">Gemeinde Beispielhausen</header><nav id=\"beside\">Übersicht</nav>
    <main id=\"main\"><h1>Antrag</h1><div style=\"height: 1500px\">Text</div><input id=\"end\" aria-label=\"Name\"></main>";

/// By style: what it is about, and how the body is laid out. `#app` holds everything where `app` is in the name.
const PAGES: [(&str, &str); 19] = [
    (
        "a bar that is fixed",
        "#bar { position: fixed; inset: 0 0 auto; height: 80px; background: #fff; z-index: 9 }",
    ),
    (
        "a bar that is lifted out",
        "#bar { position: absolute; top: 0; left: 0; width: 100%; height: 70px; background: #fff; z-index: 9 }",
    ),
    (
        "two bars",
        "#bar { position: fixed; inset: 0 0 auto; height: 50px; background: #fff; z-index: 9 } #beside { position: fixed; inset: 50px 0 auto; height: 40px; background: #eee; z-index: 9 }",
    ),
    (
        "a column at the left",
        "#beside { position: fixed; inset: 0 auto 0 0; width: 250px; background: #eee } body { margin: 0 } #main, #bar { margin-left: 250px }",
    ),
    (
        "a column at the right",
        "#beside { position: fixed; inset: 0 0 0 auto; width: 250px; background: #eee } body { margin: 0 } #main, #bar { margin-right: 250px }",
    ),
    (
        "a bar that sticks",
        "#bar { position: sticky; top: 0; height: 80px; background: #fff; z-index: 9 }",
    ),
    (
        "a bar with room for it",
        "#bar { position: fixed; inset: 0 0 auto; height: 80px; background: #fff } body { padding-top: 80px }",
    ),
    (
        "a grid of columns",
        "body { display: grid; grid-template-columns: 200px 250px 1fr }",
    ),
    (
        "a grid with names",
        "body { display: grid; margin: 0; grid-template: 'bar bar' 60px 'beside main' 1fr / 250px 1fr } #bar { grid-area: bar } #beside { grid-area: beside } #main { grid-area: main }",
    ),
    (
        "a grid with a foot",
        "body { display: grid; grid-template-rows: auto 1fr auto; min-height: 100vh; margin: 0 }",
    ),
    ("a row", "body { display: flex; margin: 0 } #main { flex: 1 }"),
    (
        "a row that wraps",
        "body { display: flex; flex-wrap: wrap; margin: 0 } #main { width: 100% }",
    ),
    (
        "a column in the middle",
        "body { display: flex; flex-direction: column; align-items: center; justify-content: center; margin: 0 } #main { width: 500px }",
    ),
    (
        "a first part that is fixed, whichever it is",
        "body { padding-top: 90px } body > :first-child { position: fixed; inset: 0 0 auto; height: 80px; background: #fff }",
    ),
    ("text in columns", "body { columns: 3 }"),
    ("app, fixed", "#app { position: fixed; inset: 0; overflow: auto; background: #fff }"),
    (
        "app, lifted out",
        "#app { position: absolute; inset: 0; overflow: auto; background: #fff }",
    ),
    (
        "app that scrolls",
        "html, body { height: 100%; margin: 0; overflow: hidden } #app { height: 100%; overflow: auto }",
    ),
    (
        "app of bar and part",
        "#app { position: fixed; inset: 0; display: flex; flex-direction: column; background: #fff } #main { flex: 1; overflow: auto; min-height: 0 }",
    ),
];

fn markup(name: &str, style: &str, tag: &str) -> String {
    let body = if name.starts_with("app") {
        format!("<div id=\"app\">{BODY}</div>")
    } else {
        BODY.to_owned()
    };
    format!(
        "<!doctype html><html lang=\"de\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\"><style>{style}</style>{tag}</head><body>{body}</body></html>"
    )
}

/// How wide and high the page's own parts are.
const SIZES: &str = "['bar', 'beside', 'main'].map((id) => { const { offsetWidth, offsetHeight } = document.getElementById(id); return [offsetWidth, offsetHeight]; })";

/// The host whose notice is seen: its headline is hit where it stands, in the window, and it is wide enough to be read.
const SEEN: &str = "[...document.querySelectorAll('umleitung-notice')].some(({ shadowRoot: root }) => {
    const title = root.querySelector('h2');
    const range = document.createRange();
    range.selectNodeContents(title);
    const text = range.getBoundingClientRect(), box = root.host.getBoundingClientRect();
    const hit = [0.02, 0.5, 0.98].every((part) => title.contains(root.elementFromPoint(text.left + text.width * part, text.top + text.height / 2)));
    return hit && text.top >= 0 && text.bottom <= innerHeight && box.width >= innerWidth * 0.55;
})";

async fn the_notice_goes_where_it_is_seen_and_the_page_stays_whole(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    for (name, style) in PAGES {
        let without = Plan::new().page(&markup(name, style, "")).serve();
        browser.open(&without.origin).await;
        let before = browser.run(&format!("return {SIZES}")).await;
        let host = Plan::new()
            .page(&markup(name, style, &site.tag("")))
            .first_script(TIME)
            .first_script(ERRORS)
            .serve();
        browser.open(&host.origin).await;
        println!("umleitung:  {engine:?}: {name}");
        browser.until(&widget_says(TITLE)).await;
        // While the page may still be taken over by a script of its own, and afterwards.
        browser.until(SEEN).await;
        browser.until(&pass(2, "document.documentElement.dataset.ahead > 20e3")).await;
        browser
            .until(&format!("document.body.lastElementChild.localName != 'umleitung-notice' && {SEEN}"))
            .await;
        // As wide as before, but for a scroll bar; and no part is drawn out. What scrolls by itself may be less high.
        let after = browser.run(&format!("return {SIZES}")).await;
        for part in 0..3 {
            let size = |sizes: &Value, side: usize| sizes[part][side].as_f64().unwrap();
            assert!((size(&before, 0) - size(&after, 0)).abs() <= 20.0, "{name}: {before} {after}");
            assert!(size(&after, 1) <= size(&before, 1) + 60.0, "{name}: {before} {after}");
        }
        // The end is in reach, and nothing lies over it.
        browser
            .run("document.getElementById('end').scrollIntoView({ block: 'center', behavior: 'instant' }); return 0")
            .await;
        browser
            .until("(({ left, top, width, height }) => document.elementFromPoint(left + width / 2, top + height / 2)?.id == 'end')(document.getElementById('end').getBoundingClientRect())")
            .await;
        browser.fill("#end", "Erika").await;
        assert_eq!(browser.run("return wrong").await, json!([]), "{name}");
    }
}

async fn a_page_that_covers_the_top_later_is_noticed(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    for (name, change) in [
        (
            "bar",
            "document.getElementById('bar').style.cssText = 'position: fixed; inset: 0 0 auto; height: 90px; background: #fff'",
        ),
        (
            "grid",
            "document.body.style.cssText = 'display: grid; grid-template-columns: 200px 250px 1fr'",
        ),
        (
            "app",
            "document.getElementById('app').style.cssText = 'position: fixed; inset: 0; overflow: auto; background: #fff'",
        ),
    ] {
        let host = Plan::new()
            .page(&markup(name, "", &site.tag("")))
            .first_script(TIME)
            .first_script(ERRORS)
            .serve();
        browser.open(&host.origin).await;
        browser.until(&widget_says(TITLE)).await;
        browser.until(SEEN).await;
        browser
            .run(&format!("{change}; dispatchEvent(new Event('resize')); return 0"))
            .await;
        browser.until(SEEN).await;
        assert_eq!(browser.run("return wrong").await, json!([]), "{name}");
    }
}

/// A question that lies over everything for a while, as about cookies, is none of the page's layout.
async fn a_question_before_the_page_moves_nothing(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    for question in [
        "<div role=\"dialog\" aria-modal=\"true\" style=\"position: fixed; inset: 0; background: #0008\"><p style=\"background: #fff\">Cookies?</p></div>",
        "<div style=\"position: fixed; inset: 0; background: #0008\"></div><section role=\"dialog\" style=\"position: fixed; inset: 20%; background: #fff\">Cookies?</section>",
        "<div style=\"position: fixed; inset: auto 0 0; height: 200px; background: #fff\">Cookies?</div>",
    ] {
        let page = markup("", "", &site.tag("")).replace("</body>", &format!("{question}</body>"));
        let host = Plan::new().page(&page).first_script(TIME).first_script(ERRORS).serve();
        browser.open(&host.origin).await;
        browser.until(&widget_says(TITLE)).await;
        browser.until(&pass(2, "document.documentElement.dataset.ahead > 20e3")).await;
        browser
            .until("document.body.firstElementChild.localName == 'umleitung-notice' && document.readyState == 'complete'")
            .await;
        let style = browser
            .run("const host = document.querySelector('umleitung-notice'); const { paddingTop, paddingLeft, position } = getComputedStyle(host); return [paddingTop, paddingLeft, position]")
            .await;
        assert_eq!(style, json!(["0px", "0px", "static"]), "{question}");
        assert_eq!(browser.run("return wrong").await, json!([]));
    }
}

/// A page that consists of a picture or of another page, which has no text of its own.
async fn a_page_without_text_is_no_curtain(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    for app in [
        "<iframe id=\"app\" title=\"Karte\" srcdoc=\"<p>Karte</p>\"></iframe>",
        "<canvas id=\"app\"></canvas>",
        "<div id=\"app\"><canvas></canvas></div>",
    ] {
        let page = format!(
            "<!doctype html><html lang=\"de\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\">
            <style>#app {{ position: fixed; inset: 0; width: 100%; height: 100%; border: 0; background: #fff }}</style>{}</head><body>{app}</body></html>",
            site.tag("")
        );
        let host = Plan::new().page(&page).first_script(TIME).first_script(ERRORS).serve();
        println!("umleitung:  {engine:?}: {app}");
        browser.open(&host.origin).await;
        browser.until(&widget_says(TITLE)).await;
        browser.until(&pass(2, "document.documentElement.dataset.ahead > 20e3")).await;
        browser.until(SEEN).await;
        assert_eq!(browser.run("return wrong").await, json!([]), "{app}");
    }
}

in_each_engine!(
    a_page_without_text_is_no_curtain,
    the_notice_goes_where_it_is_seen_and_the_page_stays_whole,
    a_page_that_covers_the_top_later_is_noticed,
    a_question_before_the_page_moves_nothing,
);
