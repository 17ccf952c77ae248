//! What an Alertmanager is asked, over its API, version 2.

use std::{collections::BTreeMap, time::Duration};

use axum::body::Body;
use domain::{catalogue::Rule, words::SourceId};
use http_body_util::{BodyExt, Limited};
use hyper::{
    Method, Request,
    header::{CONTENT_TYPE, USER_AGENT},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::{sync::OnceCell, time::timeout};

use crate::reactors::{Client, Connections, Network, client, reasons};

/// For how long one answer is waited for, all of it included.
const PATIENCE: Duration = Duration::from_secs(8);

/// All silences that there are, ended ones included, are not larger.
const LARGEST: usize = 4 * 1024 * 1024;

/// What every alert of a source has here, and none has there.
const SOURCE: &str = "source";

/// What a silence is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// By which it is known again: the work and the rule.
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
    created_by: String,
    comment: String,
    status: Status,
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
        .any(|matcher| matcher.is_equal && !matcher.value.is_empty() && matcher.value != ".*");
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

    /// Has exactly these be set, of ours.
    ///
    /// # Errors
    /// When it does not answer, or not so, in words.
    pub(super) async fn set(&self, address: &str, wanted: &[Wanted], now: Timestamp) -> Result<(), String> {
        let base = format!("{}/api/v2", address.trim_end_matches('/'));
        let all = self.ask(Method::GET, &format!("{base}/silences"), Vec::new()).await?;
        let mut found: Vec<Found> = serde_json::from_slice(&all).map_err(|error| format!("its answer cannot be read: {error}"))?;
        found.retain(|silence| silence.created_by == self.author && silence.status.state != "expired");
        let mut wanted: BTreeMap<&str, &Wanted> = wanted.iter().map(|one| (one.key.as_str(), one)).collect();
        // What is as it is to be stays; of two that are the same, the first.
        let mut over = Vec::new();
        for silence in &mut found {
            silence.matchers.sort();
            let key = silence.comment.split(": ").next().unwrap_or_default();
            if wanted.get(key).is_some_and(|one| is_as(silence, one, now)) {
                wanted.remove(key);
            } else {
                over.push(&silence.id);
            }
        }
        // First what is to be, then away with what was, so that no alert slips through between.
        for one in wanted.into_values() {
            let new = New {
                matchers: &one.matchers,
                starts_at: one.from,
                ends_at: one.to,
                created_by: &self.author,
                comment: format!("{}: {}", one.key, one.comment),
            };
            let body = serde_json::to_vec(&new).map_err(|error| error.to_string())?;
            self.ask(Method::POST, &format!("{base}/silences"), body).await?;
        }
        for id in over {
            self.ask(Method::DELETE, &format!("{base}/silence/{id}"), Vec::new()).await?;
        }
        Ok(())
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

/// Whether a silence that is set is what it is to be. One that was set late has begun when it was set.
fn is_as(silence: &Found, wanted: &Wanted, now: Timestamp) -> bool {
    let begins = if wanted.from > now {
        silence.starts_at == wanted.from
    } else {
        silence.status.state == "active"
    };
    begins && silence.ends_at == wanted.to && silence.matchers == wanted.matchers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(matchers: &[&str]) -> Rule {
        serde_json::from_value(serde_json::json!({"id": "r", "name": {"de": "R"}, "matchers": matchers, "template": "t"})).unwrap()
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
