//! All that the server has looked at in 400 days, for `cargo xtask bench`: `looks DATA COUNT` fills a data folder with the looks at the probes `probe-0`,
//! `probe-1`, …, one a minute, up to now, and prints the last month that is over.

use std::path::Path;

use anyhow::Context as _;
use domain::{
    watch::Look,
    words::{Outcome, ProbeId},
};
use jiff::{SignedDuration, Timestamp, ToSpan as _, tz::TimeZone};
use store::{
    Place,
    clock::{Clock as _, SystemClock},
};

const DAYS: i64 = 400;
const MINUTES_OF_A_DAY: i64 = 1_440;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let data = arguments.next().context("DATA is missing")?;
    let count: usize = arguments
        .next()
        .context("COUNT is missing")?
        .parse()
        .context("COUNT is no number")?;
    let now = SystemClock.now();
    let store = Place::folder(Path::new(&data)).open().await?;
    let begin = now - SignedDuration::from_hours(24 * DAYS);
    for day in 0..DAYS {
        for number in 0..count {
            let probe = ProbeId::parse(&format!("probe-{number}"))?;
            let looks: Vec<Look> = (0..MINUTES_OF_A_DAY)
                .map(|minute| look(&probe, begin + SignedDuration::from_mins(MINUTES_OF_A_DAY * day + minute)))
                .collect();
            store.probing.note(&looks).await?;
        }
    }
    store.journal.close().await;
    let month = now.to_zoned(TimeZone::UTC).date().first_of_month() - 1.day();
    println!("{}", month.strftime("%Y-%m"));
    Ok(())
}

/// Most answers are quick, some are slow, few fail.
fn look(probe: &ProbeId, at: Timestamp) -> Look {
    let turn = at.as_second() / 60;
    let outcome = match turn % 1_000 {
        0..5 => Outcome::Bad,
        5..30 => Outcome::Slow,
        _ => Outcome::Good,
    };
    let milliseconds = if outcome == Outcome::Good {
        40 + turn % 400
    } else {
        3_000 + turn % 4_000
    };
    Look {
        probe: probe.clone(),
        node: "node:8080".to_owned(),
        at,
        outcome,
        milliseconds: u32::try_from(milliseconds).unwrap_or(u32::MAX),
        failure: None,
        certificate_until: None,
    }
}
