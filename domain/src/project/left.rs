//! Where nobody is left to turn to, because channels are out of order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use wire::Timing;

use super::portal::PortalView;
use crate::{
    catalogue::Channel,
    state::State,
    words::{ChannelId, NoticeId, PortalId, ServiceId},
};

/// Who has nobody left.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Without {
    /// The readers of a notice: all channels that it offers there are out of order.
    Notice(NoticeId),
    /// The users of a service, should it fail: all its channels are out of order.
    Service(ServiceId),
}

/// What is lacking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// No channel works.
    Nobody,
    /// Those that work are for people who speak and hear; the others have nobody.
    OnlyVoice,
}

/// Something that has no working channel left on a portal, or none for some people. Procedures are not looked at: they take nobody's place who answers a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub portal: PortalId,
    pub without: Without,
    pub lack: Lack,
    /// From when on: the instant that was asked about, or a later one at which an outage begins that was told in advance.
    pub from: Timestamp,
}

/// All that has no channel left at an instant, or will have none as soon as an outage begins of which people have told; each once, in the order
/// in which it begins. What has no channel in the catalogue is not told: nobody has taken it away.
pub fn left_without(state: &State, now: Timestamp) -> Vec<Left> {
    let ahead = || state.outages().iter().filter(|(_, outage)| outage.terms.is_not_over(now));
    let instants: BTreeSet<Timestamp> = ahead().map(|(_, outage)| outage.terms.from.max(now)).collect();
    let mut found: BTreeMap<(&PortalId, Without, Lack), Timestamp> = BTreeMap::new();
    for at in instants {
        for (portal, _) in state.portal_positions() {
            let Some(view) = PortalView::new(state, portal, at) else { continue };
            if !ahead().any(|(id, _)| view.may_offer(id)) {
                continue;
            }
            for (without, lack) in view.left() {
                found.entry((portal, without, lack)).or_insert(at);
            }
        }
    }
    let mut left: Vec<Left> = found
        .into_iter()
        .map(|((portal, without, lack), from)| Left {
            portal: portal.clone(),
            without,
            lack,
            from,
        })
        .collect();
    left.sort_by_key(|left| left.from);
    left
}

impl PortalView<'_> {
    fn left(&self) -> Vec<(Without, Lack)> {
        let shown = self.shown();
        let notices = shown.iter().filter(|shown| shown.timing != Timing::Past);
        let notices = notices.filter_map(|shown| {
            let lack = self.lack(self.candidates(shown).0)?;
            Some((Without::Notice(shown.notice.id.clone()), lack))
        });
        let services = self.portal.services.iter().filter_map(|id| self.state.service(id));
        let services = services.filter_map(|service| Some((Without::Service(service.id.clone()), self.lack(&service.channels)?)));
        notices.chain(services).collect()
    }

    fn lack<'b>(&self, ids: impl IntoIterator<Item = &'b ChannelId>) -> Option<Lack> {
        let known: Vec<&Channel> = ids.into_iter().filter_map(|id| self.state.channel(id)).collect();
        let working: Vec<&Channel> = known.iter().copied().filter(|channel| self.works(channel)).collect();
        let silent = |some: &[&Channel]| some.iter().any(|channel| !channel.kind.needs_voice());
        if working.is_empty() {
            return (!known.is_empty()).then_some(Lack::Nobody);
        }
        (silent(&known) && !silent(&working)).then_some(Lack::OnlyVoice)
    }
}
