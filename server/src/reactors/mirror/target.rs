//! Where a mirror lies: a folder, or a bucket of object storage that speaks S3. Either way a file appears whole or not at all.

use std::{collections::BTreeSet, fmt, path::Path};

use bytes::Bytes;

use super::{bucket::Bucket, folder::Folder};
use crate::{http::File, reactors::reasons};

/// Where a mirror lies.
#[derive(Clone)]
pub struct Target {
    /// What people call it.
    name: String,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    /// The web server in front tells the kind of a file by its name.
    Folder(Folder),
    /// Each file is kept with its kind.
    Bucket(Box<Bucket>),
}

/// Why a mirror could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the mirror {name}: {reason}")]
pub struct TargetError {
    name: String,
    reason: String,
}

impl Target {
    /// A folder, which is made where there is none, or `s3://BUCKET/PREFIX`. The rest about a bucket (region, keys, another endpoint) comes from the
    /// environment, under the names that all tools for S3 use: `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT`.
    ///
    /// # Errors
    /// When the folder cannot be made, or the address of the bucket cannot be understood.
    pub fn open(given: &str) -> Result<Self, TargetError> {
        let failed = |reason: String| TargetError {
            name: given.to_owned(),
            reason,
        };
        let kind = if let Some(bucket) = given.strip_prefix("s3://") {
            let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
            if bucket.is_empty() {
                return Err(failed("names no bucket; write s3://bucket or s3://bucket/prefix".to_owned()));
            }
            Kind::Bucket(Box::new(Bucket::open(bucket, prefix).map_err(failed)?))
        } else if given.contains("://") {
            return Err(failed("is neither a folder nor an address such as s3://bucket/prefix".to_owned()));
        } else {
            Kind::Folder(Folder::open(Path::new(given)).map_err(|error| failed(error.to_string()))?)
        };
        Ok(Self {
            name: given.to_owned(),
            kind,
        })
    }

    /// Under which name a path is kept; that of a folder is its index.
    pub(super) fn name_of(path: &str) -> String {
        let name = path.trim_start_matches('/');
        if name.is_empty() || name.ends_with('/') {
            format!("{name}index.html")
        } else {
            name.to_owned()
        }
    }

    /// Which path is kept under a name.
    pub(super) fn path_of(name: &str) -> String {
        format!("/{}", name.strip_suffix("index.html").unwrap_or(name))
    }

    /// The names of the folders directly in this one.
    pub(super) async fn folders(&self, folder: &str) -> Result<Vec<String>, TargetError> {
        match &self.kind {
            Kind::Folder(place) => place.folders(folder).await.map_err(|error| reasons(&error)),
            Kind::Bucket(bucket) => bucket.folders(folder).await,
        }
        .map_err(|reason| self.failed(reason))
    }

    /// Writes a file; until it is there whole, the one before stays.
    pub(super) async fn write(&self, path: &str, file: File) -> Result<(), TargetError> {
        let name = Self::name_of(path);
        match &self.kind {
            Kind::Folder(place) => place.write(&name, file.body).await.map_err(|error| reasons(&error)),
            Kind::Bucket(bucket) => bucket.write(&name, file).await,
        }
        .map_err(|reason| self.failed(reason))
    }

    /// What a file holds; `None`: there is none.
    pub(crate) async fn read(&self, path: &str) -> Result<Option<Bytes>, TargetError> {
        let name = Self::name_of(path);
        match &self.kind {
            Kind::Folder(place) => place.read(&name).await.map_err(|error| reasons(&error)),
            Kind::Bucket(bucket) => bucket.read(&name).await,
        }
        .map_err(|reason| self.failed(reason))
    }

    /// The names of all files below a folder.
    pub(super) async fn list(&self, folder: &str) -> Result<BTreeSet<String>, TargetError> {
        let folder = folder.trim_matches('/');
        match &self.kind {
            Kind::Folder(place) => place.list(folder).await.map_err(|error| reasons(&error)),
            Kind::Bucket(bucket) => bucket.list(folder).await,
        }
        .map_err(|reason| self.failed(reason))
    }

    /// Takes a file away, if it is there.
    pub(super) async fn remove(&self, path: &str) -> Result<(), TargetError> {
        let name = Self::name_of(path);
        match &self.kind {
            Kind::Folder(place) => place.remove(&name).await.map_err(|error| reasons(&error)),
            Kind::Bucket(bucket) => bucket.remove(&name).await,
        }
        .map_err(|reason| self.failed(reason))
    }

    fn failed(&self, reason: String) -> TargetError {
        TargetError {
            name: self.name.clone(),
            reason,
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Target").field(&self.name).finish()
    }
}
