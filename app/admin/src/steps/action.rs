//! The things that can be done with a notice, and who may do which of them when.

use domain::{
    access::Role,
    notice::{Decision, Notice, Transition},
};
use jiff::Timestamp;
use wire::Kind;

use crate::words;

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Update,
    /// Whether work in progress goes on, once it cannot be undone within its window any more, or is given up.
    Decide(Decision),
    Make(Transition),
}

impl Action {
    /// The word in the API's path.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Update | Self::Decide(_) => "updates",
            Self::Make(transition) => transition.word(),
        }
    }

    /// The name by which tests find the button that opens it.
    pub(super) const fn test(self) -> &'static str {
        match self {
            Self::Update => "add-update",
            Self::Decide(Decision::GoOn) => "go-on",
            Self::Decide(Decision::RollBack) => "roll-back",
            Self::Make(transition) => transition.word(),
        }
    }

    /// What its buttons say with this notice, and what is said afterwards.
    pub(super) fn said(self, notice: &Notice) -> words::Step {
        match self {
            Self::Update => words::Step {
                open: words::say().add_update,
                question: "",
                confirm: words::say().send_update,
                done: words::say().update_sent,
            },
            Self::Decide(decision) => words::decision(decision),
            Self::Make(transition) => words::step(transition, notice.content.kind, notice.stage.is_none()),
        }
    }
}

/// Every action, the likeliest first.
pub(super) const ACTIONS: [Action; 11] = [
    Action::Decide(Decision::GoOn),
    Action::Decide(Decision::RollBack),
    Action::Update,
    Action::Make(Transition::Publish),
    Action::Make(Transition::Extend),
    Action::Make(Transition::Resolve),
    Action::Make(Transition::Start),
    Action::Make(Transition::Complete),
    Action::Make(Transition::Cancel),
    Action::Make(Transition::Withdraw),
    Action::Make(Transition::Reopen),
];

/// What this role may do with this notice, the likeliest first.
pub(super) fn possible(notice: &Notice, now: Timestamp, role: impl Fn(Role) -> bool) -> Vec<Action> {
    let (kind, stage) = (notice.content.kind, notice.stage_at(now));
    let needed = if stage.is_none() { Role::Editor } else { Role::Publisher };
    let is_possible = |action: &Action| match action {
        Action::Update => role(Role::Publisher) && stage.is_some_and(|stage| !stage.is_final()),
        Action::Decide(Decision::GoOn) => {
            role(Role::Publisher) && (notice.has_to_be_decided(now) || notice.is_rolled_back() && notice.can_be_decided(now))
        }
        Action::Decide(Decision::RollBack) => role(Role::Publisher) && notice.can_be_decided(now) && !notice.is_rolled_back(),
        Action::Make(transition) => {
            let sensible = match transition {
                Transition::Publish => role(Role::Publisher),
                Transition::Cancel => role(needed),
                // An information that has had its day is withdrawn by the same button; a discarded draft was never open.
                Transition::Withdraw => role(Role::Publisher) && kind != Kind::Information && notice.published_at.is_some(),
                Transition::Reopen => role(Role::Publisher) && notice.published_at.is_some(),
                _ => role(Role::Publisher),
            };
            sensible && transition.leads_to(kind, stage).is_ok()
        }
    };
    ACTIONS.into_iter().filter(is_possible).collect()
}
