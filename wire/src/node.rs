//! Formatted text: a tree of a few kinds of nodes, no markup.

use serde::{Deserialize, Serialize};

use crate::ByLanguage;

/// A formatted text in several languages.
pub type RichText = ByLanguage<Vec<Node>>;

/// A piece of formatted text. There is no markup on the wire, so none can be injected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Node {
    /// A line break in it is one.
    Text {
        s: String,
    },
    Strong {
        s: String,
    },
    /// `href` begins with `https:`, `http:`, `mailto:` or `tel:`.
    Link {
        href: String,
        s: String,
    },
    Paragraph {
        c: Vec<Node>,
    },
    List {
        ordered: bool,
        items: Vec<Vec<Node>>,
    },
}
