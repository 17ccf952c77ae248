//! A yes over the phone: the first four digits of the second person's device, heard and passed on by somebody who is signed in.

use super::*;

/// Ada publishes and is signed in; Bob, who is at home, publishes and has a device, as Eva has who may only write. Planned work takes two.
struct Night {
    site: Site,
    bob: String,
    eva: String,
    now: jiff::Timestamp,
}

impl Night {
    async fn start() -> Self {
        let site = Site::start().await;
        site.add("bob", Role::Publisher).await;
        site.add("eva", Role::Editor).await;
        site.add("zoe", Role::Publisher).await;
        let town = "/api/v1/catalogue/portal/musterstadt";
        let found = site.0.request(Role::Admin, Method::GET, town).send().await.unwrap();
        let revision = found.headers()["etag"].clone();
        let mut portal: Value = found.json().await.unwrap();
        portal["four_eyes"] = json!(["maintenance"]);
        let put = site.0.request(Role::Admin, Method::PUT, town).header("if-match", revision);
        assert_eq!(put.json(&portal).send().await.unwrap().status(), StatusCode::OK);
        let mut secrets = Vec::new();
        for name in ["bob", "eva"] {
            let person = site.browser();
            person.sign_in(name, None).await;
            secrets.push(person.add_device("2026-03-03T08:00:05Z").await.0);
        }
        let [bob, eva] = secrets.try_into().unwrap();
        // What is read out is short: at some other time two codes in a row begin alike.
        let begins = |now: jiff::Timestamp| {
            let steps = (-4..=4).map(|step| said(&bob, now, step));
            steps.collect::<std::collections::BTreeSet<_>>().len() == 9
        };
        let mut now: jiff::Timestamp = "2026-03-03T09:00:05Z".parse().unwrap();
        while !begins(now) {
            now += jiff::SignedDuration::from_secs(30);
        }
        site.0.clock.set(&now.to_string());
        Self { site, bob, eva, now }
    }

    /// What Bob's device shows so many steps of 30 seconds from now.
    fn bob_says(&self, step: i64) -> String {
        said(&self.bob, self.now, step)
    }

    /// Four digits that are none of Bob's.
    fn wrong(&self) -> String {
        let near: Vec<String> = (-1..=1).map(|step| self.bob_says(step)).collect();
        let mut digits = (0..10_000).map(|number| format!("{number:04}"));
        digits.find(|digits| !near.contains(digits)).unwrap()
    }

    async fn signed_in(&self, name: &str) -> Person<'_> {
        let person = self.site.browser();
        assert_eq!(person.sign_in(name, None).await, SIGNED_IN);
        person
    }

    async fn shown(&self) -> usize {
        self.site.0.state().await["notices"].as_array().unwrap().len()
    }
}

/// The first four digits of a code.
fn said(secret: &str, now: jiff::Timestamp, step: i64) -> String {
    let instant = now + jiff::SignedDuration::from_secs(30 * step);
    shows(secret, &instant.to_string())[..4].to_owned()
}

/// Asks for work to be published; the id of what waits.
async fn asks(person: &Person<'_>) -> String {
    let work = json!({
        "kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "title": {"de": "Wartung"},
        "starts_at": "2026-03-03T20:00:00Z", "ends_at": "2026-03-03T22:00:00Z", "publish": true, "ask_approval": true,
    });
    let (status, waits) = person.post("notices", work).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{waits}");
    waits["id"].as_str().unwrap().to_owned()
}

async fn hears(person: &Person<'_>, id: &str, name: &str, code: &str) -> (StatusCode, Value) {
    let body = json!({"spoken": {"name": name, "code": code}});
    person.post(&format!("approvals/{id}/approve"), body).await
}

fn is_wrong(told: &(StatusCode, Value)) {
    assert_eq!(told.0, StatusCode::UNPROCESSABLE_ENTITY, "{}", told.1);
    let fault = &told.1["errors"][0];
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/spoken/code"), &json!("not_heard")));
}

#[tokio::test]
async fn four_digits_that_somebody_reads_out_are_their_yes_once() {
    let night = Night::start().await;
    let ada = night.signed_in("ada").await;
    let (first, second) = (asks(&ada).await, asks(&ada).await);
    let digits = night.bob_says(0);
    let (status, told) = hears(&ada, &first, "bob", &digits).await;
    assert_eq!((status, &told["standing"]), (StatusCode::OK, &json!("granted")), "{told}");
    assert_eq!(
        (&told["settled"]["by"]["name"], &told["settled"]["heard_by"]["name"]),
        (&json!("bob"), &json!("ada"))
    );
    assert_eq!(night.shown().await, 1);
    // Each code counts once: not for something else, and not for the door.
    is_wrong(&hears(&ada, &second, "bob", &digits).await);
    let whole = shows(&night.bob, &night.now.to_string());
    assert_eq!(night.site.browser().sign_in("bob", Some(&whole)).await, refused("wrong_code"));
    // What is settled takes no other one, and uses none up.
    let next = night.bob_says(1);
    let (status, problem) = hears(&ada, &first, "bob", &next).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("urn:umleitung:settled")));
    assert_eq!(
        hears(&ada, &second, "bob", &format!(" {} {}", &next[..2], &next[2..])).await.0,
        StatusCode::OK
    );
    assert_eq!(night.shown().await, 2);
    // It is in the journal for good, and nobody's digits are.
    let exported = binary::succeed(&night.site.0.folder(), &["journal", "export"]);
    assert_eq!(exported.matches("heard_by").count(), 2);
}

#[tokio::test]
async fn what_does_not_hold_tells_nothing_and_is_guessed_slowly() {
    let night = Night::start().await;
    let (ada, zoe) = (night.signed_in("ada").await, night.signed_in("zoe").await);
    let id = asks(&ada).await;
    // All six are for nobody else's ears; nor is there a person or a device to be found.
    let whole = shows(&night.bob, &night.now.to_string());
    let answers = [
        hears(&ada, &id, "bob", &whole).await,
        hears(&ada, &id, "bo", &night.bob_says(0)).await,
        hears(&ada, &id, "zoe", &night.bob_says(0)).await,
    ];
    for answer in &answers {
        is_wrong(answer);
        assert_eq!(answer.1["errors"], answers[0].1["errors"]);
    }
    // Three wrong ones: then not even the right one is looked at, whoever it is said to be of.
    let (status, problem) = hears(&ada, &id, "bob", &night.bob_says(0)).await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::TOO_MANY_REQUESTS, &json!("urn:umleitung:too_many_attempts"))
    );
    // Nor of Bob by others, once three were wrong: one of them above, the code of long ago, and one by chance.
    is_wrong(&hears(&zoe, &id, "bob", &night.bob_says(-4)).await);
    is_wrong(&hears(&zoe, &id, "bob", &night.wrong()).await);
    assert_eq!(hears(&zoe, &id, "bob", &night.bob_says(0)).await.0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(night.shown().await, 0);
    // Bob himself is kept out of nothing.
    let bob = night.site.browser();
    assert_eq!(bob.sign_in("bob", Some(&whole)).await, SIGNED_IN);
    let (status, told) = bob.post(&format!("approvals/{id}/approve"), json!({})).await;
    assert_eq!((status, &told["settled"]["heard_by"]), (StatusCode::OK, &Value::Null), "{told}");
}

#[tokio::test]
async fn a_yes_over_the_phone_is_no_more_than_one_on_the_page() {
    let night = Night::start().await;
    let (ada, bob) = (night.signed_in("ada").await, night.site.browser());
    bob.sign_in("bob", Some(&shows(&night.bob, &night.now.to_string()))).await;
    // Nobody hears themselves.
    let of_somebody = asks(&ada).await;
    is_wrong(&hears(&bob, &of_somebody, "bob", &night.bob_says(1)).await);
    // Who asked is not the second person, whoever hears them; nor is who only writes.
    let own = asks(&bob).await;
    let (_, problem) = hears(&ada, &own, "bob", &night.bob_says(1)).await;
    assert_eq!(problem["type"], "urn:umleitung:no_second_person");
    let of_ada = asks(&ada).await;
    let (status, problem) = hears(&ada, &of_ada, "eva", &said(&night.eva, night.now, 0)).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{problem}");
    assert_eq!(night.shown().await, 0);
    // A program hears nobody, and of what is not there nothing is heard.
    let by_program = night
        .site
        .0
        .request(Role::Admin, Method::POST, &format!("/api/v1/approvals/{of_ada}/approve"));
    let by_program = by_program
        .json(&json!({"spoken": {"name": "bob", "code": "1234"}}))
        .send()
        .await
        .unwrap();
    assert_eq!(by_program.json::<Value>().await.unwrap()["type"], "urn:umleitung:people_only");
    let (_, problem) = hears(&ada, "A-0099", "bob", "1234").await;
    assert_eq!(problem["type"], "urn:umleitung:no_approval");
    for (body, at) in [
        (json!({"spoken": {"name": "bob"}}), "/spoken/code"),
        (json!({"spoken": {"name": "bob", "code": "1234", "by": "me"}}), "/spoken/by"),
    ] {
        let (status, problem) = ada.post(&format!("approvals/{of_ada}/approve"), body).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(at))
        );
    }
}
