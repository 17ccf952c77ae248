//! The three engines that citizens' browsers are built on, and what each has to be told at its start.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::firefox;

/// What draws the page and runs its scripts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Engine {
    /// Chrome, Edge, Opera, Samsung Internet.
    Chromium,
    Firefox,
    /// Safari, and every browser on an iPhone; here as WebKitGTK's own small browser.
    WebKit,
}

/// What the visitor has set for all pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Preference {
    Nothing,
    Dark,
    /// High contrast: the visitor's colours instead of the page's, where the engine can.
    ForcedColours,
}

const CHROMIUM: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
];

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// Whether visitors can have their own colours instead of the page's.
    pub(crate) const fn forces_colours(self) -> bool {
        !matches!(self, Self::WebKit)
    }

    /// The narrowest window that it can have, in pixels of the page; narrower is a frame in a page.
    pub(crate) const fn narrowest(self) -> u32 {
        match self {
            // Its developer tools make any width.
            Self::Chromium => 1,
            Self::Firefox => 500,
            Self::WebKit => 447,
        }
    }

    /// Whether it draws on a screen, and therefore needs one.
    pub(super) const fn needs_a_display(self) -> bool {
        matches!(self, Self::WebKit)
    }

    /// The program that drives it, with its arguments and its surroundings.
    pub(super) fn driver(self, profile: &Path) -> Command {
        let mut command = Command::new(self.program());
        match self {
            Self::Chromium => command.arg("--port=0"),
            Self::Firefox => command
                .args(["--host=127.0.0.1", "--port=0", "--websocket-port=0", "--profile-root"])
                .arg(profile),
            Self::WebKit => command.arg("--port=0"),
        };
        // The people for whom this is made have set their browsers to German.
        command.env("LANGUAGE", "de");
        if self != Self::Chromium {
            for name in ["HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] {
                command.env(name, profile);
            }
            // Neither a bus nor a program for crashes is started on the way, which would stay behind.
            command.envs([
                ("DBUS_SESSION_BUS_ADDRESS", "disabled:"),
                ("NO_AT_BRIDGE", "1"),
                ("MOZ_CRASHREPORTER_DISABLE", "1"),
            ]);
        }
        match self {
            Self::Chromium => {}
            Self::Firefox => {
                command.envs([("MOZ_HEADLESS_WIDTH", "1280"), ("MOZ_HEADLESS_HEIGHT", "900")]);
            }
            Self::WebKit => {
                // It speaks the language of the system, so the system has to know German.
                command.envs([("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.UTF-8")]);
                let locales = installed("GERMAN_LOCALES", "locales");
                let german = locales.join("de_DE.UTF-8");
                assert!(german.is_dir(), "{} is missing; `cargo xtask setup` makes it", german.display());
                command.env("LOCPATH", locales);
            }
        }
        command
    }

    pub(super) fn program(self) -> OsString {
        match self {
            Self::Chromium => std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into()),
            Self::Firefox => installed("GECKODRIVER", "bin/geckodriver").into(),
            Self::WebKit => std::env::var_os("WEBKITDRIVER").unwrap_or_else(|| "WebKitWebDriver".into()),
        }
    }

    /// What a session is asked for.
    pub(super) fn capabilities(self, profile: &Path, preference: Preference) -> Value {
        assert!(
            preference != Preference::ForcedColours || self.forces_colours(),
            "{self:?} cannot force colours"
        );
        match self {
            Self::Chromium => {
                let mut arguments = CHROMIUM.map(str::to_owned).to_vec();
                arguments.push(format!("--user-data-dir={}", profile.display()));
                json!({
                    "browserName": "chrome",
                    "goog:chromeOptions": {"args": arguments, "prefs": {"intl.accept_languages": "de-DE,de"}},
                    // The record of all that goes over the network, from the browser's own side.
                    "goog:loggingPrefs": {"performance": "ALL"},
                })
            }
            Self::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {"args": ["-headless", "-profile", firefox::profile(profile)], "prefs": {
                    "intl.accept_languages": "de-DE,de",
                    // 0 is dark, 1 is light.
                    "layout.css.prefers-color-scheme.content-override": i32::from(preference != Preference::Dark),
                    // 0 is only with a high contrast of the system, 2 is always.
                    "browser.display.document_color_use": if preference == Preference::ForcedColours { 2 } else { 0 },
                }},
            }),
            Self::WebKit => {
                let mut arguments = vec!["--automation"];
                if preference == Preference::Dark {
                    arguments.push("--dark-mode");
                }
                json!({"webkitgtk:browserOptions": {"args": arguments}})
            }
        }
    }
}

/// What the chores install: where a variable says, or where they put it by themselves.
fn installed(variable: &str, path: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(
        || Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tools")).join(path),
        PathBuf::from,
    )
}

/// Makes three tests of each function that takes an engine: `name::chromium`, `name::firefox`, `name::webkit`.
macro_rules! in_each_engine {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                use crate::support::browser::Engine;

                #[tokio::test]
                async fn chromium() {
                    super::$name(Engine::Chromium).await;
                }

                #[tokio::test]
                async fn firefox() {
                    super::$name(Engine::Firefox).await;
                }

                #[tokio::test]
                async fn webkit() {
                    super::$name(Engine::WebKit).await;
                }
            }
        )+
    };
}
pub(crate) use in_each_engine;
