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
        PartKind::Rule => catalogue.rules.iter().map(|part| Desk::text(&part.name)).collect(),
        PartKind::Probe => catalogue.probes.iter().map(|part| Desk::text(&part.name)).collect(),
    };
    catalogue.ids(kind).into_iter().map(str::to_owned).zip(texts).collect()
}

/// Which entries name one.
pub(super) fn users(catalogue: &Catalogue, kind: PartKind, id: &str) -> Vec<(PartKind, String, String)> {
    let portals = catalogue.portals.iter().map(|portal| {
        let is_named = kind == PartKind::Service && portal.services.iter().any(|service| service.as_str() == id);
        (PartKind::Portal, portal.id.as_str(), Desk::text(&portal.name), is_named)
    });
    let services = catalogue.services.iter().map(|service| {
        let is_named = match kind {
            PartKind::Service => service.requires.iter().chain(&service.uses).any(|other| other.as_str() == id),
            PartKind::Channel => service.channels.iter().any(|channel| channel.as_str() == id),
            PartKind::Procedure => service.procedures.iter().any(|procedure| procedure.as_str() == id),
            PartKind::Portal | PartKind::Template | PartKind::Rule | PartKind::Probe => false,
        };
        (PartKind::Service, service.id.as_str(), Desk::text(&service.name), is_named)
    });
    let templates = catalogue.templates.iter().map(|template| {
        let notice = &template.notice;
        let is_named = match kind {
            PartKind::Portal => notice.portals.iter().any(|portal| portal.as_str() == id),
            PartKind::Service => notice.services.iter().any(|service| service.as_str() == id),
            PartKind::Channel => notice.channels.iter().flatten().any(|channel| channel.as_str() == id),
            PartKind::Procedure => notice.procedures.iter().flatten().any(|procedure| procedure.as_str() == id),
            PartKind::Template | PartKind::Rule | PartKind::Probe => false,
        };
        (PartKind::Template, template.id.as_str(), Desk::text(&template.name), is_named)
    });
    let rules = catalogue.rules.iter().map(|rule| {
        let is_named = kind == PartKind::Template && rule.template.as_str() == id;
        (PartKind::Rule, rule.id.as_str(), Desk::text(&rule.name), is_named)
    });
    let probes = catalogue.probes.iter().map(|probe| {
        let is_named = kind == PartKind::Service && probe.service.as_ref().is_some_and(|service| service.as_str() == id);
        (PartKind::Probe, probe.id.as_str(), Desk::text(&probe.name), is_named)
    });
    let all = portals
        .chain(services)
        .chain(templates)
        .chain(rules)
        .chain(probes)
        .filter(|(.., is_named)| *is_named);
    all.map(|(kind, id, name, _)| (kind, id.to_owned(), name)).collect()
}
