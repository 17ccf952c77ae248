//! Pages that are hard to be a guest on: whatever they do to their own world, the notice is shown once and readable, and they go on as before.

use serde_json::{Value, json};

use super::{
    host::{ERRORS, HOSTILE, Host, ORDINARY, Plan, own_tag},
    site::{LOADER, PUSHED, ROOT, Site, widget_says},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// What a careless library does to everybody's prototypes.
const PROTOTYPES: &str = "
    for (const kind of [Object, Array, String, Function, Element, Promise]) kind.prototype.extra = function () { return 'extra'; };
    Object.prototype.lang = 'xx'; Object.prototype.signal = undefined; Object.prototype.brief = undefined;
    Array.prototype.toJSON = undefined; Array.prototype.last = function () { return this[this.length - 1]; };
    Array.prototype.flat = function () { return ['not flat']; };";

/// What a monitoring agent does to requests and promises.
const WRAPPED: &str = "
    window.seen = [];
    const fetched = window.fetch;
    window.fetch = function (...what) { seen.push(String(what[0]?.url ?? what[0])); return fetched.apply(this, what).then((answer) => answer); };
    const Native = window.Promise;
    window.Promise = class Promise extends Native { then(...what) { return super.then(...what); } };
    const source = window.EventSource;
    window.EventSource = function (...what) { return new source(...what); };
    window.EventSource.OPEN = 1;";

/// The whole notice is there once, can be read, follows a change, and nothing went wrong.
async fn expect_one_whole_notice(browser: &Browser, site: &Site, id: &str, name: &str) {
    browser.until(&widget_says(TITLE)).await;
    let shown = browser
        .run(&format!(
            "const hosts = [...document.querySelectorAll('umleitung-notice')].filter((host) => host.shadowRoot?.querySelector('.frame'));
            const title = {ROOT}.querySelector('h2').getBoundingClientRect(); const style = getComputedStyle({ROOT}.querySelector('h2'));
            return [hosts.length, title.width > 100 && title.height > 10 && title.left >= 0 && title.top >= 0, style.visibility, parseFloat(style.fontSize) >= 16]"
        ))
        .await;
    assert_eq!(shown, json!([1, true, "visible", true]), "{name}");
    let news = format!("Neues für {name}.");
    site.post(&format!("/api/v1/notices/{id}/updates"), &json!({"text": {"de": news}}))
        .await;
    browser.until(&widget_says(&news)).await;
    assert_eq!(browser.run("return window.wrong ?? []").await, json!([]), "{name}");
}

async fn hard_hosts_show_the_notice_once_and_stay_unharmed(engine: Engine) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    let tag = site.tag(PUSHED);
    let twice = format!("{tag}{tag}");
    let late_twice = format!(
        "{tag}<script>addEventListener('load', () => document.head.append(Object.assign(document.createElement('script'), {{ src: '{}' }})))</script>",
        site.url(LOADER)
    );
    let other = format!("<base href=\"http://elsewhere.example/deep/\">{tag}");
    let named = format!("{tag}<form name=\"umleitung\"></form><img name=\"current\" alt=\"\"><p id=\"portal\"></p>");
    for (name, plan) in [
        ("alles zurückgesetzt", Plan::new().style(HOSTILE).tag(&tag)),
        (
            "erweiterte Prototypen",
            Plan::new().style(ORDINARY).first_script(PROTOTYPES).tag(&tag),
        ),
        ("umhüllte Anfragen", Plan::new().style(ORDINARY).first_script(WRAPPED).tag(&tag)),
        ("zwei Mal derselbe Tag", Plan::new().style(ORDINARY).tag(&twice)),
        ("der Tag kommt noch einmal", Plan::new().style(ORDINARY).tag(&late_twice)),
        ("andere Basis", Plan::new().style(ORDINARY).tag(&other)),
        ("alte Darstellung", Plan::new().style(ORDINARY).tag(&tag).quirks()),
        ("belegte Namen", Plan::new().style(ORDINARY).tag(&named)),
    ] {
        let host = plan.first_script(ERRORS).serve();
        browser.open(&host.origin).await;
        expect_one_whole_notice(&browser, &site, &id, name).await;
        let own = browser
            .run("const button = document.getElementById('button'); button?.click(); return [document.getElementById('count')?.textContent ?? '1', document.querySelectorAll('link[rel=stylesheet]').length]")
            .await;
        // A page whose base lies elsewhere has lost its own files by itself.
        if name != "andere Basis" {
            assert_eq!(own, json!(["1", 1]), "{name}");
        }
    }
}

async fn in_the_head_and_in_frames_it_is_shown_once(engine: Engine) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    let tag = site.tag(PUSHED);
    // Without async, before there is a body.
    let page = |head: &str, body: &str| {
        format!(
            "<!doctype html><html lang=\"de\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\">{head}</head><body>{body}</body></html>"
        )
    };
    let blocking = tag.replace("<script async", "<script");
    let host = Plan::new().page(&page(&blocking, "<h1>Seite</h1>")).first_script(ERRORS).serve();
    browser.open(&host.origin).await;
    expect_one_whole_notice(&browser, &site, &id, "im Kopf").await;

    // A page with the tag that frames another with the tag: the outer one tells it.
    let inner = page(&tag, "<h1>Innen</h1>");
    let outer = page(&tag, "<h1>Außen</h1><iframe src=\"/inner.html\" title=\"Innen\"></iframe>");
    let host = Plan::new()
        .page(&outer)
        .file("/inner.html", "text/html; charset=utf-8", &inner)
        .first_script(ERRORS)
        .serve();
    browser.open(&host.origin).await;
    expect_one_whole_notice(&browser, &site, &id, "außen").await;
    browser
        .until("frames[0].document.readyState == 'complete' && !!frames[0].document.querySelector('h1')")
        .await;
    let inside = browser
        .run("return [frames[0].document.querySelectorAll('umleitung-notice').length, typeof frames[0].umleitung]")
        .await;
    assert_eq!(inside, json!([0, "undefined"]));

    // A frame on a page of another origin, or of one without the tag, has nobody else to tell it.
    let framing = Host::serve("", "", None).await;
    framing.answer(
        "/",
        200,
        "text/html; charset=utf-8",
        &format!("<!doctype html><html lang=\"de\"><title>Rahmen</title><iframe src=\"{}/inner.html\" title=\"Innen\" width=\"600\" height=\"600\"></iframe>", host.origin),
    );
    browser.open_framed(&framing.origin).await;
    expect_one_whole_notice(&browser, &site, &id, "in fremdem Rahmen").await;
}

async fn answers_that_make_no_sense_break_nothing(engine: Engine) {
    let site = Site::start();
    let folder = site.export("http://unused.example");
    let source = Plan::new().serve();
    let browser = Browser::start_in(engine).await;
    let markup = json!("<img src=x onerror=\"window.broken = true\"><script>window.broken = true</script>");
    let mut hostile = {
        let id = site.publish(&outage("wohngeld", TITLE)).await;
        assert!(!id.is_empty());
        site.state().await
    };
    let sound = hostile.clone();
    let notice = &mut hostile["notices"][0];
    notice["title"]["de"] = markup.clone();
    notice["brief"]["de"]["title"]["s"] = markup.clone();
    notice["brief"]["de"]["tone"] = json!("\"><script>");
    notice["impact"]["de"] = json!([{"t": "paragraph", "c": [{"t": "text", "s": markup}, {"t": "link", "href": "javascript:window.broken = true", "s": "Klick"}]}]);
    notice["url"] = json!("javascript:window.broken=true");
    hostile["revision"] = json!("hostile");
    for body in [
        "",
        "null",
        "7",
        "[]",
        "{\"v\":1}",
        "{\"v\":1,\"notices\":7,\"services\":null,\"languages\":{},\"revision\":{\"toString\":1}}",
        "{\"v\":2,\"notices\":[]}",
        "<!doctype html><p>Anmeldung im Netz des Gasthofs",
        &hostile.to_string(),
    ] {
        source.allow_any_origin("/p/musterstadt/state.json", body);
        let host = Plan::new()
            .tag(&own_tag(&[&source.origin], ""))
            .folder("/umleitung/", &folder)
            .first_script(super::time::TIME)
            .first_script(ERRORS)
            .serve();
        browser.open(&host.origin).await;
        browser.until("window.umleitung && document.readyState == 'complete'").await;
        let asked = source.requests("/p/musterstadt/state.json");
        if body.contains("onerror") {
            browser.until(&widget_says("<img src=x")).await;
        } else {
            while source.requests("/p/musterstadt/state.json") < asked + 1 {
                browser.until(&super::time::pass(40, "[1]")).await;
            }
            assert_eq!(
                browser.run("return document.querySelectorAll('umleitung-notice').length").await,
                0,
                "{body}"
            );
        }
        let seen = browser
            .run(
                "const all = (root) => [...root.querySelectorAll('*')].flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
                const notice = document.querySelector('umleitung-notice');
                const bad = notice ? all(notice.shadowRoot).filter((element) => element.matches('img, script, iframe, object, [onerror]') || /^javascript/i.test(element.href ?? '')) : [];
                return [wrong, window.broken ?? null, bad.map((element) => element.outerHTML)]",
            )
            .await;
        assert_eq!(seen, json!([[], null, []]), "{body}");
        // As soon as a sound answer comes, it is shown.
        source.allow_any_origin("/p/musterstadt/state.json", &sound.to_string());
        browser.until(&super::time::pass(40, &widget_says(TITLE))).await;
    }
    assert_eq!(
        browser.run("return document.getElementById('heading') !== null").await,
        Value::Bool(true)
    );
}

in_each_engine!(
    hard_hosts_show_the_notice_once_and_stay_unharmed,
    in_the_head_and_in_frames_it_is_shown_once,
    answers_that_make_no_sense_break_nothing,
);
