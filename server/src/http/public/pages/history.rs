//! `GET /p/{portal}/history`: what is over, the latest first, page by page.

use std::fmt::Write;

use axum::response::Response;
use domain::project::{Past, project_history};

use super::{
    page::Page,
    query::asked,
    scene::Scene,
    visit::{Missing, Visit},
};

/// How many notices stand on a page.
const LENGTH: usize = 50;

pub(crate) async fn history(visit: Visit) -> Response {
    let number = match asked(&visit.query, "page") {
        None => 1,
        // What is no number is no page.
        Some(page) => page.parse().unwrap_or(0),
    };
    let path = format!("history?page={number}");
    visit.answer(&path, Missing::Page, move |scene| make(scene, number)).await
}

fn make(scene: &Scene, number: usize) -> Option<Page> {
    let Past { state, page, pages } = project_history(&scene.state, &scene.portal.id, scene.now, number, LENGTH)?;
    let list = if state.notices.is_empty() {
        format!("<p>{}</p>", scene.word("history.empty"))
    } else {
        view::to_html(|| view::past_list(&scene.reader, &state))
    };
    let query = scene.query();
    let (mut title, mut turn) = (scene.word("history"), String::new());
    if pages > 1 {
        let count = scene
            .word("history.page")
            .replace("{page}", &page.to_string())
            .replace("{pages}", &pages.to_string());
        // Writing to a string cannot fail.
        let _ = write!(turn, "<nav class=\"turn\" aria-label=\"{count}\"><p>{count}</p><ul>");
        let mut link = |rel: &str, to: usize, key: &str| {
            let _ = write!(
                turn,
                "<li><a rel=\"{rel}\" href=\"history{query}&amp;page={to}\">{}</a></li>",
                scene.word(key)
            );
        };
        if page > 1 {
            link("prev", page - 1, "history.newer");
        }
        if page < pages {
            link("next", page + 1, "history.older");
        }
        turn.push_str("</ul></nav>");
        title = format!("{title}, {count}");
    }
    let body = format!(
        "<h1>{}</h1>{list}{turn}<p class=\"more\"><a href=\"./{query}\">{}</a></p>",
        scene.word("history"),
        scene.word("to_status")
    );
    let here = if page > 1 { format!("&amp;page={page}") } else { String::new() };
    Some(scene.page(scene.frame("./", &here, &title, &body), &state))
}
