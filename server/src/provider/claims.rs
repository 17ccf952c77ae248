//! What a provider says of somebody, as far as it is read: who they are, what people call them, in which groups they are; and of the token itself,
//! for whom it is, and from when until when it holds.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The longest name of somebody that the standard allows, in bytes.
const LONGEST_SUBJECT: usize = 255;

/// So many groups are looked at.
const GROUPS: usize = 10_000;

/// By so many seconds two clocks may differ.
const SKEW: i64 = 60;

/// So many seconds ago a token may have been made: it is asked for by whoever brings the code, and made then.
const OLDEST: i64 = 600;

/// Whoever a token is for: one, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    /// Whether it is for this one, and for nobody else.
    fn is_only(&self, client: &str) -> bool {
        match self {
            Self::One(one) => one == client,
            Self::Several(all) => !all.is_empty() && all.iter().all(|one| one == client),
        }
    }
}

/// What stands in a token (OpenID Connect Core 1.0, section 2). Issuer and signature are judged before it is read.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Claims {
    sub: String,
    aud: Audience,
    /// The party it was made for, where that is told.
    azp: Option<String>,
    /// Until when it holds, in seconds since 1970, as JSON has numbers.
    exp: f64,
    /// When it was made.
    iat: f64,
    /// From when on it holds.
    nbf: Option<f64>,
    nonce: Option<String>,
    /// What else is said, by the name of the claim. Which of them tells the groups is the operator's to say.
    #[serde(flatten)]
    further: Map<String, Value>,
}

/// What is read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) subject: String,
    pub(super) names: Vec<String>,
    pub(super) groups: Vec<String>,
}

impl Claims {
    /// Whether they are meant for this client, answer what it asked with this nonce, and hold at this instant (seconds since 1970).
    ///
    /// # Errors
    /// Says what is wrong.
    pub(super) fn judge(&self, client: &str, nonce: &str, now: i64) -> Result<(), &'static str> {
        let (now, skew) = (whole(now), whole(SKEW));
        if self.nonce.as_deref() != Some(nonce) {
            return Err("its `nonce` is not the one that was asked with");
        }
        // Whoever else it was made for must not hand it on to this server.
        if !self.aud.is_only(client) || self.azp.as_ref().is_some_and(|party| party != client) {
            return Err("it was made for somebody else too, or alone");
        }
        let made = now - whole(OLDEST)..=now + skew;
        if !made.contains(&self.iat) {
            return Err("it was made too long ago, or is still to be made");
        }
        let is_still_good = self.exp > now - skew;
        let is_good_already = self.nbf.is_none_or(|from| from <= now + skew);
        if is_still_good && is_good_already {
            Ok(())
        } else {
            Err("it does not hold now")
        }
    }

    /// Reads what is said of somebody; the groups from the claim of this name, which is a list of texts, or one text.
    ///
    /// # Errors
    /// When the provider calls them something that it may not.
    pub(super) fn read(&self, groups_claim: &str) -> Result<Read, &'static str> {
        let subject = &self.sub;
        if subject.is_empty() || subject.len() > LONGEST_SUBJECT || subject.chars().any(char::is_control) {
            return Err("its `sub` is empty, too long, or has control characters");
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let said = |claim: &str| self.further.get(claim).and_then(text);
        let groups = match self.further.get(groups_claim) {
            Some(Value::Array(groups)) => groups.iter().take(GROUPS).filter_map(text).collect(),
            Some(one) => text(one).into_iter().collect(),
            None => Vec::new(),
        };
        let names = [said("name"), said("preferred_username"), Some(subject.clone())];
        Ok(Read {
            subject: subject.clone(),
            names: names.into_iter().flatten().collect(),
            groups,
        })
    }
}

/// Seconds as JSON has them.
#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are whole in it for 285 million years")]
fn whole(seconds: i64) -> f64 {
    seconds as f64
}
