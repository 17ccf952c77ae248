//! The second factor: codes of a device, as RFC 6238 has it (SHA-1, six digits, 30 seconds, which is what all such devices know), and codes for
//! when it is lost. A passkey is one, too ([`super::passkeys`]); then only these are typed.

use store::{
    identity::{Identity, Person, SecondFactor},
    tables::Change,
};
use totp_rs::{Builder, Totp};

use super::{
    AccountError, Accounts, fingerprint,
    hashing::HashingError,
    names::usual_form,
    sessions::{Attempt, Proven, SignedIn},
    throttle::Source,
};

/// How many codes there are for when the device is lost.
const RECOVERY_CODES: usize = 10;

/// Of what these consist: nothing that looks like something else (Crockford's Base32).
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many letters each has. Each letter is five bits; 80 bits are found by nobody, so a fast hash protects them.
const LETTERS_OF_ONE: usize = 16;

/// How many digits of a code are read out over the phone: whoever hears them knows no code by which one signs in.
const SPOKEN_DIGITS: usize = 4;

/// For so many steps of 30 seconds a device can be added that was begun with.
const LASTS: i64 = 20;

/// What stands in the device beside the name.
const ISSUER: &str = "Umleitung";

/// What a device has to know.
#[derive(Clone, Debug)]
pub struct Device {
    /// In Base32, for those who type it.
    pub secret: String,
    /// The same with the name of the account, for a picture: `otpauth://totp/…`.
    pub address: String,
}

/// What somebody has typed as a code.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Typed {
    OfDevice(String),
    ForRecovery(String),
}

impl Typed {
    /// Blanks and hyphens count for nothing, nor does the case; a letter that looks like a digit is that digit.
    fn read(typed: &str) -> Self {
        let letters = typed
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .take(2 * LETTERS_OF_ONE);
        let letters = letters.map(|letter| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            letter => letter,
        });
        let letters: String = letters.collect();
        if letters.len() == 6 && letters.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::OfDevice(letters)
        } else {
            Self::ForRecovery(letters)
        }
    }
}

impl Accounts {
    /// How a person's second factor stands; one that was only begun is none. `who` is an id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn second_factor(&self, who: &str) -> Result<Option<SecondFactor>, AccountError> {
        let found = self.identities.second_factor(who).await?;
        Ok(found.filter(|factor| factor.confirmed_at.is_some()))
    }

    /// Begins to add a device to the account of somebody who knows the password. It counts once a code of it was given.
    ///
    /// # Errors
    /// [`AccountError::WrongCredentials`], [`AccountError::TooManyAttempts`]; [`AccountError::HasSecondFactor`].
    pub async fn begin_second_factor(&self, attempt: Attempt) -> Result<Device, AccountError> {
        let person = self.prove(attempt).await?.person;
        let mut bytes = [0; 20];
        getrandom::fill(&mut bytes).map_err(HashingError::from)?;
        let secret = totp_rs::Secret::from(bytes);
        let base32 = secret.to_base32();
        let mut change = self.identities.change().await?;
        if !change.begin_second_factor(&person.actor.id, &base32, self.step()).await? {
            return Err(AccountError::HasSecondFactor);
        }
        change.commit().await?;
        // What stands before a colon would be taken for the issuer.
        let named = person.name.replace(':', " ");
        let device = Builder::new()
            .with_secret(secret)
            .with_account_name(named)
            .with_issuer(Some(ISSUER));
        Ok(Device {
            secret: base32,
            address: device.build_noncompliant().to_url().unwrap_or_default(),
        })
    }

    /// Takes the device whose code this is from now on, and tells the codes for when it is lost. All sessions of the person end, which were
    /// begun by the password alone, and one begins.
    ///
    /// # Errors
    /// [`AccountError::WrongCode`]; [`AccountError::NoSecondFactor`] when none was begun, [`AccountError::HasSecondFactor`] when one counts already.
    pub async fn confirm_second_factor(&self, person: Identity, code: &str) -> Result<(SignedIn, Vec<String>), AccountError> {
        let id = &person.actor.id;
        let begun = self.identities.second_factor(id).await?.ok_or(AccountError::NoSecondFactor)?;
        if begun.confirmed_at.is_some() {
            return Err(AccountError::HasSecondFactor);
        }
        if self.step() - begun.last_step > LASTS {
            return Err(AccountError::NoSecondFactor);
        }
        // Whoever has only a session does not know the secret, and must not find a code of it.
        let now = self.clock.steady();
        let turn = self.throttle.turn_for_code(id, Source::Address(None), now)?;
        let step = match Typed::read(code) {
            Typed::OfDevice(code) => self.step_of(&begun.secret, &code),
            Typed::ForRecovery(_) => None,
        };
        let step = step.ok_or(AccountError::WrongCode)?;
        turn.was_right(now);
        let mut change = self.identities.change().await?;
        if !change.confirm_second_factor(id, &begun.secret, step, self.clock.now()).await? {
            return Err(AccountError::HasSecondFactor);
        }
        let codes = fresh_codes(&mut change, id).await?;
        change.forget_sessions(id).await?;
        let person = Identity {
            has_second_factor: true,
            ..person
        };
        let signed_in = self.begin_session(&mut change, person, None).await?;
        change.commit().await?;
        Ok((signed_in, codes))
    }

    /// Gives somebody who knows the password other recovery codes; those from before end.
    ///
    /// # Errors
    /// [`AccountError::WrongCredentials`], [`AccountError::TooManyAttempts`]; [`AccountError::NoSecondFactor`].
    pub async fn new_recovery_codes(&self, attempt: Attempt) -> Result<Vec<String>, AccountError> {
        let person = self.prove(attempt).await?.person;
        if !person.has_second_factor {
            return Err(AccountError::NoSecondFactor);
        }
        let mut change = self.identities.change().await?;
        let codes = fresh_codes(&mut change, &person.actor.id).await?;
        change.commit().await?;
        Ok(codes)
    }

    /// How many recovery codes a person has left. `who` is an id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recovery_codes(&self, who: &str) -> Result<u32, AccountError> {
        Ok(self.identities.recovery_codes(who).await?)
    }

    /// Asks somebody who knows the password for no code of a device any more.
    ///
    /// # Errors
    /// [`AccountError::WrongCredentials`], [`AccountError::TooManyAttempts`].
    pub async fn remove_second_factor(&self, attempt: Attempt) -> Result<(), AccountError> {
        let person = self.prove(attempt).await?.person;
        self.forget_second_factor(&person.actor.id).await
    }

    /// Asks a person for nothing beside the password any more: they have lost their devices and the codes. All their sessions end. `who` is a name
    /// or an id; `may` looks at them once nobody else can change them.
    ///
    /// # Errors
    /// When there is nobody of this name, or `may` refuses.
    pub async fn reset_second_factor<E: From<AccountError>>(
        &self,
        who: &str,
        may: impl FnOnce(&Person) -> Result<(), E>,
    ) -> Result<Person, E> {
        let resetting = async {
            let mut change = self.identities.change().await?;
            let person = super::people::one_of(change.people().await?, who)?;
            Ok::<_, AccountError>((change, person))
        };
        let (mut change, mut person) = resetting.await?;
        may(&person)?;
        let reset = async {
            change.remove_passkeys(&person.id).await?;
            change.remove_second_factor(&person.id).await?;
            change.forget_sessions(&person.id).await?;
            change.commit().await
        };
        reset.await.map_err(AccountError::from)?;
        person.has_second_factor = false;
        Ok(person)
    }

    async fn forget_second_factor(&self, id: &str) -> Result<(), AccountError> {
        let mut change = self.identities.change().await?;
        change.remove_second_factor(id).await?;
        Ok(change.commit().await?)
    }

    /// Looks at the code of somebody who knows the password, where one is asked for, and uses it up.
    ///
    /// # Errors
    /// [`AccountError::CodeNeeded`], [`AccountError::PasskeyNeeded`] where there are passkeys and no device; [`AccountError::WrongCode`],
    /// [`AccountError::TooManyAttempts`].
    pub(super) async fn show_code(&self, change: &mut Change, proven: &Proven, code: Option<&str>) -> Result<(), AccountError> {
        let id = &proven.person.actor.id;
        let found = change.second_factor(id).await?;
        let factor = found.filter(|factor| factor.confirmed_at.is_some());
        if factor.is_none() && !change.has_second_factor(id).await? {
            return Ok(());
        }
        let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
            return Err(factor.map_or(AccountError::PasskeyNeeded, |_| AccountError::CodeNeeded));
        };
        let holds = match (Typed::read(code), factor) {
            (Typed::OfDevice(_), None) => false,
            (Typed::OfDevice(code), Some(factor)) => {
                let now = self.clock.steady();
                let turn = self.throttle.turn_for_code(id, proven.source(), now)?;
                let holds = match self.step_of(&factor.secret, &code) {
                    Some(step) => change.take_step(id, &factor.secret, step).await?,
                    None => false,
                };
                if holds {
                    turn.was_right(now);
                }
                holds
            }
            (Typed::ForRecovery(code), _) => change.take_recovery_code(id, &fingerprint(&code)).await?,
        };
        if holds { Ok(()) } else { Err(AccountError::WrongCode) }
    }

    /// The person whose device shows a code that begins with these digits, which they have read out to somebody over the phone. The code is used
    /// up by it, for everything. `name` is theirs, `listener` the id of whoever heard them.
    ///
    /// # Errors
    /// [`AccountError::WrongCode`], also where there is no such person or device; [`AccountError::TooManyAttempts`].
    pub async fn hear(&self, name: &str, digits: &str, listener: &str) -> Result<Identity, AccountError> {
        let usual = usual_form(name);
        let found = self.identities.credentials(name, &usual).await?;
        let person = found.map(|found| found.identity);
        // Somebody who hears themselves is no second person.
        let person = person.filter(|person| person.actor.id != listener);
        let now = self.clock.steady();
        // By the name, whether or not anybody has it.
        let turn = self.throttle.turn_for_spoken(&usual, listener, now);
        let turn = turn.inspect_err(|_| tracing::warn!(said_of = usual, listener, "too many wrong codes over the phone"))?;
        let heard = self.hear_of(person, digits).await;
        match &heard {
            Ok(_) => turn.was_right(now),
            Err(AccountError::WrongCode) => tracing::warn!(said_of = usual, listener, "a code over the phone does not hold"),
            Err(_) => {}
        }
        heard
    }

    async fn hear_of(&self, person: Option<Identity>, digits: &str) -> Result<Identity, AccountError> {
        let person = person.ok_or(AccountError::WrongCode)?;
        let id = &person.actor.id;
        let mut change = self.identities.change().await?;
        let factor = change.second_factor(id).await?;
        let factor = factor
            .filter(|factor| factor.confirmed_at.is_some())
            .ok_or(AccountError::WrongCode)?;
        let step = self.step_of_spoken(&factor.secret, digits).ok_or(AccountError::WrongCode)?;
        if !change.take_step(id, &factor.secret, step).await? {
            return Err(AccountError::WrongCode);
        }
        change.commit().await?;
        Ok(person)
    }

    /// The step whose code begins with these digits, as [`Self::step_of`] looks at a whole one.
    fn step_of_spoken(&self, secret: &str, digits: &str) -> Option<i64> {
        let digits: String = digits
            .chars()
            .filter(|digit| !digit.is_whitespace())
            .take(SPOKEN_DIGITS + 1)
            .collect();
        if digits.len() != SPOKEN_DIGITS {
            return None;
        }
        let (device, now) = (device(secret)?, self.step());
        let begins = |step: i64| {
            let second = u64::try_from(step * 30).ok()?;
            device.generate(second).to_string().starts_with(&digits).then_some(step)
        };
        [now, now - 1, now + 1].into_iter().find_map(begins)
    }

    /// The present step of 30 seconds since 1970.
    fn step(&self) -> i64 {
        self.clock.now().as_second().div_euclid(30)
    }

    /// The step of 30 seconds since 1970 whose code this is: the present one, the one before or the one after.
    fn step_of(&self, secret: &str, code: &str) -> Option<i64> {
        let now = u64::try_from(self.clock.now().as_second()).ok()?;
        let step = device(secret)?.check(code, now)?;
        i64::try_from(step).ok()
    }
}

/// What works out the codes.
fn device(base32: &str) -> Option<Totp> {
    let secret = totp_rs::Secret::try_from_base32(base32).ok()?;
    Some(Builder::new().with_secret(secret).build_noncompliant())
}

/// Fresh recovery codes in the place of those from before, as people write them: in groups of four.
pub(super) async fn fresh_codes(change: &mut Change, id: &str) -> Result<Vec<String>, AccountError> {
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let mut bytes = [0; LETTERS_OF_ONE];
        getrandom::fill(&mut bytes).map_err(HashingError::from)?;
        codes.push(bytes.map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])));
    }
    let prints: Vec<String> = codes.iter().map(|code| fingerprint(&String::from_iter(code))).collect();
    change.set_recovery_codes(id, &prints).await?;
    let written = |code: &[char; LETTERS_OF_ONE]| code.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-");
    Ok(codes.iter().map(written).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        for typed in ["123456", " 123 456 ", "123-456", "I2345 6"] {
            assert_eq!(Typed::read(typed), Typed::OfDevice("123456".to_owned()), "{typed}");
        }
        let code = Typed::ForRecovery("ab0d1fgh1jkmnpqr".to_owned());
        for typed in ["ab0d-1fgh-1jkm-npqr", "AB0D 1FGH LJKM NPQR", "abOdIfghljkmnpqr"] {
            assert_eq!(Typed::read(typed), code, "{typed}");
        }
        for typed in ["12345", "1234567", "12345x", "١٢٣٤٥٦", ""] {
            assert!(matches!(Typed::read(typed), Typed::ForRecovery(_)), "{typed}");
        }
        assert!(matches!(Typed::read(&"9".repeat(1 << 20)), Typed::ForRecovery(code) if code.len() == 32));
    }

    /// RFC 6238, appendix B, the last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = totp_rs::Secret::from(*b"12345678901234567890").to_base32();
        let device = device(&secret).unwrap();
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(device.check(code, second), Some(second / 30));
            assert_eq!(device.check(code, second + 60), None);
        }
    }
}
