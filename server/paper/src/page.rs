//! A document as part of a page.

mod chart;

use std::fmt::Write;

use crate::escape::escape;
use crate::{Block, Cell, Entry, Extent, Paper, Table};

/// The main part of a page: its heading and all below it. Links are seen from `base`.
pub fn page(paper: &Paper, base: &str) -> String {
    let mut html = format!("<h1>{}</h1>{}", escape(&paper.title), chart::PATTERNS);
    blocks(&mut html, &paper.blocks, base);
    html
}

// Writing to a string cannot fail, here and below.
fn blocks(html: &mut String, blocks: &[Block], base: &str) {
    for block in blocks {
        match block {
            Block::Text(text) => {
                let _ = write!(html, "<p>{}</p>", escape(text));
            }
            Block::Part { heading, blocks: within } => {
                let _ = write!(html, "<section><h2>{}</h2>", escape(heading));
                self::blocks(html, within, base);
                html.push_str("</section>");
            }
            Block::Names(names) => {
                html.push_str("<ul class=\"names\">");
                for name in names {
                    let _ = write!(html, "<li>{}</li>", escape(name));
                }
                html.push_str("</ul>");
            }
            Block::Entries(all) => entries(html, all, base),
            Block::Table(table) => table_of(html, table),
            Block::Chart(chart) => html.push_str(&chart::chart(chart)),
        }
    }
}

fn entries(html: &mut String, entries: &[Entry], base: &str) {
    html.push_str("<ul class=\"told\">");
    for Entry { heading, link, lines } in entries {
        let heading = escape(heading);
        let heading = link.as_ref().map_or_else(
            || heading.clone(),
            |link| format!("<a href=\"{}{}\">{heading}</a>", escape(base), escape(link)),
        );
        let _ = write!(html, "<li><h3>{heading}</h3>");
        for line in lines {
            let _ = write!(html, "<p>{}</p>", escape(line));
        }
        html.push_str("</li>");
    }
    html.push_str("</ul>");
}

fn table_of(html: &mut String, table: &Table) {
    let name = escape(&table.name);
    let (before, after) = match table.extent {
        Extent::Narrow => (format!("<table class=\"narrow\" aria-label=\"{name}\">"), "</table>"),
        Extent::Long => (
            format!(
                "<details><summary>{name}</summary><div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{name}\"><table aria-label=\"{name}\">"
            ),
            "</table></div></details>",
        ),
    };
    let _ = write!(html, "{before}<thead><tr>");
    for column in &table.columns {
        let _ = write!(html, "<th scope=\"col\">{}</th>", escape(column));
    }
    html.push_str("</tr></thead><tbody>");
    for row in &table.rows {
        html.push_str("<tr>");
        for (place, Cell { text, strong }) in row.iter().enumerate() {
            let text = escape(text);
            let _ = match (place, strong) {
                (0, _) => write!(html, "<th scope=\"row\">{text}</th>"),
                (_, true) => write!(html, "<td><strong>{text}</strong></td>"),
                (_, false) => write!(html, "<td>{text}</td>"),
            };
        }
        html.push_str("</tr>");
    }
    let _ = write!(html, "</tbody>{after}");
}
