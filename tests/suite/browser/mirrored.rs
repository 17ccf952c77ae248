//! The notice server is gone, and a web server has its files: people are told all the same, and all of it.

use super::{
    host::{Plan, closed_port},
    site::{ROOT, banner_says, widget_says},
};
use crate::support::{
    binary::{self, Process},
    browser::{Browser, Engine, in_each_engine},
    proxy::Proxy,
};

const TITLE: &str = "Wohngeld: Anträge kommen nicht an";

async fn a_mirror_alone_tells_the_whole_notice(engine: Engine) {
    let (data, mirror) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut server = Process::serve(data.path(), &["--demo"]);
    let token = binary::succeed(data.path(), &["token", "create", "ops", "--role", "publisher"]);
    let notice = serde_json::json!({
        "kind": "outage", "severity": "outage", "services": ["wohngeld"], "title": {"de": TITLE},
        "impact": {"de": "Gesendete Anträge gehen verloren."}, "publish": true,
    });
    let request = reqwest::Client::new().post(format!("{}/api/v1/notices", server.base));
    let made = request.bearer_auth(token.trim()).json(&notice).send().await.unwrap();
    assert!(made.status().is_success(), "{}", made.status());
    server.kill();
    binary::succeed(data.path(), &["mirror", mirror.path().to_str().unwrap()]);
    let nginx = Proxy::serving(mirror.path()).await;
    let tag = format!(
        "<script async data-open src=\"{0}/umleitung.js\" data-portal=\"musterstadt\" data-server=\"{1}\" data-mirrors=\"{0}\"></script>",
        nginx.base,
        closed_port(),
    );
    let host = Plan::new().tag(&tag).serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.until(&banner_says(TITLE)).await;
    browser.until(&widget_says("Gesendete Anträge gehen verloren.")).await;
    // The permanent page, to which the notice leads, is there as well.
    let link = format!("[...{ROOT}.querySelectorAll('a')].map((a) => a.href).find((href) => href.includes('/notices/'))");
    let address = browser.until(&link).await;
    browser.open(address.as_str().unwrap()).await;
    browser.until(&format!("document.body.innerText.includes('{TITLE}')")).await;
}

in_each_engine!(a_mirror_alone_tells_the_whole_notice);
