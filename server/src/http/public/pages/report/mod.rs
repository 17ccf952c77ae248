//! The report of a month, as people read it: for each service how it did, day by day, then what was told, and which promises were kept.

mod chart;
mod table;
mod words;

use std::fmt::Write;

use api::Report;
use domain::{project::next_change_of, time::Month, words::ServiceId};
use jiff::{Timestamp, civil::Date};
use paper::escape;

use super::{
    frame::{PAGE, Style},
    language,
    page::Page,
    scene::Scene,
};
use crate::{
    document::Delivery,
    reports::{File, Form},
};

const CACHE: &str = "public, max-age=60, stale-if-error=86400";

const CSV: Delivery = Delivery {
    content_type: "text/csv; charset=utf-8",
    cache: CACHE,
};

const PDF: Delivery = Delivery {
    content_type: "application/pdf",
    cache: CACHE,
};

const JSON: Delivery = Delivery {
    content_type: "application/json",
    cache: CACHE,
};

/// The style of the reports.
static STYLE: std::sync::LazyLock<Style> =
    std::sync::LazyLock::new(|| Style::new(&[view::STYLE, PAGE, include_str!("../report.css")]).unframed());

/// Which reports of a portal everyone may read; `None`: it publishes none.
pub(crate) fn report_list(scene: &Scene, months: &[Month]) -> Option<Page> {
    if !scene.portal.public_reports {
        return None;
    }
    let mut list = String::new();
    for year in months.chunk_by(|one, other| one.first().year() == other.first().year()) {
        let number = year.first().map_or(0, |month| month.first().year());
        // Writing to a string cannot fail.
        let open = if list.is_empty() { " open" } else { "" };
        let _ = write!(list, "<details{open}><summary>{number}</summary><ul class=\"months\">");
        for month in year {
            let name = escape(&scene.month(*month));
            let link =
                |form, text: &str, label: &str| format!("<a href=\"{}{}\"{label}>{text}</a>", File { month: *month, form }, scene.query());
            let page = link(Form::Page, &name, "");
            let [paper, table] = [(Form::Paper, "PDF"), (Form::Table, "CSV")]
                .map(|(form, text)| link(form, text, &format!(" aria-label=\"{text} {name}\"")));
            let _ = write!(list, "<li>{page} · {paper} · {table}</li>");
        }
        list.push_str("</ul></details>");
    }
    if list.is_empty() {
        list = format!("<p>{}</p>", scene.word("report.empty"));
    }
    let title = scene.word("report.reports");
    let body = format!("<h1>{title}</h1>{list}{}", scene.back("../"));
    Some(Page {
        document: scene.frame_in(&STYLE, "../", "", &title, &body),
        until: None,
        retry_at: None,
    })
}

/// A report in one of its forms. `up` is the way from it to the portal's address.
pub(crate) fn report(scene: &Scene, report: &Report, file: File, up: &str) -> Option<Page> {
    let until = next_change_of(&scene.state, &scene.portal.id, scene.now);
    Some(match file.form {
        Form::Table => Page::for_programs(table::csv(scene, report).into_bytes(), CSV, until),
        Form::Json => Page::for_programs(serde_json::to_vec(report).ok()?, JSON, until),
        Form::Paper => {
            let base = format!("{}/p/{}/", scene.public_url, scene.portal.id);
            let paper = words::paper(scene, report, file.month);
            Page::for_programs(
                paper::pdf(&paper, &base, &scene.filled("report.as_of", &scene.moment(report.to))),
                PDF,
                until,
            )
        }
        Form::Page => {
            let paper = words::paper(scene, report, file.month);
            let links = links(scene, file.month, report.overrides.is_none());
            let body = format!("{}{links}{}", paper::page(&paper, up), scene.back(up));
            Page {
                document: scene.frame_in(&STYLE, up, "", &escape(&paper.title), &body),
                until,
                retry_at: None,
            }
        }
    })
}

/// The other forms of it, and where everyone finds all.
fn links(scene: &Scene, month: Month, is_public: bool) -> String {
    let mut links = "<ul class=\"months\">".to_owned();
    for (form, key) in [
        (Form::Paper, "report.pdf"),
        (Form::Table, "report.csv"),
        (Form::Json, "report.json"),
    ] {
        let (file, query) = (File { month, form }, scene.query());
        // Writing to a string cannot fail.
        let _ = write!(links, "<li><a href=\"{file}{query}\">{}</a></li>", scene.word(key));
    }
    links.push_str("</ul>");
    if is_public {
        let (query, all) = (scene.query(), scene.word("report.to_reports"));
        let _ = write!(links, "<p class=\"more\"><a href=\"./{query}\">{all}</a></p>");
    }
    links
}

impl Scene {
    /// A month in words.
    fn month(&self, month: Month) -> String {
        let first = month.first();
        self.said("report.month")
            .replace("{month}", &self.month_name(first))
            .replace("{year}", &first.year().to_string())
    }

    /// A day of a month in words.
    fn day(&self, day: Date) -> String {
        let month = self.month_name(day);
        self.said("report.date")
            .replace("{day}", &day.day().to_string())
            .replace("{month}", &month)
    }

    fn month_name(&self, day: Date) -> String {
        let names = language::word(&self.reader.words, "months");
        let nth = usize::try_from(day.month() - 1).unwrap_or_default();
        names.split('|').nth(nth).unwrap_or_default().to_owned()
    }

    /// An instant in words, by the portal's clocks.
    fn moment(&self, instant: Timestamp) -> String {
        let local = instant
            .in_tz(&self.portal.time_zone)
            .map(|local| local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
        view::moment(&self.reader, &local.unwrap_or_else(|_| instant.to_string()))
    }

    /// A word with a text in its gap.
    fn filled(&self, key: &str, text: &str) -> String {
        self.said(key).replace("{}", text)
    }

    /// A length of time in words: hours and minutes, seconds only where there is less than a minute.
    fn length(&self, seconds: i64) -> String {
        let (hours, minutes) = (seconds / 3_600, seconds % 3_600 / 60);
        let part = |key: &str, number: i64| self.said(key).replace("{}", &number.to_string());
        match (hours, minutes) {
            (0, 0) if seconds > 0 => part("report.s", seconds),
            (0, minutes) => part("report.min", minutes),
            (hours, 0) => part("report.h", hours),
            (hours, minutes) => format!("{} {}", part("report.h", hours), part("report.min", minutes)),
        }
    }

    /// A share in words.
    fn percent(&self, percent: f64) -> String {
        // Two decimals are exact; zeros at the end say nothing.
        let digits = format!("{percent:.2}");
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        let number = digits.replace('.', language::word(&self.words, "report.point"));
        self.said("report.percent").replace("{}", &number)
    }

    /// The name of a service.
    fn service(&self, id: &ServiceId) -> String {
        let found = self.state.service(id);
        found.map_or_else(|| id.to_string(), |service| self.text(&service.name))
    }

    fn back(&self, up: &str) -> String {
        format!(
            "<p class=\"more\"><a href=\"{up}{}\">{}</a></p>",
            self.query(),
            self.word("to_status")
        )
    }
}
