//! An uploaded form, as a step of a procedure names it: by its content and its name, so that the record tells for good what people were given.

use std::fmt;

use super::model::{Catalogue, Procedure};
use crate::words::PortalId;

/// The most that a form may have, in bytes: what a telephone on a bad line fetches within half a minute.
pub const LARGEST_FORM: usize = 5 * 1024 * 1024;

/// The longest name, in bytes, with its ending.
const LONGEST_NAME: usize = 80;

/// How every name ends.
const ENDING: &str = ".pdf";

/// The length of a digest: SHA-256 in base 16.
const DIGEST: usize = 64;

/// An uploaded form. Written as `DIGEST/NAME`: the SHA-256 of its content in base 16, as `sha256sum` prints it, and the name under which people
/// get it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormFile {
    digest: String,
    name: String,
}

impl FormFile {
    /// Reads what a step of a procedure names; `None`: it is no uploaded form.
    pub fn parse(written: &str) -> Option<Self> {
        let (digest, name) = written.split_once('/')?;
        let is_digest = digest.len() == DIGEST && digest.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        let stem = name.strip_suffix(ENDING)?;
        let is_name = name.len() <= LONGEST_NAME
            && stem.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
            && stem
                .bytes()
                .all(|letter| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'));
        (is_digest && is_name).then(|| Self {
            digest: digest.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The form with this content and a name made from what its author calls it: `Antrag für Wohngeld.PDF` becomes `antrag-fuer-wohngeld.pdf`.
    pub fn new(digest: &[u8; 32], called: &str) -> Self {
        let called = called.to_lowercase();
        let called = called.strip_suffix(ENDING).unwrap_or(&called);
        let mut name = String::new();
        for letter in called.chars() {
            match letter {
                'ä' => name.push_str("ae"),
                'ö' => name.push_str("oe"),
                'ü' => name.push_str("ue"),
                'ß' => name.push_str("ss"),
                'a'..='z' | '0'..='9' => name.push(letter),
                '_' | '.' if !name.is_empty() => name.push(letter),
                _ if name.is_empty() || name.ends_with('-') => {}
                _ => name.push('-'),
            }
        }
        name.truncate(LONGEST_NAME - ENDING.len());
        let stem = name.trim_end_matches(['-', '_', '.']);
        let stem = if stem.is_empty() { "formular" } else { stem };
        Self {
            digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            name: [stem, ENDING].concat(),
        }
    }

    /// The SHA-256 of its content in base 16.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The name under which people get it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where a portal hands it out, as an address of the server.
    pub fn address(&self, portal: &PortalId) -> String {
        format!("/p/{portal}/forms/{self}")
    }
}

impl fmt::Display for FormFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.digest, self.name)
    }
}

impl Procedure {
    /// The uploaded forms that its steps name, each with the JSON Pointer to where it is named.
    pub fn uploaded_forms(&self) -> impl Iterator<Item = (String, FormFile)> {
        self.steps.iter().enumerate().filter_map(|(i, step)| {
            let form = FormFile::parse(step.form.as_deref()?)?;
            Some((format!("/steps/{i}/form"), form))
        })
    }
}

impl Catalogue {
    /// The uploaded forms that procedures name, each with the JSON Pointer to where it is named.
    pub fn uploaded_forms(&self) -> impl Iterator<Item = (String, FormFile)> {
        self.procedures.iter().enumerate().flat_map(|(i, procedure)| {
            let forms = procedure.uploaded_forms();
            forms.map(move |(at, form)| (format!("/procedure/{i}{at}"), form))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_name_is_made_from_what_people_call_it() {
        for (called, name) in [
            ("Antrag für Wohngeld.PDF", "antrag-fuer-wohngeld.pdf"),
            ("KFZ_4.2.pdf", "kfz_4.2.pdf"),
            ("Straße  (neu).pdf", "strasse-neu.pdf"),
            ("../../etc/passwd", "etc-passwd.pdf"),
            ("заява.pdf", "formular.pdf"),
            (".pdf", "formular.pdf"),
            ("a\u{202e}fdp.exe", "a-fdp.exe.pdf"),
        ] {
            let form = FormFile::new(&[0xe3; 32], called);
            assert_eq!(form.name(), name);
            assert_eq!(FormFile::parse(&form.to_string()), Some(form));
        }
        let long = FormFile::new(&[0; 32], &"ä".repeat(90));
        assert_eq!(long.name().len(), 80);
    }

    #[test]
    fn only_what_was_uploaded_is_one() {
        let form = FormFile::parse(&format!("{DIGEST}/antrag.pdf")).unwrap();
        let town = PortalId::parse("musterstadt").unwrap();
        assert_eq!(form.address(&town), format!("/p/musterstadt/forms/{DIGEST}/antrag.pdf"));
        for other in [
            "https://a.example/antrag.pdf".to_owned(),
            format!("{DIGEST}/antrag.html"),
            format!("{DIGEST}/.pdf"),
            format!("{DIGEST}/../a.pdf"),
            format!("{DIGEST}/a/b.pdf"),
            format!("{DIGEST}/Antrag.pdf"),
            format!("{DIGEST}/a b.pdf"),
            format!("{}/a.pdf", DIGEST.to_uppercase()),
            format!("{}/a.pdf", &DIGEST[1..]),
            format!("{DIGEST}/{}.pdf", "a".repeat(90)),
        ] {
            assert_eq!(FormFile::parse(&other), None, "{other}");
        }
    }
}
