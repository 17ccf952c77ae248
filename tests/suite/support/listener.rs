//! Reads server-sent events, so that a test can wait for what it expects instead of for a while.

use std::time::Duration;

use reqwest::Response;
use serde_json::Value;

/// When a test gives up; far beyond what anything takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A stream of `state` events.
pub(crate) struct Listener {
    response: Response,
    /// What has come of the next event. Bytes: a chunk may end within a character.
    buffer: Vec<u8>,
}

impl Listener {
    pub(crate) fn new(response: Response) -> Self {
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            response,
            buffer: Vec::new(),
        }
    }

    /// The next state that was sent; `None`: the server has ended the stream.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            while let Some(end) = self.buffer.windows(2).position(|bytes| bytes == b"\n\n") {
                let event: Vec<u8> = self.buffer.drain(..end + 2).collect();
                let event = String::from_utf8(event).unwrap();
                let data = event
                    .lines()
                    .find_map(|line| line.strip_prefix("data: "))
                    .map(|data| serde_json::from_str(data).unwrap());
                let is_state = event.lines().any(|line| line == "event: state");
                if is_state {
                    return data;
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk())
                .await
                .expect("no event came")
                .ok()??;
            self.buffer.extend_from_slice(&chunk);
        }
    }

    /// The first state from now on of which this is true.
    pub(crate) async fn until(&mut self, expected: impl Fn(&Value) -> bool) -> Value {
        let waiting = async {
            loop {
                let state = self.next().await.expect("the stream ended");
                if expected(&state) {
                    return state;
                }
            }
        };
        // The time is told again and again, so that each wait for the next word by itself could go on for ever.
        tokio::time::timeout(PATIENCE, waiting).await.expect("no such state came")
    }
}
