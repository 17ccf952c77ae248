//! The calls about the catalogue, in words.

use domain::{
    access::Role,
    catalogue::{Catalogue, Part as CataloguePart},
};
use serde_json::json;

use super::description::{Description, Group, Header};
use crate::{Call, CatalogueChanges, CatalogueFile, Examination, FormQuery, Opening, OpeningQuery, ProblemKind, UploadedForm};

const ENTRY: &str = "The entry; its revision is the `ETag`.";

pub(super) fn of(call: Call) -> Description {
    let reads = |summary| Description::held(Group::Catalogue, Role::Viewer, summary);
    let writes = |summary| {
        Description::held(Group::Catalogue, Role::Admin, summary)
            .writes()
            .once()
            .may_fail(&[ProblemKind::ClockImplausible, ProblemKind::Invalid])
    };
    let of_one = |summary| {
        writes(summary).may_fail(&[
            ProblemKind::NoPart,
            ProblemKind::Stale,
            ProblemKind::NoRevision,
            ProblemKind::WhichRevision,
        ])
    };
    match call {
        Call::ApplyCatalogue => writes("Put a catalogue file in force")
            .more("Whole or not at all: all that is wrong with it is told at once. With `If-Match` not over what somebody has changed since. By an administrator of all portals.")
            .header(Header {
                is_required: false,
                ..Header::if_match()
            })
            .may_fail(&[ProblemKind::Stale, ProblemKind::NoRevision, ProblemKind::WhichRevision])
            .takes::<CatalogueFile>()
            .such_as(json!({"toml": "[[service]]\nid = \"wohngeld\"\nname = { de = \"Wohngeld\" }\n", "check_only": true}))
            .gives::<CatalogueChanges>(200, "What changes."),
        Call::CatalogueToml => reads("Take the catalogue along")
            .more("As a file, as far as the caller's grants reach.")
            .gives_text(200, "The catalogue in force.", "application/toml"),
        Call::UploadForm => Description::held(Group::Catalogue, Role::Admin, "Upload a form")
            .writes()
            .more("A PDF of at most 5 MiB that opens without a password and does nothing by itself. People are given it once a step of a procedure names what this answers. By an administrator of all portals.")
            .asks::<FormQuery>()
            .takes_file(&["application/pdf"])
            .gives::<UploadedForm>(200, "What was taken; the same form is one form, however often it is sent."),
        Call::ReadForm => reads("Read an uploaded form")
            .more("Whether or not people are given it now.")
            .gives_text(200, "The form.", "application/pdf")
            .may_fail(&[ProblemKind::NoForm]),
        Call::CataloguePart => reads("Read an entry of the catalogue")
            .more("`kind` is `portal`, `service`, `channel`, `procedure`, `template` or `rule`.")
            .gives::<CataloguePart>(200, ENTRY)
            .may_fail(&[ProblemKind::NoPart]),
        Call::PutCataloguePart => of_one("Change an entry of the catalogue")
            .more("The whole entry as it is to be. Without `If-Match` it is a new one. By an administrator of all portals.")
            .header(Header {
                is_required: false,
                ..Header::if_match()
            })
            .takes::<CataloguePart>()
            .such_as(json!({"id": "wohngeld", "name": {"de": "Wohngeld"}, "requires": ["bundid"], "usual_minutes": 25}))
            .gives::<CataloguePart>(200, ENTRY)
            .gives::<CataloguePart>(201, ENTRY),
        Call::RemoveCataloguePart => of_one("Take an entry out of the catalogue")
            .more("Not while anything names it. By an administrator of all portals.")
            .header(Header::if_match())
            .gives_nothing(204, "It is gone."),
        Call::Opening => reads("See what opening hours come to")
            .more("In the coming two weeks, by the clock and the holidays of a portal.")
            .asks::<OpeningQuery>()
            .gives::<Opening>(200, "Day by day.")
            .may_fail(&[ProblemKind::NoPortal, ProblemKind::Invalid]),
        Call::Examine => Description::held(Group::Catalogue, Role::Admin, "See whether a portal embeds the notices as it is to")
            .more("Its start page and the pages that the catalogue names are read now, the way a visitor's browser does.")
            .writes()
            .gives::<Examination>(200, "Page by page, what is in the way.")
            .may_fail(&[ProblemKind::NoPortal]),
        _ => reads("Read the catalogue")
            .more("Portals, services, dependencies, channels, procedures, templates and rules for alerts, as far as the caller's grants reach.")
            .gives::<Catalogue>(200, "The catalogue in force."),
    }
}
