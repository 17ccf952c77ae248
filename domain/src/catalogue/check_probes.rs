//! What is wrong with the probes of a catalogue.

use std::net::{IpAddr, SocketAddr};

use super::{
    model::Catalogue,
    names::{Known, check_name},
    probe::Probe,
};
use crate::{
    text::{Shape, link::check_link, rules::check_text},
    words::{Code, Faults, ProbeKind},
};

/// A server looks no more often, and no less often, than every so many seconds.
const EVERY: std::ops::RangeInclusive<u32> = 10..=3_600;

/// Nobody waits longer for an answer, in seconds.
const LONGEST_SECONDS: u32 = 60;

/// Attempts of one look, and servers that have to agree.
const MOST: u32 = 9;

/// Certificates last no longer, in days (CA/Browser Forum, Baseline Requirements 6.3.2).
const LONGEST_DAYS: u32 = 398;

/// The longest name of a host (RFC 1035, 2.3.4).
const LONGEST_NAME: usize = 253;

/// What is wrong with the probes of a catalogue.
pub(super) fn check_probes(catalogue: &Catalogue, known: &Known<'_>, faults: &mut Faults) {
    for (i, probe) in catalogue.probes.iter().enumerate() {
        check_probe(probe, known, &format!("/probe/{i}"), faults);
    }
}

/// What is wrong with what is to be a probe, with its own pointers.
pub fn probe_faults(catalogue: &Catalogue, probe: &Probe) -> Faults {
    let mut faults = Faults::default();
    check_probe(probe, &Known::of(catalogue), "", &mut faults);
    faults
}

fn check_probe(probe: &Probe, known: &Known<'_>, at: &str, faults: &mut Faults) {
    check_name(&probe.name, &format!("{at}/name"), faults);
    if let Some(service) = probe.service.as_ref().filter(|service| !known.services.contains(service.as_str())) {
        let detail = format!("names the service `{service}`, which the catalogue does not have");
        faults.add(format!("{at}/service"), Code::NotInCatalogue, detail);
    }
    check_target(probe, &format!("{at}/target"), faults);
    check_times(probe, at, faults);
    check_expected(probe, at, faults);
}

fn check_target(probe: &Probe, at: &str, faults: &mut Faults) {
    let target = probe.target.as_str();
    let fault = match probe.kind {
        ProbeKind::Http if is_web(target) => return check_link(target, at, faults),
        ProbeKind::Http => "is no address of the web; write it as `https://host.example/path`",
        ProbeKind::Tcp | ProbeKind::Tls if host_and_port(target).is_none() => "names no host with its port; write it as `host.example:443`",
        ProbeKind::Dns if !is_name(target) => "is no name of a host; write it as `host.example`",
        ProbeKind::Tcp | ProbeKind::Tls | ProbeKind::Dns => return,
    };
    faults.add(at, Code::Malformed, fault);
}

fn is_web(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

/// The host and the port that a target of [`ProbeKind::Tcp`] or [`ProbeKind::Tls`] names; `None`: it names none.
pub fn host_and_port(target: &str) -> Option<(&str, u16)> {
    let (host, port) = target.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port > 0)?;
    let literal = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match literal {
        Some(literal) => literal.parse::<std::net::Ipv6Addr>().ok().map(|_| (literal, port)),
        None => is_name(host).then_some((host, port)),
    }
}

fn is_name(name: &str) -> bool {
    let is_label =
        |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    name.len() <= LONGEST_NAME && name.strip_suffix('.').unwrap_or(name).split('.').all(is_label)
}

/// The address at which a name server is asked, by default at port 53.
pub fn name_server(given: &str) -> Option<SocketAddr> {
    const PORT: u16 = 53;
    given
        .parse()
        .ok()
        .or_else(|| Some(SocketAddr::new(given.parse::<IpAddr>().ok()?, PORT)))
}

fn check_times(probe: &Probe, at: &str, faults: &mut Faults) {
    let mut within = |name: &str, value: u32, range: std::ops::RangeInclusive<u32>| {
        let is_within = range.contains(&value);
        if !is_within {
            let detail = format!("is not from {} to {}", range.start(), range.end());
            faults.add(format!("{at}/{name}"), Code::OutOfRange, detail);
        }
        is_within
    };
    let are_within = [
        within("every_seconds", probe.every_seconds, EVERY),
        within("timeout_seconds", probe.timeout_seconds, 1..=LONGEST_SECONDS),
        within("attempts", probe.attempts, 1..=MOST),
    ];
    within("confirm", probe.confirm, 1..=MOST);
    within("certificate_days", probe.certificate_days, 0..=LONGEST_DAYS);
    let longest = probe.longest_seconds();
    if are_within == [true; 3] && longest > probe.every_seconds {
        let detail = format!(
            "makes a look last up to {longest} seconds, with its attempts, and the next one begins after {}",
            probe.every_seconds
        );
        faults.add(format!("{at}/timeout_seconds"), Code::OutOfRange, detail);
    }
    if let Some(slow) = probe.slow_milliseconds
        && !(1..=probe.timeout_seconds.saturating_mul(1_000)).contains(&slow)
    {
        let detail = "is not from 1 to as long as an answer is waited for";
        faults.add(format!("{at}/slow_milliseconds"), Code::OutOfRange, detail);
    }
}

fn check_expected(probe: &Probe, at: &str, faults: &mut Faults) {
    let mut only_with = |name: &str, is_given: bool, kinds: &[ProbeKind]| {
        if is_given && !kinds.contains(&probe.kind) {
            let words: Vec<_> = kinds.iter().map(|kind| format!("`{}`", kind.word())).collect();
            let detail = format!("goes with the kind {} only", words.join(" or "));
            faults.add(format!("{at}/{name}"), Code::Malformed, detail);
        }
    };
    only_with("status", probe.status.is_some(), &[ProbeKind::Http]);
    only_with("leads_to", probe.leads_to.is_some(), &[ProbeKind::Http]);
    only_with("text", probe.text.is_some(), &[ProbeKind::Http, ProbeKind::Dns]);
    only_with("server", probe.server.is_some(), &[ProbeKind::Dns]);
    if probe.status.is_some_and(|status| !(100..=599).contains(&status)) {
        faults.add(format!("{at}/status"), Code::OutOfRange, "is not from 100 to 599");
    }
    if let Some(text) = &probe.text {
        check_text(text, &format!("{at}/text"), Shape::Line, faults);
    }
    if let Some(address) = &probe.leads_to {
        check_link(address, &format!("{at}/leads_to"), faults);
    }
    if probe.server.as_deref().is_some_and(|server| name_server(server).is_none()) {
        let detail = "is no address; write it as `192.0.2.53` or `192.0.2.53:5353`";
        faults.add(format!("{at}/server"), Code::Malformed, detail);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn faults(more: Value) -> Vec<(String, Code)> {
        let mut probe = json!({"id": "kfz", "name": {"de": "Kfz"}, "kind": "http", "target": "https://kfz.example/"});
        probe.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let catalogue = Catalogue {
            probes: vec![serde_json::from_value(probe).unwrap()],
            ..Catalogue::default()
        };
        let mut faults = Faults::default();
        check_probes(&catalogue, &Known::of(&catalogue), &mut faults);
        faults.into_vec().into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn what_cannot_be_looked_at_is_refused_where_it_stands() {
        let (malformed, out_of_range) = (Code::Malformed, Code::OutOfRange);
        for (more, expected) in [
            (json!({}), vec![]),
            (json!({"target": "http://10.0.0.7:8080/health"}), vec![]),
            (json!({"target": "ftp://kfz.example/"}), vec![("target", malformed)]),
            (
                json!({"target": "https://somebody:secret@kfz.example/"}),
                vec![("target", Code::Link)],
            ),
            (json!({"service": "kfz"}), vec![("service", Code::NotInCatalogue)]),
            (json!({"every_seconds": 9}), vec![("every_seconds", out_of_range)]),
            (json!({"every_seconds": 3_601}), vec![("every_seconds", out_of_range)]),
            (
                json!({"every_seconds": 20, "timeout_seconds": 10}),
                vec![("timeout_seconds", out_of_range)],
            ),
            (json!({"every_seconds": 22, "timeout_seconds": 10}), vec![]),
            (json!({"attempts": 0}), vec![("attempts", out_of_range)]),
            (json!({"confirm": 10}), vec![("confirm", out_of_range)]),
            (json!({"certificate_days": 399}), vec![("certificate_days", out_of_range)]),
            (json!({"slow_milliseconds": 10_001}), vec![("slow_milliseconds", out_of_range)]),
            (json!({"status": 99}), vec![("status", out_of_range)]),
            (json!({"text": "a\nb"}), vec![("text", Code::LineBreak)]),
            (json!({"leads_to": "javascript:alert(1)"}), vec![("leads_to", Code::Link)]),
            (json!({"server": "192.0.2.53"}), vec![("server", malformed)]),
            (json!({"kind": "tcp", "target": "kfz.example"}), vec![("target", malformed)]),
            (json!({"kind": "tcp", "target": "kfz.example:0"}), vec![("target", malformed)]),
            (json!({"kind": "tcp", "target": "[2001:db8::7]:25"}), vec![]),
            (
                json!({"kind": "tls", "target": "kfz.example:443", "status": 200}),
                vec![("status", malformed)],
            ),
            (
                json!({"kind": "dns", "target": "kfz.example", "text": "192.0.2.1", "server": "192.0.2.53"}),
                vec![],
            ),
            (
                json!({"kind": "dns", "target": "kfz example", "server": "ns.example"}),
                vec![("target", malformed), ("server", malformed)],
            ),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(name, code)| (format!("/probe/0/{name}"), code))
                .collect();
            assert_eq!(faults(more.clone()), expected, "{more}");
        }
    }

    #[test]
    fn hosts_and_servers_are_found() {
        assert_eq!(host_and_port("kfz.example:8443"), Some(("kfz.example", 8_443)));
        assert_eq!(host_and_port("[::1]:25"), Some(("::1", 25)));
        assert_eq!(host_and_port("::1:25"), None);
        assert_eq!(name_server("192.0.2.53"), "192.0.2.53:53".parse().ok());
        assert_eq!(name_server("[2001:db8::53]:5353"), "[2001:db8::53]:5353".parse().ok());
    }
}
