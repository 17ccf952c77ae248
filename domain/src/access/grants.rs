//! Grants: a role on all portals, or on some.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Role;
use crate::words::PortalId;

/// The roles that somebody holds. Those on all portals count on each of them, and on whatever belongs to none in particular.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "Vec<Grant>"))]
#[serde(from = "Vec<Grant>", into = "Vec<Grant>")]
pub struct Grants {
    everywhere: Option<Role>,
    portals: BTreeMap<PortalId, Role>,
}

/// One role and where it is held, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grant {
    pub role: Role,
    /// `None`: on all portals, those included that come later, and on the server as a whole.
    pub portals: Option<BTreeSet<PortalId>>,
}

/// Where something is done.
#[derive(Clone, Copy, Debug)]
pub enum Where<'a> {
    /// On the server as a whole.
    Everywhere,
    /// Wherever the role is held: the first question of several, or about what belongs to everybody.
    Somewhere,
    /// On this portal.
    On(&'a PortalId),
    /// On each of these portals at once, as with a change that shows on all of them.
    OnEach(&'a BTreeSet<PortalId>),
    /// On at least one of these portals, as with reading what concerns them all.
    OnOne(&'a BTreeSet<PortalId>),
}

impl Grants {
    /// A role on these portals only.
    pub fn on(role: Role, portals: impl IntoIterator<Item = PortalId>) -> Self {
        let portals = portals.into_iter().map(|portal| (portal, role)).collect();
        Self { everywhere: None, portals }
    }

    /// These and one more; of two roles on one portal the higher one counts.
    #[must_use]
    pub fn and(mut self, role: Role, portal: Option<PortalId>) -> Self {
        match portal {
            None => self.everywhere = self.everywhere.max(Some(role)),
            Some(portal) => {
                let held = self.portals.entry(portal).or_insert(role);
                *held = role.max(*held);
            }
        }
        self
    }

    /// These without the role on that portal; `None`: without the one on all portals.
    #[must_use]
    pub fn without(mut self, portal: Option<&PortalId>) -> Self {
        match portal {
            None => self.everywhere = None,
            Some(portal) => drop(self.portals.remove(portal)),
        }
        self
    }

    /// The role on all portals.
    pub const fn everywhere(&self) -> Option<Role> {
        self.everywhere
    }

    /// The roles on single portals, in the order of their ids.
    pub fn portals(&self) -> impl Iterator<Item = (&PortalId, Role)> {
        self.portals.iter().map(|(portal, role)| (portal, *role))
    }

    /// The highest role that is held anywhere; `None`: no role at all.
    pub fn highest(&self) -> Option<Role> {
        self.everywhere.max(self.portals.values().copied().max())
    }

    /// The role on one portal.
    fn on_portal(&self, portal: &PortalId) -> Option<Role> {
        self.everywhere.max(self.portals.get(portal).copied())
    }

    /// Whether this role, or a higher one, is held there. What is on no portal at all is the whole server's.
    pub fn may(&self, role: Role, place: Where<'_>) -> bool {
        let has = |held: Option<Role>| held >= Some(role);
        match place {
            Where::Somewhere => has(self.highest()),
            Where::Everywhere => has(self.everywhere),
            Where::On(portal) => has(self.on_portal(portal)),
            Where::OnEach(portals) | Where::OnOne(portals) if portals.is_empty() => has(self.everywhere),
            Where::OnEach(portals) => portals.iter().all(|portal| has(self.on_portal(portal))),
            Where::OnOne(portals) => portals.iter().any(|portal| has(self.on_portal(portal))),
        }
    }

    /// Whether whoever holds these may manage whoever holds `others`: an administrator of all that the others reach.
    pub fn may_manage(&self, others: &Self) -> bool {
        let portals = others.portals.keys().cloned().collect();
        let place = if others.everywhere.is_some() {
            Where::Everywhere
        } else {
            Where::OnEach(&portals)
        };
        self.may(Role::Admin, place)
    }
}

impl From<Role> for Grants {
    /// The role on all portals.
    fn from(role: Role) -> Self {
        Self {
            everywhere: Some(role),
            portals: BTreeMap::new(),
        }
    }
}

impl From<Vec<Grant>> for Grants {
    fn from(grants: Vec<Grant>) -> Self {
        grants.into_iter().fold(Self::default(), |held, grant| match grant.portals {
            None => held.and(grant.role, None),
            Some(portals) => portals.into_iter().fold(held, |held, portal| held.and(grant.role, Some(portal))),
        })
    }
}

impl From<Grants> for Vec<Grant> {
    /// The widest first; of those on some portals the highest role first.
    fn from(grants: Grants) -> Self {
        let mut of_role: BTreeMap<Role, BTreeSet<PortalId>> = BTreeMap::new();
        for (portal, role) in grants.portals {
            of_role.entry(role).or_default().insert(portal);
        }
        let everywhere = grants.everywhere.map(|role| Grant { role, portals: None });
        let on_some = of_role.into_iter().rev().map(|(role, portals)| Grant {
            role,
            portals: Some(portals),
        });
        everywhere.into_iter().chain(on_some).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portals(ids: &[&str]) -> BTreeSet<PortalId> {
        ids.iter().map(|id| PortalId::parse(id).unwrap()).collect()
    }

    /// For each grant: whether it is enough for a publisher on the whole server, on each of two portals, on one of them, on each of none.
    #[test]
    fn a_role_counts_where_it_is_held() {
        let on = |role, ids: &[&str]| Grants::on(role, portals(ids));
        let town = || PortalId::parse("town").unwrap();
        for (grants, expected) in [
            (Grants::default(), [false, false, false, false]),
            (Grants::from(Role::Editor), [false, false, false, false]),
            (Grants::from(Role::Publisher), [true, true, true, true]),
            (Grants::from(Role::Admin), [true, true, true, true]),
            (on(Role::Publisher, &["town"]), [false, false, true, false]),
            (on(Role::Editor, &["town", "county"]), [false, false, false, false]),
            (on(Role::Admin, &["town", "county"]), [false, true, true, false]),
            (on(Role::Admin, &["village"]), [false, false, false, false]),
            (
                on(Role::Publisher, &["town"]).and(Role::Editor, PortalId::parse("county").ok()),
                [false, false, true, false],
            ),
            (
                Grants::from(Role::Viewer).and(Role::Publisher, Some(town())),
                [false, false, true, false],
            ),
            (
                on(Role::Viewer, &["town"])
                    .and(Role::Publisher, None)
                    .and(Role::Viewer, Some(town())),
                [true, true, true, true],
            ),
        ] {
            let (both, none) = (portals(&["county", "town"]), portals(&[]));
            let places = [Where::Everywhere, Where::OnEach(&both), Where::OnOne(&both), Where::OnEach(&none)];
            let found = places.map(|place| grants.may(Role::Publisher, place));
            assert_eq!(found, expected, "{grants:?}");
            assert_eq!(
                grants.may(Role::Publisher, Where::OnOne(&none)),
                expected[0],
                "what is nobody's in particular: {grants:?}"
            );
        }
    }

    #[test]
    fn people_are_managed_by_those_who_manage_all_that_they_reach() {
        let on = |role, ids: &[&str]| Grants::on(role, portals(ids));
        for (grants, others, expected) in [
            (Grants::from(Role::Admin), Grants::from(Role::Admin), true),
            (Grants::from(Role::Admin), on(Role::Viewer, &["town"]), true),
            (Grants::from(Role::Publisher), on(Role::Viewer, &["town"]), false),
            (on(Role::Admin, &["town"]), on(Role::Admin, &["town"]), true),
            (on(Role::Admin, &["town"]), on(Role::Viewer, &["town", "county"]), false),
            (on(Role::Admin, &["town"]), Grants::from(Role::Viewer), false),
            (on(Role::Admin, &["town"]), Grants::default(), false),
            (on(Role::Publisher, &["town"]), on(Role::Viewer, &["town"]), false),
        ] {
            assert_eq!(grants.may_manage(&others), expected, "{grants:?} {others:?}");
        }
    }

    #[test]
    fn grants_are_told_by_role() {
        let county = PortalId::parse("county").unwrap();
        let grants = Grants::on(Role::Editor, portals(&["town", "village"])).and(Role::Publisher, Some(county));
        let told = r#"[{"role":"publisher","portals":["county"]},{"role":"editor","portals":["town","village"]}]"#;
        assert_eq!(serde_json::to_string(&grants).unwrap(), told);
        assert_eq!(serde_json::from_str::<Grants>(told).unwrap(), grants);
        let told = r#"[{"role":"viewer","portals":null}]"#;
        assert_eq!(serde_json::to_string(&Grants::from(Role::Viewer)).unwrap(), told);
        assert_eq!(serde_json::from_str::<Grants>(told).unwrap(), Grants::from(Role::Viewer));
    }
}
