//! How long a function may be.

use syn::{
    ImplItemFn, ItemFn, Signature, TraitItemFn,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::breach::{Breach, Source};

/// The most lines that a function takes, from its first word to its last brace.
const LONGEST: usize = 80;

pub(super) fn breaches(source: &Source) -> Vec<Breach> {
    // What does not parse is the compiler's to report.
    let Some(file) = source.path.ends_with(".rs").then(|| syn::parse_file(&source.text).ok()).flatten() else {
        return Vec::new();
    };
    let mut long = Long {
        path: &source.path,
        found: Vec::new(),
    };
    long.visit_file(&file);
    long.found
}

struct Long<'a> {
    path: &'a str,
    found: Vec<Breach>,
}

impl Long<'_> {
    fn look(&mut self, signature: &Signature, body: &impl Spanned) {
        let (first, last) = (signature.span().start().line, body.span().end().line);
        let lines = last - first + 1;
        if lines > LONGEST {
            self.found.push(Breach {
                file: self.path.to_owned(),
                line: first,
                rule: "function",
                reason: format!(
                    "`{}` has {lines} lines; one of more than {LONGEST} does more than one thing",
                    signature.ident
                ),
            });
        }
    }
}

impl<'ast> Visit<'ast> for Long<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.look(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.look(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(body) = &function.default {
            self.look(&function.sig, body);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::super::breach::source;
    use super::*;

    #[test]
    fn a_function_has_eighty_lines_at_most() {
        let of = |lines: usize| {
            format!(
                "//! x\nimpl X {{\n    pub fn long(self) {{\n{}    }}\n}}\n",
                "        x();\n".repeat(lines - 2)
            )
        };
        assert_eq!(breaches(&source("a.rs", &of(80))), []);
        let found = breaches(&source("a.rs", &of(81)));
        assert_eq!(found.len(), 1);
        assert!(
            found[0].line == 3 && found[0].reason.starts_with("`long` has 81 lines"),
            "{found:?}"
        );
    }
}
