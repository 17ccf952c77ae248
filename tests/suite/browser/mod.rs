//! What people see: the released binary, and browsers as they are.

mod accessibility;
mod admin;
mod causes;
mod changing_pages;
mod covered;
mod elsewhere;
mod engines;
mod guest;
mod healthy;
mod hidden_places;
mod host;
mod hostile_hosts;
mod hydration;
mod languages;
mod line;
mod placement;
mod policies;
mod preview;
mod robustness;
mod screenshots;
mod silence;
mod site;
mod stand_in;
mod time;
mod upgrade;
mod workers;
