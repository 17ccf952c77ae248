//! From pages and their tree to the bytes of a file, as ISO 32000-1 (PDF 1.7) has them.

use std::collections::BTreeSet;

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::{
    Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{
        ActionType, AnnotationType, CidFontType, Direction, FontFlags, ListNumbering, OutlineItemFlags, StructRole, SystemInfo, TabOrder,
        UnicodeCmap,
    },
    writers::StructTreeRoot,
};

use super::{
    font::{BOLD, Face, REGULAR, meant},
    setter::{HEIGHT, WIDTH},
    tree::{Branch, Link, Node, Page, Role, Sheets},
};
use crate::{Paper, escape::escape};

const IDENTITY: SystemInfo = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// By what the things of a file are known in it.
struct Refs {
    next: i32,
}

impl Refs {
    fn one(&mut self) -> Ref {
        self.next += 1;
        Ref::new(self.next)
    }

    fn many(&mut self, count: usize) -> Vec<Ref> {
        (0..count).map(|_| self.one()).collect()
    }
}

/// A file as it is written.
struct File {
    pdf: Pdf,
    refs: Refs,
    /// By the places of pages and nodes.
    pages: Vec<Ref>,
    branches: Vec<Ref>,
    /// By node: on which pages it is drawn, and under which numbers there.
    pieces: Vec<Vec<(Ref, i32)>>,
    /// By node: the places that lead elsewhere, and on which pages they are.
    links: Vec<Vec<(Ref, Ref)>>,
    /// By page: whose its numbers are.
    numbers: Vec<Vec<Ref>>,
    /// The nodes of the places that lead elsewhere, which are numbered behind the pages.
    leading: Vec<Ref>,
}

/// The file.
pub(super) fn write(paper: &Paper, sheets: &Sheets) -> Vec<u8> {
    let mut refs = Refs { next: 0 };
    let (catalog, tree, root, info) = (refs.one(), refs.one(), refs.one(), refs.one());
    let mut file = File {
        pages: refs.many(sheets.pages.len()),
        branches: refs.many(sheets.tree.len()),
        pieces: vec![Vec::new(); sheets.tree.len()],
        links: vec![Vec::new(); sheets.tree.len()],
        numbers: Vec::new(),
        leading: Vec::new(),
        pdf: Pdf::new(),
        refs,
    };
    file.pdf.set_version(1, 7);
    let fonts = [&REGULAR, &BOLD].map(|face| (face, file.font(face)));
    let outline = file.outline(sheets);
    let metadata = file.metadata(paper);
    for (place, page) in sheets.pages.iter().enumerate() {
        file.page(place, page, tree, &fonts);
    }
    for (place, branch) in sheets.tree.iter().enumerate() {
        file.element(place, branch, root);
    }
    file.root(root);
    let pages = file.pages;
    let mut pdf = file.pdf;
    let count = i32::try_from(pages.len()).unwrap_or_default();
    pdf.pages(tree).kids(pages).count(count);
    let mut written = pdf.catalog(catalog);
    written.pages(tree).lang(TextStr(&paper.language)).metadata(metadata);
    written.mark_info().marked(true);
    let mut preferences = written.viewer_preferences();
    preferences.display_doc_title(true);
    if crate::is_rtl(&paper.language) {
        preferences.direction(Direction::R2L);
    }
    preferences.finish();
    written.pair(Name(b"StructTreeRoot"), root);
    if let Some(outline) = outline {
        written.outlines(outline);
    }
    written.finish();
    pdf.document_info(info)
        .title(TextStr(&paper.title))
        .author(TextStr(&paper.publisher));
    pdf.finish()
}

/// A page as it is drawn, and the node of each numbered piece of it.
fn drawn(page: &Page) -> (Vec<u8>, Vec<Node>) {
    let (mut drawn, mut nodes) = (Vec::new(), Vec::new());
    for marks in page.marks.chunk_by(|one, other| one.node == other.node) {
        // Written here, since what is within is written already.
        if let Some(node) = marks.first().and_then(|mark| mark.node) {
            drawn.extend(format!("/P <</MCID {}>> BDC\n", nodes.len()).into_bytes());
            nodes.push(node);
        } else {
            drawn.extend(b"/Artifact BMC\n");
        }
        for mark in marks {
            drawn.extend(&mark.drawn);
            drawn.push(b'\n');
        }
        drawn.extend(b"EMC\n");
    }
    (drawn, nodes)
}

impl File {
    fn page(&mut self, place: usize, page: &Page, tree: Ref, fonts: &[(&Face, Ref)]) {
        let id = self.pages[place];
        let (drawn, nodes) = drawn(page);
        for (number, node) in (0..).zip(&nodes) {
            self.pieces[node.0].push((id, number));
        }
        self.numbers.push(nodes.iter().map(|node| self.branches[node.0]).collect());
        let content = self.refs.one();
        let packed = compress_to_vec_zlib(&drawn, 8);
        self.pdf.stream(content, &packed).filter(Filter::FlateDecode);
        let annotations = self.refs.many(page.links.len());
        for (link, annotation) in page.links.iter().zip(&annotations) {
            let key = i32::try_from(self.pages.len() + self.leading.len()).unwrap_or_default();
            self.leading.push(self.branches[link.node.0]);
            self.links[link.node.0].push((id, *annotation));
            annotate(&mut self.pdf, *annotation, link, key);
        }
        let mut written = self.pdf.page(id);
        written.parent(tree).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(content);
        written
            .struct_parents(i32::try_from(place).unwrap_or_default())
            .tab_order(TabOrder::StructureOrder);
        if !annotations.is_empty() {
            written.annotations(annotations);
        }
        let mut resources = written.resources();
        let mut known = resources.fonts();
        for (face, font) in fonts {
            known.pair(Name(face.name.as_bytes()), *font);
        }
    }

    /// What a node is, and what it is made of.
    fn element(&mut self, place: usize, branch: &Branch, root: Ref) {
        let mut element = self.pdf.struct_element(self.branches[place]);
        element
            .kind(kind(&branch.role))
            .parent(branch.parent.map_or(root, |parent| self.branches[parent.0]));
        match &branch.role {
            Role::Header(scope) => {
                element.attributes().push().table().scope(*scope);
            }
            Role::List(true) => {
                element.attributes().push().list().list_numbering(ListNumbering::Disc);
            }
            Role::Figure(label, [left, bottom, right, top]) => {
                element.alt(TextStr(label));
                element.attributes().push().layout().bbox(Rect::new(*left, *bottom, *right, *top));
            }
            _ => {}
        }
        if branch.is_turned {
            element.actual_text(TextStr(&branch.text));
        }
        let mut children = element.children();
        for (page, number) in &self.pieces[place] {
            children.marked_content_ref().page(*page).marked_content_id(*number);
        }
        for (page, annotation) in &self.links[place] {
            children.object_ref().page(*page).object(*annotation);
        }
        for child in &branch.children {
            children.struct_element(self.branches[child.0]);
        }
    }

    /// The root of the tree, and whose each number on a page is.
    fn root(&mut self, root: Ref) {
        let lists = self.refs.many(self.numbers.len());
        for (id, numbers) in lists.iter().zip(&self.numbers) {
            self.pdf.indirect(*id).array().items(numbers.iter().copied());
        }
        let mut structure = self.pdf.indirect(root).start::<StructTreeRoot<'_>>();
        let next = lists.len() + self.leading.len();
        structure
            .child(self.branches[0])
            .parent_tree_next_key(i32::try_from(next).unwrap_or_default());
        let mut numbers = structure.parent_tree();
        let mut numbers = numbers.nums();
        for (key, id) in (0..).zip(lists.into_iter().chain(self.leading.iter().copied())) {
            numbers.insert(key, id);
        }
    }

    /// The headings, for those who look for a part. `None`: there are none.
    fn outline(&mut self, sheets: &Sheets) -> Option<Ref> {
        let root = self.refs.one();
        let items = self.refs.many(sheets.places.len());
        let (first, last) = (*items.first()?, *items.last()?);
        self.pdf
            .outline(root)
            .first(first)
            .last(last)
            .count(i32::try_from(items.len()).ok()?);
        for (nth, place) in sheets.places.iter().enumerate() {
            let mut item = self.pdf.outline_item(items[nth]);
            item.title(TextStr(&place.text)).parent(root).flags(OutlineItemFlags::empty());
            if let Some(before) = nth.checked_sub(1) {
                item.prev(items[before]);
            }
            if let Some(next) = items.get(nth + 1) {
                item.next(*next);
            }
            item.dest().page(self.pages[place.page]).xyz(0.0, place.height, None);
        }
        Some(root)
    }

    /// What the document says of itself: above all that it keeps to PDF/UA-1.
    fn metadata(&mut self, paper: &Paper) -> Ref {
        let [title, publisher, language] = [&paper.title, &paper.publisher, &paper.language].map(|text| escape(text));
        let text = format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
         <dc:creator><rdf:Seq><rdf:li>{publisher}</rdf:li></rdf:Seq></dc:creator>\
         <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\
         <pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>"
        );
        let id = self.refs.one();
        self.pdf.metadata(id, text.as_bytes());
        id
    }

    /// A face with all that it can write.
    fn font(&mut self, face: &Face) -> Ref {
        let [id, descendant, descriptor, file, unicode] = [(); 5].map(|()| self.refs.one());
        let pdf = &mut self.pdf;
        // By their numbers; a glyph may stand for several signs, of which the first one is read.
        let mut seen = BTreeSet::new();
        let glyphs: Vec<_> = face.glyphs().filter(|glyph| seen.insert(glyph.number)).collect();
        let mut font = pdf.type0_font(id);
        font.base_font(Name(face.name.as_bytes())).encoding_predefined(Name(b"Identity-H"));
        font.descendant_font(descendant).to_unicode(unicode);
        font.finish();
        let mut font = pdf.cid_font(descendant);
        font.subtype(CidFontType::Type2)
            .base_font(Name(face.name.as_bytes()))
            .system_info(IDENTITY);
        font.font_descriptor(descriptor)
            .default_width(0.0)
            .cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = font.widths();
        let mut sorted: Vec<_> = glyphs.iter().map(|glyph| (glyph.number, glyph.width)).collect();
        sorted.sort_unstable();
        for run in sorted.chunk_by(|one, other| one.0 + 1 == other.0) {
            widths.consecutive(run[0].0, run.iter().map(|(_, width)| f32::from(*width)));
        }
        widths.finish();
        font.finish();
        let mut written = pdf.font_descriptor(descriptor);
        let [left, bottom, right, top] = face.bounds;
        written.name(Name(face.name.as_bytes())).flags(FontFlags::NON_SYMBOLIC);
        written.bbox(Rect::new(left, bottom, right, top)).italic_angle(0.0);
        written
            .ascent(face.ascent)
            .descent(face.descent)
            .cap_height(face.capitals)
            .stem_v(90.0)
            .font_file2(file);
        written.finish();
        let mut stream = pdf.stream(file, face.packed);
        stream.filter(Filter::FlateDecode).pair(Name(b"Length1"), face.length);
        stream.finish();
        let mut map = UnicodeCmap::new(Name(b"Umleitung"), IDENTITY);
        for glyph in glyphs {
            map.pair_with_multiple(glyph.number, meant(glyph.sign));
        }
        let map = map.finish();
        let packed = compress_to_vec_zlib(&map, 8);
        pdf.cmap(unicode, &packed).filter(Filter::FlateDecode);
        id
    }
}

fn kind(role: &Role) -> StructRole {
    match role {
        Role::Document => StructRole::Document,
        Role::Heading(1) => StructRole::H1,
        Role::Heading(2) => StructRole::H2,
        Role::Heading(3) => StructRole::H3,
        Role::Heading(_) => StructRole::H4,
        Role::Text => StructRole::P,
        Role::List(_) => StructRole::L,
        Role::Item => StructRole::LI,
        Role::Label => StructRole::Lbl,
        Role::Body => StructRole::LBody,
        Role::Table => StructRole::Table,
        Role::Head => StructRole::THead,
        Role::Rows => StructRole::TBody,
        Role::Row => StructRole::TR,
        Role::Header(_) => StructRole::TH,
        Role::Cell => StructRole::TD,
        Role::Figure(..) => StructRole::Figure,
        Role::Link => StructRole::Link,
    }
}

fn annotate(pdf: &mut Pdf, id: Ref, link: &Link, key: i32) {
    let [left, bottom, right, top] = link.area;
    let mut annotation = pdf.annotation(id);
    annotation.subtype(AnnotationType::Link).rect(Rect::new(left, bottom, right, top));
    annotation
        .border(0.0, 0.0, 0.0, None)
        .contents(TextStr(&link.text))
        .struct_parent(key);
    annotation.action().action_type(ActionType::Uri).uri(Str(link.address.as_bytes()));
}
