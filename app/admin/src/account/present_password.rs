//! The field for the password that holds by now.

use leptos::prelude::*;

use crate::{
    fields::{self, Faults, label},
    words::people::say,
};

pub(super) fn present_password(faults: Faults, value: RwSignal<String>) -> AnyView {
    let present = label("/current", say().password_current, "");
    fields::filled(faults, present, "password", Some("current-password"), value)
}
