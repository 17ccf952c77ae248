//! Who acts, and when.

use jiff::Timestamp;

use super::grants::Grants;
use crate::words::RuleId;

/// The caller, and the time of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    pub now: Timestamp,
    pub actor: Actor,
}

/// The id of the actor who works on the data by the command line of the machine.
pub const COMMAND_LINE: &str = "command-line";

/// The id of the actor by whom what is planned is announced when its time has come.
pub const SCHEDULE: &str = "schedule";

/// What the id of a token begins with.
pub const TOKEN: &str = "token-";

/// What the id of a rule begins with by which an alert becomes a notice; behind it stands the rule's own.
pub const WATCH: &str = "watch:";

/// The rule that acts under this id, if one does.
pub fn rule_of(actor: &str) -> Option<RuleId> {
    RuleId::parse(actor.strip_prefix(WATCH)?).ok()
}

/// The caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The opaque id of an account or token, [`COMMAND_LINE`], [`SCHEDULE`], or a rule behind [`WATCH`].
    pub id: String,
    /// What they hold at the time of the call.
    pub grants: Grants,
}

impl Actor {
    /// Whether it is a person with an account, whom others can hold to what they say.
    pub fn is_person(&self) -> bool {
        !self.id.starts_with(TOKEN) && !self.id.starts_with(WATCH) && ![COMMAND_LINE, SCHEDULE].contains(&self.id.as_str())
    }

    /// Somebody, or a program, with what they hold.
    pub fn new(id: impl Into<String>, grants: impl Into<Grants>) -> Self {
        Self {
            id: id.into(),
            grants: grants.into(),
        }
    }
}
