//! `umleitung backup` and `umleitung restore`.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow, bail, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{backup::Line, clock::Clock, clock::SystemClock};

use super::data::Data;

/// The form of the file. What a release adds are tables and columns.
const FORM: u32 = 1;

/// Copy all data into one file, while a server runs on them.
#[derive(clap::Args)]
pub(super) struct Backup {
    /// The file; it must not be there yet. It holds secrets: keep it like the data.
    file: PathBuf,
    #[command(flatten)]
    data: Data,
}

/// Take in what a backup holds, where nothing is yet: a new folder, or an empty database.
#[derive(clap::Args)]
pub(super) struct Restore {
    /// What `backup` has written.
    file: PathBuf,
    #[command(flatten)]
    data: Data,
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    umleitung_backup: u32,
    /// The release that wrote it.
    release: String,
    /// RFC 3339.
    taken_at: String,
}

/// The last line: what all before it add up to.
#[derive(Serialize, Deserialize)]
struct Foot {
    rows: u64,
    /// Of all bytes before this line, in base 16.
    sha256: String,
}

/// Writes lines and adds them up.
struct Writer {
    file: BufWriter<File>,
    sum: Sha256,
    rows: u64,
}

impl Writer {
    fn line(&mut self, line: &impl Serialize) -> std::io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.sum.update(&bytes);
        self.file.write_all(&bytes)
    }
}

fn in_base_16(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Backup {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let shown = self.file.display();
        ensure!(!self.file.exists(), "{shown} is there already; a backup replaces nothing");
        let store = self.data.existing_store().await?;
        let mut part = self.file.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part);
        let mut writer = Writer {
            file: BufWriter::new(file.with_context(|| format!("{} cannot be written", part.display()))?),
            sum: Sha256::new(),
            rows: 0,
        };
        let written = async {
            writer.line(&Head {
                umleitung_backup: FORM,
                release: env!("CARGO_PKG_VERSION").to_owned(),
                taken_at: SystemClock.now().to_string(),
            })?;
            let copied = store.backup.copy(|line| {
                writer.rows += u64::from(matches!(line, Line::Row(_)));
                writer.line(line)
            });
            copied.await?;
            let foot = Foot {
                rows: writer.rows,
                sha256: in_base_16(&writer.sum.clone().finalize()),
            };
            writer.line(&foot)?;
            writer.file.flush()?;
            writer.file.get_ref().sync_all()?;
            // Whole or not at all.
            std::fs::rename(&part, &self.file)?;
            anyhow::Ok(foot)
        };
        let written = written.await;
        let _ = std::fs::remove_file(&part);
        let foot = written.with_context(|| format!("{shown} was not written"))?;
        say!("{shown}: {} rows, SHA-256 {}", foot.rows, foot.sha256);
        Ok(())
    }
}

impl Restore {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let shown = self.file.display();
        // All of it is looked at before anything is made.
        let foot = examine(&self.file).map_err(|why| anyhow!("{shown} {why}; nothing has changed"))?;
        let store = self.data.store().await?;
        let lines = lines(&self.file)?.filter_map(|line| serde_json::from_slice::<Line>(&line.ok()?).ok());
        let restored = store.backup.restore(lines).await;
        restored.with_context(|| format!("{} takes in nothing", self.data.shown()))?;
        say!("{}: {} rows", self.data.shown(), foot.rows);
        Ok(())
    }
}

fn lines(file: &Path) -> anyhow::Result<impl Iterator<Item = std::io::Result<Vec<u8>>>> {
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(BufReader::new(opened).split(b'\n'))
}

/// Whether a file is a backup, and as it was written; the end of a sentence that begins with its name, where it is not.
fn examine(file: &Path) -> anyhow::Result<Foot> {
    let mut sum = Sha256::new();
    let mut rows = 0;
    let mut foot = None;
    for (at, line) in lines(file)?.enumerate() {
        let line = line.context("cannot be read")?;
        if at == 0 {
            let head: Head = serde_json::from_slice(&line).map_err(|_| anyhow!("is no backup of Umleitung"))?;
            let form = head.umleitung_backup;
            ensure!(
                form == FORM,
                "has the form {form}, of release {}; this release reads the form {FORM}",
                head.release
            );
        } else if foot.is_some() {
            bail!("was altered: something stands behind its last line");
        } else if let Ok(last) = serde_json::from_slice::<Foot>(&line) {
            foot = Some(last);
            continue;
        } else {
            let read = serde_json::from_slice::<Line>(&line);
            let line = read.map_err(|_| anyhow!("was altered or cut off in line {}", at + 1))?;
            rows += u64::from(matches!(line, Line::Row(_)));
        }
        sum.update(&line);
        sum.update(b"\n");
    }
    let foot = foot.ok_or_else(|| anyhow!("was cut off: its last line is missing"))?;
    let is_whole = foot.rows == rows && foot.sha256 == in_base_16(&sum.finalize());
    ensure!(is_whole, "was altered: it is not what its last line says");
    Ok(foot)
}
