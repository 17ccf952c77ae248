//! Rules about licences: everything that is built in can be given on under the EUPL-1.2.
//!
//! The list lives in `deny.toml`, so that cargo-deny, where it is installed, judges by the same one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::breach::Breach;
use crate::project;

/// Licences that are fine for every package, and those that are fine for one.
pub(super) struct Policy {
    allowed: BTreeSet<String>,
    exceptions: BTreeMap<String, BTreeSet<String>>,
}

impl Policy {
    pub(super) fn read() -> Result<Self> {
        let text = fs::read_to_string(project::root().join("deny.toml")).context("cannot read deny.toml")?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse().context("deny.toml is not valid TOML")?;
        let licences = table.get("licenses").context("deny.toml has no [licenses]")?;
        let mut exceptions = BTreeMap::new();
        for exception in licences.get("exceptions").and_then(toml::Value::as_array).into_iter().flatten() {
            let package = exception
                .get("crate")
                .and_then(toml::Value::as_str)
                .context("an exception in deny.toml names no crate")?;
            exceptions.insert(package.to_owned(), names(exception)?);
        }
        Ok(Self {
            allowed: names(licences)?,
            exceptions,
        })
    }

    fn allows(&self, package: &str, licence: &str) -> bool {
        self.allowed.contains(licence) || self.exceptions.get(package).is_some_and(|allowed| allowed.contains(licence))
    }
}

fn names(table: &toml::Value) -> Result<BTreeSet<String>> {
    let list = table
        .get("allow")
        .and_then(toml::Value::as_array)
        .context("deny.toml: a list `allow` is missing")?;
    Ok(list.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect())
}

pub(super) fn breaches(metadata: &Value, policy: &Policy) -> Vec<Breach> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    packages.iter().filter_map(|package| breach(package, policy)).collect()
}

fn breach(package: &Value, policy: &Policy) -> Option<Breach> {
    let name = package["name"].as_str().unwrap_or_default();
    let reason = match package["license"].as_str() {
        None => "states no licence".to_owned(),
        Some(expression) => match evaluate(expression, &|licence| policy.allows(name, licence)) {
            Ok(true) => return None,
            Ok(false) => format!("`{expression}` is not allowed by deny.toml"),
            Err(error) => format!("`{expression}` cannot be understood: {error}"),
        },
    };
    let version = package["version"].as_str().unwrap_or_default();
    Some(Breach {
        file: "Cargo.lock".to_owned(),
        line: 1,
        rule: "licence",
        reason: format!("{name} {version}: {reason}"),
    })
}

/// Whether an SPDX expression can be satisfied with allowed licences alone.
///
/// # Errors
/// When it is no expression.
fn evaluate(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Result<bool> {
    // The old way to write OR, from before SPDX expressions were asked for.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { words: &words, allowed };
    let result = parser.alternatives()?;
    match parser.words {
        [] => Ok(result),
        [stray, ..] => bail!("`{stray}` is one word too many"),
    }
}

struct Parser<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl<'a> Parser<'a> {
    fn take(&mut self, wanted: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case(wanted) => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn alternatives(&mut self) -> Result<bool> {
        let mut result = self.requirements()?;
        while self.take("OR") {
            result |= self.requirements()?;
        }
        Ok(result)
    }

    fn requirements(&mut self) -> Result<bool> {
        let mut result = self.licence()?;
        while self.take("AND") {
            result &= self.licence()?;
        }
        Ok(result)
    }

    fn licence(&mut self) -> Result<bool> {
        if self.take("(") {
            let result = self.alternatives()?;
            if !self.take(")") {
                bail!("a parenthesis is not closed");
            }
            return Ok(result);
        }
        let name = self.name()?;
        if self.take("WITH") {
            // An exception only ever adds rights, so that the licence alone is enough as well.
            let exception = self.name()?;
            return Ok((self.allowed)(name) || (self.allowed)(&format!("{name} WITH {exception}")));
        }
        Ok((self.allowed)(name))
    }

    fn name(&mut self) -> Result<&'a str> {
        match self.words.split_first() {
            Some((&first, rest)) if !matches!(first.to_ascii_uppercase().as_str(), "AND" | "OR" | "WITH" | "(" | ")") => {
                self.words = rest;
                Ok(first)
            }
            _ => bail!("a licence is missing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expected: Option<bool>) {
        let allowed = |licence: &str| matches!(licence, "MIT" | "Apache-2.0" | "Unicode-3.0");
        assert_eq!(evaluate(expression, &allowed).ok(), expected, "{expression}");
    }

    #[test]
    fn expressions_are_evaluated() {
        check("MIT", Some(true));
        check("GPL-3.0-only", Some(false));
        check("MIT OR GPL-3.0-only", Some(true));
        check("MIT AND GPL-3.0-only", Some(false));
        check("MIT/GPL-3.0", Some(true));
        check("GPL-3.0-only OR MIT AND Apache-2.0", Some(true));
        check("MIT OR Apache-2.0 AND GPL-3.0-only", Some(true));
        check("(MIT OR Apache-2.0) AND GPL-3.0-only", Some(false));
        check("(MIT OR Apache-2.0) AND Unicode-3.0", Some(true));
        check("Apache-2.0 WITH LLVM-exception OR GPL-3.0-only", Some(true));
        check("GPL-2.0-only WITH Classpath-exception-2.0", Some(false));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for broken in ["", "MIT OR", "MIT Apache-2.0", "(MIT", "MIT)", "AND", "MIT WITH"] {
            check(broken, None);
        }
    }

    #[test]
    fn packages_are_judged_by_the_policy() {
        let policy =
            Policy::parse("[licenses]\nallow = [\"MIT\"]\nexceptions = [{ allow = [\"OpenSSL\"], crate = \"old\" }]").expect("valid");
        let metadata = serde_json::json!({"packages": [
            {"name": "fine", "version": "1.0.0", "license": "MIT OR X"},
            {"name": "old", "version": "1.0.0", "license": "OpenSSL"},
            {"name": "new", "version": "2.0.0", "license": "OpenSSL"},
            {"name": "silent", "version": "3.0.0", "license": null},
        ]});
        let reasons: Vec<String> = breaches(&metadata, &policy).into_iter().map(|breach| breach.reason).collect();
        assert_eq!(
            reasons,
            [
                "new 2.0.0: `OpenSSL` is not allowed by deny.toml",
                "silent 3.0.0: states no licence"
            ]
        );
        assert!(Policy::parse("[advisories]").is_err());
    }
}
