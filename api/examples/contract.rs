//! Writes the documents that describe the HTTP interface anew, from its types.

use std::{error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/contract");
    fs::create_dir_all(&folder)?;
    for (name, document) in api::openapi::FILES {
        fs::write(folder.join(name), api::openapi::text(&document()))?;
    }
    Ok(())
}
