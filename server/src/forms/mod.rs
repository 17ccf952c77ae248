//! Forms that procedures hand out: taken where they are what they say, kept by what they hold, and given to whoever asks.

mod pdf;

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use domain::{
    catalogue::{Catalogue, FormFile, Procedure},
    words::{Code, Fault, Faults},
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::{forms::Forms as Stored, tables::TableError};
use tokio::sync::Semaphore;

pub(crate) use self::pdf::NotTaken;
use crate::document::{Delivery, Document};

/// So much of what people have asked for stays in memory, in bytes: the forms of a few dozen procedures.
const KEPT: usize = 32 * 1024 * 1024;

/// What is behind an address never changes, but a form may be taken back.
const FORM: Delivery = Delivery {
    content_type: "application/pdf",
    cache: "public, max-age=3600, stale-if-error=604800",
};

/// Why a form was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FormError {
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
    #[error("the database failed: {0}")]
    Storage(#[from] TableError),
}

/// What was taken.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) form: FormFile,
    pub(crate) pages: usize,
}

/// The forms.
pub(crate) struct Forms {
    stored: Stored,
    kept: Mutex<HashMap<String, Arc<Document>>>,
    /// The turn to look into one: each may take as much memory as it likes to be read.
    looking: Semaphore,
}

impl Forms {
    pub(crate) fn new(stored: Stored) -> Self {
        Self {
            stored,
            kept: Mutex::default(),
            looking: Semaphore::new(1),
        }
    }

    /// Takes a form in under a name made from what its author calls it. `by` is the id of whoever uploads it.
    ///
    /// # Errors
    /// When it is no PDF that people can print, or the database fails.
    pub(crate) async fn take(&self, called: &str, content: Bytes, now: Timestamp, by: &str) -> Result<Taken, FormError> {
        let pages = {
            let _turn = self.looking.acquire().await;
            let content = content.clone();
            // What breaks the reader is nothing that people could read.
            let looked = tokio::task::spawn_blocking(move || pdf::pages(&content)).await;
            looked.unwrap_or(Err(NotTaken::Unreadable))?
        };
        let form = FormFile::new(&Sha256::digest(&content).into(), called);
        self.stored.add(form.digest(), &content, now, by).await?;
        Ok(Taken { form, pages })
    }

    /// The content of a form; `None`: none of this digest was uploaded.
    ///
    /// # Errors
    /// When the database fails and it is not in memory.
    pub(crate) async fn content(&self, digest: &str) -> Result<Option<Arc<Document>>, TableError> {
        if let Some(kept) = self.kept().get(digest) {
            return Ok(Some(kept.clone()));
        }
        let Some(content) = self.stored.content(digest).await? else {
            return Ok(None);
        };
        let document = Arc::new(Document::compressed_later(content, FORM));
        let mut kept = self.kept();
        let size: usize = kept.values().map(|document| document.plain.len()).sum();
        if size + document.plain.len() > KEPT {
            kept.clear();
        }
        kept.insert(digest.to_owned(), document.clone());
        Ok(Some(document))
    }

    /// The digests of all that were uploaded.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn digests(&self) -> Result<BTreeSet<String>, TableError> {
        Ok(self.stored.digests().await?.into_iter().collect())
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Document>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a catalogue names that was not uploaded here.
pub(crate) fn missing_of(catalogue: &Catalogue, there: &BTreeSet<String>) -> Vec<Fault> {
    missing(catalogue.uploaded_forms(), there)
}

/// The same of one procedure.
pub(crate) fn missing_of_one(procedure: &Procedure, there: &BTreeSet<String>) -> Vec<Fault> {
    missing(procedure.uploaded_forms(), there)
}

fn missing(named: impl Iterator<Item = (String, FormFile)>, there: &BTreeSet<String>) -> Vec<Fault> {
    let mut faults = Faults::default();
    for (at, form) in named.filter(|(_, form)| !there.contains(form.digest())) {
        let detail = format!(
            "names `{}`, which was not uploaded here; upload it on the page, or by `umleitung catalogue attach FILE`, and write what that answers",
            form.name()
        );
        faults.add(at, Code::NotUploaded, detail);
    }
    faults.into_vec()
}
