//! A mirror in a folder. A file is written beside its place and then put there, so that nobody ever reads half of one.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use tokio::task::spawn_blocking;

/// How a file is called that is not whole yet; no file of a mirror ends so.
const UNFINISHED: &str = ".part";

/// Tells the unfinished files of this process apart.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Opens a folder, and makes it where there is none.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self(folder.to_owned()))
    }

    pub(super) async fn write(&self, name: &str, body: Bytes) -> io::Result<()> {
        let place = self.0.join(name);
        aside(move || put(&place, &body)).await
    }

    pub(super) async fn read(&self, name: &str) -> io::Result<Option<Bytes>> {
        let place = self.0.join(name);
        aside(move || unless_missing(fs::read(place).map(Bytes::from))).await
    }

    /// The names of the folders directly in this one.
    pub(super) async fn folders(&self, folder: &str) -> io::Result<Vec<String>> {
        let place = self.0.join(folder);
        let listed = move || {
            let Some(entries) = unless_missing(fs::read_dir(place))? else {
                return Ok(Vec::new());
            };
            let mut found = Vec::new();
            for entry in entries {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    found.extend(entry.file_name().into_string().ok());
                }
            }
            Ok(found)
        };
        aside(listed).await
    }

    /// The names of all files below a folder, as seen from the mirror.
    pub(super) async fn list(&self, folder: &str) -> io::Result<BTreeSet<String>> {
        let (root, folder) = (self.0.clone(), folder.to_owned());
        let listed = move || {
            let mut found = BTreeSet::new();
            collect(&root, Path::new(&folder), &mut found)?;
            Ok(found)
        };
        aside(listed).await
    }

    /// Takes a file away, if it is there, and the folders that are empty without it.
    pub(super) async fn remove(&self, name: &str) -> io::Result<()> {
        let (root, place) = (self.0.clone(), self.0.join(name));
        let removed = move || {
            unless_missing(fs::remove_file(&place))?;
            let above = place.ancestors().skip(1).take_while(|folder| *folder != root);
            // The first that holds something else stays, and so do those above it.
            above.map(fs::remove_dir).take_while(Result::is_ok).for_each(drop);
            Ok(())
        };
        aside(removed).await
    }
}

/// Does something with files where it keeps nobody waiting.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

fn put(place: &Path, body: &[u8]) -> io::Result<()> {
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder)?;
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let unfinished = folder.join(format!(".{name}.{}-{number}{UNFINISHED}", process::id()));
    let written = File::create(&unfinished)
        .and_then(|mut file| file.write_all(body))
        .and_then(|()| fs::rename(&unfinished, place));
    if written.is_err() {
        // On a full disk it would stand in the way of the next one.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// What there is; that there is nothing is no failure.
fn unless_missing<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeSet<String>) -> io::Result<()> {
    let Some(entries) = unless_missing(fs::read_dir(root.join(folder)))? else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        let place = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(root, &place, found)?;
        } else if let Some(name) = place.to_str().filter(|name| !name.ends_with(UNFINISHED)) {
            found.insert(name.to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_holds_what_was_put_into_it_and_nothing_half() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(&place.path().join("mirror")).unwrap();
        assert_eq!(folder.read("p/a/index.html").await.unwrap(), None);
        assert_eq!(folder.list("p").await.unwrap(), BTreeSet::new());
        for (name, body) in [("p/a/index.html", "one"), ("p/a/index.html", "two"), ("p/b/state.json", "{}")] {
            folder.write(name, Bytes::from_static(body.as_bytes())).await.unwrap();
        }
        assert_eq!(folder.read("p/a/index.html").await.unwrap().unwrap(), "two");
        // What a process left that was killed is no file of the mirror.
        fs::write(place.path().join("mirror/p/a/.index.html.1-1.part"), "ha").unwrap();
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(folder.list("p").await.unwrap(), names(&["p/a/index.html", "p/b/state.json"]));
        let mut folders = folder.folders("p").await.unwrap();
        folders.sort();
        assert_eq!(folders, ["a", "b"]);
        folder.remove("p/b/state.json").await.unwrap();
        folder.remove("p/b/state.json").await.unwrap();
        assert_eq!(folder.folders("p").await.unwrap(), ["a"]);
        // A file where a folder has to be is told, and nothing is lost.
        assert!(folder.write("p/a/index.html/more", Bytes::new()).await.is_err());
        assert_eq!(folder.read("p/a/index.html").await.unwrap().unwrap(), "two");
    }
}
