//! `umleitung user`.

use anyhow::{Context, ensure};

use super::{data::Data, role_word::RoleWord, terminal::shown};

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
    /// Show everybody: id, role, state and name.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Keep someone out from now on; their sessions and tokens end.
    Disable {
        /// The name, or the id as `list` shows it.
        name: String,
        #[command(flatten)]
        data: Data,
    },
    /// Let someone sign in again.
    Enable {
        /// The name, or the id as `list` shows it.
        name: String,
        #[command(flatten)]
        data: Data,
    },
    /// Give someone a new password; their sessions end.
    Password {
        /// The name, or the id as `list` shows it.
        name: String,
        /// Read the password from standard input (the first line).
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        data: Data,
    },
}

impl User {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Add {
                name,
                role,
                password_stdin,
                data,
            } => {
                let password = password(password_stdin)?;
                let accounts = data.accounts().await?;
                let actor = accounts.add(&name, role.into(), password).await?;
                let people = accounts.people().await?;
                let added = people.into_iter().find(|person| person.id == actor.id);
                say!("Added {}.", shown(&added.map_or(name, |person| person.name)));
            }
            Self::List { data } => {
                for person in data.existing_accounts().await?.people().await? {
                    let state = if person.disabled_at.is_some() { "disabled" } else { "enabled" };
                    say!("{}\t{}\t{state}\t{}", person.id, person.role.word(), shown(&person.name));
                }
            }
            Self::Disable { name, data } => {
                let person = data.existing_accounts().await?.disable(&name).await?;
                say!("Disabled {}.", shown(&person.name));
            }
            Self::Enable { name, data } => {
                let person = data.existing_accounts().await?.enable(&name).await?;
                say!("Enabled {}.", shown(&person.name));
            }
            Self::Password {
                name,
                password_stdin,
                data,
            } => {
                let password = password(password_stdin)?;
                let person = data.existing_accounts().await?.set_password(&name, password).await?;
                say!("{} has a new password.", shown(&person.name));
            }
        }
        Ok(())
    }
}

/// The first line of standard input.
fn password(password_stdin: bool) -> anyhow::Result<String> {
    ensure!(password_stdin, "give --password-stdin and the password on standard input");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("standard input cannot be read")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
