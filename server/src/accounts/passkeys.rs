//! Passkeys (WebAuthn): keys that a device keeps and uses only for whoever shows it a finger, a face or a number. So each is both factors at once,
//! and whoever signs in with one types nothing.

use std::{net::IpAddr, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::identity::{Identity, NewChallenge, Passkey};
use url::{Host, Url};
use webauthn_rs_core::{
    WebauthnCore,
    error::WebauthnError,
    proto::{
        AttestationFormat, AuthenticationState, Credential, ParsedAttestation, PublicKeyCredential, RegisterPublicKeyCredential,
        RegistrationState, UserVerificationPolicy,
    },
};

use super::{
    AccountError, Accounts, Secret, fingerprint,
    names::Name,
    second_factor::fresh_codes,
    sessions::{Attempt, SignedIn},
};

/// For how long a device may take to sign.
const LASTS: Duration = Duration::from_secs(300);

/// The longest name of a passkey, in characters.
const LONGEST_NAME: usize = 60;

/// What stands in the device beside the name of the account.
const ISSUER: &str = "Umleitung";

/// For whom devices sign: the host under which people reach the server. To browsers an address in figures is nobody.
#[derive(Debug)]
pub struct RelyingParty {
    host: String,
    webauthn: WebauthnCore,
}

impl RelyingParty {
    /// The server under this address; `None`: its host has no name.
    pub fn at(public_url: &str) -> Option<Self> {
        let origin = Url::parse(public_url).ok()?;
        let Some(Host::Domain(host)) = origin.host() else { return None };
        let host = host.to_owned();
        // Neither subdomains nor other ports are this server.
        let webauthn = WebauthnCore::new_unsafe_experts_only(ISSUER, &host, vec![origin], LASTS, Some(false), Some(false));
        Some(Self { host, webauthn })
    }

    /// The host in whose name devices sign.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What a device has to sign to add a key to this account; none that has one of these keys already.
    fn ask_for_key(&self, person: &Identity, others: Vec<Vec<u8>>) -> Result<(Vec<u8>, Value, RegistrationState), AccountError> {
        let builder = self
            .webauthn
            .new_challenge_register_builder(person.actor.id.as_bytes(), &person.name, &person.name)?
            .require_resident_key(true)
            .user_verification_policy(UserVerificationPolicy::Required)
            .exclude_credentials(Some(others));
        let (asked, state) = self.webauthn.generate_challenge_register(builder)?;
        Ok((asked.public_key.challenge.clone(), serde_json::to_value(asked.public_key)?, state))
    }

    /// What a device has to sign to show whose it is.
    fn ask_who(&self) -> Result<(Vec<u8>, Value, AuthenticationState), AccountError> {
        let policy = Some(UserVerificationPolicy::Required);
        let builder = self.webauthn.new_challenge_authenticate_builder(Vec::new(), policy)?;
        let (asked, state) = self.webauthn.generate_challenge_authenticate(builder)?;
        Ok((asked.public_key.challenge.clone(), serde_json::to_value(asked.public_key)?, state))
    }
}

/// A passkey that was added.
#[derive(Clone, Debug)]
pub struct AddedPasskey {
    pub passkey: Passkey,
    /// Codes for when all devices are lost, with the first thing that is asked for beside the password.
    pub recovery_codes: Vec<String>,
    /// The session that goes on in the place of all that were begun by the password alone, if there were such.
    pub signed_in: Option<SignedIn>,
}

/// Whatever the library refuses is refused for one reason; which it was is for the log.
impl From<WebauthnError> for AccountError {
    fn from(error: WebauthnError) -> Self {
        tracing::info!(?error, "a passkey was refused");
        Self::WrongPasskey
    }
}

impl Accounts {
    /// The passkeys of a person, the oldest first. `who` is an id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn passkeys(&self, who: &str) -> Result<Vec<Passkey>, AccountError> {
        Ok(self.identities.passkeys(who).await?)
    }

    /// Begins to add a passkey to the account of somebody who knows the password; what the browser is to ask of a device.
    ///
    /// # Errors
    /// [`AccountError::WrongCredentials`], [`AccountError::TooManyAttempts`].
    pub async fn begin_passkey(&self, at: &RelyingParty, attempt: Attempt) -> Result<Value, AccountError> {
        let person = self.prove(attempt).await?.person;
        let id = &person.actor.id;
        let others = self.identities.passkeys(id).await?;
        let others = others.iter().filter_map(|other| URL_SAFE_NO_PAD.decode(&other.credential_id).ok());
        let (challenge, options, state) = at.ask_for_key(&person, others.collect())?;
        self.wait_for_answer(&challenge, Some(id), &state).await?;
        Ok(options)
    }

    /// Adds the passkey that a device has made. With the first thing that is asked for beside the password, all sessions of the person end,
    /// and one begins.
    ///
    /// # Errors
    /// [`AccountError::BadName`], [`AccountError::NameTaken`]; [`AccountError::WrongPasskey`].
    pub async fn add_passkey(&self, at: &RelyingParty, person: Identity, name: &str, answer: Value) -> Result<AddedPasskey, AccountError> {
        let id = person.actor.id.clone();
        let name = Name::of_at_most(LONGEST_NAME, name)?;
        let others = self.identities.passkeys(&id).await?;
        name.refuse_taken(others.into_iter().map(|other| other.name).collect())?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let challenge = challenge_of(&answer.response.client_data_json)?;
        let state = self.state_of(&challenge, Some(&id)).await?;
        let state: RegistrationState = serde_json::from_str(&state)?;
        let judged = at.webauthn.register_credential(&answer, &state, None);

        let mut change = self.identities.change().await?;
        if !change.take_passkey_challenge(&challenge).await? {
            return Err(AccountError::WrongPasskey);
        }
        let credential = match judged {
            Ok(credential) => credential,
            Err(error) => {
                change.commit().await?;
                return Err(error.into());
            }
        };
        let passkey = Passkey {
            id: format!("passkey-{}", &Secret::new()?.as_str()[..12]),
            name: name.as_str().to_owned(),
            credential_id: URL_SAFE_NO_PAD.encode(&credential.cred_id),
            credential: kept(credential)?,
            created_at: self.clock.now(),
            used_at: None,
        };
        let is_first = !change.has_second_factor(&id).await?;
        if !change.add_passkey(&id, &passkey).await? {
            return Err(AccountError::WrongPasskey);
        }
        let (mut recovery_codes, mut signed_in) = (Vec::new(), None);
        if is_first {
            recovery_codes = fresh_codes(&mut change, &id).await?;
            change.forget_sessions(&id).await?;
            let person = Identity {
                has_second_factor: true,
                ..person
            };
            signed_in = Some(self.begin_session(&mut change, person, None).await?);
        }
        change.commit().await?;
        Ok(AddedPasskey {
            passkey,
            recovery_codes,
            signed_in,
        })
    }

    /// Removes a passkey of somebody who knows the password; `id` is its own.
    ///
    /// # Errors
    /// [`AccountError::WrongCredentials`], [`AccountError::TooManyAttempts`]; [`AccountError::NoPasskey`].
    pub async fn remove_passkey(&self, attempt: Attempt, id: &str) -> Result<(), AccountError> {
        let person = self.prove(attempt).await?.person;
        let mut change = self.identities.change().await?;
        if !change.remove_passkey(&person.actor.id, id).await? {
            return Err(AccountError::NoPasskey);
        }
        Ok(change.commit().await?)
    }

    /// What the browser of somebody who wants to sign in is to ask of a device. It is the same for everybody: who they are the device tells.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn begin_sign_in_by_passkey(&self, at: &RelyingParty, address: Option<IpAddr>) -> Result<Value, AccountError> {
        self.throttle.challenge(address, self.clock.steady())?;
        let (challenge, options, state) = at.ask_who()?;
        self.wait_for_answer(&challenge, None, &state).await?;
        Ok(options)
    }

    /// Signs in whoever's device has answered. `browsers` is what came as the secret of a browser in which somebody has signed in before.
    ///
    /// # Errors
    /// [`AccountError::WrongPasskey`], whatever was wrong: also for a passkey that is unknown, and for somebody who is kept out.
    pub async fn sign_in_by_passkey(&self, at: &RelyingParty, answer: Value, browsers: Vec<String>) -> Result<SignedIn, AccountError> {
        let answer: PublicKeyCredential = read(answer)?;
        let challenge = challenge_of(&answer.response.client_data_json)?;
        let state = self.state_of(&challenge, None).await?;
        let state: AuthenticationState = serde_json::from_str(&state)?;
        let judged = self.judge(at, &answer, &state).await;

        let browser = match &judged {
            Ok((person, ..)) => self.known_browser(browsers, Some(person)).await?,
            Err(_) => None,
        };
        let mut change = self.identities.change().await?;
        if !change.take_passkey_challenge(&challenge).await? {
            return Err(AccountError::WrongPasskey);
        }
        let (person, seen, credential) = match judged {
            Ok(judged) => judged,
            Err(error) => {
                change.commit().await?;
                return Err(error);
            }
        };
        if !change.use_passkey(&seen, &credential, self.clock.now()).await? {
            return Err(AccountError::WrongPasskey);
        }
        let signed_in = self
            .begin_session(&mut change, person, browser.map(|browser| browser.secret))
            .await?;
        change.commit().await?;
        Ok(signed_in)
    }

    /// Whose passkey has signed, the passkey as it was, and what is to be kept of it from now on.
    async fn judge(
        &self,
        at: &RelyingParty,
        answer: &PublicKeyCredential,
        state: &AuthenticationState,
    ) -> Result<(Identity, Passkey, String), AccountError> {
        let found = self.identities.passkey(&URL_SAFE_NO_PAD.encode(&answer.raw_id)).await?;
        let (person, passkey) = found.ok_or(AccountError::WrongPasskey)?;
        // The device names the account too, and has to name this one.
        if answer.get_user_unique_id() != Some(person.actor.id.as_bytes()) {
            return Err(AccountError::WrongPasskey);
        }
        let mut credential: Credential = serde_json::from_str(&passkey.credential)?;
        let told = at.webauthn.authenticate_single_credential(answer, state, &credential)?;
        credential.counter = told.counter();
        credential.backup_state = told.backup_state();
        let credential = kept(credential)?;
        Ok((person, passkey, credential))
    }

    async fn wait_for_answer(&self, challenge: &[u8], account: Option<&str>, state: &impl Serialize) -> Result<(), AccountError> {
        let now = self.clock.now();
        let lasts = SignedDuration::try_from(LASTS).unwrap_or_default();
        let new = NewChallenge {
            fingerprint: &fingerprint(&URL_SAFE_NO_PAD.encode(challenge)),
            account,
            state: &serde_json::to_string(state)?,
            now,
            expires_at: now.saturating_add(lasts).unwrap_or(Timestamp::MAX),
        };
        Ok(self.identities.add_passkey_challenge(new).await?)
    }

    /// By what an answer is judged; `account` is whose challenge it has to be.
    async fn state_of(&self, challenge: &str, account: Option<&str>) -> Result<String, AccountError> {
        let found = self.identities.passkey_challenge(challenge, account, self.clock.now()).await?;
        found.ok_or(AccountError::WrongPasskey)
    }
}

/// Reads what a browser has sent.
fn read<T: for<'de> Deserialize<'de>>(answer: Value) -> Result<T, AccountError> {
    serde_json::from_value(answer).map_err(|_| AccountError::WrongPasskey)
}

/// The fingerprint of the challenge that a device says it has signed. Whether it has, the library looks at.
fn challenge_of(client_data: &[u8]) -> Result<String, AccountError> {
    #[derive(Deserialize)]
    struct ClientData {
        challenge: String,
    }
    let told: ClientData = serde_json::from_slice(client_data).map_err(|_| AccountError::WrongPasskey)?;
    Ok(fingerprint(&told.challenge))
}

/// What is kept of a passkey. Who has made the device is nobody's business here.
fn kept(credential: Credential) -> Result<String, AccountError> {
    let credential = Credential {
        attestation: ParsedAttestation::default(),
        attestation_format: AttestationFormat::None,
        ..credential
    };
    Ok(serde_json::to_string(&credential)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_hosts_that_have_a_name() {
        for (address, host) in [
            ("https://notices.example", Some("notices.example")),
            ("https://notices.example:8443/umleitung", Some("notices.example")),
            ("http://localhost:8080", Some("localhost")),
            ("http://127.0.0.1:8080", None),
            ("https://[::1]", None),
            ("", None),
        ] {
            assert_eq!(RelyingParty::at(address).as_ref().map(RelyingParty::host), host, "{address}");
        }
    }
}
