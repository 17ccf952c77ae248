//! `umleitung token`.

use jiff::SignedDuration;

use super::{Data, RoleWord};
use crate::clock::{Clock, SystemClock};

/// Manage the tokens of programs.
#[derive(clap::Subcommand)]
pub(super) enum Token {
    /// Make a token and print it, alone; it is told only once.
    Create {
        name: String,
        #[arg(long, value_name = "ROLE")]
        role: RoleWord,
        /// After how many days it stops working, or `never`.
        #[arg(long, value_name = "DAYS", default_value = "365", value_parser = lifetime)]
        expires: Lifetime,
        #[command(flatten)]
        data: Data,
    },
}

/// For how long a token works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifetime {
    Days(u16),
    Endless,
}

fn lifetime(text: &str) -> Result<Lifetime, String> {
    match text {
        "never" => Ok(Lifetime::Endless),
        days => match days.parse() {
            Ok(0) | Err(_) => Err("give a number of days from 1 to 65535, or `never`".to_owned()),
            Ok(days) => Ok(Lifetime::Days(days)),
        },
    }
}

impl Token {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let Self::Create { name, role, expires, data } = self;
        let expires_at = match expires {
            Lifetime::Days(days) => Some(SystemClock.now().saturating_add(SignedDuration::from_hours(24 * i64::from(days)))?),
            Lifetime::Endless => None,
        };
        let secret = data.accounts().await?.create_token(&name, role.into(), expires_at).await?;
        println!("{}", secret.as_str());
        // Standard output holds the token alone.
        match expires_at {
            Some(instant) => eprintln!("The token works until {}.", instant.strftime("%Y-%m-%d %H:%M UTC")),
            None => eprintln!("The token works until it is revoked."),
        }
        Ok(())
    }
}
