//! What holds for every lowered file, whatever its text was.

use routeward_base::Span;

use crate::{Expr, Lowered, Module};

impl Lowered {
    /// The first invariant that does not hold, told for people: each node has its span, each span lies in the file on
    /// character boundaries, and a name lies under the span of what names it. Front ends are tested with it. Cost:
    /// linear in the module.
    pub fn fault(&self, text: &str) -> Option<String> {
        let module = &self.module;
        if module.exprs.len() != module.expr_spans.len() || module.stmts.len() != module.stmt_spans.len() {
            return Some("a node has no span".to_owned());
        }
        let outside = self.spans().find(|span| text.get(span.start as usize..span.end() as usize).is_none());
        outside.map(|span| format!("{span:?} is not in the file")).or_else(|| misplaced_name(module, text))
    }

    fn spans(&self) -> impl Iterator<Item = Span> {
        let module = &self.module;
        let functions = module.functions.iter();
        (module.expr_spans.iter().chain(module.stmt_spans.iter()))
            .chain(functions.clone().flat_map(|function| [&function.span, &function.name_span]))
            .chain(functions.flat_map(|function| &function.params).map(|param| &param.span))
            .chain(module.classes.iter().flat_map(|class| [&class.span, &class.name_span]))
            .chain(module.slots.iter().map(|slot| &slot.span))
            .chain(module.types.iter().map(|ty| &ty.span))
            .chain(module.imports.iter().map(|import| &import.span))
            .chain(module.comments.iter().map(|comment| &comment.span))
            .chain(module.unknown.iter().map(|(_, span)| span))
            .chain(self.errors.iter().map(|error| &error.span))
            .copied()
    }
}

fn misplaced_name(module: &Module, text: &str) -> Option<String> {
    module.exprs.iter().zip(&module.expr_spans).find_map(|(expr, span)| {
        let (name, is_whole) = match *expr {
            Expr::Local(slot) => (module.slots[slot].name, true),
            Expr::Global(name) => (name, true),
            Expr::Member { name, .. } => (name, false),
            _ => return None,
        };
        let (name, there) = (module.text(name), span.of(text));
        let is_right = if is_whole { there == name } else { there.contains(name) };
        (!is_right).then(|| format!("{name} is not {there:?}"))
    })
}
