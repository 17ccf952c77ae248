//! Walks the whole chain again whenever anything was written: what was read long ago may be altered afterwards, and what is shown would
//! not say so.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{
    follower::{Faults, PAGE},
    publisher::Publisher,
};
use store::journal::{JournalError, chain::Walk};

/// The shortest time between two walks.
const SHORTEST: Duration = Duration::from_secs(1);

/// So many times as long as a walk takes, nobody walks: long journals cost a hundredth of a processor.
const REST: u32 = 100;

impl Publisher {
    /// Looks after the journal until it is dropped.
    pub(super) async fn audit(&self) {
        let mut seen = self.journal.touched().await;
        let mut rest = SHORTEST;
        loop {
            sleep(rest).await;
            let touched = self.journal.touched().await;
            if touched.is_some() && touched == seen {
                continue;
            }
            let began = Instant::now();
            // What cannot be read as a whole is noticed by those who follow.
            if self.walk_again().await.is_ok() {
                seen = touched;
            }
            rest = (began.elapsed() * REST).max(SHORTEST);
        }
    }

    async fn walk_again(&self) -> Result<(), JournalError> {
        let found = self.faults().await?;
        // A backup that is put back meanwhile is no break: then the next walk finds something else.
        if found != Faults::default() && found == self.faults().await? {
            self.add_faults(found).await;
        }
        Ok(())
    }

    async fn faults(&self) -> Result<Faults, JournalError> {
        let (mut walk, mut faults) = (Walk::default(), Faults::default());
        loop {
            let page = self.journal.find(walk.entries(), PAGE).await?;
            if page.is_empty() {
                break;
            }
            for found in page {
                match found.record {
                    Ok(record) => {
                        if let Err(broken) = walk.step(&record) {
                            faults.breaks.push(broken.to_string());
                            walk.step_over(&record);
                        }
                    }
                    Err(reason) => {
                        faults.unreadable.push(format!("entry {}: {reason}", found.seq));
                        walk.leave_out(found.seq);
                    }
                }
            }
        }
        faults.breaks.extend(walk.finish().err().map(|broken| broken.to_string()));
        Ok(faults)
    }
}
