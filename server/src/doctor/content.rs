//! What the data hold: a whole record, somebody who may publish, portals, receivers that take what they are told.

use std::sync::Arc;

use domain::{catalogue::Catalogue, words::PortalId};
use engine::Publisher;
use store::{Store, clock::Clock, journal::chain::verify};

use super::report::{Report, since};

/// The portals that there are.
pub(super) async fn look(store: Store, clock: Arc<dyn Clock>, report: &mut Report) -> Vec<PortalId> {
    let Store {
        journal,
        identities,
        webhooks,
        ..
    } = store;
    let whole = match (verify(&*journal).await, journal.missing().await) {
        (Ok(verified), Ok(None)) => Ok(format!("The record is whole: {} entries.", verified.entries)),
        (Ok(_), Ok(Some(mark))) => Err(format!("Entry {} of the record was written and is not there any more.", mark.seq)),
        (Err(error), _) => Err(format!("The record is not whole: {error}")),
        (_, Err(error)) => Err(format!("The record cannot be read: {error}")),
    };
    match whole {
        Ok(seen) => report.sound("record", seen),
        Err(seen) => report.fault(
            "record",
            seen,
            "Where somebody has put a copy in their place on purpose, restart the server. Else they were altered or damaged: keep them as they are, and restore the last backup into a new place.",
        ),
    }
    match identities.has_administrator().await {
        Ok(true) => report.sound("administrator", "There is an administrator."),
        Ok(false) => report.fault(
            "administrator",
            "There is no administrator, so nobody can sign in and publish.",
            "Open the link that the server prints when it starts, or: umleitung user add NAME --role admin",
        ),
        Err(error) => report.fault(
            "administrator",
            format!("Accounts cannot be read: {error}"),
            "See what is said of the data.",
        ),
    }
    let portals = match Publisher::open(journal, clock, Arc::new(())).await {
        Ok(publisher) => {
            for finding in publisher.examine().await {
                let remedy = match finding.code {
                    "clock_implausible" => {
                        "Set the machine's clock (timedatectl). If it is right: umleitung journal confirm-clock --reason '…'"
                    }
                    "database_unwritable" => "Make room on the disk, or give this user the right to write.",
                    "database_busy" => "Another program keeps the database locked: look for a copy or a shell that is still open.",
                    _ => "docs/operations.md says more of it, under this name.",
                };
                report.fault(finding.code, format!("{} {}", finding.sentence, finding.detail), remedy);
            }
            catalogue(publisher.present().0.catalogue(), report)
        }
        Err(error) => {
            report.fault(
                "record",
                format!("The record cannot be read: {error}"),
                "Restore the last backup into a new place.",
            );
            Vec::new()
        }
    };
    match webhooks.all().await {
        Ok(all) => {
            for webhook in all.into_iter().filter(|webhook| webhook.ended_at.is_none()) {
                if let Some(failing) = webhook.failing_since {
                    let because = webhook.failure.as_deref().unwrap_or_default();
                    let seen = format!("The receiver {} has taken nothing {}: {because}", webhook.id, since(failing));
                    report.fault("receivers", seen, "Mend the receiver, or end it: umleitung webhook end ID");
                }
            }
        }
        Err(error) => report.fault(
            "receivers",
            format!("Receivers cannot be read: {error}"),
            "See what is said of the data.",
        ),
    }
    portals
}

fn catalogue(catalogue: &Catalogue, report: &mut Report) -> Vec<PortalId> {
    if catalogue.portals.is_empty() {
        report.fault(
            "catalogue",
            "There is no portal, so no notice can be shown anywhere.",
            "Write a catalogue (docs/catalogue.md), and: umleitung catalogue apply FILE",
        );
    } else {
        let (portals, services) = (catalogue.portals.len(), catalogue.services.len());
        report.sound("catalogue", format!("Portals: {portals}, services: {services}."));
    }
    let alone: Vec<&str> = catalogue
        .services
        .iter()
        .filter(|service| service.channels.is_empty() && service.procedures.is_empty())
        .filter(|service| catalogue.portals.iter().any(|portal| portal.services.contains(&service.id)))
        .map(|service| service.id.as_str())
        .collect();
    if !alone.is_empty() {
        report.fault(
            "ways_out",
            format!("When these fail, people are sent to nobody: {}.", alone.join(", ")),
            "Give them channels or procedures in the catalogue.",
        );
    }
    catalogue.portals.iter().map(|portal| portal.id.clone()).collect()
}
