//! The words that everything else is said in: names, subjects, faults.

mod arrival;
mod fault;
pub mod german;
mod id;
mod probe;
mod share;
mod source;
mod spelled;
mod subject;
mod webhook;

pub use arrival::{ObstacleKind, PlaceKind};
pub use fault::{Code, Fault, Faults};
pub use id::{
    ApprovalId, ChannelId, FreezeId, InvalidId, NoticeId, PortalId, ProbeId, ProcedureId, RuleId, SeriesId, ServiceId, SourceId, TemplateId,
};
pub use probe::{Outcome, ProbeKind};
pub use share::{InvalidShare, Share};
pub use source::{Mapping, SourceKind};
pub use subject::Subject;
pub use webhook::{Shape, Signing, Wanted};
