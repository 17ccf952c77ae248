//! What a screen reader meets, in its order: the tree that the browser hands to it, kept as text. A change of it is to be looked at.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{
    super::site::{ROOT, Site},
    Colours, begin, found, look_in,
    matrix::read_in,
    open_page,
    portal::{Portal, WITHOUT_WIDGET},
    preview,
    states::{several, show},
};
use crate::support::browser::Browser;

/// What is no thing of its own to a listener.
const TRANSPARENT: [&str; 4] = ["none", "generic", "InlineTextBox", "ListMarker"];
const PROPERTIES: [&str; 5] = ["level", "expanded", "pressed", "live", "focused"];

/// The page's tree as text: role, name, what it is in, and its language where that changes.
pub(super) async fn tree(browser: &Browser) -> String {
    // The focus and the window's own are nobody's business here.
    browser.devtools("DOM.enable", json!({})).await;
    let document = browser.devtools("DOM.getDocument", json!({"depth": -1, "pierce": true})).await;
    let mut languages = Vec::new();
    note_languages(&document["root"], "", &mut languages);
    let tree = browser.devtools("Accessibility.getFullAXTree", json!({})).await;
    let nodes = tree["nodes"].as_array().unwrap();
    let mut text = String::new();
    write_node(nodes, &nodes[0], 0, "", &languages, &mut text);
    text
}

/// The language of each node of the page, by its number, as its nearest ancestor says.
fn note_languages(node: &Value, around: &str, languages: &mut Vec<(u64, String)>) {
    let attributes = node["attributes"].as_array().map_or(&[][..], Vec::as_slice);
    let own = attributes
        .chunks(2)
        .find(|pair| pair[0] == "lang")
        .and_then(|pair| pair[1].as_str());
    let lang = own.unwrap_or(around);
    languages.push((node["backendNodeId"].as_u64().unwrap(), lang.to_owned()));
    for key in ["children", "shadowRoots"] {
        for child in node[key].as_array().into_iter().flatten() {
            note_languages(child, lang, languages);
        }
    }
}

fn write_node(nodes: &[Value], node: &Value, depth: usize, around: &str, languages: &[(u64, String)], text: &mut String) {
    let role = node["role"]["value"].as_str().unwrap_or_default();
    let name = node["name"]["value"].as_str().unwrap_or_default();
    let number = node["backendDOMNodeId"].as_u64();
    let lang = number
        .and_then(|number| languages.iter().find(|(of, _)| *of == number))
        .map_or(around, |(_, lang)| lang.as_str());
    let is_shown = node["ignored"] == false && !TRANSPARENT.contains(&role);
    if is_shown {
        // Instants differ from day to day on the pages that the server makes; an element of its own has them.
        let _ = write!(text, "{:1$}{role}", "", depth * 2);
        if !name.is_empty() {
            let _ = write!(text, " \"{name}\"");
        }
        for property in node["properties"].as_array().into_iter().flatten() {
            let key = property["name"].as_str().unwrap_or_default();
            let value = &property["value"]["value"];
            if PROPERTIES.contains(&key) && *value != json!(false) || key == "expanded" {
                let _ = write!(text, " {key}={}", value.to_string().trim_matches('"'));
            }
        }
        if lang != around {
            let _ = write!(text, " [{lang}]");
        }
        text.push('\n');
        // What stands in a text or a link is in its name already, but for what a link is made of.
        if role == "StaticText" || role == "time" {
            return;
        }
    }
    let (depth, around) = if is_shown { (depth + 1, lang) } else { (depth, around) };
    for id in node["childIds"].as_array().into_iter().flatten() {
        if let Some(child) = nodes.iter().find(|child| child["nodeId"] == *id) {
            write_node(nodes, child, depth, around, languages, text);
        }
    }
}

/// Each thing that one can act on or jump to has a name.
pub(super) fn expect_names(tree: &str) {
    for line in tree.lines() {
        let line = line.trim();
        let role = line.split(' ').next().unwrap_or_default();
        let is_named = line.contains('"');
        let needs_name = ["button", "link", "heading", "region", "textbox", "navigation", "DisclosureTriangle"].contains(&role);
        assert!(is_named || !needs_name, "a {role} without a name in:\n{tree}");
    }
}

#[tokio::test]
async fn the_widget_as_a_screen_reader_meets_it() {
    let (site, browser, document) = begin().await;
    let portal = Portal::serve(&site, "data-live=\"off\"", "", None).await;
    browser.open(&portal.origin).await;
    show(&browser, &document).await;
    look_in(&browser, 1280, Colours::Light).await;
    // What was announced is over by then, and is no part of what is read later.
    browser
        .until(&format!("[...{ROOT}.querySelectorAll('.v')].some((region) => region.textContent)"))
        .await;
    found(&browser, "[look.unfold()]").await;
    let whole = tree(&browser).await;
    expect_names(&whole);
    insta::assert_snapshot!("whole_notice", whole);
    read_in(&browser, "de-simple").await;
    insta::assert_snapshot!("leichte_sprache", tree(&browser).await);
    read_in(&browser, "en").await;
    insta::assert_snapshot!("english", tree(&browser).await);
    read_in(&browser, "de").await;
    found(&browser, "[look.unfold(false)]").await;
    show(&browser, &several(&document)).await;
    let several = tree(&browser).await;
    expect_names(&several);
    insta::assert_snapshot!("several_notices", several);
}

#[tokio::test]
async fn the_banner_and_the_compact_form_as_a_screen_reader_meets_them() {
    let (site, browser, document) = begin().await;
    let document = several(&document);
    for (name, attributes) in [("banner", "data-live=\"off\""), ("compact_form", "data-live=\"off\" data-compact")] {
        let portal = Portal::serve(&site, attributes, "", Some(WITHOUT_WIDGET)).await;
        open_page(&browser, &portal).await;
        preview(&browser, &document, ".banner").await;
        browser
            .until(&format!("[...{ROOT}.querySelectorAll('.v')].some((region) => region.textContent)"))
            .await;
        let tree = tree(&browser).await;
        expect_names(&tree);
        insta::assert_snapshot!(name, tree);
    }
}

#[tokio::test]
async fn a_banner_as_a_screen_reader_meets_it() {
    let (site, browser, document) = begin().await;
    let document = several(&document);
    let portal = Portal::serve_banner(&site, "data-live=\"off\"", "", None).await;
    open_page(&browser, &portal).await;
    preview(&browser, &document, ".u").await;
    browser
        .until(&format!("[...{ROOT}.querySelectorAll('.v')].some((region) => region.textContent)"))
        .await;
    let folded = tree(&browser).await;
    expect_names(&folded);
    insta::assert_snapshot!("banner_folded", folded);
    browser.run(&format!("{ROOT}.querySelector('.u').click(); return 0")).await;
    browser
        .until(&format!("{ROOT}.querySelector('.frame .help')?.checkVisibility()"))
        .await;
    let unfolded = tree(&browser).await;
    expect_names(&unfolded);
    insta::assert_snapshot!("banner_unfolded", unfolded);
}

#[tokio::test]
async fn the_status_page_as_a_screen_reader_meets_it() {
    let site = Site::start();
    let browser = Browser::start().await;
    // Channels that are there at any hour: the page's clock is the server's.
    site.publish(&json!({
        "kind": "outage", "severity": "outage", "services": ["wohngeld"], "portals": [], "publish": true,
        "title": {"de": "Wohngeld: Antrag nicht möglich", "en": "Housing benefit: no applications"},
        "impact": {"de": "Der Antrag lässt sich nicht absenden."}, "channels": ["online-hilfe", "kontaktformular", "post"], "entries": "saved"
    }))
    .await;
    browser.open(&site.url("/p/musterstadt/")).await;
    let page = tree(&browser).await;
    expect_names(&page);
    insta::assert_snapshot!("status_page", page.replace(site.origin(), "http://notices"));
}
