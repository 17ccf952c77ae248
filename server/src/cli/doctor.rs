//! `umleitung doctor`.

use std::{process::ExitCode, sync::Arc};

use super::serve::{Serve, survive_a_size_limit};
use crate::doctor::{Finding, examine};
use store::clock::SystemClock;

/// Look at an installation: its data, what they hold, the address under which people reach it, what stands in front. Takes the options with which
/// the server is run. Says what is wrong and what to do; exit status 1 where anything is.
#[derive(clap::Args)]
pub(super) struct Doctor {
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    serve: Serve,
}

impl Doctor {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let _survives = survive_a_size_limit();
        let report = examine(&self.serve.installation(), Arc::new(SystemClock)).await;
        if self.json {
            say!("{}", serde_json::to_string_pretty(&report.0)?);
        } else {
            for finding in &report.0 {
                say!("{}", told(finding));
            }
        }
        Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn told(finding: &Finding) -> String {
    let mark = if finding.is_sound { "ok   " } else { "WRONG" };
    let mut line = format!("{mark}  {:<14} {}", finding.check, finding.seen.trim_end());
    if !finding.remedy.is_empty() {
        line.push_str("\n         -> ");
        line.push_str(&finding.remedy);
    }
    line
}
