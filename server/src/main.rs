//! The command `umleitung`.

mod memory;

use std::process::ExitCode;

fn main() -> ExitCode {
    memory::share_arenas();
    run()
}

#[tokio::main]
async fn run() -> ExitCode {
    server::cli::main().await
}
