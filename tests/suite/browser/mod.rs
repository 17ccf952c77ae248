//! What people see: the released binary, and Chromium as it is.

mod accessibility;
mod causes;
mod guest;
mod healthy;
mod host;
mod line;
mod policies;
mod preview;
mod screenshots;
mod site;
