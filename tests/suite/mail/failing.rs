//! Mail servers that fail, hang and come back.

use std::process::Command;

use jiff::SignedDuration;
use serde_json::{Value, json};
use store::clock::{Clock, SystemClock};
use tokio::time::timeout;

use super::{ADDRESS, about_notices, house, known, publish, resolve, somebody, until_done, until_waited_for};
use crate::support::{
    binary::{self, Process},
    listener::PATIENCE,
    mailbox::{Mail, Mailbox, SENDER},
    server::TestServer,
    shell,
    target::Authority,
};

/// How the end of one is told.
const OVER: &str = "Behoben: Kfz-Zulassung: Geht wieder seit Montag, 4. Mai, 10:00 Uhr";

const OTHER: &str = "otto@beispiel.example";

/// Waits until what is known of somebody is so.
async fn until_known(server: &TestServer, address: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let waiting = async {
        loop {
            let known = known(server, address).await["found"][0].clone();
            if is_so(&known) {
                return known;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_| panic!("waited in vain for {address}"))
}

#[tokio::test]
async fn what_is_not_taken_is_sent_again_and_says_what_is_so_by_then() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    for address in [ADDRESS, OTHER] {
        somebody(&server, &mailbox, address).await;
    }
    mailbox.plan(&json!({ADDRESS: {"data": "451 4.3.0 Später"}})).await;
    let id = publish(&server, "kfz-zulassung", "Eins").await;
    mailbox.until_refused(1).await;
    // Others do not wait.
    let mails = mailbox.at_least(3).await;
    assert_eq!(mails[2].0["to"], json!([OTHER]));
    let seen = until_known(&server, ADDRESS, |known| known["failing_since"].is_string()).await;
    assert_eq!(seen["failing_since"], "2026-05-04T08:00:00Z");
    let failure = seen["failure"].as_str().unwrap();
    assert_eq!(failure, "the relay answered 451 4.3.0");
    resolve(&server, &id).await;
    mailbox.at_least(4).await;
    mailbox.until_refused(2).await;
    until_waited_for(&server, 1).await;
    mailbox.as_usual().await;
    server.clock.set("2026-05-04T08:10:00Z");
    let mails = mailbox.at_least(5).await;
    let told: Vec<&str> = about_notices(&mails)
        .into_iter()
        .filter(|mail| mail.0["to"] == json!([ADDRESS]))
        .map(|mail| mail.subject())
        .collect();
    assert_eq!(told, [OVER], "what it was told late is what is so");
    until_known(&server, ADDRESS, |known| known["failing_since"].is_null()).await;
}

#[tokio::test]
async fn a_relay_that_hangs_for_one_keeps_nobody_else_waiting() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    for address in [ADDRESS, OTHER] {
        somebody(&server, &mailbox, address).await;
    }
    mailbox.plan(&json!({ADDRESS: {"hang": true}})).await;
    let id = publish(&server, "kfz-zulassung", "Eins").await;
    mailbox.until_refused(1).await;
    resolve(&server, &id).await;
    let mails = mailbox.at_least(4).await;
    let others = mails[2..].iter().map(|mail| (mail.0["to"].clone(), mail.subject()));
    let expected = [(json!([OTHER]), "Störung: Eins"), (json!([OTHER]), OVER)];
    assert_eq!(others.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_mailbox_that_there_is_not_is_forgotten_and_a_relay_that_lets_nobody_in_forgets_nobody() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    for address in [ADDRESS, OTHER] {
        somebody(&server, &mailbox, address).await;
    }
    mailbox
        .plan(&json!({
            ADDRESS: {"rcpt": format!("550 5.1.1 <{ADDRESS}>: no such mailbox")},
            OTHER: {"rcpt": "550 5.7.1 relaying denied"},
        }))
        .await;
    // However many there are on one day: that may be the relay's own trouble.
    let mut refusals = 0;
    for (instant, titles) in [
        ("2026-05-04T08:00:00Z", &["Eins", "Zwei", "Drei", "Vier"][..]),
        ("2026-05-05T09:00:00Z", &["Fünf"]),
    ] {
        server.clock.set(instant);
        for title in titles {
            publish(&server, "kfz-zulassung", title).await;
            refusals += 1;
            until_refused_to(&mailbox, ADDRESS, refusals).await;
        }
        until_waited_for(&server, 1).await;
    }
    let seen = known(&server, ADDRESS).await["found"][0].clone();
    assert_eq!(
        seen["failure"], "the relay answered 550 5.1.1",
        "its failure does not repeat the address"
    );
    assert_eq!(seen["failing_since"], "2026-05-04T08:00:00Z");
    server.clock.set("2026-05-06T10:00:00Z");
    publish(&server, "kfz-zulassung", "Sechs").await;
    until_known(&server, ADDRESS, Value::is_null).await;
    let seen = until_known(&server, OTHER, |known| known["failing_since"].is_string()).await;
    assert_eq!(seen["failure"], "the relay answered 550 5.7.1");
    mailbox.as_usual().await;
    until_waited_for(&server, 1).await;
    server.clock.set("2026-05-06T11:00:00Z");
    // To whoever the relay only did not let in it is said later, in its order.
    let mails = mailbox.at_least(8).await;
    assert!(mails[2..].iter().all(|mail| mail.0["to"] == json!([OTHER])));
    let told: Vec<&str> = mails[2..]
        .iter()
        .map(|mail| mail.subject().trim_start_matches("Störung: "))
        .collect();
    assert_eq!(told, ["Eins", "Zwei", "Drei", "Vier", "Fünf", "Sechs"]);
}

async fn until_refused_to(mailbox: &Mailbox, address: &str, count: usize) {
    let is_one = |line: &&Value| line["refused"] == address;
    mailbox
        .until(|said| (said.iter().filter(is_one).count() >= count).then_some(()))
        .await;
}

/// What a mail server writes to whoever sent this.
fn report(mail: &Mail, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mail.example\r\nMessage-ID: <1@mail.example>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\nFinal-Recipient: rfc822; {ADDRESS}\r\nAction: failed\r\n\
         Status: {status}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID: {}\r\n\r\n--b--\r\n",
        mail.header("message-id")
    )
}

#[tokio::test]
async fn mails_that_come_back_end_it_where_there_is_no_mailbox() {
    let (mut server, mailbox) = house("2026-05-04T08:00:00Z").await;
    somebody(&server, &mailbox, ADDRESS).await;
    publish(&server, "kfz-zulassung", "Eins").await;
    let mail = mailbox.at_least(2).await[1].clone();
    let id = known(&server, ADDRESS).await["found"][0]["id"].as_str().unwrap().to_owned();
    server.stop().await;
    let folder = server.folder();
    let bounce = |report: &str| {
        let output = binary::run(&folder, &["bounce"], report);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(
        bounce("Subject: Im Urlaub\r\n\r\nBis bald"),
        "That is no report that a mail could not be delivered.\n"
    );
    assert_eq!(bounce(&report(&mail, "5.2.2")), format!("{id}: noted.\n"));
    let missing = format!("{id}: there is no such mailbox; noted.\n");
    assert_eq!(bounce(&report(&mail, "5.1.1")), missing);
    assert_eq!(bounce(&report(&mail, "5.1.1")), missing, "once a day");
    // Two days like this one, of which one is the day before yesterday.
    let database = shell(&server.file()).await;
    let before = (SystemClock.now() - SignedDuration::from_hours(25)).as_millisecond();
    let set = "UPDATE subscription SET refusals = 2, refused_at = ?";
    sqlx::query(set).bind(format!("{before:020}")).execute(&database).await.unwrap();
    database.close().await;
    let over = format!("{id}: there is no such mailbox, for the third day; it is written to no more.\n");
    assert_eq!(bounce(&report(&mail, "5.1.1")), over);
    assert_eq!(bounce(&report(&mail, "5.1.1")), "Whoever it was for is written to no more.\n");
}

#[tokio::test]
async fn what_nobody_takes_for_a_day_is_given_up() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    somebody(&server, &mailbox, ADDRESS).await;
    mailbox.plan(&json!({"*": {"data": "452 4.2.2 voll"}})).await;
    publish(&server, "kfz-zulassung", "Alt").await;
    mailbox.until_refused(1).await;
    until_waited_for(&server, 1).await;
    // However late it is, it is tried a few times.
    for (instant, refusals) in [("2026-05-05T08:00:00Z", 2), ("2026-05-05T08:05:00Z", 3)] {
        server.clock.set(instant);
        mailbox.until_refused(refusals).await;
        until_waited_for(&server, 1).await;
    }
    server.clock.set("2026-05-05T08:10:00Z");
    mailbox.until_refused(4).await;
    until_done(&server).await;
    mailbox.as_usual().await;
    server.clock.set("2026-05-05T09:00:00Z");
    publish(&server, "kfz-zulassung", "Neu").await;
    let mails = mailbox.at_least(2).await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].subject(), "Störung: Neu");
}

#[tokio::test]
async fn a_mail_that_was_taken_and_nobody_learns_it_comes_again_as_the_same() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    somebody(&server, &mailbox, ADDRESS).await;
    mailbox.plan(&json!({"*": {"lose": true}})).await;
    publish(&server, "kfz-zulassung", "Eins").await;
    mailbox.at_least(2).await;
    until_waited_for(&server, 1).await;
    mailbox.as_usual().await;
    server.clock.set("2026-05-04T08:01:00Z");
    let mails = mailbox.at_least(3).await;
    let ids: Vec<&str> = mails[1..].iter().map(|mail| mail.header("message-id")).collect();
    assert_eq!(ids, [ids[0]; 2], "mail programs show it once");
}

#[tokio::test]
async fn the_relay_is_reached_over_tls_with_a_password() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, data) = (Authority::new(), folder.path().join("data"));
    let (certificate, key) = authority.files(folder.path(), "localhost");
    let mailbox = Mailbox::with_tls(&certificate, &key).await;
    let relay = |password: &str| format!("smtp://umleitung:{password}@localhost:{}?tls=required", mailbox.port());
    let right = relay("Kranich%20%26%20Nebel");
    let trusting = format!("SSL_CERT_FILE={}", authority.file.path().display());
    let server = Process::serve_under(
        &["env", &trusting],
        data.as_path(),
        &["--demo", "--smtp", &right, "--mail-from", SENDER],
    );
    let client = reqwest::Client::new();
    let request = client.post(format!("{}/p/musterstadt/subscribe", server.base));
    assert_eq!(request.form(&[("address", ADDRESS)]).send().await.unwrap().status(), 200);
    let mails = mailbox.at_least(1).await;
    assert_eq!((&mails[0].0["secure"], &mails[0].0["user"]), (&json!(true), &json!("umleitung")));
    // Whoever does not trust its certificate, or has another password, is told so, without the password.
    let told = |starter: &[&str], relay: &str| {
        let output = Command::new(starter[0])
            .args(&starter[1..])
            .arg(binary::path())
            .args(["doctor", "--smtp", relay, "--mail-from", SENDER])
            .args(binary::At::option(data.as_path()))
            .output()
            .unwrap();
        format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    };
    let trusting = ["env", trusting.as_str()];
    assert!(
        told(&trusting, &right).contains("The relay takes mails."),
        "{}",
        told(&trusting, &right)
    );
    for (starter, relay, reason) in [(&["env"][..], &right, "certificate"), (&trusting, &relay("falsch"), "535")] {
        let told = told(starter, relay);
        assert!(told.contains("Mails cannot be handed over") && told.contains(reason), "{told}");
        assert!(!told.contains("Kranich") && !told.contains("falsch"), "{told}");
    }
}

#[tokio::test]
async fn a_letter_that_is_refused_for_good_keeps_the_next_one_waiting_for_an_hour() {
    let (server, mailbox) = house("2026-05-04T08:00:00Z").await;
    somebody(&server, &mailbox, ADDRESS).await;
    mailbox.plan(&json!({"*": {"data": "554 5.7.1 not wanted"}})).await;
    publish(&server, "kfz-zulassung", "Alt").await;
    mailbox.until_refused(1).await;
    for (instant, refusals) in [("2026-05-04T08:05:00Z", 2), ("2026-05-04T08:10:00Z", 3)] {
        until_waited_for(&server, 1).await;
        server.clock.set(instant);
        mailbox.until_refused(refusals).await;
    }
    until_waited_for(&server, 1).await;
    server.clock.set("2026-05-04T09:00:00Z");
    mailbox.until_refused(4).await;
    until_done(&server).await;
    mailbox.as_usual().await;
    publish(&server, "kfz-zulassung", "Neu").await;
    let mails = mailbox.at_least(2).await;
    assert_eq!(mails[1].subject(), "Störung: Neu");
}
