//! Each call of the management API, what it needs, and what becomes of it.

use domain::access::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::SECRET;

/// What a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Town,
    County,
    /// What both need.
    Both,
    /// The server as a whole.
    Server,
    /// Nothing in particular.
    Oneself,
}

/// Where somebody holds a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Town,
    County,
    TownAndCounty,
    Everywhere,
}

impl Reach {
    pub(super) const ALL: [Self; 4] = [Self::Town, Self::County, Self::TownAndCounty, Self::Everywhere];

    /// Whether it comprises all of it.
    pub(super) fn has(self, about: About) -> bool {
        match about {
            About::Oneself => true,
            About::Town => self != Self::County,
            About::County => self != Self::Town,
            About::Both => matches!(self, Self::TownAndCounty | Self::Everywhere),
            About::Server => self == Self::Everywhere,
        }
    }

    /// Whether it comprises some of it.
    pub(super) fn meets(self, about: About) -> bool {
        about == About::Both || self.has(about)
    }

    pub(super) fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Town => &["--portal", "town"],
            Self::County => &["--portal", "county"],
            Self::TownAndCounty => &["--portal", "town", "--portal", "county"],
            Self::Everywhere => &[],
        }
    }
}

/// A call, what it needs, and what becomes of it when it is allowed.
pub(super) struct Call {
    pub(super) method: Method,
    /// As in the router; `{id}` and `{transition}` are filled in from `with`.
    pub(super) path: &'static str,
    pub(super) with: [&'static str; 2],
    pub(super) body: Value,
    pub(super) needs: Role,
    pub(super) about: About,
    pub(super) done: StatusCode,
    /// What is refused to those who may read it; others learn that there is nothing.
    pub(super) is_of_a_thing: bool,
}

/// Which things there are for it, made anew for each call.
const THINGS: [(&str, About); 3] = [("cars", About::Town), ("waste", About::County), ("login", About::Both)];

pub(super) fn notice(service: &str, publish: bool) -> Value {
    let title = if service == "waste" { SECRET } else { "Titel" };
    json!({"kind": "outage", "severity": "outage", "services": [service], "title": {"de": title}, "publish": publish})
}

/// On one day of each year.
pub(super) fn series(service: &str) -> Value {
    let mut notice = notice(service, false);
    notice["kind"] = "maintenance".into();
    notice.as_object_mut().unwrap().remove("publish");
    json!({
        "notice": notice, "announce_hours": 0,
        "recurrence": {"time_zone": "Europe/Berlin", "first": "2026-06-01", "rule": {"each": "year", "month": 6, "day": 1}, "times": {"starts": "12:00", "ends": "13:00"}},
    })
}

/// Of one day that is far away; without a service: for all work.
pub(super) fn freeze(service: &str) -> Value {
    let name = if service == "waste" { SECRET } else { "Frist" };
    let services: Vec<&str> = Some(service).filter(|service| !service.is_empty()).into_iter().collect();
    let spans = json!([{"from": "2099-01-01T00:00:00Z", "to": "2099-01-02T00:00:00Z"}]);
    json!({"name": name, "level": "reason", "services": services, "when": {"spans": spans}})
}

fn call(method: Method, path: &'static str, needs: Role, about: About, done: u16) -> Call {
    Call {
        method,
        path,
        with: ["", ""],
        body: Value::Null,
        needs,
        about,
        done: StatusCode::from_u16(done).unwrap(),
        is_of_a_thing: false,
    }
}

pub(super) fn calls() -> Vec<Call> {
    let read = |path| call(Method::GET, path, Role::Viewer, About::Oneself, 200);
    let mut calls = vec![
        read("/api/v1/session"),
        read("/api/v1/catalogue"),
        read("/api/v1/catalogue.toml"),
        read("/api/v1/notices"),
        read("/api/v1/series"),
        read("/api/v1/freezes"),
        read("/api/v1/channels"),
        read("/api/v1/arrivals"),
        read("/api/v1/approvals"),
        read("/api/v1/journal"),
        read("/api/v1/journal.csv"),
        read("/api/v1/journal.jsonl"),
        read("/api/v1/health"),
        call(Method::GET, "/api/v1/people", Role::Admin, About::Oneself, 200),
        call(Method::GET, "/api/v1/tokens", Role::Admin, About::Oneself, 200),
        call(Method::GET, "/api/v1/invitations", Role::Admin, About::Oneself, 200),
        call(Method::POST, "/api/v1/me/password", Role::Viewer, About::Oneself, 403),
        call(Method::POST, "/api/v1/me/sign-out", Role::Viewer, About::Oneself, 403),
        call(Method::GET, "/api/v1/me/second-factor", Role::Viewer, About::Oneself, 403),
        call(Method::POST, "/api/v1/me/second-factor", Role::Viewer, About::Oneself, 403),
        call(Method::POST, "/api/v1/me/second-factor/confirm", Role::Viewer, About::Oneself, 403),
        call(Method::POST, "/api/v1/me/second-factor/remove", Role::Viewer, About::Oneself, 403),
        call(Method::POST, "/api/v1/me/recovery-codes", Role::Viewer, About::Oneself, 403),
        call(Method::GET, "/api/v1/me/passkeys", Role::Viewer, About::Oneself, 403),
        call(Method::POST, "/api/v1/me/passkeys", Role::Viewer, About::Oneself, 403),
        call(Method::POST, "/api/v1/me/passkeys/challenge", Role::Viewer, About::Oneself, 403),
        Call {
            with: ["passkey-1", ""],
            ..call(Method::POST, "/api/v1/me/passkeys/{id}/remove", Role::Viewer, About::Oneself, 403)
        },
        call(Method::GET, "/api/v1/webhooks", Role::Admin, About::Oneself, 200),
        Call {
            body: json!({"reason": "Grund"}),
            ..call(Method::POST, "/api/v1/clock", Role::Admin, About::Server, 200)
        },
    ];
    calls.push(Call {
        body: json!({"reason": "Grund"}),
        ..call(Method::POST, "/api/v1/journal/{seq}/redact", Role::Admin, About::Server, 204)
    });
    calls.extend(about_portals());
    calls.extend(THINGS.into_iter().flat_map(|(service, about)| about_notices(service, about)));
    calls.extend(THINGS.into_iter().flat_map(|(service, about)| about_series(service, about)));
    calls.extend(THINGS.into_iter().flat_map(|(service, about)| about_freezes(service, about)));
    calls.extend(THINGS.into_iter().flat_map(|(service, about)| about_approvals(service, about)));
    // One for all work is the whole server's, and everybody's to read.
    calls.push(Call {
        body: freeze(""),
        ..call(Method::POST, "/api/v1/freezes", Role::Publisher, About::Server, 201)
    });
    calls.push(Call {
        is_of_a_thing: true,
        ..call(Method::GET, "/api/v1/freezes/{id}", Role::Viewer, About::Oneself, 200)
    });
    for (method, path, body) in [
        (Method::PATCH, "/api/v1/freezes/{id}", json!({"name": "Frist"})),
        (Method::POST, "/api/v1/freezes/{id}/end", json!({})),
    ] {
        calls.push(Call {
            body,
            ..call(method, path, Role::Publisher, About::Server, 200)
        });
    }
    calls.extend(about_the_catalogue());
    calls.extend(about_channels());
    calls.extend(about_people_and_programs());
    calls.extend(about_webhooks());
    calls.extend(about_subscriptions());
    calls.extend(about_sources());
    calls.extend(about_probes());
    calls
}

/// What a portal showed, and how it did, is for its staff.
fn about_portals() -> Vec<Call> {
    let mut calls = vec![call(Method::GET, "/api/v1/reports", Role::Viewer, About::Oneself, 200)];
    for (portal, about) in [("town", About::Town), ("county", About::County)] {
        calls.extend(
            ["/api/v1/portals/{id}/seen?at={at}", "/api/v1/reports/{id}/{file}"].map(|path| Call {
                with: [portal, ""],
                is_of_a_thing: true,
                ..call(Method::GET, path, Role::Viewer, about, 200)
            }),
        );
    }
    calls
}

/// Each may read the entries of theirs; to change one is to change what all have.
fn about_the_catalogue() -> Vec<Call> {
    let one = "/api/v1/catalogue/{kind}/{id}";
    let mut calls = Vec::new();
    for (portal, service, about) in [("town", "cars", About::Town), ("county", "waste", About::County)] {
        for (kind, id) in [("portal", portal), ("service", service)] {
            calls.push(Call {
                with: [id, kind],
                is_of_a_thing: true,
                ..call(Method::GET, one, Role::Viewer, about, 200)
            });
        }
        calls.push(Call {
            with: [portal, ""],
            is_of_a_thing: true,
            ..call(Method::POST, "/api/v1/portals/{id}/examination", Role::Admin, about, 200)
        });
        calls.push(Call {
            with: [portal, ""],
            is_of_a_thing: true,
            ..call(Method::GET, "/api/v1/opening?hours=24/7&portal={id}", Role::Viewer, about, 200)
        });
    }
    // Not what is to be sent; but only whoever may send it learns so.
    calls.push(call(Method::POST, "/api/v1/forms?name=a.pdf", Role::Admin, About::Server, 422));
    calls.push(call(
        Method::GET,
        "/api/v1/forms/{digest}/{name}",
        Role::Viewer,
        About::Oneself,
        404,
    ));
    calls.push(Call {
        with: ["cars", "service"],
        body: json!({"id": "cars", "name": {"de": "Kfz"}, "requires": ["login"], "channels": ["counter"]}),
        ..call(Method::PUT, one, Role::Admin, About::Server, 200)
    });
    calls.push(Call {
        // What everybody with an account may know of stays.
        with: ["bags", "procedure"],
        ..call(Method::DELETE, one, Role::Admin, About::Server, 422)
    });
    calls.push(Call {
        body: json!({"toml": crate::grants::CATALOGUE, "check_only": true}),
        ..call(Method::POST, "/api/v1/catalogue", Role::Admin, About::Server, 200)
    });
    calls
}

fn about_notices(service: &'static str, about: About) -> Vec<Call> {
    let mut calls = Vec::new();
    for (publish, needs) in [(false, Role::Editor), (true, Role::Publisher)] {
        calls.push(Call {
            body: notice(service, publish),
            ..call(Method::POST, "/api/v1/notices", needs, about, 201)
        });
    }
    let mut preview = notice(service, true);
    preview.as_object_mut().unwrap().remove("publish");
    calls.push(Call {
        body: preview,
        ..call(Method::POST, "/api/v1/preview", Role::Viewer, about, 200)
    });
    let of_notice = |method, path, word, body, needs, done| Call {
        with: [service, word],
        body,
        is_of_a_thing: true,
        ..call(method, path, needs, about, done)
    };
    let one = "/api/v1/notices/{id}";
    calls.push(of_notice(Method::GET, one, "", Value::Null, Role::Viewer, 200));
    let other = json!({"impact": {"de": "Mehr"}});
    calls.push(of_notice(Method::PATCH, one, "", other, Role::Publisher, 200));
    let text = json!({"text": {"de": "Neues"}});
    calls.push(of_notice(
        Method::POST,
        "/api/v1/notices/{id}/updates",
        "",
        text,
        Role::Publisher,
        201,
    ));
    for word in ["resolve", "withdraw"] {
        let path = "/api/v1/notices/{id}/{transition}";
        calls.push(of_notice(Method::POST, path, word, json!({}), Role::Publisher, 200));
    }
    calls
}

fn about_series(service: &'static str, about: About) -> Vec<Call> {
    let mut calls = vec![Call {
        body: series(service),
        ..call(Method::POST, "/api/v1/series", Role::Publisher, about, 201)
    }];
    for (method, path, body, needs, done) in [
        (Method::GET, "/api/v1/series/{id}", Value::Null, Role::Viewer, 200),
        (
            Method::PATCH,
            "/api/v1/series/{id}",
            json!({"announce_hours": 1}),
            Role::Publisher,
            200,
        ),
        (
            Method::POST,
            "/api/v1/series/{id}/split",
            json!({"from": "2098-01-01", "announce_hours": 2}),
            Role::Publisher,
            201,
        ),
        (Method::POST, "/api/v1/series/{id}/end", json!({}), Role::Publisher, 200),
        (
            Method::GET,
            "/api/v1/series/{id}/occurrences?from=2098-01-01&to=2098-12-31",
            Value::Null,
            Role::Viewer,
            200,
        ),
        (
            Method::POST,
            "/api/v1/series/{id}/occurrences/{day}",
            json!({"exception": "skipped"}),
            Role::Publisher,
            200,
        ),
        (
            Method::POST,
            "/api/v1/series/{id}/occurrences/{day}/announce",
            json!({}),
            Role::Publisher,
            200,
        ),
    ] {
        calls.push(Call {
            with: [service, ""],
            body,
            is_of_a_thing: true,
            ..call(method, path, needs, about, done)
        });
    }
    calls
}

fn about_freezes(service: &'static str, about: About) -> Vec<Call> {
    let path = match service {
        "cars" => "/api/v1/check?service=cars&from=2099-01-01T00:00:00Z&to=2099-01-01T01:00:00Z",
        "waste" => "/api/v1/check?service=waste&from=2099-01-01T00:00:00Z&to=2099-01-01T01:00:00Z",
        _ => "/api/v1/check?service=login&from=2099-01-01T00:00:00Z&to=2099-01-01T01:00:00Z",
    };
    let mut calls = vec![
        Call {
            body: freeze(service),
            ..call(Method::POST, "/api/v1/freezes", Role::Publisher, about, 201)
        },
        call(Method::GET, path, Role::Viewer, about, 200),
    ];
    for (method, path, body, needs) in [
        (Method::GET, "/api/v1/freezes/{id}", Value::Null, Role::Viewer),
        (Method::PATCH, "/api/v1/freezes/{id}", json!({"level": "hint"}), Role::Publisher),
        (Method::POST, "/api/v1/freezes/{id}/end", json!({}), Role::Publisher),
    ] {
        calls.push(Call {
            with: [service, ""],
            body,
            is_of_a_thing: true,
            ..call(method, path, needs, about, 200)
        });
    }
    calls
}

/// The login, and with it its hall, is felt on both portals.
fn about_channels() -> Vec<Call> {
    let mut calls = Vec::new();
    for (channel, about) in [("counter", About::Town), ("yard", About::County), ("hall", About::Both)] {
        let note = if channel == "yard" { SECRET } else { "Umzug" };
        for (method, body) in [(Method::POST, json!({"note": note})), (Method::DELETE, json!({}))] {
            calls.push(Call {
                with: [channel, ""],
                body,
                is_of_a_thing: true,
                ..call(method, "/api/v1/channels/{id}/outage", Role::Publisher, about, 200)
            });
        }
    }
    calls
}

/// On the day that takes a second person.
pub(super) fn request(service: &str) -> Value {
    let mut request = notice(service, true);
    request["kind"] = "maintenance".into();
    request["starts_at"] = "2096-01-01T10:00:00Z".into();
    request["ends_at"] = "2096-01-01T11:00:00Z".into();
    request["freeze_reason"] = "Grund".into();
    request
}

/// Programs ask and read; the second person is a person, whatever a token may.
fn about_approvals(service: &'static str, about: About) -> Vec<Call> {
    let one = [
        (Method::GET, "/api/v1/approvals/{id}", "", Value::Null, Role::Viewer, 200),
        (Method::POST, "/api/v1/approvals/{id}/approve", "", json!({}), Role::Publisher, 403),
        (
            Method::POST,
            "/api/v1/approvals/{id}/decline",
            "",
            json!({"text": "Nein"}),
            Role::Publisher,
            403,
        ),
        (
            Method::POST,
            "/api/v1/approvals/{id}/break-glass",
            "",
            json!({"break_glass": "Eilt"}),
            Role::Publisher,
            403,
        ),
        (Method::POST, "/api/v1/approvals/{id}/withdraw", "", json!({}), Role::Admin, 200),
        (
            Method::POST,
            "/api/v1/approvals/{id}/review",
            "review",
            json!({}),
            Role::Publisher,
            403,
        ),
    ];
    let of_request = |(method, path, word, body, needs, done)| Call {
        with: [service, word],
        body,
        is_of_a_thing: true,
        ..call(method, path, needs, about, done)
    };
    one.into_iter().map(of_request).collect()
}

fn about_people_and_programs() -> Vec<Call> {
    let mut calls = Vec::new();
    for (holder, about) in [
        ("of-town", About::Town),
        ("of-county", About::County),
        ("of-both", About::Both),
        ("of-all", About::Server),
    ] {
        for path in [
            "/api/v1/people/{id}/disable",
            "/api/v1/people/{id}/enable",
            "/api/v1/people/{id}/sign-out",
            "/api/v1/people/{id}/second-factor/reset",
            "/api/v1/tokens/{id}/revoke",
        ] {
            calls.push(Call {
                with: [holder, ""],
                is_of_a_thing: true,
                ..call(Method::POST, path, Role::Admin, about, 200)
            });
        }
        let grants = granted(holder);
        calls.push(Call {
            with: [holder, ""],
            body: json!({"grants": grants}),
            is_of_a_thing: true,
            ..call(Method::PATCH, "/api/v1/people/{id}", Role::Admin, about, 200)
        });
        calls.push(Call {
            body: invitation(holder),
            ..call(Method::POST, "/api/v1/invitations", Role::Admin, about, 201)
        });
        calls.push(Call {
            with: [holder, ""],
            is_of_a_thing: true,
            ..call(Method::DELETE, "/api/v1/invitations/{id}", Role::Admin, about, 204)
        });
        calls.push(Call {
            body: json!({"grants": grants}),
            ..call(Method::POST, "/api/v1/tokens", Role::Admin, about, 201)
        });
    }
    calls
}

/// What somebody has who is called so.
fn granted(holder: &str) -> Value {
    let portals = match holder {
        "of-town" => json!(["town"]),
        "of-county" => json!(["county"]),
        "of-both" => json!(["town", "county"]),
        _ => Value::Null,
    };
    json!([{"role": "publisher", "portals": portals}])
}

/// Somebody who is to have the same. Whom the county invites is nobody else's business.
pub(super) fn invitation(holder: &str) -> Value {
    let label = if holder == "of-county" { SECRET } else { holder };
    json!({"label": label, "grants": granted(holder)})
}

fn about_webhooks() -> Vec<Call> {
    let mut calls = Vec::new();
    for (portals, about) in [
        (&["town"][..], About::Town),
        (&["county"], About::County),
        (&["town", "county"], About::Both),
        (&[], About::Server),
    ] {
        calls.push(Call {
            body: webhook(portals),
            ..call(Method::POST, "/api/v1/webhooks", Role::Admin, about, 201)
        });
        for path in [
            "/api/v1/webhooks/{id}/end",
            "/api/v1/webhooks/{id}/replay",
            "/api/v1/webhooks/{id}/test",
        ] {
            calls.push(Call {
                with: [
                    portals.first().copied().unwrap_or_default(),
                    if portals.len() > 1 { "county" } else { "" },
                ],
                is_of_a_thing: true,
                ..call(Method::POST, path, Role::Admin, about, 200)
            });
        }
    }
    calls
}

/// Who is told by mail is the business of those who administrate the portal, and one of another there is not.
fn about_subscriptions() -> Vec<Call> {
    let mut calls = vec![
        call(Method::GET, "/api/v1/subscriptions", Role::Admin, About::Oneself, 200),
        Call {
            body: json!({"address": "nobody@beispiel.example"}),
            ..call(Method::POST, "/api/v1/subscriptions/find", Role::Admin, About::Oneself, 200)
        },
    ];
    let one = "/api/v1/subscriptions/{id}/end";
    calls.extend([("town", About::Town), ("county", About::County)].map(|(portal, about)| Call {
        with: [portal, ""],
        is_of_a_thing: true,
        ..call(Method::POST, one, Role::Admin, about, 204)
    }));
    calls
}

/// Rules are for all portals, and so is whoever they hear. What a program tells by its own token is no matter of roles.
fn about_sources() -> Vec<Call> {
    let of_one = |path, done| call(Method::POST, path, Role::Admin, About::Server, done);
    vec![
        call(Method::GET, "/api/v1/sources", Role::Admin, About::Server, 200),
        Call {
            body: source(),
            ..call(Method::POST, "/api/v1/sources", Role::Admin, About::Server, 201)
        },
        of_one("/api/v1/sources/{id}/token", 200),
        of_one("/api/v1/sources/{id}/end", 204),
    ]
}

/// What is looked at is an entry of the catalogue; what was found may be read by whoever may read that. To look is to see what the server sees.
fn about_probes() -> Vec<Call> {
    let probe = json!({"id": "a", "name": {"de": "A"}, "kind": "tcp", "target": "127.0.0.1:1", "attempts": 1});
    let mut calls = vec![
        call(Method::GET, "/api/v1/probes", Role::Viewer, About::Oneself, 200),
        Call {
            body: probe,
            ..call(Method::POST, "/api/v1/probes/try", Role::Admin, About::Server, 200)
        },
    ];
    let one = "/api/v1/probes/{id}/availability?month=2026-03";
    calls.extend([("cars", About::Town), ("waste", About::County)].map(|(id, about)| Call {
        with: [id, ""],
        is_of_a_thing: true,
        ..call(Method::GET, one, Role::Viewer, about, 200)
    }));
    calls
}

/// A source as it may be, but for its id, of which there is one.
pub(super) fn source() -> Value {
    json!({"id": "", "kind": "alertmanager"})
}

/// One that tells of these portals; none: of all. The county's address is nobody else's business.
pub(super) fn webhook(portals: &[&str]) -> Value {
    let secret = if portals.contains(&"county") { SECRET } else { "" };
    // Nobody is there, and it is not asked for either.
    let address = format!("https://localhost:1/{secret}");
    let portals = (!portals.is_empty()).then_some(portals);
    json!({"address": address, "portals": portals})
}
