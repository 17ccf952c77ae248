//! The monitors of Uptime Kuma, as a backup of version 1 keeps them (`{"monitorList": […]}`) or its programming interface gives them (a list).

use std::collections::BTreeSet;

use domain::{
    catalogue::{DnsRecord, PAUSE_SECONDS, Probe},
    text::{Language, Localized},
    words::{ProbeId, ProbeKind},
};
use serde::Deserialize;
use serde_json::Value;

use crate::{found::Left, json::from_json};

/// What it calls a monitor, and the probe that this is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    pub name: String,
    pub probe: Probe,
    /// What is not here as it was there, as ends of sentences that begin with its name.
    pub remarks: Vec<String>,
}

/// What was found in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Monitors {
    pub found: Vec<Monitor>,
    pub left: Vec<Left>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    #[serde(rename_all = "camelCase")]
    Backup {
        monitor_list: Vec<Value>,
    },
    List(Vec<Value>),
}

/// A monitor. What another release adds is left alone; what it takes away is as if it had not been set.
#[derive(Deserialize)]
struct Given {
    id: u64,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    url: Option<String>,
    hostname: Option<String>,
    port: Option<u32>,
    method: Option<String>,
    interval: Option<f64>,
    timeout: Option<f64>,
    maxretries: Option<u32>,
    keyword: Option<String>,
    accepted_statuscodes: Option<Vec<String>>,
    dns_resolve_type: Option<String>,
    dns_resolve_server: Option<String>,
    /// A number in some releases, true or false in others, as all that is on or off.
    active: Option<Value>,
    #[serde(rename = "invertKeyword")]
    invert_keyword: Option<Value>,
    #[serde(rename = "upsideDown")]
    upside_down: Option<Value>,
    #[serde(rename = "ignoreTls")]
    ignore_tls: Option<Value>,
    #[serde(rename = "expiryNotification")]
    expiry_notification: Option<Value>,
    headers: Option<String>,
    basic_auth_user: Option<String>,
    #[serde(rename = "authMethod")]
    auth_method: Option<String>,
}

/// Reads a file. `language` is that in which the monitors have their names.
///
/// # Errors
/// What is wrong with the whole of it, as the end of a sentence that begins with its name.
pub fn monitors(bytes: &[u8], language: &Language) -> Result<Monitors, String> {
    let file: File = from_json(bytes, "list of monitors of Uptime Kuma")?;
    let (File::Backup { monitor_list: given } | File::List(given)) = file;
    let mut all = Monitors::default();
    let mut ids = BTreeSet::new();
    for (place, value) in given.into_iter().enumerate() {
        let called = value
            .get("name")
            .and_then(Value::as_str)
            .map_or_else(|| format!("number {}", place + 1), str::to_owned);
        // One that cannot be read keeps out no other.
        let one: Given = match serde_json::from_value(value) {
            Ok(one) => one,
            Err(error) => {
                all.left.push(Left::new(called, format!("cannot be read: {error}")));
                continue;
            }
        };
        let name = one.name.trim().to_owned();
        // Two of the same name are told apart by their numbers there, whichever comes first.
        let id = slug(&name)
            .filter(|slug| ids.insert(slug.clone()))
            .unwrap_or_else(|| format!("monitor-{}", one.id));
        match one.probe(&id, language) {
            Ok((probe, remarks)) => all.found.push(Monitor { name, probe, remarks }),
            Err(why) => all.left.push(Left::new(name, why)),
        }
    }
    Ok(all)
}

fn is_on(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.as_bool().unwrap_or_default() || value.as_u64().unwrap_or_default() != 0)
}

/// What is not empty.
fn said(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

impl Given {
    fn probe(&self, id: &str, language: &Language) -> Result<(Probe, Vec<String>), String> {
        self.expect_simple()?;
        let (kind, target) = self.target()?;
        let (status, record) = (self.status(kind)?, self.record(kind)?);
        let mut remarks = Vec::new();
        if is_on(self.ignore_tls.as_ref()) {
            remarks.push("takes any certificate there; here it has to hold".to_owned());
        }
        let (every_seconds, attempts, timeout_seconds) = self.pace(&mut remarks);
        let server = said(self.dns_resolve_server.as_ref()).filter(|_| kind == ProbeKind::Dns);
        let probe = Probe {
            id: ProbeId::parse(id).map_err(|error| error.to_string())?,
            name: Localized::default().with(language.clone(), self.name.trim()),
            service: None,
            kind,
            target,
            every_seconds,
            timeout_seconds,
            attempts,
            confirm: 1,
            slow_milliseconds: None,
            status,
            text: said(self.keyword.as_ref()).filter(|_| self.kind == "keyword").map(str::to_owned),
            leads_to: None,
            certificate_days: if is_on(self.expiry_notification.as_ref()) { 14 } else { 0 },
            record,
            // Of several the first is asked.
            server: server
                .and_then(|servers| servers.split(',').next())
                .map(|server| self.at_port(server.trim())),
        };
        Ok((probe, remarks))
    }

    /// What cannot be said here.
    fn expect_simple(&self) -> Result<(), String> {
        let refused = [
            (self.active.is_some() && !is_on(self.active.as_ref()), "is paused there"),
            (
                is_on(self.upside_down.as_ref()),
                "is upside down there: it is well when it does not answer",
            ),
            (is_on(self.invert_keyword.as_ref()), "is well there when a text is missing"),
            (
                said(self.method.as_ref()).is_some_and(|method| method != "GET") && self.kind != "port" && self.kind != "dns",
                "does not ask by GET",
            ),
            (
                said(self.headers.as_ref()).is_some()
                    || said(self.basic_auth_user.as_ref()).is_some()
                    || said(self.auth_method.as_ref()).is_some(),
                "sends headers or credentials, which probes do not",
            ),
        ];
        refused
            .iter()
            .find(|(is_so, _)| *is_so)
            .map_or(Ok(()), |(_, why)| Err((*why).to_owned()))
    }

    fn target(&self) -> Result<(ProbeKind, String), String> {
        let host = || said(self.hostname.as_ref()).ok_or_else(|| "names no host".to_owned());
        match self.kind.as_str() {
            "http" | "keyword" => {
                let url = said(self.url.as_ref()).ok_or("names no address")?;
                Ok((ProbeKind::Http, url.to_owned()))
            }
            "port" => {
                let port = self.port.ok_or("names no port")?;
                Ok((ProbeKind::Tcp, format!("{}:{port}", host()?)))
            }
            "dns" => Ok((ProbeKind::Dns, host()?.to_owned())),
            other => Err(format!(
                "is of the kind `{}`, which there is not here",
                other.chars().take(40).collect::<String>()
            )),
        }
    }

    /// The one status that is expected; `None`: any from 200 to 299.
    fn status(&self, kind: ProbeKind) -> Result<Option<u16>, String> {
        let accepted = self.accepted_statuscodes.as_deref().unwrap_or_default();
        match accepted {
            _ if kind != ProbeKind::Http => Ok(None),
            [] => Ok(None),
            [all] if all == "200-299" => Ok(None),
            [one] if one.parse::<u16>().is_ok() => Ok(one.parse().ok()),
            several => Err(format!(
                "accepts the answers {}, and a probe one of them or 200-299",
                several.join(", ")
            )),
        }
    }

    /// A name server, with the port at which it is asked where that is not the usual one.
    fn at_port(&self, server: &str) -> String {
        match (self.port.filter(|port| *port != 53), server.contains(':')) {
            (Some(port), false) => format!("{server}:{port}"),
            (Some(port), true) => format!("[{server}]:{port}"),
            (None, _) => server.to_owned(),
        }
    }

    fn record(&self, kind: ProbeKind) -> Result<DnsRecord, String> {
        match said(self.dns_resolve_type.as_ref()).filter(|_| kind == ProbeKind::Dns) {
            None => Ok(DnsRecord::A),
            Some(word) => serde_json::from_value(word.into())
                .map_err(|_| format!("asks for `{}`, which there is not here", word.chars().take(20).collect::<String>())),
        }
    }

    /// Every how many seconds, with how many attempts, each of how many seconds: as there, as far as all attempts end before the next look.
    fn pace(&self, remarks: &mut Vec<String>) -> (u32, u32, u32) {
        let whole = |seconds: Option<f64>, otherwise: u32| {
            let seconds = seconds
                .filter(|seconds| seconds.is_finite() && *seconds >= 1.0)
                .unwrap_or_else(|| f64::from(otherwise));
            format!("{:.0}", seconds.min(86_400.0)).parse::<u32>().unwrap_or(otherwise)
        };
        let asked = whole(self.interval, 60);
        let every = asked.clamp(10, 3_600);
        if every != asked {
            remarks.push(format!("is looked at every {asked} seconds there, and every {every} here"));
        }
        let wanted = whole(self.timeout, every * 4 / 5).clamp(1, 60);
        let asked = self.maxretries.unwrap_or_default().saturating_add(1);
        // As many attempts as have two seconds each.
        let room = (every + PAUSE_SECONDS) / (2 + PAUSE_SECONDS);
        let attempts = asked.clamp(1, room.clamp(1, 9));
        let timeout = wanted.min((every - PAUSE_SECONDS * (attempts - 1)) / attempts).max(1);
        if attempts != asked || timeout != wanted {
            remarks.push(format!(
                "waits {wanted} seconds for each of {asked} attempts there, and {timeout} for each of {attempts} here, where all of them end before the next look"
            ));
        }
        (every, attempts, timeout)
    }
}

/// A name as an id: in small letters, what is none of them as a hyphen.
fn slug(name: &str) -> Option<String> {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    let slug: String = slug.chars().take(64).collect();
    let slug = slug.trim_matches('-').to_owned();
    ProbeId::parse(&slug).is_ok().then_some(slug)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(monitors: Value) -> Monitors {
        let file = json!({"version": "1.23.16", "notificationList": [], "monitorList": monitors});
        super::monitors(file.to_string().as_bytes(), &Language::parse("de").unwrap()).unwrap()
    }

    fn monitor(more: Value) -> Value {
        let mut monitor = json!({
            "id": 3, "name": "Kfz: Startseite (öffentlich)", "type": "http", "url": "https://kfz.example/", "method": "GET", "interval": 60, "timeout": 48,
            "maxretries": 0, "active": 1, "accepted_statuscodes": ["200-299"], "upsideDown": false, "ignoreTls": false, "expiryNotification": true,
            "keyword": null, "headers": null, "basic_auth_user": null, "authMethod": null, "dns_resolve_type": "A", "dns_resolve_server": "1.1.1.1",
            "hostname": null, "port": null, "of_a_later_release": {"x": 1},
        });
        monitor.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        monitor
    }

    #[test]
    fn monitors_become_probes_that_may_be() {
        let all = read(json!([
            monitor(json!({})),
            monitor(json!({"id": 4, "type": "keyword", "keyword": "Willkommen", "interval": 20, "maxretries": 5, "expiryNotification": 0})),
            monitor(json!({"id": 5, "name": "SMTP", "type": "port", "hostname": "mail.example", "port": 25, "interval": 7200})),
            monitor(
                json!({"id": 6, "name": "Name", "type": "dns", "hostname": "kfz.example", "dns_resolve_type": "AAAA", "ignoreTls": true, "port": 5353})
            ),
            monitor(json!({"id": 7, "name": "Umzug", "accepted_statuscodes": ["301"]})),
        ]));
        assert!(all.left.is_empty(), "{:?}", all.left);
        let told: Vec<_> = all
            .found
            .iter()
            .map(|monitor| {
                let Probe {
                    id,
                    kind,
                    target,
                    every_seconds,
                    attempts,
                    timeout_seconds,
                    certificate_days,
                    ..
                } = &monitor.probe;
                (
                    id.to_string(),
                    kind.word(),
                    target.clone(),
                    *every_seconds,
                    *attempts,
                    *timeout_seconds,
                    *certificate_days,
                    monitor.remarks.len(),
                )
            })
            .collect();
        let expected = [
            ("kfz-startseite-oeffentlich", "http", "https://kfz.example/", 60, 1, 48, 14, 0),
            ("monitor-4", "http", "https://kfz.example/", 20, 5, 2, 0, 1),
            ("smtp", "tcp", "mail.example:25", 3_600, 1, 48, 14, 1),
            ("name", "dns", "kfz.example", 60, 1, 48, 14, 1),
            ("umzug", "http", "https://kfz.example/", 60, 1, 48, 14, 0),
        ];
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(id, kind, target, every, attempts, timeout, days, remarks)| {
                (id.to_owned(), kind, target.to_owned(), every, attempts, timeout, days, remarks)
            })
            .collect();
        assert_eq!(told, expected);
        let probes: Vec<&Probe> = all.found.iter().map(|monitor| &monitor.probe).collect();
        assert_eq!(probes[1].text.as_deref(), Some("Willkommen"));
        assert_eq!(
            (probes[3].record, probes[3].server.as_deref()),
            (DnsRecord::Aaaa, Some("1.1.1.1:5353"))
        );
        assert_eq!((probes[0].status, probes[4].status), (None, Some(301)));
        for probe in probes {
            let faults = domain::catalogue::probe_faults(&domain::catalogue::Catalogue::default(), probe);
            assert!(faults.into_result().is_ok(), "{}", probe.id);
        }
    }

    #[test]
    fn what_cannot_be_said_here_is_left_with_its_reason() {
        for (more, why) in [
            (json!({"type": "ping", "hostname": "a"}), "is of the kind `ping`"),
            (json!({"active": 0}), "is paused there"),
            (json!({"upsideDown": true}), "upside down"),
            (json!({"invertKeyword": 1}), "when a text is missing"),
            (json!({"method": "POST"}), "does not ask by GET"),
            (json!({"basic_auth_user": "kuma"}), "credentials"),
            (
                json!({"accepted_statuscodes": ["200-299", "401"]}),
                "accepts the answers 200-299, 401",
            ),
            (
                json!({"type": "dns", "hostname": "a.example", "dns_resolve_type": "SRV"}),
                "asks for `SRV`",
            ),
            (json!({"type": "port", "hostname": "a.example"}), "names no port"),
            (json!({"url": ""}), "names no address"),
            (json!({"port": ""}), "cannot be read: invalid type"),
        ] {
            let all = read(json!([monitor(more.clone())]));
            assert!(all.found.is_empty() && all.left[0].why.contains(why), "{more} {all:?}");
        }
        let german = Language::parse("de").unwrap();
        assert!(super::monitors(b"[]", &german).unwrap().found.is_empty());
        assert!(
            super::monitors(b"{\"monitors\": 1}", &german)
                .unwrap_err()
                .contains("no list of monitors")
        );
    }
}
