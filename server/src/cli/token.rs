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
        /// After how many days it stops working; left out: never.
        #[arg(long, value_name = "DAYS")]
        expires: Option<u16>,
        #[command(flatten)]
        data: Data,
    },
}

impl Token {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let Self::Create { name, role, expires, data } = self;
        let expires_at = expires
            .map(|days| SystemClock.now().saturating_add(SignedDuration::from_hours(24 * i64::from(days))))
            .transpose()?;
        let secret = data.accounts().await?.create_token(&name, role.into(), expires_at).await?;
        println!("{}", secret.as_str());
        Ok(())
    }
}
