//! The stories of the demo: trouble that a newcomer begins and ends at a click, without an account. They are there only with `--demo`, and
//! happen on the real server: what they publish has the demo's own author and stands in the journal like everything else.

use api::ProblemKind;
use std::sync::Arc;

use axum::{
    extract::{Path, State as Extract},
    http::StatusCode,
};
use domain::{
    access::{Actor, Role},
    notice::{self, Change, Content, Intent, Notice, Transition},
    state::State,
    words::NoticeId,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use wire::{AtEnd, EndCertainty, Kind, Stage};

use crate::{
    demo::{AUTHOR, Demo},
    http::{answer::problem::Problem, ask::origin::OwnOrigin, site::Site},
};

const STORIES: &str = include_str!("../../../demo/stories.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    id: String,
    scenes: Vec<Scene>,
}

/// A notice that is published when the story begins: one of the demo's templates, or one of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene {
    #[serde(default)]
    template: Option<String>,
    #[serde(default)]
    notice: Option<Content>,
    /// In minutes from then.
    #[serde(default)]
    starts_in: Option<i64>,
    #[serde(default)]
    ends_in: Option<i64>,
    #[serde(default)]
    next_update_in: Option<i64>,
}

/// `POST /demo/stories/{story}`: begins a story, after ending the one before.
pub(crate) async fn begin(Extract(site): Extract<Arc<Site>>, _: OwnOrigin, Path(name): Path<String>) -> Result<StatusCode, Problem> {
    let story = stories().into_iter().find(|story| story.id == name && site.demo == Demo::Shown);
    let story = story.ok_or_else(no_story)?;
    finish(&site).await?;
    for scene in story.scenes {
        let content = site.publisher.read(|state, now| scene.at(state, now)).await?;
        let content = Box::new(content.ok_or_else(no_story)?);
        let command = notice::Command::Create {
            content,
            intent: Intent::Publish,
        };
        site.publisher.submit(author(), command).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /demo/stories`: ends what the stories have begun.
pub(crate) async fn end(Extract(site): Extract<Arc<Site>>, _: OwnOrigin) -> Result<StatusCode, Problem> {
    if site.demo != Demo::Shown {
        return Err(no_story());
    }
    finish(&site).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn finish(site: &Site) -> Result<(), Problem> {
    let running = |state: &State, now: Timestamp| state.notices().filter_map(|notice| ending(notice, now)).collect::<Vec<_>>();
    for (id, transition) in site.publisher.read(running).await? {
        let command = notice::Command::Transit {
            id,
            transition,
            change: Change::default(),
        };
        site.publisher.submit(author(), command).await?;
    }
    Ok(())
}

/// How a notice of a story ends; `None`: it is none, or is over.
fn ending(notice: &Notice, now: Timestamp) -> Option<(NoticeId, Transition)> {
    let of_story = notice.created_by.as_ref().is_some_and(|author| author.id == AUTHOR);
    let stage = notice.stage_at(now).filter(|stage| of_story && !stage.is_final())?;
    let transition = match (notice.content.kind, stage) {
        (Kind::Outage, _) => Transition::Resolve,
        (Kind::Maintenance, Stage::InProgress | Stage::Overrunning) => Transition::Complete,
        _ => Transition::Cancel,
    };
    Some((notice.id.clone(), transition))
}

impl Scene {
    /// What is published at this instant; `None`: the catalogue has lost the template.
    fn at(&self, state: &State, now: Timestamp) -> Option<Content> {
        let template = |name: &String| {
            let templates = &state.catalogue().templates;
            templates.iter().find(|one| one.id.as_str() == name).map(|one| one.notice.clone())
        };
        let mut content = self.notice.clone().or_else(|| self.template.as_ref().and_then(template))?;
        let after = |minutes: i64| now.saturating_add(SignedDuration::from_mins(minutes)).ok();
        content.starts_at = self.starts_in.and_then(after);
        content.ends_at = self.ends_in.and_then(after);
        content.next_update_at = self.next_update_in.and_then(after);
        match content.kind {
            Kind::Outage if content.ends_at.is_some() => content.end_certainty = Some(EndCertainty::Estimated),
            // Whoever looks sees it end by itself.
            Kind::Maintenance => content.at_end = AtEnd::Complete,
            _ => {}
        }
        Some(content)
    }
}

fn stories() -> Vec<Story> {
    serde_json::from_str(STORIES).unwrap_or_else(|error| unreachable!("a test reads the stories: {error}"))
}

fn author() -> Actor {
    Actor::new(AUTHOR, Role::Publisher)
}

fn no_story() -> Problem {
    Problem::new(
        ProblemKind::NoStory,
        "The stories of the demo are begun with `POST /demo/stories/outage`, `planned`, `three` or `portal`, and ended with `DELETE /demo/stories`; \
         they are there with `umleitung serve --demo`.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stories_are_read() {
        let ids: Vec<String> = stories().into_iter().map(|story| story.id).collect();
        assert_eq!(ids, ["outage", "planned", "three", "portal"]);
    }
}
