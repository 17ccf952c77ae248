//! `GET /metrics`: how the server does and what it shows, for Prometheus. Labels hold ids of the catalogue and fixed words, nothing that came
//! with a request; what is not published yet is not in it.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::words::ServiceId;
use jiff::Timestamp;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{family::Family, gauge::Gauge, info::Info},
    registry::{Registry, Unit},
};
use wire::{Kind, Status, Timing};

use crate::{http::site::Site, show::snapshot::Shared};
use engine::{
    driver::Report,
    health::{Condition, Finding},
};

/// The format's own media type.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfPortal {
    portal: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfService {
    portal: String,
    service: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfNotices {
    portal: String,
    kind: &'static str,
    timing: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfCondition {
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfReactor {
    reactor: &'static str,
}

/// What is told anew each time.
#[derive(Default)]
struct Shown {
    portals: Family<OfPortal, Gauge>,
    services: Family<OfService, Gauge>,
    notices: Family<OfNotices, Gauge>,
    overdue: Family<OfPortal, Gauge>,
    conditions: Family<OfCondition, Gauge>,
    position: Gauge,
    leader: Gauge,
    open_tasks: Family<OfReactor, Gauge>,
    given_up: Family<OfReactor, Gauge>,
    oldest_task: Family<OfReactor, Gauge>,
}

pub(crate) async fn metrics(State(site): State<Arc<Site>>) -> Response {
    // All of it from memory: whoever watches must not wait for a database that does not answer.
    let (state, now) = site.publisher.present();
    let shown = Shown::default();
    shown.tell_health(&site.publisher.health().findings());
    shown.tell_going_out(&site.going_out, now);
    shown.position.set(state.position().cast_signed());
    for portal in &state.catalogue().portals {
        if let Some(snapshot) = site.windows.snapshot(portal.id.as_str()) {
            shown.tell(portal.id.as_str(), &portal.services, &snapshot, now);
        }
    }
    let mut text = String::new();
    match encode(&mut text, &shown.registry(&site)) {
        Ok(()) => ([(header::CONTENT_TYPE, OPEN_METRICS), (header::CACHE_CONTROL, "no-store")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

impl Shown {
    fn tell_health(&self, findings: &[Finding]) {
        for condition in Condition::ALL {
            let is_so = findings.iter().any(|finding| finding.code == condition.code());
            let code = condition.code();
            self.conditions.get_or_create(&OfCondition { code }).set(i64::from(is_so));
        }
    }

    fn tell_going_out(&self, report: &Report, now: Timestamp) {
        self.leader.set(i64::from(report.leads()));
        for (reactor, progress) in report.progress() {
            let of = OfReactor { reactor };
            let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
            self.open_tasks.get_or_create(&of).set(number(progress.open));
            self.given_up.get_or_create(&of).set(number(progress.given_up));
            let waits = progress.waiting_since.map_or(0, |since| now.duration_since(since).as_secs().max(0));
            self.oldest_task.get_or_create(&of).set(waits);
        }
    }

    fn tell(&self, portal: &str, services: &[ServiceId], snapshot: &Shared, now: Timestamp) {
        let shown = &snapshot.state;
        let of_portal = OfPortal { portal: portal.to_owned() };
        self.portals.get_or_create(&of_portal).set(grade(shown.status));
        for service in services {
            let status = shown.services.iter().find(|known| known.id == service.as_str());
            let of_service = OfService {
                portal: portal.to_owned(),
                service: service.to_string(),
            };
            let gauge = self.services.get_or_create(&of_service);
            gauge.set(grade(status.map_or(Status::Operational, |known| known.status)));
        }
        for kind in Kind::ALL {
            for timing in Timing::ALL {
                let notices = shown
                    .notices
                    .iter()
                    .filter(|notice| notice.kind == *kind && notice.timing == *timing);
                let of_notices = OfNotices {
                    portal: portal.to_owned(),
                    kind: kind.word(),
                    timing: timing.word(),
                };
                self.notices.get_or_create(&of_notices).set(count(notices));
            }
        }
        let promised = shown
            .notices
            .iter()
            .filter_map(|notice| notice.next_update_at.as_deref()?.parse().ok());
        let overdue = promised.filter(|promised: &Timestamp| *promised < now);
        self.overdue.get_or_create(&of_portal).set(count(overdue));
    }

    fn registry(self, site: &Site) -> Registry {
        let mut registry = Registry::with_prefix("umleitung");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "Which release this is", version);
        let help = "How a portal does: 0 operational, 1 information, 2 maintenance, 3 degraded, 4 partial outage, 5 outage";
        registry.register("portal_status", help, self.portals);
        let help = "How a service does on a portal, graded as the portal is";
        registry.register("service_status", help, self.services);
        registry.register("notices", "Notices that are on show", self.notices);
        let help = "Notices on show whose promised update has not come";
        registry.register("updates_overdue", help, self.overdue);
        let help = "What is wrong with this server, by the code that /readyz tells: 1 it is so, 0 it is not";
        registry.register("condition", help, self.conditions);
        registry.register(
            "journal_position",
            "The last journal entry that this server has applied",
            self.position,
        );
        let help = "Whether this server sees to what goes out: 1 it does, 0 another one does, or nothing goes out";
        registry.register("leader", help, self.leader);
        registry.register("outbox_tasks", "Tasks that are open", self.open_tasks);
        registry.register("outbox_given_up", "Tasks that were given up", self.given_up);
        let help = "For how long the open task has been due that waits longest";
        registry.register_with_unit("outbox_age", help, Unit::Seconds, self.oldest_task);
        registry.register("connections", "Connections that are open", site.measures.connections.clone());
        let help = "From the decision about a command until every portal of this server shows what follows";
        registry.register_with_unit("publish_duration", help, Unit::Seconds, site.measures.publishing.clone());
        registry
    }
}

/// Where a status stands among all of them, the best first.
const fn grade(status: Status) -> i64 {
    match status {
        Status::Operational => 0,
        Status::Information => 1,
        Status::Maintenance => 2,
        Status::Degraded => 3,
        Status::PartialOutage => 4,
        Status::Outage => 5,
    }
}

fn count(what: impl Iterator) -> i64 {
    i64::try_from(what.count()).unwrap_or(i64::MAX)
}
