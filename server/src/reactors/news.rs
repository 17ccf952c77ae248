//! What has happened to notices, as those who follow a portal are told of it: what an entry is to them, and what time alone brings.

use std::collections::BTreeSet;

use domain::{
    notice::{self, Notice},
    record::{Entry, Event},
    state::State,
    words::{NoticeId, PortalId, ServiceId},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use wire::{Kind, Stage};

/// After so long it is looked again whether this server has read what another one has noted.
pub(super) const BEHIND: SignedDuration = SignedDuration::from_secs(1);

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Occasion {
    /// People see it from now on.
    #[serde(rename = "notice.published")]
    Published,
    /// It says something else than before.
    #[serde(rename = "notice.updated")]
    Updated,
    /// The work has begun.
    #[serde(rename = "notice.started")]
    Started,
    /// The work goes on beyond its window.
    #[serde(rename = "notice.overran")]
    Overran,
    #[serde(rename = "notice.ended")]
    Ended,
}

/// What is to be told: something that has happened to a notice, as one portal shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct News {
    #[serde(rename = "type")]
    pub(super) occasion: Occasion,
    pub(super) portal: PortalId,
    pub(super) notice: NoticeId,
    /// When it happened.
    pub(super) at: Timestamp,
    /// Tells it from all other news of this portal, also from those that came before a backup was restored.
    pub(super) key: String,
    /// The entry without which nobody can tell it.
    #[serde(default)]
    pub(super) position: u64,
    /// Whether it was over, and is not any more.
    #[serde(default)]
    pub(super) reopens: bool,
    /// What kind of notice it is, and the services that it touches or touched before: by these it is known who wants to be told.
    #[serde(skip)]
    pub(super) about: About,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    pub(super) kind: Option<Kind>,
    pub(super) services: BTreeSet<ServiceId>,
}

/// What follows from an entry, for each portal that it is about.
pub(super) fn after(before: &State, state: &State, entry: &Entry) -> Vec<News> {
    let Some(Event::Notice(event)) = &entry.event else {
        return Vec::new();
    };
    // What was over elsewhere is news for nobody.
    if matches!(event, notice::Event::Imported { .. }) {
        return Vec::new();
    }
    let Some(notice) = state.notice(event.id()) else {
        return Vec::new();
    };
    let old = before.notice(event.id());
    if old.is_some_and(|old| old.revision == notice.revision) {
        // Something that staff have settled among themselves.
        return Vec::new();
    }
    let seen_before = old.and_then(|old| seen(old, entry.at));
    // Drafts, and what nobody sees yet, are nobody's business.
    let Some(stage) = seen(notice, entry.at) else {
        return Vec::new();
    };
    let key = format!("{}-{}", entry.seq, entry.at.as_millisecond());
    let mut news = of_portals(state, notice, occasion(seen_before, stage), entry.at, &key);
    for one in &mut news {
        one.reopens = seen_before.is_some_and(Stage::is_final) && !stage.is_final();
    }
    // Whoever was told of a service has to learn that it is touched no more.
    if let Some(old) = old.filter(|_| seen_before.is_some()) {
        for one in &mut news {
            one.about.services.extend(before.touched_services(&old.content, &one.portal));
        }
    }
    news
}

/// What time alone has brought in this span, in the order in which it came.
pub(super) fn between(state: &State, since: Timestamp, until: Timestamp) -> Vec<News> {
    let turned = state.notices().flat_map(|notice| turns(notice).map(move |turn| (notice, turn)));
    let mut turned: Vec<_> = turned.filter(|(_, (instant, _))| since < *instant && *instant <= until).collect();
    turned.sort_by(|(one, turn), (other, next)| (turn.0, &one.id).cmp(&(next.0, &other.id)));
    let told = |(notice, (instant, occasion)): (&Notice, (Timestamp, Occasion))| {
        let [updated, turned] = [notice.updated_at, instant].map(Timestamp::as_millisecond);
        let key = format!("{}-{updated}-{turned}", notice.position);
        of_portals(state, notice, occasion, instant, &key)
    };
    turned.into_iter().flat_map(told).collect()
}

/// When time alone brings something next after that.
pub(super) fn next(state: &State, after: Timestamp) -> Option<Timestamp> {
    let coming = state.notices().flat_map(turns).map(|(instant, _)| instant);
    coming.filter(|instant| *instant > after).min()
}

fn of_portals(state: &State, notice: &Notice, occasion: Occasion, at: Timestamp, key: &str) -> Vec<News> {
    let mut portals = state.concerned_portals(&notice.content);
    portals.extend(notice.shown_on.iter().cloned());
    let news = |portal: PortalId| News {
        occasion,
        key: format!("{key}-{portal}"),
        position: notice.position,
        reopens: false,
        about: About {
            kind: Some(notice.content.kind),
            services: state.touched_services(&notice.content, &portal),
        },
        portal,
        notice: notice.id.clone(),
        at,
    };
    portals.into_iter().map(news).collect()
}

/// The stage in which people see it at an instant; `None`: they do not.
pub(super) fn seen(notice: &Notice, at: Timestamp) -> Option<Stage> {
    notice.visible_from().filter(|from| *from <= at)?;
    notice.stage_at(at)
}

/// What it is to those who follow a notice that it was so, and is so now.
const fn occasion(before: Option<Stage>, now: Stage) -> Occasion {
    match (before, now) {
        (None, _) => Occasion::Published,
        (Some(before), now) if now.is_final() && !before.is_final() => Occasion::Ended,
        (Some(Stage::Scheduled), Stage::InProgress) => Occasion::Started,
        (Some(Stage::Scheduled | Stage::InProgress), Stage::Overrunning) => Occasion::Overran,
        _ => Occasion::Updated,
    }
}

/// What time alone makes of a published notice.
fn turns(notice: &Notice) -> impl Iterator<Item = (Timestamp, Occasion)> {
    // What was so when it was published was told with it.
    let published_at = notice.published_at.unwrap_or(Timestamp::MAX);
    let instants = [notice.visible_from(), notice.content.starts_at, notice.content.ends_at].into_iter();
    let instants: BTreeSet<Timestamp> = instants.flatten().filter(|instant| *instant > published_at).collect();
    instants.into_iter().filter_map(|instant| {
        let before = seen(notice, instant.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(instant));
        let now = seen(notice, instant)?;
        (before != Some(now)).then(|| (instant, occasion(before, now)))
    })
}
