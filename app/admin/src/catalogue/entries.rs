//! The entries of a catalogue by name, and which of them name another.

use domain::catalogue::{Catalogue, PartKind};

use crate::desk::Desk;

/// The ids of a list with their names, in its order.
pub(super) fn names(catalogue: &Catalogue, kind: PartKind) -> Vec<(String, String)> {
    let texts: Vec<String> = match kind {
        PartKind::Portal => catalogue.portals.iter().map(|part| Desk::text(&part.name)).collect(),
        PartKind::Service => catalogue.services.iter().map(|part| Desk::text(&part.name)).collect(),
        PartKind::Channel => catalogue
            .channels
            .iter()
            .map(|part| format!("{}, {}", Desk::text(&part.name), part.value))
            .collect(),
        PartKind::Procedure => catalogue.procedures.iter().map(|part| Desk::text(&part.name)).collect(),
        PartKind::Template => catalogue.templates.iter().map(|part| Desk::text(&part.name)).collect(),
    };
    catalogue.ids(kind).into_iter().map(str::to_owned).zip(texts).collect()
}

/// Which entries name one, as links.
pub(super) fn users(catalogue: &Catalogue, kind: PartKind, id: &str) -> Vec<(PartKind, String, String)> {
    let names_it = |value: &serde_json::Value, fields: &[&str]| {
        let lists = fields.iter().filter_map(|field| value.get(field)?.as_array());
        lists.flatten().any(|named| named.as_str() == Some(id))
    };
    let fields: &[(PartKind, &[&str])] = match kind {
        PartKind::Service => &[(PartKind::Portal, &["services"]), (PartKind::Service, &["requires", "uses"])],
        PartKind::Channel => &[(PartKind::Service, &["channels"])],
        PartKind::Procedure => &[(PartKind::Service, &["procedures"])],
        PartKind::Portal | PartKind::Template => &[],
    };
    let mut users = Vec::new();
    for (of, fields) in fields {
        for (user, name) in names(catalogue, *of) {
            let value = catalogue.part(*of, &user).and_then(|part| serde_json::to_value(part).ok());
            if value.is_some_and(|value| names_it(&value, fields)) {
                users.push((*of, user, name));
            }
        }
    }
    users
}
