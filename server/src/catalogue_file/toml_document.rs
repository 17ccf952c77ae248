//! A TOML text as a tree whose nodes know where they stand, and that can be read although parts of it are wrong: what was found wrong becomes
//! a hole, and a hole is whatever is asked for.

use std::{cell::RefCell, fmt};

use serde::de::{
    DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
    value::{MapDeserializer, StrDeserializer},
};
use toml::de::{DeTable, DeValue};

/// What a hole says where a text is asked for, until one is taken: a name or language, a holiday, an instant.
const STAND_INS: [&str; 3] = [STAND_IN, "01-01", "2000-01-01T00:00:00Z"];

/// A name that is also a language. What is said about it concerns a hole, not the text.
pub(super) const STAND_IN: &str = "to-be-mended";

/// A value, and the byte at which it begins.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    List(Vec<Node>),
    Table(Vec<Entry>),
    /// Something was wrong here; with the number of stand-ins that did not help.
    Hole(usize),
}

/// A name in a table, and the byte at which it begins.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) at: usize,
    pub(super) node: Node,
}

/// The way to a node: names, and positions in lists.
pub(super) type Path = Vec<String>;

/// Something that stops the text from being read as what is asked for.
#[derive(Debug)]
pub(super) struct Trouble {
    /// Where; `None` until it is known.
    pub(super) path: Option<Path>,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Missing(&'static str),
    /// The name itself is wrong, whatever stands behind it.
    Name(String),
    Value(String),
    /// A word that there is not, and the one that was probably meant.
    Word(String, &'static str),
}

/// A field that nothing is called, and those that there are.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) table: Path,
    pub(super) name: String,
    pub(super) known: &'static [&'static str],
}

impl Node {
    /// Reads a text as far as it is TOML, with what is wrong with the rest: the byte and the reason.
    pub(super) fn parse(source: &str) -> (Self, Vec<(usize, String)>) {
        let (table, errors) = DeTable::parse_recoverable(source);
        let errors = errors
            .iter()
            .map(|error| (error.span().map_or(source.len(), |span| span.start), error.message().to_owned()))
            .collect();
        let value = of_table(table.get_ref());
        (Self { at: 0, value }, errors)
    }

    /// The node at a path.
    pub(super) fn find(&mut self, path: &[String]) -> Option<&mut Self> {
        let Some((name, rest)) = path.split_first() else {
            return Some(self);
        };
        let next = match &mut self.value {
            Value::List(list) => list.get_mut(name.parse::<usize>().ok()?)?,
            Value::Table(entries) => &mut entries.iter_mut().find(|entry| entry.name == *name)?.node,
            _ => return None,
        };
        next.find(rest)
    }

    /// The byte at which the value at a path begins, or the nearest thing around it.
    pub(super) fn place<'a>(&self, mut path: impl Iterator<Item = &'a str>) -> usize {
        let next = path.next().and_then(|name| match &self.value {
            Value::List(list) => list.get(name.parse::<usize>().ok()?),
            Value::Table(entries) => entries.iter().find(|entry| entry.name == name).map(|entry| &entry.node),
            _ => None,
        });
        next.map_or(self.at, |next| next.place(path))
    }

    /// Reads the tree, and takes note of fields that nothing is called.
    pub(super) fn read<'de, T: serde::Deserialize<'de>>(&'de self, unknown: &'de RefCell<Vec<Unknown>>) -> Result<T, Trouble> {
        let root = Reading {
            node: self,
            path: Path::new(),
            unknown,
        };
        T::deserialize(root).map_err(|trouble| trouble.at(&[]))
    }
}

fn of_table(table: &DeTable<'_>) -> Value {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(name, value)| Entry {
            name: name.get_ref().to_string(),
            at: name.span().start,
            node: Node {
                at: value.span().start,
                value: of_value(value.get_ref()),
            },
        })
        .collect();
    entries.sort_by_key(|entry| entry.at);
    Value::Table(entries)
}

fn of_value(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Integer(number),
            // As it is too large for any field, that it is a whole number does not matter.
            Err(_) => Value::Float(number.as_str().parse().unwrap_or(f64::MAX)),
        },
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Value::Boolean(*value),
        // Instants are texts in the catalogue, with or without quotation marks.
        DeValue::Datetime(instant) => Value::Text(instant.to_string()),
        DeValue::Array(list) => {
            let node = |value: &toml::Spanned<DeValue<'_>>| Node {
                at: value.span().start,
                value: of_value(value.get_ref()),
            };
            Value::List(list.iter().map(node).collect())
        }
        DeValue::Table(table) => of_table(table),
    }
}

impl Trouble {
    fn value(detail: impl fmt::Display) -> Self {
        Self {
            path: None,
            kind: Kind::Value(detail.to_string()),
        }
    }

    /// The innermost place counts.
    fn at(mut self, path: &[String]) -> Self {
        self.path.get_or_insert_with(|| path.to_vec());
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Missing(name) => write!(f, "lacks `{name}`"),
            Kind::Name(detail) | Kind::Value(detail) | Kind::Word(detail, _) => f.write_str(detail),
        }
    }
}

impl std::error::Error for Trouble {}

impl serde::de::Error for Trouble {
    fn custom<T: fmt::Display>(said: T) -> Self {
        Self::value(said)
    }

    fn invalid_type(there: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        let there = match there {
            Unexpected::Str(text) => format!("`{}`", text.chars().take(60).collect::<String>()),
            Unexpected::Unsigned(number) => number.to_string(),
            Unexpected::Signed(number) => number.to_string(),
            Unexpected::Float(number) => number.to_string(),
            Unexpected::Bool(value) => value.to_string(),
            Unexpected::Seq => "a list".to_owned(),
            Unexpected::Map => "a table".to_owned(),
            other => other.to_string(),
        };
        let wanted = match wanted.to_string().as_str() {
            "a string" => "a text in quotation marks".to_owned(),
            "a sequence" => "a list, such as `[\"a\", \"b\"]`".to_owned(),
            "u32" => "a whole number from 0 to 4294967295".to_owned(),
            wanted if wanted.starts_with("struct ") => "a table".to_owned(),
            wanted => wanted.to_owned(),
        };
        Self::value(format_args!("is {there}; write {wanted}"))
    }

    fn invalid_value(there: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::invalid_type(there, wanted)
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        let said = format!("is `{variant}`, which is none of {}", listed(known));
        let Some(meant) = alike(variant, known) else {
            return Self::value(said);
        };
        Self {
            path: None,
            kind: Kind::Word(format!("{said}; did you mean `{meant}`?"), meant),
        }
    }

    fn missing_field(name: &'static str) -> Self {
        Self {
            path: None,
            kind: Kind::Missing(name),
        }
    }
}

/// The known name that was probably meant.
pub(super) fn alike(given: &str, known: &[&'static str]) -> Option<&'static str> {
    let given = given.to_lowercase().replace('-', "_");
    let distance = |name: &&&'static str| strsim::damerau_levenshtein(&given, name);
    let nearest = known.iter().min_by_key(distance)?;
    let longer = given.chars().count().max(nearest.len());
    // A third of the letters may be wrong, or one in a short name.
    (distance(&nearest) <= (longer / 3).max(1)).then_some(*nearest)
}

/// Names for a person.
pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// One node while it is read.
struct Reading<'de> {
    node: &'de Node,
    path: Path,
    unknown: &'de RefCell<Vec<Unknown>>,
}

impl<'de> Reading<'de> {
    fn inner(&self, name: &str, node: &'de Node) -> Self {
        let mut path = self.path.clone();
        path.push(name.to_owned());
        Self {
            node,
            path,
            unknown: self.unknown,
        }
    }

    fn list<V: Visitor<'de>>(&self, list: &'de [Node], visitor: V) -> Result<V::Value, Trouble> {
        visitor.visit_seq(Elements {
            of: self,
            list: list.iter().enumerate(),
        })
    }

    fn table<V: Visitor<'de>>(&self, entries: Vec<&'de Entry>, visitor: V) -> Result<V::Value, Trouble> {
        visitor.visit_map(Fields {
            of: self,
            entries: entries.into_iter(),
            here: None,
        })
    }

    /// Numbers and truth values, of which a hole has the least.
    fn plain<V: Visitor<'de>>(self, visitor: V, of_hole: impl FnOnce(V) -> Result<V::Value, Trouble>) -> Result<V::Value, Trouble> {
        if matches!(self.node.value, Value::Hole(_)) {
            of_hole(visitor)
        } else {
            self.deserialize_any(visitor)
        }
    }
}

struct Elements<'a, 'de> {
    of: &'a Reading<'de>,
    list: std::iter::Enumerate<std::slice::Iter<'de, Node>>,
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Trouble;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Trouble> {
        let Some((index, node)) = self.list.next() else { return Ok(None) };
        let inner = self.of.inner(&index.to_string(), node);
        let path = inner.path.clone();
        seed.deserialize(inner).map(Some).map_err(|trouble| trouble.at(&path))
    }
}

struct Fields<'a, 'de> {
    of: &'a Reading<'de>,
    entries: std::vec::IntoIter<&'de Entry>,
    here: Option<&'de Entry>,
}

impl<'de> MapAccess<'de> for Fields<'_, 'de> {
    type Error = Trouble;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Trouble> {
        self.here = self.entries.next();
        let Some(entry) = self.here else { return Ok(None) };
        let name: StrDeserializer<'_, Trouble> = entry.name.as_str().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|trouble| Trouble {
            kind: Kind::Name(trouble.to_string()),
            ..trouble.at(&self.of.inner(&entry.name, &entry.node).path)
        })
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Trouble> {
        let Some(entry) = self.here.take() else {
            return Err(Trouble::value("has a value without a name"));
        };
        let inner = self.of.inner(&entry.name, &entry.node);
        let path = inner.path.clone();
        seed.deserialize(inner).map_err(|trouble| trouble.at(&path))
    }
}

/// What a hole has in each of its fields.
struct InHole<'de>(&'de RefCell<Vec<Unknown>>);

impl<'de> IntoDeserializer<'de, Trouble> for InHole<'de> {
    type Deserializer = Reading<'de>;

    fn into_deserializer(self) -> Reading<'de> {
        static HOLE: Node = Node {
            at: 0,
            value: Value::Hole(0),
        };
        Reading {
            node: &HOLE,
            path: Path::new(),
            unknown: self.0,
        }
    }
}

impl<'de> Deserializer<'de> for Reading<'de> {
    type Error = Trouble;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        match &self.node.value {
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::Boolean(value) => visitor.visit_bool(*value),
            Value::List(list) => self.list(list, visitor),
            Value::Table(entries) => self.table(entries.iter().collect(), visitor),
            Value::Hole(tried) => visitor.visit_str(STAND_INS.get(*tried).copied().unwrap_or_default()),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        match self.node.value {
            Value::Hole(_) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Trouble> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        match self.node.value {
            Value::Hole(_) => self.list(&[], visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        match self.node.value {
            Value::Hole(_) => self.table(Vec::new(), visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, known: &'static [&'static str], visitor: V) -> Result<V::Value, Trouble> {
        match &self.node.value {
            Value::Hole(_) => visitor.visit_map(MapDeserializer::new(known.iter().map(|name| (*name, InHole(self.unknown))))),
            Value::Table(entries) => {
                let (fields, others): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| known.contains(&entry.name.as_str()));
                self.unknown.borrow_mut().extend(others.into_iter().map(|entry| Unknown {
                    table: self.path.clone(),
                    name: entry.name.clone(),
                    known,
                }));
                self.table(fields, visitor)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Trouble> {
        let word = match &self.node.value {
            Value::Text(text) => text,
            Value::Hole(_) => variants.first().copied().unwrap_or_default(),
            _ => {
                let trouble = self.deserialize_str(Words(variants));
                return Err(trouble.err().unwrap_or_else(|| Trouble::value("is no word")));
            }
        };
        let word: StrDeserializer<'_, Trouble> = word.into_deserializer();
        visitor.visit_enum(word)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        self.plain(visitor, |visitor| visitor.visit_bool(false))
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        self.plain(visitor, |visitor| visitor.visit_u32(0))
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// Expects one of these words, and takes none.
struct Words(&'static [&'static str]);

impl Visitor<'_> for Words {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", listed(self.0))
    }
}
