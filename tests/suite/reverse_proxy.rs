//! The web servers' files that the documentation offers, each run by the web server itself, between a portal's application and a real
//! notice server that both come and go.

use std::{os::unix::fs::PermissionsExt, time::Duration};

use reqwest::{Client, Method, Response, StatusCode, header};
use tempfile::TempDir;

use super::support::{
    binary::{self, Process},
    listener::{Listener, PATIENCE},
    notice, outage,
    proxy::{Kind, PAGE, Plan, Portal, Proxy, free_port, save_copy},
};

/// The first reader of an event is served within this; buffers would hold it for longer than any test waits.
const PROMPTLY: Duration = Duration::from_secs(10);

const TITLE: &str = "Wohngeld: Anträge kommen nicht an";
/// What a browser is ready for.
const PACKED: &str = "gzip, deflate, br";
const NOTICES: &str = "/umleitung/p/musterstadt";

/// A portal, the proxy in front of it, and the notice server.
struct Site {
    proxy: Proxy,
    portal: Portal,
    notices: Process,
    token: String,
    _data: TempDir,
    _copy: TempDir,
}

impl Site {
    /// All of it runs, nothing is published, and the copy has been taken.
    async fn start(kind: Kind) -> Self {
        let data = tempfile::tempdir().unwrap();
        let token = binary::succeed(data.path(), &["token", "create", "test", "--role", "publisher"])
            .trim()
            .to_owned();
        let port = free_port();
        let public = format!("http://127.0.0.1:{port}/umleitung");
        let notices = Process::serve(data.path(), &["--demo", "--public-url", &public]);
        let copy = copy_folder();
        assert!(save_copy(&format!("{}/p/musterstadt/503.html", notices.base), copy.path()));
        let portal = Portal::start();
        let proxy = Proxy::start(&Plan {
            kind,
            port,
            portal: &portal,
            notices: &notices.base,
            copy: copy.path(),
        })
        .await;
        Self {
            proxy,
            portal,
            notices,
            token,
            _data: data,
            _copy: copy,
        }
    }

    /// Publishes an outage at the notice server, not by way of the proxy.
    async fn publish(&self) {
        let request = Client::new()
            .post(format!("{}/api/v1/notices", self.notices.base))
            .bearer_auth(&self.token)
            .json(&outage("wohngeld", TITLE));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::CREATED, "{}", response.text().await.unwrap());
    }

    async fn get(&self, path: &str) -> Response {
        self.proxy.request(Method::GET, path).send().await.unwrap()
    }

    /// Asks the portal for a page until what comes in its place is as fresh as this, since a proxy may have to notice first. Whatever
    /// comes meanwhile has to be that page, too.
    async fn in_its_place(&self, method: &Method, fresh: bool) {
        let asking = async {
            loop {
                let response = self.proxy.send(method, "/antrag").await;
                let headers = response.headers().clone();
                assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{headers:?}");
                let retry = headers
                    .get(header::RETRY_AFTER)
                    .and_then(|value| value.to_str().ok()?.parse::<u32>().ok());
                assert!(retry.is_some_and(|seconds| (60..=3_600).contains(&seconds)), "{headers:?}");
                let kind = headers[header::CONTENT_TYPE].to_str().unwrap().replace(' ', "").to_lowercase();
                assert_eq!(kind, "text/html;charset=utf-8");
                let page = response.text().await.unwrap();
                assert!(
                    page.contains("/umleitung/p/musterstadt/") && page.trim_end().ends_with("</html>"),
                    "{page}"
                );
                assert!(!page.contains(PAGE), "{page}");
                if page.contains(TITLE) == fresh {
                    break;
                }
                assert!(fresh, "the copy is from before the notice: {page}");
            }
        };
        tokio::time::timeout(PATIENCE, asking)
            .await
            .expect("the page never told what is known by now");
    }

    async fn page_passes(&self) {
        let asking = async {
            loop {
                let response = self.get("/antrag").await;
                let status = response.status();
                let page = response.text().await.unwrap();
                if status == StatusCode::OK {
                    assert!(page.contains(PAGE), "{page}");
                    break;
                }
                assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{page}");
            }
        };
        tokio::time::timeout(PATIENCE, asking)
            .await
            .expect("the portal's page never came through");
    }
}

fn copy_folder() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    std::fs::set_permissions(copy.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    copy
}

/// Pages and notices come from one origin; documents keep their fingerprint and their encoding, and events arrive at once.
async fn everything_passes(kind: Kind) {
    let site = Site::start(kind).await;
    let response = site.get("/antrag?schritt=2").await;
    assert_eq!(response.status(), StatusCode::OK);
    let page = response.text().await.unwrap();
    assert!(page.contains(PAGE) && page.contains("GET /antrag?schritt=2"), "{page}");
    assert!(
        page.contains(&format!("host: {}", site.proxy.base.replace("http://", ""))),
        "{page}"
    );
    assert!(page.contains("session=portal-secret"), "the portal gets its own cookies: {page}");

    let request = site.proxy.request(Method::GET, &format!("{NOTICES}/state.json"));
    let state = request.header(header::ACCEPT_ENCODING, PACKED).send().await.unwrap();
    assert_eq!(
        (state.status(), &state.headers()[header::CONTENT_ENCODING]),
        (StatusCode::OK, &"br".parse().unwrap())
    );
    assert!(state.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("stale-if-error"));
    let etag = state.headers()[header::ETAG].clone();
    let request = site.proxy.request(Method::GET, &format!("{NOTICES}/state.json"));
    let known = request.header(header::IF_NONE_MATCH, &etag).send().await.unwrap();
    assert_eq!((known.status(), &known.headers()[header::ETAG]), (StatusCode::NOT_MODIFIED, &etag));

    // Whoever takes no brotli may get what the proxy has compressed itself, under a fingerprint that says so.
    for path in ["state.json", "umleitung.js", "worker.js", "fallback.html", ""] {
        let ask = || {
            site.proxy
                .request(Method::GET, &format!("{NOTICES}/{path}"))
                .header(header::ACCEPT_ENCODING, "gzip")
        };
        let etag = ask().send().await.unwrap().headers()[header::ETAG].clone();
        let known = ask().header(header::IF_NONE_MATCH, &etag).send().await.unwrap();
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED, "{path}: {etag:?} is not known again");
    }

    // The loader and what it fetches are below the same path.
    let request = site.proxy.request(Method::GET, &format!("{NOTICES}/umleitung.js"));
    let loader = request.send().await.unwrap().text().await.unwrap();
    let (_, files) = loader.split_once("/assets/").expect("the loader knows where its files are");
    let fingerprint: String = files.chars().take_while(char::is_ascii_alphanumeric).collect();
    for (file, of) in [
        ("widget.js", "text/javascript"),
        ("widget_bg.wasm", "application/wasm"),
        ("messages/de.json", "application/json"),
    ] {
        let response = site.get(&format!("/umleitung/assets/{fingerprint}/{file}")).await;
        assert_eq!(response.status(), StatusCode::OK, "{file}");
        assert!(response.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with(of), "{file}");
    }
    let status_page = site.get(&format!("{NOTICES}/")).await;
    assert_eq!(status_page.status(), StatusCode::OK);

    for staff in [
        "/umleitung/admin/",
        "/umleitung/admin",
        "/umleitung/api/v1/notices",
        "/umleitung/demo/",
    ] {
        let status = site.get(staff).await.status();
        assert!(
            [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&status),
            "{staff} answered {status}"
        );
    }

    let mut events = Listener::new(site.get(&format!("{NOTICES}/events")).await);
    let first = tokio::time::timeout(PROMPTLY, events.next())
        .await
        .expect("the first event is held back");
    assert_eq!(notice(&first.unwrap(), TITLE), None);
    site.publish().await;
    let told = events.until(|state| notice(state, TITLE).is_some());
    tokio::time::timeout(PROMPTLY, told).await.expect("the event is held back");
}

/// Whether what stands in is asked for at that moment when the application itself answers with trouble. HAProxy cannot.
fn trouble_is_told_live(kind: Kind) -> bool {
    kind != Kind::Haproxy
}

/// Whether it is also when a form was being sent. The others would pass the form on, so there the copy comes.
fn forms_are_told_live(kind: Kind) -> bool {
    kind == Kind::Nginx
}

/// Whatever is wrong, people read our page; when it is over, they have their portal again.
async fn a_portal_that_is_down(kind: Kind) {
    let mut site = Site::start(kind).await;
    site.page_passes().await;
    site.publish().await;

    for status in [502, 503, 504] {
        site.portal.answer_with(status);
        site.in_its_place(&Method::GET, trouble_is_told_live(kind)).await;
    }
    // Any other answer is the application's own.
    for status in [200, 404, 500] {
        site.portal.answer_with(status);
        let response = site.get("/antrag").await;
        assert_eq!(response.status().as_u16(), status);
        assert!(response.text().await.unwrap().contains(PAGE), "{status}");
    }
    site.portal.answer_with(200);

    site.portal.stop().await;
    site.in_its_place(&Method::GET, true).await;
    // A form that was just being sent.
    site.in_its_place(&Method::POST, forms_are_told_live(kind)).await;

    site.portal.run();
    site.page_passes().await;

    site.portal.stop().await;
    site.in_its_place(&Method::GET, true).await;
    site.notices.kill();
    site.in_its_place(&Method::GET, false).await;
    site.in_its_place(&Method::POST, false).await;

    site.portal.run();
    site.page_passes().await;
    site.portal.answer_with(502);
    site.in_its_place(&Method::GET, false).await;
}

/// Without JavaScript, the page holds the notice; without a notice server, it is whole all the same.
async fn notices_inside_the_page(kind: Kind) {
    let mut site = Site::start(kind).await;
    let page = |response: Response| async {
        assert_eq!(response.status(), StatusCode::OK);
        let page = response.text().await.unwrap();
        assert!(
            page.starts_with("<!DOCTYPE html><html><body>") && page.trim_end().ends_with("</html>"),
            "{page}"
        );
        assert!(page.contains(PAGE), "{page}");
        page
    };
    let quiet = page(site.get("/antrag").await).await;
    assert!(!quiet.contains("umleitung-notice") && !quiet.contains("#include"), "{quiet}");

    site.publish().await;
    for method in [Method::GET, Method::POST] {
        let request = site.proxy.request(method, "/antrag").header(header::ACCEPT_ENCODING, PACKED);
        let told = page(request.send().await.unwrap()).await;
        let (before, _) = told.split_once(PAGE).unwrap();
        assert!(
            before.contains("<template shadowrootmode=\"open\">") && before.contains(TITLE),
            "{told}"
        );
    }

    site.notices.kill();
    let alone = page(site.get("/antrag").await).await;
    let (before, _) = alone.split_once(PAGE).unwrap();
    let before = before.replace("<!-- -->", "");
    assert_eq!(before, "<!DOCTYPE html><html><body>", "nothing stands where the notice would");
}

/// What people send to their portal stays there. In the notice server's place stands one that tells what it got.
async fn cookies_stay_with_the_portal(kind: Kind) {
    let copy = copy_folder();
    for name in ["503.html", "503.http"] {
        std::fs::write(
            copy.path().join(name),
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
        )
        .unwrap();
    }
    let listening = Portal::start();
    let mut portal = Portal::start();
    let proxy = Proxy::start(&Plan {
        kind,
        port: free_port(),
        portal: &portal,
        notices: &format!("http://127.0.0.1:{}", listening.port),
        copy: copy.path(),
    })
    .await;
    portal.stop().await;
    for path in ["/umleitung/p/musterstadt/state.json", "/antrag"] {
        let live = path != "/antrag" || forms_are_told_live(kind);
        let method = if live { Method::POST } else { Method::GET };
        let asking = async {
            loop {
                let response = proxy.send(&method, path).await;
                let told = response.text().await.unwrap();
                // The proxy may have to notice first that the portal is down.
                if told.contains(" /p/musterstadt/") {
                    break told;
                }
            }
        };
        let told = tokio::time::timeout(PATIENCE, asking)
            .await
            .expect("it never asked the notice server");
        assert!(!told.contains("portal-secret") && !told.contains("authorization"), "{told}");
        if path == "/antrag" && method == Method::POST {
            assert!(
                told.contains("GET /p/musterstadt/503.html") && !told.contains("content-length"),
                "{told}"
            );
        }
    }
}

/// A copy is replaced by nothing but the page itself.
#[tokio::test]
async fn the_copy_stays_when_something_else_is_answered() {
    let copy = copy_folder();
    let read = || std::fs::read_to_string(copy.path().join("503.html")).unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut notices = Process::serve(data.path(), &["--demo"]);
    let page = format!("{}/p/musterstadt/503.html", notices.base);
    assert!(save_copy(&page, copy.path()));
    let kept = read();
    assert!(kept.contains("/p/musterstadt/"), "{kept}");
    assert!(std::fs::read_to_string(copy.path().join("503.http")).unwrap().ends_with(&kept));

    // Another portal's page that there is not, somebody else's 503, nobody at all.
    assert!(!save_copy(&page.replace("musterstadt", "atlantis"), copy.path()));
    let other = Portal::start();
    other.answer_with(503);
    assert!(!save_copy(
        &format!("http://127.0.0.1:{}/anderswo/503.html", other.port),
        copy.path()
    ));
    notices.kill();
    assert!(!save_copy(&page, copy.path()));
    assert_eq!(read(), kept);
    let left: Vec<_> = std::fs::read_dir(copy.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[tokio::test]
async fn nginx_passes_everything() {
    everything_passes(Kind::Nginx).await;
}

#[tokio::test]
async fn nginx_stands_in_for_a_portal_that_is_down() {
    a_portal_that_is_down(Kind::Nginx).await;
}

#[tokio::test]
async fn nginx_puts_notices_into_the_page() {
    notices_inside_the_page(Kind::Nginx).await;
}

#[tokio::test]
async fn nginx_keeps_cookies_with_the_portal() {
    cookies_stay_with_the_portal(Kind::Nginx).await;
}

#[tokio::test]
async fn apache_passes_everything() {
    everything_passes(Kind::Apache).await;
}

#[tokio::test]
async fn apache_stands_in_for_a_portal_that_is_down() {
    a_portal_that_is_down(Kind::Apache).await;
}

#[tokio::test]
async fn apache_puts_notices_into_the_page() {
    notices_inside_the_page(Kind::Apache).await;
}

#[tokio::test]
async fn apache_keeps_cookies_with_the_portal() {
    cookies_stay_with_the_portal(Kind::Apache).await;
}

#[tokio::test]
async fn haproxy_passes_everything() {
    everything_passes(Kind::Haproxy).await;
}

#[tokio::test]
async fn haproxy_stands_in_for_a_portal_that_is_down() {
    a_portal_that_is_down(Kind::Haproxy).await;
}

#[tokio::test]
async fn haproxy_keeps_cookies_with_the_portal() {
    cookies_stay_with_the_portal(Kind::Haproxy).await;
}

#[tokio::test]
async fn caddy_passes_everything() {
    everything_passes(Kind::Caddy).await;
}

#[tokio::test]
async fn caddy_stands_in_for_a_portal_that_is_down() {
    a_portal_that_is_down(Kind::Caddy).await;
}

#[tokio::test]
async fn caddy_keeps_cookies_with_the_portal() {
    cookies_stay_with_the_portal(Kind::Caddy).await;
}
