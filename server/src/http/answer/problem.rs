//! Errors as problem documents (RFC 9457) that point at the field. The one place where errors become answers; internal detail is logged, never sent.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    rejection::Rejection,
    words::{Code, Fault},
};
use serde::Serialize;

use crate::accounts::AccountError;
use engine::SubmitError;
use store::journal::{Gone, JournalError};

/// A problem document.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault>,
    /// What became of a request that failed on the server's side.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    #[serde(skip)]
    audience: Audience,
    /// After how many seconds the same request is worth the while.
    #[serde(skip)]
    retry_after: Option<i64>,
}

/// What became of a request that failed on the server's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    NothingChanged,
    /// It may have been carried out or not.
    Unknown,
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
    pub(crate) fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title,
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            outcome: None,
            audience: Audience::Staff,
            retry_after: None,
        }
    }

    pub(crate) fn invalid(errors: Vec<Fault>) -> Self {
        Self::with_faults(StatusCode::UNPROCESSABLE_ENTITY, "The input has faults", errors)
    }

    /// The body is no document at all.
    pub(crate) fn malformed(fault: Fault) -> Self {
        Self::with_faults(StatusCode::BAD_REQUEST, "The body is not well-formed JSON", vec![fault])
    }

    fn with_faults(status: StatusCode, title: &'static str, errors: Vec<Fault>) -> Self {
        let worded = |fault: &Fault| match fault.pointer.as_str() {
            "" => format!("The body {}", fault.detail),
            pointer => format!("`{pointer}` {}", fault.detail),
        };
        let detail = errors.iter().map(worded).collect::<Vec<_>>().join("; ");
        Self {
            errors,
            ..Self::new(status, title, detail)
        }
    }

    pub(crate) fn no_portal(portal: &str) -> Self {
        let portal: String = portal.chars().take(80).collect();
        let detail = format!("The catalogue has no portal `{portal}`.");
        Self {
            audience: Audience::Anyone,
            ..Self::new(StatusCode::NOT_FOUND, "There is no such portal", detail)
        }
    }

    pub(crate) fn no_notice(id: &str) -> Self {
        let id: String = id.chars().take(80).collect();
        Self::new(
            StatusCode::NOT_FOUND,
            "There is no such notice",
            format!("There is no notice `{id}`; an id looks like 2026-0042."),
        )
    }

    pub(crate) fn admins_only() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Your role does not allow this",
            "People and tokens are managed by those with the role `admin`.",
        )
    }

    pub(crate) fn unauthorized(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Please sign in", detail)
    }

    /// What failed before anything was changed.
    fn internal(error: &dyn std::error::Error) -> Self {
        Self::unchanged(error, "The server cannot do this right now", "The reason is in the server's log.")
    }

    fn unchanged(error: &dyn std::error::Error, title: &'static str, reason: &str) -> Self {
        tracing::error!(%error, "a request failed");
        let detail = format!("Nothing was changed. {reason} Please try again.");
        Self {
            outcome: Some(Outcome::NothingChanged),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, title, detail)
        }
    }

    /// What may have been carried out or not.
    pub(crate) fn unsettled(error: &dyn std::error::Error) -> Self {
        tracing::error!(%error, "it is not known what became of a request");
        Self {
            outcome: Some(Outcome::Unknown),
            ..Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "It is not known whether this was done",
                "The storage failed at the last moment. Look whether it is there before you do it again; a request that is sent again \
                 under the same `Idempotency-Key` is carried out once.",
            )
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self)).into_response();
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
        match rejection {
            Rejection::Invalid(faults) => Self::invalid(faults.into_vec()),
            Rejection::Forbidden { .. } => Self::new(StatusCode::FORBIDDEN, "Your role does not allow this", detail),
            Rejection::UnknownNotice(_) => Self::new(StatusCode::NOT_FOUND, "There is no such notice", detail),
            Rejection::UnknownEntry(_) => Self::new(StatusCode::NOT_FOUND, "There is no such entry", detail),
            Rejection::Stale { .. } => Self::new(StatusCode::PRECONDITION_FAILED, "Someone else was faster", detail),
            Rejection::ClockImplausible(_) => Self {
                kind: "urn:umleitung:clock_implausible",
                ..Self::new(StatusCode::CONFLICT, "The server's clock cannot be right", detail)
            },
            Rejection::NotAllowed(_) => Self::new(StatusCode::CONFLICT, "Not possible in this stage", detail),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Rejected(rejection) => rejection.into(),
            SubmitError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "The key was used for another request",
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
        Self::unchanged(
            gone,
            "The database is gone or does not answer",
            "Nothing is written until it is back.",
        )
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        let detail = error.to_string();
        let field = |pointer: &str, code: Code, reason: &str| {
            Self::invalid(vec![Fault {
                pointer: pointer.to_owned(),
                code,
                detail: reason.to_owned(),
            }])
        };
        match &error {
            AccountError::WrongCredentials => Self::new(StatusCode::UNAUTHORIZED, "Not signed in", detail),
            AccountError::TooManyAttempts(seconds) => Self {
                retry_after: Some(*seconds),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many attempts", detail)
            },
            AccountError::WrongSetupLink => Self::new(StatusCode::FORBIDDEN, "The set-up link is not valid", detail),
            AccountError::BadPassword(code, reason) => field("/password", *code, reason),
            AccountError::NameTaken(_) => field(
                "/name",
                Code::Taken,
                "is taken already, or could be confused with one that is; choose another",
            ),
            AccountError::BadName(code, reason) => field("/name", *code, reason),
            AccountError::NoPerson(_) => Self::new(StatusCode::NOT_FOUND, "There is no such person", detail),
            AccountError::NoToken(_) => Self::new(StatusCode::NOT_FOUND, "There is no such token", detail),
            AccountError::LastAdministrator(_) => Self::new(StatusCode::CONFLICT, "The last administrator stays", detail),
            AccountError::Storage(failed) if failed.is_unsettled() => Self::unsettled(&error),
            AccountError::Storage(_) | AccountError::Hashing(_) => Self::internal(&error),
        }
    }
}

/// Where nothing is, for whoever asks below the management API.
pub(crate) async fn nothing_here() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "There is nothing at this address",
        "The loader is at /umleitung.js, what a portal tells below /p/, the admin page at /admin/.",
    )
}
