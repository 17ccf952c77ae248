//! `umleitung journal`.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    path::PathBuf,
};

use anyhow::{Context, bail};
use domain::record::upkeep;

use super::data::{Data, Force, operator, submit};
use store::journal::{chain::verify, lines};

/// Check, copy and redact the record.
#[derive(clap::Subcommand)]
pub(super) enum Journal {
    /// Check the whole chain of hashes.
    Verify {
        #[command(flatten)]
        data: Data,
    },
    /// Print every entry as JSON Lines.
    Export {
        #[command(flatten)]
        data: Data,
    },
    /// Read an export into an empty journal.
    Import {
        file: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// Put a tombstone in the place of an entry's content; the chain stays whole.
    Redact {
        seq: u64,
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        force: Force,
        #[command(flatten)]
        data: Data,
    },
    /// Say that the machine's clock is right, although the journal contradicts it: time counts from it again.
    ConfirmClock {
        /// Why the journal is wrong; it is kept forever.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        data: Data,
    },
}

impl Journal {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Verify { data } => {
                let journal = data.existing_store().await?.journal;
                let verified = verify(&*journal).await.context("the journal is not whole")?;
                if let Some(mark) = journal.missing().await? {
                    bail!(
                        "the journal is not whole: entry {} was written, and is not there any more as it was written",
                        mark.seq
                    );
                }
                say!(
                    "The journal is whole: {} entries, {} of them redacted.",
                    verified.entries,
                    verified.redacted
                );
            }
            Self::Export { data } => {
                let mut out = BufWriter::new(std::io::stdout().lock());
                lines::export(&*data.existing_store().await?.journal, &mut out).await?;
                out.flush()?;
            }
            Self::Import { file, data } => {
                let input = File::open(&file).with_context(|| format!("{} cannot be read", file.display()))?;
                let verified = lines::import(&*data.store().await?.journal, BufReader::new(input))
                    .await
                    .with_context(|| format!("{} was not imported", file.display()))?;
                say!("Imported {} entries.", verified.entries);
            }
            Self::Redact { seq, reason, force, data } => {
                data.existing_store().await?;
                let publisher = data.publisher().await?;
                force.confirm(&publisher).await?;
                submit(&publisher, operator(), upkeep::Command::Redact { seq, reason }).await?;
                say!("Entry {seq} is redacted.");
            }
            Self::ConfirmClock { reason, data } => {
                let publisher = data.existing_publisher().await?;
                submit(&publisher, operator(), upkeep::Command::ConfirmClock { reason }).await?;
                say!("Time counts from {} on.", publisher.clock().now());
            }
        }
        Ok(())
    }
}
