//! One entry of a catalogue, of whichever list.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    model::{Catalogue, Channel, Portal, Procedure, Service, Template},
    probe::Probe,
    rule::Rule,
};
use crate::words::{Fault, Faults};

/// One of the lists of a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    Portal,
    Service,
    Channel,
    Procedure,
    Template,
    Rule,
    Probe,
}

impl PartKind {
    /// All that there are, in the order of a catalogue file.
    pub const ALL: [Self; 7] = [
        Self::Portal,
        Self::Service,
        Self::Channel,
        Self::Procedure,
        Self::Template,
        Self::Rule,
        Self::Probe,
    ];

    /// What its list is called in a catalogue file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Service => "service",
            Self::Channel => "channel",
            Self::Procedure => "procedure",
            Self::Template => "template",
            Self::Rule => "rule",
            Self::Probe => "probe",
        }
    }
}

impl fmt::Display for PartKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for PartKind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// One entry of a catalogue. Written as what it holds, without a word of its kind, which the reader knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CataloguePart"))]
#[serde(untagged)]
pub enum Part {
    Portal(Box<Portal>),
    Service(Box<Service>),
    Channel(Box<Channel>),
    Procedure(Box<Procedure>),
    Template(Box<Template>),
    Rule(Box<Rule>),
    Probe(Box<Probe>),
}

impl Part {
    /// In which list it stands.
    pub const fn kind(&self) -> PartKind {
        match self {
            Self::Portal(_) => PartKind::Portal,
            Self::Service(_) => PartKind::Service,
            Self::Channel(_) => PartKind::Channel,
            Self::Procedure(_) => PartKind::Procedure,
            Self::Template(_) => PartKind::Template,
            Self::Rule(_) => PartKind::Rule,
            Self::Probe(_) => PartKind::Probe,
        }
    }

    /// Its id, by which it is known within its list.
    pub fn id(&self) -> &str {
        match self {
            Self::Portal(portal) => portal.id.as_str(),
            Self::Service(service) => service.id.as_str(),
            Self::Channel(channel) => channel.id.as_str(),
            Self::Procedure(procedure) => procedure.id.as_str(),
            Self::Template(template) => template.id.as_str(),
            Self::Rule(rule) => rule.id.as_str(),
            Self::Probe(probe) => probe.id.as_str(),
        }
    }
}

/// Puts an entry where the one of this id stands, or behind all others.
fn put<T>(list: &mut Vec<T>, part: T, place: Option<usize>) {
    match place.and_then(|place| list.get_mut(place)) {
        Some(known) => *known = part,
        None => list.push(part),
    }
}

impl Catalogue {
    /// The ids of a list, in its order.
    pub fn ids(&self, kind: PartKind) -> Vec<&str> {
        match kind {
            PartKind::Portal => self.portals.iter().map(|part| part.id.as_str()).collect(),
            PartKind::Service => self.services.iter().map(|part| part.id.as_str()).collect(),
            PartKind::Channel => self.channels.iter().map(|part| part.id.as_str()).collect(),
            PartKind::Procedure => self.procedures.iter().map(|part| part.id.as_str()).collect(),
            PartKind::Template => self.templates.iter().map(|part| part.id.as_str()).collect(),
            PartKind::Rule => self.rules.iter().map(|part| part.id.as_str()).collect(),
            PartKind::Probe => self.probes.iter().map(|part| part.id.as_str()).collect(),
        }
    }

    fn place(&self, kind: PartKind, id: &str) -> Option<usize> {
        self.ids(kind).iter().position(|known| *known == id)
    }

    /// One entry.
    pub fn part(&self, kind: PartKind, id: &str) -> Option<Part> {
        let place = self.place(kind, id)?;
        Some(match kind {
            PartKind::Portal => Part::Portal(Box::new(self.portals.get(place)?.clone())),
            PartKind::Service => Part::Service(Box::new(self.services.get(place)?.clone())),
            PartKind::Channel => Part::Channel(Box::new(self.channels.get(place)?.clone())),
            PartKind::Procedure => Part::Procedure(Box::new(self.procedures.get(place)?.clone())),
            PartKind::Template => Part::Template(Box::new(self.templates.get(place)?.clone())),
            PartKind::Rule => Part::Rule(Box::new(self.rules.get(place)?.clone())),
            PartKind::Probe => Part::Probe(Box::new(self.probes.get(place)?.clone())),
        })
    }

    /// Whether one place of a list holds what another place of the same list holds in another catalogue.
    pub(crate) fn is_same(&self, other: &Self, kind: PartKind, place: usize, there: usize) -> bool {
        match kind {
            PartKind::Portal => self.portals.get(place) == other.portals.get(there),
            PartKind::Service => self.services.get(place) == other.services.get(there),
            PartKind::Channel => self.channels.get(place) == other.channels.get(there),
            PartKind::Procedure => self.procedures.get(place) == other.procedures.get(there),
            PartKind::Template => self.templates.get(place) == other.templates.get(there),
            PartKind::Rule => self.rules.get(place) == other.rules.get(there),
            PartKind::Probe => self.probes.get(place) == other.probes.get(there),
        }
    }

    /// This one with an entry in the place of the one of its id; new ones come last.
    #[must_use]
    pub(crate) fn with(mut self, part: Part) -> Self {
        let place = self.place(part.kind(), part.id());
        match part {
            Part::Portal(part) => put(&mut self.portals, *part, place),
            Part::Service(part) => put(&mut self.services, *part, place),
            Part::Channel(part) => put(&mut self.channels, *part, place),
            Part::Procedure(part) => put(&mut self.procedures, *part, place),
            Part::Template(part) => put(&mut self.templates, *part, place),
            Part::Rule(part) => put(&mut self.rules, *part, place),
            Part::Probe(part) => put(&mut self.probes, *part, place),
        }
        self
    }

    /// This one without an entry.
    #[must_use]
    pub(crate) fn without(mut self, kind: PartKind, id: &str) -> Self {
        match kind {
            PartKind::Portal => self.portals.retain(|part| part.id.as_str() != id),
            PartKind::Service => self.services.retain(|part| part.id.as_str() != id),
            PartKind::Channel => self.channels.retain(|part| part.id.as_str() != id),
            PartKind::Procedure => self.procedures.retain(|part| part.id.as_str() != id),
            PartKind::Template => self.templates.retain(|part| part.id.as_str() != id),
            PartKind::Rule => self.rules.retain(|part| part.id.as_str() != id),
            PartKind::Probe => self.probes.retain(|part| part.id.as_str() != id),
        }
        self
    }

    /// Faults of this catalogue as they are told to whoever changed one entry of it: `/service/3/requires/0` is `/requires/0` where it is that
    /// entry's own, and else `/service/kfz-zulassung/requires/0`.
    pub(crate) fn told_of(&self, kind: PartKind, id: &str, faults: Faults) -> Faults {
        let mut told = Faults::default();
        for Fault { pointer, code, detail } in faults.into_vec() {
            told.add(self.pointer_from(kind, id, &pointer), code, detail);
        }
        told
    }

    fn pointer_from(&self, kind: PartKind, id: &str, pointer: &str) -> String {
        let mut steps = pointer.splitn(4, '/').skip(1);
        let list = steps.next().and_then(|word| word.parse::<PartKind>().ok());
        let place = steps.next().and_then(|place| place.parse::<usize>().ok());
        let Some((list, its_id)) = list.zip(place).and_then(|(list, place)| Some((list, *self.ids(list).get(place)?))) else {
            return pointer.to_owned();
        };
        let within = steps.next().map(|rest| format!("/{rest}")).unwrap_or_default();
        if (list, its_id) == (kind, id) {
            within
        } else {
            format!("/{list}/{its_id}{within}")
        }
    }
}
