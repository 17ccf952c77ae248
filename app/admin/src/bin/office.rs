//! The wasm entry of the office.

fn main() {
    admin::open_office();
}
