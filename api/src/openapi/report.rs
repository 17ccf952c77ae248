//! The calls about how portals did, in words.

use domain::access::Role;

use super::description::{Description, Group};
use crate::{Call, ProblemKind, Report, ReportQuery, Reports};

pub(super) fn of(call: Call) -> Description {
    let reads = |summary| Description::held(Group::Probes, Role::Viewer, summary);
    match call {
        Call::Reports => reads("Read of which months there are reports").gives::<Reports>(200, "Those of all portals that whoever asks may read."),
        _ => reads("Read how a portal did in a month")
            .more(
                "`file` is the month with its form: `2026-03.json`; `2026-03.html` is a page, `2026-03.pdf` a document, and `2026-03.csv` a table with a line for each service and day. \
                 Planned work counts for nothing up to its announced end.",
            )
            .asks::<ReportQuery>()
            .may_fail(&[ProblemKind::NoPortal, ProblemKind::NoReport, ProblemKind::Unavailable])
            .gives::<Report>(200, "The report."),
    }
}
