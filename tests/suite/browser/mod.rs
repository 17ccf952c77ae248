//! What people see: the released binary, and browsers as they are.

mod accessibility;
mod causes;
mod engines;
mod guest;
mod healthy;
mod host;
mod line;
mod policies;
mod preview;
mod robustness;
mod screenshots;
mod site;
mod time;
mod upgrade;
