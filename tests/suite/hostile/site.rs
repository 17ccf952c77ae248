//! The site on which hostile documents are tried: the released widget and loader as they are, and answers that nobody should give.

use std::{
    collections::HashMap,
    convert::Infallible,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{StatusCode, Uri, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, task::JoinHandle};

use super::documents::{Dice, Twister};

/// How a host page gets its hostile documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The loader carries it.
    Carried,
    /// By `state.json`, first one that is hostile, then another.
    Answered,
    /// As events.
    Pushed,
}

impl Way {
    fn of(case: u64) -> Self {
        [Self::Carried, Self::Answered, Self::Pushed][usize::try_from(case % 3).unwrap()]
    }
}

struct Shared {
    twister: Twister,
    /// How often each case asked for its state.
    asked: Mutex<HashMap<u64, u32>>,
    /// Requests that only markup or a link from a document can have made.
    lured: Mutex<Vec<String>>,
}

/// The site, on an origin of its own.
pub(super) struct Site {
    pub(super) origin: String,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

impl Site {
    pub(super) async fn serve(twister: Twister) -> Self {
        let shared = Arc::new(Shared {
            twister,
            asked: Mutex::default(),
            lured: Mutex::default(),
        });
        let page = |text: &'static str| get(async move || ([(CONTENT_TYPE, "text/html; charset=utf-8")], text));
        let script = |text: &'static str| get(async move || ([(CONTENT_TYPE, "text/javascript")], text));
        let routes = Router::new()
            .route(
                "/",
                page("<!doctype html><html lang=de><title>Hostile</title><p id=own>Eigener Text"),
            )
            .route("/inspection.js", script(include_str!("../../pages/hostile/inspection.js")))
            .route("/widget-trial.js", script(include_str!("../../pages/hostile/widget_trial.js")))
            .route("/loader-trial.js", script(include_str!("../../pages/hostile/loader_trial.js")))
            .route("/host/{case}", get(host))
            .route("/documents/{first}/{count}", get(documents))
            .route("/assets/x/{*file}", get(asset))
            .route("/p/{portal}/{file}", get(portal_file))
            .fallback(anything_else)
            .with_state(shared.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { origin, shared, serving }
    }

    pub(super) fn document(&self, number: u64) -> String {
        self.shared.twister.document(number)
    }

    /// All that a case was given.
    pub(super) fn given(&self, case: u64) -> String {
        let twister = &self.shared.twister;
        if Way::of(case) == Way::Carried {
            return twister.script(case * 3);
        }
        let answers = (0..3).map(|turn| String::from_utf8_lossy(&twister.answer(case * 3 + turn)).into_owned());
        format!("{:?}\n{}", Way::of(case), answers.collect::<Vec<_>>().join("\n"))
    }

    /// Requests that nobody should have made.
    pub(super) fn lured(&self) -> Vec<String> {
        self.shared.lured.lock().unwrap().clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

type Shares = State<Arc<Shared>>;

/// Documents one a line: JSON has no line breaks of its own as it is written here.
async fn documents(State(shared): Shares, Path((first, count)): Path<(u64, u64)>) -> String {
    (first..first + count)
        .map(|number| shared.twister.document(number))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A page of somebody else, with the tag.
async fn host(Path(case): Path<u64>) -> Response {
    let live = if Way::of(case) == Way::Answered { "poll" } else { "sse" };
    let page = include_str!("../../pages/hostile/host.html")
        .replace("CASE", &case.to_string())
        .replace("LIVE", live);
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// A file of the checkout.
async fn read(path: &str) -> Vec<u8> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    tokio::fs::read(root.join(path)).await.unwrap()
}

/// What finds the notice's place, with its gap filled.
async fn placement() -> String {
    let look = json!(String::from_utf8(read("public/banner.css").await).unwrap()).to_string();
    let placement = String::from_utf8(read("target/web/placement.js").await).unwrap();
    placement.replace("\"__LOOK__\"", &look)
}

/// The widget's code with its gaps filled, as the server's build does it.
async fn glue() -> Vec<u8> {
    let wasm = json!(integrity(&read("target/web/widget_bg.wasm").await)).to_string();
    let glue = String::from_utf8(read("target/web/widget.js").await).unwrap();
    glue.replace("\"__HASH__\"", &wasm)
        .replace("\"__PLACEMENT__\"", &json!(integrity(placement().await.as_bytes())).to_string())
        .into_bytes()
}

fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
}

/// Files of the released front-end, and the words.
async fn asset(Path(file): Path<String>) -> Response {
    if file == "widget.js" {
        return ([(CONTENT_TYPE, "text/javascript")], glue().await).into_response();
    }
    if file == "placement.js" {
        return ([(CONTENT_TYPE, "text/javascript")], placement().await).into_response();
    }
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let (path, kind) = match file.split_once('/') {
        Some(("messages", file)) => (root.join("app/view/messages").join(file), "application/json"),
        _ if file.ends_with(".wasm") => (root.join("target/web").join(&file), "application/wasm"),
        _ => (root.join("target/web").join(&file), "text/javascript"),
    };
    match tokio::fs::read(&path).await {
        Ok(bytes) => ([(CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn portal_file(State(shared): Shares, Path((portal, file)): Path<(String, String)>) -> Response {
    let Some(case) = portal.strip_prefix("case-").and_then(|case| case.parse::<u64>().ok()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let way = Way::of(case);
    let sound = sound(&shared.twister, case);
    match file.as_str() {
        "umleitung.js" => {
            let loader = String::from_utf8(read("target/web/umleitung.js").await).unwrap();
            let hash = integrity(&glue().await);
            // What finds its place comes with the loader where a state does.
            let (carried, placement) = match way {
                Way::Carried => {
                    let placement = placement().await;
                    let object = placement.trim().trim_end_matches(';').strip_prefix("export default").unwrap();
                    (shared.twister.script(case * 3), format!(",...{object}"))
                }
                _ => ("null".to_owned(), String::new()),
            };
            let text = loader
                .replace("\"__ASSETS__\"", &format!("{{files:\"/assets/x\",hash:{hash:?}{placement}}}"))
                .replace("\"__STATE__\"", &carried);
            ([(CONTENT_TYPE, "text/javascript")], text).into_response()
        }
        "state.json" => {
            let turn = {
                let mut asked = shared.asked.lock().unwrap();
                let times = asked.entry(case).or_default();
                *times += 1;
                u64::from(*times - 1)
            };
            if way != Way::Answered || turn >= 3 {
                return ([(CONTENT_TYPE, "application/json")], sound).into_response();
            }
            let dice = &mut Dice::new(case, turn);
            let status = dice.one(&[200, 200, 200, 200, 404, 500, 503]);
            let kind = dice.one(&["application/json", "application/json", "text/html", "nonsense"]);
            let status = StatusCode::from_u16(status).unwrap();
            (status, [(CONTENT_TYPE, kind)], shared.twister.answer(case * 3 + turn)).into_response()
        }
        "events" => {
            let mut events = Vec::new();
            if way == Way::Pushed {
                for turn in 0..3 {
                    // An event ends with its line; broken bytes are sent as they are.
                    let mut data = shared.twister.answer(case * 3 + turn);
                    data.retain(|byte| !matches!(byte, b'\n' | b'\r'));
                    events.extend([&b"event: state\ndata: "[..], &data, b"\n\n"].concat());
                }
            }
            events.extend(format!("event: state\ndata: {sound}\n\n").into_bytes());
            // The stream stays open, as a real one does.
            let first = futures::stream::iter([Ok::<_, Infallible>(events)]);
            let stream = futures::StreamExt::chain(first, futures::stream::pending());
            ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(stream)).into_response()
        }
        _ => ([(CONTENT_TYPE, "application/json")], "{}").into_response(),
    }
}

/// A document as it should be, that says which case it belongs to.
fn sound(twister: &Twister, case: u64) -> String {
    let sound = &twister.sound[0];
    let (revision, title) = (sound["revision"].to_string(), sound["notices"][0]["title"]["de"].to_string());
    let own = |text: String| json!(text).to_string();
    sound
        .to_string()
        .replace(&revision, &own(format!("sound-{case}")))
        .replace(&title, &own(format!("Fall {case} gut")))
}

async fn anything_else(State(shared): Shares, uri: Uri) -> StatusCode {
    if uri.path().contains("pwned") {
        shared.lured.lock().unwrap().push(uri.to_string());
    }
    StatusCode::NOT_FOUND
}
