//! Loader and server of different releases: a page stays open over an update, a cache holds a loader for a day, a server is set back.

use std::path::Path;

use serde_json::{Value, json};

use super::{
    host::{Host, Plan, SCRIPT},
    site::{ROOT, Site, banner_says, widget_says},
    time::{TIME, pass},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// The loader as an earlier release shipped it; what the server puts into it is put in here.
fn earlier_loader(assets: &str) -> String {
    include_str!("../../pages/loader-of-0.1.0-preview.js")
        .replace("\"__ASSETS__\"", assets)
        .replace("\"__STATE__\"", "null")
}

/// A page whose loader was handed out by an origin that now has nothing else; the state comes from the site.
fn page_with(loader: &str, site: &Site, more: &str) -> Host {
    let tag = format!(
        "<script async src=\"/cached/p/musterstadt/umleitung.js\" data-mirrors=\"{0}\" {more}></script>",
        site.origin()
    );
    let host = Plan::new()
        .tag(&tag)
        .file("/cached/p/musterstadt/umleitung.js", SCRIPT, loader)
        .first_script(TIME)
        .serve();
    for path in [
        "/p/musterstadt/state.json",
        "/cached/p/musterstadt/state.json",
        "/p/cached/state.json",
        "/p/p/state.json",
    ] {
        host.fail(path, 404);
    }
    host
}

async fn a_loader_of_an_earlier_release_works_with_this_server(engine: Engine) {
    let site = Site::start();
    site.publish_template("bundid-outage").await;
    let loader = earlier_loader("\"/assets/0123456789abcdef\"");
    let host = page_with(&loader, &site, "data-portal=\"musterstadt\"");
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says("BundID: Anmeldung nicht möglich")).await;
    // It is that loader: it asks by the old name, and knows nothing of what came later.
    let asked = browser
        .run("return [performance.getEntriesByType('resource').some(({ name }) => name.includes('/assets/0123456789abcdef/widget.js')), 'current' in umleitung]")
        .await;
    assert_eq!(asked, json!([true, false]));
    // News and time reach it. A choice of languages it does not get: that is made by the files which later loaders ask for.
    site.publish(&outage("wohngeld", TITLE)).await;
    browser.until(&pass(40, &widget_says(TITLE))).await;
}

/// The server's own loader with what the server has put in it taken out again.
async fn bare_loader(site: &Site) -> (String, Value) {
    let loader = site.get("/umleitung.js").await;
    let start = loader.find("{files:").unwrap();
    let end = start + loader[start..].find('}').unwrap() + 1;
    let fields = loader[start..end].replace("{files:", "{\"files\":").replace(",hash:", ",\"hash\":");
    let assets: Value = serde_json::from_str(&fields).unwrap();
    (loader.replace(&loader[start..end], "__HERE__"), assets)
}

async fn a_loader_gets_the_files_that_it_was_made_with_also_after_an_update(engine: Engine) {
    let mut site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let (loader, assets) = bare_loader(&site).await;
    // The release before this one: its widget was another file, with another hash.
    let releases = site.folder().join("releases");
    let now = assets["files"].as_str().unwrap().trim_start_matches("/assets/");
    let before = releases.join("00000000000000aa");
    copy(&releases.join(now), &before);
    let widget = before.join("widget.js");
    let mut bytes = std::fs::read(&widget).unwrap();
    bytes.extend(b"\ndocument.documentElement.dataset.release = 'before';\n");
    std::fs::write(&widget, &bytes).unwrap();
    std::fs::remove_file(before.join("widget.js.br")).unwrap();
    let earlier = format!("{{files:\"/assets/00000000000000aa\",hash:\"{}\"}}", integrity(&bytes));
    // The update: another process on the same data.
    site.start_again();

    let browser = Browser::start_in(engine).await;
    let host = page_with(&loader.replace("__HERE__", &earlier), &site, "");
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    assert_eq!(browser.run("return document.documentElement.dataset.release").await, "before");

    // A release that nobody has kept: its hash fits nothing, so nothing is run, and the banner stands.
    let unknown = format!("{{files:\"/assets/00000000000000bb\",hash:\"{}\"}}", integrity(b"lost"));
    let host = page_with(&loader.replace("__HERE__", &unknown), &site, "");
    browser.open(&host.origin).await;
    browser
        .until(&format!("{ROOT}?.querySelector('.banner')?.textContent.includes({})", json!(TITLE)))
        .await;
    let id = site.publish(&outage("sperrmuell", "Sperrmüll: keine Bestellung möglich")).await;
    site.resolve(&id).await;
    browser.until(&pass(40, "umleitung.current.notices.length == 2")).await;
    assert_eq!(browser.run(&format!("return {ROOT}.querySelector('.frame')")).await, Value::Null);
}

/// A release as it was handed out, before there was a banner: its loader, the files that this asks for, a document of its server.
const RELEASE: &str = "37798cf95b018d1b";
const ITS_LOADER: &str = include_str!("../../pages/release-of-2026-11/loader.js");
const ITS_STATE: &str = include_str!("../../pages/release-of-2026-11/state.json");

async fn the_release_before_the_banner_works_with_this_server(engine: Engine) {
    let mut site = Site::start();
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("pages/release-of-2026-11/files");
    copy(&files, &site.folder().join("releases").join(RELEASE));
    site.start_again();
    site.publish_template("bundid-outage").await;
    let host = page_with(ITS_LOADER, &site, "");
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says("BundID: Anmeldung nicht möglich")).await;
    let its_own = format!(
        "return [performance.getEntriesByType('resource').some(({{ name }}) => name.endsWith('/assets/{RELEASE}/widget_bg.wasm')), !!{ROOT}.querySelector('.banner')]"
    );
    assert_eq!(browser.run(&its_own).await, json!([true, false]));
    site.publish(&outage("wohngeld", TITLE)).await;
    browser.until(&pass(40, &widget_says(TITLE))).await;
}

async fn this_release_shows_what_the_server_before_the_banner_says(engine: Engine) {
    let site = Site::start();
    let browser = Browser::start_in(engine).await;
    let title = "Anmeldung mit BundID nicht möglich";
    for (more, shown) in [("", banner_says(title)), ("data-open", widget_says(title))] {
        let tag = format!(
            "<script async src=\"{}\" data-portal=\"musterstadt\" data-server=\"/\" {more}></script>",
            site.url("/umleitung.js")
        );
        let host = Plan::new()
            .tag(&tag)
            .file("/p/musterstadt/state.json", "application/json", ITS_STATE)
            .serve();
        browser.open(&host.origin).await;
        browser.until(&shown).await;
    }
}

async fn this_loader_makes_do_with_what_an_earlier_server_says(engine: Engine) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let mut state = site.state().await;
    let notice = &mut state["notices"][0];
    notice.as_object_mut().unwrap().remove("brief").unwrap();
    state.as_object_mut().unwrap().remove("pages");
    let (loader, _) = bare_loader(&site).await;
    let lost = format!("{{files:\"/assets/00000000000000cc\",hash:\"{}\"}}", integrity(b"lost"));
    let host = Plan::new()
        .tag("<script async src=\"/p/musterstadt/umleitung.js\"></script>")
        .file("/p/musterstadt/umleitung.js", SCRIPT, &loader.replace("__HERE__", &lost))
        .file("/p/musterstadt/state.json", "application/json", &state.to_string())
        .serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser
        .until(&format!("{ROOT}?.querySelector('.banner h2')?.textContent == {}", json!(TITLE)))
        .await;
    let link = browser
        .run(&format!("return {ROOT}.querySelector('.banner a:last-of-type').href"))
        .await;
    assert_eq!(link, format!("{}/p/musterstadt/notices/{id}", host.origin));
    browser
        .until(&format!("{ROOT}.querySelector('[role=status]').textContent == {}", json!(TITLE)))
        .await;
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn integrity(bytes: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
}

in_each_engine!(
    a_loader_of_an_earlier_release_works_with_this_server,
    a_loader_gets_the_files_that_it_was_made_with_also_after_an_update,
    the_release_before_the_banner_works_with_this_server,
    this_release_shows_what_the_server_before_the_banner_says,
    this_loader_makes_do_with_what_an_earlier_server_says,
);
