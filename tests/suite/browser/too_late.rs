//! Acceptance: shortly before planned work the pages of a service say that the time is too short, and a portal can keep its start button shut.

use serde_json::json;

use super::{
    host::Plan,
    site::{banner_says, widget_says},
};
use crate::support::{browser::Browser, server::TestServer};

/// As `docs/embedding.md` has it.
const START: &str = "<button id=\"start\">Antrag beginnen</button><script>
addEventListener('umleitung:change', ({ detail: { services, notices } }) => {
  const mine = ({ id }) => id === 'wohngeld';
  const late = notices.some(({ affected }) => affected.some((one) => mine(one) && one.too_late));
  const down = services.some((one) => mine(one) && ['outage', 'maintenance'].includes(one.status));
  document.querySelector('#start').disabled = late || down;
});
</script>";

/// Forty minutes are usual for it, says the demo's catalogue.
const SENTENCE: &str = "Dafür brauchen Sie etwa 40 Minuten; die Zeit reicht wahrscheinlich nicht mehr.";

#[tokio::test]
async fn whoever_begins_too_late_is_told_and_the_start_button_is_shut() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let work = json!({
        "kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "title": {"de": "Wohngeld: Wartung"},
        "impact": {"de": "Es geht kein Antrag."}, "guidance": {"de": "Rufen Sie an."},
        "starts_at": "2026-05-04T10:00:00Z", "ends_at": "2026-05-04T12:00:00Z", "publish": true,
    });
    server.post("/api/v1/notices", &work).await;
    let browser = Browser::start_where(crate::support::browser::Engine::Chromium, "Europe/Berlin").await;
    let look = async |at: &str, services: &str| {
        server.clock.set(at);
        // A browser may keep a loader for some seconds; another query is another one to it.
        let script = format!(
            "{START}<script async src=\"{}\" data-service=\"{services}\"></script>",
            server.url(&format!("/p/musterstadt/umleitung.js?{at}"))
        );
        let page = format!(
            "<!doctype html><html lang=\"de\"><head><title>Antrag</title><link rel=\"icon\" href=\"data:,\"></head><body>{script}</body></html>"
        );
        let host = Plan::new().page(&page).serve();
        browser.open(&format!("{}/page", host.origin)).await;
        browser.until("window.umleitung?.current").await;
        browser
            .run("return [document.querySelector('#start').disabled, umleitung.current.notices.flatMap(({ affected }) => affected).map(({ usual_minutes }) => usual_minutes)]")
            .await
    };
    // Fifty minutes before it begins; a second earlier the banner stands there, and says what does not work then.
    assert_eq!(look("2026-05-04T09:09:59Z", "wohngeld").await, json!([false, [40]]));
    browser.until(&banner_says("Ab Montag, 12:00 Uhr nicht möglich")).await;
    browser.until(&banner_says("Es geht kein Antrag.")).await;
    assert_eq!(look("2026-05-04T09:10:00Z", "wohngeld").await, json!([true, [40]]));
    browser.until(&banner_says(SENTENCE)).await;
    browser.until(&banner_says("Ab Montag, 12:00 Uhr nicht möglich")).await;
    browser.until(&widget_says("Rufen Sie an.")).await;
    // Once it has begun nobody has to be told that it will; the button stays shut.
    assert_eq!(look("2026-05-04T10:00:00Z", "wohngeld").await, json!([true, [40]]));
    browser.until(&banner_says("Es geht kein Antrag.")).await;
    // The pages of other services have nothing to do with it.
    assert_eq!(look("2026-05-04T09:30:00Z", "sperrmuell").await, json!([false, []]));
}
