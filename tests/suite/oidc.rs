//! Signing in at a provider elsewhere (OpenID Connect), over HTTP, with a provider of the tests' own: whoever comes back has what their groups
//! give, and whatever the provider says that does not hold lets nobody in.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, process::Command, sync::Arc};

use domain::{
    access::{Grants, Role},
    words::PortalId,
};
use reqwest::{Client, Method, StatusCode, header, redirect::Policy};
use serde_json::{Value, json};
use server::provider::{GroupGrant, ProviderSecret, ProviderSettings};
use store::clock::SystemClock;

use super::{
    second_factor::PASSWORD,
    support::{
        binary::{self, Process},
        clock::ManualClock,
        provider::{CLIENT, CLIENT_SECRET, Lie, Provider},
        server::TestServer,
    },
};

const NOW: &str = "2026-03-03T08:00:05Z";

const REFUSED: &str = "/admin/#oidc=refused";

/// A server with a provider.
struct Site {
    server: TestServer,
    provider: Provider,
}

/// A browser, which goes where it is sent by the test alone.
struct Browser<'a> {
    site: &'a Site,
    client: Client,
}

impl Site {
    async fn start() -> Self {
        let clock = ManualClock::at(NOW);
        let provider = Provider::start(Arc::new(clock.clone())).await;
        let portal = PortalId::parse("musterstadt").unwrap();
        let given = |group: &str, grants| GroupGrant {
            group: group.to_owned(),
            grants,
        };
        let settings = ProviderSettings {
            issuer: provider.issuer().to_owned(),
            client_id: CLIENT.to_owned(),
            client_secret: Some(ProviderSecret::from(CLIENT_SECRET.to_owned())),
            name: "Stadtkonto".to_owned(),
            scopes: vec!["profile".to_owned()],
            groups_claim: "groups".to_owned(),
            grants: vec![
                given("press", Grants::on(Role::Editor, [portal.clone()])),
                given("ops", Grants::on(Role::Publisher, [portal])),
                given("all", Role::Viewer.into()),
                given("it", Role::Admin.into()),
            ],
        };
        let server = TestServer::with_provider(clock, settings).await;
        Self { server, provider }
    }

    fn browser(&self) -> Browser<'_> {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        Browser { site: self, client }
    }

    async fn people(&self) -> Vec<Value> {
        let request = self.server.request(Role::Admin, Method::GET, "/api/v1/people");
        let told: Value = request.send().await.unwrap().json().await.unwrap();
        told["people"].as_array().unwrap().clone()
    }
}

impl Browser<'_> {
    /// Goes to the provider: the address there.
    async fn leave(&self) -> String {
        let request = self.client.post(self.site.server.url("/api/v1/session/oidc"));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let told: Value = response.json().await.unwrap();
        told["address"].as_str().unwrap().to_owned()
    }

    /// Comes back; where it is sent then.
    async fn come_back(&self, with: &[(String, String)]) -> String {
        let address = self.site.server.url("/admin/oidc");
        let address = reqwest::Url::parse_with_params(&address, with).unwrap();
        let response = self.client.get(address).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        response.headers()[header::LOCATION].to_str().unwrap().to_owned()
    }

    /// All of it; where it is sent in the end.
    async fn sign_in(&self, claims: &Value, lie: Lie) -> String {
        let address = self.leave().await;
        self.come_back(&self.site.provider.sign_in(&address, claims, lie)).await
    }

    async fn session(&self) -> (StatusCode, Value) {
        let response = self.client.get(self.site.server.url("/api/v1/session")).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        let request = self.client.post(self.site.server.url(&format!("/api/v1/{path}")));
        let response = request.json(&body).send().await.unwrap();
        (response.status(), response.json().await.unwrap_or_default())
    }
}

fn ada(groups: &[&str]) -> Value {
    json!({"sub": "4711", "name": "Ada Lovelace", "preferred_username": "ada", "groups": groups})
}

/// The same with another value in one place.
fn with(mut of: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    of.retain(|(other, _)| other != name);
    of.push((name.to_owned(), value.to_owned()));
    of
}

#[tokio::test]
async fn whoever_comes_back_is_signed_in_with_what_their_groups_give() {
    let site = Site::start().await;
    let offer: Value = site.server.get("/api/v1/session/oidc").await.json().await.unwrap();
    assert_eq!(offer, json!({"name": "Stadtkonto"}));
    assert_eq!(site.provider.asked(), (0, 0), "nobody is asked before somebody wants to go");
    let browser = site.browser();
    let request = browser.client.post(site.server.url("/api/v1/session/oidc"));
    let response = request.send().await.unwrap();
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("umleitung_departure="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=600"), "{cookie}");
    let told: Value = response.json().await.unwrap();
    let address = reqwest::Url::parse(told["address"].as_str().unwrap()).unwrap();
    let asked = |name: &str| address.query_pairs().find(|(other, _)| other == name).unwrap().1.into_owned();
    assert_eq!(asked("redirect_uri"), "http://notices.example/admin/oidc");
    assert_eq!(asked("scope"), "openid profile");
    assert!(!address.as_str().contains(cookie.split(['=', ';']).nth(1).unwrap()));

    let back = site.provider.sign_in(address.as_str(), &ada(&["press", "strangers"]), Lie::None);
    assert_eq!(browser.come_back(&back).await, "/admin/");
    let (status, session) = browser.session().await;
    assert_eq!(status, StatusCode::OK, "{session}");
    assert_eq!(session["name"], "Ada Lovelace");
    assert_eq!(session["grants"], json!([{"role": "editor", "portals": ["musterstadt"]}]));
    // What else is asked for is the provider's to say.
    assert_eq!(session["second_factor"], "elsewhere");
    let people = site.people().await;
    assert_eq!((people.len(), &people[0]["name"]), (1, &json!("Ada Lovelace")));
    assert_eq!(
        (&people[0]["from_provider"], &people[0]["second_factor"]),
        (&json!(true), &json!(false))
    );

    // There is no password, so nothing of it can be guessed, and none is added to it.
    for password in ["", "x", PASSWORD] {
        let (status, _) = site
            .browser()
            .post("session", json!({"name": "Ada Lovelace", "password": password}))
            .await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    let (status, _) = browser.post("me/passkeys/challenge", json!({"current": ""})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) = browser.post("me/password", json!({"current": "", "password": PASSWORD})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let accounts = site.server.accounts().await;
    assert!(accounts.set_password("Ada Lovelace", PASSWORD.to_owned()).await.is_err());
}

#[tokio::test]
async fn grants_follow_the_groups_at_each_sign_in() {
    let site = Site::start().await;
    let (office, home) = (site.browser(), site.browser());
    let mut ids = Vec::new();
    for (groups, grants) in [
        (&["press"][..], json!([{"role": "editor", "portals": ["musterstadt"]}])),
        (
            &["all", "press", "ops"],
            json!([{"role": "viewer", "portals": null}, {"role": "publisher", "portals": ["musterstadt"]}]),
        ),
        (&["it"], json!([{"role": "admin", "portals": null}])),
        (&["all"], json!([{"role": "viewer", "portals": null}])),
    ] {
        assert_eq!(office.sign_in(&ada(groups), Lie::None).await, "/admin/");
        let (_, session) = office.session().await;
        assert_eq!(session["grants"], grants, "{groups:?}");
        ids.push(session["id"].clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "it is the same account each time");
    // It holds in other browsers at once.
    assert_eq!(home.sign_in(&ada(&["ops"]), Lie::None).await, "/admin/");
    assert_eq!(office.session().await.1["role"], "publisher");
    // One group may be told as a text.
    let mut one = ada(&[]);
    one["groups"] = json!("press");
    assert_eq!(home.sign_in(&one, Lie::None).await, "/admin/");
    assert_eq!(office.session().await.1["role"], "editor");

    for groups in [
        json!([]),
        json!(null),
        json!(["Press", "press ", ""]),
        json!({"press": true}),
        json!([["press"]]),
    ] {
        assert_eq!(home.sign_in(&ada(&["press"]), Lie::None).await, "/admin/");
        let mut claims = ada(&[]);
        claims["groups"] = groups;
        assert_eq!(office.sign_in(&claims, Lie::None).await, REFUSED, "{claims}");
        // Whoever has left all groups is out everywhere.
        for browser in [&office, &home] {
            assert_eq!(browser.session().await.0, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(site.people().await[0]["grants"], json!([]));
    }
    // Who was never here gets no account either.
    let stranger = json!({"sub": "1", "name": "Eva"});
    assert_eq!(site.browser().sign_in(&stranger, Lie::None).await, REFUSED);
    assert_eq!(site.people().await.len(), 1);
}

#[tokio::test]
async fn whatever_does_not_hold_lets_nobody_in() {
    let site = Site::start().await;
    for lie in Lie::ALL {
        let browser = site.browser();
        let address = browser.leave().await;
        let back = site.provider.sign_in(&address, &ada(&["it"]), lie);
        assert_eq!(browser.come_back(&back).await, REFUSED, "{lie:?}");
        assert_eq!(browser.session().await.0, StatusCode::UNAUTHORIZED, "{lie:?}");
        // There is one answer, and no second try with it.
        let (_, asked) = site.provider.asked();
        assert_eq!(browser.come_back(&back).await, REFUSED, "{lie:?}");
        assert_eq!(site.provider.asked().1, asked, "{lie:?}");
        assert_eq!(site.people().await, Vec::<Value>::new(), "{lie:?}");
        site.server.clock.set(&format!(
            "2026-03-03T08:{:02}:05Z",
            Lie::ALL.iter().position(|other| *other == lie).unwrap() + 1
        ));
    }
    assert_eq!(site.browser().sign_in(&ada(&["it"]), Lie::None).await, "/admin/");
}

#[tokio::test]
async fn an_answer_counts_once_in_the_browser_that_went() {
    let site = Site::start().await;
    let (ada_here, thief) = (site.browser(), site.browser());
    let address = ada_here.leave().await;
    let back = site.provider.sign_in(&address, &ada(&["ops"]), Lie::None);
    // Somebody else's browser, whether it has gone itself or not, is not signed in by it, and uses nothing up.
    assert_eq!(thief.come_back(&back).await, REFUSED);
    let theirs = thief.leave().await;
    assert_eq!(thief.come_back(&back).await, REFUSED);
    assert_eq!(site.provider.asked().1, 0, "no code was shown to the provider");
    assert_eq!(ada_here.come_back(&back).await, "/admin/");
    // What came back once comes back no more.
    assert_eq!(ada_here.come_back(&back).await, REFUSED);
    assert_eq!(ada_here.session().await.0, StatusCode::OK, "who is in stays in");
    // A code belongs to one departure.
    let other = site.browser();
    let address = other.leave().await;
    let used = back.iter().find(|(name, _)| name == "code").unwrap().1.clone();
    let mine = site.provider.sign_in(&address, &ada(&["ops"]), Lie::None);
    assert_eq!(other.come_back(&with(mine, "code", &used)).await, REFUSED);
    let address = other.leave().await;
    let foreign = site.provider.sign_in(&theirs, &ada(&["ops"]), Lie::None);
    let foreign = foreign.into_iter().find(|(name, _)| name == "code").unwrap().1;
    let mine = site.provider.sign_in(&address, &ada(&["ops"]), Lie::None);
    assert_eq!(other.come_back(&with(mine, "code", &foreign)).await, REFUSED);

    // What comes back without what it needs, or with what somebody else says.
    for (name, value) in [
        ("state", "x"),
        ("state", ""),
        ("iss", "https://another.example"),
        ("error", "access_denied"),
        ("code", "x"),
        ("code", ""),
    ] {
        let browser = site.browser();
        let address = browser.leave().await;
        let back = with(site.provider.sign_in(&address, &ada(&["ops"]), Lie::None), name, value);
        assert_eq!(browser.come_back(&back).await, REFUSED, "{name}={value}");
    }
    for name in ["state", "code"] {
        let browser = site.browser();
        let address = browser.leave().await;
        let mut back = site.provider.sign_in(&address, &ada(&["ops"]), Lie::None);
        back.retain(|(other, _)| other != name);
        assert_eq!(browser.come_back(&back).await, REFUSED, "without {name}");
    }
    assert_eq!(site.browser().come_back(&[]).await, REFUSED);
    let endless = [("state".to_owned(), "x".repeat(9_000))];
    assert_eq!(site.browser().come_back(&endless).await, REFUSED);
}

#[tokio::test]
async fn whoever_goes_may_be_away_for_ten_minutes_and_come_back_to_another_node() {
    let mut site = Site::start().await;
    let client = site.browser().client;
    for (instant, expected) in [("2026-03-03T08:10:05Z", REFUSED), ("2026-03-03T08:20:04Z", "/admin/")] {
        let browser = Browser {
            site: &site,
            client: client.clone(),
        };
        let address = browser.leave().await;
        site.server.restart().await;
        site.server.clock.set(instant);
        let browser = Browser {
            site: &site,
            client: client.clone(),
        };
        let back = site.provider.sign_in(&address, &ada(&["ops"]), Lie::None);
        assert_eq!(browser.come_back(&back).await, expected, "{instant}");
    }
}

#[tokio::test]
async fn whoever_is_disabled_stays_out_whatever_their_groups_are() {
    let site = Site::start().await;
    let browser = site.browser();
    assert_eq!(browser.sign_in(&ada(&["press"]), Lie::None).await, "/admin/");
    let id = site.people().await[0]["id"].as_str().unwrap().to_owned();
    let change = async |deed: &str| {
        let path = format!("/api/v1/people/{id}/{deed}");
        let response = site.server.request(Role::Admin, Method::POST, &path).send().await.unwrap();
        assert!(response.status().is_success(), "{deed}: {}", response.status());
    };
    change("disable").await;
    assert_eq!(browser.session().await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.sign_in(&ada(&["it"]), Lie::None).await, REFUSED);
    let people = site.people().await;
    assert_eq!((people.len(), &people[0]["role"]), (1, &json!("editor")), "nothing was changed");
    change("enable").await;
    assert_eq!(browser.sign_in(&ada(&["ops"]), Lie::None).await, "/admin/");
}

#[tokio::test]
async fn nobody_becomes_somebody_who_is_here_already() {
    let site = Site::start().await;
    let accounts = site.server.accounts().await;
    for name in ["Ada Lovelace", "4711"] {
        accounts.add(name, Role::Publisher, PASSWORD.to_owned()).await.unwrap();
    }
    let mut claims = ada(&["all"]);
    claims["email"] = json!("ada@musterstadt.example");
    let browser = site.browser();
    assert_eq!(browser.sign_in(&claims, Lie::None).await, "/admin/");
    assert_eq!(browser.session().await.1["name"], "Ada Lovelace 2");
    // Another person whom the provider calls the same, and some whose names may not be taken.
    for (sub, name, usual, expected) in [
        ("4712", "ada  lovelace", "ada", "ada lovelace 3"),
        ("4713", "<b>", "eva", "eva"),
        ("4714", "", "", "4714"),
        ("\u{202e}4715", "\u{202e}", "\u{200b}", "Person"),
    ] {
        let claims = json!({"sub": sub, "name": name, "preferred_username": usual, "groups": ["all"]});
        let browser = site.browser();
        assert_eq!(browser.sign_in(&claims, Lie::None).await, "/admin/", "{sub}");
        assert_eq!(browser.session().await.1["name"], expected, "{sub}");
    }
    // What the provider calls them may change; who they are does not.
    let claims = json!({"sub": "4711", "name": "Eva", "groups": ["all"]});
    assert_eq!(browser.sign_in(&claims, Lie::None).await, "/admin/");
    assert_eq!(browser.session().await.1["name"], "Ada Lovelace 2");
    let local = site.browser();
    let (status, session) = local.post("session", json!({"name": "Ada Lovelace", "password": PASSWORD})).await;
    assert_eq!((status, &session["role"]), (StatusCode::OK, &json!("publisher")));
    assert_eq!(site.people().await.len(), 7);
}

#[tokio::test]
async fn a_provider_that_changes_its_key_is_asked_for_it_once_a_minute() {
    let site = Site::start().await;
    let browser = site.browser();
    assert_eq!(browser.sign_in(&ada(&["ops"]), Lie::None).await, "/admin/");
    assert_eq!(site.provider.asked().0, 1);
    site.provider.change_key("two");
    for _ in 0..3 {
        assert_eq!(browser.sign_in(&ada(&["ops"]), Lie::None).await, REFUSED);
    }
    assert_eq!(site.provider.asked().0, 1, "the keys are fresh");
    site.server.clock.set("2026-03-03T08:01:05Z");
    for _ in 0..3 {
        assert_eq!(browser.sign_in(&ada(&["ops"]), Lie::None).await, "/admin/");
    }
    assert_eq!(site.provider.asked().0, 2);
    for _ in 0..3 {
        assert_eq!(browser.sign_in(&ada(&["ops"]), Lie::UnknownKey).await, REFUSED);
    }
    assert_eq!(site.provider.asked().0, 2);
    // Another key under the same name shows in what it does not sign.
    site.provider.change_key("two");
    assert_eq!(browser.sign_in(&ada(&["ops"]), Lie::None).await, REFUSED);
    assert_eq!(site.provider.asked().0, 2, "the keys are fresh");
    site.server.clock.set("2026-03-03T08:02:05Z");
    assert_eq!(browser.sign_in(&ada(&["ops"]), Lie::None).await, "/admin/");
    assert_eq!(site.provider.asked().0, 3);
}

#[tokio::test]
async fn who_goes_twice_from_one_browser_comes_back_from_the_second_way() {
    let site = Site::start().await;
    let browser = site.browser();
    let first = browser.leave().await;
    let second = browser.leave().await;
    let [first, second] = [first, second].map(|address| site.provider.sign_in(&address, &ada(&["ops"]), Lie::None));
    // The first way was given up, and neither it nor a link of somebody's spoils the second.
    for back in [&first[..], &[][..], &with(second.clone(), "state", "x")[..]] {
        assert_eq!(browser.come_back(back).await, REFUSED);
    }
    let address = site.server.url("/admin/oidc");
    let address = reqwest::Url::parse_with_params(&address, &second).unwrap();
    let response = browser.client.get(address).send().await.unwrap();
    assert_eq!(response.headers()[header::LOCATION], "/admin/");
    // What makes the browser known to whoever signs in here stays as it is.
    let cookies = response.headers().get_all(header::SET_COOKIE).iter();
    let names: Vec<_> = cookies.map(|cookie| cookie.to_str().unwrap().split('=').next().unwrap()).collect();
    assert_eq!(names, ["umleitung_session", "umleitung_departure"]);
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_is_no_error_of_the_server() {
    let site = Site::start().await;
    let browser = site.browser();
    let mut second = 5;
    for place in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        for address in ["http://id.example/", "http://localhost.id.example/", "ftp://127.0.0.1/"] {
            site.provider.pretend(json!({place: address}));
            let (status, problem) = browser.post("session/oidc", json!({})).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{place}: {address}");
            assert_eq!(problem["type"], "urn:umleitung:provider_silent", "{place}: {address}");
            assert_eq!(problem["outcome"], "nothing_changed");
            assert_eq!(site.provider.asked(), (0, 0), "{place}: {address}");
            // It is left alone for a while.
            second += 5;
            site.server.clock.set(&format!("2026-03-03T08:00:{second:02}Z"));
        }
    }
    site.provider.pretend(json!({}));
    assert_eq!(browser.sign_in(&ada(&["ops"]), Lie::None).await, "/admin/");
}

#[tokio::test]
async fn strangers_cannot_go_without_end_and_other_sites_send_nobody() {
    let site = Site::start().await;
    let browser = site.browser();
    let request = browser.client.post(site.server.url("/api/v1/session/oidc"));
    let response = request.header("origin", "https://another.example").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    for _ in 0..20 {
        browser.leave().await;
    }
    let (status, problem) = browser.post("session/oidc", json!({})).await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::TOO_MANY_REQUESTS, &json!("urn:umleitung:too_many_attempts"))
    );
    // Elsewhere nothing is offered.
    let server = TestServer::start(NOW).await;
    let offer: Value = server.get("/api/v1/session/oidc").await.json().await.unwrap();
    assert_eq!(offer, json!({"name": null}));
    let response = server.anonymous(Method::POST, "/api/v1/session/oidc").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let response = client.get(server.url("/admin/oidc?state=x&code=y")).send().await.unwrap();
    assert_eq!(response.headers()[header::LOCATION], REFUSED);
}

#[tokio::test]
async fn a_portal_that_asks_for_a_second_factor_takes_them_as_they_are() {
    let site = Site::start().await;
    let exported = site.server.request(Role::Admin, Method::GET, "/api/v1/catalogue.toml");
    let exported = exported.send().await.unwrap().text().await.unwrap();
    let changed = exported.replacen("linger_minutes = 120", "linger_minutes = 120\nsecond_factor = \"editor\"", 1);
    assert_ne!(changed, exported, "nothing would change");
    let apply = site.server.request(Role::Admin, Method::POST, "/api/v1/catalogue");
    let response = apply.json(&json!({"toml": changed})).send().await.unwrap();
    assert!(response.status().is_success(), "{}", response.text().await.unwrap());
    site.server
        .accounts()
        .await
        .add("eva", Role::Publisher, PASSWORD.to_owned())
        .await
        .unwrap();
    let local = site.browser();
    local.post("session", json!({"name": "eva", "password": PASSWORD})).await;
    let browser = site.browser();
    assert_eq!(browser.sign_in(&ada(&["ops"]), Lie::None).await, "/admin/");
    for (who, told, status) in [(&local, "needed", StatusCode::FORBIDDEN), (&browser, "elsewhere", StatusCode::OK)] {
        assert_eq!(who.session().await.1["second_factor"], told);
        let response = who.client.get(site.server.url("/api/v1/notices")).send().await.unwrap();
        assert_eq!(response.status(), status);
    }
}

#[tokio::test]
async fn a_provider_is_named_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let provider = Provider::start(Arc::new(SystemClock)).await;
    let secret = folder.path().join("secret");
    std::fs::write(&secret, format!("{CLIENT_SECRET}\n")).unwrap();
    let issuer = ["--oidc-issuer", provider.issuer()];
    let client = ["--oidc-client-id", CLIENT, "--oidc-client-secret-file", secret.to_str().unwrap()];
    let grants = ["--oidc-grant", "all=viewer", "--oidc-grant", "cn=press,ou=town=editor@town,county"];
    let process = Process::serve(
        folder.path(),
        &[&issuer[..], &client, &grants, &["--oidc-groups-claim", "roles"]].concat(),
    );
    let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
    let url = |path: &str| format!("{}{path}", process.base);
    let offer: Value = client.get(url("/api/v1/session/oidc")).send().await.unwrap().json().await.unwrap();
    assert_eq!(offer, json!({"name": "127.0.0.1"}));
    let response = client.post(url("/api/v1/session/oidc")).send().await.unwrap();
    let told: Value = response.json().await.unwrap();
    let claims = json!({"sub": "1", "roles": ["cn=press,ou=town"], "groups": ["all"]});
    let back = provider.sign_in(told["address"].as_str().unwrap(), &claims, Lie::None);
    let address = reqwest::Url::parse_with_params(&url("/admin/oidc"), back).unwrap();
    let response = client.get(address).send().await.unwrap();
    assert_eq!(response.headers()[header::LOCATION], "/admin/");
    let session: Value = client.get(url("/api/v1/session")).send().await.unwrap().json().await.unwrap();
    assert_eq!(session["grants"], json!([{"role": "editor", "portals": ["county", "town"]}]));
    assert_eq!(session["name"], "1");
    drop(process);

    // What would let nobody in, or anybody, or send a secret over the net as it is, does not start.
    let grant = ["--oidc-grant", "all=viewer"];
    for arguments in [
        &[&issuer[..], &grant].concat(),
        &[&issuer[..], &["--oidc-client-id", CLIENT]].concat(),
        &[&["--oidc-client-id", CLIENT][..], &grant].concat(),
        &[&["--oidc-issuer", "http://id.example", "--oidc-client-id", CLIENT][..], &grant].concat(),
        &[&issuer[..], &["--oidc-client-id", CLIENT, "--oidc-grant", "all=root"]].concat(),
        &[
            &issuer[..],
            &["--oidc-client-id", CLIENT, "--oidc-client-secret-file", "/nowhere"],
            &grant,
        ]
        .concat(),
    ] {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"][..], arguments].concat();
        let output = binary::run(folder.path(), &arguments, "");
        assert!(!output.status.success(), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    // A secret that cannot be read, or is none, is not the same as no secret.
    for secret in [&b"geheim\xff"[..], b" \n"] {
        let output = Command::new(binary::path())
            .args(["serve", "--listen", "127.0.0.1:0", "--oidc-client-id", CLIENT])
            .args([&issuer[..], &grant].concat())
            .arg("--data")
            .arg(folder.path())
            .env("UMLEITUNG_OIDC_CLIENT_SECRET", OsStr::from_bytes(secret))
            .output()
            .unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("secret") || said.contains("UMLEITUNG_OIDC_CLIENT_SECRET"), "{said}");
        assert!(!said.contains("geheim"), "{said}");
    }
}
