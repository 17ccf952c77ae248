//! The pictures of the handbook: what somebody sees who follows it on a phone. They are taken anew by each run, into `target/pictures/`; with
//! `UMLEITUNG_PICTURES` set, into `docs/pictures/`, where the handbook shows them. The pictures there are those that are taken here, no more and
//! no fewer, and as large.

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use jiff::SignedDuration;
use serde_json::json;
use store::clock::{Clock, SystemClock};

use super::site::{Site, banner_says};
use crate::support::browser::Browser;

/// A phone, in CSS pixels.
const SIZE: (u32, u32) = (390, 780);

fn documents() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs"))
}

/// Takes pictures, and knows their names.
struct Album<'a> {
    browser: &'a Browser,
    folder: PathBuf,
    taken: BTreeSet<String>,
}

impl<'a> Album<'a> {
    fn new(browser: &'a Browser) -> Self {
        let folder = match env::var_os("UMLEITUNG_PICTURES") {
            Some(_) => documents().join("pictures"),
            None => documents().join("../target/pictures"),
        };
        fs::create_dir_all(&folder).unwrap();
        Self {
            browser,
            folder,
            taken: BTreeSet::new(),
        }
    }

    /// Of what stands in the window, with this element below its header.
    async fn take(&mut self, name: &str, element: &str) {
        self.browser.visible(element).await;
        let bring = format!(
            "const top = document.querySelector({}).getBoundingClientRect().top + scrollY; \
             const header = document.querySelector('header')?.getBoundingClientRect(); \
             scrollTo({{ top: top - (header && header.bottom < innerHeight / 2 ? header.height : 0) - 16, behavior: 'instant' }}); return 0",
            json!(element)
        );
        self.browser.run(&bring).await;
        let picture = self.browser.window().await;
        fs::write(self.folder.join(format!("{name}.png")), picture).unwrap();
        self.taken.insert(name.to_owned());
    }
}

/// Width and height, as a PNG's first chunk has them.
fn size(picture: &[u8]) -> (u32, u32) {
    assert!(picture.starts_with(b"\x89PNG"));
    let number = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

/// The pictures to which a text points.
fn shown(text: &str) -> BTreeSet<String> {
    let names = text.split("(pictures/").skip(1);
    names.map(|rest| rest.split_once(".png)").unwrap().0.to_owned()).collect()
}

#[tokio::test]
async fn the_pictures_of_the_handbook_are_those_that_somebody_sees_who_follows_it() {
    let site = Site::start();
    site.add_operator();
    let browser = Browser::start().await;
    let mut album = Album::new(&browser);
    browser.viewport(SIZE.0, SIZE.1).await;
    site.sign_in(&browser).await;

    // An outage, from the first tap to the all-clear.
    album.take("situation", "[data-test=situation]").await;
    album.take("templates", "#ways-heading").await;
    browser.click("[data-test=template-bundid-outage]").await;
    album.take("reach", "[data-test=sheet]").await;
    let id = site.publish_template("bundid-outage").await;
    browser.open(&site.url("/demo/")).await;
    browser.until(&banner_says("BundID")).await;
    album.take("banner", "body").await;
    browser.open(&site.url("/admin/")).await;
    browser.click(&format!("[data-test=notice-{id}]")).await;
    browser.click("[data-test=add-update]").await;
    album.take("update", "[data-test=step-add-update]").await;
    browser.open(&site.url("/admin/")).await;
    browser.click("[data-test=now] [data-test=all-clear]").await;
    album.take("all-clear", "[data-test=now] .card").await;
    site.resolve(&id).await;

    // Planned work that cannot be undone for long.
    let now = SystemClock.now();
    let at = |minutes: i64| now.checked_add(SignedDuration::from_mins(minutes)).unwrap().to_string();
    site.publish(
        &json!({"kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "portals": [],
        "title": {"de": "Wohngeld: Umstellung"}, "starts_at": at(-90), "ends_at": at(40), "rollback_minutes": 45, "publish": true}),
    )
    .await;
    browser.open(&site.url("/admin/")).await;
    browser
        .until("document.querySelector('[data-test=now]')?.innerText.includes('Weitermachen oder zurückrollen?')")
        .await;
    album.take("turning", "[data-test=now] .card").await;

    let handbook = fs::read_to_string(documents().join("handbook.md")).unwrap();
    assert_eq!(shown(&handbook), album.taken, "the handbook shows what is taken");
    let kept: BTreeSet<String> = fs::read_dir(documents().join("pictures"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(kept, album.taken, "take them anew with UMLEITUNG_PICTURES=1");
    for name in album.taken {
        let picture = fs::read(documents().join(format!("pictures/{name}.png"))).unwrap();
        assert_eq!(size(&picture), SIZE, "{name}: take it anew with UMLEITUNG_PICTURES=1");
    }
}
