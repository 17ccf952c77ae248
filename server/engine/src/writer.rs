//! The right to append.

use domain::record::NewEntry;

use store::journal::{Journal, JournalError, Record, RequestKey};

/// The right to append, of which a publisher has one: whoever decides holds it, so that no other command of this process is decided
/// meanwhile. Other processes are held off by the journal.
#[derive(Default)]
pub(super) struct Writer(());

impl Writer {
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
