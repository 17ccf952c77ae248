//! Why a request brought nothing: a problem document (RFC 9457). Its `type` is the contract, and that of each fault its code; title and detail
//! are for people.

use domain::words::Fault;
use serde::{Deserialize, Serialize};

/// A problem document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// `urn:umleitung:` and a word.
    #[serde(rename = "type", default)]
    pub kind: ProblemKind,
    /// In English, the same for each problem of this kind.
    #[serde(default)]
    pub title: String,
    /// The status of the answer.
    #[serde(default)]
    pub status: u16,
    /// In English: what is wrong, and what would be right.
    #[serde(default)]
    pub detail: String,
    /// What is wrong with single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
    /// What became of a request that failed on the server's side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// What became of a request that failed on the server's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    NothingChanged,
    /// It may have been carried out or not.
    Unknown,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $status:literal $word:literal $title:literal,)+) => {
        /// What kind of problem it is. A kind keeps its word and its status from release to release.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum ProblemKind {
            $($(#[$doc])* #[serde(rename = $word)] $kind,)+
            /// One of a later release, or of a server that stands before this one.
            #[default]
            #[serde(other, rename = "about:blank")]
            Unlisted,
        }

        impl ProblemKind {
            /// All that there are, but for the unlisted.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// Its name, as in `type`.
            pub const fn urn(self) -> &'static str {
                match self {
                    $(Self::$kind => $word,)+
                    Self::Unlisted => "about:blank",
                }
            }

            /// The status of an answer with it.
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$kind => $status,)+
                    Self::Unlisted => 500,
                }
            }

            /// Its title, in English.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$kind => $title,)+
                    Self::Unlisted => "",
                }
            }
        }
    };
}

kinds! {
    // How it was asked.
    MalformedRequest 400 "urn:umleitung:malformed_request" "The request is malformed",
    NoHost 400 "urn:umleitung:no_host" "For whom is the request meant?",
    BadParameters 400 "urn:umleitung:bad_parameters" "The parameters have faults",
    BadKey 400 "urn:umleitung:bad_key" "The key cannot be used",
    UnreadableBody 400 "urn:umleitung:unreadable_body" "The body could not be read",
    NotJson 400 "urn:umleitung:not_json" "The body is not well-formed JSON",
    MethodNotAllowed 405 "urn:umleitung:method_not_allowed" "This address does not take this method",
    TooSlow 408 "urn:umleitung:too_slow" "The request took too long",
    BodyTooLarge 413 "urn:umleitung:body_too_large" "The body is too large",
    NotPlainJson 415 "urn:umleitung:not_plain_json" "The body is not plain JSON",
    /// The faults say where.
    Invalid 422 "urn:umleitung:invalid" "The input has faults",
    KeyReused 422 "urn:umleitung:key_reused" "The key was used for another request",
    // Who asked.
    TwoCallers 400 "urn:umleitung:two_callers" "Who are you?",
    SignIn 401 "urn:umleitung:sign_in" "Please sign in",
    WrongCredentials 401 "urn:umleitung:wrong_credentials" "Not signed in",
    NoRole 403 "urn:umleitung:no_role" "You hold no role",
    RoleTooLow 403 "urn:umleitung:role_too_low" "Your role does not allow this",
    /// They have the role, and not everywhere where it is needed.
    RoleElsewhere 403 "urn:umleitung:role_elsewhere" "Your role does not allow this here",
    ForeignOrigin 403 "urn:umleitung:foreign_origin" "The request comes from another site",
    NoSecondPerson 403 "urn:umleitung:no_second_person" "You cannot be the second person",
    NotYourRequest 403 "urn:umleitung:not_your_request" "Somebody else has asked for it",
    WrongSetupLink 403 "urn:umleitung:wrong_setup_link" "The set-up link is not valid",
    WrongInvitation 403 "urn:umleitung:wrong_invitation" "The invitation is not valid",
    CodeNeeded 403 "urn:umleitung:code_needed" "A code is needed",
    WrongCode 403 "urn:umleitung:wrong_code" "The code does not hold",
    PasskeyNeeded 403 "urn:umleitung:passkey_needed" "A passkey is needed",
    WrongPasskey 403 "urn:umleitung:wrong_passkey" "The passkey does not hold",
    /// Their role needs one.
    SecondFactorNeeded 403 "urn:umleitung:second_factor_needed" "Add a second factor first",
    PeopleOnly 403 "urn:umleitung:people_only" "This is for people, not for programs",
    TooManyAttempts 429 "urn:umleitung:too_many_attempts" "Too many attempts",
    // What was asked for.
    NothingHere 404 "urn:umleitung:nothing_here" "There is nothing at this address",
    NoPortal 404 "urn:umleitung:no_portal" "There is no such portal",
    NoNotice 404 "urn:umleitung:no_notice" "There is no such notice",
    NoFreeze 404 "urn:umleitung:no_freeze" "There is no such freeze",
    NoChannel 404 "urn:umleitung:no_channel" "There is no such channel",
    NoForm 404 "urn:umleitung:no_form" "There is no such form",
    NoPart 404 "urn:umleitung:no_part" "There is no such part of the catalogue",
    NoApproval 404 "urn:umleitung:no_approval" "There is no such approval",
    NoSeries 404 "urn:umleitung:no_series" "There is no such series",
    NoOccurrence 404 "urn:umleitung:no_occurrence" "There is no such occurrence",
    NoEntry 404 "urn:umleitung:no_entry" "There is no such entry",
    NoPerson 404 "urn:umleitung:no_person" "There is no such person",
    NoInvitation 404 "urn:umleitung:no_invitation" "There is no such invitation",
    NoPasskey 404 "urn:umleitung:no_passkey" "There is no such passkey",
    NoToken 404 "urn:umleitung:no_token" "There is no such token",
    NoWebhook 404 "urn:umleitung:no_webhook" "There is no such webhook",
    NoSubscription 404 "urn:umleitung:no_subscription" "There is no such subscription",
    NoProbe 404 "urn:umleitung:no_probe" "There is no such probe",
    NoReport 404 "urn:umleitung:no_report" "There is no such report",
    NoSource 404 "urn:umleitung:no_source" "There is no such source",
    NoTransition 404 "urn:umleitung:no_transition" "There is no such transition",
    NoStory 404 "urn:umleitung:no_story" "There is no such story",
    // What it is like by now.
    ClockImplausible 409 "urn:umleitung:clock_implausible" "The server's clock cannot be right",
    NotInThisStage 409 "urn:umleitung:not_in_this_stage" "Not possible in this stage",
    Settled 409 "urn:umleitung:settled" "It is settled already",
    AskerMayNoLonger 409 "urn:umleitung:asker_may_no_longer" "Whoever asked may do it no longer",
    LastAdministrator 409 "urn:umleitung:last_administrator" "The last administrator stays",
    HasSecondFactor 409 "urn:umleitung:has_second_factor" "There is a second factor already",
    NoSecondFactor 409 "urn:umleitung:no_second_factor" "There is no second factor",
    /// The server has no name, or was not told.
    NoPasskeysHere 409 "urn:umleitung:no_passkeys_here" "There are no passkeys here",
    WebhookEnded 409 "urn:umleitung:webhook_ended" "The webhook has ended",
    Stale 412 "urn:umleitung:stale" "Someone else was faster",
    NoRevision 412 "urn:umleitung:no_revision" "That is no revision of a notice",
    WhichRevision 428 "urn:umleitung:which_revision" "Which revision did you edit?",
    // What failed on the server's side.
    Unsettled 500 "urn:umleitung:unsettled" "It is not known whether this was done",
    Unavailable 503 "urn:umleitung:unavailable" "The server cannot do this right now",
    DatabaseGone 503 "urn:umleitung:database_gone" "The database is gone or does not answer",
    ProviderSilent 503 "urn:umleitung:provider_silent" "The provider does not answer",
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_kind_has_a_word_of_its_own_and_is_read_by_it() {
        let words: BTreeSet<&str> = ProblemKind::ALL.iter().map(|kind| kind.urn()).collect();
        assert_eq!(words.len(), ProblemKind::ALL.len());
        for kind in ProblemKind::ALL {
            let word = kind.urn().strip_prefix("urn:umleitung:").unwrap();
            assert!(word.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{word}");
            assert!((400..600).contains(&kind.status()) && !kind.title().is_empty(), "{word}");
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.urn());
            assert_eq!(serde_json::from_value::<ProblemKind>(kind.urn().into()).unwrap(), *kind);
        }
    }

    #[test]
    fn what_a_later_release_or_a_proxy_says_is_read_too() {
        let later = r#"{"type": "urn:umleitung:sung", "title": "Sung", "status": 409, "detail": "It sings.", "more": 1}"#;
        let later: Problem = serde_json::from_str(later).unwrap();
        assert_eq!((later.kind, later.detail.as_str()), (ProblemKind::Unlisted, "It sings."));
        assert_eq!(serde_json::from_str::<Problem>("{}").unwrap(), Problem::default());
    }
}
