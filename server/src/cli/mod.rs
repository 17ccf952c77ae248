//! The command line. Every subcommand works also while a server runs on the same data.

/// Prints a line, and ends the command with an error where nothing can be printed.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::cli::print(format_args!($($words)*))?
    };
}

mod catalogue;
#[cfg(test)]
mod catalogue_docs;
mod catalogue_file;
mod embed;
mod journal;
mod public_address;
mod serve;
mod token;
mod toml_document;
mod user;

use std::{
    fmt,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{
    access::Role,
    record::upkeep,
    words::{Actor, COMMAND_LINE},
};

use crate::{
    accounts::Accounts,
    clock::SystemClock,
    journal::SqliteJournal,
    publisher::Publisher,
    store::{Place, StoreError},
};

/// Notices and fallbacks for portals whose services are down.
#[derive(Parser)]
#[command(name = "umleitung", version, about)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve(serve::Serve),
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
    /// Check, copy and redact the record.
    #[command(subcommand)]
    Journal(journal::Journal),
}

/// Where the data is.
#[derive(Args)]
struct Data {
    /// The folder with the data.
    #[arg(long, value_name = "DIR", default_value = "./data")]
    data: PathBuf,
    /// The database, instead of a folder: sqlite:FILE.
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    database: Option<String>,
}

impl Data {
    fn place(&self) -> Result<Place, StoreError> {
        self.database
            .as_deref()
            .map_or_else(|| Ok(Place::folder(&self.data)), Place::address)
    }

    async fn journal(&self) -> Result<SqliteJournal, StoreError> {
        self.place()?.open().await
    }

    async fn existing_journal(&self) -> Result<SqliteJournal, StoreError> {
        self.place()?.open_existing().await
    }

    async fn accounts(&self) -> anyhow::Result<Accounts> {
        Ok(Accounts::open(self.journal().await?.pool().clone(), Arc::new(SystemClock)).await?)
    }

    /// The accounts of a journal that is there: what only looks or takes away must not take a slip of the finger for an empty folder.
    async fn existing_accounts(&self) -> anyhow::Result<Accounts> {
        Ok(Accounts::open(self.existing_journal().await?.pool().clone(), Arc::new(SystemClock)).await?)
    }

    async fn existing_publisher(&self) -> anyhow::Result<Publisher> {
        Ok(Publisher::open(self.existing_journal().await?, Arc::new(SystemClock)).await?)
    }

    async fn publisher(&self) -> anyhow::Result<Publisher> {
        Ok(Publisher::open(self.journal().await?, Arc::new(SystemClock)).await?)
    }
}

/// Whether a clock that the journal contradicts is believed.
#[derive(Args)]
struct Force {
    /// Believe the machine's clock, also where the journal contradicts it. That is recorded.
    #[arg(long)]
    force: bool,
}

impl Force {
    /// Confirms the clock, where that is asked for and needed.
    async fn confirm(&self, publisher: &Publisher) -> anyhow::Result<()> {
        if let Some(doubt) = publisher.doubt().filter(|_| self.force) {
            let reason = format!("--force, although {doubt}");
            catalogue::submit(publisher, operator(), upkeep::Command::ConfirmClock { reason }).await?;
        }
        Ok(())
    }
}

/// A role, as a word on the command line.
#[derive(Clone, Copy, ValueEnum)]
enum RoleWord {
    Viewer,
    Editor,
    Publisher,
    Admin,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Viewer => Self::Viewer,
            RoleWord::Editor => Self::Editor,
            RoleWord::Publisher => Self::Publisher,
            RoleWord::Admin => Self::Admin,
        }
    }
}

/// Whoever may open the data on this machine may do everything with it.
fn operator() -> Actor {
    Actor {
        id: COMMAND_LINE.to_owned(),
        role: Role::Admin,
    }
}

/// Reads the command line and does what it says. Exit status 0, or 1 with the reason on standard error.
pub async fn main() -> ExitCode {
    let command = match CommandLine::try_parse() {
        Ok(line) => line.command,
        Err(error) => {
            // Help and version come this way too.
            let code = if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
            let _ = error.print();
            return code;
        }
    };
    let done = match command {
        Command::Serve(serve) => serve.run().await,
        Command::Catalogue(catalogue) => catalogue.run().await,
        Command::Embed(embed) => embed.run().await,
        Command::User(user) => user.run().await,
        Command::Token(token) => token.run().await,
        Command::Journal(journal) => journal.run().await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(format_args!("umleitung: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// A line on standard output.
fn print(line: fmt::Arguments<'_>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// A line for people, beside the result; where nobody can read it, nothing is lost.
fn complain(line: fmt::Arguments<'_>) {
    let _unread = writeln!(io::stderr().lock(), "{line}");
}

/// A name on a terminal: what would not be seen, or would turn the line around, is written as its number. Old names may have such
/// characters.
fn shown(name: &str) -> String {
    let spelled = |c: char| match c.escape_debug().count() {
        1 => c.to_string(),
        _ if c.is_ascii_punctuation() => c.to_string(),
        _ => c.escape_unicode().to_string(),
    };
    name.chars().map(spelled).collect()
}
