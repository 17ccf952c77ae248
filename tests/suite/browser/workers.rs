//! The service worker on the portal's own origin: by itself, and within a worker that the portal has already.

use serde_json::json;

use super::{
    host::{Host, Plan, SCRIPT},
    site::Site,
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// The fallback page is shown.
const FALLBACK: &str = "document.title.length && document.body.innerText.includes('Dieses Angebot ist gerade nicht erreichbar')";

/// What a portal writes into a worker.
fn one_line(site: &Site) -> String {
    format!("importScripts('{}');", site.url("/p/musterstadt/worker.js"))
}

/// It takes over no page that is open; from the next one on it is there.
async fn expect_a_worker(browser: &Browser, host: &Host) {
    browser.run_until_done("navigator.serviceWorker.ready.then(() => done(true))").await;
    browser.open(&host.origin).await;
    browser.until("navigator.serviceWorker.controller").await;
}

async fn who_was_there_before_gets_the_fallback_page_when_the_portal_is_down(engine: Engine) {
    let mut site = Site::start();
    let tag = site.tag("data-worker=\"/umleitung-worker.js\"");
    let mut host = Plan::new().tag(&tag).file("/umleitung-worker.js", SCRIPT, &one_line(&site)).serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    expect_a_worker(&browser, &host).await;
    let antrag = format!("{}/antrag?aktenzeichen=4711", host.origin);

    // The portal works: nothing changes.
    browser.open(&antrag).await;
    browser.visible("#heading").await;

    let id = site.publish(&outage("wohngeld", TITLE)).await;
    for status in [502, 503, 504] {
        host.fail("/antrag", status);
        browser.open(&antrag).await;
        browser.until(FALLBACK).await;
        let text = browser.run("return document.body.innerText").await;
        assert!(
            text.as_str().unwrap().contains(TITLE),
            "what is known by now is missing at {status}: {text}"
        );
    }
    // An error of its own is the portal's to tell.
    host.fail("/antrag", 500);
    browser.open(&antrag).await;
    browser.visible("#failed").await;
    host.recover("/antrag");
    browser.open(&antrag).await;
    browser.visible("#heading").await;
    site.resolve(&id).await;

    host.stop().await;
    browser.open(&antrag).await;
    browser.until(FALLBACK).await;
    // Everything is down, the notices as well: what was kept is shown.
    site.kill();
    browser.open(&antrag).await;
    browser.until(FALLBACK).await;
    let text = browser.run("return document.body.innerText").await;
    for part in ["030 23125", "115", "Stand: "] {
        assert!(text.as_str().unwrap().contains(part), "{part} is missing in {text}");
    }
    let foreign = browser
        .run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
        .await;
    assert_eq!(foreign, json!([]), "the page asks for nothing more");
    host.restart();
    browser.open(&antrag).await;
    browser.visible("#heading").await;
}

/// The worker of a portal that answers some pages itself, as docs/embedding.md tells it to end.
const OWN: &str = "
    const text = (what) => new Response('<!doctype html><p id=own>' + what, { headers: { 'content-type': 'text/html' } });
    const yours = async (event) => {
        const answer = await fetch(event.request);
        return answer.status == 503 ? text('Das sagen wir selbst') : answer;
    };
    addEventListener('fetch', (event) => {
        if (event.request.mode != 'navigate' || !new URL(event.request.url).pathname.startsWith('/antrag')) return;
        event.respondWith(yours(event).catch(async (error) => (await umleitungFallback()) || Promise.reject(error)));
    });";

async fn a_worker_that_the_portal_has_already_keeps_its_say(engine: Engine) {
    let mut site = Site::start();
    let mut host = Plan::new().file("/sw.js", SCRIPT, &format!("{OWN}\n{}", one_line(&site))).serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.run("navigator.serviceWorker.register('/sw.js'); return 0").await;
    expect_a_worker(&browser, &host).await;
    let [own, other] = ["antrag", "andere"].map(|page| format!("{}/{page}", host.origin));
    site.publish(&outage("wohngeld", TITLE)).await;

    // What the portal answers itself stays so; what it leaves alone is covered.
    host.fail("/antrag", 503);
    host.fail("/andere", 503);
    browser.open(&own).await;
    browser.visible("#own").await;
    browser.open(&other).await;
    browser.until(FALLBACK).await;
    host.recover("/antrag");
    browser.open(&own).await;
    browser.visible("#heading").await;

    // At its wits' end it hands over.
    host.stop().await;
    for page in [&own, &other] {
        browser.open(page).await;
        browser.until(FALLBACK).await;
        let text = browser.run("return document.body.innerText").await;
        assert!(text.as_str().unwrap().contains(TITLE), "{page}: {text}");
    }
    site.kill();
    browser.open(&own).await;
    browser.until(FALLBACK).await;
    host.restart();
    browser.open(&own).await;
    browser.visible("#heading").await;
}

/// What answers with 200 in the place of the fallback page, each with something of ours in it.
fn foreign(site: &Site) -> [String; 6] {
    let tag = site.tag("");
    let page = |body: &str| format!("<!doctype html><html lang=\"de\"><title>Fremd</title><body id=\"foreign\">{body}");
    [
        page(&format!("<h1>Startseite</h1>{tag}")),
        page("<form><label>Kennwort <input type=\"password\"></label></form>"),
        page(&format!("<a href=\"{}\">Umleitung</a>", site.url("/p/musterstadt/"))),
        page("<div class=\"end umleitung\">Ein anderes Angebot</div><a href=\"https://notices.example/p/nachbarstadt/\">"),
        String::new(),
        "{\"v\":1,\"status\":\"operational\"}".to_owned(),
    ]
}

async fn only_our_own_page_is_kept(engine: Engine) {
    let site = Site::start();
    // The notices come below a path of the portal's own origin, where anything may answer.
    let worker = site.get("/p/musterstadt/worker.js").await;
    let path = "/umleitung/p/musterstadt/fallback.html";
    let own = site.url("/p/musterstadt/fallback.html");
    assert!(worker.contains(&own), "{worker}");
    let host = Plan::new().file("/sw.js", SCRIPT, &worker.replace(&own, path)).serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    let foreign = foreign(&site);
    host.answer(path, 200, "text/html; charset=utf-8", &foreign[0]);
    browser.run("navigator.serviceWorker.register('/sw.js'); return 0").await;
    expect_a_worker(&browser, &host).await;
    let page = format!("{}/antrag", host.origin);
    // Nothing of ours has come through yet: people see what the portal itself says.
    for answer in &foreign {
        host.answer(path, 200, "text/html; charset=utf-8", answer);
        host.fail("/antrag", 503);
        browser.open(&page).await;
        browser.visible("#failed").await;
    }
    // What an earlier release has kept is judged as well.
    browser
        .run_until_done(&format!(
            "caches.open('umleitung').then((shelf) => shelf.put('{path}', new Response('<p id=foreign>Alt'))).then(() => done(true))"
        ))
        .await;
    browser.open(&page).await;
    browser.visible("#failed").await;
    // Ours comes through once, and holds whatever answers later on.
    host.answer(
        path,
        200,
        "text/html; charset=utf-8",
        &site.get("/p/musterstadt/fallback.html").await,
    );
    browser.open(&page).await;
    browser.until(FALLBACK).await;
    for answer in &foreign {
        host.answer(path, 200, "text/html; charset=utf-8", answer);
        browser.open(&page).await;
        browser.until(FALLBACK).await;
    }
}

in_each_engine!(
    only_our_own_page_is_kept,
    who_was_there_before_gets_the_fallback_page_when_the_portal_is_down,
    a_worker_that_the_portal_has_already_keeps_its_say,
);
