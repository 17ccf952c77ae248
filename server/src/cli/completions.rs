//! `umleitung completions`.

use clap::Args;
use clap_complete::{Shell, generate};

/// Print what a shell needs to complete these commands.
#[derive(Args)]
pub(super) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, command: &mut clap::Command) -> anyhow::Result<()> {
        let mut script = Vec::new();
        generate(self.shell, command, "umleitung", &mut script);
        say!("{}", String::from_utf8(script)?.trim_end());
        Ok(())
    }
}
