//! The widget's files of this release and of the last few, kept beside the data or, where several nodes share them, in the database: a
//! loader that a page or a cache still holds from before an update asks for the files that it was made with, by their fingerprint and with
//! their hash, and gets exactly these.

use std::{
    collections::{HashMap, hash_map::Entry},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use tokio::{sync::Mutex, time::Instant};

use crate::assets::{self, Embedded};
use store::{ReleaseFiles, private, tables::TableError};

/// How many releases are kept, this one included. An update a day would still leave pages that stay open a working day their files.
const KEPT: usize = 5;

/// A release that is still unfinished after so long was given up.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// How often at most the database is asked for a release that is not known.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// The releases that are kept.
#[derive(Clone, Debug, Default)]
pub struct Releases(Kept);

#[derive(Clone, Debug, Default)]
enum Kept {
    /// Only what is in the binary is known.
    #[default]
    Nowhere,
    Folder(PathBuf),
    Database(Arc<Shared>),
}

/// Those in a database, as far as this node has met them.
#[derive(Debug)]
struct Shared {
    files: ReleaseFiles,
    met: Mutex<Met>,
}

#[derive(Debug, Default)]
struct Met {
    /// By fingerprint and path.
    releases: HashMap<String, HashMap<String, Vec<u8>>>,
    asked: Option<Instant>,
}

impl Releases {
    /// Takes this release in at this instant, and lets go of those that are older than the last few. A folder that cannot be written costs nothing but
    /// the memory of this release: it is told in the log, and the server starts.
    pub fn keep(folder: PathBuf, now: Timestamp) -> Self {
        if let Err(error) = take_in(&folder, now) {
            tracing::warn!(%error, folder = %folder.display(), "{FORGOTTEN}");
        }
        if let Err(error) = let_go(&folder, now) {
            tracing::warn!(%error, folder = %folder.display(), "the files of releases of long ago stay and take up room");
        }
        Self(Kept::Folder(folder))
    }

    /// The same in a database, which other nodes use as well.
    pub async fn keep_in(files: ReleaseFiles, now: Timestamp) -> Self {
        let own: Vec<(String, &[u8])> = of_this_release()
            .flat_map(|(name, file)| [(name.to_owned(), file.plain()), (packed(name), file.brotli)])
            .collect();
        if let Err(error) = files.keep(assets::FINGERPRINT, &own, now, KEPT).await {
            tracing::warn!(%error, "{FORGOTTEN}");
        }
        let met = Mutex::default();
        Self(Kept::Database(Arc::new(Shared { files, met })))
    }

    /// A file of an earlier release, or of a later one that another node runs.
    pub(crate) async fn find(&self, fingerprint: &str, path: &str) -> Option<Vec<u8>> {
        match &self.0 {
            Kept::Nowhere => None,
            Kept::Folder(folder) => {
                let plain = |part: &str| {
                    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
                    !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_plain)
                };
                let sound = plain(fingerprint) && path.split('/').all(plain);
                let file = sound.then(|| folder.join(fingerprint).join(path))?;
                tokio::fs::read(file).await.ok()
            }
            Kept::Database(shared) => shared.find(fingerprint, path).await,
        }
    }
}

impl Shared {
    async fn find(&self, fingerprint: &str, path: &str) -> Option<Vec<u8>> {
        let mut met = self.met.lock().await;
        if !met.releases.contains_key(fingerprint) && met.asked.is_none_or(|asked| asked.elapsed() > ASK_EVERY) {
            met.asked = Some(Instant::now());
            if let Err(error) = self.meet(&mut met).await {
                tracing::warn!(%error, "the releases of other nodes are not known");
            }
        }
        met.releases.get(fingerprint)?.get(path).cloned()
    }

    /// Gets to know those that came since, and forgets those that went.
    async fn meet(&self, met: &mut Met) -> Result<(), TableError> {
        let there = self.files.fingerprints().await?;
        met.releases.retain(|known, _| there.contains(known));
        for fingerprint in there {
            if let Entry::Vacant(new) = met.releases.entry(fingerprint) {
                let files = self.files.of(new.key()).await?;
                new.insert(files.into_iter().collect());
            }
        }
        Ok(())
    }
}

/// What it means where this release could not be kept.
const FORGOTTEN: &str = "pages that stay open over the next update will show their short notice only";

/// Writes the files of this release; a folder that is there is whole, since it gets its name last.
fn take_in(folder: &Path, now: Timestamp) -> io::Result<()> {
    private::keep_folder(folder)?;
    let own = folder.join(assets::FINGERPRINT);
    if own.is_dir() {
        // So that the one in use is the youngest, also after going back to it.
        return fs::File::open(&own)?.set_modified(now.into());
    }
    let unfinished = folder.join(format!(".{}-{}", assets::FINGERPRINT, std::process::id()));
    let written = write_all(&unfinished).and_then(|()| fs::rename(&unfinished, &own));
    if written.is_err() {
        let _ = fs::remove_dir_all(&unfinished);
        // Another process on the same data may have been faster.
        return if own.is_dir() { Ok(()) } else { written };
    }
    Ok(())
}

fn write_all(folder: &Path) -> io::Result<()> {
    for (name, file) in of_this_release() {
        let target = folder.join(name);
        if let Some(parent) = target.parent() {
            private::make_folder(parent)?;
        }
        private::write(&folder.join(packed(name)), file.brotli)?;
        private::write(&target, file.plain())?;
    }
    Ok(())
}

/// The widget's files, by their path below the fingerprint.
pub(crate) fn of_this_release() -> impl Iterator<Item = (&'static str, &'static Embedded)> {
    assets::all().filter_map(|file| {
        let name = match file.path {
            "web/placement.js" | "web/widget.js" | "web/widget_bg.wasm" => file.path.strip_prefix("web/")?,
            path if path.starts_with("messages/") => path,
            _ => return None,
        };
        Some((name, file))
    })
}

/// The name under which a file lies compressed beside itself.
pub(crate) fn packed(path: &str) -> String {
    format!("{path}.br")
}

/// Removes the releases before the last few, and what a process left behind that was stopped while it wrote. Whatever else lies there is
/// somebody else's.
fn let_go(folder: &Path, now: Timestamp) -> io::Result<()> {
    let (mut releases, mut unfinished) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (name, data) = (entry.file_name(), entry.metadata()?);
        let found = match name.to_str() {
            Some(name) if data.is_dir() && is_fingerprint(name) => &mut releases,
            Some(name) if data.is_dir() && is_unfinished(name) => &mut unfinished,
            _ => continue,
        };
        found.push((data.modified()?, entry.path()));
    }
    releases.sort();
    releases.truncate(releases.len().saturating_sub(KEPT));
    // What is younger another process may be writing at this moment.
    let left = SystemTime::from(now) - ABANDONED;
    unfinished.retain(|(written, _)| *written < left);
    let mut gone = releases.into_iter().chain(unfinished);
    gone.try_for_each(|(_, path)| fs::remove_dir_all(path))
}

fn is_fingerprint(name: &str) -> bool {
    name.len() == assets::FINGERPRINT.len() && name.bytes().all(|b| b.is_ascii_hexdigit())
}

/// As [`take_in`] names it: a fingerprint and the number of the process.
fn is_unfinished(name: &str) -> bool {
    let parts = name.strip_prefix('.').and_then(|name| name.split_once('-'));
    parts.is_some_and(|(fingerprint, process)| is_fingerprint(fingerprint) && process.bytes().all(|b| b.is_ascii_digit()))
}
