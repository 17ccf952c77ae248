//! Grants. They lie with the accounts, so that a right ends in the same change as whatever it rests on.

use domain::{
    access::{Actor, Grants, Role},
    words::PortalId,
};
use sqlx::{AssertSqlSafe, Row, any::AnyRow};

use super::Identity;
use crate::tables::{Change, TableError};

/// What stands for "no role on all portals". A release that knows no grants refuses it, instead of taking it for a right.
pub(super) const NO_ROLE: &str = "none";

/// Whose grants they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holders {
    People,
    Programs,
}

impl Holders {
    pub(super) const fn table(self) -> &'static str {
        match self {
            Self::People => "account",
            Self::Programs => "api_token",
        }
    }
}

/// A query of these columns behind id, name, role, portal and the role there; `rest` follows the tables.
pub(super) fn select(holders: Holders, columns: &str, rest: &str) -> AssertSqlSafe<String> {
    let table = holders.table();
    let (factor, outside) = match holders {
        Holders::People => (
            "coalesce((SELECT second_factor.confirmed_at FROM second_factor WHERE second_factor.account = account.id),
                (SELECT min(passkey.created_at) FROM passkey WHERE passkey.account = account.id))",
            "(SELECT min(outside_identity.created_at) FROM outside_identity WHERE outside_identity.account = account.id)",
        ),
        Holders::Programs => ("CAST(NULL AS TEXT)", "CAST(NULL AS TEXT)"),
    };
    AssertSqlSafe(format!(
        "SELECT {table}.id, {table}.name, {table}.role, portal_grant.portal, portal_grant.role, {columns},
            {factor} AS factor_since, {outside} AS outside_since
         FROM {table} LEFT JOIN portal_grant ON portal_grant.holder = {table}.id {rest}"
    ))
}

/// Reads what [`select`] found: everyone with their grants, and the first of their rows.
pub(super) fn identities<'a>(rows: impl IntoIterator<Item = &'a AnyRow>) -> Result<Vec<(Identity, &'a AnyRow)>, TableError> {
    let mut found: Vec<(Identity, &AnyRow)> = Vec::new();
    for row in rows {
        let id: String = row.try_get(0)?;
        if found.last().is_none_or(|(last, _)| last.actor.id != id) {
            let role: String = row.try_get(2)?;
            let grants = match role.as_str() {
                NO_ROLE => Grants::default(),
                word => read_role(word)?.into(),
            };
            let name = row.try_get(1)?;
            let actor = Actor::new(id, grants);
            let has_second_factor = row.try_get::<Option<String>, _>("factor_since")?.is_some();
            let is_from_outside = row.try_get::<Option<String>, _>("outside_since")?.is_some();
            let identity = Identity {
                name,
                actor,
                has_second_factor,
                is_from_outside,
            };
            found.push((identity, row));
        }
        let portal: Option<String> = row.try_get(3)?;
        let role: Option<String> = row.try_get(4)?;
        if let (Some((identity, _)), Some(portal), Some(role)) = (found.last_mut(), portal, role) {
            let portal = PortalId::parse(&portal).map_err(TableError::decode)?;
            let grants = &mut identity.actor.grants;
            *grants = std::mem::take(grants).and(read_role(&role)?, Some(portal));
        }
    }
    Ok(found)
}

fn read_role(word: &str) -> Result<Role, TableError> {
    Role::parse(word).ok_or_else(|| TableError::decode(format!("`{word}` is no role")))
}

impl Change {
    /// Gives somebody these grants, instead of those that they have. With an administrator there is no more use for a set-up link.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_grants(&mut self, holders: Holders, id: &str, grants: &Grants) -> Result<(), TableError> {
        let update = format!("UPDATE {} SET role = $1 WHERE id = $2", holders.table());
        self.execute(
            sqlx::query(AssertSqlSafe(update))
                .bind(grants.everywhere().map_or(NO_ROLE, Role::word))
                .bind(id),
        )
        .await?;
        self.execute(sqlx::query("DELETE FROM portal_grant WHERE holder = $1").bind(id))
            .await?;
        for (portal, role) in grants.portals() {
            let query = sqlx::query("INSERT INTO portal_grant (holder, portal, role) VALUES ($1, $2, $3)")
                .bind(id)
                .bind(portal.as_str())
                .bind(role.word());
            self.execute(query).await?;
        }
        if holders == Holders::People && grants.everywhere() == Some(Role::Admin) {
            self.execute(sqlx::query("DELETE FROM setup_link")).await?;
        }
        Ok(())
    }
}
