//! The calls that anyone may make, in words.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use wire::PublicState;

use super::description::{Description, Group};
use crate::{
    Call, ProblemKind,
    statuspage::{Components, Incidents, Maintenances, Status, Summary},
};

const HTML: &str = "text/html";
const SCRIPT: &str = "text/javascript";
const TEXT: &str = "text/plain";
const NOT_MODIFIED: &str = "It is what the reader has (`If-None-Match`).";

/// What a page is read in.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only described")]
struct Language {
    /// A language tag; left out, or one that the portal has not: what the browser asks for, else the portal's default.
    #[serde(default)]
    lang: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only described")]
struct HistoryQuery {
    /// A language tag; left out, or one that the portal has not: what the browser asks for, else the portal's default.
    #[serde(default)]
    lang: Option<String>,
    /// Counts from 1.
    #[serde(default)]
    page: Option<u32>,
}

pub(super) fn of(call: Call) -> Description {
    match call {
        Call::FrontPage | Call::StatusPage | Call::NoticePage | Call::HistoryPage | Call::Archive | Call::ArchivedReport => page(call),
        Call::SubscribePage | Call::Subscribe | Call::OwnSubscription | Call::ChangeSubscription => subscription(call),
        Call::FallbackPage | Call::UnavailablePage | Call::Fragment => standing_in(call),
        Call::Alive | Call::Ready | Call::Metrics | Call::OpenApi | Call::ApiPage => operation(call),
        Call::AtomFeed | Call::JsonFeed | Call::Calendar | Call::Again => feed(call),
        Call::StatuspageSummary
        | Call::StatuspageStatus
        | Call::StatuspageComponents
        | Call::StatuspageIncidents
        | Call::StatuspageUnresolved
        | Call::StatuspageMaintenances
        | Call::StatuspageUpcoming
        | Call::StatuspageActive
        | Call::StatuspageOfPortal => like_statuspage(call),
        _ => portal(call),
    }
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only described")]
struct FeedQuery {
    /// A language tag; left out, or one that the portal has not: the portal's default.
    #[serde(default)]
    lang: Option<String>,
    /// Only what touches this service of the portal.
    #[serde(default)]
    service: Option<String>,
}

fn feed(call: Call) -> Description {
    let read = |summary| {
        Description::open(Group::Feeds, summary)
            .may_ask::<FeedQuery>()
            .gives_nothing(304, NOT_MODIFIED)
            .may_fail(&[ProblemKind::NoPortal, ProblemKind::NothingHere])
    };
    match call {
        Call::AtomFeed => read("Follow a portal by Atom").gives_text(200, "The latest 50 notices.", "application/atom+xml"),
        Call::JsonFeed => read("Follow a portal by JSON Feed").gives_as::<Value>(200, "The latest 50 notices.", "application/feed+json"),
        Call::Calendar => read("Have planned work in a calendar")
            .more("Announced, running, moved, cancelled and past windows, in UTC, with the lines of MAINTNOTE.")
            .gives_text(200, "iCalendar.", "text/calendar"),
        _ => Description::open(Group::Feeds, "Have in a calendar when something works again")
            .more("`file` is the notice's number with `.ics` behind it. Only of what is not over and has an end.")
            .may_ask::<Language>()
            .gives_nothing(304, NOT_MODIFIED)
            .gives_text(200, "iCalendar, one event.", "text/calendar")
            .may_fail(&[ProblemKind::NothingHere]),
    }
}

fn like_statuspage(call: Call) -> Description {
    let read = |summary| {
        Description::open(Group::Statuspage, summary)
            .may_ask::<Language>()
            .gives_nothing(304, NOT_MODIFIED)
            .may_fail(&[ProblemKind::NoPortal])
    };
    match call {
        Call::StatuspageSummary => read("Read everything that holds or is announced").gives::<Summary>(200, "The document."),
        Call::StatuspageStatus => read("Read how the portal as a whole does").gives::<Status>(200, "The document."),
        Call::StatuspageComponents => read("Read how each service does").gives::<Components>(200, "The document."),
        Call::StatuspageIncidents => read("Read the latest 50 outages").gives::<Incidents>(200, "The document."),
        Call::StatuspageUnresolved => read("Read the outages that are not over").gives::<Incidents>(200, "The document."),
        Call::StatuspageMaintenances => read("Read the latest 50 maintenances").gives::<Maintenances>(200, "The document."),
        Call::StatuspageUpcoming => read("Read the maintenances that are announced").gives::<Maintenances>(200, "The document."),
        Call::StatuspageActive => read("Read the maintenances that run").gives::<Maintenances>(200, "The document."),
        _ => read("Read one of these of a portal that is named")
            .more("`document` is what stands behind `/api/v2/` there: `summary.json`, `incidents/unresolved.json`.")
            .gives::<Value>(200, "The document.")
            .may_fail(&[ProblemKind::NothingHere]),
    }
}

fn portal(call: Call) -> Description {
    let read = |summary| Description::open(Group::Portals, summary).gives_nothing(304, NOT_MODIFIED);
    let no_portal = &[ProblemKind::NoPortal];
    match call {
        Call::Loader => read("Get the loader")
            .more("The same bytes for everyone, so that they can be pinned by their hash.")
            .gives_text(200, "The script that a portal embeds.", SCRIPT),
        Call::PortalLoader => read("Get the loader with what a portal shows now")
            .gives_text(200, "The script that a portal embeds.", SCRIPT)
            .may_fail(no_portal),
        Call::State => read("Read what a portal shows now")
            .gives::<PublicState>(200, "The state, as `/schema/state-v1.json` has it.")
            .may_fail(no_portal),
        Call::Events => Description::open(Group::Portals, "Listen to what a portal shows")
            .more("Server-sent events. Each event `state` carries the document of `state.json`; each event `clock` the server's time in milliseconds.")
            .gives_text(200, "Events, without end.", "text/event-stream")
            .may_fail(no_portal),
        Call::SampleState => read("Read what an outage of a portal would look like")
            .gives::<PublicState>(200, "A state with a made-up notice.")
            .may_fail(no_portal),
        Call::SeenState => read("Read what is shown when a visitor's browser sees trouble")
            .more("Before anybody has published anything.")
            .gives::<PublicState>(200, "A state with one notice.")
            .may_fail(no_portal),
        Call::ServiceWorker => read("Get what a portal's own service worker imports")
            .more("So that its visitors get the fallback page when the portal itself does not answer.")
            .gives_text(200, "A script.", SCRIPT)
            .may_fail(no_portal),
        Call::Form => read("Get a form that a portal hands out")
            .more("Its address stands in the step of a procedure.")
            .gives_text(200, "The form.", "application/pdf")
            .may_fail(no_portal)
            .may_fail(&[ProblemKind::NoForm, ProblemKind::DatabaseGone]),
        Call::Asset => Description::open(Group::Portals, "Get a file of the widget")
            .more("Its address stands in the loader, and changes with its content.")
            .gives_text(200, "The file.", "*/*")
            .may_fail(&[ProblemKind::NothingHere]),
        _ => read("Read the JSON Schema of what a portal shows").gives_as::<Value>(200, "JSON Schema 2020-12.", "application/schema+json"),
    }
}

fn page(call: Call) -> Description {
    let read = |summary| Description::open(Group::Pages, summary);
    let of_portal = |summary| {
        read(summary)
            .gives_text(200, "The page.", HTML)
            .gives_nothing(304, NOT_MODIFIED)
            .gives_nothing(308, "The page is at the address that was meant.")
            .gives_text(
                404,
                "A page that leads on; for what is named like a file, a problem document.",
                HTML,
            )
            .may_fail(&[ProblemKind::NoPortal, ProblemKind::NothingHere])
    };
    match call {
        Call::FrontPage => read("Find a portal")
            .may_ask::<Language>()
            .gives_text(200, "The portals that there are.", HTML)
            .gives_nothing(307, "There is one portal.")
            .gives_text(404, "There is no portal.", HTML),
        Call::StatusPage => of_portal("See what a portal shows now").may_ask::<Language>(),
        Call::NoticePage => of_portal("See a notice, for ever").may_ask::<Language>(),
        Call::Archive => of_portal("Find the reports of a portal that publishes them").may_ask::<Language>(),
        Call::ArchivedReport => of_portal("See how a portal did in a month")
            .more("`file` is the month with its form: `2026-03.html`, `2026-03.pdf`, `2026-03.csv`, `2026-03.json`. Only of months that are over.")
            .may_ask::<Language>(),
        _ => of_portal("See what is over").may_ask::<HistoryQuery>(),
    }
}

/// Somebody asks to be told by mail.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only described")]
struct Subscribing {
    address: String,
}

/// Somebody says of what they are told, or that they want no more.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only described")]
struct Choosing {
    /// `settle`: confirms it, and takes what is chosen; `end`: forgets it.
    #[serde(rename = "do", default)]
    does: Option<String>,
    /// Once for each service.
    #[serde(default)]
    service: Option<String>,
    /// Once for each kind of notice.
    #[serde(default)]
    kind: Option<String>,
    /// `One-Click`, as mail programs send it (RFC 8058): forgets it.
    #[serde(rename = "List-Unsubscribe", default)]
    one_click: Option<String>,
}

const FORM: &[&str] = &["application/x-www-form-urlencoded", "multipart/form-data"];

fn subscription(call: Call) -> Description {
    let page = |summary| {
        Description::open(Group::Subscriptions, summary).may_ask::<Language>().may_fail(&[
            ProblemKind::TooSlow,
            ProblemKind::BodyTooLarge,
            ProblemKind::UnreadableBody,
        ])
    };
    match call {
        Call::SubscribePage => page("See where people ask to be told by mail")
            .gives_text(200, "A page with a form.", HTML)
            .gives_text(404, "Nobody is told by mail.", HTML)
            .may_fail(&[ProblemKind::NoPortal]),
        Call::Subscribe => page("Ask to be told by mail")
            .more("A link goes to the address; it is told once somebody has confirmed it there.")
            .takes_form::<Subscribing>(&FORM[..1])
            .gives_text(200, "A link goes out, or went out within the last hour.", HTML)
            .gives_text(404, "Nobody is told by mail.", HTML)
            .gives_text(422, "That is no address.", HTML)
            .gives_text(429, "Too many ask at the moment.", HTML)
            .gives_text(503, "The database does not answer.", HTML)
            .may_fail(&[ProblemKind::NoPortal]),
        Call::OwnSubscription => page("See of what somebody is told by mail")
            .more("To look changes nothing.")
            .gives_text(200, "A page with a form.", HTML)
            .gives_text(404, "There is no such subscription any more.", HTML)
            .gives_text(503, "The database does not answer.", HTML),
        _ => page("Confirm, change or end what somebody is told by mail")
            .takes_form::<Choosing>(FORM)
            .gives_text(200, "The page, or that it is over.", HTML)
            .gives_text(404, "There is no such subscription any more.", HTML)
            .gives_text(400, "That means nothing here; the page as it is.", HTML)
            .gives_text(422, "Nothing was chosen.", HTML)
            .gives_text(503, "The database does not answer.", HTML),
    }
}

fn standing_in(call: Call) -> Description {
    let read = |summary| {
        Description::open(Group::Pages, summary)
            .may_ask::<Language>()
            .gives_nothing(304, NOT_MODIFIED)
            .may_fail(&[ProblemKind::NoPortal])
    };
    match call {
        Call::FallbackPage => {
            read("Get the page for when the portal itself does not answer").gives_text(200, "A page that needs no other file.", HTML)
        }
        Call::UnavailablePage => read("Get the page that a reverse proxy shows")
            .more("With the status that it is shown with.")
            .gives_text(503, "A page that needs no other file.", HTML),
        _ => read("Get what web servers put into a portal's pages").gives_text(
            200,
            "A part of a page; empty: there is nothing to say.",
            HTML,
        ),
    }
}

fn operation(call: Call) -> Description {
    let read = |summary| Description::open(Group::Operation, summary);
    match call {
        Call::Alive => read("Is the process alive?").gives_text(200, "It is.", TEXT),
        Call::Ready => read("Is the server ready?")
            .gives_text(200, "It is.", TEXT)
            .gives_text(503, "What is wrong, a line each.", TEXT),
        Call::Metrics => read("Measure the server").gives_text(200, "What Prometheus reads.", "application/openmetrics-text"),
        Call::OpenApi => read("Read this document")
            .gives::<Value>(200, "OpenAPI 3.1.")
            .gives_nothing(304, NOT_MODIFIED),
        _ => read("Read this document as a page")
            .gives_text(200, "The page.", HTML)
            .gives_nothing(304, NOT_MODIFIED),
    }
}
