//! What an Alertmanager is asked, over its API, version 2.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use axum::body::Body;
use domain::{catalogue::Rule, words::SourceId};
use http_body_util::{BodyExt, Limited};
use hyper::{
    Method, Request,
    header::{CONTENT_TYPE, USER_AGENT},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{sync::OnceCell, time::timeout};

use crate::reactors::{Client, Connections, Network, client, reasons};

/// For how long one answer is waited for, all of it included.
const PATIENCE: Duration = Duration::from_secs(8);

/// All silences that there are, ended ones included, are not larger.
const LARGEST: usize = 16 * 1024 * 1024;

/// What every alert of a source has here, and none has there.
const SOURCE: &str = "source";

/// What a silence is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// By which it is known again: the work, the rule and the source.
    pub(super) key: String,
    /// What people there read behind the key.
    pub(super) comment: String,
    pub(super) matchers: Vec<Matcher>,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

/// Which alerts a silence is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Matcher {
    name: String,
    value: String,
    is_regex: bool,
    /// Old releases have no other.
    #[serde(default = "yes")]
    is_equal: bool,
}

const fn yes() -> bool {
    true
}

/// A silence as it is set there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    id: String,
    matchers: Vec<Matcher>,
    starts_at: Timestamp,
    ends_at: Timestamp,
    comment: String,
    status: Status,
}

impl Found {
    /// By what it is known again.
    fn key(&self) -> &str {
        self.comment.split(": ").next().unwrap_or_default()
    }
}

#[derive(Debug, Deserialize)]
struct Status {
    state: String,
}

/// A silence as it is to be set.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct New<'a> {
    matchers: &'a [Matcher],
    starts_at: Timestamp,
    ends_at: Timestamp,
    created_by: &'a str,
    comment: String,
}

/// The alerts of a source that a rule is about, as Alertmanager has it. `None`: the rule is about none of this source, or about all of them, which is
/// more than anybody can mean.
pub(super) fn matchers(rule: &Rule, source: &SourceId) -> Option<Vec<Matcher>> {
    let of_source = |text: &str| text == source.as_str();
    let mut matchers = Vec::new();
    for matcher in &rule.matchers {
        let (value, is_beginning) = matcher.value();
        if matcher.label() == SOURCE {
            let is_it = if is_beginning {
                source.as_str().starts_with(value)
            } else {
                of_source(value)
            };
            if is_it != matcher.is_equal() {
                return None;
            }
            continue;
        }
        matchers.push(Matcher {
            name: matcher.label().to_owned(),
            value: if is_beginning {
                format!("{}.*", literally(value))
            } else {
                value.to_owned()
            },
            is_regex: is_beginning,
            is_equal: matcher.is_equal(),
        });
    }
    matchers.sort();
    // It refuses a silence that would hold for alerts that have none of these labels.
    let is_about_something = matchers
        .iter()
        .any(|matcher| matcher.is_equal && !matcher.value.is_empty() && (!matcher.is_regex || matcher.value != ".*"));
    is_about_something.then_some(matchers)
}

/// A text as a regular expression that is nothing but it.
fn literally(text: &str) -> String {
    let escaped = text.chars().flat_map(|c| {
        let is_plain = c.is_alphanumeric() || c == '_' || !c.is_ascii();
        (!is_plain).then_some('\\').into_iter().chain([c])
    });
    escaped.collect()
}

/// Speaks to Alertmanagers.
pub(super) struct Alertmanager {
    network: Network,
    client: OnceCell<Client>,
    /// Whose the silences are that are set here; those of others are left alone.
    author: String,
}

impl Alertmanager {
    pub(super) fn new(network: Network, author: String) -> Self {
        Self {
            network,
            client: OnceCell::new(),
            author,
        }
    }

    /// Has exactly these be set, of ours for this source. What can be done is done, also where something else cannot.
    ///
    /// # Errors
    /// When it does not answer, or not so: the first trouble, in words.
    pub(super) async fn set(&self, address: &str, source: &SourceId, wanted: &[Wanted], now: Timestamp) -> Result<(), String> {
        let base = format!("{}/api/v2", address.trim_end_matches('/'));
        let all = self.ask(Method::GET, &format!("{base}/silences"), Vec::new()).await?;
        let found = self.ours(&all, source)?;
        let mut wanted: BTreeMap<&str, &Wanted> = wanted.iter().map(|one| (one.key.as_str(), one)).collect();
        // What is as it is to be stays; of two that are the same, the first.
        let mut over = Vec::new();
        for silence in &found {
            if wanted.get(silence.key()).is_some_and(|one| is_as(silence, one, now)) {
                wanted.remove(silence.key());
            } else {
                over.push(silence);
            }
        }
        // First what is to be, then away with what was, so that no alert slips through between; what could not be replaced stays.
        let (mut trouble, mut kept) = (None, BTreeSet::new());
        for (key, one) in wanted {
            if let Err(failure) = self.put(&base, one).await {
                kept.insert(key);
                trouble = trouble.or(Some(failure));
            }
        }
        for silence in over.into_iter().filter(|silence| !kept.contains(silence.key())) {
            let ended = self
                .ask(Method::DELETE, &format!("{base}/silence/{}", silence.id), Vec::new())
                .await;
            // It may have ended by itself meanwhile.
            trouble = trouble.or(ended.err().filter(|_| silence.ends_at > now));
        }
        trouble.map_or(Ok(()), Err)
    }

    /// Those of ours that still hold, or will. Of those of others nothing is read but whose they are.
    fn ours(&self, all: &[u8], source: &SourceId) -> Result<Vec<Found>, String> {
        let unreadable = |error: serde_json::Error| format!("its answer cannot be read: {error}");
        let all: Vec<Value> = serde_json::from_slice(all).map_err(unreadable)?;
        let is_ours = |silence: &Value| silence["createdBy"] == self.author && silence["status"]["state"] != "expired";
        let mut found = Vec::new();
        for silence in all.into_iter().filter(is_ours) {
            let mut silence: Found = serde_json::from_value(silence).map_err(unreadable)?;
            silence.matchers.sort();
            // Another source may lie behind the same address.
            if silence.key().rsplit(' ').next() == Some(source.as_str()) {
                found.push(silence);
            }
        }
        Ok(found)
    }

    async fn put(&self, base: &str, one: &Wanted) -> Result<(), String> {
        let new = New {
            matchers: &one.matchers,
            starts_at: one.from,
            ends_at: one.to,
            created_by: &self.author,
            comment: format!("{}: {}", one.key, one.comment),
        };
        let body = serde_json::to_vec(&new).map_err(|error| error.to_string())?;
        self.ask(Method::POST, &format!("{base}/silences"), body).await.map(|_| ())
    }

    async fn ask(&self, method: Method, address: &str, body: Vec<u8>) -> Result<Vec<u8>, String> {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(USER_AGENT, concat!("Umleitung/", env!("CARGO_PKG_VERSION")))
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .map_err(|error| error.to_string())?;
        let client = self
            .client
            .get_or_try_init(|| std::future::ready(client(self.network.clone(), Connections::Fresh)));
        let client = client.await.map_err(|error| error.to_string())?;
        let asked = async {
            let response = client.request(request).await.map_err(|error| reasons(&error))?;
            let status = response.status();
            let body = Limited::new(response.into_body(), LARGEST).collect().await;
            let body = body.map_err(|error| reasons(&*error))?.to_bytes().to_vec();
            if status.is_success() {
                return Ok(body);
            }
            let said: String = String::from_utf8_lossy(&body)
                .chars()
                .filter(|c| !c.is_control())
                .take(120)
                .collect();
            Err(format!("{} {said}", status.as_u16()))
        };
        let late = || format!("no answer within {} seconds", PATIENCE.as_secs());
        timeout(PATIENCE, asked).await.map_err(|_| late())?
    }
}

/// Whether a silence that is set is what it is to be, to the millisecond, as it is told. One that was set late has begun when it was set.
fn is_as(silence: &Found, wanted: &Wanted, now: Timestamp) -> bool {
    let is_same = |one: Timestamp, other: Timestamp| one.as_millisecond() == other.as_millisecond();
    let begins = if wanted.from > now {
        is_same(silence.starts_at, wanted.from)
    } else {
        silence.status.state == "active"
    };
    begins && is_same(silence.ends_at, wanted.to) && silence.matchers == wanted.matchers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(matchers: &[&str]) -> Rule {
        serde_json::from_value(serde_json::json!({"id": "r", "name": {"de": "R"}, "matchers": matchers, "template": "t"})).unwrap()
    }

    #[test]
    fn of_what_others_have_set_nothing_is_read() {
        let one = |author: &str, state: &str, comment: &str, ends: &str| {
            serde_json::json!({"id": "1", "createdBy": author, "status": {"state": state}, "comment": comment, "startsAt": "2026-01-01T00:00:00.000Z",
                "endsAt": ends, "matchers": [{"name": "job", "value": "kfz", "isRegex": false}]})
        };
        let all = serde_json::json!([
            one("Nora Nacht", "active", "for ever", "9999-12-31T23:59:59.999Z"),
            one(
                "Umleitung a",
                "active",
                "2026-0001 kfz prometheus: Umbau: groß",
                "2026-01-01T02:00:00.000Z"
            ),
            one(
                "Umleitung a",
                "expired",
                "2026-0002 kfz prometheus: Alt",
                "2026-01-01T02:00:00.000Z"
            ),
            one("Umleitung a", "active", "2026-0001 kfz other: Umbau", "2026-01-01T02:00:00.000Z"),
            one(
                "Umleitung b",
                "active",
                "2026-0001 kfz prometheus: Umbau",
                "2026-01-01T02:00:00.000Z"
            ),
        ]);
        let alertmanager = Alertmanager::new(Network::anywhere(), "Umleitung a".to_owned());
        let found = alertmanager
            .ours(all.to_string().as_bytes(), &SourceId::parse("prometheus").unwrap())
            .unwrap();
        assert_eq!(found.iter().map(Found::key).collect::<Vec<_>>(), ["2026-0001 kfz prometheus"]);
    }

    #[test]
    fn a_rule_is_said_as_alertmanager_has_it() {
        let source = SourceId::parse("prometheus").unwrap();
        let said = |given: &[&str]| matchers(&rule(given), &source).map(|said| serde_json::to_value(said).unwrap());
        let one = |name: &str, value: &str, is_regex: bool, is_equal: bool| serde_json::json!({"name": name, "value": value, "isRegex": is_regex, "isEqual": is_equal});
        assert_eq!(
            said(&["job=kfz", "source=prometheus"]),
            Some(serde_json::json!([one("job", "kfz", false, true)]))
        );
        assert_eq!(
            said(&["job=kfz.a*", "env!=test"]),
            Some(serde_json::json!([
                one("env", "test", false, false),
                one("job", "kfz\\.a.*", true, true)
            ]))
        );
        // Of another source, or of all that there is.
        for given in [
            &["job=kfz", "source=grafana"][..],
            &["job=kfz", "source!=prom*"],
            &["source=prometheus"],
            &["env!=test"],
            &["job=*"],
        ] {
            assert_eq!(said(given), None, "{given:?}");
        }
    }
}
