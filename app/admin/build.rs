//! The sheets as they are carried: without comments, and without blanks that mean nothing. A fortieth of what a page for ops staff weighs is its look.

use std::{env, error::Error, fs, path::PathBuf};

const SHEETS: [&str; 3] = ["admin.css", "office.css", "registry.css"];

fn main() -> Result<(), Box<dyn Error>> {
    let (own, out) = (
        PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("src"),
        PathBuf::from(env::var("OUT_DIR")?),
    );
    for sheet in SHEETS {
        let place = own.join(sheet);
        println!("cargo::rerun-if-changed={}", place.display());
        fs::write(out.join(sheet), slim(&fs::read_to_string(place)?))?;
    }
    Ok(())
}

/// A sheet as browsers read it. What stands in quotes stays as it is.
fn slim(sheet: &str) -> String {
    let mut slim = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(next) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if next == '"' || next == '\'' {
            let end = rest[1..].find(next).map_or(rest.len(), |end| end + 2);
            slim.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if next.is_whitespace() {
            rest = rest.trim_start();
            // A blank before a colon tells a descendant from the element itself.
            let is_apart_after = |c: char| "{};,>: ".contains(c);
            let is_apart_before = |c: char| "{};,>".contains(c);
            if !slim.is_empty() && !slim.ends_with(is_apart_after) && !rest.starts_with(is_apart_before) {
                slim.push(' ');
            }
        } else {
            slim.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    slim
}
