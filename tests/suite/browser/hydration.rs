//! A page that its own script takes over as a whole (React's `hydrateRoot(document, …)`): the notice is no reason to build it anew, so
//! nothing that is typed is lost.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{
    host::{Plan, SCRIPT},
    site::{Site, widget_says},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// React as it is published, from the tools that are installed for the tests.
fn published(file: &str) -> String {
    let axe = std::env::var_os("AXE").map(PathBuf::from);
    let tools = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tools/node_modules");
    let modules = axe.as_deref().and_then(|axe| axe.parent()?.parent()).unwrap_or(Path::new(tools));
    let path = modules.join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask setup` installs it", path.display()))
}

/// Takes the document over when the test says so. What a page's head holds behind its own children React leaves alone.
const APP: &str = "
    window.wrong = [];
    addEventListener('error', ({ message }) => wrong.push(message));
    const e = React.createElement;
    const Page = () => {
        const [count, setCount] = React.useState(0);
        return e('html', { lang: 'de' },
            e('head', null, e('title', null, 'Antrag'), e('link', { rel: 'icon', href: 'data:,' })),
            e('body', null, e('main', null, e('h1', null, 'Antrag'), e('div', { id: 'target' }), ELEMENT, e('input', { id: 'name', 'aria-label': 'Name' }),
                e('button', { id: 'count', onClick: () => setCount(count + 1) }, count))));
    };
    window.hydrate = () => ReactDOM.hydrateRoot(document, e(Page), { onRecoverableError: ({ message }) => wrong.push(message) });";

async fn nothing_typed_is_lost_when_a_page_is_taken_over(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let react = [
        published("react/umd/react.production.min.js"),
        published("react-dom/umd/react-dom.production.min.js"),
    ];
    let browser = Browser::start_in(engine).await;
    for (attributes, written, element, parent) in [
        ("", "", "null", "BODY"),
        ("data-target=\"#target\"", "", "null", "target"),
        (
            "",
            "<umleitung-notice service=\"wohngeld\"></umleitung-notice>",
            "e('umleitung-notice', { service: 'wohngeld' })",
            "MAIN",
        ),
    ] {
        let page = format!(
            "<!doctype html><html lang=\"de\"><head><title>Antrag</title><link rel=\"icon\" href=\"data:,\"/>{}\
             <script defer src=\"/react.js\"></script><script defer src=\"/react-dom.js\"></script><script defer src=\"/app.js\"></script></head>\
             <body><main><h1>Antrag</h1><div id=\"target\"></div>{written}<input id=\"name\" aria-label=\"Name\"/><button id=\"count\">0</button></main></body></html>",
            site.tag(attributes)
        );
        let host = Plan::new()
            .page(&page)
            .file("/react.js", SCRIPT, &react[0])
            .file("/react-dom.js", SCRIPT, &react[1])
            .file("/app.js", SCRIPT, &APP.replace("ELEMENT", element))
            .serve();
        browser.open(&host.origin).await;
        browser.until("window.hydrate").await;
        browser.until(&widget_says(TITLE)).await;
        browser.fill("#name", "Erika").await;
        browser
            .run("document.getElementById('name').dataset.mine = 1; hydrate(); return 0")
            .await;
        // It has been taken over once the button counts.
        browser
            .until("document.getElementById('count').textContent != '0' || document.getElementById('count').click()")
            .await;
        let name = "const { value, dataset } = document.getElementById('name'); return [value, dataset.mine, wrong]";
        assert_eq!(browser.run(name).await, json!(["Erika", "1", []]), "{attributes} {written}");
        // Now it goes where it belongs, and the page stays alive.
        browser
            .until(&format!(
                "(({{ id, tagName }}) => id || tagName)(document.querySelector('umleitung-notice').parentElement) == '{parent}' && document.body.lastElementChild.localName == 'main'"
            ))
            .await;
        browser.until(&widget_says(TITLE)).await;
        browser
            .run("window.before = Number(document.getElementById('count').textContent); return 0")
            .await;
        browser.click("#count").await;
        browser
            .until("Number(document.getElementById('count').textContent) == before + 1")
            .await;
        assert_eq!(browser.run(name).await, json!(["Erika", "1", []]), "{attributes} {written}");
    }
}

in_each_engine!(nothing_typed_is_lost_when_a_page_is_taken_over,);
