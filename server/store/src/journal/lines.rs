//! The journal as JSON Lines, for export and import.

use std::io::{BufRead, Write};

use super::{
    Journal, JournalError, Record,
    chain::{Broken, Verified, Walk},
};

/// Why an export or import stopped.
#[derive(Debug, thiserror::Error)]
pub enum LinesError {
    #[error("line {line}: {source}")]
    Malformed { line: u64, source: serde_json::Error },
    #[error("line {line}: {source}")]
    Broken { line: u64, source: Broken },
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Writes every entry, one a line.
///
/// # Errors
/// When reading or writing fails.
pub async fn export(journal: &dyn Journal, out: &mut impl Write) -> Result<u64, LinesError> {
    let mut after = 0;
    loop {
        let records = journal.read(after, 1_000).await?;
        let Some(last) = records.last() else { return Ok(after) };
        after = last.seq;
        for record in &records {
            serde_json::to_writer(&mut *out, record).map_err(std::io::Error::from)?;
            out.write_all(b"\n")?;
        }
    }
}

/// Reads what [`export`] wrote into an empty journal; all of it or nothing.
///
/// # Errors
/// When a line is malformed, the chain is broken or the journal is not empty.
pub async fn import(journal: &dyn Journal, input: impl BufRead) -> Result<Verified, LinesError> {
    let mut walk = Walk::default();
    let mut records = Vec::new();
    for (line, text) in (1..).zip(input.lines()) {
        let text = text?;
        if text.trim().is_empty() {
            continue;
        }
        let record: Record = serde_json::from_str(&text).map_err(|source| LinesError::Malformed { line, source })?;
        walk.step(&record).map_err(|source| LinesError::Broken { line, source })?;
        record.entry()?;
        records.push(record);
    }
    let verified = walk.finish().map_err(|source| LinesError::Broken { line: source.seq, source })?;
    journal.fill(records).await?;
    Ok(verified)
}
