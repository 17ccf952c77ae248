//! Forms that procedures hand out: taken where they are what they say, kept by what they hold, and given to whoever asks.

mod pdf;

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use domain::{
    catalogue::{Catalogue, FormFile, Procedure},
    state::State,
    words::{Code, Fault, Faults, PortalId, ProcedureId},
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::{forms::Forms as Stored, tables::TableError};
use tokio::sync::{Mutex as Turn, Semaphore};
use wire::PublicState;

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
    /// The turn to fetch one, so that of many who ask at once the first does.
    fetching: Turn<()>,
    /// The turn to look into one, which may take much memory; held until that is over, whoever still waits for it.
    looking: Arc<Semaphore>,
}

impl Forms {
    pub(crate) fn new(stored: Stored) -> Self {
        Self {
            stored,
            kept: Mutex::default(),
            fetching: Turn::default(),
            looking: Arc::new(Semaphore::new(1)),
        }
    }

    /// Takes a form in under a name made from what its author calls it. `by` is the id of whoever uploads it.
    ///
    /// # Errors
    /// When it is no PDF that people can print, or the database fails.
    pub(crate) async fn take(&self, called: &str, content: Bytes, now: Timestamp, by: &str) -> Result<Taken, FormError> {
        let turn = self.looking.clone().acquire_owned().await;
        let looked = {
            let content = content.clone();
            tokio::task::spawn_blocking(move || {
                let _turn = turn;
                pdf::pages(&content)
            })
        };
        // What breaks the reader is nothing that people could read.
        let pages = looked.await.unwrap_or(Err(NotTaken::Unreadable))?;
        let form = FormFile::new(&Sha256::digest(&content).into(), called);
        self.stored.add(form.digest(), &content, now, by).await?;
        Ok(Taken { form, pages })
    }

    /// The content of a form; `None`: none of this digest was uploaded.
    ///
    /// # Errors
    /// When the database fails and it is not in memory.
    pub(crate) async fn content(&self, digest: &str) -> Result<Option<Arc<Document>>, TableError> {
        let known = || self.kept().get(digest).cloned();
        if let Some(kept) = known() {
            return Ok(Some(kept));
        }
        let _turn = self.fetching.lock().await;
        if let Some(kept) = known() {
            return Ok(Some(kept));
        }
        let Some(content) = self.stored.content(digest).await? else {
            return Ok(None);
        };
        let document = Arc::new(Document::compressed_later(content, FORM));
        let mut kept = self.kept();
        let size = |kept: &HashMap<String, Arc<Document>>| kept.values().map(|kept| kept.plain.len()).sum::<usize>();
        while size(&kept) + document.plain.len() > KEPT {
            let Some(other) = kept.keys().next().cloned() else { break };
            kept.remove(&other);
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

/// The forms that a portal hands out while it shows this: those of its services' procedures, and of whatever else its notices offer.
pub(crate) fn handed_out(state: &State, shown: &PublicState) -> BTreeSet<FormFile> {
    let portal = PortalId::parse(&shown.portal).ok();
    let portal = portal.and_then(|id| state.portal(&id));
    let services = portal.into_iter().flat_map(|portal| &portal.services);
    let own = services.filter_map(|id| state.service(id)).flat_map(|service| &service.procedures);
    let offered = shown.procedures.iter().map(|procedure| procedure.id.as_str());
    let named: BTreeSet<&str> = own.map(ProcedureId::as_str).chain(offered).collect();
    let procedures = state.catalogue().procedures.iter();
    let procedures = procedures.filter(|procedure| named.contains(procedure.id.as_str()));
    procedures.flat_map(Procedure::uploaded_forms).map(|(_, form)| form).collect()
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
