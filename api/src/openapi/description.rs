//! What there is to say about a call.

use domain::access::Role;
use schemars::JsonSchema;
use serde_json::Value;

use super::schemas::{Shape, bytes, shape, whole};
use crate::ProblemKind;

/// What there is to say about a call.
pub(super) struct Description {
    pub(super) group: Group,
    pub(super) summary: &'static str,
    pub(super) detail: &'static str,
    pub(super) access: Access,
    pub(super) query: Option<Shape>,
    pub(super) headers: Vec<Header>,
    pub(super) body: Option<Body>,
    /// What may be sent, with names of the demo.
    pub(super) example: Option<Value>,
    pub(super) answers: Vec<Answer>,
    pub(super) problems: Vec<ProblemKind>,
}

/// Who may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Anyone, scripts of any origin included.
    Anyone,
    /// Whoever is about to become somebody, from a page of the server's own origin.
    Newcomer,
    /// A program that tells of alerts, by the token of its source.
    Source,
    /// Whoever holds this role where it matters, by a session or a token.
    Holder(Role),
}

/// What belongs together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Portals,
    Pages,
    Feeds,
    Statuspage,
    Subscriptions,
    Operation,
    Access,
    Notices,
    Schedule,
    Channels,
    Catalogue,
    Record,
    People,
    Webhooks,
    Sources,
    Probes,
}

impl Group {
    pub(super) const ALL: [Self; 16] = [
        Self::Portals,
        Self::Pages,
        Self::Feeds,
        Self::Statuspage,
        Self::Subscriptions,
        Self::Notices,
        Self::Schedule,
        Self::Channels,
        Self::Catalogue,
        Self::Record,
        Self::Webhooks,
        Self::Sources,
        Self::Probes,
        Self::People,
        Self::Access,
        Self::Operation,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Portals => "Portals",
            Self::Pages => "Pages",
            Self::Feeds => "Feeds and calendars",
            Self::Statuspage => "Statuspage",
            Self::Subscriptions => "Subscriptions",
            Self::Operation => "Operation",
            Self::Access => "Signing in",
            Self::Notices => "Notices",
            Self::Schedule => "Planned work",
            Self::Channels => "Channels",
            Self::Catalogue => "Catalogue",
            Self::Record => "Record",
            Self::People => "People and tokens",
            Self::Webhooks => "Webhooks",
            Self::Sources => "Sources",
            Self::Probes => "Probes",
        }
    }

    pub(super) const fn about(self) -> &'static str {
        match self {
            Self::Portals => "What a portal shows, for its pages and for programs. For everyone, without cookies, from any origin.",
            Self::Pages => "What a portal shows, for people.",
            Self::Feeds => "What a portal shows and showed, for programs by which people stay informed.",
            Self::Statuspage => {
                "What a portal shows, as clients of Statuspage read it (version 2 of its API): the portal that the request's `Host` means, or the only one."
            }
            Self::Subscriptions => "People who are told of notices by mail. Addresses stand in no record, and are gone when it is over.",
            Self::Operation => "For those who run the server.",
            Self::Access => "For people at a browser; programs send a token instead.",
            Self::Notices => "Notices, from the draft to their end.",
            Self::Schedule => {
                "Maintenance that recurs: a rule in the time of a place, of which each occurrence is announced by a notice of its own."
            }
            Self::Channels => "Whether the ways to reach a person work themselves.",
            Self::Catalogue => "What changes rarely: portals, services, channels, procedures, templates, rules for alerts, probes.",
            Self::Record => "What happened.",
            Self::People => "Who may do what.",
            Self::Webhooks => "Programs of others that are told of notices (Standard Webhooks 1.0).",
            Self::Probes => "What the server itself looks at from time to time, and how well it worked.",
            Self::Sources => "Programs that tell of alerts: monitoring. What becomes of an alert, the rules of the catalogue say.",
        }
    }
}

/// A header of a request.
pub(super) struct Header {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) pattern: &'static str,
    pub(super) about: &'static str,
}

impl Header {
    /// Which revision was edited.
    pub(super) const fn if_match() -> Self {
        Self {
            name: "If-Match",
            is_required: true,
            pattern: "^(\\*|(W/)?\"[0-9]{1,9}\")$",
            about: "The `ETag` of what was edited, or `*` for whichever it has.",
        }
    }
}

/// What is sent.
#[derive(Clone, Copy)]
pub(super) struct Body {
    pub(super) media: &'static [&'static str],
    pub(super) shape: Shape,
}

/// What may come back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) about: &'static str,
    /// `None`: nothing is in it.
    pub(super) media: Option<&'static str>,
    /// `None`: text.
    pub(super) shape: Option<Shape>,
}

const JSON: &str = "application/json";

/// What goes wrong with any body.
const WITH_BODY: [ProblemKind; 6] = [
    ProblemKind::UnreadableBody,
    ProblemKind::NotJson,
    ProblemKind::TooSlow,
    ProblemKind::BodyTooLarge,
    ProblemKind::NotPlainJson,
    ProblemKind::Invalid,
];

impl Description {
    /// A call that anyone may make.
    pub(super) fn open(group: Group, summary: &'static str) -> Self {
        Self {
            group,
            summary,
            detail: "",
            access: Access::Anyone,
            query: None,
            headers: Vec::new(),
            body: None,
            example: None,
            answers: Vec::new(),
            problems: vec![ProblemKind::NoHost],
        }
    }

    /// A call for whoever holds this role.
    pub(super) fn held(group: Group, role: Role, summary: &'static str) -> Self {
        let description = Self {
            access: Access::Holder(role),
            ..Self::open(group, summary)
        };
        description.may_fail(&[
            ProblemKind::TwoCallers,
            ProblemKind::SignIn,
            ProblemKind::NoRole,
            ProblemKind::SecondFactorNeeded,
            ProblemKind::Unavailable,
            ProblemKind::DatabaseGone,
        ])
    }

    pub(super) fn more(self, detail: &'static str) -> Self {
        Self { detail, ..self }
    }

    pub(super) fn may_fail(mut self, problems: &[ProblemKind]) -> Self {
        self.problems.extend(problems);
        self
    }

    /// It changes something.
    pub(super) fn writes(self) -> Self {
        self.may_fail(&[
            ProblemKind::ForeignOrigin,
            ProblemKind::RoleTooLow,
            ProblemKind::RoleElsewhere,
            ProblemKind::Unsettled,
        ])
    }

    /// Only administrators may.
    pub(super) fn for_administrators(self) -> Self {
        self.may_fail(&[ProblemKind::RoleTooLow])
    }

    /// Unknown parameters are refused.
    pub(super) fn asks<T: JsonSchema>(self) -> Self {
        self.may_ask::<T>().may_fail(&[ProblemKind::BadParameters])
    }

    /// Unknown parameters mean nothing, and neither do unknown values.
    pub(super) fn may_ask<T: JsonSchema>(self) -> Self {
        Self {
            query: Some(whole::<T>),
            ..self
        }
    }

    pub(super) fn takes<T: JsonSchema>(self) -> Self {
        self.takes_as::<T>(&[JSON])
    }

    pub(super) fn takes_as<T: JsonSchema>(self, media: &'static [&'static str]) -> Self {
        let body = Some(Body { media, shape: shape::<T> });
        Self { body, ..self }.may_fail(&WITH_BODY)
    }

    /// It takes what a form of a page sends.
    pub(super) fn takes_form<T: JsonSchema>(self, media: &'static [&'static str]) -> Self {
        let body = Some(Body { media, shape: shape::<T> });
        Self { body, ..self }
    }

    /// It takes a file of this type.
    pub(super) fn takes_file(self, media: &'static [&'static str]) -> Self {
        let body = Some(Body { media, shape: bytes });
        Self { body, ..self }.may_fail(&[
            ProblemKind::UnreadableBody,
            ProblemKind::TooSlow,
            ProblemKind::BodyTooLarge,
            ProblemKind::Invalid,
        ])
    }

    /// What may be sent, with names of the demo.
    pub(super) fn such_as(self, example: Value) -> Self {
        Self {
            example: Some(example),
            ..self
        }
    }

    /// It is carried out once, however often it is sent.
    pub(super) fn once(mut self) -> Self {
        self.headers.push(Header {
            name: "Idempotency-Key",
            is_required: false,
            pattern: "^[!#-~]{1,255}$",
            about: "A request that is sent again under the same key, within a day, is carried out once.",
        });
        self.may_fail(&[ProblemKind::BadKey, ProblemKind::KeyReused])
    }

    pub(super) fn header(mut self, header: Header) -> Self {
        self.headers.push(header);
        self
    }

    /// What comes back in JSON.
    pub(super) fn gives<T: JsonSchema>(self, status: u16, about: &'static str) -> Self {
        self.answers(status, about, Some(JSON), Some(shape::<T>))
    }

    /// What comes back as JSON of a type of its own.
    pub(super) fn gives_as<T: JsonSchema>(self, status: u16, about: &'static str, media: &'static str) -> Self {
        self.answers(status, about, Some(media), Some(shape::<T>))
    }

    /// What comes back as a text of this type.
    pub(super) fn gives_text(self, status: u16, about: &'static str, media: &'static str) -> Self {
        self.answers(status, about, Some(media), None)
    }

    /// What comes back without anything in it.
    pub(super) fn gives_nothing(self, status: u16, about: &'static str) -> Self {
        self.answers(status, about, None, None)
    }

    fn answers(mut self, status: u16, about: &'static str, media: Option<&'static str>, shape: Option<Shape>) -> Self {
        self.answers.push(Answer {
            status,
            about,
            media,
            shape,
        });
        self
    }
}
