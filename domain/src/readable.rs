//! What staff may read: whoever has a role on a portal reads what concerns it, and nothing of the others.

use std::collections::BTreeSet;

use crate::{
    access::{Grants, Role, Where},
    approval::{self, Approval, Asked},
    catalogue::{Catalogue, Probe, Rule, Service},
    freeze::{self, Freeze},
    notice::{self, Content, Notice},
    record::Event,
    schedule::{self, Series},
    state::State,
    words::{ChannelId, PortalId, ProcedureId, ServiceId, Subject},
};

/// Whether these grants let somebody read what concerns these portals, of which one is enough.
fn reads(grants: &Grants, portals: &BTreeSet<PortalId>) -> bool {
    grants.may(Role::Viewer, Where::OnOne(portals))
}

impl State {
    /// Whether somebody may read a notice: with a role on one of the portals that it concerns, or did.
    pub fn may_read(&self, grants: &Grants, notice: &Notice) -> bool {
        // Asked for each notice of a long list; most people read all of them.
        grants.may(Role::Viewer, Where::Everywhere) || reads(grants, &notice.portals(&self.catalogue))
    }

    /// Whether somebody may read a series: with a role on one of the portals on which its notices show.
    pub fn may_read_series(&self, grants: &Grants, series: &Series) -> bool {
        grants.may(Role::Viewer, Where::Everywhere) || reads(grants, &self.concerned_portals(&series.plan.notice))
    }

    /// Whether somebody may read a freeze: with a role on one of the portals for whose work it is, or with any where it is for all work.
    pub fn may_read_freeze(&self, grants: &Grants, freeze: &Freeze) -> bool {
        freeze.may_be_read(grants, &self.catalogue)
    }

    /// Whether somebody may read what takes a second person: with a role on one of the portals on which it shows.
    pub fn may_read_approval(&self, grants: &Grants, approval: &Approval) -> bool {
        approval.may_be_read(grants)
    }

    /// Whether somebody may read of a service: with a role on one of the portals that feel it.
    pub fn may_read_service(&self, grants: &Grants, service: &ServiceId) -> bool {
        let feeling = self.dependents().of_service(service);
        let portals = feeling.flat_map(|(id, _)| self.portals_with(id)).cloned().collect();
        grants.may(Role::Viewer, Where::Everywhere) || reads(grants, &portals)
    }

    /// Whether somebody may read whether a channel works: with a role on one of the portals that offer it.
    pub fn may_read_channel(&self, grants: &Grants, channel: &ChannelId) -> bool {
        grants.may(Role::Viewer, Where::Everywhere) || reads(grants, self.portals_offering(channel))
    }

    /// Whether somebody may read a journal entry. Those about everything at once are for whoever reads everything; those about a notice or a
    /// series for whoever reads it, unless this entry says something that concerned other portals. `event` is read where it matters.
    pub fn may_read_entry(&self, grants: &Grants, subject: &Subject, event: impl FnOnce() -> Option<Event>) -> bool {
        if grants.may(Role::Viewer, Where::Everywhere) {
            return true;
        }
        let may = match subject {
            Subject::Whole => false,
            Subject::Freeze(id) => self.freeze(id).is_some_and(|freeze| self.may_read_freeze(grants, freeze)),
            Subject::Channel(id) => self.may_read_channel(grants, id),
            Subject::Approval(id) => self.approval(id).is_some_and(|approval| self.may_read_approval(grants, approval)),
            Subject::Notice(id) => self.notice(id).is_some_and(|notice| self.may_read(grants, notice)),
            Subject::Series(id) => self.one_series(id).is_some_and(|series| self.may_read_series(grants, series)),
        };
        if !may {
            return false;
        }
        match event() {
            Some(Event::Schedule(schedule::Event::Created { plan, .. } | schedule::Event::Edited { plan, .. })) => {
                reads(grants, &self.concerned_portals(&plan.notice))
            }
            Some(Event::Notice(notice::Event::Created { content, .. } | notice::Event::Edited { content, .. })) => {
                reads(grants, &self.concerned_portals(&content))
            }
            Some(Event::Notice(notice::Event::Imported { notice, .. })) => reads(grants, &self.concerned_portals(&notice.content)),
            Some(Event::Freeze(freeze::Event::Created { terms, .. } | freeze::Event::Edited { terms, .. })) => {
                terms.are_for_all() || reads(grants, &terms.portals_in(&self.catalogue))
            }
            Some(Event::Freeze(freeze::Event::Overridden { notice, .. })) => {
                self.notice(&notice).is_some_and(|notice| self.may_read(grants, notice))
            }
            Some(Event::Approval(approval::Event::Asked { asked, .. })) => self.may_read_asked(grants, &asked),
            _ => true,
        }
    }

    /// Whether somebody may read all that a request says: what it would have people read may concern other portals than what is there now.
    pub fn may_read_asked(&self, grants: &Grants, asked: &Asked) -> bool {
        let reads_content =
            |content: &Content| grants.may(Role::Viewer, Where::Everywhere) || reads(grants, &self.concerned_portals(content));
        let says = match asked {
            Asked::Notice(notice::Command::Create { content, .. } | notice::Command::Edit { content, .. }) => Some(content),
            Asked::Schedule(
                schedule::Command::Create { plan } | schedule::Command::Edit { plan, .. } | schedule::Command::Split { plan, .. },
            ) => Some(&plan.notice),
            _ => None,
        };
        let of_what_is_there = match asked.subject() {
            Some(Subject::Notice(id)) => self.notice(&id).is_some_and(|notice| self.may_read(grants, notice)),
            Some(Subject::Series(id)) => self.one_series(&id).is_some_and(|series| self.may_read_series(grants, series)),
            _ => true,
        };
        of_what_is_there && says.is_none_or(|content| reads_content(content))
    }

    /// The catalogue as somebody may read it: their portals, and all that these lead to.
    pub fn readable_catalogue(&self, grants: &Grants) -> Catalogue {
        let whole = self.catalogue();
        if grants.may(Role::Viewer, Where::Everywhere) {
            return whole.clone();
        }
        let portals = whole
            .portals
            .iter()
            .filter(|portal| grants.may(Role::Viewer, Where::On(&portal.id)));
        let portals: Vec<_> = portals.cloned().collect();
        let templates = whole
            .templates
            .iter()
            .filter(|template| reads(grants, &self.concerned_portals(&template.notice)));
        let templates: Vec<_> = templates.cloned().collect();
        let is_there = |rule: &&Rule| templates.iter().any(|template| template.id == rule.template);
        let rules = whole.rules.iter().filter(is_there).cloned().collect();
        let services = self.all_behind(portals.iter().flat_map(|portal| &portal.services));
        let services: Vec<Service> = whole
            .services
            .iter()
            .filter(|service| services.contains(&service.id))
            .cloned()
            .collect();
        let is_about = |probe: &&Probe| {
            probe
                .service
                .as_ref()
                .is_some_and(|own| services.iter().any(|service| service.id == *own))
        };
        let probes = whole.probes.iter().filter(is_about).cloned().collect();
        let prepared = || templates.iter().map(|template| &template.notice);
        let channels: BTreeSet<&ChannelId> = services
            .iter()
            .flat_map(|service| &service.channels)
            .chain(prepared().filter_map(|content| content.channels.as_ref()).flatten())
            .collect();
        let procedures: BTreeSet<&ProcedureId> = services
            .iter()
            .flat_map(|service| &service.procedures)
            .chain(prepared().filter_map(|content| content.procedures.as_ref()).flatten())
            .collect();
        let channels = whole.channels.iter().filter(|channel| channels.contains(&channel.id));
        let procedures = whole.procedures.iter().filter(|procedure| procedures.contains(&procedure.id));
        Catalogue {
            channels: channels.cloned().collect(),
            procedures: procedures.cloned().collect(),
            portals,
            services,
            templates,
            rules,
            probes,
        }
    }

    /// These services and all that they need or use, to the end.
    fn all_behind<'a>(&'a self, services: impl Iterator<Item = &'a ServiceId>) -> BTreeSet<&'a ServiceId> {
        let mut found = BTreeSet::new();
        let mut waiting: Vec<&ServiceId> = services.collect();
        while let Some(id) = waiting.pop() {
            if found.insert(id)
                && let Some(service) = self.service(id)
            {
                waiting.extend(service.requires.iter().chain(&service.uses));
            }
        }
        found
    }
}
