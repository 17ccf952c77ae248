//! Which calls there are, and where.

/// How a call asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The word in a request, in capital letters.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A path with its gaps: `/api/v1/notices/{id}`. A gap that takes all the rest, slashes included, is `{*rest}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub &'static str);

impl Path {
    /// The names of the gaps, in their order.
    pub fn gaps(self) -> impl Iterator<Item = &'static str> {
        let gaps = self.0.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        gaps.map(|gap| gap.trim_start_matches('*'))
    }

    /// The address with these in the gaps, in their order.
    pub fn with(self, values: &[&str]) -> String {
        let mut values = values.iter();
        let mut filled = String::new();
        for (at, part) in self.0.split('{').enumerate() {
            let Some((_, behind)) = part.split_once('}').filter(|_| at > 0) else {
                filled.push_str(part);
                continue;
            };
            filled.push_str(values.next().copied().unwrap_or_default());
            filled.push_str(behind);
        }
        filled
    }
}

/// A call: everything that is promised to those outside, and what the admin page asks for. The router answers each of them, and `openapi.json`
/// describes each. It is no more than its method and its path, so that a page carries those that it asks for, and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Call {
    method: Method,
    path: Path,
}

impl Call {
    /// How it asks.
    pub const fn method(self) -> Method {
        self.method
    }

    /// Where it asks.
    pub const fn path(self) -> Path {
        self.path
    }
}

/// Drafts and what is not over, as many as one page has.
pub const OPEN_NOTICES: &str = "open=true&limit=500";

/// What each page for staff asks as soon as it stands, in this order, each with what stands behind the question mark. The server names them to
/// the browser beforehand, so that the answers come beside the program and not after it.
pub const FIRST_ASKED: [(Call, &str); 3] = [(Call::Session, ""), (Call::Catalogue, ""), (Call::Notices, OPEN_NOTICES)];

macro_rules! calls {
    ($($(#[$doc:meta])* $call:ident $method:ident $path:literal,)+) => {
        #[expect(non_upper_case_globals, reason = "each is one of a kind, and called as such")]
        impl Call {
            $($(#[$doc])* pub const $call: Self = Self { method: Method::$method, path: Path($path) };)+

            /// All that there are.
            pub const ALL: &[Self] = &[$(Self::$call,)+];
        }

        /// What each is called in a document; no page needs to know it.
        #[cfg(feature = "schema")]
        pub(crate) const NAMES: &[(Call, &str)] = &[$((Call::$call, stringify!($call)),)+];
    };
}

calls! {
    // For everyone.
    FrontPage Get "/",
    Loader Get "/umleitung.js",
    PortalLoader Get "/p/{portal}/umleitung.js",
    State Get "/p/{portal}/state.json",
    Events Get "/p/{portal}/events",
    SampleState Get "/p/{portal}/sample.json",
    SeenState Get "/p/{portal}/hint.json",
    ServiceWorker Get "/p/{portal}/worker.js",
    StatusPage Get "/p/{portal}/",
    NoticePage Get "/p/{portal}/notices/{id}",
    HistoryPage Get "/p/{portal}/history",
    FallbackPage Get "/p/{portal}/fallback.html",
    UnavailablePage Get "/p/{portal}/503.html",
    Fragment Get "/p/{portal}/fragment.html",
    Form Get "/p/{portal}/forms/{digest}/{name}",
    AtomFeed Get "/p/{portal}/feed.atom",
    JsonFeed Get "/p/{portal}/feed.json",
    Calendar Get "/p/{portal}/calendar.ics",
    SubscribePage Get "/p/{portal}/subscribe",
    Subscribe Post "/p/{portal}/subscribe",
    OwnSubscription Get "/s/{secret}",
    ChangeSubscription Post "/s/{secret}",
    Archive Get "/p/{portal}/archive/",
    ArchivedReport Get "/p/{portal}/archive/{file}",
    Again Get "/p/{portal}/calendar/{file}",
    Asset Get "/assets/{fingerprint}/{*path}",
    StateSchema Get "/schema/state-v1.json",
    // For everyone, as Statuspage has it.
    StatuspageSummary Get "/api/v2/summary.json",
    StatuspageStatus Get "/api/v2/status.json",
    StatuspageComponents Get "/api/v2/components.json",
    StatuspageIncidents Get "/api/v2/incidents.json",
    StatuspageUnresolved Get "/api/v2/incidents/unresolved.json",
    StatuspageMaintenances Get "/api/v2/scheduled-maintenances.json",
    StatuspageUpcoming Get "/api/v2/scheduled-maintenances/upcoming.json",
    StatuspageActive Get "/api/v2/scheduled-maintenances/active.json",
    StatuspageOfPortal Get "/p/{portal}/api/v2/{*document}",
    // For those who run the server, and for programs.
    Alive Get "/healthz",
    Ready Get "/readyz",
    Metrics Get "/metrics",
    OpenApi Get "/openapi.json",
    ApiPage Get "/api/",
    // For staff.
    SetUp Post "/api/v1/setup",
    Session Get "/api/v1/session",
    SignIn Post "/api/v1/session",
    SignOut Delete "/api/v1/session",
    BeginSignInByPasskey Post "/api/v1/session/passkey/challenge",
    SignInByPasskey Post "/api/v1/session/passkey",
    Provider Get "/api/v1/session/oidc",
    BeginSignInAtProvider Post "/api/v1/session/oidc",
    Catalogue Get "/api/v1/catalogue",
    ApplyCatalogue Post "/api/v1/catalogue",
    CatalogueToml Get "/api/v1/catalogue.toml",
    CataloguePart Get "/api/v1/catalogue/{kind}/{id}",
    PutCataloguePart Put "/api/v1/catalogue/{kind}/{id}",
    RemoveCataloguePart Delete "/api/v1/catalogue/{kind}/{id}",
    UploadForm Post "/api/v1/forms",
    ReadForm Get "/api/v1/forms/{digest}/{name}",
    Opening Get "/api/v1/opening",
    Examine Post "/api/v1/portals/{id}/examination",
    Notices Get "/api/v1/notices",
    CreateNotice Post "/api/v1/notices",
    Notice Get "/api/v1/notices/{id}",
    EditNotice Patch "/api/v1/notices/{id}",
    UpdateNotice Post "/api/v1/notices/{id}/updates",
    MoveNotice Post "/api/v1/notices/{id}/{transition}",
    Arrivals Get "/api/v1/arrivals",
    Preview Post "/api/v1/preview",
    AllSeries Get "/api/v1/series",
    CreateSeries Post "/api/v1/series",
    Series Get "/api/v1/series/{id}",
    EditSeries Patch "/api/v1/series/{id}",
    SplitSeries Post "/api/v1/series/{id}/split",
    EndSeries Post "/api/v1/series/{id}/end",
    Occurrences Get "/api/v1/series/{id}/occurrences",
    DecideOccurrence Post "/api/v1/series/{id}/occurrences/{day}",
    AnnounceOccurrence Post "/api/v1/series/{id}/occurrences/{day}/announce",
    Freezes Get "/api/v1/freezes",
    CreateFreeze Post "/api/v1/freezes",
    Freeze Get "/api/v1/freezes/{id}",
    EditFreeze Patch "/api/v1/freezes/{id}",
    EndFreeze Post "/api/v1/freezes/{id}/end",
    Check Get "/api/v1/check",
    Channels Get "/api/v1/channels",
    ReportChannel Post "/api/v1/channels/{id}/outage",
    ClearChannel Delete "/api/v1/channels/{id}/outage",
    Approvals Get "/api/v1/approvals",
    Approval Get "/api/v1/approvals/{id}",
    Approve Post "/api/v1/approvals/{id}/approve",
    Decline Post "/api/v1/approvals/{id}/decline",
    BreakGlass Post "/api/v1/approvals/{id}/break-glass",
    WithdrawRequest Post "/api/v1/approvals/{id}/withdraw",
    Review Post "/api/v1/approvals/{id}/review",
    Journal Get "/api/v1/journal",
    JournalCsv Get "/api/v1/journal.csv",
    JournalLines Get "/api/v1/journal.jsonl",
    Redact Post "/api/v1/journal/{seq}/redact",
    Seen Get "/api/v1/portals/{id}/seen",
    ConfirmClock Post "/api/v1/clock",
    Health Get "/api/v1/health",
    People Get "/api/v1/people",
    DisablePerson Post "/api/v1/people/{id}/disable",
    EnablePerson Post "/api/v1/people/{id}/enable",
    ChangeGrants Patch "/api/v1/people/{id}",
    SignOutPerson Post "/api/v1/people/{id}/sign-out",
    ResetSecondFactor Post "/api/v1/people/{id}/second-factor/reset",
    Invitations Get "/api/v1/invitations",
    Invite Post "/api/v1/invitations",
    AcceptInvitation Post "/api/v1/invitations/accept",
    WithdrawInvitation Delete "/api/v1/invitations/{id}",
    ChangePassword Post "/api/v1/me/password",
    SignOutEverywhere Post "/api/v1/me/sign-out",
    OwnSecondFactor Get "/api/v1/me/second-factor",
    BeginSecondFactor Post "/api/v1/me/second-factor",
    ConfirmSecondFactor Post "/api/v1/me/second-factor/confirm",
    RemoveSecondFactor Post "/api/v1/me/second-factor/remove",
    NewRecoveryCodes Post "/api/v1/me/recovery-codes",
    Passkeys Get "/api/v1/me/passkeys",
    BeginPasskey Post "/api/v1/me/passkeys/challenge",
    AddPasskey Post "/api/v1/me/passkeys",
    RemovePasskey Post "/api/v1/me/passkeys/{id}/remove",
    Tokens Get "/api/v1/tokens",
    CreateToken Post "/api/v1/tokens",
    RevokeToken Post "/api/v1/tokens/{id}/revoke",
    Webhooks Get "/api/v1/webhooks",
    CreateWebhook Post "/api/v1/webhooks",
    EndWebhook Post "/api/v1/webhooks/{id}/end",
    ReplayWebhook Post "/api/v1/webhooks/{id}/replay",
    TestWebhook Post "/api/v1/webhooks/{id}/test",
    Subscriptions Get "/api/v1/subscriptions",
    FindSubscriptions Post "/api/v1/subscriptions/find",
    EndSubscription Post "/api/v1/subscriptions/{id}/end",
    Sources Get "/api/v1/sources",
    CreateSource Post "/api/v1/sources",
    RenewSource Post "/api/v1/sources/{id}/token",
    EndSource Post "/api/v1/sources/{id}/end",
    Hear Post "/api/v1/sources/{id}/alerts",
    Probes Get "/api/v1/probes",
    TryProbe Post "/api/v1/probes/try",
    ProbeAvailability Get "/api/v1/probes/{id}/availability",
    Reports Get "/api/v1/reports",
    Report Get "/api/v1/reports/{id}/{file}",
}

impl Call {
    /// Whether it is a call of the management API.
    pub fn is_management(self) -> bool {
        self.path().0.starts_with("/api/v1/")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_call_has_a_method_and_path_of_its_own() {
        let all: BTreeSet<_> = Call::ALL.iter().map(|call| (call.method(), call.path())).collect();
        assert_eq!(all.len(), Call::ALL.len());
    }

    #[test]
    fn gaps_are_filled_in_their_order() {
        for (path, values, expected) in [
            ("/api/v1/notices", &[][..], "/api/v1/notices"),
            ("/api/v1/notices/{id}", &["2026-0042"], "/api/v1/notices/2026-0042"),
            ("/a/{b}/c/{*d}", &["1", "2/3"], "/a/1/c/2/3"),
            ("/a/{b}/", &["1"], "/a/1/"),
        ] {
            assert_eq!(Path(path).with(values), expected);
        }
        assert_eq!(Path("/a/{b}/c/{*d}").gaps().collect::<Vec<_>>(), ["b", "d"]);
    }
}
