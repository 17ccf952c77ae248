//! The view, rendered as the server renders it: what each notice says, and to whom.

mod brief;

use serde_json::{Value, json};
use wire::{ByLanguage, PublicState};

use super::{Messages, Reader, all_clear, headline, notice, notices, past_list, relevant, seconds, services, to_html};

const DE: &str = include_str!("../messages/de.json");
const EN: &str = include_str!("../messages/en.json");
const SIMPLE: &str = include_str!("../messages/de-simple.json");

fn words(file: &str) -> Messages {
    serde_json::from_str(file).unwrap()
}

fn words_of(lang: &str) -> Messages {
    words(match lang {
        "de" => DE,
        "en" => EN,
        _ => SIMPLE,
    })
}

fn reader(lang: &str, now: &str) -> Reader {
    Reader {
        lang: lang.to_owned(),
        now: seconds(now).unwrap(),
        words: words_of(lang),
        ..Reader::default()
    }
}

fn text(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

fn para(text: &str) -> Value {
    json!([{"t": "paragraph", "c": [{"t": "text", "s": text}]}])
}

/// An outage of BundID with every field filled.
fn document() -> Value {
    json!({
        "v": 1, "portal": "musterstadt", "revision": "7-1", "generated_at": "2026-03-03T09:20:00+01:00", "time_zone": "Europe/Berlin",
        "languages": ["de", "en", "de-simple"], "status": "outage",
        "services": [
            {"id": "bundid", "name": {"de": "BundID"}, "status": "outage"},
            {"id": "kfz-zulassung", "name": {"de": "Kfz-Zulassung", "en": "Car registration"}, "status": "outage", "because": "bundid"}
        ],
        "notices": [{
            "id": "2026-0042", "revision": 2, "kind": "outage", "severity": "outage", "stage": "identified", "timing": "current", "services": ["bundid"],
            "affected": [
                {"id": "bundid", "name": {"de": "BundID"}, "status": "outage", "channels": ["115"], "procedures": []},
                {"id": "kfz-zulassung", "name": {"de": "Kfz-Zulassung"}, "status": "outage", "because": "bundid", "because_name": {"de": "BundID"}, "channels": ["amt", "mail"], "procedures": ["papier"]}
            ],
            "title": {"de": "Anmeldung nicht möglich", "en": "Signing in is not possible"},
            "impact": {"de": para("Sie können sich nicht anmelden.")}, "guidance": {"de": para("Kommen Sie ins Bürgeramt.")}, "still_works": {"de": para("Terminbuchung")},
            "entries": "saved", "entries_until": "2026-03-10T23:59:00+01:00", "applications": {"de": para("Gesendete Anträge sind da.")},
            "deadline_note": {"de": para("Fristen laufen weiter.")}, "deadline_source": "§ 31 VwVfG",
            "starts_at": "2026-03-03T09:10:00+01:00", "ends_at": "2026-03-03T14:00:00+01:00", "end_certainty": "estimated", "next_update_at": "2026-03-03T11:00:00+01:00",
            "channels": ["amt", "115", "mail"], "procedures": ["papier"],
            "updates": [{"at": "2026-03-03T09:20:00+01:00", "stage": "identified", "text": {"de": para("Ein Zertifikat ist abgelaufen.")}}],
            "issuer": {"de": "Stadt Musterstadt"}, "published_at": "2026-03-03T09:15:00+01:00", "updated_at": "2026-03-03T09:20:00+01:00",
            "url": "/p/musterstadt/notices/2026-0042", "video": "https://video.musterstadt.example/42"
        }],
        "channels": [
            {"id": "amt", "kind": "office", "name": {"de": "Bürgeramt"}, "value": "Rathausplatz 1", "href": null, "abroad": null, "note": {},
             "open": [{"from": "2026-03-09T08:00:00+01:00", "to": "2026-03-09T16:00:00+01:00"}], "always": false},
            {"id": "115", "kind": "115", "name": {"de": "Behördennummer"}, "value": "115", "href": null, "abroad": "+49 30 23125 115", "note": {"de": para("Ohne Vorwahl.")},
             "open": [{"from": "2026-03-03T08:00:00+01:00", "to": "2026-03-03T18:00:00+01:00"}], "always": false},
            {"id": "mail", "kind": "email", "name": {"de": "Zulassungsstelle"}, "value": "kfz@musterstadt.example", "href": "mailto:kfz@musterstadt.example", "abroad": null, "note": {}, "open": null, "always": false}
        ],
        "procedures": [{"id": "papier", "name": {"de": "Auf Papier"}, "steps": [
            {"text": {"de": para("Formular ausfüllen.")}, "form": "https://musterstadt.example/kfz.pdf", "form_name": {"de": "Antrag"}},
            {"text": {"de": para("Im Amt abgeben.")}, "form": null, "form_name": {}}], "deadline": {"de": para("Der Tag der Abgabe zählt.")}}]
    })
}

fn state(change: impl FnOnce(&mut Value)) -> PublicState {
    let mut document = document();
    change(&mut document);
    serde_json::from_value(document).unwrap()
}

fn shown(reader: &Reader, state: &PublicState) -> String {
    to_html(|| notices(reader, state))
}

const NOW: &str = "2026-03-03T10:00:00+01:00";

#[test]
fn a_notice_says_everything_that_it_must() {
    let html = shown(&reader("de", NOW), &state(|_| {}));
    let told = text(&html);
    for part in [
        "Anmeldung nicht möglich",
        "Sie können sich nicht anmelden.",
        "BundID: online nicht nutzbar",
        "Kfz-Zulassung: online nicht nutzbar, Grund: Störung bei BundID",
        "Terminbuchung",
        "Seit heute, Dienstag, 3. März, 9:10 Uhr · voraussichtlich bis 14:00 Uhr · nächste Nachricht spätestens 11:00 Uhr",
        "Neueste Nachricht · heute, Dienstag, 3. März, 9:20 UhrEin Zertifikat ist abgelaufen.",
        "Wir haben die Ursache gefunden",
        "Kommen Sie ins Bürgeramt.",
        "Auf Papier",
        "Formular ausfüllen.",
        "Antrag",
        "Im Amt abgeben.",
        "Der Tag der Abgabe zählt.",
        "Jetzt erreichbar, bis 18:00 Uhr",
        "Wieder erreichbar: Montag, 8:00 Uhr",
        "Aus dem Ausland: +49 30 23125 115",
        "Ohne Vorwahl.",
        "kfz@musterstadt.example",
        "Begonnene Eingaben bleiben gespeichert.",
        "Gespeichert bis Dienstag, 10. März, 23:59 Uhr.",
        "Gesendete Anträge sind da.",
        "Fristen laufen weiter.",
        "Grundlage: § 31 VwVfG",
        "Herausgegeben von Stadt Musterstadt",
        "Zuletzt geändert: heute, Dienstag, 3. März, 9:20 Uhr",
        "Ein Zertifikat ist abgelaufen.",
        "Video in Gebärdensprache",
    ] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
    for part in [
        r#"href="tel:115""#,
        r#"href="tel:+493023125115""#,
        r#"href="mailto:kfz@musterstadt.example""#,
        r#"aria-label="kfz@musterstadt.example""#,
        r#"href="/p/musterstadt/notices/2026-0042""#,
        r#"href="https://video.musterstadt.example/42""#,
        r#"datetime="2026-03-03T14:00:00+01:00""#,
        r#"<section dir="ltr" lang="de" aria-label="Meldungen zu"#,
    ] {
        assert!(html.contains(part), "{part} is missing in:\n{html}");
    }
    assert!(
        told.find("Behördennummer").unwrap() < told.find("Rathausplatz").unwrap(),
        "who is there now comes first"
    );
    assert!(!html.contains("<!") && !html.contains("class=\"\""), "{html}");
}

#[test]
fn a_service_hears_only_of_its_own() {
    let mut reader = reader("de", NOW);
    let state = state(|_| {});
    reader.services = vec!["kfz-zulassung".into()];
    let told = text(&shown(&reader, &state));
    assert!(
        told.contains("Kfz-Zulassung: online nicht nutzbar, Grund: Störung bei BundID")
            && told.contains("Auf Papier")
            && told.contains("Rathausplatz")
    );
    assert!(
        !told.contains("BundID: läuft") && !told.contains("Ohne Vorwahl."),
        "what serves only another service stays out:\n{told}"
    );
    reader.services = vec!["hundesteuer".into()];
    assert!(relevant(&reader, &state).is_empty());
}

#[test]
fn what_concerns_the_whole_portal_concerns_everyone() {
    let state = state(|d| d["notices"][0]["affected"] = json!([]));
    let mut reader = reader("de", NOW);
    reader.services = vec!["hundesteuer".into()];
    let told = text(&shown(&reader, &state));
    assert!(told.contains("das ganze Portal") && told.contains("Ohne Vorwahl.") && told.contains("Auf Papier"));
}

#[test]
fn the_end_is_told_with_its_certainty() {
    for (change, now, expected) in [
        (json!({"end_certainty": "exact"}), NOW, "9:10 Uhr · bis 14:00 Uhr"),
        (json!({"end_certainty": "unknown"}), NOW, "Ende noch nicht bekannt"),
        (json!({"ends_at": null}), NOW, "Ende noch nicht bekannt"),
        (
            json!({}),
            "2026-03-03T14:30:00+01:00",
            "angekündigt war 14:00 Uhr, es dauert länger",
        ),
        (json!({}), "2026-03-03T11:30:00+01:00", "die Nachricht von 11:00 Uhr verspätet sich"),
        (
            json!({"timing": "announced", "stage": "scheduled", "kind": "maintenance"}),
            "2026-03-02T10:00:00+01:00",
            "Ab morgen, Dienstag, 3. März, 9:10 Uhr · voraussichtlich bis 14:00 Uhr",
        ),
        (
            json!({"timing": "past", "stage": "resolved"}),
            "2026-03-03T15:00:00+01:00",
            "Begonnen: heute, Dienstag, 3. März, 9:10 Uhr · Behoben: 14:00 Uhr",
        ),
        (
            json!({"timing": "past", "stage": "cancelled", "kind": "maintenance"}),
            "2026-03-03T15:00:00+01:00",
            "Abgesagt: 9:20 Uhr",
        ),
    ] {
        let state = state(|d| {
            change
                .as_object()
                .unwrap()
                .iter()
                .for_each(|(key, value)| d["notices"][0][key] = value.clone())
        });
        let told = text(&shown(&reader("de", now), &state));
        assert!(told.contains(expected), "{expected} is missing in:\n{told}");
    }
}

#[test]
fn what_is_over_sends_nobody_to_the_office() {
    let state = state(|d| {
        d["notices"][0]["timing"] = json!("past");
        d["notices"][0]["stage"] = json!("resolved");
    });
    let told = text(&shown(&reader("de", "2026-03-03T15:00:00+01:00"), &state));
    assert!(
        !told.contains("Das können Sie jetzt tun")
            && !told.contains("Hier bekommen Sie Hilfe")
            && told.contains("Das konnten Sie in dieser Zeit tun")
    );
}

#[test]
fn what_was_called_off_is_not_told_as_something_that_was() {
    let state = state(|d| {
        let notice = &mut d["notices"][0];
        notice["kind"] = json!("maintenance");
        notice["timing"] = json!("past");
        notice["stage"] = json!("cancelled");
        notice["starts_at"] = json!("2026-03-06T09:10:00+01:00");
        notice["ends_at"] = json!("2026-03-06T14:00:00+01:00");
        notice["updates"][0]["stage"] = json!("cancelled");
        notice["updates"][0]["text"] = json!({"de": para("Wir arbeiten an einem anderen Tag daran.")});
    });
    let reader = reader("de", "2026-03-03T15:00:00+01:00");
    let told = text(&shown(&reader, &state));
    for part in [
        "Abgesagt",
        "Wir arbeiten an einem anderen Tag daran.",
        "Geplant war: Von Freitag, 6. März, 9:10 Uhr bis 14:00 Uhr",
        "Abgesagt: heute, Dienstag, 3. März, 9:20 Uhr",
        "BundIDKfz-Zulassung",
    ] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
    for claim in [
        "war online",
        "Begonnen",
        "konnten",
        "Begonnene",
        "Sie können sich nicht anmelden.",
        "Fristen",
    ] {
        assert!(!told.contains(claim), "{claim} is claimed in:\n{told}");
    }
    let past = text(&to_html(|| past_list(&reader, &state)));
    assert!(past.contains("Geplant war: Von Freitag, 6. März, 9:10 Uhr bis Freitag"), "{past}");
}

#[test]
fn what_was_published_by_mistake_is_not_told_as_something_that_was() {
    let withdrawn = |notice: &mut Value, kind: &str| {
        notice["timing"] = json!("past");
        notice["kind"] = json!(kind);
        notice["stage"] = json!("withdrawn");
        notice["ends_at"] = json!("2026-03-03T09:30:00+01:00");
        notice["updates"][0]["stage"] = json!("withdrawn");
        notice["updates"][0]["text"] = json!({"de": para("Gemeint war ein anderer Dienst.")});
    };
    for kind in ["outage", "maintenance"] {
        let over = state(|state| withdrawn(&mut state["notices"][0], kind));
        let html = shown(&reader("de", "2026-03-03T09:40:00+01:00"), &over);
        let told = text(&html);
        for said in [
            "Versehentlich veröffentlicht",
            "Sie gilt nicht.",
            "Gemeint war ein anderer Dienst.",
            "Zurückgezogen",
        ] {
            assert!(told.contains(said), "{kind} lacks {said}: {told}");
        }
        for untrue in ["Begonnen", "Behoben", "nicht anmelden", "Fristen", "war online"] {
            assert!(!told.contains(untrue), "{kind} says {untrue}: {told}");
        }
        let past = text(&to_html(|| past_list(&reader("de", "2026-03-03T09:40:00+01:00"), &over)));
        assert!(past.contains("Versehentlich veröffentlicht") && !past.contains("Von "), "{past}");
        let short = brief::brief("de", "2026-03-03T09:40:00+01:00", |state| withdrawn(&mut state["notices"][0], kind));
        assert_eq!(short.kicker, "Versehentlich veröffentlicht");
        assert!(brief::lines(&short).contains("Sie gilt nicht."), "{}", brief::lines(&short));
    }
    // An information only has had its day.
    let over = state(|state| withdrawn(&mut state["notices"][0], "information"));
    let told = text(&shown(&reader("de", "2026-03-03T09:40:00+01:00"), &over));
    assert!(told.contains("Zurückgezogen") && !told.contains("Versehentlich"), "{told}");
}

#[test]
fn what_is_taken_up_again_says_so_in_its_history() {
    let told = |stages: &[&str]| {
        let reopened = state(|state| {
            let updates = stages
                .iter()
                .map(|stage| json!({"at": "2026-03-03T09:30:00+01:00", "stage": stage, "text": {}}));
            state["notices"][0]["updates"] = updates.collect::<Value>();
        });
        text(&shown(&reader("de", "2026-03-03T09:40:00+01:00"), &reopened))
    };
    assert!(told(&["investigating", "resolved", "identified"]).contains("Wieder aufgenommen"));
    assert!(told(&["scheduled", "cancelled"]).contains("Wieder aufgenommen"));
    assert!(!told(&["resolved", "identified", "investigating"]).contains("Wieder aufgenommen"));
    assert!(!told(&["monitoring", "identified"]).contains("Wieder aufgenommen"));
}

#[test]
fn how_it_ended_comes_before_what_was_true_until_then() {
    let state = state(|d| {
        let notice = &mut d["notices"][0];
        notice["timing"] = json!("past");
        notice["stage"] = json!("resolved");
        notice["entries"] = json!("unknown");
        notice["updates"][0]["stage"] = json!("resolved");
        notice["updates"][0]["text"] = json!({"de": para("Melden Sie sich bitte neu an.")});
    });
    let told = text(&shown(&reader("de", "2026-03-03T15:00:00+01:00"), &state));
    let at = |part: &str| told.find(part).unwrap_or_else(|| panic!("{part} is missing in:\n{told}"));
    assert!(at("Melden Sie sich bitte neu an.") < at("Das galt in dieser Zeit"));
    assert!(at("Das galt in dieser Zeit") < at("Sie können sich nicht anmelden."));
    assert!(!told.contains("Ihre Eingaben"), "{told}");
}

#[test]
fn what_says_nothing_is_not_said() {
    for kind in ["outage", "maintenance", "information"] {
        let told = |entries: &str| {
            let state = state(|d| {
                let notice = &mut d["notices"][0];
                notice["kind"] = json!(kind);
                notice["entries"] = json!(entries);
                notice["deadline_note"] = json!({});
                notice["deadline_source"] = json!(null);
            });
            text(&shown(&reader("de", NOW), &state))
        };
        assert!(
            !told("unknown").contains("Ihre Eingaben") && !told("unknown").contains("Ihre Fristen"),
            "{kind}"
        );
        assert!(told("not_saved").contains("Ihre Eingaben"), "{kind}");
    }
}

#[test]
fn until_when_comes_first_and_what_to_do_before_the_facts() {
    let told = text(&shown(&reader("de", NOW), &state(|_| {})));
    let at = |part: &str| told.find(part).unwrap_or_else(|| panic!("{part} is missing in:\n{told}"));
    let order = [
        "Störung",
        "Anmeldung nicht möglich",
        "Seit heute",
        "Sie können sich nicht anmelden.",
        "Neueste Nachricht",
        "Das können Sie jetzt tun",
        "Hier bekommen Sie Hilfe",
        "Betroffen",
        "Ihre Eingaben",
        "Ihre Fristen",
        "Verlauf dieser Meldung",
    ];
    assert!(order.is_sorted_by_key(|part| at(part)), "{told}");
}

#[test]
fn what_is_over_says_first_that_it_works_again_and_since_when() {
    for (kind, stage, lang, first) in [
        ("outage", "resolved", "de", "Geht wieder seit heute, Dienstag, 3. März, 14:00 Uhr"),
        (
            "maintenance",
            "completed",
            "de",
            "Geht wieder seit heute, Dienstag, 3. März, 14:00 Uhr",
        ),
        ("outage", "resolved", "en", "Working again since 14:00 today, Tuesday 3 March"),
        (
            "outage",
            "resolved",
            "de-simple",
            "Es geht wieder seit heute, Dienstag, 3. März, 14:00 Uhr",
        ),
    ] {
        let state = state(|d| {
            let notice = &mut d["notices"][0];
            notice["timing"] = json!("past");
            notice["kind"] = json!(kind);
            notice["stage"] = json!(stage);
            // A second one, folded under its head.
            let mut second = notice.clone();
            second["id"] = json!("2026-0043");
            d["notices"].as_array_mut().unwrap().push(second);
        });
        let html = shown(&reader(lang, "2026-03-03T15:00:00+01:00"), &state);
        assert_eq!(text(&html).matches(first).count(), 2, "{lang}: {html}");
        assert!(
            html.contains("<h2>") && !html.contains("<h2><span"),
            "a title that says what does not go: {html}"
        );
        // Once all of it works, some of it is no news.
        for claim in ["Terminbuchung", "Das geht weiter"] {
            assert!(!html.contains(claim), "{claim} in {html}");
        }
    }
    // What was called off never was.
    let state = state(|d| {
        d["notices"][0]["timing"] = json!("past");
        d["notices"][0]["kind"] = json!("maintenance");
        d["notices"][0]["stage"] = json!("cancelled");
    });
    assert!(!shown(&reader("de", NOW), &state).contains("Geht wieder"));
}

#[test]
fn maintenance_says_how_much_of_a_service_is_gone() {
    for (severity, told) in [
        ("degraded", "BundID: online nur eingeschränkt nutzbar"),
        ("partial_outage", "BundID: online teilweise nicht nutzbar"),
        ("outage", "BundID: zurzeit nicht verfügbar"),
    ] {
        let state = state(|d| {
            d["status"] = json!("maintenance");
            d["notices"][0]["kind"] = json!("maintenance");
            for part in ["/services/0", "/notices/0/affected/0"] {
                d.pointer_mut(part).unwrap()["status"] = json!("maintenance");
                d.pointer_mut(part).unwrap()["severity"] = json!(severity);
            }
        });
        let reader = reader("de", NOW);
        assert!(text(&shown(&reader, &state)).contains(told), "{severity}");
        assert!(text(&to_html(|| services(&reader, &state, &[]))).contains(told), "{severity}");
    }
}

#[test]
fn what_was_changed_says_what_it_was_before() {
    let state = state(|d| {
        let notice = &mut d["notices"][0];
        notice["kind"] = json!("maintenance");
        notice["stage"] = json!("scheduled");
        notice["timing"] = json!("announced");
        notice["updates"] = json!([
            {"at": "2026-03-03T09:20:00+01:00", "stage": null, "text": {}, "change": "edited"},
            {"at": "2026-03-03T09:19:00+01:00", "stage": null, "text": {}, "change": "end_moved", "to": "2026-03-03T13:00:00+01:00"},
            {"at": "2026-03-03T09:18:00+01:00", "stage": null, "text": {}, "change": "moved", "from": "2026-03-02T22:00:00+01:00", "to": "2026-03-02T23:00:00+01:00"},
        ]);
    });
    let told = text(&shown(&reader("de", NOW), &state));
    for part in [
        "Angaben geändert",
        "Neues Ende. Vorher: heute, Dienstag, 3. März, 13:00 Uhr",
        "Verschoben. Vorher geplant: Von gestern, Montag, 2. März, 22:00 Uhr bis gestern, Montag, 2. März, 23:00 Uhr",
        "Verschoben, vorher: Von gestern",
    ] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
}

#[test]
fn a_fallback_carries_its_language_and_says_so() {
    let html = shown(&reader("en", NOW), &state(|_| {}));
    assert!(html.contains(r#"<span>Signing in is not possible</span>"#), "{html}");
    assert!(
        html.contains(r#"lang="de""#) && text(&html).contains("Sie können sich nicht anmelden. (in German only)"),
        "{html}"
    );
    let simple = shown(&reader("de-simple", NOW), &state(|_| {}));
    assert!(
        simple.contains(r#"<span dir="ltr" lang="de">Anmeldung nicht möglich</span>"#) && text(&simple).contains("nur in schwerer Sprache"),
        "{simple}"
    );
}

#[test]
fn the_first_is_open_and_the_others_are_folded() {
    let state = state(|d| {
        let mut second = d["notices"][0].clone();
        second["id"] = json!("2026-0043");
        second["title"] = json!({"de": "Bezahlen langsam"});
        d["notices"].as_array_mut().unwrap().push(second);
    });
    let html = shown(&reader("de", NOW), &state);
    assert!(html.contains(r#"id="n-2026-0042""#) && html.contains("<article") && html.matches("<article").count() == 1);
    let second = html.find(r#"id="n-2026-0043""#).unwrap();
    assert!(html[..second].rfind("<details") > html[..second].rfind("<article"), "{html}");
    let one = to_html(|| notice(&reader("de", NOW), &state, &state.notices[1]));
    assert!(one.contains("<article") && one.contains("n-2026-0043") && !one.contains("n-2026-0042"));
}

#[test]
fn markup_and_bad_addresses_do_not_get_through() {
    let state = state(|d| {
        d["notices"][0]["title"] = json!({"de": "<script>alert(1)</script>"});
        d["notices"][0]["impact"] = json!({"de": [{"t": "link", "href": "javascript:alert(1)", "s": "hier"}]});
        d["notices"][0]["video"] = json!("javascript:alert(2)");
    });
    let html = shown(&reader("de", NOW), &state);
    assert!(!html.contains("<script") && !html.contains("href=\"javascript"), "{html}");
}

#[test]
fn a_status_page_has_its_parts() {
    let (reader, state) = (reader("de", NOW), state(|_| {}));
    let all: Vec<wire::Affected> = serde_json::from_value(json!([
        {"id": "kfz-zulassung", "name": {"de": "Kfz-Zulassung"}, "status": "operational", "severity": "information", "channels": [], "procedures": []},
        {"id": "sperrmuell", "name": {"de": "Sperrmüll"}, "status": "operational", "severity": "information", "channels": [], "procedures": []},
    ]))
    .unwrap();
    let told = text(&to_html(|| services(&reader, &state, &all)));
    assert!(
        told.contains("BundID: online nicht nutzbarDeshalb auch betroffen (1)Kfz-ZulassungDas läuft (1)Sperrmüll"),
        "{told}"
    );
    assert_eq!(
        headline(&reader, &state, &all),
        ("state danger", "1 von 2 Diensten ist gestört".to_owned())
    );
    assert!(text(&to_html(|| all_clear(&reader))).contains("Alle Dienste laufen."));
    let told = text(&to_html(|| past_list(&reader, &state)));
    assert!(
        told.contains("Anmeldung nicht möglich")
            && told.contains("Von heute, Dienstag, 3. März, 9:10 Uhr bis heute, Dienstag, 3. März, 14:00 Uhr"),
        "{told}"
    );
}

#[test]
fn the_message_files_have_the_same_keys() {
    let keys = |file: &str| {
        let ByLanguage(all) = words(file);
        all.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(keys(DE), keys(EN));
    assert_eq!(keys(DE), keys(SIMPLE));
    for (file, tag) in [(DE, "de"), (EN, "en"), (SIMPLE, "de-simple")] {
        assert_eq!(words(file).get("lang").unwrap(), tag);
        let holes = |pattern: &str| pattern.matches('{').count();
        for (key, german) in words(DE).0 {
            let other = words(file).get(&key).unwrap().clone();
            let optional = key.starts_with("moment") || key.starts_with("short") || key.starts_with("date");
            assert!(
                optional || holes(&german) == holes(&other),
                "{key} has other places to fill in {tag}"
            );
        }
    }
}

/// A form that the server hands out itself is where the document came from, also where it is told on somebody else's page.
#[test]
fn an_uploaded_form_is_of_the_server_that_tells_of_it() {
    let mut document = document();
    document["procedures"][0]["steps"][0]["form"] = "/p/musterstadt/forms/9f/antrag.pdf".into();
    let state: PublicState = serde_json::from_value(document).unwrap();
    let abroad = Reader {
        base: "https://notices.example".to_owned(),
        ..reader("de", "2026-03-03T08:30:00Z")
    };
    let html = to_html(|| notices(&abroad, &state));
    assert!(
        html.contains("href=\"https://notices.example/p/musterstadt/forms/9f/antrag.pdf\""),
        "{html}"
    );
    assert!(text(&html).contains("Antrag (PDF)"), "{html}");
}
