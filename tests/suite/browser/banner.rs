//! The banner: how high it is in each state, what it says, how it unfolds and folds, what it brings and when.

use domain::access::Role;
use jiff::{SignedDuration, civil::Weekday};
use reqwest::Method;
use serde_json::{Value, json};
use store::clock::Clock;
use thirtyfour::By;

use super::{
    accessibility::{Colours, look_in},
    host::{Host, Plan, closed_port},
    site::{PUSHED, ROOT, Site, banner_says},
};
use crate::support::{
    binary,
    browser::{Browser, Engine, in_each_engine},
    outage,
    server::TestServer,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// The languages that the notices' words are known in.
const LANGUAGES: [&str; 6] = ["de", "en", "de-simple", "tr", "uk", "ar"];

/// Those of them that take most room.
const LONG: [&str; 4] = ["de", "de-simple", "tr", "uk"];

/// In the design: 45 % of a screen of 390 by 844, and 60 % for three.
const ONE: u64 = 844 * 45 / 100;
const THREE: u64 = 844 * 60 / 100;
/// At 1280 px.
const WIDE: u64 = 240;
/// What is one line takes two or three of them on a phone, and its control.
const LINE: u64 = 160;

/// The same area at 320 px, of which the design says nothing.
const fn narrower(height: u64) -> u64 {
    height * 390 / 320
}

/// How high the notice is, and what of it is cut off or stands out at the side.
const MEASURE: &str = "
    const host = root.host, { left, right } = host.getBoundingClientRect();
    const wide = [...root.querySelectorAll('.banner, .banner *, .frame *')].filter((one) => one.checkVisibility() && (one.getBoundingClientRect().right > right + 1 || one.getBoundingClientRect().left < left - 1 || one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX == 'hidden'));
    return [Math.ceil(host.getBoundingClientRect().height), [...wide, ...(left < 0 || right > innerWidth ? [host] : [])].map((one) => one.outerHTML.slice(0, 80))]";
/// Text twice as large, where a reader's own setting of the browser would make it so.
const LARGER: &str = "root.append(Object.assign(document.createElement('style'), { id: 'larger', textContent: '.banner, .frame, .umleitung { font-size: 32px !important }' })); return 0";

fn page(tag: &str, lang: &str) -> Host {
    page_with("", tag, lang)
}

/// With more in it.
fn page_with(more: &str, tag: &str, lang: &str) -> Host {
    let page = format!(
        "<!doctype html><html lang=\"{lang}\"><head><title>Seite</title><meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\">{tag}</head>
        <body style=\"margin:0\"><h1>Seite</h1>{more}<input id=\"name\" value=\"Ada\"><p>Text</p></body></html>"
    );
    Plan::new().page(&page).serve()
}

/// Where a notice stands on a page.
#[derive(Clone, Copy)]
enum Spot {
    /// At the top of one of the portal's pages.
    Top,
    /// At the top of the page of one service.
    Service(&'static str),
    /// In the text of the page of one service.
    Within(&'static str),
}

/// A portal with all languages, on a Wednesday morning, when everybody is there.
async fn portal() -> TestServer {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let catalogue = binary::succeed(&server.folder(), &["catalogue", "export"]);
    let three = catalogue.find("languages = [").unwrap();
    let end = three + catalogue[three..].find(']').unwrap() + 1;
    let file = server.folder().join("catalogue.toml");
    std::fs::write(
        &file,
        catalogue.replacen(&catalogue[three..end], &format!("languages = {}", json!(LANGUAGES)), 1),
    )
    .unwrap();
    let mut listener = server.listen().await;
    listener.next().await.unwrap();
    binary::succeed(&server.folder(), &["catalogue", "apply", file.to_str().unwrap()]);
    server.let_time_pass_until_the_last_entry().await;
    listener.next().await.unwrap();
    let berlin = server.clock.now().in_tz("Europe/Berlin").unwrap();
    let wednesday = berlin
        .nth_weekday(1, Weekday::Wednesday)
        .unwrap()
        .date()
        .at(10, 0, 0, 0)
        .in_tz("Europe/Berlin")
        .unwrap();
    server.clock.set(&wednesday.timestamp().to_string());
    server
}

/// So many minutes from then.
fn in_minutes(server: &TestServer, minutes: i64) -> String {
    (server.clock.now() + SignedDuration::from_mins(minutes)).to_string()
}

/// A template of the demo's, with more said.
async fn of_template(server: &TestServer, id: &str, more: Value) -> String {
    let answer = server.request(Role::Viewer, Method::GET, "/api/v1/catalogue").send().await.unwrap();
    let catalogue: Value = answer.json().await.unwrap();
    let mut templates = catalogue["template"].as_array().unwrap().iter();
    let mut notice = templates.find(|template| template["id"] == id).unwrap()["notice"].clone();
    notice["publish"] = json!(true);
    for (key, value) in more.as_object().unwrap() {
        notice[key] = value.clone();
    }
    let made = server.post("/api/v1/notices", &notice).await;
    made["id"].as_str().unwrap().to_owned()
}

async fn measured(browser: &Browser, what: &str) -> u64 {
    let found = browser.run(&format!("const root = {ROOT}; {MEASURE}")).await;
    assert_eq!(found[1], json!([]), "{what}: it stands out");
    found[0].as_u64().unwrap()
}

/// Opens the page in each language and at each width, and holds the height of what stands there against these limits. Unfolded, and in text
/// twice as large, it is higher, and nothing of it is cut off.
async fn too_high(browser: &Browser, server: &TestServer, state: &str, spot: Spot, limits: [u64; 3]) -> Vec<String> {
    let (attributes, more) = match spot {
        Spot::Top => (String::new(), String::new()),
        Spot::Service(service) => (format!("data-service=\"{service}\""), String::new()),
        Spot::Within(service) => (
            String::new(),
            format!("<main style=\"margin:16px\"><umleitung-notice service=\"{service}\"></umleitung-notice></main>"),
        ),
    };
    let mut wrong = Vec::new();
    browser.session.enter_default_frame().await.unwrap();
    browser.viewport(1280, 900).await;
    // Beside the top of a page only those languages that take most room.
    let languages = if matches!(spot, Spot::Top) { &LANGUAGES[..] } else { &LONG };
    for &lang in languages {
        // A browser may keep a loader for some seconds; another query is another one to it.
        let host = page_with(
            &more,
            &format!(
                "<script async src=\"{}\" {attributes}></script>",
                server.url(&format!("/p/musterstadt/umleitung.js?{}-{lang}", state.replace(' ', "-")))
            ),
            lang,
        );
        // Windows are not as narrow in every engine; a frame is as wide as one likes, also while its page is open.
        browser.open_framed(&host.framed(320, "/page")).await;
        browser.until(&format!("{ROOT}?.querySelector('.banner')?.lang")).await;
        for (width, limit) in [320, 390, 1280].into_iter().zip(limits) {
            browser.run(&format!("frameElement.style.width = '{width}px'; return 0")).await;
            browser.until(&format!("innerWidth == {width}")).await;
            let what = format!("{state}, {lang}, {width} px");
            let found = measured(browser, &what).await;
            if found > limit {
                wrong.push(format!("{what}: {found} px, of {limit}"));
            }
            browser.run(&format!("{ROOT}.querySelector('.u').click(); return 0")).await;
            let height = "?.getBoundingClientRect().height > 20";
            browser.until(&format!("{ROOT}.querySelector('.frame'){height}")).await;
            let unfolded = measured(browser, &format!("{what}, unfolded")).await;
            browser.run(&format!("const root = {ROOT}; {LARGER}")).await;
            // A style that has just come is not in every engine's next measure.
            browser
                .until(&format!("{ROOT}.host.getBoundingClientRect().height > {unfolded} + 1"))
                .await;
            let larger = measured(browser, &format!("{what}, unfolded and larger")).await;
            browser.run(&format!("{ROOT}.querySelector('.u').click(); return 0")).await;
            browser.until(&format!("!({ROOT}.querySelector('.frame'){height})")).await;
            let folded = measured(browser, &format!("{what}, larger")).await;
            println!(
                "umleitung:  {what}: {found} px of {limit}, unfolded {unfolded}; with text twice as large {folded}, unfolded {larger}"
            );
            assert!(unfolded > found && folded > found && larger > unfolded, "{what}");
            browser.run(&format!("{ROOT}.getElementById('larger').remove(); return 0")).await;
            browser
                .until(&format!("Math.ceil({ROOT}.host.getBoundingClientRect().height) == {found}"))
                .await;
        }
    }
    wrong
}

async fn its_height_keeps_to_the_budget_in_every_state(engine: Engine) {
    let server = portal().await;
    let browser = Browser::start_where(engine, "Europe/Berlin").await;
    let mut wrong = Vec::new();
    let planned = json!({"starts_at": in_minutes(&server, 90), "ends_at": in_minutes(&server, 150)});
    let work = of_template(&server, "wartung-geplant", planned).await;
    wrong.extend(too_high(&browser, &server, "announced", Spot::Top, [narrower(LINE), LINE, 110]).await);
    server.clock.set(&in_minutes(&server, 40));
    wrong.extend(too_high(&browser, &server, "approaching", Spot::Top, [narrower(ONE), ONE, WIDE]).await);
    server.post(&format!("/api/v1/notices/{work}/cancel"), &json!({})).await;
    server.clock.set(&in_minutes(&server, 180));

    let times = json!({"ends_at": in_minutes(&server, 60), "end_certainty": "estimated", "next_update_at": in_minutes(&server, 30)});
    let id = of_template(&server, "bundid-outage", times).await;
    server
        .post(
            &format!("/api/v1/notices/{id}/updates"),
            &json!({"text": {"de": "Die Ursache ist gefunden. Wir arbeiten daran.", "en": "We have found the cause."}}),
        )
        .await;
    wrong.extend(too_high(&browser, &server, "outage with news", Spot::Top, [narrower(ONE), ONE, WIDE]).await);
    server.clock.set(&in_minutes(&server, 70));
    wrong.extend(too_high(&browser, &server, "overdue", Spot::Top, [narrower(ONE), ONE, WIDE]).await);
    // A page of a service has a way of its own to offer, and less room.
    let one = [narrower(ONE), ONE, WIDE];
    wrong.extend(too_high(&browser, &server, "page of a service", Spot::Service("kfz-zulassung"), one).await);
    // The same area within the page's margins of 16 px.
    let within = [ONE * (390 - 32) / (320 - 32), ONE, WIDE];
    wrong.extend(too_high(&browser, &server, "within a page", Spot::Within("wohngeld"), within).await);
    let over = of_template(&server, "kfz-outage", json!({})).await;
    server.post(&format!("/api/v1/notices/{over}/resolve"), &json!({})).await;
    wrong.extend(too_high(&browser, &server, "beside what is over", Spot::Top, one).await);
    wrong.extend(
        too_high(
            &browser,
            &server,
            "of a service beside what is over",
            Spot::Service("kfz-zulassung"),
            one,
        )
        .await,
    );
    let other = of_template(&server, "epaybl-degraded", json!({})).await;
    let third = of_template(&server, "sperrmuell-eingeschraenkt", json!({})).await;
    wrong.extend(too_high(&browser, &server, "three notices", Spot::Top, [narrower(THREE), THREE, WIDE + 60]).await);
    for one in [id, other, third] {
        server.post(&format!("/api/v1/notices/{one}/resolve"), &json!({})).await;
    }
    wrong.extend(too_high(&browser, &server, "resolved", Spot::Top, [narrower(THREE / 2), THREE / 2, 160]).await);
    assert_eq!(wrong, [""; 0]);
}

async fn it_unfolds_and_folds_and_the_focus_stays(engine: Engine) {
    let site = Site::start();
    let id = site.publish_template("kfz-outage").await;
    let host = page(&site.banner_tag(&format!("{PUSHED} data-service=\"kfz-zulassung\"")), "de");
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&banner_says("Kfz-Zulassung: Online-Antrag nicht möglich")).await;
    let control = format!("{ROOT}.querySelector('.u')");
    let is_open = format!("{control}.getAttribute('aria-expanded') == 'true'");
    let shows = format!("{ROOT}.querySelector('.frame .ways')?.getBoundingClientRect().height > 99");
    assert_eq!(
        browser
            .run(&format!("return [{control}.ariaLabel, {control}.textContent, {is_open}]"))
            .await,
        json!(["Alles dazu: Kfz-Zulassung: Online-Antrag nicht möglich", "Alles dazu", false])
    );
    browser.run(&format!("{control}.focus(); {control}.click(); return 0")).await;
    browser.until(&shows).await;
    assert_eq!(
        browser.run(&format!("return [{is_open}, {ROOT}.activeElement == {control}]")).await,
        json!([true, true])
    );
    // What the banner says is not said again right below.
    let below = browser.run(&format!("return {ROOT}.querySelector('.frame').innerText")).await;
    let below = below.as_str().unwrap();
    for (part, is_there) in [
        ("Sie können zurzeit kein Fahrzeug", false),
        ("Seit ", false),
        ("Das können Sie jetzt tun", true),
        ("Zulassungsstelle", true),
    ] {
        assert_eq!(below.contains(part), is_there, "{part}: {below}");
    }
    // News come while it is open: the focus stays, and so does what is unfolded.
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": {"de": "Noch eine Stunde."}}),
    )
    .await;
    browser.until(&banner_says("Noch eine Stunde.")).await;
    browser.until(&shows).await;
    assert_eq!(
        browser.run(&format!("return [{is_open}, {ROOT}.activeElement == {control}]")).await,
        json!([true, true])
    );
    // Another language, above and below.
    browser
        .run(&format!("const choice = {ROOT}.querySelector('select'); choice.focus(); choice.value = 'en'; choice.dispatchEvent(new Event('change')); return 0"))
        .await;
    browser
        .until(&banner_says("Vehicle registration: online application not possible"))
        .await;
    browser
        .until(&format!("{ROOT}.querySelector('.frame').innerText.includes('What you can do now')"))
        .await;
    assert_eq!(browser.run(&format!("return {ROOT}.activeElement.localName")).await, "select");
    browser.run(&format!("{control}.click(); return 0")).await;
    browser.until(&format!("!({shows})")).await;
    assert_eq!(browser.run(&format!("return {is_open}")).await, false);
    // The first thing to do leads to where it is told.
    let way = browser
        .run(&format!(
            "const way = {ROOT}.querySelector('.to'); way.click(); return [way.textContent, way.href]"
        ))
        .await;
    assert_eq!(way[0], "Register your vehicle at the office");
    assert!(
        way[1]
            .as_str()
            .unwrap()
            .starts_with(&site.url(&format!("/p/musterstadt/notices/{id}#u-"))),
        "{way}"
    );
    browser
        .until(&format!(
            "{ROOT}.querySelector('.frame details.procedure[open] summary') == {ROOT}.activeElement"
        ))
        .await;
    assert_eq!(browser.run("return location.href").await, format!("{}/", host.origin));
}

/// Where everything in the banner lies.
const PLACES: &str = "return [...root.querySelectorAll('.banner *')].map((one) => one.getBoundingClientRect()).map(({ x, y, width, height }) => [x, y, width, height])";
/// What somebody has typed and marked, and how far the page is scrolled.
const READER: &str = "const field = document.querySelector('#name'); return [document.activeElement.id, field.value, field.selectionStart, field.selectionEnd, scrollY]";

/// What it unfolds stands below it: of the banner itself no pixel changes, and nobody is disturbed.
async fn nothing_of_it_changes_when_the_rest_comes_and_goes(engine: Engine) {
    let site = Site::start();
    site.publish_template("kfz-outage").await;
    let browser = Browser::start_in(engine).await;
    // Only one of the drivers can be asked for other colours.
    let colours: &[Colours] = match engine {
        Engine::Chromium => &[Colours::Light, Colours::Dark, Colours::Forced],
        Engine::Firefox | Engine::WebKit => &[Colours::Light],
    };
    for (lang, colours) in LANGUAGES.into_iter().flat_map(|lang| colours.iter().map(move |one| (lang, *one))) {
        let what = format!("{lang}, {colours:?}");
        // A page that has a scroll bar from the start: one that comes is no change of ours.
        let tag = site.banner_tag("data-live=\"off\"") + "<style>html { overflow-y: scroll }</style>";
        let host = page(&tag, lang);
        browser.open(&host.origin).await;
        if engine == Engine::Chromium {
            look_in(&browser, 1280, colours).await;
        }
        browser.until(&format!("{ROOT}?.querySelector('.u') && umleitung.current")).await;
        browser
            .run("document.querySelector('#name').focus(); document.querySelector('#name').setSelectionRange(1, 2); return 0")
            .await;
        let seen = async || {
            let banner = browser.session.find(By::Css("umleitung-notice")).await.unwrap();
            let picture = banner.screenshot_as_png().await.unwrap();
            // The small browser draws elements black: there it is the places alone that are compared.
            (engine != Engine::WebKit).then_some(picture)
        };
        let lies = async || {
            (
                browser.run(&format!("const root = {ROOT}; {PLACES}")).await,
                browser.run(READER).await,
            )
        };
        let (picture, before) = (seen().await, lies().await);
        browser.run(&format!("{ROOT}.querySelector('.u').click(); return 0")).await;
        browser
            .until(&format!("{ROOT}.querySelector('.frame')?.getBoundingClientRect().height > 99"))
            .await;
        assert_eq!(lies().await, before, "{what}, unfolded");
        browser.run(&format!("{ROOT}.querySelector('.u').click(); return 0")).await;
        browser
            .until(&format!("!({ROOT}.querySelector('.frame').getBoundingClientRect().height > 9)"))
            .await;
        assert_eq!(lies().await, before, "{what}, folded");
        assert!(seen().await == picture, "{what}: another picture");
    }
}

/// The page is on its way until `atRest` is set and `load` is dispatched; a driver would wait for one that really is.
const LOADING: &str = "
    window.atRest = false;
    Object.defineProperty(document, 'readyState', { get: () => (atRest ? 'complete' : 'interactive') });
    addEventListener('load', (event) => { atRest || event.stopImmediatePropagation(); }, true);";
/// Notes that the browser is asked to save data.
const SAVING: &str = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });";
/// How many of the widget's files the page has asked for.
const ASKED: &str = "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length";

async fn the_rest_comes_once_the_page_is_at_rest_or_somebody_asks(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    // A page that is not done yet.
    let host = Plan::new().tag(&site.banner_tag("")).first_script(LOADING).serve();
    browser.open(&host.origin).await;
    browser.until(&banner_says(TITLE)).await;
    browser.run_until_done("setTimeout(done, 500)").await;
    assert_eq!(browser.run(&format!("return {ASKED}")).await, 0);
    browser
        .run("window.atRest = true; dispatchEvent(new Event('load')); return 0")
        .await;
    browser.until(&format!("{ASKED} == 1")).await;
    assert_eq!(
        browser.run(&format!("return {ROOT}.querySelector('.frame')")).await,
        Value::Null,
        "it is there, and waits"
    );

    // Who saves data gets it when they ask.
    let host = Plan::new().tag(&site.banner_tag("")).first_script(SAVING).serve();
    browser.open(&host.origin).await;
    browser.until(&banner_says(TITLE)).await;
    browser.until("document.readyState == 'complete'").await;
    browser.run_until_done("setTimeout(done, 500)").await;
    assert_eq!(browser.run(&format!("return {ASKED}")).await, 0);
    browser.run(&format!("{ROOT}.querySelector('.u').click(); return 0")).await;
    browser
        .until(&format!(
            "{ROOT}.querySelector('.frame')?.textContent.includes('Hier bekommen Sie Hilfe')"
        ))
        .await;
}

async fn where_it_cannot_unfold_the_control_leads_to_the_notices_page(engine: Engine) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let policy = format!(
        "default-src 'self'; script-src 'self' {0}; connect-src 'self' {0}; img-src data:",
        site.origin()
    );
    let host = Plan::new().tag(&site.banner_tag("")).policy(&policy).serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&format!("{ROOT}?.querySelector('.foot a')?.checkVisibility()")).await;
    let found = browser
        .run(&format!(
            "return [{ROOT}.querySelector('button'), {ROOT}.querySelector('.foot a').href, {ROOT}.querySelector('.foot a').textContent]"
        ))
        .await;
    assert_eq!(
        found,
        json!([null, site.url(&format!("/p/musterstadt/notices/{id}")), "Alles dazu"])
    );
}

/// The loader brings what the banner needs; where the whole document cannot be had, no part of it is shown for the whole.
async fn where_the_rest_is_not_to_be_had_the_control_leads_to_the_notices_page(engine: Engine) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let host = page(&site.banner_tag(&format!("data-server=\"{}\"", closed_port())), "de");
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&banner_says(TITLE)).await;
    browser.run(&format!("{ROOT}.querySelector('.u').click(); return 0")).await;
    browser
        .until(&format!(
            "{ROOT}.querySelector('.foot a')?.checkVisibility() && !{ROOT}.querySelector('.u')"
        ))
        .await;
    assert_eq!(
        browser.run(&format!("return [{ROOT}.querySelector('.frame'), {ROOT}.querySelector('.foot a').pathname, {ROOT}.querySelector('.banner').textContent.includes({})]", json!(TITLE))).await,
        json!([null, format!("/p/musterstadt/notices/{id}"), true])
    );
    // The page is told what is known.
    assert_eq!(
        browser.run("return umleitung.current.notices.map(({ id }) => id)").await,
        json!([id])
    );
}

async fn it_is_open_where_the_portal_says_so(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    let whole = format!("{ROOT}?.querySelector('.frame .head h2')?.textContent == {}", json!(TITLE));
    // By a rule for pages.
    site.change_catalogue(|catalogue| {
        let rule = catalogue.find("at = \"/demo/wohngeld*\"").unwrap();
        format!("{}open = true\n{}", &catalogue[..rule], &catalogue[rule..])
    });
    site.until_state(|state| {
        state["pages"]
            .as_array()
            .is_some_and(|pages| pages.iter().any(|page| page["open"] == true))
    })
    .await;
    let host = page(&site.banner_tag(""), "de");
    browser.open(&format!("{}/demo/wohngeld", host.origin)).await;
    browser.until(&whole).await;
    browser.open(&format!("{}/anderswo", host.origin)).await;
    browser.until(&banner_says(TITLE)).await;
    assert_eq!(browser.run(&format!("return {ROOT}.querySelector('.frame')")).await, Value::Null);
    // By the tag.
    let host = page(&site.tag(""), "de");
    browser.open(&host.origin).await;
    browser.until(&whole).await;
    // By an element.
    let body = format!(
        "<!doctype html><html lang=\"de\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\">{}</head><body><umleitung-notice open></umleitung-notice></body></html>",
        site.banner_tag("")
    );
    let host = Plan::new().page(&body).serve();
    browser.open(&host.origin).await;
    browser.until(&whole).await;
}

in_each_engine!(
    its_height_keeps_to_the_budget_in_every_state,
    it_unfolds_and_folds_and_the_focus_stays,
    nothing_of_it_changes_when_the_rest_comes_and_goes,
    the_rest_comes_once_the_page_is_at_rest_or_somebody_asks,
    where_it_cannot_unfold_the_control_leads_to_the_notices_page,
    where_the_rest_is_not_to_be_had_the_control_leads_to_the_notices_page,
    it_is_open_where_the_portal_says_so,
);
