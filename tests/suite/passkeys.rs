//! Passkeys over HTTP, by a clock and a device of the test's own: one is added by the password, and signs in with nothing typed; whatever is not
//! quite right is refused.

use domain::access::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    second_factor::{PASSWORD, Person, SIGNED_IN, Site, refused},
    support::{
        authenticator::{PRESENT, Passkey, Said},
        binary,
    },
};

/// The page on which a true browser shows what the server is known as.
const PAGE: &str = "http://notices.example";

impl Person<'_> {
    /// What a device is to sign to add a key.
    async fn asked_for_key(&self) -> Value {
        let (status, options) = self.post("me/passkeys/challenge", json!({"current": PASSWORD})).await;
        assert_eq!(status, StatusCode::OK, "{options}");
        options
    }

    /// Adds a key; it, and what was told.
    async fn add_passkey(&self, name: &str) -> (Passkey, Value) {
        let (key, credential) = Passkey::make(&self.asked_for_key().await, &Said::on(PAGE));
        let (status, told) = self.post("me/passkeys", json!({"name": name, "credential": credential})).await;
        assert_eq!(status, StatusCode::CREATED, "{told}");
        (key, told)
    }

    /// What a device is to sign to sign in.
    async fn asked(&self) -> Value {
        let (status, options) = self.post("session/passkey/challenge", Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{options}");
        options
    }

    async fn answer(&self, answer: Value) -> (StatusCode, Value) {
        let (status, told) = self.post("session/passkey", answer).await;
        (status, told["type"].clone())
    }

    /// Tries to sign in.
    async fn sign_in_by(&self, key: &Passkey, said: &Said) -> (StatusCode, Value) {
        let options = self.asked().await;
        self.answer(key.sign(&options, said)).await
    }
}

fn wrong() -> (StatusCode, Value) {
    refused("wrong_passkey")
}

#[tokio::test]
async fn a_passkey_is_added_by_the_password_and_signs_in_alone() {
    let site = Site::start().await;
    let (ada, elsewhere) = (site.browser(), site.browser());
    for browser in [&ada, &elsewhere] {
        assert_eq!(browser.sign_in("ada", None).await, SIGNED_IN);
    }
    // A stolen session adds nothing.
    let (status, problem) = ada.post("me/passkeys/challenge", json!({"current": "falsch"})).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("/current"))
    );
    let options = ada.asked_for_key().await;
    assert_eq!(options["rp"]["id"], "notices.example");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["user"]["name"], "ada");
    let (key, told) = ada.add_passkey("  Telefon ").await;
    assert_eq!(told["passkey"]["name"], "Telefon");
    assert_eq!(told["recovery_codes"].as_array().unwrap().len(), 10);
    // Whoever was in by the password alone is out; this browser stays in.
    assert_eq!(elsewhere.get("session").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(ada.get("session").await.1["second_factor"], "on");

    let options = elsewhere.asked().await;
    assert_eq!(
        (&options["allowCredentials"], &options["userVerification"]),
        (&json!([]), &json!("required"))
    );
    site.0.clock.set("2026-03-03T09:30:00Z");
    assert_eq!(elsewhere.sign_in_by(&key, &Said::on(PAGE)).await, SIGNED_IN);
    let (_, session) = elsewhere.get("session").await;
    assert_eq!((&session["name"], &session["second_factor"]), (&json!("ada"), &json!("on")));
    let (_, own) = elsewhere.get("me/passkeys").await;
    assert_eq!(own["host"], "notices.example");
    let kept = &own["passkeys"][0];
    assert_eq!(
        (&kept["name"], &kept["created_at"], &kept["used_at"]),
        (&json!("Telefon"), &json!("2026-03-03T08:00:05Z"), &json!("2026-03-03T09:30:00Z"))
    );

    // The password alone is none of the ways any more; a recovery code beside it is.
    assert_eq!(site.browser().sign_in("ada", None).await, refused("passkey_needed"));
    assert_eq!(site.browser().sign_in("ada", Some("123456")).await, refused("wrong_code"));
    let code = told["recovery_codes"][0].as_str().unwrap();
    assert_eq!(site.browser().sign_in("ada", Some(code)).await, SIGNED_IN);
    assert_eq!(site.browser().sign_in("ada", Some(code)).await, refused("wrong_code"));
    assert_eq!(ada.get("me/second-factor").await.1["recovery_codes"], 9);
}

#[tokio::test]
async fn there_may_be_several_each_with_a_name_and_each_is_removed_by_the_password() {
    let site = Site::start().await;
    let ada = site.browser();
    ada.sign_in("ada", None).await;
    let (first, told) = ada.add_passkey("Telefon").await;
    // A device that has one of them is told so.
    let options = ada.asked_for_key().await;
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
    let (_, credential) = Passkey::make(&options, &Said::on(PAGE));
    for (name, code) in [("", "empty"), (&*"n".repeat(61), "too_long"), ("telefon", "taken")] {
        let (status, problem) = ada.post("me/passkeys", json!({"name": name, "credential": credential})).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {problem}");
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!("/name"), &json!(code))
        );
    }
    // A bad name uses nothing up.
    let (status, second) = ada
        .post("me/passkeys", json!({"name": "n".repeat(60), "credential": credential}))
        .await;
    assert_eq!((status, &second["recovery_codes"]), (StatusCode::CREATED, &json!([])));
    assert_eq!(
        ada.post("me/passkeys", json!({"name": "zwei", "credential": credential})).await.1["type"],
        "urn:umleitung:wrong_passkey",
        "a challenge is answered once"
    );

    let path = format!("me/passkeys/{}/remove", told["passkey"]["id"].as_str().unwrap());
    let (status, _) = ada.post(&path, json!({"current": "falsch"})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) = ada.post(&path, json!({"current": PASSWORD})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (_, problem) = ada.post(&path, json!({"current": PASSWORD})).await;
    assert_eq!(problem["type"], "urn:umleitung:no_passkey");
    assert_eq!(site.browser().sign_in_by(&first, &Said::on(PAGE)).await, wrong(), "it is removed");
    // Another person's is nobody else's.
    let path = format!("me/passkeys/{}/remove", second["passkey"]["id"].as_str().unwrap());
    site.add("bea", Role::Editor).await;
    let bea = site.browser();
    bea.sign_in("bea", None).await;
    assert_eq!(bea.post(&path, json!({"current": PASSWORD})).await.0, StatusCode::NOT_FOUND);
    // With the last one go the recovery codes, and the password is enough again.
    let (status, _) = ada.post(&path, json!({"current": PASSWORD})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(ada.get("me/second-factor").await.1["recovery_codes"], 0);
    assert_eq!(site.browser().sign_in("ada", None).await, SIGNED_IN);
}

/// What is said on pages of others, for other hosts, and by a device to which nobody has shown that it is they.
fn wrongly(counter: u32) -> [Said; 6] {
    let right = Said { counter, ..Said::on(PAGE) };
    let elsewhere = |origin: &str| Said {
        origin: origin.to_owned(),
        ..right.clone()
    };
    [
        elsewhere("http://notices.example.evil.example"),
        elsewhere("http://www.notices.example"),
        elsewhere("http://notices.example:8080"),
        elsewhere("https://notices.example"),
        Said {
            host: Some("evil.example".to_owned()),
            ..right.clone()
        },
        Said { flags: PRESENT, ..right },
    ]
}

#[tokio::test]
async fn what_is_not_quite_right_adds_nothing() {
    let site = Site::start().await;
    let ada = site.browser();
    ada.sign_in("ada", None).await;
    for said in wrongly(0) {
        let options = ada.asked_for_key().await;
        let (_, credential) = Passkey::make(&options, &said);
        let (status, problem) = ada.post("me/passkeys", json!({"name": "Telefon", "credential": credential})).await;
        assert_eq!((status, problem["type"].clone()), wrong());
        // It was answered, if wrongly.
        let (_, credential) = Passkey::make(&options, &Said::on(PAGE));
        let (status, problem) = ada.post("me/passkeys", json!({"name": "Telefon", "credential": credential})).await;
        assert_eq!((status, problem["type"].clone()), wrong());
    }
    assert_eq!(ada.get("me/passkeys").await.1["passkeys"], json!([]));
    assert_eq!(site.browser().sign_in("ada", None).await, SIGNED_IN);
}

#[tokio::test]
async fn what_is_not_quite_right_signs_nobody_in() {
    let site = Site::start().await;
    let ada = site.browser();
    ada.sign_in("ada", None).await;
    let later = |counter| Said { counter, ..Said::on(PAGE) };
    let (key, credential) = Passkey::make(&ada.asked_for_key().await, &later(7));
    let (status, _) = ada.post("me/passkeys", json!({"name": "Telefon", "credential": credential})).await;
    assert_eq!(status, StatusCode::CREATED);

    let thief = site.browser();
    // And a copy of the device is behind.
    for said in wrongly(8).into_iter().chain([7, 6, 0].map(later)) {
        assert_eq!(thief.sign_in_by(&key, &said).await, wrong());
    }
    assert_eq!(thief.sign_in_by(&key, &later(8)).await, SIGNED_IN);
    assert_eq!(thief.sign_in_by(&key, &later(8)).await, wrong(), "the counter is kept");

    // Another's signature, and one of somebody who is not known.
    let options = thief.asked().await;
    let (stranger, _) = Passkey::make(&json!({"rp": {"id": "notices.example"}, "user": {"id": "YWRh"}}), &later(0));
    assert_eq!(thief.sign_in_by(&stranger, &later(9)).await, wrong());
    let mut mixed = key.sign(&options, &later(9));
    mixed["response"]["signature"] = stranger.sign(&options, &later(9))["response"]["signature"].clone();
    assert_eq!(thief.answer(mixed).await, wrong());
    // It was answered, if wrongly.
    assert_eq!(thief.answer(key.sign(&options, &later(9))).await, wrong());
    // The device names another account, or none.
    for user in [json!("YWRh"), Value::Null] {
        let mut other = key.sign(&thief.asked().await, &later(9));
        other["response"]["userHandle"] = user;
        assert_eq!(thief.answer(other).await, wrong());
    }
    for nonsense in [json!({}), json!({"id": "a", "rawId": "?", "type": "public-key"})] {
        assert_eq!(thief.answer(nonsense).await, wrong());
    }
    assert_eq!(thief.sign_in_by(&key, &later(9)).await, SIGNED_IN);
}

#[tokio::test]
async fn a_challenge_is_answered_once_in_time_and_for_what_it_was_asked() {
    let site = Site::start().await;
    let ada = site.browser();
    ada.sign_in("ada", None).await;
    let (key, _) = ada.add_passkey("Telefon").await;
    let (other, said) = (site.browser(), Said::on(PAGE));
    let answer = key.sign(&other.asked().await, &said);
    assert_eq!(other.answer(answer.clone()).await, SIGNED_IN);
    assert_eq!(other.answer(answer).await, wrong(), "it was used");
    // To add a key is not to sign in, and the other way round.
    let options = ada.asked_for_key().await;
    let answer = key.sign(&json!({"rpId": "notices.example", "challenge": options["challenge"]}), &said);
    assert_eq!(other.answer(answer).await, wrong());
    let challenge = other.asked().await["challenge"].clone();
    let (_, credential) = Passkey::make(
        &json!({"challenge": challenge, "rp": options["rp"], "user": options["user"]}),
        &said,
    );
    let (status, problem) = ada.post("me/passkeys", json!({"name": "zwei", "credential": credential})).await;
    assert_eq!((status, problem["type"].clone()), wrong());
    // What one person was asked no other answers.
    site.add("bea", Role::Editor).await;
    let bea = site.browser();
    bea.sign_in("bea", None).await;
    let (_, credential) = Passkey::make(&ada.asked_for_key().await, &said);
    let (status, problem) = bea.post("me/passkeys", json!({"name": "eins", "credential": credential})).await;
    assert_eq!((status, problem["type"].clone()), wrong());
    // One that was never asked.
    let made_up = json!({"rpId": "notices.example", "challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"});
    assert_eq!(other.answer(key.sign(&made_up, &said)).await, wrong());

    let (early, late) = (other.asked().await, other.asked().await);
    let adding = ada.asked_for_key().await;
    site.0.clock.set("2026-03-03T08:05:04Z");
    assert_eq!(other.answer(key.sign(&early, &said)).await, SIGNED_IN);
    site.0.clock.set("2026-03-03T08:05:05Z");
    assert_eq!(other.answer(key.sign(&late, &said)).await, wrong(), "five minutes have passed");
    let (_, credential) = Passkey::make(&adding, &said);
    let (status, problem) = ada.post("me/passkeys", json!({"name": "zwei", "credential": credential})).await;
    assert_eq!((status, problem["type"].clone()), wrong());
}

#[tokio::test]
async fn strangers_fill_nothing() {
    let site = Site::start().await;
    let (ada, thief) = (site.browser(), site.browser());
    ada.sign_in("ada", None).await;
    let begin = async || thief.post("session/passkey/challenge", Value::Null).await.0;
    for _ in 0..20 {
        assert_eq!(begin().await, StatusCode::OK);
    }
    assert_eq!(begin().await, StatusCode::TOO_MANY_REQUESTS);
    site.0.clock.set("2026-03-03T08:00:08Z");
    assert_eq!(begin().await, StatusCode::OK);
    // The password holds meanwhile.
    assert_eq!(site.browser().sign_in("ada", None).await, SIGNED_IN);
    // Another site's page begins nothing in somebody's browser.
    let request = thief.client.post(site.0.url("/api/v1/session/passkey/challenge"));
    let response = request.header("Origin", "http://evil.example").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_is_kept_out_or_helped_has_none() {
    let site = Site::start().await;
    let ada = site.browser();
    ada.sign_in("ada", None).await;
    let (key, _) = ada.add_passkey("Telefon").await;
    let (other, said) = (site.browser(), Said::on(PAGE));
    let accounts = site.accounts().await;
    accounts.disable("ada").await.unwrap();
    assert_eq!(other.sign_in_by(&key, &said).await, wrong(), "the same as to a stranger");
    accounts.enable("ada").await.unwrap();
    assert_eq!(other.sign_in_by(&key, &said).await, SIGNED_IN);
    assert_eq!(other.post("me/sign-out", Value::Null).await.0, StatusCode::NO_CONTENT);
    assert_eq!(ada.get("session").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        other.sign_in_by(&key, &said).await,
        SIGNED_IN,
        "a new password or signing out is about sessions"
    );

    let all: Value = site
        .0
        .request(Role::Admin, Method::GET, "/api/v1/people")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(all["people"][0]["second_factor"], true);
    binary::succeed(&site.0.folder(), &["user", "reset-second-factor", "ada"]);
    assert_eq!(other.get("session").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(other.sign_in_by(&key, &said).await, wrong());
    assert_eq!(site.browser().sign_in("ada", None).await, SIGNED_IN);
}

/// A passkey is what a portal asks of a role; and beside a device each of both is.
#[tokio::test]
async fn a_passkey_is_a_second_factor_beside_others() {
    let site = Site::start().await;
    site.ask_of("publisher").await;
    let ada = site.browser();
    ada.sign_in("ada", None).await;
    assert_eq!(ada.get("session").await.1["second_factor"], "needed");
    assert_eq!(ada.get("notices").await.1["type"], "urn:umleitung:second_factor_needed");
    let (key, told) = ada.add_passkey("Telefon").await;
    assert_eq!(ada.get("notices").await.0, StatusCode::OK);
    // The password alone does not do, because there is a passkey: it has to be shown.
    assert_eq!(site.browser().sign_in("ada", None).await, refused("passkey_needed"));
    let other = site.browser();
    assert_eq!(other.sign_in_by(&key, &Said::on(PAGE)).await, SIGNED_IN);
    assert_eq!(other.get("notices").await.0, StatusCode::OK);

    let (_, codes) = other.add_device("2026-03-03T08:00:05Z").await;
    assert_eq!(site.browser().sign_in("ada", None).await, refused("code_needed"));
    assert_eq!(site.browser().sign_in("ada", Some(&codes[0])).await, SIGNED_IN);
    assert_eq!(
        site.browser().sign_in("ada", told["recovery_codes"][0].as_str()).await,
        refused("wrong_code"),
        "those of the device have come in their place"
    );
    assert_eq!(other.sign_in_by(&key, &Said::on(PAGE)).await, SIGNED_IN);
    // Each goes without the other, and the codes with the last.
    let (status, _) = other.post("me/second-factor/remove", json!({"current": PASSWORD})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(other.get("notices").await.0, StatusCode::OK);
    assert_eq!(other.get("me/second-factor").await.1, json!({"since": null, "recovery_codes": 9}));
    let path = format!("me/passkeys/{}/remove", told["passkey"]["id"].as_str().unwrap());
    assert_eq!(other.post(&path, json!({"current": PASSWORD})).await.0, StatusCode::NO_CONTENT);
    assert_eq!(other.get("notices").await.1["type"], "urn:umleitung:second_factor_needed");
}

#[tokio::test]
async fn a_server_without_a_name_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let added = binary::run(
        folder.path(),
        &["user", "add", "ada", "--role", "publisher", "--password-stdin"],
        &format!("{PASSWORD}\n"),
    );
    assert!(added.status.success());
    let process = binary::Process::serve(folder.path(), &[]);
    let client = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let url = |path: &str| format!("{}/api/v1/{path}", process.base);
    let answer = client.post(url("session/passkey/challenge")).send().await.unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap()["type"], "urn:umleitung:no_passkeys_here");
    let signed_in = client.post(url("session")).json(&json!({"name": "ada", "password": PASSWORD}));
    assert_eq!(signed_in.send().await.unwrap().status(), StatusCode::OK);
    let own: Value = client.get(url("me/passkeys")).send().await.unwrap().json().await.unwrap();
    assert_eq!(own, json!({"host": null, "passkeys": []}));
}
