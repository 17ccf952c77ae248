//! No two files import each other, not even by way of others: who reads a file has to know only what lies below it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, File, Item, ItemMod, ItemUse, MetaList, Path, UseTree, Visibility,
    visit::{self, Visit},
};

use super::breach::{Breach, Source};

/// A module by its path from the root of its crate.
type Module = Vec<String>;

/// What one file holds of interest.
#[derive(Default)]
struct Contents {
    /// The paths that it names, from wherever they are named.
    paths: Vec<Vec<String>>,
    /// What it lets others have under another name: the name, and the path behind it.
    exports: BTreeMap<String, Vec<String>>,
    /// Whether something else depends on its own path: what is declared in it as a module.
    modules: BTreeSet<String>,
}

/// Reports each circle of files once, in crates whose sources lie in a folder `src`.
pub(super) fn breaches(sources: &[Source]) -> Vec<Breach> {
    let mut crates: BTreeMap<&str, BTreeMap<Module, (&str, Contents)>> = BTreeMap::new();
    for source in sources {
        let Some((root, inner)) = source.path.split_once("/src/") else {
            continue;
        };
        let Some(module) = module(inner) else { continue };
        // What does not parse is the compiler's to report.
        let Ok(file) = syn::parse_file(&source.text) else { continue };
        let contents = Contents::of(&file);
        crates.entry(root).or_default().insert(module, (&source.path, contents));
    }
    crates.values().flat_map(circles).collect()
}

/// `None`: the file is no module, or a test beside one.
fn module(inner: &str) -> Option<Module> {
    let path = inner.strip_suffix(".rs")?;
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    match parts.last()?.as_str() {
        "tests" => return None,
        "mod" => drop(parts.pop()),
        "lib" | "main" if parts.len() == 1 => parts.clear(),
        _ => {}
    }
    (!parts.iter().any(|part| part == "tests")).then_some(parts)
}

impl Contents {
    fn of(file: &File) -> Self {
        let mut contents = Self::default();
        contents.visit_file(file);
        contents
    }

    fn add_use(&mut self, mut path: Vec<String>, tree: &UseTree, is_export: bool) {
        match tree {
            UseTree::Path(inner) => {
                path.push(inner.ident.to_string());
                self.add_use(path, &inner.tree, is_export);
            }
            UseTree::Name(name) => self.add_name(path, name.ident.to_string(), None, is_export),
            UseTree::Rename(name) => self.add_name(path, name.ident.to_string(), Some(name.rename.to_string()), is_export),
            UseTree::Glob(_) => self.paths.push(path),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.add_use(path.clone(), item, is_export)),
        }
    }

    fn add_name(&mut self, mut path: Vec<String>, name: String, other: Option<String>, is_export: bool) {
        let own = name.clone();
        if name != "self" {
            path.push(name);
        }
        if is_export {
            self.exports.insert(other.unwrap_or(own), path);
        } else {
            self.paths.push(path);
        }
    }
}

impl<'ast> Visit<'ast> for Contents {
    fn visit_item(&mut self, item: &'ast Item) {
        // Tests may look at everything.
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            _ => &Vec::new(),
        };
        if !attributes.iter().any(is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.modules.insert(item.ident.to_string());
        visit::visit_item_mod(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let is_export = !matches!(item.vis, Visibility::Inherited);
        self.add_use(Vec::new(), &item.tree, is_export);
    }

    /// `pub(crate)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast Path) {
        self.paths
            .push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }
}

/// `cfg(test)`, also together with other conditions.
fn is_for_tests(attribute: &Attribute) -> bool {
    let is_test = |token: TokenTree| matches!(token, TokenTree::Ident(word) if word == "test");
    let conditions = |list: &MetaList| list.path.is_ident("cfg") && flat(list.tokens.clone()).any(is_test);
    attribute.meta.require_list().is_ok_and(conditions)
}

fn flat(tokens: TokenStream) -> impl Iterator<Item = TokenTree> {
    tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => group.stream().into_iter().collect(),
        other => vec![other],
    })
}

/// The file that a path leads to, seen from a module; `None`: it leads out of the crate, or to something of the module itself.
fn target(files: &BTreeMap<Module, (&str, Contents)>, from: &[String], path: &[String]) -> Option<Module> {
    let first = path.first()?;
    let (mut at, mut rest): (Module, &[String]) = match first.as_str() {
        "crate" => (Vec::new(), &path[1..]),
        "self" => (from.to_vec(), &path[1..]),
        "super" => (from.split_last()?.1.to_vec(), &path[1..]),
        name if files[from].1.modules.contains(name) => (from.to_vec(), path),
        _ => return None,
    };
    while let [name, after @ ..] = rest {
        if name == "super" {
            at.pop();
        } else {
            let child: Module = at.iter().cloned().chain([name.clone()]).collect();
            if files.contains_key(&child) {
                at = child;
            } else if let Some(path) = files.get(&at)?.1.exports.get(name) {
                // The door of a room is no room: what counts is the file behind it.
                return target(files, &at, path).or(Some(at));
            } else {
                break;
            }
        }
        rest = after;
    }
    Some(at)
}

fn circles(files: &BTreeMap<Module, (&str, Contents)>) -> Vec<Breach> {
    let mut arrows: BTreeMap<&Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, (_, contents)) in files {
        let targets = contents.paths.iter().filter_map(|path| target(files, module, path));
        arrows.insert(module, targets.filter(|target| target != module).collect());
    }
    let mut breaches = Vec::new();
    let mut told: BTreeSet<&Module> = BTreeSet::new();
    for module in files.keys() {
        let Some(circle) = way_back(module, &arrows).filter(|_| !told.contains(module)) else {
            continue;
        };
        let names: Vec<&str> = circle.iter().map(|module| files[*module].0).collect();
        told.extend(circle.iter().copied());
        breaches.push(Breach {
            file: names[0].to_owned(),
            line: 1,
            rule: "circle",
            reason: format!("imports itself by way of {}", names[1..].join(", ")),
        });
    }
    breaches
}

/// The shortest way from a module back to itself, itself first.
fn way_back<'a>(start: &'a Module, arrows: &BTreeMap<&'a Module, BTreeSet<Module>>) -> Option<Vec<&'a Module>> {
    let mut came_from: BTreeMap<&Module, &Module> = BTreeMap::new();
    let mut next = vec![start];
    while !next.is_empty() {
        let mut after = Vec::new();
        for at in next {
            for target in arrows.get(at)? {
                let (&target, _) = arrows.get_key_value(target)?;
                if target == start {
                    let mut way = vec![at];
                    while let Some(&before) = way.last().filter(|last| **last != start).and_then(|last| came_from.get(last)) {
                        way.push(before);
                    }
                    way.reverse();
                    return Some(way);
                }
                if target != start && !came_from.contains_key(target) {
                    came_from.insert(target, at);
                    after.push(target);
                }
            }
        }
        next = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::breach::source;
    use super::*;

    fn reasons(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files.iter().map(|(path, text)| source(path, text)).collect();
        let told = |breach: Breach| format!("{} {}", breach.file, breach.reason);
        breaches(&sources).into_iter().map(told).collect()
    }

    #[test]
    fn files_that_import_each_other_are_told() {
        let lib = ("a/src/lib.rs", "mod one; mod two; pub mod three;");
        let one = ("a/src/one.rs", "use crate::two::Two; pub struct One;");
        let none: &[&str] = &[];
        assert_eq!(reasons(&[lib, one, ("a/src/two.rs", "pub struct Two;")]), none);
        let told = ["a/src/one.rs imports itself by way of a/src/two.rs"];
        for two in [
            "use crate::one::One; pub struct Two;",
            "use super::one; pub struct Two;",
            "pub struct Two(crate::one::One);",
            "pub fn two() -> super::one::One { crate::one::One }",
        ] {
            assert_eq!(reasons(&[lib, one, ("a/src/two.rs", two)]), told, "{two}");
        }
        for two in [
            "#[cfg(test)] mod tests { use crate::one::One; } pub struct Two;",
            "#[cfg(all(test, target_arch = \"wasm32\"))] mod tests { use crate::one::One; } pub struct Two;",
            "use other::one::One; pub struct Two;",
            "pub struct Two; // crate::one::One",
        ] {
            assert_eq!(reasons(&[lib, one, ("a/src/two.rs", two)]), none, "{two}");
        }
        // In another crate the same names mean something else.
        assert_eq!(reasons(&[lib, one, ("b/src/two.rs", "use crate::one::One;")]), none);
        let by_three = [
            lib,
            one,
            ("a/src/two.rs", "pub use crate::three::Two;"),
            ("a/src/three.rs", "use crate::one::One; pub struct Two;"),
        ];
        assert_eq!(reasons(&by_three), ["a/src/one.rs imports itself by way of a/src/three.rs"]);
    }

    #[test]
    fn the_door_of_a_room_is_no_part_of_a_circle() {
        let door = (
            "a/src/room/mod.rs",
            "mod model; mod check; pub use model::Model; pub use check::check;",
        );
        let check = ("a/src/room/check.rs", "use super::Model; pub fn check() {}");
        let model = ("a/src/room/model.rs", "pub struct Model;");
        let none: &[&str] = &[];
        assert_eq!(reasons(&[("a/src/lib.rs", "mod room;"), door, check, model]), none);
        let knowing = ("a/src/room/mod.rs", "mod check; use check::check; pub struct Model;");
        assert_eq!(
            reasons(&[("a/src/lib.rs", "mod room;"), knowing, check]),
            ["a/src/room/mod.rs imports itself by way of a/src/room/check.rs"]
        );
    }
}
