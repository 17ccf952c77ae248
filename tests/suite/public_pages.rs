//! The pages that people read without JavaScript: kept while they are true, complete without the server, and safe whatever stands in them.

use std::collections::HashMap;

use domain::access::Role;
use reqwest::{Method, Response, StatusCode, header};
use serde_json::{Value, json};

use super::support::{binary, outage, server::TestServer};

/// A Monday, 10:00 in Musterstadt.
const NOW: &str = "2026-05-04T08:00:00Z";

async fn text(server: &TestServer, path: &str) -> String {
    let response = server.get(path).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response.text().await.unwrap()
}

async fn known(server: &TestServer, path: &str, etag: &header::HeaderValue) -> Response {
    let request = server.anonymous(Method::GET, path).header(header::IF_NONE_MATCH, etag.clone());
    request.send().await.unwrap()
}

async fn publish(server: &TestServer, body: &Value) -> String {
    server.post("/api/v1/notices", body).await["id"].as_str().unwrap().to_owned()
}

/// The attributes of this name in the tags of a page.
pub(crate) fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let opening = format!(" {name}=\"");
    let tags = html.split('<').skip(1).filter_map(|tag| tag.split('>').next());
    tags.flat_map(|tag| tag.split(&opening).skip(1).filter_map(|rest| rest.split('"').next()))
        .collect()
}

/// Nothing in it is fetched from anywhere.
pub(crate) fn expect_self_contained(path: &str, html: &str) {
    assert_eq!(attributes(html, "src"), Vec::<&str>::new(), "{path}");
    for (what, word) in [
        ("a script", "<script"),
        ("a picture", "<img"),
        ("a style of its own", "rel=\"stylesheet\""),
        ("an address in its style", "url("),
        ("an import", "@import"),
        ("a frame", "<iframe"),
        ("an inline style", " style=\""),
    ] {
        assert!(!html.contains(word), "{path} has {what}");
    }
}

#[tokio::test]
async fn pages_are_kept_until_something_happens() {
    let server = TestServer::start(NOW).await;
    let id = publish(&server, &outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    for path in [
        "/p/musterstadt/".to_owned(),
        "/p/musterstadt/history".to_owned(),
        format!("/p/musterstadt/notices/{id}"),
        "/p/musterstadt/fallback.html".to_owned(),
        "/p/musterstadt/fragment.html".to_owned(),
        "/p/musterstadt/hint.json".to_owned(),
        "/p/musterstadt/gibt-es-nicht".to_owned(),
        "/p/musterstadt/notices/2026-0999".to_owned(),
        "/p/atlantis/".to_owned(),
        "/p/atlantis/fallback.html".to_owned(),
    ] {
        let response = server.get(&path).await;
        let (status, headers) = (response.status(), response.headers().clone());
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{path}");
        assert_eq!(headers[header::ACCESS_CONTROL_EXPOSE_HEADERS], "Date, Age, ETag", "{path}");
        assert!(!headers.contains_key(header::SET_COOKIE), "{path}");
        if status == StatusCode::NOT_FOUND {
            let missing = ["gibt-es-nicht", "0999", "atlantis"];
            assert!(missing.iter().any(|name| path.contains(name)), "{path}");
            let html = headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html");
            assert_eq!(html, path != "/p/atlantis/fallback.html", "{path}");
            continue;
        }
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=5, stale-if-error=86400", "{path}");
        let etag = headers[header::ETAG].clone();
        assert!(etag.to_str().unwrap().starts_with("W/\""), "{path}");
        if !path.ends_with(".json") {
            assert_eq!(headers[header::VARY], "Accept-Encoding, Accept-Language", "{path}");
            assert!(
                headers[header::CONTENT_SECURITY_POLICY]
                    .to_str()
                    .unwrap()
                    .starts_with("default-src 'none'"),
                "{path}"
            );
        }
        assert_eq!(known(&server, &path, &etag).await.status(), StatusCode::NOT_MODIFIED, "{path}");
        let packed = server
            .anonymous(Method::GET, &path)
            .header(header::ACCEPT_ENCODING, "br")
            .send()
            .await
            .unwrap();
        assert_eq!(packed.headers()[header::CONTENT_ENCODING], "br", "{path}");
    }
    // What happens is on the page with the next request.
    let etag = server.get("/p/musterstadt/").await.headers()[header::ETAG].clone();
    server
        .post(
            &format!("/api/v1/notices/{id}/updates"),
            &json!({"text": {"de": "Die Ursache ist gefunden."}}),
        )
        .await;
    let changed = known(&server, "/p/musterstadt/", &etag).await;
    assert_eq!(changed.status(), StatusCode::OK);
    assert!(changed.text().await.unwrap().contains("Die Ursache ist gefunden."));
}

#[tokio::test]
async fn words_change_at_the_right_minute() {
    let server = TestServer::start("2026-05-04T05:59:00Z").await;
    let id = publish(&server, &outage("sperrmuell", "Sperrmüll: keine Bestellung möglich")).await;
    let page = format!("/p/musterstadt/notices/{id}");
    let phone = async || {
        let html = text(&server, &page).await;
        let (_, after) = html.split_once("030 23125 100</span></a>").unwrap();
        after.split("</li>").next().unwrap().to_owned()
    };
    // The helpline opens at 8:00 in Musterstadt.
    assert!(phone().await.contains("Wieder erreichbar: Montag, 8:00 Uhr"));
    server.clock.set("2026-05-04T06:00:00Z");
    assert!(phone().await.contains("Jetzt erreichbar, bis Montag, 16:00 Uhr"));
    server.clock.set("2026-05-04T14:00:00Z");
    assert!(phone().await.contains("Wieder erreichbar: Dienstag, 8:00 Uhr"));
    // Its readers may be on another day, in another zone, or find a copy of it: no day is today, and whose times these are is said.
    for instant in ["2026-05-04T21:59:00Z", "2026-05-04T22:00:00Z"] {
        server.clock.set(instant);
        for page in [
            page.as_str(),
            "/p/musterstadt/",
            "/p/musterstadt/fallback.html",
            "/p/musterstadt/fragment.html",
        ] {
            let html = text(&server, page).await;
            assert!(
                html.contains("Montag, 4. Mai") && html.contains("Alle Uhrzeiten: Ortszeit Berlin"),
                "{page}: {html}"
            );
            for day in ["heute", "morgen", "gestern"] {
                assert!(!html.contains(&format!("{day}, ")), "{day} on {page} at {instant}");
            }
        }
    }
}

#[tokio::test]
async fn an_overdue_promise_is_marked_when_it_falls_due() {
    let server = TestServer::start(NOW).await;
    let mut body = outage("fundbuero", "Fundbüro: Suche geht nicht");
    body["ends_at"] = json!("2026-05-04T09:00:00Z");
    body["next_update_at"] = json!("2026-05-04T08:30:00Z");
    publish(&server, &body).await;
    let late = async || text(&server, "/p/musterstadt/").await.matches("class=\"late\"").count();
    assert_eq!(late().await, 0);
    server.clock.set("2026-05-04T08:30:00Z");
    assert_eq!(late().await, 1);
    server.clock.set("2026-05-04T09:00:00Z");
    assert_eq!(late().await, 2);
}

#[tokio::test]
async fn the_fallback_page_has_every_way_to_a_person_and_fetches_nothing() {
    let server = TestServer::start(NOW).await;
    publish(&server, &outage("bundid", "BundID: Anmeldung nicht möglich")).await;
    let html = text(&server, "/p/musterstadt/fallback.html").await;
    expect_self_contained("fallback.html", &html);
    // An address of mail is put together from pieces.
    let joined = html.replace("</span><span>", "");
    let catalogue: Value = server
        .request(Role::Viewer, Method::GET, "/api/v1/catalogue")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    for channel in catalogue["channel"].as_array().unwrap() {
        for text in [&channel["value"], &channel["abroad"], &channel["name"]["en"], &channel["href"]] {
            let Some(text) = text.as_str() else { continue };
            assert!(html.contains(text) || joined.contains(text), "{}: {text} is missing", channel["id"]);
        }
    }
    for procedure in catalogue["procedure"].as_array().unwrap() {
        for language in ["de", "en", "de-simple"] {
            let name = procedure["name"][language].as_str().unwrap();
            assert!(html.contains(name), "{}: {name} is missing", procedure["id"]);
        }
        for step in procedure["steps"].as_array().unwrap() {
            if let Some(form) = step["form"].as_str() {
                assert!(attributes(&html, "href").contains(&form), "{form} is missing");
            }
        }
    }
    for link in catalogue["portal"][0]["links"].as_object().unwrap().values() {
        assert!(attributes(&html, "href").contains(&link.as_str().unwrap()), "{link} is missing");
    }
    // It works from a disk: every link has its whole address, or leads to a place on the page.
    let ids = attributes(&html, "id");
    let count = ids.iter().fold(HashMap::<&str, u32>::new(), |mut count, id| {
        *count.entry(id).or_default() += 1;
        count
    });
    assert_eq!(
        count.iter().filter(|(_, count)| **count > 1).count(),
        0,
        "an id is there twice: {count:?}"
    );
    for link in attributes(&html, "href") {
        match link.strip_prefix('#') {
            Some(id) => assert!(ids.contains(&id), "{link} leads nowhere"),
            None => assert!(
                ["http://", "https://", "tel:", "mailto:"]
                    .iter()
                    .any(|start| link.starts_with(start)),
                "{link} is not whole"
            ),
        }
    }
    // What is read days later does not speak of now. Monday to Wednesday are alike.
    for word in ["Jetzt erreichbar", "Wieder erreichbar", "heute", "morgen,"] {
        assert!(!html.contains(word), "{word} is on the page");
    }
    assert!(html.contains("Montag, 4. Mai bis Mittwoch, 6. Mai") && html.contains("8:00 bis 16:00 Uhr"));
    assert!(html.contains("Stand: <time datetime=\"2026-05-04T10:00:00+02:00\">Montag, 4. Mai, 10:00 Uhr</time>"));
    assert!(html.contains(">http://notices.example/p/musterstadt/</a>"));
    assert!(html.contains("BundID: Anmeldung nicht möglich"));
    // Who cannot speak on the phone is told another way beside each number.
    let german = html.split("<div class=\"part\">").nth(1).unwrap();
    let cards = german
        .split("class=\"card\"")
        .skip(1)
        .map(|card| card.split("class=\"service\"").next().unwrap());
    for card in cards {
        let voice = card.contains("href=\"tel:");
        assert_eq!(voice, card.contains("Ohne zu sprechen:"), "{card}");
    }
    // The language that is asked for comes in full, the others folded away, each in its own direction.
    let english = text(&server, "/p/musterstadt/fallback.html?lang=en").await;
    assert!(english.contains("<html lang=\"en\" dir=\"ltr\">") && english.contains("<details name=\"language\" lang=\"de\" dir=\"ltr\">"));
    assert!(!english.contains("<details name=\"language\" lang=\"en\""));
}

#[tokio::test]
async fn the_fallback_page_tells_what_is_announced_and_nothing_that_is_over() {
    let server = TestServer::start(NOW).await;
    let id = publish(&server, &outage("wohngeld", "Vorbei")).await;
    server.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;
    let window = json!({
        "kind": "maintenance", "severity": "outage", "services": ["fundbuero"], "portals": [], "title": {"de": "Wartung: Fundbüro"},
        "guidance": {"de": "Suchen Sie danach."}, "entries": "saved", "next_update_at": "2026-05-05T07:00:00Z",
        "starts_at": "2026-05-05T08:00:00Z", "ends_at": "2026-05-05T09:00:00Z", "publish": true,
    });
    let announced = publish(&server, &window).await;
    let current = publish(&server, &outage("sperrmuell", "Sperrmüll: keine Bestellung möglich")).await;
    for path in ["fallback.html", "503.html"] {
        let html = server.get(&format!("/p/musterstadt/{path}")).await.text().await.unwrap();
        assert!(!html.contains("Vorbei"), "{path}");
        let german = html.rsplit("<h1>").next().unwrap();
        let place = |id: &str| german.find(&format!("id=\"n-{id}\"")).expect("the notice is there");
        assert!(place(&current) < place(&announced), "{path}");
        // What is out of order comes before the list of all that there is.
        assert!(place(&current) < german.find("class=\"topics\"").unwrap(), "{path}");
        // A copy is read when the window has long begun: it has to stand there without being unfolded, by its date.
        let told = german[..place(&announced)].rfind('<').map(|start| &german[start..]).unwrap();
        let told = told.split("</details>").next().unwrap();
        assert!(told.starts_with("<details open"), "{path}: {told}");
        for part in [
            "Wartung: Fundbüro",
            "<strong><span>Fundbüro</span></strong>",
            ">Dienstag, 5. Mai, 10:00 Uhr<",
            // The day is said once.
            ">11:00 Uhr<",
        ] {
            assert!(told.contains(part), "{path}: {part} is missing in {told}");
        }
        for word in ["heute", "morgen", "Suchen Sie danach", "9:00 Uhr"] {
            assert!(!told.contains(word), "{path}: {word} is in {told}");
        }
    }
    assert!(text(&server, "/p/musterstadt/").await.contains("Suchen Sie danach"));
    // When to come again follows from what is the matter now.
    server.post(&format!("/api/v1/notices/{current}/resolve"), &json!({})).await;
    let alone = server.get("/p/musterstadt/503.html").await;
    assert_eq!(alone.headers()[header::RETRY_AFTER], "120");
    let alone = alone.text().await.unwrap();
    let german = alone.rsplit("<h1>").next().unwrap();
    let announced = german.find("Wartung: Fundbüro").unwrap();
    assert!(german.find("class=\"topics\"").unwrap() < announced, "{german}");
}

#[tokio::test]
async fn a_proxy_is_told_when_to_come_again() {
    let server = TestServer::start(NOW).await;
    let asked = async || {
        let response = server.get("/p/musterstadt/503.html").await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(!response.headers().contains_key(header::ETAG));
        assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        let seconds: u32 = response.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
        (seconds, response.text().await.unwrap())
    };
    let (seconds, html) = asked().await;
    assert_eq!(seconds, 120, "nothing is known");
    expect_self_contained("503.html", &html);
    assert!(html.contains("Das liegt an uns."));
    let mut body = outage("wohngeld", "Länger");
    body["ends_at"] = json!("2026-05-04T12:00:00Z");
    publish(&server, &body).await;
    assert_eq!(asked().await.0, 120, "one service says nothing about the portal");
    body["services"] = json!([]);
    body["portals"] = json!(["musterstadt"]);
    publish(&server, &body).await;
    assert_eq!(asked().await.0, 3_600, "an hour at most");
    body["title"] = json!({"de": "Kürzer"});
    body["ends_at"] = json!("2026-05-04T08:20:00Z");
    publish(&server, &body).await;
    assert_eq!(asked().await.0, 1_200, "the earliest end counts");
    // The page is still the same one, the time until then is not.
    server.clock.set("2026-05-04T08:05:00Z");
    assert_eq!(asked().await.0, 900);
    server.clock.set("2026-05-04T08:19:30Z");
    assert_eq!(asked().await.0, 60, "a minute at least");
    let any = header::HeaderValue::from_static("*");
    assert_eq!(
        known(&server, "/p/musterstadt/503.html", &any).await.status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
}

#[tokio::test]
async fn a_fragment_is_empty_until_something_concerns_it() {
    let server = TestServer::start(NOW).await;
    assert_eq!(text(&server, "/p/musterstadt/fragment.html").await, "");
    let id = publish(&server, &outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    let html = text(&server, "/p/musterstadt/fragment.html").await;
    expect_self_contained("fragment.html", &html);
    assert!(html.starts_with("<umleitung-notice><template shadowrootmode=\"open\"><style>"));
    assert!(html.trim_end().ends_with("</umleitung-notice>"));
    let whole = format!("http://notices.example/p/musterstadt/notices/{id}");
    let (shadow, light) = html.split_once("</template>").unwrap();
    assert!(attributes(shadow, "href").contains(&whole.as_str()));
    // A browser that knows no declarative shadow root shows this.
    assert!(light.contains("Wohngeld: Antrag nicht möglich") && attributes(light, "href") == [whole.as_str()]);
    for (query, shown) in [
        ("service=wohngeld", true),
        ("service=sperrmuell", false),
        ("service=sperrmuell+wohngeld", true),
        ("service=sperrmuell%20wohngeld", true),
        ("service=", true),
    ] {
        let html = text(&server, &format!("/p/musterstadt/fragment.html?{query}")).await;
        assert_eq!(!html.is_empty(), shown, "{query}");
        // The loader that takes it over narrows it in the same way.
        let about = [
            "<umleitung-notice service=\"wohngeld\">",
            "<umleitung-notice service=\"wohngeld sperrmuell\">",
        ];
        let narrowed = about.iter().any(|start| html.starts_with(start));
        assert_eq!(narrowed, shown && query != "service=", "{query}");
    }
    // A name that the portal does not have is a slip; nobody is kept from the notice by it.
    for query in ["service=gibt-es-nicht", "service=%3Cscript%3E", "service=sperrmuell,gibt-es-nicht"] {
        let html = text(&server, &format!("/p/musterstadt/fragment.html?{query}")).await;
        assert!(
            html.contains("<umleitung-notice><template") && html.contains("Wohngeld: Antrag nicht möglich"),
            "{query}: {html}"
        );
        assert!(!html.contains("<script"), "{query}");
    }
    assert!(text(&server, "/p/musterstadt/fragment.html?lang=en").await.contains("lang=\"en\""));
    // What is over is not told as if it went on, in either form.
    server.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;
    let html = text(&server, "/p/musterstadt/fragment.html").await;
    let (_, light) = html.split_once("</template>").unwrap();
    assert!(light.contains("Behoben: <a") && !light.contains("Störung"), "{light}");
}

#[tokio::test]
async fn what_a_browser_sees_has_all_ways_and_fits_the_schema() {
    let server = TestServer::start(NOW).await;
    publish(&server, &outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    let schema: Value = server.get("/schema/state-v1.json").await.json().await.unwrap();
    let hint: Value = server.get("/p/musterstadt/hint.json").await.json().await.unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator.iter_errors(&hint).map(|error| error.to_string()).collect();
    assert_eq!(faults, Vec::<String>::new());
    let [notice] = &hint["notices"].as_array().unwrap()[..] else {
        panic!("not one notice: {hint}")
    };
    assert_eq!((notice["timing"].as_str(), notice["id"].as_str()), (Some("seen"), Some("seen")));
    assert_eq!(
        (hint["status"].as_str(), hint["services"].as_array().map(Vec::len)),
        (Some("operational"), Some(0))
    );
    for language in ["de", "en", "de-simple"] {
        assert!(!notice["title"][language].as_str().unwrap().is_empty());
        assert!(!notice["impact"][language][0]["c"][0]["s"].as_str().unwrap().is_empty());
    }
    assert_eq!(notice["url"], "/p/musterstadt/");
    assert_eq!(notice["affected"].as_array().unwrap().len(), 16);
    let channels = hint["channels"].as_array().unwrap().len();
    assert_eq!((notice["channels"].as_array().unwrap().len(), channels >= 15), (channels, true));
}

#[tokio::test]
async fn hostile_texts_and_queries_never_become_markup() {
    let server = TestServer::start(NOW).await;
    let hostile = |field: &str| format!("<script>alert(\"{field}\")</script>\"'><img src=x onerror=y {field}>");
    let exported = binary::succeed(&server.folder(), &["catalogue", "export"]);
    let file = server.folder().join("catalogue.toml");
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut altered = exported;
    for (plain, field) in [
        ("Amt für Digitales", "issuer"),
        ("\"Wohngeld\"", "service"),
        ("Telefon der Wohngeldstelle", "channel"),
        ("Stadt Musterstadt, Rathausplatz 1, 12345 Musterstadt", "value"),
        ("Wohngeld ohne Online-Dienst beantragen", "procedure"),
        ("Kurzantrag Wohngeld", "form"),
    ] {
        assert!(altered.contains(plain), "{plain}");
        let with = if plain.starts_with('"') {
            format!("\"{}\"", quoted(&hostile(field)))
        } else {
            quoted(&hostile(field))
        };
        altered = altered.replace(plain, &with);
    }
    std::fs::write(&file, altered).unwrap();
    let mut listener = server.listen().await;
    listener.next().await.unwrap();
    binary::succeed(&server.folder(), &["catalogue", "apply", file.to_str().unwrap()]);
    server.let_time_pass_until_the_last_entry().await;
    listener.next().await.unwrap();
    let mut body = outage("wohngeld", &hostile("title"));
    for field in ["impact", "guidance", "still_works", "applications", "deadline_note"] {
        body[field] = json!({"de": hostile(field)});
    }
    body["deadline_source"] = json!(hostile("source"));
    let id = publish(&server, &body).await;
    let query = "lang=%22%3E%3Cscript%3Espuk(1)&service=%3Cscript%3Espuk(2)+wohngeld&page=%3Cscript%3Espuk(3)&spuk=4";
    for path in [
        "",
        "history",
        &format!("notices/{id}"),
        "fallback.html",
        "503.html",
        "fragment.html",
        "notices/%3Cscript%3Espuk(5)",
        "%3Cscript%3Espuk(6)",
    ] {
        let html = server.get(&format!("/p/musterstadt/{path}?{query}")).await.text().await.unwrap();
        assert!(!html.contains("<script") && !html.contains("<img"), "{path}");
        assert!(!html.contains("spuk"), "{path}");
        assert!(attributes(&html, "onerror").is_empty() && !html.contains("\"'>"), "{path}");
    }
    assert!(
        text(&server, &format!("/p/musterstadt/notices/{id}"))
            .await
            .contains("&lt;script&gt;alert(")
    );
    assert!(text(&server, "/p/musterstadt/fallback.html").await.contains("&lt;script&gt;alert("));
}

#[tokio::test]
async fn years_of_history_come_page_by_page() {
    let server = TestServer::start(NOW).await;
    for number in 0..60 {
        let id = publish(&server, &outage("fundbuero", &format!("Nummer {number:03}"))).await;
        server.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;
    }
    let first = text(&server, "/p/musterstadt/history?lang=en").await;
    let second = text(&server, "/p/musterstadt/history?lang=en&page=2").await;
    let count = |html: &str| html.matches("class=\"kicker\"").count();
    assert_eq!(count(&first), 50);
    assert!((10..50).contains(&count(&second)), "{}", count(&second));
    let next = "<a rel=\"next\" href=\"history?lang=en&amp;page=2\">";
    let back = "<a rel=\"prev\" href=\"history?lang=en&amp;page=1\">";
    assert!(first.contains(next) && !first.contains("rel=\"prev\""));
    assert!(second.contains(back) && !second.contains("rel=\"next\""));
    assert!(second.contains("href=\"?lang=de&amp;page=2\""), "another language of the same page");
    for page in ["0", "3", "x", "-1", "99999999999999999999999"] {
        let path = format!("/p/musterstadt/history?page={page}");
        assert_eq!(server.get(&path).await.status(), StatusCode::NOT_FOUND, "{page}");
    }
}

#[tokio::test]
async fn pages_stand_below_any_path_and_have_all_that_the_law_asks() {
    let server = TestServer::start(NOW).await;
    let id = publish(&server, &outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    for path in [
        "",
        "history",
        &format!("notices/{id}"),
        "notices/2026-0999",
        "gibt-es-nicht",
        "fallback.html",
    ] {
        let html = server.get(&format!("/p/musterstadt/{path}")).await.text().await.unwrap();
        expect_self_contained(path, &html);
        let links = attributes(&html, "href");
        let absolute: Vec<_> = links.iter().filter(|link| link.starts_with('/')).collect();
        assert_eq!(absolute, Vec::<&&str>::new(), "{path} would leave the path of a proxy");
        for part in ["impressum", "datenschutz", "barrierefreiheit", "#formular"] {
            assert!(links.iter().any(|link| link.ends_with(part)), "{path} lacks {part}");
        }
        assert!(html.contains("<html lang=\"de\" dir=\"ltr\">"), "{path}");
        assert!(html.contains("<h1>") || html.contains("<h1 class"), "{path}");
        if path != "fallback.html" {
            assert!(
                html.contains("class=\"skip\" href=\"#content\"") && html.contains("hreflang=\"en\""),
                "{path}"
            );
        }
    }
    let status = text(&server, "/p/musterstadt/").await;
    assert!(status.contains("<title>Störung – Läuft alles? – Stadt Musterstadt</title>"));
    assert!(status.contains(&format!("href=\"./notices/{id}\"")));
    let permanent = text(&server, &format!("/p/musterstadt/notices/{id}")).await;
    assert!(permanent.contains(&format!("href=\"../notices/{id}\"")) && permanent.contains("href=\"?lang=en\""));
    assert!(permanent.contains(&format!(
        "<title>Wohngeld: Antrag nicht möglich – Meldung {id} – Stadt Musterstadt</title>"
    )));
    // The policy allows the style that is there, and no other.
    let response = server.get("/p/musterstadt/").await;
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.contains("style-src 'sha256-") && !policy.contains("unsafe"));
}

#[tokio::test]
async fn a_page_that_grows_while_it_arrives_does_not_shift() {
    let server = TestServer::start(NOW).await;
    for path in ["", "fallback.html"] {
        let html = text(&server, &format!("/p/musterstadt/{path}")).await;
        assert!(html.contains("html { scrollbar-gutter: stable; }"), "{path}");
    }
}
