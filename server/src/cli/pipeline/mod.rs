//! `umleitung notice` and `umleitung maintenance`: what pipelines ask of a server that runs, over its management API.

pub(super) mod maintenance;
pub(super) mod notice;
mod remote;
mod written;
