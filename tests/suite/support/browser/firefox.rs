//! What Firefox works out about itself at its first start: a list of its own parts, its scripts compiled. It takes half of the time of a
//! start, so it is worked out once and laid into each new profile. Nothing about pages is among it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use thirtyfour::{Capabilities, WebDriver};
use tokio::sync::OnceCell;

use super::{Engine, HOME, Preference, driver::Driver};

/// What lies in a profile of it.
const FILES: [&str; 3] = ["compatibility.ini", "addonStartup.json.lz4", "extensions.json"];
const SCRIPTS: &str = "startupCache";

static KNOWN: OnceCell<PathBuf> = OnceCell::const_new();

/// The profile of a Firefox that has this place for its own.
pub(super) fn profile(place: &Path) -> PathBuf {
    place.join("profile")
}

/// Makes a profile that nobody has used, for a Firefox that knows itself.
pub(super) async fn furnish(place: &Path) {
    let known = KNOWN.get_or_init(learn).await;
    copy(known, &profile(place));
}

/// Starts a Firefox once, and keeps what it has worked out.
async fn learn() -> PathBuf {
    let driver = Driver::start(Engine::Firefox, HOME).await;
    let first = profile(driver.profile());
    fs::create_dir_all(&first).unwrap();
    let wanted: Capabilities = serde_json::from_value(Engine::Firefox.capabilities(driver.profile(), Preference::Nothing)).unwrap();
    let session = WebDriver::new(driver.address(), wanted)
        .await
        .unwrap_or_else(|error| panic!("Firefox did not start: {error}"));
    // It writes down what it knows when it ends.
    session.quit().await.unwrap();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("firefox-{}", std::process::id()));
    forget_those_of_ended_runs(kept.parent().unwrap());
    copy(&first, &kept);
    kept
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join(SCRIPTS)).unwrap();
    for file in FILES {
        fs::copy(from.join(file), to.join(file)).unwrap_or_else(|error| panic!("{}: {error}", from.join(file).display()));
    }
    for script in fs::read_dir(from.join(SCRIPTS)).unwrap().flatten() {
        fs::copy(script.path(), to.join(SCRIPTS).join(script.file_name())).unwrap();
    }
}

fn forget_those_of_ended_runs(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(process) = name.strip_prefix("firefox-")
            && !Path::new("/proc").join(process).exists()
        {
            // Another run may be at it as well.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
