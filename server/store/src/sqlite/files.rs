//! The files that make up the database: whether they are still those that were opened.

use std::{
    io::Read,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use sqlx::SqlitePool;

use crate::journal::Gone;

/// The files that make up the database, as they follow the name of the first.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// The length in bytes of the smallest page, and so of the smallest database.
const SMALLEST: u64 = 512;

/// With what every write-ahead log begins, but for the lowest bit.
const LOG_MAGIC: [u8; 4] = [0x37, 0x7f, 0x06, 0x82];

/// The file, for those who use the tables in it.
#[derive(Clone, Debug)]
pub(crate) struct OpenFile {
    pub(super) identity: Arc<OnceLock<Identity>>,
    /// With the last reader of the journal, SQLite would take away the write-ahead log, and the file would not be the same any more.
    pub(super) _readers: SqlitePool,
}

impl OpenFile {
    /// Before each question: what is mapped into memory and was cut off would end the process that looks at it.
    ///
    /// # Errors
    /// When one of the files was deleted, moved, replaced or emptied.
    pub(crate) fn check(&self) -> Result<(), sqlx::Error> {
        standing(&self.identity)
    }
}

/// Another file under the same name is not ours.
pub(super) fn standing(identity: &OnceLock<Identity>) -> Result<(), sqlx::Error> {
    let standing = identity.get().map_or(Ok(()), Identity::check);
    standing.map_err(|gone| sqlx::Error::Io(std::io::Error::other(gone)))
}

/// What the files were when they were opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// The file as it was named.
    named: PathBuf,
    /// Device and number of each part; `None`: there was none.
    numbers: [Option<(u64, u64)>; PARTS.len()],
    /// The length of the index in bytes. It is mapped into memory: what is cut off ends the process that reads it.
    index: u64,
}

impl Identity {
    pub(super) fn of(file: &Path) -> std::io::Result<Self> {
        let parts = parts(file)?;
        Ok(Self {
            named: file.to_owned(),
            index: parts[2].metadata().map(|index| index.len()).unwrap_or_default(),
            numbers: parts.map(|part| number(&part)),
        })
    }

    pub(super) fn check(&self) -> Result<(), Gone> {
        const MISSING: &str = "was deleted or moved away while it was in use";
        let Ok(parts) = parts(&self.named) else {
            return Err(Gone(format!("{} {MISSING}", self.named.display())));
        };
        for ((suffix, known), file) in PARTS.into_iter().zip(self.numbers).zip(parts) {
            let Some(known) = known else { continue };
            let what = match number(&file) {
                None => MISSING,
                Some(number) if number != known => "was replaced by another file while it was in use",
                Some(_) if !self.can_be_right(suffix, &file) => "was emptied or overwritten while it was in use",
                Some(_) => continue,
            };
            return Err(Gone(format!("{} {what}", file.display())));
        }
        Ok(())
    }

    /// Whether a file can be what its suffix says. The first file and the index are not opened for that: when a process closes one of its
    /// descriptors of a file, it loses its locks on it, also those that SQLite holds.
    fn can_be_right(&self, suffix: &str, file: &Path) -> bool {
        let is_as_long_as = |length| file.metadata().is_ok_and(|metadata| metadata.len() >= length);
        match suffix {
            "" => is_as_long_as(SMALLEST),
            "-wal" => {
                let mut bytes = [0; LOG_MAGIC.len()];
                let read = std::fs::File::open(file)
                    .and_then(|mut file| file.read(&mut bytes))
                    .unwrap_or_default();
                // An empty log is what SQLite itself leaves when all of it has been moved into the first file.
                read == 0 || (bytes[..3] == LOG_MAGIC[..3] && bytes[3] & !1 == LOG_MAGIC[3])
            }
            _ => is_as_long_as(self.index),
        }
    }
}

/// The files that make up the database. SQLite looks for those beside the first where that is behind all links, whatever they were when the
/// file was opened.
fn parts(file: &Path) -> std::io::Result<[PathBuf; PARTS.len()]> {
    let real = file.canonicalize()?;
    Ok(PARTS.map(|suffix| {
        if suffix.is_empty() {
            file.to_owned()
        } else {
            with_suffix(&real, suffix)
        }
    }))
}

/// Device and number of a file; `None`: there is none.
fn number(file: &Path) -> Option<(u64, u64)> {
    let metadata = file.metadata().ok()?;
    Some((metadata.dev(), metadata.ino()))
}

pub(super) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
