//! The words about what the server itself looks at; of the registry alone.

use domain::words::Outcome;

use crate::tongue::pick;

/// The fields of a probe: the name of each, and what helps to fill it in.
pub(super) fn field(key: &str) -> Option<(&'static str, &'static str)> {
    Some(match key {
        "probe_name" => (pick("Name", "Name"), pick("So kennt sie das Personal.", "What staff know it by.")),
        "probe_service" => (
            pick("Dienst", "Service"),
            pick(
                "Was nicht geht, wenn die Prüfung scheitert. Geplante Arbeiten an ihm zählen nicht als Ausfall.",
                "What does not work when it fails. Planned work on it does not count as a failure.",
            ),
        ),
        "probe_kind" => (pick("Was geprüft wird", "What is looked at"), ""),
        "probe_target" => (
            pick("Ziel", "Target"),
            pick(
                "Seite: https://kfz.example/. Verbindung, Zertifikat: kfz.example:443. Name: kfz.example.",
                "Page: https://kfz.example/. Connection, certificate: kfz.example:443. Name: kfz.example.",
            ),
        ),
        "probe_expected" => (pick("Was zu erwarten ist", "What is expected"), ""),
        "probe_status" => (
            pick("Status", "Status"),
            pick("Leer: jeder von 200 bis 299.", "Empty: any from 200 to 299."),
        ),
        "probe_text" => (
            pick("Text", "Text"),
            pick(
                "Steht auf der Seite, oder unter den Antworten auf einen Namen.",
                "Stands in the page, or among what a name answers with.",
            ),
        ),
        "probe_leads_to" => (
            pick("Weiterleitung nach", "Leads to"),
            pick("So beginnt die Adresse am Ende.", "How the address begins in the end."),
        ),
        "probe_certificate_days" => (
            pick("Zertifikat: Tage vor dem Ende melden", "Certificate: days before its end"),
            pick("0: nie.", "0: never."),
        ),
        "probe_record" => (pick("Art des Eintrags (Name)", "Kind of record (name)"), ""),
        "probe_server" => (
            pick("Nameserver", "Name server"),
            pick(
                "Seine Adresse. Leer: den dieser Server fragt.",
                "Its address. Empty: whom this server asks.",
            ),
        ),
        "probe_pace" => (pick("Wie oft, wie lange", "How often, how long"), ""),
        "probe_every" => (
            pick("Alle wie viele Sekunden", "Every so many seconds"),
            pick("10 bis 3600.", "10 to 3600."),
        ),
        "probe_timeout" => (
            pick("Sekunden bis zur Antwort", "Seconds to answer"),
            pick("So lange wird gewartet, höchstens 60.", "For so long it is waited, 60 at the most."),
        ),
        "probe_attempts" => (
            pick("Versuche", "Attempts"),
            pick(
                "So viele scheitern, bevor die Prüfung scheitert.",
                "So many fail before a look has failed.",
            ),
        ),
        "probe_confirm" => (
            pick("Bestätigung", "Confirmation"),
            pick("Auf so vielen Servern muss sie scheitern.", "On so many servers it has to fail."),
        ),
        "probe_slow" => (
            pick("Langsam ab Millisekunden", "Slow from so many milliseconds"),
            pick("Leer: nie.", "Empty: never."),
        ),
        _ => return None,
    })
}

/// By which key the words of a field are found; of such as only probes have.
pub(super) fn key(name: &str) -> Option<&'static str> {
    Some(match name {
        "target" => "probe_target",
        "status" => "probe_status",
        "text" => "probe_text",
        "leads_to" => "probe_leads_to",
        "certificate_days" => "probe_certificate_days",
        "server" => "probe_server",
        "every_seconds" => "probe_every",
        "timeout_seconds" => "probe_timeout",
        "attempts" => "probe_attempts",
        "confirm" => "probe_confirm",
        "slow_milliseconds" => "probe_slow",
        "service" => "probe_service",
        _ => return None,
    })
}

/// What is looked at.
pub(super) fn kind(word: &str) -> Option<&'static str> {
    Some(match word {
        "http" => pick("Seite (HTTP)", "Page (HTTP)"),
        "tcp" => pick("Verbindung (TCP)", "Connection (TCP)"),
        "dns" => pick("Name (DNS)", "Name (DNS)"),
        "tls" => pick("Zertifikat (TLS)", "Certificate (TLS)"),
        _ => return None,
    })
}

/// What a name is asked for.
pub(super) fn record(word: &str) -> Option<&'static str> {
    ["A", "AAAA", "CNAME", "MX", "NS", "TXT"].into_iter().find(|known| *known == word)
}

/// What came of a look.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Good => pick("In Ordnung", "Fine"),
        Outcome::Slow => pick("Langsam", "Slow"),
        Outcome::Bad => pick("Gescheitert", "Failed"),
    }
}

/// Over what was found last; or, where it is not there yet, over what can be tried.
pub(crate) fn heading(is_there: bool) -> &'static str {
    if is_there {
        pick("Zuletzt geprüft", "Looked at last")
    } else {
        pick("Ausprobieren", "Try it")
    }
}

pub(crate) fn never() -> &'static str {
    pick("Noch nicht geprüft.", "Not looked at yet.")
}

pub(crate) fn look() -> &'static str {
    pick("Jetzt prüfen", "Look now")
}

pub(crate) fn looking() -> &'static str {
    pick("Wird geprüft …", "Looking …")
}

/// With what stands in the form, saved or not.
pub(crate) fn look_hint() -> &'static str {
    pick(
        "Mit dem, was im Formular steht. Nichts davon wird aufgehoben.",
        "With what stands in the form. Nothing of it is kept.",
    )
}

/// By which server, and when.
pub(crate) fn by(node: &str, when: &str) -> String {
    pick(format!("{when}, Server {node}"), format!("{when}, server {node}"))
}

pub(crate) fn took(milliseconds: u32) -> String {
    match milliseconds {
        0 => pick("unter 1 Millisekunde", "less than a millisecond").to_owned(),
        1 => pick("1 Millisekunde", "1 millisecond").to_owned(),
        more => pick(format!("{more} Millisekunden"), format!("{more} milliseconds")),
    }
}

pub(crate) fn certificate_until(when: &str) -> String {
    pick(format!("Zertifikat gültig bis {when}"), format!("Certificate valid until {when}"))
}
