//! The words about the catalogue; of the registry alone.

use api::FindingKind;
use domain::catalogue::PartKind;
use serde::de::DeserializeOwned;
use wire::AtEnd;

use super::{probes, table::words};
use crate::tongue::pick;

words! {
    what = "Was sich selten ändert: Portale, Dienste, Kontaktwege, Ersatzverfahren, Vorlagen, Alarmregeln und Prüfungen. Jede Änderung gilt sofort und steht im Journal.", "What changes rarely: portals, services, channels, fallback procedures, templates, alert rules and probes. Each change counts at once and stands in the record.";
    search = "Suchen", "Search";
    none = "Keine Einträge.", "No entries.";
    none_chosen = "Nichts ausgewählt", "Nothing chosen";
    id = "Kennung", "Id";
    id_hint = "Kleine Buchstaben, Ziffern und Bindestriche. Sie steht in Adressen und bleibt für immer.", "Lower-case letters, digits and hyphens. It stands in addresses and stays for good.";
    what_it_says = "Angaben", "Details";
    save = "Speichern", "Save";
    saved = "Gespeichert. Es gilt ab jetzt.", "Saved. It counts from now on.";
    unsaved = "Noch nicht gespeichert", "Not saved yet";
    left_unsaved = "Das haben Sie zuletzt getippt und nicht gespeichert.", "This is what you typed last and did not save.";
    discard = "Verwerfen", "Discard";
    stale = "Jemand anderes hat den Eintrag inzwischen geändert. Bitte prüfen Sie, und speichern Sie noch einmal.", "Somebody else has changed the entry meanwhile. Please look at it, and save once more.";
    users = "Wo er vorkommt", "Where it is named";
    end = "Entfernen", "Remove";
    remove = "Aus dem Katalog nehmen", "Take it out of the catalogue";
    remove_what = "Der Eintrag verschwindet. Was im Journal steht, bleibt. Solange ihn noch etwas nennt, geht es nicht.", "The entry goes. What stands in the record stays. While anything names it, this is not possible.";
    removed = "Der Eintrag ist aus dem Katalog genommen.", "The entry is taken out of the catalogue.";
    row_add = "Hinzufügen", "Add";
    move_up = "Nach oben", "Up";
    move_down = "Nach unten", "Down";
    order = "Reihenfolge", "Order";
    row_remove = "Weglassen", "Leave out";
    missing_texts = "Noch nicht in jeder Sprache", "Not in each language yet";
    missing_hint = "Ein Portal, auf dem die Meldung erscheint, spricht diese Sprachen. Dort steht der Text sonst in einer anderen.", "A portal on which the notice shows speaks these languages. There, the text stands in another one.";
    of_the_services = "Ohne eigene Auswahl: die der betroffenen Dienste.", "Without a choice of its own: those of the services concerned.";
    hours_come_to = "In den nächsten zwei Wochen heißt das:", "In the coming two weeks that means:";
    hours_unreadable = "So ist es keine Öffnungszeit.", "These are no opening hours.";
    closed = "geschlossen", "closed";
    holiday = "Feiertag", "public holiday";
    graph = "Abhängigkeiten", "Dependencies";
    graph_hint = "Links, was gebraucht wird; rechts, wer es braucht. Gestrichelt: Es geht auch ohne, aber eingeschränkt.", "On the left what is needed, on the right who needs it. Dashed: it works without, but degraded.";
    embed = "Einbinden", "Embed";
    tag = "Diese Zeile gehört auf jede Seite des Portals", "This line belongs on every page of the portal";
    tag_hint = "Am besten in den Kopf der Seite. Mehr ist nicht zu tun.", "Best in the head of the page. There is nothing more to do.";
    examine = "Seiten des Portals prüfen", "Look at the portal's pages";
    examining = "Der Server liest die Seiten …", "The server reads the pages …";
    looks_not = "Dieser Server sieht sich keine Seiten an (--no-arrivals).", "This server looks at no pages (--no-arrivals).";
    page_fine = "Die Zeile ist da, und nichts steht ihr im Weg.", "The line is there, and nothing is in its way.";
    file = "Als Datei", "As a file";
    export = "Katalog herunterladen (TOML)", "Download the catalogue (TOML)";
    import = "Katalog aus einer Datei übernehmen", "Take the catalogue from a file";
    import_hint = "Sie sehen zuerst, was sich ändert.", "You see first what changes.";
    upload = "PDF hochladen", "Upload a PDF";
    upload_hint = "Höchstens 5 MB, ohne Passwort, ohne Skripte.", "At most 5 MB, without a password, without scripts.";
    upload_too_large = "ist größer als 5 MB. Speichern Sie es kleiner, zum Beispiel mit Bildern in geringerer Auflösung.", "is larger than 5 MB. Save it smaller, for example with images of a lower resolution.";
    file_refused = "Diese Datei geht so nicht:", "This file does not work as it is:";
    would_change = "Das ändert sich:", "This changes:";
    same = "Es ändert sich nichts.", "Nothing changes.";
    added = "neu", "new";
    changed = "geändert", "changed";
    gone = "entfällt", "goes";
    apply = "Übernehmen", "Put in force";
    applied = "Der Katalog ist übernommen.", "The catalogue is in force.";
}

/// What is in the way on a portal's page, and what helps.
pub(crate) fn finding(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::NotAllowed => pick(
            "Der Server darf dort nicht nachsehen. Wer ihn betreibt, kann es mit --portal-allow erlauben.",
            "The server may not look there. Whoever runs it can allow it with --portal-allow.",
        ),
        FindingKind::Unreachable => pick("Antwortet nicht:", "Does not answer:"),
        FindingKind::Status => pick("Antwortet mit einem Fehler:", "Answers with an error:"),
        FindingKind::NoTag => pick(
            "Die Zeile fehlt im Quelltext der Seite. Fügt ein Tag-Manager sie später ein, ist das hier nicht zu sehen.",
            "The line is missing in the source of the page. Where a tag manager adds it later, that is not seen here.",
        ),
        FindingKind::OtherPortal => pick(
            "Dort steht die Zeile eines anderen Portals:",
            "There is the line of another portal:",
        ),
        FindingKind::Doubled => pick(
            "Die Zeile steht mehrmals da. Eine genügt. Anzahl:",
            "The line is there more than once. One is enough. Number:",
        ),
        FindingKind::OtherServer => pick("Die Zeile führt zu einem anderen Server:", "The line leads to another server:"),
        FindingKind::NotTheLoader => pick(
            "Unter dieser Adresse liegt nicht unsere Datei:",
            "At this address lies another file than ours:",
        ),
        FindingKind::PinnedToAnother => pick(
            "Die Zeile nennt die Prüfsumme einer anderen Fassung (integrity). Browser laden die Datei deshalb nicht:",
            "The line has the hash of another version (integrity). Browsers therefore do not load the file:",
        ),
        FindingKind::PinnedWithoutOrigin => pick(
            "Die Zeile hat eine Prüfsumme, aber kein crossorigin=\"anonymous\". Browser laden die Datei deshalb nicht.",
            "The line has a hash, but no crossorigin=\"anonymous\". Browsers therefore do not load the file.",
        ),
        FindingKind::ScriptRefused => pick(
            "Die Content-Security-Policy der Seite verbietet das Skript (script-src):",
            "The page's Content-Security-Policy forbids the script (script-src):",
        ),
        FindingKind::ConnectionRefused => pick(
            "Die Content-Security-Policy der Seite verbietet den Abruf (connect-src):",
            "The page's Content-Security-Policy forbids the request (connect-src):",
        ),
        FindingKind::WebAssemblyRefused => pick(
            "Die Content-Security-Policy erlaubt kein 'wasm-unsafe-eval': Die kurze Meldung erscheint, aufklappen lässt sie sich nicht.",
            "The Content-Security-Policy does not allow 'wasm-unsafe-eval': the short notice appears, and does not unfold.",
        ),
        FindingKind::Unlisted => pick("Etwas, das diese Seite nicht kennt.", "Something that this page does not know."),
    }
}

/// One of a kind.
pub(crate) fn kind(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Portal => pick("Portal", "Portal"),
        PartKind::Service => pick("Dienst", "Service"),
        PartKind::Channel => pick("Kontaktweg", "Channel"),
        PartKind::Procedure => pick("Ersatzverfahren", "Fallback procedure"),
        PartKind::Template => pick("Vorlage", "Template"),
        PartKind::Rule => pick("Alarmregel", "Alert rule"),
        PartKind::Probe => pick("Prüfung", "Probe"),
    }
}

/// All of a kind.
pub(crate) fn kinds(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Portal => pick("Portale", "Portals"),
        PartKind::Service => pick("Dienste", "Services"),
        PartKind::Channel => pick("Kontaktwege", "Channels"),
        PartKind::Procedure => pick("Ersatzverfahren", "Fallback procedures"),
        PartKind::Template => pick("Vorlagen", "Templates"),
        PartKind::Rule => pick("Alarmregeln", "Alert rules"),
        PartKind::Probe => pick("Prüfungen", "Probes"),
    }
}

/// What leads to a new one.
pub(crate) fn add(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Portal => pick("Neues Portal", "New portal"),
        PartKind::Service => pick("Neuer Dienst", "New service"),
        PartKind::Channel => pick("Neuer Kontaktweg", "New channel"),
        PartKind::Procedure => pick("Neues Ersatzverfahren", "New fallback procedure"),
        PartKind::Template => pick("Neue Vorlage", "New template"),
        PartKind::Rule => pick("Neue Alarmregel", "New alert rule"),
        PartKind::Probe => pick("Neue Prüfung", "New probe"),
    }
}

/// The name of a field, and what helps to fill it in.
type Said = (&'static str, &'static str);

/// A field by its key.
pub(crate) fn field(key: &str) -> Said {
    let of = [
        of_portals,
        of_links_and_pages,
        of_services,
        of_channels,
        of_procedures,
        of_rules,
        probes::field,
        of_notices,
    ];
    of.iter().find_map(|of| of(key)).unwrap_or_default()
}

/// Those of portals, and what is common to all.
fn of_portals(key: &str) -> Option<Said> {
    Some(match key {
        "name" => (pick("Name", "Name"), pick("So, wie die Leute ihn kennen.", "As people know it.")),
        "issuer" => (
            pick("Herausgeber", "Issuer"),
            pick(
                "Die Stelle, in deren Namen die Meldungen stehen.",
                "The authority that issues the notices.",
            ),
        ),
        "languages" => (
            pick("Sprachen", "Languages"),
            pick(
                "Eine je Zeile, die wichtigste zuerst: de, en, de-simple für Leichte Sprache.",
                "One a line, the main one first: de, en, de-simple for easy-to-read German.",
            ),
        ),
        "portal_services" => (
            pick("Angebotene Dienste", "Services offered"),
            pick(
                "In dieser Reihenfolge stehen sie auf den Seiten.",
                "They stand on the pages in this order.",
            ),
        ),
        "time_zone" => (
            pick("Zeitzone", "Time zone"),
            pick("Zum Beispiel Europe/Berlin.", "For example Europe/Berlin."),
        ),
        "region" => (
            pick("Region für Feiertage", "Region for public holidays"),
            pick("Zum Beispiel DE-BE für Berlin.", "For example DE-BE for Berlin."),
        ),
        "holidays" => (
            pick("Eigene Feiertage", "Holidays of its own"),
            pick(
                "Einer je Zeile: 08-15 jedes Jahr, 2027-05-27 nur einmal.",
                "One a line: 08-15 each year, 2027-05-27 only once.",
            ),
        ),
        "hosts" => (
            pick("Rechnernamen", "Host names"),
            pick(
                "Einer je Zeile, zum Beispiel www.musterstadt.example.",
                "One a line, for example www.musterstadt.example.",
            ),
        ),
        "linger_minutes" => (
            pick(
                "Beendete Meldungen bleiben sichtbar (Minuten)",
                "Notices that are over stay visible (minutes)",
            ),
            "",
        ),
        "approach_minutes" => (
            pick(
                "Angekündigte Arbeiten groß zeigen, so lange vorher (Minuten)",
                "Show announced work at full size so long before (minutes)",
            ),
            "",
        ),
        "four_eyes" => (pick("Braucht eine zweite Person", "Takes a second person"), ""),
        "public_reports" => (pick("Monatsberichte veröffentlichen", "Publish monthly reports"), ""),
        "second_factor" => (pick("Zweiter Faktor ab dieser Rolle", "Second factor from this role on"), ""),
        _ => return None,
    })
}

/// Those of a portal's own pages.
fn of_links_and_pages(key: &str) -> Option<Said> {
    Some(match key {
        "links" => (pick("Pflichtseiten", "Pages that the law asks for"), ""),
        "link_home" => (pick("Startseite", "Start page"), ""),
        "link_imprint" => (pick("Impressum", "Imprint"), ""),
        "link_privacy" => (pick("Datenschutz", "Privacy"), ""),
        "link_accessibility" => (pick("Barrierefreiheit", "Accessibility"), ""),
        "link_feedback" => (
            pick("Barrieren melden", "Report barriers"),
            pick("Eine Seite oder mailto:…", "A page, or mailto:…"),
        ),
        "pages" => (
            pick("Seiten einzelner Dienste", "Pages of single services"),
            pick(
                "Dort erscheint nur, was diese Dienste betrifft.",
                "Only what concerns these services is shown there.",
            ),
        ),
        "page_at" => (
            pick("Adresse", "Address"),
            pick(
                "Ein Pfad wie /kfz/*; der Stern heißt: und alles darunter.",
                "A path such as /kfz/*; the star means: and all below.",
            ),
        ),
        "page_services" => (pick("Für diese Dienste", "For these services"), ""),
        "page_open" => (pick("Meldungen dort gleich aufgeklappt zeigen", "Show notices unfolded there"), ""),
        _ => return None,
    })
}

/// Those of services.
fn of_services(key: &str) -> Option<Said> {
    Some(match key {
        "requires" => (
            pick("Geht nicht ohne", "Does not work without"),
            pick("Deren Störung ist auch seine.", "Their trouble is its own."),
        ),
        "uses" => (
            pick("Nutzt auch", "Also uses"),
            pick("Deren Störung schränkt ihn nur ein.", "Their trouble only degrades it."),
        ),
        "service_channels" => (
            pick("Wer hilft", "Who helps"),
            pick(
                "Der erste Weg zuerst. Einer muss ohne Sprechen gehen.",
                "The first choice first. One has to work without speaking.",
            ),
        ),
        "service_procedures" => (pick("Wie es ohne ihn geht", "How it is done without it"), ""),
        "responsible" => (
            pick("Zuständige Stelle", "Responsible body"),
            pick("Nur für das Personal.", "For staff only."),
        ),
        "owner" => (
            pick("Wer sich im Haus darum kümmert", "Who looks after it within the house"),
            pick("Ein Team, eine Nummer. Nur für das Personal.", "A team, a number. For staff only."),
        ),
        "prerequisites" => (
            pick("Was man technisch braucht", "What people need technically"),
            pick(
                "Für alle, die Fragen beantworten. Nur für das Personal.",
                "For those who answer questions. For staff only.",
            ),
        ),
        "availability" => (pick("Vereinbarte Verfügbarkeit", "Agreed availability"), "99,5 %"),
        "usual_minutes" => (
            pick("So lange brauchen Leute üblich (Minuten)", "How long people usually need (minutes)"),
            pick(
                "Wer kurz vor einer Wartung anfängt, wird gewarnt.",
                "Whoever begins shortly before maintenance is warned.",
            ),
        ),
        _ => return None,
    })
}

/// Those of channels.
fn of_channels(key: &str) -> Option<Said> {
    Some(match key {
        "channel_name" => (pick("Wer antwortet", "Who answers"), ""),
        "channel_kind" => (pick("Art", "Kind"), ""),
        "value" => (
            pick("Nummer oder Adresse", "Number or address"),
            pick("So, wie man sie liest.", "As people read it."),
        ),
        "hours" => (
            pick("Öffnungszeiten", "Opening hours"),
            pick("Zum Beispiel: Mo-Fr 08:00-16:00; PH off", "For example: Mo-Fr 08:00-16:00; PH off"),
        ),
        "note" => (pick("Hinweis", "Note"), ""),
        "href" => (
            pick("Wohin ein Klick führt", "Where a click leads"),
            pick(
                "Leer: ergibt sich bei Telefon, Fax und E-Mail von selbst.",
                "Empty: follows by itself for phone, fax and e-mail.",
            ),
        ),
        "abroad" => (
            pick("Nummer aus dem Ausland", "Number from abroad"),
            pick("Nur für die 115.", "For 115 only."),
        ),
        _ => return None,
    })
}

/// Those of procedures and templates.
fn of_procedures(key: &str) -> Option<Said> {
    Some(match key {
        "template_name" => (
            pick("Name", "Name"),
            pick("Daran wählt das Personal sie aus.", "What staff choose it by."),
        ),
        "deadline" => (pick("Was mit Fristen geschieht", "What happens to deadlines"), ""),
        "steps" => (pick("Schritte", "Steps"), ""),
        "step_text" => (pick("Was zu tun ist", "What to do"), ""),
        "step_form" => (
            pick("Formular", "Form"),
            pick("Seine Adresse. Oder laden Sie es unten hoch.", "Its address. Or upload it below."),
        ),
        "step_form_name" => (pick("Name des Formulars", "Name of the form"), ""),
        _ => return None,
    })
}

/// Those of rules by which alerts become notices.
fn of_rules(key: &str) -> Option<Said> {
    Some(match key {
        "rule_name" => (pick("Name", "Name"), pick("So kennt sie das Personal.", "What staff know it by.")),
        "rule_matchers" => (
            pick("Welche Alarme", "Which alerts"),
            pick(
                "Merkmale, die alle zutreffen müssen, eines je Zeile: alertname=\"KfzDown\", env!=\"test\". Ein Stern am Ende steht für beliebig viel.",
                "What has to hold of their labels, one a line: alertname=\"KfzDown\", env!=\"test\". A star at the end stands for whatever follows.",
            ),
        ),
        "rule_template" => (
            pick("Vorlage", "Template"),
            pick("Das wird gemeldet: eine Störung.", "What people are told: an outage."),
        ),
        "rule_publish" => (
            pick("Sofort veröffentlichen", "Publish at once"),
            pick("Sonst wartet ein Entwurf.", "Otherwise a draft waits."),
        ),
        "rule_grace" => (
            pick("Schonzeit in Minuten", "Grace time in minutes"),
            pick("So lange muss ein Alarm bestehen.", "For so long an alert has to fire."),
        ),
        "rule_calm" => (
            pick("Ruhezeit in Minuten", "Calm in minutes"),
            pick(
                "So lange muss Ruhe sein, bis es vorbei ist.",
                "For so long nothing may fire before it is over.",
            ),
        ),
        "rule_at_end" => (
            pick("Wenn es vorbei ist", "When it is over"),
            pick(
                "Die Meldung endet, oder jemand beendet sie.",
                "The notice ends, or somebody ends it.",
            ),
        ),
        _ => return None,
    })
}

/// Those of the notice that a template prepares, as they are called where notices are written.
fn of_notices(key: &str) -> Option<Said> {
    let words = super::say();
    Some(match key {
        "notice_kind" => (pick("Art der Meldung", "Kind of notice"), ""),
        "notice_severity" => (words.severity, ""),
        "notice_services" => (
            words.services,
            pick("Was davon abhängt, folgt von selbst.", "What depends on them follows by itself."),
        ),
        "notice_portals" => (words.portals, ""),
        "notice_title" => (words.title, words.title_hint),
        "notice_impact" => (words.impact, words.texts_hint),
        "notice_guidance" => (words.guidance, ""),
        "notice_still_works" => (words.still_works, ""),
        "notice_entries_section" => (words.entries_section, ""),
        "notice_entries" => (words.entries, ""),
        "notice_entries_until" => (words.entries_until, ""),
        "notice_applications" => (words.applications, ""),
        "notice_deadline_note" => (words.deadline_note, words.deadline_note_hint),
        "notice_deadline_source" => (words.deadline_source, words.deadline_source_hint),
        "notice_help_section" => (words.help_section, ""),
        "notice_channels" => (words.channels, ""),
        "notice_procedures" => (words.procedures, ""),
        "notice_video" => (words.video, ""),
        "notice_times" => (
            words.times,
            pick(
                "Meist leer: Wer die Vorlage nimmt, setzt die Zeiten.",
                "Empty as a rule: whoever takes the template sets the times.",
            ),
        ),
        "notice_starts_at" => (words.starts_maintenance, ""),
        "notice_ends_at" => (words.ends, ""),
        "notice_end_certainty" => (words.certainty, ""),
        "notice_at_end" => (words.at_end, ""),
        "notice_rollback_minutes" => (super::rollback(), super::rollback_hint()),
        "notice_next_update_at" => (words.next_update_field, ""),
        "notice_announce_from" => (words.announce_from, words.announce_from_hint),
        _ => return None,
    })
}

/// What a pointer leads to, by name: that of a field, or of another entry that is in the way.
pub(crate) fn pointed_at(pointer: &str) -> String {
    let mut steps = pointer.split('/').filter(|step| !step.is_empty());
    let (first, second) = (steps.next().unwrap_or_default(), steps.next());
    if first.is_empty() {
        return say().what_it_says.to_owned();
    }
    let other = PartKind::ALL.into_iter().find(|kind| kind.word() == first);
    if let Some((other, id)) = other.zip(second) {
        return format!("{} {id}", kind(other));
    }
    let key = match first {
        "notice" => {
            let (name, _) = field(&format!("notice_{}", second.unwrap_or_default()));
            return if name.is_empty() { kind(PartKind::Template) } else { name }.to_owned();
        }
        "id" => return say().id.to_owned(),
        "services" => "portal_services",
        "channels" => "service_channels",
        "procedures" => "service_procedures",
        "kind" => "channel_kind",
        "page" => "pages",
        "matchers" => "rule_matchers",
        "template" => "rule_template",
        "grace_minutes" => "rule_grace",
        "calm_minutes" => "rule_calm",
        other => probes::key(other).unwrap_or(other),
    };
    let (name, _) = field(key);
    if name.is_empty() { first.to_owned() } else { name.to_owned() }
}

/// A word that is chosen from a few.
pub(crate) fn choice(word: &str) -> &'static str {
    match word {
        "viewer" | "editor" | "publisher" | "admin" => domain::access::Role::parse(word).map_or("", super::role),
        "maintenance" => pick("Wartungen", "Maintenance"),
        "information" => pick("Hinweise", "Information"),
        "phone" => pick("Telefon", "Phone"),
        "115" => "115",
        "email" => pick("E-Mail", "E-mail"),
        "de_mail" => "De-Mail",
        "form" => pick("Formular", "Form"),
        "chat" => "Chat",
        "fax" => "Fax",
        "post" => pick("Post", "Post"),
        "office" => pick("Vor Ort", "Office counter"),
        "sign_language" => pick("Gebärdensprache", "Sign language"),
        _ => pick("– bitte wählen –", "– please choose –"),
    }
}

/// The same in a field where words mean something else, or are those of notices.
pub(crate) fn choice_of(key: &str, word: &str) -> &'static str {
    let said = match key {
        "notice_kind" => read(word).map(super::kind),
        "notice_severity" => read(word).map(super::severity),
        "notice_entries" => read(word).map(super::entries),
        "notice_end_certainty" => read(word).map(super::certainty),
        "notice_at_end" => read(word).map(|at_end| match at_end {
            AtEnd::Complete => super::say().at_end_complete,
            AtEnd::Confirm => super::say().at_end_confirm,
        }),
        "rule_at_end" => read(word).map(|at_end| match at_end {
            AtEnd::Complete => pick("Die Meldung endet", "The notice ends"),
            AtEnd::Confirm => pick("Sie wird weiter beobachtet", "It is still being watched"),
        }),
        "probe_kind" => probes::kind(word),
        "probe_record" => probes::record(word),
        _ => None,
    };
    said.unwrap_or_else(|| choice(word))
}

fn read<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(word.into()).ok()
}

/// Where something stands after it was moved.
pub(crate) fn placed(name: &str, place: usize, count: usize) -> String {
    pick(
        format!("{name}: jetzt an Stelle {place} von {count}"),
        format!("{name}: now number {place} of {count}"),
    )
}

/// Somebody else has changed it, too.
pub(crate) fn met(both: &[String]) -> String {
    if both.is_empty() {
        return pick(
            "Was jemand anderes inzwischen geändert hat, steht jetzt auch hier. Ihre Änderungen sind erhalten.",
            "What somebody else has changed meanwhile stands here now, too. Your changes are kept.",
        )
        .to_owned();
    }
    let names = both.join(", ");
    pick(
        format!("Ihre Änderungen sind erhalten. Das hat inzwischen auch jemand anderes geändert: {names}."),
        format!("Your changes are kept. Somebody else has meanwhile changed this, too: {names}."),
    )
}

/// What one group of a list of groups is called, before its number.
pub(crate) fn row(key: &str) -> &'static str {
    match key {
        "steps" => pick("Schritt", "Step"),
        _ => pick("Seite", "Page"),
    }
}

/// That a form was uploaded, and how many pages it has.
pub(crate) fn pages(count: usize) -> String {
    match count {
        1 => pick("Hochgeladen: 1 Seite".to_owned(), "Uploaded: 1 page".to_owned()),
        more => pick(format!("Hochgeladen: {more} Seiten"), format!("Uploaded: {more} pages")),
    }
}
