//! What is answered where.

use api::ProblemKind;
use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::DefaultBodyLimit,
    http::{HeaderValue, Request, header},
    middleware::{self, map_response},
    response::{IntoResponse, Response},
    routing::{any, delete, get, post},
};
use tower::Service;

use super::{
    admin_page,
    answer::{
        date,
        problem::{Problem, nothing_here},
    },
    api::{
        catalogue, clock, health, journal, metrics, notice, notice_list, notices, people, preview, session, setup, storage, tokens,
        transitions, updates, webhooks,
    },
    ask::{client_address::Peer, host, json_body::BODY_LIMIT},
    demo::{files, stories},
    public::{assets, events, loader, pages, schema, state, worker},
    site::Site,
};
use crate::connections::Answers;

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

/// All addresses.
fn router(site: Arc<Site>) -> Router {
    let public = Router::new()
        .route("/", get(pages::front))
        .route("/umleitung.js", get(loader::bare))
        .route("/p/{portal}/umleitung.js", get(loader::of_portal))
        .route("/p/{portal}/state.json", get(state::state))
        .route("/p/{portal}/sample.json", get(pages::sample))
        .route("/p/{portal}/events", get(events::events))
        .route("/p/{portal}/worker.js", get(worker::worker))
        .route("/p/{portal}", get(pages::missing))
        .route("/p/{portal}/", get(pages::status))
        .route("/p/{portal}/history", get(pages::history))
        .route("/p/{portal}/notices/{id}", get(pages::permanent))
        .route("/p/{portal}/fallback.html", get(pages::fallback))
        .route("/p/{portal}/503.html", get(pages::unavailable))
        .route("/p/{portal}/fragment.html", get(pages::fragment))
        .route("/p/{portal}/hint.json", get(pages::hint))
        .route("/p/{portal}/{*rest}", get(pages::missing))
        .route("/assets/{fingerprint}/{*path}", get(assets::asset))
        .route("/schema/state-v1.json", get(schema::schema))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::metrics));
    let admin = Router::new()
        .route("/admin", get(admin_page::redirect))
        .route("/admin/", get(admin_page::page))
        .route("/admin/{*file}", get(admin_page::file))
        .route("/demo", get(files::redirect))
        .route("/demo/", get(files::home))
        .route("/demo/stories", delete(stories::end))
        .route("/demo/stories/{story}", post(stories::begin))
        .route("/demo/{*file}", get(files::file));
    let management = Router::new()
        .route("/api/v1/setup", post(setup::set_up))
        .route(
            "/api/v1/session",
            get(session::show)
                .post(session::sign_in)
                .delete(session::sign_out)
                .layer(DefaultBodyLimit::max(CREDENTIALS_LIMIT)),
        )
        .route("/api/v1/catalogue", get(catalogue::show))
        .route("/api/v1/notices", get(notice_list::list).post(notices::create))
        .route("/api/v1/notices/{id}", get(notice::show).patch(notice::edit))
        .route("/api/v1/notices/{id}/updates", post(updates::add))
        .route("/api/v1/notices/{id}/{transition}", post(transitions::make))
        .route("/api/v1/preview", post(preview::preview))
        .route("/api/v1/journal", get(journal::entries))
        .route("/api/v1/clock", post(clock::confirm))
        .route("/api/v1/health", get(health::report))
        .route("/api/v1/people", get(people::list))
        .route("/api/v1/people/{id}/disable", post(people::disable))
        .route("/api/v1/people/{id}/enable", post(people::enable))
        .route("/api/v1/tokens", get(tokens::list))
        .route("/api/v1/tokens/{id}/revoke", post(tokens::revoke))
        .route("/api/v1/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/api/v1/webhooks/{id}/end", post(webhooks::end))
        .route("/api/v1/webhooks/{id}/replay", post(webhooks::replay))
        .route("/api/v1/webhooks/{id}/test", post(webhooks::test))
        .route("/api", any(nothing_here))
        .route("/api/", any(nothing_here))
        .route("/api/{*rest}", any(nothing_here))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(site.clone(), storage::stands))
        .layer(map_response(not_stored))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    public.merge(admin).merge(management).fallback(pages::nowhere).with_state(site)
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
