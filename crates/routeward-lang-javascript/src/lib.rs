//! Lowers JavaScript and TypeScript into the IR.
//!
//! One walk over the syntax tree builds the module; names are looked up afterwards, when all declarations are
//! known (see `scope`). Chains that lean to the left (`a.b().c()`, `a + b + c`, `else if`) are lowered in a
//! loop, everything else by recursion of bounded depth.

mod decl;
mod expr;
mod grammar;
mod literal;
mod lowerer;
mod module;
mod pattern;
mod resolve;
mod scope;
mod stmt;
#[cfg(test)]
mod tests;
mod types;

pub use resolve::{Dependency, Manifest, Resolver, Scope};

use routeward_base::Span;
use routeward_ir::{Lowered, Module, Semantics, SyntaxError};
use routeward_syntax::{Failure, Tree, Trees, error_bytes, with_trees};

use crate::grammar::{Grammar, JAVASCRIPT, TSX, TYPESCRIPT};
use crate::lowerer::Lowerer;

/// Endings of the files that [`lower`] reads.
pub const EXTENSIONS: &[&str] = &["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"];

/// Lowers one file. The dialect is chosen by the ending of `path`; a JavaScript file with errors is also read as
/// TypeScript with JSX, and the better of the two is kept. Never fails: what is not in the language becomes
/// `Unknown` nodes and errors. Cost: parsing, and about a quarter of it again.
pub fn lower(path: &str, text: &str) -> Lowered {
    with_trees(|trees| match parse_best(trees, path, text) {
        Ok((grammar, tree)) => Lowerer::new(grammar, text).run(tree.root_node()),
        Err(failure) => {
            let error = SyntaxError { span: Span::default(), message: failure.message().to_owned() };
            Lowered { module: Module::empty(text, Semantics::default()), errors: vec![error] }
        }
    })
}

/// Parses as [`lower`] does and returns the number of nodes, zero where there is no tree. What lowering costs is
/// measured against it.
pub fn parse_only(path: &str, text: &str) -> usize {
    with_trees(|trees| {
        parse_best(trees, path, text).map_or(0, |(_, tree)| tree.root_node().descendant_count())
    })
}

fn parse_best<'t>(trees: &'t Trees, path: &str, text: &str) -> Result<(&'static Grammar, Tree<'t>), Failure> {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let grammar: &'static Grammar = match extension {
        "ts" | "mts" | "cts" => &TYPESCRIPT,
        "tsx" => &TSX,
        _ => &JAVASCRIPT,
    };
    let tree = trees.parse(&grammar.language, text)?;
    if matches!(extension, "ts" | "mts" | "cts" | "tsx") || !tree.root_node().has_error() {
        return Ok((grammar, tree));
    }
    match trees.parse(&TSX.language, text) {
        Ok(other) if error_bytes(other.root_node()) < error_bytes(tree.root_node()) => Ok((&TSX, other)),
        _ => Ok((grammar, tree)),
    }
}
