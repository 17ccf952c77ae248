//! What comes in from other programs, and what the server itself looks at: it is measured, and the rules of the catalogue say what follows ([`crate::reactors`] does it).

mod alertmanager;
mod bounce;
mod intake;
mod mapped;
mod polling;
mod probing;
mod reading;
mod upstream;
mod uptime_kuma;

pub(crate) use bounce::{Bounce, read as read_bounce};
pub(crate) use intake::{Intake, IntakeError, MOST_TOLD};
pub(crate) use polling::Polling;
pub(crate) use probing::{Eyes, Prober, Seen, certificate_shown};

use domain::{
    catalogue::Labels,
    words::{Fault, SourceKind},
};
use store::sources::Source;

use self::reading::malformed;
use crate::accounts::fingerprint;

/// The label by which rules know where an alert comes from.
const SOURCE: &str = "source";

/// So many characters of a label are kept.
const LONGEST_LABEL: usize = 1_000;

/// So many labels of an alert are kept.
const MOST_LABELS: usize = 64;

/// Longer ones are known by their fingerprint.
const LONGEST_IDENTITY: usize = 200;

/// What a source says.
///
/// # Errors
/// What is wrong with it.
fn read(source: &Source, body: &[u8]) -> Result<Vec<domain::watch::Report>, Fault> {
    let mut reports = match (source.kind, &source.mapping) {
        (SourceKind::Alertmanager | SourceKind::Grafana, _) => alertmanager::read(body)?,
        (SourceKind::UptimeKuma, _) => uptime_kuma::read(body)?,
        (SourceKind::Statuspage, _) => upstream::read(body)?,
        (SourceKind::Json, Some(mapping)) => mapped::read(mapping, body)?,
        (SourceKind::Json, None) => return Err(malformed("cannot be read: the source has no `mapping`".to_owned())),
    };
    for report in &mut reports {
        report.labels = sound(std::mem::take(&mut report.labels));
        if report.identity.len() > LONGEST_IDENTITY || report.identity.chars().any(char::is_control) {
            report.identity = fingerprint(&report.identity);
        }
        report.labels.insert(SOURCE.to_owned(), source.id.to_string());
    }
    Ok(reports)
}

/// Labels of a length that can be kept, without what cannot be read.
fn sound(labels: Labels) -> Labels {
    let short = |text: String| text.chars().filter(|c| !c.is_control()).take(LONGEST_LABEL).collect::<String>();
    labels
        .into_iter()
        .take(MOST_LABELS)
        .map(|(name, value)| (short(name), short(value)))
        .collect()
}
