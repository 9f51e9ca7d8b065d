//! Lowers Python into the IR.
//!
//! One walk over the syntax tree builds the module; names are looked up afterwards, when all bindings are known
//! (see `scope`). Chains that lean to the left (`a.b().c()`, `a + b + c`, `elif`) are lowered in a loop,
//! everything else by recursion of bounded depth.
//!
//! How Python's own ideas are put into the IR:
//! - a decorated function or class is declared, and then the decorators are called on it, the innermost first;
//! - the body of a class is the code of its `static_init`, which writes every name it binds to the class;
//! - `except A as e` is a test in one catch-all handler that raises again what nothing took;
//! - `match` is a chain of branches; `with` evaluates and binds; `assert` is a branch that raises;
//! - tuples, lists and sets are arrays, dictionaries are objects;
//! - `import` stands where it is executed, and its names are read from the other module when they are used.

mod decl;
mod expr;
mod grammar;
mod literal;
mod lowerer;
mod matching;
mod module;
mod pattern;
mod resolve;
mod scope;
mod stmt;
#[cfg(test)]
mod tests;
mod types;

pub use resolve::Resolver;

use routeward_base::Span;
use routeward_ir::{Lowered, Module, Semantics, SyntaxError};
use routeward_syntax::with_trees;

use crate::grammar::PYTHON;
use crate::lowerer::Lowerer;

/// What the operators of the language mean where languages differ.
const SEMANTICS: Semantics =
    Semantics { empty_is_falsy: true, classes_are_callable: true, keys_are_no_members: true };

/// Endings of the files that [`lower`] reads.
pub const EXTENSIONS: &[&str] = &["py"];

/// Lowers one file. Never fails: what is not in the language becomes `Unknown` nodes and errors. Cost: parsing, and
/// about a quarter of it again.
pub fn lower(text: &str) -> Lowered {
    with_trees(|trees| match trees.parse(&PYTHON.language, text) {
        Ok(tree) => Lowerer::new(text).run(tree.root_node()),
        Err(failure) => {
            let error = SyntaxError { span: Span::default(), message: failure.message().to_owned() };
            Lowered { module: Module::empty(text, SEMANTICS), errors: vec![error] }
        }
    })
}

/// Parses as [`lower`] does and returns the number of nodes, zero where there is no tree. What lowering costs is
/// measured against it.
pub fn parse_only(text: &str) -> usize {
    with_trees(|trees| {
        trees.parse(&PYTHON.language, text).map_or(0, |tree| tree.root_node().descendant_count())
    })
}
