//! What people see: the notice, written once as a view; the widget (`src/widget`) mounts it on portals, the server renders it
//! to HTML, the admin page (`src/admin`) previews with it.
//!
//! Invariant: the view is a pure function of a [`view::Reader`] and a `PublicState`. It reads no clock, no browser and no
//! network, and of `domain` it uses nothing but `domain::public`.

pub mod view;
