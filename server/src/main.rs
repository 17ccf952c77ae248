//! The command `umleitung`.

mod memory;

use std::process::ExitCode;

fn main() -> ExitCode {
    memory::share_arenas();
    server::cli::main()
}
