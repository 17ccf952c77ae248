//! Sets up what building and testing need, only what is missing.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::search::{cargo_install, find, folder, has_version, version};
use super::{browsers, packages};
use crate::{project, step};

const TRUNK: &str = "0.21.14";
/// What is installed from npm, and exactly which files that is.
const NPM_FILES: [&str; 3] = ["package.json", "package-lock.json", "eslint.config.mjs"];
/// What judges the crates that are built in.
const CARGO_DENY: &str = "0.20.2";
/// Object storage that speaks S3, for the tests of the mirror.
const S3S_FS: &str = "0.14.1";
/// What is installed from PyPI, and exactly which versions that is.
const PYTHON_FILE: &str = "tests/python.txt";
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Everything is there for building the front-end and the server.
pub(crate) fn for_building() -> Result<()> {
    node()?;
    wasm_target()?;
    npm_packages()?;
    trunk()?;
    wasm_bindgen()
}

/// Everything is there for building and for testing, the three browsers included.
pub(crate) fn for_testing() -> Result<()> {
    // The packages first: where one cannot be installed, the reader learns it before minutes of compiling.
    packages::install()?;
    browsers::install()?;
    object_storage()?;
    python()?;
    cargo_deny()?;
    rust_component("clippy", "cargo-clippy", "rust-clippy")?;
    rust_component("rustfmt", "rustfmt", "rustfmt")?;
    for_building()
}

fn node() -> Result<()> {
    for program in ["node", "npm"] {
        if find(program).is_none() {
            bail!("`{program}` is missing. Node.js 18 or newer with npm is needed; install it with: sudo apt-get install nodejs npm");
        }
    }
    Ok(())
}

/// The folder of the Rust toolchain in use.
fn sysroot() -> Result<PathBuf> {
    // cargo tells where it is; asking rustc is slower and needed only where cargo is not part of a toolchain.
    if let Some(cargo) = env::var_os("CARGO").map(PathBuf::from)
        && let Some(root) = cargo.parent().and_then(Path::parent)
        && root.join("lib/rustlib").is_dir()
    {
        return Ok(root.to_path_buf());
    }
    let output = project::command("rustc")
        .args(["--print", "sysroot"])
        .output()
        .context("cannot start `rustc`")?;
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

fn wasm_target() -> Result<()> {
    if sysroot()?.join("lib/rustlib").join(WASM_TARGET).join("lib").is_dir() {
        return Ok(());
    }
    if find("rustup").is_none() {
        bail!(
            "the Rust target {WASM_TARGET} is missing, and there is no rustup to add it. Install Rust with rustup, then: rustup target add {WASM_TARGET}"
        );
    }
    step::run(
        "Add the WebAssembly target to Rust",
        project::command("rustup").args(["target", "add", WASM_TARGET]),
    )?;
    Ok(())
}

fn rust_component(component: &str, program: &str, debian_package: &str) -> Result<()> {
    if sysroot()?.join("bin").join(program).is_file() || find(program).is_some_and(|found| !is_rustup_proxy(&found)) {
        return Ok(());
    }
    if find("rustup").is_none() {
        bail!("{component} is missing, and there is no rustup to add it; install it with: sudo apt-get install {debian_package}");
    }
    step::run(
        &format!("Add {component} to Rust"),
        project::command("rustup").args(["component", "add", component]),
    )?;
    Ok(())
}

/// rustup puts a program of every name there, also for components that are not installed.
fn is_rustup_proxy(program: &Path) -> bool {
    program.parent().is_some_and(|folder| folder.join("rustup").exists())
}

fn object_storage() -> Result<()> {
    if has_version(version("s3s-fs").as_deref(), S3S_FS) {
        return Ok(());
    }
    let package = format!("s3s-fs@{S3S_FS}");
    cargo_install(
        &format!("Install s3s-fs {S3S_FS} (about a minute)"),
        &["--locked", &package, "--features", "binary"],
    )
}

/// What judges the crates that are built in, by `deny.toml`.
pub(crate) fn cargo_deny() -> Result<()> {
    if has_version(version("cargo-deny").as_deref(), CARGO_DENY) {
        return Ok(());
    }
    let package = format!("cargo-deny@{CARGO_DENY}");
    cargo_install(
        &format!("Install cargo-deny {CARGO_DENY} (about two minutes)"),
        &["--locked", &package],
    )
}

/// Programs and libraries of others that ask the server and read what it says.
fn python() -> Result<()> {
    let wanted = fs::read_to_string(project::root().join(PYTHON_FILE)).with_context(|| format!("cannot read {PYTHON_FILE}"))?;
    // What was installed last; written when all of it is there.
    let done = folder().join("python/installed.txt");
    if fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let tools = folder();
    let place = tools.join("python");
    step::run(
        "Make a place for Python programs",
        project::command("python3").args(["-m", "venv", "--clear"]).arg(&place),
    )?;
    step::run(
        "Install what the tests take from PyPI",
        project::command(place.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"])
            .arg(project::root().join(PYTHON_FILE)),
    )?;
    let (made, link) = (place.join("bin/schemathesis"), tools.join("bin/schemathesis"));
    fs::create_dir_all(tools.join("bin"))?;
    if link.symlink_metadata().is_ok() {
        fs::remove_file(&link)?;
    }
    std::os::unix::fs::symlink(made, &link).with_context(|| format!("cannot create {}", link.display()))?;
    fs::write(&done, wanted).with_context(|| format!("cannot write {}", done.display()))
}

fn trunk() -> Result<()> {
    if has_version(version("trunk").as_deref(), TRUNK) {
        return Ok(());
    }
    let package = format!("trunk@{TRUNK}");
    cargo_install(
        &format!("Install trunk {TRUNK} (about two minutes)"),
        &["--locked", &package, "--no-default-features", "--features", "rustls"],
    )
}

/// The command-line tool has to be of the very version that the code was compiled against.
fn wasm_bindgen() -> Result<()> {
    let lock = fs::read_to_string(project::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let wanted = locked_version(&lock, "wasm-bindgen")?;
    if has_version(version("wasm-bindgen").as_deref(), &wanted) {
        return Ok(());
    }
    // Not `--locked`: the lock file of that package names releases that are not to be had everywhere.
    let package = format!("wasm-bindgen-cli@{wanted}");
    cargo_install(&format!("Install wasm-bindgen {wanted} (about a minute)"), &[&package])
}

fn locked_version(lock: &str, package: &str) -> Result<String> {
    let lock: toml::Table = lock.parse().context("Cargo.lock is not valid TOML")?;
    let packages = lock
        .get("package")
        .and_then(toml::Value::as_array)
        .context("Cargo.lock lists no packages")?;
    let versions: Vec<&str> = packages
        .iter()
        .filter(|entry| entry.get("name").and_then(toml::Value::as_str) == Some(package))
        .filter_map(|entry| entry.get("version").and_then(toml::Value::as_str))
        .collect();
    match versions.as_slice() {
        [version] => Ok((*version).to_owned()),
        [] => bail!("Cargo.lock names no {package}"),
        several => bail!("Cargo.lock names several versions of {package}: {}", several.join(", ")),
    }
}

/// What comes from npm, to the byte that the lock file names (`xtask/npm/`): wasm-opt and terser for the build, axe for the tests, React as a
/// page that its own script takes over as a whole (the last release that comes as plain scripts minds a foreign element most), a provider at
/// which the tests sign in, and a peer for the benchmark.
fn npm_packages() -> Result<()> {
    let (ours, tools) = (project::root().join("xtask/npm"), folder());
    let is_same = |name: &&str| fs::read(ours.join(name)).is_ok_and(|wanted| fs::read(tools.join(name)).is_ok_and(|found| found == wanted));
    // npm writes its own list of what it has put there last.
    if NPM_FILES.iter().all(is_same) && tools.join("node_modules/.package-lock.json").is_file() {
        return Ok(());
    }
    fs::create_dir_all(&tools).with_context(|| format!("cannot create {}", tools.display()))?;
    for name in NPM_FILES {
        fs::copy(ours.join(name), tools.join(name)).with_context(|| format!("cannot copy {name} to {}", tools.display()))?;
    }
    let mut npm = project::command("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(&tools);
    step::run("Install what comes from npm", &mut npm)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_read() {
        let lock =
            "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").expect("is there"), "0.2.130");
        assert!(locked_version(lock, "b").is_err());
        let twice = lock.replace("\"a\"", "\"wasm-bindgen\"");
        assert!(
            locked_version(&twice, "wasm-bindgen")
                .expect_err("ambiguous")
                .to_string()
                .contains("1.0.0, 0.2.130")
        );
    }

    #[test]
    fn the_repository_locks_one_wasm_bindgen() {
        let lock = fs::read_to_string(project::root().join("Cargo.lock")).expect("readable");
        assert!(locked_version(&lock, "wasm-bindgen").is_ok());
    }
}
