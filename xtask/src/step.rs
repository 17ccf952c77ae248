//! One step of a chore: a program that runs while the reader sees that it is alive, and sees why when it fails.

use std::fs;
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::project;
use crate::stopwatch::{Stopwatch, in_words};

/// How often a step says that it is still at work when nobody watches a terminal.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);
/// Lines shown of a failed step; all of them are in its log.
const TAIL: usize = 60;

/// A step that ended, well or not.
pub(crate) struct Finished {
    pub(crate) succeeded: bool,
    /// Standard output and standard error, in the order they came.
    pub(crate) output: String,
    pub(crate) took: Duration,
    log: PathBuf,
}

impl Finished {
    /// The last lines, for a message about the failure.
    pub(crate) fn tail(&self) -> String {
        let lines: Vec<&str> = self.output.lines().collect();
        let from = lines.len().saturating_sub(TAIL);
        let note = if from > 0 {
            format!("    … {from} lines before these; all of them: {}\n", project::short(&self.log))
        } else {
            String::new()
        };
        note + &lines[from..].iter().map(|line| format!("    {line}\n")).collect::<String>()
    }
}

/// Runs a step that has to succeed; gives its output.
///
/// # Errors
/// When the program cannot be started or fails; the message carries the end of its output.
pub(crate) fn run(title: &str, command: &mut Command) -> Result<String> {
    let finished = watch(title, command)?;
    if finished.succeeded {
        Ok(finished.output)
    } else {
        bail!("this step failed: {title}\n{}", finished.tail())
    }
}

/// Runs a step and reports how it ended.
///
/// # Errors
/// When the program cannot be started at all.
pub(crate) fn watch(title: &str, command: &mut Command) -> Result<Finished> {
    let watch = Stopwatch::start();
    let progress = Progress::begin(title);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{title}: cannot start `{}`", command.get_program().display()))?;

    let (sender, receiver) = mpsc::channel();
    if let Some(pipe) = child.stdout.take() {
        forward(pipe, sender.clone());
    }
    if let Some(pipe) = child.stderr.take() {
        forward(pipe, sender.clone());
    }
    thread::spawn(move || sender.send(News::Ended(child.wait())));

    let mut output = String::new();
    let mut last_line = String::new();
    let mut last_sign = Duration::ZERO;
    let mut status = None;
    loop {
        // A grandchild that outlives the step may keep the pipes open: what it says later is not waited for long.
        let patience = if status.is_some() { 300 } else { 250 };
        match receiver.recv_timeout(Duration::from_millis(patience)) {
            Ok(News::Line(line)) => {
                output.push_str(&line);
                output.push('\n');
                if !line.trim().is_empty() {
                    last_line = line;
                }
            }
            Ok(News::Ended(ended)) => status = Some(ended.context("cannot wait for the program")?),
            Err(RecvTimeoutError::Timeout) if status.is_some() => break,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        let elapsed = watch.elapsed();
        let due = if progress.live { Duration::from_millis(200) } else { SIGN_OF_LIFE };
        if elapsed - last_sign >= due {
            last_sign = elapsed;
            progress.sign(elapsed, &last_line);
        }
    }
    let succeeded = status.is_some_and(|status| status.success());
    let log = log_file(title)?;
    fs::write(&log, &output).with_context(|| format!("cannot write {}", log.display()))?;
    let took = watch.elapsed();
    progress.end(took, succeeded);
    Ok(Finished {
        succeeded,
        output,
        took,
        log,
    })
}

enum News {
    Line(String),
    Ended(std::io::Result<std::process::ExitStatus>),
}

/// Sends what comes out of `pipe` line by line; a carriage return ends a line too (progress bars of others).
fn forward(mut pipe: impl Read + Send + 'static, sender: Sender<News>) {
    thread::spawn(move || {
        let mut buffer = [0_u8; 8192];
        let mut line = Vec::new();
        loop {
            let read = match pipe.read(&mut buffer) {
                Ok(read) if read > 0 => read,
                _ => break,
            };
            for &byte in &buffer[..read] {
                if byte == b'\n' || byte == b'\r' {
                    if byte == b'\r' && line.is_empty() {
                        continue;
                    }
                    let text = plain(&String::from_utf8_lossy(&line));
                    line.clear();
                    if sender.send(News::Line(text)).is_err() {
                        return;
                    }
                } else {
                    line.push(byte);
                }
            }
        }
        if !line.is_empty() {
            // Nobody listening any more means that the step is over.
            drop(sender.send(News::Line(plain(&String::from_utf8_lossy(&line)))));
        }
    });
}

/// Without terminal escapes, which would garble a log.
fn plain(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            match characters.next() {
                Some('[') => while characters.next().is_some_and(|c| !c.is_ascii_alphabetic()) {},
                // A choice of character set, of one more character.
                Some('(' | ')') => drop(characters.next()),
                _ => {}
            }
        } else {
            result.push(character);
        }
    }
    result
}

fn log_file(title: &str) -> Result<PathBuf> {
    let name: String = title
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let name = name.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    Ok(project::notes()?.join(format!("{name}.log")))
}

/// What the reader sees while a step runs.
struct Progress<'a> {
    title: &'a str,
    live: bool,
}

impl<'a> Progress<'a> {
    fn begin(title: &'a str) -> Self {
        let live = std::io::stdout().is_terminal();
        if live {
            print!("  {title} …");
            flush();
        } else {
            println!("  {title} …");
        }
        Self { title, live }
    }

    fn sign(&self, elapsed: Duration, last_line: &str) {
        let line = format!("  {} … {} s  {}", self.title, elapsed.as_secs(), last_line.trim());
        if self.live {
            let shown: String = line.chars().take(terminal_width()).collect();
            print!("\r\u{1b}[2K{shown}");
            flush();
        } else {
            println!("  {}", line.chars().take(140).collect::<String>());
        }
    }

    fn end(&self, took: Duration, succeeded: bool) {
        let word = if succeeded { "done" } else { "FAILED" };
        if self.live {
            println!("\r\u{1b}[2K  {}: {word} ({})", self.title, in_words(took));
        } else if !succeeded || took >= Duration::from_secs(1) {
            println!("    {word} ({})", in_words(took));
        }
    }
}

/// One column less than the narrowest terminal in use, so that a line that is rewritten never wraps.
fn terminal_width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .unwrap_or(80_usize)
        .saturating_sub(1)
}

fn flush() {
    // A closed standard output is noticed at the next `println!`.
    drop(std::io::stdout().flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_of_both_streams_is_kept() {
        let output = run("unit test: both streams", &mut shell("echo one; echo two >&2; printf three")).expect("succeeds");
        let mut lines: Vec<&str> = output.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, ["one", "three", "two"]);
    }

    #[test]
    fn failure_shows_the_end_of_the_output() {
        let error = run("unit test: failure", &mut shell("seq 1 100; exit 3")).expect_err("fails");
        let message = format!("{error:#}");
        assert!(message.contains("    100\n"), "{message}");
        assert!(message.contains("40 lines before these"), "{message}");
        assert!(!message.contains("    40\n"), "{message}");
    }

    #[test]
    fn a_grandchild_that_lives_on_is_not_waited_for() {
        let watch = Stopwatch::start();
        run("unit test: grandchild", &mut shell("sleep 20 & echo started")).expect("succeeds");
        assert!(watch.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn escapes_are_taken_out() {
        assert_eq!(plain("\u{1b}[1;32mok\u{1b}(B\u{1b}[m done"), "ok done");
    }
}
