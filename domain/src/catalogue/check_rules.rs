//! What is wrong with the rules of a catalogue.

use wire::Kind;

use super::{model::Catalogue, names::check_name};
use crate::words::{Code, Faults};

/// Nobody waits longer than a day for what an alert says.
const LONGEST_MINUTES: u32 = 1_440;

/// What is wrong with the rules of a catalogue.
pub(super) fn check_rules(catalogue: &Catalogue, faults: &mut Faults) {
    for (i, rule) in catalogue.rules.iter().enumerate() {
        let at = format!("/rule/{i}");
        check_name(&rule.name, &format!("{at}/name"), faults);
        if rule.matchers.is_empty() {
            let detail = "is empty; say which alerts it is about, such as `alertname=\"KfzDown\"`";
            faults.add(format!("{at}/matchers"), Code::Empty, detail);
        }
        match catalogue.templates.iter().find(|template| template.id == rule.template) {
            None => faults.add(
                format!("{at}/template"),
                Code::NotInCatalogue,
                format!("names the template `{}`, which the catalogue does not have", rule.template),
            ),
            Some(template) if template.notice.kind != Kind::Outage => faults.add(
                format!("{at}/template"),
                Code::OnlyWithOutage,
                format!(
                    "names `{}`, which is no outage; what an alert tells of was not planned",
                    rule.template
                ),
            ),
            Some(_) => {}
        }
        for (name, minutes) in [("grace_minutes", rule.grace_minutes), ("calm_minutes", rule.calm_minutes)] {
            if minutes > LONGEST_MINUTES {
                faults.add(format!("{at}/{name}"), Code::OutOfRange, format!("is more than {LONGEST_MINUTES}"));
            }
        }
    }
}
