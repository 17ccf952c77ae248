//! What is answered where.

use std::{net::SocketAddr, sync::Arc};

use api::{Call, Method, ProblemKind};

use axum::{
    Router,
    body::Body,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::{HeaderValue, Request, header},
    middleware::{self, map_response},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, any, delete, get, on, post},
};
use tower::Service;

use super::{
    admin_page,
    answer::{
        date, packed,
        problem::{Problem, nothing_here},
    },
    api::{
        approvals, arrivals, catalogue, channels, clock, examination, forms, freezes, health, invitations, journal, metrics, notice,
        notice_list, notices, oidc, oneself, passkeys, people, preview, probes, reports, seen, series, session, setup, sources, storage,
        subscriptions, tokens, transitions, updates, webhooks,
    },
    ask::{client_address::Peer, host, json_body::BODY_LIMIT},
    demo::{files, stories},
    public::{archive, assets, contract, events, feeds, form, loader, pages, state, statuspage, subscriptions as told_by_mail, worker},
    site::Site,
};
use crate::{connections::Answers, provider::RETURN_PATH};

/// The most that a sign-in may carry, in bytes: whoever is unknown gets no more of the server's memory.
const CREDENTIALS_LIMIT: usize = 64 * 1024;

/// Everything that is answered. The busiest path is tried before the router is asked: nearly all that is ever read is `state.json`, and
/// it is measured against a bare handler.
#[derive(Clone)]
pub(crate) struct Everything {
    pub(super) site: Arc<Site>,
    pub(super) router: Router,
}

impl Everything {
    pub(crate) fn new(site: Arc<Site>) -> Self {
        Self {
            router: router(site.clone()),
            site,
        }
    }

    /// Puts what all answers have into one.
    fn finish(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        if let Some(date) = date::date(self.site.publisher.clock().now()) {
            headers.insert(header::DATE, date);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }

    /// Puts it also into one after which the connection is closed: what else comes on it cannot be relied on.
    fn finish_last(&self, problem: Problem) -> Response {
        let mut response = self.finish(problem.into_response());
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

impl Answers for Everything {
    fn at_once<B>(&self, request: &Request<B>) -> Option<Response> {
        if !host::is_named(request.version(), request.headers()) {
            let detail = "Send the header `Host` once, with the name under which the server is reached.";
            return Some(self.finish_last(Problem::new(ProblemKind::NoHost, detail)));
        }
        state::at_once(&self.site, request).map(|response| self.finish(response))
    }

    fn answer(&self, mut request: Request<Body>, peer: SocketAddr) -> impl Future<Output = Response> + Send + 'static {
        let everything = self.clone();
        request.extensions_mut().insert(Peer(peer));
        async move {
            let Ok(response) = everything.router.clone().call(request).await;
            everything.finish(response)
        }
    }

    fn malformed(&self) -> Response {
        self.finish_last(Problem::new(
            ProblemKind::MalformedRequest,
            "End each line of the head with a carriage return and a line feed.",
        ))
    }

    fn too_slow(&self) -> Response {
        self.finish_last(Problem::new(
            ProblemKind::TooSlow,
            "The body did not arrive in time. Nothing was changed. Please send it again.",
        ))
    }
}

/// All addresses: the calls of the contract, the pages of the admin page and of the demo, and what is said where nothing is.
fn router(site: Arc<Site>) -> Router {
    let (management, public): (Vec<Call>, Vec<Call>) = Call::ALL.iter().partition(|call| call.is_management());
    let routes = |calls: Vec<Call>| {
        calls
            .into_iter()
            .fold(Router::new(), |router, call| router.route(call.path().0, handler(call)))
    };
    let public = routes(public)
        .route("/p/{portal}", get(pages::missing))
        .route("/p/{portal}/{*rest}", get(pages::missing));
    let admin = Router::new()
        .route("/admin", get(admin_page::redirect))
        .route("/admin/", get(admin_page::page))
        .route("/admin/office", get(admin_page::office))
        .route("/admin/registry", get(admin_page::registry))
        .route("/admin/preview/", get(admin_page::preview))
        .route("/admin/preview/{file}", get(admin_page::preview_file))
        .route(RETURN_PATH, get(oidc::come_back))
        .route("/admin/{*file}", get(admin_page::file))
        .route("/demo", get(files::redirect))
        .route("/demo/", get(files::home))
        .route("/demo/stories", delete(stories::end))
        .route("/demo/stories/{story}", post(stories::begin))
        .route("/demo/{*file}", get(files::file));
    let management = routes(management)
        .route("/api", any(nothing_here))
        .route("/api/{*rest}", any(nothing_here))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(site.clone(), storage::stands))
        .layer(map_response(not_stored))
        .layer(middleware::from_fn(packed::packed))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    public.merge(admin).merge(management).fallback(pages::nowhere).with_state(site)
}

/// What answers a call.
fn handler(call: Call) -> MethodRouter<Arc<Site>> {
    let on = Asked::as_in(call);
    match call {
        Call::SetUp
        | Call::Session
        | Call::SignIn
        | Call::SignOut
        | Call::BeginSignInByPasskey
        | Call::SignInByPasskey
        | Call::Provider
        | Call::BeginSignInAtProvider => of_session(call, on),
        Call::Catalogue
        | Call::ApplyCatalogue
        | Call::CatalogueToml
        | Call::CataloguePart
        | Call::PutCataloguePart
        | Call::RemoveCataloguePart
        | Call::UploadForm
        | Call::ReadForm
        | Call::Opening
        | Call::Examine => content(call, on),
        Call::Notices | Call::CreateNotice | Call::Notice | Call::EditNotice | Call::UpdateNotice | Call::MoveNotice => {
            of_notices(call, on)
        }
        Call::Arrivals => on.by(arrivals::list),
        Call::Preview => on.by(preview::preview),
        Call::AllSeries
        | Call::CreateSeries
        | Call::Series
        | Call::EditSeries
        | Call::SplitSeries
        | Call::EndSeries
        | Call::Occurrences
        | Call::DecideOccurrence
        | Call::AnnounceOccurrence => planned(call, on),
        Call::Freezes | Call::CreateFreeze | Call::Freeze | Call::EditFreeze | Call::EndFreeze | Call::Check => freeze(call, on),
        Call::Channels | Call::ReportChannel | Call::ClearChannel => channel(call, on),
        Call::Approvals | Call::Approval | Call::Approve | Call::Decline | Call::BreakGlass | Call::WithdrawRequest | Call::Review => {
            approval(call, on)
        }
        Call::Journal | Call::JournalCsv | Call::JournalLines | Call::Redact | Call::Seen => record(call, on),
        Call::ConfirmClock => on.by(clock::confirm),
        Call::Health => on.by(health::report),
        Call::People | Call::DisablePerson | Call::EnablePerson | Call::ChangeGrants | Call::SignOutPerson | Call::ResetSecondFactor => {
            person(call, on)
        }
        Call::Invitations | Call::Invite | Call::AcceptInvitation | Call::WithdrawInvitation => invitation(call, on),
        Call::ChangePassword
        | Call::SignOutEverywhere
        | Call::OwnSecondFactor
        | Call::BeginSecondFactor
        | Call::ConfirmSecondFactor
        | Call::RemoveSecondFactor
        | Call::NewRecoveryCodes
        | Call::Passkeys
        | Call::BeginPasskey
        | Call::AddPasskey
        | Call::RemovePasskey => of_oneself(call, on),
        Call::Tokens | Call::CreateToken | Call::RevokeToken => token(call, on),
        Call::Webhooks | Call::CreateWebhook | Call::EndWebhook | Call::ReplayWebhook | Call::TestWebhook => webhook(call, on),
        Call::Subscriptions => on.by(subscriptions::list),
        Call::FindSubscriptions => on.by(subscriptions::find),
        Call::EndSubscription => on.by(subscriptions::end),
        Call::Sources | Call::CreateSource | Call::RenewSource | Call::EndSource | Call::Hear => source(call, on),
        Call::Probes => on.by(probes::list),
        Call::TryProbe => on.by(probes::look),
        Call::ProbeAvailability => on.by(probes::availability),
        Call::Reports => on.by(reports::list),
        Call::Report => on.by(reports::one),
        open => public(open, on),
    }
}

/// What answers the calls that anyone may make.
fn public(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::Loader => on.by(loader::bare),
        Call::PortalLoader => on.by(loader::of_portal),
        Call::State => on.by(state::state),
        Call::Events => on.by(events::events),
        Call::SampleState => on.by(pages::sample),
        Call::SeenState => on.by(pages::hint),
        Call::ServiceWorker => on.by(worker::worker),
        Call::StatusPage => on.by(pages::status),
        Call::NoticePage => on.by(pages::permanent),
        Call::HistoryPage => on.by(pages::history),
        Call::FallbackPage => on.by(pages::fallback),
        Call::UnavailablePage => on.by(pages::unavailable),
        Call::Fragment => on.by(pages::fragment),
        Call::Form => on.by(form::form),
        Call::AtomFeed => on.by(feeds::atom),
        Call::JsonFeed => on.by(feeds::json_feed),
        Call::Calendar => on.by(feeds::calendar),
        Call::Again => on.by(feeds::again),
        Call::SubscribePage => on.by(told_by_mail::form),
        Call::Subscribe => on.by(told_by_mail::ask).layer(DefaultBodyLimit::max(told_by_mail::LIMIT)),
        Call::OwnSubscription => on.by(told_by_mail::own),
        Call::ChangeSubscription => on.by(told_by_mail::change).layer(DefaultBodyLimit::max(told_by_mail::LIMIT)),
        Call::Archive => on.by(archive::list),
        Call::ArchivedReport => on.by(archive::one),
        Call::Asset => on.by(assets::asset),
        Call::StateSchema => on.by(contract::state_schema),
        Call::StatuspageSummary
        | Call::StatuspageStatus
        | Call::StatuspageComponents
        | Call::StatuspageIncidents
        | Call::StatuspageUnresolved
        | Call::StatuspageMaintenances
        | Call::StatuspageUpcoming
        | Call::StatuspageActive => on.by(statuspage::by_host),
        Call::StatuspageOfPortal => on.by(statuspage::of_portal),
        Call::Alive => on.by(health::alive),
        Call::Ready => on.by(health::ready),
        Call::Metrics => on.by(metrics::metrics),
        Call::OpenApi => on.by(contract::open_api),
        Call::ApiPage => on.by(pages::reference),
        Call::FrontPage => on.by(pages::front),
        // One that was forgotten: the tests ask for each.
        _ => on.by(nothing_here),
    }
}

/// What answers the calls of whoever comes and goes.
fn of_session(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    let comes = match call {
        Call::SetUp => on.by(setup::set_up),
        Call::SignIn => on.by(session::sign_in),
        Call::BeginSignInByPasskey => on.by(passkeys::begin_sign_in),
        Call::SignInByPasskey => on.by(passkeys::sign_in),
        Call::Provider => on.by(oidc::offer),
        Call::BeginSignInAtProvider => on.by(oidc::begin),
        Call::SignOut => return on.by(session::sign_out),
        _ => return on.by(session::show),
    };
    comes.layer(DefaultBodyLimit::max(CREDENTIALS_LIMIT))
}

/// What answers the calls about notices.
fn of_notices(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::CreateNotice => on.by(notices::create),
        Call::Notice => on.by(notice::show),
        Call::EditNotice => on.by(notice::edit),
        Call::UpdateNotice => on.by(updates::add),
        Call::MoveNotice => on.by(transitions::make),
        _ => on.by(notice_list::list),
    }
}

/// What answers the calls about programs that ask.
fn token(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::CreateToken => on.by(tokens::create),
        Call::RevokeToken => on.by(tokens::revoke),
        _ => on.by(tokens::list),
    }
}

/// What answers the calls about channels.
fn channel(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::ReportChannel => on.by(channels::report),
        Call::ClearChannel => on.by(channels::clear),
        _ => on.by(channels::list),
    }
}

/// What answers the calls about work that recurs.
fn planned(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::CreateSeries => on.by(series::create),
        Call::Series => on.by(series::show),
        Call::EditSeries => on.by(series::edit),
        Call::SplitSeries => on.by(series::split),
        Call::EndSeries => on.by(series::end),
        Call::Occurrences => on.by(series::occurrences),
        Call::DecideOccurrence => on.by(series::decide),
        Call::AnnounceOccurrence => on.by(series::announce),
        _ => on.by(series::list),
    }
}

/// What answers the calls about what takes a second person.
fn approval(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::Approval => on.by(approvals::show),
        Call::Approve => on.by(approvals::approve),
        Call::Decline => on.by(approvals::decline),
        Call::BreakGlass => on.by(approvals::break_glass),
        Call::WithdrawRequest => on.by(approvals::withdraw),
        Call::Review => on.by(approvals::review),
        _ => on.by(approvals::list),
    }
}

/// What answers the calls about what changes rarely.
fn content(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::ApplyCatalogue => on.by(catalogue::apply),
        Call::CatalogueToml => on.by(catalogue::toml),
        Call::CataloguePart => on.by(catalogue::part),
        Call::PutCataloguePart => on.by(catalogue::put),
        Call::RemoveCataloguePart => on.by(catalogue::remove),
        Call::UploadForm => on.by(forms::upload),
        Call::ReadForm => on.by(forms::read),
        Call::Opening => on.by(catalogue::opening),
        Call::Examine => on.by(examination::make),
        _ => on.by(catalogue::show),
    }
}

/// What answers the calls about people.
fn person(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::DisablePerson => on.by(people::disable),
        Call::EnablePerson => on.by(people::enable),
        Call::ChangeGrants => on.by(people::change_grants),
        Call::SignOutPerson => on.by(people::sign_out),
        Call::ResetSecondFactor => on.by(people::reset_second_factor),
        _ => on.by(people::list),
    }
}

/// What answers the calls about times in which nothing is planned.
fn freeze(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::CreateFreeze => on.by(freezes::create),
        Call::Freeze => on.by(freezes::show),
        Call::EditFreeze => on.by(freezes::edit),
        Call::EndFreeze => on.by(freezes::end),
        Call::Check => on.by(freezes::may),
        _ => on.by(freezes::list),
    }
}

/// What answers the calls about programs that are told.
fn webhook(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::CreateWebhook => on.by(webhooks::create),
        Call::EndWebhook => on.by(webhooks::end),
        Call::ReplayWebhook => on.by(webhooks::replay),
        Call::TestWebhook => on.by(webhooks::test),
        _ => on.by(webhooks::list),
    }
}

/// What answers the calls about programs that tell of alerts.
fn source(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::CreateSource => on.by(sources::create),
        Call::RenewSource => on.by(sources::renew),
        Call::EndSource => on.by(sources::end),
        Call::Hear => on.by(sources::hear),
        _ => on.by(sources::list),
    }
}

/// What answers the calls about what has happened.
fn record(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::JournalCsv => on.by(journal::csv),
        Call::JournalLines => on.by(journal::lines),
        Call::Redact => on.by(journal::redact),
        Call::Seen => on.by(seen::seen),
        _ => on.by(journal::entries),
    }
}

/// What answers the calls about one's own account.
fn of_oneself(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::ChangePassword => on.by(oneself::change_password),
        Call::SignOutEverywhere => on.by(oneself::sign_out_everywhere),
        Call::BeginSecondFactor => on.by(oneself::begin_second_factor),
        Call::ConfirmSecondFactor => on.by(oneself::confirm_second_factor),
        Call::RemoveSecondFactor => on.by(oneself::remove_second_factor),
        Call::NewRecoveryCodes => on.by(oneself::new_recovery_codes),
        Call::Passkeys => on.by(passkeys::list),
        Call::BeginPasskey => on.by(passkeys::begin),
        Call::AddPasskey => on.by(passkeys::add),
        Call::RemovePasskey => on.by(passkeys::remove),
        _ => on.by(oneself::second_factor),
    }
}

/// What answers the calls about those who are to come.
fn invitation(call: Call, on: Asked) -> MethodRouter<Arc<Site>> {
    match call {
        Call::Invite => on.by(invitations::create),
        Call::AcceptInvitation => on.by(invitations::accept).layer(DefaultBodyLimit::max(CREDENTIALS_LIMIT)),
        Call::WithdrawInvitation => on.by(invitations::withdraw),
        _ => on.by(invitations::list),
    }
}

/// How a call asks.
#[derive(Clone, Copy)]
struct Asked(MethodFilter);

impl Asked {
    fn as_in(call: Call) -> Self {
        Self(match call.method() {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Patch => MethodFilter::PATCH,
            Method::Delete => MethodFilter::DELETE,
        })
    }

    fn by<H: Handler<T, Arc<Site>>, T: 'static>(self, handler: H) -> MethodRouter<Arc<Site>> {
        on(self.0, handler)
    }
}

/// What staff read is nobody else's, and no cache's.
async fn not_stored(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn method_not_allowed() -> Problem {
    Problem::new(ProblemKind::MethodNotAllowed, "Use another method.")
}
