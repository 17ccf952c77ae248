//! Where a server keeps its data: a folder with one SQLite file, or the file itself.

use std::path::{Path, PathBuf};

use crate::{
    journal::{JournalError, SqliteJournal},
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
        if self.0.is_file() {
            self.open().await
        } else {
            Err(StoreError::Missing(self.0.clone()))
        }
    }

    /// Opens the journal there; makes folder and file where there are none.
    ///
    /// # Errors
    /// When the place cannot be written or holds no database of ours.
    pub async fn open(&self) -> Result<SqliteJournal, StoreError> {
        if let Some(folder) = self.0.parent() {
            private::make_folder(folder).map_err(|source| StoreError::Folder {
                folder: folder.to_owned(),
                source,
            })?;
        }
        private::keep_database(&self.0);
        SqliteJournal::open(&self.0).await.map_err(|source| StoreError::Open {
            file: self.0.clone(),
            source,
        })
    }
}
