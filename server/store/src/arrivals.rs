//! What was seen when it was last looked whether notices have arrived where people read.
//!
//! Measured, and no more than the last look: a portal's places are replaced with each.

use std::collections::{BTreeMap, BTreeSet};

use domain::words::{ObstacleKind, PlaceKind};
use jiff::{SignedDuration, Timestamp};
use sqlx::{Row, any::AnyRow};

use crate::tables::{TableError, Tables, instant, sortable};

/// For how long the last look at a portal is kept that is not looked at any more.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The table of arrivals.
#[derive(Clone, Debug)]
pub struct Arrivals(Tables);

/// What one look at a place has brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub kind: PlaceKind,
    /// Where it is, as a person would open it.
    pub address: String,
    /// Why it does not show what it is to show; `None`: nothing was in the way.
    pub obstacle: Option<Obstacle>,
    /// What it shows, in words that mean something to whoever looks.
    pub seen: BTreeSet<String>,
}

/// What was in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    pub kind: ObstacleKind,
    /// The address at which it was met: the page's, or that of something which the page leads to.
    pub at: String,
    /// More of it, for people; may be empty.
    pub detail: String,
}

/// A place as it was at the last look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub portal: String,
    pub kind: PlaceKind,
    pub address: String,
    pub looked_at: Timestamp,
    pub obstacle: Option<Obstacle>,
    /// What it shows, and at which look it was first seen there.
    pub seen: BTreeMap<String, Timestamp>,
}

const COLUMNS: &str = "portal, kind, address, looked_at, obstacle, met_at, detail, seen";

impl Arrivals {
    pub(crate) const fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// All places, by portal; the page first, then its mirrors.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&self) -> Result<Vec<Place>, TableError> {
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM arrival ORDER BY portal, address"));
        let rows = self.0.within(sqlx::query(query).fetch_all(&self.0.pool)).await?;
        let mut places = rows.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        places.sort_by(|a, b| (&a.portal, a.kind).cmp(&(&b.portal, b.kind)));
        Ok(places)
    }

    /// Notes a look at all places of a portal. What a place showed before and still shows has been there since then; places that were not
    /// looked at are no more.
    ///
    /// # Errors
    /// When the database fails. The look before it is then the last one.
    pub async fn note(&self, portal: &str, looks: &[Look], now: Timestamp) -> Result<(), TableError> {
        let mut change = self.0.begin().await?;
        let query = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM arrival WHERE portal = $1"));
        let rows = change.rows(sqlx::query(query).bind(portal)).await?;
        let before = rows.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let old = now.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
        let gone = sqlx::query("DELETE FROM arrival WHERE portal = $1 OR looked_at < $2");
        change.execute(gone.bind(portal).bind(sortable(old))).await?;
        for look in looks {
            let known = before.iter().find(|place| place.kind == look.kind && place.address == look.address);
            let since = |mark: &String| known.and_then(|place| place.seen.get(mark)).copied().unwrap_or(now);
            let seen: BTreeMap<&String, Timestamp> = look.seen.iter().map(|mark| (mark, since(mark))).collect();
            let seen = serde_json::to_string(&seen).map_err(TableError::decode)?;
            let obstacle = look.obstacle.as_ref();
            let row = sqlx::query(
                "INSERT INTO arrival (portal, kind, address, looked_at, obstacle, met_at, detail, seen)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (portal, kind, address) DO NOTHING",
            )
            .bind(portal)
            .bind(look.kind.word())
            .bind(look.address.as_str())
            .bind(sortable(now))
            .bind(obstacle.map(|met| met.kind.word()))
            .bind(obstacle.map(|met| met.at.as_str()))
            .bind(obstacle.map(|met| met.detail.as_str()))
            .bind(seen);
            change.execute(row).await?;
        }
        change.commit().await
    }
}

fn place(row: &AnyRow) -> Result<Place, TableError> {
    let (kind, looked_at): (String, String) = (row.try_get(1)?, row.try_get(3)?);
    let obstacle = match row.try_get::<Option<String>, _>(4)? {
        Some(kind) => Some(Obstacle {
            kind: kind.parse().map_err(TableError::decode)?,
            at: row.try_get::<Option<String>, _>(5)?.unwrap_or_default(),
            detail: row.try_get::<Option<String>, _>(6)?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(Place {
        portal: row.try_get(0)?,
        kind: kind.parse().map_err(TableError::decode)?,
        address: row.try_get(2)?,
        looked_at: instant(&looked_at)?,
        obstacle,
        seen: serde_json::from_str(&row.try_get::<String, _>(7)?).map_err(TableError::decode)?,
    })
}
