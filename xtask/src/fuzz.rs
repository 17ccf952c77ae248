//! `cargo xtask fuzz`: the properties again, with far more random cases than a test run has time for.

use anyhow::{Context, Result, bail};

use crate::{project, step, verify};

const CASES: u64 = 20_000;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let cases = match arguments {
        [] => CASES,
        [number] => number.parse().with_context(|| format!("`{number}` is no number of cases"))?,
        _ => bail!("`cargo xtask fuzz` takes one number, that of the random cases of each property"),
    };
    let _lock = project::lock()?;
    let mut cargo = project::cargo();
    cargo
        .args(["test", "--release", "--package", "domain", "--no-fail-fast"])
        .env("PROPTEST_CASES", cases.to_string());
    let finished = step::watch(&format!("Properties of `domain`, {cases} cases each"), &mut cargo)?;
    let tally = verify::Tally::of(&finished.output);
    println!("{tally}");
    if !finished.succeeded {
        bail!("a property does not hold:\n{}", finished.tail());
    }
    Ok(())
}
