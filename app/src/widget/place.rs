//! Where a visitor is in a notice, kept over rendering anew: which parts are unfolded, and what has the focus. Rendering goes by
//! position, so when a graver notice comes first, the nodes of one notice become those of another; ids tell which is which.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, NodeList, ShadowRoot};

/// What can be focused within a notice.
const FOCUSABLE: &str = "a,summary,button";

pub(crate) struct Place {
    /// By id; a whole notice counts, since a graver one may push it among the folded ones while it is read.
    unfolded: Vec<String>,
    /// The id around the focused element, and its rank among the focusable ones there.
    focus: Option<(String, u32)>,
}

impl Place {
    pub(crate) fn of(root: &ShadowRoot) -> Self {
        let unfolded = root
            .query_selector_all("details[open],article")
            .map(|all| elements(&all).map(|fold| fold.id()).collect())
            .unwrap_or_default();
        Self {
            unfolded,
            focus: root.active_element().and_then(|active| rank(&active)),
        }
    }

    pub(crate) fn restore(&self, root: &ShadowRoot) {
        if let Ok(folds) = root.query_selector_all("details") {
            for fold in elements(&folds) {
                // Only a browser without `details` could refuse; there is nothing to fold then.
                let _ = fold.toggle_attribute_with_force("open", self.unfolded.contains(&fold.id()));
            }
        }
        let Some((id, rank)) = &self.focus else { return };
        let around = root
            .get_element_by_id(id)
            .and_then(|around| around.query_selector_all(FOCUSABLE).ok());
        let Some(element) = around.and_then(|all| all.item(*rank)) else {
            return;
        };
        if root.active_element().is_none_or(|active| *active != element) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // An element that cannot take the focus any more leaves it where it is.
            let _ = element.unchecked_ref::<HtmlElement>().focus_with_options(&options);
        }
    }
}

fn rank(active: &Element) -> Option<(String, u32)> {
    let around = active.closest("[id]").ok()??;
    let all = around.query_selector_all(FOCUSABLE).ok()?;
    let rank = elements(&all).position(|element| element == *active)?;
    Some((around.id(), rank as u32))
}

fn elements(list: &NodeList) -> impl Iterator<Item = Element> {
    (0..list.length()).filter_map(|i| list.item(i)).map(JsCast::unchecked_into)
}
