//! The words that everything else is said in: names, subjects, faults.

mod fault;
pub mod german;
mod id;
mod subject;
mod webhook;

pub use fault::{Code, Fault, Faults};
pub use id::{ApprovalId, ChannelId, FreezeId, InvalidId, NoticeId, PortalId, ProcedureId, SeriesId, ServiceId, TemplateId};
pub use subject::Subject;
pub use webhook::{Shape, Signing, Wanted};
