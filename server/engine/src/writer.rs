//! The right to append.

use domain::record::NewEntry;

use store::journal::{Gone, Journal, JournalError, Record, RequestKey};
use tokio::time::Instant;

/// The right to append, of which a publisher has one: whoever decides holds it, so that no other command of this process is decided
/// meanwhile. Other processes are held off by the journal.
#[derive(Default)]
pub(super) struct Writer {
    /// When the database was found to be gone last.
    gone: Option<(Instant, Gone)>,
}

impl Writer {
    /// Whether the database was found to be gone while somebody waited who had asked then: there is no use in all finding that out, one
    /// after the other.
    pub(super) fn gone_since(&self, asked: Instant) -> Option<Gone> {
        let (found, gone) = self.gone.as_ref()?;
        (asked < *found).then(|| gone.clone())
    }

    /// The database is gone.
    pub(super) fn found_gone(&mut self, gone: &Gone) {
        self.gone = Some((Instant::now(), gone.clone()));
    }

    /// Appends entries, as [`Journal::append`].
    pub(super) async fn append(
        &mut self,
        journal: &dyn Journal,
        entries: &[NewEntry],
        key: Option<&RequestKey>,
    ) -> Result<Vec<Record>, JournalError> {
        journal.append(entries, key).await
    }
}
