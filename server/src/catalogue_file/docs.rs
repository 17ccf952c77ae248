//! Holds `docs/catalogue.md` to the types: every field stands there, with its type, its default, and an example that is taken.

use std::{cell::RefCell, collections::BTreeMap};

use domain::catalogue::Catalogue;

use super::{
    CatalogueFile,
    toml_document::{Entry, Kind, Node, Path, Unknown, Value},
};

const DOCUMENT: &str = include_str!("../../../docs/catalogue.md");

/// A row of the document.
struct Field {
    name: &'static str,
    kind: &'static str,
    default: &'static str,
    example: &'static str,
}

/// The documented fields, by the table in which they stand, such as `portal.links`.
fn documented() -> BTreeMap<String, Vec<Field>> {
    let mut tables = BTreeMap::<String, Vec<Field>>::new();
    let mut table = String::new();
    for line in DOCUMENT.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            table = title.split('`').nth(1).unwrap_or_default().trim_matches(['[', ']']).to_owned();
        }
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        if let [name, kind, default, meaning, example] = cells[..]
            && name.starts_with('`')
        {
            assert!(!meaning.is_empty(), "{line}");
            tables.entry(table.clone()).or_default().push(Field {
                name: name.trim_matches('`'),
                kind,
                default,
                example: example.trim_matches('`'),
            });
        }
    }
    tables
}

fn example() -> &'static str {
    let begin = DOCUMENT.rfind("```toml\n").unwrap() + "```toml\n".len();
    let end = DOCUMENT[begin..].find("```").unwrap() + begin;
    &DOCUMENT[begin..end]
}

fn value(text: &str) -> Value {
    let (mut node, errors) = Node::parse(&format!("x = {text}"));
    assert!(errors.is_empty(), "`{text}` is no TOML");
    std::mem::replace(&mut node.find(&["x".to_owned()]).unwrap().value, Value::Hole(0))
}

fn entries<'a>(tree: &'a mut Node, table: &[String]) -> &'a mut Vec<Entry> {
    match &mut tree.find(table).unwrap().value {
        Value::Table(entries) => entries,
        other => panic!("{table:?} is {other:?}"),
    }
}

/// A path without the positions in lists: `portal.0.links` stands in `portal.links`.
fn section(path: &Path) -> String {
    let names: Vec<&str> = path
        .iter()
        .map(String::as_str)
        .filter(|name| name.parse::<usize>().is_err())
        .collect();
    names.join(".")
}

/// Every table of the example that the types know, with its fields: each gets a field that nothing is called, and is asked for those it knows.
fn known() -> Vec<Unknown> {
    fn put_in(node: &mut Node) {
        match &mut node.value {
            Value::List(list) => list.iter_mut().for_each(put_in),
            Value::Table(entries) => {
                entries.iter_mut().for_each(|entry| put_in(&mut entry.node));
                // Texts by language are tables without fields of their own.
                if !entries.iter().any(|entry| entry.name == "de") {
                    entries.push(Entry {
                        name: "?".to_owned(),
                        at: 0,
                        node: Node {
                            at: 0,
                            value: Value::Boolean(true),
                        },
                    });
                }
            }
            _ => {}
        }
    }
    let (mut tree, errors) = Node::parse(example());
    assert!(errors.is_empty(), "{errors:?}");
    put_in(&mut tree);
    let unknown = RefCell::default();
    tree.read::<Catalogue>(&unknown).unwrap();
    unknown
        .into_inner()
        .into_iter()
        .filter(|unknown| !unknown.table.is_empty())
        .collect()
}

#[test]
fn the_documented_example_has_every_field_and_no_fault() {
    let file = CatalogueFile::read(example());
    assert_eq!(file.told(Vec::new()), Vec::<String>::new());
    let actor = domain::access::Actor::new("somebody", domain::access::Role::Admin);
    let context = domain::access::Context {
        now: jiff::Timestamp::UNIX_EPOCH,
        actor,
    };
    let catalogue = Box::new(file.catalogue.unwrap());
    let command = domain::record::Command::Catalogue(domain::catalogue::Command::Apply { catalogue });
    domain::decide::decide(&domain::state::State::default(), command, &context).unwrap();
    let (mut tree, _) = Node::parse(example());
    let mut present = BTreeMap::<String, Vec<String>>::new();
    let tables = known();
    for Unknown { table, .. } in &tables {
        let names = entries(&mut tree, table).iter().map(|entry| entry.name.clone());
        present.entry(section(table)).or_default().extend(names);
    }
    for Unknown { table, known, .. } in &tables {
        for name in *known {
            let of_table = &present[&section(table)];
            assert!(
                of_table.iter().any(|one| one == name),
                "the example lacks `{name}` in `{}`",
                section(table)
            );
        }
    }
}

#[test]
fn every_field_is_documented_with_type_default_and_example() {
    let documented = documented();
    let mut sections: Vec<String> = Vec::new();
    for Unknown { table, known, .. } in known() {
        let section = section(&table);
        if sections.contains(&section) {
            continue;
        }
        let rows = documented.get(&section).unwrap_or_else(|| panic!("`{section}` is not documented"));
        let names: Vec<&str> = rows.iter().map(|row| row.name).collect();
        assert_eq!(names, known, "the fields of `{section}`");
        for row in rows {
            check(row, &table);
        }
        sections.push(section);
    }
    assert_eq!(sections.len(), documented.len(), "{sections:?}");
}

fn check(row: &Field, table: &Path) {
    let shown = format!("`{}` of `{}`", row.name, section(table));
    let (mut tree, _) = Node::parse(example());
    let mut with = |value: Option<Value>| {
        let fields = entries(&mut tree, table);
        fields.retain(|entry| entry.name != row.name);
        fields.extend(value.map(|value| Entry {
            name: row.name.to_owned(),
            at: 0,
            node: Node { at: 0, value },
        }));
        tree.read::<Catalogue>(&RefCell::default())
    };
    // Its example is taken, and is of its type.
    let example = value(row.example);
    let fits = match (&example, row.kind) {
        (Value::List(_), kind) => kind.starts_with("list of "),
        (Value::Table(_), kind) => kind == "texts by language" || kind == "table",
        (Value::Integer(_), kind) => kind == "number",
        (Value::Boolean(_), kind) => kind == "yes or no",
        (Value::Text(_), kind) => {
            ["id", "text", "link", "instant", "share"].contains(&kind) || kind.starts_with("one of ") || kind.starts_with("id of ")
        }
        _ => false,
    };
    assert!(fits, "{shown} is no {}", row.kind);
    with(Some(example)).unwrap_or_else(|error| panic!("the example of {shown} is not taken: {error}"));
    if let Some(words) = row.kind.strip_prefix("one of ") {
        for word in words.split(", ") {
            let word = word.trim_matches('`');
            with(Some(Value::Text(word.to_owned()))).unwrap_or_else(|error| panic!("{shown}: {error}"));
        }
        let error = with(Some(Value::Text("?".to_owned()))).unwrap_err().to_string();
        assert!(error.contains(words), "{shown} knows other words: {error}");
    }
    // What it is when it is left out.
    match (row.default, with(None)) {
        ("needed", Err(trouble)) => assert!(
            matches!(trouble.kind, Kind::Missing(name) if name == row.name),
            "{shown}: {trouble}"
        ),
        ("none", Ok(without)) => assert!(!is_there(&without, table, row.name), "{shown} has a default"),
        (default, Ok(without)) => {
            let with_default = with(Some(value(default.trim_matches('`')))).unwrap();
            assert_eq!(without, with_default, "{shown} has another default");
        }
        (default, Err(error)) => panic!("{shown}, by default {default}: {error}"),
    }
}

/// Whether the catalogue says anything in this field.
fn is_there(catalogue: &Catalogue, table: &Path, name: &str) -> bool {
    let json = serde_json::to_value(catalogue).unwrap();
    let pointer: String = table.iter().flat_map(|name| ["/", name]).collect();
    json.pointer(&pointer).unwrap().get(name).is_some()
}
