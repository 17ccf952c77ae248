//! A role, and where it is held, on the command line.

use anyhow::{bail, ensure};
use clap::{Args, ValueEnum};
use domain::{
    access::{Grants, Role},
    words::PortalId,
};

use super::{data::Data, terminal::shown};
use crate::provider::GroupGrant;

/// A role, as a word on the command line.
#[derive(Clone, Copy, ValueEnum)]
enum RoleWord {
    Viewer,
    Editor,
    Publisher,
    Admin,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Viewer => Self::Viewer,
            RoleWord::Editor => Self::Editor,
            RoleWord::Publisher => Self::Publisher,
            RoleWord::Admin => Self::Admin,
        }
    }
}

/// A role, and the portals on which it is held.
#[derive(Args)]
pub(super) struct Granted {
    #[arg(long, value_name = "ROLE")]
    role: RoleWord,
    #[command(flatten)]
    portals: Portals,
}

/// What a group gives: `GROUP=ROLE`, or `GROUP=ROLE@PORTAL,PORTAL`. The name of a group may have any character.
///
/// # Errors
/// What is wrong with it.
pub(super) fn group_grant(text: &str) -> Result<GroupGrant, String> {
    let (group, given) = text
        .rsplit_once('=')
        .ok_or("is not of the form GROUP=ROLE or GROUP=ROLE@PORTAL,PORTAL")?;
    if group.is_empty() {
        return Err("names no group".to_owned());
    }
    let (role, portals) = given.split_once('@').map_or((given, None), |(role, portals)| (role, Some(portals)));
    let role: Role = RoleWord::from_str(role, false)
        .map_err(|_| format!("`{}` is no role; there are viewer, editor, publisher and admin", shown(role)))?
        .into();
    let grants = match portals {
        None => role.into(),
        Some(portals) => {
            let portal = |id| PortalId::parse(id).map_err(|_| format!("`{}` is no id of a portal", shown(id)));
            Grants::on(role, portals.split(',').map(portal).collect::<Result<Vec<_>, _>>()?)
        }
    };
    Ok(GroupGrant {
        group: group.to_owned(),
        grants,
    })
}

/// Portals, or all of them.
#[derive(Args)]
pub(super) struct Portals {
    /// Only on this portal; may be given several times. Left out: on all portals.
    #[arg(long = "portal", value_name = "ID")]
    portals: Vec<String>,
}

/// The same, with portals that there are; none: all of them.
pub(super) struct Grant {
    role: Role,
    portals: Vec<PortalId>,
}

impl Granted {
    /// Sees whether the catalogue has the portals.
    pub(super) async fn known(self, data: &Data) -> anyhow::Result<Grant> {
        Ok(Grant {
            role: self.role.into(),
            portals: self.portals.known(data).await?,
        })
    }
}

impl Grant {
    /// What somebody holds with this who holds `held` already.
    pub(super) fn added_to(self, held: Grants) -> Grants {
        let Self { role, portals } = self;
        if portals.is_empty() {
            return held.without(None).and(role, None);
        }
        let anew = |held: Grants, portal: PortalId| held.without(Some(&portal)).and(role, Some(portal));
        portals.into_iter().fold(held, anew)
    }
}

impl Portals {
    /// What somebody still holds who holds nothing there any more.
    pub(super) fn taken_from(&self, held: Grants) -> anyhow::Result<Grants> {
        if self.portals.is_empty() {
            ensure!(
                held.everywhere().is_some(),
                "they hold no role on all portals; name the portals with --portal"
            );
            return Ok(held.without(None));
        }
        self.portals.iter().try_fold(held, |held, portal| {
            let is_held = held.portals().any(|(id, _)| id.as_str() == portal);
            ensure!(is_held, "they hold no role on `{}` in particular", shown(portal));
            Ok(held.without(PortalId::parse(portal).ok().as_ref()))
        })
    }

    /// The portals, each of which the catalogue has.
    async fn known(&self, data: &Data) -> anyhow::Result<Vec<PortalId>> {
        if self.portals.is_empty() {
            return Ok(Vec::new());
        }
        let publisher = data.publisher().await?;
        let (state, _) = publisher.present();
        let known = &state.catalogue().portals;
        let mut portals = Vec::new();
        for given in &self.portals {
            match known.iter().find(|portal| portal.id.as_str() == given) {
                Some(portal) => portals.push(portal.id.clone()),
                None if known.is_empty() => {
                    bail!("there are no portals yet; load a catalogue first, with `umleitung catalogue apply FILE`")
                }
                None => {
                    let known: Vec<&str> = known.iter().map(|portal| portal.id.as_str()).collect();
                    bail!("there is no portal `{}`; there are: {}", shown(given), known.join(", "));
                }
            }
        }
        Ok(portals)
    }
}

/// Grants for people to read: `publisher`, or `editor on town, county`.
pub(super) fn worded(grants: &Grants) -> String {
    let of = |role: Role| {
        let portals: Vec<&str> = grants
            .portals()
            .filter(|(_, held)| *held == role)
            .map(|(portal, _)| portal.as_str())
            .collect();
        (!portals.is_empty()).then(|| format!("{} on {}", role.word(), portals.join(", ")))
    };
    let everywhere = grants.everywhere().map(|role| role.word().to_owned());
    let all: Vec<String> = everywhere.into_iter().chain(Role::ALL.into_iter().rev().filter_map(of)).collect();
    if all.is_empty() { "no role".to_owned() } else { all.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_group_gives_is_read_behind_the_last_equals_sign() {
        let portals = |ids: &[&str]| ids.iter().map(|id| PortalId::parse(id).unwrap()).collect::<Vec<_>>();
        for (text, group, grants) in [
            ("ops=publisher", "ops", Role::Publisher.into()),
            (
                "/Stadt/Presse=editor@town",
                "/Stadt/Presse",
                Grants::on(Role::Editor, portals(&["town"])),
            ),
            (
                "cn=ops,ou=it=admin@town,county",
                "cn=ops,ou=it",
                Grants::on(Role::Admin, portals(&["town", "county"])),
            ),
            ("a@b=viewer", "a@b", Role::Viewer.into()),
        ] {
            let group = group.to_owned();
            assert_eq!(group_grant(text), Ok(GroupGrant { group, grants }), "{text}");
        }
        for bad in [
            "ops",
            "=admin",
            "ops=",
            "ops=Admin",
            "ops=root",
            "ops=admin@",
            "ops=admin@town,",
            "ops=admin@To wn",
        ] {
            assert!(group_grant(bad).is_err(), "{bad}");
        }
    }
}
