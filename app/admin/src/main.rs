//! The wasm entry of the desk.

fn main() {
    admin::open_desk();
}
