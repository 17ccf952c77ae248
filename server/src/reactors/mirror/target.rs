//! Where a mirror lies: a folder, or a bucket of object storage that speaks S3. Either way a file appears whole or not at all.

use std::{collections::BTreeSet, fmt, path::PathBuf, sync::Arc};

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::{
    Attribute, Attributes, ObjectStore, ObjectStoreExt, PutOptions, aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
    prefix::PrefixStore,
};

use super::client::Connector;
use crate::http::File;

/// Where a mirror lies.
#[derive(Clone)]
pub struct Target {
    store: Arc<dyn ObjectStore>,
    /// What people call it.
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The web server in front tells the kind of a file by its name.
    Folder,
    /// Each file is kept with its kind.
    Bucket,
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
        let Some(bucket) = given.strip_prefix("s3://") else {
            if given.contains("://") {
                return Err(failed("is neither a folder nor an address such as s3://bucket/prefix".to_owned()));
            }
            let folder = PathBuf::from(given);
            std::fs::create_dir_all(&folder).map_err(|error| failed(error.to_string()))?;
            let store = LocalFileSystem::new_with_prefix(&folder).map_err(|error| failed(error.to_string()))?;
            return Ok(Self {
                store: Arc::new(store.with_automatic_cleanup(true)),
                name: given.to_owned(),
                kind: Kind::Folder,
            });
        };
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        if bucket.is_empty() {
            return Err(failed("names no bucket; write s3://bucket or s3://bucket/prefix".to_owned()));
        }
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_http_connector(Connector)
            .build()
            .map_err(|error| failed(error.to_string()))?;
        let prefix = Path::from(prefix.trim_matches('/'));
        Ok(Self {
            store: Arc::new(PrefixStore::new(store, prefix)),
            name: given.to_owned(),
            kind: Kind::Bucket,
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
        let listed = self.store.list_with_delimiter(Some(&Path::from(folder))).await;
        let listed = listed.map_err(|error| self.failed(&error))?;
        let names = listed.common_prefixes.iter().filter_map(|path| path.filename().map(str::to_owned));
        Ok(names.collect())
    }

    /// Writes a file; until it is there whole, the one before stays.
    pub(super) async fn write(&self, path: &str, file: File) -> Result<(), TargetError> {
        let mut options = PutOptions::default();
        if self.kind == Kind::Bucket {
            let attributes = [
                (Attribute::ContentType, file.content_type),
                (Attribute::CacheControl, file.cache_control),
            ];
            options.attributes = attributes
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect::<Attributes>();
        }
        let name = Path::from(Self::name_of(path));
        let put = self.store.put_opts(&name, file.body.into(), options);
        put.await.map(drop).map_err(|error| self.failed(&error))
    }

    /// What a file holds; `None`: there is none.
    pub(super) async fn read(&self, path: &str) -> Result<Option<Bytes>, TargetError> {
        let found = async { self.store.get(&Path::from(Self::name_of(path))).await?.bytes().await };
        match found.await {
            Ok(body) => Ok(Some(body)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// The names of all files below a folder.
    pub(super) async fn list(&self, folder: &str) -> Result<BTreeSet<String>, TargetError> {
        let folder = Path::from(folder.trim_matches('/'));
        let listed = self.store.list(Some(&folder)).map_ok(|found| found.location.to_string());
        listed.try_collect().await.map_err(|error| self.failed(&error))
    }

    /// Takes a file away, if it is there.
    pub(super) async fn remove(&self, path: &str) -> Result<(), TargetError> {
        match self.store.delete(&Path::from(Self::name_of(path))).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn failed(&self, error: &object_store::Error) -> TargetError {
        // What was wrong with a connection stands at the end of the chain.
        let mut reason = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            let cause_says = cause.to_string();
            if !reason.contains(&cause_says) {
                reason = format!("{reason}: {cause_says}");
            }
            source = cause.source();
        }
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
