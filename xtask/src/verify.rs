//! `cargo xtask test`: every check and test that CI runs, in the order that costs least.
//!
//! All of it works on the release profile: what is tested is what ships, and nothing is compiled for a second profile.

use std::fmt;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::stopwatch::{Stopwatch, in_words};
use crate::{budget, build, frontend, package, project, scripts, step, tidy, tools};

const WASM: &str = "wasm32-unknown-unknown";

/// From what random cases are drawn: the same on each machine, so that a run says something about the change; `fuzz` draws others.
const SEED: &str = "2026";

pub(crate) fn run() -> Result<()> {
    let watch = Stopwatch::start();
    let _lock = project::lock()?;
    let mut report = Report::default();

    report.chore("tools", tools::for_testing);
    if report.steps.iter().any(|step| !step.succeeded) {
        return report.close(watch.elapsed());
    }
    report.program("format", project::cargo().args(["fmt", "--all", "--", "--check"]));
    report.chore("tidy", tidy::check);
    report.chore("scripts", scripts::check);
    // Before clippy, since the server embeds the front-end when it is compiled, also for clippy.
    let front_end = report.chore("front-end", || frontend::build().map(drop));
    report.program(
        "clippy, browser",
        project::cargo()
            .args([
                "clippy",
                "--profile",
                "wasm",
                "--package",
                "widget",
                "--package",
                "admin",
                "--target",
                WASM,
            ])
            .args(["--", "--deny", "warnings"]),
    );
    if front_end {
        report.program(
            "clippy, workspace",
            project::cargo().args(["clippy", "--release", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
        );
        if report.chore("server", build::product) {
            report.chore("size budgets", size_budgets);
            report.chore("package", || package::pack().map(drop));
            report.tests(
                "tests",
                with_test_environment(project::cargo().args(["test", "--release", "--workspace", "--no-fail-fast"]))
                    .env("RUST_TEST_THREADS", threads().to_string())
                    .env("PROPTEST_RNG_SEED", SEED),
            );
        } else {
            report.skipped("tests", "there is no server to test");
        }
    } else {
        report.skipped("clippy, workspace; server; tests", "there is no front-end to embed");
    }
    let mut cargo = project::cargo();
    cargo.args(["test", "--release", "--package", "widget", "--target", WASM, "--no-fail-fast"]);
    cargo.env("PATH", tools::path());
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    report.tests("tests of the widget, in the browser", with_test_environment(&mut cargo));
    report.close(watch.elapsed())
}

/// What tests with browsers and with the real server need to know.
pub(crate) fn with_test_environment(command: &mut Command) -> &mut Command {
    command
        .env("UMLEITUNG_BIN", project::binary())
        .env("AXE", tools::axe_script())
        .envs(tools::browser_environment())
}

/// One test more at a time than there are processors, since some wait for a while; of those with browsers there are never so many.
fn threads() -> usize {
    thread::available_parallelism().map_or(3, |processors| processors.get() + 1)
}

fn size_budgets() -> Result<()> {
    let sizes = budget::sizes()?;
    for size in &sizes {
        println!("    {size}");
    }
    budget::enforce(&sizes)
}

/// How many tests passed and failed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// The sum of the lines with which each test program closes.
    pub(crate) fn of(output: &str) -> Self {
        let mut tally = Self::default();
        for line in output.lines() {
            let Some(result) = line.trim_start().strip_prefix("test result: ") else {
                continue;
            };
            let parts = result.split(['.', ';']).map(str::trim);
            for part in parts {
                if let Some((count, word)) = part.split_once(' ')
                    && let Ok(count) = count.parse::<u64>()
                {
                    match word {
                        "passed" => tally.passed += count,
                        "failed" => tally.failed += count,
                        _ => {}
                    }
                }
            }
        }
        tally
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

struct Checked {
    title: String,
    succeeded: bool,
    took: Duration,
    remark: String,
}

/// What was checked so far; a failed step never hides what the later ones would have found.
#[derive(Default)]
struct Report {
    steps: Vec<Checked>,
    tally: Tally,
}

impl Report {
    fn chore(&mut self, title: &str, work: impl FnOnce() -> Result<()>) -> bool {
        let watch = Stopwatch::start();
        println!("{title}");
        let result = work();
        if let Err(error) = &result {
            println!("    {error:#}");
        }
        self.note(title, result.is_ok(), watch.elapsed(), String::new());
        result.is_ok()
    }

    fn program(&mut self, title: &str, command: &mut Command) -> bool {
        self.chore(title, || step::run(title, command).map(drop))
    }

    fn tests(&mut self, title: &str, command: &mut Command) {
        println!("{title}");
        match step::watch(title, command) {
            Ok(finished) => {
                let tally = Tally::of(&finished.output);
                self.tally.passed += tally.passed;
                self.tally.failed += tally.failed;
                if !finished.succeeded {
                    println!("{}", failures(&finished.output).unwrap_or_else(|| finished.tail()));
                    // Tests that could not be compiled or that crashed count as one that failed.
                    self.tally.failed += u64::from(tally.failed == 0);
                }
                self.note_tests(title, finished.succeeded, finished.took, tally.to_string());
            }
            Err(error) => {
                println!("    {error:#}");
                self.tally.failed += 1;
                self.note_tests(title, false, Duration::ZERO, String::new());
            }
        }
    }

    fn skipped(&mut self, title: &str, reason: &str) {
        println!("{title}\n    skipped: {reason}");
        self.note(title, false, Duration::ZERO, format!("skipped: {reason}"));
    }

    fn note(&mut self, title: &str, succeeded: bool, took: Duration, remark: String) {
        // A check that fails counts like a test that fails, so that the closing line never looks better than the run.
        self.tally.failed += u64::from(!succeeded);
        self.note_tests(title, succeeded, took, remark);
    }

    fn note_tests(&mut self, title: &str, succeeded: bool, took: Duration, remark: String) {
        self.steps.push(Checked {
            title: title.to_owned(),
            succeeded,
            took,
            remark,
        });
    }

    /// Prints the summary; its last line is the closing line that other programs read.
    fn close(self, took: Duration) -> Result<()> {
        println!("\nsummary");
        for step in &self.steps {
            let verdict = if step.succeeded { "ok    " } else { "FAILED" };
            println!("  {verdict} {:>13}  {:<36} {}", in_words(step.took), step.title, step.remark);
        }
        println!("         {:>13}  in all", in_words(took));
        let failed: Vec<&str> = self
            .steps
            .iter()
            .filter(|step| !step.succeeded)
            .map(|step| step.title.as_str())
            .collect();
        println!("\n{}", self.tally);
        if failed.is_empty() && self.tally.failed == 0 {
            Ok(())
        } else {
            bail!("not everything is as it should be: {}", failed.join("; "));
        }
    }
}

/// What the test programs say about the tests that failed, without the long list of those that passed.
fn failures(output: &str) -> Option<String> {
    let interesting: Vec<String> = output
        .lines()
        .filter(|line| !(line.starts_with("test ") && (line.ends_with("... ok") || line.contains("... ignored"))))
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with("Compiling"))
        .map(|line| format!("    {line}\n"))
        .collect();
    let has_failures = interesting.iter().any(|line| line.trim() == "failures:");
    const MOST: usize = 400;
    (has_failures && interesting.len() <= MOST).then(|| interesting.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_added_up() {
        let output = "running 2 tests\ntest a ... ok\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s\n\
            \x20   Doc-tests domain\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s\n";
        assert_eq!(Tally::of(output), Tally { passed: 15, failed: 2 });
        assert_eq!(
            Tally::of("test result: ok. 3 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.00s"),
            Tally { passed: 3, failed: 0 }
        );
        assert_eq!(Tally::of("test result of mine: 3 passed"), Tally::default());
    }

    #[test]
    fn the_closing_line_stands_alone() {
        assert_eq!(Tally { passed: 15, failed: 2 }.to_string(), "15 passed, 2 failed");
    }

    #[test]
    fn a_failed_check_is_counted() {
        let mut report = Report::default();
        report.note("format", false, Duration::ZERO, String::new());
        report.note_tests("tests", true, Duration::ZERO, String::new());
        assert_eq!(report.tally, Tally { passed: 0, failed: 1 });
        let error = report.close(Duration::ZERO).expect_err("a check failed");
        assert!(error.to_string().contains("format"), "{error}");
    }

    #[test]
    fn failures_leave_out_what_passed() {
        let output = "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nboom\n";
        let shown = failures(output).expect("has failures");
        assert!(
            shown.contains("boom") && shown.contains("test b") && !shown.contains("test a"),
            "{shown}"
        );
        assert!(failures("error: could not compile").is_none());
    }
}
