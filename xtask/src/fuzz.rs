//! `cargo xtask fuzz`: for minutes, whatever a person, a program or an attacker might put in. Where a text comes from people, libFuzzer
//! looks for it, guided by the paths through the code that it opens; where a document comes from the network, the released widget and
//! loader get twisted ones in a real browser. What does harm is kept below `target/fuzz`.

use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::stopwatch::{Stopwatch, in_words};
use crate::{frontend, project, step, tools, verify};

/// Seconds for each target.
const SECONDS: u64 = 600;
/// Random cases for each property of `domain`.
const CASES: u32 = 20_000;
/// How often a target says how far it is.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// What libFuzzer needs of the compiler: counters on the edges between the pieces of the program, and the values that it compares.
const INSTRUMENTATION: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

/// Texts that people write, and what `domain` makes of them.
const TEXTS: [&str; 2] = ["markdown", "opening-hours"];

/// Documents that come to the browser, and the test that twists them.
const DOCUMENTS: [(&str, &str); 2] = [
    ("widget", "hostile::the_widget_survives_hostile_documents"),
    ("loader", "hostile::the_page_with_the_tag_survives_hostile_answers"),
];

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let seconds = match arguments {
        [] => SECONDS,
        [number] => number.parse().with_context(|| format!("`{number}` is no number of seconds"))?,
        _ => bail!("`cargo xtask fuzz` takes one number, that of the seconds for each target"),
    };
    let _lock = project::lock()?;
    tools::for_testing()?;
    let texts = build_texts()?;
    frontend::build()?;
    let mut tests = project::cargo();
    step::run(
        "Build the tests",
        tests.args(["test", "--release", "--package", "tests", "--no-run"]),
    )?;

    let mut closing = vec![properties()?];
    for target in TEXTS {
        closing.push(text_target(&texts, target, seconds)?);
    }
    for (target, test) in DOCUMENTS {
        closing.push(document_target(target, test, seconds)?);
    }
    println!("\nsummary");
    for (_, line) in &closing {
        println!("  {line}");
    }
    if closing.iter().any(|(verdict, _)| *verdict == Verdict::Finding) {
        bail!("there are findings; each is saved below target/fuzz");
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    Clean,
    Finding,
}

fn folder() -> PathBuf {
    project::target().join("fuzz")
}

/// Builds the programs in `fuzz/`, apart from everything else; gives the folder in which they are.
fn build_texts() -> Result<PathBuf> {
    let root = project::root().join("fuzz");
    // The packages of the product, in its versions.
    fs::copy(project::root().join("Cargo.lock"), root.join("Cargo.lock")).context("cannot take over Cargo.lock")?;
    let output = step::run("Ask the compiler for its host", project::command("rustc").arg("-vV"))?;
    let host = output
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc names no host")?;
    let build = folder().join("build");
    // Named even though it is the host, so that programs that only run during the build are not instrumented.
    let mut cargo = project::cargo();
    cargo
        .args(["build", "--release", "--target", host, "--target-dir"])
        .arg(&build)
        .current_dir(&root)
        .env("RUSTFLAGS", INSTRUMENTATION);
    step::run("Build the fuzz targets (needs a C++ compiler: `apt-get install g++`)", &mut cargo)?;
    Ok(build.join(host).join("release"))
}

/// The sequences of commands that the tests try a few of.
fn properties() -> Result<(Verdict, String)> {
    let mut cargo = project::cargo();
    cargo.args([
        "test",
        "--release",
        "--package",
        "domain",
        "--lib",
        "--test",
        "properties",
        "--no-fail-fast",
    ]);
    let ended = follow("properties", cargo.env("PROPTEST_CASES", CASES.to_string()), |_| {
        format!("{CASES} cases each")
    })?;
    Ok(ended.close("properties", &verify::Tally::of(&ended.output).to_string(), None))
}

fn text_target(programs: &Path, target: &str, seconds: u64) -> Result<(Verdict, String)> {
    let corpus = folder().join("corpus").join(target);
    fs::create_dir_all(&corpus).with_context(|| format!("cannot create {}", corpus.display()))?;
    let own = project::root().join("fuzz");
    let mut program = project::command(programs.join(target));
    program.arg(&corpus).arg(own.join("seeds").join(target)).args([
        format!("-max_total_time={seconds}"),
        "-timeout=5".to_owned(),
        "-rss_limit_mb=1024".to_owned(),
        "-max_len=4096".to_owned(),
        "-print_final_stats=1".to_owned(),
        format!("-dict={}", own.join(format!("{target}.dict")).display()),
        format!("-artifact_prefix={}", folder().join(format!("{target}-")).display()),
    ]);
    let mut executions = 0;
    let ended = follow(target, &mut program, |line| {
        executions = executions_in(line).unwrap_or(executions);
        format!("{executions} executions")
    })?;
    let saved = ended.output.lines().find_map(|line| line.split("Test unit written to ").nth(1));
    Ok(ended.close(target, &format!("{executions} executions"), saved))
}

/// How many executions a line of libFuzzer tells of: `#4096 pulse …`, or at the end `stat::number_of_executed_units: 4711`.
fn executions_in(line: &str) -> Option<u64> {
    let number = match line.strip_prefix("stat::number_of_executed_units:") {
        Some(number) => number.trim(),
        None => line.strip_prefix('#')?.split_whitespace().next()?,
    };
    number.parse().ok()
}

fn document_target(target: &str, test: &str, seconds: u64) -> Result<(Verdict, String)> {
    let seed = RandomState::new().build_hasher().finish() % (1 << 31);
    let mut cargo = project::cargo();
    cargo
        .args([
            "test",
            "--release",
            "--package",
            "tests",
            "--test",
            "suite",
            "--",
            "--exact",
            "--nocapture",
            test,
        ])
        .env("FUZZ_SECONDS", seconds.to_string())
        .env("FUZZ_SEED", seed.to_string());
    let mut last = format!("seed {seed}");
    let name = format!("{target}: ");
    let ended = follow(target, verify::with_test_environment(&mut cargo), |line| {
        if let Some((_, told)) = line.split_once(&name).filter(|(_, told)| told.contains(" documents")) {
            last = told.to_owned();
        }
        last.clone()
    })?;
    if ended.succeeded && verify::Tally::of(&ended.output).passed != 1 {
        bail!("the test {test} is not there");
    }
    let saved = ended.output.lines().find_map(|line| line.strip_prefix("The input: "));
    Ok(ended.close(target, &last, saved))
}

struct Ended {
    succeeded: bool,
    output: String,
    took: Duration,
}

impl Ended {
    /// The closing line of a target; after a finding also the end of what it said.
    fn close(&self, target: &str, done: &str, saved: Option<&str>) -> (Verdict, String) {
        let took = in_words(self.took);
        if self.succeeded {
            let line = format!("{target}: {done}, {took}, no finding");
            println!("  {line}");
            return (Verdict::Clean, line);
        }
        let line = format!("{target}: {done}, {took}, FINDING, input: {}", saved.unwrap_or("see the log"));
        let told: Vec<&str> = self.output.lines().filter(|line| !line.starts_with('#')).collect();
        println!("{}\n  {line}", told[told.len().saturating_sub(60)..].join("\n"));
        (Verdict::Finding, line)
    }
}

/// Runs a target to its end; `progress` reads each line and says how far it is.
fn follow(target: &str, command: &mut Command, mut progress: impl FnMut(&str) -> String) -> Result<Ended> {
    println!("  {target} …");
    let watch = Stopwatch::start();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{target}: cannot start `{}`", command.get_program().display()))?;
    let (sender, lines) = mpsc::channel();
    let pipes: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|pipe| Box::new(pipe) as _),
        child.stderr.take().map(|pipe| Box::new(pipe) as _),
    ];
    for pipe in pipes.into_iter().flatten() {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut pipe = BufReader::new(pipe);
            let mut line = Vec::new();
            // What is tried is not always text.
            while pipe.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                line.clear();
                if sender.send(text).is_err() {
                    return;
                }
            }
        });
    }
    drop(sender);
    fs::create_dir_all(folder()).context("cannot create target/fuzz")?;
    let mut log = fs::File::create(folder().join(format!("{target}.log"))).context("cannot write a log below target/fuzz")?;
    let (mut output, mut told, mut state) = (String::new(), Duration::ZERO, String::new());
    loop {
        match lines.recv_timeout(Duration::from_millis(500)) {
            Ok(line) => {
                state = progress(&line);
                writeln!(log, "{line}").context("cannot write a log below target/fuzz")?;
                // The steps on the way would fill the memory.
                if !line.starts_with('#') {
                    output.push_str(&line);
                    output.push('\n');
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if watch.elapsed() - told >= SIGN_OF_LIFE {
            told = watch.elapsed();
            println!("    {target}: {} s, {state}", told.as_secs());
        }
    }
    let status = child.wait().with_context(|| format!("{target}: cannot wait for it"))?;
    Ok(Ended {
        succeeded: status.success(),
        output,
        took: watch.elapsed(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executions_are_read_from_what_the_fuzzer_says() {
        assert_eq!(
            executions_in("#4096\tpulse  cov: 12 ft: 13 corp: 3/9b lim: 43 exec/s: 2048 rss: 35Mb"),
            Some(4096)
        );
        assert_eq!(executions_in("stat::number_of_executed_units: 221470"), Some(221_470));
        assert_eq!(executions_in("Done 221470 runs in 31 second(s)"), None);
        assert_eq!(executions_in("###### End of recommended dictionary. ######"), None);
    }

    #[test]
    fn a_finding_names_its_input() {
        let ended = Ended {
            succeeded: false,
            output: "thread panicked\n".to_owned(),
            took: Duration::from_secs(1),
        };
        let (verdict, line) = ended.close("markdown", "3 executions", Some("target/fuzz/markdown-crash-1"));
        assert_eq!(verdict, Verdict::Finding);
        assert!(line.ends_with("target/fuzz/markdown-crash-1"), "{line}");
    }
}
