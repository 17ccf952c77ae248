//! Sets up what building and testing need, only what is missing.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::search::{cargo_install, find, folder, has_version, version};
use super::{browsers, proxies};
use crate::{project, step};

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132.0.0";
const TERSER: &str = "5.51.2";
const AXE: &str = "4.14.1";
/// Of a page that its own script takes over as a whole; the last release of its line that comes as plain scripts minds a foreign element most.
const REACT: &str = "18.2.0";
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Everything is there for building the front-end and the server.
pub(crate) fn for_building() -> Result<()> {
    node()?;
    wasm_target()?;
    npm_packages(&[("binaryen", BINARYEN, Some("wasm-opt")), ("terser", TERSER, Some("terser"))])?;
    trunk()?;
    wasm_bindgen()
}

/// Everything is there for building and for testing, the three browsers included.
pub(crate) fn for_testing() -> Result<()> {
    // The browsers first: where one cannot be installed, the reader learns it before minutes of compiling.
    browsers::install()?;
    proxies::install()?;
    rust_component("clippy", "cargo-clippy", "rust-clippy")?;
    rust_component("rustfmt", "rustfmt", "rustfmt")?;
    for_building()?;
    npm_packages(&[("axe-core", AXE, None), ("react", REACT, None), ("react-dom", REACT, None)])
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

/// Each package with its exact version and the program it brings, if it is called by name.
fn npm_packages(wanted: &[(&str, &str, Option<&str>)]) -> Result<()> {
    let missing: Vec<String> = wanted
        .iter()
        .filter(|(package, version, program)| !has_npm_package(package, version, *program))
        .map(|(package, version, _)| format!("{package}@{version}"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let tools = folder();
    fs::create_dir_all(&tools).with_context(|| format!("cannot create {}", tools.display()))?;
    let mut npm = project::command("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--save-exact", "--prefix"])
        .arg(&tools)
        .args(&missing);
    step::run(&format!("Install {} by npm", missing.join(" and ")), &mut npm)?;
    Ok(())
}

fn has_npm_package(package: &str, wanted: &str, program: Option<&str>) -> bool {
    // Its own description is read faster than Node.js starts.
    let description = folder().join("node_modules").join(package).join("package.json");
    if let Ok(text) = fs::read_to_string(description) {
        let found = serde_json::from_str::<serde_json::Value>(&text).ok();
        return found.as_ref().and_then(|found| found.get("version")?.as_str()) == Some(wanted);
    }
    // `wasm-opt version 132 (version_132)` for 132.0.0, `terser 5.51.2`.
    let spoken = wanted.strip_suffix(".0.0").unwrap_or(wanted);
    program.is_some_and(|program| has_version(version(program).as_deref(), spoken))
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
