//! Each page for the staff, with what opens on it: by the rules of axe in light, dark and forced colours, by keyboard, and as a screen reader meets it.

use serde_json::{Value, json};
use thirtyfour::Key;

use super::{
    super::site::{OPERATOR, Site},
    Colours, LOOK, look_in,
    tree::{expect_names, tree},
    wrong_for_staff,
};
use crate::support::{binary, browser::Browser, outage};

/// A page with what is tapped on it.
struct Sight {
    name: &'static str,
    /// Which of the three programs: nothing, `office` or `registry`.
    program: &'static str,
    place: String,
    /// What is tapped, one after the other.
    taps: &'static [&'static str],
    /// What is there when all is there.
    ready: &'static str,
}

impl Sight {
    async fn open(&self, site: &Site, browser: &Browser) {
        browser.open("about:blank").await;
        browser.open(&site.url(&format!("/admin/{}{}", self.program, self.place))).await;
        for tap in self.taps {
            browser.visible(tap).await;
            let center = format!(
                "document.querySelector({}).scrollIntoView({{ block: 'center' }}); return 0",
                json!(tap)
            );
            browser.run(&center).await;
            browser.click(tap).await;
        }
        browser.visible(self.ready).await;
        browser.until("!document.body.innerText.includes('Wird geladen')").await;
    }
}

const fn sight(name: &'static str, program: &'static str, place: String, taps: &'static [&'static str], ready: &'static str) -> Sight {
    Sight {
        name,
        program,
        place,
        taps,
        ready,
    }
}

/// The notices of the place: one that runs, one that is over, one that is announced, one that nobody sees yet.
struct Notices {
    running: String,
    over: String,
    planned: String,
    draft: String,
}

/// Lets there be something of everything.
async fn fill(site: &Site) -> Notices {
    let running = site.publish_template("bundid-outage").await;
    let told = json!({"text": {"de": "Wir suchen die Ursache."}});
    site.post(&format!("/api/v1/notices/{running}/updates"), &told).await;
    let over = site.publish(&outage("wohngeld", "Wohngeld war gestört")).await;
    site.resolve(&over).await;
    let window = |title: &str, service: &str, publish: bool| {
        json!({"kind": "maintenance", "severity": "outage", "services": [service], "portals": [], "title": {"de": title},
            "starts_at": "2096-03-06T21:00:00Z", "ends_at": "2096-03-06T23:00:00Z", "publish": publish})
    };
    let planned = site.publish(&window("Elterngeld wird gewartet", "elterngeld", true)).await;
    let draft = site.publish(&window("Hundesteuer wird gewartet", "hundesteuer", false)).await;
    let series = json!({
        "notice": {"kind": "maintenance", "severity": "outage", "services": ["bauantrag"], "title": {"de": "Bauantrag: Wartung"}},
        "recurrence": {
            "first": "2096-03-06", "rule": {"each": "week", "weekdays": ["tuesday"]},
            "times": {"starts": "22:00", "ends": "02:00", "days_later": 1}, "time_zone": "Europe/Berlin",
        },
        "announce_hours": 24,
    });
    site.post("/api/v1/series", &series).await;
    let freeze = json!({"name": "Jahresabschluss", "level": "reason", "services": ["hundesteuer"], "when": {"spans": [
        {"from": "2096-03-05T23:00:00Z", "to": "2096-03-08T23:00:00Z"},
    ]}});
    site.post("/api/v1/freezes", &freeze).await;
    Notices {
        running,
        over,
        planned,
        draft,
    }
}

/// A place in which there is something of everything, an administrator who is signed in, and every page.
async fn everything() -> (Site, Browser, Vec<Sight>) {
    let site = Site::start();
    site.add_operator();
    binary::succeed(site.folder(), &["user", "grant", OPERATOR, "--role", "admin"]);
    let notices = fill(&site).await;
    let browser = Browser::start().await;
    site.sign_in(&browser).await;
    let mut sights = of_the_desk(&notices);
    sights.extend(of_the_office(&notices));
    sights.extend(of_the_registry());
    (site, browser, sights)
}

fn of_the_desk(notices: &Notices) -> Vec<Sight> {
    let at = |name, place: &str, taps, ready| sight(name, "", place.to_owned(), taps, ready);
    let on = |name, id: &str, taps, ready| sight(name, "", format!("#/notice/{id}"), taps, ready);
    let Notices {
        running,
        over,
        planned,
        draft,
    } = notices;
    vec![
        at("overview", "#/", &[], "[data-test=services]"),
        at(
            "all clear",
            "#/",
            &["[data-test=now] [data-test=all-clear]"],
            "[data-test=step-all-clear]",
        ),
        at("report", "#/report/fundbuero", &[], "[data-test=publish]"),
        at("new outage", "#/new/outage", &[], "#publish"),
        at("new maintenance", "#/new/maintenance", &[], "#publish"),
        at("new information", "#/new/information", &[], "#publish"),
        at("template", "#/template/kfz-outage", &[], "#publish"),
        on("draft", draft, &[], "[data-test=facts]"),
        at("draft in the form", &format!("#/notice/{draft}/edit"), &[], "[data-test=obstacles]"),
        on("notice", running, &[], "[data-test=history]"),
        on("update", running, &["[data-test=add-update]"], "[data-test=step-add-update]"),
        on("extend", running, &["[data-test=extend]"], "[data-test=step-extend]"),
        on("resolve", running, &["[data-test=resolve]"], "[data-test=step-resolve]"),
        on("withdraw", running, &["[data-test=withdraw]"], "[data-test=withdraw-confirm]"),
        at("edit what is public", &format!("#/notice/{running}/edit"), &[], "#field-title-de"),
        on("reopen", over, &["[data-test=reopen]"], "[data-test=reopen-confirm]"),
        on("start early", planned, &["[data-test=start]"], "[data-test=start-confirm]"),
        on("call off", planned, &["[data-test=cancel]"], "[data-test=cancel-confirm]"),
        on("no such notice", "2001-0001", &[], "#heading"),
        at("nowhere", "#/nowhere", &[], "#heading"),
    ]
}

fn of_the_office(notices: &Notices) -> Vec<Sight> {
    let at = |name, place: &str, taps, ready| sight(name, "office", place.to_owned(), taps, ready);
    vec![
        at("planning", "#/planning", &[], "[data-test=series]"),
        at("month", "#/planning", &["[data-test=view-month]"], "[data-test=month]"),
        at(
            "repeat",
            &format!("#/notice/{}/repeat", notices.draft),
            &[],
            "[data-test=create-series]",
        ),
        at("new freeze", "#/planning", &["[data-test=freeze-new]"], "[data-test=step-freeze]"),
        at("lift a freeze", "#/planning", &["[data-test=freeze-lift]"], "[data-test=step-lift]"),
        at("reports", "#/reports", &[], "[data-test=reports]"),
        at("channels", "#/channels", &[], "[data-test=channels]"),
        at("approvals", "#/approvals", &[], "[data-test=nothing-waits]"),
    ]
}

fn of_the_registry() -> Vec<Sight> {
    let at = |name, place: &str, ready| sight(name, "registry", place.to_owned(), &[], ready);
    vec![
        at("people", "#/people", "[data-test=people]"),
        at("catalogue", "#/catalogue", "[data-test=exchange]"),
        at("portal", "#/catalogue/portal/musterstadt", "[data-test=part-save]"),
        at("service", "#/catalogue/service/kfz-zulassung", "[data-test=part-save]"),
        at("new service", "#/catalogue/service", "[data-test=part-save]"),
        at("channel", "#/catalogue/channel/behoerdennummer", "[data-test=part-save]"),
        at("new procedure", "#/catalogue/procedure", "[data-test=part-save]"),
        at(
            "template in the catalogue",
            "#/catalogue/template/bundid-outage",
            "[data-test=part-save]",
        ),
        at("record", "#/record", "[data-test=record]"),
        at("account", "#/account", "[data-test=second-factor]"),
    ]
}

#[tokio::test]
async fn every_page_for_the_staff_keeps_the_rules() {
    let (site, browser, sights) = everything().await;
    let mut wrong = Vec::new();
    for sight in &sights {
        browser.viewport(1280, 900).await;
        sight.open(&site, &browser).await;
        wrong.extend(wrong_for_staff(&browser, sight.name).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Marks all that Tab is to reach, and names it: of buttons for one choice the chosen one stands for all.
const MARK: &str = "
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    const isUsed = (element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]');
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(isUsed);
    const isOne = (element) => element.type != 'radio' || element.checked
        || !all.some((other) => other.type == 'radio' && other.name == element.name && (other.checked || other != element && all.indexOf(other) < all.indexOf(element)));
    const stops = all.filter(isOne);
    stops.forEach((element, at) => element.dataset.stop = at);
    return stops.map((element) => element.localName + '#' + element.id + ' ' + (element.dataset.test ?? '') + ' ' + element.textContent.trim().slice(0, 30))";

/// Puts the focus before all that there is.
const START: &str = "
    const start = document.createElement('i');
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
    start.remove();
    return 0";

/// Where the focus is, and whether it is to be seen: as an outline of its own, of what lies over it, or as the edge of what is drawn in it.
const FOCUSED: &str = "
    const { ring, onScreen, is } = look.focused();
    const at = document.activeElement;
    const over = getComputedStyle(at, '::after');
    const edge = at.querySelector('rect') && getComputedStyle(at.querySelector('rect'));
    const isSeen = !!(ring || over.outlineStyle == 'solid' && parseFloat(over.outlineWidth) >= 2 || edge && parseFloat(edge.strokeWidth) >= 2);
    return [at.dataset.stop ?? null, isSeen, onScreen, is, at == document.body]";

/// Goes through the page by Tab, from its top until the focus leaves it: what of it is not as it is to be. Every stop comes, in order, with a
/// focus that is seen.
async fn walk(browser: &Browser, name: &str) -> Vec<String> {
    let stops = browser.run(MARK).await;
    let stops: Vec<&str> = stops.as_array().unwrap().iter().map(|stop| stop.as_str().unwrap()).collect();
    assert!(stops.len() > 3, "{name}: nothing to use: {stops:?}");
    let press = async || {
        browser.session.action_chain().send_keys(Key::Tab).perform().await.unwrap();
        browser.run(&format!("{LOOK}; {FOCUSED}")).await
    };
    // A page that has just come puts the focus on its heading.
    let mut at = Value::Null;
    for _ in 0..20 {
        browser.run(START).await;
        at = press().await;
        if at[0] == "0" {
            break;
        }
    }
    let mut wrong = Vec::new();
    let mut reached: Vec<usize> = Vec::new();
    // A field for an instant has stops within it, for day, month and so on, whose focus the browser itself shows; and so has what is scrolled.
    for _ in 0..9 * stops.len() {
        if at[4] == true {
            break;
        }
        let [stop, ring, on_screen, is] = [0, 1, 2, 3].map(|part| at[part].clone());
        at = press().await;
        let Some(stop) = stop.as_str().map(|stop| stop.parse().unwrap()) else {
            continue;
        };
        if reached.last() == Some(&stop) {
            continue;
        }
        if (ring, on_screen) != (json!(true), json!(true)) {
            wrong.push(format!("{name}: the focus is not to be seen on {is} ({})", stops[stop]));
        }
        reached.push(stop);
    }
    let missed = (0..stops.len()).filter(|at| !reached.contains(at)).map(|at| stops[at]);
    wrong.extend(missed.map(|stop| format!("{name}: not reached by Tab: {stop}")));
    if !reached.is_sorted() {
        wrong.push(format!("{name}: not in the order of the page, or trapped: {reached:?}"));
    }
    wrong
}

#[tokio::test]
async fn tab_reaches_all_that_can_be_used_on_each_page_for_the_staff() {
    let (site, browser, sights) = everything().await;
    let mut wrong = Vec::new();
    for (at, sight) in sights.iter().enumerate() {
        // A phone with a keyboard too.
        let width = if at % 3 == 0 { 360 } else { 1280 };
        look_in(&browser, width, Colours::Light).await;
        sight.open(&site, &browser).await;
        // Where the page itself has put the focus amid it, because it had just come, it is gone through once more.
        if !walk(&browser, sight.name).await.is_empty() {
            wrong.extend(walk(&browser, sight.name).await);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What looks like something to press is something to press: nothing else listens.
    let painted = browser
        .run("return [...document.querySelectorAll('[role=button], [role=link], [onclick]')].filter((one) => !one.matches('a[href], button, summary')).length")
        .await;
    assert_eq!(painted, Value::from(0));
}

/// A tree in which nothing depends on the day: what tells an instant or how long something lasts says only that. Nor on where the focus is at this
/// moment, which comes after all else.
fn on_any_day(tree: &str) -> String {
    let line = |line: &str| {
        let line = &line.replace(" focused=true", "");
        // Only one that has the focus has a name.
        let line = line
            .split_once("paragraph \"")
            .map_or(line.clone(), |(depth, _)| format!("{depth}paragraph"));
        let is_of_time = [" Uhr", " Std", " Min.", "heute", "2096", " Zeichen", "\"AM\"", "\"PM\""]
            .iter()
            .any(|word| line.contains(word));
        match line.split_once('"') {
            Some((role, _)) if is_of_time => format!("{role}\"ZEIT\"\n"),
            _ => format!("{line}\n"),
        }
    };
    let lines: String = tree.lines().map(line).collect();
    // Numbers of notices, and years.
    lines.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

#[tokio::test]
async fn pages_for_the_staff_as_a_screen_reader_meets_them() {
    let (site, browser, sights) = everything().await;
    // Whatever the hour is, who has hours is not there.
    site.change_catalogue(|catalogue| {
        let shut = |line: &str| match line.starts_with("hours = ") && !line.contains("24/7") {
            true => "hours = \"2096 Jan 01 08:00-18:00\"\n".to_owned(),
            false => format!("{line}\n"),
        };
        catalogue.lines().map(shut).collect()
    });
    for (name, kept) in [
        ("all clear", "staff_all_clear"),
        ("report", "staff_report"),
        ("new outage", "staff_new_outage"),
        ("update", "staff_update"),
        ("planning", "staff_planning"),
        ("channels", "staff_channels"),
        ("people", "staff_people"),
        ("service", "staff_service"),
        ("account", "staff_account"),
    ] {
        let sight = sights.iter().find(|sight| sight.name == name).unwrap();
        look_in(&browser, 1280, Colours::Light).await;
        sight.open(&site, &browser).await;
        let tree = tree(&browser).await;
        expect_names(&tree);
        insta::assert_snapshot!(kept, on_any_day(&tree));
    }
}
