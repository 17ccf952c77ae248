//! The names in a catalogue, and whether others name what it has.

use std::collections::BTreeSet;

use super::model::Catalogue;
use crate::{
    text::{Localized, Shape},
    words::{Code, Faults},
};

/// The names that a catalogue defines.
pub(crate) struct Known<'a> {
    pub(crate) services: BTreeSet<&'a str>,
    pub(crate) portals: BTreeSet<&'a str>,
    pub(crate) channels: BTreeSet<&'a str>,
    pub(crate) procedures: BTreeSet<&'a str>,
    pub(crate) voice_channels: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    pub(crate) fn of(catalogue: &'a Catalogue) -> Self {
        Self {
            services: catalogue.services.iter().map(|x| x.id.as_str()).collect(),
            portals: catalogue.portals.iter().map(|x| x.id.as_str()).collect(),
            channels: catalogue.channels.iter().map(|x| x.id.as_str()).collect(),
            procedures: catalogue.procedures.iter().map(|x| x.id.as_str()).collect(),
            voice_channels: catalogue
                .channels
                .iter()
                .filter(|x| x.kind.needs_voice())
                .map(|x| x.id.as_str())
                .collect(),
        }
    }
}

/// Reports names that stand in a list twice or that nothing is called.
pub(crate) fn check_names<'a>(names: impl Iterator<Item = &'a str>, known: &BTreeSet<&str>, what: &str, at: &str, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for (i, name) in names.enumerate() {
        if !known.contains(name) {
            faults.add(
                format!("{at}/{i}"),
                Code::NotInCatalogue,
                format!("names the {what} `{name}`, which the catalogue does not have"),
            );
        } else if !seen.insert(name) {
            faults.add(
                format!("{at}/{i}"),
                Code::Repeated,
                format!("names `{name}` a second time; once is enough"),
            );
        }
    }
}

/// Reports what is wrong with what something is called.
pub(crate) fn check_name(name: &Localized, at: &str, faults: &mut Faults) {
    if name.is_empty() {
        faults.add(at, Code::Empty, "has no text in any language; write at least one");
    }
    name.check(at, Shape::Line, faults);
}
