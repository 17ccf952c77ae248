//! `umleitung doctor` looks at an installation: what is sound is said to be, and each of many faults that people really make is found, with what
//! to do about it.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    process::{Command, Output},
    sync::Arc,
};

use domain::{
    access::{Actor, Role},
    notice::{self, Intent},
    record::Command as Asked,
};
use engine::Publisher;
use jiff::{SignedDuration, tz::TimeZone};
use serde_json::{Value, json};
use store::{
    Place,
    clock::{Clock as _, SystemClock},
};
use tempfile::TempDir;

use super::support::{
    as_root,
    binary::{self, Process},
    clock::ManualClock,
    proxy::{Portal, Proxy, free_port},
    shell,
    target::{Authority, Plan, Target},
};

const FILE: &str = "umleitung.sqlite3";
const SECRET: &[&str] = &["user", "add", "nacht.dienst", "--role", "admin", "--password-stdin"];

/// What a look found, by what was looked at.
struct Looked {
    is_sound: bool,
    found: BTreeMap<String, Value>,
}

impl Looked {
    fn at(data: &Path, arguments: &[&str]) -> Self {
        Self::in_output(&binary::run(data, &[&["doctor", "--json"], arguments].concat(), ""))
    }

    fn in_output(output: &Output) -> Self {
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complained = String::from_utf8_lossy(&output.stderr).into_owned();
        let found: Vec<Value> = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}{complained}"));
        let found = found
            .into_iter()
            .map(|one| (one["check"].as_str().unwrap().to_owned(), one))
            .collect();
        let is_sound = output.status.code() == Some(0);
        assert!(is_sound || output.status.code() == Some(1), "{complained}");
        Self { is_sound, found }
    }

    fn faults(&self) -> Vec<&str> {
        let faults = self.found.iter().filter(|(_, one)| one["is_sound"] == false);
        faults.map(|(check, _)| check.as_str()).collect()
    }

    /// This is found, and said with these words; what to do holds those.
    fn finds(&self, check: &str, seen: &str, remedy: &str) {
        let one = self
            .found
            .get(check)
            .unwrap_or_else(|| panic!("{check} was not looked at: {:?}", self.found));
        assert_eq!(one["is_sound"], false, "{one}");
        assert!(one["seen"].as_str().unwrap().contains(seen), "{one}");
        assert!(one["remedy"].as_str().unwrap().contains(remedy), "{one}");
        assert!(!self.is_sound);
    }
}

/// Data with the demo's catalogue and an administrator, and nobody who serves them.
fn data() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    drop(Process::serve(folder.path(), &["--demo"]));
    add_administrator(folder.path());
    folder
}

fn add_administrator(folder: &Path) {
    let added = binary::run(folder, SECRET, "Kranich im Nebel, 3 Uhr\n");
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
}

/// Puts another catalogue in force.
fn apply(folder: &Path, catalogue: &str) {
    let file = folder.join("catalogue.toml");
    fs::write(&file, catalogue).unwrap();
    binary::succeed(folder, &["catalogue", "apply", file.to_str().unwrap()]);
}

fn listen(server: &Process) -> &str {
    server.base.strip_prefix("http://").unwrap()
}

/// A server behind nginx with such a location.
async fn behind(folder: &Path, location: &str) -> (Process, Proxy) {
    let port = free_port();
    let server = Process::serve(
        folder,
        &["--public-url", &format!("http://127.0.0.1:{port}"), "--trusted-proxy", "127.0.0.1"],
    );
    let text = format!(
        "server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {}; proxy_set_header X-Forwarded-For $remote_addr; {location} }} }}",
        server.base
    );
    let proxy = Proxy::nginx(port, &text).await;
    (server, proxy)
}

/// The options with which that server is run.
fn as_served<'a>(server: &'a Process, proxy: &'a Proxy) -> [&'a str; 6] {
    [
        "--listen",
        listen(server),
        "--public-url",
        &proxy.base,
        "--trusted-proxy",
        "127.0.0.1",
    ]
}

#[tokio::test]
async fn a_sound_installation_is_said_to_be_sound() {
    let folder = data();
    let mirror = tempfile::tempdir().unwrap();
    let mirror = mirror.path().to_str().unwrap();
    binary::succeed(folder.path(), &["mirror", mirror]);
    let (server, proxy) = behind(folder.path(), "proxy_buffering off;").await;
    let arguments = [&as_served(&server, &proxy)[..], &["--mirror", mirror]].concat();
    let looked = Looked::at(folder.path(), &arguments);
    assert_eq!(looked.faults(), Vec::<&str>::new(), "{:?}", looked.found);
    assert!(looked.is_sound);
    for check in [
        "data",
        "rights",
        "room",
        "record",
        "administrator",
        "catalogue",
        "server",
        "ready",
        "address",
        "proxy",
        "loader",
        "stream",
        "mirror",
    ] {
        assert!(looked.found.contains_key(check), "{check} was not looked at");
    }
    // For people, in lines.
    let said = binary::succeed(folder.path(), &[&["doctor"], &arguments[..]].concat());
    assert!(said.lines().all(|line| line.starts_with("ok ")), "{said}");
}

#[tokio::test]
async fn faults_of_the_data_are_found() {
    let here = ["--public-url", "http://127.0.0.1:1", "--listen", "127.0.0.1:1"];

    // Another folder than the one with the data.
    let empty = tempfile::tempdir().unwrap();
    Looked::at(empty.path(), &here).finds("data", "umleitung.sqlite3", "--data");

    // Everybody may read it.
    let folder = data();
    let file = folder.path().join(FILE);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    Looked::at(folder.path(), &here).finds("rights", "Everybody", "chmod");

    // It belongs to somebody else; looking at it makes no file there that the server could not open.
    let give = |to: &str| assert!(as_root("chown").arg(to).arg(&file).status().unwrap().success());
    let own = file.metadata().unwrap().uid().to_string();
    give("65534");
    let before = fs::read_dir(folder.path()).unwrap().count();
    Looked::at(folder.path(), &here).finds("owner", "65534", "as the user under whom");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before);
    give(&own);
    // As it is after a command that root has run beside the server.
    let beside = folder.path().join(format!("{FILE}.id"));
    assert!(as_root("chown").arg("65534").arg(&beside).status().unwrap().success());
    Looked::at(folder.path(), &here).finds("owner", ".id belongs", "chown");
    assert!(as_root("chown").arg(&own).arg(&beside).status().unwrap().success());

    // Nothing can be written any more, as on a full disk.
    let output = Command::new("prlimit")
        .arg("--fsize=0:")
        .arg(binary::path())
        .args(["doctor", "--json", "--data"])
        .arg(folder.path())
        .args(here)
        .output()
        .unwrap();
    // It cannot be opened, or it can and takes nothing.
    let looked = Looked::in_output(&output);
    let fault = looked
        .faults()
        .into_iter()
        .find(|fault| ["data", "database_unwritable"].contains(fault));
    looked.finds(fault.unwrap_or_default(), "", "room on the disk");

    // Somebody has altered what was said.
    let pool = shell(&file).await;
    sqlx::raw_sql(
        "DROP TRIGGER journal_is_not_changed; UPDATE journal SET payload = replace(payload, 'Musterstadt', 'Musterdorf') WHERE seq = 1",
    )
    .execute(&pool)
    .await
    .unwrap();
    pool.close().await;
    Looked::at(folder.path(), &here).finds("record", "not whole", "backup");

    // A disk has lost it, and what was beside it.
    let folder = data();
    let file = folder.path().join(FILE);
    let length = usize::try_from(file.metadata().unwrap().len()).unwrap();
    fs::write(&file, vec![0x55; length]).unwrap();
    for beside in ["-wal", "-shm"] {
        let _ = fs::remove_file(folder.path().join(format!("{FILE}{beside}")));
    }
    Looked::at(folder.path(), &here).finds("data", "umleitung.sqlite3", "restore");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_is_behind_its_own_record_is_found() {
    let folder = data();
    // Another machine whose clock is decades ahead has written there.
    let place = Place::folder(folder.path());
    let clock = Arc::new(ManualClock::at("2096-05-04T08:00:00Z"));
    let ahead = Publisher::open(place.open().await.unwrap().journal, clock, Arc::new(()))
        .await
        .unwrap();
    let actor = Actor::new("elsewhere", Role::Admin);
    let confirmed = Asked::Upkeep(domain::record::upkeep::Command::ConfirmClock {
        reason: "Die Uhr stimmt.".to_owned(),
    });
    ahead.submit(actor.clone(), confirmed).await.unwrap();
    let content = serde_json::from_value(json!({
        "kind": "information", "severity": "information", "services": ["kfz-zulassung"], "title": {"de": "Aus der Zukunft"},
        "impact": {"de": "Niemand weiß davon."}, "announce_from": "2096-05-04T08:00:00Z",
    }));
    let content = Box::new(content.unwrap());
    let create = Asked::Notice(notice::Command::Create {
        content,
        intent: Intent::Publish,
    });
    ahead.submit(actor, create).await.unwrap();
    let looked = Looked::at(folder.path(), &["--public-url", "http://127.0.0.1:1", "--listen", "127.0.0.1:1"]);
    looked.finds("clock_implausible", "clock", "timedatectl");
}

#[tokio::test]
async fn what_is_missing_before_anybody_can_publish_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(folder.path(), &[]);
    let looked = Looked::at(folder.path(), &["--listen", listen(&server)]);
    looked.finds("administrator", "nobody can sign in", "user add");
    looked.finds("catalogue", "no portal", "catalogue apply");
    looked.finds("address", "does not know", "--public-url");
    // Somebody whom nobody helps when it fails.
    let folder = data();
    let exported = binary::succeed(folder.path(), &["catalogue", "export"]);
    // A list goes over several lines.
    let mut is_in_list = false;
    let mut without = String::new();
    for line in exported.lines() {
        is_in_list |= line.starts_with("channels = [") || line.starts_with("procedures = [");
        if !is_in_list {
            without.push_str(line);
            without.push('\n');
        }
        is_in_list &= !line.ends_with(']');
    }
    apply(folder.path(), &without);
    let looked = Looked::at(folder.path(), &["--listen", "127.0.0.1:1", "--public-url", "http://127.0.0.1:1"]);
    looked.finds("ways_out", "kfz-zulassung", "channels");
}

#[tokio::test]
async fn faults_on_the_way_from_people_to_the_server_are_found() {
    let folder = data();
    // Nobody has started it.
    let closed = format!("127.0.0.1:{}", free_port());
    let looked = Looked::at(folder.path(), &["--listen", &closed, "--public-url", "http://notices.invalid"]);
    looked.finds("server", "Nothing answers", "systemctl start");
    looked.finds("tls", "without TLS", "--public-url https://");
    looked.finds("address", "does not answer", "DNS");
    // Something else has taken its place.
    let other = Portal::start();
    let at = format!("127.0.0.1:{}", other.port);
    let looked = Looked::at(folder.path(), &["--listen", &at, "--public-url", &format!("http://{at}")]);
    looked.finds("server", "Another program", "--listen");
    looked.finds("address", "something else", "proxy");

    // A proxy that speaks HTTP/1.0 to servers, as it is usual, keeps what is new, says for how long it may be kept, and is trusted by nobody.
    let location = "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering; proxy_buffers 8 64k; proxy_hide_header Cache-Control; \
                    add_header Cache-Control 'public, max-age=86400';";
    let (server, proxy) = behind(folder.path(), location).await;
    let looked = Looked::at(folder.path(), &["--listen", listen(&server), "--public-url", &proxy.base]);
    looked.finds("proxy", "is not trusted", "--trusted-proxy");
    looked.finds("caching", "max-age=86400", "Cache-Control");
    looked.finds("stream", "keeps it back", "proxy_buffering off");
    drop((server, proxy));

    // One that hands on a part only.
    let (server, proxy) = behind(folder.path(), "proxy_buffering off; if ($uri ~ ^/p/) { return 404; }").await;
    let looked = Looked::at(folder.path(), &as_served(&server, &proxy));
    looked.finds("loader", "is not the script", "hands all paths on");
    looked.finds("stream", "404", "log");
}

/// A certificate of an authority that the system trusts, as far as this process can tell. The server of the test goes on meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_is_about_to_end_is_found() {
    let folder = data();
    let authority = Authority::new();
    let target = Target::start().await;
    target.plan(Plan::Answer(200, "ok\n"));
    let ends_in = |days: i64| {
        let day = (SystemClock.now() + SignedDuration::from_hours(24 * days))
            .to_zoned(TimeZone::UTC)
            .date();
        let (year, month, day) = (day.year(), day.month(), day.day());
        let date = (year.into(), month.unsigned_abs(), day.unsigned_abs());
        target.show(&authority.certificate("127.0.0.1", date));
        let closed = format!("127.0.0.1:{}", free_port());
        let doctor = Command::new(binary::path())
            .env("SSL_CERT_FILE", authority.file.path())
            .args([
                "doctor",
                "--json",
                "--listen",
                &closed,
                "--public-url",
                target.url().trim_end_matches('/'),
            ])
            .args(["--data".as_ref(), folder.path().as_os_str()])
            .output()
            .unwrap();
        Looked::in_output(&doctor)
    };
    ends_in(9).finds("certificate", "holds until", "renewed");
    assert_eq!(ends_in(40).found["certificate"]["is_sound"], true);
    // One that is over is no certificate.
    ends_in(-1).finds("address", "does not answer", "certificate");
}

#[tokio::test]
async fn what_the_server_relies_on_elsewhere_is_looked_at() {
    let folder = data();
    let mirror = tempfile::tempdir().unwrap();
    let mirror = mirror.path().to_str().unwrap();
    binary::succeed(folder.path(), &["mirror", mirror]);
    // Nobody keeps the mirror up to date any more.
    let exported = binary::succeed(folder.path(), &["catalogue", "export"]);
    apply(folder.path(), &exported.replace("linger_minutes = 120", "linger_minutes = 30"));
    // Whom is told of notices answers nobody.
    let receiver = format!("http://127.0.0.1:{}/hook", free_port());
    binary::succeed(folder.path(), &["webhook", "add", &receiver]);
    let server = Process::serve(folder.path(), &["--webhook-allow", "127.0.0.0/8"]);
    let token = binary::succeed(folder.path(), &["token", "create", "test", "--role", "publisher"]);
    let publish = reqwest::Client::new()
        .post(format!("{}/api/v1/notices", server.base))
        .bearer_auth(token.trim())
        .json(&super::support::outage("kfz-zulassung", "Kfz-Zulassung gestört"));
    assert_eq!(publish.send().await.unwrap().status(), 201);
    let provider = format!("http://127.0.0.1:{}", free_port());
    let arguments = [
        "--listen",
        listen(&server),
        "--public-url",
        &server.base,
        "--mirror",
        mirror,
        "--oidc-issuer",
        &provider,
        "--oidc-client-id",
        "umleitung",
        "--oidc-grant",
        "ops=publisher",
    ];
    let looking = async {
        loop {
            let looked = Looked::at(folder.path(), &arguments);
            if looked.found.contains_key("receivers") {
                return looked;
            }
            tokio::task::yield_now().await;
        }
    };
    let looked = tokio::time::timeout(super::support::listener::PATIENCE, looking).await.unwrap();
    looked.finds("mirror", "something else", "--mirror");
    looked.finds("provider", "does not answer", "--oidc-issuer");
    looked.finds("receivers", "has taken nothing", "webhook end");
}
