//! What an entry of the journal is about.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::id::{ApprovalId, ChannelId, FreezeId, InvalidId, NoticeId, SeriesId};

/// What stands before the id of a channel: an id alone has no letter of this size.
const CHANNEL: &str = "C-";

/// What an entry of the journal is about. It stays when the entry's payload is redacted, so that no number is given twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Everything at once: the catalogue, the journal itself.
    #[default]
    Whole,
    /// One notice.
    Notice(NoticeId),
    /// One series.
    Series(SeriesId),
    /// One freeze.
    Freeze(FreezeId),
    /// Something that takes a second person.
    Approval(ApprovalId),
    /// A channel.
    Channel(ChannelId),
}

impl Subject {
    /// Whether what happens to it may change what people are told of services: a notice is one, and everything at once.
    pub const fn is_told(&self) -> bool {
        match self {
            Self::Whole | Self::Notice(_) => true,
            Self::Series(_) | Self::Freeze(_) | Self::Approval(_) | Self::Channel(_) => false,
        }
    }
}

impl Subject {
    /// Reads what is stored and travels; `None` stands for everything.
    ///
    /// # Errors
    /// When it is nothing that this release knows.
    pub fn parse(given: Option<&str>) -> Result<Self, InvalidId> {
        match given {
            None => Ok(Self::Whole),
            Some(given) if given.starts_with("A-") => ApprovalId::parse(given).map(Self::Approval),
            Some(given) if given.starts_with(CHANNEL) => {
                ChannelId::parse(given.strip_prefix(CHANNEL).unwrap_or_default()).map(Self::Channel)
            }
            Some(given) if given.starts_with("F-") => FreezeId::parse(given).map(Self::Freeze),
            Some(given) if given.starts_with("S-") => SeriesId::parse(given).map(Self::Series),
            Some(given) => NoticeId::parse(given).map(Self::Notice),
        }
    }

    /// What is stored and travels: `2026-0042` for a notice, `S-0007` for a series, `F-0003` for a freeze, `A-0012` for an approval,
    /// `C-hotline` for a channel, nothing for everything.
    pub fn name(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Whole => None,
            Self::Notice(id) => Some(id.as_str().into()),
            Self::Series(id) => Some(id.as_str().into()),
            Self::Freeze(id) => Some(id.as_str().into()),
            Self::Approval(id) => Some(id.as_str().into()),
            Self::Channel(id) => Some(format!("{CHANNEL}{id}").into()),
        }
    }

    /// The notice, where it is one.
    pub const fn notice(&self) -> Option<&NoticeId> {
        match self {
            Self::Notice(id) => Some(id),
            _ => None,
        }
    }

    /// The series, where it is one.
    pub const fn series(&self) -> Option<&SeriesId> {
        match self {
            Self::Series(id) => Some(id),
            _ => None,
        }
    }

    /// The freeze, where it is one.
    pub const fn freeze(&self) -> Option<&FreezeId> {
        match self {
            Self::Freeze(id) => Some(id),
            _ => None,
        }
    }

    /// The approval, where it is one.
    pub const fn approval(&self) -> Option<&ApprovalId> {
        match self {
            Self::Approval(id) => Some(id),
            _ => None,
        }
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.name().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = Option::<String>::deserialize(deserializer)?;
        Self::parse(given.as_deref()).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Subject {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Subject".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": ["string", "null"],
            "description": "What an entry is about: the id of a notice, of a series, of a freeze or of an approval, `C-` and the id of a channel; `null`: everything at once.",
        })
    }
}
