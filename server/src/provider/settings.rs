//! What an operator says of a provider, and what groups give there.

use std::fmt;

use domain::{access::Grants, words::PortalId};
use url::{Host, Url};

/// A secret that stands in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderSecret(String);

impl ProviderSecret {
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for ProviderSecret {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl fmt::Debug for ProviderSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(secret)")
    }
}

/// What whoever is in a group may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupGrant {
    /// As the provider writes it.
    pub group: String,
    pub grants: Grants,
}

/// A provider, as the operator describes it.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// How it names itself, to the letter.
    pub issuer: String,
    /// How it knows this server.
    pub client_id: String,
    /// By what it knows this server; `None`: it asks for nothing of the kind.
    pub client_secret: Option<ProviderSecret>,
    /// What people call it.
    pub name: String,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// The claim that tells in which groups somebody is.
    pub groups_claim: String,
    pub grants: Vec<GroupGrant>,
}

impl ProviderSettings {
    /// What somebody may do who is in these groups: of two roles in one place the higher one counts.
    pub(super) fn grants_of(&self, groups: &[String]) -> Grants {
        let given = self.grants.iter().filter(|given| groups.contains(&given.group));
        given.fold(Grants::default(), |held, given| {
            let held = given.grants.everywhere().map_or(held.clone(), |role| held.and(role, None));
            let portals = given.grants.portals();
            portals.fold(held, |held, (portal, role)| held.and(role, Some(portal.clone())))
        })
    }

    /// The portals on which groups give something.
    pub(crate) fn portals(&self) -> impl Iterator<Item = &PortalId> {
        self.grants
            .iter()
            .flat_map(|given| given.grants.portals())
            .map(|(portal, _)| portal)
    }
}

/// Whether something may be sent there: over TLS, or within this machine.
pub(crate) fn is_safe(place: &Url) -> bool {
    let is_here = match place.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match place.scheme() {
        "https" => true,
        "http" => is_here,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use domain::access::Role;

    use super::*;

    #[test]
    fn of_several_groups_the_higher_role_counts_on_each_portal() {
        let portal = |id: &str| PortalId::parse(id).unwrap();
        let given = |group: &str, grants: Grants| GroupGrant {
            group: group.to_owned(),
            grants,
        };
        let settings = ProviderSettings {
            issuer: "https://id.example".to_owned(),
            client_id: "umleitung".to_owned(),
            client_secret: Some(ProviderSecret::from("geheim".to_owned())),
            name: "id.example".to_owned(),
            scopes: Vec::new(),
            groups_claim: "groups".to_owned(),
            grants: vec![
                given("town", Grants::on(Role::Editor, [portal("town")])),
                given("press", Grants::on(Role::Publisher, [portal("town"), portal("county")])),
                given("all", Role::Viewer.into()),
                given("all", Grants::on(Role::Admin, [portal("county")])),
            ],
        };
        assert!(!format!("{settings:?}").contains("geheim"));
        let of = |groups: &[&str]| settings.grants_of(&groups.iter().map(|&group| group.to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["Town", "", "none"]), Grants::default());
        assert_eq!(of(&["town"]), Grants::on(Role::Editor, [portal("town")]));
        let expected = Grants::on(Role::Publisher, [portal("town")])
            .and(Role::Admin, Some(portal("county")))
            .and(Role::Viewer, None);
        assert_eq!(of(&["all", "press", "town", "town"]), expected);
    }
}
