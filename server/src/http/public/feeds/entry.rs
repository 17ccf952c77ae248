//! What stands in all feeds alike: one entry for each notice, told by the view that the pages are made of.

use domain::{
    notice::Notice,
    project::{next_change_of, project_latest},
    words::NoticeId,
};
use jiff::Timestamp;
use view::Reader;
use wire::{Affected, Brief, Kind, Severity, Stage, Timing};

use super::super::pages::Scene;
use crate::{show::snapshot::tell_to_keep, turned::turned_at};

/// How many notices that are over a feed has at most.
const LATEST: usize = 50;

/// What a portal shows and showed, the latest first.
pub(super) struct Feed {
    pub(super) portal: String,
    /// The portal's name, and of one service also its name.
    pub(super) title: String,
    pub(super) language: String,
    /// Who issues the notices.
    pub(super) issuer: String,
    /// The portal's own start page.
    pub(super) home: String,
    /// The address of this server, without a slash at the end.
    pub(super) origin: String,
    /// What of the query belongs to the feed, with its question mark.
    pub(super) query: String,
    /// When what it says last became other.
    pub(super) updated: Timestamp,
    /// When time alone makes it another; `None`: never.
    pub(super) turns_at: Option<Timestamp>,
    pub(super) entries: Vec<Entry>,
}

/// One notice.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) kind: Kind,
    pub(super) severity: Severity,
    pub(super) stage: Stage,
    /// Grows with each change.
    pub(super) position: u64,
    /// What kind of notice it is, or how it ended, and its title: many readers show nothing else.
    pub(super) title: String,
    /// Its title alone.
    pub(super) name: String,
    /// A few lines.
    pub(super) summary: String,
    /// All of it.
    pub(super) html: String,
    pub(super) published: Timestamp,
    /// When it last said something else, by a person or by time.
    pub(super) updated: Timestamp,
    pub(super) starts_at: Timestamp,
    /// Its end: of what is over when it was, else when it is to be, where that is known.
    pub(super) ends_at: Option<Timestamp>,
    /// The portal's services that it touches.
    pub(super) affected: Vec<Affected>,
}

impl Feed {
    /// Of the notices that are wanted, those that touch the service. `None`: the portal has no such service.
    pub(super) fn of(scene: &Scene, service: Option<&str>, is_wanted: impl Fn(&Notice) -> bool) -> Option<Self> {
        let (portal, now) = (&scene.portal, scene.now);
        let service = match service {
            None => None,
            Some(id) => Some(portal.services.iter().find(|known| known.as_str() == id)?),
        };
        let touches = |notice: &Notice| {
            let touched = |service| {
                let named = scene.state.touched_services(&notice.content, &portal.id);
                named.is_empty() || named.contains(service)
            };
            service.is_none_or(touched)
        };
        // All that is not over, however long it is announced, and the latest of what is.
        let latest = |is_over: bool, limit| {
            let is_meant = |notice: &Notice, stage: Stage| stage.is_final() == is_over && is_wanted(notice) && touches(notice);
            project_latest(&scene.state, &portal.id, now, limit, is_meant)
        };
        let documents = [latest(false, usize::MAX)?, latest(true, LATEST)?].map(tell_to_keep);
        let reader = Reader {
            base: scene.public_url.clone(),
            ..scene.reader.clone()
        };
        let entries = documents
            .iter()
            .flat_map(|document| document.notices.iter().map(move |shown| (document, shown)));
        let entries = entries.filter_map(|(document, shown)| {
            let notice = scene.state.notice(&NoticeId::parse(&shown.id).ok()?)?;
            let html = view::to_html(|| view::notice(&reader, document, shown));
            Some(entry(scene, notice, shown, html))
        });
        let mut entries: Vec<Entry> = entries.collect();
        entries.sort_by(|one, other| (other.published, &other.id).cmp(&(one.published, &one.id)));
        let name = |id| scene.state.service(id).map(|service| scene.text(&service.name)).unwrap_or_default();
        let title = match service {
            Some(id) => format!("{}: {}", scene.plain_name(), name(id)),
            None => scene.plain_name(),
        };
        let service = service.map(|id| format!("&service={id}")).unwrap_or_default();
        Some(Self {
            portal: portal.id.to_string(),
            title,
            language: scene.reader.lang.clone(),
            issuer: scene.text(&portal.issuer),
            home: portal.links.home.clone(),
            origin: scene.public_url.clone(),
            query: format!("?lang={}{service}", scene.reader.lang),
            updated: entries
                .iter()
                .map(|entry| entry.updated)
                .max()
                .or(scene.state.first_at())
                .unwrap_or(now),
            turns_at: next_change_of(&scene.state, &portal.id, now),
            entries,
        })
    }

    /// Where the feed itself is.
    pub(super) fn address(&self, name: &str) -> String {
        format!("{}{name}{}", self.page(), self.query)
    }

    /// The portal's status page, with a slash at the end.
    pub(super) fn page(&self) -> String {
        format!("{}/p/{}/", self.origin, self.portal)
    }

    /// The host under which this server is reached.
    pub(super) fn host(&self) -> &str {
        let authority = self.origin.split("://").nth(1).unwrap_or_default();
        let authority = authority.split('/').next().unwrap_or_default();
        authority.rsplit_once(':').map_or(authority, |(host, _)| host)
    }
}

fn entry(scene: &Scene, notice: &Notice, shown: &wire::Notice, html: String) -> Entry {
    let now = scene.now;
    let unsaid = Brief::default();
    let brief = shown.brief.lookup(&scene.reader.lang).map_or(&unsaid, |(_, brief)| brief);
    let lines: Vec<&str> = brief.lines.iter().map(|line| line.s.as_str()).collect();
    let name = shown
        .title
        .lookup(&scene.reader.lang)
        .or(shown.title.0.first())
        .map_or("", |(_, title)| title.as_str());
    let state = match shown.timing {
        Timing::Past => scene
            .reader
            .words
            .get(&format!("stage.{}", shown.stage.word()))
            .map_or("", String::as_str),
        _ => view::kind(&scene.reader, shown),
    };
    // One that was called off never ended: it has the end that was planned.
    let ended_at = notice.ended_at(now).filter(|_| shown.stage != Stage::Cancelled);
    Entry {
        id: shown.id.clone(),
        url: format!("{}{}", scene.public_url, shown.url),
        kind: shown.kind,
        severity: shown.severity,
        stage: shown.stage,
        position: notice.position,
        title: format!("{state}: {name}"),
        name: name.to_owned(),
        summary: lines.join("\n"),
        html,
        published: notice.visible_from().unwrap_or(notice.created_at),
        updated: turned_at(notice, now),
        starts_at: notice.starts_at(),
        ends_at: ended_at.or(notice.content.ends_at),
        affected: shown.affected.clone(),
    }
}
