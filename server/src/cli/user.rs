//! `umleitung user`.

use anyhow::{Context, ensure};
use domain::access::Grants;

use super::{
    data::Data,
    granted::{Granted, Portals, worded},
    terminal::shown,
};
use crate::accounts::Person;

/// Manage people.
#[derive(clap::Subcommand)]
pub(super) enum User {
    /// Add an account; the password comes on standard input.
    Add {
        name: String,
        #[command(flatten)]
        granted: Granted,
        /// Read the password from standard input (the first line).
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        data: Data,
    },
    /// Give someone a role, on all portals or on some; roles elsewhere stay as they are.
    Grant {
        /// The name, or the id as `list` shows it.
        name: String,
        #[command(flatten)]
        granted: Granted,
        #[command(flatten)]
        data: Data,
    },
    /// Take away the role that someone holds on all portals, or those on some.
    Withdraw {
        /// The name, or the id as `list` shows it.
        name: String,
        #[command(flatten)]
        portals: Portals,
        #[command(flatten)]
        data: Data,
    },
    /// Show everybody: id, roles, state and name.
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
    /// Ask someone for the password alone, who has lost their device and their recovery codes.
    ResetSecondFactor {
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
                granted,
                password_stdin,
                data,
            } => {
                let password = password(password_stdin)?;
                let grants = granted.known(&data).await?.added_to(Grants::default());
                let accounts = data.accounts().await?;
                let actor = accounts.add(&name, grants, password).await?;
                let people = accounts.people().await?;
                let added = people.into_iter().find(|person| person.id == actor.id);
                say!("Added {}.", shown(&added.map_or(name, |person| person.name)));
            }
            Self::Grant { name, granted, data } => {
                let accounts = data.existing_accounts().await?;
                let granted = granted.known(&data).await?;
                tell(&accounts.change_grants(&name, |held| anyhow::Ok(granted.added_to(held))).await?)?;
            }
            Self::Withdraw { name, portals, data } => {
                let accounts = data.existing_accounts().await?;
                tell(&accounts.change_grants(&name, |held| portals.taken_from(held)).await?)?;
            }
            Self::List { data } => {
                for person in data.existing_accounts().await?.people().await? {
                    let state = if person.disabled_at.is_some() { "disabled" } else { "enabled" };
                    say!("{}\t{}\t{state}\t{}", person.id, worded(&person.grants), shown(&person.name));
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
            Self::ResetSecondFactor { name, data } => {
                let person = data
                    .existing_accounts()
                    .await?
                    .reset_second_factor(&name, |_| anyhow::Ok(()))
                    .await?;
                say!("{} signs in with the password alone.", shown(&person.name));
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

/// What somebody holds from now on.
fn tell(person: &Person) -> anyhow::Result<()> {
    say!("{} holds: {}.", shown(&person.name), worded(&person.grants));
    Ok(())
}

/// The first line of standard input.
fn password(password_stdin: bool) -> anyhow::Result<String> {
    ensure!(password_stdin, "give --password-stdin and the password on standard input");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("standard input cannot be read")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
