//! The short form of a notice: what the loader paints at once, and what is read out.

use serde_json::{Value, json};
use wire::{Brief, Untold};

use super::{NOW, reader, shown, state, text, words_of};
use crate::{Reader, Readers, seconds, tell};

/// The notice told briefly in a language, at an instant.
pub(super) fn brief(lang: &str, now: &str, change: impl FnOnce(&mut Value)) -> Brief {
    let state = Untold::new(state(change));
    let state = tell(state, seconds(now).unwrap(), &mut Readers::default(), |lang| {
        reader(lang, now).words
    });
    state.notices[0].brief.get(lang).unwrap().clone()
}

/// Its lines, one below the other.
pub(super) fn lines(brief: &Brief) -> String {
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
        "Dienstag, 9:20 Uhr: Ein Zertifikat ist abgelaufen.\nKommen Sie ins Bürgeramt.\nSeit Dienstag, 3. März, 9:10 Uhr · voraussichtlich bis 14:00 Uhr · nächste Nachricht spätestens 11:00 Uhr\n"
    );
    assert!(!german.short);
    // Whoever cannot phone, and where nobody answers.
    let written = german.phones.last().unwrap();
    assert_eq!(
        (written.s.as_str(), written.href.as_str()),
        ("Zulassungsstelle: kfz@musterstadt.example", "mailto:kfz@musterstadt.example")
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
    assert_eq!(without.way, None);
    let with = brief("de", NOW, |d| {
        d["notices"][0]["guidance"] = json!({});
        d["notices"][0]["affected"][0]["procedures"] = json!(["papier"]);
    });
    let way = with.way.unwrap();
    assert_eq!(
        (way.s.as_str(), way.href.as_str()),
        ("Auf Papier", "/p/musterstadt/notices/2026-0042#u-2026-0042-papier")
    );
}

#[test]
fn the_first_thing_to_do_is_where_the_author_sends_people() {
    let led = |guidance: &Value| {
        brief("de", NOW, |d| {
            d["notices"][0]["guidance"] = json!({"de": [{"t": "paragraph", "c": guidance}]});
        })
    };
    let link = |s: &str| json!([{"t": "text", "s": "Nutzen Sie das "}, {"t": "link", "href": "https://musterstadt.example/a", "s": s}]);
    let told = led(&link("Formular"));
    let way = told.way.clone().unwrap();
    assert_eq!((way.s.as_str(), way.href.as_str()), ("Formular", "https://musterstadt.example/a"));
    assert!(!lines(&told).contains("Nutzen Sie"), "{}", lines(&told));
    // An address that says nothing is read in its sentence.
    let told = led(&link("https://musterstadt.example/a"));
    assert_eq!(told.way, None);
    assert!(
        lines(&told).contains("Nutzen Sie das https://musterstadt.example/a"),
        "{}",
        lines(&told)
    );
}

#[test]
fn one_line_is_all_for_what_is_far_ahead_or_over() {
    let told = |timing: &str, approaching: bool| {
        brief("de", "2026-03-03T08:30:00+01:00", |d| {
            let notice = &mut d["notices"][0];
            notice["timing"] = json!(timing);
            notice["kind"] = json!("maintenance");
            notice["stage"] = json!(if timing == "past" { "completed" } else { "scheduled" });
            notice["approaching"] = json!(approaching);
        })
    };
    assert!(told("announced", false).short);
    assert!(told("past", false).short);
    let near = told("announced", true);
    assert!(!near.short);
    assert_eq!(near.kicker, "Ab Dienstag, 9:10 Uhr nicht möglich");
}

#[test]
fn whoever_begins_too_late_is_told_how_long_it_takes() {
    let near = |too_late: &'static [usize], services: usize| {
        move |d: &mut Value| {
            let notice = &mut d["notices"][0];
            notice["timing"] = json!("announced");
            notice["kind"] = json!("maintenance");
            notice["stage"] = json!("scheduled");
            notice["approaching"] = json!(true);
            let affected = notice["affected"].as_array_mut().unwrap();
            affected.truncate(services);
            for (place, minutes) in affected.iter_mut().zip([25, 40]) {
                place["usual_minutes"] = json!(minutes);
            }
            for place in too_late {
                affected[*place]["too_late"] = json!(true);
            }
        }
    };
    let at = "2026-03-03T08:50:00+01:00";
    let sentence = "Dafür brauchen Sie etwa 25 Minuten; die Zeit reicht wahrscheinlich nicht mehr.";
    // In the place of what is noticed: that is told by the title.
    let one = brief("de", at, near(&[0], 1));
    assert_eq!(one.lines[0].s, sentence);
    assert!(!lines(&one).contains("Sie können sich nicht anmelden."), "{}", lines(&one));
    let told = text(&shown(&reader("de", at), &state(near(&[0], 1))));
    assert!(told.contains(sentence), "{told}");
    // Of several by its name; there is room for the longest alone, and unfolded for each.
    let several = brief("de", at, near(&[0, 1], 2));
    let longest = "Kfz-Zulassung: Dafür brauchen Sie etwa 40 Minuten";
    assert!(several.lines[0].s.starts_with(longest), "{}", lines(&several));
    let told = text(&shown(&reader("de", at), &state(near(&[0, 1], 2))));
    assert!(told.contains(longest) && told.contains(&format!("BundID: {sentence}")), "{told}");
    let mine = Reader {
        services: vec!["bundid".to_owned()],
        ..reader("de", at)
    };
    let told = text(&shown(&mine, &state(near(&[0, 1], 2))));
    assert!(!told.contains(longest) && told.contains(sentence), "{told}");
    // A language in which it has no name says nothing of it.
    let nameless = brief("en", at, near(&[0, 1], 2));
    assert!(!lines(&nameless).contains("minutes"), "{}", lines(&nameless));
    let none = brief("de", at, near(&[], 2));
    assert!(!lines(&none).contains("Dafür brauchen"), "{}", lines(&none));
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
        lines(&told).contains("Ab Dienstag, 3. März, 9:10 Uhr · bis 14:00 Uhr"),
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
    assert_eq!(told.title.s, "Geht wieder seit Dienstag, 3. März, 14:00 Uhr");
    assert_eq!(
        lines(&told),
        "Es ging um: Anmeldung nicht möglich\nEin Zertifikat ist abgelaufen.\n"
    );
    assert_eq!(told.say.s, "Geht wieder seit Dienstag, 3. März, 14:00 Uhr: Anmeldung nicht möglich");
}

#[test]
fn what_works_again_has_a_name_also_where_it_concerned_no_single_service() {
    let over = |lang: &str, affected: serde_json::Value| {
        brief(lang, "2026-03-03T15:00:00+01:00", |d| {
            d["notices"][0]["timing"] = json!("past");
            d["notices"][0]["stage"] = json!("resolved");
            d["notices"][0]["updates"][0]["stage"] = json!("resolved");
            d["notices"][0]["affected"] = affected.clone();
        })
        .kicker
    };
    assert_eq!(over("de", json!([])), "Behoben: Anmeldung nicht möglich");
    // What is said in another language is not called so.
    assert_eq!(
        over("de-simple", json!([])),
        "Es geht wieder. (Das gibt es nur in schwerer Sprache.)"
    );
}

#[test]
fn behind_a_number_that_is_always_there_no_other_is_named() {
    let german = brief("de", NOW, |d| {
        d["channels"][1]["always"] = json!(true);
        let mut other = d["channels"][1].clone();
        other["id"] = json!("other");
        other["value"] = json!("030 23125 100");
        d["channels"].as_array_mut().unwrap().push(other);
        d["notices"][0]["channels"].as_array_mut().unwrap().push(json!("other"));
    });
    let numbers: Vec<&str> = german.phones.iter().map(|phone| phone.href.as_str()).collect();
    assert_eq!(numbers, ["tel:115", "mailto:kfz@musterstadt.example"]);
}

#[test]
fn the_short_form_dials_what_the_catalogue_says() {
    let state = Untold::new(state(|d| {
        d["channels"][1]["value"] = json!("115 oder 030 23125 115");
        d["channels"][1]["href"] = json!("tel:115");
    }));
    let state = tell(state, seconds(NOW).unwrap(), &mut Readers::default(), words_of);
    let phones: Vec<&str> = state.notices[0].brief.0[0]
        .1
        .phones
        .iter()
        .map(|phone| phone.href.as_str())
        .collect();
    assert_eq!(phones, ["tel:115", "mailto:kfz@musterstadt.example"]);
}
