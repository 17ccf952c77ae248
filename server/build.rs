//! Embeds the front-end that `cargo xtask build` has made, the message files and the demo portal: the binary is one file.

use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// A folder whose files are embedded, and under which name. The front-end's files come first: what they hash to stands in others.
const FOLDERS: [(&str, &str); 5] = [
    ("target/web", "web"),
    ("app/view/messages", "messages"),
    ("public/preview", "preview"),
    ("public/demo", "demo"),
    ("public/contract", "contract"),
];

/// Stands in the companion of the widget's glue where the hash of the compiled widget has to be.
const HASH: &str = "\"__HASH__\"";

/// Stands there where the hash of what finds the notice's place has to be.
const PLACEMENT: &str = "\"__PLACEMENT__\"";

/// Stands in that where the banner's sheet has to be.
const LOOK: &str = "\"__LOOK__\"";

/// From so many bytes on a file is embedded compressed only.
const LARGE: usize = 8 * 1024;

/// How that begins: what follows is an object, which can stand in the loader as well.
const EXPORTED: &str = "export default";

fn main() -> Result<(), Box<dyn Error>> {
    link_tightly();
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut table = String::new();
    let sheet = root.join("public/banner.css");
    println!("cargo:rerun-if-changed={}", sheet.display());
    let look = small(&fs::read_to_string(sheet)?);
    let mut placement = String::from("{}");
    let mut files_embedded = 0;
    let mut widget = Sha256::new();
    let mut glue = String::new();
    for (folder, name) in FOLDERS {
        let folder = root.join(folder);
        println!("cargo:rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        collect(&folder, &mut files)?;
        files.sort();
        for file in files {
            let path = format!("{name}/{}", file.strip_prefix(&folder)?.to_string_lossy().replace('\\', "/"));
            let mut bytes = fs::read(&file)?;
            if path == "web/placement.js" {
                bytes = filled(&bytes, LOOK, &look)?;
                let text = std::str::from_utf8(&bytes)?.trim().trim_end_matches(';');
                text.strip_prefix(EXPORTED)
                    .ok_or("placement.js exports more than one object")?
                    .trim()
                    .clone_into(&mut placement);
            }
            if path == "web/widget.js" {
                bytes = filled(&bytes, HASH, &integrity(&fs::read(folder.join("widget_bg.wasm"))?))?;
                bytes = filled(
                    &bytes,
                    PLACEMENT,
                    &integrity(&filled(&fs::read(folder.join("placement.js"))?, LOOK, &look)?),
                )?;
                glue = integrity(&bytes);
            }
            if path.starts_with("web/widget") || path == "web/placement.js" || path.starts_with("messages/") {
                widget.update(path.as_bytes());
                widget.update(&bytes);
            }
            // Next to nothing is gained on pictures that are compressed already.
            let brotli = out.join(format!("{}.br", path.replace('/', "__")));
            fs::write(&brotli, compress(&bytes)?)?;
            // What is large is there once; nearly everybody takes it as it lies here.
            let plain = if bytes.len() > LARGE {
                "None".to_owned()
            } else {
                let plain = out.join(path.replace('/', "__"));
                fs::write(&plain, &bytes)?;
                format!("Some(include_bytes!({plain:?}))")
            };
            writeln!(table, "    Embedded::new({path:?}, {plain}, include_bytes!({brotli:?})),")?;
            files_embedded += 1;
        }
    }
    let mut table = format!("pub(super) static FILES: [Embedded; {files_embedded}] = [\n{table}];\n");
    let fingerprint: String = widget.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    writeln!(
        table,
        "/// Changes with any file of the widget.\npub(crate) const FINGERPRINT: &str = {fingerprint:?};\n\
         /// What the widget's code hashes to, as subresource integrity has it.\npub(super) const INTEGRITY: &str = {glue:?};\n\
         /// What finds the notice's place: an expression, as it stands in a script.\npub(super) const PLACEMENT: &str = {placement:?};"
    )?;
    fs::write(out.join("embedded.rs"), table)?;
    Ok(())
}

/// The glue with a text in a gap: what the compiled widget hashes to (one hash in the loader then covers both), the sheet.
fn filled(glue: &[u8], gap: &str, text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let glue = std::str::from_utf8(glue)?;
    let found = glue.matches(gap).count();
    if found != 1 {
        return Err(format!("the widget's glue holds {gap} {found} times instead of once; build it with `cargo xtask build`").into());
    }
    Ok(glue.replace(gap, &format!("{text:?}")).into_bytes())
}

/// A style sheet without its comments and without the blanks that only people need.
fn small(sheet: &str) -> String {
    let code: String = sheet
        .split("*/")
        .map(|part| part.split_once("/*").map_or(part, |(code, _)| code))
        .collect();
    let mut small = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for (wide, narrow) in [(" { ", "{"), (" }", "}"), ("} ", "}"), ("; ", ";"), (": ", ":"), (", ", ",")] {
        small = small.replace(wide, narrow);
    }
    small
}

/// The hash of a file as subresource integrity writes it.
fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
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
        // Files are cut into pieces as large as may be: a compiled page becomes a five-hundredth smaller.
        lgblock: 22,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &plain[..], &mut out, &parameters)?;
    Ok(out)
}

/// Functions that came out the same are there once (Rust never tells functions apart by their addresses), and addresses that are put right at a start
/// take a bit each instead of 24 bytes: together a tenth of the file. Both are asked of the linker that Rust itself brings along for this system.
fn link_tightly() {
    let is = |name: &str, value: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).is_ok_and(|found| found == value);
    if is("ARCH", "x86_64") && is("OS", "linux") && is("ENV", "gnu") {
        for argument in ["--icf=all", "-zpack-relative-relocs"] {
            println!("cargo:rustc-link-arg-bins=-Wl,{argument}");
        }
    }
}
