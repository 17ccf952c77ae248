//! The view, rendered as the server renders it: what each notice says, and to whom.

use domain::public::{Brief, ByLanguage, Notice, PublicState};
use serde_json::{Value, json};

use super::{Messages, Reader, all_clear, notice, notices, past_list, relevant, seconds, services, status_summary, tell, to_html};

const DE: &str = include_str!("../../messages/de.json");
const EN: &str = include_str!("../../messages/en.json");
const SIMPLE: &str = include_str!("../../messages/de-simple.json");

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
        "heute, Dienstag, 3. März, 9:10 Uhr",
        "voraussichtlich heute, Dienstag, 3. März, 14:00 Uhr",
        "spätestens heute, Dienstag, 3. März, 11:00 Uhr",
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
        (json!({"end_certainty": "exact"}), NOW, "Bisheute, Dienstag, 3. März, 14:00 Uhr"),
        (json!({"end_certainty": "unknown"}), NOW, "noch nicht bekannt"),
        (json!({"ends_at": null}), NOW, "noch nicht bekannt"),
        (
            json!({}),
            "2026-03-03T14:30:00+01:00",
            "Angekündigt war heute, Dienstag, 3. März, 14:00 Uhr. Es dauert länger.",
        ),
        (
            json!({}),
            "2026-03-03T11:30:00+01:00",
            "Angekündigt für heute, Dienstag, 3. März, 11:00 Uhr. Wir sind zu spät. Das tut uns leid.",
        ),
        (
            json!({"timing": "announced", "stage": "scheduled", "kind": "maintenance"}),
            "2026-03-02T10:00:00+01:00",
            "Abmorgen, Dienstag, 3. März, 9:10 Uhr",
        ),
        (
            json!({"timing": "past", "stage": "resolved"}),
            "2026-03-03T15:00:00+01:00",
            "Behobenheute, Dienstag, 3. März, 14:00 Uhr",
        ),
        (
            json!({"timing": "past", "stage": "cancelled", "kind": "maintenance"}),
            "2026-03-03T15:00:00+01:00",
            "Abgesagtheute",
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
        "Geplant warVon Freitag, 6. März, 9:10 Uhr bis Freitag, 6. März, 14:00 Uhr",
        "Abgesagtheute, Dienstag, 3. März, 9:20 Uhr",
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
    let past = text(&to_html(|| past_list(&reader, &state.notices)));
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
        let past = text(&to_html(|| past_list(&reader("de", "2026-03-03T09:40:00+01:00"), &over.notices)));
        assert!(past.contains("Versehentlich veröffentlicht") && !past.contains("Von "), "{past}");
        let short = brief("de", "2026-03-03T09:40:00+01:00", |state| withdrawn(&mut state["notices"][0], kind));
        assert_eq!(short.kicker, "Versehentlich veröffentlicht");
        assert!(lines(&short).contains("Sie gilt nicht."), "{}", lines(&short));
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
    assert!(!told.contains("Wir wissen noch nicht"), "{told}");
}

/// The notice told briefly in a language, at an instant.
fn brief(lang: &str, now: &str, change: impl FnOnce(&mut Value)) -> Brief {
    let mut state = state(change);
    super::tell(&mut state, seconds(now).unwrap(), &mut super::Readers::default(), |lang| {
        reader(lang, now).words
    });
    state.notices[0].brief.get(lang).unwrap().clone()
}

/// Its lines, one below the other.
fn lines(brief: &Brief) -> String {
    brief.lines.iter().map(|line| line.s.clone() + "\n").collect()
}

#[test]
fn the_short_form_tells_until_when_and_what_to_do() {
    let german = brief("de", NOW, |_| {});
    assert_eq!(
        (german.kicker.as_str(), german.title.s.as_str()),
        ("Störung", "Anmeldung nicht möglich")
    );
    assert_eq!(
        lines(&german),
        "Sie können sich nicht anmelden.\nBis: voraussichtlich Dienstag, 3. März, 14:00 Uhr\nKommen Sie ins Bürgeramt.\nZulassungsstelle: kfz@musterstadt.example\n"
    );
    assert_eq!(
        german.say.s,
        "Störung: Anmeldung nicht möglich. Neueste Nachricht: Ein Zertifikat ist abgelaufen."
    );
    assert_eq!(german.phones[0].s, "Behördennummer: 115 (Aus dem Ausland: +49 30 23125 115)");
    // Whose words are missing is said; what is read out stays in one language.
    let simple = brief("de-simple", NOW, |_| {});
    assert!(
        simple.kicker.ends_with("(Das gibt es nur in schwerer Sprache.)"),
        "{}",
        simple.kicker
    );
    let english = brief("en", NOW, |_| {});
    assert_eq!(english.say.s, "Outage: Signing in is not possible");
}

#[test]
fn the_short_form_does_not_send_people_to_another_service() {
    // What to do instead helps with one of two services only, so it is nobody's first thing to do.
    let without = brief("de", NOW, |d| d["notices"][0]["guidance"] = json!({}));
    assert!(!lines(&without).contains("Auf Papier"), "{}", lines(&without));
    let with = brief("de", NOW, |d| {
        d["notices"][0]["guidance"] = json!({});
        d["notices"][0]["affected"][0]["procedures"] = json!(["papier"]);
    });
    assert!(lines(&with).contains("Auf Papier"), "{}", lines(&with));
}

#[test]
fn the_short_form_of_what_is_announced_says_when() {
    let told = brief("de", "2026-03-02T10:00:00+01:00", |d| {
        d["notices"][0]["timing"] = json!("announced");
        d["notices"][0]["stage"] = json!("scheduled");
        d["notices"][0]["kind"] = json!("maintenance");
        d["notices"][0]["end_certainty"] = json!("exact");
    });
    assert_eq!(told.kicker, "Angekündigte Wartung: Dienstag, 3. März, 9:10 Uhr");
    assert!(
        lines(&told).contains("Ab: Dienstag, 3. März, 9:10 Uhr\nBis: Dienstag, 3. März, 14:00 Uhr\n"),
        "{}",
        lines(&told)
    );
    assert_eq!(
        told.say.s,
        "Angekündigte Wartung: Dienstag, 3. März, 9:10 Uhr: Anmeldung nicht möglich"
    );
    let late = brief("de", NOW, |d| {
        d["notices"][0]["stage"] = json!("overrunning");
        d["notices"][0]["kind"] = json!("maintenance");
        d["notices"][0]["updates"] = json!([]);
    });
    assert_eq!(
        late.say.s,
        "Wartung: Anmeldung nicht möglich. Neueste Nachricht: Dauert länger als geplant"
    );
}

#[test]
fn the_short_form_of_what_is_over_claims_nothing_in_the_present() {
    let told = brief("de", "2026-03-03T15:00:00+01:00", |d| {
        d["notices"][0]["timing"] = json!("past");
        d["notices"][0]["stage"] = json!("resolved");
        d["notices"][0]["updates"][0]["stage"] = json!("resolved");
    });
    assert_eq!(
        lines(&told),
        "Ein Zertifikat ist abgelaufen.\nBehoben: Dienstag, 3. März, 14:00 Uhr\n"
    );
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
fn the_short_form_dials_what_the_catalogue_says() {
    let mut state = state(|d| {
        d["channels"][1]["value"] = json!("115 oder 030 23125 115");
        d["channels"][1]["href"] = json!("tel:115");
    });
    tell(&mut state, seconds(NOW).unwrap(), &mut super::Readers::default(), words_of);
    let phones: Vec<&str> = state.notices[0].brief.0[0]
        .1
        .phones
        .iter()
        .map(|phone| phone.href.as_str())
        .collect();
    assert_eq!(phones, ["tel:115"]);
}

#[test]
fn a_status_page_has_its_parts() {
    let (reader, state) = (reader("de", NOW), state(|_| {}));
    assert!(text(&to_html(|| services(&reader, &state))).contains("Kfz-Zulassung: online nicht nutzbar, Grund: Störung bei BundID"));
    assert!(text(&to_html(|| status_summary(&reader, &state))).contains("Einige Dienste sind nicht nutzbar."));
    assert!(text(&to_html(|| all_clear(&reader))).contains("Alle Dienste laufen."));
    let past: Vec<Notice> = state.notices.clone();
    let told = text(&to_html(|| past_list(&reader, &past)));
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
