//! What updates mostly say, prepared in each language in which people read the notice: one tap instead of six texts at night.

use domain::{
    notice::{Notice, successors},
    text::Language,
};
use leptos::prelude::*;
use wire::{Kind, Stage};

use super::typed::OpenStep;
use crate::{
    desk::Desk,
    words::{
        self,
        prepared::{self, News},
    },
};

/// What there can be to say of a notice of this kind at this stage.
const fn usual(kind: Kind, stage: Option<Stage>) -> &'static [News] {
    match (kind, stage) {
        (Kind::Outage, _) => &[News::Searching, News::Found, News::Watching, News::Longer],
        (Kind::Maintenance, Some(Stage::InProgress)) => &[News::AsPlanned, News::Longer],
        (Kind::Maintenance, Some(Stage::Overrunning)) => &[News::Longer],
        _ => &[],
    }
}

/// The stage that goes with it.
const fn stage(news: News) -> Option<Stage> {
    match news {
        News::Searching => Some(Stage::Investigating),
        News::Found => Some(Stage::Identified),
        News::Watching => Some(Stage::Monitoring),
        News::Longer | News::AsPlanned => None,
    }
}

/// Buttons that write a prepared text; what somebody has typed stays.
pub(super) fn prepared(desk: Desk, notice: &Notice, step: OpenStep) -> Option<AnyView> {
    let now = notice.stage_at(desk.now.get_untracked());
    let languages: Vec<Language> = notice.content.title.iter().map(|(language, _)| language.clone()).collect();
    let places: Vec<(usize, Language)> = desk
        .languages()
        .into_iter()
        .enumerate()
        .filter(|(_, one)| languages.contains(one))
        .collect();
    let places = StoredValue::new(places);
    let write = move |news: News| {
        places.with_value(|places| {
            for (place, language) in places {
                let (Some(text), Some(said)) = (step.text.signal(*place), prepared::news(language.as_str(), news)) else {
                    continue;
                };
                if text.with_untracked(|text| text.trim().is_empty() || prepared::is_news(language.as_str(), text)) {
                    text.set(said.to_owned());
                }
            }
        });
        // One that somebody has chosen stays where the text says nothing of it.
        if let Some(stage) = stage(news) {
            let follows = now.is_some_and(|now| successors(now).contains(&stage));
            step.stage.set(follows.then_some(stage));
        }
    };
    let usual = usual(notice.content.kind, now);
    let button = |news: &'static News| {
        view! { <button type="button" class="small" data-test=format!("news-{}", news.test()) on:click=move |_| write(*news)>{words::news(*news)}</button> }
    };
    (!usual.is_empty()).then(|| {
        view! { <div class="row" role="group" aria-label=words::say().prepared_texts>{usual.iter().map(button).collect_view()}</div> }
            .into_any()
    })
}
