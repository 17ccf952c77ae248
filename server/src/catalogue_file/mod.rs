//! Reads a catalogue file and finds all that is wrong with it in one run: what is no TOML, what no field is called, what has the wrong shape,
//! and, as far as it can be known then, what makes no sense.

#[cfg(test)]
mod docs;
mod toml_document;

use std::{cell::RefCell, collections::BTreeSet, ops::Range};

use domain::{
    access::Context,
    catalogue::{self, Catalogue},
    decide::decide,
    rejection::Rejection,
    state::State,
    words::Fault,
};

use crate::forms::missing_of;

use self::toml_document::{Entry, Kind, Node, Path, STAND_IN, Trouble, Value, alike, listed};

/// After so many faults of shape in one file the rest is left for the next run.
const ENOUGH: usize = 2_000;

/// Fields for which something else is right with each kind of channel or notice.
const BY_KIND: [&str; 6] = ["value", "abroad", "severity", "starts_at", "ends_at", "announce_from"];

/// A file that has been read.
#[derive(Debug)]
pub(crate) struct CatalogueFile<'a> {
    source: &'a str,
    tree: Node,
    /// What it holds; with stand-ins for what is wrong. `None`: too much is wrong to tell.
    pub(crate) catalogue: Option<Catalogue>,
    /// What is wrong, with the byte at which it stands.
    faults: Vec<(usize, String)>,
    /// Where stand-ins are.
    mended: BTreeSet<Path>,
    /// The parts of the text of which reading could make nothing.
    garbled: Vec<Range<usize>>,
}

/// Text that is UTF-8, or why it is none. A byte order mark is what an editor put there, and says nothing.
pub(crate) fn readable(bytes: &[u8]) -> Result<&str, String> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, ..] | [_, 0, ..] => return Err("is UTF-16 or UTF-32; save it as UTF-8".to_owned()),
        [0x1f, 0x8b, ..] => return Err("is compressed; unpack it first".to_owned()),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let (line, column) = line_and_column(&String::from_utf8_lossy(before), before.len());
        format!("is no UTF-8 from line {line}, column {column} on; save it as UTF-8")
    })
}

impl<'a> CatalogueFile<'a> {
    /// Reads a file's text.
    pub(crate) fn read(source: &'a str) -> Self {
        let (tree, garbled) = parse(source);
        let mut file = Self {
            source,
            tree,
            catalogue: None,
            faults: Vec::new(),
            mended: BTreeSet::new(),
            garbled: garbled.iter().map(|(range, ..)| range.clone()).collect(),
        };
        for _ in 0..ENOUGH {
            let unknown = RefCell::default();
            let read = file.tree.read(&unknown);
            let unknown = unknown.into_inner();
            if !unknown.is_empty() {
                for field in unknown {
                    file.put_right(field.table, &field.name, field.known);
                }
                continue;
            }
            match read {
                Ok(catalogue) => {
                    file.catalogue = Some(catalogue);
                    break;
                }
                Err(trouble) => {
                    if !file.mend(trouble) {
                        break;
                    }
                }
            }
        }
        file.faults.extend(garbled.into_iter().map(|(_, at, reason)| {
            let line = source[..source.floor_char_boundary(at)].matches('\n').count();
            let shown: String = source.lines().nth(line).unwrap_or_default().trim().chars().take(60).collect();
            (at, format!("`{shown}` is no TOML: {reason}"))
        }));
        file
    }

    /// The catalogue of a file in which nothing is wrong. Whatever else is in the way of it is told where it is submitted. `forms` are the digests
    /// of all that were uploaded.
    ///
    /// # Errors
    /// All that is wrong with it, one line each in the order of the file.
    pub(crate) fn judged(self, state: &State, context: &Context, forms: &BTreeSet<String>) -> Result<Box<Catalogue>, Vec<String>> {
        let command = |catalogue: &Catalogue| catalogue::Command::Apply {
            catalogue: Box::new(catalogue.clone()),
        };
        let decided = self
            .catalogue
            .as_ref()
            .map(|catalogue| decide(state, command(catalogue).into(), context));
        let mut meaning = match decided {
            Some(Err(Rejection::Invalid(faults))) => faults.into_vec(),
            _ => Vec::new(),
        };
        meaning.extend(self.catalogue.iter().flat_map(|catalogue| missing_of(catalogue, forms)));
        let faults = self.told(meaning);
        match self.catalogue {
            Some(catalogue) if faults.is_empty() => Ok(Box::new(catalogue)),
            _ => Err(faults),
        }
    }

    /// All that is wrong, in the order of the file, one line each. `meaning` is what the rules say of the catalogue.
    pub(crate) fn told(&self, meaning: Vec<Fault>) -> Vec<String> {
        let mut faults = self.faults.clone();
        for fault in meaning {
            let path: Path = fault.pointer.split('/').skip(1).map(str::to_owned).collect();
            let at = self.tree.place(path.iter().map(String::as_str));
            if !self.follows_from_another(&path, &fault.detail) {
                faults.push((at, format!("{} {}", path.join("."), fault.detail)));
            }
        }
        faults.sort_by_key(|(at, _)| *at);
        let line = |(at, said): &(usize, String)| {
            let (line, column) = line_and_column(self.source, *at);
            format!("  line {line}, column {column}: {said}")
        };
        faults.iter().map(line).collect()
    }

    /// Whether a fault of meaning is one of a stand-in, or of something that could not be read.
    fn follows_from_another(&self, path: &[String], detail: &str) -> bool {
        let is_in_doubt = |kind: &str| {
            let is_named = |mended: &&Path| mended[0] == kind && (mended.len() <= 2 || mended[2] == "id" || mended[2] == "kind");
            self.mended.iter().any(|mended| is_named(&mended)) || !self.garbled.is_empty()
        };
        let names = |kind: &str| detail.starts_with(&format!("names the {kind}"));
        // What is right for a number or a window depends on the kind.
        let rests_on = |mended: &Path| match mended.split_last() {
            Some((last, around)) if last == "kind" => {
                path.starts_with(around) && path.last().is_some_and(|field| BY_KIND.contains(&field.as_str()))
            }
            _ => path.starts_with(mended),
        };
        self.mended.iter().any(rests_on)
            || detail.to_lowercase().contains(STAND_IN)
            || ["service", "portal", "channel", "procedure"]
                .into_iter()
                .any(|kind| names(kind) && is_in_doubt(kind))
            || (detail.contains("need a voice") && is_in_doubt("channel"))
            || (detail.starts_with("lacks ") && (is_in_doubt("service") || is_in_doubt("portal")))
    }

    /// A field that nothing is called: read as the one that was meant, else left out.
    fn put_right(&mut self, table: Path, name: &str, known: &'static [&'static str]) {
        let shown = [table.as_slice(), &[name.to_owned()]].concat().join(".");
        let meant = alike(name, known);
        let Some(Node {
            value: Value::Table(entries),
            ..
        }) = self.tree.find(&table)
        else {
            return;
        };
        let Some(position) = entries.iter().position(|entry| entry.name == name) else {
            return;
        };
        let at = entries[position].at;
        let free = meant.filter(|meant| !entries.iter().any(|entry| entry.name == *meant));
        match free {
            Some(meant) => meant.clone_into(&mut entries[position].name),
            None => drop(entries.remove(position)),
        }
        let advice = meant.map_or_else(
            || format!("; there are {}", listed(known)),
            |meant| format!("; did you mean `{meant}`?"),
        );
        self.faults.push((at, format!("{shown} is no field{advice}")));
    }

    /// Takes note of what is wrong and puts a stand-in in its place; `false`: there is none that helps.
    fn mend(&mut self, trouble: Trouble) -> bool {
        let Trouble { path, kind } = trouble;
        let mut path = path.unwrap_or_default();
        let (at, said, was_tried) = match kind {
            Kind::Missing(name) => {
                let Some(Node {
                    at,
                    value: Value::Table(entries),
                }) = self.tree.find(&path)
                else {
                    return false;
                };
                let at = *at;
                entries.push(Entry {
                    name: name.to_owned(),
                    at,
                    node: Node { at, value: Value::Hole(0) },
                });
                path.push(name.to_owned());
                (at, "is missing".to_owned(), false)
            }
            Kind::Name(detail) => {
                let Some(name) = path.pop() else { return false };
                let Some(Node {
                    value: Value::Table(entries),
                    ..
                }) = self.tree.find(&path)
                else {
                    return false;
                };
                let Some(position) = entries.iter().position(|entry| entry.name == name) else {
                    return false;
                };
                let entry = entries.remove(position);
                let shown = [path.as_slice(), &[name]].concat().join(".");
                self.faults.push((entry.at, format!("{shown}: {detail}")));
                self.mended.insert(path);
                return true;
            }
            Kind::Word(detail, meant) => {
                let Some(node) = self.tree.find(&path) else { return false };
                node.value = Value::Text(meant.to_owned());
                self.faults.push((node.at, format!("{} {detail}", path.join("."))));
                return true;
            }
            Kind::Value(detail) => {
                let Some(node) = self.tree.find(&path) else { return false };
                let tried = match node.value {
                    Value::Hole(tried) => Some(tried),
                    _ => None,
                };
                if tried.is_some_and(|tried| tried > 2) {
                    return false;
                }
                node.value = Value::Hole(tried.map_or(0, |tried| tried + 1));
                (node.at, detail, tried.is_some())
            }
        };
        if !was_tried {
            self.faults.push((at, format!("{} {said}", path.join("."))));
        }
        self.mended.insert(path);
        true
    }
}

/// Reads what is TOML. Of an entry that is none the first fault is told, with its range, byte and reason; the entry is left out, since one
/// bracket that is missing would make nonsense of all that follows.
fn parse(source: &str) -> (Node, Vec<(Range<usize>, usize, String)>) {
    let mut garbled: Vec<(Range<usize>, usize, String)> = Vec::new();
    let mut text = source.to_owned();
    loop {
        let (tree, errors) = Node::parse(&text);
        let first = errors.into_iter().min_by_key(|(at, _)| *at);
        let Some((at, reason)) = first else { return (tree, garbled) };
        let range = entry_around(source, at);
        if garbled.iter().any(|(known, ..)| *known == range) {
            return (tree, garbled);
        }
        // Blanks, so that all else stays where it is.
        let blank: String = source[range.clone()]
            .bytes()
            .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
            .collect();
        text.replace_range(range.clone(), &blank);
        garbled.push((range, at, reason));
    }
}

/// The entry of a list in which a byte stands: from its `[[name]]` to the next.
fn entry_around(source: &str, at: usize) -> Range<usize> {
    let mut begin = 0;
    let mut offset = 0;
    for line in source.split_inclusive('\n') {
        let is_header = line.starts_with("[[") && !line.contains('.');
        // What stumbles over a header was left open before it.
        if is_header && offset > 0 && offset + line.len() > at {
            return begin..offset;
        }
        if is_header {
            begin = offset;
        }
        offset += line.len();
    }
    begin..source.len()
}

/// Line and column of a byte, both from 1; columns in characters.
fn line_and_column(source: &str, at: usize) -> (usize, usize) {
    let before = &source[..source.floor_char_boundary(at)];
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}
