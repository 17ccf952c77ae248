//! The notice server: it keeps the journal, publishes what each portal shows, and takes commands from ops staff.
//!
//! Invariant: every change goes command → decide → journal → apply → project; reads are answered from rendered bytes and
//! never touch the database.

pub mod accounts;
mod assets;
mod catalogue_file;
pub mod cli;
pub mod connections;
pub mod demo;
pub mod doctor;
mod document;
mod examination;
mod forms;
mod http;
mod levels;
mod measures;
pub mod provider;
pub mod reactors;
pub mod releases;
mod reports;
mod sensors;
pub mod serve;
pub mod show;
mod statuspage;
mod subscribers;
mod turned;
