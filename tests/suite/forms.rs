//! Forms that procedures hand out: taken where they are what they say, given to people once a procedure names them, and kept for the record.

use std::fs;

use domain::access::Role;
use reqwest::{Method, Response, StatusCode, header};
use serde_json::{Value, json};

use super::grants::CATALOGUE;
use super::support::{
    binary::{self, Process},
    pdf::{packed, pdf, pdf_with},
    postgres::Postgres,
    server::TestServer,
};

/// A Tuesday, 10:00 in Berlin.
const START: &str = "2026-03-03T09:00:00Z";

const PROCEDURE: &str = "/api/v1/catalogue/procedure/kfz-papier";

/// The most that is taken, in bytes.
const LARGEST: usize = 5 * 1024 * 1024;

async fn upload(server: &TestServer, role: Role, name: &str, content: Vec<u8>) -> Response {
    let request = server.request(role, Method::POST, &format!("/api/v1/forms?name={name}"));
    request
        .header(header::CONTENT_TYPE, "application/pdf")
        .body(content)
        .send()
        .await
        .unwrap()
}

async fn taken(server: &TestServer, name: &str, content: Vec<u8>) -> String {
    let answer = upload(server, Role::Admin, name, content).await;
    let (status, told) = (answer.status(), answer.json::<Value>().await.unwrap());
    assert_eq!((status, &told["pages"]), (StatusCode::OK, &json!(1)), "{told}");
    told["form"].as_str().unwrap().to_owned()
}

/// Has the first step of a procedure name this form; how it is answered.
async fn name_form(server: &TestServer, form: Option<&str>) -> (StatusCode, Value) {
    let found = server.request(Role::Admin, Method::GET, PROCEDURE).send().await.unwrap();
    let revision = found.headers()[header::ETAG].clone();
    let mut procedure: Value = found.json().await.unwrap();
    procedure["steps"][0]["form"] = json!(form);
    let put = server
        .request(Role::Admin, Method::PUT, PROCEDURE)
        .header(header::IF_MATCH, revision);
    let answer = put.json(&procedure).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// A server that tells of an outage for which people get a procedure.
async fn town() -> TestServer {
    let server = TestServer::start(START).await;
    let procedure = json!({"id": "kfz-papier", "name": {"de": "Auf Papier"}, "steps": [{"text": {"de": "Füllen Sie den Antrag aus."}, "form_name": {"de": "Antrag"}}]});
    let put = server
        .request(Role::Admin, Method::PUT, PROCEDURE)
        .json(&procedure)
        .send()
        .await
        .unwrap();
    assert_eq!(put.status(), StatusCode::CREATED);
    let notice = json!({
        "kind": "outage", "severity": "outage", "services": ["kfz-zulassung"], "publish": true,
        "title": {"de": "Kfz: nichts geht"}, "procedures": ["kfz-papier"],
    });
    server.post("/api/v1/notices", &notice).await;
    server
}

/// What is no form, whatever it is called: what it is, what is in it, and the code of its fault.
fn no_forms() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let page = b"<!doctype html><title>Antrag</title><script>alert(1)</script>".to_vec();
    let mut cut = pdf("Antrag");
    cut.truncate(cut.len() / 2);
    let mut behind_html = page.clone();
    behind_html.extend(pdf("Antrag"));
    let mut dressed = b"%PDF-1.7\n".to_vec();
    dressed.extend(&page);
    dressed.extend(b"\n%%EOF\n");
    let locked = pdf_with(
        "Antrag",
        "",
        &[concat!(
            "<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 ",
            "/O <0000000000000000000000000000000000000000000000000000000000000000> ",
            "/U <0000000000000000000000000000000000000000000000000000000000000000> >>"
        )],
        "/Encrypt 6 0 R /ID [<00> <00>]",
    );
    let script = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>";
    vec![
        ("nothing", Vec::new(), "not_pdf"),
        ("HTML named .pdf", page, "not_pdf"),
        ("HTML before a PDF", behind_html, "not_pdf"),
        ("HTML between the marks of a PDF", dressed, "not_pdf"),
        ("half a PDF", cut, "not_pdf"),
        ("a PDF with a password", locked, "locked"),
        (
            "a script that runs at once",
            pdf_with("A", &format!("/OpenAction {script}"), &[], ""),
            "active_content",
        ),
        (
            "a script by its number",
            pdf_with("A", "/OpenAction 6 0 R", &[script], ""),
            "active_content",
        ),
        (
            "a script by another spelling",
            pdf_with("A", "/OpenAction << /S /Java#53cript /J#53 (1) >>", &[], ""),
            "active_content",
        ),
        (
            "a script in a packed PDF",
            packed(&format!("/AA << /O [{script}] >>")),
            "active_content",
        ),
        (
            "a program by a name that stands elsewhere",
            pdf_with("A", "/OpenAction << /S 6 0 R /F (cmd.exe) >>", &["/Launch"], ""),
            "active_content",
        ),
        (
            "a file in a note",
            pdf_with(
                "A",
                "/Note [ << /Subtype /Text /FS << /F (a.exe) /EF << /F 4 0 R >> >> >> ]",
                &[],
                "",
            ),
            "active_content",
        ),
        (
            "a form with scripts of its own",
            pdf_with("A", "/AcroForm << /XFA [(a) 4 0 R] /Fields [] >>", &[], ""),
            "active_content",
        ),
        ("a film", pdf_with("A", "/Note << /Subtype /Movie >>", &[], ""), "active_content"),
        (
            "a program",
            pdf_with("A", "/OpenAction << /S /Launch /F (cmd.exe) >>", &[], ""),
            "active_content",
        ),
        (
            "a file within",
            pdf_with("A", "/Names << /EmbeddedFiles << /Names [] >> >>", &[], ""),
            "active_content",
        ),
    ]
}

#[tokio::test]
async fn only_a_pdf_that_people_can_print_is_taken() {
    let server = TestServer::start(START).await;
    for (what, content, code) in no_forms() {
        let answer = upload(&server, Role::Admin, "antrag.pdf", content).await;
        let (status, told) = (answer.status(), answer.json::<Value>().await.unwrap());
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {told}");
        let fault = &told["errors"][0];
        assert_eq!(
            (&fault["pointer"], &fault["code"]),
            (&json!("/content"), &json!(code)),
            "{what}: {told}"
        );
    }
    for (content, status) in [(vec![b' '; LARGEST + 1], 413), (vec![b' '; LARGEST], 422)] {
        let answer = upload(&server, Role::Admin, "antrag.pdf", content).await;
        assert_eq!(answer.status().as_u16(), status);
    }
    for role in [Role::Publisher, Role::Editor, Role::Viewer] {
        assert_eq!(upload(&server, role, "a.pdf", pdf("A")).await.status(), StatusCode::FORBIDDEN);
    }
    let stranger = server
        .anonymous(Method::POST, "/api/v1/forms?name=a.pdf")
        .body(pdf("A"))
        .send()
        .await
        .unwrap();
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
    let nameless = server
        .request(Role::Admin, Method::POST, "/api/v1/forms")
        .body(pdf("A"))
        .send()
        .await
        .unwrap();
    assert_eq!(nameless.json::<Value>().await.unwrap()["type"], "urn:umleitung:bad_parameters");
    // As most programs write it, and as few do.
    taken(&server, "a.pdf", packed("")).await;
    taken(
        &server,
        "b.pdf",
        pdf_with("A", "/Lang (de-DE)", &["<< /S /URI /URI (https://musterstadt.example/) >>"], ""),
    )
    .await;
}

#[tokio::test]
async fn people_are_given_what_a_procedure_names_and_nothing_else() {
    let server = town().await;
    let content = pdf("Antrag auf Zulassung");
    let form = taken(&server, "Antrag%20f%C3%BCr%20Kfz.PDF", content.clone()).await;
    assert!(form.ends_with("/antrag-fuer-kfz.pdf"), "{form}");
    assert_eq!(
        taken(&server, "Antrag f%C3%BCr Kfz.pdf", content.clone()).await,
        form,
        "the same is one"
    );
    let address = format!("/p/musterstadt/forms/{form}");
    // Nobody is given it yet; staff see it.
    assert_eq!(server.get(&address).await.status(), StatusCode::NOT_FOUND);
    let staff = server
        .request(Role::Viewer, Method::GET, &format!("/api/v1/forms/{form}"))
        .send()
        .await
        .unwrap();
    assert_eq!(staff.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(staff.bytes().await.unwrap(), content);

    let (status, told) = name_form(&server, Some(&form)).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let state = server.state().await;
    assert_eq!(state["procedures"][0]["steps"][0]["form"], address);
    let given = server.get(&address).await;
    let headers = given.headers().clone();
    assert_eq!(headers[header::CONTENT_TYPE], "application/pdf");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert!(headers[header::CACHE_CONTROL].to_str().unwrap().contains("stale-if-error"));
    assert_eq!(given.bytes().await.unwrap(), content);
    let known = server
        .anonymous(Method::GET, &address)
        .header(header::IF_NONE_MATCH, &headers[header::ETAG]);
    assert_eq!(known.send().await.unwrap().status(), StatusCode::NOT_MODIFIED);
    // Pages lead there, with the address under which people reach the server where they are read elsewhere.
    let page = server.get("/p/musterstadt/").await.text().await.unwrap();
    assert!(page.contains(&format!("href=\"./forms/{form}\"")), "{page}");
    assert!(page.contains("Antrag</span></span> (PDF)"), "{page}");
    let fragment = server.get("/p/musterstadt/fragment.html").await.text().await.unwrap();
    assert!(fragment.contains(&format!("{address}\"")) && !fragment.contains(&format!("href=\"{address}")));
    // Neither under another name nor for another portal.
    for other in [
        address.replace("antrag-fuer-kfz", "anders"),
        address.replace("/forms/", "/forms/0"),
        format!("/p/musterstadt/forms/{}", "a".repeat(64) + "/a.pdf"),
        address.replace("musterstadt", "anderswo"),
    ] {
        assert_eq!(server.get(&other).await.status(), StatusCode::NOT_FOUND, "{other}");
    }
    // What is taken out of the procedure is handed out no more, and stays for the record.
    assert_eq!(
        name_form(&server, Some("https://musterstadt.example/antrag")).await.0,
        StatusCode::OK
    );
    assert_eq!(server.get(&address).await.status(), StatusCode::NOT_FOUND);
    let staff = server
        .request(Role::Viewer, Method::GET, &format!("/api/v1/forms/{form}"))
        .send()
        .await
        .unwrap();
    assert_eq!(staff.bytes().await.unwrap(), content);
}

#[tokio::test]
async fn what_was_not_uploaded_here_is_told_at_its_field() {
    let server = town().await;
    let form = format!("{}/antrag.pdf", "0".repeat(64));
    let (status, told) = name_form(&server, Some(&form)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let fault = &told["errors"][0];
    assert_eq!(
        (&fault["pointer"], &fault["code"]),
        (&json!("/steps/0/form"), &json!("not_uploaded"))
    );
    let exported = server
        .request(Role::Admin, Method::GET, "/api/v1/catalogue.toml")
        .send()
        .await
        .unwrap();
    let toml = exported.text().await.unwrap();
    let procedure = r#"
[[procedure]]
id = "neu"
name = { de = "Neu" }
steps = [{ text = { de = "Los." }, form = "FORM" }]
"#;
    let toml = [toml, procedure.replace("FORM", &form)].concat();
    let applied = server
        .request(Role::Admin, Method::POST, "/api/v1/catalogue")
        .json(&json!({"toml": toml}));
    let told: Value = applied.send().await.unwrap().json().await.unwrap();
    let detail = told["errors"][0]["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("line ") && detail.contains("antrag.pdf") && detail.contains("was not uploaded"),
        "{told}"
    );
}

#[tokio::test]
async fn the_command_line_attaches_a_form_and_a_mirror_has_it() {
    let data = tempfile::tempdir().unwrap();
    let (good, bad, file) = (
        data.path().join("Antrag A.pdf"),
        data.path().join("b.pdf"),
        data.path().join("catalogue.toml"),
    );
    let content = pdf("Antrag");
    fs::write(&good, &content).unwrap();
    fs::write(&bad, "<html>").unwrap();
    let refused = binary::fail(data.path(), &["catalogue", "attach", bad.to_str().unwrap()]);
    assert!(refused.contains("is no PDF"), "{refused}");
    let form = binary::succeed(data.path(), &["catalogue", "attach", good.to_str().unwrap()]);
    let form = form.trim();
    assert!(form.ends_with("/antrag-a.pdf"), "{form}");
    let catalogue = |form: &str| {
        let step = "{ text = { de = \"Sack hinstellen.\" } }";
        let with_form = step.replace("} }", &format!("}}, form = \"{form}\" }}"));
        assert!(CATALOGUE.contains(step));
        fs::write(&file, CATALOGUE.replace(step, &with_form)).unwrap();
    };
    catalogue(&form.replace(|digit: char| digit.is_ascii_digit(), "0"));
    let refused = binary::fail(data.path(), &["catalogue", "apply", file.to_str().unwrap()]);
    assert!(refused.contains("was not uploaded here") && refused.contains("line "), "{refused}");
    catalogue(form);
    binary::succeed(data.path(), &["catalogue", "apply", file.to_str().unwrap()]);
    let mirror = tempfile::tempdir().unwrap();
    let target = ["mirror", mirror.path().to_str().unwrap(), "--public-url", "http://copy.example"];
    binary::succeed(data.path(), &target);
    let copy = |portal: &str| mirror.path().join(format!("p/{portal}/forms/{form}"));
    assert_eq!(fs::read(copy("county")).unwrap(), content);
    assert!(!copy("town").exists(), "nobody is given it there");
    // The server holds it the same way.
    let server = Process::serve(data.path(), &[]);
    for (portal, status) in [("county", StatusCode::OK), ("town", StatusCode::NOT_FOUND)] {
        let given = reqwest::get(format!("{}/p/{portal}/forms/{form}", server.base)).await.unwrap();
        assert_eq!(given.status(), status, "{portal}");
    }
    drop(server);
    // What is taken out goes with the next look.
    catalogue("https://musterstadt.example/antrag");
    binary::succeed(data.path(), &["catalogue", "apply", file.to_str().unwrap()]);
    binary::succeed(data.path(), &target);
    assert!(!copy("county").exists());
}

#[tokio::test]
async fn another_node_hands_out_what_one_has_taken() {
    let postgres = Postgres::start().await;
    let database = postgres.database("forms").await;
    let node = ["--public-url", "http://notices.example"];
    let demo = Process::serve(&database, &["--demo", node[0], node[1]]);
    let other = Process::serve(&database, &node);
    let token = binary::succeed(&database, &["token", "create", "ops", "--role", "admin"]);
    let content = pdf("Antrag");
    let client = reqwest::Client::new();
    let send = |method: Method, base: &str, path: &str| client.request(method, format!("{base}{path}")).bearer_auth(token.trim());
    let uploaded = send(Method::POST, &demo.base, "/api/v1/forms?name=a.pdf").body(content.clone());
    let uploaded: Value = uploaded.send().await.unwrap().json().await.unwrap();
    let form = uploaded["form"].as_str().unwrap();
    let path = "/api/v1/catalogue/procedure/kfz-vor-ort";
    let found = send(Method::GET, &other.base, path).send().await.unwrap();
    let revision = found.headers()[header::ETAG].clone();
    let mut procedure: Value = found.json().await.unwrap();
    procedure["steps"][0]["form"] = form.into();
    let put = send(Method::PUT, &other.base, path).header(header::IF_MATCH, revision);
    assert_eq!(put.json(&procedure).send().await.unwrap().status(), StatusCode::OK);
    let given = client
        .get(format!("{}/p/musterstadt/forms/{form}", other.base))
        .send()
        .await
        .unwrap();
    assert_eq!(given.status(), StatusCode::OK);
    assert_eq!(given.bytes().await.unwrap(), content);
}
