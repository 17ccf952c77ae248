//! What happened, in a sentence behind somebody's name. Events are read as they are stored: to read each of them whole would weigh more than all
//! the rest of this page.

use jiff::civil::Date;
use serde_json::Value;
use wire::Stage;

use crate::{
    tongue::{self, Tongue, pick},
    words,
};

/// What somebody did, without their name; `None`: this page does not know it.
pub(super) fn sentence(event: &Value) -> Option<String> {
    let (what, inside) = event.as_object()?.iter().next()?;
    let what = what.as_str();
    of_notice(what, inside)
        .or_else(|| of_series(what, inside))
        .or_else(|| of_freeze(what, inside))
        .or_else(|| of_approval(what, inside))
        .or_else(|| of_the_rest(what, inside))
}

/// A text in the language of this page, else in German, else in any.
fn text(variants: &Value) -> &str {
    let spoken = [tongue::spoken(), Tongue::German].map(Tongue::tag);
    let found = spoken
        .into_iter()
        .find_map(|tag| variants.get(tag))
        .or_else(|| variants.as_object()?.values().next());
    found.and_then(Value::as_str).unwrap_or_default()
}

fn said<'a>(inside: &'a Value, key: &str) -> &'a str {
    inside[key].as_str().unwrap_or_default()
}

fn of_notice(what: &str, inside: &Value) -> Option<String> {
    let told = match what {
        "notice_created" => {
            let title = text(&inside["content"]["title"]);
            if inside["stage"].is_null() {
                pick(format!("hat einen Entwurf geschrieben: {title}"), format!("wrote a draft: {title}"))
            } else {
                pick(format!("hat veröffentlicht: {title}"), format!("published: {title}"))
            }
        }
        "notice_imported" => {
            let title = text(&inside["notice"]["content"]["title"]);
            let source = said(&inside["notice"]["origin"], "source");
            pick(
                format!("hat aus „{source}“ übernommen: {title}"),
                format!("imported from “{source}”: {title}"),
            )
        }
        "notice_edited" => pick("hat die Angaben geändert.", "changed what it says.").to_owned(),
        "notice_advanced" => {
            let step = &inside["step"];
            let stage = serde_json::from_value::<Stage>(step["stage"].clone()).ok();
            let stage = stage.map(|stage| words::stage(Some(stage)));
            let stage = stage.map(|stage| {
                pick(
                    format!("hat den Stand auf „{stage}“ gesetzt"),
                    format!("set the stage to “{stage}”"),
                )
            });
            let end = step["end"]
                .is_object()
                .then(|| pick("hat das Ende geändert", "changed the end").to_owned());
            let written = Some(text(&step["text"])).filter(|text| !text.is_empty());
            let written = written.map(|text| pick(format!("schreibt: {text}"), format!("writes: {text}")));
            let decided = serde_json::from_value(step["decision"].clone()).ok();
            let decided = decided.map(|decision| words::decision_of(decision).to_owned());
            let told: Vec<String> = [stage, end, decided, written].into_iter().flatten().collect();
            if told.is_empty() {
                pick("hat die nächste Aktualisierung versprochen", "promised the next update").to_owned()
            } else {
                told.join("; ")
            }
        }
        _ => return None,
    };
    Some(told)
}

fn of_series(what: &str, inside: &Value) -> Option<String> {
    let day = said(inside, "original");
    let day = day.parse::<Date>().map_or_else(|_| day.to_owned(), words::day);
    let told = match what {
        "series_created" => {
            let title = text(&inside["plan"]["notice"]["title"]);
            pick(format!("hat eine Serie geplant: {title}"), format!("planned a series: {title}"))
        }
        "series_edited" => pick("hat den Plan geändert.", "changed the plan.").to_owned(),
        "series_decided" if inside["exception"].is_null() => pick(
            format!("hat die Ausnahme für {day} zurückgenommen."),
            format!("took the exception for {day} back."),
        ),
        "series_decided" => pick(
            format!("hat für {day} etwas anderes bestimmt."),
            format!("decided otherwise about {day}."),
        ),
        "series_announced" => {
            let notice = said(inside, "notice");
            pick(
                format!("hat den Termin am {day} als Meldung {notice} angekündigt."),
                format!("announced {day} as notice {notice}."),
            )
        }
        "series_ended" => pick("hat die Serie beendet.", "ended the series.").to_owned(),
        _ => return None,
    };
    Some(told)
}

fn of_freeze(what: &str, inside: &Value) -> Option<String> {
    let told = match what {
        "freeze_created" => pick("hat eine Sperre festgelegt.", "laid down a freeze.").to_owned(),
        "freeze_edited" => pick("hat die Sperre geändert.", "changed the freeze.").to_owned(),
        "freeze_ended" => pick("hat die Sperre aufgehoben.", "ended the freeze.").to_owned(),
        "freeze_overridden" => {
            let (notice, reason) = (said(inside, "notice"), said(inside, "reason"));
            pick(
                format!("hat trotz der Sperre Arbeiten geplant (Meldung {notice}): {reason}"),
                format!("planned work in the freeze (notice {notice}): {reason}"),
            )
        }
        _ => return None,
    };
    Some(told)
}

fn of_approval(what: &str, inside: &Value) -> Option<String> {
    let told = match what {
        "approval_asked" => pick("hat um Freigabe gebeten.", "asked for approval.").to_owned(),
        "approval_granted" if inside["heard_by"].is_string() => pick("hat am Telefon freigegeben.", "approved over the phone.").to_owned(),
        "approval_granted" => pick("hat freigegeben.", "approved.").to_owned(),
        "approval_declined" => {
            let text = said(inside, "text");
            pick(format!("hat abgelehnt: {text}"), format!("declined: {text}"))
        }
        "approval_withdrawn" => pick("hat die Bitte zurückgezogen.", "withdrew the request.").to_owned(),
        "approval_bypassed" => {
            let emergency = said(inside, "emergency");
            pick(
                format!("hat ohne zweite Person gehandelt: {emergency}"),
                format!("acted without a second person: {emergency}"),
            )
        }
        "approval_reviewed" => {
            let text = Some(said(inside, "text")).filter(|text| !text.is_empty());
            let text = text.map(|text| format!(": {text}")).unwrap_or_default();
            pick(format!("hat nachgesehen{text}"), format!("reviewed it{text}"))
        }
        _ => return None,
    };
    Some(told)
}

fn of_the_rest(what: &str, inside: &Value) -> Option<String> {
    let reason = said(inside, "reason");
    let told = match what {
        "channel_out" => pick("hat ihn außer Betrieb gemeldet.", "reported it out of order.").to_owned(),
        "channel_back" => pick("hat gemeldet, dass er wieder geht.", "reported that it works again.").to_owned(),
        "catalogue_applied" => pick("hat den Katalog ersetzt.", "replaced the catalogue.").to_owned(),
        "entry_redacted" => {
            let seq = &inside["seq"];
            pick(
                format!("hat den Eintrag {seq} geschwärzt: {reason}"),
                format!("redacted entry {seq}: {reason}"),
            )
        }
        "clock_confirmed" => pick(
            format!("hat die Uhr des Servers bestätigt: {reason}"),
            format!("confirmed the server's clock: {reason}"),
        ),
        _ => return None,
    };
    Some(told)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_event_is_told() {
        // The names under which a journal keeps them.
        for what in [
            "notice_created",
            "notice_imported",
            "notice_edited",
            "notice_advanced",
            "series_created",
            "series_edited",
            "series_decided",
            "series_announced",
            "series_ended",
            "freeze_created",
            "freeze_edited",
            "freeze_ended",
            "freeze_overridden",
            "approval_asked",
            "approval_granted",
            "approval_declined",
            "approval_withdrawn",
            "approval_bypassed",
            "approval_reviewed",
            "channel_out",
            "channel_back",
            "catalogue_applied",
            "entry_redacted",
            "clock_confirmed",
        ] {
            assert!(sentence(&json!({what: {"id": "x"}})).is_some_and(|told| !told.is_empty()), "{what}");
        }
        assert_eq!(sentence(&json!({"notice_sung": {}})), None);
        let heard = sentence(&json!({"approval_granted": {"id": "A-0001", "done": [], "heard_by": "account-1"}})).unwrap();
        assert!(heard.contains("Telefon"), "{heard}");
        let day = sentence(&json!({"series_decided": {"id": "S-0001", "original": "2027-01-12", "exception": "skipped"}})).unwrap();
        assert!(day.contains("Di., 12. Januar 2027"), "{day}");
        let step = json!({"stage": "resolved", "text": {"de": "Alles geht wieder."}});
        let told = sentence(&json!({"notice_advanced": {"id": "x", "step": step}})).unwrap();
        assert!(
            told.ends_with("; schreibt: Alles geht wieder.") && told.contains("„Behoben“"),
            "{told}"
        );
    }
}
