//! Cuts the fonts of documents down to the scripts of Europe and their neighbours, and packs them as a PDF holds them.

use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use miniz_oxide::deflate::compress_to_vec_zlib;
use subsetter::{GlyphRemapper, subset};
use ttf_parser::Face;

/// Where `cargo xtask setup` puts them.
const FOLDER: &str = "../../target/tools/node_modules/dejavu-fonts-ttf/ttf";

/// By which name the code knows each, and its file.
const FACES: [(&str, &str); 2] = [("REGULAR", "DejaVuSansCondensed"), ("BOLD", "DejaVuSansCondensed-Bold")];

/// What can be written: Latin, Greek, Cyrillic, Hebrew, Arabic letters in each of their forms, and the signs between them.
const WRITTEN: [RangeInclusive<u32>; 20] = [
    0x20..=0x7e,
    0xa0..=0x24f,
    0x2b0..=0x2dd,
    0x300..=0x36f,
    0x370..=0x3ff,
    0x400..=0x52f,
    0x5d0..=0x5f4,
    0x60c..=0x61f,
    0x640..=0x640,
    0x64b..=0x66d,
    0x6d4..=0x6f9,
    0x1e00..=0x1eff,
    0x2000..=0x200a,
    0x2010..=0x205e,
    0x20a0..=0x20bf,
    0x2116..=0x2122,
    0x2190..=0x2193,
    0x2212..=0x2265,
    0xfb50..=0xfefc,
    0xfffd..=0xfffd,
];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(FOLDER);
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut code = String::new();
    for (name, file) in FACES {
        let path = folder.join(format!("{file}.ttf"));
        // A checkout without its tools can still be checked; documents then have no letters.
        let bytes = if path.is_file() { Some(fs::read(&path)?) } else { None };
        if bytes.is_none() && env::var("PROFILE")? == "release" {
            return Err(format!("{} is missing; `cargo xtask setup` puts it there", path.display()).into());
        }
        code.push_str(&face(&out, name, file, bytes.as_deref())?);
    }
    fs::write(out.join("faces.rs"), code)?;
    Ok(())
}

/// A face as code, with its file beside it.
fn face(out: &Path, name: &str, file: &str, bytes: Option<&[u8]>) -> Result<String, Box<dyn Error>> {
    let mut glyphs = String::new();
    let (mut packed, mut length, mut sizes) = (Vec::new(), 0, [0; 7]);
    if let Some(bytes) = bytes {
        let face = Face::parse(bytes, 0)?;
        let of_em = |units: i32| units * 1_000 / i32::from(face.units_per_em());
        let mut kept = GlyphRemapper::new();
        for code in WRITTEN.into_iter().flatten() {
            let Some(glyph) = char::from_u32(code).and_then(|sign| face.glyph_index(sign)) else {
                continue;
            };
            let width = of_em(face.glyph_hor_advance(glyph).unwrap_or_default().into());
            writeln!(glyphs, "        ({code}, {}, {width}),", kept.remap(glyph.0))?;
        }
        let cut = subset(bytes, 0, &kept)?;
        length = cut.len();
        packed = compress_to_vec_zlib(&cut, 10);
        let bounds = face.global_bounding_box();
        let edges = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max];
        let heights = [
            face.ascender(),
            face.descender(),
            face.capital_height().unwrap_or_else(|| face.ascender()),
        ];
        for (size, units) in sizes.iter_mut().zip(edges.into_iter().chain(heights)) {
            *size = of_em(units.into());
        }
    }
    let place = out.join(format!("{file}.z"));
    fs::write(&place, packed)?;
    let [left, bottom, right, top, ascent, descent, capitals] = sizes;
    Ok(format!(
        "pub(crate) static {name}: Face = Face {{\n    name: {file:?},\n    packed: include_bytes!({place:?}),\n    length: {length},\n    \
         bounds: [{left}.0, {bottom}.0, {right}.0, {top}.0],\n    ascent: {ascent}.0,\n    descent: {descent}.0,\n    capitals: {capitals}.0,\n    \
         glyphs: &[\n{glyphs}    ],\n}};\n"
    ))
}
