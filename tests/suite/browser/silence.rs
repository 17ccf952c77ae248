//! Servers that answer and yet say nothing: a stream that falls silent, a page in place of the state, a probe that is sent elsewhere.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    host::{ERRORS, Host, Plan, own_tag},
    site::{PUSHED, ROOT, Site, widget_says},
    time::{TIME, pass},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";
const STATE: &str = "/p/musterstadt/state.json";
const EVENTS: &str = "/p/musterstadt/events";
const OLD: &str = "Neuere Meldungen kommen gerade nicht an";

/// A portal that serves everything itself, and asks these for the state; its time is moved by the test.
fn portal(site: &Site, origins: &[&str], more: &str, policy: Option<&str>) -> Host {
    let folder = site.export("http://unused.example");
    let plan = Plan::new()
        .tag(&own_tag(origins, more))
        .folder("/umleitung/", &folder)
        .first_script(TIME)
        .first_script(ERRORS);
    match policy {
        Some(policy) => plan.policy(policy).serve(),
        None => plan.serve(),
    }
}

async fn a_stream_that_falls_silent_is_not_taken_for_news(engine: Engine) {
    let mut site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let state = site.state().await;
    // It takes each connection, and the stream never says anything.
    let source = Plan::new().serve();
    source.allow_any_origin(STATE, &state.to_string());
    source.hold("/events");
    let host = portal(&site, &[&source.origin], "data-live=\"sse\"", None);
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    let mut news = state.clone();
    news["revision"] = json!("news");
    news["notices"][0]["title"]["de"] = json!("Das kam am Strom vorbei");
    source.allow_any_origin(STATE, &news.to_string());
    browser.until(&pass(10, &widget_says("Das kam am Strom vorbei"))).await;
    assert_eq!(browser.run(&format!("return {}", widget_says(OLD))).await, Value::Bool(false));
    // Nothing more comes by either way.
    source.hold(STATE);
    browser.until(&pass(20, &widget_says(OLD))).await;
    source.release(STATE);
    browser.until(&pass(10, &format!("!{}", widget_says(OLD)))).await;
    assert_eq!(browser.run("return wrong").await, json!([]));
    site.kill();
}

async fn a_server_that_hangs_is_given_up_for_a_mirror(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let mirror = site.second_process();
    let host = portal(&site, &[site.origin(), &mirror.base], "", None);
    site.halt();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    let link = browser.run(&format!("return {ROOT}.querySelector('footer a').href")).await;
    assert!(
        link.as_str().unwrap().starts_with(&mirror.base),
        "{link} leads to the one that hangs"
    );
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn a_page_in_place_of_the_state_is_no_answer(engine: Engine) {
    let mut site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let first = Plan::new().serve();
    first.answer_any_origin(
        STATE,
        "text/html",
        "<!doctype html><title>Wartung</title><h1>Wir sind gleich wieder da</h1>",
    );
    let host = portal(&site, &[&format!("{}/", first.origin), site.origin()], "", None);
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    assert!(first.requests(STATE) > 0, "a slash at the end of an address does no harm");
    // The second is gone as well: what is shown has an age from now on, whatever the first one answers.
    site.kill();
    browser.until(&pass(40, &widget_says(OLD))).await;
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn a_cache_or_a_mirror_that_lags_behind_is_not_taken_for_news(engine: Engine) {
    let mut site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let old = site.state().await.to_string();
    let lagging = Plan::new().serve();
    lagging.allow_any_origin(STATE, &old);
    site.post(&format!("/api/v1/notices/{id}/updates"), &json!({"text": {"de": "Das ist neu."}}))
        .await;
    let mut newer = site.state().await;
    newer["generated_at"] = json!("2100-01-01T00:00:00+01:00");
    let first = Plan::new()
        .header(STATE, "age", "5")
        .header(STATE, "access-control-expose-headers", "Date, Age")
        .serve();
    first.allow_any_origin(STATE, &newer.to_string());
    let host = portal(&site, &[&first.origin, &lagging.origin], "", None);
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says("Das ist neu.")).await;
    for trouble in ["a cache in front of the server", "no server"] {
        if trouble == "no server" {
            first.fail(STATE, 503);
        } else {
            first.allow_any_origin(STATE, &old);
        }
        browser.until(&pass(40, &widget_says(OLD))).await;
        assert_eq!(
            browser.run(&format!("return {}", widget_says("Das ist neu."))).await,
            Value::Bool(true),
            "{trouble}"
        );
        first.allow_any_origin(STATE, &newer.to_string());
        browser.until(&pass(40, &format!("!{}", widget_says(OLD)))).await;
    }
    browser.until(&widget_says("Das ist neu.")).await;
    assert!(lagging.requests(STATE) > 0);
    site.kill();
}

async fn the_first_server_is_believed_whatever_was_shown_before(engine: Engine) {
    let mut site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    // As before a backup was restored, or as a faulty server tells it.
    let restored = site.state().await;
    let mut ahead = restored.clone();
    ahead["revision"] = json!("ahead");
    ahead["generated_at"] = json!("9999-12-31T23:59:59+14:00");
    ahead["notices"][0]["title"]["de"] = json!("Das gilt nicht mehr");
    let first = Plan::new().serve();
    first.allow_any_origin(STATE, &ahead.to_string());
    let host = portal(&site, &[&first.origin], "", None);
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says("Das gilt nicht mehr")).await;
    first.allow_any_origin(STATE, &restored.to_string());
    browser.until(&pass(40, &widget_says(TITLE))).await;
    assert_eq!(browser.run("return wrong").await, json!([]));
    site.kill();
}

async fn a_cache_that_answers_for_a_dead_server_is_no_server(engine: Engine) {
    let mut site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let cache = Plan::new()
        .header(STATE, "age", "5400")
        .header(STATE, "access-control-expose-headers", "Date, Age")
        .serve();
    cache.allow_any_origin(STATE, &site.state().await.to_string());
    site.post(&format!("/api/v1/notices/{id}/updates"), &json!({"text": {"de": "Das ist neu."}}))
        .await;
    let host = portal(&site, &[&cache.origin, site.origin()], "", None);
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    // A mirror that lives is asked all the same.
    browser.until(&pass(40, &widget_says("Das ist neu."))).await;
    site.kill();
    browser.until(&pass(40, &widget_says(OLD))).await;
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn a_stream_comes_from_the_first_server_again_once_it_is_back(engine: Engine) {
    let mut site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let mut state = site.state().await;
    let mirror = Plan::new().serve();
    mirror.allow_any_origin(STATE, &state.to_string());
    let first = Plan::new().serve();
    first.fail(STATE, 503);
    first.fail(EVENTS, 503);
    let streams = "<script>window.streams = [];
        window.EventSource = class extends EventSource { constructor(from) { super(from); streams.push(from); } };</script>";
    let folder = site.export("http://unused.example");
    let host = Plan::new()
        .tag(&format!("{streams}{}", own_tag(&[&first.origin, &mirror.origin], PUSHED)))
        .folder("/umleitung/", &folder)
        .first_script(TIME)
        .first_script(ERRORS)
        .serve();
    site.kill();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    browser.until(&pass(40, "streams.length > 2")).await;
    let elsewhere = format!("return streams.filter((from) => from != '{}{EVENTS}')", first.origin);
    assert_eq!(browser.run(&elsewhere).await, json!([]), "a mirror that lags would go unnoticed");
    state["revision"] = json!("news");
    state["generated_at"] = json!("2100-01-01T00:00:00+01:00");
    state["notices"][0]["title"]["de"] = json!("Das kam mit dem Strom");
    let stream = format!("retry: 3600000\nevent: state\ndata: {state}\n\n");
    first.answer_any_origin(EVENTS, "text/event-stream", &stream);
    browser.until(&pass(40, &widget_says("Das kam mit dem Strom"))).await;
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn an_answer_that_is_overtaken_by_the_stream_is_dropped(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let state = site.state().await;
    let mut news = state.clone();
    news["revision"] = json!("news");
    news["notices"][0]["title"]["de"] = json!("Das kam mit dem Strom");
    // The loader brings the old state along and asks for the time of day at once; the stream is faster than that answer.
    let source = Plan::new().serve();
    source.allow_any_origin(STATE, &state.to_string());
    source.hold(STATE);
    let time: Timestamp = state["generated_at"].as_str().unwrap().parse().unwrap();
    let stream = format!(
        "retry: 3600000\nevent: clock\ndata: {}\n\nevent: state\ndata: {news}\n\n",
        time.as_millisecond()
    );
    source.answer_any_origin(EVENTS, "text/event-stream", &stream);
    let tag = site.tag(&format!("{PUSHED} data-server=\"{}\"", source.origin));
    let host = Plan::new().tag(&tag).first_script(TIME).first_script(ERRORS).serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says("Das kam mit dem Strom")).await;
    assert_eq!(source.requests(STATE), 0, "the answer is still out");
    source.release(STATE);
    browser
        .until("performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith('state.json') && responseEnd)")
        .await;
    // A later answer of the same server is read after that one; so it has been taken or dropped by now.
    browser
        .run_until_done(&format!(
            "fetch('{}{STATE}').then((answer) => answer.json()).then(() => done())",
            source.origin
        ))
        .await;
    assert_eq!(
        browser.run(&format!("return {}", widget_says("Das kam mit dem Strom"))).await,
        Value::Bool(true)
    );
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn what_cannot_be_compared_is_as_if_it_had_not_come(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let state = site.state().await;
    // Found by the trials with twisted documents: JavaScript throws when it is to make a text or a number of these.
    let twisted = |key: &str| {
        let mut state = state.clone();
        state["notices"][0]["title"]["de"] = json!("Das ist keine Meldung");
        state["revision"] = json!(key);
        state[key] = json!({"toString": 1, "valueOf": 1});
        format!("event: state\ndata: {state}\n\n")
    };
    let mut news = state.clone();
    news["revision"] = json!("news");
    news["notices"][0]["title"]["de"] = json!("Das kam mit dem Strom");
    let source = Plan::new().serve();
    source.allow_any_origin(STATE, &state.to_string());
    let time: Timestamp = state["generated_at"].as_str().unwrap().parse().unwrap();
    let stream = format!(
        "retry: 3600000\nevent: clock\ndata: {}\n\n{}{}{}event: state\ndata: {news}\n\n",
        time.as_millisecond(),
        twisted("v"),
        twisted("revision"),
        twisted("notices")
    );
    source.answer_any_origin(EVENTS, "text/event-stream", &stream);
    let host = portal(&site, &[&source.origin], PUSHED, None);
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says("Das kam mit dem Strom")).await;
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn a_probe_raises_no_false_alarm(engine: Engine) {
    let site = Site::start();
    let tag = site.tag("data-probe=\"/health\"");
    let browser = Browser::start_in(engine).await;
    let elsewhere = Plan::new().serve();
    // Sent on to sign in, at an origin that this page may not read.
    let host = Plan::new()
        .tag(&tag)
        .redirect("/health", &format!("{}/anmelden", elsewhere.origin))
        .first_script(TIME)
        .serve();
    browser.open(&host.origin).await;
    while host.requests("/health") < 6 {
        browser.until(&pass(61, "!document.querySelector('umleitung-notice')")).await;
    }
    // Never answered, because the page's own policy forbids it.
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {0}; connect-src {0}",
        site.origin()
    );
    let host = Plan::new().tag(&tag).policy(&policy).first_script(TIME).serve();
    browser.open(&host.origin).await;
    browser.until("window.umleitung?.current").await;
    browser
        .until(&pass(
            30,
            "!document.querySelector('umleitung-notice') && document.documentElement.dataset.ahead >= 600e3",
        ))
        .await;
    assert_eq!(host.requests("/health"), 0);
}

async fn a_hint_is_not_kept_back_by_what_is_announced_or_concerns_others(engine: Engine) {
    let site = Site::start();
    let mut maintenance = outage("wohngeld", "Wartung nächste Woche");
    maintenance["kind"] = json!("maintenance");
    maintenance["starts_at"] = json!("2099-05-05T18:00:00Z");
    maintenance["ends_at"] = json!("2099-05-05T20:00:00Z");
    site.publish(&maintenance).await;
    site.publish(&outage("sperrmuell", "Sperrmüll: keine Bestellung möglich")).await;
    let tag = site.tag("data-service=\"wohngeld\" data-probe=\"/health\"");
    let host = Plan::new().tag(&tag).first_script(TIME).serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says("Wartung nächste Woche")).await;
    let asked = host.requests("/health");
    while host.requests("/health") == asked {
        browser.until(&pass(61, "[1]")).await;
    }
    host.fail("/health", 503);
    browser.until(&pass(61, &widget_says("Hier antwortet gerade etwas nicht"))).await;
    host.recover("/health");
    browser.until(&pass(21, &widget_says("Wartung nächste Woche"))).await;
}

async fn the_banner_goes_by_the_servers_clock(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let mut state = site.state().await;
    let now = state["generated_at"]
        .as_str()
        .unwrap()
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_millisecond();
    for brief in state["notices"][0]["brief"].as_object_mut().unwrap().values_mut() {
        brief["phones"] = json!([{"s": "Amt: 030 1", "href": "tel:0301", "open": [[now + 3_600_000, now + 7_200_000]]}]);
    }
    let source = Plan::new().serve();
    source.allow_any_origin(STATE, &state.to_string());
    // Without WebAssembly the banner stays.
    let policy = format!("default-src 'self'; connect-src 'self' {}", source.origin);
    let host = portal(&site, &[&source.origin], "", Some(&policy));
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    let tells = format!("{ROOT}?.querySelector('.banner')?.textContent.includes('Amt: 030 1')");
    browser.until(&format!("{ROOT}?.querySelector('.banner') && !{tells}")).await;
    // The hour passes, and the number is told; the hours pass, and it goes.
    browser.until(&pass(60, &tells)).await;
    browser.until(&pass(60, &format!("!{tells}"))).await;
    // And it tells its age as the whole notice does.
    source.fail(STATE, 503);
    browser
        .until(&pass(
            60,
            &format!("{ROOT}.querySelector('.banner').textContent.includes('{OLD}. Stand: ')"),
        ))
        .await;
    source.allow_any_origin(STATE, &state.to_string());
    browser
        .until(&pass(
            60,
            &format!("!{ROOT}.querySelector('.banner').textContent.includes('{OLD}')"),
        ))
        .await;
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn what_came_with_the_page_is_not_old_before_anybody_was_asked(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let tag = site.tag("");
    // The notice was published some minutes ago, and answers take their time.
    let slow = "document.documentElement.dataset.ahead = 400e3; window.fetch = () => new Promise(() => {});";
    let host = Plan::new().tag(&tag).first_script(TIME).first_script(slow).serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    let banner = format!("{ROOT}?.querySelector('.banner')?.textContent");
    browser.until(&format!("{banner}?.includes({})", json!(TITLE))).await;
    browser.until(&pass(1, "document.documentElement.dataset.ahead > 600e3")).await;
    let text = browser.run(&format!("return {banner}")).await;
    assert!(!text.as_str().unwrap().contains(OLD), "{text}");
}

in_each_engine!(
    a_stream_that_falls_silent_is_not_taken_for_news,
    a_server_that_hangs_is_given_up_for_a_mirror,
    a_page_in_place_of_the_state_is_no_answer,
    a_cache_or_a_mirror_that_lags_behind_is_not_taken_for_news,
    the_first_server_is_believed_whatever_was_shown_before,
    a_cache_that_answers_for_a_dead_server_is_no_server,
    a_stream_comes_from_the_first_server_again_once_it_is_back,
    an_answer_that_is_overtaken_by_the_stream_is_dropped,
    what_cannot_be_compared_is_as_if_it_had_not_come,
    a_probe_raises_no_false_alarm,
    a_hint_is_not_kept_back_by_what_is_announced_or_concerns_others,
    the_banner_goes_by_the_servers_clock,
    what_came_with_the_page_is_not_old_before_anybody_was_asked,
);
