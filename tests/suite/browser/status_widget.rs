//! Statuspage's own widget on somebody's page, pointed at this server in the place of a status page.

use std::path::Path;

use super::{host::Plan, site::Site};
use crate::support::{browser::Browser, outage};

/// What the widget shows: its indicator by class, and its words.
const SHOWN: &str = "(() => { const root = document.querySelector('statuspage-widget')?.shadowRoot;
    const sign = root?.querySelector('.status-indicator');
    return sign && `${sign.className} | ${root.querySelector('.status-text').textContent.trim()}`; })()";

#[tokio::test]
async fn the_widget_of_statuspage_shows_how_the_portal_does() {
    let site = Site::start();
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/node_modules/@statuspage/status-widget/dist");
    assert!(package.join("index.js").exists(), "`cargo xtask setup` installs it");
    // The widget keeps what stands behind the question mark; here it keeps the browser from showing what it has seen a moment before.
    let page = |time: &str| {
        format!(
        "<!doctype html><html lang=\"de\"><title>Seite</title><link rel=\"icon\" href=\"data:,\"><script src=\"/widget/index.js\"></script>
         <statuspage-widget src=\"{}/?{time}\"></statuspage-widget></html>",
        site.origin()
    )
    };
    let browser = Browser::start().await;
    for (title, class, words) in [
        (None, "none", "All Systems Operational"),
        (Some("BundID: Anmeldung nicht möglich"), "critical", "Major Service Outage"),
    ] {
        if let Some(title) = title {
            site.publish(&outage("bundid", title)).await;
        }
        let host = Plan::new().page(&page(class)).folder("/widget/", &package).serve();
        browser.open(&host.origin).await;
        let shown = browser.until(SHOWN).await;
        let shown = shown.as_str().unwrap();
        assert_eq!(shown, format!("status-indicator {class} | {words}"));
    }
}
