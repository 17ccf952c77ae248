//! What was promised to go out: the lease of whoever sees to it, how far the journal was read for it, and the tasks that are open.
//!
//! Whatever is written here is written by the holder of the lease alone: each change asks for it in its own transaction, so that a node
//! which has lost it, and does not know yet, changes nothing any more.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use sqlx::{AssertSqlSafe, Row, any::AnyRow};

use crate::tables::{Change, TableError, Tables, instant, sortable};

/// The tables of deliveries.
#[derive(Clone, Debug)]
pub struct Outbox(Tables);

/// Something that is to be done. Asked for again under the same key, it is still one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What is done one after the other: a receiver, a portal.
    pub lane: String,
    /// What makes it this task within its lane.
    pub key: String,
    /// What whoever performs it needs to know.
    pub payload: String,
}

/// Up to where a reactor was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bookmark {
    /// What follows from the entries up to this one was noted.
    pub seq: u64,
    /// What time called for up to this instant was noted; `None`: it was never asked for.
    pub turned_at: Option<Timestamp>,
}

/// A lane, for people to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    pub name: String,
    /// How many tasks are open, and how many were given up.
    pub open: u64,
    pub given_up: u64,
    /// When the first open one is tried next.
    pub due_at: Option<Timestamp>,
}

/// For how long what was given up stays, for people to see.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A task that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub task: Task,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// From when on it is worth the while.
    pub due_at: Timestamp,
    /// Grows when it is asked for again: what was done before is then not all of it.
    edition: i64,
}

/// What becomes of a task that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Done,
    /// It is tried again at this instant; why it failed.
    Again(Timestamp, String),
    /// It stays for thirty days, for people to see and to take up again; why it was given up, and when.
    GivenUp(Timestamp, String),
}

/// A holder of a lease, and the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder<'a> {
    pub lease: &'a str,
    /// The opaque name of the process.
    pub name: &'a str,
}

/// So many tasks are noted by one statement: whoever publishes meanwhile waits for all of them.
const AT_ONCE: usize = 100;

/// Each task at the place where it comes first, with what it comes to last: no statement may note one twice.
fn once_each(tasks: &[Task]) -> Vec<&Task> {
    let mut places = BTreeMap::new();
    let mut all: Vec<&Task> = Vec::with_capacity(tasks.len());
    for task in tasks {
        let place = *places.entry((&task.lane, &task.key)).or_insert(all.len());
        if place == all.len() {
            all.push(task);
        } else {
            all[place] = task;
        }
    }
    all
}

impl Outbox {
    pub(crate) const fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// Takes the lease or makes it last longer; whether this holder has it now. Another one's is respected until it runs out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold(&self, holder: Holder<'_>, now: Timestamp, lasts: SignedDuration) -> Result<bool, TableError> {
        let until = now.saturating_add(lasts).unwrap_or(Timestamp::MAX);
        // Nobody takes it for so long; whoever did had a wrong clock.
        let absurd = until.saturating_add(lasts).unwrap_or(Timestamp::MAX);
        let mut change = self.0.begin().await?;
        let first = sqlx::query("INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING")
            .bind(holder.lease)
            .bind(holder.name)
            .bind(sortable(until));
        let mut taken = change.execute(first).await?;
        if taken == 0 {
            let again =
                sqlx::query("UPDATE lease SET holder = $2, until = $3 WHERE name = $1 AND (holder = $2 OR until <= $4 OR until > $5)")
                    .bind(holder.lease)
                    .bind(holder.name)
                    .bind(sortable(until))
                    .bind(sortable(now))
                    .bind(sortable(absurd));
            taken = change.execute(again).await?;
        }
        change.commit().await?;
        Ok(taken > 0)
    }

    /// Gives the lease back, so that nobody has to wait until it runs out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn let_go(&self, holder: Holder<'_>) -> Result<(), TableError> {
        let query = sqlx::query("DELETE FROM lease WHERE name = $1 AND holder = $2")
            .bind(holder.lease)
            .bind(holder.name);
        self.0.execute(query).await
    }

    /// Up to where a reactor was asked; `None`: it has never run.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn bookmark(&self, reactor: &str) -> Result<Option<Bookmark>, TableError> {
        let query = sqlx::query_as("SELECT seq, turned_at FROM bookmark WHERE reactor = $1").bind(reactor);
        let found: Option<(i64, Option<String>)> = self.0.within(query.fetch_optional(&self.0.pool)).await?;
        let Some((seq, turned_at)) = found else { return Ok(None) };
        Ok(Some(Bookmark {
            seq: seq.cast_unsigned(),
            turned_at: turned_at.as_deref().map(instant).transpose()?,
        }))
    }

    /// Notes tasks and, with them, up to where they were asked for. Whether the lease was still there.
    ///
    /// # Errors
    /// When the database fails. Nothing is noted then.
    pub async fn note(
        &self,
        holder: Holder<'_>,
        reactor: &str,
        tasks: &[Task],
        upto: Bookmark,
        now: Timestamp,
    ) -> Result<bool, TableError> {
        let mut change = self.0.begin().await?;
        if !change.still_holds(holder).await? {
            return Ok(false);
        }
        let last = sqlx::query_scalar("SELECT coalesce(max(place), 0) FROM task WHERE reactor = $1").bind(reactor);
        let last: i64 = change.all(last).await?.first().copied().unwrap_or_default();
        let mut place = last;
        for some in once_each(tasks).chunks(AT_ONCE) {
            let rows: Vec<String> = (0..some.len())
                .map(|row| {
                    let [lane, key, at, payload] = [3, 4, 5, 6].map(|first| first + 4 * row);
                    format!("($1, ${lane}, ${key}, ${at}, 1, ${payload}, $2, 0)")
                })
                .collect();
            let statement = format!(
                "INSERT INTO task (reactor, lane, key, place, edition, payload, due_at, attempts) VALUES {}
                 ON CONFLICT (reactor, lane, key) DO UPDATE SET
                    edition = task.edition + 1, payload = excluded.payload, due_at = excluded.due_at,
                    attempts = 0, failure = NULL, given_up_at = NULL",
                rows.join(", ")
            );
            let mut query = sqlx::query(AssertSqlSafe(statement)).bind(reactor).bind(sortable(now));
            for task in some {
                place += 1;
                query = query
                    .bind(task.lane.as_str())
                    .bind(task.key.as_str())
                    .bind(place)
                    .bind(task.payload.as_str());
            }
            change.execute(query).await?;
        }
        let query = sqlx::query(
            "INSERT INTO bookmark (reactor, seq, turned_at) VALUES ($1, $2, $3)
             ON CONFLICT (reactor) DO UPDATE SET seq = excluded.seq, turned_at = excluded.turned_at",
        )
        .bind(reactor)
        .bind(upto.seq.cast_signed())
        .bind(upto.turned_at.map(sortable));
        change.execute(query).await?;
        change.commit().await?;
        Ok(true)
    }

    /// The first open task of each lane, the earliest due first. What was given up keeps nobody waiting.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(&self, reactor: &str) -> Result<Vec<Open>, TableError> {
        self.soonest(reactor, usize::MAX).await
    }

    /// So many of them at most: where thousands wait, each on a lane of its own, nobody asks for all whenever one is done. Those that are under way
    /// are among the first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn soonest(&self, reactor: &str, most: usize) -> Result<Vec<Open>, TableError> {
        let query = sqlx::query(
            "SELECT lane, key, payload, attempts, due_at, edition FROM task WHERE reactor = $1 AND place IN
                (SELECT min(place) FROM task WHERE reactor = $1 AND given_up_at IS NULL GROUP BY lane)
             ORDER BY due_at, place LIMIT $2",
        )
        .bind(reactor)
        .bind(i64::try_from(most).unwrap_or(i64::MAX));
        let rows = self.0.within(query.fetch_all(&self.0.pool)).await?;
        rows.iter().map(open).collect()
    }

    /// How many tasks are open, and how many were given up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, reactor: &str) -> Result<(u64, u64), TableError> {
        let query = sqlx::query_as("SELECT count(*), count(given_up_at) FROM task WHERE reactor = $1").bind(reactor);
        let (all, given_up): (i64, i64) = self.0.within(query.fetch_one(&self.0.pool)).await?;
        Ok(((all - given_up).cast_unsigned(), given_up.cast_unsigned()))
    }

    /// The lanes on which something is open or was given up, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lanes(&self, reactor: &str) -> Result<Vec<Lane>, TableError> {
        let query = sqlx::query_as("SELECT lane, count(*), count(given_up_at) FROM task WHERE reactor = $1 GROUP BY lane ORDER BY lane")
            .bind(reactor);
        let rows: Vec<(String, i64, i64)> = self.0.within(query.fetch_all(&self.0.pool)).await?;
        let due: HashMap<String, Timestamp> = self
            .open(reactor)
            .await?
            .into_iter()
            .map(|open| (open.task.lane, open.due_at))
            .collect();
        let lane = |(name, all, given_up): (String, i64, i64)| Lane {
            open: (all - given_up).cast_unsigned(),
            given_up: given_up.cast_unsigned(),
            due_at: due.get(&name).copied(),
            name,
        };
        Ok(rows.into_iter().map(lane).collect())
    }

    /// Takes up again what was given up on a lane, and does at once what waits there for another attempt: somebody asks for it by hand.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_up_again(&self, reactor: &str, lane: &str, now: Timestamp) -> Result<(), TableError> {
        let query = sqlx::query("UPDATE task SET due_at = $3, attempts = 0, given_up_at = NULL WHERE reactor = $1 AND lane = $2")
            .bind(reactor)
            .bind(lane)
            .bind(sortable(now));
        self.0.execute(query).await
    }

    /// Notes what became of a task. One that was asked for again meanwhile stays open. Whether the lease was still there.
    ///
    /// # Errors
    /// When the database fails. The task is then as it was.
    pub async fn settle(&self, holder: Holder<'_>, reactor: &str, open: &Open, verdict: Verdict) -> Result<bool, TableError> {
        let mut change = self.0.begin().await?;
        if !change.still_holds(holder).await? {
            return Ok(false);
        }
        let given_up = if let Verdict::GivenUp(now, _) = &verdict {
            Some(*now)
        } else {
            None
        };
        let one = "reactor = $1 AND lane = $2 AND key = $3 AND edition = $4";
        let (text, at, reason) = match verdict {
            Verdict::Done => (format!("DELETE FROM task WHERE {one}"), None, None),
            Verdict::Again(at, reason) => {
                let set = "attempts = attempts + 1, due_at = $5, failure = $6";
                (format!("UPDATE task SET {set} WHERE {one}"), Some(at), Some(reason))
            }
            Verdict::GivenUp(at, reason) => {
                let set = "attempts = attempts + 1, given_up_at = $5, failure = $6";
                (format!("UPDATE task SET {set} WHERE {one}"), Some(at), Some(reason))
            }
        };
        let mut query = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(reactor)
            .bind(open.task.lane.as_str())
            .bind(open.task.key.as_str())
            .bind(open.edition);
        if let Some(at) = at {
            query = query.bind(sortable(at)).bind(reason);
        }
        change.execute(query).await?;
        if let Some(old) = given_up.and_then(|now| now.checked_sub(KEPT).ok()) {
            let forget = sqlx::query("DELETE FROM task WHERE reactor = $1 AND given_up_at < $2")
                .bind(reactor)
                .bind(sortable(old));
            change.execute(forget).await?;
        }
        change.commit().await?;
        Ok(true)
    }
}

impl Change {
    /// Whether the lease is still this holder's. It stays so until the change is over: whoever would take it waits.
    async fn still_holds(&mut self, holder: Holder<'_>) -> Result<bool, TableError> {
        let query = sqlx::query("UPDATE lease SET holder = holder WHERE name = $1 AND holder = $2")
            .bind(holder.lease)
            .bind(holder.name);
        Ok(self.execute(query).await? > 0)
    }
}

fn open(row: &AnyRow) -> Result<Open, TableError> {
    let due_at: String = row.try_get(4)?;
    Ok(Open {
        task: Task {
            lane: row.try_get(0)?,
            key: row.try_get(1)?,
            payload: row.try_get(2)?,
        },
        attempts: u32::try_from(row.try_get::<i64, _>(3)?).unwrap_or(u32::MAX),
        due_at: instant(&due_at)?,
        edition: row.try_get(5)?,
    })
}
