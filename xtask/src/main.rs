//! `cargo xtask`: every chore of this repository under one name, so that a newcomer needs to know nothing else.

mod bench;
mod budget;
mod build;
mod demo;
mod endure;
mod frontend;
mod fuzz;
mod package;
mod project;
mod scripts;
mod step;
mod stopwatch;
mod tidy;
mod tools;
mod verify;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "cargo xtask COMMAND

  run [ARG …]  set up what is missing, build, start the demo at http://127.0.0.1:8080/demo/;
               arguments are handed to `umleitung serve`, for instance --listen 127.0.0.1:8081
  test         set up what is missing, run every check and test that CI runs
  build        release build: target/release/umleitung, widget and admin page embedded; checks the size budgets
  package      the release build as a Debian package: target/package/umleitung_VERSION_ARCHITECTURE.deb
  bench        measure the budgets, one line each
  fuzz [N]     put anything into what takes texts and documents, N seconds each (default 600); not part of `test`
  endure [N]   kill nodes and their database server in the midst of their work, N rounds of a minute each (default 20)
  tidy         the repository's own rules and the licences of what it is built from
  setup        only set up what is missing, for building and for testing
  help         this text

Everything installed goes to target/tools (another place: UMLEITUNG_TOOLS=DIR), except the wasm target (rustup) and
the browser for tests (Debian packages).
";

fn main() -> ExitCode {
    match dispatch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_else(|| "help".to_owned());
    let rest: Vec<String> = arguments.collect();
    let takes_arguments = matches!(command.as_str(), "run" | "fuzz" | "endure" | demo::BROWSER_COMMAND);
    if let (false, Some(stray)) = (takes_arguments, rest.first()) {
        bail!("`cargo xtask {command}` takes no arguments, but got `{stray}`");
    }
    match command.as_str() {
        "run" => demo::run(rest),
        "test" => verify::run(),
        "build" => build::run(),
        "package" => package::run(),
        "bench" => bench::run(),
        "fuzz" => fuzz::run(&rest),
        "endure" => endure::run(&rest),
        "tidy" => tidy::run(),
        "setup" => setup(),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        demo::BROWSER_COMMAND => demo::open_browser_when_ready(&rest),
        unknown => bail!("there is no `cargo xtask {unknown}`; `cargo xtask help` lists what there is"),
    }
}

fn setup() -> Result<()> {
    let _lock = project::lock()?;
    tools::for_testing()?;
    println!("setup: everything is there");
    Ok(())
}
