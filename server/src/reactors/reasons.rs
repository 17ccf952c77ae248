//! Why something did not arrive.

use std::error::Error;

/// An error with what is behind it, in one line.
pub(crate) fn reasons(error: &(dyn Error + 'static)) -> String {
    let mut told = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !told.iter().any(|known: &String| known.contains(&text)) {
            told.push(text);
        }
        next = error.source();
    }
    told.join(": ").chars().take(300).collect()
}
