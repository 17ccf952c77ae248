//! What the server looks at itself: when it is looked at, and what fires by what was found.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::{SignedDuration, Timestamp};

use super::alert::Report;
use crate::{
    catalogue::{Labels, Probe},
    words::{Outcome, ProbeId},
};

/// One look of one server at a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub probe: ProbeId,
    /// The server that looked.
    pub node: String,
    /// When it began to.
    pub at: Timestamp,
    pub outcome: Outcome,
    /// How long the answer took, or how long it was waited for.
    pub milliseconds: u32,
    /// Why it failed, in a few words.
    pub failure: Option<String>,
    /// When the certificate ends that was shown.
    pub certificate_until: Option<Timestamp>,
}

/// What one server found when it looked last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub last: Look,
    /// Since when each look of this server has come out so.
    pub since: Timestamp,
}

/// The source of all that fires because the server has looked.
pub const PROBES: &str = "probe";

/// When a server looks next, after an instant. Each looks once in each span of time that is as long as from one look to the next, at a place in it that is
/// its own, a little earlier or later each time: no two begin together, and nothing that happens every full minute is met or missed each time.
pub fn due(probe: &Probe, node: &str, after: Timestamp) -> Timestamp {
    let every = probe.every().as_millis().max(1);
    let span = after.as_millisecond().div_euclid(i64::try_from(every).unwrap_or(i64::MAX));
    let at = |span: i64| {
        let own = part_of(every * 4 / 5, &(probe.id.as_str(), node));
        let this_time = part_of(every / 5, &(probe.id.as_str(), node, span));
        let instant = i128::from(span) * every + own + this_time;
        i64::try_from(instant).map_or(Timestamp::MAX, |instant| {
            Timestamp::from_millisecond(instant).unwrap_or(Timestamp::MAX)
        })
    };
    let own = at(span);
    if own > after { own } else { at(span.saturating_add(1)) }
}

/// A part of a length, the same for the same thing.
fn part_of(length: i128, thing: &impl Hash) -> i128 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    i128::from(hasher.finish()).checked_rem(length).unwrap_or_default()
}

/// The clocks of several servers agree within this.
const SLACK: SignedDuration = SignedDuration::from_mins(1);

/// What fires of a probe by what was found lately: all of it. That it fails counts once as many servers say so as are asked to agree, or as look at it.
/// `None`: nobody has looked lately, and nothing is known.
pub fn firing(probe: &Probe, findings: &[Finding], now: Timestamp) -> Option<Vec<Report>> {
    // A server that does not look any more has no say, and neither has one whose clock is wrong.
    let oldest = now.saturating_sub(probe.every() * 2 + SLACK).unwrap_or(Timestamp::MIN);
    let latest = now.saturating_add(SLACK).unwrap_or(Timestamp::MAX);
    let is_fresh = |finding: &&Finding| finding.last.probe == probe.id && (oldest..=latest).contains(&finding.last.at);
    let fresh: Vec<&Finding> = findings.iter().filter(is_fresh).collect();
    let needed = usize::try_from(probe.confirm).unwrap_or(usize::MAX).min(fresh.len());
    // Since enough of them have agreed.
    let agreed = |least: Outcome| {
        let since = fresh
            .iter()
            .filter(|finding| finding.last.outcome >= least)
            .map(|finding| finding.since);
        let mut since: Vec<_> = since.collect();
        since.sort_unstable();
        since.get(needed.checked_sub(1)?).copied()
    };
    let down = agreed(Outcome::Bad);
    let slow = agreed(Outcome::Slow).filter(|_| down.is_none());
    let lasts = SignedDuration::from_hours(24 * i64::from(probe.certificate_days));
    let ends = |finding: &&&Finding| {
        let until = finding.last.certificate_until;
        until.is_some_and(|until| until.duration_since(finding.last.at) < lasts)
    };
    let ending = fresh.iter().find(ends).map(|finding| finding.last.at);
    let states = [("down", down), ("slow", slow), ("certificate", ending)];
    let reports = states.into_iter().filter_map(|(state, since)| Some(report(probe, state, since?)));
    (!fresh.is_empty()).then(|| reports.collect())
}

fn report(probe: &Probe, state: &str, since: Timestamp) -> Report {
    let mut labels: Labels = [
        ("source", PROBES),
        ("probe", probe.id.as_str()),
        ("kind", probe.kind.word()),
        ("state", state),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    labels.extend(probe.service.as_ref().map(|service| ("service".to_owned(), service.to_string())));
    Report {
        identity: format!("{} {state}", probe.id),
        labels,
        fires: true,
        // A certificate that is about to end has not failed at some moment.
        began_at: (state != "certificate").then_some(since),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn probe(more: Value) -> Probe {
        let mut probe =
            json!({"id": "kfz", "name": {"de": "Kfz"}, "kind": "http", "target": "https://kfz.example/", "service": "kfz-zulassung"});
        probe.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(probe).unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        "2026-05-04T08:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
    }

    fn finding(node: &str, seconds: i64, outcome: Outcome) -> Finding {
        let last = Look {
            probe: ProbeId::parse("kfz").unwrap(),
            node: node.to_owned(),
            at: at(seconds),
            outcome,
            milliseconds: 7,
            failure: None,
            certificate_until: None,
        };
        Finding {
            last,
            since: at(seconds - 30),
        }
    }

    #[test]
    fn each_server_looks_once_in_each_span_at_a_place_of_its_own() {
        let probe = probe(json!({"every_seconds": 60}));
        let mut gaps = Vec::new();
        let mut last = due(&probe, "a", at(0));
        for minute in 1..=500 {
            let next = due(&probe, "a", last);
            assert_eq!(
                next,
                due(&probe, "a", next - SignedDuration::from_millis(1)),
                "however late it is asked"
            );
            assert!((at(60 * minute)..at(60 * (minute + 1))).contains(&next), "{next}");
            gaps.push(next.duration_since(last).as_millis());
            last = next;
        }
        let (shortest, longest) = (gaps.iter().min().unwrap(), gaps.iter().max().unwrap());
        assert!(*shortest >= 48_000 && *longest <= 72_000, "{shortest} to {longest}");
        assert!(longest - shortest > 10_000, "it is a little earlier or later each time");
        assert_ne!(due(&probe, "a", at(0)), due(&probe, "b", at(0)));
    }

    #[test]
    fn what_fires_is_what_enough_servers_say() {
        use Outcome::{Bad, Good, Slow};
        let states = |confirm: u32, findings: &[Finding], now: i64| {
            let fires = firing(&probe(json!({"confirm": confirm})), findings, at(now))?;
            let states: Vec<_> = fires.iter().map(|report| report.labels["state"].clone()).collect();
            Some(states.join(" "))
        };
        for (confirm, findings, now, expected) in [
            (1, vec![], 9, None),
            (1, vec![finding("a", 0, Good)], 9, Some("")),
            (1, vec![finding("a", 0, Bad)], 9, Some("down")),
            (1, vec![finding("a", 0, Slow)], 9, Some("slow")),
            (2, vec![finding("a", 0, Bad)], 9, Some("down")),
            (2, vec![finding("a", 0, Bad), finding("b", 5, Good)], 9, Some("")),
            (2, vec![finding("a", 0, Bad), finding("b", 5, Slow)], 9, Some("slow")),
            (
                2,
                vec![finding("a", 0, Bad), finding("b", 5, Bad), finding("c", 9, Good)],
                9,
                Some("down"),
            ),
            // One that has not looked for three minutes says nothing any more, and one that will have looked says nothing yet.
            (2, vec![finding("a", 181, Bad), finding("b", 0, Good)], 181, Some("down")),
            (1, vec![finding("a", 0, Bad), finding("b", 181, Good)], 181, Some("")),
            (1, vec![finding("a", 0, Bad)], 180, Some("down")),
            (1, vec![finding("a", 0, Bad)], 181, None),
            (2, vec![finding("a", 0, Bad), finding("b", 3_600, Good)], 9, Some("down")),
        ] {
            assert_eq!(states(confirm, &findings, now).as_deref(), expected, "{confirm} {findings:?}");
        }
        let began = |confirm: u32| {
            let both = [finding("a", 0, Bad), finding("b", -20, Bad)];
            firing(&probe(json!({"confirm": confirm})), &both, at(9)).unwrap()[0].clone()
        };
        assert_eq!(began(1).began_at, Some(at(-50)), "since the first of them saw it");
        assert_eq!(began(2).began_at, Some(at(-30)), "since both did");
        let report = began(1);
        let labels = [
            ("kind", "http"),
            ("probe", "kfz"),
            ("service", "kfz-zulassung"),
            ("source", "probe"),
            ("state", "down"),
        ];
        let labels: Labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(report.labels, labels);
    }

    #[test]
    fn a_certificate_is_told_of_before_it_ends() {
        let with = |days: u32, left: i64| {
            let mut found = finding("a", 0, Outcome::Good);
            found.last.certificate_until = Some(at(86_400 * left));
            firing(&probe(json!({"certificate_days": days})), &[found], at(9)).map(|fires| fires.len())
        };
        assert_eq!((with(14, 14), with(14, 13), with(0, 1)), (Some(0), Some(1), Some(0)));
    }
}
