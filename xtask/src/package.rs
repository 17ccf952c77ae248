//! `cargo xtask package`: the binary as a Debian package, with its unit and its settings.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::{build, project, step, tools};

/// What is in the package besides the binary: a file of the repository, where it is installed, and with which rights.
const FILES: [(&str, &str, u32); 5] = [
    (
        "docs/deployment/umleitung.service",
        "usr/lib/systemd/system/umleitung.service",
        0o644,
    ),
    ("docs/deployment/debian/umleitung.toml", "etc/umleitung/umleitung.toml", 0o640),
    ("docs/deployment/debian/copyright", "usr/share/doc/umleitung/copyright", 0o644),
    (
        "target/tools/node_modules/dejavu-fonts-ttf/LICENSE",
        "usr/share/doc/umleitung/fonts",
        0o644,
    ),
    ("LICENSE", "usr/share/doc/umleitung/LICENSE", 0o644),
];

/// What Debian's tools read, and what they run.
const CONTROL: [(&str, u32); 5] = [
    ("control", 0o644),
    ("conffiles", 0o644),
    ("postinst", 0o755),
    ("prerm", 0o755),
    ("postrm", 0o755),
];

pub(crate) fn run() -> Result<()> {
    let _lock = project::lock()?;
    tools::for_building()?;
    build::product()?;
    println!("packed: {}", project::short(&pack()?));
    Ok(())
}

/// Packs the binary that was built last; where the package is.
pub(crate) fn pack() -> Result<PathBuf> {
    let version = env!("CARGO_PKG_VERSION");
    let architecture = output("dpkg", &["--print-architecture"])?;
    let folder = project::root().join("target/package");
    // Whoever takes the package from there finds one.
    let tree = project::root().join("target/package-tree");
    for old in [&folder, &tree] {
        if old.exists() {
            fs::remove_dir_all(old).with_context(|| format!("cannot empty {}", old.display()))?;
        }
    }
    fs::create_dir_all(&folder)?;
    let mut size = 0;
    let mut put = |from: &Path, to: &str, mode| -> Result<()> {
        size += from.metadata().with_context(|| format!("{} is missing", from.display()))?.len();
        place(&tree, to, &fs::read(from)?, mode)
    };
    put(&project::binary(), "usr/bin/umleitung", 0o755)?;
    for (from, to, mode) in FILES {
        put(&project::root().join(from), to, mode)?;
    }
    let completions = Command::new(project::binary()).args(["completions", "bash"]).output()?;
    ensure!(completions.status.success(), "the binary says nothing to a shell");
    place(&tree, "usr/share/bash-completion/completions/umleitung", &completions.stdout, 0o644)?;
    for (name, mode) in CONTROL {
        let text = fs::read_to_string(project::root().join("docs/deployment/debian").join(name))?;
        let text = text
            .replace("@VERSION@", version)
            .replace("@ARCHITECTURE@", &architecture)
            .replace("@SIZE@", &(size / 1024).to_string());
        place(&tree, &format!("DEBIAN/{name}"), text.as_bytes(), mode)?;
    }
    let package = folder.join(format!("umleitung_{version}_{architecture}.deb"));
    let mut dpkg = Command::new("dpkg-deb");
    dpkg.args(["--root-owner-group", "-Zxz", "-z6", "--build"]).arg(&tree).arg(&package);
    step::run("Pack the Debian package", &mut dpkg)?;
    Ok(package)
}

fn place(tree: &Path, to: &str, bytes: &[u8], mode: u32) -> Result<()> {
    let path = tree.join(to);
    let folder = path.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder)?;
    // Whatever the machine lets new folders be.
    for folder in folder.ancestors().take_while(|folder| folder.starts_with(tree)) {
        fs::set_permissions(folder, Permissions::from_mode(0o755))?;
    }
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    fs::set_permissions(&path, Permissions::from_mode(mode))?;
    Ok(())
}

fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("`{program}` is missing; a Debian package is made on Debian"))?;
    ensure!(output.status.success(), "`{program}` failed");
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
