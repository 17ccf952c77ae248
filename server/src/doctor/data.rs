//! The place in which the data lie.

use std::{
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use rustix::{fs::statvfs, process::geteuid};
use store::{Place, Store};

use super::report::{Report, remedy_of};

/// Rights of everybody else on this machine.
const EVERYBODY: u32 = 0o007;

/// With less room a busy night may fill the disk: bytes.
const LITTLE_ROOM: u64 = 256 * 1024 * 1024;

/// The store, where it can be opened.
pub(super) async fn look(place: &Result<Place, String>, report: &mut Report) -> Option<Store> {
    let place = match place {
        Ok(place) => place,
        Err(error) => {
            report.fault(
                "data",
                error,
                "Give sqlite:FILE or postgres://USER@HOST/DATABASE (--database), or a folder (--data).",
            );
            return None;
        }
    };
    if let Place::File(file) = place
        && file.exists()
        && !look_at_file(file, report)
    {
        return None;
    }
    match place.open_existing().await {
        Ok(store) => {
            report.sound("data", format!("{place} can be read."));
            Some(store)
        }
        Err(error) => {
            report.fault("data", error.to_string(), remedy_of(&error));
            None
        }
    }
}

/// Whether the file may be opened without doing harm.
fn look_at_file(file: &Path, report: &mut Report) -> bool {
    let shown = file.display();
    let Ok(about) = file.metadata() else { return true };
    let own = geteuid().as_raw();
    for beside in ["", "-wal", "-shm", ".id"] {
        let path = format!("{shown}{beside}");
        let owner = Path::new(&path).metadata().map_or(own, |about| about.uid());
        if owner != own {
            let seen = format!("{path} belongs to the user with the number {owner}, and this command is run by {own}.");
            report.fault(
                "owner",
                seen,
                "Run this command as the user under whom the server runs, and give it what belongs to others (chown): files that another user has made there stop the server.",
            );
            return false;
        }
    }
    if about.permissions().mode() & EVERYBODY == 0 {
        report.sound("rights", format!("{shown} can be read by its user alone."));
    } else {
        report.fault(
            "rights",
            format!("Everybody on this machine can get at {shown}."),
            format!("chmod o-rwx {shown}*"),
        );
    }
    let room = statvfs(file).map(|about| about.f_bavail.saturating_mul(about.f_frsize));
    match room {
        Ok(room) if room < LITTLE_ROOM => {
            let seen = format!("There are {} MiB left on the disk with the data.", room / 1024 / 1024);
            report.fault("room", seen, "Make room: a notice that cannot be written cannot be published.");
        }
        Ok(room) => report.sound(
            "room",
            format!("There are {} MiB left on the disk with the data.", room / 1024 / 1024),
        ),
        Err(error) => report.fault(
            "room",
            format!("How much room there is for the data cannot be seen: {error}"),
            "Look at the disk with the data.",
        ),
    }
    true
}
