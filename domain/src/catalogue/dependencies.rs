//! Who feels whose trouble: the catalogue's dependencies, followed to their ends.

use std::collections::{BTreeMap, BTreeSet};

use wire::{Severity, Status};

use super::model::Service;
use crate::words::ServiceId;

/// How much of a trouble arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// `degraded` at most: somewhere on the way it is only *used*.
    Softened,
    /// With the same severity: it is *required* all the way.
    Full,
}

impl Reach {
    /// What a status becomes on this way.
    pub fn soften(self, status: Status) -> Status {
        match self {
            Self::Full => status,
            Self::Softened => status.min(Status::Degraded),
        }
    }

    /// What a severity becomes on this way.
    pub fn soften_severity(self, severity: Severity) -> Severity {
        match self {
            Self::Full => severity,
            Self::Softened => severity.min(Severity::Degraded),
        }
    }
}

/// For each service, all services that its trouble reaches, itself included.
#[derive(Clone, Debug, Default)]
pub struct Dependents(BTreeMap<ServiceId, BTreeMap<ServiceId, Reach>>);

impl Dependents {
    /// Follows the dependencies of a catalogue. Unknown names and cycles do no harm here; the catalogue's check refuses them.
    pub fn of(services: &[Service]) -> Self {
        let mut direct: BTreeMap<&ServiceId, Vec<(&ServiceId, Reach)>> = BTreeMap::new();
        for service in services {
            let required = service.requires.iter().map(|id| (id, Reach::Full));
            let used = service.uses.iter().map(|id| (id, Reach::Softened));
            for (id, reach) in required.chain(used) {
                direct.entry(id).or_default().push((&service.id, reach));
            }
        }
        Self(
            services
                .iter()
                .map(|service| (service.id.clone(), reached(&service.id, &direct)))
                .collect(),
        )
    }

    /// The services that trouble in this one reaches, itself included.
    pub fn of_service(&self, id: &ServiceId) -> impl Iterator<Item = (&ServiceId, Reach)> {
        self.0.get(id).into_iter().flatten().map(|(id, reach)| (id, *reach))
    }

    /// How much of the trouble of `root` reaches `service`; `None`: nothing.
    pub fn reach(&self, root: &ServiceId, service: &ServiceId) -> Option<Reach> {
        self.0.get(root)?.get(service).copied()
    }
}

fn reached(root: &ServiceId, direct: &BTreeMap<&ServiceId, Vec<(&ServiceId, Reach)>>) -> BTreeMap<ServiceId, Reach> {
    let mut best = BTreeMap::from([(root.clone(), Reach::Full)]);
    let mut open = vec![(root, Reach::Full)];
    while let Some((id, so_far)) = open.pop() {
        for (dependent, reach) in direct.get(id).into_iter().flatten() {
            let reach = so_far.min(*reach);
            if best.get(*dependent).is_none_or(|known| *known < reach) {
                best.insert((*dependent).clone(), reach);
                open.push((dependent, reach));
            }
        }
    }
    best
}

/// One dependency cycle, as the chain of services that leads back to its first, if there is any.
pub(crate) fn cycle(services: &[Service]) -> Option<Vec<&ServiceId>> {
    let needs: BTreeMap<&ServiceId, Vec<&ServiceId>> = services
        .iter()
        .map(|service| (&service.id, service.requires.iter().chain(&service.uses).collect()))
        .collect();
    let mut done = BTreeSet::new();
    for service in services {
        // Each frame: a service and how many of its needs were followed.
        let mut path: Vec<(&ServiceId, usize)> = vec![(&service.id, 0)];
        while let Some((id, followed)) = path.last_mut() {
            let id = *id;
            let Some(next) = needs
                .get(id)
                .and_then(|needs| needs.get(*followed))
                .copied()
                .filter(|_| !done.contains(id))
            else {
                done.insert(id);
                path.pop();
                continue;
            };
            *followed += 1;
            if let Some(start) = path.iter().position(|(on_path, _)| *on_path == next) {
                return Some(path[start..].iter().map(|(id, _)| *id).chain([next]).collect());
            }
            path.push((next, 0));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Localized;

    fn id(name: &str) -> ServiceId {
        ServiceId::parse(name).unwrap()
    }

    fn service(name: &str, requires: &[&str], uses: &[&str]) -> Service {
        let ids = |names: &[&str]| names.iter().map(|name| id(name)).collect();
        Service {
            id: id(name),
            name: Localized::default(),
            requires: ids(requires),
            uses: ids(uses),
            channels: vec![],
            procedures: vec![],
            usual_minutes: None,
            availability: None,
            responsible: Localized::default(),
            owner: None,
            prerequisites: Localized::default(),
        }
    }

    #[test]
    fn trouble_travels_and_is_softened_where_a_service_is_only_used() {
        let dependents = Dependents::of(&[
            service("base", &[], &[]),
            service("login", &["base"], &[]),
            service("car", &["login"], &["pay"]),
            service("pay", &["base"], &[]),
            service("dog", &[], &["login"]),
        ]);
        let reach = |root: &str, service: &str| dependents.reach(&id(root), &id(service));
        assert_eq!(reach("base", "car"), Some(Reach::Full));
        assert_eq!(reach("pay", "car"), Some(Reach::Softened));
        assert_eq!(reach("base", "dog"), Some(Reach::Softened));
        assert_eq!(reach("car", "base"), None);
        assert_eq!(Reach::Softened.soften(Status::Outage), Status::Degraded);
        assert_eq!(Reach::Softened.soften(Status::Maintenance), Status::Maintenance);
    }

    #[test]
    fn a_cycle_is_named() {
        let services = [service("a", &["b"], &[]), service("b", &[], &["c"]), service("c", &["b"], &[])];
        assert_eq!(cycle(&services), Some(vec![&id("b"), &id("c"), &id("b")]));
        assert_eq!(
            cycle(&[service("a", &["b"], &[]), service("b", &[], &[]), service("c", &["a", "b"], &[])]),
            None
        );
    }
}
