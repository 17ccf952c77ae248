//! A rule by which an alert of a monitoring becomes a notice.

use std::{collections::BTreeMap, fmt};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use wire::AtEnd;

use crate::{
    text::Localized,
    words::{RuleId, TemplateId},
};

/// Which alerts concern people, and what they are then told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CatalogueRule"))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub id: RuleId,
    /// What ops staff know it by.
    pub name: Localized,
    /// Which alerts: those for which all of these hold. The source that delivered an alert is its label `source`.
    pub matchers: Vec<Matcher>,
    /// What people are told: an outage.
    pub template: TemplateId,
    /// Whether people see it at once; otherwise a draft waits for somebody.
    #[serde(default, skip_serializing_if = "is_not")]
    pub publish: bool,
    /// For how many minutes an alert has to fire before there is a notice.
    #[serde(default = "two")]
    pub grace_minutes: u32,
    /// For how many minutes nothing may fire before it counts as over.
    #[serde(default = "five")]
    pub calm_minutes: u32,
    /// What happens when it is over: the notice ends, or says that it is being watched until somebody ends it.
    #[serde(default = "confirm")]
    pub at_end: AtEnd,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_not(value: &bool) -> bool {
    !*value
}

const fn two() -> u32 {
    2
}

const fn five() -> u32 {
    5
}

const fn confirm() -> AtEnd {
    AtEnd::Confirm
}

/// The labels of an alert, as Prometheus calls them.
pub type Labels = BTreeMap<String, String>;

impl Rule {
    /// Whether an alert with these labels is one of those that it is about.
    pub fn concerns(&self, labels: &Labels) -> bool {
        self.matchers.iter().all(|matcher| matcher.holds(labels))
    }

    /// For how long an alert has to fire before there is a notice.
    pub fn grace(&self) -> SignedDuration {
        SignedDuration::from_mins(self.grace_minutes.into())
    }

    /// For how long nothing may fire before it counts as over.
    pub fn calm(&self) -> SignedDuration {
        SignedDuration::from_mins(self.calm_minutes.into())
    }
}

/// What a label has to be, written as Alertmanager writes it: `job="kfz"` or `env!="test"`, with quotation marks or without; a star at the end of
/// the value stands for whatever follows. A label that is not there is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Matcher {
    label: String,
    is_equal: bool,
    value: String,
}

impl Matcher {
    /// Reads a matcher; `None`: it is none.
    pub fn parse(given: &str) -> Option<Self> {
        let (label, value) = given.split_once('=')?;
        let (label, is_equal) = label.strip_suffix('!').map_or((label, true), |label| (label, false));
        let (label, value) = (label.trim(), value.trim());
        // Regular expressions of Alertmanager begin with a tilde behind the equals sign.
        let is_expression = value.starts_with('~') || value.starts_with('=');
        let value = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
        let is_label = label.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let is_sound = is_label && !is_expression && !value.contains('"') && value.chars().all(|c| !c.is_control());
        is_sound.then(|| Self {
            label: label.to_owned(),
            is_equal,
            value: value.to_owned(),
        })
    }

    /// The label that it is about.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Whether the label has to be so, and not anything else.
    pub const fn is_equal(&self) -> bool {
        self.is_equal
    }

    /// What it has to be; `true`: begin with.
    pub fn value(&self) -> (&str, bool) {
        self.value
            .strip_suffix('*')
            .map_or((&self.value, false), |beginning| (beginning, true))
    }

    fn holds(&self, labels: &Labels) -> bool {
        let found = labels.get(&self.label).map_or("", String::as_str);
        let (value, is_beginning) = self.value();
        let is_it = if is_beginning { found.starts_with(value) } else { found == value };
        is_it == self.is_equal
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { label, is_equal, value } = self;
        write!(f, "{label}{}\"{value}\"", if *is_equal { "=" } else { "!=" })
    }
}

impl TryFrom<String> for Matcher {
    type Error = String;

    fn try_from(given: String) -> Result<Self, String> {
        Self::parse(&given).ok_or_else(|| {
            let given: String = given.chars().take(80).collect();
            format!("`{given}` is no matcher; write one such as job=\"kfz\" or env!=\"test\", with a star at the end for whatever follows")
        })
    }
}

impl From<Matcher> for String {
    fn from(matcher: Matcher) -> Self {
        matcher.to_string()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Matcher {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Matcher".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let what = "What a label of an alert has to be: `job=\"kfz\"` or `env!=\"test\"`, with a star at the end for whatever follows.";
        schemars::json_schema!({"type": "string", "pattern": "^\\s*[A-Za-z_][A-Za-z0-9_]*\\s*!?=", "description": what})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers_hold_as_they_are_written() {
        let labels: Labels = [("job", "kfz"), ("env", "prod-2")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        for (given, holds) in [
            ("job=kfz", true),
            ("job=\"kfz\"", true),
            (" job = \"kfz\" ", true),
            ("job!=\"kfz\"", false),
            ("job=k", false),
            ("env=prod*", true),
            ("env=\"prod-*\"", true),
            ("env!=test*", true),
            ("env!=*", false),
            ("team=", true),
            ("team!=\"\"", false),
            ("job!=", true),
        ] {
            assert_eq!(Matcher::parse(given).map(|matcher| matcher.holds(&labels)), Some(holds), "{given}");
        }
    }

    #[test]
    fn what_is_no_matcher_is_said_to_be_none() {
        for given in ["", "job", "=kfz", "job=~\"k.*\"", "1job=kfz", "a b=c", "job=\"k\"z\"", "job==kfz"] {
            assert_eq!(Matcher::parse(given), None, "{given}");
        }
        let written = Matcher::parse("env!=test*").map(String::from);
        assert_eq!(written.as_deref(), Some("env!=\"test*\""));
    }
}
