//! The second factor over HTTP, by a clock of the test's own: a device is added, its codes count once each, recovery codes too, guessing is
//! slow; and a portal may ask it of a role.

mod spoken;

use std::sync::Arc;

use domain::access::Role;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use server::accounts::Accounts;
use totp_rs::{Builder, Secret};

use super::support::{binary, listener::PATIENCE, server::TestServer};

pub(super) const PASSWORD: &str = "Kranich im Nebel, 3 Uhr";

/// What a device shows that knows this secret.
fn shows(secret: &str, instant: &str) -> String {
    let device = Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .build_noncompliant();
    let instant: jiff::Timestamp = instant.parse().unwrap();
    device.generate(instant.as_second().cast_unsigned()).to_string()
}

/// A server, and what is asked of it in browsers.
pub(super) struct Site(pub(super) TestServer);

/// A browser.
pub(super) struct Person<'a> {
    site: &'a Site,
    pub(super) client: Client,
}

impl Site {
    pub(super) async fn start() -> Self {
        let site = Self(TestServer::start("2026-03-03T08:00:05Z").await);
        site.add("ada", Role::Publisher).await;
        site
    }

    pub(super) async fn accounts(&self) -> Accounts {
        let identities = self.0.place().open().await.unwrap().identities;
        Accounts::new(identities, Arc::new(self.0.clock.clone()))
    }

    pub(super) async fn add(&self, name: &str, role: Role) {
        self.accounts().await.add(name, role, PASSWORD.to_owned()).await.unwrap();
    }

    pub(super) fn browser(&self) -> Person<'_> {
        let client = Client::builder().cookie_store(true).build().unwrap();
        Person { site: self, client }
    }

    /// Lets a portal ask it of a role, and waits until the server knows.
    pub(super) async fn ask_of(&self, role: &str) {
        let folder = self.0.folder();
        let exported = binary::succeed(&folder, &["catalogue", "export"]);
        let changed = exported.replacen(
            "linger_minutes = 120",
            &format!("linger_minutes = 120\nsecond_factor = \"{role}\""),
            1,
        );
        assert_ne!(changed, exported, "nothing would change");
        let file = folder.join("catalogue.toml");
        std::fs::write(&file, changed).unwrap();
        binary::succeed(&folder, &["catalogue", "apply", file.to_str().unwrap()]);
        let known = async {
            while !self.catalogue().await.to_string().contains("second_factor") {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, known).await.expect("the catalogue is not known");
    }

    async fn catalogue(&self) -> Value {
        let request = self.0.request(Role::Admin, Method::GET, "/api/v1/catalogue");
        request.send().await.unwrap().json().await.unwrap()
    }
}

impl Person<'_> {
    async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.client.request(method, self.site.0.url(&format!("/api/v1/{path}")));
        let response = request.json(body).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.send(Method::POST, path, &body).await
    }

    pub(super) async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.send(Method::GET, path, &Value::Null).await
    }

    /// Tries to sign in; the kind of the refusal, if it is one.
    pub(super) async fn sign_in(&self, name: &str, code: Option<&str>) -> (StatusCode, Value) {
        let mut body = json!({"name": name, "password": PASSWORD});
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        let (status, told) = self.post("session", body).await;
        (status, told["type"].clone())
    }

    /// Adds a device with the code that it shows at this instant; what it knows, and the codes for when it is lost.
    pub(super) async fn add_device(&self, instant: &str) -> (String, Vec<String>) {
        let (status, device) = self.post("me/second-factor", json!({"current": PASSWORD})).await;
        assert_eq!(status, StatusCode::OK, "{device}");
        let secret = device["secret"].as_str().unwrap().to_owned();
        let (status, told) = self
            .post("me/second-factor/confirm", json!({"code": shows(&secret, instant)}))
            .await;
        assert_eq!(status, StatusCode::OK, "{told}");
        let codes = told["recovery_codes"].as_array().unwrap().iter();
        (secret, codes.map(|code| code.as_str().unwrap().to_owned()).collect())
    }
}

pub(super) fn refused(kind: &str) -> (StatusCode, Value) {
    (StatusCode::FORBIDDEN, json!(format!("urn:umleitung:{kind}")))
}

pub(super) const SIGNED_IN: (StatusCode, Value) = (StatusCode::OK, Value::Null);

#[tokio::test]
async fn a_device_is_added_with_its_first_code_and_asked_for_from_then_on() {
    let site = Site::start().await;
    let (ada, elsewhere) = (site.browser(), site.browser());
    for browser in [&ada, &elsewhere] {
        assert_eq!(browser.sign_in("ada", None).await, SIGNED_IN);
    }
    // It takes the password: a stolen session adds nothing.
    let (status, problem) = ada.post("me/second-factor", json!({"current": "falsch"})).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("/current"))
    );
    let (_, problem) = ada.post("me/second-factor/confirm", json!({"code": "123456"})).await;
    assert_eq!(problem["type"], "urn:umleitung:no_second_factor");
    let (_, first) = ada.post("me/second-factor", json!({"current": PASSWORD})).await;
    let (status, device) = ada.post("me/second-factor", json!({"current": PASSWORD})).await;
    assert_eq!(status, StatusCode::OK, "one that was only begun is replaced");
    let secret = device["secret"].as_str().unwrap();
    let address = device["address"].as_str().unwrap();
    assert!(address.starts_with("otpauth://totp/Umleitung:ada?"), "{address}");
    assert!(
        address.contains(&format!("secret={secret}")) && address.contains("issuer=Umleitung"),
        "{address}"
    );
    // Until a code was given nothing is asked for.
    assert_eq!(elsewhere.sign_in("ada", None).await, SIGNED_IN);
    let now = "2026-03-03T08:00:05Z";
    for wrong in [
        shows(first["secret"].as_str().unwrap(), now),
        shows(secret, "2026-03-03T07:58:05Z"),
        shows(secret, "2026-03-03T08:02:05Z"),
        String::new(),
    ] {
        let (status, problem) = ada.post("me/second-factor/confirm", json!({"code": wrong})).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!("/code"), &json!("wrong_code"))
        );
    }
    let (status, told) = ada.post("me/second-factor/confirm", json!({"code": shows(secret, now)})).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(told["recovery_codes"].as_array().unwrap().len(), 10);
    // Whoever was in by the password alone is out; this browser stays in.
    assert_eq!(elsewhere.get("session").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(ada.get("session").await.1["second_factor"], "on");
    let (_, own) = ada.get("me/second-factor").await;
    assert_eq!(own, json!({"since": now, "recovery_codes": 10}));
    assert_eq!(elsewhere.sign_in("ada", None).await, refused("code_needed"));
    // There is one at a time.
    let (_, problem) = ada.post("me/second-factor", json!({"current": PASSWORD})).await;
    assert_eq!(problem["type"], "urn:umleitung:has_second_factor");
    let (_, problem) = ada.post("me/second-factor/confirm", json!({"code": shows(secret, now)})).await;
    assert_eq!(problem["type"], "urn:umleitung:has_second_factor");
    // Only who knows the password learns that a code is asked for.
    let (status, problem) = elsewhere
        .post("session", json!({"name": "ada", "password": "falsch", "code": "123456"}))
        .await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::UNAUTHORIZED, &json!("urn:umleitung:wrong_credentials"))
    );
}

/// Whoever has only a session does not know the secret of a device that somebody began to add.
#[tokio::test]
async fn what_was_begun_is_guessed_slowly_and_not_for_long() {
    let site = Site::start().await;
    let ada = site.browser();
    ada.sign_in("ada", None).await;
    let begin = async || {
        let (status, device) = ada.post("me/second-factor", json!({"current": PASSWORD})).await;
        assert_eq!(status, StatusCode::OK);
        device["secret"].as_str().unwrap().to_owned()
    };
    let secret = begin().await;
    site.0.clock.set("2026-03-03T08:11:00Z");
    let late = json!({"code": shows(&secret, "2026-03-03T08:11:00Z")});
    let (_, problem) = ada.post("me/second-factor/confirm", late).await;
    assert_eq!(problem["type"], "urn:umleitung:no_second_factor");
    let secret = begin().await;
    let wrong = shows("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "2026-03-03T08:11:00Z");
    for _ in 0..10 {
        let (status, _) = ada.post("me/second-factor/confirm", json!({"code": wrong})).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let right = json!({"code": shows(&secret, "2026-03-03T08:11:00Z")});
    assert_eq!(
        ada.post("me/second-factor/confirm", right.clone()).await.0,
        StatusCode::TOO_MANY_REQUESTS
    );
    site.0.clock.set("2026-03-03T08:16:30Z");
    let right = json!({"code": shows(&secret, "2026-03-03T08:16:30Z")});
    assert_eq!(ada.post("me/second-factor/confirm", right).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_code_counts_once_and_for_a_minute_and_a_half() {
    let site = Site::start().await;
    let ada = site.browser();
    ada.sign_in("ada", None).await;
    let (secret, _) = ada.add_device("2026-03-03T08:00:05Z").await;
    let other = site.browser();
    let sign_in = async |shown: &str| other.sign_in("ada", Some(&shows(&secret, shown))).await;
    // With that code the device was added.
    assert_eq!(sign_in("2026-03-03T08:00:05Z").await, refused("wrong_code"));
    // The next one, of a device that goes fast; and then neither it nor any from before.
    assert_eq!(sign_in("2026-03-03T08:00:35Z").await, SIGNED_IN);
    for used in [
        "2026-03-03T08:00:35Z",
        "2026-03-03T08:00:05Z",
        "2026-03-03T07:59:35Z",
        "2026-03-03T08:01:05Z",
    ] {
        assert_eq!(sign_in(used).await, refused("wrong_code"), "{used}");
    }
    site.0.clock.set("2026-03-03T08:01:29Z");
    // The one before the present one still counts, as somebody types slowly.
    assert_eq!(sign_in("2026-03-03T08:00:40Z").await, refused("wrong_code"), "it was used");
    assert_eq!(sign_in("2026-03-03T08:01:15Z").await, SIGNED_IN);
    site.0.clock.set("2026-03-03T08:03:29Z");
    assert_eq!(sign_in("2026-03-03T08:02:29Z").await, refused("wrong_code"), "two steps ago");
    assert_eq!(sign_in("2026-03-03T08:02:30Z").await, SIGNED_IN);
}

#[tokio::test]
async fn recovery_codes_count_once_each_and_new_ones_end_the_old() {
    let site = Site::start().await;
    let ada = site.browser();
    ada.sign_in("ada", None).await;
    let (_, codes) = ada.add_device("2026-03-03T08:00:05Z").await;
    let other = site.browser();
    // However they are typed.
    assert_eq!(other.sign_in("ada", Some(&codes[0])).await, SIGNED_IN);
    assert_eq!(other.sign_in("ada", Some(&codes[0])).await, refused("wrong_code"));
    assert_eq!(
        other.sign_in("ada", Some(&codes[1].to_uppercase().replace('-', " "))).await,
        SIGNED_IN
    );
    assert_eq!(ada.get("me/second-factor").await.1["recovery_codes"], 8);
    let (status, told) = other.post("me/recovery-codes", json!({"current": PASSWORD})).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(other.sign_in("ada", Some(&codes[2])).await, refused("wrong_code"));
    assert_eq!(other.sign_in("ada", told["recovery_codes"][0].as_str()).await, SIGNED_IN);
    // Another person's are nobody else's.
    site.add("bea", Role::Editor).await;
    let bea = site.browser();
    bea.sign_in("bea", None).await;
    let (_, problem) = bea.post("me/recovery-codes", json!({"current": PASSWORD})).await;
    assert_eq!(problem["type"], "urn:umleitung:no_second_factor");
    bea.add_device("2026-03-03T08:00:05Z").await;
    assert_eq!(
        site.browser().sign_in("bea", told["recovery_codes"][1].as_str()).await,
        refused("wrong_code")
    );
    // Without it the password is enough again.
    let (status, _) = ada.post("me/second-factor/remove", json!({"current": "falsch"})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) = ada.post("me/second-factor/remove", json!({"current": PASSWORD})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(site.browser().sign_in("ada", None).await, SIGNED_IN);
}

#[tokio::test]
async fn guessing_codes_is_slow_and_keeps_out_neither_a_known_browser_nor_a_recovery_code() {
    let site = Site::start().await;
    let ada = site.browser();
    ada.sign_in("ada", None).await;
    let (secret, codes) = ada.add_device("2026-03-03T08:00:05Z").await;
    site.0.clock.set("2026-03-03T08:10:05Z");
    let right = shows(&secret, "2026-03-03T08:10:05Z");
    let thief = site.browser();
    let guess = |number: u32| format!("{:06}", (right.parse::<u32>().unwrap() + 100_000 + number) % 1_000_000);
    for number in 0..10 {
        assert_eq!(thief.sign_in("ada", Some(&guess(number))).await, refused("wrong_code"), "{number}");
    }
    // Not even the right one is looked at any more.
    let (status, kind) = thief.sign_in("ada", Some(&right)).await;
    assert_eq!(
        (status, kind),
        (StatusCode::TOO_MANY_REQUESTS, json!("urn:umleitung:too_many_attempts"))
    );
    assert_eq!(ada.sign_in("ada", Some(&right)).await, SIGNED_IN);
    assert_eq!(site.browser().sign_in("ada", Some(&codes[3])).await, SIGNED_IN);
}

#[tokio::test]
async fn an_administrator_and_the_command_line_help_whoever_has_lost_the_device() {
    let site = Site::start().await;
    let ada = site.browser();
    ada.sign_in("ada", None).await;
    ada.add_device("2026-03-03T08:00:05Z").await;
    let admin = |method, path: &str| site.0.request(Role::Admin, method, path);
    let people = async || {
        admin(Method::GET, "/api/v1/people")
            .send()
            .await
            .unwrap()
            .json::<Value>()
            .await
            .unwrap()
    };
    let all = people().await;
    let person = &all["people"][0];
    assert_eq!((&person["name"], &person["second_factor"]), (&json!("ada"), &json!(true)));
    let path = format!("/api/v1/people/{}/second-factor/reset", person["id"].as_str().unwrap());
    let by_publisher = site.0.request(Role::Publisher, Method::POST, &path).send().await.unwrap();
    assert_eq!(by_publisher.status(), StatusCode::FORBIDDEN);
    let done = admin(Method::POST, &path).send().await.unwrap();
    assert_eq!(done.status(), StatusCode::OK);
    assert_eq!(done.json::<Value>().await.unwrap()["second_factor"], false);
    assert_eq!(ada.get("session").await.0, StatusCode::UNAUTHORIZED, "their sessions have ended");
    assert_eq!(site.browser().sign_in("ada", None).await, SIGNED_IN);
    // Nobody does it to themselves by a session alone.
    site.add("zoe", Role::Admin).await;
    let zoe = site.browser();
    zoe.sign_in("zoe", None).await;
    let id = zoe.get("session").await.1["id"].as_str().unwrap().to_owned();
    let (status, problem) = zoe.post(&format!("people/{id}/second-factor/reset"), Value::Null).await;
    assert_eq!((status, problem["type"].clone()), refused("people_only"));
    ada.sign_in("ada", None).await;
    ada.add_device("2026-03-03T08:00:05Z").await;
    let said = binary::succeed(&site.0.folder(), &["user", "reset-second-factor", "ada"]);
    assert_eq!(said, "ada signs in with the password alone.\n");
    assert_eq!(site.browser().sign_in("ada", None).await, SIGNED_IN);
}

#[tokio::test]
async fn a_portal_may_ask_it_of_a_role() {
    let site = Site::start().await;
    site.add("eva", Role::Editor).await;
    let (ada, eva) = (site.browser(), site.browser());
    for (browser, name) in [(&ada, "ada"), (&eva, "eva")] {
        assert_eq!(browser.sign_in(name, None).await, SIGNED_IN);
        assert_eq!(browser.get("session").await.1["second_factor"], "off");
    }
    site.ask_of("publisher").await;
    // Also of those who are signed in; not of those who may less, nor of programs.
    assert_eq!(ada.get("session").await.1["second_factor"], "needed");
    for path in ["notices", "catalogue", "health"] {
        let (status, problem) = ada.get(path).await;
        assert_eq!((status, problem["type"].clone()), refused("second_factor_needed"), "{path}");
    }
    let (status, problem) = ada.post("notices", json!({})).await;
    assert_eq!((status, problem["type"].clone()), refused("second_factor_needed"));
    assert_eq!(eva.get("notices").await.0, StatusCode::OK);
    assert_eq!(eva.get("session").await.1["second_factor"], "off");
    let by_token = site
        .0
        .request(Role::Publisher, Method::GET, "/api/v1/notices")
        .send()
        .await
        .unwrap();
    assert_eq!(by_token.status(), StatusCode::OK);
    // They can add one, and leave.
    ada.add_device("2026-03-03T08:00:05Z").await;
    assert_eq!(ada.get("notices").await.0, StatusCode::OK);
    let (status, _) = ada.send(Method::DELETE, "session", &Value::Null).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
}
