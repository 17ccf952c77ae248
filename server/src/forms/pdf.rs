//! Whether a file is what people can print: a PDF with pages that opens without a password and does nothing by itself.

use domain::words::Code;
use hayro_syntax::{
    LoadPdfError, Pdf,
    object::{Array, Dict, MaybeRef, Object},
};

/// How deep objects within each other are looked at; one that goes deeper is made to hide something.
const DEEPEST: usize = 64;

/// The names by which a PDF does something by itself, and what people would call it (ISO 32000-2: 12.6.4, 7.11.4, 12.5.6.15, 13; XFA was
/// taken out of the standard, and few programs show it).
const ACTIVE: [(&[u8], &str); 12] = [
    (b"JavaScript", "a script"),
    (b"JS", "a script"),
    (b"XFA", "a form of the kind XFA, which has scripts and which few programs show"),
    (b"Launch", "an action that starts a program"),
    (b"EmbeddedFile", "a file within it"),
    (b"EmbeddedFiles", "a file within it"),
    (b"EF", "a file within it"),
    (b"FileAttachment", "a file within it"),
    (b"RichMedia", "a film or a model"),
    (b"Movie", "a film"),
    (b"Rendition", "a film or a sound"),
    (b"Sound", "a sound"),
];

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotTaken {
    #[error("is no PDF: one begins with `%PDF-` and ends with `%%EOF`, whatever it is called")]
    NotPdf,
    #[error("cannot be read as a PDF; save or print it as PDF anew")]
    Unreadable,
    #[error("opens only with a password; save it without one")]
    Locked,
    #[error("has no page")]
    NoPages,
    #[error("has {0} in it; print it as PDF anew, which leaves that out")]
    Active(&'static str),
}

impl NotTaken {
    /// The code of the fault.
    pub(crate) const fn code(self) -> Code {
        match self {
            Self::NotPdf | Self::Unreadable | Self::NoPages => Code::NotPdf,
            Self::Locked => Code::Locked,
            Self::Active(_) => Code::ActiveContent,
        }
    }
}

/// How many pages it has.
///
/// # Errors
/// When it is not what people can print.
pub(super) fn pages(content: &[u8]) -> Result<usize, NotTaken> {
    // Readers mend much; what neither begins nor ends as one is something else that was called so.
    let end = content.get(content.len().saturating_sub(1024)..).unwrap_or_default();
    if !content.starts_with(b"%PDF-") || !end.windows(5).any(|five| five == b"%%EOF") {
        return Err(NotTaken::NotPdf);
    }
    let pdf = Pdf::new(content.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => NotTaken::Locked,
        LoadPdfError::Invalid => NotTaken::Unreadable,
    })?;
    match pdf.pages().len() {
        0 => Err(NotTaken::NoPages),
        pages => {
            pdf.objects().into_iter().try_for_each(|object| look(&object, 0))?;
            Ok(pages)
        }
    }
}

fn look(object: &Object<'_>, depth: usize) -> Result<(), NotTaken> {
    if depth > DEEPEST {
        return Err(NotTaken::Unreadable);
    }
    match object {
        Object::Dict(dict) => look_into(dict, depth),
        Object::Stream(stream) => look_into(stream.dict(), depth),
        Object::Array(array) => look_along(array, depth),
        // Also by itself: something else may point at it.
        Object::Name(name) => refuse(name.as_ref()),
        _ => Ok(()),
    }
}

fn look_into(dict: &Dict<'_>, depth: usize) -> Result<(), NotTaken> {
    for (key, value) in dict.entries() {
        refuse(key.as_ref())?;
        if let MaybeRef::NotRef(value) = value {
            look(&value, depth + 1)?;
        }
    }
    Ok(())
}

fn look_along(array: &Array<'_>, depth: usize) -> Result<(), NotTaken> {
    array.raw_iter().try_for_each(|value| match value {
        MaybeRef::NotRef(value) => look(&value, depth + 1),
        MaybeRef::Ref(_) => Ok(()),
    })
}

fn refuse(name: &[u8]) -> Result<(), NotTaken> {
    let active = ACTIVE.iter().find(|(active, _)| *active == name);
    active.map_or(Ok(()), |(_, called)| Err(NotTaken::Active(called)))
}
