//! Addresses as people have them: typed from paper, mistyped, cut short, below the path of a proxy.

use reqwest::{Method, StatusCode, Url, header};

use super::{
    public_pages::{attributes, expect_self_contained},
    support::{binary, outage, server::TestServer},
};

const NOW: &str = "2026-05-04T08:00:00Z";

/// Publishes a notice and returns its number.
async fn publish(server: &TestServer) -> String {
    let notice = server
        .post("/api/v1/notices", &outage("wohngeld", "Wohngeld: Antrag nicht möglich"))
        .await;
    notice["id"].as_str().unwrap().to_owned()
}

/// Where the links of a page lead that are not whole addresses; a base path of a proxy would stay in front of all of them.
fn near(response_address: &Url, html: &str) -> Vec<Url> {
    let links = attributes(html, "href").into_iter();
    let links = links.filter(|link| !link.starts_with('#') && !link.starts_with('?') && !link.contains(':'));
    links
        .map(|link| {
            assert!(!link.starts_with('/'), "{link} would leave the path of a proxy");
            response_address.join(link).unwrap()
        })
        .collect()
}

#[tokio::test]
async fn a_page_that_there_is_not_leads_back_from_any_depth() {
    let server = TestServer::start(NOW).await;
    let id = publish(&server).await;
    for path in [
        "gibt-es-nicht",
        "notices/2026-0999",
        "notices/%FF",
        &format!("notices/{id}/x"),
        "a/b/c",
    ] {
        let response = server.get(&format!("/p/musterstadt/{path}")).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        let address = response.url().clone();
        let links = near(&address, &response.text().await.unwrap());
        let paths: Vec<&str> = links.iter().map(Url::path).collect();
        // The feeds stand in the head.
        let ways = [
            "/p/musterstadt/feed.atom",
            "/p/musterstadt/feed.json",
            "/p/musterstadt/calendar.ics",
            "/p/musterstadt/",
            "/p/musterstadt/history",
        ];
        assert_eq!(paths, ways, "{path}");
    }
}

#[tokio::test]
async fn who_mistypes_an_address_is_told_so_in_their_language_and_led_on() {
    let server = TestServer::start(NOW).await;
    for path in [
        "/p",
        "/p/",
        "/gibt-es-nicht/auch-nicht",
        "/p/nix",
        "/p/nix/",
        "/p/nix/history",
        "/p/nix/notices/2026-0001",
        "/p/nix/a/b/c",
        "/p/nix/notices/%FF",
        "/p/nix.",
        "/p/muster%73tadt/",
        "/p/%3Cscript%3Espuk/?lang=%22%3E%3Cscript%3Espuk",
    ] {
        for (wished, lang, dir) in [
            ("", "de", "ltr"),
            ("fr", "de", "ltr"),
            ("en-US,en;q=0.9", "en", "ltr"),
            ("ar", "ar", "rtl"),
        ] {
            let request = server.anonymous(Method::GET, path).header(header::ACCEPT_LANGUAGE, wished);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8", "{path}");
            let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'"), "{path}");
            let address = response.url().clone();
            let html = response.text().await.unwrap();
            assert!(html.contains(&format!("<html lang=\"{lang}\" dir=\"{dir}\">")), "{path}: {lang}");
            assert!(html.contains("<h1>") && html.contains("Musterstadt</span></a>"), "{path}: {lang}");
            assert!(!html.contains("spuk") && !html.contains("<script"), "{path}");
            expect_self_contained(path, &html);
            let links = near(&address, &html);
            let paths: Vec<&str> = links.iter().map(Url::path).collect();
            assert_eq!(paths, ["/p/musterstadt/"], "{path}");
            // The portal has no Arabic, so its name is in German and its page in what the browser asks for.
            let (own, wish) = if lang == "ar" {
                ("de", None)
            } else {
                (lang, Some(format!("lang={lang}")))
            };
            assert_eq!(links[0].query(), wish.as_deref(), "{path}: {lang}");
            assert!(html.contains(&format!("<span lang=\"{own}\" dir=\"auto\">")), "{path}: {lang}");
        }
    }
    let english = server.get("/p/nix/?lang=en").await.text().await.unwrap();
    assert!(english.contains("<html lang=\"en\"") && english.contains("href=\"?lang=de\""));
    // What programs ask for is answered in their language.
    for path in [
        "state.json",
        "umleitung.js",
        "worker.js",
        "events",
        "sample.json",
        "hint.json",
        "fragment.html",
        "503.html",
    ] {
        for portal in ["nix", "Musterstadt"] {
            let response = server.get(&format!("/p/{portal}/{path}")).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
        }
    }
}

#[tokio::test]
async fn an_address_typed_from_paper_finds_its_page() {
    let server = TestServer::start(NOW).await;
    let id = publish(&server).await;
    let patient = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    for (typed, found) in [
        ("/p/Musterstadt/?lang=en", "/p/musterstadt/?lang=en"),
        ("/p/Musterstadt?lang=en", "/p/musterstadt/?lang=en"),
        ("/p/musterstadt?lang=en&x=%20", "/p/musterstadt/?lang=en&x=%20"),
        ("/p/musterstadt", "/p/musterstadt/"),
        ("/p/MUSTERSTADT/history?page=1", "/p/musterstadt/history?page=1"),
        (&format!("/p/MusterStadt/notices/{id}"), &format!("/p/musterstadt/notices/{id}")),
        // A slash too many.
        ("/p/musterstadt//", "/p/musterstadt/"),
        ("/p/musterstadt/history/?page=1", "/p/musterstadt/history?page=1"),
        (&format!("/p/musterstadt/notices/{id}//"), &format!("/p/musterstadt/notices/{id}")),
        ("/p/musterstadt/fallback.html/", "/p/musterstadt/fallback.html"),
        ("//p//musterstadt", "/p/musterstadt/"),
        ("/p/musterstadt//history", "/p/musterstadt/history"),
        (&format!("/p/musterstadt/notices//{id}"), &format!("/p/musterstadt/notices/{id}")),
        // All in capital letters.
        (&format!("/P/MUSTERSTADT/NOTICES/{id}"), &format!("/p/musterstadt/notices/{id}")),
        ("/p/musterstadt/HISTORY", "/p/musterstadt/history"),
        // The end of a sentence.
        ("/p/musterstadt.", "/p/musterstadt/"),
        (&format!("/p/musterstadt/notices/{id})."), &format!("/p/musterstadt/notices/{id}")),
        // The server's name alone.
        ("/?lang=en", "/p/musterstadt/?lang=en"),
    ] {
        let response = patient.get(server.url(typed)).send().await.unwrap();
        assert!(response.status().is_redirection(), "{typed}");
        let to = response.headers()[header::LOCATION].to_str().unwrap();
        assert!(
            !to.starts_with('/') && !to.contains("//") && !to.contains(':') && !to.starts_with('?'),
            "{typed}: {to} would leave the path of a proxy"
        );
        let response = server.get(typed).await;
        assert_eq!(response.status(), StatusCode::OK, "{typed}");
        assert_eq!(response.url().as_str(), server.url(found), "{typed}");
    }
}

const SECOND: &str = r#"
[[portal]]
id = "beispielhausen"
name = { en = "Municipality of Beispielhausen" }
languages = ["en"]
time_zone = "Europe/Berlin"
region = "DE-BE"
services = ["sperrmuell"]
issuer = { en = "Municipality of Beispielhausen" }

[portal.links]
home = "https://beispielhausen.example/"
imprint = "https://beispielhausen.example/imprint"
privacy = "https://beispielhausen.example/privacy"
accessibility = "https://beispielhausen.example/accessibility"
feedback = "https://beispielhausen.example/feedback"
"#;

#[tokio::test]
async fn the_servers_name_alone_offers_its_portals() {
    let mut server = TestServer::start(NOW).await;
    let file = server.folder().join("catalogue.toml");
    let exported = binary::succeed(&server.folder(), &["catalogue", "export"]);
    std::fs::write(&file, exported + SECOND).unwrap();
    binary::succeed(&server.folder(), &["catalogue", "apply", file.to_str().unwrap()]);
    server.restart().await;
    // By a name that means none of them.
    let request = server.anonymous(Method::GET, "/").header(header::HOST, "notices.example");
    let response = request.header(header::ACCEPT_LANGUAGE, "de").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let address = response.url().clone();
    let html = response.text().await.unwrap();
    let links: Vec<String> = near(&address, &html)
        .iter()
        .map(|link| link.as_str().replace(&server.url(""), ""))
        .collect();
    // One that has no German is led to in its own language, and named in it.
    assert_eq!(links, ["/p/musterstadt/?lang=de", "/p/beispielhausen/"]);
    assert!(
        html.contains("<h1>Aktuelle Meldungen</h1>") && !html.contains("gibt es nicht"),
        "{html}"
    );
    assert!(
        html.contains("<span lang=\"en\" dir=\"auto\">Municipality of Beispielhausen</span>"),
        "{html}"
    );
}

#[tokio::test]
async fn a_wished_language_falls_back_to_its_wider_one() {
    let server = TestServer::start(NOW).await;
    for (wish, lang) in [
        ("en-US", "en"),
        ("EN-gb", "en"),
        ("de-simple", "de-simple"),
        ("de-AT", "de"),
        ("fr-CA", "de"),
    ] {
        let html = server.get(&format!("/p/musterstadt/?lang={wish}")).await.text().await.unwrap();
        assert!(html.contains(&format!("<html lang=\"{lang}\"")), "{wish}");
    }
}

#[tokio::test]
async fn a_portal_is_read_from_its_address_in_one_way() {
    let server = TestServer::start(NOW).await;
    for file in [
        "state.json",
        "umleitung.js",
        "worker.js",
        "events",
        "sample.json",
        "hint.json",
        "fallback.html",
        "",
        "history",
    ] {
        let path = format!("/p/musterstadt/{file}");
        assert_eq!(server.get(&path).await.status(), StatusCode::OK, "{path}");
        let path = format!("/p/muster%73tadt/{file}");
        assert_eq!(server.get(&path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}
