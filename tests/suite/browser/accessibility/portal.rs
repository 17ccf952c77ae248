//! A portal's page, as small as a whole page can be: with its own landmarks and headings, so that what is found is the notice's.

use axum::{Router, http::header::CONTENT_SECURITY_POLICY, response::Html, routing::get};
use tokio::{net::TcpListener, task::JoinHandle};

use super::super::site::Site;

/// Refuses to compile the widget, so that the banner stays.
pub(super) const WITHOUT_WIDGET: &str = "default-src 'none'; style-src 'self'; img-src data:; script-src NOTICES; connect-src NOTICES";

/// A page on an origin of its own.
pub(super) struct Portal {
    pub(super) origin: String,
    serving: JoinHandle<()>,
}

impl Portal {
    /// A page that shows all from the start, whose tag has these attributes, with this content before its form, under this policy (where
    /// `NOTICES` stands for the origin of the notices).
    pub(super) async fn serve(site: &Site, attributes: &str, content: &str, policy: Option<&str>) -> Self {
        Self::serve_banner(site, &format!("data-open {attributes}"), content, policy).await
    }

    /// The same with a banner.
    pub(super) async fn serve_banner(site: &Site, attributes: &str, content: &str, policy: Option<&str>) -> Self {
        let page = format!(
            "<!doctype html><html lang=\"de\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
             <title>Gemeinde Beispielhausen</title><link rel=\"icon\" href=\"data:,\">\
             <script async src=\"{}/p/musterstadt/umleitung.js\" {attributes}></script></head>\
             <body><header><p>Gemeinde Beispielhausen</p></header><main id=\"main\"><h1>Antrag</h1>{content}\
             <p><label for=\"name\">Ihr Name</label> <input id=\"name\" size=\"10\" autocomplete=\"name\" value=\"Marlene\"></p></main></body></html>",
            site.origin()
        );
        let policy = policy.unwrap_or("object-src 'none'").replace("NOTICES", site.origin());
        let answer = move || {
            let (page, policy) = (page.clone(), policy.clone());
            async move { ([(CONTENT_SECURITY_POLICY, policy)], Html(page)) }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().route("/", get(answer));
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { origin, serving }
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
