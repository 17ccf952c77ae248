//! Errors as problem documents (RFC 9457) that point at the field. The one place where errors become answers; internal detail is logged, never sent.

use api::{Outcome, ProblemKind};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    rejection::{Lack, Rejection},
    schedule::NotPlanned,
    words::{Code, Fault},
};

use crate::accounts::AccountError;
use engine::SubmitError;
use store::{
    journal::{Gone, JournalError},
    tables::TableError,
};

/// A problem document on its way.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    document: api::Problem,
    audience: Audience,
    /// After how many seconds the same request is worth the while.
    retry_after: Option<i64>,
}

/// Who may read a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    /// Scripts of any origin, as with all that is public.
    Anyone,
    /// Those who work with the management API.
    Staff,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            document: api::Problem {
                kind,
                title: kind.title().to_owned(),
                status: kind.status(),
                detail: detail.into(),
                errors: Vec::new(),
                outcome: None,
            },
            audience: Audience::Staff,
            retry_after: None,
        }
    }

    pub(crate) fn invalid(errors: Vec<Fault>) -> Self {
        Self::with_faults(ProblemKind::Invalid, errors)
    }

    /// One thing is wrong with one field.
    pub(crate) fn field(pointer: &str, code: Code, detail: &str) -> Self {
        Self::invalid(vec![Fault {
            pointer: pointer.to_owned(),
            code,
            detail: detail.to_owned(),
        }])
    }

    /// The body is no document at all.
    pub(crate) fn malformed(fault: Fault) -> Self {
        Self::with_faults(ProblemKind::NotJson, vec![fault])
    }

    fn with_faults(kind: ProblemKind, errors: Vec<Fault>) -> Self {
        let worded = |fault: &Fault| match fault.pointer.as_str() {
            "" => format!("The body {}", fault.detail),
            pointer => format!("`{pointer}` {}", fault.detail),
        };
        let detail = errors.iter().map(worded).collect::<Vec<_>>().join("; ");
        let mut problem = Self::new(kind, detail);
        problem.document.errors = errors;
        problem
    }

    fn after(self, outcome: Outcome) -> Self {
        let document = api::Problem {
            outcome: Some(outcome),
            ..self.document
        };
        Self { document, ..self }
    }

    pub(crate) fn no_portal(portal: &str) -> Self {
        let portal: String = portal.chars().take(80).collect();
        Self {
            audience: Audience::Anyone,
            ..Self::new(ProblemKind::NoPortal, format!("The catalogue has no portal `{portal}`."))
        }
    }

    /// For whoever names a portal by the host alone.
    pub(crate) fn no_portal_of_host() -> Self {
        let detail = "No portal has this host. Name it in the portal's `hosts`, or ask below /p/{portal}/api/v2/.";
        Self {
            audience: Audience::Anyone,
            ..Self::new(ProblemKind::NoPortal, detail)
        }
    }

    pub(crate) fn no_notice(id: &str) -> Self {
        let id: String = id.chars().take(80).collect();
        Self::new(
            ProblemKind::NoNotice,
            format!("There is no notice `{id}`; an id looks like 2026-0042."),
        )
    }

    pub(crate) fn admins_only() -> Self {
        Self::new(
            ProblemKind::RoleTooLow,
            "People, tokens and webhooks are managed by those with the role `admin`.",
        )
    }

    pub(crate) fn unauthorized(detail: &str) -> Self {
        Self::new(ProblemKind::SignIn, detail)
    }

    /// What failed before anything was changed.
    pub(crate) fn internal(error: &dyn std::error::Error) -> Self {
        Self::unchanged(error, ProblemKind::Unavailable, "The reason is in the server's log.")
    }

    /// Anybody can ask for the provider, so it is no error of the server's that it does not answer.
    pub(crate) fn provider_silent(error: &dyn std::error::Error) -> Self {
        tracing::info!(%error, "nobody can go to the provider");
        let detail = "The provider does not answer. Try again later, or sign in by name and password.";
        Self::new(ProblemKind::ProviderSilent, detail).after(Outcome::NothingChanged)
    }

    fn unchanged(error: &dyn std::error::Error, kind: ProblemKind, reason: &str) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(kind, format!("Nothing was changed. {reason} Please try again.")).after(Outcome::NothingChanged)
    }

    /// What may have been carried out or not.
    pub(crate) fn unsettled(error: &dyn std::error::Error) -> Self {
        tracing::error!(%error, "it is not known what became of a request");
        Self::new(
            ProblemKind::Unsettled,
            "The storage failed at the last moment. Look whether it is there before you do it again; a request that is sent again \
             under the same `Idempotency-Key` is carried out once.",
        )
        .after(Outcome::Unknown)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.document.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self.document)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.audience == Audience::Anyone {
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Date, Age, ETag"));
        }
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let detail = rejection.to_string();
        let kind = match rejection {
            Rejection::Invalid(faults) => return Self::invalid(faults.into_vec()),
            Rejection::Forbidden { lack: Lack::Role(_), .. } => ProblemKind::RoleTooLow,
            Rejection::Forbidden { .. } => ProblemKind::RoleElsewhere,
            Rejection::UnknownNotice(_) => ProblemKind::NoNotice,
            Rejection::UnknownFreeze(_) => ProblemKind::NoFreeze,
            Rejection::UnknownChannel(_) => ProblemKind::NoChannel,
            Rejection::UnknownPart(..) => ProblemKind::NoPart,
            Rejection::UnknownApproval(_) => ProblemKind::NoApproval,
            Rejection::OwnApproval(_) => ProblemKind::NoSecondPerson,
            Rejection::ForeignRequest(_) => ProblemKind::NotYourRequest,
            Rejection::ApprovalSettled(_) => ProblemKind::Settled,
            Rejection::AskerMayNoLonger(_) => ProblemKind::AskerMayNoLonger,
            Rejection::UnknownSeries(_) => ProblemKind::NoSeries,
            Rejection::NotPlanned(NotPlanned::NoOccurrence { .. }) => ProblemKind::NoOccurrence,
            Rejection::UnknownEntry(_) => ProblemKind::NoEntry,
            Rejection::Stale { .. } => ProblemKind::Stale,
            Rejection::ClockImplausible(_) => ProblemKind::ClockImplausible,
            Rejection::NotAllowed(_) | Rejection::NotPlanned(_) | Rejection::FreezeEnded(_) => ProblemKind::NotInThisStage,
        };
        Self::new(kind, detail)
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Rejected(rejection) => rejection.into(),
            SubmitError::KeyReused => Self::new(
                ProblemKind::KeyReused,
                "Under this `Idempotency-Key` another request was carried out. Nothing was changed. Send a new request under a new key.",
            ),
            SubmitError::Journal(error) => error.into(),
        }
    }
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        match &error {
            JournalError::Unsettled(_) | JournalError::Lingering { .. } => Self::unsettled(&error),
            JournalError::Gone(gone) => gone.into(),
            _ => Self::internal(&error),
        }
    }
}

impl From<&Gone> for Problem {
    fn from(gone: &Gone) -> Self {
        Self::unchanged(gone, ProblemKind::DatabaseGone, "Nothing is written until it is back.")
    }
}

impl From<TableError> for Problem {
    fn from(error: TableError) -> Self {
        if error.is_unsettled() {
            Self::unsettled(&error)
        } else {
            Self::internal(&error)
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        let error = match error {
            AccountError::Storage(failed) => return failed.into(),
            other => other,
        };
        let field = |pointer: &str, code: Code, reason: &str| {
            Self::invalid(vec![Fault {
                pointer: pointer.to_owned(),
                code,
                detail: reason.to_owned(),
            }])
        };
        let kind = match &error {
            AccountError::WrongCredentials => ProblemKind::WrongCredentials,
            AccountError::TooManyAttempts(seconds) => {
                return Self {
                    retry_after: Some(*seconds),
                    ..Self::new(ProblemKind::TooManyAttempts, error.to_string())
                };
            }
            AccountError::WrongSetupLink => ProblemKind::WrongSetupLink,
            AccountError::WrongInvitation => ProblemKind::WrongInvitation,
            AccountError::CodeNeeded => ProblemKind::CodeNeeded,
            AccountError::WrongCode => ProblemKind::WrongCode,
            AccountError::PasskeyNeeded => ProblemKind::PasskeyNeeded,
            AccountError::WrongPasskey => ProblemKind::WrongPasskey,
            AccountError::NoPasskey => ProblemKind::NoPasskey,
            AccountError::HasSecondFactor => ProblemKind::HasSecondFactor,
            AccountError::NoSecondFactor => ProblemKind::NoSecondFactor,
            AccountError::BadPassword(code, reason) => return field("/password", *code, reason),
            AccountError::NameTaken(_) => {
                let reason = "is taken already, or could be confused with one that is; choose another";
                return field("/name", Code::Taken, reason);
            }
            AccountError::BadName(code, reason) => return field("/name", *code, reason),
            AccountError::NoPerson(_) => ProblemKind::NoPerson,
            AccountError::NoToken(_) => ProblemKind::NoToken,
            AccountError::LastAdministrator(_) => ProblemKind::LastAdministrator,
            // The command line alone gives people a password.
            AccountError::FromOutside(_) | AccountError::Storage(_) | AccountError::Hashing(_) | AccountError::KeptPasskey(_) => {
                return Self::internal(&error);
            }
        };
        Self::new(kind, error.to_string())
    }
}

/// Where nothing is, for whoever asks below the management API.
pub(crate) async fn nothing_here() -> Problem {
    Problem::new(
        ProblemKind::NothingHere,
        "The loader is at /umleitung.js, what a portal tells below /p/, the admin page at /admin/.",
    )
}
