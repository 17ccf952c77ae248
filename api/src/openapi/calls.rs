//! The calls of the management API, in words.

use domain::{access::Role, channel_state::Report, freeze::Terms, notice::Change, schedule::Plan};
use serde_json::{Value, json};
use wire::PublicState;

use super::{
    catalogue,
    description::{Description, Group, Header},
    probe, report,
    requests::{NoticePatch, PlanPatch, PlanSplit, Planning, TermsPatch},
    session::{self, newcomer},
    source,
};
use crate::{
    Acceptance, AddedPasskey, AllSeries, Announcement, Approval, Approvals, Arrivals, Call, Channel, Channels, Check, CheckQuery,
    ClockConfirmation, ClockConfirmed, Device, DeviceCode, Emergency, FoundSubscriptions, Freeze, Freezes, Health, Invitation, Invitations,
    Journal, JournalQuery, NewGrants, NewInvitation, NewNotice, NewPasskey, NewPassword, NewToken, NewWebhook, Notice, NoticePage,
    NoticeQuery, OccurrenceDecision, Occurrences, OccurrencesQuery, OwnSecondFactor, PasskeyOptions, Passkeys, People, Person,
    PresentPassword, Preview, ProblemKind, RecoveryCodes, Redaction, Said, SeenQuery, Series, SeriesEnd, Session, SubscriptionSearch,
    Subscriptions, Token, Tokens, Tried, Webhook, Webhooks, Yes,
};

pub(super) fn of(call: Call) -> Description {
    match call {
        Call::SetUp
        | Call::Session
        | Call::SignIn
        | Call::SignOut
        | Call::BeginSignInByPasskey
        | Call::SignInByPasskey
        | Call::Provider
        | Call::BeginSignInAtProvider => session::of(call),
        Call::Notices
        | Call::CreateNotice
        | Call::Notice
        | Call::EditNotice
        | Call::UpdateNotice
        | Call::MoveNotice
        | Call::Arrivals
        | Call::Preview => notice(call),
        Call::AllSeries
        | Call::CreateSeries
        | Call::Series
        | Call::EditSeries
        | Call::SplitSeries
        | Call::EndSeries
        | Call::Occurrences
        | Call::DecideOccurrence
        | Call::AnnounceOccurrence => series(call),
        Call::Freezes | Call::CreateFreeze | Call::Freeze | Call::EditFreeze | Call::EndFreeze | Call::Check => freeze(call),
        Call::Catalogue
        | Call::ApplyCatalogue
        | Call::CatalogueToml
        | Call::CataloguePart
        | Call::PutCataloguePart
        | Call::RemoveCataloguePart
        | Call::UploadForm
        | Call::ReadForm
        | Call::Opening
        | Call::Examine => catalogue::of(call),
        Call::Channels | Call::ReportChannel | Call::ClearChannel => channel(call),
        Call::Approvals | Call::Approval | Call::Approve | Call::Decline | Call::BreakGlass | Call::WithdrawRequest | Call::Review => {
            approval(call)
        }
        Call::People
        | Call::DisablePerson
        | Call::EnablePerson
        | Call::ChangeGrants
        | Call::SignOutPerson
        | Call::ResetSecondFactor
        | Call::Tokens
        | Call::CreateToken
        | Call::RevokeToken => people(call),
        Call::Invitations | Call::Invite | Call::AcceptInvitation | Call::WithdrawInvitation => invitation(call),
        Call::ChangePassword | Call::SignOutEverywhere => oneself(call),
        Call::OwnSecondFactor | Call::BeginSecondFactor | Call::ConfirmSecondFactor | Call::RemoveSecondFactor | Call::NewRecoveryCodes => {
            second_factor(call)
        }
        Call::Passkeys | Call::BeginPasskey | Call::AddPasskey | Call::RemovePasskey => passkey(call),
        Call::Webhooks | Call::CreateWebhook | Call::EndWebhook | Call::ReplayWebhook | Call::TestWebhook => webhook(call),
        Call::Subscriptions | Call::FindSubscriptions | Call::EndSubscription => subscription(call),
        Call::Probes | Call::TryProbe | Call::ProbeAvailability => probe::of(call),
        Call::Reports | Call::Report => report::of(call),
        Call::Sources | Call::CreateSource | Call::RenewSource | Call::EndSource | Call::Hear => source::of(call),
        _ => record(call),
    }
}

const REVISION: &str = "The notice; its revision is the `ETag`.";

fn notice(call: Call) -> Description {
    let reads = |summary| Description::held(Group::Notices, Role::Viewer, summary);
    let writes = |summary, role| {
        Description::held(Group::Notices, role, summary)
            .writes()
            .once()
            .may_fail(&[ProblemKind::ClockImplausible])
    };
    match call {
        Call::Notices => reads("Read notices, the newest first")
            .more("In pages; where there is another, a `Link` leads to it.")
            .asks::<NoticeQuery>()
            .gives::<NoticePage>(200, "A page of notices.")
            .may_fail(&[ProblemKind::Invalid]),
        Call::CreateNotice => writes("Write a notice", Role::Editor)
            .more("A draft, or with `\"publish\": true` a notice that people see, for which the role `publisher` is needed.")
            .takes::<Planning<NewNotice>>()
            .such_as(outage())
            .gives::<Notice>(201, REVISION),
        Call::Notice => reads("Read a notice").gives::<Notice>(200, REVISION).may_fail(&[ProblemKind::NoNotice]),
        Call::EditNotice => writes("Change a notice", Role::Editor)
            .more("A JSON merge patch (RFC 7396): what is left out stays, `null` empties. What is published is changed by the role `publisher`.")
            .header(Header::if_match())
            .takes_as::<Planning<NoticePatch>>(&["application/json", "application/merge-patch+json"])
            .such_as(json!({"impact": {"de": "Sie können sich seit 9:10 Uhr nicht anmelden.", "en": null}}))
            .gives::<Notice>(200, REVISION)
            .may_fail(&[
                ProblemKind::NoNotice,
                ProblemKind::NotInThisStage,
                ProblemKind::Stale,
                ProblemKind::NoRevision,
                ProblemKind::WhichRevision,
            ]),
        Call::UpdateNotice => writes("Add an update to a notice", Role::Publisher)
            .more("A text, and perhaps a new stage.")
            .takes::<Planning<Change>>()
            .such_as(json!({"text": {"de": "Wir haben die Ursache gefunden.", "en": "We have found the cause."}, "stage": "identified"}))
            .gives::<Notice>(201, REVISION)
            .may_fail(&[ProblemKind::NoNotice, ProblemKind::NotInThisStage]),
        Call::MoveNotice => writes("Move a notice on", Role::Publisher)
            .more("From one stage to another, with a text or without. A draft is cancelled by the role `editor`.")
            .takes::<Planning<Change>>()
            .such_as(json!({"text": {"de": "Alles geht wieder.", "en": "Everything works again."}}))
            .gives::<Notice>(200, REVISION)
            .may_fail(&[ProblemKind::NoNotice, ProblemKind::NoTransition, ProblemKind::NotInThisStage]),
        Call::Arrivals => reads("Read whether notices have arrived where people read")
            .more("What was seen when it was last looked at each portal's page, its mirrors and this server's public address.")
            .gives::<Arrivals>(200, "Of the portals that the caller may read and that have something on show."),
        _ => reads("See what a draft would look like")
            .more("Nothing is stored: the same rules and the same projection run on a copy.")
            .takes::<Preview>()
            .such_as(outage())
            .gives::<PublicState>(200, "What a portal would show.")
            .may_fail(&[ProblemKind::RoleTooLow, ProblemKind::RoleElsewhere, ProblemKind::NoPortal, ProblemKind::ForeignOrigin, ProblemKind::ClockImplausible]),
    }
}

const PLAN: &str = "The series; its revision is the `ETag`.";

fn series(call: Call) -> Description {
    let reads = |summary| Description::held(Group::Schedule, Role::Viewer, summary);
    let writes = |summary| {
        Description::held(Group::Schedule, Role::Publisher, summary)
            .writes()
            .once()
            .may_fail(&[ProblemKind::ClockImplausible])
    };
    let of_one = |summary| writes(summary).may_fail(&[ProblemKind::NoSeries, ProblemKind::NotInThisStage, ProblemKind::Invalid]);
    let edits = |summary| {
        of_one(summary)
            .header(Header::if_match())
            .may_fail(&[ProblemKind::Stale, ProblemKind::NoRevision, ProblemKind::WhichRevision])
    };
    match call {
        Call::AllSeries => reads("Read all series").gives::<AllSeries>(200, "Those that the caller may read."),
        Call::CreateSeries => writes("Plan a series")
            .more("Each occurrence gets a notice of its own when its time to be announced has come.")
            .takes::<Planning<Plan>>()
            .such_as(every_tuesday())
            .gives::<Series>(201, PLAN),
        Call::Series => reads("Read a series").gives::<Series>(200, PLAN).may_fail(&[ProblemKind::NoSeries]),
        Call::EditSeries => edits("Change a series")
            .more("A JSON merge patch (RFC 7396), for all that has not begun. What was announced follows; with a `text` for those who have read it.")
            .takes_as::<Planning<PlanPatch>>(&["application/json", "application/merge-patch+json"])
            .such_as(json!({"recurrence": {"times": {"starts": "21:00", "ends": "23:00"}}, "text": {"de": "Wir beginnen eine Stunde früher."}}))
            .gives::<Series>(200, PLAN),
        Call::SplitSeries => edits("Change a series from a day on")
            .more("What the rule puts before that day stays as it is. A merge patch as for the whole series, and `from`; answers with the series that goes on.")
            .takes::<Planning<PlanSplit>>()
            .such_as(json!({"from": "2099-01-01", "announce_hours": 48}))
            .gives::<Series>(201, PLAN),
        Call::EndSeries => of_one("End a series")
            .more("Nothing more of it is announced. What was announced and has not begun is cancelled.")
            .takes::<SeriesEnd>()
            .gives::<Series>(200, PLAN),
        Call::Occurrences => reads("Read the occurrences of a series")
            .asks::<OccurrencesQuery>()
            .gives::<Occurrences>(200, "What takes place on these days.")
            .may_fail(&[ProblemKind::NoSeries]),
        Call::DecideOccurrence => of_one("Decide about one occurrence")
            .more("Skip it, hold it at another time, or add one; `null`: as the rule says. What was announced follows.")
            .takes::<Planning<OccurrenceDecision>>()
            .such_as(json!({"exception": "skipped", "text": {"de": "Die Wartung fällt aus."}}))
            .gives::<Series>(200, PLAN)
            .may_fail(&[ProblemKind::NoOccurrence]),
        _ => of_one("Announce one occurrence now")
            .more("Ahead of its time, or where it waits before frozen time.")
            .takes::<Planning<Announcement>>()
            .gives::<Series>(200, PLAN)
            .may_fail(&[ProblemKind::NoOccurrence]),
    }
}

fn channel(call: Call) -> Description {
    let says = |summary| {
        Description::held(Group::Channels, Role::Publisher, summary)
            .header(Header {
                is_required: false,
                ..Header::if_match()
            })
            .writes()
            .once()
            .gives::<Channel>(200, "The channel; how often something was said of it is the `ETag`.")
            .may_fail(&[
                ProblemKind::ClockImplausible,
                ProblemKind::NoChannel,
                ProblemKind::Stale,
                ProblemKind::NoRevision,
                ProblemKind::WhichRevision,
            ])
    };
    match call {
        Call::Channels => Description::held(Group::Channels, Role::Viewer, "Read whether the channels work")
            .more("And where nobody is left to turn to.")
            .gives::<Channels>(200, "Those that the caller may read of."),
        Call::ReportChannel => says("Say that a channel is out of order")
            .more(
                "Or will be. Nobody is sent there meanwhile, wherever it is offered, so it takes the role on each portal that offers it. What was \
                 said before is said no more.",
            )
            .takes::<Report>()
            .such_as(json!({"until": "2026-12-01T14:00:00+01:00", "note": "Telefonanlage wird getauscht"})),
        _ => says("Say that a channel works again").more("And goes on working. It takes the same role."),
    }
}

const TERMS: &str = "The freeze; its revision is the `ETag`.";

fn freeze(call: Call) -> Description {
    let reads = |summary| Description::held(Group::Schedule, Role::Viewer, summary);
    let writes = |summary| {
        Description::held(Group::Schedule, Role::Publisher, summary)
            .writes()
            .once()
            .may_fail(&[ProblemKind::ClockImplausible])
    };
    match call {
        Call::Freezes => reads("Read all freezes").gives::<Freezes>(200, "Those that the caller may read."),
        Call::CreateFreeze => writes("Lay down a freeze")
            .more("For work on some services or portals by the role `publisher` on each of these, for all work by one on all portals.")
            .takes::<Terms>()
            .such_as(json!({
                "name": "Abgabefrist der Grundsteuer", "level": "reason", "services": ["wohngeld"],
                "when": {"spans": [{"from": "2027-01-29T00:00:00+01:00", "to": "2027-02-02T00:00:00+01:00"}]},
            }))
            .gives::<Freeze>(201, TERMS),
        Call::Freeze => reads("Read a freeze")
            .gives::<Freeze>(200, TERMS)
            .may_fail(&[ProblemKind::NoFreeze]),
        Call::EditFreeze => writes("Change a freeze")
            .more("A JSON merge patch (RFC 7396); `when` is replaced whole.")
            .header(Header::if_match())
            .takes_as::<TermsPatch>(&["application/json", "application/merge-patch+json"])
            .such_as(json!({"level": "hint"}))
            .gives::<Freeze>(200, TERMS)
            .may_fail(&[
                ProblemKind::NoFreeze,
                ProblemKind::NotInThisStage,
                ProblemKind::Stale,
                ProblemKind::NoRevision,
                ProblemKind::WhichRevision,
            ]),
        Call::EndFreeze => writes("Have a freeze hold no more")
            .gives::<Freeze>(200, TERMS)
            .may_fail(&[ProblemKind::NoFreeze, ProblemKind::NotInThisStage]),
        _ => reads("May I?")
            .more("Whether work on a service may be done then, what is in the way, and the next time in which nothing is.")
            .asks::<CheckQuery>()
            .gives::<Check>(200, "The answer.")
            .may_fail(&[ProblemKind::RoleElsewhere]),
    }
}

const REQUEST: &str = "As it stands now.";

/// For what something is refused that was asked for before, beside who asks.
const DONE_AT_ONCE: &[ProblemKind] = &[
    ProblemKind::NoNotice,
    ProblemKind::NoSeries,
    ProblemKind::NoOccurrence,
    ProblemKind::NotInThisStage,
    ProblemKind::Stale,
];

fn approval(call: Call) -> Description {
    let reads = |summary| Description::held(Group::Schedule, Role::Viewer, summary);
    let answers = |summary, role| {
        Description::held(Group::Schedule, role, summary)
            .writes()
            .once()
            .takes::<Said>()
            .gives::<Approval>(200, REQUEST)
            .may_fail(&[ProblemKind::ClockImplausible, ProblemKind::NoApproval, ProblemKind::Settled])
    };
    match call {
        Call::Approvals => reads("Read what takes a second person")
            .more("The newest first: all that needs an answer, and the latest hundred of what has one.")
            .gives::<Approvals>(200, "What the caller may read of it."),
        Call::Approval => reads("Read one request")
            .gives::<Approval>(200, REQUEST)
            .may_fail(&[ProblemKind::NoApproval]),
        Call::Approve => answers("Say yes", Role::Publisher)
            .more("By a person other than the one who asked. What was asked for is decided anew, and done in the same act; what it would be refused for, this is refused for. Whoever has no page at hand says yes over the phone: somebody who is signed in passes on their name and the first four digits of the code that their device shows, which is used up by it. Three wrong ones, then one in an hour.")
            .takes::<Yes>()
            .such_as(json!({}))
            .may_fail(DONE_AT_ONCE)
            .may_fail(&[ProblemKind::NoSecondPerson, ProblemKind::AskerMayNoLonger]),
        Call::Decline => answers("Say no", Role::Publisher)
            .such_as(json!({"text": "Das Fenster liegt mitten in der Antragsfrist."}))
            .may_fail(&[ProblemKind::NoSecondPerson]),
        Call::BreakGlass => answers("Do what waits without a second person", Role::Publisher)
            .more("By whoever asked, because it cannot wait any longer. It is marked so, and somebody else looks at it afterwards.")
            .takes::<Emergency>()
            .such_as(json!({"break_glass": "Das Zertifikat läuft um 6 Uhr ab."}))
            .may_fail(DONE_AT_ONCE)
            .may_fail(&[ProblemKind::NotYourRequest]),
        Call::WithdrawRequest => answers("Ask no more", Role::Viewer)
            .more("By whoever asked, or by an administrator.")
            .such_as(json!({})),
        _ => answers("Look at what could not wait", Role::Publisher)
            .more("By a person other than the one who did it.")
            .such_as(json!({"text": "Richtig so."}))
            .may_fail(&[ProblemKind::NoSecondPerson]),
    }
}

fn every_tuesday() -> Value {
    json!({
        "notice": {
            "kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"],
            "title": {"de": "Kfz-Zulassung: Wartung", "en": "Vehicle registration: maintenance"}, "at_end": "complete",
        },
        "recurrence": {
            "first": "2026-12-01", "rule": {"each": "week", "weekdays": ["tuesday"]},
            "times": {"starts": "22:00", "ends": "04:00", "days_later": 1},
            "time_zone": "Europe/Berlin", "on_holiday": "skip", "region": "DE-BE",
        },
        "announce_hours": 168,
    })
}

fn outage() -> Value {
    json!({
        "kind": "outage", "severity": "partial_outage", "services": ["kfz-zulassung"],
        "title": {"de": "Kfz-Zulassung: Anmeldung nicht möglich", "en": "Vehicle registration: sign-in not possible"},
        "impact": {"de": "Sie können sich nicht anmelden."}, "entries": "saved", "publish": true,
    })
}

fn record(call: Call) -> Description {
    let reads = |group, summary| Description::held(group, Role::Viewer, summary);
    match call {
        Call::Journal => reads(Group::Record, "Read the journal")
            .more("What everybody did, as far as the caller's grants reach: the oldest first, or the newest; of a time, about something, by somebody.")
            .asks::<JournalQuery>()
            .gives::<Journal>(200, "A page of entries."),
        Call::JournalCsv => reads(Group::Record, "Take the journal into a spreadsheet")
            .more("The same entries, all at once: one a line, with its instant, who, about what, and what happened.")
            .asks::<JournalQuery>()
            .gives_text(200, "The entries.", "text/csv"),
        Call::JournalLines => reads(Group::Record, "Take the journal along")
            .more("The same entries, all at once: one JSON object a line.")
            .asks::<JournalQuery>()
            .gives_text(200, "The entries.", "application/jsonl"),
        Call::Redact => Description::held(Group::Record, Role::Admin, "Take the content of an entry out of the record")
            .more("A tombstone stands in its place, and the chain stays whole. By an administrator of all portals.")
            .writes()
            .takes::<Redaction>()
            .such_as(json!({"reason": "Name einer Bürgerin"}))
            .gives_nothing(204, "The content is gone.")
            .may_fail(&[ProblemKind::NoEntry, ProblemKind::ClockImplausible]),
        Call::Seen => reads(Group::Record, "See what a portal showed")
            .more("Its page as people met it at an instant, made of the record up to then.")
            .asks::<SeenQuery>()
            .gives_text(200, "The page.", "text/html")
            .may_fail(&[ProblemKind::NoPortal, ProblemKind::Invalid]),
        Call::ConfirmClock => Description::held(Group::Operation, Role::Admin, "Confirm the server's clock")
            .more("Says that the clock is right, although the journal contradicts it.")
            .writes()
            .takes::<ClockConfirmation>()
            .gives::<ClockConfirmed>(200, "The time that counts from now on.")
            .may_fail(&[ProblemKind::ClockImplausible]),
        _ => reads(Group::Operation, "See what is wrong with the server").gives::<Health>(200, "All that is wrong, with its details."),
    }
}

fn people(call: Call) -> Description {
    let administers = |summary| Description::held(Group::People, Role::Admin, summary).for_administrators();
    let no_person = &[ProblemKind::NoPerson, ProblemKind::LastAdministrator];
    match call {
        Call::People => administers("Read who has an account").gives::<People>(200, "Those whom the caller manages."),
        Call::DisablePerson => administers("Disable an account")
            .more("With a person end their sessions and their tokens.")
            .writes()
            .gives::<Person>(200, "The person.")
            .may_fail(no_person),
        Call::EnablePerson => administers("Enable an account")
            .writes()
            .gives::<Person>(200, "The person.")
            .may_fail(no_person),
        Call::ChangeGrants => administers("Change what a person may do")
            .more("What they do from then on is judged by it. The caller has to be an administrator of all that they had and get.")
            .writes()
            .takes::<NewGrants>()
            .such_as(json!({"grants": [{"role": "publisher", "portals": ["musterstadt"]}]}))
            .gives::<Person>(200, "The person.")
            .may_fail(&[ProblemKind::NoPerson, ProblemKind::LastAdministrator, ProblemKind::RoleElsewhere]),
        Call::SignOutPerson => administers("End all sessions of a person")
            .writes()
            .gives::<Person>(200, "The person.")
            .may_fail(no_person),
        Call::ResetSecondFactor => administers("Ask a person for the password alone")
            .more("Their device, their passkeys and their recovery codes are lost.")
            .writes()
            .gives::<Person>(200, "The person.")
            .may_fail(no_person),
        Call::Tokens => administers("Read which programs have a token").gives::<Tokens>(200, "Those that the caller manages."),
        Call::CreateToken => administers("Make a token for a program")
            .more("The answer alone tells what it is sent as.")
            .writes()
            .takes::<NewToken>()
            .such_as(json!({"name": "pipeline", "grants": [{"role": "publisher", "portals": ["musterstadt"]}], "expires_at": "2027-01-01T00:00:00Z"}))
            .gives::<Token>(201, "The token, with its secret.")
            .may_fail(&[ProblemKind::RoleElsewhere]),
        _ => administers("Revoke a token")
            .writes()
            .gives::<Token>(200, "The token.")
            .may_fail(&[ProblemKind::NoToken]),
    }
}

fn invitation(call: Call) -> Description {
    let administers = |summary| Description::held(Group::People, Role::Admin, summary).for_administrators();
    match call {
        Call::Invitations => administers("Read who is invited").gives::<Invitations>(200, "Those that the caller manages."),
        Call::Invite => administers("Invite somebody")
            .more("By a link that works once and for a week; the answer alone tells it.")
            .writes()
            .takes::<NewInvitation>()
            .such_as(json!({"label": "Mira Muster", "grants": [{"role": "publisher", "portals": ["musterstadt"]}]}))
            .gives::<Invitation>(201, "The invitation, with its link.")
            .may_fail(&[ProblemKind::RoleElsewhere]),
        Call::AcceptInvitation => newcomer("Make an account")
            .more("Against the link of an invitation. Answers with the cookies of a session.")
            .takes::<Acceptance>()
            .gives::<Session>(201, "The account is made and signed in.")
            .may_fail(&[ProblemKind::WrongInvitation]),
        _ => administers("Withdraw an invitation")
            .writes()
            .gives_nothing(204, "The link does not work any more.")
            .may_fail(&[ProblemKind::NoInvitation]),
    }
}

fn oneself(call: Call) -> Description {
    let one = |summary| {
        Description::held(Group::Access, Role::Viewer, summary)
            .writes()
            .may_fail(&[ProblemKind::PeopleOnly])
    };
    match call {
        Call::ChangePassword => one("Change one's own password")
            .more("All one's sessions end, and one begins: answers with its cookies.")
            .takes::<NewPassword>()
            .gives::<Session>(200, "The password holds.")
            .may_fail(&[ProblemKind::TooManyAttempts]),
        _ => one("Sign out everywhere")
            .more("In all browsers, this one included.")
            .gives_nothing(204, "All sessions have ended."),
    }
}

fn second_factor(call: Call) -> Description {
    let reads = |summary| Description::held(Group::Access, Role::Viewer, summary).may_fail(&[ProblemKind::PeopleOnly]);
    let by_password = |summary| {
        reads(summary)
            .writes()
            .takes::<PresentPassword>()
            .may_fail(&[ProblemKind::TooManyAttempts])
    };
    match call {
        Call::BeginSecondFactor => by_password("Begin to add a second factor")
            .more("It counts once a code of the device was given.")
            .gives::<Device>(200, "What the device has to know.")
            .may_fail(&[ProblemKind::HasSecondFactor]),
        Call::ConfirmSecondFactor => reads("Add the second factor that was begun")
            .more("All one's sessions end, and one begins: answers with its cookies.")
            .writes()
            .takes::<DeviceCode>()
            .gives::<RecoveryCodes>(200, "From now on codes of the device are asked for.")
            .may_fail(&[ProblemKind::NoSecondFactor, ProblemKind::HasSecondFactor]),
        Call::RemoveSecondFactor => by_password("Remove one's own second factor").gives_nothing(204, "The password is enough."),
        Call::NewRecoveryCodes => by_password("Get other recovery codes")
            .more("Those from before end.")
            .gives::<RecoveryCodes>(200, "The codes.")
            .may_fail(&[ProblemKind::NoSecondFactor]),
        _ => reads("See one's own second factor").gives::<OwnSecondFactor>(200, "How it stands."),
    }
}

fn passkey(call: Call) -> Description {
    let reads = |summary| Description::held(Group::Access, Role::Viewer, summary).may_fail(&[ProblemKind::PeopleOnly]);
    let by_password = |summary| {
        reads(summary)
            .writes()
            .takes::<PresentPassword>()
            .may_fail(&[ProblemKind::TooManyAttempts])
    };
    match call {
        Call::BeginPasskey => by_password("Begin to add a passkey")
            .gives::<PasskeyOptions>(200, "What the browser is to ask of a device.")
            .may_fail(&[ProblemKind::NoPasskeysHere, ProblemKind::WrongPasskey]),
        Call::AddPasskey => reads("Add the passkey that a device has made")
            .more("With the first one, where there is no other second factor, all one's sessions end, and one begins: answers with its cookies.")
            .writes()
            .takes::<NewPasskey>()
            .gives::<AddedPasskey>(201, "From now on it is a way to sign in, and the password alone is none.")
            .may_fail(&[ProblemKind::NoPasskeysHere, ProblemKind::WrongPasskey]),
        Call::RemovePasskey => by_password("Remove a passkey of one's own")
            .gives_nothing(204, "It does not hold any more.")
            .may_fail(&[ProblemKind::NoPasskey]),
        _ => reads("See one's own passkeys").gives::<Passkeys>(200, "Those that hold."),
    }
}

fn subscription(call: Call) -> Description {
    let administers = |summary| Description::held(Group::Subscriptions, Role::Admin, summary).for_administrators();
    match call {
        Call::Subscriptions => administers("Read how many people are told by mail")
            .more("Nobody gets a list of addresses.")
            .gives::<Subscriptions>(200, "Of the portals that the caller manages."),
        Call::FindSubscriptions => administers("Find what is stored of an address")
            .writes()
            .takes::<SubscriptionSearch>()
            .gives::<FoundSubscriptions>(200, "It may be nothing."),
        _ => administers("Forget somebody who is told by mail")
            .writes()
            .gives_nothing(204, "Nothing is left of it.")
            .may_fail(&[ProblemKind::NoSubscription]),
    }
}

fn webhook(call: Call) -> Description {
    let administers = |summary| Description::held(Group::Webhooks, Role::Admin, summary).for_administrators();
    let of_one = |summary| administers(summary).writes().may_fail(&[ProblemKind::NoWebhook]);
    match call {
        Call::Webhooks => administers("Read which programs are told").gives::<Webhooks>(200, "Those that the caller manages."),
        Call::CreateWebhook => administers("Have a program told from now on")
            .more("The answer alone tells the secret with which messages are signed.")
            .writes()
            .takes::<NewWebhook>()
            .gives::<Webhook>(201, "The webhook, with what signatures are checked with."),
        Call::EndWebhook => of_one("Send nothing more to a program").gives::<Webhook>(200, "The webhook."),
        Call::ReplayWebhook => of_one("Send again what was given up")
            .more("And at once what waits.")
            .gives::<Webhook>(200, "The webhook.")
            .may_fail(&[ProblemKind::WebhookEnded]),
        _ => of_one("Try a webhook out")
            .more("Sends a message that says nothing, once, and tells what came of it.")
            .gives::<Tried>(200, "What came of it.")
            .may_fail(&[ProblemKind::WebhookEnded]),
    }
}
