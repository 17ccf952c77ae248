//! The alerts that sources have told of: measured, and gone some time after they are over.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    catalogue::Labels,
    watch::{Alert, Report},
};
use jiff::{SignedDuration, Timestamp};
use sqlx::{Row, any::AnyRow};

use crate::tables::{self, TableError, Tables, instant, sortable};

/// For how long an alert is kept that is silent: no rule waits for longer than a day.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// So many alerts of one source are kept.
pub const MOST: usize = 10_000;

/// The table of alerts.
#[derive(Clone, Debug)]
pub struct Alerts(Tables);

/// An alert, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub source: String,
    /// By what it is known from one message to the next.
    pub identity: String,
    pub alert: Alert,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker<'a> {
    Source(&'a str),
    /// The server itself, which has looked.
    Probes,
}

impl Speaker<'_> {
    /// Under what it is kept. No source has this name of the probes.
    pub const fn name(&self) -> &str {
        match self {
            Self::Source(id) => id,
            Self::Probes => "probe:",
        }
    }
}

/// How much a source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// What it says, and nothing of what else it has told.
    Something,
    /// All that it has to say: what it does not name is silent.
    Everything,
}

/// What became of what a source said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    Noted,
    /// Nothing was, since more than [`MOST`] would fire.
    TooMany,
    /// Nothing was, since there is no such source any more.
    Gone,
}

const COLUMNS: &str = "source, identity, labels, since, began_at, silent_since, said_at";

/// A source was heard of. One that is read can be reached then; of one that tells by itself that says nothing.
const HEARD: &str = "UPDATE source SET heard_at = $2,
        failing_since = CASE WHEN kind = 'alertmanager' THEN failing_since END, failure = CASE WHEN kind = 'alertmanager' THEN failure END
    WHERE id = $1";

impl Alerts {
    pub(crate) const fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// All that are kept, by source and identity.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&self) -> Result<Vec<Known>, TableError> {
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM alert ORDER BY source, identity"));
        let rows = self.0.within(sqlx::query(query).fetch_all(&self.0.pool)).await?;
        rows.iter().map(known).collect()
    }

    /// Notes what a source said at `now`, all of it or nothing. `calm`: how long a break an alert with such labels has to make before it is another
    /// one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note(
        &self,
        speaker: Speaker<'_>,
        mut reports: Vec<Report>,
        says: Says,
        now: Timestamp,
        calm: impl Fn(&Labels) -> SignedDuration + Send,
    ) -> Result<Noted, TableError> {
        let mut change = self.0.begin().await?;
        let old = now.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
        change
            .execute(sqlx::query("DELETE FROM alert WHERE silent_since < $1").bind(sortable(old)))
            .await?;
        // It has to be there until this is written, and nobody else speaks for it meanwhile.
        let source = speaker.name();
        if matches!(speaker, Speaker::Source(_)) {
            let heard = sqlx::query(HEARD).bind(source).bind(sortable(now));
            if change.execute(heard).await? == 0 {
                return Ok(Noted::Gone);
            }
        }
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM alert WHERE source = $1"));
        let rows = change.rows(sqlx::query(query).bind(source)).await?;
        let mut all: BTreeMap<String, Alert> = BTreeMap::new();
        for row in &rows {
            let Known { identity, alert, .. } = known(row)?;
            all.insert(identity, alert);
        }
        if says == Says::Everything {
            let named: BTreeSet<String> = reports.iter().map(|report| report.identity.clone()).collect();
            let unnamed = all.iter().filter(|(identity, _)| !named.contains(*identity));
            reports.extend(unnamed.map(|(identity, alert)| Report {
                identity: identity.clone(),
                labels: alert.labels.clone(),
                fires: false,
                began_at: None,
            }));
        }
        let mut changed = heard(&mut all, reports, now, calm);
        for identity in too_many(&all) {
            changed.remove(&identity);
            let gone = sqlx::query("DELETE FROM alert WHERE source = $1 AND identity = $2")
                .bind(source)
                .bind(identity.as_str());
            change.execute(gone).await?;
            all.remove(&identity);
        }
        if all.len() > MOST {
            return Ok(Noted::TooMany);
        }
        for (identity, alert) in &changed {
            let labels = serde_json::to_string(&alert.labels).map_err(TableError::decode)?;
            let row = sqlx::query(
                "INSERT INTO alert (source, identity, labels, since, began_at, silent_since, said_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (source, identity) DO UPDATE SET labels = excluded.labels, since = excluded.since,
                 began_at = excluded.began_at, silent_since = excluded.silent_since, said_at = excluded.said_at",
            )
            .bind(source)
            .bind(identity.as_str())
            .bind(labels)
            .bind(sortable(alert.since))
            .bind(sortable(alert.began_at))
            .bind(alert.silent_since.map(sortable))
            .bind(alert.said_at.map(sortable));
            change.execute(row).await?;
        }
        change.commit().await?;
        Ok(Noted::Noted)
    }
}

/// Takes in what was said at `now`; those that are otherwise by it.
fn heard(
    all: &mut BTreeMap<String, Alert>,
    reports: Vec<Report>,
    now: Timestamp,
    calm: impl Fn(&Labels) -> SignedDuration,
) -> BTreeMap<String, Alert> {
    let mut changed = BTreeMap::new();
    for report in reports {
        let (identity, calm) = (report.identity.clone(), calm(&report.labels));
        let before = all.get(&identity).cloned();
        let Some(heard) = Alert::heard(before.clone(), report, now, calm) else {
            continue;
        };
        if before.as_ref() != Some(&heard) {
            changed.insert(identity.clone(), heard.clone());
            all.insert(identity, heard);
        }
    }
    changed
}

/// Where there are more than are kept: those that have been silent for longest.
fn too_many(all: &BTreeMap<String, Alert>) -> Vec<String> {
    let mut silent: Vec<_> = all
        .iter()
        .filter_map(|(identity, alert)| Some((alert.silent_since?, identity)))
        .collect();
    silent.sort_unstable();
    let beyond = all.len().saturating_sub(MOST);
    silent.into_iter().take(beyond).map(|(_, identity)| identity.clone()).collect()
}

fn known(row: &AnyRow) -> Result<Known, TableError> {
    let moment = |column: usize| instant(&row.try_get::<String, _>(column)?);
    let perhaps = |column: usize| tables::moment(row, column);
    Ok(Known {
        source: row.try_get(0)?,
        identity: row.try_get(1)?,
        alert: Alert {
            labels: serde_json::from_str(&row.try_get::<String, _>(2)?).map_err(TableError::decode)?,
            since: moment(3)?,
            began_at: moment(4)?,
            silent_since: perhaps(5)?,
            said_at: perhaps(6)?,
        },
    })
}
