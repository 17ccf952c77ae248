//! Carries out commands, one at a time.

use domain::{
    access::{Actor, Context},
    record::{Command, Event, upkeep},
    rejection::Rejection,
    state::State,
    step::plan,
    words::Subject,
};
use jiff::Timestamp;

use crate::{publisher::Publisher, writer::Writer};
use store::journal::{JournalError, KEY_LASTS, RequestKey};
use tokio::time::Instant;

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error("another request was sent under this key before")]
    KeyReused,
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What became of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// What happened now; none: it was so already, or the request was carried out before.
    pub events: Vec<Event>,
    /// What it is about.
    pub subject: Subject,
}

/// What is asked for by a state, at an instant; `None`: nothing.
pub type Asks<'a> = dyn Fn(&State, Timestamp) -> Option<Command> + Send + Sync + 'a;

impl Publisher {
    /// Carries out a command: decides, appends, applies, publishes. Returns the events; none: it was so already.
    ///
    /// # Errors
    /// [`SubmitError::Rejected`] when the rules forbid it, [`SubmitError::Journal`] when the storage fails. Nothing has happened then,
    /// unless it is [`JournalError::Unsettled`] (not known) or [`JournalError::Lingering`] (done but for one thing).
    pub async fn submit(&self, actor: Actor, command: impl Into<Command>) -> Result<Vec<Event>, SubmitError> {
        Ok(self.submit_once(actor, command, None).await?.events)
    }

    /// The same, for a request that may come again: under the same key it is carried out once, by whichever process.
    ///
    /// # Errors
    /// As [`Publisher::submit`], and [`SubmitError::KeyReused`].
    pub async fn submit_once(&self, actor: Actor, command: impl Into<Command>, key: Option<RequestKey>) -> Result<Done, SubmitError> {
        let command = command.into();
        self.submit_when(actor, &|_, _| Some(command.clone()), key).await
    }

    /// Carries out what `asks` asks for by the state on which it is decided, and nothing where it asks for nothing: for whoever asks by what is known, and
    /// not because somebody has said so.
    ///
    /// # Errors
    /// As [`Publisher::submit`].
    pub async fn submit_asked(&self, actor: Actor, asks: &Asks<'_>) -> Result<Vec<Event>, SubmitError> {
        Ok(self.submit_when(actor, asks, None).await?.events)
    }

    async fn submit_when(&self, actor: Actor, asks: &Asks<'_>, key: Option<RequestKey>) -> Result<Done, SubmitError> {
        let asked = Instant::now();
        let mut writer = self.writer.lock().await;
        if let Some(gone) = writer.gone_since(asked) {
            return Err(JournalError::Gone(gone).into());
        }
        let done = self.carry_out(&mut writer, actor, asks, key).await;
        if let Err(SubmitError::Journal(JournalError::Gone(gone))) = &done {
            writer.found_gone(gone);
        }
        done
    }

    async fn carry_out(&self, writer: &mut Writer, actor: Actor, asks: &Asks<'_>, key: Option<RequestKey>) -> Result<Done, SubmitError> {
        loop {
            self.catch_up().await?;
            let (state, now) = self.present();
            if let Some(key) = &key {
                let since = now.saturating_sub(KEY_LASTS).unwrap_or(Timestamp::MIN);
                match self.journal.carried(&actor.id, &key.key, since).await? {
                    Some(carried) if carried.request != key.request => return Err(SubmitError::KeyReused),
                    Some(carried) => {
                        // Perhaps by another process, a moment ago.
                        self.catch_up().await?;
                        return Ok(Done {
                            events: Vec::new(),
                            subject: carried.subject,
                        });
                    }
                    None => {}
                }
            }
            let Some(command) = asks(&state, now) else {
                return Ok(Done::default());
            };
            let confirms = matches!(command, Command::Upkeep(upkeep::Command::ConfirmClock { .. }));
            // From a confirmation on time is what the clock says, whatever stands in the journal.
            let now = if confirms { self.clock.now() } else { now };
            let context = Context { now, actor: actor.clone() };
            let planned = plan(&state, command, &context);
            if let Some(doubt) = self.doubt()
                && !confirms
                && planned.as_ref().map_or(true, |entries| !entries.is_empty())
            {
                return Err(Rejection::from(doubt).into());
            }
            let entries = planned?;
            // Otherwise the entries would be applied to a copy.
            drop(state);
            match writer.append(&*self.journal, &entries, key.as_ref()).await {
                // Another process was faster: what it did may change the decision.
                Err(JournalError::Conflict) => {}
                // Done but for one thing.
                Err(error @ JournalError::Lingering { .. }) => {
                    self.follow().await;
                    return Err(error.into());
                }
                Err(error) => {
                    self.write_failed(&error);
                    return Err(error.into());
                }
                Ok(records) => {
                    self.take_in(records).await;
                    let events: Vec<Event> = entries.into_iter().map(|entry| entry.event).collect();
                    let subject = events.first().map(Event::subject).unwrap_or_default();
                    return Ok(Done { events, subject });
                }
            }
        }
    }
}
