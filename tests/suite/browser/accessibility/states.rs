//! The states that a notice can be in, as documents: each made of one that says everything, so that a page can show one after the other.
//!
//! The page's clock stands at [`NOON`]; what is told of times does not depend on the day of the test.

use serde_json::{Value, json};

use super::super::site::{ROOT, Site};
use crate::support::{
    binary,
    browser::{Browser, PATIENCE},
};

/// Monday, 4 May 2026, 12:00 in Berlin.
const NOON: &str = "2026-05-04T12:00:00+02:00";
const MORNING: &str = "2026-05-04T09:10:00+02:00";
const EVENING: &str = "2026-05-04T18:00:00+02:00";
const NEXT_DAY: &str = "2026-05-05T08:00:00+02:00";
const NEXT_EVENING: &str = "2026-05-05T16:00:00+02:00";

/// Lets a portal have all languages, as an operator would.
pub(super) async fn speak_all_languages(site: &Site, browser: &Browser) {
    let exported = binary::succeed(site.folder(), &["catalogue", "export"]);
    let known = "\"de-simple\",\n]";
    assert!(exported.contains(known), "{exported}");
    let file = site.folder().join("catalogue.toml");
    let spoken = exported.replacen(known, "\"de-simple\", \"tr\", \"uk\", \"ar\"]", 1);
    std::fs::write(&file, spoken).unwrap();
    binary::succeed(site.folder(), &["catalogue", "apply", file.to_str().unwrap()]);
    browser.open(&site.url("/demo/")).await;
    let heard = "await fetch('/p/musterstadt/state.json', { cache: 'no-store' }).then((answer) => answer.json())";
    let look = format!("const look = async () => ({heard}).languages.length == 6 ? done(true) : setTimeout(look, 50); look();");
    tokio::time::timeout(PATIENCE, browser.run_until_done(&look))
        .await
        .expect("the catalogue never came into force");
}

/// Stops the clock of each page that is opened from now on. `shift` moves it; long waits end when `minute()` is called.
pub(super) async fn stop_clock(browser: &Browser) {
    let script = format!(
        "window.shift = 0;
        const noon = Date.parse('{NOON}');
        Date.now = () => noon + shift;
        const later = setTimeout, waiting = [];
        const rules = 10000; // How long the rules wait for a style sheet: their own limit, which has to end.
        window.setTimeout = (what, wait, ...more) => wait > 5000 && wait != rules ? waiting.push(what) : later(what, wait, ...more);
        window.minute = (count = 1) => {{ shift += count * 60000; for (const what of waiting.splice(0)) what(); }};"
    );
    browser.before_each_page(&script).await;
}

/// A document with one notice that says everything, German with some English and Leichte Sprache, at the time of the stopped clock.
pub(super) async fn whole(site: &Site) -> Value {
    // Published elsewhere, under the same catalogue: in the page that is looked at nothing comes but by the test.
    let elsewhere = Site::start();
    let file = elsewhere.folder().join("catalogue.toml");
    // On the day of the test somebody may be there, or nobody until Monday; in the document somebody is.
    let exported = binary::succeed(site.folder(), &["catalogue", "export"]);
    let around_the_clock = with_hours_on_each_day(&exported);
    std::fs::write(&file, around_the_clock).unwrap();
    binary::succeed(elsewhere.folder(), &["catalogue", "apply", file.to_str().unwrap()]);
    let mut notice = json!({
        "kind": "outage", "severity": "outage", "services": ["kfz-zulassung"], "portals": [],
        "title": {"de": "Kfz-Zulassung: Antrag nicht möglich", "en": "Vehicle registration: no applications", "de-simple": "Sie können Ihr Auto jetzt nicht anmelden"},
        "impact": {"de": "Sie können zurzeit **kein** Fahrzeug online anmelden.", "en": "You cannot register a vehicle online.", "de-simple": "Das Anmelden geht jetzt **nicht**."},
        "guidance": {"de": "Nutzen Sie bitte:\n\n- das [Formular](https://musterstadt.example/formular)\n- einen Termin"},
        "still_works": {"de": "Die Terminbuchung läuft.", "en": "Booking appointments works."},
        "entries": "saved", "entries_until": "2026-05-06T10:00:00Z",
        "applications": {"de": "Gesendete Anträge sind angekommen."},
        "deadline_note": {"de": "Bitte fragen Sie bei Ihrer Zulassungsbehörde nach."}, "deadline_source": "§ 1 Mustersatzung",
        "video": "https://musterstadt.example/video", "channels": null, "procedures": null,
        "starts_at": "2026-05-04T07:10:00Z", "ends_at": "2099-05-04T16:00:00Z", "end_certainty": "estimated",
        "next_update_at": "2099-05-04T12:00:00Z", "at_end": "confirm"
    });
    notice["publish"] = json!(true);
    elsewhere.publish(&notice).await;
    let answer = reqwest::get(elsewhere.url("/p/musterstadt/state.json")).await.unwrap();
    let mut document: Value = answer.json().await.unwrap();
    document["generated_at"] = json!(MORNING);
    // Some are there now, some later; some have no hours, some always.
    for (i, channel) in document["channels"].as_array_mut().unwrap().iter_mut().enumerate() {
        if channel["open"].is_array() && channel["always"] == false {
            let now = json!([{"from": MORNING, "to": EVENING}]);
            let later = json!([{"from": NEXT_DAY, "to": NEXT_EVENING}]);
            channel["open"] = if i % 2 == 0 { now } else { later };
        }
    }
    let notice = &mut document["notices"][0];
    notice["id"] = json!("2026-0001");
    notice["starts_at"] = json!(MORNING);
    notice["published_at"] = json!(MORNING);
    notice["updated_at"] = json!("2026-05-04T11:30:00+02:00");
    notice["ends_at"] = json!(EVENING);
    notice["next_update_at"] = json!("2026-05-04T14:00:00+02:00");
    notice["updates"] = json!([
        {"at": "2026-05-04T11:30:00+02:00", "stage": "identified", "text": {"de": [{"t": "paragraph", "c": [{"t": "text", "s": "Die Ursache ist gefunden."}]}]}},
        {"at": "2026-05-04T09:30:00+02:00", "stage": null, "text": {
            "de": [{"t": "paragraph", "c": [{"t": "text", "s": "Wir prüfen das."}]}],
            "en": [{"t": "paragraph", "c": [{"t": "text", "s": "We are looking into it."}]}]}},
    ]);
    notice["stage"] = json!("identified");
    // For each number the loader asks whether it is answered now.
    for (_, brief) in notice["brief"].as_object_mut().unwrap() {
        for phone in brief["phones"].as_array_mut().into_iter().flatten() {
            phone.as_object_mut().unwrap().remove("open");
        }
    }
    document
}

/// The catalogue, with everybody there from morning to night on each day of the week, holidays included.
fn with_hours_on_each_day(exported: &str) -> String {
    let line = |line: &str| match line.strip_prefix("hours = ") {
        Some(hours) if hours != "\"24/7\"" => "hours = \"Mo-Su 08:00-18:00\"\n".to_owned(),
        _ => format!("{line}\n"),
    };
    exported.lines().map(line).collect()
}

/// The document with its notice changed so.
pub(super) fn changed(document: &Value, name: &str, changes: Value) -> Value {
    let mut document = document.clone();
    document["revision"] = json!(name);
    change(&mut document["notices"][0], changes);
    document
}

fn change(notice: &mut Value, changes: Value) {
    for (key, value) in changes.as_object().unwrap() {
        notice[key] = value.clone();
    }
}

/// Each state of a notice, by its name.
pub(super) fn states(document: &Value) -> Vec<(&'static str, Value)> {
    let one = |name, changes: Value| (name, changed(document, name, changes));
    let past = |name, kind: &str, stage: &str| {
        let ended = json!({"kind": kind, "stage": stage, "timing": "past", "ends_at": "2026-05-04T11:00:00+02:00", "end_certainty": "exact", "next_update_at": null});
        one(name, ended)
    };
    let maintenance = |stage: &str, timing: &str, starts: &str, ends: &str| {
        json!({"kind": "maintenance", "severity": "outage", "stage": stage, "timing": timing, "starts_at": starts, "ends_at": ends,
            "end_certainty": "exact", "next_update_at": null, "updates": []})
    };
    vec![
        one(
            "outage, investigating",
            json!({"stage": "investigating", "ends_at": null, "end_certainty": "unknown", "next_update_at": null, "entries": "unknown", "updates": []}),
        ),
        one("outage, identified", json!({})),
        one(
            "outage, monitoring",
            json!({"stage": "monitoring", "severity": "partial_outage", "entries": "not_saved"}),
        ),
        one("outage, degraded", json!({"severity": "degraded"})),
        one("outage, its end overdue", json!({"ends_at": "2026-05-04T11:45:00+02:00"})),
        one("outage, its news overdue", json!({"next_update_at": "2026-05-04T11:50:00+02:00"})),
        past("outage, resolved", "outage", "resolved"),
        past("outage, withdrawn", "outage", "withdrawn"),
        one(
            "maintenance, scheduled",
            maintenance("scheduled", "announced", NEXT_DAY, NEXT_EVENING),
        ),
        one("maintenance, in progress", maintenance("in_progress", "current", MORNING, EVENING)),
        one(
            "maintenance, overrunning",
            maintenance("overrunning", "current", MORNING, "2026-05-04T11:45:00+02:00"),
        ),
        past("maintenance, completed", "maintenance", "completed"),
        past("maintenance, cancelled", "maintenance", "cancelled"),
        one(
            "information, published",
            json!({"kind": "information", "severity": "information", "stage": "published", "ends_at": null, "next_update_at": null, "entries": "unknown", "updates": []}),
        ),
        (
            "a hint of the browser",
            changed(
                document,
                "a hint of the browser",
                json!({"timing": "seen", "stage": "investigating", "title": {"de": "Hier antwortet gerade etwas nicht"}, "ends_at": null, "updates": [], "affected": []}),
            ),
        ),
        ("several", several(document)),
    ]
}

/// The gravest first, then one of each kind.
pub(super) fn several(document: &Value) -> Value {
    let mut all = Vec::new();
    for (i, (_, other)) in [
        ("outage", changed(document, "", json!({}))),
        ("degraded", changed(document, "", json!({"severity": "degraded", "title": {"de": "Bezahlen dauert lange"}}))),
        (
            "announced",
            changed(
                document,
                "",
                json!({"kind": "maintenance", "stage": "scheduled", "timing": "announced", "starts_at": NEXT_DAY, "ends_at": NEXT_EVENING, "title": {"de": "Arbeiten am Wohngeld"}}),
            ),
        ),
        (
            "past",
            changed(
                document,
                "",
                json!({"stage": "resolved", "timing": "past", "ends_at": "2026-05-04T11:00:00+02:00", "title": {"de": "Sperrmüll: Bestellung gestört"}}),
            ),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let mut notice = other["notices"][0].clone();
        change(&mut notice, json!({"id": format!("2026-000{}", i + 1), "url": format!("/p/musterstadt/notices/2026-000{}", i + 1)}));
        let title = notice["title"]["de"].clone();
        for (_, brief) in notice["brief"].as_object_mut().unwrap() {
            brief["title"] = json!({"s": title, "lang": "de"});
        }
        all.push(notice);
    }
    let mut document = document.clone();
    document["revision"] = json!("several");
    document["notices"] = json!(all);
    document
}

/// Shows a document in the page as a preview does, and waits until it is there.
pub(super) async fn show(browser: &Browser, document: &Value) {
    let revision = &document["revision"];
    let script = format!("window.wanted = {document}; umleitung.preview(wanted); return 0");
    browser.until("window.umleitung").await;
    browser.run(&script).await;
    let titles: Vec<&str> = document["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| notice["title"]["de"].as_str().unwrap_or_default())
        .collect();
    let count = titles.len();
    browser
        .until(&format!("{ROOT}?.querySelectorAll('.frame .notice').length == {count}"))
        .await;
    assert_ne!(revision, &Value::Null);
}
