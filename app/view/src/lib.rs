//! The notice as people see it, written once. Builder syntax with uniform shapes (see [`element`]) keeps the widget small and
//! free of `innerHTML`, so it also works where a portal's policy demands Trusted Types.

#[cfg(feature = "ssr")]
mod brief;
mod channel;
mod clock;
mod course;
mod element;
mod messages;
#[cfg(feature = "ssr")]
mod moment;
mod notice;
mod overview;
mod period;
mod procedure;
mod reader;
#[cfg(feature = "ssr")]
mod sentence;
#[cfg(feature = "ssr")]
pub mod sheet;
mod ways;
mod wording;

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

#[cfg(feature = "ssr")]
pub use brief::{Readers, tell};
pub use clock::seconds;
pub use messages::Messages;
#[cfg(feature = "ssr")]
pub use moment::moment;
pub use notice::{Told, kind, notice, notices, notices_below, relevant};
pub use overview::{age, all_clear, headline, past_list, services};
pub use reader::Reader;
#[cfg(feature = "ssr")]
pub use reader::for_any_day;

/// The style of everything in this module, for a shadow root or a page of its own.
pub const STYLE: &str = include_str!("notice.css");

/// Renders a view to HTML, without the marks that only a browser taking it over would need.
#[cfg(feature = "ssr")]
pub fn to_html(view: impl FnOnce() -> leptos::prelude::AnyView) -> String {
    use leptos::prelude::{Owner, RenderHtml};
    // Angle brackets in texts and quotes in attributes are escaped, so these can only be marks and classes that are empty.
    Owner::new()
        .with(|| view().to_html())
        .replace("<!>", "")
        .replace("<!--<() />-->", "")
        .replace(" class=\"\">", ">")
}
