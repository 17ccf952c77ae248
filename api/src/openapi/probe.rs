//! The calls about what the server itself looks at, in words.

use domain::{access::Role, catalogue};
use serde_json::json;

use super::description::{Description, Group};
use crate::{Availability, Call, MonthQuery, ProbeLook, Probes, ProblemKind};

pub(super) fn of(call: Call) -> Description {
    let reads = |summary| Description::held(Group::Probes, Role::Viewer, summary);
    match call {
        Call::Probes => reads("Read what the server looks at, and what it found last")
            .more("How and how often it looks is an entry of the catalogue, of the kind `probe`.")
            .gives::<Probes>(200, "All that whoever asks may read of."),
        Call::TryProbe => Description::held(Group::Probes, Role::Admin, "Look once at what is to be a probe")
            .more("Nothing is kept of it. By an administrator of all portals.")
            .writes()
            .may_fail(&[ProblemKind::RoleElsewhere, ProblemKind::Unavailable])
            .takes::<catalogue::Probe>()
            .such_as(json!({"id": "kfz-start", "name": {"de": "Kfz-Zulassung: Startseite"}, "kind": "http", "target": "https://kfz.musterstadt.example/"}))
            .gives::<ProbeLook>(200, "What came of it."),
        _ => reads("Read how well something worked in a month")
            .more("Looks that fell into planned work on its service, as it was announced, count for nothing.")
            .asks::<MonthQuery>()
            .may_fail(&[ProblemKind::NoProbe, ProblemKind::NoPortal, ProblemKind::Invalid])
            .gives::<Availability>(200, "What was measured."),
    }
}
