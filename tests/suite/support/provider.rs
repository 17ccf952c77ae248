//! A provider of OpenID Connect of the tests' own, which signs with a library that is not the server's, and lies when it is told to.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use axum::{
    Json, Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jiff::Timestamp;
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::clock::Clock;
use tokio::net::TcpListener;

pub(crate) const CLIENT: &str = "umleitung";
pub(crate) const CLIENT_SECRET: &str = "geheim & ein/bisschen=lang";

/// What is not true of a token, or of the answer with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    None,
    Nonce,
    NoNonce,
    Audience,
    FurtherAudience,
    Party,
    Issuer,
    Signature,
    ForeignKey,
    UnknownKey,
    Expired,
    Old,
    FromTheFuture,
    NoAlgorithm,
    Symmetric,
    NoToken,
    NoSubject,
    EndlessSubject,
}

impl Lie {
    pub(crate) const ALL: [Self; 17] = [
        Self::Nonce,
        Self::NoNonce,
        Self::Audience,
        Self::FurtherAudience,
        Self::Party,
        Self::Issuer,
        Self::Signature,
        Self::ForeignKey,
        Self::UnknownKey,
        Self::Expired,
        Self::Old,
        Self::FromTheFuture,
        Self::NoAlgorithm,
        Self::Symmetric,
        Self::NoToken,
        Self::NoSubject,
        Self::EndlessSubject,
    ];
}

/// A key by which it signs.
struct Key {
    id: String,
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(id: String) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        Self { id, pair }
    }

    fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let (x, y) = (&point[1..33], &point[33..]);
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id,
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        })
    }
}

/// Somebody who has signed in at the provider, and what it will say of them.
struct Issued {
    claims: Value,
    challenge: String,
    redirect: String,
    lie: Lie,
}

struct Inside {
    issuer: String,
    clock: Arc<dyn Clock>,
    key: Mutex<Key>,
    codes: Mutex<HashMap<String, Issued>>,
    /// Who comes to its page.
    expected: Mutex<Value>,
    /// How many codes there were.
    given: AtomicUsize,
    /// How often it was asked for its keys, and for tokens.
    asked: Mutex<(usize, usize)>,
    /// What it says of itself that is not so.
    pretended: Mutex<Value>,
}

/// A provider.
pub(crate) struct Provider {
    inside: Arc<Inside>,
}

impl Provider {
    /// One that goes by this clock.
    pub(crate) async fn start(clock: Arc<dyn Clock>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let inside = Arc::new(Inside {
            issuer: format!("http://{}/realms/stadt", listener.local_addr().unwrap()),
            clock,
            key: Mutex::new(Key::new("one".to_owned())),
            codes: Mutex::default(),
            expected: Mutex::default(),
            given: AtomicUsize::default(),
            asked: Mutex::default(),
            pretended: Mutex::new(json!({})),
        });
        let router = Router::new()
            .route("/realms/stadt/.well-known/openid-configuration", get(configuration))
            .route("/realms/stadt/auth", get(page))
            .route("/realms/stadt/keys", get(keys))
            .route("/realms/stadt/token", post(token))
            .with_state(inside.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { inside }
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.inside.issuer
    }

    /// Signs with another key from now on, and knows the one before no more.
    pub(crate) fn change_key(&self, id: &str) {
        *self.inside.key.lock().unwrap() = Key::new(id.to_owned());
    }

    /// Says this of itself from now on, beside what is so.
    pub(crate) fn pretend(&self, what: Value) {
        *self.inside.pretended.lock().unwrap() = what;
    }

    /// How often it was asked for its keys, and for tokens.
    pub(crate) fn asked(&self) -> (usize, usize) {
        *self.inside.asked.lock().unwrap()
    }

    /// Somebody signs in who was sent to this address; what stands in the address by which they come back.
    pub(crate) fn sign_in(&self, address: &str, claims: &Value, lie: Lie) -> Vec<(String, String)> {
        self.inside.sign_in(address, claims, lie)
    }

    /// Whoever comes to its page is this person from now on, and signed in already.
    pub(crate) fn expect(&self, claims: &Value) {
        *self.inside.expected.lock().unwrap() = claims.clone();
    }
}

impl Inside {
    fn sign_in(&self, address: &str, claims: &Value, lie: Lie) -> Vec<(String, String)> {
        let (place, query) = address.split_once('?').unwrap();
        assert_eq!(place, format!("{}/auth", self.issuer));
        let asked: HashMap<String, String> = reqwest::Url::parse(address).unwrap().query_pairs().into_owned().collect();
        for (name, expected) in [("response_type", "code"), ("client_id", CLIENT), ("code_challenge_method", "S256")] {
            assert_eq!(asked[name], expected, "{query}");
        }
        let mut claims = claims.clone();
        claims["nonce"] = json!(asked["nonce"]);
        let code = format!("code {}", self.given.fetch_add(1, SeqCst));
        let issued = Issued {
            claims,
            challenge: asked["code_challenge"].clone(),
            redirect: asked["redirect_uri"].clone(),
            lie,
        };
        self.codes.lock().unwrap().insert(code.clone(), issued);
        [("code", code), ("state", asked["state"].clone()), ("iss", self.issuer.clone())]
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec()
    }
}

async fn configuration(State(inside): State<Arc<Inside>>) -> Json<Value> {
    let issuer = &inside.issuer;
    let mut said = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        "code_challenge_methods_supported": ["S256"],
    });
    let pretended = inside.pretended.lock().unwrap().clone();
    said.as_object_mut().unwrap().extend(pretended.as_object().unwrap().clone());
    Json(said)
}

/// Where people sign in: whoever comes is sent back at once.
async fn page(State(inside): State<Arc<Inside>>, RawQuery(query): RawQuery) -> Redirect {
    let address = format!("{}/auth?{}", inside.issuer, query.unwrap());
    let asked = reqwest::Url::parse(&address).unwrap();
    let returns_to = asked.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned();
    let claims = inside.expected.lock().unwrap().clone();
    let back = inside.sign_in(&address, &claims, Lie::None);
    Redirect::to(reqwest::Url::parse_with_params(&returns_to, back).unwrap().as_str())
}

async fn keys(State(inside): State<Arc<Inside>>) -> Json<Value> {
    inside.asked.lock().unwrap().0 += 1;
    // One of a kind that nobody knows stands beside it.
    let unknown = json!({"kty": "MOON", "kid": "moon"});
    Json(json!({"keys": [unknown, inside.key.lock().unwrap().public()]}))
}

/// Refuses as the standard has it.
fn refuse(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response()
}

async fn token(State(inside): State<Arc<Inside>>, headers: HeaderMap, body: String) -> Response {
    inside.asked.lock().unwrap().1 += 1;
    let encoded = |text: &str| -> String { reqwest::Url::parse_with_params("a:", [("", text)]).unwrap().query().unwrap()[1..].to_owned() };
    let expected = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{}", encoded(CLIENT_SECRET))));
    if headers["authorization"] != expected {
        return refuse("invalid_client");
    }
    let asked = reqwest::Url::parse(&format!("a:?{body}")).unwrap();
    let asked: HashMap<String, String> = asked.query_pairs().into_owned().collect();
    // A code is taken once.
    let Some(issued) = inside.codes.lock().unwrap().remove(&asked["code"]) else {
        return refuse("invalid_grant");
    };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(asked["code_verifier"].as_bytes()));
    if asked["grant_type"] != "authorization_code" || asked["redirect_uri"] != issued.redirect || challenge != issued.challenge {
        return refuse("invalid_grant");
    }
    let mut answer = json!({"access_token": "x", "token_type": "Bearer", "expires_in": 60});
    if issued.lie != Lie::NoToken {
        answer["id_token"] = json!(inside.signed(issued));
    }
    Json(answer).into_response()
}

impl Inside {
    /// What it says of somebody, as a token.
    fn signed(&self, issued: Issued) -> String {
        let Issued { mut claims, lie, .. } = issued;
        let now: Timestamp = self.clock.now();
        let after = |seconds: i64| json!(now.as_second() + seconds);
        claims["iss"] = json!(self.issuer);
        claims["aud"] = json!(CLIENT);
        (claims["iat"], claims["exp"]) = (after(0), after(300));
        match lie {
            Lie::Nonce => claims["nonce"] = json!("another"),
            Lie::NoNonce => drop(claims.as_object_mut().unwrap().remove("nonce")),
            Lie::Audience => claims["aud"] = json!("another"),
            Lie::FurtherAudience => claims["aud"] = json!([CLIENT, "another"]),
            Lie::Party => claims["azp"] = json!("another"),
            Lie::Issuer => claims["iss"] = json!(format!("{}/", self.issuer)),
            Lie::Expired => claims["exp"] = after(-61),
            Lie::Old => claims["iat"] = after(-601),
            Lie::FromTheFuture => claims["iat"] = after(61),
            Lie::NoSubject => claims["sub"] = json!(""),
            Lie::EndlessSubject => claims["sub"] = json!("s".repeat(256)),
            _ => {}
        }
        let key = self.key.lock().unwrap();
        let (algorithm, id) = match lie {
            Lie::NoAlgorithm => ("none", key.id.as_str()),
            Lie::Symmetric => ("HS256", key.id.as_str()),
            Lie::UnknownKey => ("ES256", "unknown"),
            _ => ("ES256", key.id.as_str()),
        };
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({"alg": algorithm, "typ": "JWT", "kid": id});
        let said = format!("{}.{}", part(&header), part(&claims));
        let random = SystemRandom::new();
        let by = |key: &Key| key.pair.sign(&random, said.as_bytes()).unwrap().as_ref().to_vec();
        let mut signature = match lie {
            Lie::NoAlgorithm => Vec::new(),
            Lie::Symmetric => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes());
                hmac::sign(&key, said.as_bytes()).as_ref().to_vec()
            }
            Lie::ForeignKey => by(&Key::new(key.id.clone())),
            _ => by(&key),
        };
        if lie == Lie::Signature {
            signature[40] ^= 1;
        }
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
