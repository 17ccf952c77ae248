//! Who is told of notices by mail: addresses, what they want to be told, and of what they were told last. Whoever ends it is gone from here.

use std::collections::BTreeMap;

use domain::words::{NoticeId, PortalId, Wanted};
use jiff::{SignedDuration, Timestamp};
use sqlx::{Row, any::AnyRow};

use crate::{
    tables::{self, Change, OLDEST_FIRST, TableError, Tables, instant, sortable},
    webhooks::Secret,
};

/// The tables of subscriptions.
#[derive(Clone, Debug)]
pub struct Subscriptions(Tables);

/// Somebody's wish to be told of what a portal tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Opaque. It may be told and logged.
    pub id: String,
    pub portal: PortalId,
    /// Where mails go.
    pub address: String,
    /// What the links in its mails lead by: whoever has it may change and end it.
    pub secret: Secret,
    /// The language in which it is written to, by its tag.
    pub language: String,
    pub wanted: Wanted,
    pub created_at: Timestamp,
    /// The words under which it was asked for.
    pub agreed_to: String,
    /// When whoever reads the mailbox confirmed it; `None`: not yet, and nothing is told.
    pub confirmed_at: Option<Timestamp>,
    /// What stands in the journal up to this entry is not told.
    pub position: u64,
    /// Since when a mail with its link is to go out; `None`: none is.
    pub link_asked_at: Option<Timestamp>,
    /// When one last went out.
    pub link_sent_at: Option<Timestamp>,
    /// Since when no mail has arrived; `None`: the last one did.
    pub failing_since: Option<Timestamp>,
    /// Why the last one did not arrive.
    pub failure: Option<String>,
    /// Since when the portal is not in the catalogue any more; `None`: it is.
    pub orphaned_at: Option<Timestamp>,
}

/// For so long an address may wait to be confirmed. Then it is forgotten.
pub const TO_CONFIRM: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Subscription {
    /// Whether nobody has confirmed it in time. It is as if it were not there, before it is forgotten too.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.confirmed_at.is_none() && now.duration_since(self.created_at) >= TO_CONFIRM
    }
}

/// How it became known that there is no such mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Whoever was to take the mail said so.
    AtOnce,
    /// The mail was taken, and came back. That the next one is taken then proves nothing.
    CameBack,
}

/// On so many days it has to be said that there is no such mailbox, once a day at most: a server that does not find its own people is mended by then.
const REFUSALS: i64 = 3;
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// Days that are further apart than that are not in a row.
const ONE_ROW: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Of what somebody was told last about a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What was so when it was told of it for the first time.
    pub first: String,
    /// What was so then.
    pub what: String,
    pub at: Timestamp,
}

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Those that are told.
    pub confirmed: u64,
    /// Those that are still to be confirmed.
    pub unconfirmed: u64,
    /// Those of the confirmed to whom the last mail did not arrive.
    pub failing: u64,
}

const COLUMNS: &str = "id, portal, address, secret, language, wanted, created_at, agreed_to, confirmed_at, position, \
    link_asked_at, link_sent_at, failing_since, failure, orphaned_at";

impl Subscriptions {
    pub(crate) const fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// A number that grows with each change: whoever has read all of them knows by it whether they are still so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn edition(&self) -> Result<i64, TableError> {
        let query = sqlx::query_scalar("SELECT coalesce(max(edition), 0) FROM subscription_edition");
        self.0.within(query.fetch_one(&self.0.pool)).await
    }

    /// All of them, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&self) -> Result<Vec<Subscription>, TableError> {
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM subscription ORDER BY {OLDEST_FIRST}"));
        let rows = self.0.within(sqlx::query(query).fetch_all(&self.0.pool)).await?;
        rows.iter().map(subscription).collect()
    }

    /// The one with this id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, id: &str) -> Result<Option<Subscription>, TableError> {
        Ok(self.find("id", id).await?.pop())
    }

    /// The one to which this secret leads.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_secret(&self, secret: &str) -> Result<Option<Subscription>, TableError> {
        Ok(self.find("secret", secret).await?.pop())
    }

    /// Those of an address, however it is spelled, on all portals.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_address(&self, address: &str) -> Result<Vec<Subscription>, TableError> {
        self.find("lower(address)", &address.to_lowercase()).await
    }

    async fn find(&self, column: &str, value: &str) -> Result<Vec<Subscription>, TableError> {
        let query = sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM subscription WHERE {column} = $1 ORDER BY {OLDEST_FIRST}"
        ));
        let rows = self.0.within(sqlx::query(query).bind(value).fetch_all(&self.0.pool)).await?;
        rows.iter().map(subscription).collect()
    }

    /// How many there are on each portal that has any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self) -> Result<BTreeMap<String, Count>, TableError> {
        let query = sqlx::query_as(
            "SELECT portal, count(confirmed_at), count(*), count(CASE WHEN confirmed_at IS NOT NULL THEN failing_since END)
             FROM subscription GROUP BY portal",
        );
        let rows: Vec<(String, i64, i64, i64)> = self.0.within(query.fetch_all(&self.0.pool)).await?;
        let count = |(portal, confirmed, all, failing): (String, i64, i64, i64)| {
            let count = Count {
                confirmed: confirmed.cast_unsigned(),
                unconfirmed: (all - confirmed).cast_unsigned(),
                failing: failing.cast_unsigned(),
            };
            (portal, count)
        };
        Ok(rows.into_iter().map(count).collect())
    }

    /// Somebody asks for it: adds it, or has its link sent once more (whoever has not confirmed begins anew), unless it was asked for or sent after `not_since`. What is told to it begins
    /// no earlier than now, also where `reactor`, which tells it, has never run.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ask(&self, asked: &Subscription, not_since: Timestamp, reactor: &str) -> Result<(), TableError> {
        let mut change = self.0.begin().await?;
        let wanted = serde_json::to_string(&asked.wanted).map_err(TableError::decode)?;
        let row = sqlx::query(
            "INSERT INTO subscription (id, portal, address, secret, language, wanted, created_at, agreed_to, position, link_asked_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (portal, address) DO UPDATE SET link_asked_at = excluded.link_asked_at,
                created_at = CASE WHEN subscription.confirmed_at IS NULL THEN excluded.created_at ELSE subscription.created_at END,
                language = CASE WHEN subscription.confirmed_at IS NULL THEN excluded.language ELSE subscription.language END,
                agreed_to = CASE WHEN subscription.confirmed_at IS NULL THEN excluded.agreed_to ELSE subscription.agreed_to END
             WHERE subscription.link_asked_at IS NULL AND coalesce(subscription.link_sent_at, '') < $11",
        )
        .bind(asked.id.as_str())
        .bind(asked.portal.as_str())
        .bind(asked.address.as_str())
        .bind(asked.secret.0.as_str())
        .bind(asked.language.as_str())
        .bind(wanted)
        .bind(asked.created_at.to_string())
        .bind(asked.agreed_to.as_str())
        .bind(asked.position.cast_signed())
        .bind(sortable(asked.created_at))
        .bind(sortable(not_since));
        change.execute(row).await?;
        let bookmark = sqlx::query("INSERT INTO bookmark (reactor, seq, turned_at) VALUES ($1, $2, $3) ON CONFLICT (reactor) DO NOTHING")
            .bind(reactor)
            .bind(asked.position.cast_signed())
            .bind(sortable(asked.created_at));
        change.execute(bookmark).await?;
        change.turn_over().await
    }

    /// The mail with its link went out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn link_sent(&self, id: &str, now: Timestamp) -> Result<(), TableError> {
        let query = sqlx::query("UPDATE subscription SET link_asked_at = NULL, link_sent_at = $2 WHERE id = $1")
            .bind(id)
            .bind(sortable(now));
        self.change(query).await
    }

    /// Says of what it is told, and confirms it, where that is still to be done: what stands up to `position` is then not told.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle(&self, id: &str, wanted: &Wanted, position: u64, now: Timestamp) -> Result<(), TableError> {
        let wanted = serde_json::to_string(wanted).map_err(TableError::decode)?;
        let query = sqlx::query(
            "UPDATE subscription SET wanted = $2, confirmed_at = coalesce(confirmed_at, $3),
                position = CASE WHEN confirmed_at IS NULL THEN $4 ELSE position END
             WHERE id = $1",
        )
        .bind(id)
        .bind(wanted)
        .bind(sortable(now))
        .bind(position.cast_signed());
        self.change(query).await
    }

    /// Forgets it with all that belongs to it. What was still to be sent by `reactor` on these lanes is dropped.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(&self, id: &str, reactor: &str) -> Result<(), TableError> {
        let mut change = self.0.begin().await?;
        for statement in [
            "DELETE FROM subscription WHERE id = $1",
            "DELETE FROM mailed WHERE subscription = $1",
        ] {
            change.execute(sqlx::query(statement).bind(id)).await?;
        }
        // Ids are of one length, so that none begins another's lanes.
        let tasks = sqlx::query("DELETE FROM task WHERE reactor = $1 AND substr(lane, 1, length($2)) = $2")
            .bind(reactor)
            .bind(id);
        change.execute(tasks).await?;
        change.turn_over().await
    }

    /// Forgets those that nobody has confirmed since this instant, and what was told of notices long ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, unconfirmed_since: Timestamp, told_before: Timestamp) -> Result<(), TableError> {
        let all = self.all().await?;
        let stale = all
            .iter()
            .filter(|one| one.confirmed_at.is_none() && one.created_at <= unconfirmed_since);
        let mut change = self.0.begin().await?;
        for one in stale {
            let query = sqlx::query("DELETE FROM subscription WHERE id = $1 AND confirmed_at IS NULL").bind(one.id.as_str());
            change.execute(query).await?;
        }
        let told = sqlx::query("DELETE FROM mailed WHERE mailed_at < $1").bind(sortable(told_before));
        change.execute(told).await?;
        change.turn_over().await
    }

    /// Of what it was told last about a notice; `None`: of nothing yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn told(&self, id: &str, notice: &NoticeId) -> Result<Option<Told>, TableError> {
        let query = sqlx::query_as("SELECT first, told, mailed_at FROM mailed WHERE subscription = $1 AND notice = $2")
            .bind(id)
            .bind(notice.as_str());
        let found: Option<(String, String, String)> = self.0.within(query.fetch_optional(&self.0.pool)).await?;
        let told = |(first, what, at): (String, String, String)| {
            let at = instant(&at)?;
            Ok(Told { first, what, at })
        };
        found.map(told).transpose()
    }

    /// A mail about a notice has arrived.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mailed(&self, id: &str, notice: &NoticeId, told: &Told) -> Result<(), TableError> {
        let mut change = self.0.begin().await?;
        // In this order, which is that of whoever ends it meanwhile.
        let well = sqlx::query(
            "UPDATE subscription SET failing_since = NULL, failure = NULL,
                refusals = CASE WHEN coalesce(came_back_at, '') < $2 THEN 0 ELSE refusals END
             WHERE id = $1",
        )
        .bind(id)
        .bind(sortable(told.at.saturating_sub(ONE_ROW).unwrap_or(Timestamp::MIN)));
        change.execute(well).await?;
        let row = sqlx::query(
            "INSERT INTO mailed (subscription, notice, first, told, mailed_at)
             SELECT id, $2, $3, $4, $5 FROM subscription WHERE id = $1
             ON CONFLICT (subscription, notice) DO UPDATE SET told = excluded.told, mailed_at = excluded.mailed_at",
        )
        .bind(id)
        .bind(notice.as_str())
        .bind(told.first.as_str())
        .bind(told.what.as_str())
        .bind(sortable(told.at));
        change.execute(row).await?;
        // Nobody who has read them has to read them again for that.
        change.commit().await
    }

    /// A mail has not arrived, for this reason.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failed(&self, id: &str, now: Timestamp, failure: &str) -> Result<(), TableError> {
        let query = sqlx::query("UPDATE subscription SET failing_since = coalesce(failing_since, $2), failure = $3 WHERE id = $1")
            .bind(id)
            .bind(sortable(now))
            .bind(failure);
        self.0.execute(query).await
    }

    /// A portal is not in the catalogue any more: notes since when, and forgets those for whom that was so at this instant already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn orphan(&self, portal: &PortalId, now: Timestamp, long_ago: Timestamp, reactor: &str) -> Result<(), TableError> {
        let mark = sqlx::query("UPDATE subscription SET orphaned_at = $2 WHERE portal = $1 AND orphaned_at IS NULL")
            .bind(portal.as_str())
            .bind(sortable(now));
        self.change(mark).await?;
        let all = self.find("portal", portal.as_str()).await?;
        for one in all.iter().filter(|one| one.orphaned_at.is_some_and(|since| since <= long_ago)) {
            self.end(&one.id, reactor).await?;
        }
        Ok(())
    }

    /// A portal is in the catalogue again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn adopt(&self, portal: &PortalId) -> Result<(), TableError> {
        let query = sqlx::query("UPDATE subscription SET orphaned_at = NULL WHERE portal = $1");
        self.change(query.bind(portal.as_str())).await
    }

    /// A mail has not arrived, because there is no such mailbox. Whether nobody is written to there any more: that was so on three days, none of them a
    /// month after the one before; all that belongs to it is then forgotten, as by [`Self::end`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refused(&self, id: &str, how: Refusal, failure: &str, now: Timestamp, reactor: &str) -> Result<bool, TableError> {
        self.failed(id, now, failure).await?;
        let ago = |span| sortable(now.saturating_sub(span).unwrap_or(Timestamp::MIN));
        let mut change = self.0.begin().await?;
        let counted = sqlx::query(
            "UPDATE subscription SET refused_at = $2, refusals = CASE WHEN refused_at >= $4 THEN refusals + 1 ELSE 1 END
             WHERE id = $1 AND coalesce(refused_at, '') <= $3",
        )
        .bind(id)
        .bind(sortable(now))
        .bind(ago(A_DAY))
        .bind(ago(ONE_ROW));
        change.execute(counted).await?;
        if how == Refusal::CameBack {
            let came_back = sqlx::query("UPDATE subscription SET came_back_at = $2 WHERE id = $1");
            change.execute(came_back.bind(id).bind(sortable(now))).await?;
        }
        let refusals: Vec<i64> = change
            .all(sqlx::query_scalar("SELECT refusals FROM subscription WHERE id = $1").bind(id))
            .await?;
        change.commit().await?;
        let is_over = refusals.first().is_some_and(|count| *count >= REFUSALS);
        if is_over {
            self.end(id, reactor).await?;
        }
        Ok(is_over)
    }

    async fn change(&self, query: sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments>) -> Result<(), TableError> {
        let mut change = self.0.begin().await?;
        change.execute(query).await?;
        change.turn_over().await
    }
}

impl Change {
    /// Makes it last, and has whoever has read the subscriptions read them again.
    async fn turn_over(mut self) -> Result<(), TableError> {
        self.execute(sqlx::query("UPDATE subscription_edition SET edition = edition + 1"))
            .await?;
        self.commit().await
    }
}

fn subscription(row: &AnyRow) -> Result<Subscription, TableError> {
    let text = |column: usize| row.try_get::<String, _>(column);
    let moment = |column: usize| tables::moment(row, column);
    let portal = text(1)?;
    Ok(Subscription {
        id: text(0)?,
        portal: PortalId::parse(&portal).map_err(|_| TableError::decode(format!("`{portal}` is no portal")))?,
        address: text(2)?,
        secret: Secret(text(3)?),
        language: text(4)?,
        wanted: serde_json::from_str(&text(5)?).map_err(TableError::decode)?,
        created_at: text(6)?.parse().map_err(TableError::decode)?,
        agreed_to: text(7)?,
        confirmed_at: moment(8)?,
        position: row.try_get::<i64, _>(9)?.cast_unsigned(),
        link_asked_at: moment(10)?,
        link_sent_at: moment(11)?,
        failing_since: moment(12)?,
        failure: row.try_get(13)?,
        orphaned_at: moment(14)?,
    })
}
