//! What a mail says of a notice, and how many there are of it.

use domain::words::NoticeId;
use serde_json::{Value, json};

use super::{ADDRESS, about_notices, house, known, look, publish, resolve, send, settle, somebody, until_done, until_waited_for, update};
use crate::support::{listener::PATIENCE, mailbox::Mail};

/// A notice with all that one can have.
fn whole() -> Value {
    json!({"kind": "outage", "severity": "partial_outage", "services": ["kfz-zulassung"],
        "title": {"de": "Kfz-Zulassung: Anmeldung nicht möglich", "en": "Vehicle registration: cannot sign in"},
        "impact": {"de": "Sie können sich seit 9:10 Uhr **nicht anmelden**."},
        "guidance": {"de": "Nutzen Sie den [Vordruck](https://musterstadt.example/vordruck), oder:\n\n1. Anrufen\n2. Vorbeikommen"},
        "still_works": {"de": "Terminbuchung"}, "entries": "saved", "applications": {"de": "Gesendete Anträge sind angekommen."},
        "deadline_note": {"de": "Fristen, die heute enden, gelten als eingehalten."},
        "starts_at": "2026-05-04T07:10:00Z", "ends_at": "2026-05-04T12:00:00Z", "end_certainty": "estimated", "publish": true})
}

#[tokio::test]
async fn a_mail_says_the_whole_notice_in_words_and_as_a_page() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    let own = somebody(&server, &mailbox, ADDRESS).await;
    let id = server.post("/api/v1/notices", &whole()).await["id"].as_str().unwrap().to_owned();
    let mails = mailbox.at_least(2).await;
    let mail = &mails[1];
    assert_eq!(mail.subject(), "Störung: Kfz-Zulassung: Anmeldung nicht möglich");
    assert_eq!(mail.0["types"], json!(["multipart/alternative", "text/plain", "text/html"]));
    assert_eq!(mail.header("date"), "Mon, 04 May 2026 08:00:00 +0000");
    for (name, value) in [
        ("auto-submitted", "auto-generated"),
        ("content-language", "de"),
        ("list-id", "<musterstadt.notices.musterstadt.example>"),
        ("to", ADDRESS),
    ] {
        assert_eq!(mail.header(name), value, "{name}");
    }
    let (name, end) = (
        mail.header("message-id"),
        format!(".{}@musterstadt.example>", mail_id(&server).await),
    );
    assert!(name.starts_with(&format!("<{id}.")) && name.ends_with(&end), "{name}");
    let page = format!("http://notices.example/p/musterstadt/notices/{id}?lang=de");
    let said = [
        "Sie können sich seit 9:10 Uhr nicht anmelden.",
        "Terminbuchung",
        "Gesendete Anträge sind angekommen.",
        "Fristen, die heute enden, gelten als eingehalten.",
        "Diese Meldung im Internet",
        "Ändern oder abbestellen",
        "Impressum",
    ];
    for text in said {
        let without_tags = mail.html().replace("<strong>", "").replace("</strong>", "");
        assert!(
            mail.plain().contains(text) && without_tags.contains(text),
            "{text}: {}",
            mail.plain()
        );
    }
    for address in [
        page,
        format!("http://notices.example{own}"),
        "https://musterstadt.example/vordruck".to_owned(),
    ] {
        assert!(mail.plain().contains(&address) && mail.html().contains(&address), "{address}");
    }
    assert!(mail.plain().contains("\n1. Anrufen\n2. Vorbeikommen\n"), "{}", mail.plain());
    // Nothing that mail programs do not show, nothing from elsewhere, and no hours that hold today only.
    for absent in ["<svg", "<details", "<summary", "<script", "<img", "<link", " src="] {
        assert!(!mail.html().contains(absent), "{absent}");
    }
    assert!(!mail.plain().contains('<') && !mail.plain().contains("&"), "{}", mail.plain());
    insta::assert_snapshot!("mail_in_words", mail.plain().replace(&own, "/s/…"));
    is_sound(&mails);
}

/// The opaque id of the one who is told.
async fn mail_id(server: &crate::support::server::TestServer) -> String {
    known(server, ADDRESS).await["found"][0]["id"].as_str().unwrap().to_owned()
}

/// What no mail may be.
fn is_sound(mails: &[Mail]) {
    for mail in mails {
        assert_eq!(mail.0["defects"], json!([]), "{}", mail.0["raw"]);
        // RFC 5322, section 2.1.1.
        assert!(mail.0["longest"].as_u64().unwrap() <= 998, "{}", mail.0["raw"]);
        assert!(mail.0["raw"].as_str().unwrap().is_ascii());
    }
}

#[tokio::test]
async fn ten_updates_are_not_ten_mails_and_all_are_one_thread() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    somebody(&server, &mailbox, ADDRESS).await;
    let id = publish(&server, "kfz-zulassung", "Eins").await;
    mailbox.at_least(2).await;
    until_done(&server).await;
    for (minute, text) in [(5, "a"), (10, "b"), (15, "c")] {
        server.clock.set(&format!("2026-05-04T08:{minute:02}:00Z"));
        update(&server, &id, text).await;
    }
    // What begins meanwhile waits for nobody.
    let other = publish(&server, "sperrmuell", "Zwei").await;
    let mails = mailbox.at_least(3).await;
    assert_eq!(mails[2].subject(), "Störung: Zwei");
    server.clock.set("2026-05-04T08:29:59Z");
    update(&server, &id, "d").await;
    until_waited_for(&server, 1).await;
    assert_eq!(mailbox.mails().len(), 3);
    // Time jumps here, and half an hour may have been counted from then.
    server.clock.set("2026-05-04T09:00:00Z");
    let mails = mailbox.at_least(4).await;
    let said = mails[3].plain();
    assert!(
        ["a", "b", "c", "d"].iter().all(|text| said.contains(&format!("\n\n{text}\n\n"))),
        "{said}"
    );
    // After a while of silence an update is told at once; what ended, too, however shortly after it.
    until_done(&server).await;
    server.clock.set("2026-05-04T10:00:00Z");
    update(&server, &id, "e").await;
    mailbox.at_least(5).await;
    until_done(&server).await;
    server.clock.set("2026-05-04T10:01:00Z");
    update(&server, &id, "f").await;
    resolve(&server, &id).await;
    let mails = mailbox.at_least(6).await;
    assert_eq!(
        mails[5].subject(),
        "Behoben: Kfz-Zulassung: Geht wieder seit Montag, 4. Mai, 12:01 Uhr"
    );
    // Whoever was told that it works again is told at once that it does not.
    server
        .post(&format!("/api/v1/notices/{id}/reopen"), &json!({"text": {"de": "g"}}))
        .await;
    let mails = mailbox.at_least(7).await;
    assert_eq!(mails[6].subject(), "Störung: Eins");
    // What was said with the end is not said again when the time for it has come.
    server.clock.set("2026-05-04T11:30:00Z");
    resolve(&server, &other).await;
    let mails = mailbox.at_least(8).await;
    assert!(mails[7].subject().starts_with("Behoben: "), "{}", mails[7].subject());
    let about = |id: &str| {
        let mails = about_notices(&mails).into_iter();
        mails
            .filter(|mail| mail.header("message-id").contains(id))
            .cloned()
            .collect::<Vec<_>>()
    };
    for id in [&id, &other] {
        let thread = about(id);
        let first = thread[0].header("message-id");
        assert_eq!((thread[0].header("references"), thread[0].header("in-reply-to")), ("", ""));
        for mail in &thread[1..] {
            assert_eq!((mail.header("references"), mail.header("in-reply-to")), (first, first));
            assert_ne!(mail.header("message-id"), first);
        }
    }
    assert_eq!((about(&id).len(), about(&other).len()), (5, 2));
    is_sound(&mails);
}

#[tokio::test]
async fn time_alone_is_told_too_also_after_a_pause() {
    let (mut server, mailbox) = house("2026-05-04T08:00:00Z").await;
    somebody(&server, &mailbox, ADDRESS).await;
    let work = json!({"kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "title": {"de": "Umbau"},
        "starts_at": "2026-05-05T10:00:00Z", "ends_at": "2026-05-05T12:00:00Z", "at_end": "complete", "publish": true});
    server.post("/api/v1/notices", &work).await;
    mailbox.at_least(2).await;
    server.clock.set("2026-05-05T10:00:00Z");
    mailbox.at_least(3).await;
    server.stop().await;
    server.clock.set("2026-05-05T13:00:00Z");
    server.restart().await;
    let mails = mailbox.at_least(4).await;
    let subjects: Vec<&str> = mails[1..].iter().map(Mail::subject).collect();
    assert_eq!(
        subjects,
        [
            "Angekündigte Wartung: Dienstag, 5. Mai, 12:00 Uhr: Umbau",
            "Wartung: Umbau",
            "Beendet: Kfz-Zulassung: Geht wieder seit Dienstag, 5. Mai, 14:00 Uhr"
        ]
    );
    // A draft, and what nobody sees yet, are nobody's business.
    let mut draft = whole();
    draft["publish"] = json!(false);
    server.post("/api/v1/notices", &draft).await;
    publish(&server, "kfz-zulassung", "Zuletzt").await;
    let mails = mailbox.at_least(5).await;
    assert_eq!(mails[4].subject(), "Störung: Zuletzt");
}

#[tokio::test]
async fn what_somebody_was_told_is_forgotten_after_400_days() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    somebody(&server, &mailbox, ADDRESS).await;
    let id = publish(&server, "kfz-zulassung", "Eins").await;
    mailbox.at_least(2).await;
    until_done(&server).await;
    let told = async |person: &str| {
        let store = server.place().open().await.unwrap();
        let told = store.subscriptions.told(person, &NoticeId::parse(&id).unwrap()).await.unwrap();
        store.journal.close().await;
        told
    };
    let person = mail_id(&server).await;
    server.clock.set("2027-06-08T07:00:00Z");
    until_done(&server).await;
    assert!(told(&person).await.is_some());
    server.clock.set("2027-06-09T09:00:00Z");
    let forgotten = async { while told(&person).await.is_some() {} };
    tokio::time::timeout(PATIENCE, forgotten).await.unwrap();
    assert_eq!(mail_id(&server).await, person, "who is told goes on being told");
}

#[tokio::test]
async fn each_is_written_to_in_their_language() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    let catalogue = server.state().await["languages"].clone();
    let languages: Vec<&str> = catalogue.as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
    for (number, language) in languages.iter().enumerate() {
        let address = format!("{language}@beispiel.example");
        let path = format!("/p/musterstadt/subscribe?lang={language}");
        assert_eq!(send(&server, &path, &[("address", &address)]).await.0, 200);
        let mails = mailbox.at_least(number + 1).await;
        let link = mails.iter().find(|mail| mail.0["to"] == json!([address])).unwrap();
        assert_eq!(link.header("content-language"), *language);
        let own = link.own_page();
        let (_, page) = look(&server, &own).await;
        assert!(page.contains(&format!("<html lang=\"{language}\"")), "{page}");
        settle(&server, &own, |_, _| true).await;
    }
    server.post("/api/v1/notices", &whole()).await;
    let mails = mailbox.at_least(2 * languages.len()).await;
    for language in &languages {
        let told = about_notices(&mails)
            .into_iter()
            .find(|mail| mail.header("content-language") == *language);
        let told = told.unwrap_or_else(|| panic!("nobody was told in {language}"));
        assert!(told.html().contains(&format!("<html lang=\"{language}\"")));
        assert!(!told.plain().contains("{}") && !told.html().contains("{}"), "{}", told.plain());
    }
    is_sound(&mails);
}

#[tokio::test]
async fn what_concerns_the_whole_portal_is_told_to_each_and_an_end_to_whoever_was_told_the_beginning() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    let own = somebody(&server, &mailbox, ADDRESS).await;
    settle(&server, &own, |name, value| name == "kind" || value == "wohngeld").await;
    let portal = json!({"kind": "outage", "severity": "outage", "portals": ["musterstadt"], "title": {"de": "Portal"}, "publish": true});
    server.post("/api/v1/notices", &portal).await;
    let mails = mailbox.at_least(2).await;
    assert_eq!(mails[1].subject(), "Störung: Portal");
    let told = publish(&server, "wohngeld", "Wohngeld").await;
    mailbox.at_least(3).await;
    // Who wants to hear of something else from now on is not left with what does not work any more.
    let fields = [("do", "settle"), ("service", "sperrmuell"), ("kind", "outage")];
    assert_eq!(send(&server, &own, &fields).await.0, 200);
    let untold = publish(&server, "wohngeld", "Wohngeld noch einmal").await;
    resolve(&server, &untold).await;
    resolve(&server, &told).await;
    let mails = mailbox.at_least(4).await;
    assert!(mails[3].header("message-id").contains(&told), "{}", mails[3].subject());
    publish(&server, "sperrmuell", "Sperrmüll").await;
    let mails = mailbox.at_least(5).await;
    assert_eq!(mails[4].subject(), "Störung: Sperrmüll");
    // However somebody spells their address who asks what is stored.
    let stored = known(&server, "ERIKA.Muster@beispiel.example").await;
    assert_eq!(stored["found"][0]["wanted"]["services"], json!(["sperrmuell"]));
}
