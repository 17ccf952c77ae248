//! What a visitor's browser gets besides the compiled widget, looked at as written: types by TypeScript, slips by ESLint. The types of the
//! document are made from its schema, so that a script which reads a field that is not there is found before a browser does.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::{project, step, tools};

/// The scripts, with `tsconfig.json`, which says what is asked of them.
const FOLDER: &str = "public";
const SCHEMA: &str = "public/contract/state-v1.json";

pub(crate) fn check() -> Result<()> {
    make_types()?;
    check_types(&project::root().join(FOLDER))?;
    let mut eslint = project::command("eslint");
    eslint
        .arg("--config")
        .arg(tools::folder().join("eslint.config.mjs"))
        .arg(format!("{FOLDER}/**/*.js"));
    step::run("Look for slips in the scripts (ESLint)", eslint.env("PATH", tools::path()))?;
    Ok(())
}

fn check_types(folder: &Path) -> Result<String> {
    let mut tsc = project::command("tsc");
    tsc.arg("--project").arg(folder).env("PATH", tools::path());
    step::run("Check the types of the scripts (TypeScript)", &mut tsc)
}

/// `target/xtask/state.d.ts`, where `tsconfig.json` looks for it.
fn make_types() -> Result<()> {
    let schema = fs::read_to_string(project::root().join(SCHEMA)).with_context(|| format!("cannot read {SCHEMA}"))?;
    // The generator knows the older name of what an array holds place by place.
    let schema = schema.replace("\"prefixItems\"", "\"items\"");
    let mut generator = project::command("json2ts");
    generator
        .args(["--no-additionalProperties", "--no-format"])
        .env("PATH", tools::path());
    let mut running = generator
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start json2ts, which `cargo xtask setup` installs")?;
    running
        .stdin
        .take()
        .context("json2ts does not listen")?
        .write_all(schema.as_bytes())?;
    let made = running.wait_with_output()?;
    if !made.status.success() {
        bail!("json2ts makes no types of {SCHEMA}");
    }
    let path = project::notes()?.join("state.d.ts");
    fs::write(&path, made.stdout).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_the_document_does_not_have_is_found() {
        make_types().expect("`cargo xtask setup` installs what it needs");
        let folder = project::notes().expect("a place for notes").join("scripts");
        fs::create_dir_all(&folder).expect("a new folder");
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("written");
        write(
            "tsconfig.json",
            r#"{"extends": "../../../public/tsconfig.json", "files": ["one.js"]}"#,
        );
        let script = |field: &str| {
            format!("/** @type {{(state: import('state').PublicState) => string}} */\nexport const one = (state) => state.{field};\n")
        };
        write("one.js", &script("revision"));
        check_types(&folder).expect("it is there");
        write("one.js", &script("revisions"));
        let refused = check_types(&folder).expect_err("it is not there");
        assert!(refused.to_string().contains("'revisions' does not exist"), "{refused}");
    }
}
