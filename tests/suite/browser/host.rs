//! A page of somebody else: served by the test itself on an origin of its own, with the style and the policy that a test wants.

use axum::{
    Router,
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    response::IntoResponse,
    routing::get,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A style as an ordinary site has one.
pub(super) const ORDINARY: &str = "body { margin: 0; padding: 1rem; font: 17px/1.6 serif; color: #222; background: #fffdf5 }
    p { margin: 0 0 1em } table { border-collapse: collapse } th, td { border: 1px solid #999; padding: .25rem }";

/// A style that unsets everything, everywhere.
pub(super) const HOSTILE: &str = "* { all: unset !important }
    umleitung-notice, umleitung-notice * { display: none; color: #fff; font-size: 1px; opacity: 0; position: absolute; left: -9999px }
    html, body { font: 1px/0 cursive; letter-spacing: 2em; text-transform: uppercase; text-align: right; color: #fff; direction: rtl; visibility: hidden }";

/// A style that lets the page jump in browsers that would otherwise anchor what is read.
pub(super) const UNANCHORED: &str = "* { overflow-anchor: none } p { margin: 0 0 1em }";

/// The site of somebody else.
pub(super) struct Host {
    pub(super) origin: String,
    serving: JoinHandle<()>,
}

impl Host {
    /// Serves the page with this style, this script tag (which may be empty) and this policy.
    pub(super) async fn serve(style: &'static str, tag: &str, policy: Option<&str>) -> Self {
        let page = include_str!("../../pages/host.html").replace("<!-- notice -->", tag);
        let policy = policy.map(str::to_owned);
        let index = move || {
            let mut response = ([(CONTENT_TYPE, "text/html; charset=utf-8")], page.clone()).into_response();
            if let Some(policy) = &policy {
                response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy.parse().unwrap());
            }
            async move { response }
        };
        let routes = Router::new()
            .route("/", get(index.clone()))
            .route("/{*path}", get(index))
            .route("/style.css", get(async move || ([(CONTENT_TYPE, "text/css")], style)))
            .route(
                "/page.js",
                get(async || ([(CONTENT_TYPE, "text/javascript")], include_str!("../../pages/host.js"))),
            );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { origin, serving }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The tag that a portal pastes, listening for events.
pub(super) fn tag(origin: &str) -> String {
    format!("<script async src=\"{origin}/p/musterstadt/umleitung.js\" data-live=\"sse\"></script>")
}
