//! What a mirror has of a portal, kept beside it: so that what is there is not written again, and what is wanted no more is taken away.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use domain::words::PortalId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::target::{Target, TargetError};
use crate::http::File;

/// What there is.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Record {
    /// Each file's path, with the hash of its content.
    files: BTreeMap<String, String>,
    /// Pages of notices that are over, with all that they follow from.
    settled: BTreeMap<String, String>,
    /// Files are being written: whoever finds it so knows only which there may be.
    #[serde(default)]
    open: bool,
}

fn path_of(portal: &PortalId) -> String {
    format!("/p/{portal}/mirror.json")
}

fn hash(body: &[u8]) -> String {
    STANDARD_NO_PAD.encode(Sha256::digest(body))
}

impl Record {
    /// What a mirror has by its own record. One that cannot be read is none.
    pub(super) async fn read(target: &Target, portal: &PortalId) -> Result<Self, TargetError> {
        let kept = target.read(&path_of(portal)).await?;
        let mut record: Self = kept.and_then(|kept| serde_json::from_slice(&kept).ok()).unwrap_or_default();
        if record.open {
            record.files.values_mut().for_each(String::clear);
            record.settled.clear();
            record.open = false;
        }
        Ok(record)
    }

    /// Looks which files there are: those that the record does not know are known from now on, and what is gone is not.
    pub(super) async fn look(&mut self, target: &Target, portal: &PortalId) -> Result<(), TargetError> {
        let mut there = target.list(&format!("/p/{portal}")).await?;
        there.remove(&Target::name_of(&path_of(portal)));
        self.files.retain(|path, _| there.remove(&Target::name_of(path)));
        self.settled.retain(|path, _| self.files.contains_key(path));
        let unknown = there.into_iter().map(|name| (Target::path_of(&name), String::new()));
        self.files.extend(unknown);
        Ok(())
    }

    /// Says, before the first file is written, that files are.
    pub(super) async fn open(&mut self, target: &Target, portal: &PortalId) -> Result<(), TargetError> {
        if self.open {
            return Ok(());
        }
        self.open = true;
        self.keep(target, portal).await
    }

    /// Says that all files are written.
    pub(super) async fn close(&mut self, target: &Target, portal: &PortalId) -> Result<(), TargetError> {
        self.open = false;
        if self.files.is_empty() {
            return target.remove(&path_of(portal)).await;
        }
        self.keep(target, portal).await
    }

    async fn keep(&self, target: &Target, portal: &PortalId) -> Result<(), TargetError> {
        let path = path_of(portal);
        let body = serde_json::to_vec(self).unwrap_or_else(|error| unreachable!("a record is plain data: {error}"));
        target.write(&path, File::of_json(body)).await
    }

    /// Whether a file is there with this content.
    pub(super) fn has(&self, path: &str, body: &[u8]) -> bool {
        self.files.get(path).is_some_and(|known| *known == hash(body))
    }

    pub(super) fn take(&mut self, path: &str, body: &[u8]) {
        self.files.insert(path.to_owned(), hash(body));
        self.settled.remove(path);
    }

    /// Whether the page of a notice that is over is there, made of all that it follows from.
    pub(super) fn has_settled(&self, path: &str, edition: &str) -> bool {
        self.settled.get(path).is_some_and(|known| known == edition)
    }

    /// Notes from what a page follows that time does not change; `None`: time still does.
    pub(super) fn settle(&mut self, path: &str, edition: Option<String>) {
        match edition {
            Some(edition) => self.settled.insert(path.to_owned(), edition),
            None => self.settled.remove(path),
        };
    }

    /// What is there and not wanted, `state.json` first: with it every reader begins.
    pub(super) fn all_but(&self, wanted: &BTreeSet<String>) -> Vec<String> {
        let mut others: Vec<String> = self.files.keys().filter(|path| !wanted.contains(*path)).cloned().collect();
        others.sort_by_key(|path| !path.ends_with("/state.json"));
        others
    }

    pub(super) fn forget(&mut self, path: &str) {
        self.files.remove(path);
        self.settled.remove(path);
    }
}
