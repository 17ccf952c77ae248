//! What somebody may do and where, in a line.

use domain::access::Grants;

use crate::{desk::Desk, words};

pub(crate) fn told(desk: Desk, grants: &Grants) -> String {
    let everywhere = grants.everywhere().map(|role| words::role_on(words::role(role), None));
    let portals = grants
        .portals()
        .map(|(portal, role)| words::role_on(words::role(role), Some(&desk.portal_name(portal))));
    let told: Vec<String> = everywhere.into_iter().chain(portals).collect();
    if told.is_empty() {
        words::no_role().to_owned()
    } else {
        told.join("; ")
    }
}
