//! What happened, in a sentence behind somebody's name.

use domain::{approval, catalogue, channel_state, freeze, notice, record::Event, record::upkeep, schedule};

use crate::{desk::Desk, tongue::pick, words};

/// What somebody did, without their name.
pub(super) fn sentence(event: &Event) -> String {
    match event {
        Event::Notice(event) => of_notice(event),
        Event::Schedule(event) => of_series(event),
        Event::Freeze(event) => of_freeze(event),
        Event::Approval(event) => of_approval(event),
        Event::Channel(channel_state::Event::Out { .. }) => pick("hat ihn außer Betrieb gemeldet.", "reported it out of order.").to_owned(),
        Event::Channel(channel_state::Event::Back { .. }) => {
            pick("hat gemeldet, dass er wieder geht.", "reported that it works again.").to_owned()
        }
        Event::Catalogue(catalogue::Event::Applied { .. }) => pick("hat den Katalog ersetzt.", "replaced the catalogue.").to_owned(),
        Event::Upkeep(upkeep::Event::Redacted { seq, reason }) => pick(
            format!("hat den Eintrag {seq} geschwärzt: {reason}"),
            format!("redacted entry {seq}: {reason}"),
        ),
        Event::Upkeep(upkeep::Event::ClockConfirmed { reason }) => pick(
            format!("hat die Uhr des Servers bestätigt: {reason}"),
            format!("confirmed the server's clock: {reason}"),
        ),
    }
}

fn of_notice(event: &notice::Event) -> String {
    match event {
        notice::Event::Created { content, stage: None, .. } => {
            let title = Desk::text(&content.title);
            pick(format!("hat einen Entwurf geschrieben: {title}"), format!("wrote a draft: {title}"))
        }
        notice::Event::Created { content, .. } => {
            let title = Desk::text(&content.title);
            pick(format!("hat veröffentlicht: {title}"), format!("published: {title}"))
        }
        notice::Event::Edited { .. } => pick("hat die Angaben geändert.", "changed what it says.").to_owned(),
        notice::Event::Advanced { step, .. } => {
            let mut told = Vec::new();
            if let Some(stage) = step.stage {
                let stage = words::stage(Some(stage));
                told.push(pick(
                    format!("hat den Stand auf „{stage}“ gesetzt"),
                    format!("set the stage to “{stage}”"),
                ));
            }
            if step.end.is_some() {
                told.push(pick("hat das Ende geändert", "changed the end").to_owned());
            }
            if !step.text.is_empty() {
                let text = Desk::text(&step.text);
                told.push(pick(format!("schreibt: {text}"), format!("writes: {text}")));
            }
            if told.is_empty() {
                told.push(pick("hat die nächste Aktualisierung versprochen", "promised the next update").to_owned());
            }
            told.join("; ")
        }
    }
}

fn of_series(event: &schedule::Event) -> String {
    match event {
        schedule::Event::Created { plan, .. } => {
            let title = Desk::text(&plan.notice.title);
            pick(format!("hat eine Serie geplant: {title}"), format!("planned a series: {title}"))
        }
        schedule::Event::Edited { .. } => pick("hat den Plan geändert.", "changed the plan.").to_owned(),
        schedule::Event::Decided { original, exception, .. } => {
            if exception.is_some() {
                pick(
                    format!("hat für den {original} etwas anderes bestimmt."),
                    format!("decided otherwise about {original}."),
                )
            } else {
                pick(
                    format!("hat die Ausnahme für den {original} zurückgenommen."),
                    format!("took the exception for {original} back."),
                )
            }
        }
        schedule::Event::Announced { original, notice, .. } => pick(
            format!("hat den {original} als Meldung {notice} angekündigt."),
            format!("announced {original} as notice {notice}."),
        ),
        schedule::Event::Ended { .. } => pick("hat die Serie beendet.", "ended the series.").to_owned(),
    }
}

fn of_freeze(event: &freeze::Event) -> String {
    match event {
        freeze::Event::Created { .. } => pick("hat eine Sperre festgelegt.", "laid down a freeze.").to_owned(),
        freeze::Event::Edited { .. } => pick("hat die Sperre geändert.", "changed the freeze.").to_owned(),
        freeze::Event::Ended { .. } => pick("hat die Sperre aufgehoben.", "ended the freeze.").to_owned(),
        freeze::Event::Overridden { notice, reason, .. } => pick(
            format!("hat trotz der Sperre Arbeiten geplant (Meldung {notice}): {reason}"),
            format!("planned work in the freeze (notice {notice}): {reason}"),
        ),
    }
}

fn of_approval(event: &approval::Event) -> String {
    match event {
        approval::Event::Asked { .. } => pick("hat um Freigabe gebeten.", "asked for approval.").to_owned(),
        approval::Event::Granted { .. } => pick("hat freigegeben.", "approved.").to_owned(),
        approval::Event::Declined { text, .. } => pick(format!("hat abgelehnt: {text}"), format!("declined: {text}")),
        approval::Event::Withdrawn { .. } => pick("hat die Bitte zurückgezogen.", "withdrew the request.").to_owned(),
        approval::Event::Bypassed { emergency, .. } => pick(
            format!("hat ohne zweite Person gehandelt: {emergency}"),
            format!("acted without a second person: {emergency}"),
        ),
        approval::Event::Reviewed { text, .. } => {
            let text = text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
            pick(format!("hat nachgesehen{text}"), format!("reviewed it{text}"))
        }
    }
}
