//! The site of somebody else: served by the test itself on an origin of its own, with the pages, files, headers and failures that a test
//! wants.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{
        HeaderName, HeaderValue, Response, StatusCode,
        header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
};
use tokio::{net::TcpListener, runtime::Runtime, sync::watch};

use crate::support::browser::PATIENCE;

/// A style as an ordinary site has one.
pub(super) const ORDINARY: &str = "body { margin: 0; padding: 1rem; font: 17px/1.6 serif; color: #222; background: #fffdf5 }
    p { margin: 0 0 1em } table { border-collapse: collapse } th, td { border: 1px solid #999; padding: .25rem }";

/// A style that unsets everything, everywhere.
pub(super) const HOSTILE: &str = "* { all: unset !important }
    umleitung-notice, umleitung-notice * { display: none; color: #fff; font-size: 1px; opacity: 0; position: absolute; left: -9999px }
    html, body { font: 1px/0 cursive; letter-spacing: 2em; text-transform: uppercase; text-align: right; color: #fff; direction: rtl; visibility: hidden }";

/// A first script that notes what goes wrong on the page, in `wrong`.
pub(super) const ERRORS: &str = "
    window.wrong = [];
    addEventListener('error', ({ message }) => wrong.push(message));
    addEventListener('unhandledrejection', ({ reason }) => wrong.push(String(reason)));";

/// A style that lets the page jump in browsers that would otherwise anchor what is read.
pub(super) const UNANCHORED: &str = "* { overflow-anchor: none } p { margin: 0 0 1em }";

/// All paths that have no answer of their own.
pub(super) const EVERYTHING: &str = "*";

const HTML: &str = "text/html; charset=utf-8";
/// The content type of scripts.
pub(super) const SCRIPT: &str = "text/javascript";
/// Where the test's own first script is.
const FIRST: &str = "/first.js";
/// Under this address a page is shown in a frame: `/framed/320/the/page`.
const FRAMED: &str = "/framed/";

/// What a path is answered with.
struct Answer {
    status: StatusCode,
    kind: &'static str,
    body: Vec<u8>,
    /// Whether pages of any origin may read it.
    to_anyone: bool,
}

/// What the site consists of, before it is served.
pub(super) struct Plan {
    page: String,
    tag: String,
    policy: Option<String>,
    quirks: bool,
    first: Option<String>,
    answers: HashMap<String, Answer>,
    headers: Vec<(String, HeaderName, HeaderValue)>,
    folders: Vec<(String, PathBuf)>,
}

impl Plan {
    /// The page of a municipality, in an ordinary style, without anything of ours.
    pub(super) fn new() -> Self {
        let plan = Self {
            page: include_str!("../../pages/host.html").to_owned(),
            tag: String::new(),
            policy: None,
            quirks: false,
            first: None,
            answers: HashMap::new(),
            headers: Vec::new(),
            folders: Vec::new(),
        };
        plan.style(ORDINARY).file("/page.js", SCRIPT, include_str!("../../pages/host.js"))
    }

    /// The style sheet of the page.
    pub(super) fn style(self, style: &str) -> Self {
        self.file("/style.css", "text/css", style)
    }

    /// Other markup for all pages; `<!-- notice -->` is where the tag goes.
    pub(super) fn page(mut self, page: &str) -> Self {
        page.clone_into(&mut self.page);
        self
    }

    /// The markup that the site pastes.
    pub(super) fn tag(mut self, tag: &str) -> Self {
        tag.clone_into(&mut self.tag);
        self
    }

    /// The content security policy of all pages.
    pub(super) fn policy(mut self, policy: &str) -> Self {
        self.policy = Some(policy.to_owned());
        self
    }

    /// Without a doctype: the browser lays the page out as in the last century.
    pub(super) fn quirks(mut self) -> Self {
        self.quirks = true;
        self
    }

    /// A script of the test that runs before all others of the page: a file of the site, so that strict policies allow it; where a policy
    /// asks for a nonce, it has it.
    pub(super) fn first_script(mut self, script: &str) -> Self {
        self.first.get_or_insert_default().push_str(script);
        self
    }

    /// A file, for instance a service worker, or a page that is sent as it is here.
    pub(super) fn file(mut self, path: &str, kind: &'static str, content: &str) -> Self {
        let body = content.into();
        let status = StatusCode::OK;
        let answer = Answer {
            status,
            kind,
            body,
            to_anyone: false,
        };
        self.answers.insert(path.to_owned(), answer);
        self
    }

    /// A path that sends elsewhere.
    pub(super) fn redirect(mut self, path: &str, to: &str) -> Self {
        let answer = Answer {
            status: StatusCode::FOUND,
            kind: HTML,
            body: Vec::new(),
            to_anyone: false,
        };
        self.answers.insert(path.to_owned(), answer);
        self.header(path, "location", to)
    }

    /// A header for what this path answers; one that ends with a star stands for all that begin so.
    pub(super) fn header(mut self, path: &str, name: &str, value: &str) -> Self {
        self.headers.push((path.to_owned(), name.parse().unwrap(), value.parse().unwrap()));
        self
    }

    /// The files of a folder as they are when they are asked for, below this path.
    pub(super) fn folder(mut self, path: &str, folder: &Path) -> Self {
        self.folders.push((path.to_owned(), folder.to_owned()));
        self
    }

    /// The page as it is sent.
    fn written(&self) -> String {
        let mut page = self.page.replace("<!-- notice -->", &self.tag);
        if self.first.is_some() {
            let nonce = self
                .policy
                .as_deref()
                .and_then(|policy| policy.split("'nonce-").nth(1)?.split('\'').next());
            let nonce = nonce.map(|nonce| format!(" nonce=\"{nonce}\"")).unwrap_or_default();
            let script = format!("<script{nonce} src=\"{FIRST}\"></script>");
            if page.contains("<head>") {
                page = page.replacen("<head>", &format!("<head>{script}"), 1);
            } else {
                page.insert_str(page.find("<!doctype html>").map_or(0, |at| at + "<!doctype html>".len()), &script);
            }
        }
        if self.quirks {
            page = page.replace("<!doctype html>", "");
        }
        page
    }

    /// Serves it on a free port.
    pub(super) fn serve(mut self) -> Host {
        let page = self.written();
        if let Some(first) = self.first.take() {
            self = self.file(FIRST, SCRIPT, &first);
        }
        let served = Arc::new(Served {
            page,
            policy: self.policy.map(|policy| policy.parse().unwrap()),
            headers: self.headers,
            answers: Mutex::new(self.answers),
            folders: self.folders,
            held: watch::Sender::default(),
            requests: Mutex::new(HashMap::new()),
        });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut host = Host {
            origin: format!("http://127.0.0.1:{port}"),
            port,
            served,
            serving: None,
        };
        host.listen(listener);
        host
    }
}

/// What is served, now.
struct Served {
    page: String,
    policy: Option<HeaderValue>,
    headers: Vec<(String, HeaderName, HeaderValue)>,
    answers: Mutex<HashMap<String, Answer>>,
    folders: Vec<(String, PathBuf)>,
    /// Ends of paths that are not answered for now.
    held: watch::Sender<HashSet<String>>,
    requests: Mutex<HashMap<String, usize>>,
}

impl Served {
    fn file(&self, path: &str) -> Option<Response<Body>> {
        let (start, folder) = self.folders.iter().find(|(start, _)| path.starts_with(start))?;
        let file = folder.join(&path[start.len()..]);
        let kind = match file.extension()?.to_str()? {
            "js" => SCRIPT,
            "json" => "application/json",
            "wasm" => "application/wasm",
            _ => "application/octet-stream",
        };
        Some(respond(StatusCode::OK, kind, std::fs::read(file).ok()?))
    }

    /// Waits until this path may be answered.
    async fn released(&self, path: &str) {
        let mut held = self.held.subscribe();
        // It is let go of only with the site itself.
        let _ = held.wait_for(|held| !held.iter().any(|end| path.ends_with(end))).await;
    }

    fn answer(&self, path: &str) -> Response<Body> {
        *self.requests.lock().unwrap().entry(path.to_owned()).or_default() += 1;
        if let Some((width, page)) = path.strip_prefix(FRAMED).and_then(|rest| rest.split_once('/')) {
            let frame = format!(
                "<!doctype html><html lang=\"de\"><title>Rahmen</title><link rel=\"icon\" href=\"data:,\">
                <iframe src=\"/{page}\" title=\"Seite\" style=\"width: {width}px; height: 800px; border: 0\"></iframe>"
            );
            return respond(StatusCode::OK, HTML, frame);
        }
        let mut response = {
            let answers = self.answers.lock().unwrap();
            let file = || self.file(path);
            match answers.get(path) {
                Some(answer) => answer.respond(),
                None => file().unwrap_or_else(|| match answers.get(EVERYTHING) {
                    Some(answer) => answer.respond(),
                    None => respond(StatusCode::OK, HTML, self.page.clone()),
                }),
            }
        };
        let headers = response.headers_mut();
        if let Some(policy) = &self.policy
            && headers[CONTENT_TYPE] == HTML
        {
            headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
        }
        for (place, name, value) in &self.headers {
            if place.strip_suffix('*').map_or(place == path, |start| path.starts_with(start)) {
                headers.append(name, value.clone());
            }
        }
        response
    }
}

impl Answer {
    fn respond(&self) -> Response<Body> {
        let mut response = respond(self.status, self.kind, self.body.clone());
        if self.to_anyone {
            response
                .headers_mut()
                .insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        response
    }
}

fn respond(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response<Body> {
    Response::builder()
        .status(status)
        .header(CONTENT_TYPE, kind)
        .header(CACHE_CONTROL, "no-cache")
        .body(body.into())
        .unwrap()
}

/// The site of somebody else. It has threads of its own, so that it can be stopped at once, open connections included.
pub(super) struct Host {
    pub(super) origin: String,
    port: u16,
    served: Arc<Served>,
    serving: Option<Runtime>,
}

impl Host {
    /// Serves the page with this style, this script tag (which may be empty) and this policy.
    pub(super) async fn serve(style: &str, tag: &str, policy: Option<&str>) -> Self {
        let plan = Plan::new().style(style).tag(tag);
        match policy {
            Some(policy) => plan.policy(policy).serve(),
            None => plan.serve(),
        }
    }

    fn listen(&mut self, listener: std::net::TcpListener) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let served = Arc::clone(&self.served);
        let routes = Router::new().fallback(async move |request: Request| {
            let path = request.uri().path();
            served.released(path).await;
            served.answer(path)
        });
        listener.set_nonblocking(true).unwrap();
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            axum::serve(listener, routes).await.unwrap();
        });
        self.serving = Some(runtime);
    }

    /// From now on this path is answered so: with 503, for instance. `EVERYTHING` stands for all paths that are not named by themselves.
    pub(super) fn answer(&self, path: &str, status: u16, kind: &'static str, body: &str) {
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            kind,
            body: body.into(),
            to_anyone: false,
        };
        self.served.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// From now on this path is answered with JSON that pages of any origin may read.
    pub(super) fn allow_any_origin(&self, path: &str, body: &str) {
        self.answer_any_origin(path, "application/json", body);
    }

    /// From now on this path is answered with something of this kind that pages of any origin may read.
    pub(super) fn answer_any_origin(&self, path: &str, kind: &'static str, body: &str) {
        let answer = Answer {
            status: StatusCode::OK,
            kind,
            body: body.into(),
            to_anyone: true,
        };
        self.served.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// From now on paths that end so are asked for in vain: no answer comes.
    pub(super) fn hold(&self, end: &str) {
        self.served.held.send_modify(|held| {
            held.insert(end.to_owned());
        });
    }

    /// Paths that end so are answered again, those asked for meanwhile as well.
    pub(super) fn release(&self, end: &str) {
        self.served.held.send_modify(|held| {
            held.remove(end);
        });
    }

    /// How often paths that end so were asked for.
    pub(super) fn requests_that_end_with(&self, end: &str) -> usize {
        let requests = self.served.requests.lock().unwrap();
        requests
            .iter()
            .filter(|(path, _)| path.ends_with(end))
            .map(|(_, count)| count)
            .sum()
    }

    /// From now on this path is answered with this status and a page that only says so.
    pub(super) fn fail(&self, path: &str, status: u16) {
        self.answer(
            path,
            status,
            HTML,
            &format!("<!doctype html><html lang=\"de\"><title>{status}</title><p id=\"failed\">{status}"),
        );
    }

    /// From now on this path is the page again.
    pub(super) fn recover(&self, path: &str) {
        self.served.answers.lock().unwrap().remove(path);
    }

    /// How often this path was asked for.
    pub(super) fn requests(&self, path: &str) -> usize {
        self.served.requests.lock().unwrap().get(path).copied().unwrap_or_default()
    }

    /// Where a page of the site is shown in a frame of this width, since no window is as narrow as a telephone in each browser.
    pub(super) fn framed(&self, width: u32, path: &str) -> String {
        format!("{}{FRAMED}{width}{path}", self.origin)
    }

    /// Ends the server, as if its plug were pulled: its port is closed when this returns, and all connections with it.
    pub(super) async fn stop(&mut self) {
        if let Some(runtime) = self.serving.take() {
            tokio::task::spawn_blocking(move || runtime.shutdown_timeout(PATIENCE))
                .await
                .unwrap();
        }
    }

    /// Starts it again, at the same address.
    pub(super) fn restart(&mut self) {
        assert!(self.serving.is_none(), "it still serves");
        let listener = std::net::TcpListener::bind(("127.0.0.1", self.port)).unwrap();
        self.listen(listener);
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(runtime) = self.serving.take() {
            runtime.shutdown_background();
        }
    }
}

/// An origin at which nobody answers.
pub(super) fn closed_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A tag of a portal that serves everything itself, and asks these for the state, the first one first.
pub(super) fn own_tag(origins: &[&str], more: &str) -> String {
    format!(
        "<script async data-open src=\"/umleitung/umleitung.js\" data-portal=\"musterstadt\" data-server=\"{}\" data-mirrors=\"{}\" {more}></script>",
        origins[0],
        origins[1..].join(" ")
    )
}
