//! Forms that were uploaded, by what they hold.

use jiff::Timestamp;

use crate::tables::{TableError, Tables, sortable};

/// The forms that were uploaded. Each stays: the record tells what people were given.
#[derive(Clone, Debug)]
pub struct Forms(Tables);

impl Forms {
    pub(crate) const fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// Keeps a form under the SHA-256 of its content, in base 16. `by` is the id of whoever uploads it; one that is there stays as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add(&self, digest: &str, content: &[u8], now: Timestamp, by: &str) -> Result<(), TableError> {
        let mut change = self.0.change().await?;
        let add =
            sqlx::query("INSERT INTO form (digest, content, added_at, added_by) VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING");
        change.execute(add.bind(digest).bind(content).bind(sortable(now)).bind(by)).await?;
        change.commit().await
    }

    /// The content of a form; `None`: there is none of this digest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn content(&self, digest: &str) -> Result<Option<Vec<u8>>, TableError> {
        let query = sqlx::query_scalar("SELECT content FROM form WHERE digest = $1").bind(digest);
        self.0.within(query.fetch_optional(&self.0.pool)).await
    }

    /// The digests of all forms.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn digests(&self) -> Result<Vec<String>, TableError> {
        let query = sqlx::query_scalar("SELECT digest FROM form ORDER BY digest");
        self.0.within(query.fetch_all(&self.0.pool)).await
    }
}
