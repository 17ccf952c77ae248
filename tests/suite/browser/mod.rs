//! What people see: the released binary, and Chromium as it is.

mod causes;
mod guest;
mod healthy;
mod host;
mod line;
mod site;
