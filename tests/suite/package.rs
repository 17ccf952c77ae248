//! The Debian package on this very machine: installed, run as its unit would run it, updated from the release before, removed.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use reqwest::{Client, StatusCode};
use serde_json::Value;

use super::support::{as_root, listener::PATIENCE, outage, proxy::free_port};

const SETTINGS: &str = "/etc/umleitung/umleitung.toml";
const DATA: &str = "/var/lib/umleitung";
const TITLE: &str = "Vor dem Update gemeldet";

/// The package that was made with this release.
fn package() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/package");
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}; make it with `cargo xtask package`", folder.display()));
    let mut found = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "deb"));
    found.next().expect("there is no package; make it with `cargo xtask package`")
}

/// The same as an earlier release.
fn earlier(folder: &Path) -> PathBuf {
    let (tree, file) = (folder.join("tree"), folder.join("earlier.deb"));
    succeed(as_root("dpkg-deb").arg("--raw-extract").arg(package()).arg(&tree));
    succeed(
        as_root("sed")
            .args(["-i", "s/^Version: .*/Version: 0.0.9/"])
            .arg(tree.join("DEBIAN/control")),
    );
    succeed(
        as_root("dpkg-deb")
            .args(["--root-owner-group", "-Znone", "--build"])
            .arg(&tree)
            .arg(&file),
    );
    succeed(as_root("rm").arg("-r").arg(&tree));
    file
}

fn succeed(command: &mut Command) -> Output {
    let output = command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat();
    assert!(output.status.success(), "{command:?}: {said}");
    output
}

/// Takes all of it away in the end, also where a test fails.
struct Installed;

impl Drop for Installed {
    fn drop(&mut self) {
        let _ = as_root("dpkg").args(["--purge", "umleitung"]).output();
    }
}

/// A command of the package's, as the user that it has made.
fn command(arguments: &[&str]) -> Command {
    let mut command = as_root("runuser");
    command
        .args(["-u", "umleitung", "--", "umleitung"])
        .args(arguments)
        .args(["--config", SETTINGS]);
    command
}

/// The server as the unit starts it; asked to stop when dropped.
struct Unit(Child);

impl Unit {
    async fn start(base: &str) -> Self {
        let unit = fs::read_to_string("/usr/lib/systemd/system/umleitung.service").unwrap();
        let setting = |name: &str| unit.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
        assert_eq!(setting("StateDirectory="), DATA.rsplit('/').next().unwrap());
        let (user, group) = (setting("User="), setting("Group="));
        let child = as_root("setpriv")
            .args([
                format!("--reuid={user}"),
                format!("--regid={group}"),
                "--init-groups".to_owned(),
                "--no-new-privs".to_owned(),
            ])
            .args(["--bounding-set=-all", "--", "env", "-i"])
            .args(setting("ExecStart=").split(' '))
            .current_dir("/")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let unit = Self(child);
        let asking = async {
            while Client::new()
                .get(format!("{base}/readyz"))
                .send()
                .await
                .map(|answer| answer.status())
                .ok()
                != Some(StatusCode::OK)
            {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, asking).await.expect("it does not start");
        unit
    }

    fn stop(mut self) {
        succeed(as_root("kill").arg(self.0.id().to_string()));
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        let _ = as_root("kill").arg(self.0.id().to_string()).output();
        let _ = self.0.wait();
    }
}

async fn titles(base: &str) -> String {
    let state: Value = Client::new()
        .get(format!("{base}/p/musterstadt/state.json"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    state["notices"].to_string()
}

#[tokio::test]
async fn the_package_is_installed_run_updated_and_removed() {
    // What is there in earnest is nobody's toy.
    for kept in [DATA, "/etc/umleitung", "/usr/bin/umleitung"] {
        assert!(!Path::new(kept).exists(), "{kept} is there: this test would take it away");
    }
    let folder = tempfile::tempdir().unwrap();
    let _installed = Installed;
    succeed(as_root("dpkg").arg("--install").arg(earlier(folder.path())));
    // Nobody else reads the data, or the settings beside which secrets may lie.
    let data = fs::metadata(DATA).unwrap();
    let id = |kind: &str| String::from_utf8(succeed(Command::new("id").args([kind, "umleitung"])).stdout).unwrap();
    assert_eq!((data.mode() & 0o777, data.uid().to_string()), (0o700, id("-u").trim().to_owned()));
    let settings = succeed(as_root("stat").args(["--format", "%a %U %G", SETTINGS])).stdout;
    assert_eq!(String::from_utf8(settings).unwrap().trim(), "640 root umleitung");

    // What whoever installs it says.
    let port = free_port();
    let base = format!("http://127.0.0.1:{port}");
    let edit = format!("s#^listen = .*#listen = \"127.0.0.1:{port}\"#; s#^. public_url = .*#public_url = \"{base}\"#");
    succeed(as_root("sed").args(["-i", &edit, SETTINGS]));
    let unit = Unit::start(&base).await;
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/demo/catalogue.toml");
    let readable = folder.path().join("catalogue.toml");
    fs::copy(catalogue, &readable).unwrap();
    succeed(as_root("chmod").args(["a+rx"]).arg(folder.path()));
    succeed(&mut command(&["catalogue", "apply", readable.to_str().unwrap()]));
    let token = succeed(&mut command(&["token", "create", "test", "--role", "publisher"])).stdout;
    let publish = Client::new()
        .post(format!("{base}/api/v1/notices"))
        .bearer_auth(String::from_utf8(token).unwrap().trim());
    assert_eq!(publish.json(&outage("kfz-zulassung", TITLE)).send().await.unwrap().status(), 201);
    // All that is wrong is that nobody has been made an administrator.
    let looked = command(&["doctor", "--json"]).output().unwrap();
    let looked: Vec<Value> = serde_json::from_slice(&looked.stdout).unwrap();
    let faults: Vec<_> = looked
        .iter()
        .filter(|one| one["is_sound"] == false)
        .map(|one| &one["check"])
        .collect();
    assert_eq!(faults, ["administrator"], "{looked:?}");
    unit.stop();

    // The next release: data and settings stay.
    let before = fs::read_to_string("/var/lib/dpkg/info/umleitung.list").unwrap();
    succeed(as_root("dpkg").arg("--install").arg(package()));
    assert_eq!(fs::read_to_string("/var/lib/dpkg/info/umleitung.list").unwrap(), before);
    let version = succeed(Command::new("dpkg-query").args(["--show", "--showformat", "${Version}", "umleitung"])).stdout;
    assert_eq!(String::from_utf8(version).unwrap(), env!("CARGO_PKG_VERSION"));
    let unit = Unit::start(&base).await;
    assert!(titles(&base).await.contains(TITLE));
    unit.stop();

    // What was said stays until its end is asked for by name.
    succeed(as_root("dpkg").args(["--remove", "umleitung"]));
    assert!(!Path::new("/usr/bin/umleitung").exists());
    succeed(as_root("test").args(["-f", &format!("{DATA}/umleitung.sqlite3"), "-a", "-f", SETTINGS]));
    succeed(as_root("dpkg").args(["--purge", "umleitung"]));
    for left in [
        DATA,
        "/etc/umleitung",
        "/usr/share/doc/umleitung",
        "/usr/lib/systemd/system/umleitung.service",
    ] {
        assert!(!Path::new(left).exists(), "{left} is left");
    }
    assert!(!Command::new("id").arg("umleitung").output().unwrap().status.success());
}
