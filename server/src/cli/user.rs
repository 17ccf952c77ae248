//! `umleitung user`.

use anyhow::{Context, ensure};

use super::{Data, RoleWord};

/// Manage people.
#[derive(clap::Subcommand)]
pub(super) enum User {
    /// Add an account; the password comes on standard input.
    Add {
        name: String,
        #[arg(long, value_name = "ROLE")]
        role: RoleWord,
        /// Read the password from standard input (the first line).
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        data: Data,
    },
}

impl User {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let Self::Add {
            name,
            role,
            password_stdin,
            data,
        } = self;
        ensure!(password_stdin, "give --password-stdin and the password on standard input");
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).context("standard input cannot be read")?;
        let password = line.trim_end_matches(['\r', '\n']).to_owned();
        data.accounts().await?.add(&name, role.into(), password).await?;
        println!("Added {name}.");
        Ok(())
    }
}
