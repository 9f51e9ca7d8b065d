//! Binding and assignment patterns.

use routeward_base::{Name, Span};
use routeward_ir::{Key, Pat, PatId, SlotKind};
use routeward_syntax::{Node, field, span};

use crate::grammar::K;
use crate::lowerer::Lowerer;

/// What a pattern does to the names in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Bind {
    /// Declares them.
    Declare {
        /// As what.
        kind: SlotKind,
        /// In the scope of the function.
        is_var: bool,
        /// And exports them.
        is_export: bool,
    },
    /// Assigns them, and any other place.
    Assign,
}

impl<'t> Lowerer<'t> {
    /// Lowers a pattern.
    pub(crate) fn pat(&mut self, node: Node<'t>, bind: Bind) -> PatId {
        if !self.ir.descend() {
            self.ir.count_unknown("too-deep", span(node));
            return self.ir.push_pat(Pat::Unknown);
        }
        let node = self.strip(node);
        let kind = self.kind(node);
        let id = match kind {
            K::Identifier | K::ShorthandPattern | K::Shorthand | K::Undefined => self.name_pat(node, bind),
            K::ObjectPattern | K::Object => self.object_pat(node, bind),
            K::ArrayPattern | K::Array => self.array_pat(node, bind),
            K::AssignmentPattern | K::ObjectAssignmentPattern | K::Assignment => self.default_pat(node, bind),
            K::Member | K::Subscript | K::Call => {
                let place = self.expr(node);
                self.ir.push_pat(Pat::Place(place))
            }
            _ => {
                self.ir.count_unknown(node.kind(), span(node));
                self.ir.push_pat(Pat::Unknown)
            }
        };
        self.ir.ascend();
        id
    }

    fn name_pat(&mut self, node: Node<'t>, bind: Bind) -> PatId {
        if node.is_missing() {
            return self.ir.push_pat(Pat::Unknown);
        }
        let name = self.identifier_name(self.text(node));
        self.bind_name(name, span(node), bind)
    }

    /// A pattern of one name.
    pub(crate) fn bind_name(&mut self, name: Name, at: Span, bind: Bind) -> PatId {
        match bind {
            Bind::Assign => self.use_pat(name, at),
            Bind::Declare { kind, is_var, is_export } => {
                let slot = self.declare(name, kind, at, is_var);
                if is_export {
                    self.export_slot(name, slot);
                }
                self.ir.push_pat(Pat::Slot(slot))
            }
        }
    }

    fn default_pat(&mut self, node: Node<'t>, bind: Bind) -> PatId {
        let left = field(node, self.fields.left);
        let hint = left.filter(|left| matches!(self.kind(*left), K::Identifier | K::ShorthandPattern));
        let hint = hint.map(|left| (self.identifier_name(self.text(left)), span(left)));
        let pat = match left {
            Some(left) => self.pat(left, bind),
            None => self.ir.push_pat(Pat::Unknown),
        };
        match field(node, self.fields.right) {
            Some(value) => {
                let value = self.expr_named(value, hint);
                self.ir.push_pat(Pat::Default { pat, value })
            }
            None => pat,
        }
    }

    fn object_pat(&mut self, node: Node<'t>, bind: Bind) -> PatId {
        let mut props = Vec::new();
        let mut rest = None;
        for (kind, child) in self.kids(node) {
            match kind {
                K::RestPattern | K::Spread => {
                    rest = self.first_kid(child).map(|inner| self.pat(inner, bind));
                }
                K::PairPattern | K::Pair => {
                    let Some((key, _)) = self.key_field(child, self.fields.key) else { continue };
                    let Some(value) = field(child, self.fields.value) else { continue };
                    let pat = self.pat(value, bind);
                    props.push((key, pat));
                }
                K::Error => self.salvage_error(child),
                _ => {
                    let name = match kind {
                        K::ObjectAssignmentPattern => field(child, self.fields.left).unwrap_or(child),
                        _ => child,
                    };
                    let key = Key::Name(self.identifier_name(self.text(name)));
                    let pat = self.pat(child, bind);
                    props.push((key, pat));
                }
            }
        }
        self.ir.push_pat(Pat::Object { props, rest })
    }

    fn array_pat(&mut self, node: Node<'t>, bind: Bind) -> PatId {
        let mut items = Vec::new();
        let mut rest = None;
        let mut is_open = true;
        for (kind, child) in self.parts(node) {
            match kind {
                K::Comma if is_open => items.push(None),
                K::Comma => is_open = true,
                K::RestPattern | K::Spread => {
                    rest = self.first_kid(child).map(|inner| self.pat(inner, bind));
                    is_open = false;
                }
                K::Error => self.salvage_error(child),
                _ if child.is_named() => {
                    let pat = self.pat(child, bind);
                    items.push(Some(pat));
                    is_open = false;
                }
                _ => {}
            }
        }
        self.ir.push_pat(Pat::Array { items, rest })
    }
}
