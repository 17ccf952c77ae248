//! Drives the reactors. Of several processes on one database one does, the holder of the lease; when it dies or is cut off, another one
//! takes over once the lease has run out. Their clocks have to agree within [`SPARE`].

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    panic::AssertUnwindSafe,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{
    record::Entry,
    state::{State, apply},
};
use futures::{FutureExt, StreamExt, future, stream::FuturesUnordered};
use jiff::{SignedDuration, Timestamp};
use tokio::{sync::Notify, time::sleep};

use crate::{
    publisher::Publisher,
    reactor::{Outcome, Reactor, pause},
};
use store::{
    journal::JournalError,
    outbox::{Bookmark, Holder, Open, Outbox, Task, Verdict},
    tables::TableError,
};

/// The one lease that there is.
const LEASE: &str = "reactors";

/// How long the lease lasts.
const LASTS: SignedDuration = SignedDuration::from_secs(15);

/// How often it is made to last longer, and asked for by those who do not have it.
const RENEW: Duration = Duration::from_secs(5);

/// For how long a renewal may take before the holder takes its lease for lost.
const SPARE: Duration = Duration::from_secs(5);

/// After how long something is tried again that the database refused.
const REST: Duration = Duration::from_secs(1);

/// How long a deed may take: one that hangs must not keep the lease and do nothing.
const LONGEST_DEED: Duration = Duration::from_secs(300);

/// How many entries are read at once.
const PAGE: u32 = 500;

/// So many entries of which nothing follows are noted at once: else each publication would wait for the bookmark of each reactor. Who takes over
/// asks about these again, and finds nothing.
const UNNOTED: u64 = 100;

/// How far the clock of another process may have been ahead of this one's. What was noted up to a later instant was noted by a wrong clock,
/// and is asked for again.
const SLACK: SignedDuration = SignedDuration::from_mins(1);

/// Drives the reactors of a process.
pub struct Driver {
    publisher: Arc<Publisher>,
    outbox: Outbox,
    reactors: Vec<Driven>,
    /// The opaque name of this process.
    name: String,
    report: Arc<Report>,
}

/// A reactor that is driven.
struct Driven {
    reactor: Arc<dyn Reactor>,
    /// Something was noted for it.
    noted: Notify,
    /// Something may have come in of which no entry tells.
    stirred: Notify,
    /// Up to which entry it was asked, and the state after that one.
    seen: Mutex<(u64, Arc<State>)>,
    /// Up to where this process has asked it while it had the lease, where nothing more followed.
    asked: Mutex<Option<Bookmark>>,
}

/// How the reactors of a process do, for monitoring; and where to tell them of what somebody changes by hand.
#[derive(Debug, Default)]
pub struct Report {
    leads: AtomicBool,
    /// Somebody has changed by hand what is to go out.
    changed: Notify,
    progress: Mutex<BTreeMap<&'static str, Progress>>,
}

impl Report {
    /// Whether this process has the lease.
    pub fn leads(&self) -> bool {
        self.leads.load(Ordering::Relaxed)
    }

    /// How each reactor does, by its name. Those of a process without the lease are as they were when it had it.
    pub fn progress(&self) -> BTreeMap<&'static str, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Somebody has changed by hand what is to go out: it is looked at now. Other processes look every few seconds.
    pub fn look_again(&self) {
        self.changed.notify_one();
    }

    /// After a while, or at once when somebody has changed something.
    async fn rest(&self) {
        tokio::select! {
            () = sleep(RENEW) => {}
            () = self.changed.notified() => {}
        }
    }

    fn tell(&self, reactor: &'static str, tell: impl FnOnce(&mut Progress)) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        tell(progress.entry(reactor).or_default());
    }
}

/// How a reactor does, as far as this process knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many tasks are open, and how many were given up.
    pub open: u64,
    pub given_up: u64,
    /// Since when the open task has been waiting that waits longest.
    pub waiting_since: Option<Timestamp>,
}

/// Why a round ended.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("the lease is another's")]
    Lost,
    #[error(transparent)]
    Tables(#[from] TableError),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Driver {
    /// Drives these reactors by what stands in the journal; `name` is this process's alone.
    pub fn new(publisher: Arc<Publisher>, outbox: Outbox, reactors: Vec<Arc<dyn Reactor>>, name: String, report: Arc<Report>) -> Self {
        let driven = |reactor| Driven {
            reactor,
            noted: Notify::new(),
            stirred: Notify::new(),
            seen: Mutex::default(),
            asked: Mutex::default(),
        };
        Self {
            publisher,
            outbox,
            reactors: reactors.into_iter().map(driven).collect(),
            name,
            report,
        }
    }

    /// Does what is to be done whenever it is this process's turn, until it is dropped.
    pub async fn run(&self) {
        if self.reactors.is_empty() {
            return future::pending().await;
        }
        let mut changes = self.publisher.changes();
        loop {
            changes.mark_unchanged();
            if self.is_needed().await && self.hold().await {
                self.report.leads.store(true, Ordering::Relaxed);
                tracing::info!("this server sees to what goes out");
                for driven in &self.reactors {
                    *asked(driven) = None;
                    driven.reactor.begin();
                }
                tokio::select! {
                    () = self.keep() => {}
                    ended = AssertUnwindSafe(self.work()).catch_unwind() => match ended {
                        Ok(trouble) => tracing::warn!(%trouble, "another server sees to what goes out"),
                        Err(_) => tracing::error!("a reactor has failed in a way that nobody foresaw; it begins again"),
                    },
                }
                self.report.leads.store(false, Ordering::Relaxed);
                tracing::info!("this server does not see to what goes out any more");
            }
            // What was written may be the first thing that there is to see to.
            tokio::select! {
                () = self.report.rest() => {}
                _ = changes.changed() => {}
            }
        }
    }

    /// Whether there is anything to see to: without it nobody keeps writing into the database that it is theirs.
    async fn is_needed(&self) -> bool {
        for Driven { reactor, .. } in &self.reactors {
            if let Err(error) = reactor.look().await {
                tracing::debug!(%error, "it is not known what there is to see to");
            } else if !reactor.rests() {
                return true;
            }
        }
        false
    }

    /// Leaves the lease to others at once.
    pub async fn let_go(&self) {
        if self.report.leads() {
            self.note_asked().await;
        }
        if self.report.leads()
            && let Err(error) = self.outbox.let_go(self.holder()).await
        {
            tracing::warn!(%error, "the lease runs out by itself");
        }
    }

    /// Notes up to where each was asked, so that whoever comes next does not begin before that.
    async fn note_asked(&self) {
        for driven in &self.reactors {
            let Some(bookmark) = *asked(driven) else { continue };
            let name = driven.reactor.name();
            if let Err(error) = self.outbox.note(self.holder(), name, &[], bookmark, self.now()).await {
                tracing::debug!(reactor = name, %error, "up to where it was asked is not noted");
            }
        }
    }

    fn holder(&self) -> Holder<'_> {
        Holder {
            lease: LEASE,
            name: &self.name,
        }
    }

    fn now(&self) -> Timestamp {
        self.publisher.clock().now()
    }

    async fn hold(&self) -> bool {
        let holding = self.outbox.hold(self.holder(), self.now(), LASTS);
        match tokio::time::timeout(SPARE, holding).await {
            Ok(Ok(held)) => held,
            Ok(Err(error)) => {
                tracing::debug!(%error, "the lease cannot be asked for");
                false
            }
            Err(_) => false,
        }
    }

    /// Returns when the lease is lost, or it is not known whether it is.
    async fn keep(&self) {
        loop {
            self.report.rest().await;
            if !self.hold().await {
                return;
            }
            // Another process may have changed what is open, or have heard something.
            for driven in &self.reactors {
                driven.noted.notify_one();
                driven.stirred.notify_one();
            }
        }
    }

    /// Notes and does, until it is dropped or the lease is lost. One that fails keeps no other waiting.
    async fn work(&self) -> Trouble {
        let noting = future::try_join_all(self.reactors.iter().map(|driven| self.note_all(driven)));
        let doing = future::try_join_all(self.reactors.iter().map(|driven| self.do_all(driven)));
        match future::try_join(noting, doing).await {
            Ok(_) => future::pending().await,
            Err(lost) => lost,
        }
    }

    /// Ends when the lease is lost.
    async fn note_all(&self, driven: &Driven) -> Result<Infallible, Trouble> {
        let mut changes = self.publisher.changes();
        // Whoever begins asks what is to be done by now.
        let mut turn = Some(Timestamp::MIN);
        let mut is_stirred = false;
        loop {
            changes.mark_unchanged();
            match self.note(driven, turn, is_stirred).await {
                Ok(next) => (turn, is_stirred) = (next, false),
                Err(lost @ Trouble::Lost) => return Err(lost),
                Err(trouble) => {
                    tracing::warn!(reactor = driven.reactor.name(), %trouble, "what follows could not be noted");
                    sleep(REST).await;
                    continue;
                }
            }
            let time = async {
                match turn {
                    Some(instant) => self.publisher.clock().wait_until(instant).await,
                    None => future::pending().await,
                }
            };
            tokio::select! {
                () = time => {}
                _ = changes.changed() => {}
                // By now it may ask for something.
                () = driven.stirred.notified(), if driven.reactor.measures() => (turn, is_stirred) = (Some(Timestamp::MIN), true),
            }
        }
    }

    /// Notes what follows from the entries that are new and from the time that has passed, in the order in which it came; tells when time asks
    /// next. `turn`: when it was to ask. `is_stirred`: only because something may have come in; what waits on its lane already goes on waiting.
    async fn note(&self, driven: &Driven, turn: Option<Timestamp>, is_stirred: bool) -> Result<Option<Timestamp>, Trouble> {
        let Driven { reactor, noted, .. } = driven;
        let name = reactor.name();
        loop {
            // In this order: whatever was there before an entry was written is known when the entry is.
            let (present, now) = self.publisher.present();
            reactor.look().await?;
            // What was before it began to be watched calls for nothing.
            let beginning = Bookmark {
                seq: present.position(),
                turned_at: Some(now),
            };
            let on_disk = self.outbox.bookmark(name).await?;
            let known = further(on_disk, *asked(driven));
            if known.is_some_and(|known| known.seq > present.position()) {
                // Another process has read further, or a backup was restored.
                if self.publisher.read(|state, _| state.position()).await? >= known.map_or(0, |known| known.seq) {
                    continue;
                }
                *seen(driven) = (present.position(), present.clone());
                *asked(driven) = None;
            }
            let start = known.filter(|known| known.seq <= present.position()).unwrap_or(beginning);
            let (since, is_astray) = since(start, &present, now);
            let rests = reactor.rests();
            let mut story = Story {
                reactor: &**reactor,
                since,
                state: if rests {
                    present.clone()
                } else {
                    self.state_after(driven, start.seq, &present).await?
                },
                tasks: Vec::new(),
            };
            let upto = if rests {
                // Nothing follows from anything.
                story.since = story.since.max(Some(now));
                present.position()
            } else {
                self.read_on(&mut story, start.seq, &present, now).await?
            };
            // Where the journal has less than what is known, nothing more is to be read for now.
            let is_all = upto == present.position() || upto == start.seq;
            let mut next = None;
            if is_all {
                story.time(now);
                let turned = reactor.turn(&present, now);
                // What was taken back follows from no entry: it is asked anew what is to be done by now.
                let is_rewritten = present.rewritten_at() > start.seq;
                if is_rewritten || turn.is_some_and(|turn| turn <= now) {
                    let waits = if is_stirred { self.outbox.lanes(name).await? } else { Vec::new() };
                    let is_new = |task: &Task| !waits.iter().any(|lane| lane.open > 0 && lane.name == task.lane);
                    story.tasks.extend(turned.tasks.into_iter().filter(is_new));
                }
                if upto == present.position() {
                    story.state = present;
                }
                next = turned.next;
            }
            let bookmark = Bookmark {
                seq: upto,
                turned_at: story.since.or(Some(now)),
            };
            let is_late = on_disk.is_none_or(|noted| noted.seq > upto || noted.seq.saturating_add(UNNOTED) <= upto);
            let is_news = !story.tasks.is_empty() || is_astray || is_late;
            if is_news {
                let Story { tasks, .. } = &story;
                if !self.outbox.note(self.holder(), name, tasks, bookmark, self.now()).await? {
                    return Err(Trouble::Lost);
                }
                noted.notify_one();
            }
            *asked(driven) = Some(bookmark);
            *seen(driven) = (upto, story.state);
            if is_all {
                return Ok(next);
            }
        }
    }

    /// Asks what follows from the entries after this one, as far as they are read at once; the last of them.
    async fn read_on(&self, story: &mut Story<'_>, from: u64, present: &Arc<State>, now: Timestamp) -> Result<u64, Trouble> {
        let mut upto = from;
        if upto < present.position() {
            let found = self.publisher.journal().find(upto, PAGE).await?;
            for found in found.into_iter().filter(|found| found.seq <= present.position()) {
                upto = found.seq;
                // What cannot be read was told when it was read first.
                if let Some(entry) = found.record.ok().and_then(|record| record.entry().ok()) {
                    story.entry(&entry, present, now);
                }
            }
        }
        Ok(upto)
    }

    /// The state after an entry: the one that was kept, or read from the journal.
    async fn state_after(&self, driven: &Driven, seq: u64, present: &Arc<State>) -> Result<Arc<State>, Trouble> {
        if seq == present.position() {
            return Ok(present.clone());
        }
        let kept = seen(driven).clone();
        let (mut at, mut state) = if kept.0 <= seq { kept } else { Default::default() };
        while at < seq {
            let found = self.publisher.journal().find(at, PAGE).await?;
            let Some(last) = found.last().map(|last| last.seq) else { break };
            for found in found.into_iter().filter(|found| found.seq <= seq) {
                if let Some(entry) = found.record.ok().and_then(|record| record.entry().ok()) {
                    apply(Arc::make_mut(&mut state), &entry);
                }
            }
            at = last;
        }
        Ok(state)
    }

    /// Does what is due, on each lane one after the other. A lane on which it takes long keeps no other waiting. Ends when the lease is lost.
    async fn do_all(&self, driven: &Driven) -> Result<Infallible, Trouble> {
        let name = driven.reactor.name();
        let mut doing = FuturesUnordered::new();
        let mut busy = BTreeSet::new();
        loop {
            // What is under way goes on meanwhile: it may have a connection to the database that the question waits for.
            let mut done = Vec::new();
            let found = {
                let mut asking = pin!(self.due(driven));
                loop {
                    tokio::select! {
                        found = &mut asking => break found,
                        Some(one) = doing.next() => done.push(one),
                    }
                }
            };
            let next = match found {
                Ok((due, next)) => {
                    for open in due {
                        if busy.len() < driven.reactor.lanes() && busy.insert(open.task.lane.clone()) {
                            let lane = open.task.lane.clone();
                            doing.push(self.do_one(driven, open).map(|done| (lane, done)));
                        }
                    }
                    Ok(next)
                }
                Err(trouble) => Err(trouble),
            };
            // What was found on their lanes is what was done already.
            let is_news = !done.is_empty();
            for (lane, done) in done {
                busy.remove(&lane);
                done?;
            }
            if is_news {
                continue;
            }
            let time = async {
                match next {
                    Ok(Some(instant)) => self.publisher.clock().wait_until(instant).await,
                    Ok(None) => future::pending().await,
                    Err(trouble) => {
                        tracing::warn!(reactor = name, %trouble, "what is to be done is not known");
                        sleep(REST).await;
                    }
                }
            };
            tokio::select! {
                Some((lane, done)) = doing.next() => {
                    busy.remove(&lane);
                    done?;
                }
                () = time => {}
                () = driven.noted.notified() => {}
            }
        }
    }

    /// What is due, and when something is due next.
    async fn due(&self, driven: &Driven) -> Result<(Vec<Open>, Option<Timestamp>), Trouble> {
        let name = driven.reactor.name();
        let open = self.outbox.soonest(name, 2 * driven.reactor.lanes() + 1).await?;
        let (count, given_up) = self.outbox.count(name).await?;
        self.report.tell(name, |progress| {
            (progress.open, progress.given_up) = (count, given_up);
            progress.waiting_since = open.first().map(|first| first.due_at);
        });
        let now = self.now();
        let (due, later): (Vec<Open>, Vec<Open>) = open.into_iter().partition(|open| open.due_at <= now);
        Ok((due, later.first().map(|first| first.due_at)))
    }

    /// Does one, and notes what became of it; an error only where the lease is lost.
    async fn do_one(&self, driven: &Driven, open: Open) -> Result<(), Trouble> {
        let name = driven.reactor.name();
        let performing = driven.reactor.perform(&open.task, open.attempts);
        let outcome = match tokio::time::timeout(LONGEST_DEED, performing).await {
            Ok(outcome) => outcome,
            Err(_) => Outcome::Again(None, "it took too long".to_owned()),
        };
        let now = self.now();
        let verdict = match outcome {
            Outcome::Done => Verdict::Done,
            Outcome::Again(after, reason) => {
                tracing::warn!(reactor = name, lane = open.task.lane, %reason, "a task failed and is tried again");
                let at = now.saturating_add(after.unwrap_or_else(|| pause(open.attempts)));
                Verdict::Again(at.unwrap_or(Timestamp::MAX), reason)
            }
            Outcome::NotYet(after, reason) => {
                tracing::debug!(reactor = name, lane = open.task.lane, %reason, "a task is looked at again");
                Verdict::Again(now.saturating_add(after).unwrap_or(Timestamp::MAX), reason)
            }
            Outcome::GivenUp(reason) => {
                tracing::error!(reactor = name, lane = open.task.lane, %reason, "a task was given up");
                Verdict::GivenUp(now, reason)
            }
        };
        match self.outbox.settle(self.holder(), name, &open, verdict).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Trouble::Lost),
            Err(trouble) => {
                // It is done again, and only its own lane waits.
                tracing::warn!(reactor = name, lane = open.task.lane, %trouble, "what was done could not be noted");
                sleep(REST).await;
                Ok(())
            }
        }
    }
}

fn seen(driven: &Driven) -> MutexGuard<'_, (u64, Arc<State>)> {
    driven.seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Up to when time was asked for, and whether a clock that was wrong has said so.
fn since(start: Bookmark, present: &State, now: Timestamp) -> (Option<Timestamp>, bool) {
    let is_plausible = |since: &Timestamp| *since <= now.saturating_add(SLACK).unwrap_or(now);
    if start.turned_at.as_ref().is_some_and(is_plausible) {
        return (start.turned_at, false);
    }
    // Rather twice than never: since the last entry at least nobody can say what was asked for.
    (start.turned_at.and(present.last_at()).filter(is_plausible), true)
}

/// Which of two bookmarks lies further on.
fn further(one: Option<Bookmark>, other: Option<Bookmark>) -> Option<Bookmark> {
    let seq = |bookmark: Option<Bookmark>| bookmark.map(|bookmark| bookmark.seq);
    if seq(one) > seq(other) { one } else { other }
}

fn asked(driven: &Driven) -> MutexGuard<'_, Option<Bookmark>> {
    driven.asked.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a reactor is asked, in the order in which it came.
struct Story<'a> {
    reactor: &'a dyn Reactor,
    /// Up to when time was asked for; `None`: never, or by a clock that was wrong.
    since: Option<Timestamp>,
    /// As it is by then.
    state: Arc<State>,
    tasks: Vec<Task>,
}

impl Story<'_> {
    /// Time passes.
    fn time(&mut self, until: Timestamp) {
        // A clock that was put back asks for nothing twice.
        if let Some(since) = self.since.filter(|since| *since < until) {
            self.tasks.extend(self.reactor.between(&self.state, since, until));
        }
        self.since = self.since.max(Some(until));
    }

    /// An entry was written. What time brought before is told before; an entry of a clock that is ahead brings nothing of it forward.
    /// `present`: the state by now, which is that after the last entry.
    fn entry(&mut self, entry: &Entry, present: &Arc<State>, now: Timestamp) {
        self.time(entry.at.min(now));
        let before = self.state.clone();
        if entry.seq == present.position() {
            // Nothing is copied for what is mostly all that there is to tell.
            self.state = present.clone();
        } else {
            apply(Arc::make_mut(&mut self.state), entry);
        }
        self.tasks.extend(self.reactor.after(&before, &self.state, entry));
    }
}
