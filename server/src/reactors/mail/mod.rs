//! Mails: people are told of notices in their mailbox. An edge reactor: what is told to one person is a lane of its own. What begins and what ends is
//! told at once; what is only added to a notice of which somebody was told a short while ago waits, and is told together.

mod letter;
mod post;

use std::{
    collections::BTreeSet,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use domain::{
    record::Entry,
    state::State,
    words::{PortalId, ServiceId, Wanted},
};
use engine::{
    Publisher,
    reactor::{Outcome, Reactor, Task, Turn},
};
use jiff::{SignedDuration, Timestamp};
use store::{
    subscriptions::{Refusal, Subscription, Subscriptions, TO_CONFIRM, Told},
    tables::TableError,
};
use tokio::sync::Notify;
use wire::Kind;

pub(crate) use self::post::{Post, is_enhanced, is_no_mailbox};
pub use self::post::{PostError, Relay};
use self::{letter::Letter, post::Refused};
use super::news::{BEHIND, News, Occasion, after, between, next};

/// The name under which what is to be sent is kept.
pub(crate) const NAME: &str = "mail";

/// So long after a mail about a notice what is only added to it waits.
const PAUSE: SignedDuration = SignedDuration::from_mins(30);

/// After so long what still cannot be sent is not news any more.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// After so long what is said to be refused for good is: it is the letter that is not wanted, or this server, and what comes next must not wait for a day.
const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// So often it is tried at least, however late it is already.
const AT_LEAST: u32 = 3;

/// For so long it is known of what somebody was told: longer than hardly any notice lasts.
const KNOWN: SignedDuration = SignedDuration::from_hours(400 * 24);

/// So long after a portal was taken out of the catalogue it may have been a slip of the hand, and those who are told of it stay.
const GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many are written to at once: a relay lets nobody in without end.
const AT_ONCE: usize = 8;

/// Behind a subscription's id: the lane of what may wait, of one notice; and that of its link.
const MAY_WAIT: char = '+';
const LINK: &str = "/link";

/// The lane of what no subscription is told.
const UPKEEP: &str = "upkeep";

/// Writes to people.
pub(crate) struct Mailing {
    publisher: Arc<Publisher>,
    subscriptions: Subscriptions,
    /// `None`: this server sends no mails, and only forgets whom it has to.
    post: Option<Post>,
    /// The address under which people reach the server, without a slash at the end.
    origin: String,
    /// Those that there are, as they were in this edition.
    known: Mutex<(i64, Arc<[Subscription]>)>,
    /// Those who are written to at this moment, by their ids: on two lanes at once one would be told the same twice.
    written_to: Mutex<BTreeSet<String>>,
    /// Somebody is not written to any more.
    given_back: Notify,
    /// When what is too old was forgotten last.
    forgot_at: Mutex<Timestamp>,
}

/// Somebody's turn to be written to, until it is dropped.
struct TheirTurn<'a> {
    mailing: &'a Mailing,
    id: &'a str,
}

impl Drop for TheirTurn<'_> {
    fn drop(&mut self) {
        let mut written_to = self.mailing.written_to.lock().unwrap_or_else(PoisonError::into_inner);
        written_to.remove(self.id);
        self.mailing.given_back.notify_waiters();
    }
}

impl Mailing {
    pub(crate) fn new(publisher: Arc<Publisher>, subscriptions: Subscriptions, post: Option<Post>, origin: String) -> Self {
        Self {
            publisher,
            subscriptions,
            post,
            origin,
            known: Mutex::default(),
            written_to: Mutex::default(),
            given_back: Notify::new(),
            forgot_at: Mutex::new(Timestamp::MIN),
        }
    }

    /// When it is looked next whether anything is too old.
    fn forgets_at(&self) -> Timestamp {
        let last = *self.forgot_at.lock().unwrap_or_else(PoisonError::into_inner);
        last.saturating_add(A_DAY).unwrap_or(Timestamp::MAX)
    }

    fn known(&self) -> Arc<[Subscription]> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// The tasks by which these news reach those who want them. What has begun or ended is told in the place of all that was still to be told
    /// of a notice.
    fn tasks(&self, news: &[News], is_new_to: impl Fn(&Subscription, &News) -> bool) -> Vec<Task> {
        let known = if self.post.is_some() { self.known() } else { Arc::default() };
        let to = |news: &News| {
            let wants = |one: &&Subscription| {
                // Whoever was told of its beginning is told its end, whatever they have chosen since: who that is, the database knows.
                let is_end = news.occasion == Occasion::Ended && one.portal == news.portal;
                let is_meant = is_end || is_wanted(&one.wanted, &news.portal, news.about.kind, &news.about.services);
                one.confirmed_at.is_some() && is_meant && is_new_to(one, news)
            };
            let task = |one: &Subscription| {
                Some(Task {
                    lane: if may_wait(news) {
                        format!("{}{MAY_WAIT}{}", one.id, news.notice)
                    } else {
                        one.id.clone()
                    },
                    key: news.notice.to_string(),
                    payload: serde_json::to_string(news).ok()?,
                })
            };
            known.iter().filter(wants).filter_map(task).collect::<Vec<_>>()
        };
        news.iter().flat_map(to).collect()
    }

    async fn do_it(&self, task: &Task, attempts: u32) -> Result<Outcome, TableError> {
        if task.lane == UPKEEP {
            let ago = |span| self.publisher.clock().now().saturating_sub(span).unwrap_or(Timestamp::MIN);
            self.subscriptions.forget(ago(TO_CONFIRM), ago(KNOWN)).await?;
            let (state, now) = self.publisher.present();
            *self.forgot_at.lock().unwrap_or_else(PoisonError::into_inner) = now;
            let portals: BTreeSet<PortalId> = self.known().iter().map(|one| one.portal.clone()).collect();
            for portal in portals {
                if state.portal(&portal).is_none() {
                    self.subscriptions.orphan(&portal, now, ago(GRACE), NAME).await?;
                } else if self.known().iter().any(|one| one.portal == portal && one.orphaned_at.is_some()) {
                    self.subscriptions.adopt(&portal).await?;
                }
            }
            return Ok(Outcome::Done);
        }
        let Some(post) = &self.post else {
            return Ok(Outcome::Done);
        };
        let id = task.lane.split([MAY_WAIT, '/']).next().unwrap_or_default();
        // Somebody may have thought better of it.
        let Some(subscription) = self.subscriptions.get(id).await? else {
            return Ok(Outcome::Done);
        };
        if task.lane.ends_with(LINK) {
            return self.send_link(post, &subscription).await;
        }
        let Ok(news) = serde_json::from_str::<News>(&task.payload) else {
            return Ok(Outcome::GivenUp("this release cannot read what was to be told".to_owned()));
        };
        self.tell(post, &subscription, &news, attempts).await
    }

    fn turn_of<'a>(&'a self, id: &'a str) -> Option<TheirTurn<'a>> {
        let is_free = {
            let mut written_to = self.written_to.lock().unwrap_or_else(PoisonError::into_inner);
            written_to.insert(id.to_owned())
        };
        // Not before: whatever is made here takes the lock when it goes.
        is_free.then(|| TheirTurn { mailing: self, id })
    }

    async fn wait_for_turn_of<'a>(&'a self, id: &'a str) -> TheirTurn<'a> {
        loop {
            let mut given_back = pin!(self.given_back.notified());
            // Before it is looked: what is given back meanwhile is not missed.
            given_back.as_mut().enable();
            if let Some(turn) = self.turn_of(id) {
                return turn;
            }
            given_back.await;
        }
    }

    async fn send_link(&self, post: &Post, subscription: &Subscription) -> Result<Outcome, TableError> {
        let (state, now) = self.publisher.present();
        let Some(asked_at) = subscription.link_asked_at.filter(|_| !subscription.is_stale(now)) else {
            return Ok(Outcome::Done);
        };
        let Some(letter) = Letter::with_link(&state, subscription, &self.origin, asked_at) else {
            return Ok(Outcome::Done);
        };
        match post.send(subscription, &letter, now).await {
            Ok(()) => {}
            // Whoever has mistyped it finds nothing in the mailbox, and tries again.
            Err(Refused::NoMailbox(reason)) => tracing::debug!(subscription = subscription.id, reason, "there is no such mailbox"),
            Err(Refused::Otherwise(reason) | Refused::ForGood(reason)) => {
                if now.duration_since(asked_at) < A_DAY {
                    return Ok(Outcome::Again(None, reason));
                }
                // They may ask again.
                tracing::warn!(subscription = subscription.id, reason, "a link could not be sent for a day");
            }
        }
        self.subscriptions.link_sent(&subscription.id, self.publisher.clock().now()).await?;
        Ok(Outcome::Done)
    }

    /// What is to be said to somebody now, and what they were told last; else what becomes of the task without a mail.
    async fn to_say(&self, subscription: &Subscription, news: &News) -> Result<Result<(Letter, Option<Told>), Outcome>, TableError> {
        let (state, now) = self.publisher.present();
        if state.position() < news.position {
            return Ok(Err(Outcome::NotYet(BEHIND, "this server has not read that far".to_owned())));
        }
        // It has happened, whatever the clock of this process says.
        let now = now.max(news.at);
        let last = self.subscriptions.told(&subscription.id, &news.notice).await?;
        let is_wanted = state.notice(&news.notice).is_some_and(|notice| {
            let touched = state.touched_services(&notice.content, &news.portal);
            is_wanted(&subscription.wanted, &news.portal, Some(notice.content.kind), &touched)
        });
        if last.is_none() && !is_wanted {
            return Ok(Err(Outcome::Done));
        }
        let Some(letter) = Letter::about(&state, subscription, news, last.as_ref(), &self.origin, now) else {
            return Ok(Err(Outcome::Done));
        };
        if last.as_ref().is_some_and(|last| last.what == letter.says) {
            return Ok(Err(Outcome::Done));
        }
        let since = last.as_ref().map_or(SignedDuration::MAX, |last| now.duration_since(last.at));
        if may_wait(news) && since < PAUSE {
            let why = "it is told together with what comes".to_owned();
            return Ok(Err(Outcome::NotYet(PAUSE - since, why)));
        }
        Ok(Ok((letter, last)))
    }

    async fn tell(&self, post: &Post, subscription: &Subscription, news: &News, attempts: u32) -> Result<Outcome, TableError> {
        if let Err(outcome) = self.to_say(subscription, news).await? {
            return Ok(outcome);
        }
        // What may wait lets go first what may not. That is one lane for each person, so whoever waits here takes no place from many.
        let turn = if may_wait(news) {
            self.turn_of(&subscription.id)
        } else {
            Some(self.wait_for_turn_of(&subscription.id).await)
        };
        let Some(_turn) = turn else {
            let why = "something else is on its way there".to_owned();
            return Ok(Outcome::NotYet(SignedDuration::from_secs(1), why));
        };
        // What was on its way a moment ago may have said it.
        let (letter, last) = match self.to_say(subscription, news).await? {
            Ok(found) => found,
            Err(outcome) => return Ok(outcome),
        };
        let sent = post.send(subscription, &letter, self.publisher.clock().now()).await;
        let now = self.publisher.clock().now();
        let id = &subscription.id;
        match sent {
            Ok(()) => {
                let told = Told {
                    first: last.map_or_else(|| letter.says.clone(), |last| last.first),
                    what: letter.says,
                    at: now,
                };
                self.subscriptions.mailed(id, &news.notice, &told).await?;
                Ok(Outcome::Done)
            }
            Err(Refused::NoMailbox(reason)) => {
                let is_over = self.subscriptions.refused(id, Refusal::AtOnce, &reason, now, NAME).await?;
                if is_over {
                    tracing::warn!(subscription = id, "a mailbox that there is not is written to no more");
                }
                Ok(Outcome::Done)
            }
            Err(Refused::ForGood(reason)) => {
                self.subscriptions.failed(id, now, &reason).await?;
                Ok(again(news, now, attempts, AN_HOUR, reason))
            }
            Err(Refused::Otherwise(reason)) => {
                self.subscriptions.failed(id, now, &reason).await?;
                Ok(again(news, now, attempts, A_DAY, reason))
            }
        }
    }
}

/// Whether it is only added to what is told already, and not a beginning, or an end, or a beginning anew.
fn may_wait(news: &News) -> bool {
    news.occasion == Occasion::Updated && !news.reopens
}

/// What was not taken is sent again for so long, and however late it is, a few times.
fn again(news: &News, now: Timestamp, attempts: u32, long: SignedDuration, reason: String) -> Outcome {
    if now.duration_since(news.at) >= long && attempts >= AT_LEAST {
        Outcome::GivenUp(reason)
    } else {
        Outcome::Again(None, reason)
    }
}

/// Whether somebody wants to be told of this. What touches no service in particular touches the portal as a whole, and so each of them.
fn is_wanted(wanted: &Wanted, portal: &PortalId, kind: Option<Kind>, services: &BTreeSet<ServiceId>) -> bool {
    if services.is_empty() {
        let of_all = Wanted {
            services: None,
            ..wanted.clone()
        };
        return of_all.covers(portal, kind, services);
    }
    wanted.covers(portal, kind, services)
}

#[async_trait]
impl Reactor for Mailing {
    fn name(&self) -> &'static str {
        NAME
    }

    fn after(&self, before: &State, state: &State, entry: &Entry) -> Vec<Task> {
        self.tasks(&after(before, state, entry), |one, _| entry.seq > one.position)
    }

    fn between(&self, state: &State, since: Timestamp, until: Timestamp) -> Vec<Task> {
        self.tasks(&between(state, since, until), |one, news| {
            one.confirmed_at.is_some_and(|confirmed| news.at > confirmed)
        })
    }

    fn turn(&self, state: &State, now: Timestamp) -> Turn {
        let known = self.known();
        let lane = |one: &Subscription| format!("{}{LINK}", one.id);
        let task = |lane, key: &str| Task {
            lane,
            key: key.to_owned(),
            payload: String::new(),
        };
        // For one that is stale, or whose portal is gone, nothing is sent any more.
        let is_gone = |one: &Subscription| one.is_stale(now) || state.portal(&one.portal).is_none();
        let asked = known
            .iter()
            .filter(|one| one.link_asked_at.is_some() && self.post.is_some() && !is_gone(one));
        let mut tasks: Vec<Task> = asked.map(|one| task(lane(one), "link")).collect();
        let is_due = |one: &Subscription| match (state.portal(&one.portal), one.orphaned_at) {
            (None, since) => since.is_none_or(|since| now.duration_since(since) >= GRACE) || one.is_stale(now),
            (Some(_), since) => since.is_some() || one.is_stale(now),
        };
        let forgets_at = self.forgets_at();
        if known.iter().any(is_due) || forgets_at <= now {
            tasks.push(task(UPKEEP.to_owned(), "stale"));
        }
        let unconfirmed = known.iter().filter(|one| one.confirmed_at.is_none());
        let stale_at = unconfirmed.filter_map(|one| one.created_at.checked_add(TO_CONFIRM).ok());
        Turn {
            tasks,
            next: next(state, now)
                .into_iter()
                .chain(stale_at.chain([forgets_at]).filter(|at| *at > now))
                .min(),
        }
    }

    fn rests(&self) -> bool {
        self.known().is_empty()
    }

    fn measures(&self) -> bool {
        true
    }

    async fn look(&self) -> Result<(), TableError> {
        // The edition first: what was read may be newer than it says, never older.
        let edition = self.subscriptions.edition().await?;
        if self.known.lock().unwrap_or_else(PoisonError::into_inner).0 != edition {
            let all = self.subscriptions.all().await?;
            *self.known.lock().unwrap_or_else(PoisonError::into_inner) = (edition, all.into());
        }
        Ok(())
    }

    async fn perform(&self, task: &Task, attempts: u32) -> Outcome {
        match self.do_it(task, attempts).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Again(None, error.to_string()),
        }
    }

    fn lanes(&self) -> usize {
        AT_ONCE
    }
}
