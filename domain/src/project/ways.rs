//! What a notice offers instead of the service: channels with the times at which they are open, and procedures.

use std::{cmp::Reverse, sync::Arc};

use super::{
    portal::{PortalView, Shown},
    spelling::rich,
};
use crate::{
    catalogue::{Channel, FormFile, Procedure},
    time::hours::{self, Open, Place},
    words::{ChannelId, PortalId, ProcedureId},
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
        let (mut channels, mut procedures) = self.candidates(shown);
        channels.retain(|id| self.state.channel(id).is_some_and(|channel| self.offers(channel)));
        procedures.retain(|id| self.state.procedure(id).is_some());
        (channels, procedures)
    }

    /// The same, whether or not they are there.
    pub(super) fn candidates(&self, shown: &Shown<'a>) -> (Vec<&'a ChannelId>, Vec<&'a ProcedureId>) {
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
        (channels, procedures)
    }

    /// Whether it is in order now, whoever is there.
    pub(super) fn works(&self, channel: &Channel) -> bool {
        let outage = self.state.outage(&channel.id, self.now);
        !outage.is_some_and(|outage| outage.holds_at(self.now))
    }

    /// Whether people are sent there. Not while it is out of order; but where somebody answers, it is told from when on they do again.
    pub(super) fn offers(&self, channel: &Channel) -> bool {
        self.works(channel)
            || is_answered(channel.kind)
                && self
                    .hours(channel)
                    .is_some_and(|open| open.spans.iter().any(|span| self.now < span.to))
    }

    /// When somebody is there, without the time in which the channel is out of order; `None`: it has no hours.
    fn hours(&self, channel: &Channel) -> Option<Arc<Open>> {
        let expression = channel.hours.as_deref()?;
        let place = Place {
            time_zone: &self.listing.time_zone,
            region: self.portal.region.as_deref(),
            holidays: &self.portal.holidays,
        };
        let today = self.now.to_zoned(self.listing.time_zone.clone()).date();
        let on = |day| self.state.timetable().open(expression, &place, day);
        let open = on(today);
        let Some(outage) = self.state.outage(&channel.id, self.now) else {
            return Some(open);
        };
        Some(open.without(outage.from, outage.until, &place, today, on).into())
    }

    pub(super) fn channel(&self, channel: &Channel) -> wire::Channel {
        let hours = self.hours(channel);
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

/// Whether somebody has to be there for it to help; to the others people write at any hour.
const fn is_answered(kind: ChannelKind) -> bool {
    match kind {
        ChannelKind::Phone | ChannelKind::Number115 | ChannelKind::Chat | ChannelKind::Office | ChannelKind::SignLanguage => true,
        ChannelKind::Email | ChannelKind::DeMail | ChannelKind::Form | ChannelKind::Fax | ChannelKind::Post => false,
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

pub(super) fn procedure(portal: &PortalId, procedure: &Procedure) -> wire::Procedure {
    let form = |named: &String| FormFile::parse(named).map_or_else(|| named.clone(), |form| form.address(portal));
    let step = |step: &crate::catalogue::Step| wire::Step {
        text: rich(&step.text),
        form: step.form.as_ref().map(form),
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
