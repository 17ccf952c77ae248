//! Files that hold secrets, and drafts that nobody may see yet: for the user alone under whom the server runs.

use std::{
    fs::{DirBuilder, OpenOptions, Permissions, set_permissions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// Rights of everybody else. A group is given rights on purpose, everybody by a default.
const EVERYBODY: u32 = 0o007;

/// Makes a folder where there is none. One that is there stays as it is: it may hold more than ours.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes the database file where there is none, and takes from everybody what a release before this one has given them, with the files
/// beside it. SQLite gives new ones the rights of the first.
pub(crate) fn keep_database(file: &Path) {
    // Where the file or its rights cannot be touched, opening it says what is wrong. One that is there is not opened: closing it again would
    // take from this process its locks on it, those of SQLite too.
    let _ = OpenOptions::new().create_new(true).write(true).mode(0o600).open(file);
    for suffix in ["", "-wal", "-shm", "-journal", ".id"] {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        let _ = close_to_everybody(&PathBuf::from(name), 0o600);
    }
}

/// Takes the rights from everybody, if they have any.
fn close_to_everybody(path: &Path, private: u32) -> io::Result<()> {
    let mode = path.metadata()?.permissions().mode();
    if mode & EVERYBODY == 0 {
        return Ok(());
    }
    set_permissions(path, Permissions::from_mode(private))
}

/// Makes a folder of ours, or closes one that everybody could read.
///
/// # Errors
/// When it cannot be made.
pub fn keep_folder(folder: &Path) -> io::Result<()> {
    make_folder(folder)?;
    close_to_everybody(folder, 0o700)
}

/// Writes a new file.
///
/// # Errors
/// When it cannot be written.
pub fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(file)?.write_all(bytes)
}
