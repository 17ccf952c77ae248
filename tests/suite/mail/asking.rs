//! Asking for it, confirming, changing and ending it: without JavaScript, and to look changes nothing.

use std::collections::BTreeSet;

use domain::access::Role;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;
use store::{clock::Clock, subscriptions::Subscription};

use super::{ADDRESS, about_notices, ask, house, known, look, publish, resolve, send, settle, somebody, ticked, update};
use crate::{
    grants::CATALOGUE,
    support::{binary, listener::PATIENCE, mailbox::SENDER, server::TestServer},
};

#[tokio::test]
async fn somebody_is_told_once_they_have_confirmed_and_until_they_want_no_more() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    let (_, page) = look(&server, "/p/musterstadt/?lang=de").await;
    assert!(
        page.contains("action=\"http://notices.example/p/musterstadt/subscribe?lang=de\""),
        "{page}"
    );
    ask(&server, ADDRESS).await;
    let mails = mailbox.at_least(1).await;
    let link = &mails[0];
    assert_eq!(link.subject(), "Bitte bestätigen Sie Ihre E-Mail-Adresse");
    assert_eq!(link.header("from"), format!("Stadt Musterstadt <{SENDER}>"));
    assert_eq!(link.0["to"], json!([ADDRESS]));
    assert_eq!(link.header("list-unsubscribe"), "", "it is no mail of a list yet");
    let own = link.own_page();
    // Before that nothing is told; and programs that open each link change nothing.
    let first = publish(&server, "kfz-zulassung", "Eins").await;
    for _ in 0..3 {
        for method in [Method::GET, Method::HEAD] {
            assert_eq!(server.anonymous(method, &own).send().await.unwrap().status(), 200);
        }
    }
    let (_, page) = look(&server, &own).await;
    assert!(page.contains("Sie waren das nicht?") && !page.contains("Abbestellen<"), "{page}");
    assert_eq!(known(&server, ADDRESS).await["found"][0]["confirmed_at"], json!(null));
    let page = settle(&server, &own, |_, _| true).await;
    assert!(page.contains("Ab jetzt schreiben wir Ihnen."), "{page}");
    // What was told before is news for those who were told.
    let told = known(&server, ADDRESS).await;
    assert_eq!(
        told["found"][0]["wanted"],
        json!({"portals": ["musterstadt"], "services": null, "kinds": null})
    );
    assert!(told["found"][0]["agreed_to"].as_str().unwrap().contains("jederzeit abbestellen"));
    let counts = told["portals"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["portal"] == "musterstadt")
        .unwrap();
    assert_eq!(
        (&counts["confirmed"], &counts["unconfirmed"], &counts["failing"]),
        (&json!(1), &json!(0), &json!(0))
    );
    resolve(&server, &first).await;
    publish(&server, "kfz-zulassung", "Zwei").await;
    let mails = mailbox.at_least(3).await;
    let subjects: BTreeSet<&str> = mails[1..].iter().map(|mail| mail.subject()).collect();
    assert_eq!(
        subjects,
        BTreeSet::from([
            "Behoben: Kfz-Zulassung: Geht wieder seit Montag, 4. Mai, 10:00 Uhr",
            "Störung: Zwei"
        ])
    );
}

#[tokio::test]
async fn one_click_ends_it_and_nothing_is_left() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    let own = somebody(&server, &mailbox, ADDRESS).await;
    publish(&server, "kfz-zulassung", "Zwei").await;
    let mails = mailbox.at_least(2).await;
    // A mail program ends it, without a page, and may do so again.
    let end = mails[1].header("list-unsubscribe");
    let end = end.trim_matches(['<', '>']).strip_prefix("http://notices.example").unwrap();
    assert_eq!(end, own);
    assert!(
        mails[1].0["raw"]
            .as_str()
            .unwrap()
            .contains(&format!("List-Unsubscribe: <http://notices.example{own}>\r\n")),
        "it is not folded"
    );
    assert_eq!(mails[1].header("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
    for _ in 0..2 {
        let (status, _) = send(&server, end, &[("List-Unsubscribe", "One-Click")]).await;
        assert_eq!(status, 200);
    }
    let told = known(&server, ADDRESS).await;
    assert_eq!(told["found"], json!([]));
    for gone in [own.as_str(), "/s/x", "/s/%00", "/s/%F0%9F%9A%A7"] {
        assert_eq!(look(&server, gone).await.0, 404, "{gone}");
    }
    let (_, page) = look(&server, &own).await;
    assert!(page.contains("Diese Anmeldung gibt es nicht mehr"), "{page}");
    // Nothing is left, nowhere.
    let journal = server
        .request(Role::Admin, Method::GET, "/api/v1/journal.jsonl")
        .send()
        .await
        .unwrap();
    assert!(!journal.text().await.unwrap().contains("beispiel.example"));
    // What means nothing changes nothing, and is not taken for an end.
    let other = somebody(&server, &mailbox, "otto@beispiel.example").await;
    assert_eq!(send(&server, &other, &[("List-Unsubscribe", "No")]).await.0, 400);
    publish(&server, "kfz-zulassung", "Drei").await;
    let mails = mailbox.at_least(4).await;
    assert_eq!(mails.last().unwrap().0["to"], json!(["otto@beispiel.example"]));
    let (status, page) = send(&server, &other, &[("do", "end")]).await;
    assert_eq!(status, 200);
    assert!(page.contains("Ihre Adresse haben wir gelöscht."), "{page}");
    assert_eq!(mailbox.mails().len(), 4);
}

#[tokio::test]
async fn nobody_learns_who_is_told_and_nobody_is_written_to_again_and_again() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    let own = somebody(&server, &mailbox, ADDRESS).await;
    // The same answer for one who is told and one who is not; and not one more mail within an hour.
    let mut answers = Vec::new();
    for address in [ADDRESS, ADDRESS, "otto@beispiel.example", "otto@beispiel.example"] {
        let (status, page) = send(&server, "/p/musterstadt/subscribe", &[("address", address)]).await;
        assert_eq!(status, 200);
        answers.push(page.replace(address, "X"));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let mails = mailbox.at_least(2).await;
    assert_eq!(mails[1].0["to"], json!(["otto@beispiel.example"]));
    // However it is spelled.
    for spelled in [
        "Erika.Muster+1@beispiel.example",
        "ERIKA.MUSTER@beispiel.example",
        "erika.muster+2@beispiel.example",
    ] {
        ask(&server, spelled).await;
    }
    assert_eq!(mailbox.mails().len(), 2);
    server.clock.set("2026-05-04T12:00:01Z");
    let before = mailbox.mails().len();
    ask(&server, ADDRESS).await;
    let mails = mailbox.at_least(before + 1).await;
    assert_eq!(
        (mails[before].subject(), mails[before].own_page()),
        ("Ihre Benachrichtigungen", own.clone())
    );
    // One that nobody confirms is gone after a week, and its link leads nowhere.
    let unconfirmed = mails[1].own_page();
    server.clock.set("2026-05-11T07:59:59Z");
    assert_eq!(look(&server, &unconfirmed).await.0, 200);
    server.clock.set("2026-05-11T08:00:00Z");
    assert_eq!(look(&server, &unconfirmed).await.0, 404);
    assert_eq!(look(&server, &own).await.0, 200);
    let gone = async {
        while known(&server, "otto@beispiel.example").await["found"] != json!([]) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("it is forgotten");
    // From one network no more than people ask for.
    let mut last = 200;
    for number in 0..30 {
        let address = format!("jemand{number}@beispiel.example");
        last = send(&server, "/p/musterstadt/subscribe", &[("address", &address)]).await.0.as_u16();
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn what_is_no_address_is_said_at_the_field_and_stays_there() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    for typed in [
        "erika",
        "erika@beispiel@example",
        "",
        "erika@localhost",
        "a@b.example\nBcc: c@d.example",
        "\"><script>@x.example",
    ] {
        let (status, page) = send(&server, "/p/musterstadt/subscribe?lang=de", &[("address", typed)]).await;
        assert_eq!(status, 422, "{typed}");
        assert!(
            page.contains("Das ist keine E-Mail-Adresse.") && page.contains("aria-invalid=\"true\""),
            "{page}"
        );
        assert!(!page.contains("<script>"), "{page}");
    }
    let (_, page) = send(&server, "/p/musterstadt/subscribe?lang=en", &[("address", "erika at example")]).await;
    assert!(
        page.contains("value=\"erika at example\"") && page.contains("That is not an e-mail address."),
        "{page}"
    );
    let huge = "x".repeat(100_000);
    assert_eq!(send(&server, "/p/musterstadt/subscribe", &[("address", &huge)]).await.0, 413);
    assert_eq!(send(&server, "/p/nirgends/subscribe", &[("address", ADDRESS)]).await.0, 404);
    assert_eq!(mailbox.mails().len(), 0);
    // Where nobody is told there is no form.
    let silent = TestServer::start("2026-05-04T08:00:00Z").await;
    let (_, page) = look(&silent, "/p/musterstadt/").await;
    assert!(!page.contains("<form"), "{page}");
    assert_eq!(look(&silent, "/p/musterstadt/subscribe").await.0, 404);
    assert_eq!(send(&silent, "/p/musterstadt/subscribe", &[("address", ADDRESS)]).await.0, 404);
}

#[tokio::test]
async fn people_choose_services_and_kinds_and_language() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    let (status, _) = send(&server, "/p/musterstadt/subscribe?lang=en", &[("address", ADDRESS)]).await;
    assert_eq!(status, 200);
    let mails = mailbox.at_least(1).await;
    assert_eq!(mails[0].subject(), "Please confirm your e-mail address");
    let own = mails[0].own_page();
    let (_, page) = look(&server, &own).await;
    assert!(page.contains("<html lang=\"en\"") && ticked(&page).len() > 10, "{page}");
    // Nothing chosen is no choice, and loses nothing.
    let (status, page) = send(&server, &own, &[("do", "settle"), ("kind", "outage")]).await;
    assert_eq!(status, 422);
    assert!(page.contains("Choose at least one service"), "{page}");
    assert_eq!(ticked(&page), [("kind".to_owned(), "outage".to_owned())]);
    assert_eq!(known(&server, ADDRESS).await["found"][0]["confirmed_at"], json!(null));
    let page = settle(&server, &own, |name, value| match name {
        "service" => value == "kfz-zulassung",
        _ => value == "outage",
    })
    .await;
    assert!(page.contains("From now on we will write to you."), "{page}");
    let wanted = json!({"portals": ["musterstadt"], "services": ["kfz-zulassung"], "kinds": ["outage"]});
    assert_eq!(known(&server, ADDRESS).await["found"][0]["wanted"], wanted);
    // The one it needs is its own trouble; another service, and planned work, are not what was asked for.
    publish(&server, "wohngeld", "Wohngeld").await;
    let work = json!({"kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "title": {"de": "Wartung"},
        "starts_at": "2026-05-04T10:00:00Z", "ends_at": "2026-05-04T12:00:00Z", "at_end": "complete", "publish": true});
    server.post("/api/v1/notices", &work).await;
    let bundid = publish(&server, "bundid", "BundID").await;
    let mails = mailbox.at_least(2).await;
    let told = about_notices(&mails);
    assert_eq!((told.len(), told[0].header("content-language")), (1, "en"));
    assert!(told[0].subject().contains("BundID"), "{}", told[0].subject());
    // More is told once more is chosen, and what is unknown is not chosen.
    let fields = [
        ("do", "settle"),
        ("service", "wohngeld"),
        ("service", "gibt-es-nicht"),
        ("kind", "information"),
        ("kind", "outage"),
    ];
    let (status, page) = send(&server, &own, &fields).await;
    assert_eq!(status, 200);
    assert!(page.contains("Saved."), "{page}");
    update(&server, &bundid, "Noch nicht.").await;
    publish(&server, "wohngeld", "Wohngeld noch einmal").await;
    let mails = mailbox.at_least(3).await;
    assert!(mails[2].subject().contains("Wohngeld noch einmal"), "{}", mails[2].subject());
}

#[tokio::test]
async fn whoever_has_chosen_what_is_no_more_learns_it_on_their_page() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    let own = somebody(&server, &mailbox, ADDRESS).await;
    assert!(!look(&server, &own).await.1.contains("Wählen Sie mindestens"));
    let store = server.place().open().await.unwrap();
    let id = &store.subscriptions.all().await.unwrap()[0].id;
    let wanted = json!({"portals": ["musterstadt"], "services": ["gibt-es-nicht-mehr"], "kinds": null});
    let wanted = serde_json::from_value(wanted).unwrap();
    store.subscriptions.settle(id, &wanted, 0, server.clock.now()).await.unwrap();
    let (status, page) = look(&server, &own).await;
    assert!(status == 200 && page.contains("Wählen Sie mindestens einen Dienst"), "{page}");
}

#[tokio::test]
async fn where_a_portal_is_no_more_nobody_is_kept() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    let own = somebody(&server, &mailbox, ADDRESS).await;
    let other = somebody(&server, &mailbox, "otto@beispiel.example").await;
    let file = server.folder().join("catalogue.toml");
    std::fs::write(&file, CATALOGUE).unwrap();
    let folder = server.folder();
    let apply = move || binary::succeed(&folder, &["catalogue", "apply", file.to_str().unwrap()]);
    // The server, which may be writing, goes on meanwhile.
    tokio::task::spawn_blocking(apply).await.unwrap();
    server.let_time_pass_until_the_last_entry().await;
    assert_eq!(send(&server, &own, &[("List-Unsubscribe", "One-Click")]).await.0, 200);
    let store = server.place().open().await.unwrap();
    let until = async |is_so: fn(&[Subscription]) -> bool| {
        let waiting = async {
            while !is_so(&store.subscriptions.all().await.unwrap()) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("it does not come to that");
    };
    // It may have been a slip of the hand, for a week, in which nobody is told that they are forgotten.
    assert_eq!(look(&server, &other).await.0, 503);
    until(|all| all.len() == 1 && all[0].orphaned_at.is_some()).await;
    let week_later = server.clock.now() + SignedDuration::from_hours(7 * 24);
    server.clock.set(&week_later.to_string());
    until(<[_]>::is_empty).await;
}

/// What stands between these two in the document on mails.
fn documented<'a>(before: &str, behind: char) -> impl Iterator<Item = &'a str> {
    const PAGE: &str = include_str!("../../../docs/integrations/mail.md");
    PAGE.split(before).skip(1).map(move |rest| rest.split(behind).next().unwrap())
}

#[tokio::test]
async fn the_examples_of_the_document_work() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    let action = documented("action=\"https://notices.musterstadt.example", '"').next().unwrap();
    let field = documented("type=\"email\" name=\"", '"').next().unwrap();
    let (status, page) = send(&server, action, &[(field, "erika@beispiel.example")]).await;
    assert_eq!(status, 200, "{page}");
    mailbox.at_least(1).await;
    let mut calls = documented("https://notices.musterstadt.example/api", '\n').map(|call| format!("/api{call}"));
    let find = calls.next().unwrap();
    let asked: serde_json::Value = serde_json::from_str(documented("--json '", '\'').next().unwrap()).unwrap();
    let answer = server.request(Role::Admin, Method::POST, &find).json(&asked).send().await.unwrap();
    let found: serde_json::Value = answer.json().await.unwrap();
    let id = found["found"][0]["id"].as_str().unwrap();
    let end = calls.next().unwrap();
    let named = end.split('/').nth(4).unwrap();
    let answer = server
        .request(Role::Admin, Method::POST, &end.replace(named, id))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(calls.next(), None);
    assert_eq!(known(&server, "erika@beispiel.example").await["found"], json!([]));
    for relay in documented("UMLEITUNG_SMTP='", '\'').chain(documented("| `smtp", '`')) {
        let relay = if relay.starts_with("smtp") {
            relay.to_owned()
        } else {
            format!("smtp{relay}")
        };
        let relay = relay.replace("HOST", "mail.example");
        assert!(
            server::reactors::Relay::at(&relay, "meldungen@musterstadt.example").is_ok(),
            "{relay}"
        );
    }
}
