//! A share of something: 99.5 %.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A share from 0 to 100 per cent, exact to hundredths of a per cent. Written as `99.5 %`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Share(u32);

/// Not a valid share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no share; write per cent with two decimals at the most, such as `99.5 %`")]
pub struct InvalidShare(String);

const WHOLE: u32 = 10_000;

impl Share {
    /// That many hundredths of a per cent; what is more than the whole is the whole.
    pub const fn hundredths(hundredths: u32) -> Self {
        Self(if hundredths > WHOLE { WHOLE } else { hundredths })
    }

    /// The share of `part` in `whole`, rounded down so that nothing is said to be whole that is not; `None`: of nothing.
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        let hundredths = (u128::from(part) * u128::from(WHOLE)).checked_div(u128::from(whole))?;
        Some(Self::hundredths(u32::try_from(hundredths).unwrap_or(WHOLE)))
    }

    /// In per cent.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// In hundredths of a per cent.
    pub const fn in_hundredths(self) -> u32 {
        self.0
    }
}

impl FromStr for Share {
    type Err = InvalidShare;

    fn from_str(given: &str) -> Result<Self, InvalidShare> {
        let invalid = || InvalidShare(given.chars().take(40).collect());
        let number = given.trim();
        let number = number.strip_suffix('%').unwrap_or(number).trim_end();
        let (whole, rest) = number.split_once(['.', ',']).unwrap_or((number, "0"));
        let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole, 3) || !digits(rest, 2) {
            return Err(invalid());
        }
        let hundredths: u32 = format!("{whole}{rest:0<2}").parse().map_err(|_| invalid())?;
        (hundredths <= WHOLE).then_some(Self(hundredths)).ok_or_else(invalid)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{whole} %"),
            (_, 0) => write!(f, "{whole}.{} %", rest / 10),
            _ => write!(f, "{whole}.{rest:02} %"),
        }
    }
}

impl TryFrom<String> for Share {
    type Error = InvalidShare;

    fn try_from(given: String) -> Result<Self, InvalidShare> {
        given.parse()
    }
}

impl From<Share> for String {
    fn from(share: Share) -> Self {
        share.to_string()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Share {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Share".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "Per cent with two decimals at the most, such as `99.5 %`.",
            "pattern": "^[0-9]{1,3}([.,][0-9]{1,2})? ?%?$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_as_people_write_them_and_written_in_one_way() {
        for (given, written) in [
            ("99.5 %", "99.5 %"),
            ("99,5%", "99.5 %"),
            (" 99.95 ", "99.95 %"),
            ("99.05 %", "99.05 %"),
            ("100", "100 %"),
            ("0,0 %", "0 %"),
        ] {
            assert_eq!(given.parse::<Share>().unwrap().to_string(), written, "{given}");
        }
        for given in ["", "%", "100.01 %", "99.999 %", "-1 %", "99.", ".5", "99.5 % %", "1e2", "9 9"] {
            assert!(given.parse::<Share>().is_err(), "{given}");
        }
    }

    #[test]
    fn nothing_is_whole_that_is_not() {
        assert_eq!(Share::of(99_999, 100_000), Some(Share::hundredths(9_999)));
        assert_eq!((Share::of(3, 3), Share::of(0, 0)), (Some(Share::hundredths(10_000)), None));
    }
}
