//! How the portal does as a whole, and what was: the parts of a status page beside the notices.

use leptos::prelude::AnyView;
use wire::{Affected, PublicState, Service, Stage, Status};

use super::{
    clock::{decimal, fill},
    course::is_mistake,
    element::{Views, div, drawing, icon, li, link, nothing, p, say, span, strong, ul},
    notice::{felt, from_to, kicker, list_title, look, span_of_time},
    reader::{Reader, Sight},
    wording::{key, name, phrase, text},
};

/// How the portal does, in the one sentence that people come for, and the class of its colour. `all` are the portal's services.
pub fn headline(reader: &Reader, state: &PublicState, all: &[Affected]) -> (&'static str, String) {
    let sight = Sight::new(reader, state);
    let count = all.iter().filter(|one| trouble(state, &one.id).is_some()).count();
    let (class, _) = look(state.status);
    // A notice may concern the portal itself and none of its services.
    if count == 0 {
        return (class, sight.word(&key("portal", state.status.word())).to_owned());
    }
    let group = if state.status == Status::Maintenance {
        "headline.maintenance"
    } else {
        "headline.trouble"
    };
    let pattern = if count == 1 { key(group, "one") } else { group.to_owned() };
    let number = |count: usize| decimal(count as i64, 1);
    let words = fill(sight.word(&pattern), &[("count", &number(count)), ("all", &number(all.len()))]);
    (class, words)
}

/// A service that does not work as usual. A hint about one that does is no trouble.
fn trouble<'a>(state: &'a PublicState, id: &str) -> Option<&'a Service> {
    let service = state.services.iter().find(|service| service.id == id)?;
    (service.status > Status::Information).then_some(service)
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

/// All services of a portal: those in trouble, each with those that it drags along, and those that work. `all` are the portal's services in
/// its order.
pub fn services(reader: &Reader, state: &PublicState, all: &[Affected]) -> AnyView {
    let sight = Sight::new(reader, state);
    let (dragged, causes): (Vec<&Service>, Vec<&Service>) = state.services.iter().partition(|service| {
        service
            .because
            .as_ref()
            .is_some_and(|id| state.services.iter().any(|other| other.id == *id))
    });
    let of = |cause: &Service| {
        dragged
            .iter()
            .copied()
            .filter(|one| one.because.as_ref() == Some(&cause.id))
            .collect()
    };
    let troubled: Views = causes.iter().map(|cause| cause_of(&sight, cause, of(cause))).collect();
    let working: Vec<&Affected> = all
        .iter()
        .filter(|one| state.services.iter().all(|service| service.id != one.id))
        .collect();
    let mut parts = vec![list_title(&sight, "services")];
    if !troubled.is_empty() {
        parts.push(ul("services", None, troubled));
    }
    if !working.is_empty() {
        let item = |one: &&Affected| li("state success", None, vec![icon(drawing::DONE), name(&sight, &one.name)]);
        parts.push(counted(&sight, "working", working.len()));
        parts.push(ul("services working", None, working.iter().map(item).collect()));
    }
    div("umleitung", None, parts)
}

/// A service, how it does, and under it those that do as badly or less badly because of it.
fn cause_of(sight: &Sight<'_>, cause: &Service, dragged: Vec<&Service>) -> AnyView {
    let (class, picture) = look(cause.status);
    let does = |service: &Service| sight.word(&key("status", felt(service.status, service.severity))).to_owned();
    let own = does(cause);
    let mut words = vec![p(
        "",
        None,
        vec![strong("", None, vec![name(sight, &cause.name)]), say(": "), say(&own)],
    )];
    if !dragged.is_empty() {
        let item = |one: &&Service| {
            let mut item = vec![name(sight, &one.name)];
            // Said of the cause already.
            if does(one) != own {
                item.extend([say(": "), say(&does(one))]);
            }
            li("", None, item)
        };
        words.push(counted(sight, "dependents", dragged.len()));
        words.push(ul("", None, dragged.iter().map(item).collect()));
    }
    li(class, None, vec![icon(picture), div("", None, words)])
}

/// What a list is of, and how many there are.
fn counted(sight: &Sight<'_>, key: &str, count: usize) -> AnyView {
    p(
        "note",
        None,
        vec![say(&fill(sight.word(key), &[("count", &decimal(count as i64, 1))]))],
    )
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
