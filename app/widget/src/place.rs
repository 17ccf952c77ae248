//! Where a visitor is in a notice, kept over rendering anew: which parts are unfolded, and what has the focus. Rendering goes by
//! position, so when a graver notice comes first, the nodes of one notice become those of another; ids tell which is which.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, NodeList, ShadowRoot};

/// What can be focused within a notice; without its head, which only a folded one has.
const FOCUSABLE: &str = "a,summary:not(.head),button";
const HEAD: &str = "summary.head";

pub(crate) struct Place {
    /// By id; a whole notice counts, since a graver one may push it among the folded ones while it is read.
    unfolded: Vec<String>,
    /// The id around the focused element, and its rank among the focusable ones there; `None`: the head.
    focus: Option<(String, Option<u32>)>,
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
        let same = |around: Element| {
            let ranked = |rank| around.query_selector_all(FOCUSABLE).ok()?.item(rank).map(JsCast::unchecked_into);
            match rank {
                Some(rank) => ranked(*rank),
                None => around.query_selector(HEAD).ok().flatten().or_else(|| ranked(0)),
            }
        };
        // Who was at something that is gone or folded away stays in the notice: at the link to its own page.
        let link = root.query_selector("footer a").ok().flatten();
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        for element in [root.get_element_by_id(id).and_then(same), link].into_iter().flatten() {
            if root.active_element().is_none_or(|active| active != element) {
                let _ = element.unchecked_ref::<HtmlElement>().focus_with_options(&options);
            }
            if root.active_element().is_some() {
                break;
            }
        }
    }
}

fn rank(active: &Element) -> Option<(String, Option<u32>)> {
    let around = active.closest("[id]").ok()??;
    let all = around.query_selector_all(FOCUSABLE).ok()?;
    let rank = elements(&all).position(|element| element == *active);
    Some((around.id(), rank.map(|rank| rank as u32)))
}

fn elements(list: &NodeList) -> impl Iterator<Item = Element> {
    (0..list.length()).filter_map(|i| list.item(i)).map(JsCast::unchecked_into)
}
