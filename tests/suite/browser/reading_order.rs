//! Numbers, codes and quantities in texts from right to left: the order in which they come to lie on the screen, glyph by glyph.

use serde_json::{Value, json};

use super::{
    host::{Host, Plan},
    site::{PUSHED, ROOT, Site},
};
use crate::support::browser::{Browser, Engine, in_each_engine};

/// What is typed between Arabic words, and what is seen of it from left to right.
const TYPED: [(&str, &str); 24] = [
    ("030 23125 111", "030 23125 111"),
    ("+49 30 23125-140", "+49 30 23125-140"),
    ("(030) 23125-0", "(030) 23125-0"),
    ("0049 (0)30 / 23125-7", "0049 (0)30 / 23125-7"),
    ("116 117", "116 117"),
    ("19 222", "19 222"),
    ("115", "115"),
    ("-5 °C", "-5 °C"),
    ("50 %", "50 %"),
    ("50%", "50%"),
    ("3,5 %", "3,5 %"),
    ("1.000,50 €", "1.000,50 €"),
    ("20 km", "20 km"),
    ("12-345-AB", "12-345-AB"),
    ("4711/2026-B", "4711/2026-B"),
    ("AB-123-CD", "AB-123-CD"),
    ("DE12 3456 7890 12", "DE12 3456 7890 12"),
    ("12345 Musterstadt", "12345 Musterstadt"),
    ("§ 31 Abs. 3 VwVfG", "§ 31 Abs. 3 VwVfG"),
    ("§ 31 (2)", "§ 31 (2)"),
    ("24.12.2026", "24.12.2026"),
    ("24/7", "24/7"),
    // Spans are read as the text is: what begins stands on the right.
    ("22:00-02:00", "02:00-22:00"),
    ("08:15 - 12:45", "12:45 - 08:15"),
];

/// What a title has; it is short.
const IN_TITLE: [&str; 3] = ["12-345-AB", "(030) 23125-0", "116 117"];

/// For each of these texts, as what it is seen from left to right, wherever it stands; blanks have no glyph.
const SEEN: &str = "
    const invisible = /[\\u200e\\u200f\\u2066-\\u2069\\u061c]/;
    for (const fold of [root, ...root.querySelectorAll('details')]) fold.open = true;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const seen = wanted.map(() => []);
    while (walker.nextNode()) {
        const node = walker.currentNode, at = [];
        let text = '';
        for (let i = 0; i < node.data.length; i++) if (!invisible.test(node.data[i])) { at.push(i); text += node.data[i]; }
        wanted.forEach((one, index) => {
            for (let from = text.indexOf(one); from >= 0; from = text.indexOf(one, from + 1)) {
                // A part of a longer number is another one.
                if (/[\\d.:,-]/.test(text[from - 1] ?? '') || /^[.:,-]?\\d/.test(text.slice(from + one.length))) continue;
                const glyphs = [];
                for (let i = from; i < from + one.length; i++) {
                    if (text[i] == ' ') continue;
                    const range = document.createRange();
                    range.setStart(node, at[i]);
                    range.setEnd(node, at[i] + 1);
                    // An engine may tell of the end of the line before as well.
                    const box = [...range.getClientRects()].findLast((box) => box.width);
                    if (box?.height) glyphs.push([Math.round((box.top + box.bottom) / 2 / 8), box.left, text[i]]);
                }
                if (!glyphs.length) continue;
                // A break within it is no fault of the order.
                glyphs.sort((a, b) => Math.abs(a[0] - b[0]) > 1 ? a[0] - b[0] : a[1] - b[1]);
                const lines = new Set(glyphs.map((glyph) => glyph[0]));
                if (Math.max(...lines) - Math.min(...lines) <= 1) seen[index].push(glyphs.map((glyph) => glyph[2]).join(''));
            }
        });
    }
    return seen;";

async fn seen(browser: &Browser, root: &str, wanted: &[&str]) -> Value {
    browser
        .run(&format!("const root = {root}, wanted = {};{SEEN}", json!(wanted)))
        .await
}

fn expect(seen: &Value, expected: &[(&str, &str)], page: &str) {
    for (all, (typed, expected)) in seen.as_array().unwrap().iter().zip(expected) {
        let all = all.as_array().unwrap();
        assert!(!all.is_empty(), "{page}: {typed} is not seen");
        for one in all {
            assert_eq!(*one, expected.replace(' ', ""), "{page}: {typed}");
        }
    }
}

fn with_arabic(site: &Site) {
    site.change_catalogue(|catalogue| {
        let languages = catalogue.find("languages = [").unwrap();
        let end = languages + catalogue[languages..].find(']').unwrap() + 1;
        let catalogue = catalogue.replace(&catalogue[languages..end], "languages = [\"de\", \"ar\"]");
        // The short form names only numbers that somebody answers: this one, whatever the hour of the test.
        let hours = "hours = \"Mo,Tu,Fr 09:00-12:00; Th 13:00-17:30; PH off\"";
        assert!(catalogue.contains(hours));
        catalogue.replace(hours, "hours = \"24/7\"")
    });
}

/// Each in a line of its own, at its beginning and after a word.
fn prose() -> String {
    let lines: Vec<String> = TYPED.iter().map(|(typed, _)| format!("{typed}\nالرقم {typed} هنا")).collect();
    lines.join("\n")
}

async fn publish(site: &Site) {
    site.publish(&json!({
        "kind": "outage", "severity": "outage", "services": ["wohngeld"],
        "title": {"de": "Wohngeld geht nicht", "ar": format!("الرقم {}", IN_TITLE.join(" أو "))},
        "impact": {"de": "-", "ar": prose()}, "guidance": {"de": "-", "ar": format!("- {}\n- ثانيا", TYPED.map(|one| one.0).join(" ثم "))},
        "still_works": {"de": "-", "ar": prose()}, "deadline_note": {"de": "-", "ar": prose()},
        "deadline_source": "§ 31 Abs. 3 VwVfG", "publish": true,
    }))
    .await;
}

fn portal(site: &Site, policy: Option<&str>) -> Host {
    let tag = site.tag(PUSHED);
    let page = format!(
        "<!doctype html><html lang=\"ar\" dir=\"rtl\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\">{tag}</head><body><h1>Seite</h1></body></html>"
    );
    let plan = Plan::new().page(&page);
    match policy {
        Some(policy) => plan.policy(policy).serve(),
        None => plan.serve(),
    }
}

async fn numbers_lie_from_left_to_right_on_the_screen(engine: Engine) {
    let site = Site::start();
    with_arabic(&site);
    publish(&site).await;
    let browser = Browser::start_in(engine).await;
    let typed = TYPED.map(|one| one.0);
    let titled: Vec<_> = TYPED.into_iter().filter(|one| IN_TITLE.contains(&one.0)).collect();
    let in_title: Vec<_> = titled.iter().map(|one| one.0).collect();
    // How numbers of the demo's channels are written.
    let channel = [("030 23125 160", "030 23125 160")];

    browser.open(&site.url("/p/musterstadt/?lang=ar")).await;
    let main = "document.querySelector('main')";
    expect(&seen(&browser, main, &typed).await, &TYPED, "status page");
    expect(
        &seen(&browser, "document.querySelector('.notice h2')", &in_title).await,
        &titled,
        "title",
    );
    expect(&seen(&browser, main, &[channel[0].0]).await, &channel, "status page");

    for page in ["fallback.html", "503.html"] {
        browser.open(&site.url(&format!("/p/musterstadt/{page}"))).await;
        let part = "document.querySelector('details[lang=ar]')";
        expect(&seen(&browser, part, &typed).await, &TYPED, page);
        expect(&seen(&browser, part, &[channel[0].0]).await, &channel, page);
    }

    let host = portal(&site, None);
    browser.open(&host.origin).await;
    browser.until(&format!("{ROOT}?.querySelector('.frame .kicker')")).await;
    let frame = format!("{ROOT}.querySelector('.frame')");
    expect(&seen(&browser, &frame, &typed).await, &TYPED, "widget");
    expect(
        &seen(&browser, &format!("{frame}.querySelector('.notice h2')"), &in_title).await,
        &titled,
        "widget",
    );
    expect(&seen(&browser, &frame, &[channel[0].0]).await, &channel, "widget");

    // What the loader paints where WebAssembly may not run.
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src {0}; connect-src {0}; img-src data:",
        site.origin()
    );
    let host = portal(&site, Some(&policy));
    browser.open(&host.origin).await;
    browser.until(&format!("{ROOT}?.querySelector('.banner')")).await;
    let box_ = format!("{ROOT}.querySelector('.banner')");
    expect(&seen(&browser, &box_, &typed).await, &TYPED, "short form");
    expect(&seen(&browser, &box_, &[channel[0].0]).await, &channel, "short form");
}

in_each_engine!(numbers_lie_from_left_to_right_on_the_screen);
