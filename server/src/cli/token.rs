//! `umleitung token`.

use domain::access::Grants;
use jiff::{SignedDuration, Timestamp};

use super::{
    data::Data,
    granted::{Granted, worded},
    terminal::{complain, shown},
};
use crate::accounts::NewToken;
use store::clock::{Clock, SystemClock};

/// Manage the tokens of programs.
#[derive(clap::Subcommand)]
pub(super) enum Token {
    /// Make a token and print it, alone; it is told only once.
    Create {
        name: String,
        #[command(flatten)]
        granted: Granted,
        /// After how many days it stops working, or `never`.
        #[arg(long, value_name = "DAYS", default_value = "365", value_parser = lifetime)]
        expires: Lifetime,
        /// A person: the token ends when their account is disabled.
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Show all tokens: id, roles, state, end and name.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// End a token now.
    Revoke {
        /// The name, or the id as `list` shows it.
        name: String,
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
        match self {
            Self::Create {
                name,
                granted,
                expires,
                owner,
                data,
            } => {
                let expires_at = match expires {
                    Lifetime::Days(days) => Some(SystemClock.now().saturating_add(SignedDuration::from_hours(24 * i64::from(days)))?),
                    Lifetime::Endless => None,
                };
                let token = NewToken {
                    name,
                    grants: granted.known(&data).await?.added_to(Grants::default()),
                    expires_at,
                    owner,
                };
                let secret = data.accounts().await?.make_token(token).await?;
                say!("{}", secret.as_str());
                // Standard output holds the token alone.
                match expires_at {
                    Some(instant) => complain(format_args!("The token works until {}.", day(instant))),
                    None => complain(format_args!("The token works until it is revoked.")),
                }
            }
            Self::List { data } => {
                let now = SystemClock.now();
                for token in data.existing_accounts().await?.tokens().await? {
                    let state = match (&token.revoked_at, token.expires_at) {
                        (Some(_), _) => "revoked",
                        (None, Some(end)) if end <= now => "expired",
                        _ => "works",
                    };
                    let end = token.expires_at.map_or_else(|| "never".to_owned(), day);
                    say!("{}\t{}\t{state}\t{end}\t{}", token.id, worded(&token.grants), shown(&token.name));
                }
            }
            Self::Revoke { name, data } => {
                let token = data.existing_accounts().await?.revoke(&name).await?;
                say!("Revoked {}.", shown(&token.name));
            }
        }
        Ok(())
    }
}

fn day(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
