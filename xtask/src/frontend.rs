//! The front-end: widget and admin page by Trunk, each by itself, the loader by terser, into `target/web`, only when something changed.

mod unused;

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{project, step, tools};

/// String literals of the loader that the server replaces; each has to be there once, in double quotes.
const PLACEHOLDERS: [&str; 2] = ["\"__ASSETS__\"", "\"__STATE__\""];

/// What widget and admin page are both made of; this file and the versions of the tools say how.
const SHARED: [&str; 10] = [
    "app/view",
    "domain",
    "wire",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "xtask/src/frontend.rs",
    "xtask/src/frontend/unused.rs",
    "xtask/npm/package-lock.json",
    "xtask/src/tools/set_up.rs",
];
const ADMIN: [&str; 5] = ["app/admin", "app/index.html", "app/office.html", "app/registry.html", "api"];
const WIDGET: [&str; 3] = ["app/widget", "app/widget.html", "public/companion.js"];

/// Tells the framework to forget the types of the parts that a page is put together from. The admin page, of many parts, becomes a
/// tenth smaller by it; the widget, of few, would become larger. So each is compiled by itself.
const ERASED: &str = "--cfg erase_components";

/// Makes `target/web` what the sources say. True when it was another before.
pub(crate) fn build() -> Result<bool> {
    let widget = bring_up_to_date("widget", &[&WIDGET[..], &SHARED].concat(), &["widget.js", "widget_bg.wasm"], widget)?;
    let pages = ["index.html", "office.html", "registry.html"];
    let admin = bring_up_to_date("admin", &[&ADMIN[..], &SHARED].concat(), &pages, admin)?;
    let minified = bring_up_to_date(
        "loader",
        &[
            "public/umleitung.js",
            "public/placement.js",
            "public/banner.js",
            "xtask/npm/package-lock.json",
            "xtask/src/frontend.rs",
        ],
        &["umleitung.js", "placement.js"],
        minify_loader,
    )?;
    Ok(widget || admin || minified)
}

fn admin() -> Result<()> {
    let desk = trunk("admin", "index.html", Some(ERASED))?;
    slim(&desk, "admin")?;
    lay_out(&desk, |name| name.starts_with("admin-") || name == "index.html")?;
    lay_out(&beside("office", "office.html")?, |name| {
        name.starts_with("office-") || name == "office.html"
    })?;
    let registry = beside("registry", "registry.html")?;
    lay_out(&registry, |name| name.starts_with("registry-") || name == "registry.html")
}

/// Compiles a page that lies beside the desk.
fn beside(name: &str, page: &str) -> Result<PathBuf> {
    let made = trunk(name, page, Some(ERASED))?;
    slim(&made, name)?;
    // Trunk calls each page by one name.
    let place = made.join(page);
    fs::rename(made.join("index.html"), &place).with_context(|| format!("cannot write {}", project::short(&place)))?;
    Ok(made)
}

/// Makes the glue of a page smaller, which Trunk leaves as it was generated.
fn slim(made: &Path, name: &str) -> Result<()> {
    let is_glue = |file: &PathBuf| {
        let name_of = file.file_name().and_then(|found| found.to_str());
        name_of.is_some_and(|found| found.starts_with(&format!("{name}-")) && found.ends_with(".js"))
    };
    let found = project::files_below(made)?.into_iter().find(is_glue);
    let glue = found.with_context(|| format!("Trunk has made no glue for the {name}"))?;
    unused::take_out_of_glue(&glue)?;
    minify(&format!("Minify the glue of the {name} (terser)"), &glue, &glue, &["--module"])
}

fn widget() -> Result<()> {
    let made = trunk("widget", "widget.html", None)?;
    let glue = made.join("widget.js");
    unused::take_out(&glue, &made.join("widget_bg.wasm"))?;
    // The companion shares the glue's module, so that one hash covers both.
    let companion = project::root().join("public/companion.js");
    let both = [&glue, &companion].map(|file| fs::read_to_string(file).with_context(|| format!("cannot read {}", project::short(file))));
    let [generated, companion] = both;
    fs::write(&glue, [generated?, companion?].concat()).with_context(|| format!("cannot write {}", project::short(&glue)))?;
    // Trunk leaves it as it was generated, comments included; in the browser it is a tenth of the download.
    minify("Minify the widget's glue (terser)", &glue, &glue, &["--module"])?;
    lay_out(&made, |name| matches!(name, "widget.js" | "widget_bg.wasm"))
}

/// Compiles what the page `app/{page}` links to; gives the folder that it lies in afterwards.
fn trunk(name: &str, page: &str, flags: Option<&str>) -> Result<PathBuf> {
    // Trunk works offline, so that a build never waits for a network; what it needs is fetched here.
    step::run("Fetch the Rust packages", project::cargo().args(["fetch", "--quiet"]))?;
    let made = project::target().join("trunk").join(name);
    let mut trunk = project::command("trunk");
    trunk.args(["build", "--offline", "--dist"]).arg(&made);
    trunk.arg(project::root().join("app").join(page)).env("PATH", tools::path());
    let given = std::env::var("RUSTFLAGS").unwrap_or_default();
    let flags = [given.as_str(), flags.unwrap_or_default(), &without_places()?].join(" ");
    trunk.env("RUSTFLAGS", flags.trim());
    // Trunk takes the value of this variable for a yes or no and stumbles over the usual 1.
    trunk.env_remove("NO_COLOR");
    step::run(&format!("Build the {name} (Trunk)"), &mut trunk)?;
    Ok(made)
}

/// Tells the compiler to leave out where the packages lie on this machine: the same sources make the same files everywhere, and smaller ones.
fn without_places() -> Result<String> {
    let own = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = own.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let packages = home
        .context("neither CARGO_HOME nor HOME says where the packages are")?
        .join("registry/src");
    let mut flags = String::new();
    // Where packages are vendored there is none.
    let Ok(registries) = fs::read_dir(&packages) else {
        return Ok(flags);
    };
    for registry in registries {
        let place = registry?.path();
        let place = place.to_str().filter(|place| !place.contains(char::is_whitespace));
        flags.extend(place.map(|place| format!(" --remap-path-prefix={place}/=")));
    }
    Ok(flags)
}

/// Puts the files of `made` that are `ours` where the server embeds them, in place of those of the last time.
fn lay_out(made: &Path, ours: fn(&str) -> bool) -> Result<()> {
    let web = project::web();
    fs::create_dir_all(&web).with_context(|| format!("cannot create {}", project::short(&web)))?;
    let named = |folder: &Path| -> Result<Vec<PathBuf>> {
        let files = project::files_below(folder)?;
        let is_ours = |file: &PathBuf| file.file_name().and_then(|name| name.to_str()).is_some_and(ours);
        Ok(files.into_iter().filter(is_ours).collect())
    };
    for old in named(&web)? {
        fs::remove_file(&old).with_context(|| format!("cannot remove {}", project::short(&old)))?;
    }
    for file in named(made)? {
        let place = web.join(file.file_name().unwrap_or_default());
        fs::copy(&file, &place).with_context(|| format!("cannot write {}", project::short(&place)))?;
    }
    Ok(())
}

fn minify(title: &str, input: &Path, output: &Path, options: &[&str]) -> Result<()> {
    let mut terser = project::command("terser");
    terser
        .arg(input)
        .args(["--ecma", "2020", "--compress", "passes=3", "--mangle"])
        .args(options);
    terser.arg("--output").arg(output).env("PATH", tools::path());
    step::run(title, &mut terser)?;
    Ok(())
}

fn minify_loader() -> Result<()> {
    let web = project::web();
    fs::create_dir_all(&web).with_context(|| format!("cannot create {}", web.display()))?;
    // Two subjects, one file as served: it comes with one request, or inside the loader.
    let placement = web.join("placement.js");
    let mut both = String::from("export default {");
    for name in ["placement", "banner"] {
        let file = project::root().join("public").join(name).with_extension("js");
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", project::short(&file)))?;
        let object = text
            .split_once("export default")
            .and_then(|(_, object)| object.trim_end().strip_suffix(';'));
        let object = object.with_context(|| format!("{} exports no object", project::short(&file)))?;
        both.push_str(&format!("...{object},"));
    }
    both.push_str("};");
    fs::write(&placement, both).with_context(|| format!("cannot write {}", placement.display()))?;
    minify("Minify banner and placement (terser)", &placement, &placement, &["--module"])?;
    let output = web.join("umleitung.js");
    minify(
        "Minify the loader (terser)",
        &project::root().join("public/umleitung.js"),
        &output,
        &[],
    )?;
    let text = fs::read_to_string(&output).with_context(|| format!("cannot read {}", output.display()))?;
    if let Err(error) = check_placeholders(&text) {
        fs::remove_file(&output).context("cannot remove the unusable loader")?;
        return Err(error);
    }
    Ok(())
}

fn check_placeholders(minified: &str) -> Result<()> {
    for placeholder in PLACEHOLDERS {
        let count = minified.matches(placeholder).count();
        if count != 1 {
            bail!("the minified loader holds the string literal {placeholder} {count} times; the server needs it exactly once");
        }
    }
    Ok(())
}

/// Runs `make` unless the inputs are those of the last time and the outputs are there.
fn bring_up_to_date(name: &str, inputs: &[&str], outputs: &[&str], make: fn() -> Result<()>) -> Result<bool> {
    let stamp = project::notes()?.join(format!("{name}.stamp"));
    let fingerprint = fingerprint(&project::root(), inputs)?;
    let missing = || outputs.iter().find(|output| !project::web().join(output).is_file());
    if missing().is_none() && fs::read_to_string(&stamp).is_ok_and(|last| last == fingerprint) {
        return Ok(false);
    }
    make()?;
    if let Some(missing) = missing() {
        bail!("the build went well, but target/web/{missing} is not there; is another build at work in this checkout?");
    }
    fs::write(&stamp, fingerprint).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(true)
}

/// Follows from the names and contents of all files in `inputs`.
fn fingerprint(root: &Path, inputs: &[&str]) -> Result<String> {
    let mut files: Vec<PathBuf> = Vec::new();
    for input in inputs {
        let path = root.join(input);
        if path.is_dir() {
            files.extend(project::files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(root).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file)
            .with_context(|| format!("{} is missing", project::short(&file)))?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_placeholder_is_needed_once() {
        assert!(check_placeholders(r#"a("__ASSETS__"),b("__STATE__")"#).is_ok());
        let error = check_placeholders(r#"a("__ASSETS__"),b('__STATE__')"#).expect_err("wrong quotes");
        assert!(error.to_string().contains("\"__STATE__\" 0 times"), "{error}");
        assert!(check_placeholders(r#"a("__ASSETS__","__ASSETS__"),b("__STATE__")"#).is_err());
    }

    /// A crate that is not watched is changed, and the old page is served.
    #[test]
    fn each_crate_of_which_the_front_end_is_made_is_watched() {
        let read = |path: &str| fs::read_to_string(project::root().join(path)).expect("readable");
        let workspace = read("Cargo.toml");
        let own = |line: &str| {
            let (name, rest) = line.split_once(" = { path = \"")?;
            Some((name.to_owned(), rest.split_once('"')?.0.to_owned()))
        };
        let own: Vec<(String, String)> = workspace.lines().filter_map(own).collect();
        assert!(own.len() > 3, "{own:?}");
        for part in ["admin", "widget", "view"] {
            let manifest = read(&format!("app/{part}/Cargo.toml"));
            let watched: Vec<&str> = match part {
                "admin" => [&ADMIN[..], &SHARED].concat(),
                "widget" => [&WIDGET[..], &SHARED].concat(),
                _ => SHARED.to_vec(),
            };
            for (name, path) in &own {
                let is_used = manifest.lines().any(|line| line.starts_with(&format!("{name}.workspace")));
                let is_watched = watched.iter().any(|watched| Path::new(path).starts_with(watched));
                assert!(!is_used || is_watched, "{part} uses {name}, which is not watched");
            }
        }
    }

    #[test]
    fn the_fingerprint_follows_content_and_names() {
        let folder = project::target().join("xtask/unit-test-fingerprint");
        fs::create_dir_all(folder.join("src")).expect("creatable");
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("writable");
        write("src/a.rs", "one");
        let first = fingerprint(&folder, &["src"]).expect("readable");
        assert_eq!(first, fingerprint(&folder, &["src"]).expect("readable"));
        write("src/a.rs", "two");
        assert_ne!(first, fingerprint(&folder, &["src"]).expect("readable"));
        write("src/a.rs", "one");
        write("src/b.rs", "");
        assert_ne!(first, fingerprint(&folder, &["src"]).expect("readable"));
        fs::remove_dir_all(&folder).expect("removable");
        assert!(fingerprint(&folder, &["src"]).is_err());
    }
}
