//! What was found where the server itself has looked: the last look of each node, and all looks of 400 days.

use std::collections::BTreeMap;

use domain::{
    watch::{Finding, Look, Sample, Span},
    words::ProbeId,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use sqlx::{Row, any::AnyRow};

use crate::{
    packed::{self, Packed, day},
    tables::{Change, TableError, Tables, instant, sortable},
};

/// For so many days looks are kept: a year, and the month in which it is reported.
pub const KEPT_DAYS: i64 = 400;

/// The last look is kept for so long where nobody looks any more.
const LAST_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The tables of what was looked at.
#[derive(Clone, Debug)]
pub struct Probing(Tables);

const COLUMNS: &str = "probe, node, looked_at, outcome, since, milliseconds, failure, certificate_until";

impl Probing {
    pub(crate) const fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// What was found last, by probe and node.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn findings(&self) -> Result<Vec<Finding>, TableError> {
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM finding ORDER BY probe, node"));
        let rows = self.0.within(sqlx::query(query).fetch_all(&self.0.pool)).await?;
        rows.iter().map(finding).collect()
    }

    /// Notes looks, all of them or none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note(&self, looks: &[Look]) -> Result<(), TableError> {
        let mut change = self.0.begin().await?;
        let mut own: BTreeMap<(&ProbeId, &str), Vec<&Look>> = BTreeMap::new();
        for look in looks {
            own.entry((&look.probe, look.node.as_str())).or_default().push(look);
        }
        for looks in own.values() {
            note_last(&mut change, looks).await?;
        }
        let mut days: BTreeMap<(&ProbeId, Date, &str), Vec<Sample>> = BTreeMap::new();
        for look in looks {
            let sample = Sample {
                at: look.at,
                outcome: look.outcome,
                milliseconds: look.milliseconds,
            };
            days.entry((&look.probe, day(look.at), look.node.as_str()))
                .or_default()
                .push(sample);
        }
        for ((probe, day, node), samples) in days {
            let place = place(probe, day, node);
            let known = sqlx::query_scalar("SELECT packed FROM sample WHERE place = $1").bind(place.as_str());
            let known: Option<Vec<u8>> = change.all(known).await?.pop();
            let mut packed = known.map_or_else(|| Ok(Packed::new(day)), |bytes| Packed::read(day, bytes))?;
            samples.into_iter().for_each(|sample| packed.push(sample));
            let row = sqlx::query(
                "INSERT INTO sample (place, day, packed) VALUES ($1, $2, $3) ON CONFLICT (place) DO UPDATE SET packed = excluded.packed",
            );
            let row = row.bind(place.as_str()).bind(day.to_string()).bind(packed.into_bytes());
            change.execute(row).await?;
        }
        change.commit().await
    }

    /// All looks at a probe in a span of time, by whichever node, to the second.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn samples(&self, probe: &ProbeId, (from, to): Span) -> Result<Vec<Sample>, TableError> {
        let query = sqlx::query("SELECT day, packed FROM sample WHERE place >= $1 AND place < $2 ORDER BY place");
        let behind = day(to).tomorrow().unwrap_or(Date::MAX);
        let query = query.bind(place(probe, day(from), "")).bind(place(probe, behind, ""));
        let rows = self.0.within(query.fetch_all(&self.0.pool)).await?;
        let mut all = Vec::new();
        for row in &rows {
            let day: Date = row.try_get::<String, _>(0)?.parse().map_err(TableError::decode)?;
            all.extend(packed::samples(day, &row.try_get::<Vec<u8>, _>(1)?)?);
        }
        all.retain(|sample| from <= sample.at && sample.at < to);
        Ok(all)
    }

    /// Forgets what is older than is kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, now: Timestamp) -> Result<(), TableError> {
        let first = day(now
            .saturating_sub(SignedDuration::from_hours(24 * KEPT_DAYS))
            .unwrap_or(Timestamp::MIN));
        let last = now.saturating_sub(LAST_KEPT).unwrap_or(Timestamp::MIN);
        let mut change = self.0.begin().await?;
        let old = sqlx::query("DELETE FROM sample WHERE day < $1").bind(first.to_string());
        change.execute(old).await?;
        let gone = sqlx::query("DELETE FROM finding WHERE looked_at < $1").bind(sortable(last));
        change.execute(gone).await?;
        change.commit().await
    }
}

/// Under what the looks of a day are kept: in the order of days for each probe. No id has a blank in it.
fn place(probe: &ProbeId, day: Date, node: &str) -> String {
    format!("{probe} {day} {node}")
}

/// Notes the last of the looks of one node at one probe, and since when they have come out so.
async fn note_last(change: &mut Change, looks: &[&Look]) -> Result<(), TableError> {
    let Some(look) = looks.last() else { return Ok(()) };
    let alike = looks.iter().rev().take_while(|one| one.outcome == look.outcome);
    let (count, first) = alike.fold((0, look), |(count, _), one| (count + 1, one));
    let row = sqlx::query(
        "INSERT INTO finding (probe, node, looked_at, outcome, since, milliseconds, failure, certificate_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (probe, node) DO UPDATE SET
         since = CASE WHEN $9 = 1 AND finding.outcome = excluded.outcome THEN finding.since ELSE excluded.since END,
         looked_at = excluded.looked_at, outcome = excluded.outcome, milliseconds = excluded.milliseconds, failure = excluded.failure,
         certificate_until = CASE WHEN excluded.outcome = 'bad' THEN coalesce(excluded.certificate_until, finding.certificate_until)
         ELSE excluded.certificate_until END",
    )
    .bind(look.probe.as_str())
    .bind(look.node.as_str())
    .bind(sortable(look.at))
    .bind(look.outcome.word())
    .bind(sortable(first.at))
    .bind(i64::from(look.milliseconds))
    .bind(look.failure.as_deref())
    .bind(look.certificate_until.map(sortable))
    // All of them have: then it may have been so before.
    .bind(i64::from(count == looks.len()));
    change.execute(row).await?;
    Ok(())
}

fn finding(row: &AnyRow) -> Result<Finding, TableError> {
    let text = |column: usize| row.try_get::<String, _>(column);
    let until: Option<String> = row.try_get(7)?;
    let last = Look {
        probe: ProbeId::parse(&text(0)?).map_err(TableError::decode)?,
        node: text(1)?,
        at: instant(&text(2)?)?,
        outcome: text(3)?.parse().map_err(|reason: String| TableError::decode(reason))?,
        milliseconds: u32::try_from(row.try_get::<i64, _>(5)?).map_err(TableError::decode)?,
        failure: row.try_get(6)?,
        certificate_until: until.as_deref().map(instant).transpose()?,
    };
    Ok(Finding {
        last,
        since: instant(&text(4)?)?,
    })
}
