//! What receivers are told: that something has happened to a notice, with the notice as it is when the message is sent. Whatever comes late or
//! twice is never older than what came before.

use domain::{
    project::{project, project_notice},
    state::State,
    words::Shape,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use wire::{PublicState, Status};

use super::{chat::Said, delivery::Message, statuspage};
use crate::{
    reactors::news::{News, seen},
    show::snapshot::tell,
    statuspage::{Reading, incident},
};

/// A body has at most so many bytes (Standard Webhooks asks for less than 20 kB).
const LIMIT: usize = 20_000;

impl News {
    /// The message, as it is to be told now; `None`: there is nothing to tell any more.
    pub(super) fn message(&self, state: &State, shape: Shape, origin: &str, now: Timestamp) -> Option<Message> {
        // It has happened, whatever the clock of this process says.
        let now = now.max(self.at);
        seen(state.notice(&self.notice)?, now)?;
        let portal = project(state, &self.portal, now)?;
        let document = project_notice(state, &self.portal, &self.notice, now);
        let body = match shape {
            Shape::Umleitung => self.body(document.as_deref(), portal.status, origin),
            Shape::Statuspage => {
                let reading = Reading::new(state, &self.portal, "", origin, now)?;
                let incident = incident(&reading, &self.notice, document.as_deref()?)?;
                statuspage::body(&reading, &incident, LIMIT)
            }
            Shape::Slack | Shape::Teams | Shape::Mattermost | Shape::Matrix => Said::of(&tell(document?), origin)?.body(shape)?,
        };
        Some(Message {
            id: format!("msg_{}", self.key),
            body: body.to_string(),
        })
    }

    /// The body of Standard Webhooks. Parts that would make it too long are left out, the least needed first, and it says so.
    fn body(&self, document: Option<&PublicState>, status: Status, origin: &str) -> Value {
        let notice = document.and_then(|document| document.notices.first());
        let mut body = json!({
            "type": self.occasion,
            "timestamp": self.at,
            "data": {
                "portal": self.portal,
                "status": status,
                "id": self.notice,
                "url": format!("{origin}/p/{}/notices/{}", self.portal, self.notice),
                // None where it concerns this portal no more.
                "notice": notice,
                "channels": document.map(|document| &document.channels),
                "procedures": document.map(|document| &document.procedures),
                "is_cut": false,
            },
        });
        for cut in [
            "/data/procedures",
            "/data/channels",
            "/data/notice/updates",
            "/data/notice/affected",
            "/data/notice/guidance",
            "/data/notice/impact",
            "/data/notice",
        ] {
            if body.to_string().len() <= LIMIT {
                break;
            }
            if let Some(part) = body.pointer_mut(cut) {
                *part = Value::Null;
            }
            if let Some(is_cut) = body.pointer_mut("/data/is_cut") {
                *is_cut = Value::Bool(true);
            }
        }
        body
    }
}

/// A message by which a receiver can be tried out.
pub(super) fn test(id: &str, shape: Shape, now: Timestamp) -> Message {
    let plain = || json!({"type": "webhook.test", "timestamp": now, "data": {}});
    Message {
        id: format!("msg_test-{id}-{}", now.as_millisecond()),
        // A chat takes nothing that is no message.
        body: Said::test().body(shape).unwrap_or_else(plain).to_string(),
    }
}
