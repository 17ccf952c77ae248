//! What can be done with a notice that exists: add an update, give a new end, end it, call it off. Each opens a small form in
//! the page, which is also the confirmation: nothing final happens with one tap.

mod action;
mod form;
mod news;
mod panel;
mod send;
mod typed;

pub(crate) use panel::panel;
