//! The widget's files of the last releases, where several nodes share them.

use jiff::Timestamp;

use crate::tables::{TableError, Tables, sortable};

/// The files of the last releases.
#[derive(Clone, Debug)]
pub struct ReleaseFiles(Tables);

impl ReleaseFiles {
    pub(crate) const fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// Takes in the files of a release that starts now, and lets go of those that have started before the last `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep(&self, fingerprint: &str, files: &[(String, &[u8])], now: Timestamp, most: usize) -> Result<(), TableError> {
        let mut change = self.0.change().await?;
        let release = sqlx::query(
            "INSERT INTO release (fingerprint, started_at) VALUES ($1, $2)
             ON CONFLICT (fingerprint) DO UPDATE SET started_at = excluded.started_at",
        );
        change.execute(release.bind(fingerprint).bind(sortable(now))).await?;
        for (path, content) in files {
            let file = sqlx::query(
                "INSERT INTO release_file (fingerprint, path, content) VALUES ($1, $2, $3) ON CONFLICT (fingerprint, path) DO NOTHING",
            );
            change
                .execute(file.bind(fingerprint).bind(path.as_str()).bind(content.to_vec()))
                .await?;
        }
        let old = sqlx::query(
            "DELETE FROM release WHERE fingerprint NOT IN
                (SELECT fingerprint FROM release ORDER BY started_at DESC, fingerprint LIMIT $1)",
        );
        change.execute(old.bind(i64::try_from(most).unwrap_or(i64::MAX))).await?;
        change.commit().await
    }

    /// The fingerprints of all releases that are kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fingerprints(&self) -> Result<Vec<String>, TableError> {
        let query = sqlx::query_scalar("SELECT fingerprint FROM release ORDER BY started_at, fingerprint");
        self.0.within(query.fetch_all(&self.0.pool)).await
    }

    /// All files of a release, by their paths.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(&self, fingerprint: &str) -> Result<Vec<(String, Vec<u8>)>, TableError> {
        let query = sqlx::query_as("SELECT path, content FROM release_file WHERE fingerprint = $1 ORDER BY path").bind(fingerprint);
        self.0.within(query.fetch_all(&self.0.pool)).await
    }
}
