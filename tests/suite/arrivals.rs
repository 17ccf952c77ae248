//! Whether what was published has arrived where people read: looked at the way a visitor comes, until all show it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use reqwest::Client;
use serde_json::Value;
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime};

use super::support::{
    binary::{self, Process},
    listener::PATIENCE,
    outage,
    proxy::free_port,
};

/// What a web server has, by path; and how often it was asked, under the path `asked`.
type Pages = Arc<Mutex<BTreeMap<String, String>>>;

/// Somebody's web server. It can be shut and opened again on its port.
struct Web {
    port: u16,
    pages: Pages,
    /// Its own, so that shutting it closes every connection.
    runtime: Option<Runtime>,
}

impl Web {
    fn new(port: u16) -> Self {
        let mut web = Self {
            port,
            pages: Arc::default(),
            runtime: None,
        };
        web.open();
        web
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How often it was asked.
    fn asked(&self) -> usize {
        self.pages.lock().unwrap().get("asked").map_or(0, String::len)
    }

    fn put(&self, path: &str, page: &str) {
        self.pages.lock().unwrap().insert(path.to_owned(), page.to_owned());
    }

    fn open(&mut self) {
        let runtime = Runtime::new().unwrap();
        let listener = std::net::TcpListener::bind(("127.0.0.1", self.port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let routes = Router::new()
            .route("/{*path}", get(page))
            .route("/", get(async |pages| page(pages, Path(String::new())).await))
            .with_state(self.pages.clone());
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            axum::serve(listener, routes).await.unwrap();
        });
        self.runtime = Some(runtime);
    }

    fn shut(&mut self) {
        self.runtime.take().unwrap().shutdown_background();
        // The port is closed when nobody answers there any more.
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
            std::thread::yield_now();
        }
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A page; one that begins with `to:` leads elsewhere.
async fn page(State(pages): State<Pages>, Path(path): Path<String>) -> Response {
    pages.lock().unwrap().entry("asked".to_owned()).or_default().push('.');
    match pages.lock().unwrap().get(&format!("/{path}")).cloned() {
        Some(page) => match page.strip_prefix("to:") {
            Some(elsewhere) => (StatusCode::FOUND, [(header::LOCATION, elsewhere.to_owned())]).into_response(),
            None => ([(header::CONTENT_TYPE, "text/html")], page).into_response(),
        },
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A server with these portals, each with the address of its page.
struct Site {
    process: Process,
    token: String,
    client: Client,
    data: TempDir,
}

impl Site {
    fn start(portals: &[(&str, String)], arguments: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut catalogue = "[[service]]\nid = \"cars\"\nname = { de = \"Kfz\" }\n".to_owned();
        for (id, home) in portals {
            let links = ["imprint", "privacy", "accessibility", "feedback"].map(|link| format!("{link} = \"https://a.example\""));
            catalogue.push_str(&format!(
                "[[portal]]\nid = \"{id}\"\nname = {{ de = \"Portal {id}\" }}\nissuer = {{ de = \"Stadt\" }}\nlanguages = [\"de\"]\n\
                 time_zone = \"Europe/Berlin\"\nservices = [\"cars\"]\nlinks = {{ home = \"{home}\", {} }}\n",
                links.join(", ")
            ));
        }
        let file = data.path().join("catalogue.toml");
        std::fs::write(&file, catalogue).unwrap();
        binary::succeed(data.path(), &["catalogue", "apply", file.to_str().unwrap()]);
        let token = binary::succeed(data.path(), &["token", "create", "ops", "--role", "publisher"]);
        let process = Process::serve(data.path(), arguments);
        Self {
            process,
            token: token.trim().to_owned(),
            client: Client::new(),
            data,
        }
    }

    fn tag(&self, portal: &str) -> String {
        format!(
            "<!doctype html><script async src=\"{}/p/{portal}/umleitung.js\"></script>",
            self.process.base
        )
    }

    async fn text(&self, path: &str) -> String {
        let response = self.client.get(format!("{}{path}", self.process.base)).send().await.unwrap();
        response.error_for_status().unwrap().text().await.unwrap()
    }

    async fn publish(&self, title: &str) -> String {
        let request = self.client.post(format!("{}/api/v1/notices", self.process.base));
        let response = request.bearer_auth(&self.token).json(&outage("cars", title)).send().await.unwrap();
        let made: Value = response.error_for_status().unwrap().json().await.unwrap();
        made["id"].as_str().unwrap().to_owned()
    }

    async fn resolve(&self, id: &str) {
        let request = self.client.post(format!("{}/api/v1/notices/{id}/resolve", self.process.base));
        let response = request.bearer_auth(&self.token).json(&serde_json::json!({})).send().await.unwrap();
        response.error_for_status().unwrap();
    }

    async fn arrivals(&self) -> Value {
        let request = self.client.get(format!("{}/api/v1/arrivals", self.process.base));
        let response = request.bearer_auth(&self.token).send().await.unwrap();
        response.error_for_status().unwrap().json().await.unwrap()
    }

    /// Waits until what was seen of these portals is this: `seen`, or what is in the way at a place.
    async fn until(&self, expected: &[(&str, &str)]) -> Value {
        let mut last = Value::Null;
        let waiting = async {
            loop {
                last = self.arrivals().await;
                let is_so = |(portal, told): &(&str, &str)| told_of(&last, portal) == *told;
                if expected.iter().all(is_so) {
                    return;
                }
            }
        };
        let is_over = tokio::time::timeout(2 * PATIENCE, waiting).await.is_ok();
        assert!(is_over, "waited in vain for {expected:?}: {last:#}");
        last
    }
}

fn of<'a>(arrivals: &'a Value, portal: &str) -> &'a Value {
    let portals = arrivals["portals"].as_array().unwrap().iter();
    portals.into_iter().find(|one| one["portal"] == portal).unwrap_or(&Value::Null)
}

/// What was seen of a portal in a few words: `seen`, `nothing`, or each place with what is in its way.
fn told_of(arrivals: &Value, portal: &str) -> String {
    let portal = of(arrivals, portal);
    let empty = Vec::new();
    let places = portal["places"].as_array().unwrap_or(&empty);
    let late = places.iter().filter(|place| !place["obstacle"].is_null());
    let late: Vec<String> = late
        .map(|place| {
            format!(
                "{}: {}",
                place["kind"].as_str().unwrap(),
                place["obstacle"]["kind"].as_str().unwrap()
            )
        })
        .collect();
    if places.is_empty() {
        return "nothing".to_owned();
    }
    if !late.is_empty() {
        return late.join(", ");
    }
    // Without an obstacle each notice was seen, at each place.
    let is_seen = portal["notices"]
        .as_array()
        .unwrap()
        .iter()
        .all(|notice| notice["since"].is_string());
    if is_seen { "seen" } else { "on its way" }.to_owned()
}

const ALLOWED: [&str; 2] = ["--portal-allow", "127.0.0.0/8"];

#[tokio::test]
async fn it_tells_what_is_in_the_way_and_turns_right_when_that_is_mended() {
    let (bare, cached, mut down) = (Web::new(free_port()), Web::new(free_port()), Web::new(free_port()));
    let portals = [("bare", bare.address()), ("cached", cached.address()), ("down", down.address())];
    let site = Site::start(&portals, &ALLOWED);
    bare.put("/", "<!doctype html><title>Portal</title><p>umleitung.js");
    // What is between a portal and this server, and holds on to what it had when nothing was wrong.
    let keep = async |cache: &Web| {
        cache.put("/p/cached/umleitung.js", &site.text("/p/cached/umleitung.js").await);
        cache.put("/p/cached/state.json", &site.text("/p/cached/state.json").await);
    };
    keep(&cached).await;
    cached.put("/", "<script async src=/p/cached/umleitung.js></script>");
    down.put("/", &site.tag("down"));
    down.shut();

    let id = site.publish("Kfz gestört").await;
    let late = [("bare", "page: no_tag"), ("cached", "page: old"), ("down", "page: unreachable")];
    let arrivals = site.until(&late).await;
    for (portal, _) in late {
        assert_eq!(
            of(&arrivals, portal)["notices"],
            serde_json::json!([{"notice": id, "since": null}]),
            "{portal}"
        );
    }
    let old = &of(&arrivals, "cached")["places"][0];
    assert_eq!(
        old["obstacle"]["at"],
        format!("{}/p/cached/umleitung.js", cached.address()),
        "it names what is old"
    );
    assert_eq!(old["missing"], serde_json::json!([id]));
    assert_eq!(of(&arrivals, "cached")["places"][1]["kind"], "documents");
    assert_eq!(
        of(&arrivals, "cached")["places"][1]["obstacle"],
        Value::Null,
        "this server itself tells it"
    );

    // Each is mended, and it turns right by itself.
    bare.put("/", &site.tag("bare"));
    keep(&cached).await;
    down.open();
    let arrivals = site.until(&[("bare", "seen"), ("cached", "seen"), ("down", "seen")]).await;
    let since = of(&arrivals, "bare")["notices"][0]["since"].clone();

    // The next one is looked for as well, and the cache is behind again. What was seen stays seen since then.
    let next = site.publish("Kfz schon wieder gestört").await;
    let arrivals = site.until(&[("bare", "seen"), ("cached", "page: old"), ("down", "seen")]).await;
    let notices = of(&arrivals, "bare")["notices"].as_array().unwrap();
    let of_first = notices.iter().find(|notice| notice["notice"] == id).unwrap();
    assert_eq!(of_first["since"], since);
    let missing = &of(&arrivals, "cached")["places"][0]["missing"];
    assert_eq!(*missing, serde_json::json!([next]), "the one before is there");

    // An end has to arrive, too.
    keep(&cached).await;
    site.until(&[("cached", "seen")]).await;
    site.resolve(&next).await;
    site.until(&[("bare", "seen"), ("cached", "page: old"), ("down", "seen")]).await;
    keep(&cached).await;
    site.until(&[("cached", "seen")]).await;
}

#[tokio::test]
async fn each_form_of_a_tag_is_followed_and_mirrors_are_looked_at() {
    let (web, mirror) = (Web::new(free_port()), Web::new(free_port()));
    let at = |path: &str| format!("{}{path}", web.address());
    let portals = [
        ("pinned", at("/pinned/")),
        ("elsewhere", at("/leads")),
        ("mirrored", at("/mirrored")),
        ("wrong", at("/wrong")),
        ("odd", at("/odd")),
        ("inert", at("/inert")),
        ("page-for-all", at("/page-for-all")),
        ("missing", at("/missing")),
        ("round", at("/round")),
    ];
    let site = Site::start(&portals, &ALLOWED);
    let base = &site.process.base;
    web.put(
        "/pinned/",
        "<script async src=../js/loader.js data-portal=pinned data-server=/kept></script>",
    );
    web.put("/js/loader.js", &site.text("/umleitung.js").await);
    web.put("/leads", "to:/there");
    web.put("/there", &site.tag("elsewhere"));
    let mirrors = format!("data-mirrors=\"{}, {}/m2/\"", mirror.address(), mirror.address());
    web.put(
        "/mirrored",
        &format!("<script src={base}/p/mirrored/umleitung.js {mirrors}></script>"),
    );
    web.put("/wrong", &site.tag("pinned"));
    web.put("/odd", "<script src=/odd.js data-portal=odd data-server=/odd></script>");
    web.put("/odd.js", &site.text("/umleitung.js").await);
    web.put("/odd/p/odd/state.json", "<!doctype html>");
    web.put("/round", "to:/round");
    web.put(
        "/inert",
        &format!("<script type=text/plain src={base}/p/inert/umleitung.js></script>"),
    );
    // Whoever asks there for a script gets the page for everything, and the documents lie elsewhere.
    let server = format!("data-server={base}");
    web.put(
        "/page-for-all",
        &format!("<script src=/nowhere.js data-portal=page-for-all {server}></script>"),
    );
    web.put("/nowhere.js", "<!doctype html>");
    site.publish("Kfz gestört").await;
    mirror.put("/p/mirrored/state.json", &site.text("/p/mirrored/state.json").await);
    web.put("/kept/p/pinned/state.json", &site.text("/p/pinned/state.json").await);
    let arrivals = site
        .until(&[
            ("pinned", "seen"),
            ("elsewhere", "seen"),
            ("mirrored", "mirror: status"),
            ("wrong", "page: other_portal"),
            ("odd", "page: unreadable"),
            ("inert", "page: no_tag"),
            ("page-for-all", "page: unreadable"),
            ("missing", "page: status"),
            ("round", "page: unreachable"),
        ])
        .await;
    let places = of(&arrivals, "mirrored")["places"].as_array().unwrap();
    let told: Vec<(&str, bool)> = places
        .iter()
        .map(|place| (place["kind"].as_str().unwrap(), place["obstacle"].is_null()))
        .collect();
    assert_eq!(told, [("page", true), ("mirror", true), ("mirror", false), ("documents", true)]);
    assert_eq!(of(&arrivals, "missing")["places"][0]["obstacle"]["detail"], "404");
    assert_eq!(of(&arrivals, "wrong")["places"][0]["obstacle"]["detail"], "pinned");
    // The mirror follows.
    mirror.put("/m2/p/mirrored/state.json", &site.text("/p/mirrored/state.json").await);
    site.until(&[("mirrored", "seen")]).await;
}

#[tokio::test]
async fn nobody_looks_where_it_is_not_allowed_or_switched_off() {
    let web = Web::new(free_port());
    let portals = [("inside", web.address())];
    let site = Site::start(&portals, &["--portal-allow", "192.0.2.0/24"]);
    web.put("/", &site.tag("inside"));
    site.publish("Kfz gestört").await;
    let arrivals = site.until(&[("inside", "page: not_allowed")]).await;
    let detail = of(&arrivals, "inside")["places"][0]["obstacle"]["detail"].as_str().unwrap();
    assert!(detail.contains("--portal-allow"), "{detail}");
    assert_eq!(web.asked(), 0, "nobody came");
    let of_those_who_look = "reactor=\"arrival\"";
    assert!(site.text("/metrics").await.contains(of_those_who_look));

    let off = Site::start(&portals, &[]);
    off.publish("Kfz gestört").await;
    let arrivals = off.arrivals().await;
    assert_eq!(arrivals["looks"], false);
    assert_eq!(told_of(&arrivals, "inside"), "nothing");
    assert!(
        !off.text("/metrics").await.contains(of_those_who_look),
        "nobody is there who would look"
    );
}

#[tokio::test]
async fn a_server_that_dies_looks_again_when_it_is_back() {
    let web = Web::new(free_port());
    let portals = [("late", web.address())];
    let mut site = Site::start(&portals, &ALLOWED);
    site.publish("Kfz gestört").await;
    site.until(&[("late", "page: status")]).await;
    site.process.kill();
    site.process = Process::serve(site.data.path(), &ALLOWED);
    // What was seen is kept, and it is looked again.
    assert_eq!(told_of(&site.arrivals().await, "late"), "page: status");
    web.put("/", &site.tag("late"));
    site.until(&[("late", "seen")]).await;
}
