//! How the portal does as a whole, and what was: the parts of a status page beside the notices.

use domain::public::{PublicState, Service, Stage, Status};
use leptos::prelude::AnyView;

use super::{
    element::{div, drawing, icon, li, link, nothing, p, say, span, strong, ul},
    notice::{felt, from_to, is_mistake, kicker, list_title, look, span_of_time},
    reader::{Reader, Sight},
    wording::{key, name, phrase, text},
};

/// One sentence on how the portal does.
pub fn status_summary(reader: &Reader, state: &PublicState) -> AnyView {
    let sight = Sight::new(reader, state);
    let (class, picture) = look(state.status);
    div(
        "umleitung",
        None,
        vec![p(
            class,
            None,
            vec![
                icon(picture),
                strong("", None, vec![say(sight.word(&key("portal", state.status.word())))]),
            ],
        )],
    )
}

/// That nothing is wrong, for a page that has no notice to show.
pub fn all_clear(reader: &Reader) -> AnyView {
    let sight = Sight::alone(reader, std::iter::empty());
    let (class, _) = look(Status::Operational);
    div(
        "umleitung",
        None,
        vec![p(
            class,
            None,
            vec![icon(drawing::DONE), strong("", None, vec![say(sight.word("portal.operational"))])],
        )],
    )
}

/// That nothing newer has come through for a while, and how old what is shown is; nothing while the server is heard. `heard` is
/// the server's time when it was heard last, in seconds since 1970-01-01T00:00:00Z.
pub fn age(reader: &Reader, state: &PublicState, heard: Option<i64>) -> AnyView {
    /// Seconds: some polls may fail before anybody is told.
    const TOLERATED: i64 = 150;
    let Some(heard) = heard.filter(|heard| reader.now - heard > TOLERATED) else {
        return nothing();
    };
    let sight = Sight::new(reader, state);
    let moment = sight.told(heard);
    p("stale", Some(sight.word("lang").to_owned()), phrase(&sight, "stale", say(&moment)))
}

/// The services in trouble, each with how it does and through which other service.
pub fn services(reader: &Reader, state: &PublicState) -> AnyView {
    let sight = Sight::new(reader, state);
    let shown = state
        .services
        .iter()
        .filter(|service| reader.services.is_empty() || reader.services.contains(&service.id));
    let items: Vec<AnyView> = shown.map(|service| troubled(&sight, state, service)).collect();
    if items.is_empty() {
        return nothing();
    }
    div("umleitung", None, vec![list_title(&sight, "services"), ul("services", None, items)])
}

fn troubled(sight: &Sight<'_>, state: &PublicState, service: &Service) -> AnyView {
    let (class, picture) = look(service.status);
    let cause = service
        .because
        .as_ref()
        .and_then(|id| state.services.iter().find(|other| other.id == *id));
    let mut words = vec![
        strong("", None, vec![name(sight, &service.name)]),
        say(": "),
        say(sight.word(&key("status", felt(service.status, service.severity)))),
    ];
    if let Some(cause) = cause {
        words.extend(phrase(
            sight,
            if cause.status == Status::Maintenance {
                "because.maintenance"
            } else {
                "because"
            },
            name(sight, &cause.name),
        ));
    }
    li(class, None, vec![icon(picture), span("", None, words)])
}

/// The notices of a document that are over, in its order, each with its kind, its time and a link to its page.
pub fn past_list(reader: &Reader, state: &PublicState) -> AnyView {
    let sight = Sight::new(reader, state);
    let items = state.notices.iter().map(|notice| {
        let address = sight.address(&notice.url);
        let mut when = from_to(&sight, &notice.starts_at, notice.ends_at.as_ref());
        if notice.stage == Stage::Cancelled {
            when.splice(0..0, [say(sight.word("planned")), say(": ")]);
        }
        // It never held, so it has no span.
        if is_mistake(notice) {
            when = span_of_time(&sight, notice);
        }
        li(
            "",
            None,
            vec![
                p(
                    "kicker",
                    None,
                    vec![
                        strong("", None, vec![say(sight.word(&key("kind", notice.kind.word())))]),
                        say(" "),
                        span("stage", None, vec![say(sight.word(&kicker(notice)))]),
                    ],
                ),
                p("", None, vec![link("action", &address, vec![text(&sight, &notice.title)])]),
                p("brief", None, when),
            ],
        )
    });
    div("umleitung", None, vec![ul("history-list", None, items.collect())])
}
