//! The report of a month, as people read it: for each service how it did, day by day, then what was told, and which promises were kept.

mod chart;
mod table;

use std::fmt::Write;

use api::{NoticeReport, Report, ServiceReport};
use domain::{project::next_change_of, text::Language, text::Localized, time::Month, words::ServiceId};
use jiff::{Timestamp, civil::Date};
use wire::Kind;

use super::{
    escape::escape,
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
            let table = link(Form::Table, "CSV", &format!(" aria-label=\"CSV {name}\""));
            let _ = write!(list, "<li>{page} · {table}</li>");
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
    match file.form {
        Form::Table => Some(Page::for_programs(table::csv(scene, report).into_bytes(), CSV, until)),
        Form::Json => Some(Page::for_programs(serde_json::to_vec(report).ok()?, JSON, until)),
        Form::Page => {
            let title = scene.word("report.title").replace("{month}", &escape(&scene.month(file.month)));
            let body = body(scene, report, file.month, &title, up);
            Some(Page {
                document: scene.frame_in(&STYLE, up, "", &title, &body),
                until,
                retry_at: None,
            })
        }
    }
}

fn body(scene: &Scene, report: &Report, month: Month, title: &str, up: &str) -> String {
    let mut body = format!("<h1>{title}</h1>");
    let zone = jiff::tz::TimeZone::get(&scene.portal.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let span = month.span(&zone);
    if span.is_some_and(|(from, _)| from < report.from) {
        let _ = write!(body, "<p>{}</p>", scene.filled("report.since", &scene.moment(report.from)));
    }
    if span.is_some_and(|(_, to)| report.to < to) {
        let _ = write!(body, "<p>{}</p>", scene.filled("report.running", &scene.moment(report.to)));
    }
    body.push_str(&table::overview(scene, report));
    body.push_str(chart::PATTERNS);
    body.push_str(&services(scene, report));
    body.push_str(&notices(scene, report, up));
    body.push_str(&promises(scene, report));
    body.push_str(&overrides(scene, report));
    let _ = write!(
        body,
        "<section><h2>{}</h2><p>{}</p></section><ul class=\"months\">",
        scene.word("report.how"),
        scene.word("report.how_text")
    );
    for (form, key) in [(Form::Table, "report.csv"), (Form::Json, "report.json")] {
        let _ = write!(
            body,
            "<li><a href=\"{}{}\">{}</a></li>",
            File { month, form },
            scene.query(),
            scene.word(key)
        );
    }
    body.push_str("</ul>");
    if report.overrides.is_none() {
        let _ = write!(
            body,
            "<p class=\"more\"><a href=\"./{}\">{}</a></p>",
            scene.query(),
            scene.word("report.to_reports")
        );
    }
    body.push_str(&scene.back(up));
    body
}

/// Those of which there is something to see, then the names of the others.
fn services(scene: &Scene, report: &Report) -> String {
    let is_seen = |service: &ServiceReport| is_troubled(service) || table::worst(service).is_some();
    let (seen, calm): (Vec<_>, Vec<_>) = report.services.iter().partition(|service| is_seen(service));
    // Of what there was not, nothing is said.
    let calm: Vec<_> = calm.into_iter().filter(|service| service.percent.is_some()).collect();
    let mut html: String = seen.into_iter().map(|service| of_service(scene, service)).collect();
    if !calm.is_empty() {
        let names: Vec<String> = calm
            .iter()
            .map(|service| format!("<li>{}</li>", scene.service(&service.service)))
            .collect();
        let _ = write!(
            html,
            "<section><h2>{}</h2><ul class=\"names\">{}</ul></section>",
            scene.word("report.calm"),
            names.concat()
        );
    }
    html
}

fn is_troubled(service: &ServiceReport) -> bool {
    let told = &service.told;
    told.outage_seconds + told.partial_outage_seconds + told.degraded_seconds + told.planned_seconds > 0
}

/// How a service did, day by day: drawn, and in figures.
fn of_service(scene: &Scene, service: &ServiceReport) -> String {
    let name = scene.service(&service.service);
    let troubled = is_troubled(service);
    let mut html = format!("<section><h2>{name}</h2>");
    if troubled {
        html.push_str(&chart::troubles(scene, service, &name));
    }
    if let Some(measured) = table::worst(service) {
        html.push_str(&chart::answers(scene, service, measured, &name));
    }
    html.push_str(&table::days(scene, service, &name));
    html.push_str("</section>");
    html
}

fn notices(scene: &Scene, report: &Report, up: &str) -> String {
    let mut html = format!("<section><h2>{}</h2>", scene.word("report.notices"));
    if report.notices.is_empty() {
        let _ = write!(html, "<p>{}</p></section>", scene.word("report.no_notices"));
        return html;
    }
    html.push_str("<ul class=\"told\">");
    for notice in &report.notices {
        html.push_str(&of_notice(scene, notice, up));
    }
    html.push_str("</ul></section>");
    html
}

fn of_notice(scene: &Scene, notice: &NoticeReport, up: &str) -> String {
    let kind = match notice.kind {
        Kind::Maintenance => scene.word("title.maintenance"),
        _ => scene.word(&format!("title.{}", notice.severity.word())),
    };
    let from = escape(&scene.moment(notice.from));
    let when = match notice.to {
        Some(to) => scene
            .word("report.fromto")
            .replace("{from}", &from)
            .replace("{to}", &escape(&scene.moment(to))),
        None => scene.word("report.ongoing").replace("{from}", &from),
    };
    let mut html = format!(
        "<li><h3><a href=\"{up}notices/{id}{}\">{}</a></h3><p>{kind}, {id}</p><p>{when}</p><p>{}</p>",
        scene.query(),
        scene.localized(&notice.title),
        scene.filled("report.length", &scene.length(notice.seconds)),
        id = notice.id,
    );
    if let Some((told, kept)) = notice.told_end.zip(notice.end_kept) {
        let key = if kept { "report.end_kept" } else { "report.end_missed" };
        let _ = write!(html, "<p>{}</p>", scene.filled(key, &scene.moment(told)));
    }
    if notice.news_kept + notice.news_broken > 0 {
        let _ = write!(
            html,
            "<p>{}</p>",
            scene.counted("report.news", notice.news_kept, notice.news_broken)
        );
    }
    html.push_str("</li>");
    html
}

fn promises(scene: &Scene, report: &Report) -> String {
    let ends = |kept: bool| report.notices.iter().filter(|notice| notice.end_kept == Some(kept)).count();
    let news = |count: fn(&NoticeReport) -> usize| report.notices.iter().map(count).sum::<usize>();
    let mut html = format!("<section><h2>{}</h2>", scene.word("report.promises"));
    let mut any = false;
    for (key, kept, missed) in [
        ("report.ends", ends(true), ends(false)),
        ("report.news", news(|notice| notice.news_kept), news(|notice| notice.news_broken)),
    ] {
        if kept + missed > 0 {
            any = true;
            let _ = write!(html, "<p>{}</p>", scene.counted(key, kept, missed));
        }
    }
    if !any {
        let _ = write!(html, "<p>{}</p>", scene.word("report.no_promises"));
    }
    html.push_str("</section>");
    html
}

fn overrides(scene: &Scene, report: &Report) -> String {
    let Some(overrides) = report.overrides.as_ref().filter(|overrides| !overrides.is_empty()) else {
        return String::new();
    };
    let mut html = format!("<section><h2>{}</h2><ul class=\"told\">", scene.word("report.overrides"));
    for found in overrides {
        let what = scene
            .word("report.override")
            .replace("{freeze}", found.freeze.as_str())
            .replace("{notice}", found.notice.as_str());
        let _ = write!(
            html,
            "<li><h3>{what}</h3><p>{}</p><p>{}</p></li>",
            escape(&scene.moment(found.at)),
            escape(&found.reason)
        );
    }
    html.push_str("</ul></section>");
    html
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

    /// A word with a text in its gap, ready for a page.
    fn filled(&self, key: &str, text: &str) -> String {
        self.word(key).replace("{}", &escape(text))
    }

    fn counted(&self, key: &str, kept: usize, missed: usize) -> String {
        self.word(key)
            .replace("{kept}", &kept.to_string())
            .replace("{all}", &(kept + missed).to_string())
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

    /// The name of a service, ready for a page.
    fn service(&self, id: &ServiceId) -> String {
        self.state
            .service(id)
            .map_or_else(|| escape(id.as_str()), |service| self.localized(&service.name))
    }

    fn localized(&self, text: &Localized) -> String {
        escape(&self.chosen(text))
    }

    /// A text in the language of the page, else in any.
    fn chosen(&self, text: &Localized) -> String {
        let language = Language::parse(&self.reader.lang);
        language.map_or_else(|_| String::new(), |language| text.get_or_any(&language).to_owned())
    }

    fn back(&self, up: &str) -> String {
        format!(
            "<p class=\"more\"><a href=\"{up}{}\">{}</a></p>",
            self.query(),
            self.word("to_status")
        )
    }
}
