//! How memory is taken from the machine. By itself the GNU C library reserves 64 MB of addresses for nearly each thread that allocates: a
//! server that uses 25 MB holds 600 MB of addresses then, and in a container with few it cannot serve the first page.

/// Lets all threads share two arenas. Each thread has a small cache of its own beside, so that they seldom wait for each other. To be called
/// before there is a second thread; elsewhere than with the GNU C library there is nothing to do.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the C library's setting has no safe binding")]
pub(crate) fn share_arenas() {
    // SAFETY: no memory is touched; the setting may be altered at any time, and what it says is a number. Where it is refused, all stays
    // as it was.
    let _set = unsafe { libc::mallopt(libc::M_ARENA_MAX, 2) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn share_arenas() {}
