//! The reason to exist: whatever fails, the page says what it knows and nothing else. The faults are real: killed processes, closed
//! ports, altered files, files that never come, refused answers, a wrong clock.

use serde_json::{Value, json};

use super::{
    accessibility::announced::LISTEN,
    host::{ERRORS, Host, Plan, closed_port, own_tag},
    site::{PUSHED, ROOT, Site, widget_says},
    time::{TIME, pass},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// The title stands in the banner, and the widget has not taken over.
fn banner_says(text: &str) -> String {
    format!(
        "!{ROOT}?.querySelector('.frame') && {ROOT}?.querySelector('.banner')?.textContent.includes({})",
        json!(text)
    )
}

async fn an_open_page_keeps_its_last_notice_and_tells_its_age(engine: Engine) {
    let mut site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let tag = site.tag("");
    let host = Plan::new().tag(&tag).first_script(TIME).first_script(ERRORS).serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    let old = "Neuere Meldungen kommen gerade nicht an";
    assert_eq!(browser.run(&format!("return {}", widget_says(old))).await, Value::Bool(false));

    site.kill();
    browser.until(&pass(40, &widget_says(old))).await;
    browser.until(&widget_says(TITLE)).await;
    let age = browser.run(&format!("return {ROOT}.querySelector('.stale').textContent")).await;
    let age = age.as_str().unwrap();
    assert!(age.contains("Stand: heute, ") || age.contains("Stand: gestern, "), "{age}");
    assert_eq!(browser.run("return wrong").await, json!([]));
}

async fn mirrors_are_asked_in_their_order(engine: Engine) {
    let site = Site::start();
    let folder = site.export("http://unused.example");
    site.publish(&outage("wohngeld", TITLE)).await;
    let mut second = site.second_process();
    let third = Host::serve("", "", None).await;
    let closed = closed_port();
    let host = Plan::new()
        .tag(&own_tag(&[&closed, &second.base, &third.origin], ""))
        .folder("/umleitung/", &folder)
        .first_script(TIME)
        .serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    assert_eq!(third.requests("/p/musterstadt/state.json"), 0, "the second had the answer");
    let link = browser.run(&format!("return {ROOT}.querySelector('footer a').href")).await;
    assert!(
        link.as_str().unwrap().starts_with(&second.base),
        "{link} leads to one that does not answer"
    );

    // Now the second falls silent as well: the third is asked, which knows of another notice.
    let mut state = site.state().await;
    state["revision"] = json!("later");
    state["generated_at"] = json!("2100-01-01T00:00:00+01:00");
    state["notices"][0]["title"]["de"] = json!("Das sagt der dritte");
    third.allow_any_origin("/p/musterstadt/state.json", &state.to_string());
    second.kill();
    browser.until(&pass(40, &widget_says("Das sagt der dritte"))).await;
}

async fn a_fresh_page_without_any_server_claims_nothing(engine: Engine) {
    let site = Site::start();
    let folder = site.export("http://unused.example");
    let failing = Host::serve("", "", None).await;
    failing.fail("/p/musterstadt/state.json", 500);
    let host = Plan::new()
        .tag(&own_tag(&[&closed_port(), &failing.origin], ""))
        .folder("/umleitung/", &folder)
        .first_script(TIME)
        .first_script(ERRORS)
        .serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    let nothing = "!document.querySelector('umleitung-notice') && umleitung.current === null && [1]";
    browser
        .until(&format!("window.umleitung && document.readyState == 'complete' && {nothing}"))
        .await;
    // It goes on asking, and goes on claiming nothing.
    while failing.requests("/p/musterstadt/state.json") < 3 {
        browser.until(&pass(40, nothing)).await;
    }
    assert_eq!(browser.run("return wrong").await, json!([]));
    assert_eq!(browser.run("return document.body.firstElementChild.id").await, "heading");
}

/// Compiled code that comes to an end of its own: where all is to be seen, and where somebody asks for the rest.
async fn where_the_compiled_code_fails_the_banner_stands_and_leads_on(engine: Engine) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let failing = "
        for (const name of ['instantiate', 'instantiateStreaming']) {
            const real = WebAssembly[name];
            WebAssembly[name] = async (...from) => {
                const { module, instance } = await real.apply(WebAssembly, from);
                const mount = (...given) => {
                    if (window.late) instance.exports.mount(...given);
                    window.failed = (window.failed || 0) + 1;
                    throw new WebAssembly.RuntimeError('unreachable');
                };
                return { module, instance: { exports: { ...instance.exports, mount } } };
            };
        }";
    let browser = Browser::start_in(engine).await;
    // Before anything was built, and once it stands there.
    for (tag, late) in [
        (site.tag(""), false),
        (site.banner_tag(""), false),
        (site.tag(""), true),
        (site.banner_tag(""), true),
    ] {
        let failing = format!("window.late = {late}; {failing}");
        let host = Plan::new().tag(&tag).first_script(ERRORS).first_script(&failing).serve();
        browser.open(&host.origin).await;
        browser.until(&banner_says(TITLE)).await;
        browser.run(&format!("{ROOT}.querySelector('.u')?.click(); return 0")).await;
        browser.until("window.failed").await;
        let link = format!("{ROOT}.querySelector('.foot a')");
        browser
            .until(&format!(
                "{link}?.checkVisibility() && {link}.pathname == '/p/musterstadt/notices/{id}' && !{ROOT}.querySelector('.u')"
            ))
            .await;
        let left = browser
            .run(&format!("return [wrong, !!{ROOT}.querySelector('.frame, #languages'), {ROOT}.querySelectorAll('.banner').length, {ROOT}.querySelectorAll('.banner > .foot ~ *').length]"))
            .await;
        assert_eq!(left, json!([[], false, 1, 0]), "{tag}");
    }
}

async fn an_altered_file_is_refused_and_the_banner_stands(engine: Engine) {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let state = site.state().await.to_string();
    // Where the state comes from there are no files, so there is no second place to get a sound one.
    let source = Plan::new().serve();
    source.allow_any_origin("/p/musterstadt/state.json", &state);
    for (file, alter) in [("", ""), ("widget_bg.wasm", "flip"), ("widget.js", "append")] {
        let folder = site.export(&source.origin);
        if !file.is_empty() {
            let path = std::fs::read_dir(folder.join("assets"))
                .unwrap()
                .next()
                .unwrap()
                .unwrap()
                .path()
                .join(file);
            let mut bytes = std::fs::read(&path).unwrap();
            match alter {
                "flip" => {
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 1;
                }
                _ => bytes.extend(b"\nwindow.altered = true;"),
            }
            std::fs::write(&path, bytes).unwrap();
        }
        let host = Plan::new()
            .tag(&own_tag(&[&source.origin], ""))
            .folder("/umleitung/", &folder)
            .first_script(TIME)
            .first_script(ERRORS)
            .serve();
        let browser = Browser::start_in(engine).await;
        browser.open(&host.origin).await;
        if file.is_empty() {
            // The very same page with sound files shows everything.
            browser.until(&widget_says(TITLE)).await;
            continue;
        }
        browser.until(&banner_says(TITLE)).await;
        // A later document makes it try again, and the banner tells the news all the same.
        let mut news: Value = serde_json::from_str(&state).unwrap();
        news["revision"] = json!(["later than ", file].concat());
        news["notices"][0]["brief"]["de"]["title"]["s"] = json!(["Neues trotz ", file].concat());
        source.allow_any_origin("/p/musterstadt/state.json", &news.to_string());
        browser.until(&pass(40, &banner_says(&["Neues trotz ", file].concat()))).await;
        source.allow_any_origin("/p/musterstadt/state.json", &state);
        let seen = browser
            .run(&format!("return [window.altered ?? null, {ROOT}.querySelector('.frame'), wrong]"))
            .await;
        assert_eq!(seen, json!([null, null, []]), "{file}");
        assert!(host.requests_that_end_with(file) > 0, "{file} was not even asked for");
    }
}

async fn while_the_widget_does_not_come_the_banner_stands_and_is_kept_up_to_date(engine: Engine) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let folder = site.export(site.origin());
    let host = Plan::new()
        .tag(&own_tag(&[site.origin()], "data-live=\"sse\""))
        .folder("/umleitung/", &folder)
        .first_script(ERRORS)
        .serve();
    host.hold("widget_bg.wasm");
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&banner_says(TITLE)).await;
    let text = browser.run(&format!("return {ROOT}.querySelector('.banner').innerText")).await;
    for part in ["Störung", "Ende noch nicht bekannt", "Alles dazu"] {
        assert!(text.as_str().unwrap().contains(part), "{part} is missing in {text}");
    }
    let rest = browser
        .run(&format!("return [...{ROOT}.querySelectorAll('.banner a')].at(-1).href"))
        .await;
    assert_eq!(rest, site.url(&format!("/p/musterstadt/notices/{id}")), "the rest is there");
    site.resolve(&id).await;
    browser.until(&banner_says("Behoben")).await;
    // At last it comes.
    host.release("widget_bg.wasm");
    browser.until(&widget_says("Behoben")).await;
    assert_eq!(browser.run("return wrong").await, json!([]));
}

/// What the channels say about their hours.
const HOURS: &str =
    "[...document.querySelector('umleitung-notice').shadowRoot.querySelectorAll('.frame .hours')].map((hours) => hours.textContent)";

async fn the_servers_time_counts_where_the_visitors_clock_is_wrong(engine: Engine) {
    let site = Site::start();
    site.publish_template("bundid-outage").await;
    let browser = Browser::start_in(engine).await;
    let mut told = Vec::new();
    for (hours, live) in [(0, "poll"), (-5, "poll"), (13, "poll"), (-5, "sse"), (13, "off")] {
        let tag = site.tag(&format!("data-live=\"{live}\""));
        let clock = format!(
            "const right = Date.now; Date.now = () => right() + {hours} * 3600e3;
            document.documentElement.dataset.off = Math.round((Date.now() - right()) / 3600e3);"
        );
        let host = Plan::new().tag(&tag).first_script(&clock).serve();
        browser.open(&host.origin).await;
        browser.until(&widget_says("BundID")).await;
        if let Some(right) = told.first() {
            browser
                .until(&format!("JSON.stringify({HOURS}) == {}", json!(Value::to_string(right))))
                .await;
        } else {
            let hours = browser.run(&format!("return {HOURS}")).await;
            assert!(
                hours
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|hours| hours.as_str().unwrap().contains("erreichbar")),
                "{hours}"
            );
            told.push(hours);
        }
        // The clock is really another one.
        let off = browser.run("return document.documentElement.dataset.off").await;
        assert_eq!(off, hours.to_string(), "{live}");
    }
}

async fn who_is_there_now_changes_with_the_minute(engine: Engine) {
    let site = Site::start();
    let folder = site.export("http://unused.example");
    site.publish(&outage("wohngeld", TITLE)).await;
    let mut state = site.state().await;
    let now: jiff::Timestamp = state["generated_at"].as_str().unwrap().parse().unwrap();
    let berlin = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let hour = |ahead: i64| {
        let instant = now.checked_add(jiff::SignedDuration::from_hours(ahead)).unwrap();
        instant.to_zoned(berlin.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    };
    for channel in state["channels"].as_array_mut().unwrap() {
        channel["always"] = json!(false);
        channel["open"] = json!([{"from": hour(1), "to": hour(2)}, {"from": hour(30), "to": hour(31)}]);
    }
    let source = Plan::new().serve();
    source.allow_any_origin("/p/musterstadt/state.json", &state.to_string());
    let host = Plan::new()
        .tag(&own_tag(&[&source.origin], ""))
        .folder("/umleitung/", &folder)
        .first_script(TIME)
        .serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    browser.until(&format!("!{}", widget_says("Jetzt erreichbar"))).await;
    // The same document all the time: nothing but the minutes changes.
    browser.until(&pass(60, &widget_says("Jetzt erreichbar, bis"))).await;
    browser.until(&pass(60, &format!("!{}", widget_says("Jetzt erreichbar")))).await;
    browser.until(&widget_says("Wieder erreichbar: ")).await;
}

async fn trouble_that_the_browser_sees_is_told_as_such_and_goes_by_itself(engine: Engine) {
    let site = Site::start();
    let tag = site.tag(&format!("{PUSHED} data-probe=\"/health\""));
    let host = Plan::new()
        .tag(&tag)
        .first_script(TIME)
        .first_script(LISTEN)
        .first_script(ERRORS)
        .serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until("umleitung?.current?.status == 'operational'").await;
    let hint = "Hier antwortet gerade etwas nicht";
    // One failure alone is no trouble.
    host.fail("/health", 503);
    let asked = host.requests("/health");
    while host.requests("/health") == asked {
        browser.until(&pass(61, "[1]")).await;
    }
    host.recover("/health");
    let asked = host.requests("/health");
    while host.requests("/health") < asked + 2 {
        browser.until(&pass(61, "!document.querySelector('umleitung-notice')")).await;
    }

    for (time, status) in [(1, 502), (2, 504)] {
        host.fail("/health", status);
        browser.until(&pass(61, &widget_says(hint))).await;
        // Each time it is read out.
        let read_out = format!("heard.filter(([what, , text]) => what == 'says' && text.includes('{hint}')).length == {time}");
        browser.until(&read_out).await;
        let text = browser.run(&format!("return {ROOT}.querySelector('.frame').innerText")).await;
        // Whom to call is folded away at times when nobody answers there.
        let whole = browser.run(&format!("return {ROOT}.querySelector('.frame').textContent")).await;
        for part in [
            "Das bemerkt Ihr Browser",
            "keine Meldung der Behörde",
            "030 23125",
            "Das können Sie tun, wenn es nicht weitergeht",
        ] {
            assert!(whole.as_str().unwrap().contains(part), "{part} is missing in {whole}");
        }
        for claim in ["Seit", "Herausgegeben von", "Störung"] {
            assert!(!text.as_str().unwrap().contains(claim), "{claim} is claimed in {text}");
        }
        assert_eq!(
            browser
                .run("return [umleitung.current.status, umleitung.current.notices.length]")
                .await,
            json!(["operational", 0]),
            "what is published does not change"
        );
        host.recover("/health");
        browser.until(&pass(21, "!document.querySelector('umleitung-notice')")).await;
    }

    // What is published counts more than what is guessed.
    host.fail("/health", 503);
    browser.until(&pass(61, &widget_says(hint))).await;
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    browser.until(&widget_says(TITLE)).await;
    assert_eq!(browser.run(&format!("return {}", widget_says(hint))).await, Value::Bool(false));
    site.end_lingering();
    site.resolve(&id).await;
    browser.until(&widget_says(hint)).await;
    assert_eq!(browser.run("return wrong").await, json!([]));
}

in_each_engine!(
    an_open_page_keeps_its_last_notice_and_tells_its_age,
    mirrors_are_asked_in_their_order,
    a_fresh_page_without_any_server_claims_nothing,
    where_the_compiled_code_fails_the_banner_stands_and_leads_on,
    an_altered_file_is_refused_and_the_banner_stands,
    while_the_widget_does_not_come_the_banner_stands_and_is_kept_up_to_date,
    the_servers_time_counts_where_the_visitors_clock_is_wrong,
    who_is_there_now_changes_with_the_minute,
    trouble_that_the_browser_sees_is_told_as_such_and_goes_by_itself,
);
