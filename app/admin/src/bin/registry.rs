//! The wasm entry of the registry.

fn main() {
    admin::open_registry();
}
