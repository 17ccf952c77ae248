//! What happened: the facts of which the journal consists. An event is one thing that a person did.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, EnumAccess, Error, IntoDeserializer, MapAccess, VariantAccess, Visitor, value::EnumAccessDeserializer},
};

use super::upkeep;
use crate::{approval, catalogue, channel_state, freeze, notice, schedule, words::Subject};

/// One thing that a person did, by the subject that it is about. It is stored as an object with one key, the name of what happened; what the
/// key begins with tells the subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Event {
    Catalogue(catalogue::Event),
    Channel(channel_state::Event),
    Notice(notice::Event),
    Schedule(schedule::Event),
    Freeze(freeze::Event),
    Approval(approval::Event),
    Upkeep(upkeep::Event),
}

impl Event {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Notice(event) => Subject::Notice(event.id().clone()),
            Self::Channel(event) => Subject::Channel(event.id().clone()),
            Self::Freeze(event) => Subject::Freeze(event.id().clone()),
            Self::Approval(event) => Subject::Approval(event.id().clone()),
            Self::Schedule(event) => Subject::Series(event.id().clone()),
            Self::Catalogue(_) | Self::Upkeep(_) => Subject::Whole,
        }
    }
}

impl From<catalogue::Event> for Event {
    fn from(event: catalogue::Event) -> Self {
        Self::Catalogue(event)
    }
}

impl From<channel_state::Event> for Event {
    fn from(event: channel_state::Event) -> Self {
        Self::Channel(event)
    }
}

impl From<notice::Event> for Event {
    fn from(event: notice::Event) -> Self {
        Self::Notice(event)
    }
}

impl From<schedule::Event> for Event {
    fn from(event: schedule::Event) -> Self {
        Self::Schedule(event)
    }
}

impl From<freeze::Event> for Event {
    fn from(event: freeze::Event) -> Self {
        Self::Freeze(event)
    }
}

impl From<approval::Event> for Event {
    fn from(event: approval::Event) -> Self {
        Self::Approval(event)
    }
}

impl From<upkeep::Event> for Event {
    fn from(event: upkeep::Event) -> Self {
        Self::Upkeep(event)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ByKey)
    }
}

/// Reads the key and leaves the rest to the subject's own event, without looking at the content first.
struct ByKey;

impl<'de> Visitor<'de> for ByKey {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the name of what happened")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Event, A::Error> {
        let key: String = map.next_key()?.ok_or_else(|| A::Error::custom("nothing has happened"))?;
        let subject = key.split('_').next().unwrap_or_default().to_owned();
        let rest = EnumAccessDeserializer::new(Keyed { key, map });
        match subject.as_str() {
            "catalogue" => catalogue::Event::deserialize(rest).map(Event::Catalogue),
            "channel" => channel_state::Event::deserialize(rest).map(Event::Channel),
            "notice" => notice::Event::deserialize(rest).map(Event::Notice),
            "freeze" => freeze::Event::deserialize(rest).map(Event::Freeze),
            "approval" => approval::Event::deserialize(rest).map(Event::Approval),
            "series" => schedule::Event::deserialize(rest).map(Event::Schedule),
            "entry" | "clock" => upkeep::Event::deserialize(rest).map(Event::Upkeep),
            _ => Err(A::Error::custom(format_args!("this release knows no `{subject}`"))),
        }
    }
}

/// An object of which the one key has been read, as the variant of an enum.
struct Keyed<A> {
    key: String,
    map: A,
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Keyed<A> {
    type Error = A::Error;
    type Variant = Content<A>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<A>), A::Error> {
        Ok((seed.deserialize(self.key.into_deserializer())?, Content(self.map)))
    }
}

/// What stands under the key.
struct Content<A>(A);

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Content<A> {
    type Error = A::Error;

    fn unit_variant(mut self) -> Result<(), A::Error> {
        self.0.next_value()
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, A::Error> {
        self.0.next_value_seed(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(mut self, _: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(Handed(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(mut self, _: &'static [&'static str], visitor: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(Handed(visitor))
    }
}

/// Hands a value to whoever waits for it.
struct Handed<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Handed<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_any(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_stored_under_one_key_that_tells_its_subject() {
        for stored in [
            r#"{"entry_redacted":{"seq":3,"reason":"x"}}"#,
            r#"{"clock_confirmed":{"reason":"x"}}"#,
            r#"{"notice_advanced":{"id":"2026-0042","step":{"stage":"resolved"}}}"#,
            r#"{"channel_back":{"id":"hotline"}}"#,
            r#"{"catalogue_applied":{"catalogue":{}}}"#,
            r#"{"series_announced":{"id":"S-0007","original":"2026-12-01","notice":"2026-0042"}}"#,
        ] {
            let event: Event = serde_json::from_str(stored).unwrap();
            assert_eq!(serde_json::to_string(&event).unwrap(), stored);
        }
        for (foreign, reason) in [
            (r#"{"rota_opened":{"id":"x"}}"#, "this release knows no `rota`"),
            (r#"{"notice_sung":{"id":"2026-0042"}}"#, "unknown variant `notice_sung`"),
            (
                r#"{"entry_redacted":{"seq":3,"reason":"x"},"clock_confirmed":{"reason":"x"}}"#,
                "trailing",
            ),
            (r#"{"entry_redacted":{"seq":3}}"#, "missing field `reason`"),
            ("{}", "nothing has happened"),
            (r#""entry_redacted""#, "an object with the name of what happened"),
        ] {
            let error = serde_json::from_str::<Event>(foreign).unwrap_err().to_string();
            assert!(error.contains(reason), "{foreign}: {error}");
        }
    }
}
