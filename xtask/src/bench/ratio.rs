//! Two servers side by side: a machine that swings hits both alike when rounds are short and their order is shuffled.

use std::hash::{BuildHasher, Hasher, RandomState};

use anyhow::{Result, ensure};

use super::http;
use super::server::Server;

const ROUNDS: usize = 24;
/// In one turn, of which each server has two a round: enough for dozens of ticks of CPU time.
const REQUESTS: usize = 32_000;
const WARM_UP: usize = 8_000;

pub(super) struct Compared {
    /// The median of the ratios of the rounds.
    pub(super) ratio: f64,
    pub(super) ours_micros: f64,
    pub(super) theirs_micros: f64,
    pub(super) rounds: usize,
}

/// CPU time per request of `ours` against `theirs`, both under the same load, taking turns in each round.
pub(super) fn of_cpu_time(ours: &Server, theirs: &Server, request: impl Fn(&Server) -> Vec<u8>) -> Result<Compared> {
    let micros = |server: &Server, count: usize| -> Result<f64> {
        let before = server.cpu_time()?;
        http::load(server.address, &request(server), count)?;
        Ok((server.cpu_time()? - before).as_secs_f64() * 1e6 / count as f64)
    };
    micros(ours, WARM_UP)?;
    micros(theirs, WARM_UP)?;
    let (mut ratios, mut our_times, mut their_times) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // One, the other, the other, the one: what swings slowly takes the same from both.
        let turns = if coin() {
            [true, false, false, true]
        } else {
            [false, true, true, false]
        };
        let (mut our_time, mut their_time) = (0.0, 0.0);
        for our_turn in turns {
            if our_turn {
                our_time += micros(ours, REQUESTS)? / 2.0;
            } else {
                their_time += micros(theirs, REQUESTS)? / 2.0;
            }
        }
        ensure!(their_time > 0.0, "the system does not count the CPU time of the bare server");
        ratios.push(our_time / their_time);
        our_times.push(our_time);
        their_times.push(their_time);
    }
    Ok(Compared {
        ratio: median(ratios),
        ours_micros: median(our_times),
        theirs_micros: median(their_times),
        rounds: ROUNDS,
    })
}

/// True or false by chance: every `RandomState` has another seed.
fn coin() -> bool {
    RandomState::new().build_hasher().finish().is_multiple_of(2)
}

/// The same items in an order left to chance.
pub(super) fn shuffled<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut keyed: Vec<(u64, T)> = items
        .into_iter()
        .map(|item| (RandomState::new().build_hasher().finish(), item))
        .collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, item)| item).collect()
}

pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 100.0]), 3.0);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn a_shuffle_keeps_everything_and_changes_the_order() {
        let orders: std::collections::HashSet<Vec<u8>> = (0..50).map(|_| shuffled(0..4)).collect();
        assert!(orders.len() > 1);
        for mut order in orders {
            order.sort_unstable();
            assert_eq!(order, [0, 1, 2, 3]);
        }
    }

    #[test]
    fn the_coin_falls_on_both_sides() {
        let heads = (0..200).filter(|_| coin()).count();
        assert!((1..200).contains(&heads));
    }
}
