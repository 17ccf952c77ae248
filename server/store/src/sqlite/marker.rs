//! The small file beside the database. It says that there is a database, and which one, and what was written into its journal last: that a
//! journal ends too early its own chain cannot show.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use crate::{journal::Mark, private};

/// What the name of the database has behind it.
const SUFFIX: &str = ".id";

/// The file.
#[derive(Clone, Debug)]
pub(crate) struct Marker(PathBuf);

impl Marker {
    /// The one of this database.
    pub(crate) fn beside(database: &Path) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push(SUFFIX);
        Self(name.into())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Which database it was; `None`: nobody knows.
    pub(crate) fn id(&self) -> Option<String> {
        let text = std::fs::read_to_string(&self.0).ok()?;
        Some(text.lines().next()?.trim().to_owned())
    }

    /// What was written last; `None`: nothing, or nobody knows.
    pub(crate) fn mark(&self) -> Option<Mark> {
        let text = std::fs::read_to_string(&self.0).ok()?;
        let (seq, hash) = text.lines().nth(1)?.split_once(' ')?;
        let (seq, hash) = (seq.parse().ok()?, hash.to_owned());
        Some(Mark { seq, hash })
    }

    /// Says anew which database it is; what was written last is not known then.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn name(&self, id: &str) -> io::Result<()> {
        private::write(&self.0, format!("{id}\n").as_bytes())
    }

    /// Says what was written last, where the file is there. All such lines have one length, so that it is written over in one piece, also on
    /// a full disk; it is not synced: an older mark says less and nothing wrong.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn note(&self, mark: &Mark) -> io::Result<()> {
        let Some(id) = self.id() else { return Ok(()) };
        let file: File = OpenOptions::new().write(true).open(&self.0)?;
        let line = format!("{:020} {}\n", mark.seq, mark.hash);
        file.write_all_at(line.as_bytes(), id.len() as u64 + 1)
    }
}
