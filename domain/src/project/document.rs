//! The document of a portal: what it shows at an instant, and for how long.

use std::{cmp::Reverse, collections::BTreeMap};

use jiff::Timestamp;
use wire::{PublicState, Severity, Stage, Status, Timing, Untold, VERSION};

use super::{
    portal::{PortalView, Shown, Touched, status_of, was_shown},
    repeated::repeated_hours,
    spelling::rich,
    ways::{Offering, merge, procedure},
};
use crate::{
    notice::Alteration,
    state::State,
    words::{ChannelId, NoticeId, PortalId, ProcedureId, ServiceId},
};

/// A reading of the state at an instant, and for how long it is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<T> {
    pub what: T,
    /// The last event or turn of time, whichever is later.
    pub from: Timestamp,
    /// When time alone makes it another; `None`: never.
    pub until: Option<Timestamp>,
}

/// What a portal shows at an instant; `None`: there is no such portal. `now` is not before the last event.
pub fn project(state: &State, portal: &PortalId, now: Timestamp) -> Option<Untold> {
    Some(told(state, portal, now)?.what)
}

/// The same with the time for which it holds, worked out in one go.
pub fn told(state: &State, portal: &PortalId, now: Timestamp) -> Option<Told<Untold>> {
    let view = PortalView::new(state, portal, now)?;
    let shown = view.offering(view.shown());
    let from = view.valid_from(&shown);
    Some(Told {
        what: view.document(&shown, from),
        from,
        until: view.next_change(&shown),
    })
}

/// One published notice as a portal shows it, however long it is over: the document of its permanent page.
pub fn project_notice(state: &State, portal: &PortalId, id: &NoticeId, now: Timestamp) -> Option<Untold> {
    let view = PortalView::new(state, portal, now)?;
    let notice = state.notice(id).filter(|notice| was_shown(notice, now))?;
    let shown = view.offering(vec![view.show(notice)?]);
    Some(view.document(&shown, view.shown_from()))
}

/// The next instant after `now` at which time alone changes what any portal shows.
pub fn next_change(state: &State, now: Timestamp) -> Option<Timestamp> {
    state
        .portal_positions()
        .filter_map(|(portal, _)| next_change_of(state, portal, now))
        .min()
}

/// The next instant after `now` at which time alone changes what this portal shows.
pub fn next_change_of(state: &State, portal: &PortalId, now: Timestamp) -> Option<Timestamp> {
    let view = PortalView::new(state, portal, now)?;
    view.next_change(&view.offering(view.shown()))
}

impl<'a> PortalView<'a> {
    pub(super) fn document(&self, shown: &[Offering<'a>], valid_from: Timestamp) -> Untold {
        let mut channels: Vec<&ChannelId> = Vec::new();
        let mut procedures: Vec<&ProcedureId> = Vec::new();
        let notices = shown
            .iter()
            .map(|offering| {
                merge(&mut channels, offering.channels.iter().copied());
                merge(&mut procedures, offering.procedures.iter().copied());
                self.notice(offering)
            })
            .collect::<Vec<_>>();
        let channels: Vec<wire::Channel> = channels
            .into_iter()
            .filter_map(|id| self.state.channel(id))
            .map(|channel| self.channel(channel))
            .collect();
        let shows = shown.iter().map(|offering| &offering.shown);
        let current: Vec<&Shown<'_>> = shows.filter(|shown| shown.timing == Timing::Current).collect();
        let services = self.services(&current);
        let whole = current
            .iter()
            .filter(|shown| shown.affected.is_empty())
            .map(|shown| status_of(shown.notice));
        Untold::new(PublicState {
            v: VERSION,
            portal: self.portal.id.to_string(),
            revision: format!("{}-{:x}", self.listing.position, valid_from.as_millisecond()),
            generated_at: self.time(valid_from),
            time_zone: self.portal.time_zone.clone(),
            languages: self.portal.languages.iter().map(|language| language.to_string()).collect(),
            status: current
                .iter()
                .flat_map(|shown| &shown.affected)
                .map(|touched| touched.status)
                .chain(whole)
                .max()
                .unwrap_or(Status::Operational),
            services,
            repeated_hours: repeated_hours(&notices, &channels, &self.listing.time_zone),
            notices,
            // Words are the view's.
            controls: wire::ByLanguage::default(),
            channels,
            procedures: procedures
                .into_iter()
                .filter_map(|id| self.state.procedure(id))
                .map(|one| procedure(&self.portal.id, one))
                .collect(),
            // A healthy page has no use for them.
            pages: if shown.is_empty() { Vec::new() } else { self.pages() },
            known: if shown.is_empty() {
                Vec::new()
            } else {
                self.portal.services.iter().map(ToString::to_string).collect()
            },
        })
    }

    /// The rules for pages, the narrowest first: the first that fits is the one that counts.
    pub(super) fn pages(&self) -> Vec<wire::PageRule> {
        let mut rules: Vec<_> = self
            .portal
            .pages
            .iter()
            .map(|page| wire::PageRule {
                at: with_host_in_lower_case(&page.at),
                services: page.services.iter().map(ToString::to_string).collect(),
                open: page.open,
            })
            .collect();
        // As web servers do: the host first, then an exact path, then the longest.
        rules.sort_by_key(|rule| (rule.at.starts_with('/'), rule.at.ends_with('*'), Reverse(rule.at.len())));
        rules
    }

    /// The services in trouble: those that cause it first, also where the portal itself does not offer them.
    fn services(&self, current: &[&Shown<'_>]) -> Vec<wire::Service> {
        let mut worst: BTreeMap<&ServiceId, (Status, Severity, Option<&ServiceId>)> = BTreeMap::new();
        let mut put = |service, status, severity, because: Option<_>| {
            let known = worst.entry(service).or_insert((Status::Operational, severity, None));
            if (status, severity, because.is_none()) > (known.0, known.1, known.2.is_none()) || known.0 == Status::Operational {
                *known = (status, severity, because);
            }
        };
        for shown in current {
            for touched in &shown.affected {
                put(touched.service, touched.status, touched.severity, touched.because);
                if let Some(root) = touched.because {
                    put(root, status_of(shown.notice), shown.notice.content.severity, None);
                }
            }
        }
        let (mut causes, mut dependents) = (Vec::new(), Vec::new());
        for (id, (status, severity, because)) in worst {
            let Some(service) = self.state.service(id) else { continue };
            let list = if because.is_none() { &mut causes } else { &mut dependents };
            list.push(wire::Service {
                id: id.to_string(),
                name: service.name.to_public(),
                status,
                severity,
                because: because.map(ToString::to_string),
            });
        }
        causes.into_iter().chain(dependents).collect()
    }

    fn notice(&self, offering: &Offering<'_>) -> wire::Notice {
        let Offering {
            shown,
            channels,
            procedures,
        } = offering;
        let Shown {
            notice,
            stage,
            timing,
            affected,
        } = shown;
        let content = &notice.content;
        wire::Notice {
            id: notice.id.to_string(),
            revision: notice.revision,
            kind: content.kind,
            severity: content.severity,
            stage: *stage,
            timing: *timing,
            approaching: *timing == Timing::Announced && self.nears_at(notice).is_some_and(|nears| nears <= self.now),
            services: content.services.iter().map(ToString::to_string).collect(),
            affected: affected
                .iter()
                .map(|touched| self.affected_service(shown, touched, channels, procedures))
                .collect(),
            title: content.title.to_public(),
            impact: rich(&content.impact),
            guidance: rich(&content.guidance),
            still_works: rich(&content.still_works),
            entries: content.entries,
            entries_until: content.entries_until.map(|at| self.time(at)),
            applications: rich(&content.applications),
            deadline_note: rich(&content.deadline_note),
            deadline_source: content.deadline_source.clone(),
            starts_at: self.time(notice.starts_at()),
            ends_at: match stage {
                // It never was, so it has no other end than the one that was planned.
                Stage::Cancelled => content.ends_at,
                _ => notice.ended_at(self.now).or(content.ends_at),
            }
            .map(|at| self.time(at)),
            end_certainty: content.certainty(),
            next_update_at: content.next_update_at.filter(|_| !stage.is_final()).map(|at| self.time(at)),
            channels: channels.iter().map(ToString::to_string).collect(),
            procedures: procedures.iter().map(ToString::to_string).collect(),
            updates: notice
                .updates
                .iter()
                .rev()
                .map(|update| wire::Update {
                    at: self.time(update.at),
                    stage: update.stage,
                    text: rich(&update.text),
                    change: update.change.map(|change| match change {
                        Alteration::Moved { .. } => wire::Change::Moved,
                        Alteration::EndMoved { .. } => wire::Change::EndMoved,
                        Alteration::Edited => wire::Change::Edited,
                    }),
                    from: match update.change {
                        Some(Alteration::Moved { from, .. }) => Some(self.time(from)),
                        _ => None,
                    },
                    to: match update.change {
                        Some(Alteration::Moved { to, .. } | Alteration::EndMoved { to }) => to.map(|at| self.time(at)),
                        _ => None,
                    },
                })
                .collect(),
            issuer: self.portal.issuer.to_public(),
            published_at: self.time(notice.published_at.unwrap_or(notice.created_at)),
            updated_at: self.time(notice.updated_at),
            url: format!("/p/{}/notices/{}", self.portal.id, notice.id),
            video: content.video.clone(),
            brief: wire::ByLanguage::default(),
        }
    }

    fn affected_service(
        &self,
        shown: &Shown<'_>,
        touched: &Touched<'_>,
        channels: &[&ChannelId],
        procedures: &[&ProcedureId],
    ) -> wire::Affected {
        let notice = shown.notice;
        let is_late = || self.too_late_at(notice, touched).is_some_and(|at| at <= self.now);
        let name = |id: &ServiceId| self.state.service(id).map(|service| service.name.to_public()).unwrap_or_default();
        // What serves this service: its own and its cause's; what an author chose by hand serves all.
        let serving: Vec<_> = [Some(touched.service), touched.because]
            .into_iter()
            .flatten()
            .filter_map(|id| self.state.service(id))
            .collect();
        let serves_channel =
            |id: &ChannelId| notice.content.channels.is_some() || serving.iter().any(|service| service.channels.contains(id));
        let serves_procedure =
            |id: &ProcedureId| notice.content.procedures.is_some() || serving.iter().any(|service| service.procedures.contains(id));
        wire::Affected {
            id: touched.service.to_string(),
            name: name(touched.service),
            status: touched.status,
            severity: touched.severity,
            because: touched.because.map(ToString::to_string),
            because_name: touched.because.map(name).unwrap_or_default(),
            channels: channels.iter().filter(|id| serves_channel(id)).map(ToString::to_string).collect(),
            procedures: procedures
                .iter()
                .filter(|id| serves_procedure(id))
                .map(ToString::to_string)
                .collect(),
            usual_minutes: self.state.service(touched.service).and_then(|service| service.usual_minutes),
            too_late: shown.timing == Timing::Announced && is_late(),
        }
    }
}

/// Browsers tell the host of a page in lower case; a path is told as it was written.
fn with_host_in_lower_case(at: &str) -> String {
    let (host, path) = at.split_at(at.find('/').unwrap_or(at.len()));
    host.to_ascii_lowercase() + path
}
