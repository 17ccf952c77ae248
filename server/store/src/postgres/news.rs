//! Hears what other nodes append.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::{
    sync::Mutex,
    time::{sleep, timeout},
};

use super::PATIENCE;

/// The channel on which each node says that it has appended.
pub(super) const CHANNEL: &str = "umleitung_journal";

/// The net below: after so long the journal is looked at in any case, should a call have been missed.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The ear of one node.
#[derive(Debug, Default)]
pub(super) struct News(Mutex<Option<PgListener>>);

impl News {
    /// Returns when somebody has called, or after a while.
    pub(super) async fn next(&self, options: &PgConnectOptions) {
        let mut ear = self.0.lock().await;
        if ear.is_none() {
            *ear = timeout(PATIENCE, listen(options)).await.ok().and_then(Result::ok);
        }
        match &mut *ear {
            // Without one, the journal is looked at.
            None => sleep(LOOK_EVERY).await,
            Some(listener) => {
                // `None`: the connection was lost meanwhile.
                if let Ok(Err(_) | Ok(None)) = timeout(LOOK_EVERY, listener.try_recv()).await {
                    *ear = None;
                }
            }
        }
    }
}

async fn listen(options: &PgConnectOptions) -> Result<PgListener, sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .connect_lazy_with(options.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
