//! What people see who want to be told by mail: where they ask for it, and where they confirm, change and end it.

use std::fmt::Write;

use axum::{http::StatusCode, response::Response};
use domain::words::ServiceId;
use store::subscriptions::Subscription;
use wire::Kind;

use super::{
    page::{private, unkept},
    scene::Scene,
};
use paper::escape;

/// Kinds of notices, in the order in which they are offered.
const KINDS: [Kind; 3] = [Kind::Outage, Kind::Maintenance, Kind::Information];

/// What was typed that is no address, or why nobody can ask now.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wrong<'a> {
    Address(&'a str),
    TooMany(&'a str),
    Failed(&'a str),
}

/// The words under which somebody asks.
pub(crate) fn terms(scene: &Scene) -> String {
    scene.said("mail.form.terms").replace("{}", &scene.plain_name())
}

/// How deep a heading lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Section,
    Subsection,
}

/// The form in which somebody asks; nothing where nobody can be told.
pub(super) fn form(scene: &Scene, level: Level, wrong: Option<Wrong<'_>>) -> String {
    if !scene.can_be_told {
        return String::new();
    }
    let (typed, said) = match wrong {
        None => ("", String::new()),
        Some(Wrong::Address(typed)) => (typed, scene.word("mail.form.wrong")),
        Some(Wrong::TooMany(typed)) => (typed, scene.word("mail.form.busy")),
        Some(Wrong::Failed(typed)) => (typed, scene.word("mail.failed")),
    };
    let (said, marked) = if said.is_empty() {
        (said, "")
    } else {
        (
            format!("<p id=\"mail-wrong\" class=\"wrong\" role=\"alert\">{said}</p>"),
            " aria-invalid=\"true\" aria-describedby=\"mail-wrong mail-terms\" autofocus",
        )
    };
    let heading = match level {
        Level::Section => "h2",
        Level::Subsection => "h3",
    };
    let described = if marked.is_empty() {
        " aria-describedby=\"mail-terms\""
    } else {
        marked
    };
    format!(
        "<form class=\"ask\" method=\"post\" action=\"{}/p/{}/subscribe{}\"><{heading}><label for=\"mail-address\">{}</label></{heading}>{said}\
         <p class=\"line\"><input id=\"mail-address\" type=\"email\" name=\"address\" autocomplete=\"email\" dir=\"ltr\" required maxlength=\"254\" value=\"{}\"{described}>\
         <button>{}</button></p><p id=\"mail-terms\">{} <a href=\"{}\">{}</a></p></form>",
        escape(&scene.public_url),
        scene.portal.id,
        scene.query(),
        scene.word("mail.form.label"),
        escape(typed),
        scene.word("mail.form.do"),
        escape(&terms(scene)),
        escape(&scene.portal.links.privacy),
        scene.word("privacy"),
    )
}

/// The form on a page of its own.
pub(crate) fn form_page(scene: &Scene, wrong: Option<Wrong<'_>>) -> Option<Response> {
    if !scene.can_be_told {
        return None;
    }
    let status = match wrong {
        None => StatusCode::OK,
        Some(Wrong::Address(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(Wrong::TooMany(_)) => StatusCode::TOO_MANY_REQUESTS,
        Some(Wrong::Failed(_)) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let title = scene.word("mail.form");
    let body = format!("<h1>{title}</h1>{}{}", form(scene, Level::Section, wrong), to_status(scene, "./"));
    Some(unkept(status, &scene.frame_with_form("./", "", &title, &body)))
}

/// A link went out.
pub(crate) fn asked(scene: &Scene, address: &str) -> Response {
    let title = scene.word("mail.asked");
    let address = format!("<bdi class=\"address\">{}</bdi>", escape(address));
    let body = format!(
        "<h1>{title}</h1><p>{}</p><p>{}</p>{}",
        scene.word("mail.asked.text").replace("{}", &address),
        scene.word("mail.asked.late"),
        to_status(scene, "./")
    );
    unkept(StatusCode::OK, &scene.frame("./", "", &title, &body))
}

/// Of what somebody wants to be told, as it was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) services: Vec<ServiceId>,
    pub(crate) kinds: Vec<Kind>,
}

impl Chosen {
    /// As it stands.
    fn of(scene: &Scene, subscription: &Subscription) -> Self {
        let wanted = &subscription.wanted;
        let services = scene.portal.services.iter();
        let is_wanted = |id: &&ServiceId| wanted.services.as_ref().is_none_or(|services| services.contains(*id));
        Self {
            services: services.filter(is_wanted).cloned().collect(),
            kinds: wanted.kinds.clone().unwrap_or_else(|| KINDS.to_vec()),
        }
    }

    /// What of this choice there is.
    pub(crate) fn read(scene: &Scene, fields: &[(String, String)]) -> Self {
        let is_chosen = |name: &str, value: &str| fields.iter().any(|(key, given)| key == name && given == value);
        let services = scene.portal.services.iter().filter(|id| is_chosen("service", id.as_str()));
        Self {
            services: services.cloned().collect(),
            kinds: KINDS.into_iter().filter(|kind| is_chosen("kind", kind.word())).collect(),
        }
    }

    /// Whether nothing would ever be told.
    pub(crate) fn is_nothing(&self, scene: &Scene) -> bool {
        self.kinds.is_empty() || (self.services.is_empty() && !scene.portal.services.is_empty())
    }

    /// Whether it is all that the portal has.
    pub(crate) fn has_all_services(&self, scene: &Scene) -> bool {
        self.services.len() == scene.portal.services.len()
    }

    pub(crate) fn has_all_kinds(&self) -> bool {
        self.kinds.len() == KINDS.len()
    }
}

/// What is said on somebody's own page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Nothing,
    Confirmed,
    Saved,
    /// This choice is none.
    NothingChosen,
    /// What was sent means nothing.
    Unclear,
}

/// Where somebody confirms, changes and ends what they are told. `chosen`: what is chosen, if it is not what stands.
pub(crate) fn own(scene: &Scene, subscription: &Subscription, chosen: Option<Chosen>, said: Said) -> Response {
    let is_confirmed = subscription.confirmed_at.is_some();
    let chosen = chosen.unwrap_or_else(|| Chosen::of(scene, subscription));
    let title = scene.word(if is_confirmed { "mail.own" } else { "mail.own.confirm" });
    let (status, said) = match said {
        // What they had chosen is there no more.
        Said::Nothing if chosen.is_nothing(scene) => (StatusCode::OK, told(scene, "mail.own.none", "wrong")),
        Said::Nothing => (StatusCode::OK, String::new()),
        Said::Unclear => (StatusCode::BAD_REQUEST, String::new()),
        Said::Confirmed => (StatusCode::OK, told(scene, "mail.own.confirmed", "said\" role=\"status")),
        Said::Saved => (StatusCode::OK, told(scene, "mail.own.saved", "said\" role=\"status")),
        Said::NothingChosen => (
            StatusCode::UNPROCESSABLE_ENTITY,
            told(scene, "mail.own.none", "wrong\" role=\"alert"),
        ),
    };
    let action = format!(
        "{}/s/{}{}",
        escape(&scene.public_url),
        escape(&subscription.secret.0),
        scene.query()
    );
    let services = scene.portal.services.iter().map(|id| {
        let name = scene.state.service(id).map(|service| scene.text(&service.name)).unwrap_or_default();
        (id.as_str(), name, chosen.services.contains(id))
    });
    let kinds = KINDS.into_iter().map(|kind| {
        let name = scene.said(&format!("mail.own.{}", kind.word()));
        (kind.word(), name, chosen.kinds.contains(&kind))
    });
    let button = |key: &str| format!("<p><button name=\"do\" value=\"settle\">{}</button></p>", scene.word(key));
    // Whoever confirms wants all of it mostly, and does so with one tap; whoever comes later mostly wants no more, and finds that at once.
    let (above, below) = if is_confirmed {
        (String::new(), button("mail.own.save"))
    } else {
        (button("mail.own.confirm.do"), button("mail.own.confirm.do"))
    };
    let choice = format!(
        "{above}<details{}><summary>{}</summary>{}{}{below}</details>",
        if chosen.is_nothing(scene) { " open" } else { "" },
        scene.word("mail.own.choose"),
        boxes("service", &scene.word("mail.own.services"), services),
        boxes("kind", &scene.word("mail.own.kinds"), kinds),
    );
    let rest = if is_confirmed {
        format!(
            "<form class=\"ask\" method=\"post\" action=\"{action}\"><h2>{}</h2><p>{}</p><p><button class=\"calm\" name=\"do\" value=\"end\">{}</button></p></form>",
            scene.word("mail.own.end"),
            scene.word("mail.own.end.text"),
            scene.word("mail.own.end.do"),
        )
    } else {
        format!(
            "<p>{} <a href=\"{}\">{}</a></p><p>{}</p>",
            escape(&terms(scene)),
            escape(&scene.portal.links.privacy),
            scene.word("privacy"),
            scene.word("mail.own.confirm.not"),
        )
    };
    let up = format!("../p/{}/", scene.portal.id);
    let body = format!(
        "<h1>{title}</h1>{said}<p>{} <bdi class=\"address\">{}</bdi></p>\
         <form class=\"ask\" method=\"post\" action=\"{action}\">{choice}</form>{rest}{}",
        escape(&scene.said("mail.own.to").replace("{}", &scene.plain_name())),
        escape(&subscription.address),
        to_status(scene, &up),
    );
    private(unkept(status, &scene.frame_with_form(&up, "", &title, &body)))
}

fn told(scene: &Scene, key: &str, class: &str) -> String {
    format!("<p class=\"{class}\">{}</p>", scene.word(key))
}

/// Boxes to tick, of which there are any.
fn boxes<'a>(name: &str, legend: &str, all: impl Iterator<Item = (&'a str, String, bool)>) -> String {
    let mut list = String::new();
    for (value, words, is_ticked) in all {
        let ticked = if is_ticked { " checked" } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(
            list,
            "<li><label><input type=\"checkbox\" name=\"{name}\" value=\"{value}\"{ticked}> <span>{}</span></label></li>",
            escape(&words)
        );
    }
    if list.is_empty() {
        return list;
    }
    format!("<fieldset><legend>{legend}</legend><ul>{list}</ul></fieldset>")
}

/// It is over, and nothing is left of it.
pub(crate) fn ended(scene: &Scene) -> Response {
    let title = scene.word("mail.ended");
    let text = escape(&scene.said("mail.ended.text").replace("{}", &scene.plain_name()));
    let up = format!("../p/{}/", scene.portal.id);
    let body = format!("<h1>{title}</h1><p>{text}</p>{}", to_status(scene, &up));
    private(unkept(StatusCode::OK, &scene.frame(&up, "", &title, &body)))
}

fn to_status(scene: &Scene, up: &str) -> String {
    format!(
        "<p class=\"more\"><a href=\"{up}{}\">{}</a></p>",
        scene.query(),
        scene.word("to_status")
    )
}
