//! Which notice each rule has written.

use std::collections::BTreeMap;

use crate::{
    access::{WATCH, rule_of},
    notice,
    words::{NoticeId, RuleId},
};

/// The notice that each rule wrote last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched(BTreeMap<RuleId, NoticeId>);

impl Watched {
    /// Takes note of what happened to a notice.
    pub(crate) fn apply(&mut self, event: &notice::Event, actor: &str) {
        if let (notice::Event::Created { id, .. }, Some(rule)) = (event, rule_of(actor)) {
            self.0.insert(rule, id.clone());
        }
    }

    /// Under which ids rules have written notices.
    pub fn actors(&self) -> impl Iterator<Item = String> {
        self.0.keys().map(|rule| format!("{WATCH}{rule}"))
    }

    /// The notice that a rule wrote last.
    pub(crate) fn last(&self, rule: &RuleId) -> Option<&NoticeId> {
        self.0.get(rule)
    }
}
