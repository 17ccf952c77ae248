//! Webhooks: programs of others are told of notices by a request. An edge reactor: each message of each receiver is a task of its own, and those
//! of one receiver go out in their order.

mod chat;
mod delivery;
mod message;
mod receivers;
mod signature;
mod statuspage;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::{record::Entry, state::State};
use engine::{
    Publisher,
    reactor::{Outcome, Reactor, Task, Turn},
};
use jiff::Timestamp;
use store::{
    tables::TableError,
    webhooks::{Webhook, Webhooks},
};

pub(crate) use self::receivers::{Receiver, ReceiverError, Receivers, address, may_manage};
use self::{
    delivery::{A_DAY, AT_LEAST, Answer, Sender, pause},
    receivers::{MOST, NAME},
};
use crate::reactors::news::{About, BEHIND, News, after, between, next};

/// Tells receivers.
pub(crate) struct Telling {
    publisher: Arc<Publisher>,
    webhooks: Webhooks,
    sender: Arc<Sender>,
    /// The address under which people reach the server, without a slash at the end.
    origin: String,
    /// Those that have not ended, as they were when it was last looked.
    known: Mutex<Vec<Webhook>>,
}

impl Telling {
    pub(crate) fn new(receivers: &Receivers, origin: String) -> Self {
        Self {
            publisher: receivers.publisher.clone(),
            webhooks: receivers.webhooks.clone(),
            sender: receivers.sender.clone(),
            origin,
            known: Mutex::default(),
        }
    }

    fn known(&self) -> Vec<Webhook> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The tasks by which these news reach those who want them.
    fn tasks(&self, news: &[News], is_new_to: impl Fn(&Webhook, &News) -> bool) -> Vec<Task> {
        let known = self.known();
        let to = |news: &News| {
            let About { kind, services } = &news.about;
            let wants = |webhook: &&Webhook| is_new_to(webhook, news) && webhook.wanted.covers(&news.portal, *kind, services);
            let task = |webhook: &Webhook| {
                Some(Task {
                    lane: webhook.id.clone(),
                    key: news.key.clone(),
                    payload: serde_json::to_string(news).ok()?,
                })
            };
            known.iter().filter(wants).filter_map(task).collect::<Vec<_>>()
        };
        news.iter().flat_map(to).collect()
    }

    async fn tell(&self, task: &Task, attempts: u32) -> Result<Outcome, TableError> {
        // It may have ended since.
        let found = self.webhooks.get(&task.lane).await?;
        let Some(webhook) = found.filter(|webhook| webhook.ended_at.is_none()) else {
            return Ok(Outcome::Done);
        };
        let Ok(news) = serde_json::from_str::<News>(&task.payload) else {
            return Ok(Outcome::GivenUp("this release cannot read what was to be told".to_owned()));
        };
        let (state, now) = self.publisher.present();
        if state.position() < news.position {
            return Ok(Outcome::NotYet(BEHIND, "this server has not read that far".to_owned()));
        }
        let Some(message) = news.message(&state, webhook.shape, &self.origin, now) else {
            return Ok(Outcome::Done);
        };
        let answer = self.sender.send(&webhook, message, now).await;
        let now = self.publisher.clock().now();
        match answer {
            Answer::Taken => {
                self.webhooks.delivered(&webhook.id, now).await?;
                Ok(Outcome::Done)
            }
            Answer::Gone => {
                tracing::warn!(webhook = webhook.id, "a receiver wants no more messages");
                self.webhooks.end(&webhook.id, "the receiver answered 410 Gone", now, NAME).await?;
                Ok(Outcome::Done)
            }
            Answer::Failed(reason, asked) => {
                if webhook.failure.as_ref() != Some(&reason) {
                    self.webhooks.failed(&webhook.id, now, &reason).await?;
                }
                if now.duration_since(news.at) >= A_DAY && attempts >= AT_LEAST {
                    return Ok(Outcome::GivenUp(reason));
                }
                let chance = getrandom::u32().map_or(0, |number| number.to_le_bytes()[0]);
                let wait = pause(attempts, chance);
                Ok(Outcome::Again(Some(asked.map_or(wait, |asked| asked.max(wait))), reason))
            }
        }
    }
}

#[async_trait]
impl Reactor for Telling {
    fn name(&self) -> &'static str {
        NAME
    }

    fn after(&self, before: &State, state: &State, entry: &Entry) -> Vec<Task> {
        self.tasks(&after(before, state, entry), |webhook, _| entry.seq > webhook.position)
    }

    fn between(&self, state: &State, since: Timestamp, until: Timestamp) -> Vec<Task> {
        self.tasks(&between(state, since, until), |webhook, news| news.at > webhook.created_at)
    }

    fn turn(&self, state: &State, now: Timestamp) -> Turn {
        Turn {
            tasks: Vec::new(),
            next: next(state, now),
        }
    }

    fn rests(&self) -> bool {
        self.known().is_empty()
    }

    async fn look(&self) -> Result<(), TableError> {
        let mut all = self.webhooks.all().await?;
        all.retain(|webhook| webhook.ended_at.is_none());
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = all;
        Ok(())
    }

    async fn perform(&self, task: &Task, attempts: u32) -> Outcome {
        match self.tell(task, attempts).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Again(None, error.to_string()),
        }
    }

    /// All at once: however many hang, they keep nobody waiting.
    fn lanes(&self) -> usize {
        MOST
    }
}
