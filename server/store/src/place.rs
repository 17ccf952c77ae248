//! Where a server keeps its data: a folder with one SQLite file, or the file itself.

use std::path::{Path, PathBuf};

use crate::{
    journal::{Journal, JournalError, SqliteJournal, marker::Marker},
    private,
};

/// The file in a data folder.
const FILE: &str = "umleitung.sqlite3";

/// Why the data could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the data folder {folder} cannot be made: {source}")]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error(
        "`{0}` is no database that this release can use; give `sqlite:` and a file, such as sqlite:/var/lib/umleitung/umleitung.sqlite3"
    )]
    Unsupported(String),
    #[error("there is no {0}; is this the right data folder?")]
    Missing(PathBuf),
    #[error("{file} {what}, but {sign} says that data were kept here. Restore a backup; to begin anew, remove {sign} first")]
    Lost { file: PathBuf, what: &'static str, sign: PathBuf },
    #[error("{file} is damaged, or is not the file to which the log beside it belongs. Restore a backup ({source})")]
    Damaged { file: PathBuf, source: JournalError },
    #[error("{file}: {source}")]
    Open { file: PathBuf, source: JournalError },
}

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(PathBuf);

impl Place {
    /// The data folder, which need not exist yet.
    pub fn folder(folder: &Path) -> Self {
        Self(folder.join(FILE))
    }

    /// A database by its address, `sqlite:FILE`.
    ///
    /// # Errors
    /// When it is another kind of database.
    pub fn address(address: &str) -> Result<Self, StoreError> {
        let file = address
            .strip_prefix("sqlite:")
            .ok_or_else(|| StoreError::Unsupported(address.split('@').next_back().unwrap_or_default().to_owned()))?;
        Ok(Self(PathBuf::from(file.strip_prefix("//").unwrap_or(file))))
    }

    /// The database file.
    pub fn file(&self) -> &Path {
        &self.0
    }

    /// The folder in which the widget's files of the last releases are kept.
    pub fn releases(&self) -> PathBuf {
        self.0.with_file_name("releases")
    }

    /// Opens the journal that is there.
    ///
    /// # Errors
    /// When there is none: what only reads must not take a slip of the finger for an empty journal.
    pub async fn open_existing(&self) -> Result<SqliteJournal, StoreError> {
        self.check_for_losses()?;
        if self.0.metadata().is_ok_and(|file| file.len() > 0) {
            self.open().await
        } else {
            Err(StoreError::Missing(self.0.clone()))
        }
    }

    /// Opens the journal there; makes folder and file where there are none.
    ///
    /// # Errors
    /// When the place cannot be written or holds no database of ours, or had one before and has it no more.
    pub async fn open(&self) -> Result<SqliteJournal, StoreError> {
        self.check_for_losses()?;
        if let Some(folder) = self.0.parent() {
            private::make_folder(folder).map_err(|source| StoreError::Folder {
                folder: folder.to_owned(),
                source,
            })?;
        }
        private::keep_database(&self.0);
        let failed = |source: JournalError| {
            let file = self.0.clone();
            if source.is_damage() {
                StoreError::Damaged { file, source }
            } else {
                StoreError::Open { file, source }
            }
        };
        let journal = SqliteJournal::open(&self.0).await.map_err(failed)?;
        // What can only be read has none, perhaps, and needs none now.
        let Ok(id) = journal.id().await else { return Ok(journal) };
        // Once in use, a place does not pass for new.
        let marker = Marker::beside(&self.0);
        let is_empty = journal.head().await.map_err(failed)? == 0;
        let lost = match marker.id() {
            Some(known) if known == id && is_empty && marker.mark().is_some() => "has lost all its entries",
            Some(known) if known != id && is_empty => "is another and a new database",
            Some(known) if known == id => return Ok(journal),
            // The first start with this database, or a backup that was restored.
            _ => {
                if let Err(error) = marker.name(&id) {
                    tracing::warn!(%error, file = %marker.path().display(), "should the database be lost, the next start will not notice");
                }
                return Ok(journal);
            }
        };
        journal.close().await;
        Err(self.lost(lost, marker.path().to_owned()))
    }

    /// Whether there was a database here that is missing now. Asked before the file is opened: SQLite takes an empty one for new, and
    /// throws away the log beside it.
    fn check_for_losses(&self) -> Result<(), StoreError> {
        let what = match self.0.metadata() {
            Ok(file) if file.len() > 0 => return Ok(()),
            Ok(_) => "is empty",
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => "is missing",
            Err(_) => return Ok(()),
        };
        let log = self.beside("-wal");
        let releases = self.releases();
        let marker = Marker::beside(&self.0);
        if marker.path().exists() {
            Err(self.lost(what, marker.path().to_owned()))
        } else if log.metadata().is_ok_and(|log| log.len() > 0) {
            Err(self.lost(what, log))
        } else if self.0.file_name().is_some_and(|name| name == FILE) && releases.is_dir() {
            // Releases before the marker left this.
            Err(self.lost(what, releases))
        } else {
            Ok(())
        }
    }

    fn lost(&self, what: &'static str, sign: PathBuf) -> StoreError {
        StoreError::Lost {
            file: self.0.clone(),
            what,
            sign,
        }
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = self.0.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    }
}
