//! Reports: a month worked out by hand from notices, planned windows and looks is what each form of its report says, to whom it is for.

use domain::access::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    probes::{look_where_nothing_is, looks_of_march},
    support::{
        foreign::by_python,
        server::{TestServer, answer, sent},
    },
};

async fn asked(server: &TestServer, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    answer(async || server.request(Role::Admin, method.clone(), path).json(body).send().await).await
}

async fn text(server: &TestServer, path: &str) -> (StatusCode, String) {
    let answer = sent(async || server.request(Role::Viewer, Method::GET, path).send().await).await;
    (answer.status(), answer.text().await.unwrap())
}

/// What anybody gets.
async fn open(server: &TestServer, path: &str) -> (StatusCode, String) {
    let answer = sent(async || reqwest::get(server.url(path)).await).await;
    (answer.status(), answer.text().await.unwrap())
}

fn notice(kind: &str, severity: &str, service: &str, title: &str, more: Value) -> Value {
    let mut notice =
        json!({"kind": kind, "severity": severity, "services": [service], "portals": [], "title": {"de": title}, "publish": true});
    notice.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    notice
}

async fn said(server: &TestServer, id: &str, path: &str, body: &Value) {
    let (status, told) = asked(server, Method::POST, &format!("/api/v1/notices/{id}/{path}"), body).await;
    assert!(status.is_success(), "{path} {told}");
}

/// March of Musterstadt, from the first word about it to the first of April.
async fn march() -> TestServer {
    let server = TestServer::start("2026-02-20T08:00:00Z").await;
    for (kind, id, more) in [
        ("portal", "musterstadt", json!({"public_reports": true})),
        ("service", "kfz-zulassung", json!({"availability": "99,8 %"})),
    ] {
        let path = format!("/api/v1/catalogue/{kind}/{id}");
        let known = server.request(Role::Admin, Method::GET, &path).send().await.unwrap();
        let revision = known.headers()["etag"].to_str().unwrap().to_owned();
        let mut part: Value = known.json().await.unwrap();
        if kind == "portal" {
            for (id, public) in [("neustadt", true), ("dorf", false)] {
                let mut other = part.clone();
                for (name, value) in [
                    ("id", json!(id)),
                    ("hosts", json!([])),
                    ("services", json!(["bundid"])),
                    ("page", json!([])),
                    ("public_reports", json!(public)),
                    ("languages", json!(["de", "en", "ar", "uk"])),
                ] {
                    other[name] = value;
                }
                let (status, told) = asked(&server, Method::PUT, &format!("/api/v1/catalogue/portal/{id}"), &other).await;
                assert_eq!(status, StatusCode::CREATED, "{told}");
            }
        }
        part.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let put = server
            .request(Role::Admin, Method::PUT, &path)
            .header("If-Match", revision)
            .json(&part);
        let put = put.send().await.unwrap();
        assert_eq!(put.status(), StatusCode::OK, "{}", put.text().await.unwrap());
    }
    planned(&server).await;
    troubled(&server).await;
    server.clock.set("2026-04-02T08:00:00Z");
    // What the server itself finds where nothing listens is of April.
    look_where_nothing_is(&server).await;
    server.place().open().await.unwrap().probing.note(&looks_of_march()).await.unwrap();
    server
}

/// An hour in the night in which a clock is changed, and one that runs over by half an hour before another end is announced.
async fn planned(server: &TestServer) {
    let work = |title: &str, from: &str, to: &str, at_end: &str| {
        notice(
            "maintenance",
            "outage",
            "bundid",
            title,
            json!({"starts_at": from, "ends_at": to, "at_end": at_end}),
        )
    };
    server
        .post(
            "/api/v1/notices",
            &work("Nachts", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "complete"),
        )
        .await;
    let off = server
        .post(
            "/api/v1/notices",
            &work("Abgesagt", "2026-03-20T20:00:00Z", "2026-03-20T22:00:00Z", "complete"),
        )
        .await;
    said(server, off["id"].as_str().unwrap(), "cancel", &json!({})).await;
    let longer = server
        .post(
            "/api/v1/notices",
            &work("Länger", "2026-03-05T20:00:00Z", "2026-03-05T21:00:00Z", "confirm"),
        )
        .await;
    let longer = longer["id"].as_str().unwrap();
    server.clock.set("2026-03-05T21:30:00Z");
    said(server, longer, "extend", &json!({"ends_at": "2026-03-05T23:00:00Z"})).await;
    server.clock.set("2026-03-05T22:50:00Z");
    said(server, longer, "complete", &json!({})).await;
}

/// Two hours in which the service that this one needs works in part, and half an hour of its own.
async fn troubled(server: &TestServer) {
    server.clock.set("2026-03-10T10:00:00Z");
    let times = json!({"ends_at": "2026-03-10T11:30:00Z", "end_certainty": "estimated", "next_update_at": "2026-03-10T10:30:00Z"});
    let base = server
        .post(
            "/api/v1/notices",
            &notice("outage", "partial_outage", "bundid", "BundID hakt", times),
        )
        .await;
    let base = base["id"].as_str().unwrap();
    // In the minute that was named; then much later than was named; then nothing more was promised.
    server.clock.set("2026-03-10T10:30:40Z");
    said(
        server,
        base,
        "updates",
        &json!({"text": {"de": "Wir suchen."}, "next_update_at": "2026-03-10T11:00:00Z"}),
    )
    .await;
    server.clock.set("2026-03-10T11:20:00Z");
    said(server, base, "updates", &json!({"text": {"de": "Gefunden."}})).await;
    said(server, base, "extend", &json!({"ends_at": "2026-03-10T12:30:00Z"})).await;
    server.clock.set("2026-03-10T12:00:00Z");
    said(server, base, "resolve", &json!({})).await;
    server.clock.set("2026-03-15T09:00:00Z");
    let own = server
        .post(
            "/api/v1/notices",
            &notice(
                "outage",
                "outage",
                "kfz-zulassung",
                "=Kfz weg",
                json!({"ends_at": "2026-03-15T10:00:00Z"}),
            ),
        )
        .await;
    server.clock.set("2026-03-15T09:30:00Z");
    said(server, own["id"].as_str().unwrap(), "resolve", &json!({})).await;
}

fn of_service<'a>(report: &'a Value, id: &str) -> &'a Value {
    report["services"]
        .as_array()
        .unwrap()
        .iter()
        .find(|service| service["service"] == id)
        .unwrap()
}

#[tokio::test]
async fn a_month_is_told_as_worked_out_by_hand() {
    let server = march().await;
    let (status, report) = asked(&server, Method::GET, "/api/v1/reports/musterstadt/2026-03.json", &Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{report}");
    assert_eq!(
        (&report["from"], &report["to"]),
        (&json!("2026-02-28T23:00:00Z"), &json!("2026-03-31T22:00:00Z"))
    );
    let kfz = of_service(&report, "kfz-zulassung");
    // Planned: an hour, an hour, and 80 minutes, since the work was done ten minutes before its second end. Down: half an hour over the end of planned work, and half an hour.
    // 743 hours less 3 hours 20 minutes are 2,662,800 seconds; less 3,600 of them 99.8648 per cent.
    let told = json!({"outage_seconds": 3_600, "partial_outage_seconds": 7_200, "degraded_seconds": 0, "planned_seconds": 12_000, "percent": 99.86});
    assert_eq!(kfz["told"], told);
    // What was measured counts where something was: 4,458 looks, 20 of them in planned work, 12 that failed.
    let measured = &kfz["measured"][0];
    assert_eq!(
        (&measured["probe"], &measured["bad"], &measured["percent"]),
        (&json!("kfz"), &json!(12), &json!(99.72)),
        "{measured}"
    );
    assert_eq!(
        (&kfz["percent"], &kfz["target_percent"], &kfz["kept"]),
        (&json!(99.72), &json!(99.8), &json!(false))
    );
    let days = kfz["days"].as_array().unwrap();
    let day = |number: usize| &days[number - 1];
    assert_eq!((days.len(), &day(31)["date"]), (31, &json!("2026-03-31")));
    assert_eq!(
        (&day(5)["outage_seconds"], &day(5)["planned_seconds"]),
        (&json!(1_800), &json!(8_400))
    );
    assert_eq!(
        (&day(10)["partial_outage_seconds"], &day(29)["planned_seconds"]),
        (&json!(7_200), &json!(3_600))
    );
    assert_eq!(measured["days"][9]["bad"], 12);
    // Nobody measures this one; nothing of the others is about it.
    let calm = of_service(&report, "bundid");
    assert_eq!(
        (&calm["measured"], &calm["kept"], &calm["told"]["partial_outage_seconds"]),
        (&json!([]), &Value::Null, &json!(7_200))
    );
    promised(&report);
}

/// What was told of each, and which promises were kept.
fn promised(report: &Value) {
    let notices = report["notices"].as_array().unwrap();
    let told: Vec<_> = notices
        .iter()
        .map(|notice| {
            (
                notice["title"]["de"].as_str().unwrap(),
                &notice["seconds"],
                &notice["end_kept"],
                &notice["news_kept"],
                &notice["news_broken"],
            )
        })
        .collect();
    let expected = [
        ("Länger", &json!(10_200), &json!(false), &json!(0), &json!(0)),
        ("BundID hakt", &json!(7_200), &json!(false), &json!(1), &json!(1)),
        ("=Kfz weg", &json!(1_800), &json!(true), &json!(0), &json!(0)),
        ("Nachts", &json!(3_600), &json!(true), &json!(0), &json!(0)),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn each_form_says_the_same_to_whom_it_is_for() {
    let server = march().await;
    let staff = "/api/v1/reports/musterstadt/2026-03";
    let everyone = "/p/musterstadt/archive/2026-03";
    let (status, page) = open(&server, &format!("{everyone}.html")).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    for text in [
        "Bericht: März 2026",
        "99,72 % (gemessen)",
        "99,8 % – nicht eingehalten",
        "BundID hakt",
        "1 von 2 rechtzeitig",
        "Angekündigtes Ende eingehalten: 2 von 4",
        "3 Std. 20 Min.",
    ] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
    let (_, english) = open(&server, &format!("{everyone}.html?lang=en")).await;
    assert!(
        english.contains("Report: March 2026") && english.contains("99.72% (measured)"),
        "{english}"
    );
    let (_, of_staff) = text(&server, &format!("{staff}.html")).await;
    assert!(
        of_staff.contains(", kfz<") && !page.contains(", kfz<"),
        "which probe measures is for staff"
    );
    let (status, csv) = open(&server, &format!("{everyone}.csv")).await;
    let line = |begin: &str| csv.lines().find(|line| line.starts_with(begin)).unwrap_or_default();
    assert_eq!(status, StatusCode::OK);
    assert!(
        line("kfz-zulassung,").ends_with(",2026-03,3600,7200,0,12000,99.86,4426,12,20,99.72,120,120,99.8,false"),
        "{}",
        line("kfz-zulassung,")
    );
    assert_eq!(csv.lines().filter(|line| line.starts_with("kfz-zulassung,")).count(), 32);
    let (_, public) = open(&server, &format!("{everyone}.json")).await;
    let public: Value = serde_json::from_str(&public).unwrap();
    assert_eq!(
        (&public["overrides"], &of_service(&public, "kfz-zulassung")["measured"][0]["probe"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(of_service(&public, "kfz-zulassung")["percent"], 99.72);
}

/// The PDF of a month of a portal, for everyone, in a language.
async fn pdf(server: &TestServer, portal: &str, language: &str) -> Vec<u8> {
    let url = server.url(&format!("/p/{portal}/archive/2026-03.pdf?lang={language}"));
    let answer = sent(async || reqwest::get(&url).await).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    answer.bytes().await.unwrap().into()
}

/// What it says to those who have it read aloud: each piece with what it is.
fn read_aloud(pdf: &[u8]) -> String {
    let tree = by_python("poppler", pdf);
    let lines = tree.as_str().unwrap().lines().map(str::trim);
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_document_is_for_everybody_and_says_the_same() {
    let server = march().await;
    for (portal, language) in [("musterstadt", "de"), ("musterstadt", "en"), ("neustadt", "ar"), ("neustadt", "uk")] {
        let found = by_python("verapdf", pdf(&server, portal, language).await);
        assert_eq!(found["failed"], json!([]), "{portal} {language}");
        assert!(
            found["keeps"] == true && found["looked_at"].as_u64() > Some(1_000),
            "{portal} {language}: {found}"
        );
    }
    let document = pdf(&server, "musterstadt", "de").await;
    // The same report is the same bytes.
    assert_eq!(document, pdf(&server, "musterstadt", "de").await);
    let aloud = read_aloud(&document);
    let mut rest = aloud.as_str();
    for (role, text) in [
        ("H1 (block)", "Bericht: März 2026"),
        ("H2 (block)", "Dienste"),
        ("/Scope /Column", "Verfügbar"),
        ("/Scope /Row", "Kfz-Zulassung"),
        ("TD", "99,72 % (gemessen)"),
        ("TD", "99,8 % – nicht eingehalten"),
        ("H2 (block)", "Kfz-Zulassung"),
        ("P (block)", "Stunden je Tag (0–3)"),
        ("P (block)", "geplante Wartung: 3 Std. 20 Min."),
        ("H2 (block)", "Störungen und Wartungen"),
        ("Link (inline)", "BundID hakt"),
        ("P (block)", "Zugesagte Neuigkeiten: 1 von 2 rechtzeitig"),
        ("P (block)", "Angekündigtes Ende eingehalten: 2 von 4"),
        ("H2 (block)", "Zahlen je Tag: Kfz-Zulassung"),
        ("/Scope /Row", "5. März"),
        ("TD", "2 Std. 20 Min."),
    ] {
        let said = format!("\n{role}\n\"{text}\"\n");
        let place = rest
            .find(&said)
            .unwrap_or_else(|| panic!("{said} is not behind what was before it in {aloud}"));
        rest = &rest[place + said.len() - 1..];
    }
    // What is seen from right to left is heard as it is written, and a number is not turned round.
    let arabic = pdf(&server, "neustadt", "ar").await;
    let copied = by_python("pdftotext", &arabic);
    for word in ["تقرير", "مارس", "صيانة", "2026-0003", "انقطاع"] {
        assert!(copied.as_str().unwrap().contains(word), "{word}: {copied}");
    }
    for text in ["تقرير: مارس 2026", "صيانة, 2026-0003"] {
        let units = text.encode_utf16().map(|unit| format!("{unit:04X}"));
        let said = format!("/ActualText <FEFF{}>", units.collect::<String>());
        assert!(arabic.windows(said.len()).any(|part| part == said.as_bytes()), "{text}");
    }
}

#[tokio::test]
async fn what_judges_documents_finds_what_is_wrong_in_one() {
    let server = march().await;
    let document = pdf(&server, "neustadt", "en").await;
    for (right, wrong, clause) in [
        ("/Alt", "/Alx", "7.3-1"),
        ("/Scope /Column", "/Skope /Column", "7.5-1"),
        ("/S /H1", "/S /H3", "7.4.2-1"),
        ("/Lang", "/Lanx", "7.2-34"),
    ] {
        let altered = replaced(&document, right, wrong);
        assert_ne!(altered, document, "{right}");
        let found = by_python("verapdf", altered);
        let failed = found["failed"].as_array().unwrap();
        assert!(
            failed.iter().any(|failed| failed.as_str().unwrap().starts_with(clause)),
            "{right}: {found}"
        );
    }
}

/// A file with other letters in some places; nothing moves.
fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut file = file.to_vec();
    let places: Vec<_> = (0..file.len())
        .filter(|place| file[*place..].starts_with(from.as_bytes()))
        .collect();
    for place in places {
        file[place..place + to.len()].copy_from_slice(to.as_bytes());
    }
    file
}

#[tokio::test]
async fn there_are_reports_of_what_was_and_for_whom_the_portal_chooses() {
    let server = march().await;
    let (_, list) = open(&server, "/p/neustadt/archive/").await;
    assert!(
        list.contains("2026-03.html") && list.contains("2026-02.csv") && !list.contains("2026-04") && !list.contains("2026-01"),
        "{list}"
    );
    let (_, known) = asked(&server, Method::GET, "/api/v1/reports", &Value::Null).await;
    let of_town = known["portals"]
        .as_array()
        .unwrap()
        .iter()
        .find(|portal| portal["portal"] == "neustadt")
        .unwrap();
    assert_eq!(
        (&of_town["months"], &of_town["public"]),
        (&json!(["2026-04", "2026-03", "2026-02"]), &json!(true))
    );
    // What goes on is for staff; what lies before the record or after now is for nobody.
    for (path, expected) in [
        ("2026-04.html", 404),
        ("2026-03.html", 200),
        ("2026-02.json", 200),
        ("2026-01.html", 404),
        ("2026-03.exe", 404),
    ] {
        assert_eq!(
            open(&server, &format!("/p/neustadt/archive/{path}")).await.0.as_u16(),
            expected,
            "{path}"
        );
    }
    for (path, expected) in [
        ("2026-04.html", 200),
        ("2026-02.csv", 200),
        ("2026-05.html", 404),
        ("2026-01.json", 404),
        ("2026-03", 404),
    ] {
        assert_eq!(
            text(&server, &format!("/api/v1/reports/neustadt/{path}")).await.0.as_u16(),
            expected,
            "{path}"
        );
    }
    // February is known from the day on which there was a portal.
    let (_, february) = asked(&server, Method::GET, "/api/v1/reports/neustadt/2026-02.json", &Value::Null).await;
    assert_eq!(
        (&february["from"], february["services"][0]["days"].as_array().unwrap().len()),
        (&json!("2026-02-20T08:00:00Z"), 9)
    );
    // April has two days so far.
    let (_, april) = asked(&server, Method::GET, "/api/v1/reports/neustadt/2026-04.json", &Value::Null).await;
    assert_eq!(
        (&april["to"], april["services"][0]["days"].as_array().unwrap().len()),
        (&json!("2026-04-02T08:00:00Z"), 2)
    );
    // This one publishes none; its staff read them.
    for path in ["/p/dorf/archive/", "/p/dorf/archive/2026-03.html", "/p/dorf/archive/2026-03.json"] {
        assert_eq!(open(&server, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(text(&server, "/api/v1/reports/dorf/2026-03.html").await.0, StatusCode::OK);
    let (_, status_page) = open(&server, "/p/neustadt/").await;
    assert!(status_page.contains("href=\"archive/?lang=de\""), "{status_page}");
    let (_, status_page) = open(&server, "/p/dorf/").await;
    assert!(!status_page.contains("archive/"), "{status_page}");
}

#[tokio::test]
async fn the_examples_of_the_page_are_answered() {
    let page = include_str!("../../docs/reports.md");
    let server = march().await;
    let addresses: Vec<&str> = page
        .split("https://notices.example")
        .skip(1)
        .map(|rest| rest.split([' ', '\n']).next().unwrap())
        .collect();
    assert_eq!(addresses.len(), 3);
    for path in addresses {
        let (status, told) = text(&server, path).await;
        assert_eq!(status, StatusCode::OK, "{path} {told}");
    }
}
