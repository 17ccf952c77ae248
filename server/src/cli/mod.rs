//! The command line. Every subcommand works also while a server runs on the same data.

/// Prints a line, and ends the command with an error where nothing can be printed.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::cli::terminal::print(format_args!($($words)*))?
    };
}

mod backup;
mod bounce;
mod catalogue;
mod completions;
mod data;
mod doctor;
mod embed;
mod granted;
mod import;
mod journal;
mod mirror;
mod monitors;
mod oidc;
mod pipeline;
mod public_address;
mod serve;
mod settings;
mod source;
mod terminal;
mod token;
mod user;
mod webhook;

use std::{env, path::PathBuf, pin::Pin, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};
use tokio::runtime::Runtime;

use terminal::complain;

/// Notices and fallbacks for portals whose services are down.
#[derive(Parser)]
#[command(name = "umleitung", version, about)]
struct CommandLine {
    // Read beforehand by `settings::complete`; here for the help, and for who misspells it.
    /// A file with options of `serve` (TOML); also `UMLEITUNG_CONFIG`. What stands on the command line goes before it, and so does the environment
    /// (`UMLEITUNG_PUBLIC_URL` for `--public-url`).
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve(Box<serve::Serve>),
    /// Load or print the catalogue.
    #[command(subcommand)]
    Catalogue(catalogue::Catalogue),
    /// Let a portal serve everything from its own origin.
    #[command(subcommand)]
    Embed(embed::Embed),
    /// Manage people.
    #[command(subcommand)]
    User(user::User),
    /// Manage the tokens of programs.
    #[command(subcommand)]
    Token(token::Token),
    /// Publish notices on a server, update and end them.
    #[command(subcommand)]
    Notice(pipeline::notice::NoticeCommand),
    /// Announce planned work on a server, and ask when it may be.
    #[command(subcommand)]
    Maintenance(pipeline::maintenance::Maintenance),
    /// Tell programs of others of notices.
    #[command(subcommand)]
    Webhook(webhook::Webhook),
    /// Hear programs that tell of alerts.
    #[command(subcommand)]
    Source(source::Source),
    /// Take in a mail that came back.
    Bounce(bounce::BounceCommand),
    /// Write the public side as files.
    Mirror(mirror::Mirror),
    /// Take over from another tool what is over.
    Import(import::Import),
    /// Look at an installation, and say what is wrong and what to do.
    Doctor(Box<doctor::Doctor>),
    /// Copy all data into one file, while a server runs on them.
    Backup(backup::Backup),
    /// Take in what a backup holds, where nothing is yet.
    Restore(backup::Restore),
    /// Check, copy and redact the record.
    #[command(subcommand)]
    Journal(journal::Journal),
    /// Print what a shell needs to complete these commands.
    Completions(completions::Completions),
}

/// Reads the command line and does what it says. Exit status 0, or 1 with the reason on standard error;
/// that of `maintenance check` tells the answer.
///
/// It waits for all of it by itself: were it awaited by the program, the compiler would make all that is awaited once more there, which is four
/// megabytes. And it waits for something of which nobody knows what it is, so that it is not made anew for each way in which a runtime can wait.
pub fn main() -> ExitCode {
    let doing: Pin<Box<dyn Future<Output = ExitCode>>> = Box::pin(run());
    match Runtime::new() {
        Ok(runtime) => runtime.block_on(doing),
        Err(error) => finished(Err(error.into())),
    }
}

async fn run() -> ExitCode {
    let line = settings::complete(&CommandLine::command(), env::args_os().collect(), |name| env::var_os(name));
    let settings::Completed { words, came } = match line {
        Ok(line) => line,
        Err(error) => return finished(Err(error)),
    };
    let command = match CommandLine::try_parse_from(words) {
        Ok(line) => line.command,
        Err(error) => {
            // Help and version come this way too.
            let code = if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
            let _ = error.print();
            if error.use_stderr() && !came.is_empty() {
                complain(format_args!("These options were not given here: {}.", came.join(", ")));
            }
            return code;
        }
    };
    let done = match command {
        Command::Serve(serve) => serve.run().await,
        Command::Catalogue(catalogue) => catalogue.run().await,
        Command::Embed(embed) => embed.run().await,
        Command::User(user) => user.run().await,
        Command::Token(token) => token.run().await,
        Command::Notice(notice) => return finished(notice.run().await),
        Command::Maintenance(maintenance) => return finished(maintenance.run().await),
        Command::Doctor(doctor) => return finished(doctor.run().await),
        Command::Webhook(webhook) => webhook.run().await,
        Command::Source(source) => source.run().await,
        Command::Bounce(bounce) => bounce.run().await,
        Command::Mirror(mirror) => mirror.run().await,
        Command::Import(import) => import.run().await,
        Command::Backup(backup) => backup.run().await,
        Command::Restore(restore) => restore.run().await,
        Command::Journal(journal) => journal.run().await,
        Command::Completions(completions) => completions.run(&mut CommandLine::command()),
    };
    finished(done.map(|()| ExitCode::SUCCESS))
}

/// What the command ends with; where it failed, the reason is on standard error.
fn finished(done: anyhow::Result<ExitCode>) -> ExitCode {
    done.unwrap_or_else(|error| {
        complain(format_args!("umleitung: {error:#}"));
        ExitCode::FAILURE
    })
}
