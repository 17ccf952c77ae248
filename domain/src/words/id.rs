//! Names of things: short, lower-case, safe in an address and on the phone.

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Serialize};

/// A name that is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not {what}")]
pub struct InvalidId {
    given: String,
    what: &'static str,
}

fn is_slug(given: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=64).contains(&given.len()) && given.bytes().all(inner) && !given.starts_with('-') && !given.ends_with('-')
}

fn is_notice_id(given: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    given
        .split_once('-')
        .is_some_and(|(year, number)| year.len() == 4 && digits(year) && (4..=9).contains(&number.len()) && digits(number))
}

fn is_numbered(given: &str, letter: &str) -> bool {
    let number = given.strip_prefix(letter).and_then(|rest| rest.strip_prefix('-'));
    number.is_some_and(|number| (4..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()))
}

fn is_series_id(given: &str) -> bool {
    is_numbered(given, "S")
}

fn is_freeze_id(given: &str) -> bool {
    is_numbered(given, "F")
}

fn is_approval_id(given: &str) -> bool {
    is_numbered(given, "A")
}

const fn by_letters(given: &str) -> &str {
    given
}

/// After the ten-thousandth notice of a year comes another, whose number has one digit more.
fn by_number(given: &str) -> (&str, usize, &str) {
    let (year, number) = given.split_once('-').unwrap_or((given, ""));
    (year, number.len(), number)
}

/// [`is_slug`] for programs, as a regular expression.
#[cfg(feature = "schema")]
const SLUG: &str = "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$";

/// [`is_notice_id`] for programs, as a regular expression.
#[cfg(feature = "schema")]
const NOTICE_ID: &str = "^[0-9]{4}-[0-9]{4,9}$";

/// [`is_series_id`] for programs, as a regular expression.
#[cfg(feature = "schema")]
const SERIES_ID: &str = "^S-[0-9]{4,9}$";

/// [`is_freeze_id`] for programs, as a regular expression.
#[cfg(feature = "schema")]
const FREEZE_ID: &str = "^F-[0-9]{4,9}$";

/// [`is_approval_id`] for programs, as a regular expression.
#[cfg(feature = "schema")]
const APPROVAL_ID: &str = "^A-[0-9]{4,9}$";

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $rule:path, $order:path, $pattern:expr, $what:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads a name.
            ///
            /// # Errors
            /// When it has another shape than such names have.
            pub fn parse(given: &str) -> Result<Self, InvalidId> {
                if $rule(given) {
                    Ok(Self(given.to_owned()))
                } else {
                    Err(InvalidId { given: given.chars().take(80).collect(), what: $what })
                }
            }

            /// The name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                $order(&self.0).cmp(&$order(&other.0))
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(given: String) -> Result<Self, InvalidId> {
                Self::parse(&given)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "pattern": $pattern, "description": $what})
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// Names a portal.
    PortalId, is_slug, by_letters, SLUG, "a portal's id; use up to 64 lower-case letters, digits and hyphens"
);
id!(
    /// Names a service.
    ServiceId, is_slug, by_letters, SLUG, "a service's id; use up to 64 lower-case letters, digits and hyphens"
);
id!(
    /// Names a channel.
    ChannelId, is_slug, by_letters, SLUG, "a channel's id; use up to 64 lower-case letters, digits and hyphens"
);
id!(
    /// Names a procedure.
    ProcedureId, is_slug, by_letters, SLUG, "a procedure's id; use up to 64 lower-case letters, digits and hyphens"
);
id!(
    /// Names a program that tells of alerts.
    SourceId, is_slug, by_letters, SLUG, "a source's id; use up to 64 lower-case letters, digits and hyphens"
);
id!(
    /// Names a template.
    TemplateId, is_slug, by_letters, SLUG, "a template's id; use up to 64 lower-case letters, digits and hyphens"
);
id!(
    /// Names a rule by which alerts become notices.
    RuleId, is_slug, by_letters, SLUG, "a rule's id; use up to 64 lower-case letters, digits and hyphens"
);
id!(
    /// Names something that the server looks at itself.
    ProbeId, is_slug, by_letters, SLUG, "a probe's id; use up to 64 lower-case letters, digits and hyphens"
);
id!(
    /// Names a notice: the year of its creation (UTC) and a running number, `2026-0042`.
    NoticeId, is_notice_id, by_number, NOTICE_ID, "a notice's id; it looks like 2026-0042"
);

id!(
    /// Names a series by a running number, `S-0007`.
    SeriesId, is_series_id, by_number, SERIES_ID, "a series' id; it looks like S-0007"
);

impl SeriesId {
    /// The id of the `number`th series.
    pub fn new(number: u32) -> Self {
        Self(format!("S-{number:04}"))
    }

    /// The running number in it.
    pub fn number(&self) -> u32 {
        self.0.strip_prefix("S-").and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

id!(
    /// Names a freeze by a running number, `F-0003`.
    FreezeId, is_freeze_id, by_number, FREEZE_ID, "a freeze's id; it looks like F-0003"
);

impl FreezeId {
    /// The id of the `number`th freeze.
    pub fn new(number: u32) -> Self {
        Self(format!("F-{number:04}"))
    }

    /// The running number in it.
    pub fn number(&self) -> u32 {
        self.0.strip_prefix("F-").and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

id!(
    /// Names something that takes a second person by a running number, `A-0012`.
    ApprovalId, is_approval_id, by_number, APPROVAL_ID, "an approval's id; it looks like A-0012"
);

impl ApprovalId {
    /// The id of the `number`th approval.
    pub fn new(number: u32) -> Self {
        Self(format!("A-{number:04}"))
    }

    /// The running number in it.
    pub fn number(&self) -> u32 {
        self.0.strip_prefix("A-").and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

impl NoticeId {
    /// The id of the `number`th notice of a year.
    pub fn new(year: i16, number: u32) -> Self {
        Self(format!("{year:04}-{number:04}"))
    }

    /// The year in it.
    pub fn year(&self) -> i16 {
        self.0.split('-').next().and_then(|year| year.parse().ok()).unwrap_or_default()
    }

    /// The running number in it.
    pub fn number(&self) -> u32 {
        self.0.split('-').nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_stand_in_the_order_of_their_numbers() {
        let ids = [
            "2025-12345",
            "2026-0001",
            "2026-0999",
            "2026-9999",
            "2026-10000",
            "2026-123456",
            "2027-0001",
        ];
        let ids = ids.map(|id| NoticeId::parse(id).unwrap());
        assert!(ids.is_sorted(), "{ids:?}");
        assert_eq!(NoticeId::new(2026, 10_000), ids[4]);
    }
}
