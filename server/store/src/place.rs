//! Where a server keeps its data: a folder with one SQLite file, the file itself, or a database on a PostgreSQL server.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    alerts::Alerts,
    arrivals::Arrivals,
    backup::Backup,
    forms::Forms,
    identity::Identities,
    journal::{Journal, JournalError},
    outbox::Outbox,
    postgres::PostgresJournal,
    private,
    probing::Probing,
    release_files::ReleaseFiles,
    sources::Sources,
    sqlite::{SqliteJournal, marker::Marker},
    subscriptions::Subscriptions,
    tables::Tables,
    webhooks::Webhooks,
};

/// The file in a data folder.
const FILE: &str = "umleitung.sqlite3";

/// Why the data could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the data folder {folder} cannot be made: {source}")]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error("`{0}` is no database that this release can use; give sqlite:FILE or postgres://USER@HOST/DATABASE")]
    Unsupported(String),
    #[error("there is no {0}; is this the right data folder?")]
    Missing(PathBuf),
    #[error("{0} holds nothing of Umleitung; is this the right database?")]
    Empty(String),
    #[error("{server}: {source}")]
    Server { server: String, source: JournalError },
    #[error("{file} {what}, but {sign} says that data were kept here. Restore a backup; to begin anew, remove {sign} first")]
    Lost { file: PathBuf, what: &'static str, sign: PathBuf },
    #[error("{file} is damaged, or is not the file to which the log beside it belongs. Restore a backup ({source})")]
    Damaged { file: PathBuf, source: JournalError },
    #[error("{file}: {source}")]
    Open { file: PathBuf, source: JournalError },
}

/// All that is kept in one place.
#[derive(Clone)]
pub struct Store {
    pub journal: Arc<dyn Journal>,
    pub identities: Identities,
    pub release_files: ReleaseFiles,
    pub outbox: Outbox,
    pub webhooks: Webhooks,
    pub arrivals: Arrivals,
    pub sources: Sources,
    pub subscriptions: Subscriptions,
    pub alerts: Alerts,
    pub probing: Probing,
    pub forms: Forms,
    pub backup: Backup,
}

impl Store {
    fn new(journal: impl Journal + 'static, tables: Tables) -> Self {
        Self {
            journal: Arc::new(journal),
            identities: Identities::new(tables.clone()),
            release_files: ReleaseFiles::new(tables.clone()),
            outbox: Outbox::new(tables.clone()),
            webhooks: Webhooks::new(tables.clone()),
            arrivals: Arrivals::new(tables.clone()),
            sources: Sources::new(tables.clone()),
            subscriptions: Subscriptions::new(tables.clone()),
            alerts: Alerts::new(tables.clone()),
            probing: Probing::new(tables.clone()),
            forms: Forms::new(tables.clone()),
            backup: Backup::new(tables),
        }
    }
}

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// In a SQLite file.
    File(PathBuf),
    /// On a PostgreSQL server, by its address, which may hold a password.
    Server(String),
}

impl Place {
    /// The data folder, which need not exist yet.
    pub fn folder(folder: &Path) -> Self {
        Self::File(folder.join(FILE))
    }

    /// A database by its address, `sqlite:FILE` or `postgres://USER@HOST/DATABASE`.
    ///
    /// # Errors
    /// When it is another kind of database.
    pub fn address(address: &str) -> Result<Self, StoreError> {
        if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            return Ok(Self::Server(address.to_owned()));
        }
        let file = address
            .strip_prefix("sqlite:")
            .ok_or_else(|| StoreError::Unsupported(without_password(address)))?;
        Ok(Self::File(PathBuf::from(file.strip_prefix("//").unwrap_or(file))))
    }

    /// The folder in which the widget's files of the last releases are kept; a server keeps them in its tables.
    pub fn releases(&self) -> Option<PathBuf> {
        match self {
            Self::File(file) => Some(releases(file)),
            Self::Server(_) => None,
        }
    }

    /// Opens what is there.
    ///
    /// # Errors
    /// When there is nothing: what only reads must not take a slip of the finger for an empty journal.
    pub async fn open_existing(&self) -> Result<Store, StoreError> {
        match self {
            Self::File(file) => {
                check_for_losses(file)?;
                if !file.metadata().is_ok_and(|file| file.len() > 0) {
                    return Err(StoreError::Missing(file.clone()));
                }
            }
            Self::Server(address) => {
                let is_there = PostgresJournal::is_at(address).await;
                if !is_there.map_err(|source| self.failed(source))? {
                    return Err(StoreError::Empty(self.to_string()));
                }
            }
        }
        self.open().await
    }

    /// Opens what is there; makes folder, file and tables where there are none.
    ///
    /// # Errors
    /// When the place cannot be written or holds no database of ours, or had one before and has it no more.
    pub async fn open(&self) -> Result<Store, StoreError> {
        match self {
            Self::File(file) => {
                let journal = self.open_file(file).await?;
                let tables = journal.tables();
                Ok(Store::new(journal, tables))
            }
            Self::Server(address) => {
                let journal = PostgresJournal::open(address).await.map_err(|source| self.failed(source))?;
                let tables = journal.tables();
                Ok(Store::new(journal, tables))
            }
        }
    }

    fn failed(&self, source: JournalError) -> StoreError {
        match self {
            Self::File(file) if source.is_damage() => StoreError::Damaged {
                file: file.clone(),
                source,
            },
            Self::File(file) => StoreError::Open {
                file: file.clone(),
                source,
            },
            Self::Server(_) => StoreError::Server {
                server: self.to_string(),
                source,
            },
        }
    }

    async fn open_file(&self, file: &Path) -> Result<SqliteJournal, StoreError> {
        check_for_losses(file)?;
        if let Some(folder) = file.parent() {
            private::make_folder(folder).map_err(|source| StoreError::Folder {
                folder: folder.to_owned(),
                source,
            })?;
        }
        private::keep_database(file);
        let journal = SqliteJournal::open(file).await.map_err(|source| self.failed(source))?;
        // What can only be read has none, perhaps, and needs none now.
        let Ok(id) = journal.id().await else { return Ok(journal) };
        // Once in use, a place does not pass for new.
        let marker = Marker::beside(file);
        let is_empty = journal.head().await.map_err(|source| self.failed(source))? == 0;
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
        Err(losses(file, lost, marker.path().to_owned()))
    }
}

/// The place as it may be told: an address without its password.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => file.display().fmt(f),
            Self::Server(address) => f.write_str(&without_password(address)),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What stands in an address before the host is nobody's business, and so is what follows the database. Cut at the last sign that ends a
/// password, whatever else is in it.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address
            .split(':')
            .next()
            .unwrap_or_default()
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
    };
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let host = rest.split(['?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}")
}

/// Whether there was a database here that is missing now. Asked before the file is opened: SQLite takes an empty one for new, and
/// throws away the log beside it.
fn check_for_losses(file: &Path) -> Result<(), StoreError> {
    let what = match file.metadata() {
        Ok(file) if file.len() > 0 => return Ok(()),
        Ok(_) => "is empty",
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => "is missing",
        Err(_) => return Ok(()),
    };
    let log = beside(file, "-wal");
    let releases = releases(file);
    let marker = Marker::beside(file);
    if marker.path().exists() {
        Err(losses(file, what, marker.path().to_owned()))
    } else if log.metadata().is_ok_and(|log| log.len() > 0) {
        Err(losses(file, what, log))
    } else if file.file_name().is_some_and(|name| name == FILE) && releases.is_dir() {
        // Releases before the marker left this.
        Err(losses(file, what, releases))
    } else {
        Ok(())
    }
}

fn losses(file: &Path, what: &'static str, sign: PathBuf) -> StoreError {
    StoreError::Lost {
        file: file.to_owned(),
        what,
        sign,
    }
}

fn releases(file: &Path) -> PathBuf {
    file.with_file_name("releases")
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_without_its_password() {
        for (address, told) in [
            (
                "postgres://ada:geheim@db.example:5432/umleitung?password=geheim",
                "postgres://db.example:5432/umleitung",
            ),
            ("postgresql://ada:ge@heim@db.example/u", "postgresql://db.example/u"),
            ("postgres://ada:geh?eim@db.example/u", "postgres://db.example/u"),
            ("postgres://ada:geh#eim@db.example/u?a=b", "postgres://db.example/u"),
            ("postgres:///umleitung", "postgres:///umleitung"),
            ("sqlite:/var/lib/umleitung.sqlite3", "/var/lib/umleitung.sqlite3"),
        ] {
            assert_eq!(Place::address(address).unwrap().to_string(), told);
        }
        for address in ["mysql://ada:geheim@db.example/u", "host=a password=geheim dbname=u", "geheim"] {
            let refused = Place::address(address).unwrap_err().to_string();
            assert!(address == "geheim" || !refused.contains("geheim"), "{refused}");
        }
    }
}
