//! The calls of whoever comes and goes, in words.

use domain::access::Role;

use super::description::{Access, Description, Group};
use crate::{Call, Credentials, PasskeyAnswer, PasskeyOptions, ProblemKind, ProviderAddress, ProviderOffer, Session, SetUp};

/// A call of whoever is nobody yet.
pub(super) fn newcomer(summary: &'static str) -> Description {
    let description = Description {
        access: Access::Newcomer,
        ..Description::open(Group::Access, summary)
    };
    description.may_fail(&[
        ProblemKind::ForeignOrigin,
        ProblemKind::Unavailable,
        ProblemKind::DatabaseGone,
        ProblemKind::Unsettled,
    ])
}

pub(super) fn of(call: Call) -> Description {
    match call {
        Call::SetUp => newcomer("Make the first account")
            .more("Against the one-time link that the first start prints. Answers with the cookies of a session.")
            .takes::<SetUp>()
            .gives::<Session>(201, "The account is made and signed in.")
            .may_fail(&[ProblemKind::WrongSetupLink]),
        Call::SignIn => newcomer("Sign in")
            .more("Answers with the cookies of a session. Whoever guesses is slowed down, and nobody is locked out. Who has a second factor is asked for a code, and who has passkeys alone is told to use one.")
            .takes::<Credentials>()
            .gives::<Session>(200, "Signed in.")
            .may_fail(&[
                ProblemKind::WrongCredentials,
                ProblemKind::CodeNeeded,
                ProblemKind::PasskeyNeeded,
                ProblemKind::WrongCode,
                ProblemKind::TooManyAttempts,
            ]),
        Call::BeginSignInByPasskey => newcomer("Begin to sign in by a passkey")
            .more("The answer is the same for everybody: who they are the device tells.")
            .gives::<PasskeyOptions>(200, "What the browser is to ask of a device.")
            .may_fail(&[ProblemKind::NoPasskeysHere, ProblemKind::TooManyAttempts]),
        Call::SignInByPasskey => newcomer("Sign in by a passkey")
            .more("Answers with the cookies of a session. Nothing else is asked for.")
            .takes::<PasskeyAnswer>()
            .gives::<Session>(200, "Signed in.")
            .may_fail(&[ProblemKind::NoPasskeysHere, ProblemKind::WrongPasskey]),
        Call::Provider => Description {
            access: Access::Newcomer,
            ..Description::open(Group::Access, "Is there a provider at which people sign in?")
        }
        .gives::<ProviderOffer>(200, "What it is called."),
        Call::BeginSignInAtProvider => newcomer("Begin to sign in at the provider")
            .more("By OpenID Connect. A cookie binds it to this browser, which comes back to `/admin/oidc` and has a session then.")
            .gives::<ProviderAddress>(200, "Where the browser is to go.")
            .may_fail(&[ProblemKind::NothingHere, ProblemKind::TooManyAttempts, ProblemKind::ProviderSilent]),
        Call::SignOut => newcomer("Sign out").gives_nothing(204, "The session has ended."),
        _ => Description::held(Group::Access, Role::Viewer, "Who am I?").gives::<Session>(200, "Whose session or token it is."),
    }
}
