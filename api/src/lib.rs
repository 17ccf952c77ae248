//! The HTTP interface as types, for the server and whoever asks it: which calls there are, what they take, what they answer.
//!
//! Invariant: no I/O, no HTTP. What is here is the contract; sentences are for people.

mod approval;
mod arrival;
mod call;
mod catalogue;
mod channel;
mod examination;
mod freeze;
mod notice;
#[cfg(feature = "schema")]
pub mod openapi;
mod passkey;
mod people;
mod probe;
pub mod problem;
mod record;
mod report;
mod running;
mod second_factor;
mod series;
mod session;
mod source;
mod subscription;
mod webhook;

pub mod statuspage;

pub use approval::{Approval, Approvals, Deed, Emergency, Request, Said, Settled, Spoken, Yes};
pub use arrival::{Arrivals, NoticeArrival, Obstacle, Place, PortalArrival};
pub use call::{Call, FIRST_ASKED, Method, OPEN_NOTICES, Path};
pub use catalogue::{
    Becomes, CatalogueChange, CatalogueChanges, CatalogueFile, FormQuery, Opening, OpeningDay, OpeningQuery, OpeningSpan, UploadedForm,
};
pub use channel::{Channel, ChannelOutage, Channels, Lack, Left};
pub use examination::{Examination, ExaminedPage, Finding, FindingKind};
pub use freeze::{Answer, Check, CheckQuery, Freeze, Freezes, Override, Reason, Related, What};
pub use notice::{NewNotice, Notice, NoticePage, NoticeQuery, Part, Preview};
pub use passkey::{AddedPasskey, NewPasskey, Passkey, PasskeyAnswer, PasskeyOptions, Passkeys};
pub use people::{Acceptance, Invitation, Invitations, NewGrants, NewInvitation, NewPassword, NewToken, People, Person, Token, Tokens};
pub use probe::{Availability, MonthQuery, ProbeFinding, ProbeLook, Probed, Probes};
pub use problem::{Outcome, Problem, ProblemKind};
pub use record::{Entry, Journal, JournalQuery, Order, Redaction, SeenQuery};
pub use report::{
    DayReport, Looks, MeasuredReport, NoticeReport, OverrideReport, PortalReports, Readers, Report, ReportQuery, Reports, ServiceReport,
    TroubleReport,
};
pub use running::{ClockConfirmation, ClockConfirmed, Condition, Health};
pub use second_factor::{Device, DeviceCode, OwnSecondFactor, PresentPassword, RecoveryCodes};
pub use series::{AllSeries, Announcement, Occurrence, OccurrenceDecision, Occurrences, OccurrencesQuery, Series, SeriesEnd, UPCOMING};
pub use session::{Credentials, ProviderAddress, ProviderOffer, SecondFactor, Session, SetUp};
pub use source::{Alert, Heard, NewSource, Source, Sources};
pub use subscription::{FoundSubscriptions, PortalSubscriptions, Subscription, SubscriptionSearch, Subscriptions};
pub use webhook::{NewWebhook, Tried, Webhook, Webhooks};
