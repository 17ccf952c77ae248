//! What a notice offers instead of the service: channels with the times at which they are open, and procedures.

use std::cmp::Reverse;

use super::{
    portal::{PortalView, Shown},
    spelling::rich,
};
use crate::{
    catalogue::{Channel, Procedure},
    time::hours::{self, Place},
    words::{ChannelId, ProcedureId},
};
use wire::ChannelKind;

/// A notice that is shown, with what it offers on this portal.
pub(super) struct Offering<'a> {
    pub(super) shown: Shown<'a>,
    pub(super) channels: Vec<&'a ChannelId>,
    pub(super) procedures: Vec<&'a ProcedureId>,
}

impl<'a> PortalView<'a> {
    pub(super) fn offering(&self, shown: Vec<Shown<'a>>) -> Vec<Offering<'a>> {
        let offering = |shown| {
            let (channels, procedures) = self.offer(&shown);
            Offering {
                shown,
                channels,
                procedures,
            }
        };
        shown.into_iter().map(offering).collect()
    }

    /// The channels and procedures that a notice offers on this portal.
    pub(super) fn offer(&self, shown: &Shown<'a>) -> (Vec<&'a ChannelId>, Vec<&'a ProcedureId>) {
        let content = &shown.notice.content;
        let (mut channels, mut procedures) = (Vec::new(), Vec::new());
        let named = content.services.iter().chain(shown.affected.iter().map(|touched| touched.service));
        // Where the whole portal is concerned, whatever helps with one of its services helps.
        let is_whole = shown.affected.is_empty();
        let all = self.portal.services.iter().filter(|_| is_whole);
        let services = named.chain(all);
        for service in services.filter_map(|id| self.state.service(id)) {
            merge(&mut channels, &service.channels);
            merge(&mut procedures, &service.procedures);
        }
        if is_whole {
            // What helps with most of them comes first.
            let serves = |id: &&ChannelId| {
                let own = self.portal.services.iter().filter_map(|service| self.state.service(service));
                Reverse(own.filter(|service| service.channels.contains(id)).count())
            };
            channels.sort_by_cached_key(serves);
        }
        if let Some(chosen) = &content.channels {
            channels = chosen.iter().collect();
        }
        if let Some(chosen) = &content.procedures {
            procedures = chosen.iter().collect();
        }
        channels.retain(|id| self.state.channel(id).is_some());
        procedures.retain(|id| self.state.procedure(id).is_some());
        (channels, procedures)
    }

    pub(super) fn channel(&self, channel: &Channel) -> wire::Channel {
        let today = self.now.to_zoned(self.listing.time_zone.clone()).date();
        let place = Place {
            time_zone: &self.listing.time_zone,
            region: self.portal.region.as_deref(),
            holidays: &self.portal.holidays,
        };
        let timetable = self.state.timetable();
        let hours = channel.hours.as_deref().map(|hours| timetable.open(hours, &place, today));
        let always = hours.as_ref().is_some_and(|hours| hours.always);
        let open = hours.filter(|hours| !hours.always).map(|hours| {
            let time = |span: &hours::Span| wire::Interval {
                from: self.time(span.from),
                to: self.time(span.to),
            };
            hours.spans.iter().map(time).collect()
        });
        wire::Channel {
            id: channel.id.to_string(),
            kind: channel.kind,
            name: channel.name.to_public(),
            value: channel.value.clone(),
            href: channel.href.clone().or_else(|| natural_link(channel)),
            abroad: channel.abroad.clone(),
            note: rich(&channel.note),
            open,
            always,
        }
    }
}

/// Where a click on the value leads, when the catalogue says nothing else.
fn natural_link(channel: &Channel) -> Option<String> {
    match channel.kind {
        ChannelKind::Phone | ChannelKind::Number115 => Some(wire::dial(&channel.value)),
        ChannelKind::Email => Some(format!("mailto:{}", channel.value)),
        _ => None,
    }
}

pub(super) fn procedure(procedure: &Procedure) -> wire::Procedure {
    let step = |step: &crate::catalogue::Step| wire::Step {
        text: rich(&step.text),
        form: step.form.clone(),
        form_name: step.form_name.to_public(),
    };
    wire::Procedure {
        id: procedure.id.to_string(),
        name: procedure.name.to_public(),
        steps: procedure.steps.iter().map(step).collect(),
        deadline: rich(&procedure.deadline),
    }
}

/// Lists are short: looking through them takes less than any index.
pub(super) fn merge<'a, T: PartialEq>(list: &mut Vec<&'a T>, more: impl IntoIterator<Item = &'a T>) {
    for id in more {
        if !list.contains(&id) {
            list.push(id);
        }
    }
}
