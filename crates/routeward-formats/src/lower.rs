//! Lowers a document into the IR: a module that exports what the first tree says, so that code which reads the file
//! sees a value whose parts stand at their places.

use routeward_base::{FxHashMap, Span};
use routeward_ir::{
    Arg, Builder, Comment, Expr, ExprId, Function, Key, Module, Pat, Property, Semantics, Slot, SlotId,
    SlotKind, Stmt,
};

use crate::build::DEPTH;
use crate::document::{Document, NodeId, Raw};
use crate::node::Node;

/// Lowers the document that a text was read into. A document of which something is missing becomes a value that is not
/// known: what is not in it may stand in the part that could not be read. A tagged value becomes an object with the
/// tag, `!` and all, as its only key. A map that is the value of a key stands where the key does. Cost: linear; what an anchor names is lowered once.
pub fn lower(document: &Document, text: &str) -> Module {
    let ir = Builder::new(text, Semantics::default(), DEPTH as u32);
    let mut lowerer = Lowerer { document, ir, named: FxHashMap::default() };
    for id in 0..document.nodes.len() as u32 {
        if let Raw::Alias(target) = document.nodes[NodeId(id)].kind {
            lowerer.named.insert(target, None);
        }
    }
    let span = Span::new(0, text.len() as u32);
    let value = match document.root() {
        Some(root) if document.is_whole() => lowerer.node(root),
        _ => lowerer.unknown(span),
    };
    lowerer.export(value, span);
    lowerer.comments(text);
    lowerer.ir.module
}

struct Lowerer<'d> {
    document: &'d Document,
    ir: Builder,
    /// The nodes that aliases stand for, and the variables that hold them once they are lowered.
    named: FxHashMap<NodeId, Option<SlotId>>,
}

impl Lowerer<'_> {
    fn node(&mut self, node: Node<'_>) -> ExprId {
        let target = node.target();
        if let Some(Some(slot)) = self.named.get(&target.id()) {
            return self.ir.push(Expr::Local(*slot), Span { len: 0, ..node.span() });
        }
        let value = self.value(target);
        if !self.named.contains_key(&target.id()) {
            return value;
        }
        let slot = self.variable(target.span());
        self.named.insert(target.id(), Some(slot));
        let pat = self.ir.push_pat(Pat::Slot(slot));
        self.ir.push_stmt(Stmt::Declare { pat, init: Some(value), ty: None }, target.span());
        self.ir.push(Expr::Local(slot), Span { len: 0, ..node.span() })
    }

    /// A variable without a name, which is read at places of no length: nothing in the text names it.
    fn variable(&mut self, span: Span) -> SlotId {
        let name = self.ir.intern("");
        self.ir.module.slots.push(Slot { name, func: Module::TOP, kind: SlotKind::Constant, span })
    }

    fn value(&mut self, node: Node<'_>) -> ExprId {
        let span = node.span();
        let value = match self.document.nodes[node.id()].kind {
            Raw::Null(_) => self.ir.push(Expr::Null, span),
            Raw::Bool(value, _) => self.ir.push(Expr::Bool(value), span),
            Raw::Number(_) => match node.number() {
                Some(number) => self.ir.push(Expr::Number(number), span),
                None => self.unknown(span),
            },
            Raw::Text(text) => {
                let text = self.ir.intern(self.document.text(text));
                self.ir.push(Expr::Str(text), span)
            }
            Raw::List(_) => {
                let mark = self.ir.arg_list.len();
                for item in node.items() {
                    let value = self.node(item);
                    self.ir.arg_list.push(Arg { value, name: None, is_spread: false });
                }
                let items = self.ir.args_from(mark);
                self.ir.push(Expr::Array(items), span)
            }
            Raw::Map { .. } => self.map(node),
            Raw::Alias(_) | Raw::Merge | Raw::Unknown => self.unknown(span),
        };
        match node.tag() {
            Some(tag) => {
                let tag = self.ir.intern(tag);
                let mark = self.ir.prop_list.len();
                self.ir.prop_list.push(Property::Pair(Key::Name(tag), value));
                let props = self.ir.props_from(mark);
                self.ir.push(Expr::Object(props), span)
            }
            None => value,
        }
    }

    /// What is merged in comes first, the one that counts least before the others.
    fn map(&mut self, node: Node<'_>) -> ExprId {
        let mark = self.ir.prop_list.len();
        let is_merge = |key: &Node<'_>| matches!(self.document.nodes[key.id()].kind, Raw::Merge);
        let (merged, own): (Vec<_>, Vec<_>) = node.written().partition(|(key, _)| is_merge(key));
        let merged = merged.into_iter().flat_map(|(_, value)| {
            let one = value.is_map().then_some(value);
            one.into_iter().chain(value.items()).collect::<Vec<_>>()
        });
        for value in merged.collect::<Vec<_>>().into_iter().rev() {
            let value = self.node(value);
            self.ir.prop_list.push(Property::Spread(value));
        }
        for (key, value) in own {
            let is_map = value.is_map();
            let place = key.span().join(value.span());
            let value = self.node(value);
            if is_map && matches!(self.ir.module.exprs[value], Expr::Object(_)) {
                self.ir.module.expr_spans[value] = place;
            }
            if let Some(key) = key.scalar() {
                let key = self.ir.intern(key);
                self.ir.prop_list.push(Property::Pair(Key::Name(key), value));
            }
        }
        let props = self.ir.props_from(mark);
        self.ir.push(Expr::Object(props), node.span())
    }

    fn unknown(&mut self, span: Span) -> ExprId {
        let kind = self.ir.count_unknown("unreadable", span);
        self.ir.push(Expr::Unknown { kind, children: routeward_ir::Exprs::EMPTY }, span)
    }

    fn export(&mut self, value: ExprId, span: Span) {
        let exports = self.ir.push(Expr::Exports, span);
        let target = self.ir.push_pat(Pat::Place(exports));
        let assign = self.ir.push(Expr::Assign { target, value }, span);
        self.ir.push_stmt(Stmt::Expr(assign), span);
        let body = self.ir.block_from(0);
        let top: &mut Function = &mut self.ir.module.functions[Module::TOP];
        top.body = body;
    }

    /// Comments addressed to this tool.
    fn comments(&mut self, text: &str) {
        for span in self.document.comments() {
            let said = span.of(text);
            if said.contains(Comment::MARK) {
                let said = said.trim_start_matches(['#', '/', '*']).trim_end_matches("*/").trim();
                self.ir.module.comments.push(Comment { span: *span, text: said.to_owned() });
            }
        }
    }
}
