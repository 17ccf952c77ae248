//! A portal of the test's own, and a real reverse proxy in front of it that runs the very file that docs/proxies/ offers.

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use reqwest::{Client, Method, RequestBuilder};
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime};

use super::listener::PATIENCE;

/// Where what the documentation offers is.
const OFFERED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/proxies");

/// What the portal's pages hold in any case.
pub(crate) const PAGE: &str = "<main>Antrag auf Wohngeld</main>";

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A portal's application. Each of its pages asks for the notices by a server-side include, and tells which headers arrived.
pub(crate) struct Portal {
    pub(crate) port: u16,
    answers: Arc<AtomicU16>,
    /// Its own, so that stopping it closes every connection, also those that a proxy keeps for later.
    runtime: Option<Runtime>,
}

impl Portal {
    pub(crate) fn start() -> Self {
        let mut portal = Self {
            port: free_port(),
            answers: Arc::new(AtomicU16::new(200)),
            runtime: None,
        };
        portal.run();
        portal
    }

    /// Listens again, on the same port.
    pub(crate) fn run(&mut self) {
        let runtime = Runtime::new().unwrap();
        let app = Router::new().fallback(answer).with_state(self.answers.clone());
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        let (listens, listening) = std::sync::mpsc::channel();
        runtime.spawn(async move {
            let listener = TcpListener::bind(address).await.unwrap();
            listens.send(()).unwrap();
            axum::serve(listener, app).await.unwrap();
        });
        listening.recv_timeout(PATIENCE).expect("the portal's application did not start");
        self.runtime = Some(runtime);
    }

    /// From now on nobody listens on its port.
    pub(crate) async fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Until the last connection is closed. On one that dies with a request on it, Apache leaves it to the visitor's browser to ask again.
            let ended = tokio::task::spawn_blocking(move || runtime.shutdown_timeout(PATIENCE));
            ended.await.unwrap();
        }
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        until("the portal's port is closed", || TcpStream::connect(address).is_err()).await;
    }

    /// Answers with this status from now on, except at `/health`.
    pub(crate) fn answer_with(&self, status: u16) {
        self.answers.store(status, Ordering::SeqCst);
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn answer(State(answers): State<Arc<AtomicU16>>, request: Request) -> Response {
    let status = match request.uri().path() {
        "/health" => StatusCode::OK,
        _ => StatusCode::from_u16(answers.load(Ordering::SeqCst)).unwrap(),
    };
    let page = format!(
        "<!DOCTYPE html><html><body><!--#include virtual=\"/umleitung-fragment\" -->{PAGE}<pre>{} {}\n{}</pre></body></html>\n",
        request.method(),
        request.uri(),
        told(request.headers())
    );
    (status, [(header::CACHE_CONTROL, "no-store")], Html(page)).into_response()
}

fn told(headers: &HeaderMap) -> String {
    let line = |(name, value): (&header::HeaderName, &header::HeaderValue)| format!("{name}: {}\n", value.to_str().unwrap_or_default());
    headers.iter().map(line).collect()
}

/// The web servers that the documentation has a file for, and that are to be had here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Nginx,
    Apache,
    Haproxy,
    Caddy,
}

impl Kind {
    /// The program, which is also the name of its Debian package.
    fn program(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Apache => "apache2",
            Self::Haproxy => "haproxy",
            Self::Caddy => "caddy",
        }
    }

    fn file(self) -> &'static str {
        match self {
            Self::Nginx => "nginx.conf",
            Self::Apache => "apache.conf",
            Self::Haproxy => "haproxy.cfg",
            Self::Caddy => "Caddyfile",
        }
    }

    /// How the file says where visitors come in, and how the test does.
    fn entrance(self, port: u16) -> (&'static str, String) {
        match self {
            Self::Nginx => ("listen 80;", format!("listen 127.0.0.1:{port};")),
            Self::Apache => ("<VirtualHost *:80>", format!("<VirtualHost *:{port}>")),
            Self::Haproxy => ("bind :80\n", format!("bind 127.0.0.1:{port}\n")),
            Self::Caddy => ("http://portal.example {", format!("http://127.0.0.1:{port} {{\n\tbind 127.0.0.1")),
        }
    }
}

/// A running reverse proxy; killed when dropped. A test that fails shows what it logged.
pub(crate) struct Proxy {
    child: Child,
    pub(crate) base: String,
    folder: TempDir,
    client: Client,
}

/// Where the parts are that a proxy connects.
pub(crate) struct Plan<'a> {
    pub(crate) kind: Kind,
    /// Where visitors come in.
    pub(crate) port: u16,
    pub(crate) portal: &'a Portal,
    /// Where the notice server listens, such as `http://127.0.0.1:8080`.
    pub(crate) notices: &'a str,
    /// The page that stands in when nothing else does.
    pub(crate) copy: &'a Path,
}

impl Proxy {
    pub(crate) async fn start(plan: &Plan<'_>) -> Self {
        Self::run(plan.kind, plan.port, &offered(plan)).await
    }

    /// nginx alone, with the files of a mirror.
    pub(crate) async fn serving(mirror: &Path) -> Self {
        let port = free_port();
        let own = [
            ("listen 80;", format!("listen 127.0.0.1:{port};")),
            ("/var/lib/umleitung-mirror;", format!("{};", mirror.display())),
        ];
        Self::run(Kind::Nginx, port, &filled("nginx-mirror.conf", own)).await
    }

    /// nginx with a file that somebody has written by hand.
    pub(crate) async fn nginx(port: u16, text: &str) -> Self {
        Self::run(Kind::Nginx, port, text).await
    }

    async fn run(kind: Kind, port: u16, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Apache reads as another user when it was started by root.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let file = folder.path().join(kind.file());
        fs::write(&file, text).unwrap();
        let mut command = command(kind, port, folder.path(), &file);
        let log = File::create(folder.path().join("output.log")).unwrap();
        let child = command
            .current_dir(folder.path())
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut proxy = Self {
            child,
            base: format!("http://127.0.0.1:{port}"),
            folder,
            client: Client::new(),
        };
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        until("the proxy listens", || {
            let ended = proxy.child.try_wait().unwrap();
            assert!(ended.is_none(), "{} did not start: {ended:?}", kind.program());
            TcpStream::connect(address).is_ok()
        })
        .await;
        proxy
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Sends a request; one that posts has a form in it.
    pub(crate) async fn send(&self, method: &Method, path: &str) -> reqwest::Response {
        let request = self.request(method.clone(), path);
        let request = if *method == Method::POST {
            request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body("name=Erika")
        } else {
            request
        };
        request.send().await.unwrap()
    }

    /// A request as a browser would send it, with what it knows of the visitor.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, self.url(path))
            .header(header::COOKIE, "session=portal-secret")
            .header(header::AUTHORIZATION, "Basic cG9ydGFsOnNlY3JldA==")
            .header(header::REFERER, "https://portal.example/portal-secret")
            .header(header::ACCEPT_LANGUAGE, "de-DE,de;q=0.9")
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            for entry in fs::read_dir(self.folder.path()).into_iter().flatten().flatten() {
                if entry.path().extension().is_some_and(|extension| extension == "log") {
                    let log = fs::read_to_string(entry.path()).unwrap_or_default();
                    eprintln!("---- {}\n{log}", entry.path().display());
                }
            }
        }
    }
}

/// The documentation's file with the test's ports and paths in the place of the examples.
fn offered(plan: &Plan<'_>) -> String {
    let notices = plan.notices.strip_prefix("http://").unwrap();
    let (entrance, here) = plan.kind.entrance(plan.port);
    let mut replacements = vec![
        (entrance, here),
        ("127.0.0.1:3000", format!("127.0.0.1:{}", plan.portal.port)),
        ("192.0.2.10:8080", notices.to_owned()),
        ("/var/lib/umleitung-copy", plan.copy.display().to_string()),
    ];
    if fs::read_to_string(Path::new(OFFERED).join(plan.kind.file())).is_ok_and(|text| text.contains("127.0.0.1:8503")) {
        // Not by its port alone: `503` stands in many places.
        replacements.push(("127.0.0.1:8503", format!("127.0.0.1:{}", free_port())));
    }
    filled(plan.kind.file(), replacements)
}

/// A file of the documentation's with the test's own in the place of the examples.
fn filled<'a>(file: &str, replacements: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let path = Path::new(OFFERED).join(file);
    let mut text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for (example, own) in replacements {
        assert!(
            text.contains(example),
            "{} does not hold `{example}` any more; the test relies on it",
            path.display()
        );
        text = text.replace(example, &own);
    }
    text
}

/// How the program is started with the file: in the foreground, in one process, without a right to anything.
fn command(kind: Kind, port: u16, folder: &Path, file: &Path) -> Command {
    let mut command = Command::new(find(kind.program()));
    let around = folder.join("around.conf");
    let here = folder.display();
    match kind {
        Kind::Nginx => {
            let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .iter()
                .map(|name| format!("    {name}_temp_path {here}/{name};\n"))
                .collect();
            let text = format!(
                "daemon off;\nmaster_process off;\npid {here}/nginx.pid;\nerror_log {here}/error.log;\nevents {{}}\nhttp {{\n    \
                 access_log {here}/access.log;\n{temporary}    include {};\n}}\n",
                file.display()
            );
            fs::write(&around, text).unwrap();
            command.arg("-e").arg(folder.join("error.log")).arg("-c").arg(&around);
        }
        Kind::Apache => {
            fs::write(folder.join("mime.types"), "text/html html\n").unwrap();
            // What Debian's own files load beside the modules that the offered file names; the last one compresses, as they have it.
            let modules: String = ["mpm_event", "alias", "authz_core", "filter", "mime", "deflate"]
                .into_iter()
                .chain(modules(&fs::read_to_string(file).unwrap()).iter().map(String::as_str))
                .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
                .collect();
            let text = format!(
                "{modules}ServerRoot {here}\nDefaultRuntimeDir {here}\nPidFile {here}/apache.pid\nErrorLog {here}/error.log\n\
                 TypesConfig {here}/mime.types\n\
                 AddOutputFilterByType DEFLATE text/html text/javascript application/json\nUser nobody\nGroup nogroup\nServerName 127.0.0.1\nListen 127.0.0.1:{}\nInclude {}\n",
                port,
                file.display()
            );
            fs::write(&around, text).unwrap();
            command.arg("-X").arg("-f").arg(&around);
        }
        Kind::Haproxy => {
            fs::write(&around, "global\n    tune.bufsize 262144\n").unwrap();
            command.arg("-db").arg("-f").arg(&around).arg("-f").arg(file);
        }
        Kind::Caddy => {
            let text = format!("{{\n\tadmin off\n\tauto_https off\n}}\nimport {}\n", file.display());
            fs::write(&around, text).unwrap();
            command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&around);
        }
    }
    command
}

/// The modules that the line `a2enmod …` of the offered file switches on.
fn modules(text: &str) -> Vec<String> {
    let line = text.lines().find_map(|line| line.split_once("a2enmod "));
    let (_, names) = line.expect("the file says which modules it needs");
    names.split_whitespace().map(str::to_owned).collect()
}

/// The program, also where only the superuser's `PATH` leads.
fn find(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
        .unwrap_or_else(|| panic!("`{program}` is missing; install it with: sudo apt-get install --no-install-recommends {program}"))
}

/// Runs the documentation's script that keeps the copy.
pub(crate) fn save_copy(page: &str, folder: &Path) -> bool {
    let script = Path::new(OFFERED).join("save-503.sh");
    Command::new("sh")
        .arg(script)
        .arg(page)
        .arg(folder)
        .status()
        .expect("sh is there")
        .success()
}

/// Waits for what becomes true by itself, and gives others the processor meanwhile.
async fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_| panic!("waited in vain: {what}"));
}
