//! Embeds the front-end that `cargo xtask build` has made, the message files and the demo portal: the binary is one file.

use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// A folder whose files are embedded, and under which name.
const FOLDERS: [(&str, &str); 3] = [("target/web", "web"), ("app/messages", "messages"), ("public/demo", "demo")];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut table = String::from("pub(super) static FILES: &[Embedded] = &[\n");
    let mut widget = Sha256::new();
    for (folder, name) in FOLDERS {
        let folder = root.join(folder);
        println!("cargo:rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        collect(&folder, &mut files)?;
        files.sort();
        for file in files {
            let path = format!("{name}/{}", file.strip_prefix(&folder)?.to_string_lossy().replace('\\', "/"));
            let bytes = fs::read(&file)?;
            if path.starts_with("web/widget") || path.starts_with("messages/") {
                widget.update(path.as_bytes());
                widget.update(&bytes);
            }
            // Next to nothing is gained on pictures that are compressed already.
            let brotli = out.join(format!("{}.br", path.replace('/', "__")));
            fs::write(&brotli, compress(&bytes)?)?;
            writeln!(
                table,
                "    Embedded {{ path: {path:?}, plain: include_bytes!({:?}), brotli: include_bytes!({brotli:?}) }},",
                file.canonicalize()?
            )?;
        }
    }
    table.push_str("];\n");
    let fingerprint: String = widget.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    writeln!(
        table,
        "/// Changes with any file of the widget.\npub(super) const FINGERPRINT: &str = {fingerprint:?};"
    )?;
    fs::write(out.join("embedded.rs"), table)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    // A checkout whose front-end is not built yet can still be checked; `umleitung serve` then says what is missing.
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            collect(&path, files)?;
        } else if !hidden {
            files.push(path);
        }
    }
    Ok(())
}

fn compress(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &plain[..], &mut out, &parameters)?;
    Ok(out)
}
