//! Sends a message, and tells what the answer means.

use std::time::Duration;

use axum::body::Body;
use hyper::{
    HeaderMap, Method, Request, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT},
};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use store::webhooks::Webhook;
use tokio::{sync::OnceCell, time::timeout};

use super::signature::sign;
use crate::reactors::{
    client::{Client, Connections, client},
    network::Network,
    reasons::reasons,
};

/// For how long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

/// For how long after it has happened it is tried again to tell it.
pub(super) const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// So often it is tried again in any case, also what is long ago because this server or the receiver was away.
pub(super) const AT_LEAST: u32 = 2;

/// After how many seconds a message is tried again the first times; later every hour, so that a receiver that comes back soon knows.
const PAUSES: [i64; 6] = [5, 30, 120, 300, 900, 1800];
const LATER: i64 = 3600;

/// The longest that a receiver may ask to wait.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);

/// Sends messages.
#[derive(Debug)]
pub(super) struct Sender {
    network: Network,
    client: OnceCell<Client>,
}

/// A message as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// The same for each attempt: by it receivers know what they have had.
    pub(super) id: String,
    pub(super) body: String,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Taken,
    /// The receiver wants no more messages, ever.
    Gone,
    /// It did not arrive, for this reason. The receiver may have said after how long it is worth another attempt.
    Failed(String, Option<SignedDuration>),
}

impl Sender {
    pub(super) fn new(network: Network) -> Self {
        Self {
            network,
            client: OnceCell::new(),
        }
    }

    /// Sends a message once. Redirects are not followed: what is signed for one receiver is nobody else's.
    pub(super) async fn send(&self, webhook: &Webhook, message: Message, now: Timestamp) -> Answer {
        let client = match self
            .client
            .get_or_try_init(|| std::future::ready(client(self.network.clone(), Connections::Fresh)))
            .await
        {
            Ok(client) => client,
            Err(error) => return Answer::Failed(format!("the authorities that this system trusts cannot be read: {error}"), None),
        };
        let Some(signature) = sign(&webhook.secret, &message.id, now.as_second(), &message.body) else {
            return Answer::Failed("there is no secret to sign it with".to_owned(), None);
        };
        let request = Request::builder()
            .method(Method::POST)
            .uri(webhook.address.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("Umleitung/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", now.as_second())
            .header("webhook-signature", signature)
            .body(Body::from(message.body));
        let request = match request {
            Ok(request) => request,
            Err(error) => return Answer::Failed(format!("the address cannot be used: {error}"), None),
        };
        match timeout(PATIENCE, client.request(request)).await {
            Ok(Ok(response)) => meaning(response.status(), response.headers(), now),
            Ok(Err(error)) => Answer::Failed(reasons(&error), None),
            Err(_) => Answer::Failed(format!("it did not answer within {} seconds", PATIENCE.as_secs()), None),
        }
    }
}

/// What an answer means.
fn meaning(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Answer {
    if status.is_success() {
        return Answer::Taken;
    }
    if status == StatusCode::GONE {
        return Answer::Gone;
    }
    let reason = if status.is_redirection() {
        format!("it answered {status}; a redirect is not followed, so the address has to be the right one")
    } else {
        format!("it answered {status}")
    };
    let asked = headers.get(RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?, now));
    Answer::Failed(reason, asked)
}

/// Reads `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(value: &str, now: Timestamp) -> Option<SignedDuration> {
    let asked = match value.trim().parse::<i64>() {
        Ok(seconds) => SignedDuration::from_secs(seconds),
        Err(_) => rfc2822::parse(value.trim()).ok()?.timestamp().duration_since(now),
    };
    Some(asked.clamp(SignedDuration::ZERO, LONGEST_WAIT))
}

/// How long to wait after so many attempts in vain; `chance` between 0 and 255 makes it up to a fifth shorter or longer, so that what failed
/// together does not come together again.
pub(super) fn pause(attempts: u32, chance: u8) -> SignedDuration {
    let planned = usize::try_from(attempts).ok().and_then(|attempts| PAUSES.get(attempts)).copied();
    let planned = planned.unwrap_or(LATER) * 1000;
    SignedDuration::from_millis(planned * 4 / 5 + planned * 2 / 5 * i64::from(chance) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_vary_by_a_fifth() {
        let seconds = |chance| [0, 1, 5, 6, 30, u32::MAX].map(|attempts| pause(attempts, chance).as_secs());
        assert_eq!(seconds(0), [4, 24, 1440, 2880, 2880, 2880]);
        assert_eq!(seconds(255), [6, 36, 2160, 4320, 4320, 4320]);
        // Within a day the receiver is asked often enough.
        let mut sum = SignedDuration::ZERO;
        let attempts = (0..).take_while(|attempts| {
            sum += pause(*attempts, 128);
            sum < A_DAY
        });
        assert_eq!(attempts.count(), 29);
    }

    #[test]
    fn what_a_receiver_asks_for_is_read_in_both_forms_and_has_its_bounds() {
        let now: Timestamp = "2026-05-04T08:00:00Z".parse().unwrap();
        for (value, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("-5", Some(0)),
            ("99999999", Some(6 * 3600)),
            ("Mon, 04 May 2026 08:10:00 GMT", Some(600)),
            ("Mon, 04 May 2026 07:00:00 GMT", Some(0)),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value, now).map(|asked| asked.as_secs()), expected, "{value}");
        }
    }

    #[test]
    fn only_what_was_taken_is_done() {
        let now = Timestamp::UNIX_EPOCH;
        let answer = |status: u16| meaning(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), now);
        assert_eq!([200, 202, 204].map(answer), [Answer::Taken, Answer::Taken, Answer::Taken]);
        assert_eq!(answer(410), Answer::Gone);
        for status in [301, 302, 307, 400, 401, 404, 429, 500, 503] {
            assert!(matches!(answer(status), Answer::Failed(..)), "{status}");
        }
    }
}
