//! Options from elsewhere than the command line. One precedence: what stands on the command line, then the environment (`UMLEITUNG_PUBLIC_URL` for
//! `--public-url`), then the file that `--config` or `UMLEITUNG_CONFIG` names, then what is usual.
//!
//! The options of `serve` can be given so, and where another command has one of these, to that command as well.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::{Arg, ArgAction, Command};
use toml::Value;

/// The option that names the file, and what stands before its name in the environment.
const FILE: &str = "config";
const ENVIRONMENT: &str = "UMLEITUNG_";

/// Of these only one can be given: the nearer one counts.
const EITHER: [&str; 2] = ["data", "database"];

/// The words of the command line with the options that come from elsewhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Completed {
    pub(super) words: Vec<OsString>,
    /// Which came from where, for people.
    pub(super) came: Vec<String>,
}

/// Completes a command line. `environment` has the value of a variable.
///
/// # Errors
/// When the file cannot be read, or holds what is no option of `serve`.
pub(super) fn complete(root: &Command, words: Vec<OsString>, environment: impl Fn(&str) -> Option<OsString>) -> anyhow::Result<Completed> {
    let (command, place) = subcommand(root, &words);
    let given = |name: &str| value_of(&words[place..], name);
    let mut completed = Completed {
        words: Vec::new(),
        came: Vec::new(),
    };
    let known: Vec<&Arg> = root
        .find_subcommand("serve")
        .map(|serve| serve.get_arguments().collect())
        .unwrap_or_default();
    let of_environment = |name: &str| {
        let value = environment(&variable(name))?.into_string().ok()?;
        (!value.trim().is_empty()).then_some(value)
    };
    let file = value_of(&words, FILE)
        .flatten()
        .or_else(|| of_environment(FILE).map(OsString::from))
        .map(PathBuf::from);
    let written = file.as_deref().map(|file| read(file, &known)).transpose()?.unwrap_or_default();
    let is_given = |name: &str| given(name).is_some();
    let mut added: Vec<OsString> = Vec::new();
    let options = command
        .get_arguments()
        .filter(|own| known.iter().any(|arg| arg.get_long() == own.get_long()));
    for option in options {
        let Some(name) = option.get_long() else { continue };
        let group: &[&str] = if EITHER.contains(&name) { &EITHER } else { &[name] };
        if group.iter().any(|name| is_given(name)) {
            continue;
        }
        let nearer = group.iter().any(|name| of_environment(name).is_some());
        // An image says where a folder would be, and whoever runs it that there is a database.
        let is_moot = name == EITHER[0] && of_environment(EITHER[1]).is_some();
        let (values, from) = match of_environment(name).filter(|_| !is_moot) {
            Some(value) => (of_words(option, &value).with_context(|| variable(name))?, variable(name)),
            None if nearer => continue,
            None => match (written.get(name), &file) {
                (Some(values), Some(file)) => (values.clone(), file.display().to_string()),
                _ => continue,
            },
        };
        for value in &values {
            // In one word: a value may begin with a dash.
            added.push(
                if takes_value(option) {
                    format!("--{name}={value}")
                } else {
                    format!("--{name}")
                }
                .into(),
            );
        }
        if !values.is_empty() {
            completed.came.push(format!("--{name} from {from}"));
        }
    }
    completed.words = [&words[..place], &added, &words[place..]].concat();
    Ok(completed)
}

/// The command that is named, and where its own words begin.
fn subcommand<'a>(root: &'a Command, words: &[OsString]) -> (&'a Command, usize) {
    let (mut command, mut place) = (root, words.len().min(1));
    while let Some(word) = words.get(place).and_then(|word| word.to_str()) {
        match word.strip_prefix("--").and_then(|word| word.strip_prefix(FILE)) {
            // It may stand anywhere.
            Some("") if place + 1 < words.len() => place += 2,
            Some(rest) if rest.starts_with('=') => place += 1,
            _ => match command.find_subcommand(word) {
                Some(next) => (command, place) = (next, place + 1),
                None => break,
            },
        }
    }
    (command, place)
}

/// Whether an option is given, and with which value.
#[expect(clippy::option_option, reason = "an option without a value is given all the same")]
fn value_of(words: &[OsString], name: &str) -> Option<Option<OsString>> {
    let long = format!("--{name}");
    let own = words.iter().take_while(|word| *word != OsStr::new("--"));
    for (place, word) in own.enumerate() {
        if word == OsStr::new(&long) {
            return Some(words.get(place + 1).cloned());
        }
        if let Some(value) = word.to_str().and_then(|word| word.strip_prefix(&long)?.strip_prefix('=')) {
            return Some(Some(value.into()));
        }
    }
    None
}

fn variable(name: &str) -> String {
    format!("{ENVIRONMENT}{}", name.replace('-', "_").to_uppercase())
}

fn takes_value(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::Set | ArgAction::Append)
}

/// What a variable holds: of an option that may be given several times, words that are separated by blanks.
fn of_words(option: &Arg, value: &str) -> anyhow::Result<Vec<String>> {
    Ok(match option.get_action() {
        ArgAction::Append => value.split_whitespace().map(str::to_owned).collect(),
        ArgAction::SetTrue => match value.trim().to_ascii_lowercase().as_str() {
            "0" | "false" | "no" | "off" => Vec::new(),
            "1" | "true" | "yes" | "on" => vec![String::new()],
            other => bail!("`{other}` is neither true nor false"),
        },
        _ => vec![value.to_owned()],
    })
}

/// What a file holds, by the names of the options.
fn read(file: &Path, known: &[&Arg]) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let shown = file.display();
    let text = fs::read_to_string(file).with_context(|| format!("the settings {shown} cannot be read"))?;
    let table: toml::Table = text.parse().with_context(|| format!("the settings {shown} are no TOML"))?;
    let mut written = BTreeMap::new();
    for (key, value) in table {
        let name = key.replace('_', "-");
        let Some(option) = known.iter().find(|option| option.get_long() == Some(&name)) else {
            let near = known.iter().filter_map(|option| option.get_long());
            let near = near.max_by(|one, other| strsim::jaro(one, &name).total_cmp(&strsim::jaro(other, &name)));
            bail!(
                "the settings {shown}: `{key}` is no option of `umleitung serve`; the nearest one is `{}`",
                near.unwrap_or_default()
            );
        };
        let wrong = |instead: &str| format!("the settings {shown}: `{key}` has to be {instead}");
        let values = match (value, option.get_action()) {
            (Value::Boolean(on), ArgAction::SetTrue) => on.then(String::new).into_iter().collect(),
            (_, ArgAction::SetTrue) => bail!(wrong("true or false")),
            (Value::Array(values), ArgAction::Append) => {
                let texts: Option<Vec<String>> = values.into_iter().map(text_of).collect();
                texts.with_context(|| wrong("a list of texts"))?
            }
            (value, _) => vec![text_of(value).with_context(|| wrong("a text"))?],
        };
        written.insert(name, values);
    }
    if EITHER.iter().all(|name| written.contains_key(*name)) {
        bail!("the settings {shown}: of `data` and `database` only one can be given");
    }
    Ok(written)
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::CommandLine;

    fn completed(line: &str, environment: &[(&str, &str)], file: Option<&str>) -> anyhow::Result<String> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("umleitung.toml");
        let mut words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        if let Some(text) = file {
            fs::write(&path, text)?;
            words.extend(["--config".into(), path.into_os_string()]);
        }
        let count = words.len();
        let value = |name: &str| {
            environment
                .iter()
                .find(|(one, _)| *one == name)
                .map(|(_, value)| OsString::from(value))
        };
        let completed = complete(&CommandLine::command(), words, value)?;
        let mut words: Vec<String> = completed.words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        if file.is_some() {
            let config = words.iter().position(|word| word == "--config").unwrap_or(count);
            words.drain(config..config + 2);
        }
        Ok(words.join(" "))
    }

    #[test]
    fn the_command_line_goes_before_the_environment_and_that_before_the_file() {
        let file =
            "listen = \"127.0.0.1:3\"\npublic_url = \"https://file.example\"\ntrusted_proxy = [\"10.0.0.1\", \"10.0.0.2\"]\ndemo = true\n";
        let environment = [
            ("UMLEITUNG_LISTEN", "127.0.0.1:2"),
            ("UMLEITUNG_PUBLIC_URL", "https://environment.example"),
        ];
        assert_eq!(
            completed("umleitung serve --listen 127.0.0.1:1", &environment, Some(file)).unwrap(),
            "umleitung serve --demo --public-url=https://environment.example --trusted-proxy=10.0.0.1 --trusted-proxy=10.0.0.2 --listen 127.0.0.1:1"
        );
        let off = completed("umleitung serve", &[("UMLEITUNG_DEMO", "Off")], None).unwrap();
        assert_eq!(off, "umleitung serve");
        let unclear = completed("umleitung serve", &[("UMLEITUNG_DEMO", "2")], None).unwrap_err();
        assert!(format!("{unclear:#}").contains("UMLEITUNG_DEMO: `2` is neither"), "{unclear:#}");
        // An image has a folder, whoever runs it a database.
        let both = [("UMLEITUNG_DATA", "/srv"), ("UMLEITUNG_DATABASE", "postgres://db/u")];
        assert_eq!(
            completed("umleitung serve", &both, None).unwrap(),
            "umleitung serve --database=postgres://db/u"
        );
        // With an equals sign as well; a switch that is off is off.
        assert_eq!(
            completed("umleitung serve --listen=127.0.0.1:1", &[("UMLEITUNG_DEMO", "0")], None).unwrap(),
            "umleitung serve --listen=127.0.0.1:1"
        );
        assert_eq!(
            completed(
                "umleitung serve",
                &[("UMLEITUNG_TRUSTED_PROXY", "10.0.0.1  10.0.0.2"), ("UMLEITUNG_LISTEN", " ")],
                None
            )
            .unwrap(),
            "umleitung serve --trusted-proxy=10.0.0.1 --trusted-proxy=10.0.0.2"
        );
    }

    #[test]
    fn of_folder_and_database_the_nearer_one_counts() {
        let file = "data = \"/var/lib/umleitung\"\n";
        for (line, environment, expected) in [
            ("umleitung user list", None, "umleitung user list --data=/var/lib/umleitung"),
            (
                "umleitung user list --database sqlite:x",
                None,
                "umleitung user list --database sqlite:x",
            ),
            (
                "umleitung user list",
                Some(("UMLEITUNG_DATABASE", "postgres://db/u")),
                "umleitung user list --database=postgres://db/u",
            ),
        ] {
            let environment: Vec<_> = environment.into_iter().collect();
            assert_eq!(completed(line, &environment, Some(file)).unwrap(), expected);
        }
        // Other options of other commands are left alone, and what is no option of theirs.
        let file = "listen = \"127.0.0.1:3\"\n";
        assert_eq!(
            completed("umleitung user list", &[("UMLEITUNG_JSON", "1")], Some(file)).unwrap(),
            "umleitung user list"
        );
        assert_eq!(completed("umleitung", &[], None).unwrap(), "umleitung");
        let anywhere = completed("umleitung --config=/dev/null user list", &[("UMLEITUNG_DATA", "/srv")], None).unwrap();
        assert_eq!(anywhere, "umleitung --config=/dev/null user list --data=/srv");
        let between = completed("umleitung user --config /dev/null list", &[("UMLEITUNG_DATA", "/srv")], None).unwrap();
        assert_eq!(between, "umleitung user --config /dev/null list --data=/srv");
    }

    #[test]
    fn what_is_wrong_in_the_file_is_named() {
        for (text, said) in [
            (
                "public_ulr = \"https://x.example\"",
                "`public_ulr` is no option of `umleitung serve`; the nearest one is `public-url`",
            ),
            ("listen = true", "`listen` has to be a text"),
            ("demo = \"yes\"", "`demo` has to be true or false"),
            ("trusted_proxy = [[1]]", "`trusted_proxy` has to be a list of texts"),
            ("data = \"a\"\ndatabase = \"sqlite:b\"", "only one can be given"),
            ("listen = ", "are no TOML"),
        ] {
            let error = format!("{:#}", completed("umleitung serve", &[], Some(text)).unwrap_err());
            assert!(error.contains(said) && error.contains("umleitung.toml"), "{text}: {error}");
        }
        let missing = vec![
            "umleitung".into(),
            "serve".into(),
            "--config".into(),
            "/nowhere/umleitung.toml".into(),
        ];
        let error = complete(&CommandLine::command(), missing, |_| None).unwrap_err();
        assert!(format!("{error:#}").contains("/nowhere/umleitung.toml cannot be read"), "{error:#}");
    }
}
