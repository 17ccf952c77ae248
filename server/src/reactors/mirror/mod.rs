//! The mirror: the public side of each portal as files, in a folder or in a bucket of object storage, for the day on which this server does
//! not answer. A level reactor: each portal is brought up to date as a whole, by whatever it was touched.
//!
//! The files are what the server itself answers, under the same paths. Each appears whole or not at all, and whatever a file leads to is there
//! before it: the notices before the pages that name them, and `state.json`, with which every reader begins, last of all.

mod bucket;
mod folder;
mod record;
mod target;

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use api::Readers;
use async_trait::async_trait;
use domain::{
    notice::Notice,
    project::{next_words_of, project_offer, told},
    record::{Entry, Event},
    state::State,
    words::{NoticeId, PortalId},
};
use engine::reactor::{Outcome, Reactor, Task, Turn};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::OnceCell;

use self::record::Record;
pub use self::target::{Target, TargetError};
use crate::{
    assets,
    forms::handed_out,
    http::{Everything, File},
    releases,
    reports::{self, Form, is_over, months, told_by},
    show::snapshot::Shared,
};

/// What people read of a portal beside its notices.
const PAGES: [&str; 19] = [
    "",
    "history",
    "fallback.html",
    "503.html",
    "fragment.html",
    "hint.json",
    SAMPLE,
    "worker.js",
    "feed.atom",
    "feed.json",
    "calendar.ics",
    "api/v2/summary.json",
    "api/v2/status.json",
    "api/v2/components.json",
    "api/v2/incidents.json",
    "api/v2/incidents/unresolved.json",
    "api/v2/scheduled-maintenances.json",
    "api/v2/scheduled-maintenances/upcoming.json",
    "api/v2/scheduled-maintenances/active.json",
];

/// A sample is told as if it were published now; one of an earlier moment is as good.
const SAMPLE: &str = "sample.json";

/// What belongs to no portal.
const COMMON: [&str; 2] = ["/umleitung.js", "/schema/state-v1.json"];

/// What is settled of a form: all of it, by its address.
const FORM: &str = "form";

/// After so long no page says *yesterday* any more.
const LONG_AGO: SignedDuration = SignedDuration::from_hours(72);

/// So many months' reports are there: a year, and the month that it is held against. Older ones are seldom read, and the server has them.
const REPORTS: usize = 13;

/// How soon it is looked again whether a portal shows what it is to show.
const SOON: SignedDuration = SignedDuration::from_millis(50);

/// Brings a mirror up to date.
pub(crate) struct Mirror {
    everything: Everything,
    target: Target,
    /// Set once the files are there that belong to no portal.
    common: OnceCell<()>,
    /// Portals whose files were looked at since this process began to see to it.
    looked_at: Mutex<BTreeSet<String>>,
}

/// What was done for a portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mirrored {
    /// How many files it has.
    pub files: usize,
    /// How many of them were written, because they were others or not there.
    pub written: usize,
    /// How many were there that it has no more.
    pub removed: usize,
}

/// Why a portal could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MirrorError {
    #[error("the portal does not show yet what it is to show now")]
    Behind,
    #[error("{path} is answered with {status}")]
    Unanswered { path: String, status: u16 },
    #[error(transparent)]
    Target(#[from] TargetError),
}

impl Mirror {
    pub(crate) fn new(everything: Everything, target: Target) -> Self {
        Self {
            everything,
            target,
            common: OnceCell::new(),
            looked_at: Mutex::default(),
        }
    }

    /// Brings a portal up to date; one that there is not any more is taken away.
    pub(crate) async fn bring_up_to_date(&self, portal: &PortalId) -> Result<Mirrored, MirrorError> {
        self.common.get_or_try_init(|| self.write_common()).await?;
        let is_known = self
            .looked_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(portal.as_str());
        let mut record = Record::read(&self.target, portal).await?;
        if !is_known {
            record.look(&self.target, portal).await?;
        }
        // Should it fail from here on, it is looked at again.
        let done = self.write_portal(portal, &mut record).await?;
        if done.written + done.removed > 0 {
            record.close(&self.target, portal).await?;
        }
        self.looked_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(portal.to_string());
        Ok(done)
    }

    /// Takes away what is there of portals that are no more.
    pub(crate) async fn sweep(&self) -> Result<Vec<(PortalId, Mirrored)>, MirrorError> {
        let (state, _) = self.everything.publisher().present();
        let mut gone = Vec::new();
        for portal in self.target.folders("p").await? {
            let Ok(portal) = PortalId::parse(&portal) else { continue };
            if state.portal(&portal).is_none() {
                let done = self.bring_up_to_date(&portal).await?;
                gone.push((portal, done));
            }
        }
        Ok(gone)
    }

    async fn write_portal(&self, portal: &PortalId, record: &mut Record) -> Result<Mirrored, MirrorError> {
        let (mut done, mut wanted) = (Mirrored::default(), BTreeSet::new());
        if let Some(shown) = self.shown(portal)? {
            let of = |name: &str| format!("/p/{portal}/{name}");
            // What leads to the others, the last to be written first.
            let beginnings = self.everything.beginnings(&shown).into_iter();
            let mut last: Vec<(String, File)> = beginnings.map(|(name, file)| (of(name), file)).collect();
            let everything = edition(&self.everything.publisher().present().0);
            for name in PAGES {
                if name == SAMPLE && record.has_settled(&of(SAMPLE), &everything) {
                    wanted.insert(of(SAMPLE));
                } else {
                    last.push((of(name), self.read(&of(name)).await?));
                }
            }
            // Looked up after these were read, so that each notice which one of them names is among them.
            for (id, edition) in self.notices(portal, &shown) {
                let path = of(&format!("notices/{id}"));
                if edition.as_ref().is_some_and(|edition| record.has_settled(&path, edition)) {
                    wanted.insert(path);
                    continue;
                }
                // When it works again, where that is known.
                let again = of(&format!("calendar/{id}.ics"));
                let event = self.everything.read(&again).await;
                if event.status == 200 {
                    done.written += usize::from(self.write(portal, record, &again, event).await?);
                    wanted.insert(again);
                }
                // One that was redacted has no page any more.
                let file = self.everything.read(&path).await;
                if file.status == 200 {
                    done.written += usize::from(self.write(portal, record, &path, file).await?);
                    record.settle(&path, edition);
                    wanted.insert(path);
                }
            }
            // What is behind such an address never changes.
            for form in handed_out(&self.everything.publisher().present().0, &shown.state) {
                let path = form.address(portal);
                if !record.has_settled(&path, FORM) {
                    let file = self.everything.read(&path).await;
                    // A journal was read in without the forms that it names: the rest is no worse for it.
                    if file.status == 404 {
                        tracing::warn!(%portal, %form, "a form is named and not there");
                        continue;
                    }
                    let file = Self::expected(&path, file)?;
                    done.written += usize::from(self.write(portal, record, &path, file).await?);
                    record.settle(&path, Some(FORM.to_owned()));
                }
                wanted.insert(path);
            }
            self.write_reports(portal, record, &mut wanted, &mut done).await?;
            while let Some((path, file)) = last.pop() {
                done.written += usize::from(self.write(portal, record, &path, file).await?);
                wanted.insert(path);
            }
            record.settle(&of(SAMPLE), Some(everything));
        }
        done.files = wanted.len();
        for path in record.all_but(&wanted) {
            record.open(&self.target, portal).await?;
            self.target.remove(&path).await?;
            record.forget(&path);
            done.removed += 1;
        }
        Ok(done)
    }

    /// The reports that a portal publishes; each that was told by nothing new is as it was.
    async fn write_reports(
        &self,
        portal: &PortalId,
        record: &mut Record,
        wanted: &mut BTreeSet<String>,
        done: &mut Mirrored,
    ) -> Result<(), MirrorError> {
        let (state, now) = self.everything.publisher().present();
        let months = months((&state, now), portal, Readers::Everyone);
        for month in months.iter().take(REPORTS) {
            let edition = format!("{} {}", edition(&state), told_by(&state, portal, *month));
            for form in Form::ALL {
                let path = format!("/p/{portal}/archive/{}", reports::File { month: *month, form });
                if !record.has_settled(&path, &edition) {
                    let file = self.read(&path).await?;
                    done.written += usize::from(self.write(portal, record, &path, file).await?);
                    // What goes on ends by time alone.
                    let is_over = is_over(&state, portal, *month, now);
                    record.settle(&path, is_over.then(|| edition.clone()));
                }
                wanted.insert(path);
            }
        }
        if state.portal(portal).is_some_and(|portal| portal.public_reports) {
            let list = format!("/p/{portal}/archive/");
            let file = self.read(&list).await?;
            done.written += usize::from(self.write(portal, record, &list, file).await?);
            wanted.insert(list);
        }
        Ok(())
    }

    /// What a portal shows; `None`: there is no such portal any more.
    fn shown(&self, portal: &PortalId) -> Result<Option<Shared>, MirrorError> {
        let (state, now) = self.everything.publisher().present();
        let Some(told) = told(&state, portal, now) else { return Ok(None) };
        let shown = self.everything.windows().snapshot(portal.as_str());
        let is_now = |shown: &Shared| shown.state.revision == told.what.revision;
        shown.filter(is_now).ok_or(MirrorError::Behind).map(Some)
    }

    /// The notices that have a page on a portal; each that is over with all that its page follows from.
    fn notices(&self, portal: &PortalId, shown: &Shared) -> Vec<(NoticeId, Option<String>)> {
        let (state, now) = self.everything.publisher().present();
        let moves = |id: &NoticeId| shown.state.notices.iter().any(|notice| notice.id == id.as_str());
        let concerns = |notice: &Notice| notice.shown_on.contains(portal) || state.concerned_portals(&notice.content).contains(portal);
        let published = state.notices().filter(|notice| notice.published_at.is_some() && concerns(notice));
        // What ended today says so, and tomorrow it says when.
        let is_long_ago = |instant: Timestamp| now.duration_since(instant) > LONG_AGO;
        let notice = |notice: &Notice| {
            let ended = notice.stage_at(now).filter(|stage| stage.is_final()).and(notice.ended_at(now));
            let is_over = ended.is_some_and(is_long_ago) && is_long_ago(notice.updated_at) && !moves(&notice.id);
            let edition = format!("{} {}", edition(&state), notice.position);
            (notice.id.clone(), is_over.then_some(edition))
        };
        published.map(notice).collect()
    }

    async fn read(&self, path: &str) -> Result<File, MirrorError> {
        Self::expected(path, self.everything.read(path).await)
    }

    /// A file that was read as it is to be.
    fn expected(path: &str, file: File) -> Result<File, MirrorError> {
        // What a web server says in the portal's place says so by its status as well.
        let expected = if path.ends_with("/503.html") { 503 } else { 200 };
        if file.status == expected {
            return Ok(file);
        }
        Err(MirrorError::Unanswered {
            path: path.to_owned(),
            status: file.status,
        })
    }

    /// Writes a file unless it is there; whether it was written.
    async fn write(&self, portal: &PortalId, record: &mut Record, path: &str, file: File) -> Result<bool, MirrorError> {
        if record.has(path, &file.body) {
            return Ok(false);
        }
        record.open(&self.target, portal).await?;
        record.take(path, &file.body);
        self.target.write(path, file).await?;
        Ok(true)
    }

    /// What belongs to no portal: the widget's files before the loader that leads to them. Those of earlier releases stay.
    async fn write_common(&self) -> Result<(), MirrorError> {
        for (name, _) in releases::of_this_release() {
            let path = format!("{}/{name}", assets::widget_base());
            self.target.write(&path, self.read(&path).await?).await?;
        }
        for path in COMMON {
            self.target.write(path, self.read(path).await?).await?;
        }
        Ok(())
    }
}

/// What changes whenever any page may be another, whatever it tells.
fn edition(state: &State) -> String {
    format!("{} {}", assets::widget_base(), state.rewritten_at())
}

/// The lane on which portals that are no more are taken away; no portal is called so.
const SWEEP: &str = "*";

fn task(lane: &str) -> Task {
    Task {
        lane: lane.to_owned(),
        key: String::new(),
        payload: String::new(),
    }
}

#[async_trait]
impl Reactor for Mirror {
    fn name(&self) -> &'static str {
        "mirror"
    }

    fn after(&self, _: &State, state: &State, entry: &Entry) -> Vec<Task> {
        let touched = state.portal_positions().filter(|(_, position)| *position >= entry.seq);
        let mut tasks: Vec<Task> = touched.map(|(portal, _)| task(portal.as_str())).collect();
        // Those that tell it in their history only.
        if let Some(notice) = entry.subject.notice().and_then(|id| state.notice(id)) {
            tasks.extend(notice.shown_on.iter().map(|portal| task(portal.as_str())));
        }
        if matches!(entry.event, Some(Event::Catalogue(_))) {
            tasks.push(task(SWEEP));
        }
        tasks
    }

    fn turn(&self, state: &State, now: Timestamp) -> Turn {
        let portals = || state.portal_positions().map(|(portal, _)| portal);
        // Pages say *tomorrow* and *open until*: their words turn more often than the document.
        let next = |portal: &PortalId| {
            let told = told(state, portal, now)?;
            let offer = project_offer(state, portal, now)?;
            let words = [&*told.what, &*offer.state].map(|document| next_words_of(state, portal, document, now));
            words.into_iter().chain([told.until]).flatten().min()
        };
        Turn {
            tasks: portals().map(PortalId::as_str).chain([SWEEP]).map(task).collect(),
            next: portals().filter_map(next).min(),
        }
    }

    fn begin(&self) {
        self.looked_at.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn perform(&self, task: &Task, _: u32) -> Outcome {
        if task.lane == SWEEP {
            return match self.sweep().await {
                Ok(_) => Outcome::Done,
                Err(error) => Outcome::Again(None, error.to_string()),
            };
        }
        let Ok(portal) = PortalId::parse(&task.lane) else {
            return Outcome::GivenUp(format!("`{}` is no portal", task.lane));
        };
        match self.bring_up_to_date(&portal).await {
            Ok(Mirrored { written, removed, files }) => {
                tracing::debug!(%portal, written, removed, files, "mirrored");
                Outcome::Done
            }
            Err(error @ MirrorError::Behind) => Outcome::Again(Some(SOON), error.to_string()),
            Err(error) => Outcome::Again(None, error.to_string()),
        }
    }
}
