//! What is shown under the content security policies of embedding pages. Each page is on another origin than the notices.

use serde_json::{Value, json};

use super::{
    host::{Host, Plan},
    site::{PUSHED, ROOT, Site, widget_says},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// Notes each refusal.
const VIOLATIONS: &str = "
    window.violations = [];
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => violations.push(effectiveDirective + ' ' + blockedURI));";

/// A page with a policy, opened while a notice is current. In the policy, `NOTICES` stands for the origin of the notices.
async fn embedded_under(engine: Engine, policy: &str, attributes: &str) -> (Site, Host, Browser, String) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let policy = policy.replace("NOTICES", site.origin());
    let host = Plan::new()
        .tag(&site.tag(attributes))
        .policy(&policy)
        .first_script(VIOLATIONS)
        .serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    (site, host, browser, id)
}

async fn where_webassembly_is_refused_the_banner_stays(engine: Engine) {
    let policy = "default-src 'none'; style-src 'self'; img-src data:; script-src 'self' NOTICES; connect-src NOTICES";
    let (site, _host, browser, id) = embedded_under(engine, policy, PUSHED).await;
    let refused = match engine {
        // It refuses without a word; that the file came, and that there is no widget later on, is all that can be seen.
        Engine::WebKit => "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('.wasm'))",
        _ => "violations.some((violation) => violation.includes('wasm'))",
    };
    browser.until(refused).await;
    let shown = browser
        .run(&format!(
            "return [{ROOT}.querySelector('.frame'), {ROOT}.querySelector('section h2').textContent]"
        ))
        .await;
    assert_eq!(shown, json!([null, TITLE]));
    let text = browser.run(&format!("return {ROOT}.querySelector('section').innerText")).await;
    for part in ["Störung", "Ende noch nicht bekannt", "Alles dazu"] {
        assert!(text.as_str().unwrap().contains(part), "{part} is missing in {text}");
    }
    let link = browser.run(&format!("return {ROOT}.querySelector('section .foot a').href")).await;
    assert_eq!(link, site.url(&format!("/p/musterstadt/notices/{id}")));
    // It goes on telling the truth.
    site.resolve(&id).await;
    browser
        .until(&format!("{ROOT}?.querySelector('section')?.innerText.includes('Behoben')"))
        .await;
    assert_eq!(browser.run(&format!("return {ROOT}.querySelector('.frame')")).await, Value::Null);
    let others = browser
        .run("return violations.filter((violation) => !violation.includes('wasm'))")
        .await;
    assert_eq!(others, json!([]));
}

/// The whole notice is there, is styled, follows changes and languages, and nothing was refused but this.
async fn expect_the_whole_notice(site: &Site, browser: &Browser, id: &str, refused: Value) {
    browser.until(&widget_says(TITLE)).await;
    let style = browser.run(&format!("const style = getComputedStyle({ROOT}.querySelector('section.notice, .notice')); return [style.borderTopWidth, style.borderTopStyle]")).await;
    assert_eq!(style, json!(["6px", "solid"]));
    browser
        .run(&format!(
            "[...{ROOT}.querySelectorAll('nav button')].find((button) => button.lang == 'en').click(); return 0"
        ))
        .await;
    browser.until(&widget_says("Outage")).await;
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": {"de": "Noch eine Stunde.", "en": "One more hour."}}),
    )
    .await;
    browser.until(&widget_says("One more hour.")).await;
    assert_eq!(browser.run("return violations").await, refused);
}

/// Does what the policy refuses, and waits for the word of it, which may come later than the refusal; whatever is refused from then on was not
/// the test's.
async fn expect_refused(browser: &Browser, attempt: &str, refusal: &str) {
    browser.run(&format!("{attempt} return 0")).await;
    browser.until("violations.length > 0").await;
    assert_eq!(browser.run("return violations.splice(0)").await, json!([refusal]));
}

async fn with_wasm_unsafe_eval_the_whole_notice_comes(engine: Engine) {
    let policy = "default-src 'none'; style-src 'self'; img-src data:; script-src 'self' NOTICES 'wasm-unsafe-eval'; connect-src NOTICES";
    let (site, _host, browser, id) = embedded_under(engine, policy, PUSHED).await;
    expect_the_whole_notice(&site, &browser, &id, json!([])).await;
}

async fn trusted_types_without_any_policy_are_met(engine: Engine) {
    let policy = "script-src 'self' NOTICES 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types 'none'";
    let (site, _host, browser, id) = embedded_under(engine, policy, PUSHED).await;
    // The policy is in force: markup from a string is refused here.
    let attempt = "try { document.createElement('p').innerHTML = '<b>'; } catch { }";
    expect_refused(&browser, attempt, "require-trusted-types-for trusted-types-sink").await;
    expect_the_whole_notice(&site, &browser, &id, json!([])).await;
}

async fn a_style_rule_that_refuses_inline_styles_leaves_the_notice_styled(engine: Engine) {
    let policy = "default-src 'self'; img-src data:; script-src 'self' NOTICES 'wasm-unsafe-eval'; connect-src NOTICES";
    let (site, _host, browser, id) = embedded_under(engine, policy, PUSHED).await;
    // The policy is in force: a style element is refused here.
    let attempt = "const style = document.createElement('style'); style.textContent = 'h1 { color: red }'; document.head.append(style);";
    expect_refused(&browser, attempt, "style-src-elem inline").await;
    expect_the_whole_notice(&site, &browser, &id, json!([])).await;
}

async fn a_nonce_with_strict_dynamic_lets_the_widget_in(engine: Engine) {
    let policy = "script-src 'nonce-5eal' 'strict-dynamic' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'";
    let (site, host, browser, id) = embedded_under(engine, policy, &format!("{PUSHED} nonce=\"5eal\"")).await;
    // The page's own script has no nonce, which shows that the policy is in force.
    let refused = json!([format!("script-src-elem {}/page.js", host.origin)]);
    expect_the_whole_notice(&site, &browser, &id, refused).await;
}

/// Everything else that a page may demand or forbid by a header, for itself and for what it takes in.
const DEMANDS: [(&str, &str); 12] = [
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-embedder-policy", "credentialless"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("origin-agent-cluster", "?1"),
    (
        "permissions-policy",
        "unload=(), sync-xhr=(), storage-access=(), fullscreen=(), focus-without-user-activation=(), cross-origin-isolated=()",
    ),
    ("document-policy", "force-load-at-top, document-write=?0, sync-script=?0"),
    ("integrity-policy", "blocked-destinations=(script)"),
    ("content-security-policy", "sandbox allow-scripts"),
];

async fn whatever_a_page_demands_by_header_the_whole_notice_comes(engine: Engine) {
    let site = Site::start();
    let id = site.publish(&outage("wohngeld", TITLE)).await;
    let browser = Browser::start_in(engine).await;
    for (name, value) in DEMANDS {
        // A page that wants each script's hash gets the pinned tag.
        let tag = if name == "integrity-policy" {
            let hash = integrity(site.get("/umleitung.js").await.as_bytes());
            format!(
                "<script async data-open src=\"{}\" data-portal=\"musterstadt\" {PUSHED} integrity=\"{hash}\" crossorigin=\"anonymous\"></script>",
                site.url("/umleitung.js")
            )
        } else {
            site.tag(PUSHED)
        };
        let page = format!(
            "<!doctype html><html lang=\"de\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\">{tag}</head><body><h1>Seite</h1></body></html>"
        );
        let host = Plan::new().page(&page).header("/*", name, value).serve();
        browser.open(&host.origin).await;
        println!("umleitung:  {engine:?} {name}: {value}");
        if name == "integrity-policy" && engine == Engine::WebKit {
            // It takes no hash for a module from anywhere, so the short notice is as far as it gets.
            browser
                .until(&format!("{ROOT}?.querySelector('.banner h2')?.textContent == {}", json!(TITLE)))
                .await;
            continue;
        }
        browser.until(&widget_says(TITLE)).await;
    }
    // All at once, where the embedding is for others to do; and by way of news.
    let plan = DEMANDS.into_iter().filter(|(name, _)| !name.starts_with("integrity")).fold(
        Plan::new().tag(&site.tag(PUSHED)).first_script(VIOLATIONS),
        |plan, (name, value)| plan.header("/*", name, value),
    );
    let host = plan.header("/*", "cross-origin-resource-policy", "cross-origin").serve();
    browser.open(&host.origin).await;
    browser.until(&widget_says(TITLE)).await;
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": {"de": "Noch eine Stunde."}}),
    )
    .await;
    browser.until(&widget_says("Noch eine Stunde.")).await;
}

fn integrity(bytes: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha384};
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// Everything public may be taken in by pages that demand a word for it; what staff use may not.
#[tokio::test]
async fn what_is_public_says_that_it_may_be_used_by_anyone() {
    let site = Site::start();
    site.publish(&outage("wohngeld", TITLE)).await;
    let loader = site.get("/umleitung.js").await;
    let (_, rest) = loader.split_once("/assets/").unwrap();
    let files = format!("/assets/{}", rest.split('"').next().unwrap());
    let said = async |path: &str| {
        let response = reqwest::get(site.url(path)).await.unwrap();
        let said = response
            .headers()
            .get("cross-origin-resource-policy")
            .map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), said)
    };
    for path in [
        "/umleitung.js",
        "/p/musterstadt/umleitung.js",
        "/p/musterstadt/state.json",
        "/p/musterstadt/sample.json",
        "/p/musterstadt/hint.json",
        "/p/musterstadt/events",
        "/p/musterstadt/worker.js",
        "/p/musterstadt/fragment.html",
        "/p/musterstadt/fallback.html",
        "/p/musterstadt/",
        "/p/musterstadt/history",
        "/schema/state-v1.json",
        &format!("{files}/widget.js"),
        &format!("{files}/widget_bg.wasm"),
        &format!("{files}/messages/de.json"),
    ] {
        assert_eq!(said(path).await, (200, Some("cross-origin".to_owned())), "{path}");
    }
    for path in ["/admin/", "/api/v1/notices"] {
        assert_ne!(said(path).await.1.as_deref(), Some("cross-origin"), "{path}");
    }
}

in_each_engine!(
    whatever_a_page_demands_by_header_the_whole_notice_comes,
    where_webassembly_is_refused_the_banner_stays,
    with_wasm_unsafe_eval_the_whole_notice_comes,
    trusted_types_without_any_policy_are_met,
    a_style_rule_that_refuses_inline_styles_leaves_the_notice_styled,
    a_nonce_with_strict_dynamic_lets_the_widget_in,
);
