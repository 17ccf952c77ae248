//! The public side as files: whole at every moment, and enough by itself when the server is gone.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::grants::CATALOGUE;
use super::support::{
    binary::{self, At, Process},
    listener::PATIENCE,
    outage,
    postgres::Postgres,
    proxy::Proxy,
    storage::{BUCKET, Storage},
};

/// What a portal has besides its notices, and a sample that is told anew for each who asks.
const FILES: [&str; 9] = [
    "index.html",
    "history",
    "fallback.html",
    "503.html",
    "fragment.html",
    "hint.json",
    "worker.js",
    "umleitung.js",
    "state.json",
];

/// Where a reader of a mirror begins.
#[derive(Clone)]
enum Mirror {
    Folder(PathBuf),
    Bucket(Arc<Storage>),
}

/// Below this the files are in the bucket.
const PREFIX: &str = "public/mirror";

impl Mirror {
    fn folder(&self) -> &Path {
        match self {
            Self::Folder(folder) => folder,
            Self::Bucket(_) => panic!("it has no folder"),
        }
    }

    /// How a server that writes it is started, and what it is told.
    fn target(&self) -> (Vec<String>, String) {
        match self {
            Self::Folder(folder) => (Vec::new(), folder.to_str().unwrap().to_owned()),
            Self::Bucket(storage) => (storage.environment(), format!("s3://{BUCKET}/{PREFIX}")),
        }
    }

    async fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        match self {
            Self::Folder(folder) => fs::read(folder.join(path)).ok(),
            Self::Bucket(storage) => Some(storage.get(&format!("{PREFIX}/{path}")).await?.bytes().await.unwrap().into()),
        }
    }

    async fn find(&self, path: &str) -> Option<String> {
        Some(String::from_utf8(self.bytes(path).await?).unwrap())
    }

    async fn read(&self, path: &str) -> String {
        self.find(path).await.unwrap_or_else(|| panic!("{path} is missing"))
    }

    async fn state(&self) -> Option<Value> {
        let text = self.find("p/musterstadt/state.json").await?;
        Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("half a document: {error}: {text}")))
    }

    /// Follows all that `state.json`, the loader and the status page lead to; how many notices there were.
    async fn follow(&self) -> Option<usize> {
        let state = self.state().await?;
        let mut pages: BTreeSet<String> = state["notices"]
            .as_array()
            .unwrap()
            .iter()
            .map(|notice| notice["url"].as_str().unwrap().trim_start_matches('/').to_owned())
            .collect();
        let notices = pages.len();
        let loader = self.read("p/musterstadt/umleitung.js").await;
        assert!(loader.trim_end().ends_with("})();"), "half a loader");
        let assets = loader.split("/assets/").nth(1).unwrap().split('"').next().unwrap();
        for name in ["widget.js", "widget_bg.wasm", "placement.js"] {
            let file = self.bytes(&format!("assets/{assets}/{name}")).await;
            assert!(file.is_some_and(|file| !file.is_empty()), "{name}");
        }
        let index = self.read("p/musterstadt/index.html").await;
        let links = index.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let named = links
            .filter_map(|link| link.split("notices/").nth(1))
            .map(|id| id.split(['?', '#']).next().unwrap());
        pages.extend(named.map(|id| format!("p/musterstadt/notices/{id}")));
        pages.insert("p/musterstadt/index.html".to_owned());
        // What it leads to besides: the reports, the latest first.
        let list = self.read("p/musterstadt/archive/index.html").await;
        let reports: Vec<&str> = list
            .split("<a href=\"20")
            .skip(1)
            .filter_map(|rest| rest.split('?').next())
            .collect();
        assert!(reports.len() > 100, "{list}");
        for report in reports.iter().take(6) {
            let file = self.bytes(&format!("p/musterstadt/archive/20{report}")).await.unwrap();
            let ends = ["</html>\n", "%%EOF", "\r\n"];
            assert!(ends.iter().any(|end| file.ends_with(end.as_bytes())), "half a report: {report}");
        }
        for page in pages {
            assert!(self.read(&page).await.trim_end().ends_with("</html>"), "half a page: {page}");
        }
        Some(notices)
    }
}

async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let waiting = async { while !condition().await {} };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_| panic!("waited in vain: {what}"));
}

struct Site {
    process: Process,
    token: String,
    client: Client,
}

impl Site {
    fn start(data: &(impl At + ?Sized), mirror: &Mirror) -> Self {
        let (environment, target) = mirror.target();
        let starter: Vec<&str> = ["env"].into_iter().chain(environment.iter().map(String::as_str)).collect();
        let process = Process::serve_under(&starter, data, &["--demo", "--mirror", &target]);
        let token = binary::succeed(data, &["token", "create", &format!("ops {}", process.id()), "--role", "publisher"]);
        Self {
            process,
            token: token.trim().to_owned(),
            client: Client::new(),
        }
    }

    async fn text(&self, path: &str) -> String {
        let response = self.client.get(format!("{}{path}", self.process.base)).send().await.unwrap();
        let expected = if path.ends_with("/503.html") { 503 } else { 200 };
        assert_eq!(response.status(), expected, "{path}");
        response.text().await.unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.process.base));
        let response = request.bearer_auth(&self.token).json(body).send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn publish(&self, title: &str) -> String {
        let made = self.post("/api/v1/notices", &outage("wohngeld", title)).await;
        made["id"].as_str().unwrap().to_owned()
    }

    /// Whether this one sees to what goes out.
    async fn leads(&self) -> bool {
        self.text("/metrics").await.contains("\numleitung_leader 1\n")
    }

    /// What the server says is there as files, with this notice.
    async fn is_mirrored(&self, mirror: &Mirror, id: &str) {
        // Each by itself: the server may come to say something else between two of them, and another process has to hear of a notice first.
        for name in FILES {
            let path = format!("p/musterstadt/{name}");
            until(&format!("{path} is what the server shows, with {id}"), async || {
                let shown = self.text(&format!("/{}", path.trim_end_matches("index.html"))).await;
                let is_told = name != "state.json" || shown.contains(id);
                is_told && mirror.find(&path).await == Some(shown)
            })
            .await;
        }
        assert_eq!(
            serde_json::from_str::<Value>(&mirror.read("p/musterstadt/sample.json").await).unwrap()["v"],
            1
        );
        mirror.follow().await.unwrap();
    }
}

/// A reader that reads all the time, while much happens and the server dies in the midst of it.
async fn is_whole_at_every_moment(mirror: Mirror) {
    let data = tempfile::tempdir().unwrap();
    let mut site = Site::start(data.path(), &mirror);
    let stop = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn({
        let (stop, mirror) = (stop.clone(), mirror.clone());
        async move {
            let (mut read, mut seen) = (0, BTreeSet::new());
            while !stop.load(SeqCst) {
                if let Some(notices) = mirror.follow().await {
                    read += 1;
                    seen.insert(notices);
                }
                tokio::task::yield_now().await;
            }
            (read, seen)
        }
    });
    let (mut changes, mut id) = (0, String::new());
    for number in 0..125 {
        id = site.publish(&format!("Störung {number}")).await;
        let one = format!("/api/v1/notices/{id}");
        for text in ["Wir suchen.", "Wir wissen es."] {
            site.post(&format!("{one}/updates"), &json!({"text": {"de": text}})).await;
        }
        site.post(&format!("{one}/resolve"), &json!({})).await;
        changes += 4;
        if number == 60 {
            site.process.kill();
            site = Site::start(data.path(), &mirror);
            // Once the lease of the one that died has run out.
            until("the mirror goes on", async || site.leads().await).await;
        }
    }
    site.is_mirrored(&mirror, &id).await;
    stop.store(true, SeqCst);
    let (read, seen) = reader.await.unwrap();
    assert_eq!(changes, 500);
    assert!(
        read > 5 && seen.len() > 1,
        "{read} times read, {seen:?} notices: the reader has seen too little"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_is_whole_at_every_moment() {
    let folder = tempfile::tempdir().unwrap();
    is_whole_at_every_moment(Mirror::Folder(folder.path().join("public"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_is_whole_at_every_moment() {
    let storage = Arc::new(Storage::start().await);
    is_whole_at_every_moment(Mirror::Bucket(storage.clone())).await;
    // Whatever stands before it tells a browser what a file is, and for how long it may be kept.
    for (name, kind, cache) in [
        ("p/musterstadt/state.json", "application/json", "max-age="),
        ("p/musterstadt/index.html", "text/html; charset=utf-8", "max-age="),
        ("p/musterstadt/umleitung.js", "text/javascript", "max-age="),
    ] {
        let object = storage.get(&format!("{PREFIX}/{name}")).await.unwrap();
        let header = |name: &str| object.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert!(
            header("content-type").unwrap_or_default().starts_with(kind),
            "{name}: {:?}",
            object.headers()
        );
        assert!(
            header("cache-control").unwrap_or_default().contains(cache),
            "{name}: {:?}",
            object.headers()
        );
    }
}

/// What is written in one go is what is kept up to date; what is there is not written again.
#[tokio::test]
async fn the_command_line_writes_the_same() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mirror = Mirror::Folder(folder.path().join("public"));
    let site = Site::start(data.path(), &mirror);
    let id = site.publish("Störung").await;
    site.is_mirrored(&mirror, &id).await;
    let other = Mirror::Folder(folder.path().join("other"));
    let write = || {
        let url = site.process.base.as_str();
        let said = binary::succeed(data.path(), &["mirror", other.folder().to_str().unwrap(), "--public-url", url]);
        let numbers = said
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|number| number.parse::<usize>().ok());
        numbers.collect::<Vec<_>>()
    };
    let first = write();
    assert!(first[0] > FILES.len() && first[1] == first[0] && first[2] == 0, "{first:?}");
    for name in FILES {
        let path = format!("p/musterstadt/{name}");
        assert_eq!(other.bytes(&path).await, mirror.bytes(&path).await, "{path}");
    }
    other.follow().await.unwrap();
    assert_eq!(write(), [first[0], 0, 0]);
    // A file that was taken away comes again; a notice that was redacted goes.
    let page = format!("p/musterstadt/notices/{id}");
    fs::remove_file(other.folder().join("p/musterstadt/history")).unwrap();
    assert_eq!(write(), [first[0], 1, 0]);
    let journal = binary::succeed(data.path(), &["journal", "export"]);
    let seq = journal
        .lines()
        .filter(|line| line.contains(&id))
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["seq"].clone());
    let seq = seq.min_by_key(Value::as_u64).unwrap().to_string();
    binary::succeed(data.path(), &["journal", "redact", &seq, "--reason", "Versehen"]);
    let last = write();
    assert_eq!((last[0], last[2]), (first[0] - 1, 1), "{last:?}");
    assert!(!other.folder().join(&page).exists());
    until("the server's own mirror loses it, too", async || {
        !mirror.folder().join(&page).exists()
    })
    .await;
    for (target, reason) in [
        (
            "https://bucket.example",
            "is neither a folder nor an address such as s3://bucket/prefix",
        ),
        ("s3:///prefix", "names no bucket"),
    ] {
        let said = binary::fail(data.path(), &["mirror", target]);
        assert!(said.contains(reason), "{said}");
    }
}

/// Nobody runs but a web server with the files.
#[tokio::test]
async fn a_web_server_serves_it_alone() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mirror = Mirror::Folder(folder.path().to_owned());
    let mut site = Site::start(data.path(), &mirror);
    let id = site.publish("Störung").await;
    site.is_mirrored(&mirror, &id).await;
    site.process.kill();
    let nginx = Proxy::serving(mirror.folder()).await;
    let state = reqwest::get(nginx.url("/p/musterstadt/state.json")).await.unwrap();
    let state: Value = state.json().await.unwrap();
    assert_eq!(state["notices"][0]["id"], *id);
    let assets = mirror.read("p/musterstadt/umleitung.js").await;
    let assets = format!(
        "/assets/{}/widget_bg.wasm",
        assets.split("/assets/").nth(1).unwrap().split('"').next().unwrap()
    );
    let notice = format!("/p/musterstadt/notices/{id}");
    for (path, kind) in [
        ("/p/musterstadt/", "text/html; charset=utf-8"),
        ("/p/musterstadt/history", "text/html; charset=utf-8"),
        (notice.as_str(), "text/html; charset=utf-8"),
        ("/p/musterstadt/umleitung.js", "text/javascript; charset=utf-8"),
        ("/umleitung.js", "text/javascript; charset=utf-8"),
        ("/p/musterstadt/state.json", "application/json; charset=utf-8"),
        ("/p/musterstadt/api/v2/incidents/unresolved.json", "application/json; charset=utf-8"),
        ("/p/musterstadt/feed.json", "application/json; charset=utf-8"),
        ("/p/musterstadt/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/p/musterstadt/calendar.ics", "text/calendar; charset=utf-8"),
        (assets.as_str(), "application/wasm"),
    ] {
        let response = site.client.get(nginx.url(path)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("content-type").as_deref(), Some(kind), "{path}");
        assert_eq!(header("access-control-allow-origin").as_deref(), Some("*"), "{path}");
        assert_eq!(header("cross-origin-resource-policy").as_deref(), Some("cross-origin"), "{path}");
    }
}

/// Of two nodes one writes; when it dies, the other goes on.
#[tokio::test]
async fn of_several_nodes_one_writes() {
    let postgres = Postgres::start().await;
    let database = postgres.database("notices").await;
    let folder = tempfile::tempdir().unwrap();
    let mirror = Mirror::Folder(folder.path().to_owned());
    let mut nodes = vec![Site::start(&database, &mirror), Site::start(&database, &mirror)];
    until("one leads", async || nodes[0].leads().await || nodes[1].leads().await).await;
    let leading = usize::from(nodes[1].leads().await);
    assert!(!nodes[1 - leading].leads().await, "both lead");
    let one = nodes[1 - leading].publish("Eins").await;
    nodes[leading].is_mirrored(&mirror, &one).await;
    until("monitoring learns that it is done", async || {
        let metrics = nodes[leading].text("/metrics").await;
        metrics.contains("\numleitung_outbox_tasks{reactor=\"mirror\"} 0\n")
    })
    .await;
    nodes[leading].process.kill();
    let left = nodes.remove(1 - leading);
    let two = left.publish("Zwei").await;
    // Once the lease has run out.
    until("the other one leads", async || left.leads().await).await;
    left.is_mirrored(&mirror, &two).await;
}

/// A portal that is no more, files that nobody knows, and a notice that comes to a portal by a new catalogue.
#[tokio::test]
async fn a_mirror_follows_the_catalogue() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let apply = |catalogue: &str| {
        let file = data.path().join("catalogue.toml");
        fs::write(&file, catalogue).unwrap();
        binary::succeed(data.path(), &["catalogue", "apply", file.to_str().unwrap()]);
    };
    apply(CATALOGUE);
    let at = |path: &str| folder.path().join("p").join(path);
    fs::create_dir_all(at("town/notices")).unwrap();
    fs::write(at("town/notices/2026-0999"), "from long ago").unwrap();
    fs::write(at("town/fragment.html"), "half of").unwrap();
    let token = binary::succeed(data.path(), &["token", "create", "ops", "--role", "publisher"]);
    let site = Site {
        process: Process::serve(data.path(), &["--mirror", folder.path().to_str().unwrap()]),
        token: token.trim().to_owned(),
        client: Client::new(),
    };
    until("both portals are there", async || {
        at("town/state.json").exists() && at("county/state.json").exists()
    })
    .await;
    until("the unknown file goes", async || !at("town/notices/2026-0999").exists()).await;
    assert_eq!(
        fs::read_to_string(at("town/fragment.html")).unwrap(),
        site.text("/p/town/fragment.html").await
    );
    let made = site.post("/api/v1/notices", &outage("waste", "Abfall")).await;
    let id = made["id"].as_str().unwrap();
    let tells = |portal: &str| fs::read_to_string(at(&format!("{portal}/state.json"))).is_ok_and(|state| state.contains(id));
    until("the county tells it", async || tells("county")).await;
    assert!(!tells("town"));
    apply(&CATALOGUE.replace(r#"services = ["cars"]"#, r#"services = ["cars", "waste"]"#));
    until("the town tells it, too", async || tells("town")).await;
    assert!(fs::read_to_string(at(&format!("town/notices/{id}"))).unwrap().contains("Abfall"));
    let (before, rest) = CATALOGUE.split_once("[[portal]]\nid = \"county\"").unwrap();
    let (_, services) = rest.split_once("[[service]]").unwrap();
    apply(&format!(
        "{}[[service]]{services}",
        before.replace(r#"services = ["cars"]"#, r#"services = ["cars", "waste"]"#)
    ));
    until("the county is taken away", async || {
        !at("county/state.json").exists() && !at("county/mirror.json").exists()
    })
    .await;
    assert!(tells("town") && at("town/mirror.json").exists());
}
