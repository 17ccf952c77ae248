//! What other tools have told of what is over, read as they keep it: bytes in, notices of the past out. Nothing here knows files, networks or
//! journals; what may be taken the rules of notices decide. And what another tool looks at ([`monitors`]), which becomes probes.

mod cachet;
mod cstate;
mod found;
mod here;
mod json;
mod statuspage;
mod times;
mod upptime;
mod uptime_kuma;

pub use self::{
    found::{Batch, Found, Left, Told},
    here::{Here, Placed},
    times::Zone,
    uptime_kuma::{Monitor, Monitors, monitors},
};

/// A tool from which something can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// A document of the API of Statuspage, version 2: `incidents.json`, `scheduled-maintenances.json` or `summary.json`.
    Statuspage,
    /// What the API of Cachet answers about incidents or schedules, in its versions 2 and 3.
    Cachet,
    /// An incident file of cState: Markdown with its facts in front.
    Cstate,
    /// Issues of an Upptime repository, as GitHub's API or its command line gives them.
    Upptime,
}

/// Reads what a tool has kept. `called` is the name of the file, without its ending: by it some tools know an incident.
///
/// # Errors
/// What is wrong with the whole of it, as the end of a sentence that begins with its name.
pub fn read(tool: Tool, bytes: &[u8], called: &str, zone: &Zone) -> Result<Batch, String> {
    match tool {
        Tool::Statuspage => statuspage::read(bytes),
        Tool::Cachet => cachet::read(bytes, zone),
        Tool::Cstate => cstate::read(bytes, called, zone),
        Tool::Upptime => upptime::read(bytes),
    }
}
