//! The calls about programs that tell of alerts, in words.

use domain::access::Role;
use serde_json::{Value, json};

use super::description::{Access, Description, Group};
use crate::{Call, Heard, NewSource, ProblemKind, Source, Sources};

pub(super) fn of(call: Call) -> Description {
    let administers = |summary| Description::held(Group::Sources, Role::Admin, summary).for_administrators();
    let of_one = |summary| administers(summary).writes().may_fail(&[ProblemKind::NoSource]);
    match call {
        Call::Sources => administers("Read which programs tell of alerts, and what they tell")
            .more("By an administrator of all portals.")
            .may_fail(&[ProblemKind::RoleElsewhere])
            .gives::<Sources>(200, "All of them."),
        Call::CreateSource => administers("Hear a program from now on")
            .more("The answer alone tells the token that it has to send. By an administrator of all portals.")
            .writes()
            .takes::<NewSource>()
            .such_as(json!({"id": "prometheus", "kind": "alertmanager"}))
            .gives::<Source>(201, "The source, with its token."),
        Call::RenewSource => of_one("Give a source another token")
            .more("The one from before works no more.")
            .gives::<Source>(200, "The source, with its token."),
        Call::EndSource => of_one("Hear a program no more")
            .more("What it has told is forgotten; notices that came of it stay.")
            .gives_nothing(204, "It is gone."),
        _ => Description {
            access: Access::Source,
            ..Description::open(Group::Sources, "Tell of alerts")
        }
        .more("In the words of the source's kind; fields that are not known are left alone. What is answered with 200 is on disk. While the database cannot be written the answer is 503, and whoever tells is to try again.")
        .may_fail(&[
            ProblemKind::TwoCallers,
            ProblemKind::SignIn,
            ProblemKind::Unavailable,
            ProblemKind::DatabaseGone,
            ProblemKind::Unsettled,
        ])
        .takes::<Value>()
        .such_as(json!({"version": "4", "alerts": [{
            "status": "firing", "labels": {"alertname": "KfzDown", "job": "kfz"},
            "startsAt": "2026-03-03T08:10:00Z", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "3f1c2b"
        }]}))
        .gives::<Heard>(200, "What was made of it."),
    }
}
