//! What people are shown: a window for each portal, and the snapshot in it in every form in which it is read.

pub mod snapshot;
mod windows;

pub use windows::Windows;
